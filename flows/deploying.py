"""`sectorwatch deploy`: makes a Prefect server have pool, deployments, automations, variable; safe to repeat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import (
    DeploymentScheduleCreate,
    GlobalConcurrencyLimitUpdate,
    VariableCreate,
    VariableUpdate,
    WorkPoolCreate,
)
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions, WorkPool, WorkQueue
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.settings import PREFECT_API_URL
from prefect.utilities.callables import parameter_schema
from prefect.workers.process import ProcessWorker

from flows.automations import FORMER, automations
from flows.deployments import HEARTBEAT_S, REPORT, RETRIED, Wanted, When
from sectorwatch import VERSION
from sectorwatch.errors import ConfigurationError, SectorwatchError

POOL = "sectorwatch"
QUEUE = "default"
TAG = "sectorwatch"
VARIABLE = "sectorwatch"
TAKES = "takes"  # the key of a deployment's parameters, as JSON Schema
NOT_YET = UUID(int=0)  # stands for a deployment that --check finds missing
State = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is not as wanted."""

    what: str
    sign: (
        str  # + for what is missing, ~ for what is otherwise, - for what is no longer wanted, ! for what is left to you
    )
    detail: str = ""


def deploy(wanted: tuple[Wanted, ...], *, config: str | None, pool: str, check: bool) -> list[Change]:
    """What was not as wanted, and is now; with `check` nothing is changed. Raises SectorwatchError.

    `config` is the configuration file's path on the workers; None: their SECTORWATCH_CONFIG names it.
    """
    with _client() as client:
        changes = [*_pool(client, pool, check)]
        for one in wanted:
            changes += _deployment(client, one, config=config, pool=pool, check=check)
        for automation in automations(_id(client, REPORT)):
            changes += _automation(client, automation, check)
        changes += _former(client, check)
        return [*changes, *_variable(client, wanted, check)]


@contextmanager
def _client() -> Iterator[SyncPrefectClient]:
    if not PREFECT_API_URL.value():
        raise ConfigurationError(
            "PREFECT_API_URL is not set: name the Prefect server, such as http://127.0.0.1:4200/api"
        )
    try:
        with get_client(sync_client=True) as client:
            yield client
    except PrefectHTTPStatusError as error:
        code = error.response.status_code
        cure = ": set PREFECT_API_AUTH_STRING" if code == 401 else ""
        raise SectorwatchError(f"the Prefect server refuses (HTTP {code}){cure}") from error
    except httpx.HTTPError as error:
        words = f"the Prefect server at PREFECT_API_URL does not answer ({type(error).__name__})"
        raise SectorwatchError(f"{words}: start it, or correct the address, which ends in /api") from error


# ------------------------------------------------------------------------------------------------------------ pool


def _pool(client: SyncPrefectClient, name: str, check: bool) -> Iterator[Change]:
    try:
        there = client.read_work_pool(name)
    except ObjectNotFound:
        if not check:
            template = ProcessWorker.get_default_base_job_template()
            client.create_work_pool(WorkPoolCreate(name=name, type="process", base_job_template=template))
        yield Change(what=f"work pool {name}", sign="+")
        return
    if there.type != "process":
        cure = "its runs are no processes of a worker; name another pool with --pool"
        yield Change(what=f"work pool {name}", sign="!", detail=f"is of type {there.type}: {cure}")
    yield from _held_up(f"work pool {name}", there, f"work-pool {{}} {name}")
    for queue in client.read_work_queues(work_pool_name=name):
        if queue.name == QUEUE:
            yield from _held_up(f"work queue {QUEUE}", queue, f"work-queue {{}} {QUEUE} --pool {name}")


def _held_up(what: str, there: WorkPool | WorkQueue, command: str) -> Iterator[Change]:
    """What keeps all runs from starting, and may be meant so: it is told of, and left as it is."""
    if there.is_paused:
        yield Change(what=what, sign="!", detail=f"is paused; 'prefect {command.format('resume')}' lets it go on")
    if there.concurrency_limit == 0:
        cure = f"'prefect {command.format('clear-concurrency-limit')}'"
        yield Change(what=what, sign="!", detail=f"its concurrency limit is 0, so that nothing runs; {cure}")


# ----------------------------------------------------------------------------------------------------- deployments


def _deployment(
    client: SyncPrefectClient, one: Wanted, *, config: str | None, pool: str, check: bool
) -> Iterator[Change]:
    name, target = f"{one.name}/{one.name}", _target(one, config, pool)
    try:
        there: State | None = _there(client.read_deployment_by_name(name))
    except ObjectNotFound:
        there = None
    if there == target:
        return
    if not check:
        _put(client, one, target)
    if there is None:
        yield Change(what=f"deployment {name}", sign="+")
        return
    for key, value in target.items():
        if there[key] != value:
            words = f"{key}: {value}, was {there[key]}" if key != TAKES else "its parameters are of another release"
            yield Change(what=f"deployment {name}", sign="~", detail=words)


def _target(one: Wanted, config: str | None, pool: str) -> State:
    """A deployment in plain values, to be compared."""
    return {
        "entrypoint": one.entrypoint,
        "description": one.description,
        "parameters": {"config": config},
        "schedules": [_plain(when) for when in one.schedules],
        "slots": one.slots,
        "overlap": ConcurrencyLimitStrategy.CANCEL_NEW.value,
        "pool": pool,
        "queue": QUEUE,
        "tags": [TAG],
        "job_variables": {
            "env": {
                "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_S),
                "PREFECT_CLIENT_RETRY_EXTRA_CODES": RETRIED,
            }
        },
        TAKES: _takes(one),
        "paused": False,
    }


