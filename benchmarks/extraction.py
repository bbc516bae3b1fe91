"""Extraction beside trafilatura's default call with metadata, in one run: how right, and how many pages a CPU second.

    make bench PAGES=folder

The folder holds `aeb` (pages and `ground-truth.json`) and `fundus` (pages and `expected.json`). Texts are compared as
in the article-extraction benchmark of Scrapinghub: by runs of four words, precision and recall averaged over the pages.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import trafilatura

from extractors.pages.article import extract_article
from sectorwatch.domain import ArticleText
from sectorwatch.errors import InputError

PAGES = Path(__file__).parents[2] / "shared/data/pages"
SETS = {"aeb": "ground-truth.json", "fundus": "expected.json"}
RUN = 4  # words
ROUNDS = 3

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page, and what it says by its ground truth."""

    name: str
    url: str
    html: bytes
    text: str
    title: str | None
    published_at: datetime | None
    authors: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Score:
    """How near texts are to their truth, each 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def pages(which: str, folder: Path = PAGES) -> list[Page]:
    """The pages of a set, `aeb` or `fundus`."""
    truth = json.loads((folder / which / SETS[which]).read_text("utf-8"))
    return [_page(folder / which, name, told) for name, told in truth.items()]


def score(pairs: Iterator[tuple[str, str]]) -> Score:
    """The score of (true, found) texts."""
    precisions, recalls = [], []
    for true, found in pairs:
        wanted, given = _runs(true), _runs(found)
        common = (wanted & given).total()
        if given:
            precisions.append(common / given.total())
        if wanted:
            recalls.append(common / wanted.total())
    return Score(precision=statistics.mean(precisions), recall=statistics.mean(recalls))


def ours(page: Page) -> ArticleText | None:
    """The article as Sectorwatch reads it; None for a page without readable text."""
    try:
        return extract_article(page.html, url=page.url)
    except InputError:
        return None


def main(options: list[str]) -> int:
    """Prints a line a set; 2 where there are no pages."""
    folder = Path(options[0]) if options else PAGES
    if not all((folder / which).is_dir() for which in SETS):
        print(f"NO BENCHMARK WAS RUN: there are no pages in {folder}: make bench PAGES=folder", file=sys.stderr)
        return 2
    print("pages         F1      P      R   pages/s   times trafilatura's")
    for which in SETS:
        sample = pages(which, folder)
        found = score((page.text, article.text if (article := ours(page)) else "") for page in sample)
        peer = score((page.text, _peer(page)) for page in sample)
        rounds = [(_seconds(ours, sample), _seconds(_peer, sample)) for _ in range(ROUNDS)]
        own_s, peer_s = (statistics.median(times) for times in zip(*rounds, strict=True))
        print(_line(which, found, len(sample) / own_s, f"{peer_s / own_s:10.2f}"))
        print(_line("  trafilatura", peer, len(sample) / peer_s, ""))
    return 0


def _page(folder: Path, name: str, told: dict[str, Any]) -> Page:
    html = gzip.decompress((folder / (name if name.endswith(".gz") else f"{name}.html.gz")).read_bytes())
    date = told.get("publishing_date")
    return Page(
        name=name,
        url=told["url"],
        html=html,
        text=told["articleBody"],
        title=told.get("title"),
        published_at=datetime.fromisoformat(date) if date else None,
        authors=tuple(told.get("authors") or ()),
    )


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + RUN]) for at in range(max(len(words) - RUN + 1, min(len(words), 1))))


def _peer(page: Page) -> str:
    document = trafilatura.bare_extraction(page.html, url=page.url, with_metadata=True)
    return (getattr(document, "text", "") or "") if document else ""


def _seconds(work: Callable[[Page], object], sample: list[Page]) -> float:
    """CPU seconds of one round over all pages; the first was read for the score."""
    start = time.process_time()
    for page in sample:
        work(page)
    return time.process_time() - start


def _line(name: str, found: Score, speed: float, ratio: str) -> str:
    return f"{name:13} {found.f1:.4f} {found.precision:.4f} {found.recall:.4f} {speed:8.1f} {ratio}".rstrip()
