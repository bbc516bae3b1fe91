"""Feeds from a list into the store, and from the store into a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from extractors.feeds.opml import ListedFeed
from extractors.urls import feed_key
from flows.steps.tools import Tools
from sectorwatch.domain import Side, Source
from storage.intake import feeds as feed_store


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A feed of the list that is watched already, or that the list has twice."""

    line: int
    url: str
    same_as: str  # "feed 3", or "line 17"


@dataclass(kw_only=True)
class Imported:
    """What importing did."""

    added: list[ListedFeed] = field(default_factory=list)
    known: list[Twin] = field(default_factory=list)
    repeated: list[Twin] = field(default_factory=list)


def import_feeds(tools: Tools, listed: Sequence[ListedFeed], *, dry_run: bool = False) -> Imported:
    """Adds the feeds that are not watched yet, in one transaction; the first poll of each is its baseline.

    Addresses that differ in their scheme, in "www." or in a slash at the end are one feed. What is watched stays as
    it is.
    """
    done, now = Imported(), tools.clock()
    interval = timedelta(seconds=tools.settings.poll.interval_s)
    with tools.store.write() as work:
        seen = {feed_key(url): f"feed {number}" for url, number in feed_store.addresses(work).items()}
        for number, feed in enumerate(listed):
            tools.progress("feeds", number, len(listed))
            key = feed_key(feed.url)
            if key in seen:
                twins = done.known if seen[key].startswith("feed") else done.repeated
                twins.append(Twin(line=feed.line, url=feed.url, same_as=seen[key]))
                continue
            seen[key] = f"line {feed.line}"
            done.added.append(feed)
            feed_store.add(
                work,
                url=feed.url,
                title=feed.title,
                language=feed.language,
                source=Source(publisher=feed.publisher, country=feed.country, side=Side(feed.side or Side.UNKNOWN)),
                interval=interval,
                managed=False,
                now=now,
                folder=feed.folder,
            )
        if not dry_run:
            work.commit()
    return done
