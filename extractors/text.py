"""One way to write a text, with the way back.

News writes one name in a dozen ways: ten apostrophes, soft hyphens, stress marks, letters of another alphabet that look
alike. `normalise` brings them to one form that matching, searching and comparing can rely on, and keeps the map back to
the original code points. Nearly every change is one letter for one letter; only invisible characters and combining
marks are taken out, and those few places are remembered.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

APOSTROPHES = "'`´ʹʻʼʽˈ‘’‛′＇׳"
DASHES = "-‐‑‒–—―−﹘﹣－"
SPACES = (
    "\t\x0b\x0c\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c"
    "\u202d\u202e\u2060\u2061\u2066\u2067\u2068\u2069\ufe0f\ufeff"
)
MARKS = "".join(map(chr, range(0x0300, 0x0370))).replace("\u034f", "")

# Letters that look alike in Latin and Cyrillic, lower case; a letter with its stress mark counts as the letter.
_LOOKALIKES = dict(zip("aceiopxyhkmtbäáéíóúý", "асеіорхунктмвааеіоуу", strict=True)) | {"ï": "ї", "ë": "е"}
_LOOKALIKES |= {"b": "в", "m": "м", "t": "т"}
TO_CYRILLIC = str.maketrans(_LOOKALIKES)
TO_LATIN = str.maketrans({v: k for k, v in reversed(_LOOKALIKES.items()) if k.isascii()} | {"ї": "i"})
_CYRILLIC_RUN = re.compile(r"[\u0400-\u04ff]+")
_LATIN_RUN = re.compile(r"[a-z\u00df-\u024f]+")
_LATIN = re.compile(r"[a-z\u00df-\u024f]")
CYRILLIC_LETTER = re.compile(r"[\u0400-\u04ff]")
_INNER_APOSTROPHE = re.compile(r"(?<=[\u0400-\u04ff])'(?=[\u0400-\u04ff])")
_MISTYPED = re.compile(r"[\"”“*](?<=[бпвмфгкхрдз].)(?=[яюєї])")  # Куп"янськ, as many type it
_TOKEN_REACH = 40  # letters looked at on either side of a change of alphabet: longer tokens are no words
_CLUSTER = re.compile(f"(.?)([{MARKS}]+)", re.DOTALL)
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_INVISIBLE_OR_CLUSTER = re.compile(f"{_INVISIBLE.pattern}|{_CLUSTER.pattern}", re.DOTALL)
_KEPT_MARKS = {"\u0306": "иу", "\u0308": "іеi"}  # breve: й ў; diaeresis: ї ё - the only marks that make other letters


def _substitutes() -> dict[str, str]:
    """Every lower-case character that is replaced by exactly one other."""
    table = dict.fromkeys(APOSTROPHES, "'") | {"״": '"'} | dict.fromkeys(DASHES, "-") | dict.fromkeys(SPACES, " ")
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        plain = unicodedata.normalize("NFD", chr(code))
        if len(plain) > 1 and plain[0].isascii():
            table[chr(code)] = plain[0]
    table |= dict(zip("άέήίόύώϊϋΐΰς", "αεηιουωιυιυσ", strict=True))
    table |= {"ł": "l", "ı": "i", "đ": "d", "ø": "o", "ħ": "h", "ё": "е", "ѐ": "е", "ѝ": "и"}
    return {old: new for old, new in table.items() if old != new}


_SUBSTITUTES = _substitutes()
_SURROGATE = re.compile("[\ud800-\udfff]")  # half of a character, which no encoding can hold
_SUBSTITUTED = frozenset(_SUBSTITUTES)
_LEFT_OUT = frozenset(MARKS + INVISIBLE)
_MARKS = frozenset(MARKS)
# Most of any text, and nothing to change in it. What is left to look at is found many times faster so.
_UNUSUAL = re.compile('[^a-zа-яіїєґ0-9\n !"#%&()*+,./:;=?@\\[\\]_«»“”„…№-]')
# Where a word changes its alphabet: the letter of the rarer one beside a letter of the other.
_LATIN_SEAM = re.compile(r"[a-z\u00df-\u024f](?:(?=[\u0400-\u04ff])|(?<=[\u0400-\u04ff].))")
_CYRILLIC_SEAM = re.compile(r"[\u0400-\u04ff](?:(?=[a-z\u00df-\u024f])|(?<=[a-z\u00df-\u024f].))")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text and the way back to the original it was made of."""

    text: str
    original: str
    _breaks: tuple[int, ...] = ()  # places in `text` from which on ...
    _shifts: tuple[int, ...] = ()  # ... so many characters of the original have been left out before

    def origin(self, position: int) -> int:
        """The place in the original of the character at `position`."""
        if not self._breaks:
            return position
        index = bisect_right(self._breaks, position)
        return position + (self._shifts[index - 1] if index else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) of the normalised text as code points of the original, with the marks of its last letter."""
        if not self._breaks or end <= start:
            return self.origin(start), self.origin(end)
        stop = self.origin(end - 1) + 1
        limit = min(self.origin(end), len(self.original))
        while stop < limit and self.original[stop] in MARKS:
            stop += 1
        return self.origin(start), stop

    def position(self, origin: int) -> int:
        """The place in the normalised text of the original's character (or of the next one that was kept)."""
        if not self._breaks:
            return max(0, min(origin, len(self.text)))
        low, high = 0, len(self.text)
        while low < high:
            middle = (low + high) // 2
            if self.origin(middle) < origin:
                low = middle + 1
            else:
                high = middle
        return low


