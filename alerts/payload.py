"""An alert, or a digest of them, as the versioned JSON of a webhook. A version gains fields, never loses one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts.plain import excerpt, plain, safe_link, shorten
from alerts.shown import MAX_HEADLINE, MAX_WORDS, name
from sectorwatch.domain import AlertView, Evidence, ReaderLinks, StoryNews, utc

ALERT_TYPE = "sectorwatch.alert"
DIGEST_TYPE = "sectorwatch.digest"
VERSION = 1
MAX_ARTICLES = 20
MAX_ALERTS = 100  # of a digest
MAX_ARTICLES_IN_DIGEST = 5  # of each of its alerts


def payload_of(view: AlertView, delivery_id: str, links: ReaderLinks) -> dict[str, object]:
    """One alert."""
    return {
        "type": ALERT_TYPE,
        "version": VERSION,
        "id": delivery_id,
        **_alert(view, links, MAX_ARTICLES),
        "links": _links(links),
    }


def digest_payload(views: Sequence[AlertView], delivery_id: str, links: ReaderLinks, heading: str) -> dict[str, object]:
    """Several alerts, in the order given."""
    return {
        "type": DIGEST_TYPE,
        "version": VERSION,
        "id": delivery_id,
        "heading": heading,
        "alerts": [_alert(view, links, MAX_ARTICLES_IN_DIGEST) for view in views[:MAX_ALERTS]],
        "alerts_total": len(views),
        "links": _links(links),
    }


def _alert(view: AlertView, links: ReaderLinks, limit: int) -> dict[str, object]:
    return {
        "alert": view.alert_id,
        "sector": view.sector,
        "sector_name": name(view.sector_name),
        "story": view.story_id,
        "subscription": name(view.subscription),
        "articles": [_article(evidence) for evidence in view.evidence[:limit]],
        "articles_total": len(view.evidence),
        "news": None if view.news is None else _news(view.news),
        "why": shorten(plain(view.why), MAX_WORDS),
        "false_alarm": safe_link(links.false_alarm.get(view.alert_id)),
    }


def _news(news: StoryNews) -> dict[str, object]:
    """What a follow-up is told for; `sources` is 0 where their number is no news."""
    sides = [side.value for side in news.sides]
    return {"sides": sides, "places": [name(place) for place in news.places], "sources": news.sources}


def _links(links: ReaderLinks) -> dict[str, str | None]:
    return {
        "pause": safe_link(links.pause),
        "change": safe_link(links.change),
        "unsubscribe": safe_link(links.unsubscribe),
    }


def _article(evidence: Evidence) -> dict[str, object]:
    quote = excerpt(evidence.sentence, evidence.match_start, evidence.match_end)
    return {
        "id": evidence.article_id,
        "title": shorten(plain(evidence.title), MAX_HEADLINE),
        "url": safe_link(evidence.url),
        "publisher": name(evidence.publisher),
        "side": evidence.side.value,
        "language": name(evidence.language),
        "published_at": _iso(evidence.published_at),
        "first_seen_at": _iso(evidence.first_seen_at),
        "sentence": quote.text,
        "match": {"start": quote.start, "end": quote.end, "surface": quote.match} if quote.match else None,
        "score": evidence.score,
        "salience": evidence.salience.value,
        "context": evidence.context.value,
        "reasons": [
            {"code": reason.code, "weight": reason.weight, "detail": shorten(plain(reason.detail), MAX_WORDS)}
            for reason in evidence.reasons
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else utc(moment).isoformat().replace("+00:00", "Z")
