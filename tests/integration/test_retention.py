"""What retention lets go of, what it spares, and that nothing is news again for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select, text, update

from flows.steps.running import prune as step
from flows.steps.running.prune import planned, prune
from flows.steps.tools import Tools
from sectorwatch.domain import DeliveryState, JobState
from sectorwatch.net.client import Answer
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import KeepSettings
from storage import schema
from storage.alerting.outbox import suppress
from storage.engine import open_engine
from storage.running import watching
from storage.secrets import Vault
from storage.tables import (
    alerts,
    article_sectors,
    articles,
    deliveries,
    delivery_alerts,
    entries,
    jobs,
    past_articles,
    raw_pages,
    stories,
    story_bands,
    suppressions,
)
from storage.unit_of_work import Store
from storage.upkeep import room
from tests.builders import NOON, add_entries, add_feed, add_subscription
from tests.conftest import FakeClock
from tests.one_feed import FEED, Item, OneFeed
from tests.one_page import OnePage
from tests.stored_articles import add_article

OTHER = "https://other.example.org/rss"
MONTH = KeepSettings(articles_days=30, mentioning_days=30, deliveries_days=30, suppressions_days=30)


def tools(store: Store, clock: FakeClock, keep: KeepSettings = MONTH) -> Tools:
    return Tools(settings=Settings(keep=keep), store=store, vault=Vault(), clock=clock, random=Random(1))


def count(store: Store, table: Table) -> int:
    with store.read() as work:
        return int(work.connection.execute(select(func.count()).select_from(table)).scalar_one())


def removed(tools: Tools) -> dict[str, int]:
    """What a run removes, but for what is of a few days alone."""
    return {kind: number for kind, number in prune(tools).items() if number and kind != "gists"}


def change(store: Store, *statements: Any) -> None:
    with store.write() as work:
        for statement in statements:
            work.connection.execute(statement)
        work.commit()


class TwoFeeds(OneFeed):
    """Another feed beside it, with items of its own."""

    also: tuple[Item, ...] = ()

    async def get(self, url: str, **options: Any) -> Answer:
        if url != OTHER:
            return await super().get(url, **options)
        mine, self.items = self.items, list(self.also)
        answer = await super().get(FEED)
        self.items = mine
        return replace(answer, url=url)


def test_nothing_is_told_twice(store: Store, clock: FakeClock) -> None:
    """Not when an item of which nothing is left is listed again, edited, or brought by another feed a year later."""
    clock.now = NOON
    add_subscription(store, "one", sectors=("kupiansk",))
    add_feed(store, FEED)
    add_feed(store, OTHER)
    site = TwoFeeds(store, clock)
    site.undated = True
    site.cycle()

    def told(*items: Item, also: tuple[Item, ...] = ()) -> Counter[str]:
        clock.advance(minutes=90)
        site.items, site.also = list(items), also
        return site.cycle()

    news, fresh = Item(number=1, at=NOON), Item(number=2, at=NOON)
    assert told(news)["one"] == 1
    clock.advance(days=400)
    done = prune(tools(store, clock))
    assert (done["stories"], done["articles"], done["deliveries"]) == (1, 1, 1)
    assert [count(store, table) for table in (articles, stories, alerts, past_articles)] == [0, 0, 0, 1]

    assert not told(news)
    assert not told(replace(news, title="Another headline"))
    assert not told(also=(news,))
    assert count(store, articles) == 1  # it is stored again, and known to be old
    assert told(fresh, also=(fresh,))["one"] == 1


@pytest.fixture
def old(store: Store, clock: FakeClock) -> dict[str, int]:
    """Stories of long ago, each for a reason of its own; and one of now. The clock stands 50 days later."""
    feed, clock.now = add_feed(store), NOON
    desk = add_subscription(store, "desk")
    names = ["plain", "mentioning", "unsent", "waiting", "read", "lately"]
    made = {name: add_article(store, feed, name, seen=NOON + timedelta(seconds=n)) for n, name in enumerate(names)}
    now = clock.advance(days=50)
    made["new"] = add_article(store, feed, "new", seen=now)
    add_entries(store, feed, *range(1, 8))
    told = {"window": 0, "sector": "lyman", "opened_at": NOON, "flush_at": NOON, "reason": "x"}
    sent = {"due_at": NOON, "first_due_at": NOON, "created_at": NOON, "target_id": desk.targets[0].id}
    said = {"sector": "lyman", "at": NOON, "side": "unknown", "language": "en", "score": 1, "salience": "body"}
    said |= {"context": "front", "count": 1, "article_id": made["mentioning"]}
    change(store, update(entries).values(read_due_at=None), insert(article_sectors).values(said))
    for number, name in enumerate(made, start=1):
        change(store, update(entries).where(entries.c.id == number).values(article_id=made[name]))
    for number, (name, state) in enumerate({"plain": DeliveryState.SENT, "unsent": DeliveryState.HELD}.items(), 1):
        alert = {**told, "id": number, "subscription_id": desk.id, "story_id": made[name]}  # a story an article
        change(
            store,
            insert(alerts).values(alert),
            insert(deliveries).values(sent | {"id": number, "dedup_key": name, "state": state.value}),
            insert(delivery_alerts).values(delivery_id=number, alert_id=number),
        )
    change(
        store,
        update(entries).where(entries.c.article_id == made["waiting"]).values(read_due_at=now),
        update(entries).where(entries.c.article_id == made["read"]).values(lease_until=now + timedelta(seconds=9)),
        update(articles).where(articles.c.id == made["lately"]).values(read_at=now),
    )
    with store.write() as work:
        for name in ("mentioning", "new"):
            at = NOON if name == "mentioning" else now
            key = {"subscription_id": desk.id, "article_id": made[name], "sector": "lyman"}
            suppress(work, **key, code="edit", reason="x", now=at)
        work.commit()
    return made


def test_what_is_needed_stays(store: Store, clock: FakeClock, old: dict[str, int]) -> None:
    """What mentions something, waits to be sent or read, or changed lately; what goes was counted first."""
    keep = MONTH.model_copy(update={"mentioning_days": 0})
    counted = planned(tools(store, clock, keep))
    told = dict[str, tuple[int, int]]()
    watched = replace(tools(store, clock, keep), progress=lambda step, *how_far: told.update({step: how_far}))
    done = prune(watched, counted)
    assert counted == done
    shown = {kind.replace("_", " "): (count, count) for kind, count in done.items() if kind != "articles"}
    assert {kind: told.get(kind, (0, 0)) for kind in shown} == shown
    gone = {kind: number for kind, number in done.items() if number}
    assert gone == {"stories": 1, "articles": 1, "deliveries": 1, "gists": 6, "suppressions": 1}
    with store.read() as work:
        left = set(work.connection.execute(select(articles.c.id)).scalars())
        found = work.connection.execute(text("SELECT count(*) FROM article_search")).scalar_one()
        emptied = work.connection.execute(select(entries).where(entries.c.id == 1)).mappings().one()
    assert left == set(old.values()) - {old["plain"]}
    assert found == len(left)
    assert (emptied["summary"], emptied["article_id"], emptied["baseline"]) == ("", None, True)
    assert (emptied["guid"], emptied["title"]) == ("guid-1", "Title 1")  # by which it stays known
    assert [count(store, table) for table in (deliveries, suppressions)] == [1, 1]

    assert prune(tools(store, clock, MONTH))["stories"] == 1  # mentions are bounded, too
    assert removed(tools(store, clock)) == {}
    for_ever = KeepSettings(articles_days=0, deliveries_days=0, suppressions_days=0, polls_days=0)
    clock.advance(days=9_000)
    assert removed(tools(store, clock, for_ever)) == {}


def test_a_job_over_the_archive_is_left_its_articles(store: Store, clock: FakeClock, old: dict[str, int]) -> None:
    """Until its lease runs out, or it ends."""
    job = {"kind": "redetect", "options": {}, "state": JobState.OPEN.value, "watermark": 0, "created_at": NOON}
    change(store, insert(jobs).values(**job, lease_token="x", lease_until=clock() + timedelta(seconds=9)))
    assert prune(tools(store, clock))["stories"] == 0
    clock.advance(seconds=10)
    assert prune(tools(store, clock))["stories"] > 0
    assert old


def test_a_run_that_is_killed_goes_on(
    store: Store, clock: FakeClock, old: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it did is done, nothing is half gone, and the next run does the rest."""
    monkeypatch.setattr(step, "STORIES", 1)
    let_go, calls = step.past.let_go, list[int]()

    def killed(work: Any, ids: Any) -> None:
        let_go(work, ids)
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(step.past, "let_go", killed)
    with pytest.raises(KeyboardInterrupt):
        prune(tools(store, clock))
    assert count(store, stories) == len(old) - 1
    assert prune(tools(store, clock))["stories"] == 1
    assert count(store, stories) == count(store, articles) == len(old) - 2


