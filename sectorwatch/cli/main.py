"""The `sectorwatch` command. Rooms are imported when a command needs them: help must come at once."""

from __future__ import annotations

import os
import sys
import traceback
from io import TextIOWrapper
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from sectorwatch.cli import (
    archive,
    database,
    deliveries,
    deploy,
    doctor,
    extract,
    false_alarms,
    feeds,
    links,
    notices,
    operation,
    quiet,
    re_extract,
    search,
    sectors,
    silences,
    status,
    storm,
    subscribers,
    subscriptions,
    targets,
    texts,
    tokens,
    web,
)
from sectorwatch.cli.examples import teach
from sectorwatch.cli.output import complain, say
from sectorwatch.errors import SectorwatchError


class Group(TyperGroup):
    """Ends where its output cannot be written, or it is interrupted: before typer has an opinion on either."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # typer's own context, by its public name
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:  # the reader of our output has gone (head, less): no error
            _write_no_more()
            raise typer.Exit from None
        except KeyboardInterrupt:
            complain("stopped; nothing was lost: the next run goes on from here")
            raise typer.Exit(130) from None


def _write_no_more() -> None:
    """What is still in the buffer of standard output goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    cls=Group,
    name="sectorwatch",
    help="Watches news feeds for front-line sectors and tells each subscriber once, with the sentence that matters.",
    epilog="Exit codes: 0 done, 1 ran but something failed (said), 2 wrong use or configuration.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # drawing boxes around help costs more than all the rest of it
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

_shown = {"traceback": False}  # what `main` shows of an error: set by the options, which are read within it


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        say(f"sectorwatch {version('sectorwatch')}")
        raise typer.Exit


@app.callback()
def options(
    config: Annotated[
        str | None, typer.Option("--config", "-c", help="The configuration file (default: ./sectorwatch.toml).")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version of this release.")
    ] = False,
) -> None:
    """Options of every command."""
    if config:
        os.environ["SECTORWATCH_CONFIG"] = config
    _shown["traceback"] = debug
    os.environ.setdefault("DO_NOT_TRACK", "1")  # Prefect's client sends and says nothing, whichever command needs it


for room in (
    operation,
    status,
    doctor,
    deploy,
    texts,
    extract,
    archive,
    re_extract,
    search,
    feeds,
    sectors,
    subscribers,
    subscriptions,
    targets,
    deliveries,
    quiet,
    silences,
    storm,
    false_alarms,
    notices,
    web,
    tokens,
    links,
    database,
):
    room.register(app)
teach(app)


def main() -> None:
    """Runs the command; an error of ours becomes a line that says what, where and what to do."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no Cyrillic shows question marks
    try:
        app()
    except SectorwatchError as error:
        _end(error, str(error), error.exit_code)
    except OSError as error:
        _write_no_more()
        _end(error, f"{f'{error.filename}: ' if error.filename else ''}{error.strerror or error}", 1)


def _end(error: Exception, words: str, code: int) -> NoReturn:
    if _shown["traceback"]:
        traceback.print_exception(error)
    complain(words)
    sys.exit(code)
