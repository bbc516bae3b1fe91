"""The fixed words of an alert in the reader's language; a source's words stay as they are. The rule: see `grounds`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sectorwatch.domain import Every, Side, primary_language


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """One language. A phrase before a colon stands without it; no phrase needs a plural."""

    language: str  # ISO 639-1, as the page is marked
    months: tuple[str, ...]
    sides: Mapping[Side, str]
    unknown_publisher: str
    seen: str  # before the time when a source gives none
    also_reported: str
    more: str  # "{count} more", behind names
    new: str  # before what a follow-up tells
    news_of: str  # "{sector}", before the headline of a follow-up
    sources: str  # how many report a story
    why: str
    subscription: str
    score: str
    read: str  # the link to the article
    story: str
    false_alarm: str
    pause: str
    change: str
    unsubscribe: str
    digest: str  # the heading of several alerts where none is given
    headings: Mapping[str, str]  # of digests, by why they were put together
    left_out: str  # "and {count} more": alerts that had no room

    def moment(self, local: datetime) -> str:
        """A local time with the name of its zone: "29 Mar 2026, 01:30 EET"; the month is a word."""
        name = local.tzname() or ""
        zone = f"UTC{name}" if name[:1] in ("+", "-") else name
        return f"{self._day(local)}, {local:%H:%M} {zone}".rstrip()

    def heading(self, reason: str) -> str:
        """What a digest is called that was put together for a reason: "day 2026-03-02", "cap 5", "quiet".

        Other words are a heading as they are: an earlier release stored them so.
        """
        kind, _, value = reason.partition(" ")
        if kind not in self.headings:
            return reason
        if reason in self.headings:  # "cap 1": of one alert
            return self.headings[reason]
        shown = self._day(date.fromisoformat(value)) if kind in frozenset(Every) else value
        return self.headings[kind].format(shown)

    def _day(self, day: date) -> str:
        return f"{day.day} {self.months[day.month - 1]} {day.year}"


ENGLISH = Phrases(
    language="en",
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    sides=MappingProxyType(
        {
            Side.UKRAINIAN: "Ukrainian source",
            Side.RUSSIAN: "Russian source",
            Side.INTERNATIONAL: "international source",
            Side.OFFICIAL: "official source",
        }
    ),
    unknown_publisher="unknown publisher",
    seen="seen",
    also_reported="Also reported by",
    more="{count} more",
    new="New in this story",
    news_of="{sector}, new",
    sources="number of sources: {count}",
    why="Why you get this",
    subscription="Subscription",
    score="Score",
    read="Read the article",
    story="The whole story",
    false_alarm="This is a false alarm",
    pause="Pause",
    change="Change",
    unsubscribe="Unsubscribe",
    digest="News of your sectors",
    headings=MappingProxyType(
        {
            "hour": "Hourly digest, {}",
            "day": "Daily digest, {}",
            "week": "Weekly digest, {}",
            "quiet": "Held during your quiet hours",
            "cap": "More than {} alerts in an hour",
            "cap 1": "More than one alert in an hour",
            "feed": "More than {} alerts of one source in an hour",
            "feed 1": "More than one alert of one source in an hour",
            "storm": "Held in a flood of alerts, and released",
        }
    ),
    left_out="and {count} more",
)

UKRAINIAN = Phrases(
    language="uk",
    months=(
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
    ),
    sides=MappingProxyType(
        {
            Side.UKRAINIAN: "українське джерело",
            Side.RUSSIAN: "російське джерело",
            Side.INTERNATIONAL: "міжнародне джерело",
            Side.OFFICIAL: "офіційне джерело",
        }
    ),
    unknown_publisher="невідоме видання",
    seen="побачено",
    also_reported="Про це також",
    more="ще {count}",
    new="Нове в цій історії",
    news_of="{sector}, нове",
    sources="кількість джерел: {count}",
    why="Чому ви це отримали",
    subscription="Підписка",
    score="Оцінка",
    read="Читати статтю",
    story="Уся історія",
    false_alarm="Це помилкове сповіщення",  # not "тривога", which is an air-raid alert
    pause="Призупинити",
    change="Змінити",
    unsubscribe="Відписатися",
    digest="Новини ваших напрямків",
    headings=MappingProxyType(
        {
            "hour": "Щогодинний дайджест, {}",
            "day": "Щоденний дайджест, {}",
            "week": "Щотижневий дайджест, {}",
            "quiet": "Затримано на час вашої тиші",
            "cap": "Сповіщення понад {} на годину",
            "feed": "Сповіщення з одного джерела понад {} на годину",
            "storm": "Затримано через лавину сповіщень",
        }
    ),
    left_out="і ще {count}",
)

_PHRASES = {phrases.language: phrases for phrases in (ENGLISH, UKRAINIAN)}
LANGUAGES = tuple(_PHRASES)


def phrases_of(language: str) -> Phrases:
    """The phrases of a language tag such as "uk" or "uk-UA"; English for a language that has none."""
    return _PHRASES.get(primary_language(language), ENGLISH)
