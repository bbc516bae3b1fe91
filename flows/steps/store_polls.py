"""Stores what polls found: what is new, what changed, and when each feed is due again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from extractors.urls import feed_key
from flows.steps.ask_feed import Polled, believed_dates
from flows.steps.identity import Sorted, addresses, candidate, sort_out
from flows.steps.tools import Reader
from sectorwatch import VERSION
from sectorwatch.domain import Feed, ParsedFeed, PollOutcome, PollStatus
from sectorwatch.overlap import missed
from sectorwatch.polling import next_poll
from storage import entries as entry_store
from storage import feed_rhythms, quarantine
from storage import feeds as feed_store
from storage.feeds import FinishedPoll
from storage.unit_of_work import Work

REREAD_WITHIN = timedelta(hours=48)  # an edit of an older entry is not worth a request

Poll = tuple[Feed, Polled]


@dataclass(kw_only=True)
class PollSummary:
    """What polling did."""

    due: int = 0  # when it began
    polled: int = 0
    by_status: Counter[str] = field(default_factory=Counter)
    new_entries: int = 0
    changed_entries: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)  # (url, why and what to do)
    answered: set[str] = field(default_factory=set)  # hosts that said something, whatever it was
    network_down: bool = False  # then nothing is held against the feeds
    network_is_up: bool = False  # and that is on record


def store_polls(reader: Reader, token: str, summary: PollSummary, polls: Sequence[Poll]) -> None:
    """Decides what is new and stores it with the polls and their validators, in one transaction.

    A feed that somebody else has taken over, or that was removed, is left out: nothing of ours is stored.
    """
    tools, finished = reader.tools, list[FinishedPoll]()
    with tools.store.write() as work:
        ours = feed_store.holding(work, token, [feed.id for feed, _ in polls])
        for feed, polled in polls:
            if feed.id in ours:
                outcome, baseline = _store_entries(work, feed, polled)
                if polled.poison:
                    quarantine.record(
                        work,
                        kind="feed",
                        url=feed.url,
                        body=polled.poison,
                        version=VERSION,
                        reason=outcome.error,
                        now=outcome.at,
                    )
                finished.append(
                    FinishedPoll(
                        feed=feed,
                        outcome=outcome,
                        plan=next_poll(feed, outcome, now=outcome.at, random=tools.random),
                        validators=polled.validators,
                        body_hash=polled.body_hash,
                        title="" if polled.parsed is None else polled.parsed.title,
                        baseline=baseline,
                        full=polled.full,
                    )
                )
        feed_store.finish_polls(work, token, finished)
        for one in finished:
            if one.plan.new_url is not None:
                _move(work, one.feed, one.plan.new_url, now=one.outcome.at)
        work.commit()
    for one in finished:
        outcome = one.outcome
        summary.polled += 1
        summary.by_status[outcome.status.value] += 1
        summary.new_entries += outcome.new_entries
        summary.changed_entries += outcome.changed_entries
        if outcome.error and not outcome.excused:
            summary.failed.append((one.feed.url, outcome.error))
        tools.progress("feeds", summary.polled, max(summary.due, summary.polled))


def _store_entries(work: Work, feed: Feed, polled: Polled) -> tuple[PollOutcome, bool]:
    """Stores what the feed lists; what came of it, and whether it was its baseline."""
    outcome, parsed = polled.outcome, polled.parsed
    if parsed is None:
        return outcome, False
    baseline = feed.baseline_at is None
    guids = [entry.guid for entry in parsed.entries]
    language = feed.language or parsed.language
    items = [candidate(item, language=language) for item in parsed.entries]
    known = entry_store.known(
        work,
        feed.id,
        guids=guids,
        canonical_urls=addresses(parsed.entries),
        title_day_keys=[item.title_day_key for item in items if item.title_day_key],
        content_keys=[item.content_key for item in items],
    )
    found = sort_out(parsed.entries, known, language=language, news_since=feed.last_new_at or feed.baseline_at)
    lost = not baseline and bool(found.new) and not found.known and not found.changed
    gap = _missed(work, feed, parsed) if lost else None
    for entry, guid in (*found.displaced.items(), *found.renamed.items()):
        entry_store.rename(work, entry, guid)
    entry_store.add(work, feed.id, found.new, baseline=baseline, now=outcome.at)
    entry_store.add(work, feed.id, found.archive, baseline=True, now=outcome.at)
    _store_old(work, found, outcome.at)
    outcome = replace(
        outcome,
        status=PollStatus.NEW if found.new else PollStatus.KNOWN,
        new_entries=len(found.new) + len(found.archive),
        changed_entries=len(found.changed),
        overlap_lost=lost,
        missed=gap,
    )
    return outcome, baseline


def _move(work: Work, feed: Feed, url: str, *, now: datetime) -> None:
    """The feed's publisher has moved it for good. Where that feed is watched already, it is polled there alone."""
    others = {feed_key(known): number for known, number in feed_store.addresses(work).items() if number != feed.id}
    twin = others.get(feed_key(url))
    if twin is None:
        feed_store.move(work, feed.id, url=url, now=now)
    else:
        reason = f"moved to {url}, which is feed {twin}: polled there; remove this one"
        feed_store.pause(work, feed.id, by="sectorwatch", reason=reason, until=None, now=now)


def _missed(work: Work, feed: Feed, parsed: ParsedFeed) -> int | None:
    """About how many items came and went between the last poll and this one, before its own are stored."""
    return missed(feed_rhythms.times(work, [feed.id]).get(feed.id, []), believed_dates(parsed))


def _store_old(work: Work, found: Sorted, now: datetime) -> None:
    for old, item in found.changed:
        recent = now - (item.published_at or old.first_seen_at) <= REREAD_WITHIN
        entry_store.change(work, old.id, item, now=now, reread=recent)
    entry_store.seen(work, [old.id for old in found.known], now=now)
