"""The right name that was probably meant by a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 50  # names in an error: of publishers there may be thousands


def nearest(given: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like the given one, in whatever case; None where none does."""
    names = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(given.casefold(), list(names), n=1)
    return names[close[0]] if close else None


def meant(given: str, known: Iterable[str]) -> str:
    """The end of an error about a name that is not known: the nearest one, or else which there are."""
    names = sorted(known)
    near = nearest(given, names)
    if near is not None:
        return f"did you mean {near!r}?"
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"known: {', '.join(names[:_MOST]) or 'none'}{more}"