def test_what_there_is_no_room_for_goes(store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest pages first, then the oldest articles that mention nothing; none of the last 30 days."""
    feed, clock.now = add_feed(store), NOON
    for days in range(6):
        seen = NOON + timedelta(days=days)
        words = Random(days).randbytes(300_000).hex()
        number = add_article(store, feed, words, seen=seen)
        page = {"article_id": number, "fetched_at": seen, "charset": "", "body": Random(days).randbytes(900_000)}
        change(store, insert(raw_pages).values(page))
    clock.now = NOON + timedelta(days=34)
    monkeypatch.setattr(step, "PAGES", 1)
    monkeypatch.setattr(step, "STORIES", 1)

    def to_fit(megabytes: int) -> dict[str, int]:
        with store.read() as work:
            fitting = room.used_bytes(work) // 10**6 - megabytes
        keep = KeepSettings(database_mb=fitting)
        settings = Settings.model_validate({"keep": keep, "read": {"keep_raw_days": 99}})
        return removed(replace(tools(store, clock), settings=settings))

    assert to_fit(-1) == {}
    assert to_fit(2) in ({"raw_pages": 3}, {"raw_pages": 4})
    if store.engine.dialect.name == "postgresql":
        assert to_fit(2) == {}  # its files have not grown since
        change(store, text("DELETE FROM switches"))
    done = to_fit(9)
    assert (done["raw_pages"] in (2, 3), done["stories"], count(store, articles)) == (True, 4, 2)


def test_an_sqlite_file_shrinks(tmp_path: Path, clock: FakeClock) -> None:
    """By itself, down to a tenth that stays for what comes; one of an earlier release once it was written anew."""
    file = tmp_path / "store.db"
    store = Store(open_engine(f"sqlite:///{file}"))
    schema.upgrade(store)

    def fill_and_prune() -> tuple[int, int]:
        feed = add_feed(store, f"https://{clock().timestamp()}.example.org/")
        number = add_article(store, feed, "x", seen=clock())
        page = {"article_id": number, "fetched_at": NOON, "charset": "", "body": bytes(9_000_000)}
        change(store, insert(raw_pages).values(page))
        clock.advance(days=9)
        prune(tools(store, clock))
        with store.write() as work:
            free = int(work.connection.execute(text("PRAGMA freelist_count")).scalar_one())
            size = int(work.connection.execute(text("PRAGMA page_count")).scalar_one())
        return free, size

    clock.now = NOON
    free, size = fill_and_prune()
    assert free <= size / 10 < 100
    store.close()
    with room.opened(file, write=True) as earlier:
        earlier.execute("PRAGMA auto_vacuum = NONE")
        earlier.execute("VACUUM")
    free, size = fill_and_prune()
    assert free > size / 2
    assert room.compact(store) > 8_000_000
    free, size = fill_and_prune()
    assert free <= size / 10 < 100
    store.close()


def test_on_a_nearly_full_disk_pages_are_not_kept(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Articles are read and told as ever, and operators see why; another machine's disk is not ours to know."""
    page = OnePage(store, clock)
    ours = store.engine.dialect.name == "sqlite"
    monkeypatch.setattr(room, "LOW", 1 << 60)
    assert page.later(minutes=5) == {"kupiansk": 1}
    assert count(store, raw_pages) == (0 if ours else 1)
    with store.read() as work:
        assert (watching.facts(work, now=clock()).no_room is not None) == ours


def test_keys_of_near_copies_go_when_no_copy_can_come(store: Store, clock: FakeClock) -> None:
    """After eight days; those of an article that changed since stay, and hold up none behind it."""
    clock.now = NOON
    add_feed(store)
    ids = [add_article(store, 1, f"text {number}", seen=NOON) for number in range(3)]
    days = dict(zip(ids, (7, 0, 8), strict=True))
    rows = [
        {"band": band, "article_id": number, "seen_at": NOON + timedelta(days=days[number])}
        for number in ids
        for band in range(16)
    ]
    change(store, insert(story_bands).values(rows))
    clock.advance(days=8, seconds=1)
    assert (prune(tools(store, clock))["story_bands"], count(store, story_bands)) == (16, 32)
    clock.advance(days=8)
    assert prune(tools(store, clock))["story_bands"] == 32


def test_ages_below_what_stories_need_are_refused() -> None:
    """A story, or a rhythm, is told by a month."""
    with pytest.raises(ValueError, match="30 days at least"):
        KeepSettings(articles_days=29)
