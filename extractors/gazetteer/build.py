"""Freezes the shipped sectors: `python -m extractors.gazetteer.build` writes the tables, `--check` compares them."""

from __future__ import annotations

import sys
from pathlib import Path

from extractors.gazetteer import frozen
from extractors.gazetteer.forms import forms_of


def tables() -> dict[Path, str]:
    """The frozen tables as they ought to be: file -> text."""
    sectors = frozen.sources()
    made = {frozen.DEFINITIONS: frozen.write_definitions(sectors)}
    for sector in sectors:
        made[frozen.FORMS / f"{sector.id}.tsv"] = frozen.write_forms(sector.digest, forms_of(sector))
    return made


def main(arguments: list[str]) -> int:
    """Exit code 1 where `--check` finds a table that is not up to date, 2 for an unknown argument."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m extractors.gazetteer.build [--check]\n")
        return 2
    code = 0
    wanted = tables()
    for file in set(frozen.FORMS.glob("*.tsv")) - wanted.keys():
        if arguments:
            sys.stderr.write(f"{file.name} belongs to no sector: run python -m extractors.gazetteer.build\n")
            code = 1
        else:
            file.unlink()
    for file, text in wanted.items():
        if arguments and (not file.exists() or file.read_text("utf-8") != text):
            sys.stderr.write(f"{file.name} is not up to date: run python -m extractors.gazetteer.build\n")
            code = 1
        elif not arguments:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
