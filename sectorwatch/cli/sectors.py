"""Commands on sectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.known import no_such
from sectorwatch.cli.output import say_fitted, show, table, write_json
from sectorwatch.errors import ConfigurationError, StoreError
from sectorwatch.nearest import meant, nearest

if TYPE_CHECKING:
    from extractors.gazetteer import Gazetteer, Sector
    from sectorwatch.cli.sector_forms import FormRow

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
    say_fitted(f"{one.name} ({one.id})")
    say_fitted(f"names: {', '.join(alias.text for alias in (*one.names, *one.phrases))}")
    table(
        (
            (
                place.name,
                place.id,
                place.kind,
                "attested" if place.attested else "draft",
                place.reports,
                place.last_seen,
            )
            for place in one.places
        ),
        "place",
        "id",
        "kind",
        "membership",
        "reports",
        "last seen",
        spare=("membership",),
    )


@app.command()
def forms(
    sector: Annotated[str, typer.Argument(help="The sector's id, as 'sectors list' shows it; with --find, any.")] = "",
    place: Annotated[str, typer.Option(help="Only forms of this place: a part of its name or id.")] = "",
    lang: Annotated[str, typer.Option(help="Only forms in this language, e.g. uk; - for those of no one.")] = "",
    find: Annotated[str, typer.Option(help="Only what is matched in this text: which form, and what it means.")] = "",
    json: Json = False,
) -> None:
    """Every form that is looked for, by place, language and case, and where it comes from."""
    from sectorwatch.cli import sector_forms

    gazetteer = _gazetteer()
    if sector:
        _sector(gazetteer, sector)
    elif not find:
        raise ConfigurationError("sectors forms: name a sector ('sectors list' shows them), or a text with --find")
    rows = sector_forms.rows_of(gazetteer, sector=sector, place=place, language=lang)
    if not rows:
        _check_forms(sector_forms.rows_of(gazetteer, sector=sector), place=place, language=lang)
    if find:
        found = sector_forms.found_in(find, rows)
        if json:
            write_json([row.as_json() for _, _, of_form in found for row in of_form])
        else:
            sector_forms.tell_found(find, found)
    elif json:
        write_json([row.as_json() for row in rows])
    else:
        sector_forms.tell_forms(rows)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A sector file of your own (see docs/add-a-sector.md).")],
    since_: Annotated[
        str | None, typer.Option("--since", help="Try it on articles seen from then on: 24h, 30d, or a date.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many of the articles found are shown.", min=0, max=10_000)] = 20,
    forms: Annotated[bool, typer.Option("--forms", help="Show every form of each name, by language and case.")] = False,
    json: Json = False,
) -> None:
    """Check a sector file: what it matches, with whom it shares forms, which stored articles it would have found."""
    from sectorwatch.cli.output import since
    from sectorwatch.cli.sector_check import check_file, try_on_archive
    from sectorwatch.cli.sector_check_report import tell_archive, tell_definition
    from sectorwatch.clock import system_clock

    start = since(since_, system_clock())
    checked = check_file(file)
    if not json:
        tell_definition(checked, forms=forms)
    code = 0
    try:
        trial = try_on_archive(checked, since=start, limit=limit)
    except StoreError as error:  # the definition has been checked all the same
        trial, code = f"the store cannot be used: {error}", error.exit_code
    if json:
        write_json(checked.as_json(trial))
    else:
        tell_archive(checked, trial)
    if not isinstance(trial, str) and trial.stopped:
        code = 130
    if code:
        raise typer.Exit(code)


def _gazetteer() -> Gazetteer:
    from extractors.gazetteer import gazetteer_of
    from sectorwatch.cli.opening import find_sector_files

    return gazetteer_of(find_sector_files())


def _check_forms(rows: Sequence[FormRow], *, place: str, language: str) -> None:
    """That filters of forms which found none name what there is. Raises ConfigurationError."""
    from sectorwatch.cli.sector_forms import NO_LANGUAGE

    languages = {code for row in rows for code in row.reading.language.split(" ") if code}
    if language not in ("", NO_LANGUAGE, *languages):
        raise ConfigurationError(f"no form is in the language {language!r}; {meant(language, languages)}")
    names = {name for row in rows for name in (row.name, row.target)}
    if not any(place.lower() in name.lower() for name in names):
        near = nearest(place, names)
        hint = ": 'sectorwatch sectors show SECTOR' has them" if near is None else f"; did you mean {near!r}?"
        raise ConfigurationError(f"there is no place {place!r}{hint}")


def _sector(gazetteer: Gazetteer, which: str) -> Sector:
    found = gazetteer.sectors.get(which)
    if found is None:
        raise no_such("sector", which, gazetteer.sectors)
    return found