def _takes(one: Wanted) -> State:
    """Which parameters its flow has: the server refuses a run that is given others."""
    flow: Flow[..., Any] = load_flow_from_entrypoint(one.entrypoint)
    return parameter_schema(flow).model_dump_for_openapi()


def _plain(when: When) -> State:
    often = {"every_s": int(when.every.total_seconds())} if when.every else {"cron": when.cron, "timezone": "UTC"}
    return {"slug": when.slug, **often, "parameters": when.parameters, "active": True}


def _there(found: DeploymentResponse) -> State:
    """The same of one that is on the server."""
    limit, options = found.global_concurrency_limit, found.concurrency_options
    return {
        "entrypoint": found.entrypoint,
        "description": found.description,
        "parameters": found.parameters,
        "schedules": sorted(map(_schedule, found.schedules), key=lambda one: str(one["slug"])),
        "slots": None if limit is None or not limit.active else limit.limit,
        "overlap": None if options is None else ConcurrencyLimitStrategy(options.collision_strategy).value,
        "pool": found.work_pool_name,
        "queue": found.work_queue_name,
        "tags": found.tags,
        "job_variables": found.job_variables,
        TAKES: found.parameter_openapi_schema,
        "paused": found.paused,
    }


def _schedule(found: Any) -> State:
    often: State = {"other": type(found.schedule).__name__}
    if isinstance(found.schedule, IntervalSchedule):
        often = {"every_s": int(found.schedule.interval.total_seconds())}
    elif isinstance(found.schedule, CronSchedule):
        often = {"cron": found.schedule.cron, "timezone": found.schedule.timezone}
    return {"slug": found.slug, **often, "parameters": found.parameters, "active": found.active}


def _put(client: SyncPrefectClient, one: Wanted, target: State) -> None:
    """Creates the deployment or makes it as wanted; runs beat as often as the automations need, whatever the worker."""
    made = client.create_deployment(
        flow_id=client.create_flow_from_name(one.name),
        name=one.name,
        entrypoint=one.entrypoint,
        description=one.description,
        tags=target["tags"],
        parameters=target["parameters"],
        parameter_openapi_schema=target[TAKES],
        enforce_parameter_schema=True,
        schedules=[
            DeploymentScheduleCreate(
                schedule=IntervalSchedule(interval=when.every)
                if when.every
                else CronSchedule(cron=str(when.cron), timezone="UTC"),
                slug=when.slug,
                parameters=when.parameters,
                active=True,
            )
            for when in one.schedules
        ],
        concurrency_limit=one.slots,
        concurrency_options=ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        work_pool_name=target["pool"],
        work_queue_name=target["queue"],
        job_variables=target["job_variables"],
        pull_steps=[],
        paused=False,
    )
    limit = client.read_deployment(made).global_concurrency_limit
    if limit is not None and not limit.active:
        client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(active=True))


# ----------------------------------------------------------------------------------------- automations, variable


def _id(client: SyncPrefectClient, name: str) -> UUID:
    try:
        return client.read_deployment_by_name(f"{name}/{name}").id
    except ObjectNotFound:
        return NOT_YET


def _automation(client: SyncPrefectClient, target: AutomationCore, check: bool) -> Iterator[Change]:
    what, found = f"automation {target.name}", client.read_automations_by_name(target.name)
    for extra in found[1:]:
        if not check:
            client.delete_automation(extra.id)
        yield Change(what=what, sign="~", detail="there are two of it")
    if not found:
        if not check:
            client.create_automation(target)
        yield Change(what=what, sign="+")
    elif _meaning(found[0]) != _meaning(target):
        if not check:
            client.update_automation(found[0].id, target)
        yield Change(what=what, sign="~", detail="its trigger or action is another one")


def _former(client: SyncPrefectClient, check: bool) -> Iterator[Change]:
    for name in FORMER:
        for one in client.read_automations_by_name(name):
            if not check:
                client.delete_automation(one.id)
            yield Change(what=f"automation {name}", sign="-")


def _variable(client: SyncPrefectClient, wanted: tuple[Wanted, ...], check: bool) -> Iterator[Change]:
    """Which release has deployed what is there, for people and programs that look at Prefect alone."""
    target = {"release": VERSION, "slots": {one.name: one.slots for one in wanted}}
    there = client.read_variable_by_name(VARIABLE)
    if there is None:
        if not check:
            client.create_variable(VariableCreate(name=VARIABLE, value=target, tags=[TAG]))
        yield Change(what=f"variable {VARIABLE}", sign="+")
    elif there.value != target:
        if not check:
            client.update_variable(VariableUpdate(name=VARIABLE, value=target, tags=[TAG]))
        yield Change(what=f"variable {VARIABLE}", sign="~", detail=f"{target}, was {there.value}")


def _meaning(one: Automation | AutomationCore) -> State:
    trigger = one.trigger
    if not isinstance(trigger, EventTrigger):  # made by hand: none of ours is of another kind
        return {"when": type(trigger).__name__}
    actions = [
        (
            action.type,
            *(getattr(action, name, None) for name in ("source", "deployment_id", "parameters", "state", "message")),
        )
        for action in one.actions
    ]
    return {
        "enabled": one.enabled,
        "when": (trigger.after, trigger.expect, trigger.for_each, trigger.posture, trigger.threshold, trigger.within),
        "of": [_plain_match(trigger.match), _plain_match(trigger.match_related)],
        "then": actions,
    }


def _plain_match(match: Any) -> State:
    """The server gives a list of one back where it was given the one; one or several values may be either, too."""
    (only,) = match if isinstance(match, list) else [match]
    return {key: sorted(values) for key, values in ResourceSpecification.model_validate(only).deepcopy().items()}
