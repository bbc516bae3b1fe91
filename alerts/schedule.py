"""When an alert goes out: at once, in a digest, after quiet hours, or with what went over the cap of an hour.

Pure. Clock times are local and become moments before they are compared, so that a night with a change of the clocks
is as long as it really is: a time that the change leaves out comes as much later, one that it repeats comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from sectorwatch.domain import Critical, DeliveryKind, Every, Mode, Salience, Schedule, utc

HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WHERE = (  # what the zones begin with that have a place
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Placement:
    """The delivery that an alert goes into."""

    kind: DeliveryKind
    due_at: datetime
    held_for: str  # "group", "interval", "quiet", "digest", "cap"; "": it is due
    period: str = ""  # alerts of one subscription, target and period share a digest; "": a delivery of its own
    heading: str = ""  # of the digest, as `Phrases.heading` puts it into words


def zone_of(name: str) -> ZoneInfo:
    """The zone, or UTC: an alert in the wrong zone, and saying so, is better than none.

    Zones are data of the machine: a name that one knows may be unknown to another.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@cache
def zones() -> tuple[str, ...]:
    """The zones that this machine knows by a place, such as Europe/Kyiv, and UTC: to choose from."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_WHERE)))


def place(
    schedule: Schedule,
    zone: ZoneInfo,
    *,
    now: datetime,
    flush_at: datetime,
    sent_in_hour: int,
    critical: bool,
    feed_in_hour: int = 0,
    feed_cap: int | None = None,
    waits_for: str = "group",
) -> Placement:
    """Where an alert goes that is decided now and waits until `flush_at` for more of its story: see `waits_for`.

    `sent_in_hour` counts the target's alerts of the present hour, `feed_in_hour` those of the subscription that the
    same feed brought. Raises ValueError for a naive datetime.
    """
    now = utc(now)
    ready = max(now, utc(flush_at))
    at_once = Placement(kind=DeliveryKind.ALERT, due_at=ready, held_for=waits_for if ready > now else "")
    if critical:
        return at_once
    if schedule.mode is Mode.DIGEST:
        due = next_digest(schedule, zone, now)
        heading = f"{schedule.every} {due.astimezone(zone):%Y-%m-%d}"
        return _together("digest", quiet_until(schedule, zone, due) or due, heading)
    if until := quiet_until(schedule, zone, ready):
        return _together("quiet", until, "quiet")
    heading = _too_many(schedule, sent_in_hour, feed_in_hour, feed_cap)
    if heading:
        due = end_of_hour(zone, ready)
        if until := quiet_until(schedule, zone, due):
            return _together("quiet", until, "quiet")
        return _together("cap", due, heading)
    return at_once


def _too_many(schedule: Schedule, sent: int, of_feed: int, feed_cap: int | None) -> str:
    """The heading for an alert that is one too many in its hour; "" where it is not."""
    if schedule.hourly_cap is not None and sent >= schedule.hourly_cap:
        return f"cap {schedule.hourly_cap}"
    if feed_cap is not None and of_feed >= feed_cap:
        return f"feed {feed_cap}"
    return ""


def is_critical(critical: Critical, *, sector: str, score: float, salience: Salience) -> bool:
    """Whether an alert goes out at once whatever the schedule says."""
    if critical == Critical():
        return False
    return (
        (critical.min_score is None or score >= critical.min_score)
        and (not critical.headline or salience is Salience.HEADLINE)
        and (not critical.sectors or sector in critical.sectors)
    )


def quiet_until(schedule: Schedule, zone: ZoneInfo, at: datetime) -> datetime | None:
    """When the quiet hours end that `at` falls into; None: it falls into none."""
    if schedule.quiet is None or schedule.quiet[0] == schedule.quiet[1]:
        return None
    start, end = schedule.quiet
    at = utc(at)
    for day in _days(at, zone, 2):
        begins, ends = _moment(day, start, zone), _moment(day if start < end else day + _DAY, end, zone)
        if begins <= at < ends:
            return ends
    return None


def next_digest(schedule: Schedule, zone: ZoneInfo, after: datetime) -> datetime:
    """The first time after `after` at which a digest goes out."""
    if schedule.every is Every.HOUR:
        return end_of_hour(zone, after)
    after = utc(after)
    days = _days(after, zone, 9)
    wanted = (day for day in days if schedule.every is Every.DAY or day.weekday() == schedule.weekday)
    return next(moment for day in wanted if (moment := _moment(day, schedule.digest_at, zone)) > after)


def end_of_hour(zone: ZoneInfo, at: datetime) -> datetime:
    """When the hour ends that `at` falls into, by the clock of the zone."""
    local = utc(at).astimezone(zone)
    gone = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return utc(at) + HOUR - gone


def _together(held_for: str, due: datetime, heading: str) -> Placement:
    period = f"{held_for}:{due:%Y-%m-%dT%H:%M:%SZ}"
    return Placement(kind=DeliveryKind.DIGEST, due_at=due, held_for=held_for, period=period, heading=heading)


def _days(at: datetime, zone: ZoneInfo, ahead: int) -> Iterator[date]:
    """The local days around a moment, from the day before it."""
    today = at.astimezone(zone).date()
    return (today + _DAY * n for n in range(-1, ahead))


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
