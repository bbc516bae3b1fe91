"""What runs when: the one list that `sectorwatch up` follows and that `sectorwatch deploy` puts on a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

EVERY_S = 300  # a cycle
DRAIN_EVERY_S = 300  # see flows.deliver
DAILY = "17 3 * * *"  # UTC
HEARTBEAT_S = 30  # the shortest that Prefect allows
WINDOW_S = 3 * HEARTBEAT_S  # so long without one, and a run is dead
LATE_S = 600  # so long nobody takes a run that is due, and operators are told by the next `deliver`
REPORT = "report"
RETRIED = "500"  # what the server answers while its database restarts: by default runs and workers die of it
LEASES = "prefect.server.concurrency.lease_storage.filesystem"  # of slots, so that they outlive the server
RUNS_KEPT = timedelta(days=14)  # with their logs, on the Prefect server: by default it keeps all for ever
AHEAD = timedelta(minutes=15)  # so far, and for three runs, runs are scheduled: Prefect's own hour is what a worker
# whose clock is ahead takes at once, and all but one of it ends as Cancelled
SERVER = {
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": LEASES,
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": f"{RUNS_KEPT.total_seconds():.0f}",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": f"PT{AHEAD.total_seconds() / 60:.0f}M",
}
"""What a Prefect server of ours is told, wherever it runs."""


@dataclass(frozen=True, kw_only=True)
class When:
    """One schedule: an interval or, in UTC, a cron line."""

    slug: str
    every: timedelta | None = None
    cron: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One deployment, of the flow of its name. As many of its runs go at once as it has `slots`.

    A run that is due while all slots are taken ends as Cancelled, which is right: those that work take what is due
    with them.
    """

    name: str
    entrypoint: str  # a module path: the code comes from the installed packages, wherever a worker is started
    description: str
    schedules: tuple[When, ...] = ()
    slots: int = 1


def wanted(*, every: int = EVERY_S, slots: int = 1) -> tuple[Wanted, ...]:
    """All of them: a cycle every so many seconds, by so many workers side by side."""
    cycle = timedelta(seconds=every)
    return (
        Wanted(
            name="monitor",
            entrypoint="flows.monitor.monitor",
            description="Polls the feeds that are due, reads the new articles, decides whom to tell.",
            schedules=tuple(
                When(slug=f"slot-{slot}", every=cycle, parameters={"slot": slot} if slot else {})
                for slot in range(slots)
            ),
            slots=slots,
        ),
        Wanted(
            name="deliver",
            entrypoint="flows.deliver.deliver",
            description="Sends what comes due until shortly before the next run.",
            schedules=(When(slug="every-5-minutes", every=timedelta(seconds=DRAIN_EVERY_S)),),
        ),
        Wanted(
            name="maintain",
            entrypoint="flows.maintain.maintain",
            description="Retention, upkeep of the database, a look at what is wrong.",
            schedules=(When(slug="daily", cron=DAILY),),
        ),
        Wanted(
            name="redetect",
            entrypoint="flows.redetect.redetect",
            description="Runs the gazetteer in force over the archive, on demand; only counts unless apply is true.",
        ),
        Wanted(
            name="re-extract",
            entrypoint="flows.re_extract.re_extract",
            description="Runs the present extraction over the kept pages, on demand; only counts unless apply is true.",
        ),
        Wanted(
            name=REPORT,
            entrypoint="flows.report.report",
            description="Tells operators of runs that failed or died; an automation starts it.",
        ),
    )
