"""The pages that anybody may see, on the real application and both databases."""

from __future__ import annotations

import asyncio
import csv
import re
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from random import Random
from typing import Any

import feedparser
import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from flows.steps.alerting.deliver_alerts import deliver_alerts
from flows.steps.roster.apply import apply_roster
from flows.steps.tools import Sender, Tools
from sectorwatch.domain import Context, Side, Source
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import WebSettings
from sectorwatch.web import public_views
from sectorwatch.web.app import create_app
from storage.reading.story_links import link
from storage.secrets import Vault
from storage.tables import articles, mentions
from storage.unit_of_work import Store
from storage.views import stories as story_views
from tests.builders import NOON, SENTENCE, add_entries, add_feed, add_subscription, mention, read_article
from tests.conftest import FakeClock
from tests.desk import Mailbox
from tests.integration.test_store_outbox import LATER, entry, file

PUBLIC = "https://watch.test"
HOSTILE = "<script>alert(1)</script> {{ 7*191 }} \u202e\x1b Kupiansk & \"quotes\" 'of'"


class Site:
    """The application on a store with sectors in force, and news of a hundred days."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock = store, clock
        clock.now = NOON
        self.settings = Settings(public_url=PUBLIC)
        self.tools = Tools(settings=self.settings, store=store, vault=Vault(), clock=clock, random=Random(1))
        apply_roster(self.tools)
        add_entries(store, add_feed(store), *range(1, 40), now=LATER)
        clock.now = LATER
        self.web = self.served()

    def served(self, **web: Any) -> TestClient:
        tools = replace(self.tools, settings=self.settings.model_copy(update={"web": WebSettings(**web)}))
        return TestClient(create_app(tools), base_url=PUBLIC, follow_redirects=False)

    def news(
        self,
        number: int,
        text: str = "",
        *,
        title: str = "Title",
        sectors: tuple[str, ...] = ("kupiansk",),
        side: Side = Side.UKRAINIAN,
        publisher: str = "News",
        language: str = "en",
        at: datetime = LATER,
        context: Context = Context.FRONT,
    ) -> None:
        """One article, published at that time."""
        read = read_article(text or f"{SENTENCE} {number}", sectors=sectors)
        found = replace(
            read.detection,
            language=language,
            mentions=tuple(mention(sector, context=context) for sector in sectors),
        )
        read = replace(read, article=replace(read.article, title=title), detection=found)
        one = replace(entry(self.store, number), published_at=at)
        file(self.store, one, read, source=Source(publisher=publisher, side=side), now=max(at, LATER))

    def get(self, path: str, status: int = 200, **headers: str) -> str:
        answer = self.web.get(path, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.text


@pytest.fixture
def site(store: Store, clock: FakeClock) -> Site:
    return Site(store, clock)


def titles(page: str) -> list[str]:
    return re.findall(r'<h[23] class="title" dir="auto"[^>]*>(?:<a [^>]*>)?([^<]*)', page)


def test_an_empty_archive_is_no_error(site: Site) -> None:
    """Every page of a store without news: sectors without any, no story, a feed without entries."""
    assert "No news yet of" in site.get("/")
    assert "No story is like that" in site.get("/stories")
    assert "No story is like that" in site.get("/sectors/kupiansk")
    assert feedparser.parse(site.get("/sectors/kupiansk/feed.atom")).bozo is False
    assert site.web.get("/sectors/kupiansk/feed.json").json()["items"] == []


def test_the_board_ranks_counts_and_quotes(site: Site) -> None:
    """The busier sector first, today's articles beside the usual, the newest story with its sentence marked."""
    for number in range(1, 8):
        site.news(number, at=LATER - timedelta(hours=number), title=f"Kupiansk {number}")
    site.news(8, at=LATER - timedelta(days=2), title="Before")
    site.news(9, sectors=("lyman",), title="Of Lyman", context=Context.FRONT)
    site.news(10, sectors=("lyman",), title="The court of Lyman", context=Context.PLACE)
    site.news(11, at=LATER + timedelta(days=3), title="From the future", sectors=("pokrovsk",))
    page = site.get("/")
    board = page[page.index('class="board"') :]
    assert re.findall(r'<li id="([\w-]+)">', board)[:3] == ["kupiansk", "lyman", "pokrovsk"]
    assert "<strong>7</strong> in 24 hours" in board
    assert "usually 0.5" in board  # one article in the two days since the first
    assert "14.0 times the usual" in board
    assert "<mark>Kupiansk</mark>" in board
    assert "Kupiansk 1</a>" in board
    assert "The court of Lyman" not in board
    assert board.count("<strong>1</strong> in 24 hours") == 2


