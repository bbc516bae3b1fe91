"""The key that links in messages are signed with."""

from __future__ import annotations

import typer

from sectorwatch.cli.output import say
from sectorwatch.cli.quiet import who
from sectorwatch.errors import ConfigurationError
from sectorwatch.plurals import counted

app = typer.Typer(help="The key that links are signed with.", no_args_is_help=True, rich_markup_mode=None)


def register(parent: typer.Typer) -> None:
    """Adds the commands of this file."""
    parent.add_typer(app, name="links")


@app.command("rotate")
def rotate_key() -> None:
    """Sign links with a new key; those that are out there go on to work until 'links forget'."""
    from sectorwatch.cli.opening import opened_runtime
    from storage.access.link_key import rotate

    with opened_runtime() as runtime:
        tools = runtime.tools
        if tools.settings.web.link_key:
            raise ConfigurationError(
                "web.link_key is set: put the new key there and the one before into web.old_link_keys"
            )
        with tools.store.write() as work:
            former = rotate(work, tools.vault, author=who(), now=tools.clock())
            work.commit()
    work_on = counted(former, "former key works", "former keys work")
    say(f"links are signed with a new key; those of {work_on} until 'sectorwatch links forget'")


@app.command("forget")
def forget_keys() -> None:
    """Forget the former keys: links signed with them stop to work at once, those to unsubscribe too."""
    from sectorwatch.cli.opening import opened_store
    from storage.access.link_key import forget

    with opened_store() as store, store.write() as work:
        gone = forget(work)
        work.commit()
    say(f"{counted(gone, 'former key is', 'former keys are')} forgotten" if gone else "there is no former key")
