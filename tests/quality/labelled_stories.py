"""Reads the labelled stories of tests/quality/stories, and files them through the real steps."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

from extractors.reading import understand
from flows.steps.reading.store_article import file_article
from sectorwatch.domain import ArticleText, DateQuality, Entry, ReadArticle, ReadState, Source
from storage.unit_of_work import Store, Work
from tests.builders import add_feed

FOLDER = Path(__file__).parent / "stories"
LANGUAGES = ("uk", "ru", "en", "de", "pl", "fr", "es", "it", "cs", "ro", "nl", "tr")

_STORY = re.compile(r"# (?P<story>\S+)(?: (?P<event>\S+))?")
_ARTICLE = re.compile(r"- (?P<id>\w+) (?P<at>\d\d-\d\d \d\d:\d\d) (?P<publisher>[^|]+) \| (?P<title>.+)")
_COPY = re.compile(r"\{(?P<id>\w+)(?: (?P<part>half|first))?\}")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")


@dataclass(kw_only=True)
class Labelled:
    """One article with what it should be found to be."""

    id: str
    story: str
    event: str  # "" where no other language tells of it
    language: str
    published_at: datetime
    publisher: str
    title: str
    text: str


def read_stories(which: str) -> list[Labelled]:
    """The articles of a set ("dev", "holdout", "third" and so on), the earliest first."""
    files = {language: FOLDER / f"{which}-{language}.txt" for language in LANGUAGES}
    found = [article for language, file in files.items() if file.exists() for article in _read(file, language)]
    return sorted(found, key=lambda article: (article.published_at, article.id))


def _read(file: Path, language: str) -> Iterator[Labelled]:
    story, event = "", ""
    found: dict[str, Labelled] = {}
    for line in file.read_text("utf-8").splitlines():
        if match := _STORY.fullmatch(line):
            yield from found.values()
            story, event, found = match["story"], match["event"] or "", {}
        elif match := _ARTICLE.fullmatch(line):
            article = Labelled(
                id=f"{story}-{match['id']}",
                story=story,
                event=event,
                language=language,
                published_at=datetime.strptime(f"2026-{match['at']} +0000", "%Y-%m-%d %H:%M %z"),
                publisher=match["publisher"],
                title=match["title"],
                text="",
            )
            found[match["id"]] = article
        elif line:
            article.text = f"{article.text}\n{_filled(line, found)}".strip()
    yield from found.values()


def _filled(line: str, found: dict[str, Labelled]) -> str:
    copy = _COPY.fullmatch(line)
    if copy is None:
        return line
    text = found[copy["id"]].text
    if copy["part"] == "first":
        return text.split("\n", 1)[0]
    if copy["part"] == "half":
        sentences = _SENTENCE_ENDS.split(text)
        return " ".join(sentences[: math.ceil(len(sentences) / 2)])
    return text


Seen = Callable[[Work, Labelled, ReadArticle, Mapping[int, str]], None]
"""Looks at an article before it is filed; rows of those that are -> their ids."""


def _looked_at_by_nobody(work: Work, article: Labelled, read: ReadArticle, filed: Mapping[int, str]) -> None:
    pass


def file_all(store: Store, articles: Sequence[Labelled], seen: Seen = _looked_at_by_nobody) -> dict[str, int]:
    """Files the articles in this order as the reading step does; article's id -> its row in the store."""
    feeds: dict[str, int] = {}
    rows: dict[str, int] = {}
    for number, article in enumerate(articles):
        if article.publisher not in feeds:
            feeds[article.publisher] = add_feed(store, f"https://feeds.example.org/{len(feeds)}")
        now = article.published_at + timedelta(minutes=3)
        address = f"https://news.example.org/{number}"
        text = ArticleText(
            title=article.title,
            text=article.text,
            language=article.language,
            published_at=article.published_at,
            canonical_url=address,
            method="fast",
        )
        read = understand(text)
        with store.write() as work:
            seen(work, article, read, {row: name for name, row in rows.items()})
            filed = file_article(
                work,
                _entry(number, article, feeds[article.publisher], address, now),
                Source(publisher=article.publisher),
                read,
                raw=None,
                charset="",
                subscriptions=(),
                now=now,
            )
            work.commit()
        assert filed.article_id is not None
        rows[article.id] = filed.article_id
    return rows


def _entry(number: int, article: Labelled, feed: int, address: str, now: datetime) -> Entry:
    return Entry(
        id=number,
        feed_id=feed,
        guid=article.id,
        url=address,
        canonical_url=address,
        title=article.title,
        summary="",
        content=None,
        language=article.language,
        published_at=article.published_at,
        date_quality=DateQuality.STATED,
        first_seen_at=now,
        baseline=False,
        host="news.example.org",
        read_state=ReadState.WAITING,
        read_attempts=0,
        article_id=None,
    )


@dataclass
class Pairs:
    """Pairs of articles: put together rightly, wrongly, or not at all."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    mistakes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @classmethod
    def total(cls, parts: Iterable[Pairs]) -> Pairs:
        """The counts of several languages together."""
        whole = cls()
        for part in parts:
            whole.right += part.right
            whole.missed += part.missed
            whole.wrong += part.wrong
            whole.mistakes += part.mistakes
        return whole

    def line(self, name: str) -> str:
        rates = f"precision {self.precision:.3f}  recall {self.recall:.3f}"
        return f"{name:18} {rates}  ({self.right} pairs right, {self.missed} missed, {self.wrong} wrong)"


def compare(
    articles: Sequence[Labelled],
    *,
    among: Callable[[Labelled, Labelled], bool],
    wanted: Callable[[Labelled, Labelled], bool],
    given: Callable[[Labelled, Labelled], bool],
) -> Pairs:
    """Counts what is `given` of the pairs `among` which those that are `wanted` belong together."""
    found = Pairs()
    for one, other in combinations(articles, 2):
        if not among(one, other):
            continue
        should, does = wanted(one, other), given(one, other)
        found.right += should and does
        found.missed += should and not does
        found.wrong += does and not should
        if should != does:
            found.mistakes.append(f"{'missed' if should else 'wrong'}: {one.id} and {other.id}")
    return found