def test_filters_choose_and_pages_follow(site: Site) -> None:
    """Each filter by itself, and one story a line, through all pages: none twice and none left out."""
    for number in range(1, 31):
        site.news(number, at=LATER - timedelta(hours=number // 2), title=f"Story {number}")
    site.news(31, title="Russian", side=Side.RUSSIAN, publisher="Kurier", language="ru", at=LATER - timedelta(days=20))
    site.news(32, title="Court", context=Context.PLACE)
    first = site.get("/sectors/kupiansk")
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    second = site.get(f"/sectors/{older[1].removeprefix('../sectors/').replace('&amp;', '&')}")
    assert len(titles(first)) == 25
    assert sorted(titles(first) + titles(second)) == sorted([f"Story {n}" for n in range(1, 31)] + ["Russian"])
    assert 'rel="next"' not in second
    for query in ("side=russian", "publisher=Kurier", "language=ru", "language=RU", "language=ru-RU"):
        assert titles(site.get(f"/sectors/kupiansk?{query}")) == ["Russian"], query
    assert "Russian" not in titles(site.get("/sectors/kupiansk?days=7&side=russian"))
    assert titles(site.get("/sectors/kupiansk?town=1"))[0] == "Court"
    assert titles(site.get("/sectors/lyman")) == []
    assert titles(site.get("/stories?side=russian")) == ["Russian"]
    assert feedparser.parse(site.get("/sectors/kupiansk/feed.atom?side=russian")).entries[0].title == "Russian"


def test_a_story_of_many_articles_is_on_one_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the newest of them, however far down the pages the others would be."""
    monkeypatch.setattr(public_views, "PAGE", 2)
    for number in range(1, 31):
        site.news(number, at=LATER - timedelta(hours=number), title=f"Story {number}")
    of_many = range(5, 26, 2)
    with site.store.write() as work:
        chosen = articles.c.title.in_([f"Story {number}" for number in of_many])
        work.connection.execute(articles.update().where(chosen).values(story_id=1))
        work.connection.execute(articles.update().where(articles.c.title == "Story 1").values(story_id=5))
        work.commit()
    path, found = "/sectors/kupiansk", list[str]()
    while path:
        page = site.get(path)
        found += titles(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = f"/sectors/{older[1].removeprefix('../sectors/').replace('&amp;', '&')}" if older else ""
    assert found == [f"Story {number}" for number in range(1, 31) if number not in of_many[1:]]


def test_a_story_leads_to_the_same_event_in_other_languages(site: Site) -> None:
    """Each of the two names the other one and why; a story without such a one says nothing of languages."""
    site.news(1, "Kupiansk was shelled.", title="One")
    site.news(2, "Kupiansk: other news altogether.", title=f"Два {HOSTILE}", language="uk")
    assert 'id="links"' not in site.get("/stories/1")
    with site.store.write() as work:
        link(work, 1, 2, reason="one event; in common: names Hnatenko", now=LATER)
        work.commit()
    page = site.get("/stories/1")
    assert re.search(r'<a href="[^"]*/stories/2" dir="auto" lang="uk" hreflang="uk">Два &lt;script', page)
    assert "in common: names Hnatenko" in page
    assert "/stories/1" in site.get("/stories/2?lang=uk").partition("Та сама подія іншими мовами")[2]


def test_copies_are_one_line_and_one_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest copy that is meant stands for its story; its page has all, each with why it belongs there."""
    add_subscription(site.store, "desk", sectors=("kupiansk",), now=NOON - timedelta(days=1))
    site.news(1, "The same text of Kupiansk, word for word.", title="First", publisher="One")
    site.news(2, "The same text of Kupiansk, word for word.", title="Copy", publisher="Two", side=Side.RUSSIAN)
    assert titles(site.get("/sectors/kupiansk")) == ["Copy"]
    assert titles(site.get("/sectors/kupiansk?side=ukrainian")) == ["First"]
    number = re.search(r"stories/(\d+)", site.get("/stories"))
    assert number is not None
    page = site.get(f"/stories/{number[1]}")
    assert titles(page)[-2:] == ["First", "Copy"]
    assert "articles: 2 · sources: 2" in page
    assert "the same text" in page
    assert "+0.35 capitalised" in page
    assert "alerts: 1, messages that arrived: 0" in page
    assert "and later articles" not in page
    monkeypatch.setattr(story_views, "MOST_ARTICLES", 1)
    page = site.get(f"/stories/{number[1]}")
    assert titles(page)[-1] == "First"
    assert "and later articles: 1" in page


def test_what_is_hostile_is_text(site: Site) -> None:
    """A headline, a publisher and a search that would act are shown as they are written, in HTML, Atom and JSON."""
    site.news(1, title=HOSTILE, publisher=HOSTILE)
    for path in ("/", "/stories", "/sectors/kupiansk", "/stories/1", f"/sectors/kupiansk?publisher={HOSTILE[:24]}"):
        page = site.get(path)
        assert "<script" not in page
        assert "1337" not in page
        assert "\u202e" not in page
    feed = feedparser.parse(site.get("/sectors/kupiansk/feed.atom"), sanitize_html=False)
    assert feed.bozo is False
    assert feed.entries[0].title.startswith("<script>alert(1)</script>")
    assert site.web.get("/sectors/kupiansk/feed.json").json()["items"][0]["title"].startswith("<script>")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sectors/atlantis", 404),
        ("/sectors/atlantis/feed.atom", 404),
        ("/stories/0", 404),
        ("/stories/99", 404),
        ("/stories/99999999999999999999999", 404),
        ("/stories/٣", 404),
        ("/stories?days=2", 400),
        ("/stories?side=martian", 400),
        ("/stories?before=x", 400),
        ("/stories?before=99999999999999999999999-1", 400),
        ("/stories?before=1-99999999999999999999999", 400),
        ("/sectors/kupiansk?before=1-1", 200),
        ("/sectors/kupiansk?since=xx", 400),
        ("/sectors/kupiansk/feed.atom?until=2026-03-01", 400),
        ("/stories?limit=5000", 400),
        ("/stories?language=ukr", 400),
        ("/stories?town=yes", 400),
        ("/search?q=x&sort=oldest", 400),
        ("/search?sort=oldest", 400),
        ("/search/feed.json?q=x&sort=oldest", 400),
        ("/sectors/kupiansk?since=&utm_source=chat&fbclid=1", 200),
        ("/sectors/kupiansk?language=%00&publisher=%00", 200),
        ("/?lang=xx", 200),
    ],
)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_wrong_address_is_explained(site: Site, path: str, status: int, language: str) -> None:
    """In the reader's language, on a page that leads on."""
    page = site.get(path, status, **{"accept-language": language})
    if "feed" not in path:
        assert f'lang="{language}"' in page
        assert 'class="home"' in page


