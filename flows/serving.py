"""`sectorwatch up`: a Prefect server and the deployments on their schedules, on one machine."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast
from urllib.request import urlopen

import httpx

from flows.deployments import HEARTBEAT_S, RETRIED, SERVER, wanted
from flows.forked_runs import ready_to_run
from flows.looking_after import Disk, looked_after
from flows.prefect_server import PrefectCommand, ready_to_serve
from sectorwatch.errors import ConfigurationError, SectorwatchError
from sectorwatch.forking import Child, Server, begin
from sectorwatch.net.listening import Listens

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment
    from prefect.runner import Runner

HOST = "127.0.0.1"
LOG = "server.log"  # in Prefect's folder
SERVER_START_S = 120.0  # an empty database is migrated first
STOP_S = 15.0
RESTART_S = 10.0  # before what ended by itself is started again
_SERVICES = {  # what its server looks for every few seconds, and here is never in a hurry
    "CANCELLATION_CLEANUP_LOOP": 60,
    "CLEANUP_RECONCILER_LOOP": 60,
    "FOREMAN_LOOP": 60,
    "LATE_RUNS_LOOP": 30,
    "PAUSE_EXPIRATIONS_LOOP": 60,
    "SCHEDULER_RECENT_DEPLOYMENTS_LOOP": 30,
}
UNHURRIED = {
    **{f"PREFECT_SERVER_SERVICES_{service}_SECONDS": str(seconds) for service, seconds in _SERVICES.items()},
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "30",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY": "PT1M",  # of automations that wait for what does not happen
}
"""A third of what an idle server takes of CPU; see `flows.prefect_server` for another."""
FIRST_RUN_S = 120.0  # how long the deployments may take to be there


def prefect_environment(home: Path, api_url: str | None) -> dict[str, str]:
    """What Prefect is told by the environment: its own folder and database, nothing sent to its makers."""
    settings = {
        **SERVER,
        **UNHURRIED,
        "PREFECT_HOME": str(home.resolve()),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_S),
        "PREFECT_CLIENT_RETRY_EXTRA_CODES": RETRIED,
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(int(SERVER_START_S)),
    }
    return settings if api_url is None else {**settings, "PREFECT_API_URL": api_url}


def serve_all(
    *,
    config: str | None,
    home: Path,
    port: int,
    every: int,
    say: Callable[[str], None],
    beside: Mapping[str, Callable[[], object]] = MappingProxyType({}),
    looks: Sequence[Callable[[], None]] = (),
    listens: Sequence[Listens] = (),
    imports: Sequence[str] = (),
    own_sectors: Sequence[tuple[str, str]] = (),
) -> int:
    """Runs until Ctrl-C or SIGTERM; then the server and all running flows are stopped. Returns the exit code.

    A server that dies is started again. `beside` are functions that run as long as that, each in a process, by what
    they are called, and `imports` what they need; `looks` are what is looked after meanwhile, beside the disk of
    Prefect's folder (see `flows.looking_after`); `listens` says where those functions will listen. Raises
    ConfigurationError where the folder or a port is another's, SectorwatchError where the server does not start.
    """
    api_url = f"http://{HOST}:{port}/api"
    os.environ.update(prefect_environment(home, api_url))
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell ignores for what a script starts beside it
    try:
        with _alone(home):
            for place in (Listens(host=HOST, port=port, cure="choose another with --port"), *listens):
                place.wait_until_free(STOP_S)  # it is not yet, perhaps, where an `up` before this one was killed
            say(f"starting the Prefect server on {api_url} (its page: http://{HOST}:{port}) ...")
            with ExitStack() as around:
                servers = around.enter_context(ready_to_serve())
                origin: Server | None = None
                while True:
                    with _server(servers, home, port) as server:  # slower to begin than what is imported meanwhile
                        if origin is None:
                            origin = around.enter_context(ready_to_run(imports, own_sectors))
                            around.enter_context(looked_after([Disk(home, say).look, *looks]))
                            around.enter_context(kept_running(beside, origin, say))
                        why = _served(server, config=config, home=home, port=port, every=every, say=say)
                    say(f"{why}; it is started again in {RESTART_S:.0f} s; see {home / LOG}")
                    time.sleep(RESTART_S)
    except KeyboardInterrupt:
        pass
    say("stopped")
    return 0


def _served(
    server: Child,
    *,
    config: str | None,
    home: Path,
    port: int,
    every: int,
    say: Callable[[str], None],
) -> str:
    """Until the server ends by itself, which nobody else would notice; says how it did."""
    runner, deployments = _runner(), _deployments(config, every)
    _wait_until_healthy(server, port, home / LOG)
    _end_what_was_killed()
    say(f"the pipeline runs every {every} s, the first time in a few seconds; Ctrl-C stops everything")
    try:
        with _interrupted_at_the_end_of(server):
            _serve(runner, deployments)
    except KeyboardInterrupt:
        if server.poll() is None:
            raise
    return f"the Prefect server ended with exit code {server.returncode}"


@contextmanager
def _interrupted_at_the_end_of(server: Child) -> Iterator[None]:
    """As by Ctrl-C: without a server the runner would go on for ever, and run nothing."""
    over, here = threading.Event(), threading.get_ident()

    def watch() -> None:
        while not over.wait(0.5):
            if server.poll() is not None:
                signal.pthread_kill(here, signal.SIGINT)
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Keeps Prefect's folder for us: two in it would end each other's runs. Raises ConfigurationError."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "up.lock").open("ab")
    except OSError as error:
        cure = "name a folder that this user may write, with --home"
        raise ConfigurationError(
            f"{home}: Prefect's database cannot be kept there ({error.strerror}): {cure}"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            words = f"another 'sectorwatch up' works in {home}: stop that one, or name another folder with --home"
            raise ConfigurationError(words) from error
        yield


def _end_what_was_killed() -> None:
    """Runs of an `up` before this one that could not say how they ended: they would keep their slots for minutes.

    The state is none that operators are told of: an `up` that is stopped on purpose also leaves such runs.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.states import Crashed

    at_work = FlowRunFilter.model_validate({"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}})
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=at_work):
            client.set_flow_run_state(run.id, Crashed(name="Stopped", message="'sectorwatch up' ended."), force=True)


def _runner() -> Runner:
    """What runs flows on their schedules, each run in a process of its own."""
    from prefect.runner import Runner

    class Interruptible(Runner):
        def handle_sigterm(self, *_: object) -> None:
            """SIGTERM ends everything as Ctrl-C does: Prefect's own handler tears the event loop down half-way."""
            signal.raise_signal(signal.SIGINT)

    return Interruptible(name="sectorwatch", pause_on_shutdown=False)


def _serve(runner: Runner, deployments: Sequence[RunnerDeployment]) -> None:
    """Until interrupted."""
    for deployment in deployments:
        runner.add_deployment(deployment)
    threading.Thread(target=_run_at_once, args=("monitor", "deliver"), daemon=True).start()
    asyncio.run(runner.start())


def _deployments(config: str | None, every: int) -> list[RunnerDeployment]:
    """The deployments, for one machine."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.flows import load_flow_from_entrypoint
    from prefect.schedules import Cron, Interval
    from prefect.types.entrypoint import EntrypointType

    # In this synchronous place it is a deployment; in an asynchronous one it would be a coroutine, says its type.
    made = [
        load_flow_from_entrypoint(one.entrypoint).to_deployment(
            name=one.name,
            description=one.description,
            schedules=[
                Interval(when.every) if when.every else Cron(str(when.cron), timezone="UTC") for when in one.schedules
            ],
            parameters={"config": config},
            concurrency_limit=ConcurrencyLimitConfig(
                limit=one.slots, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
            ),
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for one in wanted(every=every)
    ]
    return cast("list[RunnerDeployment]", made)


def _run_at_once(*names: str) -> None:
    """Asks for one run of each flow as soon as it is deployed: the first of a schedule is a whole interval away."""
    from prefect.deployments import run_deployment
    from prefect.exceptions import ObjectNotFound

    deadline = time.monotonic() + FIRST_RUN_S
    for name in names:
        while time.monotonic() < deadline:
            try:
                run_deployment(f"{name}/{name}", timeout=0)
                break
            except (ObjectNotFound, ValueError, httpx.HTTPError):
                time.sleep(0.5)


@contextmanager
def kept_running(
    functions: Mapping[str, Callable[[], object]],
    origin: Server,
    say: Callable[[str], None],
    *,
    again_after: float = RESTART_S,
) -> Iterator[None]:
    """Runs functions, each in a process of that origin, for the length of the block; one that ends is started again."""
    over = threading.Event()

    def keep(name: str, function: Callable[[], object]) -> None:
        while not over.is_set():
            try:
                process = begin(origin, name, function, apart=True)
            except (OSError, EOFError) as error:  # no room for a process, or what it would be a copy of has just ended
                say(f"{name} did not begin ({error!r}); it is tried again in {again_after:.0f} s")
                over.wait(again_after)
                continue
            while process.poll() is None and not over.wait(0.2):
                pass
            if process.poll() is None:
                _stop(process)
            elif not over.is_set():
                say(f"{name} ended with exit code {process.returncode}; it is started again in {again_after:.0f} s")
                over.wait(again_after)

    keepers = [threading.Thread(target=keep, args=item) for item in functions.items()]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        over.set()
        for keeper in keepers:
            keeper.join()


@contextmanager
def _server(servers: Server, home: Path, port: int) -> Iterator[Child]:
    """A Prefect server for the length of the block; its log goes to a file."""
    words = ("server", "start", "--host", HOST, "--port", str(port))
    server = begin(servers, "prefect server", PrefectCommand(words, home / LOG), apart=True)
    try:
        yield server
    finally:
        _stop(server)


def _wait_until_healthy(server: Child, port: int, log: Path) -> None:
    """Raises SectorwatchError where it ended, or takes too long."""
    deadline = time.monotonic() + SERVER_START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SectorwatchError(f"the Prefect server ended with exit code {server.returncode}: {log} says why")
        try:
            with urlopen(f"http://{HOST}:{port}/api/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (OSError, HTTPException):
            time.sleep(0.3)
    raise SectorwatchError(f"the Prefect server did not start within {SERVER_START_S:.0f} s; see {log}")


def _stop(process: Child) -> None:
    """Ends a process that has a group of its own, and what it started: politely first."""
    if process.poll() is not None:
        return
    _signal_all(process.pid, signal.SIGTERM)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        _signal_all(process.pid, signal.SIGKILL)
        process.wait()


def _signal_all(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it has just ended
        try:
            os.killpg(group, number)
        except ProcessLookupError:  # a process that has just begun is not in a group of its own yet
            os.kill(group, number)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
