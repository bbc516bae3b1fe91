"""What readers do by the links in their messages. Each checks the link, acts, and says how things stand then.

A link that is not ours, is for something else, or belongs to a subscription that is gone, is refused in the same words.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.links import Action, Grant, LinkMaker, claimed
from alerts.plain import plain
from flows.steps.tools import Tools
from sectorwatch.domain import utc
from sectorwatch.errors import ConfigurationError, LinkRefused
from storage.alerting import false_alarms
from storage.alerting.false_alarms import Told
from storage.subscribers import readers
from storage.subscribers.readers import Reading
from storage.unit_of_work import Work

UNDO_WITHIN = timedelta(hours=24)
NOTE = 2000  # characters of a reader's note
_NOBODY = "no such subscription"  # a seed that no subscription has: 32 hexadecimal digits


def opened(tools: Tools, token: str, action: Action) -> Reading:
    """The subscription that a link is about, unchanged. Raises LinkRefused."""
    with tools.store.read() as work:
        return checked(work, tools, token, action)[1]


def unsubscribe(tools: Tools, token: str, *, everywhere: bool = False) -> Reading:
    """Ends the subscription for the target of the link, or `everywhere`; also what is queued. Safe to repeat."""
    now = tools.clock()
    with tools.store.write() as work:
        grant, reading = checked(work, tools, token, Action.UNSUBSCRIBE)
        readers.leave(work, reading.id, grant.ids[1], now=now)
        if everywhere:
            readers.end(work, reading.id, reason="the reader unsubscribed", now=now)
        return committed(work, reading)


def can_undo(tools: Tools, reading: Reading, target: int) -> bool:
    """Whether the reader of this target may take back that they unsubscribed: for a day, not for ever after."""
    ended = reading.reader.ended_at or reading.left_at.get(target)
    return ended is not None and tools.clock() < ended + UNDO_WITHIN


def undo(tools: Tools, token: str) -> Reading:
    """Subscribes this target again, if it was ended by a reader a short time ago; else changes nothing."""
    with tools.store.write() as work:
        grant, reading = checked(work, tools, token, Action.UNSUBSCRIBE)
        if can_undo(tools, reading, grant.ids[1]):
            readers.rejoin(work, reading.id, grant.ids[1], now=tools.clock())
        return committed(work, reading)


def pause(tools: Tools, token: str, *, days: int | None) -> Reading:
    """Pauses the subscription for so many days, or until it is resumed."""
    now = tools.clock()
    with tools.store.write() as work:
        _, reading = checked(work, tools, token, Action.PAUSE)
        until = None if days is None else _minute(now + timedelta(days=days))
        readers.pause(work, reading.id, until=until, now=now)
        return committed(work, reading)


def resume(tools: Tools, token: str) -> Reading:
    """Ends the pause."""
    with tools.store.write() as work:
        _, reading = checked(work, tools, token, Action.PAUSE)
        readers.resume(work, reading.id)
        return committed(work, reading)


def told(tools: Tools, token: str) -> tuple[Reading, Told]:
    """What the alert of a link told. Raises LinkRefused."""
    with tools.store.read() as work:
        return _told(work, tools, token)


def report_false_alarm(tools: Tools, token: str, *, note: str) -> tuple[Reading, Told]:
    """Keeps the report for operators, with what was said and why. Safe to repeat."""
    with tools.store.write() as work:
        reading, alert = _told(work, tools, token)
        number = _alert_of(token)
        false_alarms.report(work, reading.id, number, note=plain(note)[:NOTE], now=tools.clock())
        work.commit()
    return reading, replace(alert, reported=True)


def maker(tools: Tools) -> LinkMaker:
    """What makes and checks links. Raises ConfigurationError where there are none."""
    if tools.links is None:
        raise ConfigurationError("there are no links without an address that they lead to: set public_url")
    return tools.links


def checked(work: Work, tools: Tools, token: str, action: Action) -> tuple[Grant, Reading]:
    """What a link grants, and the subscription that it is about. Raises LinkRefused."""
    said = claimed(token)
    found = readers.reading(work, said.ids[0]) if said is not None and said.action is action else None
    seed = _NOBODY if found is None else found.link_seed
    grant = maker(tools).signer.check(token, action, seed, now=tools.clock())
    assert found is not None  # nothing is signed with that seed
    return grant, found


def _told(work: Work, tools: Tools, token: str) -> tuple[Reading, Told]:
    _, reading = checked(work, tools, token, Action.FALSE_ALARM)
    language = reading.subscriber.language
    found = false_alarms.told(work, reading.id, _alert_of(token), language=language)
    if found is None:
        raise LinkRefused("the alert of this link is gone")
    return reading, found


def _alert_of(token: str) -> int:
    said = claimed(token)
    assert said is not None  # it was checked
    return said.ids[1]


def committed(work: Work, reading: Reading) -> Reading:
    """Commits; gives the subscription as it is then."""
    after = readers.reading(work, reading.id)
    work.commit()
    assert after is not None  # it was there in this transaction
    return after


def _minute(moment: datetime) -> datetime:
    return utc(moment).replace(second=0, microsecond=0)


def target_of(token: str) -> int:
    """The target that a checked link to unsubscribe is about."""
    said = claimed(token)
    assert said is not None  # it was checked
    return said.ids[1]
