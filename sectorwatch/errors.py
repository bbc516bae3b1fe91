"""One root for every error we raise, branched by who has to act."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class SectorwatchError(Exception):
    """Something the message explains: what, where, and what to do."""

    exit_code = 1


class ConfigurationError(SectorwatchError):
    """The operator's file, environment or command is wrong; `place` is the entry of the file, as keys and numbers."""

    exit_code = 2

    def __init__(self, message: str, place: tuple[int | str, ...] = ()) -> None:
        super().__init__(message)
        self.place = place


class ConfigurationErrors(ConfigurationError):
    """Several of them, to be told together."""

    def __init__(self, errors: Sequence[ConfigurationError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


class InputError(SectorwatchError):
    """What was given to read is not what it should be (a feed, a page, a text)."""


class FeedError(InputError):
    """The bytes are no feed, or a feed that cannot be used."""


class Refusal(StrEnum):
    """Why a page did not give its article."""

    FORBIDDEN = "forbidden"  # the site keeps programs out (401, 403, 451)
    BUSY = "busy"  # too many requests (429), or 503 with a time to come back
    MISSING = "missing"  # 404, 410, or a page that says so with status 200
    ROBOTS = "robots"  # robots.txt does not allow it
    ROBOT_CHECK = "robot_check"  # a captcha, or "checking your browser"
    PAYWALL = "paywall"  # only the beginning, or nothing, without a subscription
    CONSENT = "consent"  # nothing before cookies are agreed to
    SCRIPTS = "scripts"  # drawn by JavaScript
    FRAMES = "frames"  # it stands in another page, inside a frame
    NOT_HTML = "not_html"  # PDF, image, JSON, feed
    EMPTY = "empty"  # an answer without content
    NO_TEXT = "no_text"  # a page without readable text: pictures, a film
    UNREACHED = "unreached"  # no answer, or a server error
    TOO_COSTLY = "too_costly"  # larger than allowed, or its process had to be ended


PASSING = frozenset({Refusal.UNREACHED, Refusal.BUSY, Refusal.TOO_COSTLY, Refusal.EMPTY})
"""Of these a fault is more likely than a will: they are tried again soon, and at once where somebody asks for it."""


class PageRefused(InputError):
    """A page was answered, and it is not the article."""

    def __init__(self, message: str, refusal: Refusal = Refusal.NO_TEXT) -> None:
        super().__init__(message)
        self.refusal = refusal  # kept by pickle, which makes the exception of its message


class LinkRefused(InputError):
    """A link is not ours, or not for this, or its time is over (`expired`: only said of one that is ours)."""

    def __init__(self, message: str, *, expired: bool = False) -> None:
        super().__init__(message)
        self.expired = expired


class Failure(StrEnum):
    """What a failed request says of its address."""

    HARD = "hard"  # this will not mend itself: no such page, no such host, not let in
    SOFT = "soft"  # the site is not well: 5xx, no answer in time
    TEMPORARY = "temporary"  # a moment's trouble: busy, a connection that broke
    NO_NAME = "no_name"  # no server was asked: DNS knows no such name, or there is no network to ask it
    UNREACHED = "unreached"  # no server was asked: the name server does not answer, or there is no way to the host


UNREACHED = frozenset({Failure.NO_NAME, Failure.UNREACHED})
"""Where the fault may be our own network's."""

_BUSY = frozenset({408, 425, 429, 503})


def _failure(status: int | None, retry_after: float | None, *, permanent: bool) -> Failure:
    if status in _BUSY or retry_after is not None:
        return Failure.TEMPORARY
    return Failure.HARD if permanent or (status is not None and status < 500) else Failure.SOFT


class FetchError(SectorwatchError):
    """A request did not give a usable answer."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        permanent: bool = False,
        sent: bool = False,
        failure: Failure | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status  # HTTP, where one came
        self.retry_after = retry_after  # seconds the server asked for
        self.permanent = permanent  # trying again will not help (refused address, bad URL, gone)
        self.failure = failure or _failure(status, retry_after, permanent=permanent)
        self.sent = sent  # the request may have reached the server: whether it was acted on is unknown


class HostHeld(FetchError):
    """Nothing was sent: the host has asked everybody to wait, for `retry_after` seconds yet."""


class RobotsRefused(FetchError):
    """The site's robots.txt does not let us read this page."""


class OwnNetworkDown(FetchError):
    """No server is reached for a fault of ours."""


class SandboxError(SectorwatchError):
    """A sandboxed call did not come back: `kind` is "timeout", "memory" or "crash".

    Or "stalled": it was stopped for the time that passed, not for that which it used, and the input may be a good one.
    """

    def __init__(self, message: str, *, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


class StoreError(SectorwatchError):
    """The database cannot be used: missing, locked, full, or of another version."""


class StoreMisused(StoreError):
    """A store or a backup was named for what cannot be done with it; nothing was changed."""

    exit_code = 2


class RowRefused(StoreError):
    """The database will not take a value or a row: the input's failure, not the store's."""
