"""Where the configuration file is. Apart from the settings, so that asking costs nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sectorwatch.errors import ConfigurationError

CONFIG_VARIABLE = "SECTORWATCH_CONFIG"
DEFAULT_FILE = "sectorwatch.toml"


def find_file(named: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The configuration file: the one named, else $SECTORWATCH_CONFIG, else ./sectorwatch.toml, else none."""
    given = named or environ.get(CONFIG_VARIABLE) or None
    if given is None:
        return Path(DEFAULT_FILE) if Path(DEFAULT_FILE).is_file() else None
    path = Path(given).expanduser()
    if not path.is_file():
        raise ConfigurationError(f"{path}: there is no such configuration file")
    return path
