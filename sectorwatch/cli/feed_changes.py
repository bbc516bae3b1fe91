"""Changing what is watched: add, set, remove, pause and resume feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sectorwatch.cli.output import safe, say
from sectorwatch.cli.quiet import who
from sectorwatch.errors import ConfigurationError
from sectorwatch.moments import span
from sectorwatch.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from flows.runtime import Runtime
    from sectorwatch.settings.roster import FeedSpec
    from storage.unit_of_work import Work
    from storage.views.feeds import FeedRow

_LONGEST_PAUSE_DAYS = 366
Which = Annotated[str, typer.Argument(help="The feed's number or address, as 'feeds list' shows it.")]
Title = Annotated[str | None, typer.Option(help="Its name (default: as the feed calls itself).")]
Language = Annotated[str | None, typer.Option(help="Language of its articles, e.g. uk.")]
Publisher = Annotated[str | None, typer.Option(help="Who publishes it.")]
Country = Annotated[str | None, typer.Option(help="Country of the publisher, e.g. UA.")]
SideName = Annotated[str | None, typer.Option(help="ukrainian, russian, international, official or unknown.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command("add")(add)
    app.command("set")(set_feed)
    app.command("remove")(remove)
    app.command("pause")(pause)
    app.command("resume")(resume)


def add(
    url: Annotated[str, typer.Argument(help="Address of the feed, or of a page of its site.")],
    title: Title = None,
    language: Language = None,
    publisher: Publisher = None,
    country: Country = None,
    side: SideName = None,
    as_is: Annotated[bool, typer.Option("--as-is", help="Add the address without looking at it.")] = False,
) -> None:
    """Add a feed, of a site's page the first it has; its first poll is its baseline: stored, not alerted."""
    from datetime import timedelta

    from extractors.feeds.opml import address
    from extractors.urls import feed_key
    from sectorwatch.cli.opening import opened_runtime
    from sectorwatch.domain import Source
    from storage.intake import feeds

    asked, reason = address(url)
    if not asked:
        raise ConfigurationError(f"feeds add: {reason}")
    said = {"title": title, "language": language, "publisher": publisher, "country": country, "side": side}
    spec = checked(url=asked, **said)
    with opened_runtime() as runtime:
        with runtime.tools.store.read() as work:
            _refuse_twin(asked, feeds.addresses(work))
        found = asked if as_is else _looked_at(runtime, asked)
        with runtime.tools.store.write() as work:
            _refuse_twin(found, feeds.addresses(work))
            number = feeds.add(
                work,
                url=found,
                title=spec.title or spec.publisher,
                language=spec.language,
                source=Source(publisher=spec.publisher, country=spec.country, side=spec.side),
                interval=timedelta(seconds=runtime.tools.settings.poll.interval_s),
                managed=False,
                now=runtime.tools.clock(),
            )
            work.commit()
    page = "" if feed_key(found) == feed_key(asked) else f", the feed of {asked}"
    say(f"feed {number} added: {safe(found + page)}")


def _looked_at(runtime: Runtime, url: str) -> str:
    """The address of the feed that is there, or that the page there has. Raises FeedError."""
    from sectorwatch.cli.feed_check import checked as polled
    from sectorwatch.errors import FeedError

    found = polled(runtime, url)
    if found.feed is not None:
        return url
    if not found.found:
        todo = f": {found.todo}" if found.todo else ""
        raise FeedError(f"not added: {url}: {found.problem}{todo}; with --as-is it is added all the same")
    first, *others = found.found
    for other in others:
        say(f"another feed of the page: {safe(other.url)} ({safe(other.title)})")
    return first.url


def _refuse_twin(url: str, watched: Mapping[str, int]) -> None:
    from extractors.urls import feed_key

    for known, number in watched.items():
        if feed_key(known) == feed_key(url):
            same = (
                "" if known == url else f" as {known}: http and https, www. and a slash at the end make no difference"
            )
            raise ConfigurationError(f"{url} is watched already, by feed {number}{same}")


