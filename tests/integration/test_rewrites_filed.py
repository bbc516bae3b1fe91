"""Rewrites of one piece of news become one story in the store, whoever files them and when; on both databases."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from extractors.reading import understand
from flows.steps.reading.store_article import Filed, file_article
from sectorwatch.domain import ArticleText, DateQuality, Entry, ReadArticle, Source
from sectorwatch.errors import ConfigurationError
from storage.intake import entries
from storage.reading.gists import Shelf, neighbours
from storage.reading.stories import named_by
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.tables import alerts, articles, gist_terms, gists
from storage.unit_of_work import Store, Work
from storage.upkeep import retention
from tests.builders import NOON, add_entries, add_feed, add_subscription
from tests.plugins.commands import Run
from tests.plugins.databases import LONG_ON_POSTGRESQL

pytestmark = LONG_ON_POSTGRESQL

ORIGINAL = (
    "Two glide bombs hit the grain elevator in Shevchenkove near Kupiansk at 04:35, killing loader Petro Hnatenko,"
    " 49, and burning 1,250 tons of wheat. Three firemen were hurt, said district head Oksana Vdovenko. The fire was"
    " put out by noon; the railway to Chuhuiv stayed open."
)
REWRITE = (
    "A loader, Petro Hnatenko, has died in the Kupiansk district: bombs set an elevator of Shevchenkove on fire, and"
    " 1,250 tons of wheat are lost. Hnatenko was 49. Oksana Vdovenko, who leads the district, spoke of three injured"
    " firemen and of trains that still run to Chuhuiv."
)
NEXT_DAY = (
    "Farmers of Shevchenkove near Kupiansk are asked to take back 870 tons of barley from the burnt elevator, said"
    " district head Oksana Vdovenko. Trucks come from Izium on Friday, and 14 families have signed up for help."
)
UKRAINIAN = (
    "О 04:35 дві авіабомби влучили в елеватор у Шевченковому поблизу Куп'янська. Загинув вантажник Петро Гнатенко, йому"
    " було 49 років, згоріло 1 250 тонн пшениці. Поранено трьох пожежників, повідомила голова району Оксана Вдовенко."
    " До полудня вогонь загасили, колія на Чугуїв не постраждала."
)
FULL = (
    ORIGINAL + " " + " ".join(f"The elevator took grain of {number} farms around the village." for number in range(9))
)
PART = ORIGINAL.split(". ")[0] + ". More at six."
STUB = ORIGINAL.split(".")[0] + ". Read the whole story at our site, or listen to it."


def read(body: str, *, method: str = "fast") -> ReadArticle:
    """What the sandbox makes of a text."""
    return understand(
        ArticleText(title="News", text=body, language="", published_at=NOON, canonical_url=None, method=method)
    )


@dataclass(frozen=True)
class Desk:
    """A store with a subscriber of Kupiansk, and an entry of each of three feeds."""

    store: Store
    entries: list[Entry]

    def file(self, work: Work, number: int, body: str, *, method: str = "fast") -> Filed:
        """Files a text as that entry's, of a publisher of its own. Does not commit."""
        return file_article(
            work,
            self.entries[number],
            Source(publisher=f"Publisher {number}"),
            read(body, method=method),
            raw=None,
            charset="",
            subscriptions=subscriptions.every(work, Vault()),
            now=NOON + timedelta(minutes=5),
        )

    def file_and_commit(self, number: int, body: str, *, method: str = "fast") -> Filed:
        with self.store.write() as work:
            filed = self.file(work, number, body, method=method)
            work.commit()
        return filed

    def told(self) -> tuple[int, int]:
        """How many stories and how many alerts there are."""
        with self.store.read() as work:
            found = work.connection.execute(select(func.count(articles.c.story_id.distinct()))).scalar_one()
            return found, work.connection.execute(select(func.count()).select_from(alerts)).scalar_one()


