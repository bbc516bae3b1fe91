"""Commands on sectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import say, show, table, write_json
from sectorwatch.errors import ConfigurationError

if TYPE_CHECKING:
    from extractors.gazetteer import Gazetteer, Sector

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Which = Annotated[str, typer.Argument(help="The sector's id, as 'sectors list' shows it.")]

app = typer.Typer(help="Sectors: what is watched, and how it is written.", no_args_is_help=True, rich_markup_mode=None)


def register(parent: typer.Typer) -> None:
    """Adds the commands of this file."""
    parent.add_typer(app, name="sectors")


@app.command("list")
def list_sectors(json: Json = False) -> None:
    """Every sector that is watched: those of this release, and your own."""
    gazetteer = _gazetteer()
    own = set(gazetteer.origins.values())
    rows = [
        {"id": one.id, "name": one.name, "places": len(one.places), "own": one.id in own}
        for one in gazetteer.sectors.values()
    ]
    show(
        rows,
        json,
        lambda row: (row["id"], row["name"], row["places"], "your own" if row["own"] else "shipped"),
        "sector",
        "name",
        "places",
        "defined",
    )


@app.command("show")
def show_sector(sector: Which, json: Json = False) -> None:
    """One sector: its names, and the places that belong to it."""
    one = _sector(_gazetteer(), sector)
    if json:
        write_json(one)
        return
    say(f"{one.name} ({one.id})")
    say(f"names: {', '.join(alias.text for alias in (*one.names, *one.phrases))}")
    table(
        (
            (place.name, place.kind, "attested" if place.attested else "draft", place.reports, place.last_seen)
            for place in one.places
        ),
        "place",
        "kind",
        "membership",
        "reports",
        "last seen",
    )


@app.command()
def forms(
    sector: Which,
    place: Annotated[str, typer.Option(help="Only forms of this place (part of its id).")] = "",
    json: Json = False,
) -> None:
    """Every form that is looked for, with its language, case and origin."""
    gazetteer = _gazetteer()
    one = _sector(gazetteer, sector)
    wanted = {f"@{one.id}", *(member.id for member in one.places)}
    rows = [
        {
            "form": form,
            "target": reading.target.removeprefix("@"),
            "language": reading.language,
            "case": reading.case,
            "origin": reading.origin,
            "weight": reading.weight,
            "until": reading.until,
        }
        for form, readings in gazetteer.forms.items()
        for reading in readings
        if reading.target in wanted and place in reading.target
    ]
    show(rows, json, lambda row: tuple(row.values()), "form", "of", "language", "case", "origin", "weight", "until")


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A sector file of your own (see docs/add-a-sector.md).")]) -> None:
    """Check a sector file: what it will match, and which forms it shares with other sectors."""
    from extractors.gazetteer import gazetteer_of

    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file}: cannot be read: {error}") from error
    gazetteer = gazetteer_of([(str(file), text)])
    one = gazetteer.sectors[gazetteer.origins[str(file)]]
    mine = {f"@{one.id}", *(place.id for place in one.places)}
    shared = []
    count = 0
    for form, readings in gazetteer.forms.items():
        targets = {reading.target for reading in readings}
        count += bool(targets & mine)
        if targets & mine and targets - mine:
            shared.append((form, ", ".join(sorted(target.removeprefix("@") for target in targets - mine))))
    say(f"{one.name} ({one.id}): {len(one.places)} places, {count} forms; the file is right")
    if shared:
        say("forms that other sectors have too; the text around them decides:")
        table(shared, "form", "also of")
    say("'sectorwatch detect --explain' shows what it finds once the file is in sector_files")


def _gazetteer() -> Gazetteer:
    from extractors.gazetteer import gazetteer_of
    from sectorwatch.cli.opening import find_sector_files

    return gazetteer_of(find_sector_files())


def _sector(gazetteer: Gazetteer, which: str) -> Sector:
    found = gazetteer.sectors.get(which)
    if found is None:
        raise ConfigurationError(f"there is no sector {which!r}; known: {', '.join(sorted(gazetteer.sectors))}")
    return found
