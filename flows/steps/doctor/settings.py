"""What is likely not meant in the configuration, as far as it can be told from the configuration."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from alerts.usable import wrong_address
from flows.steps.doctor.finding import Finding, advice, wrong
from flows.steps.roster.unusable import unusable
from sectorwatch.domain import TargetKind
from sectorwatch.errors import ConfigurationError
from sectorwatch.settings import Settings
from sectorwatch.settings.mistakes import in_file
from sectorwatch.settings.passwords import CURE, can_be_guessed
from sectorwatch.settings.references import is_reference, resolve_secret
from sectorwatch.settings.roster import TargetSpec
from sectorwatch.settings.tables import MailSettings

TWO_CYCLES_MIN = 10  # of five minutes each: a cycle that takes a little longer is not overdue


def look(settings: Settings, file: Path | None) -> Iterator[Finding]:
    """Everything that the settings and their file tell. Only references are looked up outside of them."""
    if file is None:
        yield wrong(
            "no_file",
            "there is no configuration file: defaults and the environment are in force",
            "name the file by --config or SECTORWATCH_CONFIG, or run in its folder",
        )
    elif _readable_by_all(file) and any(secret and not is_reference(secret) for _, secret in secrets(settings)):
        yield wrong(
            "secrets_for_all",
            f"{file} has secrets in it, and every user of this machine may read it",
            f"chmod o-r {file}, or write env:NAME or file:/path in their place",
        )
    yield from _secret_files(settings)
    yield from _references(settings)
    for error in unusable(settings):
        yield wrong("unusable", str(in_file(file, error)), "correct it, and apply it")
    yield from _addresses(settings)
    yield from _mail(settings)
    yield from _pages(settings)
    yield from _guards(settings)
    yield from _operators(settings)


def targets(settings: Settings) -> list[tuple[str, TargetSpec]]:
    """Every target of the file, with whose it is."""
    own = [("operators", target) for target in settings.operators.targets]
    return own + [(person.name, target) for person in settings.subscribers for target in person.targets]


def secrets(settings: Settings) -> list[tuple[str, str]]:
    """Every key of the file that holds a secret or a reference to one, and what stands there."""
    web, found = settings.web, [("mail.password", settings.mail.password), ("web.link_key", settings.web.link_key)]
    found.append(("web.admin_password", web.admin_password))
    found += [("store.keys", key) for key in settings.store.keys]
    found += [("web.old_link_keys", key) for key in web.old_link_keys]
    found.append(("operators.heartbeat_url", settings.operators.heartbeat_url))
    for owner, target in targets(settings):
        if target.kind != "email":
            found.append((f"target {owner}/{target.label}", target.to))
        found.append((f"target {owner}/{target.label}, signing_secret", target.signing_secret))
    return found


def _readable_by_all(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def _is_given(file: Path) -> bool:
    """Whether it lies on what nobody here may write: Docker and Kubernetes mount secrets so, readable by all inside."""
    return bool(os.statvfs(file).f_flag & os.ST_RDONLY)


def _secret_files(settings: Settings) -> Iterator[Finding]:
    for key, reference in secrets(settings):
        kind, _, name = reference.partition(":")
        if kind == "file" and is_reference(reference) and _readable_by_all(Path(name)) and not _is_given(Path(name)):
            what = f"{key} is in {name}, and every user of this machine may read it"
            yield wrong("secrets_for_all", what, f"chmod o-r {name}")


def _references(settings: Settings) -> Iterator[Finding]:
    addresses = [(f"target {owner}/{target.label}", target.to) for owner, target in targets(settings)]
    for key, reference in dict.fromkeys([*secrets(settings), *addresses]):
        try:
            resolve_secret(reference)
        except ConfigurationError as error:
            yield wrong(
                "no_such_secret", f"{key}: {error}", "set it where Sectorwatch runs: in the service's environment too"
            )


def _addresses(settings: Settings) -> Iterator[Finding]:
    for owner, target in targets(settings):
        try:
            address = resolve_secret(target.to)
        except ConfigurationError:
            continue  # told of by itself
        if why := wrong_address(TargetKind(target.kind), address):
            yield wrong("no_address", f"the address of target {owner}/{target.label} {why}", "correct it, and apply it")


def _mail(settings: Settings) -> Iterator[Finding]:
    mail = settings.mail
    by_mail = [f"{owner}/{target.label}" for owner, target in targets(settings) if target.kind == "email"]
    if by_mail and not mail.host:
        yield wrong(
            "no_relay", f"{by_mail[0]} is told by e-mail, and no relay is set", "set mail.host to your SMTP relay"
        )
    if not mail.host:
        return
    if mail.sender == MailSettings().sender:
        yield wrong(
            "sender", "mail.sender is not set: relays refuse mail from localhost", "set it to an address of yours"
        )
    if mail.security == "none" and not _is_local(mail.host):
        what = "and the password " if mail.password else ""
        yield wrong(
            "open_mail",
            f"mail {what}goes to {mail.host} without encryption",
            'set mail.security to "starttls" or "tls"',
        )


def _pages(settings: Settings) -> Iterator[Finding]:
    url = urlsplit(settings.public_url)
    if not settings.public_url:
        yield advice(
            "no_public_url", "messages have no links to pause or end them", "set public_url to where the pages are"
        )
    elif _is_local(url.hostname or ""):
        yield wrong(
            "local_public_url",
            "links in messages lead to the reader's own machine",
            "set public_url to a public address",
        )
    elif url.scheme != "https":
        yield wrong(
            "plain_public_url",
            "links in messages, each a right to act, go unencrypted",
            "put TLS before it, and https in public_url",
        )
    if "*" in settings.web.trusted_proxies:
        yield wrong(
            "any_proxy",
            "web.trusted_proxies is *: any client may say who it is, and pass the limit on requests",
            "name the addresses of your proxies",
        )
    if any(network.prefixlen == 0 for network in settings.web.metrics_networks):
        yield wrong(
            "open_metrics", "web.metrics_from lets anybody read the metrics", "name the network of your Prometheus"
        )
    yield from _login(settings)
    if settings.web.host in ("0.0.0.0", "::") and url.scheme != "https":  # noqa: S104 - looked for, not listened on
        yield advice(
            "open_web",
            f"the pages listen on {settings.web.host} without TLS",
            "let them listen on 127.0.0.1, behind a proxy",
        )


def _login(settings: Settings) -> Iterator[Finding]:
    """The way to the operators' pages."""
    web, url = settings.web, urlsplit(settings.public_url)
    if not web.has_operators:
        yield advice(
            "no_operators_pages",
            "the operators' pages are off: nobody can log in",
            "set web.admin_password to env:NAME or file:/path, or web.login_header",
        )
        return
    seen = not _is_local(web.host) or (bool(url.hostname) and not _is_local(url.hostname or ""))
    if web.login_header and any(network.prefixlen == 0 for network in web.login_networks):
        yield wrong(
            "any_login_header",
            f"{web.login_header} is believed from everywhere: anybody can name themselves an operator",
            "name the addresses of your proxies in web.login_header_from",
        )
    if not web.admin_password:
        return
    try:
        password = resolve_secret(web.admin_password).reveal()
    except ConfigurationError:
        return  # told of by itself
    if can_be_guessed(password):
        what = "the operators' password can be guessed"
        yield wrong("weak_password", what, CURE) if seen else advice("weak_password", what, CURE)
    if seen and url.scheme != "https":
        yield wrong(
            "open_login",
            "the operators' password and the cookie of their session go unencrypted",
            "put TLS before the pages, and https in public_url",
        )


