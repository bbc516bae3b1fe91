"""What every public page needs: its words, where its links lead, and times as its reader has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request

from alerts.phrases import Phrases, phrases_of
from alerts.plain import MAX_EXCERPT, Excerpt, excerpt, plain, safe_link, shorten, visible
from alerts.schedule import zone_of
from sectorwatch.domain import Side, primary_language, utc
from sectorwatch.web.words.public import LANGUAGES, PublicWords, public_words

MAX_TITLE = 300  # characters of a headline
MAX_NAME = 80


@dataclass(frozen=True, kw_only=True)
class Site:
    """The site as one request sees it. Links are relative: a proxy may serve it below any address."""

    words: PublicWords
    phrases: Phrases
    zone: ZoneInfo
    root: str  # leads from the page to the front page: "./", "../"
    path: str
    query: Mapping[str, str]
    chosen: str  # the language named in the address, "" for that of the browser
    inside: bool = False  # an operator sees what nobody else may

    @classmethod
    def of(cls, request: Request, zone: str) -> Site:
        """The site for a request."""
        named = request.query_params.get("lang", "")
        chosen = named if named in LANGUAGES else ""
        words = public_words(language_of(request))
        path = request.url.path
        return cls(
            words=words,
            phrases=phrases_of(words.language),
            zone=zone_of(zone),
            root=root_of(request),
            path=path.lstrip("/"),
            query={name: value for name, value in request.query_params.items() if name != "lang"},
            chosen=chosen,
        )

    def link(self, path: str, /, **query: str) -> str:
        """The address of a page of ours, in the language that was chosen."""
        asked = {name: value for name, value in (*query.items(), ("lang", self.chosen)) if value}
        return f"{self.root}{path}" + (f"?{urlencode(asked)}" if asked else "")

    def here(self, /, **changes: str) -> str:
        """This page with other values in its address."""
        return self.link(self.path, **{**self.query, **changes})

    @property
    def query_of_list(self) -> dict[str, str]:
        """The query without the place in a list: that of all that it has."""
        return {name: value for name, value in self.query.items() if name not in ("page", "before")}

    def others(self) -> list[tuple[str, str, str]]:
        """The page in the other languages: tag, name of the language in itself, address."""
        asked = {name: value for name, value in self.query.items() if value}
        return [
            (words.language, words.name, f"{self.root}{self.path}?{urlencode({**asked, 'lang': words.language})}")
            for words in LANGUAGES.values()
            if words is not self.words
        ]

    def time(self, moment: datetime) -> str:
        return self.phrases.moment(utc(moment).astimezone(self.zone))

    def side(self, side: Side) -> str:
        return self.phrases.sides.get(side, self.words.unknown_side)

    @staticmethod
    def title(words: str) -> str:
        """A headline of somebody's, made plain and short."""
        return shorten(plain(words), MAX_TITLE)

    def publisher(self, name: str) -> str:
        return shorten(plain(name), MAX_NAME) or self.phrases.unknown_publisher

    @staticmethod
    def quote(sentence: str, start: int, end: int) -> Excerpt:
        return excerpt(sentence, start, end)

    @staticmethod
    def marked(sentence: str, matches: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
        """The pieces of a sentence, made plain and cut, and whether each matches."""
        pieces, done, room = list[tuple[str, bool]](), 0, MAX_EXCERPT
        for start, end in (*matches, (len(sentence), len(sentence))):
            for text, match in ((sentence[done:start], False), (sentence[start:end], True)):
                shown = shorten(visible(text), max(room, 1))
                pieces += [(shown, match)] if shown and room > 0 else []
                room -= len(shown)
            done = end
        return pieces

    @staticmethod
    def lines(text: str) -> str:
        """A whole text, line by line."""
        return "\n".join(visible(line) for line in text.splitlines())

    @staticmethod
    def whole(text: str, matches: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
        """The pieces of a whole text, and whether each matches."""
        pieces, done = list[tuple[str, bool]](), 0
        for start, end in sorted(set(matches)):
            if start >= done:
                pieces += [(text[done:start], False), (text[start:end], True)]
                done = end
        return [(Site.lines(piece), match) for piece, match in (*pieces, (text[done:], False)) if piece]

    @staticmethod
    def outside(url: str | None) -> str | None:
        """A link to somebody's page, where a reader may be led."""
        return safe_link(url)


def root_of(request: Request) -> str:
    """What leads from the address that is asked for to the front page: "./", "../"."""
    return "../" * (request.url.path.count("/") - 1) or "./"


def language_of(request: Request) -> str:
    """The language named in the address, else the one of ours that the browser asks for first, else English."""
    named = request.query_params.get("lang", "")
    wanted = [named, *map(primary_language, _asked_for(request.headers.get("accept-language", "")))]
    return next((language for language in wanted if language in LANGUAGES), "en")


def _asked_for(header: str) -> list[str]:
    """The tags of an Accept-Language header (RFC 9110, section 12.5.4), the most wanted first."""
    weights = dict[str, float]()
    for choice in header.split(","):
        tag, _, parameters = choice.partition(";")
        name, _, weight = parameters.partition("=")
        with suppress(ValueError):
            weights[tag.strip()] = float(weight) if name.strip() == "q" else 1.0
    return sorted((tag for tag, weight in weights.items() if weight > 0), key=lambda tag: -weights[tag])
