"""Untrusted text made safe to show: nothing in a headline, sentence or link can act on the reader's screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

MAX_EXCERPT = 400  # characters around a match: a quotation, never the article
MAX_LINK = 2000  # characters; longer ones are no news links, and would fill a push message
CUT = "…"

# C0 and C1 controls and the line and paragraph separators act as spaces; what turns the writing direction around
# (Unicode UAX #9), what is never seen, a byte order mark and noncharacters are dropped; a lone
# surrogate cannot be encoded at all.
_AS_SPACE = r"\s\x00-\x1f\x7f-\x9f\u2028\u2029"
_SPACES = re.compile(f"[{_AS_SPACE}]+")
_UNSEEN = (
    "\u061c\u200b\u2060-\u2064\U000e0000-\U000e007f\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff"
)
_DROPPED = re.compile(f"[{_UNSEEN}]")
# Marks piled up on a letter reach over the lines around it; no living language puts more than two of these on one.
_MARKS = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_PILED = re.compile(f"([{_MARKS}]{{2}})[{_MARKS}]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_WIDE = r"\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # the spaces beside " " that are no controls
_ODD = re.compile(rf"[\x00-\x1f\x7f-\x9f\ud800-\udfff{_WIDE}{_MARKS}{_UNSEEN}]")
_UNSAFE_IN_LINK = re.compile(r'[\s<>"\\^`{|}]')  # would end the link where a program finds it in plain text
# What would come back as it is: no longer looked into, which takes twenty times as long.
_PLAIN_LINK = re.compile(r"https?://[a-z0-9.-]+(?:/[A-Za-z0-9/._~%=?&+,;!*-]*)?")
# A sentence, or a part of it that stands alone, ends here; a full stop does so only after a word that is too long for
# an abbreviation or an initial. Chinese and Japanese write no space behind it.
_STOP = re.compile(
    r"(?:(?:(?<=\w\w\w\w)\.|(?<=[\"»”’)\]%])\.|[!?…;])[.!?…]*+[\"»”’)\]]*+(?=\s)|[。！？；][」』”’）]*+)"
    r"\s*(?P<next>\S?)"
)
_TRAILING_PART_OF_WORD = re.compile(r"\S*$")
_LEADING_PART_OF_WORD = re.compile(r"^\S*")


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """A sentence, cut around its match; the three parts joined are the text shown."""

    before: str
    match: str  # "" where the match is not known
    after: str

    @property
    def text(self) -> str:
        return self.before + self.match + self.after

    @property
    def start(self) -> int:
        """Of the match, in code points of `text`."""
        return len(self.before)

    @property
    def end(self) -> int:
        return len(self.before) + len(self.match)


def plain(text: str) -> str:
    """`text` on one line, without control and direction characters."""
    return visible(text).strip()


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, cut after a whole word where one ends in the second half."""
    if len(text) <= limit:
        return text
    kept = text[: limit - len(CUT)]
    if not text[len(kept)].isspace():
        kept = _most_of(kept, _TRAILING_PART_OF_WORD.sub("", kept))
    return kept.rstrip(" ,;:–—-") + CUT


def excerpt(sentence: str, start: int, end: int, *, limit: int = MAX_EXCERPT) -> Excerpt:
    """The sentence with its match, made plain, and cut on both sides to about `limit` characters.

    It is cut where a sentence ends if that costs less than half of a side, else between words. Offsets that lie
    outside the sentence, or name nothing, give the beginning of the sentence without a match.
    """
    if not 0 <= start < end <= len(sentence):
        return Excerpt(before=_beginning_of(plain(sentence), limit), match="", after="")
    match = shorten(plain(sentence[start:end]), limit // 2)
    before, after = visible(sentence[:start]).lstrip(), visible(sentence[end:]).rstrip()
    room = limit - len(match)
    # What one side does not need, the other may use.
    room_before = max(room // 2, room - len(after))
    room_after = max(room - room // 2, room - len(before))
    return Excerpt(before=_end_of(before, room_before), match=match, after=_beginning_of(after, room_after))


def safe_link(url: str | None) -> str | None:
    """`url` when it is a web address that a reader may be led to, else None.

    Only http and https; no user name before the host, which makes one site look like another.
    """
    if url is None or (len(url) <= MAX_LINK and _PLAIN_LINK.fullmatch(url)):
        return url
    link = _UNSAFE_IN_LINK.sub(lambda found: quote(found.group()), plain(url))
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or len(link) > MAX_LINK:
        return None
    return link


def visible(text: str) -> str:
    """`text` with spaces where they were, without control and direction characters."""
    if "  " not in text and not _ODD.search(text):  # as nearly all texts
        return text
    text = _SURROGATES.sub("\ufffd", _PILED.sub(r"\1", _DROPPED.sub("", text)))
    return _SPACES.sub(" ", text)


def _end_of(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    kept = text[len(text) - max(room - len(CUT), 0) :]
    spare = kept[1:]  # behind a sentence there is a space before what shows the cut
    whole = next((spare[at:] for _, at in _stops(spare) if len(spare) - at > len(kept) // 2), "")
    return f"{CUT} {whole}" if whole else CUT + _most_of(kept, _LEADING_PART_OF_WORD.sub("", kept).lstrip())


def _beginning_of(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    kept = text[: max(room - len(CUT), 0)]
    ends = [end for end, _ in _stops(text[: len(kept) + 1]) if len(kept) // 2 < end < len(kept)]
    if ends:
        return f"{kept[: ends[-1]]} {CUT}"
    return _most_of(kept, _TRAILING_PART_OF_WORD.sub("", kept).rstrip()) + CUT


def _stops(text: str) -> Iterator[tuple[int, int]]:
    """Where sentences end in a text, and where the next ones begin."""
    for found in _STOP.finditer(text):
        following, begins = found["next"], found.start("next")
        if not following.islower() or ";" in found[0]:
            yield len(text[:begins].rstrip()), begins


def _most_of(kept: str, whole_words: str) -> str:
    """Whole words where that costs little: some scripts write none."""
    return whole_words if len(whole_words) > len(kept) // 2 else kept