def _guards(settings: Settings) -> Iterator[Finding]:
    if not settings.fetch.contact:
        yield advice(
            "no_contact",
            "sites cannot find out whose requests these are, and block them sooner",
            "set fetch.contact to a URL or an address",
        )
    wide = [str(network) for network in settings.fetch.networks if network.prefixlen < 8]
    if wide:
        yield wrong(
            "open_guard",
            f"fetch.allow_networks has {wide[0]}: feeds and webhooks may reach any private address",
            "name the few networks that they need",
        )
    if not settings.store.keys and targets(settings):
        yield advice(
            "not_sealed",
            "addresses and their secrets lie in the database as they are",
            "make a key (deployments/README.md, Security) and name it in store.keys",
        )


def _operators(settings: Settings) -> Iterator[Finding]:
    operators = settings.operators
    if not operators.targets:
        yield wrong(
            "nobody_watches",
            "nobody is told when something breaks",
            "list targets under [operators], as a subscriber's (the same phone or mailbox will do), and apply",
        )
    elif len(operators.targets) == 1:
        yield advice(
            "one_way",
            "operators have one target: when it breaks, nobody is told",
            "add one of another kind to operators.targets",
        )
    if not operators.heartbeat_url:
        yield advice(
            "no_heartbeat",
            "nobody is told when this machine is off",
            "set operators.heartbeat_url to a dead man's switch",
        )
    if 0 < operators.cycle_overdue_min < TWO_CYCLES_MIN:
        yield wrong(
            "overdue_at_once",
            f"operators.cycle_overdue_min is {operators.cycle_overdue_min}: each longer cycle is told of",
            f"set it to {TWO_CYCLES_MIN} or more, or to 0",
        )


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def shown(settings: Settings) -> dict[str, object]:
    """The values in force, by their keys; secrets hidden unless they are references, lists of tables counted."""
    hidden = {value for _, value in secrets(settings) if value and not is_reference(value)}
    found: dict[str, object] = {}
    for group, values in settings.model_dump(mode="json").items():
        flat = (
            {f"{group}.{key}": value for key, value in values.items()} if isinstance(values, dict) else {group: values}
        )
        for key, value in flat.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                found[key] = f"{len(value)} of them"
            elif isinstance(value, list):
                found[key] = ["(hidden)" if item in hidden else item for item in value]
            else:
                found[key] = "(hidden)" if isinstance(value, str) and value in hidden else value
    found["store.url"] = _without_password(settings.store.url)
    return found


def _without_password(url: str) -> str:
    before, at, after = url.rpartition("@")
    scheme, _, rest = before.partition("://")
    return f"{scheme}://{rest.partition(':')[0]}:(hidden)@{after}" if at and ":" in rest else url
