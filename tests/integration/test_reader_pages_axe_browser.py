"""Every state of a reader's pages in a real browser, for who sees and who does not: light and dark, phone and desk."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from flows.steps.roster.apply import apply_roster
from sectorwatch.settings.roster import SubscriberSpec, TargetSpec
from tests.integration.test_public_pages_browser import browsing
from tests.integration.test_reader_pages import ON_SQLITE, Desk, desk
from tests.integration.test_reader_pages_browser import served

__all__ = ["desk"]

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def asked_to_confirm(desk: Desk, language: str) -> str:
    """The path of the link by which a new reader confirms their address."""
    target = TargetSpec(label="new", kind="email", to="new@readers.test", confirm=True)
    new = SubscriberSpec(name="New", language=language, targets=[target])
    settings = desk.settings.model_copy(update={"subscribers": [*desk.settings.subscribers, new]})
    apply_roster(replace(desk.tools, settings=settings))
    assert desk.deliver() == ["new@readers.test"]
    part = desk.mailbox.mails[-1].get_body(("plain",))
    assert part is not None
    return re.findall(r"https://watch\.test(/confirm/\S+)", part.get_content())[0]


@ON_SQLITE
@pytest.mark.parametrize(
    ("reader", "language", "width", "scheme"),
    [("one", "uk", 360, "dark"), pytest.param("other", "en", 1280, "light", marks=pytest.mark.full)],
)
def test_no_page_shuts_any_reader_out(
    desk: Desk, chromium: str, reader: str, language: str, width: int, scheme: str
) -> None:
    """axe finds nothing wherever a reader gets to, from the yes to the end of it all; nothing is cut off."""
    desk.news(1)
    desk.deliver()
    links, confirm = desk.links(reader), asked_to_confirm(desk, language)
    found = {}
    with served(desk.tools) as home, browsing(chromium, home, width=width, scheme=scheme, script=True) as page:

        def seen(name: str) -> None:
            page.wait_for_load_state()
            assert page.evaluate("document.documentElement.scrollWidth") == width, name
            assert page.locator("html").get_attribute("lang") == language, name
            violations = Axe().run(page, options=RULES).response["violations"]
            found[name] = [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in violations]

        def pressed(name: str, value: str) -> None:
            with page.expect_navigation():
                page.locator(f"button[value={value}]").click()
            seen(name)

        for name in ("pause", "change", "false-alarm", "unsubscribe"):
            page.goto(home + urlsplit(links[name]).path)
            seen(name)
        pressed("unsubscribed", "here")
        pressed("undone", "undo")
        page.goto(home + confirm)
        seen("confirm")
        pressed("confirmed", "confirm")
        page.goto(home + urlsplit(links["pause"]).path)
        pressed("paused", "week")
        pressed("resumed", "resume")
        page.goto(home + urlsplit(links["change"]).path)
        desk.clock.now += timedelta(minutes=1)
        pressed("previewed", "preview")
        page.locator("#zone").fill("Nowhere")
        pressed("wrong", "change")
        assert page.locator("[aria-invalid]").get_attribute("id") == "zone"
        page.locator("#zone").fill("Europe/Kyiv")
        pressed("saved", "change")
        page.goto(home + urlsplit(links["false-alarm"]).path)
        pressed("reported", "report")
        with desk.store.write() as work:
            work.connection.exec_driver_sql("UPDATE targets SET confirmed_at = NULL")
            work.commit()
        desk.clock.now += timedelta(days=4)
        page.goto(home + confirm)
        seen("late")
        pressed("asked anew", "ask")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
