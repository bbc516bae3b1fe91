"""The operators' pages: what the command line shows and does, behind a login."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from flows.steps.tools import Tools
from sectorwatch.domain import Outcome
from sectorwatch.web.login import Gate
from sectorwatch.web.ops import deliveries, feeds, login_page, overview, people, stories, suppressions
from sectorwatch.web.ops.rooms import Rooms
from sectorwatch.web.pages import Pages


def register(
    app: FastAPI, tools: Tools, pages: Pages, gate: Gate, send_test: Callable[[int], Outcome | None] | None
) -> None:
    """Adds all of them."""
    rooms = Rooms(app, tools, pages, gate)
    login_page.register(app, tools, pages, gate, rooms)
    overview.register(rooms, tools)
    feeds.register(rooms, tools)
    deliveries.register(rooms, tools)
    people.register(rooms, tools, send_test)
    suppressions.register(rooms)
    stories.register(rooms)
