"""Runs pure functions in processes that can be killed: bounded in time and memory, gone with their parent.

A thread's time limit stops neither C code nor a long loop; feedparser and trafilatura have inputs of quadratic cost.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import pickle
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError as FutureCancelled
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from sectorwatch import forking
from sectorwatch.errors import SandboxError
from sectorwatch.forking import Server

T = TypeVar("T")
DEFAULT_MEMORY = 1 << 30  # bytes that calls may add to what the process needs by itself
CALLS_A_PROCESS = 2_000  # then it is replaced: libraries hoard a little with every page
TRIMMED_EVERY = 25  # calls: what they have freed goes back to the system, 20 MB of a process that reads pages


@dataclass(frozen=True, kw_only=True)
class _Trouble:
    """Sent back in place of a result, where the exception itself could not cross to another process."""

    kind: str
    words: str


class Sandbox:
    """A pool of such processes. A context manager; close it before the program ends.

    The processes are forked from a server that has imported `preload` once, so that a killed one is replaced fast:
    from the one that is at hand (see `forking`), or one of its own. They start with the first call. Usable from any
    thread.

    A call has its `timeout` in seconds of processor time, so that a busy machine stops no good one; and `patience`
    times as long to end in all.
    """

    def __init__(
        self,
        *,
        workers: int,
        memory_bytes: int = DEFAULT_MEMORY,
        patience: float = 1.0,
        preload: Sequence[str] = (),
        initializer: Callable[..., object] | None = None,
        initargs: Sequence[Any] = (),
    ) -> None:
        self._workers, self._patience = workers, patience
        self._preload = [__name__, *preload]
        self._arguments = (memory_bytes, initializer, tuple(initargs))
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._pool: ProcessPool | None = None
        self._waiting: set[Future[bytes]] = set()
        self._closed = False
        self.calls = 0  # that `run` has ended, whatever came of them
        self.seconds = 0.0  # that they took, with the wait for a free process

    async def run(self, function: Callable[..., T], *args: object, timeout: float) -> T:
        """What `function(*args)` returns or raises. Raises SandboxError when it is too slow, too big, or dies.

        `timeout` counts the call itself, not the wait for a free process. The function must be known to
        its module by name; a cancelled call is killed.
        """
        if self._pool is None:
            await asyncio.to_thread(self._start)  # a second or more on a busy machine: others go on meanwhile
        began = time.perf_counter()
        future = self._schedule(function, args, timeout)
        with _sandbox_errors(function, timeout, future, self._patience):
            try:
                return _result(function, await asyncio.wrap_future(future))
            except asyncio.CancelledError as error:
                caller = asyncio.current_task()
                if caller is None or caller.cancelling():
                    raise
                raise FutureCancelled from error  # not the caller was cancelled: the pool was closed
            finally:
                self.calls += 1
                self.seconds += time.perf_counter() - began

    def call(self, function: Callable[..., T], *args: object, timeout: float) -> T:
        """The same, for callers without an event loop."""
        future = self._schedule(function, args, timeout)
        with _sandbox_errors(function, timeout, future, self._patience):
            return _result(function, future.result())

    def close(self) -> None:
        """Ends the processes; what still runs is killed."""
        with self._lock:
            self._closed = True
            self._end_pool()
            if self._server is not None:
                if self._server is not forking.at_hand(self._preload):  # which others may need
                    self._server.close()
                self._server = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        with self._lock:
            if self._pool is None and not self._closed:
                pool = self._open()
                _ = pool.active  # asked, it starts its processes
                self._pool = pool

    def _schedule(self, function: Callable[..., T], args: tuple[object, ...], timeout: float) -> Future[bytes]:
        # Packed here and unpacked in `_perform`: what cannot be unpacked would end the process before it has told the
        # pool which call it took, and the call would never come back.
        packed = pickle.dumps((function, args))
        with self._lock:
            if self._closed:
                raise SandboxError(f"{_name(function)}: the sandbox is closed", kind="crash")
            if self._pool is not None and not self._pool.active:
                self._end_pool()  # the pool gives up when an idle process is killed from outside; we do not
            if self._pool is None:
                self._pool = self._open()
            future = self._pool.schedule(_perform, args=(packed, timeout), timeout=timeout * self._patience)
            self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future

    def _end_pool(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's annotations leave this one out
            self._pool.join()
            self._pool = None
        for future in tuple(self._waiting):
            future.cancel()  # the pool forgets them, and their callers would wait for ever

    def _open(self) -> ProcessPool:
        if self._server is None:
            self._server = forking.at_hand(self._preload) or Server(self._preload)
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=CALLS_A_PROCESS,
            context=forking.Context(self._server),
            initializer=_confine,
            initargs=self._arguments,
        )


_not_ready: Exception | None = None  # in a sandbox process: why its initializer failed


def _confine(memory_bytes: int, initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
    """Runs first in each process: it dies with its parent, leaves Ctrl-C to it, and its memory is limited."""
    global _not_ready
    forking.end_with_server(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # pebble's handler does not run inside C code: 3 s until it kills
    if initializer is not None:
        try:
            initializer(*initargs)
        except Exception as error:  # noqa: BLE001 - told to each caller; a process that ends here would start anew for ever
            _not_ready = error
    # Address space counts what libraries map without using it, so the limit is what calls may add to that.
    mapped = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (mapped + memory_bytes, mapped + memory_bytes))


def _perform(packed: bytes, timeout: float) -> bytes:
    """One call in a sandbox process; its result packed, as one that cannot be unpacked would break the pool."""
    signal.setitimer(signal.ITIMER_PROF, timeout)  # its signal ends the process, in the middle of C code too
    try:
        return _performed(packed)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        _trim()


_calls = 0  # in a sandbox process


def _trim() -> None:
    global _calls
    _calls += 1
    if _calls % TRIMMED_EVERY == 0:
        with suppress(AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)


def _performed(packed: bytes) -> bytes:
    try:
        if _not_ready is not None:
            return pickle.dumps(_Trouble(kind="crash", words=f"its process could not be set up: {_not_ready}"))
        function, args = pickle.loads(packed)  # noqa: S301 - our own bytes
        return pickle.dumps(function(*args))
    except MemoryError:
        return pickle.dumps(_Trouble(kind="memory", words="needed more memory than it may have"))
    except Exception as error:
        if _crosses(error):
            raise
        return pickle.dumps(_Trouble(kind="crash", words=f"failed: {type(error).__name__}: {error}"[:500]))


def _crosses(error: Exception) -> bool:
    """Whether an exception survives pickling: one that does not would break the pool on the other side."""
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - whatever a foreign exception's constructor raises
        return False


def _result(function: Callable[..., T], packed: bytes) -> T:
    try:
        outcome: T | _Trouble = pickle.loads(packed)  # noqa: S301 - of our own process
    except Exception as error:
        raise SandboxError(f"{_name(function)} gave what cannot be unpacked: {error}", kind="crash") from error
    if isinstance(outcome, _Trouble):
        raise SandboxError(f"{_name(function)} {outcome.words}", kind=outcome.kind)
    return outcome


def _name(function: Callable[..., object]) -> str:
    return str(getattr(function, "__name__", function))


@contextmanager
def _sandbox_errors(
    function: Callable[..., Any], timeout: float, future: Future[bytes], patience: float
) -> Iterator[None]:
    """Maps what the pool raises to SandboxError; the function's own exceptions pass."""
    try:
        yield
    except TimeoutError as error:
        # Asked of the future itself, as asyncio copies the exception without its cause.
        told = future.exception() if future.done() and not future.cancelled() else None
        if told is not None and told.__cause__ is not None:
            raise  # the function's own: it comes with its remote traceback
        words = f"{_name(function)} took over {timeout * patience:g} s and was stopped"
        raise SandboxError(words, kind="timeout" if patience == 1 else "stalled") from error
    except ProcessExpired as error:
        if error.exitcode == -signal.SIGPROF:
            words = f"{_name(function)} took over {timeout:g} s and was stopped"
            raise SandboxError(words, kind="timeout") from error
        words = f"{_name(function)} ended its process (exit code {error.exitcode})"
        raise SandboxError(words, kind="crash") from error
    except BrokenProcessPool as error:
        raise SandboxError(f"{_name(function)} lost its process", kind="crash") from error
    except FutureCancelled as error:
        raise SandboxError(f"{_name(function)} was stopped with its pool", kind="crash") from error