@pytest.fixture
def desk(store: Store) -> Desk:
    add_subscription(store, "one", sectors=("kupiansk",))
    for number in range(3):
        add_entries(store, add_feed(store, f"https://{number}.example.org/rss"), number, now=NOON)
    with store.write() as work:
        _, found = entries.claim_unread(work, now=NOON, limit=9, per_host=9, lease=timedelta(minutes=9))
        work.commit()
    return Desk(store, sorted(found, key=lambda entry: entry.id))


def test_a_rewrite_joins_the_story_and_is_told_once(desk: Desk) -> None:
    """Another publisher's words for it are no second alert, and the reason says what is in common."""
    for number, body in enumerate((ORIGINAL, REWRITE)):
        desk.file_and_commit(number, body)
    assert desk.told() == (1, 1)
    with desk.store.read() as work:
        reason = (
            work.connection.execute(select(articles.c.story_reason).order_by(articles.c.id.desc())).scalars().first()
        )
    assert reason is not None
    assert reason.startswith("tells the news of article 1: in other words")
    assert "Hnatenko" in reason
    assert "1250" in reason


def test_a_report_of_one_form_about_another_place_is_another_story(desk: Desk) -> None:
    """One official's reports on one morning, with the same numbers: each place of a sector has its own."""
    report = (
        "Two people were killed and 27 wounded in {} on Monday when bombs hit 14 houses, a school and a power line,"
        " said Vadym Peretiatko, head of the Donetsk region, and asked people to leave for Ternopil, Rivne and Lutsk."
    )
    again = (
        "Vadym Peretiatko of Donetsk region again asks people to leave for Ternopil, Rivne and Lutsk: in {} bombs hit"
        " 14 houses, a school and a power line, two people are dead and 27 wounded."
    )
    desk.file_and_commit(0, report.format("Druzhkivka"))
    desk.file_and_commit(1, again.format("Kostiantynivka"))
    assert desk.told()[0] == 2
    desk.file_and_commit(2, again.format("Druzhkivka"))
    assert desk.told()[0] == 2


def test_a_place_of_two_sectors_is_one_place_whichever_sector_a_text_speaks_of(desk: Desk) -> None:
    """Nove Shakhove is of the Dobropillia sector, and of the Pokrovsk sector where nothing speaks of the first."""
    desk.file_and_commit(
        0,
        "Заява про захоплення Нового Шахового на Добропільщині не відповідає дійсності, повідомив речник 7-го корпусу"
        " ДШВ майор Тарас Бойчук. Групу з шести росіян, які зайшли зняти відео з прапором, знищено о 14:20. Український"
        " прапор висить на будівлі сільради.",
    )
    desk.file_and_commit(
        1,
        "Шестеро російських солдатів зайшли на край Нового Шахового заради відео і о 14:20 загинули. Майор Тарас Бойчук"
        " із 7-го корпусу ДШВ каже, що село наше: на сільраді український прапор.",
    )
    with desk.store.read() as work:
        assert {("dobropillia", "nove-shakhove"), ("pokrovsk", "nove-shakhove")} <= named_by(work, 1)
    assert desk.told()[0] == 1


def test_a_page_of_the_future_is_not_believed(desk: Desk) -> None:
    """A page that states another century is of the day on which it was seen, and has its rewrites."""
    undated = replace(desk.entries[0], published_at=None, date_quality=DateQuality.MISSING)
    of_future = read(ORIGINAL)
    of_future = replace(of_future, article=replace(of_future.article, published_at=NOON.replace(year=2099)))
    with desk.store.write() as work:
        options: dict[str, Any] = {"raw": None, "charset": "", "subscriptions": (), "now": NOON + timedelta(minutes=5)}
        file_article(work, undated, Source(publisher="Publisher"), of_future, **options)
        work.commit()
    desk.file_and_commit(1, REWRITE)
    with desk.store.read() as work:
        stored = work.connection.execute(select(articles.c.story_id, articles.c.date_quality)).all()
    assert [(row.story_id, row.date_quality) for row in stored] == [(1, "future"), (1, "stated")]


