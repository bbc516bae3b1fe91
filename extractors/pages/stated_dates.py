"""When an article was published and last changed, as its page states it, and where it states so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from htmldate import find_date
from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.dates import EARLIEST, read_date
from extractors.markup import one_line

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
_SHOWN = ", ".join(
    f"{where} [class*='{name}']" for where in ("article", "main") for name in ("date", "time", "publish")
)
_MOST_SHOWN = 60  # characters: a longer line is about something else
_IN_WORDS = re.compile(
    r"\b(\d{1,2})\.?\s+(?:de\s)?([^\W\d_]{3,})\.?,?\s+(?:de\s)?(\d{4})\b(?:\D{1,8}(\d{1,2}:\d\d)\b)?"
)
_IN_NUMBERS = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b(?:\D{1,8}(\d{1,2}:\d\d)\b)?")
_SAID_PUBLISHED = re.compile(  # of a date that stands behind it
    r"(?:опублікован|дата публікаці|розміщен|опубликован|дата публикаци|размещен|published|posted|first published"
    r"|veröffentlicht|erstellt|erstveröffentlichung|publié|mis en ligne|opublikowan|data publikacji|dodano|publicad"
    r"|pubblicat|publikován|zveřejněn|publicat|uverejnen|gepubliceerd)",
    re.IGNORECASE,
)
_SAID_CHANGED = re.compile(
    r"(?:оновлен|обновлен|змінен|изменен|updated|modified|edited|aktualisiert|stand\W|geändert|mis à jour|modifié"
    r"|actualis|aktualiz|actualiz|aggiornat|modificat|bijgewerkt)",
    re.IGNORECASE,
)
_MOST_ALONE = 40  # characters of a date with its time, day of the week and place
_BELOW = 60  # elements below the headline that are looked at
_PROSE = 150  # characters of a piece: there the article has begun
_IN_ADDRESS = re.compile(r"/(20\d\d)[/-](\d\d)[/-](\d\d)(?=[/-])")
_NEVER_AFTER = "2100-01-01"  # of htmldate, which would ask the clock; who stores a date compares it with the clock
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


def shown(tree: LexborHTMLParser, markup: str, url: str) -> Stated:
    """When an article was published by what its page shows: where neither page nor feed state it, and no surer than so.

    The day in its address; the one time element of the page; what stands between headline and text; what
    htmldate makes of the page, its free text left out, which tells of other days as well; else the date of a short
    element of the article, as htmldate does not read months in Ukrainian and Russian.
    """
    in_address = _IN_ADDRESS.search(url)
    if in_address and (found := read_date("-".join(in_address.groups()))) and found[0] >= EARLIEST:
        return found[0], "address"
    moments = {node.attributes.get("datetime") or "" for node in tree.css("time[datetime*=':']")}
    if len(moments) == 1 and (one := read_date(moments.pop())) and one[0] >= EARLIEST:
        return one[0], "the one time element of the page"
    if moment := _below_headline(tree):
        return moment, "date below the headline"
    day = find_date(markup, extensive_search=False, original_date=True, url=url or None, max_date=_NEVER_AFTER)
    guessed = read_date(day) if day else None
    if guessed is not None and guessed[0] >= EARLIEST:
        return guessed[0], "htmldate"
    for node in tree.css(_SHOWN)[:10]:
        line = one_line(node.text(separator=" "), markup=False)
        if len(line) <= _MOST_SHOWN and (moment := _written(line)) is not None and moment >= EARLIEST:
            return moment, "date shown in the article"
    return None, ""


def _below_headline(tree: LexborHTMLParser) -> datetime | None:
    """The date between headline and text that is said to be of the publication; else the first that stands alone."""
    headline = tree.css_first("article h1") or tree.css_first("main h1") or tree.css_first("h1") or tree.css_first("h2")
    if headline is None:
        return None
    first = None
    for line in _pieces_after(headline):
        moment = _written(line)
        if moment is None or moment < EARLIEST:
            continue
        changed, said = _SAID_CHANGED.search(line), _SAID_PUBLISHED.search(line)
        if said and not (changed and changed.start() < said.start()):
            return moment
        alone = not changed and len(line) <= _MOST_ALONE
        first = first or (moment if alone else None)
    return first


def _pieces_after(node: LexborNode) -> Iterator[str]:
    """Short pieces of text behind an element, in the order of the page, until the first long one."""
    at = _following(node)
    for _ in range(_BELOW):
        if at is None:
            return
        line = one_line(at.text(separator=" "), markup=False)
        if len(line) < _PROSE:
            yield line
            at = _following(at)
        elif at.tag == "p" or at.first_child is None:
            return
        else:
            at = at.first_child


def _following(node: LexborNode) -> LexborNode | None:
    """What comes next in the page behind an element and all that is in it."""
    at: LexborNode | None = node
    while at is not None and at.next is None:
        at = at.parent
    return at.next if at is not None else None


def _written(line: str) -> datetime | None:
    """The moment that a line names as one writes it in Ukrainian, Russian or English, or in numbers."""
    if match := _IN_WORDS.search(line):
        day, month, year, time = match.groups()
        found = read_date(f"{day} {month} {year} {time or '00:00'}")
    elif match := _IN_NUMBERS.search(line):
        day, month, year, time = match.groups()
        found = read_date(f"{year}-{month:0>2}-{day:0>2} {time or '00:00':0>5}")
    else:
        return None
    return found[0] if found else None
