"""What is filed in one unit of work finds each other as if each had been filed alone; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import func, select, text

from extractors.reading import understand
from flows.steps.reading.known import Known, known_of
from flows.steps.reading.read_articles import ReadingRoom
from flows.steps.reading.store_article import Filed, file_article, marks_of
from sectorwatch.domain import ArticleText, Entry, ReadArticle, Source
from sectorwatch.errors import Refusal, RowRefused
from sectorwatch.packing import pack
from storage.intake import entries
from storage.reading.detected import raw_pages_of
from storage.reading.gists import Shelf, neighbours
from storage.tables import articles, gists, stories
from storage.unit_of_work import Store, Work
from storage.upkeep import past
from tests.builders import NOON, add_entries, add_feed

if TYPE_CHECKING:
    from flows.steps.tools import Reader

NEWS = (
    "Two guided bombs hit the grain elevator of Shevchenkove near Kupiansk at 4:35 a.m., and the loader Petro Hnatenko"
    " died, aged 49. Three firemen were hurt and 1,250 tons of wheat burnt, district head Oksana Vdovenko said."
)
REWRITE = (
    "A loader of 49, Petro Hnatenko, was killed when Russian bombs struck the elevator in Shevchenkove, Kupiansk"
    " district. Oksana Vdovenko, who heads it, spoke of 1,250 tons of wheat lost and three firemen in hospital."
)
OTHER = (
    "The bakery of Lyman works again after eight months, with a generator that volunteers from Lutsk have brought; its"
    " owner Nadiia Sorochan bakes 600 loaves a day for those who stayed."
)
LATER = NEWS + " By noon the fire was out, Vdovenko added, and the railway to Chuhuiv is whole."


def read(body: str, *, method: str = "fast", refusal: Refusal | None = None) -> ReadArticle:
    """What the sandbox makes of a text."""
    return understand(
        ArticleText(
            title="News",
            text=body,
            language="",
            published_at=NOON,
            canonical_url=None,
            method=method,
            refusal=refusal,
        )
    )


@dataclass(frozen=True)
class Desk:
    """A store with an entry of each of four feeds."""

    store: Store
    entries: list[Entry]

    def file(self, work: Work, entry: Entry, body: str, known: Known) -> Filed:
        """Files a text as that entry's, of a publisher of its own. Does not commit."""
        return file_article(
            work,
            entry,
            Source(publisher=f"Publisher {entry.feed_id}"),
            read(body),
            raw=pack(body.encode()),
            charset="",
            subscriptions=(),
            now=NOON + timedelta(minutes=5),
            known=known,
        )

    def together(self, *given: tuple[Entry, str]) -> list[Filed]:
        """Files all of them in one unit of work."""
        with self.store.write() as work:
            known = known_of(work, [marks_of(entry, read(body)) for entry, body in given], Shelf())
            filed = [self.file(work, entry, body, known) for entry, body in given]
            work.commit()
        return filed

    def stored(self) -> Sequence[tuple[int, int, int, int]]:
        """Article, story, its lead, and how many articles it has."""
        wanted = select(articles.c.id, stories.c.id, stories.c.lead_article_id, stories.c.articles)
        with self.store.read() as work:
            joined = wanted.join_from(articles, stories, articles.c.story_id == stories.c.id)
            return [tuple(row) for row in work.connection.execute(joined.order_by(articles.c.id))]


@pytest.fixture
def desk(store: Store) -> Desk:
    for number in range(4):
        add_entries(store, add_feed(store, f"https://{number}.example.org/rss"), number, now=NOON)
    with store.write() as work:
        _, found = entries.claim_unread(work, now=NOON, limit=9, per_host=9, lease=timedelta(minutes=9))
        work.commit()
    return Desk(store, sorted(found, key=lambda entry: entry.id))


def test_copies_and_rewrites_find_each_other(desk: Desk) -> None:
    """In one unit of work, in which what each brought is written only at the end."""
    desk.together(*zip(desk.entries, (NEWS, NEWS, REWRITE, OTHER), strict=True))
    assert desk.stored() == [(1, 1, 1, 3), (2, 1, 1, 3), (3, 1, 1, 3), (4, 2, 4, 1)]


def test_all_of_an_article_is_there(desk: Desk) -> None:
    """Its page, and its words for whoever searches."""
    desk.together(*zip(desk.entries[:2], (NEWS, OTHER), strict=True))
    with desk.store.read() as work:
        assert {number: page.body for number, page in raw_pages_of(work, [1, 2]).items()} == {
            1: NEWS.encode(),
            2: OTHER.encode(),
        }
        words = "document @@ to_tsquery('simple', :word)" if work.postgresql else "article_search MATCH :word"
        number = "article_id" if work.postgresql else "rowid"
        wanted = text(f"SELECT {number} FROM article_search WHERE {words}")
        for word, article in (("wheat", 1), ("volunteers", 2)):
            assert work.connection.execute(wanted, {"word": word}).scalars().all() == [article]


