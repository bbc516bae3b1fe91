"""Pages are read again for as long as an edit is news, and less and less often."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from extractors.stories.edits import Earlier, grows
from flows.steps.rereads import LEAST_GAP, LIVE_GAP, MOST_GAP, REREAD_WITHIN, after_edit, live_again
from tests.builders import NOON

LINES = tuple(
    f"Абзац номер {number} розповідає досить довго про те, що сталося того дня на фронті." for number in range(6)
)


def reads(*, live: bool, every: timedelta = timedelta(minutes=5)) -> list[datetime]:
    """When the page of an item is read that its feed calls edited at every poll, for three days."""
    now = tried = NOON
    due: datetime | None = None
    done = [tried]
    while now < NOON + timedelta(days=3):
        now += every
        due = after_edit(since=NOON, last_tried_at=tried, was_read=True, live=live, now=now) or due
        if due is not None and due <= now:
            done.append(now)
            tried, due = now, None
    return done


def test_a_feed_that_calls_everything_edited_costs_few_requests() -> None:
    """The gaps grow to six hours, and end after two days."""
    done = reads(live=False)
    gaps = [later - earlier for earlier, later in pairwise(done)]
    assert 10 <= len(done) <= 25
    assert gaps == sorted(gaps)
    assert gaps[0] == LEAST_GAP
    assert max(gaps) <= MOST_GAP + LEAST_GAP
    assert done[-1] - NOON <= REREAD_WITHIN + MOST_GAP


def test_a_live_blog_is_read_four_times_an_hour() -> None:
    """Its news would be old otherwise."""
    gaps = [later - earlier for earlier, later in pairwise(reads(live=True))]
    assert max(gaps) == LIVE_GAP


def test_an_item_whose_page_was_not_read_yet_is_due_at_once() -> None:
    """Before it was tried, and where it was tried in vain."""
    for tried, was_read in ((None, False), (NOON, False)):
        due = after_edit(since=NOON, last_tried_at=tried, was_read=was_read, live=False, now=NOON)
        assert due == NOON


@pytest.mark.parametrize(
    ("quiet", "gap"), [(0, 15), (10, 15), (40, 40), (300, 300), (1000, 360)], ids=lambda value: f"{value} min"
)
def test_a_live_blog_that_has_fallen_silent_is_read_less_and_less(quiet: int, gap: int) -> None:
    """Again after as long as it has been silent."""
    now = NOON + timedelta(minutes=quiet)
    assert live_again(since=NOON, grew_at=NOON, now=now) == now + timedelta(minutes=gap)
    assert live_again(since=NOON - REREAD_WITHIN, grew_at=NOON, now=now) is None


def test_commas_and_paragraphs_add_no_sentence() -> None:
    """A sentence is known by its letters, wherever its line begins and ends."""
    earlier = Earlier(["Бої тривають, повідомив Генштаб.\nКуп’янськ обстріляли.", "Старе."])
    assert earlier.has("Бої тривають повідомив Генштаб")
    assert earlier.has("Генштаб. Куп'янськ обстріляли!")
    assert not earlier.has("Бої під Лиманом тривають.")


@pytest.mark.parametrize(
    ("before", "after", "growing"),
    [
        (LINES[:3], LINES[:4], True),
        (LINES[:3], (LINES[4], *LINES[:3]), True),
        (LINES[:5], (LINES[5], *LINES[:4]), True),  # the oldest has gone to another page
        (LINES[:3], LINES[:3], False),
        (LINES[:3], LINES[3:], False),
        (LINES[:3], LINES[:2], False),
        ((), LINES, False),
    ],
)
def test_a_page_grows_where_its_paragraphs_stay_and_more_come(
    before: tuple[str, ...], after: tuple[str, ...], growing: bool
) -> None:
    """Wherever the new ones stand."""
    assert grows("\n".join(before), "\n".join(after)) is growing
