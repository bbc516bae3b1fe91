"""The Apprise channel: really sent from a process that is really killed."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import timedelta
from multiprocessing import get_context
from typing import TypeVar

import pytest
from aiohttp import web
from pebble import ProcessExpired, ProcessPool

from alerts.apprise_notifier import AppriseNotifier, send_apart
from sectorwatch.domain import Message, Outcome, OutcomeKind, Secret, Target, TargetKind
from sectorwatch.errors import SandboxError

T = TypeVar("T")
MESSAGE = Message(
    id="d1", title="Kupiansk: <b>Бої</b>", text="Kupiansk: <b>Бої</b>\n\nза »Куп'янськ« тривають\n", html=None
)
SECRETS = ("robot", "HUSHpass", "T0KEN", "HUSHkey")


class Killable:
    """The contract of the sandbox, in its smallest real form."""

    def __init__(self) -> None:
        self.pool = ProcessPool(max_workers=1, context=get_context("forkserver"))

    async def run(self, function: Callable[..., T], *args: object, timeout: float) -> T:
        try:
            future = self.pool.schedule(function, args=list(args), timeout=timeout)
            result: T = await asyncio.wrap_future(future)
        except FutureTimeout as error:
            raise SandboxError("killed", kind="timeout") from error
        except ProcessExpired as error:
            raise SandboxError("died", kind="crash") from error
        return result


@pytest.fixture(scope="module")
def killable() -> Iterator[Killable]:
    call = Killable()
    yield call
    call.pool.stop()
    call.pool.join()


class Receiver:
    def __init__(self, status: int = 200, *, hang: bool = False) -> None:
        self.status = status
        self.hang = hang
        self.bodies: list[dict[str, str]] = []
        self.elsewhere = 0

    async def receive(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(json.loads(await request.read()))
        if self.hang:
            await asyncio.Event().wait()
        return web.Response(status=self.status, headers={"Location": "/elsewhere"} if self.status == 302 else {})

    async def redirected(self, request: web.Request) -> web.StreamResponse:
        self.elsewhere += 1
        return web.Response()


def target(url: str) -> Target:
    return Target(id=1, subscriber_id=1, kind=TargetKind.APPRISE, label="chat", secret=Secret(url))


def deliver(call: Killable, receiver: Receiver, *, query: str = "", timeout: float = 60) -> Outcome:
    async def scene() -> Outcome:
        app = web.Application()
        app.router.add_post("/T0KEN", receiver.receive)
        app.router.add_route("*", "/elsewhere", receiver.redirected)
        runner = web.AppRunner(app, shutdown_timeout=0.05, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        notifier = AppriseNotifier(call, timeout=timedelta(seconds=timeout))
        url = f"json://robot:HUSHpass@127.0.0.1:{port}/T0KEN?-key=HUSHkey{query}"
        try:
            return await notifier.send(target(url), MESSAGE)
        finally:
            await runner.cleanup()

    return asyncio.run(scene())


def test_it_is_really_sent_as_plain_text(killable: Killable) -> None:
    """The receiver gets title and text as written, markup as words, and the title only once."""
    receiver = Receiver()
    outcome = deliver(killable, receiver)
    assert outcome.kind is OutcomeKind.SENT
    ((body),) = receiver.bodies
    assert body["title"] == MESSAGE.title
    assert body["message"] == "за »Куп'янськ« тривають"
    assert body["attachments"] == []


def test_a_failure_is_retryable_and_names_the_status(killable: Killable) -> None:
    """The service's status is kept for people to read, and nothing of the URL."""
    outcome = deliver(killable, Receiver(503))
    assert (outcome.kind, outcome.status) == (OutcomeKind.RETRYABLE, 503)
    assert "error=503" in outcome.detail
    assert not [secret for secret in SECRETS if secret in outcome.detail]


def test_the_sending_process_prints_no_secret() -> None:
    """Even with all logging turned on, the process that knows the URL shows nothing of it, valid or not."""
    urls = ["json://robot:HUSHpass@127.0.0.1:9/T0KEN?-key=HUSHkey", "discord://T0KEN/", "nosuch://T0KEN.test/HUSHkey"]
    code = (
        "import logging, sys; logging.basicConfig(level=1); from alerts.apprise_notifier import send_apart\n"
        "for url in sys.stdin.read().split(): print(send_apart(url, 'title', 'text'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input="\n".join(urls), capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.count("AppriseAnswer") == len(urls)
    assert not [secret for secret in SECRETS if secret in done.stdout + done.stderr]


@pytest.mark.parametrize("query", ["", "&redirect=yes"])
def test_a_redirect_is_neither_followed_nor_called_a_success(killable: Killable, query: str) -> None:
    """Redirects are off, also where the URL asks for them."""
    receiver = Receiver(302)
    assert deliver(killable, receiver, query=query).kind is OutcomeKind.RETRYABLE
    assert (len(receiver.bodies), receiver.elsewhere) == (1, 0)


def test_a_url_cannot_change_our_policy(killable: Killable) -> None:
    """Repeats are ours, and a failure is a failure, whatever the URL asks for."""
    receiver = Receiver(500)
    assert deliver(killable, receiver, query="&retry=3&wait=0&optional=yes").kind is OutcomeKind.RETRYABLE
    assert len(receiver.bodies) == 1


def test_a_refused_connection_is_retryable_without_the_host(killable: Killable) -> None:
    """A service that is down loses no alert, and its address is not shown."""
    notifier = AppriseNotifier(killable)
    outcome = asyncio.run(notifier.send(target("json://robot:HUSHpass@127.0.0.1:9/T0KEN"), MESSAGE))
    assert outcome.kind is OutcomeKind.RETRYABLE
    assert not [secret for secret in (*SECRETS, "127.0.0.1") if secret in outcome.detail]


@pytest.mark.parametrize(
    "url", ["nosuch://robot:HUSHpass@T0KEN.test/HUSHkey", "T0KEN", "", "json://", "discord://T0KEN"]
)
def test_what_is_no_apprise_url_is_permanent(killable: Killable, url: str) -> None:
    """A wrong URL becomes a visible dead letter that does not show it."""
    outcome = asyncio.run(AppriseNotifier(killable).send(target(url), MESSAGE))
    assert outcome.kind is OutcomeKind.PERMANENT
    assert "not a valid Apprise URL" in outcome.detail
    assert not [secret for secret in SECRETS if secret in outcome.detail]


def test_a_hang_is_killed_at_its_deadline(killable: Killable) -> None:
    """A service that never answers costs its deadline and no more, its end is unknown, and the next send works."""
    deliver(killable, Receiver())  # Apprise is loaded: the deadline measures the send
    receiver = Receiver(hang=True)
    began = time.monotonic()
    outcome = deliver(killable, receiver, timeout=1.5)
    assert time.monotonic() - began < 30
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert "killed after 1.5 s" in outcome.detail  # Apprise itself would wait 4 s
    assert len(receiver.bodies) == 1
    assert deliver(killable, Receiver()).kind is OutcomeKind.SENT


def test_a_process_that_dies_leaves_the_end_unknown() -> None:
    """Whether a crashed process had sent is not known; that is what the outcome says."""

    class Dying:
        async def run(self, function: Callable[..., T], *args: object, timeout: float) -> T:
            assert function is send_apart
            raise SandboxError("gone", kind="memory")

    outcome = asyncio.run(AppriseNotifier(Dying()).send(target("json://127.0.0.1"), MESSAGE))
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert "memory" in outcome.detail
