"""One poll explained step by step, and the feeds of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.steps.polling import feed_words
from sectorwatch.cli.output import complain, safe, say, say_fitted, write_json
from sectorwatch.clock import lasting
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from datetime import datetime

    from flows.runtime import Runtime
    from flows.steps.polling.check_feed import Check

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_HEADERS = ("content-type", "content-encoding", "etag", "last-modified", "cache-control", "retry-after", "server")


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command("check")(check)


def check(
    feed: Annotated[str, typer.Argument(help="Address of a feed or of a site's page, or the number of a feed.")],
    json: Json = False,
) -> None:
    """Poll once, store nothing, and explain each step; of a site's page, find the feed."""
    from sectorwatch.cli.opening import opened_runtime

    with opened_runtime() as runtime:
        found, now = checked(runtime, feed), runtime.tools.clock()
    if json:
        write_json(found)
    else:
        _tell(found, now)
    raise typer.Exit(1 if found.problem and not found.found else 0)


def checked(runtime: Runtime, which: str) -> Check:
    """What one poll finds of the feed with this number or address, stored or not. Raises ConfigurationError."""
    from extractors.feeds.opml import address
    from sectorwatch.errors import ConfigurationError
    from storage.intake import feeds

    with runtime.tools.store.read() as work:
        stored, addresses = feeds.every(work), feeds.addresses(work)
    numbers = (str(addresses.get(which)), which)
    feed = next((one for one in stored if str(one.id) in numbers), None)
    url, reason = (feed.url, "") if feed else address(which)
    if not url:
        hint = "; 'sectorwatch feeds list' shows the numbers of feeds" if which.isdecimal() else ""
        raise ConfigurationError(f"{which!r}: {reason}{hint}")
    return runtime.check_feed(url, feed=feed, watched=[(number, known) for known, number in addresses.items()])


def _tell(found: Check, now: datetime) -> None:
    for number, hop in enumerate(found.hops, 1):
        say(f"{number}. {safe(hop.url)} answers {hop.status}")
        if hop.location:
            say(f"   redirects to {safe(hop.location)}")
        for name in _HEADERS:
            if name in hop.headers:
                say(f"   {name}: {safe(hop.headers[name][:200])}")
    if found.host is not None:
        for words in feed_words.host(found.host, now):
            say_fitted(f"{'host':12} {safe(words)}")
    if found.problem:
        complain(found.problem)
    else:
        _tell_feed(found)
    for url, words in found.looked_at:
        say_fitted(f"   tried {safe(url)}: {safe(words)}")
    for one in found.found:
        known = f", watched as feed {one.watched_as}" if one.watched_as else ""
        say(f"feed found, {one.how}: {safe(one.title)} ({counted(one.entries, 'entry', 'entries')}{known})")
        if not one.watched_as:
            say(f"   sectorwatch feeds add {safe(quoted(one.url))}")
    if found.todo:
        say_fitted(f"what to do   {safe(found.todo)}")


def _tell_feed(found: Check) -> None:
    facts, overlap = found.feed, found.overlap
    assert facts is not None
    assert overlap is not None
    dates = ", ".join(f"{count} {quality}" for quality, count in facts.dates.items()) or "none"
    span = f"; from {facts.oldest:%Y-%m-%d %H:%M} to {facts.newest:%Y-%m-%d %H:%M} UTC" if facts.newest else ""
    lines = [
        ("size", f"{found.bytes:,} bytes in {found.ms} ms"),
        ("format", f"{facts.format}, language {facts.language or 'not stated'}: {facts.title or 'without a title'}"),
        ("entries", f"{facts.entries}, {facts.with_text} with their full text"),
        ("dates", f"{dates}{span}"),
        *(("odd", problem) for problem in facts.problems),
        *(("for example", title) for title in facts.examples),
        ("asked again", found.unchanged),
    ]
    if found.moved_to:
        lines.append(("moved", _moved(found)))
    elif len(found.hops) > 1:
        lines.append(("redirected", "not for good, or to a weaker scheme: the address stays as it is"))
    if found.watched_as is None:
        lines.append(
            (
                "in the store",
                f"not watched; the first poll would store {counted(overlap.new, 'entry', 'entries')}, and alert nobody",
            )
        )
    else:
        counts = f"{overlap.known} known, {overlap.changed} changed, {overlap.new} new"
        lines.append(("in the store", f"watched as feed {found.watched_as}: {counts}"))
    for number, title, count in overlap.elsewhere:
        lines.append(("overlap", f"{count} of its pages came by feed {number} too: {title}"))
    if found.interval is not None:
        lines.append(("next poll", f"in {lasting(found.interval)}: {found.interval_why}"))
    for name, value in lines:
        say_fitted(f"{name:12} {safe(value)}")
    if found.watched_as is None:
        say(f"\nsectorwatch feeds add {safe(quoted(found.moved_to or found.asked))}")


def _moved(found: Check) -> str:
    """Where a feed has moved to, and what comes of it."""
    from sectorwatch.domain import moment

    words, move = f"for good, to {found.moved_to}", found.move
    if found.watched_as is None:
        return f"{words}, watched as feed {found.moved_onto}" if found.moved_onto else f"{words}: add that address"
    seen = f"{move.seen}, since {moment(move.since)}" if move and move.to == found.moved_to else "none yet"
    after = f"when three polls over a day have said so (so far {seen})"
    if found.moved_onto:
        return f"{words}, which is feed {found.moved_onto}: this one is paused {after}"
    return f"{words}: taken over {after}"


def quoted(url: str) -> str:
    """An address as a shell takes it."""
    from shlex import quote

    return quote(url)
