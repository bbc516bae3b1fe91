"""Lines of an article that are not part of it: links to other articles, lists of tags, captions.

Extraction lets some of them through, and each names places that its article does not talk about.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from functools import cache

from extractors.gazetteer.lexicon import ASIDES

Span = tuple[int, int]
"""[start, end) in normalised text."""

_BULLETS = ' \t>*#[(«"“„•·|▪●►▶→»-⚡❗‼🔴📌👉➡'
_HEADLINE = 160  # characters: a longer line below "Read also" is a paragraph again
_ENDS = ".!?…:;。！？"
_HEADLINES = 12  # lines below one "Read also" that may belong to it
_TAGS = re.compile(r"(?:\s*#[\w'-]+[,;]?){3,}\s*")
_REPEATED = 20  # characters from which a line that comes again says nothing new


def asides(text: str) -> list[Span]:
    """Where a normalised text turns aside from what it is about, in order."""
    if "\n" not in text and not _opener().match(text):
        return []
    spans: list[Span] = []
    lines = text.split("\n")
    seen: set[str] = set()
    below = position = 0  # how many more lines may belong to the last opener
    for line in lines:
        bare = line.strip()
        opener = _opener().match(bare.lstrip(_BULLETS)) if bare else None
        if opener:
            below = 0 if _rest(bare, opener) else _HEADLINES
            spans.append((position, position + len(line)))
        elif below and bare and len(bare) <= _HEADLINE and bare[-1] not in _ENDS:
            below -= 1
            spans.append((position, position + len(line)))
        elif bare:
            below = 0
            if _TAGS.fullmatch(line) or line in seen:
                spans.append((position, position + len(line)))
            if len(line) >= _REPEATED:
                seen.add(line)
        position += len(line) + 1
    return spans


def blanked(text: str, spans: list[Span]) -> str:
    """The text with spaces in place of its asides."""
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        pieces += (text[done:start], " " * (end - start))
        done = end
    return "".join((*pieces, text[done:])) if spans else text


def inside(spans: list[Span], position: int) -> bool:
    """Whether a place of the text lies in one of the spans."""
    index = bisect_right(spans, (position, position))
    return any(start <= position < end for start, end in spans[max(0, index - 1) : index + 1])


def _rest(line: str, opener: re.Match[str]) -> str:
    """What stands behind the opener on its line."""
    return line.lstrip(_BULLETS)[opener.end() :].strip(" :|/–—-«»\"'")


@cache
def _opener() -> re.Pattern[str]:
    lists = tomllib.loads(ASIDES.read_text("utf-8"))
    links, marks = ("|".join(map(re.escape, _longest_first(lists[kind]))) for kind in ("links", "marks"))
    return re.compile(rf"(?:(?:{links})(?!\w)|(?:{marks})\.?\s*(?:[:：|/–—]|-\s|$))")


def _longest_first(words: str) -> list[str]:
    return sorted(
        {word.strip() for line in words.split("\n") for word in line.split("|")} - {""}, key=len, reverse=True
    )
