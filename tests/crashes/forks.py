"""Child processes that start in milliseconds: a slim process that has imported everything forks for each.

The tests ask it in lines of JSON. Forking pytest itself would take its threads and connections along.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

ROOT = Path(__file__).parents[2]


class Forks:
    """Starts children, for the length of a `with` block. What they print is in the file `log`."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._children: set[int] = set()

    def __enter__(self) -> Self:
        with self.log.open("wb") as errors:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "tests.crashes.forks"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:  # of a test that failed
            if not self.ended(child):
                os.kill(child, signal.SIGKILL)
        _pipe(self._server.stdin).close()
        self._server.wait(30)
        _pipe(self._server.stdout).close()

    def start(self, **job: Any) -> int:
        """Starts a child on a job (see `child.Job`); returns its process id."""
        child = self._ask({"start": job})
        self._children.add(child)
        return child

    def wait(self, child: int) -> int:
        """Waits for the end of a child; returns its exit code, of one that was killed the signal below zero."""
        self._children.discard(child)
        return self._ask({"wait": child})

    def ended(self, child: int) -> bool:
        """Whether a child has ended; `wait` still tells how."""
        return bool(self._ask({"ended": child}))

    def run(self, **job: Any) -> int:
        """Starts a child and waits for it."""
        return self.wait(self.start(**job))

    def _ask(self, question: Mapping[str, Any]) -> int:
        asked, answers = _pipe(self._server.stdin), _pipe(self._server.stdout)
        asked.write(json.dumps(question).encode() + b"\n")
        asked.flush()
        answer = answers.readline()
        assert answer, f"the process that forks is gone: {self.log.read_text('utf-8')}"
        return int(answer)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _serve() -> None:
    from tests.crashes.child import Job, live

    for line in sys.stdin:
        ((verb, argument),) = json.loads(line).items()
        if verb == "start":
            child = os.fork()
            if child == 0:
                _be(lambda job=argument: live(Job(**job)))  # type: ignore[misc]  # bound at once
            answer = child
        elif verb == "ended":
            answer = int(os.waitid(os.P_PID, argument, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None)
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(argument, 0)[1])
        os.write(1, f"{answer}\n".encode())


def _be(life: Any) -> None:
    code = 1
    try:
        life()
        code = 0
    except BaseException:  # noqa: BLE001 - the end of the process; the test reads what it was
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()
