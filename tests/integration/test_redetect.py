"""The gazetteer in force is run over the archive: counts first, nobody told unless asked, resumed after a crash."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, update

from extractors import reading
from extractors.gazetteer import Gazetteer, load_sector
from extractors.stories.fingerprints import scant
from flows.steps.archive import job as archive_job
from flows.steps.archive import redetect as step
from flows.steps.archive.redetect import Wanted, redetect
from flows.steps.archive.redetected import Redetection
from flows.steps.tools import Progress, Tools, silent
from sectorwatch.cli.redetected import tell
from sectorwatch.domain import DateQuality, JobState, Source
from sectorwatch.errors import ConfigurationError, SandboxError, SectorwatchError
from sectorwatch.packing import pack
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import AlertSettings
from storage.reading import articles
from storage.reading.articles import NewArticle
from storage.reading.stories import open_story
from storage.running import jobs
from storage.secrets import Vault
from storage.sectors import put_all
from storage.tables import articles as articles_table
from storage.tables import jobs as jobs_table
from storage.tables import metadata
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON, add_feed, add_subscription, read_article
from tests.conftest import FakeClock

PORT = load_sector('id = "port"\nnames = ["Norrhamn"]', "port.toml")
OTHER = load_sector('id = "kupiansk"\nnames = ["Kupiansk"]', "kupiansk.toml")
NOW = NOON + timedelta(days=1)
TOLD = ("alerts", "alert_articles", "deliveries", "suppressions")
DONE = ("articles", "mentions", "article_sectors", "jobs")  # all that redetect may touch without alerts


class Direct:
    """Runs the function at once, in this process: the sandbox has tests of its own."""

    def __init__(self, before: Callable[[str], None] = lambda text: None) -> None:
        self._before = before  # told of each text that is to be read

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        for one in args[0] if function is reading.detect_again else ():
            self._before(one.text)
        return function(*args)


@pytest.fixture(autouse=True)
def gazetteer(monkeypatch: pytest.MonkeyPatch) -> Gazetteer:
    """A gazetteer of two sectors, in force."""
    made = Gazetteer.of([PORT, OTHER])
    monkeypatch.setattr(reading, "_prepared", made)
    return made


@pytest.fixture
def late(clock: FakeClock) -> FakeClock:
    clock.now = NOW
    return clock


def add(store: Store, feed: int, text: str, *, sectors: tuple[str, ...] = (), **changes: Any) -> int:
    """An article that an earlier gazetteer has read, of a story of its own unless `story` names one."""
    story = changes.pop("story", None)
    new = NewArticle(
        canonical_url=None,
        url="https://news.example.org/1",
        feed_id=feed,
        source=Source(publisher="News", country="UA"),
        published_at=None,
        date_quality=DateQuality.STATED,
        first_seen_at=NOON,
        baseline=False,
        read=replace(read_article(text, sectors=sectors)),
        raw=None,
    )
    with store.write() as work:
        story = open_story(work, now=NOON) if story is None else story
        added = articles.add(work, replace(new, **changes), story_id=story, story_reason="", now=NOON)
        work.commit()
    return added


def subscribe(store: Store, *, now: datetime = NOON - timedelta(days=30)) -> None:
    add_subscription(store, "mail", sectors=("port",), now=now)


def run(
    store: Store, clock: FakeClock, *, apply: bool = True, sandbox: Direct | None = None, progress: Progress = silent,
    settings: Settings | None = None, **wanted: Any,
) -> Redetection:  # fmt: skip
    tools = Tools(
        settings=settings or Settings(), store=store, vault=Vault(), clock=clock, random=Random(1), progress=progress
    )
    with_ = sandbox or Direct()
    return asyncio.run(redetect(tools, with_, Wanted(**wanted), apply=apply, by="process 1"))  # type: ignore[arg-type]  # a fake


def rows(store: Store, table: str) -> list[dict[str, Any]]:
    chosen = metadata.tables[table]
    with store.read() as work:
        found = work.connection.execute(select(chosen).order_by(*chosen.primary_key.columns)).mappings()
        return [dict(row) for row in found]


def snapshot(store: Store, *without: str) -> dict[str, list[dict[str, Any]]]:
    return {name: rows(store, name) for name in metadata.tables if name not in without}


def found(store: Store) -> list[tuple[int, str]]:
    """The (article, sector) pairs of all mentions."""
    return [(row["article_id"], row["sector"]) for row in rows(store, "mentions")]


def job(store: Store) -> dict[str, Any]:
    return rows(store, "jobs")[-1]


class Stopped(Exception):
    pass


def stop_after(batches: int) -> Progress:
    """Ends the run once so many batches are written."""
    left = iter(range(batches - 1))

    def progress(name: str, done: int, total: int) -> None:
        if next(left, None) is None:
            raise Stopped

    return progress


@pytest.fixture
def archive(store: Store) -> Store:
    """Four articles: gained, kept, lost, of no sector."""
    feed = add_feed(store)
    add(store, feed, "Ships left Norrhamn. The port is shut.")
    add(store, feed, "Troops held Kupiansk overnight.", sectors=("kupiansk",))
    add(store, feed, "Nothing of it.", sectors=("kupiansk",))
    add(store, feed, "Weather.")
    return store


def test_a_dry_run_counts_and_writes_nothing(
    archive: Store, late: FakeClock, monkeypatch: pytest.MonkeyPatch, gazetteer: Gazetteer
) -> None:
    """Articles before and after by sector, with sentences; not even a unit of work that may write is opened."""
    monkeypatch.setattr(Store, "write", None)

    result = run(archive, late, apply=False)

    assert (result.stored, result.outdated, result.looked_at, result.changed) == (4, 4, 4, 3)
    assert {name: tuple(vars(one).values()) for name, one in result.sectors.items()} == {
        "port": (0, 1, 1, 0),
        "kupiansk": (2, 1, 0, 1),
    }
    assert [(one.sector, one.sentence) for one in result.gained] == [("port", "Ships left Norrhamn.")]
    assert [(one.sector, one.title) for one in result.lost] == [("kupiansk", "Title")]
    assert result.as_dict()["alerts"] is None
    assert result.gazetteer_version == gazetteer.version


def test_what_is_applied_is_what_was_counted(archive: Store, late: FakeClock, gazetteer: Gazetteer) -> None:
    """Mentions and versions change and nothing else; when a sector was first found in an article stays."""
    subscribe(archive)
    before, old = snapshot(archive, *DONE), rows(archive, "articles")

    counted = run(archive, late, apply=False)
    applied = run(archive, late)

    assert applied.sectors == counted.sectors
    assert snapshot(archive, *DONE) == before
    assert rows(archive, "articles") == [{**row, "gazetteer_version": gazetteer.version} for row in old]
    assert found(archive) == [(1, "port"), (2, "kupiansk")]
    assert [row["found_at"] for row in rows(archive, "mentions")] == [NOW, NOON]
    assert {row["gazetteer_version"] for row in rows(archive, "mentions")} == {gazetteer.version}
    assert (job(archive)["state"], job(archive)["watermark"]) == (JobState.DONE, 4)
    assert (job(archive)["finished_at"], job(archive)["lease_token"]) == (NOW, None)
    assert run(archive, late).looked_at == 0


def test_mentions_of_old_articles_are_no_news(archive: Store, late: FakeClock) -> None:
    """What is found anew, or written again, is listed where its article belongs."""
    run(archive, late)

    with archive.read() as work:
        listed = queries.mention_rows(work, limit=9)
        new = queries.mention_rows(work, since=NOW, limit=9)

    assert [row.sector for row in listed] == ["kupiansk", "port"]
    assert new == []


def test_nobody_is_told_unless_asked(archive: Store, late: FakeClock) -> None:
    """A new sector in an old article makes no alert, no delivery and no suppression by itself."""
    subscribe(archive)

    run(archive, late)

    assert [rows(archive, table) for table in TOLD] == [[], [], [], []]


def test_alerts_that_were_asked_for_come_once(archive: Store, late: FakeClock) -> None:
    """A sector that an article newly has is told as the live path would; a second run finds nothing new."""
    subscribe(archive)

    first = run(archive, late, alert=True)
    told = snapshot(archive, "jobs", "articles", "mentions")
    second = run(archive, late, alert=True)
    third = run(archive, late, alert=True, every=True)

    assert first.decided == {"alerts": 1, "folded": 0, "suppressed": 0}
    assert [row["state"] for row in rows(archive, "deliveries")] == ["pending"]
    assert (second.looked_at, third.looked_at, third.changed) == (0, 4, 0)
    assert snapshot(archive, "jobs", "articles", "mentions") == told


def test_a_flood_of_a_new_gazetteer_is_held(store: Store, late: FakeClock, capsys: pytest.CaptureFixture[str]) -> None:
    """The storm brake holds what detecting anew would tell all at once, and the run says so."""
    feed = add_feed(store)
    subscribe(store)
    for number in range(3):
        add(store, feed, f"Norrhamn, news {number}.")
    result = run(store, late, settings=Settings(alerts=AlertSettings(storm_floor=1)), alert=True)
    assert result.storm is not None
    assert (result.storm.stories, result.storm.deliveries) == (3, 3)
    tell(result, every=False, sector=None)
    assert "STORM      more than 1 stories" in capsys.readouterr().out


def test_the_reasons_of_the_live_path_hold(store: Store, late: FakeClock) -> None:
    """What is too old, of a baseline, from before the subscription, or of a told story alerts nobody, on record."""
    feed = add_feed(store)
    subscribe(store, now=NOON)
    add(store, feed, "Norrhamn, old.", published_at=NOON - timedelta(days=3))
    add(store, feed, "Norrhamn, first poll.", baseline=True)
    add(store, feed, "Norrhamn, before.", first_seen_at=NOON - timedelta(hours=1))
    add(store, feed, "Norrhamn, news.")
    story = rows(store, "articles")[-1]["story_id"]
    add(store, feed, "Norrhamn, the same news.", story=story)

    result = run(store, late, alert=True)

    assert result.decided == {"alerts": 1, "folded": 1, "suppressed": 3}
    assert [row["code"] for row in rows(store, "suppressions")] == ["too_old", "baseline", "before_start"]
    assert len(rows(store, "deliveries")) == 1


def test_alerts_need_something_written(archive: Store, late: FakeClock) -> None:
    """Asked for in a dry run they are wrong use."""
    with pytest.raises(ConfigurationError, match="--apply"):
        run(archive, late, apply=False, alert=True)


@pytest.mark.parametrize("every", [False, True])
def test_a_run_that_was_stopped_is_gone_on_with(
    archive: Store, late: FakeClock, monkeypatch: pytest.MonkeyPatch, every: bool
) -> None:
    """After the watermark, with the counts so far; together they are those of one run."""
    monkeypatch.setattr(step, "BATCH", 1)
    whole = run(archive, late, apply=False)
    with pytest.raises(Stopped):
        run(archive, late, progress=stop_after(2), every=every)
    assert (job(archive)["state"], job(archive)["watermark"]) == (JobState.OPEN, 2)
    read: list[str] = []

    result = run(archive, late, sandbox=Direct(read.append), every=every)

    assert (result.resumed_after, read) == (2, ["Nothing of it.", "Weather."])
    assert (result.looked_at, result.changed, result.sectors) == (4, 3, whole.sectors)
    assert [row["state"] for row in rows(archive, "jobs")] == [JobState.DONE]


def test_since_24_hours_is_the_same_job_an_hour_later(
    archive: Store, late: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on from the moment that the job began with."""
    monkeypatch.setattr(step, "BATCH", 1)
    with pytest.raises(Stopped):
        run(archive, late, progress=stop_after(1), since=NOON, since_as_given="3d")
    late.advance(hours=1)

    result = run(archive, late, since=NOON + timedelta(hours=1), since_as_given="3d")

    assert (result.resumed_after, result.looked_at) == (1, 4)


