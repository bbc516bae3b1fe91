"""A notice as a message: what, since when, and what to do, within what the channel carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.channels import Channel
from alerts.notices import Note, duration
from alerts.plain import plain, shorten
from alerts.schedule import zone_of
from alerts.text import fitting
from sectorwatch.domain import Message, utc
from sectorwatch.notice import Known, NoticeKind, Phase

TYPE = "sectorwatch.notice"
VERSION = 1
MAX_ITEMS = 50  # in the JSON of a webhook
_SHOWN = (20, 8, 3, 1, 0)  # items in the text, from the richest form to the poorest
_LINE = 200  # characters of one item


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is said of one kind."""

    one: str  # a title for one; "{}" is what it is about
    many: str  # a title for several; "{}" is how many
    over: str  # what is better now
    do: str
    command: str
    section: str  # of docs/runbook.md


WORDS: Mapping[NoticeKind, Words] = {
    NoticeKind.FEED_FAILING: Words(
        one="Feed fails: {}",
        many="{} feeds fail",
        over="no longer failing",
        do="See why, and correct or remove the address; a feed that fails is tried again by itself.",
        command="sectorwatch feeds list --state failing",
        section="A feed fails",
    ),
    NoticeKind.FEED_SILENT: Words(
        one="Feed is silent: {}",
        many="{} feeds are silent",
        over="no longer silent",
        do="Open the site: has the feed moved, or has the publisher stopped?",
        command="sectorwatch feeds list --state silent",
        section="A feed is silent",
    ),
    NoticeKind.FEED_GONE: Words(
        one="Feed is gone: {}",
        many="{} feeds are gone",
        over="no longer gone",
        do="Find its new address on the site, or take it out of the configuration.",
        command="sectorwatch feeds list --state gone",
        section="A feed is gone",
    ),
    NoticeKind.FEED_MOVED: Words(
        one="Feed has moved: {}",
        many="{} feeds have moved",
        over="moved long ago",
        do="It is polled there. Where the configuration file names the old address, write the new one.",
        command="sectorwatch feeds list --state moved",
        section="A feed has moved",
    ),
    NoticeKind.FEED_MISSED: Words(
        one="Items may have been missed: {}",
        many="Items of {} feeds may have been missed",
        over="nothing missed for twelve hours, or no longer polled",
        do="It is polled faster by itself. See whether the publisher has feeds by topic, and add those.",
        command="sectorwatch feeds list --state missed",
        section="A feed may have missed items",
    ),
    NoticeKind.DELIVERY_DEAD: Words(
        one="Alerts could not be delivered to {}",
        many="Alerts could not be delivered to {} targets",
        over="no further losses",
        do="See why, remove the cause, then send them again.",
        command="sectorwatch deliveries list --state dead",
        section="Deliveries are dead",
    ),
    NoticeKind.TARGET_CIRCUIT: Words(
        one="Target is not reached: {}",
        many="{} targets are not reached",
        over="reached again",
        do=(
            "Nothing is lost: what waits is sent when the target answers again. Send a test to see why it fails;"
            " 'sectorwatch targets list' has its number, N."
        ),
        command="sectorwatch targets test N",
        section="A target is not reached",
    ),
    NoticeKind.TARGET_DISABLED: Words(
        one="Target is disabled: {}",
        many="{} targets are disabled",
        over="enabled again",
        do="Its service has refused us for good: correct its address in the configuration, and apply it.",
        command="sectorwatch targets list",
        section="A target is disabled",
    ),
    NoticeKind.CYCLE_OVERDUE: Words(
        one="No cycle has finished: {}",
        many="No cycle has finished",
        over="cycles finish again",
        do="See whether a worker runs, and what became of its last run.",
        command="sectorwatch status",
        section="No cycle finishes",
    ),
    NoticeKind.DELIVERY_STOPPED: Words(
        one="Nothing is being sent: {}",
        many="Nothing is being sent",
        over="deliveries go out again",
        do="See whether the deployment 'deliver' is scheduled and a worker runs it.",
        command="sectorwatch status",
        section="Nothing is being sent",
    ),
    NoticeKind.RUN_FAILED: Words(
        one="Runs fail: {}",
        many="Runs of {} flows fail",
        over="no further run has failed for an hour",
        do="Look at the log of the last one in Prefect. The next run goes on where it stopped.",
        command="prefect flow-run ls --state-type FAILED --state-type CRASHED",
        section="A run has failed",
    ),
    NoticeKind.NETWORK_DOWN: Words(
        one="No feed is reached: {}",
        many="No feed is reached",
        over="feeds are reached again",
        do="Look at the network and the name server of this machine. Nothing is held against the feeds meanwhile.",
        command="sectorwatch feeds list",
        section="No feed is reached",
    ),
    NoticeKind.NO_ROOM: Words(
        one="The disk is nearly full: {}",
        many="The disk is nearly full",
        over="there is room again",
        do="Free some, or let go of more: when it is full nothing can be stored, and nothing is sent.",
        command="sectorwatch db prune --dry-run",
        section="The disk is nearly full",
    ),
    NoticeKind.QUARANTINE: Words(
        one="A page or feed killed its process: {}",
        many="{} pages or feeds killed their process",
        over="quiet again",
        do="Each is left alone now, and tried again by the next release. Please report its address.",
        command="sectorwatch notices list",
        section="The quarantine grew",
    ),
    NoticeKind.ALERTS_HELD: Words(
        one="Alerts are held: {}",
        many="Alerts are held",
        over="alerts are no longer held",
        do="Far more would go out than usual. Look at them, then let them go or drop them.",
        command="sectorwatch storm show",
        section="Alerts are held by the storm brake",
    ),
    NoticeKind.ALERTS_PAUSED: Words(
        one="Alerts are still paused: {}",
        many="Alerts are still paused",
        over="alerts are no longer paused",
        do="They are kept until somebody lets them go.",
        command="sectorwatch resume",
        section="Alerts are still paused",
    ),
}
_WHOLE = frozenset(
    {
        NoticeKind.CYCLE_OVERDUE,
        NoticeKind.DELIVERY_STOPPED,
        NoticeKind.NETWORK_DOWN,
        NoticeKind.ALERTS_HELD,
        NoticeKind.ALERTS_PAUSED,
    }
)
"""Kinds that there is only one of."""