def test_an_address_that_comes_twice_is_one_article(desk: Desk) -> None:
    """The second text of one address takes the place of the first, with its page."""
    first, second = desk.entries[0], replace(desk.entries[1], canonical_url=desk.entries[0].canonical_url)
    filed = desk.together((first, NEWS), (desk.entries[2], OTHER), (second, LATER))
    assert [(one.article_id, one.created, one.changed) for one in filed] == [
        (1, True, False), (2, True, False), (1, False, True),
    ]  # fmt: skip
    with desk.store.read() as work:
        assert work.connection.execute(select(articles.c.text).where(articles.c.id == 1)).scalar_one() == LATER
        assert raw_pages_of(work, [1])[1].body == LATER.encode()
        assert work.connection.execute(select(func.count()).select_from(gists)).scalar_one() == 2


def test_what_is_stored_or_was_once_is_not_taken_for_new(desk: Desk) -> None:
    """Of addresses and texts of earlier units of work, and of addresses that are past."""
    first, second, third, fourth = desk.entries
    desk.together((first, NEWS))
    assert first.canonical_url is not None
    given = [(replace(second, canonical_url=first.canonical_url), OTHER), (third, NEWS), (fourth, OTHER)]
    with desk.store.read() as work:
        known = known_of(work, [marks_of(entry, read(body)) for entry, body in given], Shelf())
    assert known.new_addresses == {third.canonical_url, fourth.canonical_url}
    assert not known.new_texts  # one is stored, and the other comes twice
    assert not known.has_no_copy(read(NEWS).fingerprint)
    assert known.has_no_copy(read(LATER.replace("bombs", "missiles")).fingerprint) is False
    with desk.store.write() as work:
        past.let_go(work, [1])
        work.commit()
    with desk.store.read() as work:
        known = known_of(work, [marks_of(third, read(NEWS)), marks_of(first, read(OTHER))], Shelf())
    assert known.new_addresses == {third.canonical_url}
    assert known.has_no_copy(read(NEWS).fingerprint)
    desk.together((replace(second, canonical_url=first.canonical_url), OTHER))
    with desk.store.read() as work:
        assert work.connection.execute(select(articles.c.baseline)).scalars().all() == [True]


def test_a_gist_that_was_kept_is_as_if_it_had_been_read(desk: Desk) -> None:
    """On the shelf stands what the store has, and of many the latest that were asked for."""
    kept, asked = Shelf(), Shelf()
    for entry, body in zip(desk.entries, (NEWS, OTHER, REWRITE, LATER), strict=True):
        with desk.store.write() as work:
            known = known_of(work, [marks_of(entry, read(body))], kept)
            desk.file(work, entry, body, known)
            work.commit()
    with desk.store.read() as work:
        near = neighbours(work, read(NEWS).gist.terms, since=NOON, shelf=asked)
    assert len(near.candidates) >= 2
    for candidate in near.candidates:
        number = next(number for number in range(1, 9) if asked.get(number) == candidate)
        assert kept.get(number) == candidate
    small = Shelf(most=2)
    for number, one in enumerate((*near.candidates, *near.candidates)[:3]):
        small.put(number, one)
        small.get(0)
    assert [number for number in range(3) if small.get(number)] == [0, 2]


def test_what_is_undone_leaves_nothing_on_the_shelf(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers that it gave are given again, to other gists."""
    room = ReadingRoom(cast("Reader", SimpleNamespace(tools=SimpleNamespace(store=desk.store))))
    with desk.store.write() as work:
        desk.file(work, desk.entries[0], NEWS, Known(gists=room.gists))
    assert room.gists.get(1) is not None

    def fails(*_: object) -> None:
        raise RowRefused("an odd value")

    monkeypatch.setattr("flows.steps.reading.read_articles.known_of", fails)
    with pytest.raises(RowRefused):
        room._file_all([])
    assert room.gists.get(1) is None


def test_a_text_that_is_not_taken_moves_no_article(desk: Desk) -> None:
    """Of two feeds that stand in for a locked page the shorter one is passed over, and so is whose copy it is."""
    first, second, third, fourth = desk.entries
    again = replace(third, canonical_url=second.canonical_url)
    locked = read(NEWS, method="feed", refusal=Refusal.PAYWALL)
    shorter = read(OTHER, refusal=Refusal.PAYWALL)
    assert len(OTHER) < len(NEWS)
    for entry, one in ((first, read(OTHER)), (replace(second, baseline=True), locked), (again, shorter)):
        with desk.store.write() as work:
            options = {"raw": None, "charset": "", "subscriptions": (), "now": NOON}
            file_article(work, entry, Source(publisher=f"Publisher {entry.feed_id}"), one, **options)  # type: ignore[arg-type]
            work.commit()
    desk.together((fourth, REWRITE))
    assert desk.stored() == [(1, 1, 1, 1), (2, 2, 2, 2), (3, 2, 2, 2)]
