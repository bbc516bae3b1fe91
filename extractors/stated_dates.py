"""When an article was published and last changed, as its page states it, and where it states so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from extractors.dates import EARLIEST, read_date

Stated = tuple[datetime | None, str]
"""A moment, and where it stands; (None, "") where none does."""

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "publish-date",
    "publishdate",
    "pubdate",
    "publication_date",
    "cxenseparse:recs:publishtime",
    "dcterms.created",
    "dcterms.date",
    "dc.date.issued",
    "dc.date",
    "sailthru.date",
    "date",
)
_MODIFIED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
)
_TIMES = "time[itemprop~=datePublished], time[pubdate], article header time[datetime], article time[datetime]"
_CHANGES = "time[itemprop~=dateModified], time.updated[datetime]"


def published(tree: LexborHTMLParser, metas: Mapping[str, str], described: Mapping[str, Any]) -> Stated:
    """The first date that states a time; else the first date."""
    return _best(_candidates(tree, metas, described, "datePublished", _PUBLISHED, _TIMES))


def modified(
    tree: LexborHTMLParser, metas: Mapping[str, str], described: Mapping[str, Any], since: datetime | None
) -> Stated:
    """When the article was last changed; nothing where that is no later than `since`, when it was published."""
    found = _best(_candidates(tree, metas, described, "dateModified", _MODIFIED, _CHANGES))
    return (None, "") if since is not None and found[0] is not None and found[0] <= since else found


def _candidates(
    tree: LexborHTMLParser,
    metas: Mapping[str, str],
    described: Mapping[str, Any],
    key: str,
    names: Iterable[str],
    elements: str,
) -> Iterable[tuple[object, str]]:
    yield described.get(key), f"schema.org {key}"
    for name in names:
        yield metas.get(name), f"meta {name}"
    for node in tree.css(elements)[:1]:
        yield node.attributes.get("datetime"), "time element"


def _best(candidates: Iterable[tuple[object, str]]) -> Stated:
    day: Stated = (None, "")
    for text, where in candidates:
        found = read_date(text) if isinstance(text, str) and text else None
        if found is None or found[0] < EARLIEST:
            continue
        if ":" in str(text):
            return found[0], where
        if day[0] is None:
            day = (found[0], where)
    return day