def set_feed(
    feed: Which,
    title: Title = None,
    language: Language = None,
    publisher: Publisher = None,
    country: Country = None,
    side: SideName = None,
) -> None:
    """Say of a feed who publishes it, where, in which language, and on which side; "" takes it back."""
    from sectorwatch.cli.opening import opened_store
    from sectorwatch.domain import Source
    from storage.intake import feeds

    given = {"title": title, "language": language, "publisher": publisher, "country": country, "side": side}
    given = {name: value for name, value in given.items() if value is not None}
    if not given:
        raise ConfigurationError("feeds set: say what, by --title, --language, --publisher, --country or --side")
    with opened_store() as store, store.write() as work:
        found = find(work, feed)
        _refuse_managed(found, "change it there")
        old = {name: getattr(found, name) for name in ("title", "language", "publisher", "country", "side")}
        spec = checked(url=found.url, **(old | given))
        source = Source(publisher=spec.publisher, country=spec.country, side=spec.side)
        feeds.describe(work, found.id, title=spec.title, language=spec.language, source=source, managed=False)
        work.commit()
    said = ", ".join(filter(None, (spec.title, spec.publisher, spec.country, spec.language, spec.side)))
    say(f"feed {found.id} is now: {safe(said)}")


def remove(feed: Which) -> None:
    """Stop watching a feed; its articles stay. A feed of the applied file must be taken out of the file."""
    from sectorwatch.cli.opening import opened_store
    from storage.intake import feeds

    with opened_store() as store, store.write() as work:
        found = find(work, feed)
        _refuse_managed(found, "take it out there")
        feeds.remove(work, found.id)
        work.commit()
    say(f"feed {found.id} removed: {safe(found.url)}")


def pause(
    feed: Which,
    reason: Annotated[str, typer.Option(help="Why, for your colleagues.")] = "",
    for_: Annotated[str | None, typer.Option("--for", help="How long, e.g. 30m, 6h, 2d; then it goes on.")] = None,
) -> None:
    """Stop polling a feed, for now or for a time."""
    from sectorwatch.cli.opening import opened_store
    from storage.intake import feeds
    from storage.shared_clock import now_of

    long = None if for_ is None else _long(for_)
    with opened_store() as store, store.write() as work:
        now = now_of(work)
        until = None if long is None else now + long
        found = find(work, feed)
        feeds.pause(work, found.id, by=who(), reason=reason, until=until, now=now)
        work.commit()
    end = "until it is resumed" if until is None else f"until {until:%Y-%m-%d %H:%M} UTC"
    say(f"feed {found.id} paused {end}: {safe(found.url)}")


def resume(feed: Which) -> None:
    """Poll a paused, gone or failing feed again, now."""
    from sectorwatch.cli.opening import opened_store
    from storage.intake import feeds
    from storage.shared_clock import now_of

    with opened_store() as store, store.write() as work:
        now = now_of(work)
        found = find(work, feed)
        feeds.resume(work, found.id, now=now)
        work.commit()
    held = found.hold_until is not None and found.hold_until > now
    when = f"is due at {found.hold_until:%Y-%m-%d %H:%M} UTC, as its server asked" if held else "is due now"
    say(f"feed {found.id} {when}: {safe(found.url)}")


def checked(*, url: str, **given: Any) -> FeedSpec:
    """What is said of a feed, as the configuration file would take it. Raises ConfigurationError."""
    from pydantic import ValidationError

    from sectorwatch.settings.roster import FeedSpec

    if given.get("country"):
        given["country"] = given["country"].upper()
    try:
        return FeedSpec.model_validate({"url": url, **{key: value for key, value in given.items() if value}})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        said = first["msg"].removeprefix("Value error, ")
        raise ConfigurationError(f"{'.'.join(map(str, first['loc']))}: {said}") from error


def find(work: Work, which: str) -> FeedRow:
    """The feed with this number or address. Raises ConfigurationError, with the nearest address."""
    from storage.intake import feeds
    from storage.views import feeds as feed_views

    for number in feed_views.find_ids(work, which):
        found = feed_views.feed_row(work, number)
        if found is not None:
            return found
    near = None if which.isdecimal() else nearest(which, feeds.addresses(work))
    hint = ": 'sectorwatch feeds list' shows their numbers" if near is None else f"; did you mean {near!r}?"
    raise ConfigurationError(f"there is no feed {which!r}{hint}")


def _refuse_managed(feed: FeedRow, todo: str) -> None:
    if feed.managed:
        raise ConfigurationError(f"{feed.url} comes from the configuration file: {todo} and apply it")


def _long(text: str) -> timedelta:
    try:
        found = span(text)
    except OverflowError:
        found = None
    if not found or found.days > _LONGEST_PAUSE_DAYS:
        raise ConfigurationError(f"--for {text!r}: give 30m, 6h, 2d or 1w, up to {_LONGEST_PAUSE_DAYS} days")
    return found
