"""The pages of readers in a real browser: on a phone, without scripts, with nothing loaded from elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Page, sync_playwright

from flows.steps.tools import Tools
from sectorwatch.web.app import create_app
from tests.acceptance.processes import free_port, wait_for
from tests.integration.test_reader_pages import ON_SQLITE, Desk, desk

__all__ = ["desk"]

pytestmark = pytest.mark.browser


@contextmanager
def served(tools: Tools) -> Iterator[str]:
    """The application on a port; gives its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(tools), port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(lambda: server.started, "the page", seconds=30)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def phone(chromium: str, home: str) -> Iterator[Page]:
    """A page of a small phone without scripts; fails when anything is asked from elsewhere or refused by the policy."""
    asked, said = list[str](), list[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        yield page
        browser.close()
    assert [url for url in asked if not url.startswith(home)] == []
    assert [words for words in said if "400" not in words] == []


def readable(page: Page) -> None:
    """Nothing runs out of the screen, and what is to be pressed is large enough for a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for button in page.locator("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44  # CSS pixels, as WCAG 2.2 (2.5.5) asks for


@ON_SQLITE
def test_a_reader_answers_on_a_phone_without_scripts(desk: Desk, chromium: str) -> None:
    """From the links of a mail: a pause and its end, a wrong wish and a right one, a report, and the end of it all."""
    desk.news(1)
    desk.deliver()
    with served(desk.tools) as home, phone(chromium, home) as page:
        links = {name: home + urlsplit(url).path for name, url in desk.links("one").items()}
        page.goto(links["pause"])
        readable(page)
        page.get_by_role("button", name="На тиждень").click()
        assert "Призупинено до" in page.inner_text("h1")
        page.get_by_role("button", name="Поновити зараз").click()
        assert page.inner_text("h1") == "Сповіщення надсилаються"
        page.goto(links["change"])
        readable(page)
        page.get_by_label("часовий пояс").fill("Europe/Kiiv")
        page.get_by_role("button", name="Зберегти").click()
        assert "Такого часового поясу немає" in page.inner_text("[role=alert]")
        page.get_by_label("часовий пояс").fill("Europe/Warsaw")
        page.get_by_label("Лиманський напрямок").check()
        page.get_by_label("від", exact=True).fill("22:00")
        page.get_by_label("до", exact=True).fill("07:00")
        desk.clock.now += timedelta(minutes=1)
        page.get_by_role("button", name="Показати, що надійшло б").click()
        assert "вам надійшло б: сповіщень 1" in page.inner_text("[role=status]")
        readable(page)
        page.get_by_role("button", name="Зберегти").click()
        assert "Збережено" in page.inner_text("[role=status]")
        page.goto(links["false-alarm"])
        readable(page)
        page.get_by_label("Що було не так").fill("Інше село")
        page.get_by_role("button", name="Повідомити").click()
        assert "Дякуємо" in page.inner_text("h1")
        page.goto(links["unsubscribe"])
        readable(page)
        page.get_by_role("button", name="Припинити всю підписку").click()
        assert page.inner_text("h1") == "Вас відписано"
    desk.news(2)
    assert desk.deliver() == ["other@readers.test"]
