"""How this program is called here: for lines that people paste."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

NAME = "sectorwatch"


def called() -> str:
    """ "sectorwatch" where the shell finds this program by that name, and else the path that it was called by."""
    given = sys.argv[0]
    if Path(given).name != NAME:  # called by a test, or by another program
        given = str(Path(sys.executable).with_name(NAME))
    found = shutil.which(NAME)
    if found is not None and _same(found, given):
        return NAME
    return shlex.quote(given) if Path(given).is_file() else NAME


def _same(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except OSError:
        return False
