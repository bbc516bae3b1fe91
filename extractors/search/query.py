"""What a query asks for: names of sectors and places in all their forms, other words with their endings, filters.

    Куп'янськ            every form in every language, and every article in which the sector was found
    дрони  "дрони над"   the word with other endings; the words as they stand, one after another
    обстріл*             whatever begins so
    sector: place: source: lang: since: until:

Everything else in a query is a word or nothing: there are no other operators. What is written like one, sectr:kupiansk,
is refused where one of these was probably meant; else (EU:n, Reuters:Lyman) it is words, and known as no operator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cached_property, lru_cache

from extractors.gazetteer import Gazetteer, Place
from extractors.search.inflection import word_forms
from extractors.text import plain, search_form
from sectorwatch.domain import SearchQuery, SearchTerm, primary_language
from sectorwatch.errors import ConfigurationError
from sectorwatch.moments import moment
from sectorwatch.nearest import meant, nearest

LONGEST = 1_000  # characters of a query
MOST_TERMS = 32
_PREFIX = 3  # letters before a *: fewer begin half of all words
_TERMS_KEPT = 100
_SAME_NAME = 4  # first letters that forms of one name share: Kupiansk, Kupiansky
FILTERS = ("sector", "place", "source", "lang", "since", "until")

_ALSO_CALLED = {  # what other searches call them
    "language": "lang", "publisher": "source", "site": "source", "after": "since", "before": "until",
}  # fmt: skip
_NEAR = 0.7  # of 1: how much of a misspelt operator is right; "title" is no "until"

_QUOTES = str.maketrans(dict.fromkeys("«»“”„‟", '"'))
_PART = re.compile(
    rf'(?<!\S)(?P<filter>{"|".join(FILTERS)}):(?:"(?P<quoted>[^"]*)"|(?P<value>\S+))'
    r'|(?<!\S)(?P<unknown>[^\W\d_]+):(?=[^\s/])|"(?P<phrase>[^"]*)"',
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORD = re.compile(r"[^\W_]+")
_GENERIC = re.compile(  # beside the name of a sector these are part of it, in whatever language it was written
    r"(?:напрям|направлен|сектор|фронт|ділянк|участ[ок]к)\w{0,4}|sectors?|directions?|axis|axes|front"
)


def understand(query: str, gazetteer: Gazetteer, now: datetime) -> SearchQuery:
    """What is looked for; "since:7d" counts back from `now`.

    Raises ConfigurationError for too long a query, an empty one, a misspelt operator, and a filter's wrong value.
    """
    if len(query) > LONGEST:
        raise ConfigurationError(f"a search takes {LONGEST:,} characters at most, and this one has {len(query):,}")
    asked = _Asked(names=_names(gazetteer), now=now)
    text, done = query.translate(_QUOTES), 0
    for part in _PART.finditer(text):
        if part["unknown"] is not None:  # and its words are read with those around it
            asked.unknown_operator(part["unknown"])
            continue
        asked.words(text[done : part.start()])
        done = part.end()
        if part["phrase"] is not None:
            asked.phrase(part["phrase"])
        else:
            value = part["quoted"] if part["quoted"] is not None else part["value"]
            asked.filter(part["filter"].lower(), value.replace("\0", "").strip())
    asked.words(text[done:])
    return asked.query()


@dataclass
class _Asked:
    """A query as far as it has been read."""

    names: _Names
    now: datetime
    terms: list[SearchTerm] = field(default_factory=list)
    filters: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def words(self, text: str) -> None:
        """Names first, the longest; what lies between them is words."""
        written, done = plain(text), 0
        for start, end, term in self.names.found_in(written):
            self._plain_words(written[done:start])
            self.terms.append(term)
            done = end
        self._plain_words(written[done:])

    def _plain_words(self, written: str) -> None:
        kept = search_form(written)
        for match in _WORD.finditer(kept):
            word = match[0]
            if kept[match.end() : match.end() + 1] != "*":
                self.terms.append(SearchTerm(given=word, phrases=tuple((form,) for form in word_forms(word))))
            elif len(word) >= _PREFIX:
                self.terms.append(SearchTerm(given=f"{word}*", phrases=((word,),), prefix=True))
            else:
                raise ConfigurationError(f"{word}*: give {_PREFIX} letters at least before a *")

    def phrase(self, text: str) -> None:
        if words := words_of(text):
            self.terms.append(SearchTerm(given=f'"{" ".join(words)}"', phrases=(words,)))

    def filter(self, name: str, value: str) -> None:
        if not value:
            raise ConfigurationError(f"{name}: says nothing; write for example {_EXAMPLES[name]}")
        if name in ("sector", "place"):
            found = self.names.sectors(value) if name == "sector" else self.names.places(value)
            self.terms.append(SearchTerm(given=f"{name}:{value}", mentions=tuple(found)))
        else:
            self.filters.setdefault(name, []).append(value)

    def unknown_operator(self, name: str) -> None:
        near = get_close_matches(name.lower(), [*FILTERS, *_ALSO_CALLED], n=1, cutoff=_NEAR)
        if near:
            operator = _ALSO_CALLED.get(near[0], near[0])
            raise ConfigurationError(
                f"there is no operator '{name}:'; did you mean '{operator}:'? (as a word, write it without the colon)"
            )
        self.unknown.append(name)

    def query(self) -> SearchQuery:
        if not self.terms and not self.filters:
            raise ConfigurationError(
                f'nothing to look for: give words, a "phrase" in quotes, or a filter such as {_EXAMPLES["sector"]}'
            )
        if len(self.terms) > MOST_TERMS:
            raise ConfigurationError(f"a search takes {MOST_TERMS} words at most, and this one has {len(self.terms)}")
        since = [moment(value, self.now, "since:") for value in self.filters.get("since", ())]
        until = [self._until(value) for value in self.filters.get("until", ())]
        return SearchQuery(
            terms=tuple(self.terms),
            sources=tuple(self.filters.get("source", ())),
            languages=tuple(primary_language(tag) for tag in self.filters.get("lang", ())),
            since=max(since, default=None),
            until=min(until, default=None),
            no_operators=tuple(self.unknown),
        )

    def _until(self, value: str) -> datetime:
        """A day is meant to its end."""
        at = moment(value, self.now, "until:")
        return at + timedelta(days=1) if _DAY.fullmatch(value) else at


_EXAMPLES = {
    "sector": "sector:kupiansk",
    "place": "place:oskil",
    "source": "source:bbc",
    "lang": "lang:uk",
    "since": "since:7d or since:2026-03-01",
    "until": "until:2026-03-01",
}


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as the index has them."""
    return tuple(_WORD.findall(search_form(text)))