def test_other_options_begin_anew(archive: Store, late: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job that nobody will go on with is closed as superseded; so with another gazetteer."""
    monkeypatch.setattr(step, "BATCH", 1)
    for wanted in ({}, {"every": True}):
        with pytest.raises(Stopped):
            run(archive, late, progress=stop_after(1), **wanted)
    monkeypatch.setattr(reading, "_prepared", Gazetteer.of([PORT]))

    result = run(archive, late, every=True)

    assert (result.resumed_after, result.looked_at) == (None, 4)
    assert [row["state"] for row in rows(archive, "jobs")] == [JobState.SUPERSEDED, JobState.SUPERSEDED, JobState.DONE]
    assert found(archive) == [(1, "port")]


def test_two_never_run_at_once(archive: Store, late: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second says who is at work and until when; a killed one's job comes free with its lease."""
    monkeypatch.setattr(step, "BATCH", 1)
    monkeypatch.setattr(jobs, "let_go", lambda work, job: None)  # as if it had been killed
    with pytest.raises(Stopped):
        run(archive, late, progress=stop_after(1))

    with pytest.raises(SectorwatchError, match=r"job 1, process 1, .* until 12:00:45 UTC") as refused:
        run(archive, late)
    assert refused.value.exit_code == 1
    late.advance(seconds=46)

    assert run(archive, late).resumed_after == 1


def test_of_two_that_begin_together_one_is_refused(archive: Store, late: FakeClock) -> None:
    """Both may look for a job before either has one: the database lets one after the other do so."""
    tools = Tools(settings=Settings(), store=archive, vault=Vault(), clock=late, random=Random(1))
    together = Barrier(8)

    def claim(number: int) -> str:
        together.wait(10)
        try:
            return f"job {archive_job.claim(tools, step.KIND, {}, since=None, by=f'process {number}').id}"
        except SectorwatchError as error:
            return "refused" if "running already" in str(error) else str(error)

    with ThreadPoolExecutor(8) as threads:
        answers = Counter(threads.map(claim, range(8)))

    assert answers == {"job 1": 1, "refused": 7}


def test_who_lost_the_lease_writes_nothing_more(archive: Store, late: FakeClock) -> None:
    """A process that slept through its lease stops with its batch rolled back."""

    def take_over(text: str) -> None:
        with archive.write() as work:
            work.connection.execute(update(jobs_table).values(lease_token="somebody else"))
            work.commit()

    before = found(archive)
    with pytest.raises(SectorwatchError, match="no longer ours"):
        run(archive, late, sandbox=Direct(take_over))

    assert found(archive) == before
    assert (job(archive)["state"], job(archive)["lease_token"]) == (JobState.OPEN, "somebody else")


def test_an_article_edited_meanwhile_keeps_what_was_found_in_its_new_text(archive: Store, late: FakeClock) -> None:
    """The mentions of the old text are not written over those of the new one."""

    def edit(text: str) -> None:
        if not text.startswith("Ships"):
            return
        with archive.write() as work:
            old = articles.get(work, 1)
            assert old is not None
            new = NewArticle(
                canonical_url=None,
                url=None,
                feed_id=1,
                source=Source(),
                published_at=None,
                date_quality=DateQuality.STATED,
                first_seen_at=NOON,
                baseline=False,
                read=read_article("Troops held Kupiansk overnight, edited."),
                raw=None,
            )
            articles.replace(work, old, new, now=NOW)
            work.commit()

    result = run(archive, late, sandbox=Direct(edit))

    assert (result.edited, result.looked_at) == (1, 3)
    assert sorted(found(archive)) == [(1, "kupiansk"), (2, "kupiansk")]
    assert rows(archive, "articles")[0]["gazetteer_version"] == "test"


def test_a_text_that_kills_its_process_is_skipped_and_counted(archive: Store, late: FakeClock) -> None:
    """Its mentions and version stay as they are; the others of its call are done."""

    def kill(text: str) -> None:
        if text.startswith("Nothing"):
            raise SandboxError("detect_again took over 30 s and was stopped", kind="timeout")

    result = run(archive, late, sandbox=Direct(kill))

    assert [(number, why) for number, _, why in result.skipped] == [
        (3, "detect_again took over 30 s and was stopped"),
    ]
    assert (result.looked_at, job(archive)["counts"]["skipped"], job(archive)["state"]) == (3, 1, JobState.DONE)
    assert found(archive) == [(3, "kupiansk"), (1, "port"), (2, "kupiansk")]
    assert run(archive, late, apply=False).outdated == 1


def test_what_an_earlier_run_of_the_job_skipped_still_counts(
    archive: Store, late: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that was gone on with ends with all its skipped texts on record, and not as if nothing had failed."""
    monkeypatch.setattr(step, "BATCH", 1)

    def kill(text: str) -> None:
        if text.startswith("Ships"):
            raise SandboxError("detect_again lost its process", kind="crash")

    with pytest.raises(Stopped):
        run(archive, late, sandbox=Direct(kill), progress=stop_after(2))

    result = run(archive, late)

    assert (result.skipped, result.skipped_in_all) == ([], 1)
    assert result.as_summary()["articles"]["skipped"] == job(archive)["counts"]["skipped"] == 1


def test_one_sector_leaves_the_others_alone(archive: Store, late: FakeClock) -> None:
    """Only its mentions are replaced; the articles count as unread by this gazetteer, so that the rest can follow."""
    result = run(archive, late, sector="port")

    assert (list(result.sectors), result.changed) == (["port"], 1)
    assert sorted(found(archive)) == [(1, "port"), (2, "kupiansk"), (3, "kupiansk")]
    assert {row["gazetteer_version"] for row in rows(archive, "articles")} == {"test"}
    assert run(archive, late).looked_at == 4


def test_language_and_time_narrow_what_is_read(archive: Store, late: FakeClock) -> None:
    """Only articles of that language, seen from then on."""
    with archive.write() as work:
        work.connection.execute(update(articles_table).where(articles_table.c.id == 2).values(language="uk"))
        late_ones = update(articles_table).where(articles_table.c.id == 4)
        work.connection.execute(late_ones.values(first_seen_at=NOON + timedelta(days=1)))
        work.commit()

    assert (run(archive, late, apply=False, language="uk").looked_at) == 1
    assert (run(archive, late, apply=False, since=NOON + timedelta(hours=1)).stored) == 1


def test_articles_of_this_version_are_read_only_with_every(archive: Store, late: FakeClock) -> None:
    """Nothing is done twice by itself."""
    run(archive, late)

    again = run(archive, late, apply=False)
    every = run(archive, late, apply=False, every=True)

    assert (again.stored, again.outdated, again.looked_at) == (4, 0, 0)
    assert (every.outdated, every.looked_at, every.changed) == (0, 4, 0)


def test_an_empty_archive_is_done_at_once(store: Store, late: FakeClock) -> None:
    """There is nothing to count and nothing to write."""
    assert run(store, late, apply=False).stored == 0
    assert run(store, late).looked_at == 0
    assert job(store)["state"] == JobState.DONE


def test_an_unknown_sector_is_wrong_use(archive: Store, late: FakeClock) -> None:
    """It says which there are, before anything is begun."""
    with pytest.raises(ConfigurationError, match=r"'nowhere'; known: kupiansk, port"):
        run(archive, late, sector="nowhere")
    assert rows(archive, "jobs") == []


def test_sectors_applied_meanwhile_end_the_run(
    archive: Store, late: FakeClock, monkeypatch: pytest.MonkeyPatch, gazetteer: Gazetteer
) -> None:
    """What the live path reads with the new sectors is not written over by the old ones; the next run begins anew."""
    monkeypatch.setattr(step, "BATCH", 1)
    fresh: list[int] = []

    def apply(text: str) -> None:
        if not text.startswith("Nothing"):
            return
        with archive.write() as work:
            put_all(work, {"fleet": "Fleet"}, {"fleet": "the new definition"}, version="newer", now=NOW)
            work.commit()
        fresh.append(add(archive, 1, "Ships of the fleet.", sectors=("fleet",)))

    with pytest.raises(SectorwatchError, match="'sectorwatch apply' meanwhile") as refused:
        run(archive, late, sandbox=Direct(apply))

    assert refused.value.exit_code == 1
    assert (fresh[0], "fleet") in found(archive)
    assert rows(archive, "articles")[-1]["gazetteer_version"] == "test"
    assert (job(archive)["state"], job(archive)["lease_token"]) == (JobState.OPEN, None)
    monkeypatch.setattr(reading, "_prepared", Gazetteer.of([PORT]))
    assert run(archive, late).resumed_after is None
    assert [row["state"] for row in rows(archive, "jobs")] == [JobState.SUPERSEDED, JobState.DONE]


def test_mentions_are_counted_beside_articles(store: Store, late: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second mention in an article that had the sector is gained too; a job that is gone on with adds up the same."""
    feed = add_feed(store)
    add(store, feed, "Troops held Kupiansk overnight. Kupiansk is quiet.", sectors=("kupiansk",))
    add(store, feed, "Norrhamn, Norrhamn. Nothing of it.", sectors=("kupiansk",))
    whole = run(store, late, apply=False)
    monkeypatch.setattr(step, "BATCH", 1)
    with pytest.raises(Stopped):
        run(store, late, progress=stop_after(1))

    resumed = run(store, late)

    assert {name: tuple(vars(one).values()) for name, one in whole.mentions.items()} == {
        "kupiansk": (2, 2, 1, 1),
        "port": (0, 2, 2, 0),
    }
    assert {name: tuple(vars(one).values()) for name, one in whole.sectors.items()} == {
        "kupiansk": (2, 1, 0, 1),
        "port": (0, 1, 1, 0),
    }
    assert (resumed.resumed_after, resumed.mentions) == (1, whole.mentions)
    assert resumed.as_summary()["mentions"]["port"] == {"before": 0, "after": 2, "gained": 2, "lost": 0}


WEATHER = "The council met on Monday and talked about the budget of the library, the price of bread and the weather."
SHIPS = "Ships left Norrhamn on Monday with grain, said the harbour master, who expects five more of them this week."


def skimmed(store: Store, feed: int, text: str, number: int, *, raw: bool = True) -> int:
    """An article that an earlier gazetteer, to which the page named nothing, has skimmed."""
    lines = "".join(f"<p>{WEATHER} Line {line}.</p>" for line in range(12))
    page = f"<html lang='en'><title>News</title><article><p>{text}</p>{lines}</article></html>".encode()
    read = replace(read_article(f"Page {number}", sectors=(), method="skimmed"), fingerprint=scant(f"{number}"))
    url = f"https://news.example.org/{number}"
    return add(store, feed, "", read=read, raw=pack(page) if raw else None, url=url, canonical_url=url)


def test_a_skimmed_page_is_read_in_full_when_a_new_sector_wants_it(archive: Store, late: FakeClock) -> None:
    """It is told as one that is read now, joins its copies, and keeps its page; what names nothing stays skimmed."""
    subscribe(archive)
    first, copy = skimmed(archive, 1, SHIPS, 1), skimmed(archive, 1, SHIPS, 1 << 8)
    other, gone = skimmed(archive, 1, WEATHER, 2), skimmed(archive, 1, SHIPS, 3, raw=False)
    pages = rows(archive, "raw_pages")

    counted = run(archive, late, apply=False)
    applied = run(archive, late, alert=True)

    assert applied.sectors == counted.sectors
    methods = {row["id"]: row["method"] for row in rows(archive, "articles")}
    assert [methods[one] for one in (first, copy, other, gone)] == ["fast", "fast", "skimmed", "skimmed"]
    assert [one for one, sector in found(archive) if sector == "port"] == [1, first, copy]
    assert rows(archive, "raw_pages") == pages
    told = {row["id"]: row["story_id"] for row in rows(archive, "articles")}
    assert told[first] == told[copy] != told[other]
    assert len(rows(archive, "stories")) == len(set(told.values()))
    assert applied.decided["alerts"] == 2
    assert run(archive, late).looked_at == 0
