"""An alert as a message: title, plain text, and the versioned JSON of a webhook. The HTML is in `render_html`.

Everything shown comes from strangers: it passes `plain`, links pass `safe_link`, and only the sentence that matters
is quoted, never the article.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerts.plain import Excerpt, excerpt, plain, safe_link, shorten
from alerts.render_html import html_of
from alerts.shown import Shown, ShownArticle
from sectorwatch.domain import AlertView, Evidence, Message, Side, utc

MAX_TITLE = 120  # characters; a longer subject of Cyrillic letters overruns a mail header line (RFC 5322, 2.1.1)
MAX_HEADLINE = 300
MAX_NAME = 80  # of a publisher, a sector, a subscription
MAX_WORDS = 300  # of an explanation
MAX_OTHERS = 5  # publishers named beside the first
MAX_ARTICLES = 20  # in the payload
PAYLOAD_TYPE = "sectorwatch.alert"
PAYLOAD_VERSION = 1

_MARKS = (("»", "«"), ("【", "】"), ("[[", "]]"))
_SIDES = {
    Side.UKRAINIAN: "Ukrainian source",
    Side.RUSSIAN: "Russian source",
    Side.INTERNATIONAL: "international source",
    Side.OFFICIAL: "official source",
}


def render(view: AlertView, *, delivery_id: str, public_url: str = "") -> Message:
    """The message of one delivery: the same view gives the same message.

    Times are in the reader's zone (UTC where the zone is not known). `public_url` is where the reader finds the story
    in our own web page; empty for none.
    """
    shown = _shown(view, public_url)
    return Message(
        id=delivery_id,
        title=shorten(shown.heading, MAX_TITLE),
        text=_text(shown),
        html=html_of(shown),
        payload=_payload(view, delivery_id),
    )


def _shown(view: AlertView, public_url: str) -> Shown:
    zone = _zone(view.subscriber.zone)
    articles = [_shown_article(evidence, zone) for evidence in view.evidence]
    sector = _name(view.sector_name or view.sector)
    headline = shorten(plain(view.evidence[0].title), MAX_HEADLINE) if view.evidence else ""
    home = safe_link(f"{public_url.rstrip('/')}/stories/{view.story_id}") if public_url else None
    return Shown(
        heading=f"{sector}: {headline}" if headline else sector,
        sector=sector,
        headline=headline,
        lead=articles[0] if articles else None,
        others=_others(articles),
        why=_why(view),
        story_link=home,
    )


def _shown_article(evidence: Evidence, zone: ZoneInfo) -> ShownArticle:
    quote = excerpt(evidence.sentence, evidence.match_start, evidence.match_end)
    when = evidence.published_at or evidence.first_seen_at
    local = _local(when, zone) if evidence.published_at else f"seen {_local(when, zone)}"
    return ShownArticle(
        publisher=_name(evidence.publisher) or "unknown publisher",
        side=_SIDES.get(evidence.side, ""),
        time=local,
        quote=quote,
        link=safe_link(evidence.url),
    )


def _others(articles: Sequence[ShownArticle]) -> str:
    """Who else reports it, each publisher once, in the order they came; "" for nobody."""
    first: dict[str, ShownArticle] = {}
    for article in articles:
        first.setdefault(article.publisher, article)
    others = list(first.values())[1:]
    words = [f"{article.publisher} ({article.side})" if article.side else article.publisher for article in others]
    more = len(words) - MAX_OTHERS
    return ", ".join(words[:MAX_OTHERS]) + (f" and {more} more" if more > 0 else "")


def _why(view: AlertView) -> str:
    words = shorten(plain(view.why), MAX_WORDS).rstrip(".")
    source = f"Subscription: {_name(view.subscription)}."
    if not view.evidence:
        return f"{words}. {source}"
    lead = view.evidence[0]
    signals = [plain(reason.detail) for reason in lead.reasons if reason.weight > 0 and reason.detail]
    found = shorten("; ".join(signals), MAX_WORDS)
    return f"{words}. {source} Score {lead.score:.2f}" + (f": {found}." if found else ".")


def _text(shown: Shown) -> str:
    """Paragraphs in the order of a reader's questions; the link early, as some channels cut the end off."""
    parts = [shown.heading]
    if shown.lead:
        parts.append(f"{shown.lead.origin}\n{_marked(shown.lead.quote)}".rstrip())
        if shown.lead.link:
            parts.append(shown.lead.link)
    if shown.others:
        parts.append(f"Also reported by {shown.others}")
    parts.append(f"Why you get this: {shown.why}")
    if shown.story_link:
        parts.append(f"The whole story: {shown.story_link}")
    return "\n\n".join(parts) + "\n"


def _marked(quote: Excerpt) -> str:
    """The sentence with the match between marks that do not occur in it."""
    if not quote.match:
        return quote.text
    left, right = next((pair for pair in _MARKS if not any(mark in quote.text for mark in pair)), _MARKS[-1])
    return f"{quote.before}{left}{quote.match}{right}{quote.after}"


def _payload(view: AlertView, delivery_id: str) -> dict[str, object]:
    return {
        "type": PAYLOAD_TYPE,
        "version": PAYLOAD_VERSION,
        "id": delivery_id,
        "alert": view.alert_id,
        "sector": view.sector,
        "sector_name": _name(view.sector_name),
        "story": view.story_id,
        "subscription": _name(view.subscription),
        "articles": [_payload_article(evidence) for evidence in view.evidence[:MAX_ARTICLES]],
        "articles_total": len(view.evidence),
        "why": shorten(plain(view.why), MAX_WORDS),
    }


def _payload_article(evidence: Evidence) -> dict[str, object]:
    quote = excerpt(evidence.sentence, evidence.match_start, evidence.match_end)
    return {
        "id": evidence.article_id,
        "title": shorten(plain(evidence.title), MAX_HEADLINE),
        "url": safe_link(evidence.url),
        "publisher": _name(evidence.publisher),
        "side": evidence.side.value,
        "language": _name(evidence.language),
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


def _name(name: str) -> str:
    return shorten(plain(name), MAX_NAME)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")  # an alert in the wrong zone, and saying so, is better than none


def _local(moment: datetime, zone: ZoneInfo) -> str:
    local = utc(moment).astimezone(zone)
    name = local.tzname() or ""
    return f"{local:%Y-%m-%d %H:%M} " + (f"UTC{name}" if name[:1] in "+-" else name)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else utc(moment).isoformat().replace("+00:00", "Z")