_NOTHING = Normalised("", "")


def normalise(text: str) -> Normalised:
    """`text` in the one form that names are matched in: lower case, plain apostrophes, dashes, spaces and letters.

    Takes time proportional to the length. Newlines stay, for they separate paragraphs.
    """
    if not text:
        return _NOTHING
    lowered = text.replace("İ", "i").lower()  # the one capital whose small letter is two characters
    if len(lowered) != len(text):  # pragma: no cover - no such character in Unicode 15; offsets must hold all the same
        lowered = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    unusual = set(_UNUSUAL.findall(lowered))
    if unusual and _SURROGATE.search("".join(unusual)):
        return normalise(_SURROGATE.sub("\ufffd", text))
    breaks: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()
    if not unusual.isdisjoint(_LEFT_OUT):
        lowered, breaks, shifts = _without_invisible(lowered, marks=not unusual.isdisjoint(_MARKS))
        unusual = set(_UNUSUAL.findall(lowered))
    for char in unusual & _SUBSTITUTED:
        lowered = lowered.replace(char, _SUBSTITUTES[char])
    if not lowered.isascii():
        if _MISTYPED.search(lowered):
            lowered = _MISTYPED.sub("'", lowered)
        if _has_seam(lowered):
            lowered = _one_alphabet_a_word(lowered)
    return Normalised(lowered, text, breaks, shifts)


def _has_seam(lowered: str) -> bool:
    """Whether a word changes its alphabet somewhere."""
    seam = _LATIN_SEAM if lowered.count("о") > lowered.count("e") else _CYRILLIC_SEAM
    return seam.search(lowered) is not None


def plain(text: str) -> str:
    """The normalised text alone, for names, keys and word lists."""
    return normalise(text).text


def search_form(text: str) -> str:
    """The text, or a query, as full-text search keeps it: normalised, and Куп'янськ one word without its apostrophe."""
    return _INNER_APOSTROPHE.sub("", plain(text))


def caseless(word: str) -> bool:
    """Whether the script of a word's first letter has no capitals; Georgian has some, for headlines alone."""
    first = word[:1]
    return first.lower() == first.upper() or "\u10a0" <= first <= "\u10ff"


def _without_invisible(text: str, *, marks: bool) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """The text without invisible characters, its marks (if any) joined to their letters or dropped; where that was."""
    pieces: list[str] = []
    breaks: list[int] = []
    shifts: list[int] = []
    done = kept = dropped = 0
    for match in (_INVISIBLE_OR_CLUSTER if marks else _INVISIBLE).finditer(text):
        letter = _compose(match[1], match[2]) if marks and match[2] else ""
        piece = text[done : match.start()] + letter
        pieces.append(piece)
        kept += len(piece)
        dropped += match.end() - match.start() - len(letter)
        breaks.append(kept)
        shifts.append(dropped)
        done = match.end()
    pieces.append(text[done:])
    return "".join(pieces), tuple(breaks), tuple(shifts)


def _compose(letter: str, marks: str) -> str:
    """The letter with those of its marks that make it another letter: й, ї, ё, ў and the Latin ones."""
    if letter in INVISIBLE:
        return ""
    for mark in marks:
        if mark in _KEPT_MARKS and letter in _KEPT_MARKS[mark]:
            return unicodedata.normalize("NFC", letter + mark)
    return letter


def _one_alphabet_a_word(text: str) -> str:
    """Words written in two alphabets, brought to the one that most of their letters belong to."""
    mostly_cyrillic = text.count("о") + text.count("а") > text.count("e") + text.count("a")
    runs = _LATIN_RUN if mostly_cyrillic else _CYRILLIC_RUN  # the fewer runs to look at
    other = CYRILLIC_LETTER if runs is _LATIN_RUN else _LATIN
    pieces: list[str] = []
    done = seen = 0
    for match in runs.finditer(text):
        start, end = match.span()
        if start < seen or not (other.match(text, end) or (start > seen and other.match(text, start - 1))):
            continue
        first, last = _token(text, start, end, seen)
        seen = last
        repaired = _repaired(text[first:last])
        if repaired:
            pieces += (text[done:first], repaired)
            done = last
    pieces.append(text[done:])
    return "".join(pieces)


def _token(text: str, start: int, end: int, floor: int) -> tuple[int, int]:
    """The word around [start, end), letters and apostrophes, not beyond the reach of a word nor before `floor`."""
    first, last = start, end
    while first > max(floor, start - _TOKEN_REACH) and (text[first - 1].isalpha() or text[first - 1] in APOSTROPHES):
        first -= 1
    while last < min(len(text), end + _TOKEN_REACH) and (text[last].isalpha() or text[last] in APOSTROPHES):
        last += 1
    return first, last


def _repaired(token: str) -> str:
    """The token in one alphabet, or "" where its letters do not all have a double there."""
    if len(CYRILLIC_LETTER.findall(token)) >= len(_LATIN.findall(token)):
        changed = token.translate(TO_CYRILLIC)
        return "" if _LATIN.search(changed) else changed
    changed = token.translate(TO_LATIN)
    return "" if CYRILLIC_LETTER.search(changed) else changed
