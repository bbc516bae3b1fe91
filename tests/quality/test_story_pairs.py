"""Stories on our own labelled articles: pairwise precision and recall of what the reading step decides.

The articles are filed in the order of their publication through the real step, on SQLite. Rules were made with the
"dev" set in view; of the holdout totals alone are printed, so that nobody mends a rule for one of its texts.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.engine import open_engine
from storage.tables import articles as article_table
from storage.tables import story_links
from storage.unit_of_work import Store
from tests.plugins.databases import StoreTemplates
from tests.quality.labelled_stories import LANGUAGES, Labelled, Pairs, compare, file_all, read_stories

FLOORS: dict[str, dict[str, list[float]]] = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))
SETS = (
    "dev",
    "holdout",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)


@dataclass(frozen=True)
class FiledSet:
    """A set as it lies in the store afterwards."""

    name: str
    articles: list[Labelled]
    stories: dict[str, int]  # article's id -> its story
    links: set[tuple[int, int]]  # stories of one event in two languages

    def within(self, language: str) -> Pairs:
        """The pairs within one language that are one story."""
        return compare(
            self.articles,
            among=lambda one, other: one.language == other.language == language,
            wanted=lambda one, other: one.story == other.story,
            given=lambda one, other: self.stories[one.id] == self.stories[other.id],
        )

    def across(self) -> Pairs:
        """The pairs in two languages that are one event."""
        return compare(
            self.articles,
            among=lambda one, other: one.language != other.language,
            wanted=lambda one, other: bool(one.event) and one.event == other.event,
            given=lambda one, other: tuple(sorted((self.stories[one.id], self.stories[other.id]))) in self.links,
        )


@pytest.fixture(scope="module", params=SETS)
def filed(
    request: pytest.FixtureRequest, store_templates: StoreTemplates, tmp_path_factory: pytest.TempPathFactory
) -> FiledSet:
    """Each set, filed into a store of its own."""
    file = tmp_path_factory.mktemp("labelled") / "sectorwatch.db"
    shutil.copyfile(store_templates.sqlite(), file)
    store = Store(open_engine(f"sqlite:///{file}"))
    articles = read_stories(request.param)
    rows = file_all(store, articles)
    with store.read() as work:
        of = dict(work.connection.execute(select(article_table.c.id, article_table.c.story_id)).tuples().all())
        links = select(story_links.c.story_id, story_links.c.other_id)
        linked = {(one, other) for one, other in work.connection.execute(links)}
    store.close()
    return FiledSet(request.param, articles, {name: of[row] for name, row in rows.items()}, linked)


def test_no_language_puts_together_or_apart_worse_than_its_floor(filed: FiledSet) -> None:
    """Pairwise precision and recall within each language are at least what they were."""
    held = {article.language for article in filed.articles}
    found = {language: filed.within(language) for language in LANGUAGES if language in held}
    found["all"] = Pairs.total(found.values())
    print()
    for language, pairs in found.items():
        print(pairs.line(f"stories {filed.name} {language}"))
    if filed.name != "holdout" and os.environ.get("MISTAKES"):
        print(*found["all"].mistakes, sep="\n")
    floors = FLOORS[f"stories-{filed.name}"]
    below = [
        pairs.line(language)
        for language, pairs in found.items()
        if pairs.precision < floors[language][0] or pairs.recall < floors[language][1]
    ]
    assert below == []


def test_events_are_put_together_across_languages_no_worse_than_the_floor(filed: FiledSet) -> None:
    """Stories of one event in two languages are linked; seldom all, and next to never wrongly."""
    pairs = filed.across()
    print(f"\n{pairs.line(f'events {filed.name}')}")
    if filed.name != "holdout" and os.environ.get("MISTAKES"):
        print(*pairs.mistakes, sep="\n")
    precision, recall = FLOORS[f"stories-{filed.name}"]["events"]
    assert pairs.precision >= precision
    assert pairs.recall >= recall


def test_the_labelled_stories_are_what_they_claim() -> None:
    """At least 60 stories and 250 articles; a third of those made with the rules in the holdout, no article twice."""
    sets = {name: read_stories(name) for name in SETS}
    every = [article for articles in sets.values() for article in articles]
    assert len({article.story for article in every}) >= 60
    assert len({article.id for article in every}) == len(every) >= 250
    made_with = {article.story for name in ("dev", "holdout") for article in sets[name]}
    assert len({article.story for article in sets["holdout"]}) >= len(made_with) / 3
    assert all(article.text and article.title for article in every)
