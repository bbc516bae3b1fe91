"""Whether those that Sectorwatch works with are reached from this machine, and take what it says; nothing is sent."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar
from urllib.parse import urlsplit

from flows.steps.doctor.finding import Finding, advice, wrong
from flows.steps.doctor.settings import targets
from sectorwatch.errors import ConfigurationError
from sectorwatch.net.guard import refusal
from sectorwatch.settings import Settings
from sectorwatch.settings.references import resolve_secret
from sectorwatch.settings.tables import MailSettings

CONNECT_S = 5.0
AT_ONCE = 32
T = TypeVar("T")
_PORTS = {"http": 80, "https": 443}
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def look(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """All of them but Prefect's server and the store."""
    if settings.mail.host:
        yield from _relay(settings.mail)
    yield from _names(settings)
    yield from _own_servers(settings)
    proxies = sorted(name for name in environ if name.lower() in _PROXIES and environ[name])
    if proxies:
        yield advice(
            "proxy",
            f"{proxies[0]} is set, and feeds, pages, webhooks and the heartbeat are asked without any proxy",
            "let this machine out by itself; the guard of private addresses needs to see where a connection goes",
        )


def _relay(mail: MailSettings) -> Iterator[Finding]:
    """Greets the relay as a delivery would, with encryption and login, and leaves."""
    where = f"the relay {mail.host}:{mail.port}"
    if why := refused(mail.host, mail.port):
        cure = "check mail.host, mail.port and the firewall"
        yield wrong("relay_unreached", f"{where} does not answer: {why}", cure)
        return
    try:
        password = resolve_secret(mail.password).reveal() if mail.password else ""
    except ConfigurationError:
        return  # told of by itself
    offers = '"tls" is usual on port 465, "starttls" on 587'
    try:
        _greet(mail, password)
    except smtplib.SMTPAuthenticationError as error:
        cure = "correct mail.username and mail.password"
        yield wrong("relay_refuses", f"{where} refuses user or password (SMTP {error.smtp_code})", cure)
    except smtplib.SMTPNotSupportedError:
        what = "login" if mail.security != "starttls" else "STARTTLS, or no login after it"
        yield wrong("relay_refuses", f"{where} offers no {what}", f"correct mail.security ({offers}) or mail.username")
    except ssl.SSLCertVerificationError as error:
        cure = "name in mail.host what is in its certificate, and let this machine know who signed it"
        yield wrong("relay_refuses", f"the certificate of {where} is not good: {error.verify_message}", cure)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        said = f"SMTP {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else type(error).__name__
        cure = f"correct mail.port or mail.security: {offers}"
        yield wrong("relay_refuses", f"{where} does not speak as mail.security says, {mail.security} ({said})", cure)


def _greet(mail: MailSettings, password: str) -> None:
    name, trusted = socket.gethostname(), ssl.create_default_context()
    if mail.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, name, timeout=CONNECT_S, context=trusted)
    else:
        smtp = smtplib.SMTP(mail.host, mail.port, name, timeout=CONNECT_S)
    with closing(smtp):
        smtp.ehlo_or_helo_if_needed()
        if mail.security == "starttls":
            smtp.starttls(context=trusted)
        if mail.username:
            smtp.login(mail.username, password)


def _names(settings: Settings) -> Iterator[Finding]:
    hosts = [
        host for feed in settings.feeds if (host := urlsplit(feed.url).hostname) and host not in settings.fetch.hosts
    ]
    if hosts and not any(_at_once(_addresses, [(host,) for host in hosts[:3]])):
        yield wrong(
            "no_names",
            f"names such as {hosts[0]} are not found",
            "check the name server of this machine (/etc/resolv.conf)",
        )


def _own_servers(settings: Settings) -> Iterator[Finding]:
    """The dead man's switch and webhooks: often the operator's own, on a network that the guard knows nothing of.

    They are not asked for anything: a heartbeat would be taken for a sign of life.
    """
    asked = {f"target {owner}/{one.label}": one.to for owner, one in targets(settings) if one.kind == "webhook"}
    if settings.operators.heartbeat_url:
        asked["operators.heartbeat_url"] = settings.operators.heartbeat_url
    places = {place: key for place, key in _places(asked).items() if place[0] and place[0] not in settings.fetch.hosts}

    def tried(host: str, port: int) -> tuple[str, str]:
        """Why our guard keeps us from there, or why nobody answers there."""
        found = _addresses(host)
        guarded = refusal(found[0], settings.fetch.networks) if found else None
        return (guarded, "") if guarded else ("", refused(host, port) if found else "its name is not found")

    for ((host, _), key), (guarded, why) in zip(places.items(), _at_once(tried, [*places]), strict=True):
        if guarded:
            cure = "name that network, as narrow as can be, in fetch.allow_networks"
            yield wrong("guarded", f"{key}: nothing is sent there: {host}: {guarded.partition(';')[0]}", cure)
        elif why:
            yield wrong("unreached", f"{key}: {host} does not answer: {why}", "correct the address, or let it through")


def _at_once(ask: Callable[..., T], those: Sequence[tuple[object, ...]]) -> Iterator[T]:
    """All the answers in their order: a firewall that drops what it forbids lets each wait, and a name server too."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield from threads.map(lambda one: ask(*one), those)


def _places(asked: Mapping[str, str]) -> dict[tuple[str, int], str]:
    """Each host and port once, with the first key that leads there; no more of an address may be shown."""
    found: dict[tuple[str, int], str] = {}
    for key, reference in asked.items():
        try:
            url = urlsplit(resolve_secret(reference).reveal())
            found.setdefault((url.hostname or "", url.port or _PORTS.get(url.scheme, 443)), key)
        except (ConfigurationError, ValueError):
            continue  # told of by itself
    return found


def refused(host: str, port: int) -> str:
    """Why nobody takes a connection there; "" where somebody does."""
    try:
        with closing(socket.create_connection((host, port), timeout=CONNECT_S)):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _addresses(host: str) -> list[str]:
    try:
        return [str(where[0]) for *_, where in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []
