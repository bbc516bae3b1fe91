"""Whether the sectors in force are those of the configuration."""

from __future__ import annotations

from extractors.gazetteer import load_sector
from flows.steps.tools import Tools
from sectorwatch.errors import ConfigurationError
from sectorwatch.settings import own_sectors
from storage import sectors as sector_store


def check_applied(tools: Tools) -> None:
    """Raises ConfigurationError where a sector file was added, changed or removed since the last `apply`."""
    wanted = {load_sector(toml, name).id: toml for name, toml in own_sectors(tools.settings)}
    with tools.store.read() as work:
        applied = {load_sector(toml, origin).id: toml for origin, toml in sector_store.own_definitions(work)}
    differ = sorted(id_ for id_ in wanted.keys() | applied.keys() if wanted.get(id_) != applied.get(id_))
    if differ:
        raise ConfigurationError(
            f"sector_files and the sectors in force differ ({', '.join(differ)}): run 'sectorwatch apply' first"
        )
