"""robots.txt of real sites on loopback: kept, believed within reason, and asked once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sectorwatch.errors import FetchError
from sectorwatch.net.politeness import HostGate
from sectorwatch.net.robots import MAX_BYTES, Robots
from sectorwatch.site_rules import AGAIN_LEAST, KEPT
from tests.cpu_time import measured
from tests.raw_web import RawWeb, Request, answer, client, raw_web

REAL = Path(__file__).parents[2].parent / "shared/data/robots"
RULES = b"User-agent: *\nDisallow: /private\n\nUser-agent: Sectorwatch\nDisallow: /ours\nCrawl-delay: 7\n"


class Site:
    """A site with one robots.txt, a clock and a gate that are watched."""

    def __init__(self, page: bytes) -> None:
        self.page = page
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.gaps: list[tuple[str, float]] = []
        self.web = RawWeb()

    def ask_for(self, host: str, gap: float) -> None:
        self.gaps.append((host, gap))

    async def answer(self, _request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(self.page)
        await writer.drain()

    def visit(self, *paths: str, after: timedelta = timedelta(0)) -> list[bool | str]:
        """What `allows` says of each path, asked together; with `after`, once more when so much time has passed."""

        async def scene() -> list[bool | str]:
            async with raw_web(self.answer) as self.web, client(timeout=3) as http:
                gate = HostGate(gap=0)
                gate.ask_for = self.ask_for  # type: ignore[method-assign]  # watched
                robots = Robots(http, gate=gate, clock=lambda: self.now)
                found = await asyncio.gather(*(self._ask(robots, path) for path in paths))
                if after:
                    self.now += after
                    found = await asyncio.gather(*(self._ask(robots, path) for path in paths))
                return list(found)

        return asyncio.run(scene())

    async def _ask(self, robots: Robots, path: str) -> bool | str:
        try:
            return await robots.allows(self.web.url + path)
        except FetchError as error:
            return str(error)


def test_the_rules_for_us_are_kept() -> None:
    """Our own group counts, and where there is one the general group does not (RFC 9309, 2.2.1)."""
    site = Site(answer(RULES))

    assert site.visit("/ours/1", "/private/1", "/news") == [False, True, True]
    assert [request.path for request in site.web.requests] == ["/robots.txt"]


def test_a_crawl_delay_reaches_the_gate() -> None:
    """The host is given the pause that it asks for."""
    site = Site(answer(RULES))
    site.visit("/")

    assert site.gaps == [("127.0.0.1", 7.0)]


@pytest.mark.parametrize(("asked", "kept"), [("86400", [60.0]), ("inf", []), ("nan", []), ("soon", []), ("0", [])])
def test_a_crawl_delay_is_bounded(asked: str, kept: list[float]) -> None:
    """No site can make us wait for ever."""
    site = Site(answer(f"User-agent: *\nCrawl-delay: {asked}\n".encode()))
    site.visit("/")

    assert [gap for _, gap in site.gaps] == kept


@pytest.mark.parametrize("status", ["404 Not Found", "401 Unauthorized", "403 Forbidden", "410 Gone"])
def test_no_robots_txt_means_everything_is_allowed(status: str) -> None:
    """A 4xx is "unavailable": crawling is allowed (RFC 9309, 2.3.1.3)."""
    assert Site(answer(RULES, status=status)).visit("/ours") == [True]


def test_endless_redirects_mean_no_rules() -> None:
    """After five redirects robots.txt counts as unavailable (RFC 9309, 2.3.1.2)."""
    assert Site(answer(status="302 Found", Location="/robots.txt")).visit("/ours") == [True]


@pytest.mark.parametrize("page", [answer(status="503 No"), answer(status="429 Slow Down"), b"nonsense\r\n\r\n", b""])
def test_a_site_that_cannot_say_is_left_alone(page: bytes) -> None:
    """Server errors, impatience, silence and nonsense forbid for now (RFC 9309, 2.3.1.4), and the words say why."""
    site = Site(page)

    assert str(site.visit("/news")[0]).startswith("robots.txt cannot be had, so the pages of the site are left alone")


@pytest.mark.parametrize(
    ("page", "after", "asked"),
    [
        (answer(RULES), KEPT - timedelta(seconds=1), 1),
        (answer(RULES), KEPT, 2),
        (answer(status="404 No"), KEPT - timedelta(seconds=1), 1),
        (answer(status="503 No"), AGAIN_LEAST - timedelta(seconds=1), 1),
        (answer(status="503 No"), AGAIN_LEAST, 2),
    ],
)
def test_an_answer_is_kept_for_its_time(page: bytes, after: timedelta, asked: int) -> None:
    """Rules and their absence are kept for a day, a failure for minutes, and pages at once share one question."""
    site = Site(page)
    site.visit("/a", "/b", "/c", after=after)

    assert len(site.web.requests) == asked


def test_a_huge_robots_txt_is_read_as_far_as_the_limit() -> None:
    """What stands before the limit counts, what comes after does not (RFC 9309, 2.5)."""
    filling = b"# " + b"x" * 78 + b"\n"
    head = b"User-agent: *\nDisallow: /first\n"
    page = head + filling * (MAX_BYTES // len(filling) + 1) + b"Disallow: /last\n"

    assert Site(answer(page)).visit("/first", "/last") == [False, True]


@pytest.mark.parametrize("page", [b"\xef\xbb\xbf" + RULES, RULES.replace(b"\n", b"\r"), b"\xff\xfe\n" + RULES])
def test_odd_bytes_do_not_hide_the_rules(page: bytes) -> None:
    """A byte order mark, old line ends and broken UTF-8 are survived."""
    assert Site(answer(page)).visit("/ours", "/news") == [False, True]


def test_a_page_instead_of_rules_allows() -> None:
    """Sites that answer every address with their front page have no rules."""
    assert Site(answer(b"<!doctype html><title>Disallow: /</title>")).visit("/news") == [True]


@pytest.mark.parametrize("url", ["http://[::1", "http://", "file:///etc/passwd", "http://user:secret@10.0.0.1/"])
def test_what_is_no_web_address_is_refused_for_good(url: str) -> None:
    """A broken or private address ends in a permanent FetchError that names no password."""

    async def scene() -> None:
        async with client() as http:
            await Robots(http, gate=HostGate(gap=0)).allows(url)

    with pytest.raises(FetchError) as caught:
        asyncio.run(scene())
    assert caught.value.permanent
    assert "secret" not in str(caught.value)


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/data/robots")
def test_the_files_of_real_sites_are_read() -> None:
    """Each of two hundred says whether a page may be read, without an error and in a moment; most let us in."""
    files = sorted(file for file in REAL.iterdir() if file.name != "LICENSE.txt")
    opened = []
    for file in files:
        site = Site(answer(file.read_bytes()))
        said, seconds = measured(site.visit, "/", "/news/2026/03/a-town?page=2#top")
        assert seconds < 1, file
        opened += said[:1]
        assert all(0 < gap <= 60 for _, gap in site.gaps), file

    assert set(opened) <= {True, False}
    assert opened.count(True) > 0.9 * len(files) > 150
