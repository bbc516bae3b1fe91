"""An event loop in a thread of its own, for servers that stand beside a program which is not asynchronous."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

Answer = TypeVar("Answer")

SHUTDOWN_TIMEOUT = 1.0  # seconds; for requests that are still being answered when a server stops
CALL_TIMEOUT = 10.0  # seconds; starting and stopping a loopback server takes milliseconds


class LoopThread:
    """Runs coroutines in its own thread until `close`."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Run `work` in the loop and wait for what it answers or raises."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(CALL_TIMEOUT)

    def close(self) -> None:
        """Cancel what still runs, stop the loop and wait for the thread to end."""
        self.call(_cancel_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_TIMEOUT)
        self._loop.close()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
