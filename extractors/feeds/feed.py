"""From the bytes of a feed to its entries: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed, news sitemaps.

Whether it is a feed is judged by its version and entries, not by its form: most feeds that are not well-formed read
well, while an empty answer and an HTML page raise no complaint in any parser. Time and memory are for the caller to
bound: feedparser has inputs of quadratic cost.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from html import escape
from itertools import chain, repeat

import nh3

from extractors.charset import decode
from extractors.dates import dated
from extractors.declared import charset_of, language_code
from extractors.feeds.jsonfeed import read_json
from extractors.feeds.pieces import pieces
from extractors.feeds.rawfeed import RawFeed, RawItem, Words
from extractors.feeds.sitemap import read_sitemap
from extractors.feeds.xmlfeed import read_xml
from extractors.markup import cut, fit, one_line, paragraphs
from extractors.urls import absolute, canonical, without_user
from sectorwatch.domain import DateQuality, Hints, ParsedEntry, ParsedFeed
from sectorwatch.errors import FeedError
from sectorwatch.plurals import counted

MOST_TITLE = 1_000  # characters kept of each
MOST_SUMMARY = 20_000
MOST_AUTHOR = 300
MOST_GUID = 2_000
MOST_ENTRIES = 5_000  # of one feed
_SUMMARY_OF_CONTENT = 1_000  # where a feed gives the full text only
_ROBOT_CHECK = re.compile(
    r"captcha|cf-chl|challenge-platform|just a moment|ddos-guard|are you (?:a )?(?:human|robot)|checking your browser",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z][\w:.-]{0,40})")
_ELEMENT = re.compile(r"<[A-Za-z]")
_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_FEED_ROOT = re.compile(r"<(?:rss|feed|rdf:rdf)[\s>]", re.IGNORECASE)


def parse_feed(
    body: bytes, *, content_type: str = "", url: str = "", now: datetime, known: Collection[bytes] = ()
) -> ParsedFeed:
    """What a feed says. `url` is where it came from, for relative links; `now` for dates in the future.

    Items whose digests are `known` are not read, where the feed can be taken apart: they are `kept` as they were.

    Raises FeedError, in words, for an empty body, a web page or robot check, and anything else that is no feed. A feed
    without entries is a feed. Entries keep the order of the feed.
    """
    if not body.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise FeedError("the body is empty: the server answered without content")
    if body.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        raise FeedError("compressed data instead of a feed: the server packed it without saying so")
    decoded = decode(body, [charset_of(content_type)])
    raw, digests, kept = _read_pieces(decoded.text.lstrip(), url, known)
    if raw.problems and not (raw.items or kept or _END.search(decoded.text)):
        # It would pass for the feed of a quiet source.
        raise FeedError(f"a feed that is cut off before its first entry: {raw.problems[0]}")
    problems = [decoded.problem, *raw.problems]
    if len(raw.items) > MOST_ENTRIES:
        problems.append(f"lists {len(raw.items):,} entries: the first and the last {MOST_ENTRIES // 2:,} are taken")
        # Both ends, as some feeds have the newest last.
        raw = replace(raw, items=raw.items[: MOST_ENTRIES // 2] + raw.items[-MOST_ENTRIES // 2 :])
    listed = [
        _entry(item, url, now, digest)
        for item, digest in zip(raw.items, chain(digests, repeat(b"")), strict=False)
        if not item.empty
    ]
    if len(listed) < len(raw.items):
        problems.append(f"{counted(len(raw.items) - len(listed), 'empty entry', 'empty entries')} left out")
    entries, renamed = _told_apart(listed)
    if renamed or len(entries) < len(listed):
        if kept:
            return parse_feed(body, content_type=content_type, url=url, now=now)
        entries = [replace(entry, digest=b"") for entry in entries]  # what one of them is depends on the others
    if renamed:
        problems.append(
            f"{counted(renamed, 'entry shares its', 'entries share their')} guid with another:"
            " told apart by link and title"
        )
    if entries and not kept and all(entry.published_at is None for entry in entries):
        problems.append("no entry is dated")
    return ParsedFeed(
        format=raw.format or "unknown",
        title=cut(_line(raw.title), MOST_TITLE),
        language=language_code(raw.language),
        link=without_user(absolute(url, raw.link)) or None,
        entries=tuple(entries),
        hints=Hints(
            every=timedelta(minutes=raw.minutes) if raw.minutes else None,
            skip_hours=raw.skip_hours,
            skip_days=raw.skip_days,
        ),
        problems=tuple(problem for problem in problems if problem),
        kept=kept,
    )


def _read_pieces(text: str, url: str, known: Collection[bytes]) -> tuple[RawFeed, Sequence[bytes], tuple[bytes, ...]]:
    """The feed without its known items, the digests of the others (none: not to be told), and those of the known.

    Raises FeedError.
    """
    cut_up = pieces(text, url=url)
    if cut_up is None:
        return _read(text), (), ()
    kept = tuple(digest for digest in cut_up.digests if digest in known)
    fresh = [digest for digest in cut_up.digests if digest not in known]
    if kept:
        with suppress(FeedError):
            raw = _read(cut_up.without(known))
            if len(raw.items) == len(fresh):
                return raw, fresh, kept
    raw = _read(text)
    return raw, cut_up.digests if len(raw.items) == len(cut_up.digests) else (), ()


def _read(text: str) -> RawFeed:
    if text.startswith(("{", "[")):
        return read_json(text)
    found = _ROOT.search(_COMMENT.sub("", text[:20_000]))
    root = found[1].lower() if found else ""
    if root == "html" and not _FEED_ROOT.search(text):
        raise _no_feed(text, root)
    if root.rpartition(":")[2] == "urlset":
        return read_sitemap(text)
    if not _ELEMENT.search(text):
        raise _no_feed(text, root)
    raw = read_xml(text)
    # Any XML that mentions a feed's namespace has a format for feedparser; without entries, its root has to be one.
    known_root = root.rpartition(":")[2] in _ROOTS
    if not (raw.items or (raw.format and known_root)) or (root == "html" and not raw.format):
        raise _no_feed(text, root)
    return raw


def _no_feed(text: str, root: str) -> FeedError:
    """The error that says what came instead of a feed."""
    if root in ("html", "head", "body", "script", "meta") or "<html" in text[:5_000].lower():
        if _ROBOT_CHECK.search(text[:200_000]):
            return FeedError("a robot check (captcha) instead of a feed: the site keeps programs out")
        return FeedError("an HTML page instead of a feed: check the address, the page may name the feed it has")
    if root == "sitemapindex":
        return FeedError("a list of sitemaps instead of a feed: take the one of news from it, if there is one")
    return FeedError(f"not a feed: XML with the root <{root}>" if root else "not a feed: neither XML nor JSON")


def _entry(item: RawItem, base: str, now: datetime, digest: bytes) -> ParsedEntry:
    url = without_user(absolute(base, item.link)) or None
    title = cut(_line(item.title), MOST_TITLE)
    content = _html(item.content)
    said = _text(item.summary) or cut(_text(item.content), _SUMMARY_OF_CONTENT)
    published_at, quality = dated(item.published, now=now, fallback=item.published_read)
    updated_at, updated_quality = dated(item.updated, now=now, fallback=item.updated_read)
    guid = fit(item.guid.strip()) or url or _hash(title, said)
    return ParsedEntry(
        guid=guid if len(guid) <= MOST_GUID else _hash(guid),
        url=url,
        canonical_url=canonical(url or "") or None,
        title=title,
        summary=cut(said, MOST_SUMMARY),
        content=content or None,
        published_at=published_at,
        date_quality=quality,
        author=cut(one_line(item.author), MOST_AUTHOR),
        image_url=without_user(absolute(base, item.image)),
        language=language_code(item.language),
        digest=digest,
        updated_at=None if updated_quality is DateQuality.FUTURE else updated_at,
    )


def _told_apart(entries: Sequence[ParsedEntry]) -> tuple[list[ParsedEntry], int]:
    """The entries with a guid each of its own, and how many needed one; repeats of the same entry are left out.

    All that share a guid are renamed, not all but the first: which one is first changes from poll to poll.
    """
    distinct: dict[tuple[str, str, str], ParsedEntry] = {}
    for entry in entries:
        distinct.setdefault((entry.guid, entry.canonical_url or "", entry.title), entry)
    sharing: dict[str, list[str]] = defaultdict(list)  # the links of the entries with a guid
    for guid, link, _ in distinct:
        sharing[guid].append(link)
    apart, renamed = [], 0
    for (guid, link, title), entry in distinct.items():
        links = sharing[guid]
        if len(links) > 1:
            # A link outlasts an edited headline.
            own = _hash(link) if len(set(links)) == len(links) else _hash(link, title)
            apart.append(replace(entry, guid=f"{guid}#{own}"))
            renamed += 1
        else:
            apart.append(entry)
    return apart, renamed


def _line(words: Words) -> str:
    return one_line(words.text, markup=words.markup)


def _text(words: Words) -> str:
    return paragraphs(words.text if words.markup else escape(words.text, quote=False).replace("\n", "<br>"))


def _html(words: Words) -> str:
    """The words as safe HTML."""
    if words.markup:
        return nh3.clean(fit(words.text)).strip()
    return escape(fit(words.text), quote=False).strip().replace("\n", "<br>")


def _hash(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
