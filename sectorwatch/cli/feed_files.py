"""Lists of feeds: import and export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import complain, safe, say, write_json
from sectorwatch.cli.progress import Bar
from sectorwatch.errors import ConfigurationError

if TYPE_CHECKING:
    from extractors.feeds.opml import FeedList

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command("import")(import_list)
    app.command("export")(export_list)


def import_list(
    file: Annotated[str, typer.Argument(help="OPML, or a list of addresses, one a line; '-' reads standard input.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, change nothing.")] = False,
    json: Json = False,
) -> None:
    """Add the feeds of a list; malformed ones are read as far as they go. Safe to repeat."""
    from flows.steps.polling.listed_feeds import import_feeds
    from sectorwatch.cli.opening import opened_runtime

    body = _bytes(file)
    with Bar() as bar, opened_runtime(bar) as runtime:
        found = runtime.feed_list(body)
        if not found.feeds:
            _tell_skipped(found)
            raise ConfigurationError(f"{file}: no feed found in it: give OPML, or addresses, one a line")
        done = import_feeds(runtime.tools, found.feeds, dry_run=dry_run)
    if json:
        lists = {"skipped": found.skipped, "problems": found.problems}
        write_json({"added": done.added, "known": done.known, "repeated": done.repeated, **lists})
        return
    for feed in done.added:
        say(f"+ {safe(feed.url)}  {safe(feed.title)}".rstrip())
    for twin in done.known:
        say(f"= line {twin.line}: {safe(twin.url)} is watched already, as {twin.same_as}")
    for twin in done.repeated:
        say(f"= line {twin.line}: {safe(twin.url)} is the feed of {twin.same_as} once more")
    _tell_skipped(found)
    verb = "would be added" if dry_run else "added"
    counts = f"{len(done.known)} watched already, {len(done.repeated)} twice in the list, {len(found.skipped)} skipped"
    say(f"{len(done.added)} {verb}, {counts}")


def export_list() -> None:
    """Print all feeds as OPML 2.0, with publisher, country, language, side and folders."""
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.cli.opml import opml_of
    from storage.shared_clock import now_of
    from storage.views import feeds as feed_views

    with opened_store() as store, store.read() as work:
        document = opml_of(feed_views.feed_rows(work), now_of(work))
    sys.stdout.buffer.write(document)
    sys.stdout.buffer.flush()


def _bytes(file: str) -> bytes:
    from extractors.feeds.opml import MOST_BYTES

    try:
        if file == "-":
            body = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as stream:
                body = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from error
    if len(body) > MOST_BYTES:
        raise ConfigurationError(f"{file}: is larger than {MOST_BYTES:,} bytes: split it")
    return body


def _tell_skipped(found: FeedList) -> None:
    for problem in found.problems:
        complain(problem)
    for one in found.skipped:
        say(f"- line {one.line}: skipped: {safe(one.what)}: {safe(one.reason)}")
