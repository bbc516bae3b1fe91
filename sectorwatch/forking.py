"""Processes that are forked from one that has imported everything: they begin at once, and share its memory.

As with multiprocessing's fork server, which is a new interpreter that imports what it is told to; ours can also be a
copy of this very process, with all that this one has imported and made.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import connection, forkserver, popen_forkserver, reduction, spawn, util
from multiprocessing.context import ForkServerContext, ForkServerProcess, set_spawning_popen
from typing import Any, NoReturn

FORK_S, FORK_AGAIN_S = 20.0, 0.2
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15  # prctl(2)


class Server(forkserver.ForkServer):
    """A process that others are forked from; it ends with this one, or by `close`.

    It is started when it is first needed, and again where it has died: as a new interpreter that imports `preload`.
    """

    def __init__(self, preload: Sequence[str] = ()) -> None:
        super().__init__()
        self.set_forkserver_preload(list(preload))

    def fork(self) -> bool:
        """Starts it as a copy of this process; False where there are other threads: what they hold would stay held.

        Then it will be a new interpreter, which begins later and shares nothing. What there is by now is left alone by
        the garbage collector, here and there, which would touch and so copy it.
        """
        if threading.active_count() > 1:  # of a debugger or a tool that watches programs: none are ours
            return False
        gc.collect()
        gc.freeze()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()  # what waits here would be written twice
        names: Any = util  # typeshed does not know all of it
        spawned, names.spawnv_passfds = names.spawnv_passfds, _forked
        try:
            self.ensure_running()
        finally:
            names.spawnv_passfds = spawned
        return True

    def close(self) -> None:
        """Ends it once its processes have ended."""
        with suppress(ChildProcessError):  # somebody who waits for any child may have been told of its end
            stop: Any = self
            stop._stop()


def _forked(_interpreter: bytes, words: Sequence[str], keep: Sequence[int]) -> int:
    """In place of `util.spawnv_passfds`: a copy of this process does what a new interpreter would be told to do."""
    return os.fork() or _serve(words[-1], keep)


def _serve(words: str, keep: Sequence[int]) -> NoReturn:
    """In the copy: nothing stays open but what it needs, as a lock of the program that was copied stayed taken."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends with its owner, who may be ending what came of it
        os.fork = _patient(os.fork)
        kept = sorted(keep)
        for first, last in zip([2, *kept], [*kept, os.sysconf("SC_OPEN_MAX")], strict=True):
            os.closerange(first + 1, last)
        exec(words, {})  # noqa: S102 - multiprocessing's own: it calls `forkserver.main` with our descriptors
    except SystemExit:
        os._exit(0)
    except BaseException:  # noqa: BLE001 - nothing of the program that was copied may go on here
        sys.excepthook(*sys.exc_info())
    os._exit(1)


def _patient(fork: Callable[[], int]) -> Callable[[], int]:
    """Tries for a while where there is no room for a process: the server would end by it, and all that it started."""

    def patient() -> int:
        until = time.monotonic() + FORK_S
        while True:
            try:
                return fork()
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(FORK_AGAIN_S)

    return patient


class Context(ForkServerContext):
    """Forks from a server of our own: the program's common one keeps the preload list of whoever came first.

    Its processes do not import the program's main module again, as multiprocessing has them do: they need nothing of
    it, and `prefect.engine`, the main module of a flow run, costs each of them 2 s and 80 MB.
    """

    def __init__(self, server: Server) -> None:
        super().__init__()

        class Process(ForkServerProcess):
            @staticmethod
            def _Popen(process: Any) -> Any:
                return _Popen(process, server)

            def __reduce__(self) -> tuple[Any, ...]:
                return ForkServerProcess.__new__, (ForkServerProcess,), self.__dict__

        self.Process = Process  # type: ignore[misc]  # declared for the class; each of our servers has its own


