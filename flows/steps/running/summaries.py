"""What a cycle did, in numbers and words that people and Prefect can read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flows.steps.alerting.record_outcomes import DeliverySummary
from flows.steps.polling.store_polls import PollSummary
from flows.steps.reading.read_articles import ReadSummary
from storage.alerting.storms import Storm


@dataclass(kw_only=True)
class CycleSummary:
    """One cycle: what was polled, read, found and sent."""

    poll: PollSummary = field(default_factory=PollSummary)
    read: ReadSummary = field(default_factory=ReadSummary)
    deliveries: DeliverySummary = field(default_factory=DeliverySummary)
    seconds: dict[str, float] = field(default_factory=dict)  # that each step took

    @property
    def failed(self) -> bool:
        """Whether anything went wrong that somebody should look at."""
        return bool(self.poll.failed or self.poll.network_down or self.read.failed or self.deliveries.failed)

    def as_dict(self) -> dict[str, Any]:
        """Small and plain, to be stored and printed as JSON."""
        poll, read, sent = self.poll, self.read, self.deliveries
        return {
            "feeds": {
                "polled": poll.polled,
                "by_status": dict(poll.by_status),
                "new_entries": poll.new_entries,
                "changed_entries": poll.changed_entries,
                "network_down": poll.network_down,
                "failed": [{"url": url, "error": error} for url, error in poll.failed],
            },
            "articles": {
                "read": read.read,
                "skimmed": read.skimmed,
                "from_feed": read.from_feed,
                "known": read.known,
                "put_off": read.put_off,
                "by_sector": dict(read.mentions.most_common()),
                "failed": [{"url": url, "error": error} for url, error in read.failed],
                "refused": dict(read.refused.most_common()),
                "extractions": read.extractions,
                "extraction_seconds": round(read.extraction_seconds, 3),
            },
            "alerts": {
                "opened": read.alerts,
                "folded": read.folded,
                "suppressed": read.suppressed,
                "storm": None if read.storm is None else _storm(read.storm),
            },
            "seconds": {step: round(took, 1) for step, took in self.seconds.items()},
            "deliveries": {
                "by_state": dict(sent.by_state),
                "failed": [
                    {"delivery": number, "target": label, "error": error} for number, label, error in sent.failed
                ],
            },
        }


@contextmanager
def timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    """Notes how long a step took."""
    began = time.monotonic()
    yield
    seconds[step] = time.monotonic() - began


def _storm(storm: Storm) -> dict[str, Any]:
    return {
        "since": storm.since.isoformat(),
        "cause": storm.words,
        "stories_held": storm.stories,
        "deliveries_held": storm.deliveries,
        "what_to_do": "sectorwatch storm show, then release or drop",
    }
