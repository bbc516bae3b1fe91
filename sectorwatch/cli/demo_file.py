"""How the configuration of a demo is known from one of an operator's own."""

from __future__ import annotations

from pathlib import Path

HEADING = "# The demo's configuration, written anew by each 'sectorwatch demo'."


def is_demo(file: Path) -> bool:
    """Whether this file is a demo's: nobody's else may be written over, and its newsroom is there for a minute only."""
    try:
        with file.open(encoding="utf-8", errors="replace") as text:
            return text.readline().startswith(HEADING)
    except OSError:
        return False
