"""Checks a new sector: its definition against lists, and its names against the stored articles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.gazetteer import Gazetteer, Sector, gazetteer_of, load_sector, shipped
from extractors.gazetteer.checking import find_collisions
from extractors.gazetteer.findings import Finding, subjects
from extractors.gazetteer.mending import Mend, mended
from extractors.gazetteer.ordinary import common_by_archive
from extractors.gazetteer.places import settlements
from sectorwatch.cli.output import plain
from sectorwatch.cli.sector_forms import FormRow, rows_of
from sectorwatch.errors import ConfigurationError

if TYPE_CHECKING:
    from flows.steps.archive.try_sector import Trial


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A sector file that can be used, with what speaks against its names."""

    file: Path
    sector: Sector
    gazetteer: Gazetteer  # the sector beside all others
    replaces: str  # what has had this id until now, in words; "" where the id is new
    rows: list[FormRow]
    findings: list[Finding]

    def mends(self, trial: Trial | None = None) -> list[Mend]:
        """What to write into the file."""
        return mended(self.sector, [*self.findings, *self.seen(trial)])

    def seen(self, trial: Trial | None) -> list[Finding]:
        """What the stored articles say of the names."""
        return common_by_archive(self.sector, trial.written) if trial else []

    def as_json(self, trial: Trial | str) -> dict[str, Any]:
        """Everything, for tools; `trial` is why there is none where the archive could not be asked."""
        tried = None if isinstance(trial, str) else trial
        counts = Counter(row.reading.target for row in self.rows)
        archive: dict[str, Any] = {"note": trial} if tried is None else plain(tried)
        return {
            "id": self.sector.id,
            "name": self.sector.name,
            "file": str(self.file),
            "replaces": self.replaces,
            "names": [{"key": one.key, "name": one.name, "forms": len(one.forms)} for one in subjects(self.sector)],
            "forms": sum(counts.values()),
            "matched": [row.as_json() for row in self.rows],
            "findings": plain([*self.findings, *self.seen(tried)]),
            "suggestions": plain(self.mends(tried)),
            "archive": archive,
        }


def check_file(file: Path) -> Checked:
    """Reads a sector file and compares it with all that is known. Raises ConfigurationError."""
    from sectorwatch.cli.opening import find_sector_files

    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file}: is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}; give the path of a sector file") from error
    sector = load_sector(text, str(file))
    replaces = f"the shipped sector {sector.id}" if sector.id in shipped().sectors else ""
    others = []
    for name, definition in find_sector_files():
        if Path(name).resolve() == file.resolve():
            continue
        if load_sector(definition, name).id == sector.id:
            replaces = f"the sector {sector.id} of {name}"
        else:
            others.append((name, definition))
    gazetteer = gazetteer_of([*others, (str(file), text)])
    return Checked(
        file=file,
        sector=sector,
        gazetteer=gazetteer,
        replaces=replaces,
        rows=rows_of(gazetteer, sector=sector.id),
        findings=find_collisions(sector, gazetteer, settlements()),
    )


def try_on_archive(checked: Checked, *, since: datetime | None, limit: int) -> Trial | str:
    """What the sector would have found in the stored articles, or why there is nothing to try it on."""
    from sectorwatch.cli.opening import opened_store, settings
    from sectorwatch.cli.progress import Bar
    from storage.engine import store_url

    url = store_url(settings().store.url)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).expanduser().exists()):
        return f"there is no store yet ({url.database}): nothing to try it on"
    from flows.steps.archive.try_sector import try_sector

    with opened_store() as store, Bar() as bar:
        trial = try_sector(store, checked.gazetteer, checked.sector.id, since=since, limit=limit, progress=bar)
    if not trial.stored:
        return "no articles are stored" + (" from then on" if since else "") + ": nothing to try it on"
    return trial
