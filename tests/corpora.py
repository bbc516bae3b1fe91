"""What the collections of feeds expect of their readers, as claims about the fields that we keep.

feedparser's files say it in a comment, as a Python expression over its own result (`entries[0]['title'] == 'x'`);
gofeed's in a JSON beside each feed. Nothing is evaluated: comparisons with a literal are taken out of the expression's
tree. What a claim says of markup is compared as a reader would see it, since we keep plain titles and summaries.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from sectorwatch.domain import ParsedFeed

_EXPECT = re.compile(r"Expect:\s*(.*?)\s*(?:-->|\n)", re.DOTALL)
_HEADER = re.compile(r"^\s*Header:\s*([\w-]+):[ \t]*(.*?)\s*$", re.MULTILINE)
_VERSIONS = {"rss090", "rss091n", "rss091u", "rss092", "rss093", "rss094", "rss10", "rss20", "atom03", "atom10"}
# Fields of a feed and of an entry, by the names that the expectations use; "" stands for what follows the number.
_OF_FEED = {"title": "title", "title_detail.value": "title", "link": "link", "language": "language"}
_OF_ENTRY = {
    "title": "title",
    "title_detail.value": "title",
    "description": "summary",
    "summary": "summary",
    "summary_detail.value": "summary",
    "content.0.value": "content",
    "link": "link",
    "id": "guid",
    "guid": "guid",
    "author": "author",
    "author_detail.name": "author",
    "published_parsed": "date",
    "updated_parsed": "date",
    "created_parsed": "date",
    "title_detail.language": "language",
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What one field should be. `entry` is its number, None for the feed's own fields."""

    field: str
    entry: int | None = None
    value: object

    def __str__(self) -> str:
        return self.field if self.entry is None else f"entry {self.entry} {self.field}"


@dataclass(frozen=True, kw_only=True)
class Case:
    body: bytes
    headers: dict[str, str]  # names in lower case
    claims: list[Claim]


def feedparser_case(file: Path) -> Case:
    """A file of feedparser's: its claims, and the HTTP headers that it assumes."""
    body = file.read_bytes()
    text = _readable(body)
    found = _EXPECT.search(text)
    headers = {name.lower(): value for name, value in _HEADER.findall(text)}
    return Case(body=body, headers=headers, claims=list(_claims(found[1])) if found else [])


def gofeed_case(file: Path) -> Case:
    """A file of gofeed's; no JSON beside it, no claims."""
    beside = file.with_suffix(".json")
    expected = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    return Case(body=file.read_bytes(), headers={}, claims=list(_of_json(expected)))


def differs(feed: ParsedFeed, claim: Claim) -> bool:
    """Whether the feed does not bear the claim out."""
    found, value = _ours(feed, claim), claim.value
    if claim.field == "language":
        return found != str(value or "").partition("-")[0]
    if claim.field in ("title", "summary", "content", "author"):
        ours = seen(str(found)) if claim.field == "content" else _dense(str(found))
        return ours not in (_dense(str(value)), seen(str(value)))
    return found != value


def seen(markup: str) -> str:
    """The words of some markup without spaces, as a browser shows them: by another parser than the product's."""
    words: list[str] = []
    reader = HTMLParser()
    reader.handle_data = words.append  # type: ignore[method-assign]
    reader.feed(markup)
    reader.close()
    return _dense(unescape("".join(words)))


def _dense(text: str) -> str:
    return "".join(text.split())


def _ours(feed: ParsedFeed, claim: Claim) -> object:
    if claim.field == "entries":
        return len(feed.entries)
    if claim.entry is None:
        return {"title": feed.title, "link": feed.link, "language": feed.language, "format": feed.format}[claim.field]
    if claim.entry >= len(feed.entries):
        return None
    entry = feed.entries[claim.entry]
    match claim.field:
        case "link":
            return entry.url
        case "content":
            return entry.content or entry.summary
        case "date":
            return entry.published_at
    return getattr(entry, claim.field)


def _readable(body: bytes) -> str:
    """The text as far as its comment is concerned; also of the wide charsets."""
    for charset in ("utf-32", "utf-16"):
        if body.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
            try:
                return body.decode(charset)
            except UnicodeDecodeError:
                continue
    return body.decode("latin-1")


def _claims(expression: str) -> Iterator[Claim]:
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except SyntaxError:
        return
    for part in tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]:
        if isinstance(part, ast.Compare) and len(part.ops) == 1 and isinstance(part.ops[0], ast.Eq):
            try:
                value = ast.literal_eval(part.comparators[0])
            except ValueError:
                continue
            yield from _claim(ast.unparse(part.left), value)


def _claim(left: str, value: object) -> Iterator[Claim]:
    if left == "len(entries)":
        yield Claim(field="entries", value=value)
        return
    path = [name.strip("'") for name in re.findall(r"'\w+'|\w+", left)]
    if path[0] == "version" and value in _VERSIONS:
        yield Claim(field="format", value=value)
    if path[0] in ("feed", "channel") and (field := _OF_FEED.get(".".join(path[1:]))):
        yield Claim(field=field, value=value)
    if path[0] in ("entries", "items") and (field := _OF_ENTRY.get(".".join(path[2:]))):
        yield Claim(field=field, entry=int(path[1]), value=_moment(value) if field == "date" else value)


def _moment(value: object) -> object:
    """The moment that the nine numbers of a struct_time name."""
    if isinstance(value, tuple) and len(value) == 9:
        return datetime(*value[:6], tzinfo=UTC)
    return value


def _of_json(expected: dict[str, Any]) -> Iterator[Claim]:
    for name in ("title", "language"):
        if name in expected:
            yield Claim(field=name, value=expected[name])
    items = expected.get("items", expected.get("entries"))
    if items is not None:
        yield Claim(field="entries", value=len(items))
    for number, item in enumerate(items or ()):
        for name, field in (("title", "title"), ("guid", "guid"), ("id", "guid"), ("link", "link")):
            if name in item:
                value = item[name]["value"] if isinstance(item[name], dict) else item[name]
                yield Claim(field=field, entry=number, value=value)
        for name, field in (("description", "summary"), ("summary", "summary"), ("content", "content")):
            if isinstance(item.get(name), str):
                yield Claim(field=field, entry=number, value=item[name])
        date = next((item[name] for name in ("publishedParsed", "pubDateParsed", "updatedParsed") if name in item), "")
        if date:
            yield Claim(field="date", entry=number, value=datetime.fromisoformat(date))
