"""Alerts as a small HTML page for mail programs: escaped, and without scripts, images or anything from elsewhere.

Colours are set where both text and ground are ours, and left to the mail program elsewhere, so that a dark one stays
readable.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from alerts.phrases import Phrases
from alerts.plain import Excerpt
from alerts.shown import Actions, Shown, grouped

_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{title}</title></head>
<body style="color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.45;overflow-wrap:anywhere;\
max-width:38em;margin:1em auto;padding:0 1em">
{body}
</body></html>
"""
_SMALL = ' style="opacity:.75;font-size:.9em;margin:.4em 0"'
_QUOTE = ' style="margin:.6em 0;padding-left:.8em;border-left:3px solid #e0a800;font-size:1.08em"'
_MARK = ' style="background:#ffe27a;color:#1a1a1a;padding:0 .15em;border-radius:.15em"'
_RULE = '<hr style="border:0;border-top:1px solid #8885;margin:1.2em 0 .8em">'


def html_of(alert: Shown) -> str:
    """The page of one alert; the same words in the same order as its text."""
    phrases = alert.phrases
    parts = [
        f'<p style="margin:0;font-weight:bold;font-size:.9em" dir="auto">{escape(alert.sector)}</p>',
        f'<h1 style="font-size:1.3em;line-height:1.25;margin:.1em 0 .3em" dir="auto">'
        f"{escape(alert.headline or alert.sector)}</h1>",
    ]
    if alert.news:
        parts.append(f'<p dir="auto"><strong>{escape(phrases.new)}: {escape(alert.news)}</strong></p>')
    parts += _article(alert)
    if alert.lead and alert.lead.link:
        parts.append(f'<p style="font-weight:bold">{_link(alert.lead.link, phrases.read)}</p>')
    if alert.others:
        parts.append(f'<p dir="auto">{escape(phrases.also_reported)}: {escape(alert.others)}</p>')
    if alert.story_link:
        parts.append(f"<p>{_link(alert.story_link, phrases.story)}</p>")
    parts.append(_RULE)
    parts.append(f'<p{_SMALL} dir="auto">{escape(phrases.why)}: {escape(alert.why)}</p>')
    parts.append(_actions(alert.actions, phrases, alert.false_alarm))
    return _page(alert.heading, phrases, parts)


def digest_html(heading: str, alerts: Sequence[Shown], *, left: int, more: str | None, source: str) -> str:
    """The page of several alerts, by sector; `left` of them had no room."""
    phrases = alerts[0].phrases
    parts = [f'<h1 style="font-size:1.3em;margin:.1em 0 .6em" dir="auto">{escape(heading)}</h1>']
    for sector, members in grouped(alerts).items():
        words = f"{escape(sector)} ({len(members)})"
        parts.append(f'<h2 style="font-size:1.1em;margin:1.2em 0 .3em" dir="auto">{words}</h2>')
        for alert in members:
            parts += _item(alert)
    if left:
        words = phrases.left_out.format(count=left)
        parts.append(f"<p>{_link(more, words) if more else escape(words)}</p>")
    parts.append(_RULE)
    parts.append(f'<p{_SMALL} dir="auto">{escape(phrases.why)}: {escape(source)}</p>')
    parts.append(_actions(alerts[0].actions, phrases, None))
    return _page(heading, phrases, parts)


def _item(alert: Shown) -> list[str]:
    words = escape(alert.headline or alert.sector)
    link = alert.lead.link if alert.lead else None
    linked = f'<a href="{escape(link)}" rel="noopener noreferrer">{words}</a>' if link else words
    parts = [f'<p style="font-weight:bold;margin:1em 0 0" dir="auto">{linked}</p>', *_article(alert)]
    if alert.news:
        parts.append(f'<p{_SMALL} dir="auto">{escape(alert.phrases.new)}: {escape(alert.news)}</p>')
    if alert.others:
        parts.append(f'<p{_SMALL} dir="auto">{escape(alert.phrases.also_reported)}: {escape(alert.others)}</p>')
    if alert.false_alarm:
        parts.append(f"<p{_SMALL}>{_link(alert.false_alarm, alert.phrases.false_alarm)}</p>")
    return parts


def _article(alert: Shown) -> list[str]:
    if not alert.lead:
        return []
    parts = [f'<p{_SMALL} dir="auto">{escape(alert.lead.origin)}</p>']
    if alert.lead.quote.text:
        parts.append(f'<blockquote{_QUOTE} dir="auto">{_marked(alert.lead.quote)}</blockquote>')
    return parts


def _actions(actions: Actions, phrases: Phrases, false_alarm: str | None) -> str:
    pairs = (
        (false_alarm, phrases.false_alarm),
        (actions.pause, phrases.pause),
        (actions.change, phrases.change),
        (actions.unsubscribe, phrases.unsubscribe),
    )
    links = " · ".join(_link(url, words) for url, words in pairs if url)
    return f"<p{_SMALL}>{links}</p>" if links else ""


def _page(title: str, phrases: Phrases, parts: Sequence[str]) -> str:
    body = "\n".join(part for part in parts if part)
    return _PAGE.format(language=phrases.language, title=escape(title), body=body)


def _marked(quote: Excerpt) -> str:
    match = f"<mark{_MARK}>{escape(quote.match)}</mark>" if quote.match else ""
    return escape(quote.before) + match + escape(quote.after)


def _link(url: str, words: str) -> str:
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(words)}</a>'
