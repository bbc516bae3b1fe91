"""What the Prefect server tells `sectorwatch doctor`: whether anything there keeps our flows from running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import WorkerStatus
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.settings import (
    PREFECT_API_REQUEST_TIMEOUT,
    PREFECT_API_URL,
    PREFECT_CLIENT_MAX_RETRIES,
    get_current_settings,
    temporary_settings,
)

from flows.deploying import Change, deploy
from flows.deployments import EVERY_S, wanted
from flows.steps.doctor.finding import Finding, advice, wrong
from flows.steps.doctor.store import CLOCKS_APART
from flows.troubles import server_time
from sectorwatch.clock import Clock, lasting, system_clock
from sectorwatch.errors import SectorwatchError

MAIN = "monitor"
ANSWER_S = 10.0  # Prefect's own client asks six times, and waits a minute for each answer
SEVERAL = 2  # workers
WRITTEN = timedelta(minutes=10)  # a server writes what it schedules each minute
_ADDRESS = "correct PREFECT_API_URL; it ends in /api"
_SCHEDULED = tuple(one.name for one in wanted() if one.schedules)


def look(clock: Clock = system_clock, store_url: str = "") -> Iterator[Finding]:
    """All of it; nothing is changed. A server that does not answer is told of by `doctor_machine`."""
    if not PREFECT_API_URL.value():
        return
    try:
        with temporary_settings({PREFECT_API_REQUEST_TIMEOUT: ANSWER_S, PREFECT_CLIENT_MAX_RETRIES: 0}):
            yield from _asked(clock, store_url)
    except ObjectNotFound:
        cure = "is PREFECT_API_URL the server that you mean? 'sectorwatch deploy' puts them there"
        yield wrong("not_deployed", "the Prefect server has none of our deployments", cure)
    except PrefectHTTPStatusError as error:
        code = error.response.status_code
        cures = {401: "set PREFECT_API_AUTH_STRING", 403: "set PREFECT_API_AUTH_STRING", 404: _ADDRESS}
        cure = cures.get(code, "the server's log says why")
        yield wrong("prefect_refuses", f"the Prefect server refuses us (HTTP {code})", cure)
    except (SectorwatchError, httpx.HTTPError):
        return
    except (
        ValueError,
        RuntimeError,
    ) as error:  # what is no answer of Prefect's, or of a release that it cannot speak to
        what = f"what answers at PREFECT_API_URL is no Prefect server of this release ({type(error).__name__})"
        yield wrong("prefect_refuses", what, _ADDRESS)


def _asked(clock: Clock, store_url: str) -> Iterator[Finding]:
    with get_client(sync_client=True) as client:
        yield from _clocks(client, clock)
        main = client.read_deployment_by_name(f"{MAIN}/{MAIN}")
        yield from _switched_off(client)
        if main.work_pool_name is None:  # `up` runs it by itself
            return
        yield from _workers(client, main.work_pool_name, store_url, clock)
    yield from _otherwise(main, main.work_pool_name)


def _clocks(client: SyncPrefectClient, clock: Clock) -> Iterator[Finding]:
    asked_at = clock()
    said, answered_at = server_time(client), clock()
    ahead_by, behind_by = asked_at - said, said - answered_at  # at least: the answer may have taken seconds
    if max(ahead_by, behind_by) > CLOCKS_APART:
        which = "ahead of" if ahead_by > behind_by else "behind"
        what = f"this machine's clock is {lasting(max(ahead_by, behind_by))} {which} the Prefect server's"
        ahead = "; a worker whose clock is ahead takes runs of the future, and ends those between"
        yield wrong("prefect_clock", what, f"let both be kept by NTP (timedatectl){ahead}")


def _switched_off(client: SyncPrefectClient) -> Iterator[Finding]:
    """Deployments that are paused, and schedules: `deploy` would switch them on again, and may not be meant to."""
    for name in _SCHEDULED:
        try:
            found = client.read_deployment_by_name(f"{name}/{name}")
        except ObjectNotFound:
            continue  # told of with all that `deploy` would change
        off = [one.slug or "its schedule" for one in found.schedules if not one.active]
        words = "is paused" if found.paused else f"has its schedule {', '.join(off)} switched off" if off else ""
        if words:
            cure = "switch it on in Prefect's page, or by sectorwatch deploy ('up': by its next start)"
            yield wrong("not_scheduled", f"deployment {name} {words}: no run of it is due", cure)


def _workers(client: SyncPrefectClient, pool: str, store_url: str, clock: Clock) -> Iterator[Finding]:
    cure = f"start one: prefect worker start --pool {pool} (deployments/README.md)"
    workers = client.read_workers_for_work_pool(pool)
    online = sum(one.status == WorkerStatus.ONLINE for one in workers)
    if not online:
        ever = f"; {len(workers)} were" if workers else ""
        yield wrong("no_worker", f"no worker takes runs of the work pool {pool} now{ever}", cure)
    if online >= SEVERAL and is_on_sqlite(_own_database(), _settings_of(client), clock()):
        what = f"{online} workers ask a Prefect server that is on SQLite: busy, it is locked for a minute at a time"
        cure = "give it a PostgreSQL (PREFECT_SERVER_DATABASE_CONNECTION_URL), or stop all workers but one"
        yield wrong("prefect_on_sqlite", what, f"{cure}; see deployments/README.md, Many machines")
    if online >= SEVERAL and store_url.startswith("sqlite"):
        what = f"{online} workers take runs, and the store is a file: on another machine each has one of its own"
        cure = "move the store to PostgreSQL (deployments/README.md), unless all of them are on this machine"
        yield advice("store_of_one_machine", what, cure)


def is_on_sqlite(own: str, told: Mapping[str, Any], now: datetime) -> bool:
    """Whether a Prefect server keeps its runs in SQLite, as far as that can be seen.

    By `own`, the database that this environment sets for the server, and else by the settings that it told: they name
    a driver or its folder, and a file there that is written to is on this machine.
    """
    if own:
        return own.startswith("sqlite")
    driver = told.get("server", {}).get("database", {}).get("driver") or ""
    if driver:
        return bool(driver.startswith("sqlite"))
    file = Path(told.get("home") or "/nowhere") / "prefect.db"
    return any(_written(part) > now - WRITTEN for part in (file, file.with_name(f"{file.name}-wal")))


def _own_database() -> str:
    database = get_current_settings().server.database
    given = "connection_url" in database.model_fields_set and database.connection_url
    return given.get_secret_value() if given else database.driver or ""


def _settings_of(client: SyncPrefectClient) -> Mapping[str, Any]:
    """What the server says of its settings, secrets hidden; nothing where it does not."""
    try:
        found: Mapping[str, Any] = client.request("GET", "/admin/settings").json()
    except (PrefectHTTPStatusError, ObjectNotFound):
        return {}
    return found


def _written(file: Path) -> datetime:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return datetime.min.replace(tzinfo=UTC)


def _otherwise(main: DeploymentResponse, pool: str) -> Iterator[Finding]:
    """What `deploy --check` says, with the options that it was last deployed by."""
    every = next(
        (
            int(one.schedule.interval.total_seconds())
            for one in main.schedules
            if isinstance(one.schedule, IntervalSchedule)
        ),
        EVERY_S,
    )
    limit = main.global_concurrency_limit
    slots = max(len(main.schedules), 1)
    if limit is not None and limit.active and limit.limit == 0:
        cure = f"prefect global-concurrency-limit update '{limit.name}' --limit {slots}, or sectorwatch deploy"
        yield wrong("no_slots", f"the concurrency limit of deployment {MAIN} is 0: no run of it may begin", cure)
    changes = deploy(
        wanted(every=every, slots=slots), config=(main.parameters or {}).get("config"), pool=pool, check=True
    )
    for one in changes:
        if one.sign == "!":
            what, _, cure = one.detail.partition("; ")
            yield wrong("runs_held", f"{one.what} {what}", cure)
    others = [one for one in changes if one.sign != "!" and not _is_told(one)]
    if others:
        words = f"{others[0].sign} {others[0].what}{f', {others[0].detail}' if others[0].detail else ''}"
        many = f" and {len(others) - 1} more" if len(others) > 1 else ""
        what = f"what the Prefect server has is not as this release puts it: {words[:300]}{many}"
        yield wrong("deployed_otherwise", what, "sectorwatch deploy, with the options that you gave it before")


def _is_told(one: Change) -> bool:
    """Whether another finding has it already."""
    no_slots = one.detail.startswith("slots: ") and one.detail.endswith(", was 0")
    return no_slots or any(sign in one.detail for sign in ("paused: False, was True", "'active': False"))
