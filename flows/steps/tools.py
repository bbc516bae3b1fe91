"""What the steps work with. The composition root makes one for a cycle; tests make theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from alerts.links import LinkMaker
from alerts.notifier import Notifier
from sectorwatch.clock import Clock
from sectorwatch.net.client import HttpClient
from sectorwatch.net.robots import Robots
from sectorwatch.sandbox import Sandbox
from sectorwatch.settings import Settings
from storage.secrets import Vault
from storage.unit_of_work import Store


class Progress(Protocol):
    """Told how far a step has come; the command line draws it, a flow logs it."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


def silent(step: str, done: int, total: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Everything a step may touch outside itself."""

    settings: Settings
    store: Store
    vault: Vault
    clock: Clock
    random: Random
    progress: Progress = silent
    links: LinkMaker | None = None  # None: messages have no links, as there is no page that they would lead to
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep)


@dataclass(frozen=True, kw_only=True)
class Web:
    """The guarded way to the outside."""

    http: HttpClient  # asks for a turn at each host by itself
    robots: Robots


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Steps that fetch and parse need all three."""

    tools: Tools
    web: Web
    sandbox: Sandbox


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Steps that deliver."""

    tools: Tools
    notifier: Notifier
