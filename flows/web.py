"""The guarded way to the web, put together: one client, a gate for each host, and what sites let robots read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from flows.steps.polling.sharing_hosts import StoredBoard, StoredRules
from flows.steps.tools import Tools, Web
from sectorwatch import VERSION
from sectorwatch.clock import system_clock
from sectorwatch.net.client import ClientOptions, HttpClient
from sectorwatch.net.politeness import HostGate
from sectorwatch.net.robots import Robots
from sectorwatch.settings.tables import FetchSettings


@asynccontextmanager
async def polite_web(settings: FetchSettings, tools: Tools | None) -> AsyncIterator[Web]:
    """Hosts are shared with the workers of the store of `tools`; without it they are asked as if nobody else did."""
    clock = system_clock if tools is None else tools.clock
    board, shelf = (None, None) if tools is None else (StoredBoard(tools), StoredRules(tools))
    async with (
        HostGate(gap=settings.page_gap_s, board=board, clock=clock) as gate,
        HttpClient(client_options(settings), turn=gate.turn, clock=clock) as http,
    ):
        yield Web(http=http, robots=Robots(http, gate=gate, shelf=shelf, clock=clock))


def user_agent(settings: FetchSettings) -> str:
    """How we introduce ourselves to sites."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return f"Sectorwatch/{VERSION}{contact}"


def client_options(settings: FetchSettings) -> ClientOptions:
    return ClientOptions(
        user_agent=user_agent(settings),
        timeout=settings.timeout_s,
        connections=settings.connections,
        allow_networks=settings.networks,
        hosts=settings.hosts,
    )
