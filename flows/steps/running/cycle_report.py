"""A cycle in words, for whoever looks at its run in Prefect: what came in, what was found, what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sectorwatch.notice import Condition
from sectorwatch.plurals import counted

SHOWN = 10  # of what failed, and of what is wrong
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def figures(summary: Mapping[str, Any]) -> dict[str, int]:
    """The cycle in a few numbers."""
    feeds, articles, alerts = (summary.get(part, {}) for part in ("feeds", "articles", "alerts"))
    return {
        "feeds_polled": feeds.get("polled", 0),
        "entries_new": feeds.get("new_entries", 0),
        "articles_read": articles.get("read", 0) + articles.get("from_feed", 0),
        "alerts_opened": alerts.get("opened", 0),
        "failed": len(feeds.get("failed", ())) + len(articles.get("failed", ())),
    }


def title(summary: Mapping[str, Any]) -> str:
    """The cycle in one line."""
    polled, new, read, opened, failed = figures(summary).values()
    parts = [counted(polled, "feed"), f"{new} new", f"{read} read", counted(opened, "alert")]
    return ", ".join(parts + ([f"{failed} failed"] if failed else []))


def is_eventful(summary: Mapping[str, Any], wrong: Sequence[Condition]) -> bool:
    """Whether there is more to say than that all was quiet."""
    feeds, articles = summary.get("feeds", {}), summary.get("articles", {})
    counts = ("new_entries", "changed_entries", "failed", "network_down")
    return bool(wrong or any(map(feeds.get, counts)) or any(map(articles.get, ("read", "from_feed", "failed"))))


def report(summary: Mapping[str, Any], wrong: Sequence[Condition]) -> str:
    """The cycle as Markdown; what comes from the web is text in it, and addresses have no query."""
    feeds, articles, alerts = (summary.get(part, {}) for part in ("feeds", "articles", "alerts"))
    lines = ["| | |", "|---|---|"]
    lines += [
        f"| {name} | {plain(str(value))} |"
        for name, value in (
            ("feeds polled", f"{feeds.get('polled', 0)}{_listed(feeds.get('by_status', {}))}"),
            ("entries", f"{feeds.get('new_entries', 0)} new, {feeds.get('changed_entries', 0)} changed"),
            ("articles", f"{articles.get('read', 0)} read, {articles.get('from_feed', 0)} from their feeds' own text"),
            ("pages refused", _listed(articles.get("refused", {})).removeprefix(": ") or "none"),
            ("articles by sector", _listed(articles.get("by_sector", {})).removeprefix(": ") or "none"),
            ("alerts", ", ".join(f"{alerts.get(name, 0)} {name}" for name in ("opened", "folded", "suppressed"))),
        )
    ]
    failed = [("feed", one) for one in feeds.get("failed", ())] + [("page", one) for one in articles.get("failed", ())]
    if failed:
        lines += ["", f"**Failed in this cycle: {len(failed)}**", ""]
        lines += [f"* {kind} {_address(one['url'])}: {plain(one['error'])}" for kind, one in failed[:SHOWN]]
    if wrong:
        lines += ["", f"**Wrong now: {len(wrong)}** (`sectorwatch status`)", ""]
        lines += [f"* {plain(_words(one))}" for one in wrong[:SHOWN]]
    return "\n".join(lines)


def _words(one: Condition) -> str:
    return f"{one.kind.replace('_', ' ')}: {one.subject}: {one.detail}, since {one.since:%Y-%m-%d %H:%M} UTC"


def plain(words: str) -> str:
    """Text in which Markdown finds nothing to obey; addresses in it do not become links."""
    escaped = _MARKUP.sub(r"\\\1", " ".join(words.split()))
    return escaped.replace("\\&", "&amp;").replace("\\<", "&lt;").replace("://", "&#58;//")


def _address(url: str) -> str:
    return plain(url.partition("?")[0])  # what follows may be a key


def _listed(counts: Mapping[str, int]) -> str:
    named = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f": {', '.join(f'{count} {name}' for name, count in named)}" if named else ""
