"""`feeds check` and `feeds add` against real servers, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from sectorwatch.errors import ConfigurationError, FeedError
from storage.intake import feeds
from storage.unit_of_work import Store
from tests.plugins.commands import Run
from tests.plugins.databases import LONG_ON_POSTGRESQL
from tests.raw_web import RawWeb, answer, moved
from tests.served import Pages, served

ITEM = "<item><title>Новина {0}</title><link>http://127.0.0.1:9/{0}</link><guid>{0}</guid>{1}</item>"
DATED = "<pubDate>Sun, 01 Mar 2026 10:00:00 +0200</pubDate>"
ITEMS = "".join(ITEM.format(n, DATED * (n % 2)) for n in range(4))
RSS = f"<rss version='2.0'><channel><title>News</title><ttl>30</ttl>{ITEMS}</channel></rss>".encode()
PAGE = b"""<html><head><base href="/site/"><link rel="alternate" type="application/rss+xml" title="Comments"
href="comments"><link rel="ALTERNATE" type="application/rss+xml" href="news"></head><a href="/rss">rss</a></body>"""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Pages], RawWeb]]:
    monkeypatch.setenv("SECTORWATCH_FETCH__ALLOW_NETWORKS", '["127.0.0.0/8"]')
    monkeypatch.setenv("SECTORWATCH_FETCH__PAGE_GAP_S", "0")
    monkeypatch.setenv("SECTORWATCH_READ__WORKERS", "1")
    with ExitStack() as stack:
        yield lambda pages: stack.enter_context(served(pages))


def feed_answer(**headers: str) -> bytes:
    return answer(RSS, Content_Type="application/rss+xml", **headers)


def test_a_poll_is_explained(store: Store, run: Run, site: Callable[[Pages], RawWeb]) -> None:
    """Each hop, what the feed is like, what would come of it; and nothing is stored."""
    web = site({"/old": moved("/rss"), "/rss": feed_answer(ETag='"1"')})
    got = run("feeds", "check", f"{web.url}/old", "--json")
    assert [(hop["status"], hop["url"]) for hop in got["hops"]] == [(301, f"{web.url}/old"), (200, f"{web.url}/rss")]
    assert got["moved_to"] == f"{web.url}/rss"
    assert (got["feed"]["format"], got["feed"]["dates"]) == ("rss20", {"stated": 2, "missing": 2})
    assert (got["overlap"]["new"], got["interval"], got["watched_as"]) == (4, 1800, None)
    assert "304" in got["unchanged"]
    said = run("feeds", "check", f"{web.url}/old")
    for words in ("redirects to /rss", "for example  Новина 0", "2 stated, 2 missing", "its publisher asks for it"):
        assert words in said
    assert said.rstrip().endswith(f"sectorwatch feeds add {web.url}/rss")
    with store.read() as work:
        assert feeds.every(work) == []


@pytest.mark.full
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # the same on both: it is slow
def test_a_move_is_explained(store: Store, run: Run, site: Callable[[Pages], RawWeb]) -> None:
    """What would come of it, how often it was seen, and what stands in the way; and what is no move for good."""
    pages = {"/old": moved("/rss"), "/today": moved("/rss", 302), "/rss": feed_answer()}
    web = site(pages)
    for path in ("/old", "/today"):
        run("feeds", "add", f"{web.url}{path}", "--as-is")
    run("run", "--json", code=1)
    said = run("feeds", "check", "1")
    assert f"for good, to {web.url}/rss: taken over when three polls over a day have said so (so far 1, since" in said
    assert "not for good" in run("feeds", "check", "2")
    with store.write() as work:
        feeds.move(work, 2, url=f"{web.url}/rss", now=datetime(2026, 3, 1, tzinfo=UTC))
        work.commit()
    assert f"to {web.url}/rss, which is feed 2: this one is paused when" in run("feeds", "check", "1")
    assert "watched as feed 2" in run("feeds", "check", f"{web.url}/today")
    with pytest.raises(ConfigurationError, match="watched already, by feed 2"):
        run("feeds", "add", f"{web.url}/today")


@LONG_ON_POSTGRESQL
def test_what_is_known_is_told(store: Store, run: Run, site: Callable[[Pages], RawWeb]) -> None:
    """A watched feed by its number: what is known; another address with the same pages: where they came from."""
    web = site({"/rss": feed_answer(), "/copy": feed_answer()})
    assert "feed 1 added" in run("feeds", "add", f"{web.url}/rss")
    run("run", "--json", code=1)  # the pages cannot be had, the feed can
    got = run("feeds", "check", "1", "--json")
    assert [got["overlap"][part] for part in ("known", "changed", "new")] == [4, 0, 0]
    assert "no validators" in got["unchanged"]
    assert run("feeds", "check", f"{web.url}/copy", "--json")["overlap"]["elsewhere"] == [[1, "News", 4]]


@LONG_ON_POSTGRESQL
def test_the_feed_of_a_page_is_found(store: Store, run: Run, site: Callable[[Pages], RawWeb]) -> None:
    """What the page declares comes first, comments last; `feeds add` takes it and says which; twins are refused."""
    web = site({"/": answer(PAGE), "/site/news": feed_answer(), "/site/comments": feed_answer()})
    got = run("feeds", "check", web.url, "--json")
    assert [one["url"].removeprefix(web.url) for one in got["found"]] == ["/site/news", "/site/comments"]
    assert f"sectorwatch feeds add {web.url}/site/news" in run("feeds", "check", web.url)
    said = run("feeds", "add", web.url, "--side", "official")
    assert f"added: {web.url}/site/news, the feed of {web.url}" in said
    assert f"another feed of the page: {web.url}/site/comments" in said
    with store.read() as work:
        assert [(feed.url, feed.source.side) for feed in feeds.every(work)] == [(f"{web.url}/site/news", "official")]
    for twin in (web.url, f"{web.url}/site/news/", f"{web.url}/site/news".replace("http:", "https:")):
        with pytest.raises(ConfigurationError, match="watched already, by feed"):
            run("feeds", "add", twin)


def test_usual_places_are_the_last_resort(store: Store, run: Run, site: Callable[[Pages], RawWeb]) -> None:
    """Asked one by one up to the first feed, and not where robots.txt forbids it."""
    robots = answer(b"User-agent: *\nDisallow: /feed/\n")
    web = site(
        {
            "/": answer(b"<html><body>Hi</body></html>"),
            "/robots.txt": robots,
            "/feed/": feed_answer(),
            "/rss.xml": feed_answer(),
        }
    )
    got = run("feeds", "check", web.url, "--json")
    assert [(one["url"], one["how"]) for one in got["found"]] == [(f"{web.url}/rss.xml", "at a usual place")]
    asked = [request.path for request in web.requests]
    assert asked == ["/", "/robots.txt", "/rss", "/rss.xml"]
    assert "robots.txt" in got["looked_at"][0][1]


@LONG_ON_POSTGRESQL
@pytest.mark.parametrize(
    ("path", "problem", "todo"),
    [
        ("/404", "answers 404 Not Found", "new address"),
        ("/page", "an HTML page instead of a feed", "the site may have none"),
        ("/captcha", "a robot check", "the site may have none"),
        ("/away", "refused: 10.0.0.1 is not a public address", "correct the address"),
        ("/bad", "not a feed", "the site may have none"),
    ],
)  # fmt: skip
def test_a_failure_says_what_to_do(
    store: Store, run: Run, site: Callable[[Pages], RawWeb], path: str, problem: str, todo: str
) -> None:
    """With exit code 1; `feeds add` adds nothing then, unless it is told to."""
    web = site({
        "/page": answer(b"<html><body>Hi</body></html>"),
        "/captcha": answer(b"<html><body>Just a moment...</body></html>"),
        "/away": moved("http://10.0.0.1/"),
        "/bad": answer(b"<svg></svg>"),
    })  # fmt: skip
    got = run("feeds", "check", web.url + path, "--json", code=1)
    assert problem in got["problem"]
    assert todo in got["todo"]
    with pytest.raises(FeedError, match="not added"):
        run("feeds", "add", web.url + path)
    with store.read() as work:
        assert feeds.every(work) == []
    run("feeds", "add", web.url + path, "--as-is")
    with store.read() as work:
        assert [feed.url for feed in feeds.every(work)] == [web.url + path]


def test_what_is_no_address_is_refused(store: Store, run: Run) -> None:
    """In words; a number without a feed says where the numbers are."""
    for words, match in (("file:///etc/passwd", "begins with file:"), ("99", "numbers of feeds")):
        with pytest.raises(ConfigurationError, match=match):
            run("feeds", "check", words)
