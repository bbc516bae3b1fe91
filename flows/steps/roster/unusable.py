"""Values of the settings that nothing could be done with, though they are of the right kind."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.links import LEAST_KEY
from alerts.mail_message import single_address
from alerts.pace import GAPS
from alerts.usable import is_web_address
from sectorwatch.errors import ConfigurationError
from sectorwatch.nearest import meant
from sectorwatch.net.resolver import address_of
from sectorwatch.settings import Settings
from sectorwatch.settings.references import resolve_secret


def unusable(settings: Settings) -> Iterator[ConfigurationError]:
    """Each with its place in the file. References that stand for nothing here are left to whoever uses them."""
    if single_address(settings.mail.sender) is None:
        words = "mail.sender is not one e-mail address, such as Sectorwatch <alerts@example.org>"
        yield ConfigurationError(words, ("mail", "sender"))
    for name, where in settings.fetch.hosts.items():
        try:
            address_of(name, where)
        except ConfigurationError as error:
            yield ConfigurationError(str(error), ("fetch", "hosts", name))
    for channel in settings.alerts.gap_s:
        if channel not in GAPS:
            words = f"alerts.gap_s: there is no channel {channel!r}; {meant(channel, GAPS)}"
            yield ConfigurationError(words, ("alerts", "gap_s", channel))
    heartbeat = _found(settings.operators.heartbeat_url)
    if heartbeat is not None and not is_web_address(heartbeat):
        words = "operators.heartbeat_url is no web address: one begins with https://"
        yield ConfigurationError(words, ("operators", "heartbeat_url"))
    web = settings.web
    keys: list[tuple[str, str, tuple[int | str, ...]]] = [(web.link_key, "web.link_key", ("web", "link_key"))]
    keys += [(key, "web.old_link_keys", ("web", "old_link_keys", n)) for n, key in enumerate(web.old_link_keys)]
    for reference, name, place in keys:
        key = _found(reference)
        if key is not None and len(key) < LEAST_KEY:
            yield ConfigurationError(f"{name} is too short: it needs {LEAST_KEY} characters at least", place)


def _found(reference: str) -> str | None:
    try:
        return resolve_secret(reference).reveal() if reference else None
    except ConfigurationError:
        return None
