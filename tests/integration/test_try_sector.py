"""A new sector is tried on the stored articles: what it would have found, and what not and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from extractors.gazetteer import Gazetteer, load_sector
from flows.steps.archive import try_sector as step
from flows.steps.archive.try_sector import try_sector
from storage.reading.archive import ArchivedArticle
from storage.unit_of_work import Store
from tests.builders import NOON, add_feed
from tests.stored_articles import add_article

PORT = Gazetteer.of([load_sector('id = "port"\nnames = ["Norrhamn"]\nnot_words = ["film"]', "port.toml")])


def test_the_articles_it_would_have_found_are_told_newest_first(store: Store) -> None:
    """With the sentence and the score; names that were turned down are counted by what spoke against them."""
    feed = add_feed(store)
    add_article(store, feed, "Ships left Norrhamn. The port is shut.", title="Old", seen=NOON)
    add_article(store, feed, "Ice.", title="Norrhamn frozen", seen=NOON + timedelta(hours=1))
    add_article(store, feed, "The film norrhamn is out.", seen=NOON + timedelta(hours=2))
    add_article(store, feed, "Nothing of it.", seen=NOON + timedelta(hours=3))

    trial = try_sector(store, PORT, "port")

    assert (trial.stored, trial.read, trial.with_forms, trial.found, trial.mentions) == (4, 4, 3, 2, 2)
    assert [one.title for one in trial.latest] == ["Norrhamn frozen", "Old"]
    assert trial.latest[1].best.sentence == "Ships left Norrhamn."
    assert trial.rejected == 1
    assert sum(trial.reasons.values()) == 1
    assert set(trial.examples) == set(trial.reasons)
    assert trial.written == {"norrhamn": (3, 1)}


def test_what_is_shown_is_limited_and_what_is_counted_is_not(store: Store) -> None:
    """All articles count; only so many of the latest are kept in memory."""
    feed = add_feed(store)
    for number in range(5):
        add_article(store, feed, f"Norrhamn, day {number}.", seen=NOON + timedelta(days=number))

    trial = try_sector(store, PORT, "port", limit=2)
    later = try_sector(store, PORT, "port", since=NOON + timedelta(days=3))

    assert (trial.found, [one.best.sentence for one in trial.latest]) == (5, ["Norrhamn, day 4.", "Norrhamn, day 3."])
    assert (later.stored, later.read, later.found) == (2, 2, 2)


def test_a_name_that_another_sector_takes_is_told(store: Store) -> None:
    """Where the text speaks for a shipped sector's place of that name, it says whose it was read as."""
    sectors = [
        load_sector('id = "north"\nnames = ["Norrhamn"]', "north.toml"),
        load_sector('id = "south"\nplaces = ["Norrhamn"]\ncues = ["lighthouse"]', "south.toml"),
    ]
    feed = add_feed(store)
    add_article(store, feed, "Snow fell on the lighthouse in Norrhamn.")

    trial = try_sector(store, Gazetteer.of(sectors), "north")

    assert (trial.found, dict(trial.elsewhere)) == (0, {"south": 1})


def test_an_interrupt_keeps_what_was_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops it sees how far it came."""
    feed = add_feed(store)
    for number in range(4):
        add_article(store, feed, f"Norrhamn, day {number}.", seen=NOON + timedelta(days=number))
    real = step._detect

    def impatient(article: ArchivedArticle, gazetteer: Gazetteer) -> object:
        if "day 1" in article.text:
            raise KeyboardInterrupt
        return real(article, gazetteer)

    monkeypatch.setattr(step, "_detect", impatient)

    trial = try_sector(store, PORT, "port")

    assert (trial.stopped, trial.stored, trial.found) == (True, 4, 2)


def test_nothing_is_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial only reads."""
    add_article(store, add_feed(store), "Norrhamn.")

    def refuse(*args: object, **more: object) -> None:
        raise AssertionError("a trial wrote")

    monkeypatch.setattr(Store, "write", refuse)

    assert try_sector(store, PORT, "port").found == 1
