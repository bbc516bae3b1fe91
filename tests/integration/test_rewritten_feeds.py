"""A feed that is rewritten, on both databases: from its poll to the decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, cast

import pytest

from flows.steps.polling.ask_feed import Polled
from flows.steps.polling.store_polls import PollSummary, store_polls
from flows.steps.reading.store_article import file_article
from flows.steps.tools import Reader, Tools
from sectorwatch.domain import ParsedEntry, ParsedFeed, PollOutcome, PollStatus, Source
from sectorwatch.settings import Settings
from storage.intake import entries as entry_store
from storage.intake import feeds
from storage.intake.entries import ReadEnd
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON, add_feed, add_subscription, read_article
from tests.conftest import FakeClock
from tests.unit.test_identity import item

LEASE = timedelta(minutes=1)


def poll(store: Store, clock: FakeClock, *listed: ParsedEntry) -> PollSummary:
    """The feed lists these, now."""
    summary = PollSummary()
    tools = Tools(settings=Settings(), store=store, vault=Vault(), clock=clock, random=Random(1))
    reader = Reader(tools=tools, web=cast("Any", None), sandbox=cast("Any", None))
    with store.write() as work:
        token, (feed,) = feeds.claim_due(work, now=clock(), limit=1, lease=LEASE, not_since=clock())
        work.commit()
    outcome = PollOutcome(feed_id=feed.id, at=clock(), status=PollStatus.KNOWN, entries=len(listed))
    parsed = ParsedFeed(format="rss20", title="News", language="en", link=None, entries=listed)
    store_polls(reader, token, summary, [(feed, Polled(outcome=outcome, parsed=parsed))])
    return summary


def read_all(store: Store, clock: FakeClock) -> None:
    """Every entry that is due becomes an article of Kupiansk, of a story of its own."""
    with store.write() as work:
        wishes = subscriptions.every(work, Vault())
        token, found = entry_store.claim_unread(work, now=clock(), limit=99, per_host=99, lease=LEASE)
        for one in found:
            read = read_article(f"{one.title} of the front.")
            filed = file_article(work, one, Source(), read, raw=None, charset="", subscriptions=wishes, now=clock())
            done = {"state": one.read_state, "article_id": filed.article_id, "due_at": None, "attempts": 1}
            entry_store.finish_read(work, ReadEnd(entry_id=one.id, token=token, **cast("Any", done)))
        work.commit()


@pytest.mark.parametrize("moved", [False, True])
def test_a_rewritten_feed_tells_only_what_is_dated_later(store: Store, clock: FakeClock, moved: bool) -> None:
    """New ids, with or without new addresses, and pages that nobody knew: recorded, not told; later news is told."""
    add_feed(store)
    add_subscription(store, "one", sectors=("kupiansk",), now=NOON - timedelta(days=1))
    before = [item(number) for number in range(10)]
    poll(store, clock, *before)
    read_all(store, clock)
    clock.advance(hours=1)
    changes = [
        {"url": f"https://example.org/new/{n}", "canonical_url": f"https://example.org/new/{n}"} for n in range(8)
    ]
    renamed = [
        replace(entry, guid=f"new-{entry.guid}", **(changes[n] if moved else {})) for n, entry in enumerate(before[:8])
    ]
    later = item(21, published_at=NOON + timedelta(minutes=30))
    assert poll(store, clock, *renamed, item(20), later).new_entries == 2
    read_all(store, clock)
    with store.read() as work:
        kept = [(row.code, row.title) for row in queries.suppression_rows(work, limit=99)]
        told = queries.delivery_rows(work, limit=99)
    codes = [code for code, _ in kept]
    assert (codes.count("baseline"), codes.count("feed_rewritten")) == (10, 1)
    assert len(told) == 1
    clock.advance(hours=1)
    assert poll(store, clock, *renamed, item(20), later).new_entries == 0
