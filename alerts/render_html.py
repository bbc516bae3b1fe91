"""An alert as a small HTML page for mail programs: escaped, and without scripts, images or anything from elsewhere."""

from __future__ import annotations

from html import escape

from alerts.plain import Excerpt
from alerts.shown import Shown

_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family:sans-serif;line-height:1.45;max-width:40em;margin:1em auto;padding:0 1em">
{body}
</body></html>
"""
_SMALL = ' style="color:#555;font-size:.9em"'


def html_of(shown: Shown) -> str:
    """The page of an alert; the same words in the same order as its text."""
    heading = f"<strong>{escape(shown.sector)}</strong>" + (f": {escape(shown.headline)}" if shown.headline else "")
    parts = [f'<h1 style="font-size:1.2em;font-weight:normal" dir="auto">{heading}</h1>']
    if shown.lead:
        parts.append(f'<p{_SMALL} dir="auto">{escape(shown.lead.origin)}</p>')
        if shown.lead.quote.text:
            parts.append(
                f'<blockquote style="margin:0;font-size:1.1em" dir="auto">{_marked(shown.lead.quote)}</blockquote>'
            )
        if shown.lead.link:
            parts.append(f"<p>{_link(shown.lead.link, 'Read the article')}</p>")
    if shown.others:
        parts.append(f'<p dir="auto">Also reported by {escape(shown.others)}</p>')
    parts.append(f'<p{_SMALL} dir="auto">Why you get this: {escape(shown.why)}</p>')
    if shown.story_link:
        parts.append(f"<p>{_link(shown.story_link, 'The whole story')}</p>")
    return _PAGE.format(title=escape(shown.heading), body="\n".join(parts))


def _marked(quote: Excerpt) -> str:
    match = f"<mark>{escape(quote.match)}</mark>" if quote.match else ""
    return escape(quote.before) + match + escape(quote.after)


def _link(url: str, words: str) -> str:
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(words)}</a>'