# --------------------------------------------------------------------------------------------------------------- names


@lru_cache(maxsize=1)
def _names(gazetteer: Gazetteer) -> _Names:
    """To sort the forms by their names takes 0.1 s, and a gazetteer never changes."""
    return _Names(gazetteer)


class _Names:
    """The names of sectors and places that a query may hold."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._term = lru_cache(maxsize=_TERMS_KEPT)(self._made_term)  # of hundreds of forms: 20 ms

    def found_in(self, written: str) -> Iterator[tuple[int, int, SearchTerm]]:
        """Where names stand in a normalised text, in order, each with what it asks for."""
        done = 0
        for hit in self.gazetteer.matcher.find(written):
            start, end = hit.start, hit.end
            if start < done or written[end : end + 1] == "*":
                continue
            before, after = _neighbours(written, done, start, end)
            form = written[start:end]
            term = self._term(form, of_sector=before is not None or after is not None)
            if term is None:
                continue
            if any(not place for _, place in term.mentions):
                start, end = before or start, after or end
            yield start, end, term
            done = end

    def _made_term(self, form: str, *, of_sector: bool) -> SearchTerm | None:
        """All forms of the name that `form` is one of; None for an adjective that means nothing of ours by itself."""
        targets = {reading.target for reading in self.gazetteer.forms[form]}
        places = {target for target in targets if not target.startswith("@")}
        sectors = {target[1:] for target in targets - places}
        named = {sector for sector in sectors if of_sector or _start(form) in self._starts(sector)}
        named |= {id_ for place in places for id_ in self._named_after(place)}
        for sector in named:
            places |= {one.id for one in self._eponyms(sector) if of_sector or not places}
        if not places and not named:
            return None
        forms = {form}.union(*(self._forms[place] for place in places))
        starts = {_start(one) for one in forms}
        for sector in named:
            forms |= {one for one in self._forms[f"@{sector}"] if _start(one) in starts}
        of_places = {(one.sector.id, place) for place in places for one in self.gazetteer.places.get(place, ())}
        phrases = {words for one in forms if (words := words_of(one))}
        mentions = {(sector, place) for sector, place in of_places if sector not in named}
        mentions |= {(sector, "") for sector in named}
        return SearchTerm(given=form, phrases=tuple(sorted(phrases)), mentions=tuple(sorted(mentions)))

    def sectors(self, value: str) -> list[tuple[str, str]]:
        """The sectors that a filter names, by id or in any form. Raises ConfigurationError for none."""
        known = self.gazetteer.sectors
        written = plain(value)
        if written in known:
            return [(written, "")]
        targets = {reading.target for reading in self.gazetteer.forms.get(written, ())}
        found = {target[1:] for target in targets if target.startswith("@")}
        found |= {
            id_ for id_, one in known.items() if plain(value) in map(plain, (one.name, *one.translations.values()))
        }
        found |= {id_ for target in targets for id_ in self._named_after(target)}
        if not found:
            raise ConfigurationError(f"there is no sector {value!r}; {meant(value, known)}")
        return [(sector, "") for sector in sorted(found)]

    def places(self, value: str) -> list[tuple[str, str]]:
        """The places that a filter names, by id or in any form. Raises ConfigurationError for none."""
        known = self.gazetteer.places
        targets = {reading.target for reading in self.gazetteer.forms.get(plain(value), ())} | {value.lower()}
        found = sorted((one.sector.id, place) for place in targets & known.keys() for one in known[place])
        if not found:
            near = nearest(value, [*known, *(members[0].place.name for members in known.values())])
            hint = ": 'sectorwatch sectors show SECTOR' has their ids" if near is None else f"; did you mean {near!r}?"
            raise ConfigurationError(
                f"there is no place {value!r} in a watched sector{hint} (without place: it is an ordinary word)"
            )
        return found

    @cached_property
    def _forms(self) -> dict[str, list[str]]:
        """The forms of each name."""
        found: dict[str, list[str]] = {f"@{sector}": [] for sector in self.gazetteer.sectors}
        for form, readings in self.gazetteer.forms.items():
            for reading in readings:
                found.setdefault(reading.target, []).append(form)
        return found

    def _starts(self, sector: str) -> set[str]:
        """How the sector's own names begin, in its languages."""
        one = self.gazetteer.sectors[sector]
        return _starts_of([one.id, one.name, *one.translations.values(), *(alias.text for alias in one.names)])

    def _named_after(self, place: str) -> Iterator[str]:
        """The sectors that have their name from a place."""
        for member in self.gazetteer.places.get(place, ()):
            if place in {one.id for one in self._eponyms(member.sector.id)}:
                yield member.sector.id

    def _eponyms(self, sector: str) -> list[Place]:
        one = self.gazetteer.sectors[sector]
        starts = self._starts(sector)
        return [
            place
            for place in one.places
            if place.anchor and not starts.isdisjoint(_starts_of(alias.text for alias in place.names))
        ]


def _starts_of(names: Iterable[str]) -> set[str]:
    return {_start(plain(name)) for name in names}


def _start(form: str) -> str:
    return search_form(form)[:_SAME_NAME]


def _neighbours(written: str, floor: int, start: int, end: int) -> tuple[int | None, int | None]:
    """Where a word such as "sector" begins before a name, and ends behind it; None where there is none."""
    words = list(_WORD.finditer(written, floor, start))
    before = words[-1] if words and not written[words[-1].end() : start].strip() else None
    after = _WORD.search(written, end)
    return (
        before.start() if before and _GENERIC.fullmatch(before[0]) else None,
        after.end() if after and not written[end : after.start()].strip() and _GENERIC.fullmatch(after[0]) else None,
    )
