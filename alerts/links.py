"""Links by which a reader answers an alert: what one allows is written in it and signed, so it needs no account.

A token names one act and the numbers it is about; neither addresses nor secrets are in it. Whoever has the link may do
that one thing. It is bound to the seed of its subscription: a number that the database gives again fits no old link.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sectorwatch.domain import ReaderLinks, Secret, utc
from sectorwatch.errors import ConfigurationError, LinkRefused

LEAST_KEY = 32  # characters
LIFETIME = timedelta(days=90)  # of links in an alert; only that to unsubscribe works for ever, as mail programs expect
CONFIRM_WITHIN = timedelta(hours=72)
_MAC_BYTES = 16  # of SHA-256's 32: what cannot be guessed over the network need not be longer in a mail
_INVALID = "this link is not valid (any more)"
_EXPIRED = "this link has expired: a newer message has a newer one"


class Action(StrEnum):
    """What a link allows; the value is its path on the web page."""

    CONFIRM = "confirm"  # ids: the target, when it was asked
    PAUSE = "pause"  # the subscription
    CHANGE = "change"  # the subscription
    UNSUBSCRIBE = "unsubscribe"  # the subscription, the target
    FALSE_ALARM = "false-alarm"  # the subscription, the alert


_LETTERS = {
    Action.CONFIRM: "c",
    Action.PAUSE: "p",
    Action.CHANGE: "s",
    Action.UNSUBSCRIBE: "u",
    Action.FALSE_ALARM: "f",
}
_ACTIONS = {letter: action for action, letter in _LETTERS.items()}
# No character at the end that a mail program would take for the end of a sentence. ASCII digits, within 64 bits.
_TOKEN = re.compile(r"(1\.([a-z])\.([0-9]{1,18}(?:-[0-9]{1,18}){0,2})\.([0-9]{1,11}))\.([a-z2-7]{26})")


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a token says that it allows."""

    action: Action
    ids: tuple[int, ...]
    expires: datetime | None = None  # to the second


class Signer:
    """Makes and checks tokens (HMAC-SHA256): signs with one key, and takes what former ones have signed.

    A key that is neither makes every link that it signed invalid.
    """

    def __init__(self, key: Secret, *former: Secret, now: Callable[[], Sequence[Secret]] | None = None) -> None:
        """`now` gives the keys as they are when a token is checked, where another process may change them.

        Raises ConfigurationError for a key that could be guessed.
        """
        keys = (key, *former)
        if any(len(key.reveal()) < LEAST_KEY for key in keys):
            raise ConfigurationError(f"the key of links is too short: it needs {LEAST_KEY} characters at least")
        self._key, self._keys = key, now or (lambda: keys)

    def token(self, grant: Grant, seed: str) -> str:
        """The signed token of a grant."""
        numbers = "-".join(str(number) for number in grant.ids)
        expires = 0 if grant.expires is None else int(utc(grant.expires).timestamp())
        said = f"1.{_LETTERS[grant.action]}.{numbers}.{expires}"
        return f"{said}.{_mac(self._key, said, seed)}"

    def check(self, token: str, action: Action, seed: str, *, now: datetime) -> Grant:
        """What the token allows, if it is ours, of this seed, for this act and in time. Raises LinkRefused."""
        found = _TOKEN.fullmatch(token)
        said, mac = (found[1], found[5]) if found else ("", "")
        genuine = any(hmac.compare_digest(mac, _mac(key, said, seed)) for key in self._keys())
        grant = claimed(token)
        if not genuine or grant is None or grant.action is not action or not seed:
            raise LinkRefused(_INVALID)
        if grant.expires is not None and utc(now) >= grant.expires:
            raise LinkRefused(_EXPIRED, expired=True)
        return grant


def _mac(key: Secret, said: str, seed: str) -> str:
    digest = hmac.new(key.reveal().encode(), f"sectorwatch link\n{said}\n{seed}".encode(), sha256).digest()
    return b32encode(digest[:_MAC_BYTES]).decode().rstrip("=").lower()


def claimed(token: str) -> Grant | None:
    """What a token says, unchecked: only good for finding the seed to check it with. None for what is no token."""
    found = _TOKEN.fullmatch(token)
    if found is None or found[2] not in _ACTIONS:
        return None
    expires = int(found[4])
    return Grant(
        action=_ACTIONS[found[2]],
        ids=tuple(int(number) for number in found[3].split("-")),
        expires=datetime.fromtimestamp(expires, UTC) if expires else None,
    )


@dataclass(frozen=True, kw_only=True)
class LinkMaker:
    """Puts tokens into addresses of our web page."""

    signer: Signer
    public_url: str

    def link(self, grant: Grant, seed: str) -> str:
        """The link of one grant."""
        return f"{self.public_url.rstrip('/')}/{grant.action}/{self.signer.token(grant, seed)}"

    def of_delivery(
        self, *, subscription_id: int, target_id: int, alert_ids: Iterable[int], seed: str, private: bool, now: datetime
    ) -> ReaderLinks:
        """The links of a message. One that many read (not `private`) only lets them report a false alarm."""
        expires = now + LIFETIME

        def made(action: Action, *ids: int, until: datetime | None = expires) -> str:
            return self.link(Grant(action=action, ids=ids, expires=until), seed)

        return ReaderLinks(
            pause=made(Action.PAUSE, subscription_id) if private else None,
            change=made(Action.CHANGE, subscription_id) if private else None,
            unsubscribe=made(Action.UNSUBSCRIBE, subscription_id, target_id, until=None) if private else None,
            false_alarm={alert: made(Action.FALSE_ALARM, subscription_id, alert) for alert in alert_ids},
        )
