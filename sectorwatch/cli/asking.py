"""What commands ask whoever runs them: secrets that must not stand in the list of processes, and whether to go on."""

from __future__ import annotations

import getpass
import sys

import typer

from sectorwatch.domain import Secret
from sectorwatch.errors import ConfigurationError

REFERENCES = ("env:", "file:", "prefect:")


def secret_from(reference: str | None, what: str, *, option: str, plain: bool = False) -> Secret:
    """A secret by reference (env:NAME, file:/path, prefect:BLOCK), from standard input ("-"), or asked for.

    One that is written out is taken only where it is `plain`, such as an address: whoever lists processes reads it.
    """
    from sectorwatch.cli.opening import know_blocks
    from sectorwatch.settings.references import resolve_secret

    if reference in (None, "-"):
        return _typed(what, prompt=reference is None)
    assert reference is not None
    if plain or reference.startswith(REFERENCES):
        know_blocks()
        return resolve_secret(reference)
    raise ConfigurationError(
        f"{option}: a secret on the command line is seen by others: give env:NAME, file:/path, prefect:BLOCK, or - for"
        " standard input"
    )


def sure(question: str, *, yes: bool) -> None:
    """Goes on after a yes. Raises ConfigurationError where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise ConfigurationError(f"{question} Nobody can be asked here: say --yes")
    if not typer.confirm(question, err=True):
        raise typer.Exit(1)


def _typed(what: str, *, prompt: bool) -> Secret:
    if prompt and sys.stdin.isatty():
        text = getpass.getpass(f"{what} (not shown): ")
    elif prompt:
        raise ConfigurationError(
            f"{what} is missing: give env:NAME, file:/path, prefect:BLOCK, or - for standard input"
        )
    else:
        text = sys.stdin.readline()
    if not text.strip():
        raise ConfigurationError(f"{what} is empty")
    return Secret(text.strip())
