"""Alerts as a message for one channel: title, text, HTML and payload, each within what the channel carries.

Everything shown comes from strangers: it passes `plain`, links pass `safe_link`, and only the sentence that matters
is quoted, never the article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from alerts.channels import Channel
from alerts.payload import payload_of
from alerts.plain import Excerpt, excerpt, shorten
from alerts.render_digest import render_digest
from alerts.render_html import html_of
from alerts.shown import Shown, shown
from alerts.text import action_lines, fitting, marked
from sectorwatch.domain import NO_LINKS, AlertView, Message, ReaderLinks

_POOREST = frozenset(
    {"why", "others", "story", "heading", "false_alarm", "choices", "origin", "news", "unsubscribe", "link"}
)  # the quotation alone: a pager has 67 characters
# From the richest form to the poorest: what is left out, and how much of the sentence is quoted (0: the match alone).
_FORMS: tuple[tuple[frozenset[str], int], ...] = (
    (frozenset(), 400),
    (frozenset({"why"}), 400),
    (frozenset({"why", "others"}), 400),
    (frozenset({"why", "others", "story"}), 400),
    (frozenset({"why", "others", "story", "heading"}), 250),
    (frozenset({"why", "others", "story", "heading", "false_alarm"}), 250),
    (frozenset({"why", "others", "story", "heading", "false_alarm", "choices"}), 160),
    (frozenset({"why", "others", "story", "heading", "false_alarm", "choices"}), 80),
    (_POOREST - {"unsubscribe", "link"}, 80),
    (_POOREST - {"link"}, 80),
    (_POOREST, 80),
    (_POOREST, 40),
    (_POOREST, 20),
    (_POOREST, 0),
)


def render(
    views: Sequence[AlertView],
    *,
    delivery_id: str,
    channel: Channel,
    links: ReaderLinks = NO_LINKS,
    public_url: str = "",
    heading: str = "",
) -> Message:
    """The message of one delivery: one view is an alert, several are a digest put together for the reason `heading`.

    The same views give the same message. Times are in the reader's zone, the fixed words in the reader's language.
    `public_url` is where the reader finds the story in our own web page; empty for none. Raises ValueError for no view.
    """
    if not views:
        raise ValueError("nothing to render: a delivery tells of one alert at least")
    if len(views) > 1:
        return render_digest(
            views, delivery_id=delivery_id, channel=channel, links=links, public_url=public_url, heading=heading
        )
    alert = shown(views[0], links, public_url)
    title = shorten(alert.heading, channel.title)
    return Message(
        id=delivery_id,
        title=title,
        text=fitting(_texts(alert, title, channel), channel, title),
        html=html_of(alert) if channel.html else None,
        payload=payload_of(views[0], delivery_id, links) if channel.payload else {},
        unsubscribe=alert.actions.unsubscribe,
    )


def _texts(alert: Shown, title: str, channel: Channel) -> Iterator[str]:
    """The alert in fewer and fewer words."""
    for left_out, quoted in _FORMS:
        yield _text(alert, title, channel, left_out, quoted)


def _text(alert: Shown, title: str, channel: Channel, left_out: frozenset[str], quoted: int) -> str:
    """Paragraphs in the order of a reader's questions; a headline that the title shows whole is not said again."""
    phrases, parts = alert.phrases, list[tuple[str, str]]()
    if channel.subject or title != alert.heading:
        parts.append(("" if channel.subject else "heading", alert.heading))
    if alert.news:
        parts.append(("news", f"{phrases.new}: {alert.news}"))
    if alert.lead:
        quote = marked(_cut(alert.lead.quote, quoted))
        origin = "" if "origin" in left_out else alert.lead.origin
        parts += [("", f"{origin}\n{quote}".strip()), ("link", alert.lead.link or "")]
    if alert.others:
        parts.append(("others", f"{phrases.also_reported}: {alert.others}"))
    parts.append(("why", f"{phrases.why}: {alert.why}"))
    if alert.story_link:
        parts.append(("story", f"{phrases.story}: {alert.story_link}"))
    parts.append(("", action_lines(alert.actions, phrases, alert.false_alarm, left_out)))
    return "\n\n".join(words for part, words in parts if words and part not in left_out) + "\n"


def _cut(quote: Excerpt, limit: int) -> Excerpt:
    if len(quote.text) <= limit:
        return quote
    if limit == 0 and quote.match:
        return replace(quote, before="", after="")
    return excerpt(quote.text, quote.start, quote.end, limit=max(limit, 2))
