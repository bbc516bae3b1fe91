"""What is likely not meant in the store: another release's, empty, never applied, nobody who is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from alerts.rules import silence_over
from flows.steps.doctor.finding import Finding, advice, wrong
from flows.steps.roster.apply import apply_roster
from flows.steps.roster.unusable import unusable, wrong_addresses
from flows.steps.tools import Tools
from sectorwatch.clock import ago, lasting
from sectorwatch.domain import Silence
from sectorwatch.errors import ConfigurationError, ConfigurationErrors, SectorwatchError, StoreError
from sectorwatch.plurals import counted
from sectorwatch.settings.mistakes import in_file
from storage import schema
from storage.running.checkup import Checkup, checkup

CLOCKS_APART = timedelta(seconds=5)
RARELY = timedelta(days=3)  # 'maintain' runs daily; a day that it missed is no fault of the settings
FORGOTTEN = timedelta(days=1)  # a silence over everything is meant for less
FEW = 20  # pages that may refuse in a week, whatever their share
LARGE = 10_000_000_000  # bytes
_SCHEDULE = "start 'sectorwatch up', or a worker (deployments/README.md)"


def look(tools: Tools, file: Path | None = None) -> Iterator[Finding]:
    """Everything that the store tells, beside the configuration `file`. Nothing is changed, and no tables are made."""
    now = tools.clock()
    try:
        version = schema.current(tools.store)
        if not schema.serves(version):
            yield _version(version)
            return
        if version != schema.newest():
            what = f"the store is of a newer release (version {version}), and serves this one too"
            yield advice("newer_store", what, "run the newer release here, too, when you can")
        with tools.store.read() as work:
            found = checkup(work, tools.vault, now=now)
    except SectorwatchError as error:
        yield wrong("no_store", str(error), "see store.url; the message says what to do")
        return
    yield from _roster(tools, found, file)
    yield from _secrets(found)
    yield from _running(tools, found, now)
    yield from _outside(found)
    yield from _kept(tools, found, now)


def missing(path: Path) -> Finding:
    """There is no file where the store is said to be."""
    cure = "is store.url right? 'sectorwatch apply' makes a new one"
    return wrong("no_store", f"{path}: there is no store yet", cure)


def _version(version: str | None) -> Finding:
    if version is not None and not schema.knows(version):
        cure = "run the newer release here too"
        return wrong("newer_store", f"the store was made by a newer release (version {version})", cure)
    state = "has no tables yet" if version is None else f"is at version {version}, this release needs {schema.newest()}"
    return wrong("old_store", f"the store {state}", "sectorwatch db upgrade (back it up first: sectorwatch db backup)")


def _roster(tools: Tools, found: Checkup, file: Path | None) -> Iterator[Finding]:
    try:
        difference = apply_roster(tools, dry_run=True)
    except ConfigurationError as error:
        said = {str(one) for one in (*unusable(tools.settings), *wrong_addresses(tools.settings))}  # by themselves
        for one in error.errors if isinstance(error, ConfigurationErrors) else [error]:
            if str(one) not in said:
                cure = "correct the file; 'sectorwatch apply --dry-run' tries it"
                yield wrong("refused_file", str(in_file(file, one)), cure)
    except StoreError:
        pass  # an address that cannot be read is told of by itself
    else:
        lines = [*difference.added, *difference.changed, *difference.removed]
        if lines:
            many = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
            what = f"the file says what is not in force: {lines[0]}{many}"
            yield wrong("not_applied", what, "sectorwatch apply --dry-run, then sectorwatch apply")
    if not found.feeds:
        yield wrong(
            "no_feeds", "no feed is watched", "list some in the file and apply it, or sectorwatch feeds add URL"
        )
    if not found.subscriptions:
        yield wrong(
            "no_subscriptions",
            "nobody is told of anything",
            "write [[subscriptions]] and apply, or sectorwatch subscriptions add",
        )
    if found.untold:
        names = ", ".join(found.untold[:5])
        having = "subscriptions have" if len(found.untold) > 1 else "subscription has"
        what = f"{len(found.untold)} {having} no target that is enabled and confirmed: {names}"
        yield wrong("nobody_told", what, "sectorwatch targets list; then targets enable, or targets ask")


def _secrets(found: Checkup) -> Iterator[Finding]:
    if found.unopened is not None:
        yield wrong(
            "wrong_key", found.unopened, "put the key that it was stored with back into store.keys, behind the new one"
        )
    if found.unsealed:
        stored = counted(found.unsealed, "address was", "addresses were")
        what = f"{stored} stored before there was a key, as they are"
        yield advice("old_secrets", what, "sectorwatch apply seals those of the file; add the others anew")


def _silenced(found: Checkup, now: datetime) -> Iterator[Finding]:
    """Silences that together keep back everything: what is meant for hours is easily forgotten for weeks."""
    over: dict[int, Silence] = {}
    for one in found.followed:
        for sector in one.sectors:
            ids = {"subscription_id": one.subscription_id, "subscriber_id": one.subscriber_id}
            silence = silence_over(found.silences, sector=sector, **ids, now=now)
            if silence is None:
                return
            over[silence.id] = silence
    if not over:
        return
    first, *others = sorted(over.values(), key=lambda one: one.ends_at)
    kept = now - max(one.starts_at for one in over.values())
    many = f", and {counted(len(others), 'more silence')}" if others else ""
    what = (
        f"nobody is told of anything for {lasting(kept)}: silence {first.id}, by {first.author}: {first.reason}{many}"
    )
    cure = f"sectorwatch silence list; then sectorwatch silence end {first.id} (it ends {ago(first.ends_at, now)})"
    yield wrong("all_silenced", what, cure) if kept > FORGOTTEN else advice("all_silenced", what, cure)


def _outside(found: Checkup) -> Iterator[Finding]:
    """Feeds and targets that were asked, and how they answered."""
    failing, unsent = found.failing, found.unsent
    if found.outage is not None:
        cure = "check this machine's network, its name server and the firewall; nothing is held against the feeds"
        yield wrong("network", f"no host was reached by the last cycle: {found.outage.words}", cure)
    elif failing and len(failing) * 2 >= found.feeds:
        (reason, count), *_ = Counter(reason for _, reason in failing).most_common()
        fail = "fails" if len(failing) == 1 else "fail"
        what = f"{len(failing)} of {counted(found.feeds, 'feed')} {fail}, {count} of them so: {reason}"
        cure = f"sectorwatch feeds check {failing[0][0]}; sectorwatch feeds list --state failing"
        yield wrong("feeds_fail", what, cure)
    pages = sum(found.refused.values())
    if pages >= FEW and pages * 2 >= found.seen:
        why = next(iter(found.refused)).replace("_", " ")
        what = f"{pages} of {found.seen} pages of a week did not give their article, most of them so: {why}"
        yield advice("pages_refused", what, "their feeds' words stand in; see Pages that refuse in docs/operating.md")
    if unsent:
        taking = "targets take" if len(unsent) > 1 else "target takes"
        what = f"{len(unsent)} {taking} nothing now, such as {unsent[0]}; what is for them waits"
        yield wrong("targets_fail", what, "sectorwatch targets list says since when; targets test tries one")


def _kept(tools: Tools, found: Checkup, now: datetime) -> Iterator[Finding]:
    """Whether what is past its time goes."""
    keep, oldest = tools.settings.keep, found.oldest_poll_at
    if keep.polls_days and oldest is not None and now - oldest > timedelta(days=keep.polls_days) + RARELY:
        what = f"polls of {lasting(now - oldest)} are kept, and keep.polls_days is {keep.polls_days}"
        cure = "'maintain' does not run: see that its schedule is on; 'sectorwatch db prune' does it now"
        yield wrong("not_pruned", what, cure)
    if not keep.articles_days and not keep.database_mb and found.used_bytes > LARGE:
        what = f"the store takes {found.used_bytes / 1e9:.0f} GB, and articles are kept for ever"
        yield advice("no_bounds", what, "set keep.articles_days or keep.database_mb")


def _running(tools: Tools, found: Checkup, now: datetime) -> Iterator[Finding]:
    allowed, last = tools.settings.operators.limits.cycle_overdue, found.last_cycle_at
    if found.feeds and last is None:
        yield wrong("never_ran", "no cycle has ever finished", f"try 'sectorwatch run'; then {_SCHEDULE}")
    elif last is not None and allowed and now - last > allowed:
        yield wrong("nothing_runs", f"no cycle has finished for {lasting(now - last)}", _SCHEDULE)
    if last is not None and last - now > CLOCKS_APART:
        what = f"the last cycle ended {lasting(last - now)} in the future: a clock was, or is, wrong"
        yield wrong("clock", what, "set this machine's clock (timedatectl), and let it be kept")
    elif found.database_time is not None and abs(found.database_time - now) > CLOCKS_APART:
        what = f"the clocks of this machine and of the database are {lasting(abs(found.database_time - now))} apart"
        yield wrong("clock", what, "let both be kept by NTP (timedatectl)")
    if found.paused is not None:
        yield advice("paused", f"all alerts are paused {found.paused}", "sectorwatch resume")
    yield from _silenced(found, now)
    if found.held:
        yield wrong("held", "alerts are held by the storm brake", "sectorwatch storm show, then release or drop")
