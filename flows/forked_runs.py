"""Flow runs of `sectorwatch up` that are copies of a process which has imported all of it, not new interpreters.

Importing it takes 4 s of CPU and 120 MB: more than all else that a run does which finds nothing new.
"""

from __future__ import annotations

import ctypes
import logging
import os
import runpy
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

import anyio
from pydantic import BaseModel

from extractors.warming import warm
from flows.deployments import wanted
from sectorwatch import forking
from sectorwatch.forking import Server

_log = logging.getLogger(__name__)

ENGINE = "prefect.engine"
IMPORTS = (
    ENGINE,
    "prefect.flow_engine",
    "prefect.runner",
    # What a run imports once it is at work:
    "anyio._backends._asyncio",
    "prefect.task_engine",
    "prefect.utilities.visualization",
    "rich._emoji_codes",
    "sectorwatch.sandbox",
    *(one.entrypoint.rpartition(".")[0] for one in wanted()),
)
"""What every run needs, and what starts them."""


@contextmanager
def ready_to_run(imports: Sequence[str] = (), own_sectors: Sequence[tuple[str, str]] = ()) -> Iterator[Server]:
    """What runs, and others, are copied from, for the length of the block; this process may have no thread yet.

    It has imported all that they need, and compiled the gazetteer with those sectors.
    """
    for name in (*IMPORTS, *imports):
        import_module(name)
    for model in _answers():
        model.model_rebuild()
    warm(own_sectors)
    origin = Server((*IMPORTS, *imports))
    origin.fork()
    try:
        with _runs_copied_from(origin):
            yield origin
    finally:
        origin.close()


def _answers() -> list[type[BaseModel]]:
    """What runs hear from the server and tell it; pydantic makes their code when they are first used."""
    from prefect.client.schemas import actions, filters, objects, responses

    return [
        actions.ArtifactCreate,
        actions.FlowRunUpdate,
        filters.DeploymentFilter,
        filters.FlowFilter,
        filters.FlowRunFilter,
        objects.Artifact,
        objects.Flow,
        objects.FlowRun,
        objects.TaskRun,
        responses.DeploymentResponse,
        responses.OrchestrationResult,
    ]


@contextmanager
def _runs_copied_from(origin: Server) -> Iterator[None]:
    """Prefect's runner has its runs begun so.

    It starts them by this one function, which its makers name as the place to put another. Where another release of
    Prefect has it elsewhere, runs are new interpreters.
    """
    try:
        starting: Any = import_module("prefect.runner._starter_engine")
        kept = starting.run_process
    except (ImportError, AttributeError):
        _log.warning("this release of Prefect begins runs in another way: each takes 4 s of CPU and 120 MB more")
        yield
        return

    async def run_process(
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        task_status: Any,
        task_status_handler: Callable[[Any], Any],
        **_how: Any,
    ) -> None:
        """As `prefect.utilities.processutils.run_process`: until the run has ended; one that is given up is killed."""
        assert command[-1] == ENGINE, command
        child = await anyio.to_thread.run_sync(forking.begin, origin, "flow run", Run(env))
        task_status.started(task_status_handler(child))
        try:
            await anyio.wait_readable(child.sentinel)
        finally:
            if child.poll() is None:
                os.kill(child.pid, signal.SIGKILL)
                child.wait()

    starting.run_process = run_process
    try:
        yield
    finally:
        starting.run_process = kept


class Run:
    """One flow run, as `python -m prefect.engine` does it in this environment."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)

    def __call__(self) -> None:
        from prefect.context import SettingsContext, get_settings_context
        from prefect.settings import Settings

        os.environ.clear()
        os.environ.update(self.environment)
        sandboxes = Server()
        if sandboxes.fork():  # before there are threads
            forking.keep_at_hand(sandboxes)
        _give_back_what_is_large()
        sys.argv = [ENGINE]
        engine = import_module(ENGINE).__file__
        assert engine is not None
        try:
            with SettingsContext(profile=get_settings_context().profile, settings=Settings()):
                runpy.run_path(engine, run_name="__main__")
        finally:
            sandboxes.close()


def _give_back_what_is_large() -> None:
    """From now on this process returns the memory of pages at once: of 80 MB that a cycle had kept, 25 were in use.

    glibc raises these limits by itself with each large piece that is freed (mallopt(3)). Not in its sandboxes, which
    are forked by now: they take and free so much for each page that it would cost a fifth of their time.
    """
    trim_threshold, mmap_threshold, arena_max = -1, -3, -8
    with suppress(AttributeError):  # another C library
        for option, value in ((mmap_threshold, 128 << 10), (trim_threshold, 1 << 20), (arena_max, 2)):
            ctypes.CDLL(None).mallopt(option, value)
