"""Tells a person what a cycle did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sectorwatch.cli.output import safe, say, say_fitted
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from flows.steps.running.summaries import CycleSummary
    from storage.alerting.storms import Storm

_SHOWN = 50  # failures a list shows before it only counts


def tell(summary: CycleSummary) -> None:
    """Prints a cycle: counts first, then every failure with its reason."""
    poll, read, sent = summary.poll, summary.read, summary.deliveries
    outcomes = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in sorted(poll.by_status.items()))
    say_fitted(f"feeds      {poll.polled} polled{f': {outcomes}' if outcomes else ''}")
    if poll.network_down:
        say("NETWORK    no host was reached: look at the network and the name server of this machine")
    say(f"entries    {poll.new_entries} new, {poll.changed_entries} changed")
    said = [f"{read.read} read{_skimmed(read.skimmed, read.read)}"]
    said += [f"{read.from_feed} from the feed's own text"] if read.from_feed else []
    said += [f"{read.known} known already"] if read.known else []
    said += [f"{read.put_off} put off: their hosts ask to wait, or our network is down"] if read.put_off else []
    say_fitted(f"articles   {', '.join(said)}")
    sectors = ", ".join(f"{sector} {count}" for sector, count in read.mentions.most_common())
    say_fitted(f"sectors    {sectors or 'none mentioned'}")
    say(f"alerts     {read.alerts} opened, {read.folded} folded, {read.suppressed} suppressed")
    if read.storm is not None:
        say(storm_line(read.storm))
    ends = ", ".join(f"{count} {state}" for state, count in sorted(sent.by_state.items()))
    say(f"deliveries {ends or 'nothing due'}")
    _failures("feeds that failed", poll.failed)
    _failures("pages that failed (the feed's own text stands in)", read.failed)
    failed = [(f"delivery {number} to {label}", why) for number, label, why in sent.failed]
    _failures("deliveries that failed", failed)


def _skimmed(skimmed: int, read: int) -> str:
    return f" ({skimmed} of them, {skimmed / read:.0%}, only skimmed: they name nothing watched)" if skimmed else ""


def storm_line(storm: Storm) -> str:
    """What the brake holds, and where to go on."""
    stories = counted(storm.stories, "story is", "stories are")
    messages = counted(storm.deliveries, "delivery", "deliveries")
    return (
        f"STORM      {storm.words}: {stories} held, {messages};"
        " see 'sectorwatch storm show', then 'storm release' or 'storm drop'"
    )


def _failures(heading: str, failed: list[tuple[str, str]]) -> None:
    if not failed:
        return
    say(f"\n{heading}:")
    for name, why in failed[:_SHOWN]:
        say_fitted(f"  {safe(name)}: {safe(why)}")
    if len(failed) > _SHOWN:
        say(f"  ... and {len(failed) - _SHOWN} more")
