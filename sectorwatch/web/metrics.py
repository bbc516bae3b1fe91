"""What a Prometheus reads: all of it asked of the store, so that it is the same however many workers there are.

Counters begin at nothing when this process starts, as Prometheus expects of counters, and follow the store from then
on. They are half a minute late.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest

from sectorwatch import VERSION
from sectorwatch.clock import Clock
from sectorwatch.domain import OutcomeKind, PollStatus, TargetKind
from storage import schema
from storage.running import health, journal
from storage.running.journal import Rows, Subject
from storage.running.levels import Due, Levels, levels
from storage.unit_of_work import Store, Work

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FRESH_S = 5.0  # for so long an answer is given again: nobody can keep the store busy by asking
_PAGES = ("read", "from_feed", "known", "failed")
_POLL_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LAG_S = (60, 300, 600, 900, 1800, 3600, 7200, 21600, 86400)
_DELAY_S = (1, 3, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400)


class Metrics:
    """Everything that is told, and how far each table was counted."""

    def __init__(self, store: Store, clock: Clock, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock, self._monotonic = store, clock, monotonic
        self._lock = threading.Lock()
        self._told, self._told_at = b"", float("-inf")
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        about = Info(
            "sectorwatch_build", "The release that answers, and the version of its tables", registry=self.registry
        )
        about.info({"version": VERSION, "tables": schema.newest()})
        self._counts = _Counts(self.registry)
        self._gauges = _Gauges(self.registry)
        self._counted: dict[str, int] = {}  # by table
        self._cycles_to: datetime | None = None

    def text(self) -> bytes:
        """The metrics in Prometheus's text format. Raises StoreError."""
        with self._lock:
            if self._monotonic() - self._told_at >= FRESH_S:
                now = self._clock()
                with self._store.read() as work:
                    work.wait_at_most(health.PATIENCE_S)
                    self._count(work, now)
                    self._gauges.set(levels(work, now=now), now)
                self._told, self._told_at = generate_latest(self.registry), self._monotonic()
            return self._told

    def _count(self, work: Work, now: datetime) -> None:
        for subject, count in self._counts.subjects:
            name = subject.table.name
            if name not in self._counted:
                self._counted[name] = journal.newest(work, subject)
            rows = journal.rows_after(work, subject, self._counted[name], now=now)
            count(rows)
            self._counted[name] = rows[-1].id if rows else self._counted[name]
        ended = journal.cycles_after(work, self._cycles_to or now - journal.SETTLED, now=now)
        for cycle in ended:
            self._counts.cycle(cycle.summary or {})
        self._cycles_to = ended[-1].finished_at if ended else self._cycles_to or now - journal.SETTLED


