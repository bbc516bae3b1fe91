"""The public pages in a real browser: on a phone and a desk, light and dark, for who sees and who does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from sectorwatch.domain import Side
from storage.unit_of_work import Store
from tests.conftest import FakeClock
from tests.integration.test_public_pages import HOSTILE, LATER, Site
from tests.integration.test_reader_pages import ON_SQLITE
from tests.integration.test_reader_pages_browser import served

pytestmark = pytest.mark.browser

PATHS = ("/", "/sectors/kupiansk", "/stories", "/stories/1", "/search", "/search?q=Kupiansk", "/sectors/nowhere")


@pytest.fixture
def home(store: Store, clock: FakeClock) -> Iterator[str]:
    """The pages with news of some days, a spike, copies, and a headline that would act."""
    site = Site(store, clock)
    site.news(1, "The same text of Kupiansk, word for word.", title="First", publisher="One")
    site.news(2, "The same text of Kupiansk, word for word.", title="Copy", publisher="Two", side=Side.RUSSIAN)
    for number in range(3, 12):
        site.news(number, at=LATER - timedelta(hours=number), title=f"Story {number}", side=list(Side)[number % 5])
    site.news(12, at=LATER - timedelta(days=5), title=HOSTILE, publisher=HOSTILE)
    site.news(13, sectors=("lyman",), language="ar", title="قتال بالقرب من ليمان")
    with served(site.tools) as address:
        yield address


@contextmanager
def browsing(chromium: str, home: str, *, width: int, scheme: str = "light", script: bool = False) -> Iterator[Page]:
    """A page of a screen that wide; fails when anything is asked from elsewhere, refused by the policy, or acts."""
    asked, said = list[str](), list[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        screen = {"width": width, "height": 740}
        context = browser.new_context(
            viewport=screen, color_scheme="dark" if scheme == "dark" else "light", java_script_enabled=script
        )
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(f"dialog {dialog.message}"))
        yield page
        browser.close()
    assert [url for url in asked if not url.startswith(home)] == []
    assert [words for words in said if not re.search("40[034]|410", words)] == []


@ON_SQLITE
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), pytest.param(1280, "dark", marks=pytest.mark.full)])
def test_no_page_shuts_anybody_out(home: str, chromium: str, width: int, scheme: str) -> None:
    """axe finds nothing on any page (WCAG 2.2 A and AA): contrast, names, order, language; and nothing is cut off."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = {}
    with browsing(chromium, home, width=width, scheme=scheme, script=True) as page:
        for path in PATHS:
            page.goto(home + path)
            assert page.evaluate("document.documentElement.scrollWidth") == width, path
            violations = Axe().run(page, options=rules).response["violations"]
            found[path] = [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in violations]
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@ON_SQLITE
def test_a_visitor_finds_a_story_without_scripts(home: str, chromium: str) -> None:
    """From the board to a sector, a filter, a story, its reasons, another language, a search, and back by the map."""
    with browsing(chromium, home, width=360) as page:
        page.goto(home)
        assert "55.0 times the usual" in page.inner_text("#kupiansk")
        page.get_by_role("link", name="Kupiansk sector").first.click()
        page.get_by_label("Side", exact=False).and_(page.locator("select")).select_option(label="Russian source")
        page.get_by_role("button", name="Show").click()
        assert page.locator("article.story .title").all_inner_texts()[0] == "Copy"
        page.get_by_role("link", name="Copy").click()
        assert page.locator("article.story").count() == 2
        page.locator("details.why summary").first.click()
        assert "+0.35 capitalised" in page.locator("details.why").first.inner_text()
        page.get_by_role("link", name="Українська").click()
        assert "Хто повідомляє" in page.inner_text("main")
        page.get_by_role("link", name="Пошук").click()
        page.get_by_label("Слова").fill("Куп'янськ since:30d")
        page.get_by_role("button", name="Пошук").click()
        assert page.locator("article.story mark").count() > 5
        page.get_by_role("link", name="Sectorwatch").click()
        page.locator("svg.map a").nth(2).click()
        assert page.url.endswith("/sectors/kupiansk?lang=uk")


@ON_SQLITE
def test_a_keyboard_is_enough(home: str, chromium: str) -> None:
    """The first thing to reach skips to the content; what has the focus is seen."""
    with browsing(chromium, home, width=1280) as page:
        page.goto(home)
        page.keyboard.press("Tab")
        skip = page.locator("a.skip")
        box = skip.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px"
        assert page.evaluate("document.activeElement.closest('main') !== null")
