"""What the file lists: feeds, subscribers with their targets, subscriptions."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from sectorwatch.domain import Context, Critical, Every, FollowUp, Mode, OnUnknown, Rule, Salience, Schedule, Side

STRICT = ConfigDict(extra="forbid", frozen=True)


class FeedSpec(BaseModel):
    """A feed to watch."""

    model_config = STRICT
    url: str
    title: str = ""
    language: str = ""
    publisher: str = ""
    country: str = ""
    side: Side = Side.UNKNOWN

    @field_validator("url")
    @classmethod
    def _is_polled(cls, value: str) -> str:
        if not re.fullmatch(r"https?://\S+", value):
            raise ValueError("write the whole address, with http:// or https:// in front, and no spaces")
        try:
            parts = urlsplit(value)
            known = parts.hostname and parts.port != 0  # asked for, as only then a port that is none is found out
        except ValueError:
            known = False
        if not known:
            raise ValueError("this is no web address: look at the host and the port")
        if "@" in parts.netloc:
            raise ValueError("it names a user: such addresses are refused")
        return value

    @field_validator("language")
    @classmethod
    def _is_a_code(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z]{2}([-_]\w{1,5})?", value):
            raise ValueError("write the code of the language (ISO 639-1), such as uk")
        return value

    @field_validator("country")
    @classmethod
    def _has_two_letters(cls, value: str) -> str:
        if len(value) > 2:
            raise ValueError("write the two letters of the country (ISO 3166), such as UA")
        return value


class TargetSpec(BaseModel):
    """Where a subscriber is told; `to` is an address, a webhook URL or an Apprise URL, or a reference to one."""

    model_config = STRICT
    label: Name
    kind: Literal["email", "webhook", "apprise"]
    to: str
    signing_secret: str = Field(default="", description="webhooks: a reference to the Standard Webhooks key")
    confirm: bool = Field(default=False, description="ask the owner by a message before the first alert is sent there")
    links: bool | None = Field(default=None, description="whether messages have links to pause, change and end them")
    on_ambiguous: OnUnknown = Field(default=OnUnknown.RETRY, description="when nobody can know whether it arrived")

    @property
    def private(self) -> bool:
        """Whether one reader, or one team that trusts one another, reads there; an Apprise URL may be a channel."""
        return self.kind != "apprise" if self.links is None else self.links


_NO_ZONES = ("localtime", "posixrules", "Factory")  # files beside the zones


def a_zone(value: str) -> str:
    """The name of a time zone, as it was given. Raises ValueError."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        if value in _NO_ZONES:
            raise ValueError("it is another one on each machine")
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # "Europe" is a folder
        raise ValueError(f"{value!r} is no time zone; use a name such as Europe/Kyiv") from error
    return value


LONGEST_NAME = 200
LONGEST_LANGUAGE = 8  # of the codes, some have a script or region


_JOINERS = "\u200c\u200d"  # which some scripts need within words


def a_name(value: str) -> str:
    """What people call it, as it was given. Raises ValueError for what nobody could see or type again."""
    shown = all(character.isprintable() or character in _JOINERS for character in value)
    if not value.strip() or value != value.strip() or not shown or len(value) > LONGEST_NAME:
        raise ValueError(f"a name has 1 to {LONGEST_NAME} visible characters, and no space around them")
    return value


Name = Annotated[str, AfterValidator(a_name)]


class SubscriberSpec(BaseModel):
    """A person or team that is told."""

    model_config = STRICT
    name: Name
    was: str = Field(default="", description="the name until now, of one who is renamed")
    zone: str = "UTC"
    language: str = "en"
    targets: list[TargetSpec] = []

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        return a_zone(value)


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SOURCES = re.compile(r"sources=([2-9]|[1-9]\d{1,2})")


_QUIET = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)\s*[-–]\s*((?:[01]\d|2[0-3]):[0-5]\d)")


class CriticalSpec(BaseModel):
    """What a schedule does not hold back: all that is stated has to be true; nothing stated, nothing is."""

    model_config = STRICT
    min_score: float | None = Field(default=None, ge=0, le=1)
    headline: bool = Field(default=False, description="the sector stands in the headline")
    sectors: list[str] = []


