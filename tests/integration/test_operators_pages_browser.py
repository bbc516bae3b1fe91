"""The operators' pages in a real browser: a working day, on a phone and a desk, for who sees and who does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from storage.running import cycles
from storage.unit_of_work import Store
from tests.conftest import FakeClock
from tests.integration.test_operators_pages import PASSWORD, Ops, states
from tests.integration.test_public_pages import HOSTILE, LATER
from tests.integration.test_public_pages_browser import browsing
from tests.integration.test_reader_pages import ON_SQLITE
from tests.integration.test_reader_pages_browser import served

pytestmark = pytest.mark.browser

PATHS = (
    "/ops", "/ops/feeds", "/ops/feeds/1", "/ops/deliveries", "/ops/deliveries/1", "/ops/deliveries/replay",
    "/ops/subscriptions", "/ops/subscriptions/1", "/ops/subscribers", "/ops/targets", "/ops/targets/1",
    "/ops/suppressions", "/ops/stories/2", "/ops/stories/99",
)  # fmt: skip


@pytest.fixture
def ops(store: Store, clock: FakeClock) -> Ops:
    """Messages that were given up, a headline that would act, cycles."""
    ops = Ops(store, clock)
    ops.given_up(1)
    ops.news(2, "The same text of Kupiansk, word for word.", title=HOSTILE, publisher=HOSTILE)
    ops.news(3, "The same text of Kupiansk, word for word.", title="Copy", publisher="Two", language="uk")
    ops.given_up()
    ops.kept(3)
    summary = {"feeds": {"polled": 7, "new_entries": 3, "failed": []}, "articles": {"read": 3, "failed": []}}
    with store.write() as work:
        for minutes in (20, 15, 10):
            began = LATER - timedelta(minutes=minutes)
            cycles.finish(work, cycles.start(work, now=began), summary, now=began + timedelta(seconds=40))
        work.commit()
    return ops


@pytest.fixture
def home(ops: Ops) -> Iterator[str]:
    with served(ops.tools) as address:
        yield address


def log_in(page: Page, home: str, path: str = "/ops") -> None:
    page.goto(home + path)
    enter(page, PASSWORD)
    page.locator("main button").click()


def enter(page: Page, password: str) -> None:
    """Types the password once its field has taken the focus by itself: before that the browser would warn."""
    field = page.locator("#password")
    expect(field).to_be_focused()
    field.fill(password)


@ON_SQLITE
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), pytest.param(1280, "dark", marks=pytest.mark.full)])
def test_no_page_shuts_any_operator_out(home: str, chromium: str, width: int, scheme: str) -> None:
    """axe finds nothing on any page (WCAG 2.2 A and AA), nothing is cut off, and no headline acts."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = {}
    with browsing(chromium, home, width=width, scheme=scheme, script=True) as page:
        page.goto(home + "/ops/login")
        found["/ops/login"] = Axe().run(page, options=rules).response["violations"]
        log_in(page, home)
        for path in PATHS:
            page.goto(home + path)
            assert page.evaluate("document.documentElement.scrollWidth") == width, path
            violations = Axe().run(page, options=rules).response["violations"]
            found[path] = [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in violations]
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@ON_SQLITE
def test_a_working_day_of_an_operator(ops: Ops, home: str, chromium: str) -> None:
    """Without scripts, on a phone: in, what is wrong, why, send it again, and out for good."""
    with browsing(chromium, home, width=360) as page:
        page.goto(f"{home}/ops/deliveries?state=dead")
        enter(page, "not this one")
        page.get_by_role("button", name="Log in").click()
        assert page.inner_text("[role=alert]") == "This is not the password."
        enter(page, PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/ops/deliveries?state=dead")
        page.get_by_role("link", name="Overview").click()
        assert "What is wrong" in page.inner_text("h1")
        page.get_by_role("link", name="Desk/desk").first.click()
        assert "550 no such user" in page.inner_text("main")
        before = states(ops).count("dead")
        page.get_by_role("link", name="Send again what was given up").click()
        assert page.inner_text("h1") == f"Would be sent again: {before}"
        page.get_by_role("button", name="Send it again").click()
        assert page.inner_text("[role=status]") == f"Back in the queue: {before}."
        assert states(ops).count("dead") == 0
        page.get_by_role("link", name="Українська").click()
        assert page.inner_text("h1") == "Повідомлення"
        page.get_by_role("button", name="Вийти").click()
        assert "Ви вийшли" in page.inner_text("[role=status]")
        page.goto(f"{home}/ops")
        assert page.url.endswith("/ops/login?next=ops")
        for button in page.locator("main button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44


@ON_SQLITE
def test_an_operator_needs_no_mouse(home: str, chromium: str) -> None:
    """Headings sort by the keyboard, and what has the focus is seen."""
    with browsing(chromium, home, width=1280) as page:
        log_in(page, home, "/ops/feeds")
        page.locator("thead a").nth(1).focus()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
        page.keyboard.press("Enter")
        page.wait_for_url("**/ops/feeds?sort=-state")
        assert page.locator("th[aria-sort=descending]").count() == 1