class _Counts:
    """What only grows."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, what: str, *labels: str) -> Counter:
            return Counter(f"sectorwatch_{name}", what, labels, registry=registry)

        def histogram(name: str, what: str, buckets: Sequence[float]) -> Histogram:
            return Histogram(f"sectorwatch_{name}", what, buckets=buckets, registry=registry)

        self.polls = counter("polls", "Polls of feeds, by how they ended", "status")
        self.poll_seconds = histogram("poll_seconds", "How long a feed took to answer", _POLL_S)
        self.poll_bytes = counter("poll_bytes", "Bytes of feeds, unpacked")
        self.new_entries = counter("new_entries", "Entries that feeds had not listed before")
        self.missed = counter("polls_that_may_have_missed_items", "Polls that knew nothing of what a feed listed")
        self.cycles = counter("cycles", "Cycles that came to their end")
        self.pages = counter("pages", "Pages of entries, by what came of them", "outcome")
        self.refused = counter("pages_refused", "Pages that were refused, by how", "why")
        self.articles = counter("articles", "Articles stored, by how their text was found", "method")
        self.extractions = counter("extractions", "Texts that were extracted, detection included")
        self.extraction_s = counter("extraction_seconds", "Time of that, with the wait for a free process")
        self.lag = histogram("news_lag_seconds", "From the stated time of a news item to its discovery", _LAG_S)
        self.mentions = counter("mentions", "Mentions stored", "sector", "context")
        self.alerts = counter("alerts", "Alerts opened", "sector")
        self.suppressions = counter("suppressions", "What matched and is not told", "code")
        self.attempts = counter("delivery_attempts", "Attempts to deliver, by how they ended", "kind", "outcome")
        self.delay = histogram("delivery_delay_seconds", "From when a delivery was due to its acceptance", _DELAY_S)
        for status in PollStatus:
            self.polls.labels(status)
        for outcome in _PAGES:
            self.pages.labels(outcome)
        for kind in TargetKind:
            for ended in OutcomeKind:
                self.attempts.labels(kind, ended)
        self.subjects: tuple[tuple[Subject, Callable[[Rows], None]], ...] = (
            (journal.POLLS, self._of_polls),
            (journal.ARTICLES, self._of_articles),
            (journal.MENTIONS, self._of_mentions),
            (journal.ALERTS, self._of_alerts),
            (journal.SUPPRESSIONS, self._of_suppressions),
            (journal.ATTEMPTS, self._of_attempts),
        )

    def cycle(self, summary: dict[str, Any]) -> None:
        """Counts what only the summary of a cycle says."""
        self.cycles.inc()
        found = summary.get("articles", {})
        for outcome in _PAGES:
            many = found.get(outcome, 0)
            self.pages.labels(outcome).inc(len(many) if isinstance(many, list) else many)
        for why, count in found.get("refused", {}).items():
            self.refused.labels(why).inc(count)
        self.extractions.inc(found.get("extractions", 0))
        self.extraction_s.inc(found.get("extraction_seconds", 0))

    def _of_polls(self, rows: Rows) -> None:
        for row in rows:
            self.polls.labels(row.status).inc()
            if row.status != PollStatus.HELD:  # nobody was asked
                self.poll_seconds.observe(row.ms / 1000)
            self.poll_bytes.inc(row.bytes)
            self.new_entries.inc(row.new_entries)
            self.missed.inc(int(row.overlap_lost))

    def _of_articles(self, rows: Rows) -> None:
        for row in rows:
            self.articles.labels(row.method).inc()
            if row.published_at is not None and not row.baseline:
                self.lag.observe(max(0.0, (row.first_seen_at - row.published_at).total_seconds()))

    def _of_mentions(self, rows: Rows) -> None:
        for row in rows:
            self.mentions.labels(row.sector, row.context).inc()

    def _of_alerts(self, rows: Rows) -> None:
        for row in rows:
            self.alerts.labels(row.sector).inc()

    def _of_suppressions(self, rows: Rows) -> None:
        for row in rows:
            self.suppressions.labels(row.code).inc()

    def _of_attempts(self, rows: Rows) -> None:
        for row in rows:
            self.attempts.labels(row.kind, row.outcome or OutcomeKind.UNKNOWN).inc()
            if row.outcome == OutcomeKind.SENT:
                self.delay.observe(max(0.0, (row.ended - row.first_due_at).total_seconds()))


class _Gauges:
    """What goes up and down."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, what: str, *labels: str) -> Gauge:
            return Gauge(f"sectorwatch_{name}", what, labels, registry=registry)

        self.feeds = gauge("feeds", "Feeds, by state", "state")
        self.due = gauge("due", "What could be done now and is not yet", "queue")
        self.due_age = gauge("due_age_seconds", "For how long the first of it has been due; 0: nothing is", "queue")
        self.deliveries = gauge("deliveries", "Deliveries that are neither sent nor suppressed, by state", "state")
        self.targets = gauge("targets", "Targets, by how sending to them goes", "state")
        self.notices = gauge("notices_open", "What operators were told of and lasts, by kind", "kind")
        self.cycle_at = gauge("last_cycle_timestamp_seconds", "When the last cycle came to its end; 0: none did")
        self.cycle_s = gauge("last_cycle_seconds", "How long that one took")
        self.stopped = gauge("stopped", "1 where something holds all of it up", "by")
        self.bytes = gauge("store_bytes", "Size of the database")

    def set(self, found: Levels, now: datetime) -> None:
        for label, gauge, values in (
            ("state", self.feeds, found.feeds),
            ("state", self.deliveries, found.deliveries),
            ("state", self.targets, found.targets),
            ("kind", self.notices, found.notices),
        ):
            gauge.clear()
            for name, count in values.items():
                gauge.labels(**{label: name}).set(count)
        for name, due in (
            ("feeds", found.feeds_due),
            ("pages", found.entries_due),
            ("deliveries", found.deliveries_due),
        ):
            self.due.labels(name).set(due.count)
            self.due_age.labels(name).set(_age(due, now))
        ended = found.cycle_finished_at
        self.cycle_at.set(0 if ended is None else ended.timestamp())
        self.cycle_s.set(found.cycle_seconds or 0)
        for name, on in (("pause", found.paused), ("storm", found.held), ("network", found.network_down)):
            self.stopped.labels(name).set(on)
        self.bytes.set(found.store_bytes)


def _age(due: Due, now: datetime) -> float:
    return 0.0 if due.since is None else max(0.0, (now - due.since).total_seconds())