def test_a_page_has_two_languages(site: Site) -> None:
    """That of the address, else that of the browser; every link keeps the one that was chosen, and its filters."""
    site.news(1)
    assert "Куп'янський напрямок" in site.get("/", **{"accept-language": "uk-UA,en;q=0.5"}).replace("&#39;", "'")
    page = site.get("/sectors/kupiansk?side=ukrainian&lang=uk", **{"accept-language": "en"})
    assert '<html lang="uk">' in page
    assert 'href="../stories/1?lang=uk"' in page
    assert 'href="../sectors/kupiansk?side=ukrainian&amp;lang=en"' in page
    assert feedparser.parse(site.get("/sectors/kupiansk/feed.atom?lang=uk")).feed.title.startswith("Куп")


def test_a_feed_is_followed(site: Site) -> None:
    """Ids stay, what is known is not sent again, and an article that joins moves its story up."""
    for number in (1, 2):
        text = f"News number {number}, of which there will be a copy."
        site.news(number, text, title=f"Story {number}", at=LATER - timedelta(hours=number))
    for name in ("feed.atom", "feed.json"):
        answer = site.web.get(f"/sectors/kupiansk/{name}")
        known = {"if-none-match": f'W/{answer.headers["etag"]}, "other"'}
        again = site.web.get(f"/sectors/kupiansk/{name}", headers=known)
        assert (again.status_code, again.content) == (304, b"")
    before = feedparser.parse(site.get("/sectors/kupiansk/feed.atom"))
    assert [one.title for one in before.entries] == ["Story 1", "Story 2"]
    assert before.entries[0].link.startswith(f"{PUBLIC}/stories/")
    assert before.feed.id == f"{PUBLIC}/sectors/kupiansk"
    site.news(3, "News number 2, of which there will be a copy.", title="Copy of 2", at=LATER)
    assert site.web.get("/sectors/kupiansk/feed.json", headers=known).status_code == 200
    after = feedparser.parse(site.get("/sectors/kupiansk/feed.atom"))
    assert [one.id for one in after.entries] == [one.id for one in reversed(before.entries)]