def render_notice(note: Note, *, delivery_id: str, channel: Channel, zone: str, now: datetime) -> Message:
    """The message of a note, the same for the same input. Names and reasons may come from strangers: made plain."""
    title = shorten(_title(note), channel.title)
    text = fitting(_texts(note, title, zone_of(zone), now), channel, title)
    return Message(id=delivery_id, title=title, text=text, html=None, payload=_payload(note, delivery_id, title, now))


def trial(delivery_id: str, channel: Channel) -> Message:
    """A message that only shows that notices arrive."""
    title = "Sectorwatch: a test of the operators' channel"
    text = "Notices for operators arrive here. Nothing is wrong.\n"
    payload = {"type": TYPE, "version": VERSION, "id": delivery_id, "phase": Phase.TEST.value, "title": title}
    return Message(
        id=delivery_id, title=shorten(title, channel.title), text=text, html=None, payload=payload | {"text": text}
    )


def rerouted(message: Message, *, delivery_id: str, channel: Channel, instead_of: Sequence[str], why: str) -> Message:
    """A notice for another channel, as those named (labels) did not take it."""
    labels = ", ".join(plain(label) for label in instead_of)
    first = f"This comes another way: {labels} did not take it ({shorten(plain(why), _LINE)})."
    title = shorten(message.title, channel.title)
    text = fitting(iter([f"{first}\n\n{message.text}", f"{message.text}"]), channel, title)
    payload = {**message.payload, "id": delivery_id, "instead_of": list(instead_of)}
    return Message(id=delivery_id, title=title, text=text, html=None, payload=payload)


def _title(note: Note) -> str:
    words, count = WORDS[note.kind], len(note.items)
    first = note.items[0]
    if note.phase is Phase.CLEARED:
        which = "" if note.kind in _WHOLE else f" {first.subject}:" if count == 1 else f" {count} of them:"
        return plain(f"Over:{which} {words.over}")
    if note.kind in _WHOLE:
        said = words.one.format(first.detail)
    else:
        said = words.one.format(first.subject) if count == 1 else words.many.format(count)
    return plain(f"{'Still: ' if note.phase is Phase.REMINDER else ''}{said}")


def _texts(note: Note, title: str, zone: ZoneInfo, now: datetime) -> Iterator[str]:
    """The notice in fewer and fewer words."""
    words = WORDS[note.kind]
    todo = f"What to do: {words.do}\n  {words.command}\nRunbook: {words.section} (docs/runbook.md)"
    for shown in _SHOWN:
        parts = [title, "\n".join(_lines(note, shown, zone, now))]
        if note.phase is not Phase.CLEARED:
            parts.append(todo)
        elif note.lasting:
            parts.append(f"{note.lasting} more of this kind {'is' if note.lasting == 1 else 'are'} not over.")
        yield "\n\n".join(part for part in parts if part) + "\n"
    if note.phase is not Phase.CLEARED:
        yield f"{title}\n\n{words.command}\n"


def _lines(note: Note, shown: int, zone: ZoneInfo, now: datetime) -> Iterator[str]:
    for one in note.items[:shown]:
        yield shorten(f"- {plain(one.subject)}: {plain(one.detail)}", _LINE) + f", {_when(one, zone, now)}"
    more = len(note.items) - shown
    if more > 0 and shown:
        yield f"- and {more} more"
    elif more > 0:
        yield f"{more} in all, the first {_when(note.items[0], zone, now)}"


def _when(one: Known, zone: ZoneInfo, now: datetime) -> str:
    end = one.over_at or now
    said = f"since {one.since.astimezone(zone):%d %b %H:%M %Z}"
    if one.cleared_at is not None:
        return f"{said} until {end.astimezone(zone):%d %b %H:%M %Z} ({duration(end - one.since)})"
    return f"{said} ({duration(now - one.since)})"


def _payload(note: Note, delivery_id: str, title: str, now: datetime) -> dict[str, Any]:
    words = WORDS[note.kind]
    return {
        "type": TYPE,
        "version": VERSION,
        "id": delivery_id,
        "kind": note.kind.value,
        "phase": note.phase.value,
        "at": _iso(now),
        "title": title,
        "items": [
            {
                "key": one.key,
                "subject": shorten(plain(one.subject), _LINE),
                "detail": shorten(plain(one.detail), _LINE),
                "since": _iso(one.since),
                "until": None if one.cleared_at is None else _iso(one.over_at or now),
            }
            for one in note.items[:MAX_ITEMS]
        ],
        "items_total": len(note.items),
        "lasting": note.lasting,
        "what_to_do": words.do,
        "command": words.command,
        "runbook": words.section,
    }


def _iso(moment: datetime) -> str:
    return utc(moment).isoformat().replace("+00:00", "Z")
