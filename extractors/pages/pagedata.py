"""The text of pages that hold it as data for their scripts alone (Next, Nuxt and the like)."""

from __future__ import annotations

import json
import re
from collections import defaultdict

from selectolax.lexbor import LexborHTMLParser

from extractors.markup import fit, paragraphs

_DATA = "script#__NEXT_DATA__, script#__NUXT_DATA__, script[type='application/json']"
_MOST_SCRIPTS = 10
_MOST_JSON = 1_000_000  # characters of one script
_MOST_VALUES = 50_000  # that are looked at
_PROSE = 60  # characters
_LEAST_WORDS = 8
_LETTERS = 0.7  # of the characters: addresses, keys and code have fewer, and no spaces
_WORD = re.compile(r"[^\W\d_]+")
_TAG = re.compile(r"<[^<>]*>")


def has_data(tree: LexborHTMLParser) -> bool:
    """Whether a page has data in which its text may be."""
    return tree.css_first(_DATA) is not None


def told_in_data(tree: LexborHTMLParser) -> str:
    """The longest text of the page's data, a paragraph a line; "" without any.

    Paragraphs belong together that stand at the same place of their structure, whatever their number in a list: of an
    article the blocks, and not the teasers of others.
    """
    found = defaultdict[tuple[str, ...], list[str]](list)
    for script in tree.css(_DATA)[:_MOST_SCRIPTS]:
        text = script.text()
        if len(text) > _MOST_JSON:
            continue
        try:
            document = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        _gather(document, found)
    return max(("\n".join(dict.fromkeys(parts)) for parts in found.values()), key=len, default="")


def _gather(document: object, found: dict[tuple[str, ...], list[str]]) -> None:
    """Adds the prose of a document by its place, in the order in which it stands there."""
    waiting: list[tuple[tuple[str, ...], object]] = [((), document)]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        place, value = waiting.pop()
        if isinstance(value, str):
            if _is_prose(value):
                found[place].append(paragraphs(fit(value)))
        elif isinstance(value, list):
            waiting += [(place, part) for part in reversed(value)]
        elif isinstance(value, dict):
            waiting += [((*place, key), part) for key, part in reversed(value.items())]


def _is_prose(value: str) -> bool:
    if len(value) < _PROSE or " " not in value:
        return False
    bare = _TAG.sub(" ", value)
    words = _WORD.findall(bare)
    return len(words) >= _LEAST_WORDS and sum(map(len, words)) >= _LETTERS * len(bare.strip())