class _Popen(popen_forkserver.Popen):
    """As in the standard library, but of a given server and without the main module."""

    _fds: list[int]  # filled while the process object is packed
    pid: int

    def __init__(self, process: Any, server: Server) -> None:
        self._server, self._reading = server, threading.Lock()
        super().__init__(process)

    def poll(self, flag: int = os.WNOHANG) -> int | None:
        """As there, from any thread: the exit code can be read once, and is 255 to whoever reads it again."""
        if self.returncode is None and connection.wait([self.sentinel], timeout=0 if flag == os.WNOHANG else None):
            with self._reading:
                if self.returncode is None:
                    super().poll(flag)
        return self.returncode

    def _launch(self, process_obj: Any) -> None:
        data = spawn.get_preparation_data(process_obj.name)
        message = io.BytesIO()
        set_spawning_popen(self)
        try:
            reduction.dump({key: value for key, value in data.items() if not key.startswith("init_main")}, message)
            reduction.dump(process_obj, message)
        finally:
            set_spawning_popen(None)
        self.sentinel, writer = self._server.connect_to_new_process(self._fds)
        parent_end = os.dup(writer)  # by which the process can tell that we are gone
        close_fds = util.close_fds  # type: ignore[attr-defined]  # not in typeshed
        self.finalizer = util.Finalize(self, close_fds, (parent_end, self.sentinel))
        with open(writer, "wb") as pipe:  # noqa: PTH123 - a descriptor, no path
            pipe.write(message.getbuffer())
        self.pid = forkserver.read_signed(self.sentinel)


def begin(server: Server, name: str, work: Callable[[], object], *, apart: bool = False) -> Child:
    """Has a process of that server do something, which has to be packed; it is ended with SIGTERM when the server ends.

    `apart`: signals that a terminal sends to all that runs in it do not reach it.
    """
    return Child(_Popen(Context(server).Process(name=name, target=_work, args=(name, work, apart)), server))


class Child:
    """Such a process, in the words of `subprocess`. Multiprocessing does not wait for it at the end of the program."""

    def __init__(self, popen: _Popen) -> None:
        self._popen = popen
        self.pid = popen.pid
        self.sentinel = popen.sentinel  # can be read from when it has ended

    @property
    def returncode(self) -> int | None:
        """None as long as it runs; minus the number of the signal that ended it."""
        return self._popen.poll()

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired."""
        code = self._popen.wait(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return code


def _work(name: str, work: Callable[[], object], apart: bool) -> None:
    """The whole life of such a process."""
    end_with_server(signal.SIGTERM)
    if apart:
        os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    call_process(name)
    try:
        work()
    finally:  # what an interpreter does at its end, and multiprocessing only in part
        end_threads: Any = threading
        end_threads._shutdown()
        atexit._run_exitfuncs()


def end_with_server(number: signal.Signals) -> None:
    """Runs first in a process: that signal ends it when its server has ended, which ends with its program."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
    server: Any = forkserver._forkserver  # what this process knows of its server; not in typeshed
    if server._forkserver_alive_fd is not None:
        os.close(server._forkserver_alive_fd)  # the server lives as long as anyone has this, and a busy process would
        server._forkserver_alive_fd = None
    if os.getppid() == 1:
        os._exit(1)  # the parent died before it could be watched


def call_process(name: str) -> None:
    """What `top` calls this process, in up to fifteen letters: the command line is that of what it is a copy of."""
    ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())


# ------------------------------------------------------------------------------------------------------- at hand

_at_hand: tuple[int, Server] | None = None  # of which process


def keep_at_hand(server: Server) -> None:
    """Has a server that was forked from this process serve all that is forked in it and whose imports it has."""
    global _at_hand
    _at_hand = os.getpid(), server


def at_hand(preload: Sequence[str]) -> Server | None:
    """The server that is at hand in this process, which has imported all that; None without one."""
    if _at_hand is None or _at_hand[0] != os.getpid() or any(name not in sys.modules for name in preload):
        return None
    return _at_hand[1]
