"""Of one thing it is not said that there are several."""

from __future__ import annotations

import re

import pytest

from sectorwatch.plurals import counted, each_counted, in_a_row
from tests.documents import ROOT

PACKAGES = ("alerts", "extractors", "flows", "sectorwatch", "storage")
# A number, and behind it the name of several things.
SEVERAL = re.compile(
    r"\{[^{}!]+\} (?:more |new |old |empty |former )?"
    r"(?:addresses|alerts|articles|attempts|characters|days|deliveries|entries|failures|feeds|flows|items|keys|mails|"
    r"mentions|messages|notices|pages|places|processes|requests|stories|subscribers|subscriptions|targets|texts)\b"
)
# What is never one: bounds, and what is said of several alone.
NEVER_ONE = (
    "ore than {", "the first {", "up to {", "at most {", "In the last {days} days", "the newest {articles}", 'many="',
    "{LEAST_KEPT_DAYS}", "{LEAST_KEY}", "{_MAX_NAME}", "{LONGEST", "{SHORTEST_PASSWORD}", "{WINDOW.days}", "{MOST",
    "{len(raw.items):,}", "{place.homonyms}", "{found.seen}", "{len(newsroom.feeds)}", "{len(found.feeds):,}",
    "{way.characters:,}", "{len(article.text):,}", "{one.characters_after:,}", "{length}", "{len(text)}",
    "{count} places",
)  # fmt: skip


def test_one_is_one_and_none_are_several() -> None:
    assert [counted(number, "story", "stories") for number in (0, 1, 2)] == ["0 stories", "1 story", "2 stories"]
    assert (
        each_counted({"raw_pages": 1, "polls": 0, "deliveries": 1, "stories": 3}) == "1 raw page, 1 delivery, 3 stories"
    )
    assert [in_a_row(1), in_a_row(3)] == ["once", "3 times in a row"]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_message_says_one_articles(package: str) -> None:
    """Where there may be one thing, `counted` chooses the word."""
    found = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in (ROOT / package).rglob("*.py")
        for line in file.read_text("utf-8").splitlines()
        if SEVERAL.search(line) and not any(words in line for words in NEVER_ONE)
    ]

    assert found == []
