"""New, changed and known items of a feed are told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.steps.polling.identity import Sorted, candidate, sort_out
from sectorwatch.domain import DateQuality, ParsedEntry
from storage.intake.entries import Known
from tests.builders import NOON


def item(number: int, **changes: object) -> ParsedEntry:
    """An item of a feed, told from others by its number."""
    url = f"https://example.org/{number}"
    entry = ParsedEntry(
        guid=f"guid-{number}",
        url=url,
        canonical_url=url,
        title=f"Title {number}",
        summary="",
        content=None,
        published_at=NOON,
        date_quality=DateQuality.STATED,
    )
    return replace(entry, **changes)  # type: ignore[arg-type]  # tests name real fields


def remembered(*items: ParsedEntry) -> list[Known]:
    """What the store would know after these items."""
    return [
        Known(
            id=number,
            guid=entry.guid,
            canonical_url=entry.canonical_url,
            title=entry.title,
            published_at=entry.published_at,
            content_key=candidate(entry, language="en").content_key,
            title_day_key=candidate(entry, language="en").title_day_key,
            first_seen_at=NOON,
            article_id=number,
        )
        for number, entry in enumerate(items, start=1)
    ]


def sorted_out(now: list[ParsedEntry], before: list[ParsedEntry]) -> Sorted:
    return sort_out(now, remembered(*before), language="en", news_since=NOON)


def test_an_unknown_guid_is_new() -> None:
    """What was never listed is new; what was listed is known."""
    found = sorted_out([item(1), item(2)], [item(1)])
    assert [entry.guid for entry in found.new] == ["guid-2"]
    assert [known.guid for known in found.known] == ["guid-1"]


def test_a_changed_title_is_an_edit_and_not_new() -> None:
    """An edit never comes as a new entry."""
    found = sorted_out([item(1, title="Title 1, updated")], [item(1)])
    assert not found.new
    assert [known.guid for known, _ in found.changed] == ["guid-1"]


@pytest.mark.parametrize(
    ("changes", "edited"),
    [
        ({"published_at": None, "date_quality": DateQuality.MISSING}, False),
        ({"published_at": NOON - timedelta(hours=1)}, False),
        ({"published_at": NOON + timedelta(days=9), "date_quality": DateQuality.FUTURE}, False),
        ({"published_at": NOON + timedelta(minutes=1)}, True),
        ({"updated_at": NOON}, False),
        ({"updated_at": NOON + timedelta(minutes=1)}, True),
    ],
    ids=str,
)
def test_a_later_date_is_an_edit(changes: dict[str, object], edited: bool) -> None:
    """Of publication or of change, as feeds move either; a date that goes, moves back, or is to come says nothing."""
    found = sorted_out([item(1, **changes)], [item(1)])
    assert bool(found.changed) is edited
    assert bool(found.known) is not edited


@pytest.mark.parametrize(("redated", "edited"), [(4, 4), (5, 0), (9, 0)])
def test_dates_that_most_items_get_at_once_say_nothing(redated: int, edited: int) -> None:
    """Some feeds date all they list when they are made: that is not worth a request for each."""
    before = [item(number) for number in range(9)]
    now = [item(number, updated_at=NOON + timedelta(hours=number < redated)) for number in range(9)]
    assert len(sorted_out(now, before).changed) == edited


def test_a_new_guid_for_a_known_address_is_not_new() -> None:
    """A publisher that renames its GUIDs publishes nothing new by that."""
    found = sorted_out([item(1, guid="tag:other,1")], [item(1)])
    assert not found.new
    assert len(found.known) == 1


def test_items_that_share_an_address_stay_apart() -> None:
    """A live blog lists several items under one address: each one is an entry."""
    address = "https://example.org/live"
    posts = [item(n, url=address, canonical_url=address) for n in (1, 2)]
    found = sorted_out(posts, posts[:1])
    assert [entry.guid for entry in found.new] == ["guid-2"]


def test_a_feed_with_all_guids_changed_brings_nothing_new() -> None:
    """A rewritten feed is known by its addresses; what is not known is its archive, but for what is dated later."""
    before = [item(n) for n in range(10)]
    later = item(21, published_at=NOON + timedelta(minutes=1))
    after = [replace(entry, guid=f"new-{entry.guid}") for entry in before[:8]] + [item(20), later]
    found = sorted_out(after, before)
    assert [entry.guid for entry in found.archive] == ["guid-20"]
    assert [entry.guid for entry in found.new] == ["guid-21"]
    assert found.renamed == {number: f"new-guid-{number - 1}" for number in range(1, 9)}


@pytest.mark.parametrize("keeps", ["title", "summary"])
def test_a_feed_with_all_guids_and_addresses_changed_is_known_by_what_it_says(keeps: str) -> None:
    """A move to another system changes ids and links alike: the titles of the day stay, or else the texts."""
    before = [item(n) for n in range(10)]
    changed = {"summary": "Shorter now"} if keeps == "title" else {"published_at": NOON + timedelta(days=3)}
    after = [
        replace(entry, guid=f"new-{entry.guid}", url=f"{entry.url}/amp", canonical_url=f"{entry.url}/amp", **changed)
        for entry in before
    ]
    found = sorted_out([*after, item(20)], before)
    assert [entry.guid for entry in found.archive] == ["guid-20"]
    assert not found.new


def test_half_of_a_feed_has_to_be_known() -> None:
    """Six new items beside four that changed their ids may be a busy day: they are news."""
    before = [item(n) for n in range(4)]
    renamed = [replace(entry, guid=f"new-{entry.guid}") for entry in before]
    found = sorted_out([*renamed, *(item(n) for n in range(20, 26))], before)
    assert (len(found.new), len(found.archive)) == (6, 0)


def test_a_repeated_headline_is_news_in_an_ordinary_feed() -> None:
    """Air raid alerts have one headline all day: each one is an entry."""
    alert = item(1, title="Air raid alert")
    found = sorted_out(
        [item(2, title="Air raid alert"), *(item(n) for n in range(3, 9))], [alert, *map(item, range(3, 9))]
    )
    assert [entry.guid for entry in found.new] == ["guid-2"]


def test_a_corrected_address_is_an_edit() -> None:
    """The page is read again where it is now."""
    found = sorted_out([item(1, url="https://example.org/right", canonical_url="https://example.org/right")], [item(1)])
    assert [known.guid for known, _ in found.changed] == ["guid-1"]


def test_a_busy_feed_is_not_taken_for_a_rewritten_one() -> None:
    """Many new items at unknown addresses are news."""
    found = sorted_out([item(n) for n in range(50, 60)], [item(n) for n in range(10)])
    assert len(found.new) == 10


def test_a_guid_may_come_to_stand_for_another_item() -> None:
    """Another address, another title and a later date are another item, whose guid the old one loses; an editor who
    changes headline and address leaves the date."""
    moved = {"url": "https://example.org/2", "canonical_url": "https://example.org/2", "title": "Title 2"}
    later = sorted_out([item(1, **moved, published_at=NOON + timedelta(hours=1))], [item(1)])
    edited = sorted_out([item(1, **moved)], [item(1)])

    assert ([entry.guid for entry in later.new], later.displaced) == (["guid-1"], {1: "guid-1#was-1"})
    assert ([known.id for known, _ in edited.changed], edited.new, edited.displaced) == ([1], (), {})


def test_an_empty_feed_has_nothing() -> None:
    """No items, nothing new, no division by zero."""
    found = sorted_out([], [])
    assert (found.new, found.changed, found.known, found.renamed) == ((), (), (), {})
