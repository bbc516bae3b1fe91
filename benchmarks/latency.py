"""How long it takes from a due feed to the mention on record, with so many feeds a second that have news.

    python -m benchmarks latency --newsroom path/to/newsroom.py [--feeds 600] [--rate 20]

After a first cycle every feed gets one new entry with a sentence about a sector, and comes due in its turn, `--rate` of
them a second. Cycles follow one another, each as `sectorwatch run` has it but for the start of a process, with the
settings that come with Sectorwatch: hosts are given their pause.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from benchmarks.cycle import call, sectorwatch, serving, write_config
from flows.runtime import Runtime
from sectorwatch.newsroom import Receivers
from sectorwatch.settings import load
from storage.tables import articles, feeds, mentions

GIVEN_UP_S = 30.0  # after the last feed came due


def main(arguments: list[str]) -> int:
    """Prints medians and p95; 2 where there is no newsroom, 1 where over a fifth of the mentions is missing.

    Some always are: extraction drops a sentence now and then.
    """
    parser = argparse.ArgumentParser(prog="benchmarks latency", description=__doc__)
    default = os.environ.get("NEWSROOM")
    parser.add_argument("--newsroom", type=Path, default=Path(default) if default else None)
    parser.add_argument("--port", type=int, default=8701)
    parser.add_argument("--feeds", type=int, default=600)
    parser.add_argument("--rate", type=float, default=20.0, help="feeds that come due in a second")
    parser.add_argument("--store", default="", help="address of an empty store (default: SQLite in a new folder)")
    options = parser.parse_args(arguments)
    if options.newsroom is None or not options.newsroom.is_file():
        print("NO LATENCY WAS MEASURED: there is no newsroom. Give its path: --newsroom", file=sys.stderr)
        return 2
    options.entries, options.faults, options.watched = 1, 0.0, 1.0
    with (
        tempfile.TemporaryDirectory(prefix="sectorwatch-bench-") as folder,
        serving(options.newsroom, options) as control,
        Receivers() as receivers,
    ):
        config = write_config(Path(folder) / "latency", control, receivers, options.store, page_gap_s=None)
        sectorwatch("-c", str(config), "apply")
        with Runtime.open(load(config)) as runtime:
            runtime.poll_and_read()
            before = {entry["link"] for entry in call(control, "entries")}
            call(control, "publish?n=1", method="POST")
            planted = {entry["link"] for entry in call(control, "entries") if entry["watched"]} - before
            waits = measured(runtime, planted, options.rate)
    print(f"\n{options.feeds} feeds with one new entry each, {options.rate:g} of them due a second;", end=" ")
    print(f"{len(waits)} mentions of {len(planted)} planted sentences came on record")
    for words, seconds in (("polled", [one.polled for one in waits]), ("due", [one.due for one in waits])):
        median, p95, last = (sorted(seconds)[int(share * (len(seconds) - 1))] for share in (0.5, 0.95, 1))
        print(f"  since the feed was {words}: median {median:.2f} s, p95 {p95:.2f} s, the longest {last:.2f} s")
    return int(len(waits) < 0.8 * len(planted))


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Seconds until a mention was on record."""

    due: float  # since its feed was due
    polled: float  # since it was polled


def measured(runtime: Runtime, planted: set[str], rate: float) -> list[Wait]:
    """Has all feeds come due one after the other, and waits for what was planted in their new entries."""
    store = runtime.tools.store
    began = datetime.now(UTC) + timedelta(seconds=1)
    with store.write() as work:
        numbers = list(work.connection.execute(select(feeds.c.id).order_by(feeds.c.id)).scalars())
        due = {feed: began + timedelta(seconds=turn / rate) for turn, feed in enumerate(numbers)}
        for feed, at in due.items():
            work.connection.execute(update(feeds).where(feeds.c.id == feed).values(next_poll_at=at))
        work.commit()
    found = (
        select(articles.c.feed_id, articles.c.first_seen_at, func.min(mentions.c.found_at))
        .join(mentions)
        .where(articles.c.first_seen_at >= began, articles.c.url.in_(planted))
        .group_by(articles.c.feed_id, articles.c.first_seen_at)
    )
    until = began + timedelta(seconds=len(due) / rate + GIVEN_UP_S)
    while datetime.now(UTC) < until:
        runtime.poll_and_read()
        with store.read() as work:
            rows = work.connection.execute(found).tuples().all()
        if len(rows) >= len(planted):
            break
        time.sleep(0.1)
    return [
        Wait(due=(on_record - due[feed]).total_seconds(), polled=(on_record - polled).total_seconds())
        for feed, polled, on_record in rows
    ]
