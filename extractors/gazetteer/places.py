"""How many settlements of Ukraine bear a name, and in which oblasts: what a new sector's names are compared with.

`data/places-ua.tsv` holds every city, settlement and village of the codifier of administrative units (KATOTTG), one
name a line, under a few lines of comment:

    name <tab> oblast[:how many] oblast[:how many] ...

Only `sectorwatch sectors check` reads it; detection does not. To make it anew from the codifier as published by the
ministry (CSV with semicolons, gzipped or not):

    python -m extractors.gazetteer.places katottg.csv
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from extractors.gazetteer.declension import ukrainian
from extractors.gazetteer.transliteration import official
from extractors.text import plain

TABLE = Path(__file__).parent / "data" / "places-ua.tsv"
SETTLEMENTS = frozenset("MXC")  # categories of the codifier: city, settlement, village
_HEAD = """\
# Settlements of Ukraine by name: how many there are in which oblast. From the codifier of administrative units and
# territories of territorial communities (KATOTTG), order 290 of the Ministry for Communities of 26 November 2020, as
# amended: an official act. Made by: python -m extractors.gazetteer.places
"""
# First two digits of a code -> the oblast, by its id in lexicon/regions.toml; the cities with special status, which
# have codes of their own, count with the oblast around them.
OBLASTS = {
    "01": "Crimea", "05": "Vinnytsia", "07": "Volyn", "12": "Dnipropetrovsk", "14": "Donetsk", "18": "Zhytomyr",
    "21": "Zakarpattia", "23": "Zaporizhzhia", "26": "Ivano-Frankivsk", "32": "Kyiv", "35": "Kirovohrad",
    "44": "Luhansk", "46": "Lviv", "48": "Mykolaiv", "51": "Odesa", "53": "Poltava", "56": "Rivne", "59": "Sumy",
    "61": "Ternopil", "63": "Kharkiv", "65": "Kherson", "68": "Khmelnytskyi", "71": "Cherkasy", "73": "Chernivtsi",
    "74": "Chernihiv", "80": "Kyiv", "85": "Crimea",
}  # fmt: skip
_CITIES = {"80": "Київ", "85": "Севастополь"}  # their rows are of category K: one settlement each


@dataclass(frozen=True, slots=True)
class Namesakes:
    """The settlements of one name."""

    name: str
    oblasts: Mapping[str, int]  # oblast -> how many there, most first

    @property
    def count(self) -> int:
        return sum(self.oblasts.values())


class Settlements:
    """Every name a settlement of Ukraine has, to be asked for by the form that stands in a text."""

    def __init__(self, names: Iterable[Namesakes]) -> None:
        self._by_name = {plain(one.name): one for one in names}

    def __len__(self) -> int:
        return len(self._by_name)

    def named(self, form: str) -> Namesakes | None:
        """The settlements of that name, in Cyrillic as in Latin letters; None where there are none."""
        form = plain(form)
        return self._by_name.get(form) or self._by_latin.get(form.replace("'", ""))

    def sharing(self, forms: Iterable[str]) -> dict[str, list[Namesakes]]:
        """Form -> the settlements one of whose names is written so in some case.

        Only names that begin like a form are declined: all of them would take seconds.
        """
        wanted = set(forms)
        beginnings = {form[:_SHARED] for form in wanted}
        found: dict[str, list[Namesakes]] = {}
        for name, one in self._by_name.items():
            if name[:_SHARED] not in beginnings:
                continue
            written = {plain(form) for cases in ukrainian(one.name.replace("’", "'")).values() for form in cases}
            for form in (written | {name}) & wanted:
                found.setdefault(form, []).append(one)
        for name, one in self._by_latin.items() if any(form.isascii() for form in wanted) else ():
            if name in wanted:
                found.setdefault(name, []).append(one)
        return found

    @cached_property
    def _by_latin(self) -> dict[str, Namesakes]:
        """By the official romanisation; where two names fall together, the one that more settlements bear."""
        found: dict[str, Namesakes] = {}
        for name, one in self._by_name.items():
            spelled = official(name)
            if spelled not in found or found[spelled].count < one.count:
                found[spelled] = one
        return found


_SHARED = 2  # letters that no case of a Ukrainian name changes: Ріг, Рогу keep only one, and are then not found


@cache
def settlements() -> Settlements:
    """The settlements of the shipped table."""
    return Settlements(read_table(TABLE.read_text("utf-8")))


def read_table(text: str) -> list[Namesakes]:
    """The rows of a table as `write_table` makes it."""
    rows = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, oblasts = line.partition("\t")
            pairs = (entry.partition(":") for entry in oblasts.split())
            rows.append(Namesakes(name, {oblast: int(count or 1) for oblast, _, count in pairs}))
    return rows


def write_table(codifier: str) -> str:
    """The table made from the codifier, a CSV with semicolons whose last two columns are category and name."""
    names: dict[str, Counter[str]] = {}
    for row in csv.reader(io.StringIO(codifier), delimiter=";"):
        if len(row) < 2 or row[0][2:4] not in OBLASTS:
            continue
        code, category, name = row[0][2:4], row[-2].strip(), " ".join(row[-1].split())
        if category in SETTLEMENTS or name == _CITIES.get(code):
            names.setdefault(name, Counter())[OBLASTS[code]] += 1
    lines = []
    for name, oblasts in sorted(names.items()):
        ordered = sorted(oblasts.items(), key=lambda entry: (-entry[1], entry[0]))
        counts = (f"{oblast}:{count}" if count > 1 else oblast for oblast, count in ordered)
        lines.append(f"{name}\t{' '.join(counts)}")
    return _HEAD + "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Writes the table; exit code 2 for wrong use, 1 for a file that holds no settlements."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m extractors.gazetteer.places PATH_TO_KATOTTG\n")
        return 2
    content = Path(arguments[0]).read_bytes()
    content = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    table = write_table(content.decode("utf-8-sig"))
    if not read_table(table):
        sys.stderr.write(f"{arguments[0]} holds no settlements: is it the codifier, as CSV with semicolons?\n")
        return 1
    TABLE.write_text(table, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
