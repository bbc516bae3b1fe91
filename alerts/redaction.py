"""Takes secrets out of what servers and libraries say, before it is stored or shown.

A mail server repeats the address, a library prints the URL: so the whole secret and every telling piece of it go.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

MASK = "…"
MAX_CHARACTERS = 300
"""Of an explanation: enough for an SMTP answer of several lines, too little for a page of HTML."""

_SHORTEST_PIECE = 3  # characters; shorter pieces are parts of ordinary words, and tell nothing
_PARTS_OF_URL = re.compile(r"[/:@?&=#,;+]+")
_PARTS_OF_WORD = re.compile(r"[^\w.-]+")  # a host name stays whole: "mail" and "org" are words of many answers
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def redact(words: str, *secrets: str) -> str:
    """`words` on one line of at most 300 characters, without the secrets, their pieces, or any URL.

    The pieces are the parts of a URL (user, password, host, path, query), percent-encoded and not, and the runs of
    letters, digits and dots in them; each is masked where it stands as a whole. A URL's scheme is no secret.
    """
    pieces = {piece for secret in secrets for piece in _pieces(secret)}
    words = _URL.sub(MASK, _INVISIBLE.sub(" ", words)).strip()
    for piece in sorted(pieces, key=len, reverse=True):
        words = re.sub(rf"(?<!\w){re.escape(piece)}(?!\w)", MASK, words, flags=re.IGNORECASE)
    return words if len(words) <= MAX_CHARACTERS else words[: MAX_CHARACTERS - 1].rstrip() + MASK


def _pieces(secret: str) -> set[str]:
    whole = str.__str__(secret)  # the real characters: `Secret` shows a mask to str()
    rest = whole.partition("://")[2] or whole
    parts = {rest, *_PARTS_OF_URL.split(rest)}
    parts |= {unquote(part) for part in parts}
    runs = {run for part in parts for run in _PARTS_OF_WORD.split(part)}
    return {piece for piece in parts | runs if len(piece) >= _SHORTEST_PIECE}
