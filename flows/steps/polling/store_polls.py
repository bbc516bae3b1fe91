"""Stores what polls found: what is new, what changed, and when each feed is due again."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from extractors.urls import feed_key
from flows.steps.polling.ask_feed import Polled
from flows.steps.polling.store_entries import Listed, Listing, store_entries
from flows.steps.tools import Reader
from sectorwatch import VERSION
from sectorwatch.domain import Feed, PollOutcome, PollStatus
from sectorwatch.logs import about
from sectorwatch.polling import next_poll
from storage.intake import feeds as feed_store
from storage.intake import quarantine
from storage.intake.feeds import FinishedPoll
from storage.unit_of_work import Work

Poll = tuple[Feed, Polled]
_log = logging.getLogger(__name__)


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


def store_polls(reader: Reader, token: str, summary: PollSummary, polls: Sequence[Poll]) -> frozenset[int]:
    """Decides what is new and stores it with the polls and their validators, in one transaction.

    A feed that somebody else has taken over, or that was removed, is left out: nothing of ours is stored. Nor is it of
    the feeds that are returned: all their items have to be read (see `store_entries`).
    """
    tools, finished = reader.tools, list[FinishedPoll]()
    with tools.store.write() as work:
        ours = feed_store.holding(work, token, [feed.id for feed, _ in polls])
        listings = [
            Listing(feed=feed, parsed=polled.parsed, at=polled.outcome.at)
            for feed, polled in polls
            if feed.id in ours and polled.parsed is not None
        ]
        stored = store_entries(work, listings)
        again = frozenset(number for number, listed in stored.items() if listed is None)
        ours -= again
        for feed, polled in polls:
            if feed.id in ours:
                listed = stored.get(feed.id)
                outcome = _outcome(polled, listed)
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
                        baseline=listed is not None and listed.baseline,
                        full=polled.full,
                        listed=None if listed is None else listed.remembered,
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
        with about(feed=one.feed.id):
            _say(outcome)
        tools.progress("feeds", summary.polled, max(summary.due, summary.polled))
    return again


def _say(outcome: PollOutcome) -> None:
    if outcome.error and not outcome.excused:
        _log.warning("the poll failed: %s", outcome.error)
    else:
        news = outcome.new_entries or outcome.changed_entries
        words = "polled: %s, %d new, %d changed"
        _log.log(
            logging.INFO if news else logging.DEBUG,
            words,
            outcome.status,
            outcome.new_entries,
            outcome.changed_entries,
        )


def _outcome(polled: Polled, listed: Listed | None) -> PollOutcome:
    """The poll's outcome with what came of its listing, where it brought one."""
    if listed is None:
        return polled.outcome
    found = listed.found
    return replace(
        polled.outcome,
        status=PollStatus.NEW if found.new else PollStatus.KNOWN,
        new_entries=len(found.new) + len(found.archive),
        changed_entries=len(found.changed),
        overlap_lost=listed.overlap_lost,
        missed=listed.missed,
        reach=listed.reach,
    )


def _move(work: Work, feed: Feed, url: str, *, now: datetime) -> None:
    """The feed's publisher has moved it for good. Where that feed is watched already, it is polled there alone."""
    others = {feed_key(known): number for known, number in feed_store.addresses(work).items() if number != feed.id}
    twin = others.get(feed_key(url))
    if twin is None:
        feed_store.move(work, feed.id, url=url, now=now)
    else:
        reason = f"moved to {url}, which is feed {twin}: polled there; remove this one"
        feed_store.pause(work, feed.id, by="sectorwatch", reason=reason, until=None, now=now)
