"""When an alert goes out, over both changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.schedule import Placement, end_of_hour, is_critical, next_digest, place, quiet_until
from sectorwatch.domain import Critical, DeliveryKind, Every, Mode, Salience, Schedule

KYIV = ZoneInfo("Europe/Kyiv")  # 2026: forward at 03:00 on 29 March, back at 04:00 on 25 October
NIGHT = Schedule(quiet=(time(22), time(7)))
DAILY = Schedule(mode=Mode.DIGEST, digest_at=time(8))


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def placed(schedule: Schedule, now: str, *, sent: int = 0, critical: bool = False, wait: int = 60) -> Placement:
    at = moment(now)
    flush_at = at + timedelta(seconds=wait)
    return place(schedule, KYIV, now=at, flush_at=flush_at, sent_in_hour=sent, critical=critical)


@pytest.mark.parametrize(
    ("quiet", "at", "until"),
    [
        ((time(22), time(7)), "2026-03-01 20:00", "2026-03-02 05:00"),
        ((time(22), time(7)), "2026-03-01 19:59:59", None),
        ((time(22), time(7)), "2026-03-02 05:00", None),
        ((time(13), time(15)), "2026-03-01 11:30", "2026-03-01 13:00"),
        ((time(7), time(7)), "2026-03-01 05:00", None),
        ((time(22), time(7)), "2026-03-28 23:00", "2026-03-29 04:00"),  # the short night
        ((time(22), time(7)), "2026-10-24 23:00", "2026-10-25 05:00"),  # the long night
        ((time(22), time(3, 30)), "2026-03-29 01:15", "2026-03-29 01:30"),  # 03:30 does not exist: 04:30
        ((time(22), time(3, 30)), "2026-10-25 00:15", "2026-10-25 00:30"),  # the first of two
        ((time(22), time(3, 30)), "2026-10-25 01:15", None),
    ],
)
def test_quiet_hours_end_by_the_readers_clock(quiet: tuple[time, time], at: str, until: str | None) -> None:
    """Quiet hours wrap over midnight, are off where they begin as they end, and follow a change of the clocks."""
    assert quiet_until(Schedule(quiet=quiet), KYIV, moment(at)) == (moment(until) if until else None)


@pytest.mark.parametrize(
    ("schedule", "after", "due"),
    [
        (DAILY, "2026-03-01 05:59", "2026-03-01 06:00"),
        (DAILY, "2026-03-01 06:00", "2026-03-02 06:00"),
        (DAILY, "2026-03-28 06:00", "2026-03-29 05:00"),
        (DAILY, "2026-10-24 05:00", "2026-10-25 06:00"),
        (Schedule(digest_at=time(3, 30)), "2026-03-28 12:00", "2026-03-29 01:30"),
        (Schedule(digest_at=time(3, 30)), "2026-10-24 12:00", "2026-10-25 00:30"),
        (Schedule(digest_at=time(3, 30)), "2026-10-25 00:30", "2026-10-26 01:30"),
        (Schedule(every=Every.WEEK, weekday=6), "2026-03-22 06:00", "2026-03-29 05:00"),
        (Schedule(every=Every.HOUR), "2026-03-29 00:20", "2026-03-29 01:00"),
    ],
)
def test_a_digest_goes_out_once_a_period(schedule: Schedule, after: str, due: str) -> None:
    """A digest comes at its local time, once where the clocks repeat it and later where they leave it out."""
    assert next_digest(schedule, KYIV, moment(after)) == moment(due)


def test_an_hour_is_one_of_the_readers_clock() -> None:
    """In a zone that is half an hour off, the hour ends when its clock says so."""
    assert end_of_hour(ZoneInfo("Asia/Kolkata"), moment("2026-03-01 12:10")) == moment("2026-03-01 12:30")


def test_an_alert_goes_out_when_its_group_closes() -> None:
    """Without a schedule an alert is a message of its own."""
    found = placed(Schedule(), "2026-03-01 12:00")
    assert (found.kind, found.held_for, found.period) == (DeliveryKind.ALERT, "group", "")
    assert placed(Schedule(), "2026-03-01 12:00", wait=0).held_for == ""


def test_what_comes_in_a_night_shares_one_message() -> None:
    """Two alerts of one night have one period, and it ends with the quiet hours."""
    evening, morning = placed(NIGHT, "2026-03-01 20:30"), placed(NIGHT, "2026-03-02 04:00")
    assert evening == morning
    assert (evening.held_for, evening.due_at) == ("quiet", moment("2026-03-02 05:00"))
    assert evening.heading == "quiet"


def test_what_is_over_the_cap_comes_at_the_end_of_the_hour() -> None:
    """As many alerts as the cap go out singly, the rest together."""
    schedule = Schedule(hourly_cap=5)
    assert placed(schedule, "2026-03-01 12:10", sent=4).kind is DeliveryKind.ALERT
    folded = placed(schedule, "2026-03-01 12:10", sent=5)
    assert (folded.held_for, folded.due_at) == ("cap", moment("2026-03-01 13:00"))
    assert folded.heading == "cap 5"


def test_the_end_of_the_hour_respects_quiet_hours() -> None:
    """What goes over the cap just before quiet hours waits for their end."""
    folded = placed(Schedule(hourly_cap=0, quiet=NIGHT.quiet), "2026-03-01 19:30")
    assert (folded.held_for, folded.due_at) == ("quiet", moment("2026-03-02 05:00"))


def test_a_digest_within_quiet_hours_waits_for_their_end() -> None:
    """A digest never breaks the quiet hours; its heading names its own day."""
    found = placed(Schedule(mode=Mode.DIGEST, digest_at=time(6), quiet=NIGHT.quiet), "2026-03-01 12:00")
    assert (found.held_for, found.due_at) == ("digest", moment("2026-03-02 05:00"))
    assert found.heading == "day 2026-03-02"


@pytest.mark.parametrize("schedule", [NIGHT, DAILY, Schedule(hourly_cap=0)])
def test_what_is_critical_goes_at_once(schedule: Schedule) -> None:
    """Quiet hours, a digest and the cap hold nothing critical."""
    assert placed(schedule, "2026-03-01 23:00", critical=True).kind is DeliveryKind.ALERT


@pytest.mark.parametrize(
    ("critical", "expected"),
    [
        (Critical(), False),
        (Critical(min_score=0.9), True),
        (Critical(min_score=0.91), False),
        (Critical(headline=True), False),
        (Critical(sectors=("kupiansk",)), True),
        (Critical(sectors=("lyman",), min_score=0.1), False),
    ],
)
def test_all_that_is_stated_makes_critical(critical: Critical, expected: bool) -> None:
    """Nothing stated is never critical; of several conditions all have to hold."""
    assert is_critical(critical, sector="kupiansk", score=0.9, salience=Salience.LEAD) is expected


clocks = st.times().map(lambda one: one.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(["UTC", "Europe/Kyiv", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"])


@given(
    now=moments,
    zone=zones.map(ZoneInfo),
    quiet=st.tuples(clocks, clocks),
    at=clocks,
    mode=st.sampled_from(Mode),
    every=st.sampled_from(Every),
    sent=st.integers(0, 3),
)
def test_nothing_is_due_in_quiet_hours_nor_before_it_is_known(
    now: datetime, zone: ZoneInfo, quiet: tuple[time, time], at: time, mode: Mode, every: Every, sent: int
) -> None:
    """Every alert has a moment to go out: not before it is decided, within eight days, outside of quiet hours."""
    schedule = Schedule(mode=mode, every=every, digest_at=at, quiet=quiet, hourly_cap=2)
    found = place(schedule, zone, now=now, flush_at=now, sent_in_hour=sent, critical=False)
    assert now <= found.due_at <= now + timedelta(days=9)
    assert quiet_until(schedule, zone, found.due_at) is None
    assert bool(found.period) == (found.kind is DeliveryKind.DIGEST)
