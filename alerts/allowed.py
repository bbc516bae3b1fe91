"""Where subscribers may have alerts sent: a short list of services, and each address rebuilt from its parts.

What a library would do with an address as it was written, nobody can know: options open files, turn off checks, add
recipients, choose hosts. So nothing is passed on, and what is not understood to the last character is refused.
Operators are not bound by this list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import ip_address

from sectorwatch.domain import Secret, TargetKind
from sectorwatch.errors import InputError

LONGEST = 1000  # characters
_NTFY = "ntfy.sh"
_HOST = r"(?=.{4,253}(?:[:/?#]|$))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
_LOCAL = frozenset(
    ["localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "arpa", "onion", "invalid"]
)  # top-level names that lead nowhere public
_TEAMS_HOSTS = r"(?:[a-z0-9-]{1,63}\.){1,3}(?:logic\.azure\.com|environment\.api\.powerplatform\.com)"

_EMAIL = re.compile(r"(?:mailto:)?([A-Za-z0-9][A-Za-z0-9._+=~#&*'^{}-]{0,63})@([^@\s:/?#\[\]\\]{3,253})")
_DISCORD = re.compile(
    r"(?:discord://|https://(?:discord|discordapp)\.com/api/(?:v[0-9]{1,2}/)?webhooks/)"
    r"([0-9]{17,20})/([A-Za-z0-9_-]{60,100})/?"
)
_SLACK = re.compile(
    r"(?:slack://|https://hooks\.slack\.com/services/)([A-Z0-9]{6,15})/([A-Z0-9]{6,15})/([A-Za-z0-9]{20,30})/?"
)
_TELEGRAM = re.compile(r"tgram://([0-9]{6,12}:[A-Za-z0-9_-]{30,50})/(-?[0-9]{1,20})/?")
_PUSHOVER = re.compile(r"pover://([A-Za-z0-9]{30})@([A-Za-z0-9]{30})(?:/([A-Za-z0-9_-]{1,25}))?/?")
_TOPIC = re.compile(
    r"(?:ntfys?://|https://(?=[^/]+/[^/]))(?:([a-z0-9.-]{1,253}(?::[0-9]{1,5})?)/)?([A-Za-z0-9_-]{1,64})/?"
)
_TEAMS = re.compile(
    rf"workflows?://({_TEAMS_HOSTS})(?::443)?/([0-9a-f]{{16,64}})/([A-Za-z0-9_-]{{20,100}})/?(?:\?pa=yes)?"
)
_TEAMS_WEB = re.compile(
    rf"https://({_TEAMS_HOSTS})(?::443)?(?:/powerautomate/automations/direct)?/workflows/([0-9a-f]{{16,64}})"
    r"/triggers/manual/paths/invoke/?\?(?:[A-Za-z0-9_.%/-]+=[A-Za-z0-9_.%/-]*&)*sig=([A-Za-z0-9_-]{20,100})"
)
_WEBHOOK = re.compile(
    rf"https://({_HOST})(:(?:443|8443))?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)
_SERVICES = "an e-mail address, Discord, Slack, Telegram, Pushover, ntfy, Teams workflows, or an https webhook"


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """An address made anew from what was understood of the one given."""

    kind: TargetKind
    service: str  # in a word
    secret: Secret


def allowed(given: str, *, ntfy_hosts: Collection[str] = ()) -> Allowed:
    """The address to use for what a subscriber gave. Raises InputError, which does not repeat it: it may be secret.

    `ntfy_hosts` are the operator's own servers, beside the public one.
    """
    text = given.strip()
    if len(text) > LONGEST:
        raise InputError(f"the address is longer than {LONGEST} characters")
    if any(not character.isprintable() or character in ' \\"<>`|' for character in text):
        raise InputError("the address has spaces or characters that no address has")
    if "://" not in text:
        return _email(text)
    if not text.isascii():
        raise InputError("the address has other than ASCII letters: write the host as its server does (xn--...)")
    for form, build in _FORMS:
        if found := form.fullmatch(text):
            return build(found)
    if found := _TOPIC.fullmatch(text):
        host = found[1] or _NTFY
        if host == _NTFY or host in {own.lower() for own in ntfy_hosts}:
            return _apprise("ntfy", f"ntfys://{host}/{found[2]}")
    return _webhook(text)


def _email(text: str) -> Allowed:
    found = _EMAIL.fullmatch(text)
    try:
        host = found[2].lower().encode("idna").decode("ascii") if found else ""
        if found and not text.isascii() and host.encode().decode("idna") != found[2].lower():
            host = ""  # letters that only look like those of the name
    except UnicodeError:
        host = ""
    if found is None or not _is_public(host) or ".." in found[1] or found[1].endswith("."):
        raise InputError(f"this is not one e-mail address, nor an address of a known service; allowed are {_SERVICES}")
    return Allowed(kind=TargetKind.EMAIL, service="e-mail", secret=Secret(f"{found[1]}@{host}"))


def _webhook(text: str) -> Allowed:
    found = _WEBHOOK.fullmatch(text)
    if found is None or not _is_public(found[1]):
        raise InputError(f"this service or host is not allowed, or its address has options; allowed are {_SERVICES}")
    address = f"https://{found[1]}{found[2] or ''}{found[3] or '/'}{found[4] or ''}"
    return Allowed(kind=TargetKind.WEBHOOK, service="webhook", secret=Secret(address))


def _is_public(host: str) -> bool:
    """Whether it looks like a name of the public DNS. What it leads to is checked when we connect."""
    try:
        ip_address(host)
    except ValueError:
        return re.fullmatch(_HOST, host) is not None and host.rpartition(".")[2] not in _LOCAL
    return False


def _apprise(service: str, address: str) -> Allowed:
    return Allowed(kind=TargetKind.APPRISE, service=service, secret=Secret(address))


def _pushover(found: re.Match[str]) -> Allowed:
    device = f"/{found[3]}" if found[3] else ""
    return _apprise("Pushover", f"pover://{found[1]}@{found[2]}{device}/")


def _teams(found: re.Match[str]) -> Allowed:
    automate = "?pa=yes" if found[1].endswith("powerplatform.com") else ""
    return _apprise("Teams", f"workflows://{found[1]}:443/{found[2]}/{found[3]}/{automate}")


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Allowed]], ...] = (
    (_DISCORD, lambda found: _apprise("Discord", f"discord://{found[1]}/{found[2]}/")),
    (_SLACK, lambda found: _apprise("Slack", f"slack://{found[1]}/{found[2]}/{found[3]}/")),
    (_TELEGRAM, lambda found: _apprise("Telegram", f"tgram://{found[1]}/{found[2]}/")),
    (_PUSHOVER, _pushover),
    (_TEAMS, _teams),
    (_TEAMS_WEB, _teams),
)
