"""Names that there are not, and the near ones that may be meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sectorwatch.cli.output import safe
from sectorwatch.errors import ConfigurationError
from sectorwatch.nearest import meant

if TYPE_CHECKING:
    from storage.unit_of_work import Work


def no_such(what: str, given: str, known: Iterable[str]) -> ConfigurationError:
    """The error for a name that is not known: with the nearest one, or else all of them."""
    return ConfigurationError(f"there is no {what} {safe(given)!r}; {safe(meant(given, known))}")


def check_sector(work: Work, sector: str | None) -> None:
    """That a filter which found nothing names a sector in force. Raises ConfigurationError."""
    from extractors.gazetteer import gazetteer_of
    from sectorwatch.cli.opening import find_sector_files
    from storage import sectors

    if sector is None:
        return
    known = sectors.names(work) or gazetteer_of(find_sector_files()).sectors  # before the first 'apply'
    if sector not in known:
        raise no_such("sector", sector, known)
