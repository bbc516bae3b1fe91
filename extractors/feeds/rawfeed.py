"""A feed's own words before anything is made of them: what the readers of XML and of JSON have in common."""

from __future__ import annotations

from dataclasses import dataclass
from time import struct_time


@dataclass(frozen=True, kw_only=True)
class Words:
    """A text as it stands in a feed, and whether tags and entities in it are markup or letters."""

    text: str = ""
    markup: bool = True


@dataclass(frozen=True, kw_only=True)
class RawItem:
    """An item; "" for what is missing."""

    guid: str = ""
    link: str = ""
    title: Words = Words()
    summary: Words = Words()
    content: Words = Words()
    published: str = ""
    published_read: struct_time | None = None  # by feedparser, in UTC
    updated: str = ""
    updated_read: struct_time | None = None
    author: str = ""
    image: str = ""  # address of its picture, as given
    language: str = ""

    @property
    def empty(self) -> bool:
        return not (self.guid or self.link or self.title.text or self.summary.text or self.content.text)


@dataclass(frozen=True, kw_only=True)
class RawFeed:
    format: str  # "" when no version of any format was recognised
    title: Words
    language: str
    link: str
    items: tuple[RawItem, ...]
    minutes: float = 0  # the publisher's hint of how often to come; 0: none
    skip_hours: frozenset[int] = frozenset()  # in which the publisher wants nobody to come, GMT
    skip_days: frozenset[int] = frozenset()  # Monday is 0
    problems: tuple[str, ...] = ()
