"""Temporary folders in memory: a third of the tests' time went to a disk that is to keep nothing of theirs.

Each test on PostgreSQL copies a database of 300 files and throws it away, each one on SQLite waits for its commits.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 6 << 30  # bytes


def use_memory() -> None:
    """Lets this process and its children make temporary folders in memory, where nobody named another place.

    Left alone are machines that have too little room there (a container has 64 MB), or run no programs from there.
    """
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return
    there = os.statvfs(MEMORY)
    if there.f_flag & os.ST_NOEXEC or there.f_bavail * there.f_frsize < ROOM or not os.access(MEMORY, os.W_OK):
        return
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
