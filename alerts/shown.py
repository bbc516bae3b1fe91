"""What a reader is shown of an alert, in words and already safe: the text and the HTML say the same of it."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.plain import Excerpt


@dataclass(frozen=True, kw_only=True)
class ShownArticle:
    publisher: str
    side: str  # in words, "" when unknown
    time: str  # in the reader's zone, with its name
    quote: Excerpt
    link: str | None

    @property
    def origin(self) -> str:
        """Who says it, on which side, and when."""
        return " · ".join(part for part in (self.publisher, self.side, self.time) if part)


@dataclass(frozen=True, kw_only=True)
class Shown:
    heading: str  # sector and headline
    sector: str
    headline: str
    lead: ShownArticle | None
    others: str  # who else reports it, "" for nobody
    why: str
    story_link: str | None  # in our own web page
