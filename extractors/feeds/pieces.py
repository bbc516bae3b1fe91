"""The items of a feed as pieces of its text: what reads letter for letter as it did last time need not be read again.

A feed that changes lists two new items among twenty, and reading those twenty is most of what a poll costs. Whether a
text can be taken apart is judged strictly: where in doubt, it is read whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

from sectorwatch import VERSION

MOST = 500  # items of a feed that is taken apart: their digests are kept with the feed
DIGEST = 8  # bytes
# What comes before the root may define entities: then an item's text does not say all of it.
_ROOT = re.compile(
    r"(?:\s|<\?[^<>]{0,500}\?>|<!--(?:(?!-->).){0,2000}-->)*<(rss|rdf:RDF|feed)(?=[\s>])[^<>]*>", re.DOTALL
)
_CHANNEL = re.compile(r"<channel(?=[\s>])[^<>]*>")
_OPENED = {name: re.compile(rf"<{name}[\s>]") for name in ("item", "entry")}
_PAIRS = (("<![CDATA[", "]]>"), ("<!--", "-->"))


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """A feed's text, and where its items are in it."""

    text: str
    spans: tuple[tuple[int, int], ...]
    digests: tuple[bytes, ...]  # of each item's text and of what else decides how it is read; all different

    def without(self, known: Collection[bytes]) -> str:
        """The text without the items of these digests."""
        kept = [(0, 0)]
        kept += [span for span, digest in zip(self.spans, self.digests, strict=True) if digest in known]
        kept.append((len(self.text), len(self.text)))
        return "".join(self.text[end:start] for (_, end), (start, _) in pairwise(kept))


def pieces(text: str, *, url: str) -> Pieces | None:
    """The text of an RSS or Atom feed in pieces; None for one that has none, or cannot be taken apart for certain.

    `url` is where the feed came from: relative links are read by it.
    """
    root = _ROOT.match(text)
    if root is None:
        return None
    spans = _spans(text, "entry" if root[1] == "feed" else "item", root.end())
    if not spans:
        return None
    channel = _CHANNEL.search(text, root.end(), spans[0][0])
    way = "\n".join((VERSION, url, text[: root.end()], channel[0] if channel else ""))
    key = blake2b(way.encode("utf-8", "replace"), digest_size=32).digest()
    digests = tuple(
        blake2b(text[start:end].encode("utf-8", "replace"), digest_size=DIGEST, key=key).digest()
        for start, end in spans
    )
    if len(set(digests)) < len(digests):
        return None
    return Pieces(text=text, spans=spans, digests=digests)


def _spans(text: str, name: str, begin: int) -> tuple[tuple[int, int], ...]:
    """Where the items are; empty where one of them has no end or holds another, or comments cross their borders."""
    spans: list[tuple[int, int]] = []
    opened, closing, at = _OPENED[name].search(text, begin), f"</{name}>", begin
    while opened is not None:
        start, end = opened.start(), text.find(closing, opened.end())
        if end < 0 or len(spans) == MOST:
            return ()
        end += len(closing)
        opened = _OPENED[name].search(text, opened.end())
        if (opened is not None and opened.start() < end) or not (
            _closed(text, at, start) and _closed(text, start, end)
        ):
            return ()
        spans.append((start, end))
        at = end
    return tuple(spans) if _closed(text, at, len(text)) else ()


def _closed(text: str, start: int, end: int) -> bool:
    """Whether every comment and CDATA section that begins there ends there."""
    return all(text.count(opened, start, end) == text.count(closed, start, end) for opened, closed in _PAIRS)
