"""The publishers and articles of the sample newsroom, read from the files beside this module.

`publishers.toml` holds who publishes what; `articles/` holds one file an article: a TOML head between two `+++` lines,
then paragraphs separated by empty lines (`## ` heads a section, `> ` quotes a post). A file named `<id>.day.md` is
what the day edition makes of the article `<id>`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from sectorwatch.domain import Side
from sectorwatch.errors import InputError

FENCE = "+++\n"
REVISION_SUFFIX = ".day"
REVISABLE = {"title", "summary", "minutes"}
"""What a revision may change beside the text; everything else, the truth included, stays as it was."""


class Edition(StrEnum):
    """What the newsroom shows: the baseline, or the baseline and the news of the day."""

    MORNING = "morning"
    DAY = "day"


class Presence(StrEnum):
    """How a feed answers."""

    ONLINE = "online"
    GONE = "gone"  # 410
    UNREACHABLE = "unreachable"  # nothing listens at its host


@dataclass(frozen=True, kw_only=True)
class FeedPlan:
    """One feed of a publisher."""

    id: str
    path: str
    title: str
    language: str
    format: str  # "rss20", "atom10", "rss10", "json11"
    encoding: str = "utf-8"
    validators: tuple[str, ...] = ("etag", "last-modified")
    full_text: bool = False  # entries carry the whole article as HTML
    guid: str = "link"  # "link": the article's address; "tag": a tag URI (RFC 4151)
    presence: Presence = Presence.ONLINE


@dataclass(frozen=True, kw_only=True)
class Furniture:
    """The words around an article in one language."""

    navigation: tuple[str, ...]
    read_also: str
    cookies: str
    accept: str
    footer: str


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """A publisher with its host, feeds and page layout."""

    id: str
    host: str
    name: str
    country: str  # ISO 3166 alpha-2
    side: Side
    feeds: tuple[FeedPlan, ...]
    layout: str = "plain"  # a file in templates/
    page_encoding: str = "utf-8"


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of an article's text: kind "p", "h2" or "blockquote"."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article as one edition shows it, and the truth about it."""

    id: str
    publisher: str
    feed: str
    section: str
    edition: Edition  # the first edition that has it
    minutes: int  # publication, relative to the anchor
    title: str
    summary: str
    body: str
    note: str  # why the newsroom has it
    expect: tuple[str, ...] = ()  # the sectors it is truly about
    alerts: bool = False  # followers of those sectors are told when the day edition comes out
    author: str = ""
    copy_of: str = ""  # the article whose story it belongs to
    day_guid: str = ""  # the GUID that the day edition lists it under
    related: tuple[str, ...] = ()  # articles linked as further reading
    status: int = 200  # what its page answers
    revised_minutes: int | None = None  # when its text was changed, relative to the anchor

    @property
    def path(self) -> str:
        return f"/{self.section}/{self.id.split('-', 1)[1]}"

    @property
    def last_minutes(self) -> int:
        """When it was last touched, relative to the anchor."""
        return self.minutes if self.revised_minutes is None else self.revised_minutes

    @property
    def story(self) -> str:
        """The id of the article that first told it."""
        return self.copy_of or self.id

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_block(part) for part in self.body.split("\n\n"))

    @property
    def text(self) -> str:
        """The written text without marks, paragraphs separated by newlines."""
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, kw_only=True)
class Library:
    """Everything the newsroom knows, before dates and addresses are filled in."""

    publishers: tuple[Publisher, ...]
    furniture: dict[str, Furniture]  # by language
    written: tuple[Article, ...]  # as first published
    revised: dict[str, Article]  # by id, as the day edition shows them

    def articles(self, edition: Edition) -> tuple[Article, ...]:
        """What `edition` shows, newest first."""
        shown = [article for article in self.written if edition is Edition.DAY or article.edition is Edition.MORNING]
        if edition is Edition.DAY:
            shown = [self.revised.get(article.id, article) for article in shown]
        return tuple(sorted(shown, key=lambda article: (-article.minutes, article.id)))


@lru_cache(maxsize=1)
def load_library() -> Library:
    """The bundled publishers and articles. Raises InputError naming the file that cannot be read."""
    here = files("sectorwatch.newsroom")
    tables = tomllib.loads(here.joinpath("publishers.toml").read_text("utf-8"))
    publishers = tuple(_publisher(table) for table in tables["publishers"])
    furniture = {language: Furniture(**_frozen(table)) for language, table in tables["furniture"].items()}
    written: dict[str, Article] = {}
    revisions: list[tuple[str, dict[str, Any], str]] = []
    for name, head, body in _read_articles(here.joinpath("articles")):
        if name.endswith(REVISION_SUFFIX):
            revisions.append((name.removesuffix(REVISION_SUFFIX), head, body))
        else:
            written[name] = _article(name, head, body)
    revised = {name: _revision(written, name, head, body) for name, head, body in revisions}
    return Library(publishers=publishers, furniture=furniture, written=tuple(written.values()), revised=revised)


def _read_articles(folder: Traversable) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Name, head and text of each article file, in the order of their names."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".md"):
            continue
        opening, *rest = path.read_text("utf-8").split(FENCE, 2)
        if opening or len(rest) != 2:
            raise InputError(f"{path.name}: the head must stand between two +++ lines at the top")
        try:
            head = tomllib.loads(rest[0])
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"{path.name}: {error}") from error
        yield path.name.removesuffix(".md"), head, rest[1].strip()


def _frozen(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _publisher(table: dict[str, Any]) -> Publisher:
    feeds = tuple(
        FeedPlan(**{**_frozen(feed), "presence": Presence(feed.get("presence", "online"))}) for feed in table["feeds"]
    )
    return Publisher(**{**table, "side": Side(table["side"]), "feeds": feeds})


def _article(name: str, head: dict[str, Any], body: str) -> Article:
    try:
        return Article(**{**_frozen(head), "id": name, "edition": Edition(head["edition"]), "body": body})
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{name}.md: {error}") from error


def _revision(written: dict[str, Article], name: str, head: dict[str, Any], body: str) -> Article:
    if name not in written or not head.keys() <= REVISABLE:
        raise InputError(
            f"{name}{REVISION_SUFFIX}.md: a revision needs {name}.md, and changes {sorted(REVISABLE)} only"
        )
    first = written[name]
    return replace(
        first,
        title=head.get("title", first.title),
        summary=head.get("summary", first.summary),
        revised_minutes=head["minutes"],
        body=body,
    )


def _block(part: str) -> Block:
    """A paragraph of the file as a block; lines within it are joined."""
    lines = part.splitlines()
    for mark, kind in (("## ", "h2"), ("> ", "blockquote")):
        if part.startswith(mark):
            return Block(kind=kind, text=" ".join(line.removeprefix(mark).strip() for line in lines))
    return Block(kind="p", text=" ".join(line.strip() for line in lines))