def test_a_search_has_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with what it shows of how many, the way on and back, and files of all; a page beyond the last is none."""
    monkeypatch.setattr(public_views, "FOUND", 2)
    for number in range(1, 6):
        site.news(number, f"Kupiansk, number {number}.", title=f"Title {number}", at=LATER - timedelta(hours=number))
    pages = [site.get(f"/search?q=Kupiansk&page={number}") for number in (1, 2, 3)]
    assert [titles(page) for page in pages] == [["Title 1", "Title 2"], ["Title 3", "Title 4"], ["Title 5"]]
    for page, shown in zip(pages, ("1–2 of 5", "3–4 of 5", "5–5 of 5"), strict=True):
        assert shown in page
    links = [re.findall(r'<a rel="(\w+)" href="[^"]*q=Kupiansk([^"]*)">', page) for page in pages]
    assert links == [[("next", "&amp;page=2")], [("prev", ""), ("next", "&amp;page=3")], [("prev", "&amp;page=2")]]
    assert "page=" not in "".join(re.findall(r'href="([^"]*feed[^"]*)"', pages[1]))
    for number in ("4", "0", "11", "x", "-1"):
        site.get(f"/search?q=Kupiansk&page={number}", 404)


def test_a_search_finds_every_form_and_can_be_followed(site: Site) -> None:
    """The name in another language, its sentence marked, a way to follow it; a wrong query is explained on the spot."""
    site.news(1, "Бійці тримають Куп'янськ.", title="Одна")
    site.news(2, "Nothing of it here, of a bridge alone.", title="Two", sectors=())
    page = site.get("/search?q=Kupiansk")
    assert "Одна" in page
    assert "<mark>Куп&#39;янськ</mark>" in page
    assert "Two" not in page
    assert "Two" in site.get("/search?q=bridges&sort=newest")
    assert "Nothing was found" in site.get("/search?q=zeppelin")
    assert "the words as they stand" in site.get("/search?q=+")
    wrong = site.get("/search?q=sector:nope<b>", 400)
    assert "there is no sector &#39;nope&lt;b&gt;&#39;" in wrong
    assert 'Пояснення англійською: <span lang="en"' in site.get("/search?q=sector:nope&lang=uk", 400)
    for query, said in (
        ("lang:zz", "there is no language &#39;zz&#39;"),
        ("source:nobody", "there is no source &#39;nobody&#39;"),
        ("sectr:kupiansk", "did you mean &#39;sector:&#39;?"),
    ):
        assert said in site.get(f"/search?q={query}", 400)
    assert "a search takes 1,000 characters" in site.get(f"/search?q={'x' * 1001}", 400)
    site.get("/search?q=%00", 400)
    feed = feedparser.parse(site.get("/search/feed.atom?q=Kupiansk"))
    assert [entry.title for entry in feed.entries] == ["Одна"]
    assert feed.feed.id == f"{PUBLIC}/search?q=Kupiansk"
    assert site.web.get("/search/feed.json?q=sector:nope").status_code == 400
    assert site.web.get("/search/feed.json").status_code == 404


def test_a_score_that_was_cut_says_so(site: Site) -> None:
    """Weights that add up to more than the score beside them are explained; no signal is a bare count of letters."""
    site.news(1)
    assert "cut at 1" not in site.get("/stories/1")
    weights = [("capital", 0.9, "capitalised"), ("long_name", 0.3, "8 characters")]
    reasons = [{"code": code, "weight": weight, "detail": detail} for code, weight, detail in weights]
    with site.store.write() as work:
        work.connection.execute(update(mentions).values(score=1.0, reasons=reasons))
        work.commit()
    page = site.get("/stories/1")
    assert "+0.30 a long name, hard to mistake for another" in page
    assert "the score is cut at 1" in page
    assert "оцінка не буває більшою за 1" in site.get("/stories/1?lang=uk")


def test_stories_can_be_kept_as_a_table(site: Site) -> None:
    """As a spreadsheet reads it, which calculates nothing of what others have written."""
    site.news(1, title='=HYPERLINK("https://evil.test")', publisher="+1", side=Side.RUSSIAN)
    site.news(2, title="Comma, and\nline", sectors=("lyman",))
    answer = site.web.get("/stories/feed.csv?side=russian")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))
    assert (row["title"], row["publisher"]) == ('\'=HYPERLINK("https://evil.test")', "'+1")
    assert row["side"] == "russian"  # as the filter, the API and the configuration have it
    assert (row["sector"], row["story"]) == ("kupiansk", f"{PUBLIC}/stories/1")
    rows = list(csv.DictReader(StringIO(site.web.get("/stories/feed.csv").content.decode("utf-8-sig"))))
    assert {row["title"] for row in rows} >= {"Comma, and line"}
    assert site.web.get("/stories/feed.exe").status_code == 404


def test_an_unknown_address_leads_to_the_board(site: Site) -> None:
    """As deep as it may be, and in words that speak of no message; programs get JSON."""
    for path, root in (("/nothing", "./"), ("/a/b/c", "../../")):
        page = site.get(path, 404)
        assert "No such page" in page
        assert f'href="{root}style.css"' in page
        assert f'<a href="{root}">Sectors</a>' in page.partition("<main")[2]
        assert "message" not in page
    for path in ("/api/nothing", "/api/v1/nothing"):
        assert "error" in site.web.get(path).json(), path


def test_public_pages_can_be_switched_off(site: Site) -> None:
    """Then only the pages of readers are there."""
    site.news(1)
    closed = site.served(public=False)
    for path in ("/", "/stories", "/stories/1", "/sectors/kupiansk", "/sectors/kupiansk/feed.atom", "/search"):
        answer = closed.get(path)
        assert (answer.status_code, "No such page" in answer.text) == (404, True), path
        assert 'href="./"' not in answer.text.partition("<main")[2], "it leads to pages that there are not"
    assert closed.get("/health").status_code == 200


@pytest.mark.parametrize("public", [True, False])
def test_a_message_leads_to_its_story(site: Site, public: bool) -> None:
    """As long as anybody may see it there."""
    add_subscription(site.store, "desk", now=NOON - timedelta(days=1))
    site.news(1)
    settings = site.settings.model_copy(update={"web": WebSettings(public=public)})
    mailbox = Mailbox()
    asyncio.run(deliver_alerts(Sender(tools=replace(site.tools, settings=settings), notifier=mailbox)))
    (message,) = mailbox.got
    assert (f"{PUBLIC}/stories/1" in message.text) is public


def test_nothing_acts_and_nothing_is_asked_elsewhere(site: Site) -> None:
    """A POST is refused; the policy allows nothing but our own style; caches may keep a page for a short time."""
    assert site.web.post("/").status_code == 405
    answer = site.web.get("/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"].startswith("public")
    assert answer.headers["vary"] == "Accept-Language"
    assert site.web.head("/").status_code == 200
