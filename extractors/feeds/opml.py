"""Lists of feeds: OPML as it is found in the wild, and plain lists of addresses.

Two thirds of public OPML files are no well-formed XML, so no XML parser reads them here: outlines are looked for, and
each is read by itself. Entities that a file declares are not expanded, and nothing that it refers to is opened. The
time it takes grows with the length of the file alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from html import unescape

from extractors.charset import decode
from extractors.declared import language_code
from extractors.markup import one_line
from extractors.urls import absolute

MOST_BYTES = 20_000_000
MOST_FEEDS = 50_000
_MOST_ATTRIBUTE = 10_000  # characters; a quote that is not closed within them never is
_MOST_SHOWN = 80
_MOST_NAME = 500
_FOLDER_DEPTH = 20
_OWN = "sectorwatch:"

_TOKEN = re.compile(r"<!--|<!\[CDATA\[|<(/?)outline(?=[\s/>])", re.IGNORECASE)
_NAME = re.compile(r"[\s/]*([^\s=\"'<>/]+)\s*(=?)\s*")
_PAIR = re.compile(r"\b(xmlUrl|text|title)=[\"']([^\"'<>]{1,2000})[\"']", re.IGNORECASE)
_END = re.compile(r"[\s/]*>")
_BARE = re.compile(r"[^\s<>]*")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACE = re.compile(r"\s+")
_LISTED = re.compile(r'"([^"]*)"')
_SIDES = frozenset({"ukrainian", "russian", "international", "official"})


@dataclass(frozen=True, kw_only=True)
class ListedFeed:
    """A feed as a list has it; "" for what the list does not say."""

    line: int
    url: str
    title: str = ""
    folder: str = ""  # the folders it lies in, from the outermost on, divided by " / "
    language: str = ""
    publisher: str = ""
    country: str = ""
    side: str = ""


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """What a list has that cannot be taken."""

    line: int
    what: str
    reason: str


@dataclass(kw_only=True)
class FeedList:
    feeds: list[ListedFeed] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # survived, in plain words


@dataclass
class _Tag:
    attributes: dict[str, str]
    end: int  # where the text goes on
    closed: bool = False  # has no content
    broken: str = ""


def read_list(body: bytes) -> FeedList:
    """The feeds of an OPML file or a list of addresses, one a line; never raises for what the bytes are."""
    found = FeedList()
    decoded = decode(body)
    text = decoded.text
    if decoded.problem:
        found.problems.append(decoded.problem)
    if "<outline" not in text.lower() and "&lt;outline" in text.lower():
        text = unescape(text)
        found.problems.append("the whole file is escaped as HTML: read as if it were not")
    if "<outline" in text.lower() or "<opml" in text[:2_000].lower():
        _read_outlines(text, found)
    else:
        _read_lines(text, found)
    if len(found.feeds) > MOST_FEEDS:
        found.problems.append(f"only the first {MOST_FEEDS:,} of {len(found.feeds):,} feeds are taken")
        del found.feeds[MOST_FEEDS:]
    return found


def _read_outlines(text: str, found: FeedList) -> None:
    lines = [match.start() for match in re.finditer("\n", text)]
    names: list[str] = []  # of the open folders
    open_ones: list[bool] = []  # for each open outline, whether it is a folder
    never: set[str] = set()  # what ends comments, where no such end is left
    position = 0
    while (token := _TOKEN.search(text, position)) is not None:
        position = token.end()
        if token[1] is None:
            closing = "-->" if token[0] == "<!--" else "]]>"
            end = -1 if closing in never else text.find(closing, position)
            if end < 0:
                never.add(closing)
            position = max(position, end)
            continue
        if token[1]:
            if open_ones and open_ones.pop():
                names.pop()
            continue
        line = bisect_right(lines, token.start()) + 1
        tag = _tag(text, position)
        if "xmlurl" not in tag.attributes and (rescued := _rescued(text, position)) is not None:
            tag = rescued
        position = tag.end
        if tag.broken:
            what = _shown(text[token.start() : token.start() + 200])
            found.skipped.append(Skipped(line=line, what=what, reason=tag.broken))
            continue
        name = _words(tag.attributes.get("text") or tag.attributes.get("title") or "", tag.attributes)
        feed, reason = _feed(tag.attributes, name, names, line)
        if feed is not None:
            found.feeds.append(feed)
        elif reason:
            what = name or tag.attributes.get("xmlurl") or "an outline without text"
            found.skipped.append(Skipped(line=line, what=_shown(what), reason=reason))
        if not tag.closed:
            folder = feed is None and not reason
            open_ones.append(folder)
            if folder:
                names.append(name)
    if open_ones:
        found.problems.append(f"outlines that are not closed: {len(open_ones)}; the file may be cut off")


def _words(text: str, said: dict[str, str]) -> str:
    """A name on one line. Other programs write HTML into names; we do not."""
    return one_line(text, markup=not any(key.startswith(_OWN) for key in said))[:_MOST_NAME]


def _tag(text: str, position: int) -> _Tag:
    """The attributes that start here, up to the end of the tag."""
    attributes: dict[str, str] = {}
    while True:
        match = _NAME.match(text, position)
        if match is None:
            end = _END.match(text, position)
            if end is not None:
                return _Tag(attributes, end.end(), closed="/" in end[0])
            if text[position : position + 1] in ("'", '"', "="):
                position += 1  # a quote too many, as in: description="the "new" one"
                continue
            return _Tag(attributes, position, broken="the outline does not end: a quote or '>' is missing")
        position = match.end()
        if not match[2]:
            continue
        quote = text[position : position + 1]
        if quote in ("'", '"') and quote:
            end_at = text.find(quote, position + 1, position + _MOST_ATTRIBUTE)
            if end_at < 0 or "<outline" in text[position:end_at].lower():
                return _Tag(attributes, position, broken=f"the quote of its attribute {_shown(match[1])} is not closed")
            value, position = text[position + 1 : end_at], end_at + 1
        else:
            bare = _BARE.match(text, position)
            value, position = (bare[0], bare.end()) if bare else ("", position)
        attributes.setdefault(match[1].lower(), _unescaped(value))


def _rescued(text: str, position: int) -> _Tag | None:
    """What can be told of an outline whose quotes do not match: its address and its name; None without an address."""
    following = _TOKEN.search(text, position, position + _MOST_ATTRIBUTE)
    end = following.start() if following else min(len(text), position + _MOST_ATTRIBUTE)
    found = {match[1].lower(): _unescaped(match[2]) for match in _PAIR.finditer(text, position, end)}
    return _Tag(found, end, closed="/>" in text[position:end]) if "xmlurl" in found else None


def _unescaped(value: str) -> str:
    """The value without references; a bare "&" stays, also before what HTML would take for one ("&copy=1")."""
    return _ENTITY.sub(lambda match: unescape(match[0]), value).strip()


def _feed(said: dict[str, str], name: str, folders: list[str], line: int) -> tuple[ListedFeed | None, str]:
    """The feed of an outline; or None and why it is none; or None and "" for a folder."""
    kind = said.get("type", "").lower()
    given = said.get("xmlurl") or (said.get("url", "") if kind in ("rss", "atom", "feed") else "")
    if not given:
        page = said.get("htmlurl") or said.get("url")
        if page:
            return None, f"it names no feed (xmlUrl): 'sectorwatch feeds check {_shown(page)}' may find it"
        if kind in ("rss", "atom"):
            return None, "it names no feed (xmlUrl)"
        return None, ""
    url, reason = address(given)
    if not url:
        return None, reason
    own = {key.rpartition(":")[2]: value for key, value in said.items() if key.startswith(_OWN)}
    country, side = own.get("country", "").upper(), own.get("side", "").lower()
    return (
        ListedFeed(
            line=line,
            url=url,
            title=_words(said.get("title") or "", said) or name,
            folder=" / ".join(filter(None, folders[:_FOLDER_DEPTH]))[:_MOST_NAME],
            language=language_code(said.get("language", "")),
            publisher=_words(own.get("publisher", ""), said),
            country=country if len(country) == 2 and country.isalpha() else "",
            side=side if side in _SIDES else "",
        ),
        "",
    )


def address(given: str) -> tuple[str, str]:
    """A web address from what stands in a list, or "" and why it is none."""
    text = _SPACE.sub("%20", given.strip())
    if text.lower().startswith("feed:"):  # feed://host/path and feed:https://host/path
        rest = text[5:]
        text = f"http:{rest}" if rest.startswith("//") else rest
    if "://" not in text and re.match(r"[\w-]+(\.[\w-]+)+(/|$)", text):
        text = f"https://{text}"
    url = absolute("", text).partition("#")[0]
    if url and "@" not in url.split("/")[2]:
        return url, ""
    if url:
        return "", "its address names a user: such addresses are refused"
    scheme = text.partition(":")[0].lower() if "://" in text else ""
    if scheme and scheme not in ("http", "https"):
        return "", f"its address begins with {_shown(scheme)}:, and only http and https are polled"
    return "", f"it is no web address such as https://news.example.org/rss: {_shown(given)}"


def _read_lines(text: str, found: FeedList) -> None:
    """A list of addresses, one a line, as newsboat writes it: tags in quotes may follow, one with "~" is the title."""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip().lstrip("\ufeff")
        if not words or words.startswith(("#", "//")):
            continue
        given, _, rest = words.partition(" ")
        url, reason = address(given)
        if not url:
            found.skipped.append(Skipped(line=number, what=_shown(words), reason=reason))
            continue
        tags = _LISTED.findall(rest)
        title = next((tag[1:] for tag in tags if tag.startswith("~")), "")
        folder = next((tag for tag in tags if not tag.startswith("~")), "")
        found.feeds.append(ListedFeed(line=number, url=url, title=one_line(title), folder=one_line(folder)))


def _shown(text: str) -> str:
    flat = one_line(text, markup=False)
    return flat if len(flat) <= _MOST_SHOWN else f"{flat[:_MOST_SHOWN]}…"
