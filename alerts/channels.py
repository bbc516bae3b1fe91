"""What each channel can carry: how long a message may be, how its length counts, and which parts of it are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from alerts.inert import as_it_is, for_discord, for_others, for_slack, for_telegram
from sectorwatch.domain import TargetKind

MAX_SUBJECT = 120  # characters; a longer subject of Cyrillic letters overruns a mail header line (RFC 5322, 2.1.1)
MAX_HTML = 100_000  # bytes; Gmail cuts a longer page and hides the rest


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way to a reader. Lengths are of what goes over the wire, after `inert`."""

    name: str
    title: int  # characters
    body: int  # UTF-16 units, as the services count; UTF-8 bytes where `in_bytes`
    shared: bool = False  # the title counts as part of the body
    in_bytes: bool = False
    subject: bool = False  # the title is a subject line: the text begins with the headline all the same
    html: bool = False
    payload: bool = False
    inert: Callable[[str], str] = as_it_is

    def size(self, words: str) -> int:
        """The length of `words` as this channel counts it."""
        wire = self.inert(words)
        return len(wire.encode()) if self.in_bytes else len(wire.encode("utf-16-le")) // 2

    def room(self, title: str) -> int:
        """What the text may measure beside this title."""
        return self.body - (self.size(title) + _JOINT if self.shared else 0)


_JOINT = 16  # what Apprise needs between title and text: a line break, on Discord 12 characters kept for a counter

MAIL = Channel(name="mail", title=MAX_SUBJECT, body=32_768, subject=True, html=True)
WEBHOOK = Channel(name="webhook", title=MAX_SUBJECT, body=32_768, subject=True, payload=True)

_DISCORD = Channel(name="discord", title=250, body=2000, shared=True, inert=for_discord)
_SLACK = Channel(name="slack", title=250, body=35_000, shared=True, inert=for_slack)
_TELEGRAM = Channel(name="telegram", title=250, body=4096, shared=True, inert=for_telegram)
_TEAMS = Channel(name="teams", title=250, body=1000, inert=for_others)
# The server makes an attachment of a message over 4,096 bytes: https://docs.ntfy.sh/config/#message-limits
_NTFY = Channel(name="ntfy", title=200, body=4096, in_bytes=True, shared=True)
_PUSHOVER = Channel(name="pushover", title=250, body=1024)
_MATRIX = Channel(name="matrix", title=250, body=16_000, shared=True, inert=for_others)
_MQTT = Channel(name="mqtt", title=250, body=32_768, shared=True)
_PLAIN = Channel(name="plain", title=250, body=32_768)  # text as text: machines, and services without markup

_BY_SCHEME = {
    "discord": _DISCORD,
    "slack": _SLACK,
    "tgram": _TELEGRAM,
    "workflow": _TEAMS,
    "workflows": _TEAMS,
    "ntfy": _NTFY,
    "ntfys": _NTFY,
    "pover": _PUSHOVER,
    "matrix": _MATRIX,
    "matrixs": _MATRIX,
    "mqtt": _MQTT,
    "mqtts": _MQTT,
    **dict.fromkeys(
        [
            "apprise",
            "apprises",
            "form",
            "forms",
            "gotify",
            "gotifys",
            "json",
            "jsons",
            "mailto",
            "mailtos",
            "syslog",
            "xml",
            "xmls",
        ],
        _PLAIN,
    ),
    **{
        scheme: Channel(name="chat", title=250, body=4000, shared=True, inert=for_others)
        for scheme in ["gchat", "mmost", "mmosts", "ncloud", "nclouds", "nctalk", "nctalks"]
    },
    "zulip": Channel(name="chat", title=60, body=10_000, inert=for_others),
    "signal": Channel(name="chat", title=250, body=2000, shared=True),
    "signals": Channel(name="chat", title=250, body=2000, shared=True),
}
# Short ones, by Apprise's own limits: below what is taken for a service that is not listed.
_SHORT = {
    67: "aprs",
    80: "dapnet",
    140: "plivo",
    160: "46elks atalk bulksms bulkvs burstsms clicksend d7sms elks freemobile httpsms kavenegar msg91 msgbird nexmo"
    " notifyre pushed ringc serwersms seven sfr sinch smsc smsmanager smsmgr sns twilio voipms vonage",
    240: "bluesky bsky kumulos strmlabs tweet twitter x",
    380: "irc ircs mastodon mastodons splunk toot toots victorops",
    500: "eight00com misskey misskeys notifico notificos",
}
_SHORT_BY_SCHEME = {
    scheme: Channel(name="short", title=min(60, limit // 2), body=limit, shared=True, inert=for_others)
    for limit, schemes in _SHORT.items()
    for scheme in schemes.split()
}
_OTHER = Channel(name="other", title=100, body=1000, shared=True, inert=for_others)

_HOSTS = {  # addresses as the service itself shows them, which Apprise takes too
    "discord.com": _DISCORD,
    "discordapp.com": _DISCORD,
    "hooks.slack.com": _SLACK,
    "ntfy.sh": _NTFY,
}


def channel_of(kind: TargetKind, address: str) -> Channel:
    """The channel of a target. An Apprise service that is not listed gets 1,000 characters and the strictest text."""
    if kind is TargetKind.EMAIL:
        return MAIL
    if kind is TargetKind.WEBHOOK:
        return WEBHOOK
    scheme = address.partition("://")[0].strip().lower()
    if scheme in ("http", "https"):
        try:
            host = urlsplit(address.strip()).hostname or ""
        except ValueError:
            return _OTHER
        return _HOSTS.get(host, _OTHER)
    return _BY_SCHEME.get(scheme) or _SHORT_BY_SCHEME.get(scheme, _OTHER)
