"""The server of `sectorwatch up`, as Prefect's own command starts it: a copy of a process that has imported Prefect.

Its queue of background work (docket) is in its own memory there, and still it looks for work, for what is due and for
what was cancelled eighteen times a second, from other threads in part: half of what an idle server takes. Prefect has
no setting for that. Here it looks once a second.
"""

from __future__ import annotations

import asyncio
import os
import queue
import runpy
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from sectorwatch.forking import Server

LOOK_S = 1.0
IMPORTS = ("prefect", "prefect.client.orchestration")
"""What a server and what it is copied from both need. The rest is imported while a server begins."""


def unhurried() -> bool:
    """Has it look less often; False, and all as it was, where these libraries are made otherwise by now."""
    try:
        served: Any = import_module("prefect.server.api.background_workers")
        listener: Any = import_module("burner_redis.pubsub").PubSub
        worker, _ = served.Worker, listener._queue_get
        pause = timedelta(seconds=LOOK_S)
        made = partial(worker, minimum_check_interval=pause, scheduling_resolution=pause)
    except (ImportError, AttributeError):
        return False
    served.Worker, listener._queue_get = made, _queue_get
    return True


async def _queue_get(self: Any, timeout: float | None) -> Any:
    """The next message of a listener; None where none came in time. As there, but that no thread waits for it."""
    until = None if timeout is None else time.monotonic() + timeout
    while True:
        try:
            return self._queue.get_nowait()
        except queue.Empty:
            if until is not None and time.monotonic() >= until:
                return None
            await asyncio.sleep(LOOK_S)


@contextmanager
def ready_to_serve() -> Iterator[Server]:
    """What servers are copied from, for the length of the block; this process may have no thread yet."""
    for name in IMPORTS:
        import_module(name)
    origin = Server(IMPORTS)
    origin.fork()
    try:
        yield origin
    finally:
        origin.close()


@dataclass(frozen=True)
class PrefectCommand:
    """What `prefect` does that is given these words; what it says is added to a file."""

    words: Sequence[str]
    log: Path

    def __call__(self) -> None:
        with self.log.open("ab") as out:
            for descriptor in (1, 2):
                os.dup2(out.fileno(), descriptor)
        unhurried()
        sys.argv = ["prefect", *self.words]
        runpy.run_module("prefect", run_name="__main__", alter_sys=True)
