"""A preview decides as the live path did: history replayed on both databases, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from extractors.detection.mentions import sector_scores
from flows.steps.reading.store_article import file_article
from flows.steps.subscribers.preview import preview
from sectorwatch.cli.main import app
from sectorwatch.domain import (
    Context,
    Critical,
    Entry,
    Guards,
    Mode,
    ReadArticle,
    Rule,
    Salience,
    Schedule,
    Side,
    Source,
    Subscription,
    Zone,
)
from sectorwatch.errors import ConfigurationError
from storage.alerting import silences
from storage.intake import entries as entry_store
from storage.reading import history
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.tables import (
    alert_articles,
    alerts,
    deliveries,
    delivery_alerts,
    subscribers,
    suppressions,
)
from storage.unit_of_work import Store, Work
from tests.builders import NOON, add_feed, add_new, add_subscription, mention, new_entry, read_article

ARTICLES = 120
STEP = timedelta(minutes=7)
GUARDS = Guards(feed_cap=3)
QUIET = Schedule(quiet=(time(22), time(7)), hourly_cap=2, critical=Critical(min_score=0.97, headline=True))
RULES = (
    (Rule(sectors=("kupiansk",), places=("zarichne",), min_score=0.6), QUIET),
    (Rule(min_salience=Salience.LEAD, sides=(Side.UKRAINIAN,)), Schedule(mode=Mode.DIGEST, digest_at=time(18))),
    (Rule(sectors=("lyman",), context=Context.PLACE, publishers=("B",)), Schedule()),
)


def article(number: int) -> ReadArticle:
    """Every kind of article in turn: sectors, places, zones, scores, contexts, and copies of what came before."""
    told = number if number % 5 else number - 1  # every fifth is a copy of the one before
    sector, place = (("kupiansk", "pishchane"), ("lyman", "zarichne"), ("lyman", "yampil"))[told % 3]
    found = (
        mention(
            sector,
            place=place,
            zone=tuple(Zone)[number % 4 % 3],
            score=0.4 + number % 7 / 10,
            context=Context.PLACE if number % 11 == 0 else Context.FRONT,
        ),
        *((mention("kupiansk", kind="sector", score=0.8),) if number % 4 == 0 else ()),
    )
    read = read_article(f"News {told} of the front.", bands=(told,))
    return replace(read, detection=replace(read.detection, mentions=found, sectors=tuple(sector_scores(found))))


def claimed(work: Work, number: int, now: datetime) -> Entry:
    """The entry of this number, as whoever reads it has it."""
    _, found = entry_store.claim_unread(work, now=now, limit=999, per_host=999, lease=timedelta(seconds=-1))
    return next(one for one in found if one.guid == f"guid-{number}")


def live(store: Store) -> list[Subscription]:
    """Two days of news through the live path, with a silence in between; returns the subscriptions."""
    add_subscription(store, "one", sectors=("kupiansk",))
    with store.write() as work:
        person = work.connection.execute(select(subscribers.c.id)).scalar_one()
        work.connection.execute(subscribers.update().values(zone="Europe/Kyiv"))
        (old,) = subscriptions.every(work, Vault())
        for name, (rule, schedule) in zip(("default", "second", "third"), RULES, strict=True):
            subscriptions.put_subscription(
                work,
                subscriber_id=person,
                name=name,
                rule=rule,
                target_ids=[target.id for target in old.targets],
                group_wait=timedelta(seconds=60),
                paused=False,
                managed=True,
                now=NOON,
                schedule=schedule,
            )
        silences.add(
            work,
            sector="lyman",
            subscription_id=None,
            subscriber_id=None,
            starts_at=NOON + timedelta(hours=3),
            ends_at=NOON + timedelta(hours=5),
            author="anna",
            reason="exercise",
        )
        work.commit()
    feeds = [add_feed(store, f"https://news.example.org/{number}") for number in range(2)]
    sources = cycle([Source(publisher="A", side=Side.UKRAINIAN), Source(publisher="B", side=Side.RUSSIAN)])
    for number, source in zip(range(1, ARTICLES + 1), sources, strict=False):
        now = NOON + STEP * number
        published = now - timedelta(hours=60 if number % 13 == 0 else 1)
        with store.write() as work:
            new = new_entry(number, published_at=published)
            add_new(work, feeds[number % 7 % 2], new, baseline=number % 17 == 0, now=now)
            wishes = subscriptions.every(work, Vault())
            one = claimed(work, number, now)
            file_article(
                work, one, source, article(number), raw=None, charset="", subscriptions=wishes, now=now, guards=GUARDS
            )
            work.commit()
    return wishes


Key = tuple[int, str]


def recorded(store: Store, subscription: int) -> tuple[dict[Key, tuple[Any, ...]], dict[Key, tuple[Any, ...]]]:
    """What the live path has decided of each (article, sector), and the delivery of each alert."""
    with store.read() as work:
        run = work.connection.execute
        joined = select(alert_articles, alerts.c.sector).join_from(alert_articles, alerts)
        told = run(joined.where(alerts.c.subscription_id == subscription)).mappings().all()
        kept = run(select(suppressions).where(suppressions.c.subscription_id == subscription)).mappings().all()
        sent = (
            select(alert_articles.c.article_id, alerts.c.sector, deliveries)
            .join_from(deliveries, delivery_alerts)
            .join(alerts, alerts.c.id == delivery_alerts.c.alert_id)
            .join(alert_articles, alert_articles.c.alert_id == alerts.c.id)
            .where(deliveries.c.subscription_id == subscription, alert_articles.c.decision == "alert")
        )
        placed = {
            (row["article_id"], row["sector"]): (row["kind"], row["held_for"], row["due_at"], row["heading"])
            for row in run(sent).mappings()
        }
    decided = {(row["article_id"], row["sector"]): (row["decision"], row["reason"], row["decided_at"]) for row in told}
    decided |= {(row["article_id"], row["sector"]): (row["code"], row["reason"], row["at"]) for row in kept}
    return decided, placed


def test_a_preview_of_the_past_is_what_happened(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every decision, with its reason and moment, and the message of every alert: the same, for three schedules."""
    monkeypatch.setattr(history, "_BATCH", 50)
    until, codes, held = NOON + STEP * (ARTICLES + 1), set[str](), set[str]()
    for subscription in live(store):
        with store.read() as work:
            found = preview(work, subscription, since=NOON, until=until, guards=GUARDS)
        decided = {
            (one.article_id, one.sector): (
                one.decision.code.value if one.decision.verdict.value == "suppress" else one.decision.verdict.value,
                one.decision.words,
                one.decision.at,
            )
            for one in found.decisions
        }
        placed = {
            (one.article_id, one.sector): (
                one.placed.kind.value,
                one.placed.held_for,
                one.placed.due_at,
                one.placed.heading,
            )
            for one in found.decisions
            if one.placed is not None
        }
        assert (decided, placed) == recorded(store, subscription.id)
        codes |= {one.decision.code.value for one in found.decisions}
        held |= {one.placed.held_for for one in found.decisions if one.placed is not None}
        with store.read() as work:
            later = preview(work, subscription, since=NOON + timedelta(hours=6), until=until, guards=GUARDS)
        assert {one.article_id for one in later.decisions} <= {one.article_id for one in found.decisions}
        with store.read() as work:
            newest = preview(work, subscription, since=NOON, until=until, guards=GUARDS, most=50)
            whole = preview(work, subscription, since=NOON, until=until, guards=GUARDS, most=ARTICLES)
        assert (whole.cut, whole.decisions) == (False, found.decisions)
        assert (newest.cut, newest.articles, newest.since) == (True, 50, NOON + STEP * (ARTICLES - 49))
        of_newest = [one for one in found.decisions if one.article_id > ARTICLES - 50]
        assert [one.decision for one in newest.decisions] == [one.decision for one in of_newest]
    assert codes >= {"match", "story_known", "silenced", "baseline", "too_old", "side", "place_only", "score_too_low"}
    assert held == {"group", "quiet", "digest", "cap"}


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A subscription in force, in a file, or of options: each is previewed, and an unknown one is refused."""
    file, other = tmp_path / "sectorwatch.toml", tmp_path / "other.toml"
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    desk = '[[subscribers]]\nname = "Desk"\nzone = "Europe/Kyiv"\n[[subscriptions]]\nsubscriber = "Desk"\n'
    file.write_text(f'store.url = "{url}"\n{desk}', "utf-8")
    other.write_text(f'{desk}name = "Lyman"\nsectors = ["lyman"]\ndigest = "day"\n', "utf-8")
    monkeypatch.setenv("SECTORWATCH_CONFIG", str(file))
    monkeypatch.setenv("COLUMNS", "200")
    runner = CliRunner()

    def run(*arguments: str) -> str:
        done = runner.invoke(app, ["subscriptions", "preview", *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done.output

    runner.invoke(app, ["apply"], catch_exceptions=False)
    recent(url)
    found = json.loads(run("Desk/default", "--json"))
    assert (found["alerts"], found["folded"], found["suppressed"], found["cut"]) == (2, 0, {"baseline": 1}, False)
    (first, *_) = found["decisions"]
    assert (first["verdict"], first["code"], first["message"]) == ("alert", "match", "alert")
    digest = run("--file", str(other))
    assert "1 to each target: 0 of one alert, 1 of several (1 alert)" in digest
    assert "  Daily digest, " in digest
    shown = run("--sector", "kupiansk", "--min-score", "0.95")
    assert "suppressed  1 score_too_low" in shown
    assert "the score 0.900 is below 0.95" in shown
    assert "there were more" not in shown
    monkeypatch.setattr("sectorwatch.cli.subscription_preview.on_terminal", lambda: True)
    monkeypatch.setattr("sectorwatch.cli.output.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    shown = run("Desk/default")
    assert "of one alert each" in shown
    assert "would have been sent, the newest first; all of them: at once" in shown
    assert max(map(len, shown.splitlines())) <= 80
    monkeypatch.undo()
    monkeypatch.setenv("SECTORWATCH_CONFIG", str(file))
    monkeypatch.setenv("COLUMNS", "200")
    shown = run("Desk/default", "--most", "1")
    assert "1 article that names" in shown
    assert "there were more: these are the newest, since 2" in shown
    assert json.loads(run("Desk/default", "--most", "1", "--json"))["cut"] is True
    wrong = other.with_name("wrong.toml")
    wrong.write_text(other.read_text("utf-8").replace('"lyman"', '"lymann"'), "utf-8")
    for arguments, words in (
        ((), "one of the two"),
        (("--file", str(wrong)), "wrong.toml, line 7: subscription Desk/Lyman names the unknown sector 'lymann'"),
        (("Desk/default", "--sector", "lyman"), "one of the two"),
        (("Desk/Lyman",), "is not in force; with --file it is taken from a file; known: Desk/default"),
        (("--file", str(other), "Desk"), "is not in the file; known: Desk/Lyman"),
        (("--sector", "kupjansk"), "unknown sector 'kupjansk'"),
        (("--sector", "lyman", "--zone", "Kyiv"), "no time zone"),
    ):
        with pytest.raises(ConfigurationError, match=words):
            run(*arguments)


def recent(url: str) -> None:
    """Three articles of today in the store: of Kupiansk, of Lyman, and one of a feed's first poll."""
    from storage.engine import open_engine

    store, now = Store(open_engine(url)), datetime.now(ZoneInfo("UTC")) - timedelta(hours=2)
    feed = add_feed(store)
    for number, sector in ((1, "kupiansk"), (2, "lyman"), (3, "lyman")):
        with store.write() as work:
            add_new(work, feed, new_entry(number, published_at=now), baseline=number == 3, now=now)
            one = claimed(work, number, now)
            read = read_article(f"News {number}.", sectors=(sector,))
            file_article(work, one, Source(), read, raw=None, charset="", subscriptions=(), now=now)
            work.commit()
    store.close()
