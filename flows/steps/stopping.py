"""Ends at SIGTERM as people expect: what was begun is brought to an end, and the rest left for others."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cancelled_by_sigterm() -> Iterator[None]:
    """Within it SIGTERM cancels the task that it is called in. At its end the signal has its usual effect.

    Only in the main thread, as signals come nowhere else; elsewhere it does nothing.
    """
    task, before = asyncio.current_task(), signal.getsignal(signal.SIGTERM)
    if task is None or before is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    came = False

    def stop() -> None:
        nonlocal came
        if not came:
            came = True
            task.cancel()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        signal.signal(signal.SIGTERM, before)
        if came:
            signal.raise_signal(signal.SIGTERM)
