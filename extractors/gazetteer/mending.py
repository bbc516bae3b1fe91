"""What to write into a sector file, as far as it follows from facts alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extractors.gazetteer.findings import Finding, quoted, subjects
from extractors.gazetteer.loader import slug
from extractors.gazetteer.model import Place, Sector


@dataclass(frozen=True, kw_only=True)
class Mend:
    """One change of the file."""

    key: str  # where the name stands: "places" or "names"
    name: str
    toml: str
    whole: bool  # it takes the place of the name's entry; else it is added to the table the name has already


def mended(sector: Sector, findings: Iterable[Finding]) -> list[Mend]:
    """The changes that follow from facts alone, one for each name."""
    by_name: dict[tuple[str, str], dict[str, None]] = {}
    for finding in findings:
        if finding.sure and finding.toml and not finding.whole:
            by_name.setdefault((finding.key, finding.name), {})[finding.toml] = None
    changes = []
    for subject in subjects(sector):
        lines = ", ".join(by_name.get((subject.key, subject.name), ()))
        if not lines:
            continue
        if subject.place is None:
            (alias,) = subject.aliases
            language = f", language = {quoted(alias.language)}" if alias.language else ""
            entry, whole = f"{{ text = {quoted(alias.text)}{language}, {lines} }}", True
        elif _is_plain(subject.place):
            entry, whole = f"{{ {_named(subject.place, sector)}, {lines} }}", True
        else:
            entry, whole = lines, False
        changes.append(Mend(key=subject.key, name=subject.name, toml=entry, whole=whole))
    return changes


def _is_plain(place: Place) -> bool:
    """Whether the file says no more of a place than its names, id and kind."""
    return place == Place(id=place.id, kind=place.kind, names=place.names)


def _named(place: Place, sector: Sector) -> str:
    """Id, kind and names of a place as the file may have them; what has its default is left out."""
    said = [] if place.id == f"{sector.id}/{slug(place.names[0].text)}" else [f"id = {quoted(place.id)}"]
    said += [] if place.kind == "place" else [f"kind = {quoted(place.kind)}"]
    if any(alias.language for alias in place.names):
        by_language: dict[str, list[str]] = {}
        for alias in place.names:
            by_language.setdefault(alias.language, []).append(quoted(alias.text))
        names = (f"{language} = {_one_or_list(texts)}" for language, texts in by_language.items())
        return ", ".join((*said, f"names = {{ {', '.join(names)} }}"))
    texts = ", ".join(quoted(alias.text) for alias in place.names)
    return ", ".join((*said, f"names = [{texts}]"))


def _one_or_list(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
