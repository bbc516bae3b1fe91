"""A reader changes their own subscription: what they are told of, and when. Checked as the file is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import get_args

from pydantic import ValidationError

from alerts.links import Action
from flows.steps.alerting.reschedule import reschedule
from flows.steps.subscribers.preview import Preview, preview
from flows.steps.subscribers.readers import checked, committed
from flows.steps.tools import Tools
from sectorwatch.domain import Mode, Rule, Schedule, Subscription
from sectorwatch.settings.roster import SubscriptionSpec, Weekday, a_zone
from storage import sectors as sector_store
from storage.subscribers import readers
from storage.subscribers.readers import Reading
from storage.unit_of_work import Work

PREVIEWED = timedelta(days=3)
MOST = (
    2_000  # articles of a preview: a second or so; a newsroom of 500 feeds has 1,600 that name a sector in three days
)
DAYS: tuple[str, ...] = get_args(Weekday)


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """A form as it was filled in: texts that nobody has checked."""

    every_sector: bool
    sectors: tuple[str, ...]
    min_score: str
    min_salience: str
    digest: str  # "": at once
    digest_at: str
    digest_day: str
    quiet_from: str  # "": no quiet hours
    quiet_until: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What there is to choose from, how things stand, and what was wrong with the wishes."""

    reading: Reading
    wishes: Wishes
    sectors: Mapping[str, str]  # id to name
    places: tuple[str, ...]  # names of the single places that are followed
    wrong: tuple[str, ...] = ()  # fields of Wishes
    saved: bool = False
    preview: Preview | None = None  # what would have come of the last days


def choices(tools: Tools, token: str) -> Choices:
    """The subscription of a link with what can be chosen. Raises LinkRefused."""
    with tools.store.read() as work:
        _, reading = checked(work, tools, token, Action.CHANGE)
        return Choices(
            reading=reading,
            wishes=_as_it_is(reading),
            sectors=sector_store.names(work, reading.subscriber.language),
            places=_places(work, reading, reading.rule),
        )


def change(tools: Tools, token: str, wishes: Wishes) -> Choices:
    """Changes the subscription as wished, all or nothing; what waits goes by the new schedule. Raises LinkRefused."""
    now = tools.clock()
    with tools.store.write() as work:
        _, reading = checked(work, tools, token, Action.CHANGE)
        known = sector_store.names(work, reading.subscriber.language)
        spec, wrong = _judged(reading, wishes, known)
        if spec is None:
            places = _places(work, reading, reading.rule)
            return Choices(reading=reading, wishes=wishes, sectors=known, places=places, wrong=wrong)
        rule, schedule = _wished(reading, wishes, spec)
        zone_too = wishes.zone != reading.subscriber.zone
        readers.change(work, reading.id, rule=rule, schedule=schedule, now=now)
        if zone_too:
            readers.set_zone(work, reading.subscriber.id, wishes.zone, now=now)
        if zone_too or schedule != reading.schedule:
            for number, theirs in readers.schedules(work, reading.subscriber.id).items():
                if zone_too or number == reading.id:
                    reschedule(work, number, theirs, wishes.zone, now=now)
        places = _places(work, reading, rule)
        after = committed(work, reading)
    return Choices(reading=after, wishes=_as_it_is(after), sectors=known, places=places, saved=True)


def try_out(tools: Tools, token: str, wishes: Wishes) -> Choices:
    """What would have come of the last days with these wishes; nothing is changed. Raises LinkRefused."""
    now = tools.clock()
    with tools.store.read() as work:
        _, reading = checked(work, tools, token, Action.CHANGE)
        known = sector_store.names(work, reading.subscriber.language)
        spec, wrong = _judged(reading, wishes, known)
        places, found = _places(work, reading, reading.rule), None
        if spec is not None:
            rule, schedule = _wished(reading, wishes, spec)
            imagined = Subscription(
                id=reading.id,
                subscriber=replace(reading.subscriber, zone=wishes.zone),
                name=reading.name,
                rule=rule,
                targets=(),
                active_from=now,
                group_wait=reading.group_wait,
                schedule=schedule,
            )
            found = preview(work, imagined, since=now - PREVIEWED, until=now, guards=tools.settings.guards, most=MOST)
    return Choices(reading=reading, wishes=wishes, sectors=known, places=places, wrong=wrong, preview=found)


def _wished(reading: Reading, wishes: Wishes, spec: SubscriptionSpec) -> tuple[Rule, Schedule]:
    """Rule and schedule as they are, but for what readers may wish."""
    new = spec.schedule
    schedule = replace(
        reading.schedule,
        mode=new.mode,
        every=new.every,
        digest_at=new.digest_at,
        weekday=new.weekday,
        quiet=new.quiet,
    )
    rule = replace(
        reading.rule,
        sectors=tuple(spec.sectors),
        places=() if wishes.every_sector else reading.rule.places,  # every sector holds its places
        min_score=spec.min_score,
        min_salience=spec.min_salience,
    )
    return rule, schedule


def _places(work: Work, reading: Reading, rule: Rule) -> tuple[str, ...]:
    return tuple(sector_store.place_names(work, rule.places, reading.subscriber.language).values())


def _judged(
    reading: Reading, wishes: Wishes, known: Mapping[str, str]
) -> tuple[SubscriptionSpec | None, tuple[str, ...]]:
    """What the wishes come to; or None, and which of them cannot be."""
    wrong = list[str]()
    nothing = not wishes.every_sector and not wishes.sectors and not reading.rule.places
    if nothing or any(sector not in known for sector in wishes.sectors):
        wrong.append("sectors")
    given = {
        "subscriber": reading.subscriber.name,
        "sectors": [] if wishes.every_sector else list(wishes.sectors),
        "min_score": wishes.min_score,
        "min_salience": wishes.min_salience,
        "digest": wishes.digest or None,
        "digest_at": wishes.digest_at,
        "digest_day": wishes.digest_day,
        "quiet": f"{wishes.quiet_from}-{wishes.quiet_until}" if wishes.quiet_from or wishes.quiet_until else None,
    }
    spec = None
    try:
        spec = SubscriptionSpec.model_validate(given)
    except ValidationError as error:
        wrong += [str(problem["loc"][0]) for problem in error.errors(include_input=False, include_url=False)]
    try:
        a_zone(wishes.zone)
    except ValueError:
        wrong.append("zone")
    return (None if wrong else spec), tuple(dict.fromkeys(wrong))


def _as_it_is(reading: Reading) -> Wishes:
    rule, schedule, quiet = reading.rule, reading.schedule, reading.schedule.quiet
    return Wishes(
        every_sector=not rule.sectors and not rule.places,
        sectors=rule.sectors,
        min_score=f"{rule.min_score:g}",
        min_salience=rule.min_salience.value,
        digest=schedule.every.value if schedule.mode is Mode.DIGEST else "",
        digest_at=f"{schedule.digest_at:%H:%M}",
        digest_day=DAYS[schedule.weekday],
        quiet_from=f"{quiet[0]:%H:%M}" if quiet else "",
        quiet_until=f"{quiet[1]:%H:%M}" if quiet else "",
        zone=reading.subscriber.zone,
    )
