"""Looking at feeds: how each is, and its last polls."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.steps.polling import feed_words
from flows.steps.polling.feed_words import Condition
from sectorwatch.cli import feed_changes, feed_check, feed_files
from sectorwatch.cli.known import check_publisher
from sectorwatch.cli.output import complain, one_of, safe, say, say_fitted, show, table, write_json
from sectorwatch.clock import ago
from sectorwatch.overlap import missed_words

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

app = typer.Typer(
    help="Feeds: how they are, and what is watched.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(parent: typer.Typer) -> None:
    """Adds the commands on feeds."""
    feed_changes.register(app)
    feed_check.register(app)
    feed_files.register(app)
    parent.add_typer(app, name="feeds")


@app.command("list")
def list_feeds(
    state: Annotated[
        list[str] | None,
        typer.Option(help="Only these (repeatable): ok, new, failing, html, silent, missed, moved, ..."),
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Only of this publisher.")] = None,
    side: Annotated[str | None, typer.Option(help="Only of this side.")] = None,
    json: Json = False,
) -> None:
    """Every feed: how it is, since when and why, the next poll, the last new item, how often it is polled and why."""
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.domain import Side, moment
    from storage.intake import network
    from storage.shared_clock import now_of
    from storage.views import feeds as feed_views

    chosen = [one_of(Condition, name, "--state") for name in state or ()]
    wanted_side = None if side is None else one_of(Side, side, "--side")
    with opened_store() as store, store.read() as work:
        now = now_of(work)
        every = feed_views.feed_rows(work)
        rows = [
            row
            for row in every
            if feed_words.wanted(row, chosen)
            and (publisher is None or row.publisher.casefold() == publisher.casefold())
            and (wanted_side is None or row.side == wanted_side)
        ]
        outage = network.outage(work)
    if not rows and publisher is not None:
        check_publisher(publisher, {row.publisher for row in every if row.publisher})
    show(
        rows,
        json,
        lambda row: (
            row.id,
            row.title or row.url,
            feed_words.words(row, now),
            feed_words.next_poll(row, now),
            ago(row.last_new_at, now),
            feed_words.pace(row),
        ),
        "feed",
        "title",
        "how it is",
        "next poll",
        "last new",
        "polled",
        spare=("polled",),
        short={"title": 24, "polled": 24},
    )
    if outage is not None:
        complain(f"our own network is down since {moment(outage.since)}: {outage.words}; nothing is held against them")


@app.command("show")
def show_feed(
    feed: feed_changes.Which,
    polls: Annotated[int, typer.Option(help="How many of the last polls.", min=1, max=10_000)] = 15,
    json: Json = False,
) -> None:
    """One feed with its last polls, its rhythm, what the server gave to ask with, and what is known of its host."""
    from sectorwatch.cli.opening import opened_store
    from storage.intake.feeds import host_of
    from storage.shared_clock import now_of
    from storage.views import feeds as feed_views

    with opened_store() as store, store.read() as work:
        now = now_of(work)
        row = feed_changes.find(work, feed)
        history = feed_views.poll_rows(work, row.id, limit=polls)
        former = feed_views.former_rows(work, row.id)
        host = feed_views.host_row(work, host_of(row.url))
    if json:
        write_json({"feed": row, "former_addresses": former, "polls": history, "host": host})
        return
    source = ", ".join(filter(None, (row.publisher, row.country, row.side, row.language)))
    came = f"the last new one came {ago(row.last_new_at, now)}"
    lines = [
        ("feed", f"{row.id}: {row.title or row.url}"),
        ("address", row.url),
        *(("until", f"{one.moved_at:%Y-%m-%d}, {one.url}: moved for good by its publisher") for one in former),
        ("source", source),
        ("how it is", feed_words.words(row, now)),
        ("rhythm", feed_words.usual(row) if row.item_gap_s else "too few dated items to tell"),
        ("polled", f"{feed_words.pace(row)}; next: {feed_words.next_poll(row, now)}"),
        ("missed", feed_words.missed(row) or "nothing, as far as is known"),
        ("entries", f"{row.entries}; {'none was new' if row.last_new_at is None else came}"),
        (
            "asks with",
            ", ".join(filter(None, (row.etag, row.last_modified))) or "nothing: the server gave no validators",
        ),
        ("last full", f"{ago(row.last_full_at, now)} (without them; once a day, as they can lie)"),
        ("added", f"{ago(row.added_at, now)}, {'by the applied file' if row.managed else 'by hand'}"),
    ]
    if host is not None:
        lines += [("host", words) for words in feed_words.host(host, now)]
    for name, value in lines:
        say_fitted(f"{name:10} {safe(value)}")
    say()
    table(
        (
            (
                f"{poll.at:%Y-%m-%d %H:%M}",
                poll.status.replace("_", " "),
                poll.http_status or "",
                f"{poll.ms} ms",
                f"{poll.bytes:,}",
                poll.entries,
                poll.new_entries,
                poll.changed_entries,
                missed_words(poll.missed_items) if poll.overlap_lost else poll.error,
            )
            for poll in history
        ),
        "polled at (UTC)", "outcome", "HTTP", "took", "bytes", "listed", "new", "changed", "why",
        spare=("bytes", "changed", "listed"),
    )  # fmt: skip
