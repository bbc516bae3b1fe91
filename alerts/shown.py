"""What a reader is shown, in words and already safe: the text and the HTML say the same of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.grounds import grounds_in, signals_in
from alerts.phrases import Phrases, phrases_of
from alerts.plain import Excerpt, excerpt, plain, safe_link, shorten
from alerts.schedule import zone_of
from sectorwatch.domain import AlertView, Evidence, ReaderLinks, StoryNews, utc

MAX_HEADLINE = 300
MAX_NAME = 80  # of a publisher, a sector, a subscription
MAX_WORDS = 300  # of an explanation
MAX_OTHERS = 5  # publishers named beside the first


@dataclass(frozen=True, kw_only=True)
class ShownArticle:
    publisher: str
    side: str  # in words, "" when unknown
    time: str  # in the reader's zone, with its name
    quote: Excerpt
    link: str | None

    @property
    def origin(self) -> str:
        """Who says it, on which side, and when."""
        return " · ".join(part for part in (self.publisher, self.side, self.time) if part)


@dataclass(frozen=True, kw_only=True)
class Actions:
    """What a reader can do about it."""

    pause: str | None
    change: str | None
    unsubscribe: str | None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One alert."""

    phrases: Phrases
    sector: str
    headline: str
    lead: ShownArticle | None
    news: str  # of a follow-up, what is new; "" of a first alert
    others: str  # who else reports it, "" for nobody
    why: str
    story_link: str | None  # in our own web page
    false_alarm: str | None
    actions: Actions

    @property
    def heading(self) -> str:
        """Sector and headline; of a follow-up, that it is one."""
        sector = self.phrases.news_of.format(sector=self.sector) if self.news else self.sector
        return f"{sector}: {self.headline}" if self.headline else sector


def shown(view: AlertView, links: ReaderLinks, public_url: str) -> Shown:
    """The alert in its reader's language and zone (English, and UTC, where ours are not known)."""
    zone, phrases = zone_of(view.subscriber.zone), phrases_of(view.subscriber.language)
    articles = [_article(evidence, zone, phrases) for evidence in view.evidence]
    home = safe_link(f"{public_url.rstrip('/')}/stories/{view.story_id}") if public_url else None
    return Shown(
        phrases=phrases,
        sector=name(view.sector_name or view.sector),
        headline=shorten(plain(view.evidence[0].title), MAX_HEADLINE) if view.evidence else "",
        lead=articles[0] if articles else None,
        news=_news(view.news, phrases) if view.news else "",
        others=_others(articles, phrases),
        why=_why(view, phrases),
        story_link=home,
        false_alarm=safe_link(links.false_alarm.get(view.alert_id)),
        actions=actions(links),
    )


def grouped(alerts: Sequence[Shown]) -> dict[str, list[Shown]]:
    """By sector: the sector of the most salient alert first."""
    groups: dict[str, list[Shown]] = {}
    for alert in alerts:
        groups.setdefault(alert.sector, []).append(alert)
    return groups


def actions(links: ReaderLinks) -> Actions:
    """The links that a reader may be led to."""
    return Actions(
        pause=safe_link(links.pause), change=safe_link(links.change), unsubscribe=safe_link(links.unsubscribe)
    )


def name(words: str) -> str:
    """A name made plain and short."""
    return shorten(plain(words), MAX_NAME)


def _article(evidence: Evidence, zone: ZoneInfo, phrases: Phrases) -> ShownArticle:
    def local(moment: datetime) -> str:
        return phrases.moment(utc(moment).astimezone(zone))

    published = evidence.published_at
    return ShownArticle(
        publisher=name(evidence.publisher) or phrases.unknown_publisher,
        side=phrases.sides.get(evidence.side, ""),
        time=local(published) if published else f"{phrases.seen} {local(evidence.first_seen_at)}",
        quote=excerpt(evidence.sentence, evidence.match_start, evidence.match_end),
        link=safe_link(evidence.url),
    )


def _news(news: StoryNews, phrases: Phrases) -> str:
    parts = [phrases.sides[side] for side in news.sides if side in phrases.sides]
    parts += [name(place) for place in news.places[:MAX_OTHERS]]
    if (more := len(news.places) - MAX_OTHERS) > 0:
        parts.append(phrases.more.format(count=more))
    if news.sources:
        parts.append(phrases.sources.format(count=news.sources))
    return ", ".join(parts)


def _others(articles: Sequence[ShownArticle], phrases: Phrases) -> str:
    """Who else reports it, each publisher once, in the order they came; "" for nobody."""
    first: dict[str, ShownArticle] = {}
    for article in articles:
        first.setdefault(article.publisher, article)
    others = list(first.values())[1:]
    words = [f"{article.publisher} ({article.side})" if article.side else article.publisher for article in others]
    more = len(words) - MAX_OTHERS
    return ", ".join(words[:MAX_OTHERS]) + (f", {phrases.more.format(count=more)}" if more > 0 else "")


def _why(view: AlertView, phrases: Phrases) -> str:
    named = view.sector_name or view.sector
    said = grounds_in(phrases.language, view.grounds, named) if view.grounds else None
    words = shorten(plain(said or view.why), MAX_WORDS).rstrip(".")
    source = f"{phrases.subscription}: {name(view.subscription)}."
    if not view.evidence:
        return f"{words}. {source}"
    lead = view.evidence[0]
    found = shorten("; ".join(plain(signal) for signal in signals_in(phrases.language, lead.reasons)), MAX_WORDS)
    return f"{words}. {source} {phrases.score} {lead.score:.2f}" + (f": {found}." if found else ".")
