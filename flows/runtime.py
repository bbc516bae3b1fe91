"""The composition root: settings become an engine, a web client, a sandbox, notifiers, a clock.

Free of Prefect, so that the command line can run a cycle at once. Each step runs in an event loop of its own.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import uuid4

from alerts.apprise_notifier import AppriseNotifier
from alerts.channels import channel_of
from alerts.dispatch import Dispatch
from alerts.links import LinkMaker, Signer
from alerts.mail import MailNotifier, Security, SmtpRelay
from alerts.notice_text import trial
from alerts.notices import conditions
from alerts.notifier import Notifier
from alerts.webhook import WebhookNotifier
from extractors.feeds.opml import FeedList
from extractors.reading import PRELOAD, prepare, read_feed_list
from flows.steps.alerting.deliver_alerts import deliver_alerts, drain
from flows.steps.alerting.record_outcomes import DeliverySummary
from flows.steps.apart import apart
from flows.steps.archive.re_extract import Wanted as Again
from flows.steps.archive.re_extract import re_extract
from flows.steps.archive.redetect import Wanted, redetect
from flows.steps.archive.redetected import Redetection
from flows.steps.archive.reextracted import Reextraction
from flows.steps.polling.check_feed import Check, check_feed
from flows.steps.polling.find_silent import find_silent
from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.polling.store_polls import PollSummary
from flows.steps.reading.read_articles import ReadSummary, read_articles
from flows.steps.running.cycle_report import figures, title
from flows.steps.running.heartbeat import beat, is_good
from flows.steps.running.prune import prune
from flows.steps.running.summaries import CycleSummary, timed
from flows.steps.running.watch import Watcher, watch
from flows.steps.stopping import cancelled_by_sigterm
from flows.steps.tools import Progress, Reader, Sender, Tools, silent
from flows.steps.vault import vault_of
from flows.steps.waiting import others_claims
from flows.web import client_options, polite_web
from sectorwatch import logs
from sectorwatch.clock import Clock
from sectorwatch.config_file import CONFIG_VARIABLE, find_file
from sectorwatch.domain import Feed, Message, Outcome, TargetKind
from sectorwatch.errors import ConfigurationError
from sectorwatch.net.client import HttpClient
from sectorwatch.notice import Condition, RunFact
from sectorwatch.sandbox import Sandbox
from sectorwatch.settings import Settings, load
from sectorwatch.settings.mistakes import in_file
from sectorwatch.settings.references import resolve_secret
from sectorwatch.settings.tables import MailSettings
from storage import schema
from storage import sectors as sector_store
from storage.access.link_key import link_keys, stored_keys
from storage.engine import open_engine
from storage.running import cycles, troubled_runs, watching
from storage.secrets import Vault
from storage.shared_clock import shared_clock
from storage.subscribers import operators as operator_store
from storage.subscribers import subscriptions as subscription_store
from storage.unit_of_work import Store

T = TypeVar("T")
HEARTBEAT_S = 10.0  # for the whole request
LIST_S = 60.0  # limit of a list of feeds in the sandbox
READING_PATIENCE = 4.0  # times the limit of a call that reads: for so long it may wait for a free core
STORE_VARIABLE = "SECTORWATCH_STORE__URL"

_log = logging.getLogger(__name__)


class Runtime:
    """Everything a cycle needs, opened once and closed at its end. Use it as a context manager."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._closing = ExitStack()
        self._closing.callback(tools.store.close)
        self._sandbox: Sandbox | None = None
        self._apprise: Sandbox | None = None

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        migrate: bool | None = None,
        progress: Progress = silent,
        clock: Clock | None = None,
        random: Random | None = None,
    ) -> Self:
        """A runtime on the store of `settings`; SQLite is migrated unless told otherwise. Raises StoreError.

        Its clock is the database's, so that machines agree on the time (see `shared_clock`), or the one that is given.
        """
        vault = vault_of(settings)
        store = Store(open_engine(settings.store.url))
        embedded = settings.store.url.startswith("sqlite")
        schema.ensure(store, migrate=embedded if migrate is None else migrate)
        random = random or Random()
        clock = clock or shared_clock(store)
        links = link_maker(settings, store, vault, clock)
        return cls(
            Tools(
                settings=settings,
                store=store,
                vault=vault,
                clock=clock,
                random=random,
                progress=progress,
                links=links,
            )
        )

    @classmethod
    def from_config(cls, config: str | Path | None, *, progress: Progress = silent) -> Self:
        """A runtime as the configuration file says (see `config_file.find_file`).

        Raises ConfigurationError where nothing says which store is meant: a worker may be started anywhere.
        """
        file = find_file(config)
        if file is None and STORE_VARIABLE not in os.environ:
            raise ConfigurationError(
                f"no configuration: give the flow its parameter config, or set {CONFIG_VARIABLE} or {STORE_VARIABLE}"
            )
        settings = load(file)
        logs.set_up(settings.log.format, settings.log.level or "info")
        try:
            return cls.open(settings, progress=progress)
        except ConfigurationError as error:
            raise (in_file(file, error) if error.place else error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    # ------------------------------------------------------------------------------------------------------- steps

    def poll(self, *, not_since: datetime | None = None) -> PollSummary:
        """Polls what is due, with `not_since` everything not polled since then; then looks which feeds are silent."""
        summary = self._reading(lambda reader: poll_feeds(reader, not_since=not_since))
        find_silent(self.tools)
        return summary

    def read(self, *, retry_before: datetime | None = None) -> ReadSummary:
        """Reads what is due; with `retry_before` also the pages that wait for a later try."""
        sandbox = self._reading_sandbox()
        calls, seconds = sandbox.calls, sandbox.seconds
        summary = self._reading(lambda reader: read_articles(reader, retry_before=retry_before))
        summary.extractions, summary.extraction_seconds = sandbox.calls - calls, sandbox.seconds - seconds
        return summary

    def poll_and_read(
        self, *, not_since: datetime | None = None, retry_before: datetime | None = None
    ) -> tuple[PollSummary, ReadSummary]:
        """Both at the same time: what a poll finds is read while other feeds are still being asked."""

        async def both(reader: Reader) -> tuple[PollSummary, ReadSummary]:
            polling = asyncio.create_task(poll_feeds(reader, not_since=not_since))
            try:
                read = await read_articles(reader, retry_before=retry_before, more=lambda: not polling.done())
            finally:
                if not polling.done():
                    polling.cancel()
                    await asyncio.gather(polling, return_exceptions=True)
            return await polling, read

        polled, read = self._reading(both)
        find_silent(self.tools)
        return polled, read

    def deliver(self, *, close_groups: bool = False) -> DeliverySummary:
        """Sends what is due now."""
        return self._sending(lambda sender: deliver_alerts(sender, close_groups=close_groups))

    def drain(self, *, seconds: float) -> DeliverySummary:
        """Sends whatever comes due, for so long."""
        watcher = Watcher(self.tools, lasts=timedelta(seconds=seconds))
        return self._sending(lambda sender: drain(sender, seconds=seconds, look=watcher.look))

    def watch(self, *, send: bool = False) -> int:
        """Looks whether operators have to be told of something; returns how many notices there are.

        With `send`, or when nobody else sends, they go out now.
        """
        watched = watch(self.tools)
        if watched.posted and (send or watched.stopped):
            self.deliver()
        return watched.posted

    def wrong(self) -> list[Condition]:
        """What is wrong now, as operators would be told once it has lasted."""
        now = self.tools.clock()
        with self.tools.store.read() as work:
            return conditions(watching.facts(work, now=now), self.tools.settings.operators.limits, now=now)

    def put_troubled_runs(self, found: Sequence[RunFact], *, asked_at: datetime) -> None:
        """Puts on record what Prefect says of runs; the next look tells operators of it.

        `asked_at` is when, by Prefect's clock, by which they are dated: the store has them by its own.
        """
        off = self.tools.clock() - asked_at
        with self.tools.store.write() as work:
            for one in found:
                troubled_runs.put(work, replace(one, at=one.at + off))
            work.commit()

    def send_test(self, target_id: int) -> Outcome | None:
        """Sends a real test message to a target; None when there is no such target."""
        with self.tools.store.read() as work:
            found = subscription_store.target(work, self.tools.vault, target_id)
        if found is None:
            return None
        text = "This is a test of Sectorwatch: alerts for this target arrive here."
        message = Message(
            id=f"test-{uuid4().hex}",
            title="Sectorwatch test",
            text=text,
            html=None,
            payload={"type": "sectorwatch.test", "version": 1, "text": text},
        )
        return self._sending(lambda sender: sender.notifier.send(found, message))

    def send_test_notice(self, label: str | None = None) -> list[tuple[str, Outcome]]:
        """Sends a real test notice to each of the operators' targets, or to one; their labels and how it ended."""
        with self.tools.store.read() as work:
            secrets = operator_store.secrets_of(work, self.tools.vault)
            own = [secrets[target.id] for target in watching.own_targets(work) if label in (None, target.label)]

        async def send(sender: Sender) -> list[tuple[str, Outcome]]:
            ended = []
            for target in own:
                channel = channel_of(target.kind, target.secret.reveal())
                message = trial(f"test-{uuid4().hex}", channel)
                ended.append((target.label, await sender.notifier.send(target, message)))
            return ended

        return self._sending(send)

    def check_feed(self, url: str, *, feed: Feed | None, watched: Sequence[tuple[int, str]]) -> Check:
        """Polls an address once, explains it and stores nothing (see `check_feed`)."""
        return self._reading(lambda reader: check_feed(reader, url, feed=feed, watched=watched))

    def feed_list(self, body: bytes) -> FeedList:
        """The feeds of an OPML file or a list of addresses. Raises SandboxError for one that takes too long."""
        return asyncio.run(apart(self._reading_sandbox(), read_feed_list, body, timeout=LIST_S))

    def prune(self, expected: Mapping[str, int] | None = None) -> dict[str, int]:
        """Lets go of what is past its time; `expected` is how much that is, for the progress alone."""
        removed = prune(self.tools, expected)
        _log.info("pruned: %s", ", ".join(f"{count} {kind}" for kind, count in removed.items() if count) or "nothing")
        return removed

    def redetect(self, wanted: Wanted, *, apply: bool = False) -> Redetection:
        """Runs the gazetteer in force over the stored articles; nothing is written without `apply`."""
        by = f"process {os.getpid()} on {socket.gethostname()}"
        return asyncio.run(redetect(self.tools, self._reading_sandbox(), wanted, apply=apply, by=by))

    def re_extract(self, wanted: Again, *, apply: bool = False) -> Reextraction:
        """Runs the present extraction over the pages that are kept; nothing is written without `apply`."""
        by = f"process {os.getpid()} on {socket.gethostname()}"
        return asyncio.run(re_extract(self.tools, self._reading_sandbox(), wanted, apply=apply, by=by))

    def cycle(self) -> CycleSummary:
        """One cycle of everything, now: no later cycle is counted on, so nothing waits for its turn.

        Claims that a killed process left behind are waited for (under a minute).
        """
        tools = self.tools
        asyncio.run(others_claims(tools))
        started = tools.clock()
        number = self.start_cycle()
        summary = CycleSummary()
        with timed(summary.seconds, "read"):
            summary.poll, summary.read = self.poll_and_read(not_since=started, retry_before=started)
        with timed(summary.seconds, "deliver"):
            summary.deliveries = self.deliver(close_groups=True)
        self.finish_cycle(number, summary.as_dict())
        self.watch(send=True)
        return summary

    def start_cycle(self) -> int:
        """Puts a cycle on record; returns its number."""
        with self.tools.store.write() as work:
            number = cycles.start(work, now=self.tools.clock())
            work.commit()
        logs.from_now_on(cycle=number)
        _log.info("the cycle began")
        return number

    def finish_cycle(self, number: int, summary: Mapping[str, Any]) -> None:
        """Records that a cycle came to its end, and what it did; after a good one, gives the sign of life."""
        with self.tools.store.write() as work:
            cycles.finish(work, number, summary, now=self.tools.clock())
            work.commit()
        _log.info("the cycle ended: %s", title(summary), extra={logs.FIGURES: figures(summary)})
        logs.from_now_on(cycle=None)
        if self.tools.settings.operators.heartbeat_url and is_good(summary):
            self._give_sign_of_life()

    def _give_sign_of_life(self) -> None:
        """Asks for the address that operators have set; that it fails stops nothing."""
        settings = self.tools.settings

        async def ask() -> str | None:
            async with HttpClient(replace(client_options(settings.fetch), timeout=HEARTBEAT_S)) as http:
                return await beat(http, resolve_secret(settings.operators.heartbeat_url, "operators.heartbeat_url"))

        try:
            trouble = asyncio.run(ask())
        except ConfigurationError as error:
            trouble = str(error)
        if trouble is not None:
            _log.warning("%s", trouble)

    # ------------------------------------------------------------------------------------------------------- parts

    def _reading(self, step: Callable[[Reader], Awaitable[T]]) -> T:
        async def run() -> T:
            async with polite_web(self.tools.settings.fetch, self.tools) as web:
                with cancelled_by_sigterm():
                    return await step(Reader(tools=self.tools, web=web, sandbox=self._reading_sandbox()))

        return asyncio.run(run())

    def _sending(self, step: Callable[[Sender], Awaitable[T]]) -> T:
        async def run() -> T:
            settings = self.tools.settings
            async with HttpClient(client_options(settings.fetch), clock=self.tools.clock) as http:
                notifiers: dict[TargetKind, Notifier] = {
                    TargetKind.WEBHOOK: WebhookNotifier(http, clock=self.tools.clock),
                    TargetKind.APPRISE: AppriseNotifier(self._apprise_sandbox()),
                }
                relay = smtp_relay(settings.mail)
                if relay is not None:
                    notifiers[TargetKind.EMAIL] = MailNotifier(relay, clock=self.tools.clock)
                with cancelled_by_sigterm():
                    return await step(Sender(tools=self.tools, notifier=Dispatch(notifiers)))

        return asyncio.run(run())

    def _reading_sandbox(self) -> Sandbox:
        """The processes that parse and extract; started when first needed."""
        if self._sandbox is None:
            with self.tools.store.read() as work:
                own = sector_store.own_definitions(work)
            settings = self.tools.settings.read
            self._sandbox = self._closing.enter_context(
                Sandbox(
                    workers=settings.workers or len(os.sched_getaffinity(0)),
                    memory_bytes=settings.memory_mb << 20,
                    patience=READING_PATIENCE,
                    preload=PRELOAD,
                    initializer=prepare,
                    initargs=(own,),
                )
            )
        return self._sandbox

    def _apprise_sandbox(self) -> Sandbox:
        """The processes that Apprise sends from: its calls have no deadline of their own."""
        if self._apprise is None:
            memory = self.tools.settings.read.memory_mb << 20
            preload = ("alerts.apprise_call",)
            self._apprise = self._closing.enter_context(Sandbox(workers=4, memory_bytes=memory, preload=preload))
        return self._apprise


def link_maker(settings: Settings, store: Store, vault: Vault, clock: Clock) -> LinkMaker | None:
    """What makes and checks the links in messages; None where no page is set that they would lead to."""
    if not settings.public_url:
        return None
    former = [resolve_secret(reference, "web.old_link_keys") for reference in settings.web.old_link_keys]
    if settings.web.link_key:
        signer = Signer(resolve_secret(settings.web.link_key, "web.link_key"), *former)
    else:
        keys = link_keys(store, vault, now=clock())
        signer = Signer(*keys, *former, now=lambda: (*stored_keys(store, vault), *former))
    return LinkMaker(signer=signer, public_url=settings.public_url)


def smtp_relay(settings: MailSettings) -> SmtpRelay | None:
    """The operator's relay; None where none is set up."""
    if not settings.host:
        return None
    return SmtpRelay(
        host=settings.host,
        port=settings.port,
        security=Security(settings.security),
        username=settings.username,
        password=resolve_secret(settings.password, "mail.password") if settings.password else None,
        sender=settings.sender,
        timeout=settings.timeout_s,
    )
