"""How the forms of a sector are shown: by place, language and case, with where each comes from."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from extractors.language_names import NAMES
from sectorwatch.cli.output import safe, say
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from extractors.gazetteer import Gazetteer, Reading

NO_LANGUAGE = "-"  # how --lang asks for forms that belong to no one language
_CASES = {
    "nom": "nominative", "gen": "genitive", "dat": "dative", "acc": "accusative", "ins": "instrumental",
    "loc": "locative", "voc": "vocative", "abl": "ablative", "ine": "inessive", "ill": "illative", "ela": "elative",
    "all": "allative", "ade": "adessive", "par": "partitive", "ess": "essive", "ter": "terminative",
    "com": "comitative", "sup": "superessive", "sub": "sublative", "del": "delative", "cau": "causal-final",
    "dir": "directive", "def": "definite", "adj": "adjective", "adv": "adverb",
}  # fmt: skip
_ORIGINS = {
    "name": "listed",
    "case": "declined",
    "spelling": "transliterated",
    "spelling-case": "transliterated, with an ending of the language around it",
    "romanised-case": "declined, then transliterated",
    "adjective": "adjective of the sector, beside a word such as direction",
    "adjective-spelling": "that adjective transliterated, beside a word such as direction",
    "label": "listed, beside a word such as sector",
}
_INDENT = "    "
_NARROW, _WIDE = 40, 160  # columns: narrower terminals are not fitted, wider ones not filled
_PIPED = 120  # columns where nobody says how wide it is


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """One form in one of its readings."""

    form: str
    sector: str  # id
    name: str  # of the place, or of the sector
    kind: str  # "city", ..., or "sector"
    reading: Reading

    @property
    def target(self) -> str:
        """The place's or the sector's id."""
        return self.reading.target.removeprefix("@")

    def as_json(self) -> dict[str, Any]:
        reading = self.reading
        return {
            "form": self.form,
            "target": self.target,
            "language": reading.language,
            "case": reading.case,
            "origin": reading.origin,
            "weight": reading.weight,
            "until": reading.until,
            "sector": self.sector,
            "name": self.name,
            "kind": self.kind,
            "scheme": _scheme(reading),
            "meaning": in_words(reading),
        }


def rows_of(gazetteer: Gazetteer, *, sector: str = "", place: str = "", language: str = "") -> list[FormRow]:
    """Forms of a sector (of all, where none is named), narrowed to a place and a language."""
    sectors = [gazetteer.sectors[sector]] if sector else list(gazetteer.sectors.values())
    known: dict[str, tuple[str, str, str]] = {}  # in the order that people read: the sector, then its places
    for one in sectors:
        known.setdefault(f"@{one.id}", (one.id, one.name, "sector"))
        for member in one.places:
            known.setdefault(member.id, (one.id, member.name, member.kind))
    order = {target: number for number, target in enumerate(known)}
    place = place.lower()
    spoken = "" if language == NO_LANGUAGE else language
    rows = [
        FormRow(form=form, sector=found[0], name=found[1], kind=found[2], reading=reading)
        for form, readings in gazetteer.forms.items()
        for reading in readings
        if (found := known.get(reading.target))
        and (place in reading.target or place in found[1].lower())
        and (not language or spoken in reading.language.split(" "))
    ]
    return sorted(rows, key=lambda row: order[row.reading.target])


def in_words(reading: Reading) -> str:
    """Where a form comes from, as people say it: "declined", "transliterated (kmu2010)", "listed, former name"."""
    said: str = getattr(reading, "explanation", "")  # gazetteers that explain themselves know more
    if said:
        return said
    *marks, origin = reading.origin.split(" ")
    said = _ORIGINS.get(origin, origin)
    if "former" in marks or reading.until:
        said += ", former name" + (f" until {reading.until}" if reading.until else "")
    return said + (", also a common word" if "ordinary" in marks else "")


def language_name(codes: str) -> str:
    """The language of a form, or the languages that write it so: "Czech, Croatian"."""
    return ", ".join(NAMES.get(code, code) for code in codes.split(" "))


def case_name(codes: str) -> str:
    """The case of a form, or the cases that it stands for: "genitive or accusative"."""
    return " or ".join(_CASES.get(code, code) for code in codes.split("/"))


def ranked(rows: Iterable[FormRow]) -> list[FormRow]:
    """Forms by place, in the order of these, then by language and case."""
    rows = list(rows)
    order = {target: number for number, target in enumerate(dict.fromkeys(row.reading.target for row in rows))}
    return sorted(rows, key=lambda row: (order[row.reading.target], *_rank(row.reading), row.form))


def tell_forms(rows: Sequence[FormRow]) -> None:
    """Prints forms by place, language and case."""
    if not rows:
        say("no form is so: 'sectors show' lists the places, and --lang takes a language such as uk, or -")
    for _, of_place in groupby(ranked(rows), key=lambda row: row.reading.target):
        rows_of_place = list(of_place)
        one = rows_of_place[0]
        say("")
        heading = f"{safe(one.name)} ({one.kind} {safe(one.target)}): {counted(len(rows_of_place), 'form')}"
        for line in wrapped(words(heading), width()):
            say(line)
        for language, of_language in groupby(rows_of_place, key=lambda row: row.reading.language):
            for line in wrapped(words(language_name(language)), width() - 2):
                say(f"  {line}")
            for line in _lines(of_language):
                say(line)


def found_in(text: str, rows: Iterable[FormRow]) -> list[tuple[str, str, list[FormRow]]]:
    """What of these forms a text holds, as detection would see it: (as written, the form, its readings)."""
    from extractors.gazetteer import Matcher
    from extractors.text import normalise

    by_form: dict[str, list[FormRow]] = {}
    for row in rows:
        by_form.setdefault(row.form, []).append(row)
    norm = normalise(text)
    found: dict[str, tuple[str, str, list[FormRow]]] = {}
    for hit in Matcher(by_form).find(norm.text):
        first, last = norm.span(hit.start, hit.end)
        form = norm.text[hit.start : hit.end]
        found.setdefault(form, (text[first:last], form, by_form[form]))
    return list(found.values())


def tell_found(text: str, found: Iterable[tuple[str, str, Sequence[FormRow]]]) -> None:
    """Prints what the forms found in a text stand for."""
    empty = True
    for surface, form, rows in found:
        empty = False
        said = "" if surface == form else f', matched as "{safe(form)}"'
        say(f'"{safe(surface)}"{said}: {counted(len(rows), "reading")}')
        for row in rows:
            reading = row.reading
            case = ", ".join(part for part in (language_name(reading.language), case_name(reading.case)) if part)
            weight = f" (weight {reading.weight:+.2f})" if reading.weight else ""
            of = f"{safe(row.name)} ({row.kind}, sector {row.sector})"
            for line in wrapped(words(f"{of}: {case}; {in_words(reading)}{weight}"), width() - 4):
                say(f"{_INDENT}{line}")
    if empty:
        say(f'nothing in "{safe(text)}" is a form that is looked for')


def _lines(rows: Iterable[FormRow]) -> Iterator[str]:
    """One language's forms: a paragraph for each case and origin."""
    for _, group in groupby(rows, key=lambda row: _rank(row.reading)):
        of_case = list(group)
        case, origin = case_name(of_case[0].reading.case), in_words(of_case[0].reading)
        forms = [safe(row.form) for row in of_case]
        label = words(f"{', '.join(part for part in (case, origin) if part)}:")
        pieces = [*label, *(f"{form}, " for form in forms[:-1]), forms[-1]]
        for number, line in enumerate(wrapped(pieces, width() - 6)):
            yield f"{_INDENT}{'  ' if number else ''}{line}"


def _rank(reading: Reading) -> tuple[Any, ...]:
    """What is shown together, in the order it is shown in."""
    spoken = ("uk", "ru")
    language = spoken.index(reading.language) if reading.language in spoken else len(spoken)
    cases = tuple(_CASES)
    first_case = reading.case.split("/")[0]
    case = cases.index(first_case) if first_case in cases else len(cases)
    return not reading.language, language, reading.language, case, reading.case, in_words(reading)


def wrapped(pieces: Iterable[str], columns: int) -> Iterator[str]:
    """Pieces, which bring their own spaces, joined into lines of so many columns. Wide letters count twice."""
    from rich.cells import cell_len

    line = ""
    for piece in pieces:
        if line and cell_len(line) + cell_len(piece.rstrip()) > columns:
            yield line.rstrip()
            line = ""
        line += piece
    if line:
        yield line.rstrip()


def words(text: str) -> list[str]:
    """The pieces of a running text."""
    return [f"{word} " for word in text.split(" ")]


def width() -> int:
    """Columns of the terminal."""
    return min(max(shutil.get_terminal_size((_PIPED, 24)).columns, _NARROW), _WIDE)


def _scheme(reading: Reading) -> str:
    return str(getattr(reading, "scheme", ""))