def test_a_warning_that_is_sent_every_day_is_of_each_day(desk: Desk) -> None:
    """The same few words within hours are one story; the next day they warn of something new."""
    sent = [replace(desk.entries[0], published_at=NOON + timedelta(hours=hours)) for hours in (0, 10, 26, 30)]
    for number, entry in enumerate(sent):
        one = replace(entry, guid=f"g{number}", url=None, canonical_url=f"https://0.example.org/{number}")
        one = replace(one, first_seen_at=entry.published_at or NOON, article_id=None)
        with desk.store.write() as work:
            warning = read("Russian bombs were launched at Kupiansk, take shelter now.")
            options: dict[str, Any] = {"raw": None, "charset": "", "subscriptions": (), "now": one.first_seen_at}
            file_article(work, one, Source(publisher="Channel"), warning, **options)
            work.commit()
    with desk.store.read() as work:
        told = work.connection.execute(select(articles.c.story_id).order_by(articles.c.id)).scalars().all()
    assert told == [1, 1, 2, 2]


def test_what_came_of_it_is_a_story_of_its_own(desk: Desk) -> None:
    """A later development is told again."""
    for number, body in enumerate((ORIGINAL, NEXT_DAY)):
        desk.file_and_commit(number, body)
    assert desk.told() == (2, 2)


def test_one_event_in_two_languages_is_two_stories_that_know_each_other(desk: Desk, run: Run) -> None:
    """Each is told to whoever reads its language, and names the other with the reason."""
    for number, body in enumerate((ORIGINAL, UKRAINIAN, REWRITE)):
        desk.file_and_commit(number, body)
    assert desk.told() == (2, 2)
    assert {row["id"]: row["links"] for row in run("stories", "--json")} == {1: [2], 2: [1]}
    (link,) = run("stories", "--explain", "2", "--json")["links"]
    assert (link["other_id"], link["language"]) == (1, "en")
    assert link["reason"].startswith("one event; in common: names ")
    assert "places kupiansk" in link["reason"]


@pytest.mark.parametrize(("english", "ukrainian", "links"), [("Uman", "Умані", [1]), ("Kupiansk", "Покровська", [])])
def test_events_are_related_unless_they_have_other_places(
    desk: Desk, run: Run, english: str, ukrainian: str, links: list[int]
) -> None:
    """Names and numbers may tell enough by themselves; two sectors are two events, whatever else agrees."""
    desk.file_and_commit(0, ORIGINAL.replace("Kupiansk", english).replace("Shevchenkove", "Stavky"))
    desk.file_and_commit(1, UKRAINIAN.replace("Куп'янська", ukrainian).replace("Шевченковому", "Ставках"))
    assert {row["id"]: row["links"] for row in run("stories", "--json")}[2] == links


def test_what_is_read_in_full_later_is_linked_then(desk: Desk, run: Run) -> None:
    """A page that could not be read at first tells of the event, and with whom, once it can."""
    desk.file_and_commit(0, "Kupiansk.", method="feed")
    desk.file_and_commit(1, UKRAINIAN)
    assert [row["links"] for row in run("stories", "--json")] == [[], []]
    desk.file_and_commit(0, ORIGINAL)
    assert {row["id"]: row["links"] for row in run("stories", "--json")} == {1: [2], 2: [1]}


def test_another_event_in_another_language_is_not_related(desk: Desk, run: Run) -> None:
    """The same place and people with other numbers are no event in common."""
    desk.file_and_commit(0, NEXT_DAY)
    desk.file_and_commit(1, UKRAINIAN)
    assert [row["links"] for row in run("stories", "--json")] == [[], []]


def test_a_story_explains_why_its_articles_are_one(desk: Desk, run: Run) -> None:
    """Each article with its reason in words; a number that is none is said to be none."""
    for number, body in enumerate((FULL, REWRITE, PART)):
        desk.file_and_commit(number, body)
    said = run("stories", "--explain", "1")
    assert "story 1: 3 articles of 3 sources" in said
    assert said.count("lead") == 1
    assert "no earlier article is like it" in said
    assert "tells the news of article 1: in other words; in common: names " in said
    assert "of the words of the shorter one" in said
    with pytest.raises(ConfigurationError, match="there is no story 7"):
        run("stories", "--explain", "7")


