"""Several alerts in one message: grouped by sector, the most salient first, cut by whole alerts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from alerts.channels import MAX_HTML, Channel
from alerts.payload import digest_payload
from alerts.plain import excerpt, plain, safe_link, shorten
from alerts.render_html import digest_html
from alerts.shown import MAX_WORDS, Shown, grouped, name, shown
from alerts.text import action_lines, fitting, marked
from sectorwatch.domain import AlertView, Context, Message, ReaderLinks, Salience

_QUOTES = (240, 120, 0)  # characters of each sentence, from the richest form to the poorest; 0 for headlines only
_SALIENCE, _CONTEXT = tuple(Salience), tuple(Context)
_NONE = (len(_SALIENCE), len(_CONTEXT), 0.0)  # the rank of an alert whose articles are gone


def render_digest(
    views: Sequence[AlertView],
    *,
    delivery_id: str,
    channel: Channel,
    links: ReaderLinks,
    public_url: str,
    heading: str,
) -> Message:
    """The message of a digest. What has no room is counted, with a link to all stories where we have a page."""
    ranked = sorted(views, key=_rank)
    alerts = [shown(view, links, public_url) for view in ranked]
    phrases = alerts[0].phrases
    heading = shorten(plain(phrases.heading(heading)), MAX_WORDS) or phrases.digest
    title = shorten(f"{heading}: {_counts(alerts)}", channel.title)
    more = safe_link(f"{public_url.rstrip('/')}/stories") if public_url else None
    source = f"{phrases.subscription}: {name(views[0].subscription)}"
    start = f"{heading}: {_counts(alerts)}" if channel.subject else ""

    def text(count: int, quoted: int) -> str:
        parts = [start, *(_item_lines(alerts[:count], quoted, all_links=channel.subject))]
        if count < len(alerts):
            left = phrases.left_out.format(count=len(alerts) - count)
            parts.append(f"{left}: {more}" if more else left)
        left_out = frozenset[str]() if count else frozenset({"choices"})
        parts += [f"{phrases.why}: {source}" if count else "", action_lines(alerts[0].actions, phrases, None, left_out)]
        return "\n\n".join(part for part in parts if part) + "\n"

    count, quoted = _most(len(alerts), lambda count, quoted: channel.size(text(count, quoted)) <= channel.room(title))
    html = None
    if channel.html:
        told = max(count, 1)
        html = digest_html(heading, alerts[:told], left=len(alerts) - told, more=more, source=source)
        while len(html.encode()) > MAX_HTML and told > 1:
            told -= max(1, told // 10)
            html = digest_html(heading, alerts[:told], left=len(alerts) - told, more=more, source=source)
    return Message(
        id=delivery_id,
        title=title,
        text=fitting([text(count, quoted)], channel, title),
        html=html,
        payload=digest_payload(ranked, delivery_id, links, heading) if channel.payload else {},
        unsubscribe=alerts[0].actions.unsubscribe,
    )


def _rank(view: AlertView) -> tuple[int, int, float, int, int]:
    best = min(
        ((_SALIENCE.index(e.salience), _CONTEXT.index(e.context), -e.score) for e in view.evidence), default=_NONE
    )
    return (*best, -len(view.evidence), view.alert_id)


def _counts(alerts: Sequence[Shown]) -> str:
    return ", ".join(f"{sector} {count}" for sector, count in Counter(alert.sector for alert in alerts).most_common())


def _item_lines(alerts: Sequence[Shown], quoted: int, *, all_links: bool) -> Iterator[str]:
    for sector, members in grouped(alerts).items():
        yield f"{sector.upper()} ({len(members)})"
        for alert in members:
            yield _item(alert, quoted, all_links=all_links)


def _item(alert: Shown, quoted: int, *, all_links: bool) -> str:
    phrases, lead = alert.phrases, alert.lead
    lines = [f"• {alert.headline or alert.sector}"]
    if lead and quoted:
        quote = lead.quote
        if len(quote.text) > quoted:
            quote = excerpt(quote.text, quote.start, quote.end, limit=quoted)
        lines += [lead.origin, marked(quote)]
        if alert.news:
            lines.append(f"{phrases.new}: {alert.news}")
        if alert.others:
            lines.append(f"{phrases.also_reported}: {alert.others}")
    if lead and lead.link:
        lines.append(lead.link)
    if all_links and alert.false_alarm:
        lines.append(f"{phrases.false_alarm}: {alert.false_alarm}")
    return "\n".join(line for line in lines if line)


def _most(total: int, fits: Callable[[int, int], bool]) -> tuple[int, int]:
    """How many of the alerts, and how much of each sentence: all of them if need be in short, else most, else none."""
    for quoted in _QUOTES:
        if fits(total, quoted):
            return total, quoted
    for quoted in _QUOTES[1:]:
        low, high = 0, total  # `low` alerts fit, `high` do not
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(middle, quoted) else (low, middle)
        if low:
            return low, quoted
    return 0, 0