class SubscriptionSpec(BaseModel):
    """What a subscriber wants to be told of."""

    model_config = STRICT
    subscriber: str
    name: Name = "default"
    sectors: list[str] = Field(default=[], description="empty: every sector, or with places none but these")
    places: list[str] = Field(default=[], description="single places beside the sectors")
    languages: list[str] = []
    sides: list[Side] = []
    publishers: list[str] = []
    min_score: float = Field(default=0.5, ge=0, le=1)
    min_salience: Salience = Salience.BODY
    context: Context = Field(default=Context.FRONT, description='"place": also its peaceful life, such as its court')
    targets: list[str] = Field(default=[], description="labels; empty: all of the subscriber's")
    group_wait_s: int | None = Field(default=None, ge=0, le=86_400)
    follow_up: list[str] = Field(default=[], description='news of a told story: "other_side", "new_place", "sources=5"')
    group_interval_s: int = Field(
        default=600, ge=0, le=86_400, description="between two messages of one story and sector"
    )
    digest: Every | None = Field(default=None, description="instead of one message an alert")
    digest_at: time = Field(default=time(8, 0), description="of a daily or weekly digest, in the subscriber's zone")
    digest_day: Weekday = Field(default="monday", description="of a weekly digest")
    quiet: str | None = Field(default=None, description='"22:00-07:00": held, and told together at the end')
    critical: CriticalSpec = Field(default=CriticalSpec(), description="what goes out at once all the same")
    hourly_cap: int | None = Field(default=None, ge=1, description="the rest of an hour's alerts come in one message")
    paused: bool = False

    @field_validator("digest_at")
    @classmethod
    def _is_a_minute(cls, value: time) -> time:
        if value.second or value.microsecond or value.tzinfo is not None:
            raise ValueError('write hours and minutes, such as "08:00"; they count in the subscriber\'s zone')
        return value

    @field_validator("quiet")
    @classmethod
    def _are_hours(cls, value: str | None) -> str | None:
        if value is not None and not _QUIET.fullmatch(value.strip()):
            raise ValueError(f'{value!r} are no quiet hours; write them as "22:00-07:00"')
        return value

    @field_validator("follow_up")
    @classmethod
    def _are_news(cls, value: list[str]) -> list[str]:
        for one in value:
            if one not in ("other_side", "new_place") and not _SOURCES.fullmatch(one):
                raise ValueError(f'{one!r} is no follow-up; there are "other_side", "new_place" and "sources=5"')
        if sum(one.startswith("sources") for one in value) > 1:
            raise ValueError("one number of sources at most")
        return value

    @property
    def rule(self) -> Rule:
        """What is told."""
        return Rule(
            sectors=tuple(self.sectors),
            places=tuple(self.places),
            languages=tuple(self.languages),
            sides=tuple(self.sides),
            publishers=tuple(self.publishers),
            min_score=self.min_score,
            min_salience=self.min_salience,
            context=self.context,
            follow_up=FollowUp(
                other_side="other_side" in self.follow_up,
                new_place="new_place" in self.follow_up,
                sources=next((int(found[1]) for one in self.follow_up if (found := _SOURCES.fullmatch(one))), None),
                interval_s=self.group_interval_s,
            ),
        )

    @property
    def schedule(self) -> Schedule:
        """When the alerts go out."""
        hours = self.quiet and _QUIET.fullmatch(self.quiet.strip())
        stated = self.critical
        return Schedule(
            mode=Mode.IMMEDIATE if self.digest is None else Mode.DIGEST,
            every=self.digest or Every.DAY,
            digest_at=self.digest_at,
            weekday=get_args(Weekday).index(self.digest_day),
            quiet=(time.fromisoformat(hours[1]), time.fromisoformat(hours[2])) if hours else None,
            critical=Critical(min_score=stated.min_score, headline=stated.headline, sectors=tuple(stated.sectors)),
            hourly_cap=self.hourly_cap,
        )
