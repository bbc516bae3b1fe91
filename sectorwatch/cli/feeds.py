"""Commands on feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import ago, safe, say, show
from sectorwatch.errors import ConfigurationError

if TYPE_CHECKING:
    from sectorwatch.domain import Feed
    from storage.unit_of_work import Work

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Which = Annotated[str, typer.Argument(help="The feed's number or address, as 'feeds list' shows it.")]

app = typer.Typer(help="Feeds: list, add, remove, pause, resume.", no_args_is_help=True, rich_markup_mode=None)


def register(parent: typer.Typer) -> None:
    """Adds the commands of this file."""
    parent.add_typer(app, name="feeds")


@app.command("list")
def list_feeds(json: Json = False) -> None:
    """Every feed: its state, since when and why, the next poll and the last new item."""
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.clock import system_clock
    from storage import queries

    now = system_clock()
    with opened_store() as store, store.read() as work:
        rows = queries.feed_rows(work)
    show(
        rows,
        json,
        lambda row: (
            row.id,
            row.title or row.url,
            f"{row.state} since {ago(row.state_since, now)}" if row.state != "ok" else "ok",
            row.reason,
            ago(row.next_poll_at, now),
            ago(row.last_new_at, now),
            row.entries,
        ),
        "feed",
        "title",
        "state",
        "why",
        "next poll",
        "last new",
        "entries",
    )


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Address of the feed.")],
    title: Annotated[str, typer.Option(help="Its name (default: as the feed calls itself).")] = "",
    language: Annotated[str, typer.Option(help="Language of its articles, e.g. uk.")] = "",
    publisher: Annotated[str, typer.Option(help="Who publishes it.")] = "",
    country: Annotated[str, typer.Option(help="Country of the publisher, e.g. UA.")] = "",
    side: Annotated[str, typer.Option(help="ukrainian, russian, international, official or unknown.")] = "unknown",
) -> None:
    """Add a feed; its first poll is its baseline: stored, not alerted."""
    from datetime import timedelta

    from pydantic import ValidationError

    from sectorwatch.cli.opening import opened_store, settings
    from sectorwatch.clock import system_clock
    from sectorwatch.domain import Source
    from sectorwatch.settings import FeedSpec
    from storage import feeds

    try:
        spec = FeedSpec.model_validate(
            {"url": url, "title": title, "language": language, "publisher": publisher, "country": country, "side": side}
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ConfigurationError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    with opened_store() as store, store.write() as work:
        if feeds.by_url(work, [url]):
            say(f"{safe(url)} is watched already")
            return
        number = feeds.add(
            work,
            url=url,
            title=spec.title or spec.publisher,
            language=spec.language,
            source=Source(publisher=spec.publisher, country=spec.country, side=spec.side),
            interval=timedelta(seconds=settings().poll.interval_s),
            managed=False,
            now=system_clock(),
        )
        work.commit()
    say(f"feed {number} added: {safe(url)}")


@app.command()
def remove(feed: Which) -> None:
    """Stop watching a feed; its articles stay. A feed of the applied file must be taken out of the file."""
    from sectorwatch.cli.opening import opened_store
    from storage import feeds

    with opened_store() as store, store.write() as work:
        found = _find(work, feed)
        if found.url in feeds.managed_urls(work):
            raise ConfigurationError(f"{found.url} comes from the configuration file: take it out there and apply it")
        feeds.remove(work, found.id)
        work.commit()
    say(f"feed {found.id} removed: {safe(found.url)}")


@app.command()
def pause(feed: Which, reason: Annotated[str, typer.Option(help="Why, for your colleagues.")] = "") -> None:
    """Stop polling a feed for now."""
    _set_paused(feed, paused=True, reason=reason or "paused by hand")


@app.command()
def resume(feed: Which) -> None:
    """Poll a paused, gone or failing feed again, now."""
    _set_paused(feed, paused=False, reason="")


def _set_paused(feed: str, *, paused: bool, reason: str) -> None:
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.clock import system_clock
    from storage import feeds

    with opened_store() as store, store.write() as work:
        found = _find(work, feed)
        feeds.set_paused(work, found.id, paused=paused, reason=reason, now=system_clock())
        work.commit()
    say(f"feed {found.id} {'paused' if paused else 'is due now'}: {safe(found.url)}")


def _find(work: Work, which: str) -> Feed:
    from storage import feeds

    for feed in feeds.every(work):
        if which in (str(feed.id), feed.url):
            return feed
    raise ConfigurationError(f"there is no feed {which!r}: 'sectorwatch feeds list' shows their numbers")