def test_the_lead_is_the_earliest_article_that_is_no_stub(desk: Desk, run: Run) -> None:
    """A first paragraph gives way to the first whole text, and that to no later one."""
    leads: list[str] = []
    for number, body in enumerate((STUB, FULL, FULL + " Nobody else was hurt.")):
        desk.file_and_commit(number, body)
        members = run("stories", "--explain", "1", "--json")["members"]
        leads += [member["publisher"] for member in members if member["lead"]]
    assert leads == ["Publisher 0", "Publisher 1", "Publisher 1"]


def test_two_workers_with_two_rewrites_at_one_moment_make_one_story(desk: Desk) -> None:
    """The second waits for the first one's transaction, sees its story, and does not tell it again."""
    with ThreadPoolExecutor(1) as pool, desk.store.write() as work:
        desk.file(work, 0, ORIGINAL)
        second = pool.submit(desk.file_and_commit, 1, REWRITE)
        assert not wait([second], timeout=0.3).done
        work.commit()
        assert second.result(timeout=60).folded == 1
    assert desk.told() == (1, 1)


def test_a_page_that_is_read_at_last_joins_the_story_that_was_told(desk: Desk) -> None:
    """The feed's own words named no sector and were like nothing; the page's are a rewrite of what was told."""
    desk.file_and_commit(0, "Grain burns in the east after a strike at night, and one man is dead.", method="feed")
    desk.file_and_commit(1, ORIGINAL)
    assert desk.told() == (2, 1)
    assert desk.file_and_commit(0, REWRITE).folded == 1
    assert desk.told() == (1, 1)


def test_an_article_that_was_told_keeps_its_story(desk: Desk) -> None:
    """Its alert is on record: the page's text changes nothing of that."""
    desk.file_and_commit(0, "Ukrainian troops repelled an assault on Kupiansk in the morning.", method="feed")
    desk.file_and_commit(1, ORIGINAL)
    desk.file_and_commit(0, REWRITE)
    assert desk.told() == (2, 2)


def test_an_edit_replaces_the_gist(desk: Desk) -> None:
    """A rewrite is compared with the text that stands; the words before the edit lead nowhere."""
    desk.file_and_commit(0, NEXT_DAY)
    desk.file_and_commit(0, ORIGINAL)
    desk.file_and_commit(1, REWRITE)
    assert desk.told()[0] == 1
    with desk.store.read() as work:
        assert work.connection.execute(select(func.count()).select_from(gists)).scalar_one() == 2


def test_gists_go_when_no_rewrite_can_come_any_more(desk: Desk) -> None:
    """With their names and numbers; the article stays."""
    desk.file_and_commit(0, ORIGINAL)
    with desk.store.write() as work:
        assert retention.prune(work, "gists", before=NOON, limit=9) == 0
        assert retention.prune(work, "gists", before=NOON + timedelta(days=1), limit=9) == 1
        for table in (gists, gist_terms):
            assert work.connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        assert work.connection.execute(select(func.count()).select_from(articles)).scalar_one() == 1


def test_names_are_looked_up_by_index(desk: Desk) -> None:
    """No table is read through, however many articles there are."""
    desk.file_and_commit(0, ORIGINAL)
    plans: list[str] = []
    with desk.store.write() as work:
        if work.postgresql:
            work.connection.execute(
                text("SET LOCAL enable_seqscan = off")
            )  # of a table of ten rows it is the better way
        explained = "EXPLAIN " if work.postgresql else "EXPLAIN QUERY PLAN "

        def explain(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
            if statement.startswith("SELECT"):
                rows = work.connection.exec_driver_sql(explained + statement, parameters)
                plans.extend(str(row) for row in rows)

        event.listen(work.connection, "before_cursor_execute", explain)
        near = neighbours(work, read(REWRITE).gist.terms, since=NOON, shelf=Shelf())
        event.remove(work.connection, "before_cursor_execute", explain)
    assert [candidate.article_id for candidate in near.candidates] == [1]
    assert len(plans) > 20
    read_through = re.compile(r"SCAN gist|Seq Scan on gist")
    assert not [plan for plan in plans if read_through.search(plan)]
