"""The `sectorwatch` command. Rooms are imported when a command needs them: help must come at once."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

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
from sectorwatch.cli.output import complain
from sectorwatch.errors import SectorwatchError

app = typer.Typer(
    name="sectorwatch",
    help="Watches news feeds for front-line sectors and tells each subscriber once, with the sentence that matters.",
    epilog="Exit codes: 0 done, 1 ran but something failed (said), 2 wrong use or configuration.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # drawing boxes around help costs more than all the rest of it
    context_settings={"help_option_names": ["-h", "--help"]},
)

_shown = {"traceback": False}  # what `main` shows of an error: set by the options, which are read within it


@app.callback()
def options(
    config: Annotated[
        str | None, typer.Option("--config", "-c", help="The configuration file (default: ./sectorwatch.toml).")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Options of every command."""
    if config:
        os.environ["SECTORWATCH_CONFIG"] = config
    _shown["traceback"] = debug


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


def main() -> None:
    """Runs the command; an error of ours becomes a line that says what, where and what to do."""
    try:
        app()
    except SectorwatchError as error:
        if _shown["traceback"]:
            raise
        complain(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        complain("stopped; nothing was lost: the next run goes on from here")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone (head, less): no error, and nothing more may be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
