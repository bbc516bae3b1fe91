"""Pages that name nothing watched, which most are: what is kept of them is found without extraction.

Such a page keeps what it says of itself and the text of its paragraphs, for search. The page itself is kept as it came,
so that it can be read in full when more is watched.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from extractors.markup import cut
from extractors.pages.article_text import THIN, one_a_line, standing_in, without_paragraphs
from extractors.pages.head import Head
from extractors.pages.pagedata import has_data
from extractors.pages.refusals import refusal_of
from extractors.prefilter import SEAM, Prefilter

LEAST = 1_000
"""Characters: a page with fewer is read in full. It costs little, and may be no article but a wall before one."""
MOST = 50_000  # characters that are kept

_TEMPLATE = re.compile("<template", re.I)
_TAG = re.compile(r"<[^>]*>")


def skim(tree: LexborHTMLParser, head: Head, url: str, said: tuple[str, ...], prefilter: Prefilter) -> str | None:
    """The text that stands in a page; None for one that may name what is watched, is short, locked, may be a wall,
    or has its text as data.

    `said` is what else may become part of the article: the words of its feed.
    """
    visible = _visible(tree)
    if len(visible) < LEAST or head.locked:
        return None
    if prefilter.may_name(visible, *said, head.title, head.body, *_inert(tree)):
        return None
    paragraphs = standing_in(tree)
    if without_paragraphs(paragraphs) and has_data(tree):
        return None
    standing = "\n".join(line for line, _ in paragraphs)
    text = cut(standing if len(standing) >= THIN else one_a_line(visible.replace(SEAM, " ")), MOST)
    return text if refusal_of(tree, head, text, url) is None else None


def _visible(tree: LexborHTMLParser) -> str:
    """All text of a page but its scripts and styles, a SEAM where tags divide it."""
    unseen = {node.text() for node in tree.css("script, style")}
    text = tree.root.text(separator=SEAM) if tree.root is not None else ""
    return SEAM.join(piece for piece in text.split(SEAM) if piece not in unseen)


def _inert(tree: LexborHTMLParser) -> list[str]:
    """What templates hold, which one parser shows and the other does not."""
    return [_TAG.sub(SEAM, node.html or "") for node in tree.css("template")]
