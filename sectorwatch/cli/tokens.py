"""Tokens: keys to the programming interface of `sectorwatch web`."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli.output import safe, say, show
from sectorwatch.clock import ago
from sectorwatch.errors import ConfigurationError
from sectorwatch.nearest import meant

LONGEST = 80  # characters of a name
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

app = typer.Typer(help="Tokens: keys to the API of 'sectorwatch web'.", no_args_is_help=True, rich_markup_mode=None)


def register(parent: typer.Typer) -> None:
    """Adds the commands of this file."""
    parent.add_typer(app, name="tokens")


@app.command("add")
def add_token(name: Annotated[str, typer.Argument(help="What it is for.")]) -> None:
    """Make a token and print it, once: the store keeps only its hash. It may read what the public pages show."""
    from sectorwatch.cli.opening import opened_store
    from storage.access import api_tokens
    from storage.shared_clock import now_of

    name = name.strip()
    if not 0 < len(name) <= LONGEST or not name.isprintable():
        raise ConfigurationError(f"tokens add: give a name of 1 to {LONGEST} printable characters")
    with opened_store() as store, store.write() as work:
        token = api_tokens.add(work, name, now=now_of(work))
        if token is None:
            raise ConfigurationError(f"there is a token {name!r}: 'sectorwatch tokens remove' it, or take another name")
        work.commit()
    say(token.reveal())


@app.command("list")
def list_tokens(json: Json = False) -> None:
    """Tokens with their last use; the tokens themselves are not kept."""
    from sectorwatch.cli.opening import opened_store
    from storage.access import api_tokens
    from storage.shared_clock import now_of

    with opened_store() as store, store.read() as work:
        now = now_of(work)
        found = api_tokens.every(work)
    show(
        found,
        json,
        lambda token: (
            token.name,
            ago(token.created_at, now),
            ago(token.last_used_at, now) if token.last_used_at else "never",
            f"removed {ago(token.revoked_at, now)}" if token.revoked_at else "works",
        ),
        "token",
        "made",
        "last used",
        "state",
    )


@app.command("remove")
def remove_token(name: Annotated[str, typer.Argument(help="The token's name.")]) -> None:
    """Take a token back: it is refused from now on."""
    from sectorwatch.cli.opening import opened_store
    from storage.access import api_tokens
    from storage.shared_clock import now_of

    with opened_store() as store, store.write() as work:
        if not api_tokens.revoke(work, name.strip(), now=now_of(work)):
            working = [token.name for token in api_tokens.every(work) if token.revoked_at is None]
            raise ConfigurationError(f"no token {safe(name)!r} works; {safe(meant(name, working))}")
        work.commit()
    say(f"{safe(name)} is refused from now on")
