"""What surrounds the candidates of an article: its paragraphs, cue words, sector phrases and neighbours.

Everything a score needs is found once for an article and asked for by place. Windows are bounded, so that the time
grows with the length of the text and not with its square.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from functools import cached_property
from typing import NamedTuple

from extractors.asides import Span, asides, blanked, inside
from extractors.detection.bearings import bearings
from extractors.detection.origins import of_a_fighter
from extractors.detection.themes import Theme, past_years, war_year
from extractors.gazetteer import Gazetteer, Hit, Reading, Sense, adjectival
from extractors.gazetteer.lexicon import DOUBLE, Cue, Cues, Lexicon, lexicon, oblasts
from extractors.languages import CYRILLIC, language_of
from extractors.sentences import REACH, sentence_around
from extractors.text import CYRILLIC_LETTER, Normalised, caseless, normalise

_STEP = 200  # characters: how far the windows of neighbours in a long paragraph lie apart
PARAGRAPH = 400  # characters looked at on either side of a candidate, within its paragraph
BESIDE = 0.25
"""Weight of another name of the sector close by."""
_STEM = 5  # letters that the case forms of a name share
_REGION_REACH = 16  # characters of the word for a region beside its name
_PHRASE_HOLDS = 2_000  # characters of its paragraph in which places belong to a sector that was named
PHRASE_REACH = 40  # characters between a sector's adjective and its cue word (measured in General Staff prose)
MAX_HITS = 5_000  # candidates looked at in one text: ten times the densest real report

NO_BREAK = re.compile(r"[^.!?;:,\n]*")
REGION = re.compile(  # and at the end of a list: Великобурлуцьку, Вільхуватську та Дворічанську громади
    r"(?:,[^\S\n][\w'-]{3,}(?:[сц]ьк|[сц]к)\w{1,3}){0,5}[^\S\n]*(?:(?:та|і|й|и)\s\w{4,}\s)?(?:област|вобласц|обл\b|район|раен|громад|грамад|губерн|регион|регіон|рад[аиі]\b)"
)
WOODS = re.compile(  # Ольговского леса: any village may have given it the name
    r"\s(?:ліс(?:у|і|ом|ів)?|лес(?:а|у|ом|е|ов)?|лісництв\w*|лесничеств\w*|лісгосп\w*|лесхоз\w*|урочищ\w*|рощ\w+|гаю|гаї"
    r"|лісопарк\w*|лесопарк\w*|(?:лісов|лесн)\w+\sмасс?ив\w*|заказник\w*|заповідник\w*|заповедник\w*|болот\w*|озер\w+|ставу|ставку"
    r"|пруд\w*|кар['ь]?єр\w*|карьер\w*|рудник\w*|кладовищ\w*|цвинтар\w*|кладбищ\w*|ринк\w+|рынк\w+|базар\w*)\b"
)
CAPITAL_NOUNS = ("de", "lb")  # languages that write every noun with a capital
_ROMAN_BY_SURNAME = re.compile(r"(?:Roman|Роман)\w{0,3} [A-ZÀ-ÞŠŽČĆŁŚŹŻĐА-ЯІЇЄҐ]")
_YEARS_BETWEEN = re.compile(r"20(?:1[4-9]|2[01])(?!\d)")  # begins with a figure, so that it is found fast
_ON_RIVER = re.compile(r"-(?:на|na|on|sur|am)-")
_TOWARDS = re.compile("(?:[ксзц]ьку|[сц]кую|щину)$")  # a region's accusative


class Candidate(NamedTuple):
    """One form found in one string, and what it may stand for.

    A tuple, as all here that is made for each of the names in a text: it takes a third of the time.
    """

    hit: Hit
    sense: Sense
    start: int  # code points of the original
    end: int
    surface: str
    aside: bool = False  # in a line that is not part of the article
    hungarian: bool = False  # an adjective of Hungarian, which has no capital: pokrovszki

    @property
    def readings(self) -> tuple[Reading, ...]:
        """What it may stand for."""
        return self.sense.readings

    @property
    def capital(self) -> bool:
        return self.surface[:1].isupper() or self.sense.small

    @property
    def caseless(self) -> bool:
        """Whether the script knows no capitals."""
        return caseless(self.surface)


class Company(NamedTuple):
    """Another name of the same sector."""

    surface: str
    target: str  # its place, or "@" and its sector
    near: bool
    weight: float


_INVADED = ("Kursk", "Russia")  # troops go there too: into the Kursk region, and what follows lies there
HEAD = ":"
_FLAG = "\U0001f1fa\U0001f1e6"
_OBLAST = " oblast"
_NOTHING = normalise("")
BY_NAME = "the name"
"""How that begins which shows Ukraine by a watched name alone."""


class Phrase(NamedTuple):
    """A place in a text that names a sector: "на Лиманському напрямку". What follows in its paragraph belongs to it."""

    start: int
    sectors: frozenset[str]
    cue: str  # HEAD where it heads an item of a report

    @property
    def reason(self) -> str:
        """What makes it one, in words."""
        return "heads an item of a report" if self.cue == HEAD else f'beside "{self.cue}"'


@dataclass
class Part:
    """The title or the text of an article, normalised, with its candidates and cue words."""

    norm: Normalised
    candidates: list[Candidate]
    lexicon: Lexicon
    language: str = ""
    headline: bool = False
    asides: list[Span] = field(default_factory=list)
    guessed: bool = False  # the language: it is read with the cue words of all
    _sentences: dict[int, Span] = field(default_factory=dict)
    _latest: tuple[int, Span] = (0, (0, 0))  # the sentence found last, and the end of the name it was found for
    phrases: dict[int, Phrase] = field(default_factory=dict)  # index of the candidate -> the phrase it makes

    @cached_property
    def cues(self) -> Cues:
        cues = self.lexicon.scan(blanked(self.norm.text, self.asides))
        cues = cues.of(self.language) if self.guessed and self.language else cues
        return self._without_persons(cues)

    def _without_persons(self, cues: Cues) -> Cues:
        """The same without the novels that are men called Roman: Роман Дзюба is no news of peace."""
        original = self.norm.original
        if ("Роман" not in original and "Roman" not in original) or self.language in CAPITAL_NOUNS:
            return cues
        men = {self.norm.position(name.start()) for name in _ROMAN_BY_SURNAME.finditer(original)}
        return cues.without(("neutral", "pastime"), men) if men else cues

    @cached_property
    def years_between(self) -> list[int]:
        """Where it names a year of the war before the full invasion."""
        return [year.start() for year in _YEARS_BETWEEN.finditer(self.norm.original)]

    def dated_lately(self, candidate: Candidate) -> bool:
        """Whether such a year may be in reach of a candidate, and so in its sentence."""
        index = bisect_left(self.years_between, candidate.start - REACH)
        return index < len(self.years_between) and self.years_between[index] < candidate.end + REACH

    @property
    def south_slavic(self) -> bool:
        """Whether it is in a Cyrillic language that puts a bare name beside the cue word: направление Купянск."""
        return self.language in ("bg", "mk", "sr")

    @cached_property
    def _past_years(self) -> list[int]:
        """Where it names a year before the present war."""
        return past_years(self.norm.original)

    def dated_near(self, candidate: Candidate) -> bool:
        """Whether a year or century before the present war may be in reach of a candidate, and so in its sentence."""
        index = bisect_left(self._past_years, candidate.start - REACH)
        if index < len(self._past_years) and self._past_years[index] < candidate.end + REACH:
            return True
        return bool(self.cues.within("century", candidate.hit.start - REACH, candidate.hit.end + REACH))

    def sentence(self, candidate: Candidate) -> Span:
        """The sentence around a candidate, in the original; found once for the names in it."""
        span = self._sentences.get(candidate.start)
        if span is None:
            behind, span = self._latest
            if candidate.start < behind or candidate.end > span[1] or span[1] - span[0] > REACH // 2:
                span = sentence_around(self.norm.original, candidate.start, candidate.end)
            self._sentences[candidate.start] = span
            self._latest = (candidate.end, span)
        return span

    def named(self, cue: Cue) -> bool:
        """Whether a cue word is one of the candidates: "Харків", but not "Kharkiv region" or "Харківської області"."""
        index = bisect_left(self.starts, cue.start)
        if index == len(self.starts) or self.starts[index] != cue.start:
            return False
        candidate = self.candidates[index]
        if not candidate.sense.places and index not in self.phrases and REGION.match(self.norm.text, candidate.hit.end):
            return False
        return candidate.hit.end >= cue.end and (candidate.capital or candidate.caseless)

    def of_a_region(self, hit: Hit) -> bool:
        """Whether a name is but a word of a region's: Kharkiv region, la région de Kharkiv."""
        cues = self.cues.within("oblast", hit.start - _REGION_REACH, hit.end + _REGION_REACH)
        return any(
            cue.start <= hit.start and hit.end <= cue.end and cue.end - cue.start > hit.end - hit.start for cue in cues
        )

    @cached_property
    def starts(self) -> list[int]:
        return [candidate.hit.start for candidate in self.candidates]

    def paragraph(self, hit: Hit) -> tuple[int, int]:
        """The paragraph around a hit, within reach; neighbours share one, so that what is in it is found once."""
        text = self.norm.text
        floor, ceiling = max(0, hit.start - hit.start % _STEP - PARAGRAPH), min(len(text), hit.end + PARAGRAPH)
        newline = text.find("\n", hit.end, ceiling)
        if newline < 0:
            ceiling = min(len(text), hit.end - hit.end % _STEP + _STEP + PARAGRAPH)
            newline = text.find("\n", hit.end, ceiling)
        return max(floor, text.rfind("\n", floor, hit.start) + 1), newline if newline >= 0 else ceiling

    @cached_property
    def bearings(self) -> Mapping[int, int]:
        """Candidate -> the one that the text gives its place by; English alone."""
        return bearings(self.norm.text, self.candidates) if self.language == "en" else {}

    def phrase_for(self, hit: Hit) -> Phrase | None:
        """The nearest sector phrase before the hit, in its paragraph, or the next one in its sentence."""
        ordered = self._phrase_order
        index = bisect_left(ordered, hit.start, key=lambda phrase: phrase.start)
        text = self.norm.text
        if index:
            before = ordered[index - 1]
            near = hit.start - before.start <= _PHRASE_HOLDS
            if near and text.find("\n", before.start, hit.start) < 0:
                return before
        if index < len(ordered) and ordered[index].start - hit.end <= 2 * PHRASE_REACH:
            between = text[hit.end : ordered[index].start]
            if NO_BREAK.fullmatch(between):
                return ordered[index]
        return None

    @cached_property
    def _phrase_order(self) -> list[Phrase]:
        return sorted(self.phrases.values(), key=lambda phrase: phrase.start)


def read_part(text: str, gazetteer: Gazetteer, language: str, *, words: str = "", headline: bool = False) -> Part:
    """A string with the candidates found in it, at most MAX_HITS of them.

    It is read with the cue words of the language `words`, or of all where that is "".
    """
    if not text:  # the title of a post
        return Part(_NOTHING, [], lexicon(words), language, headline, guessed=not words)
    norm = normalise(text)
    hits = gazetteer.matcher.find(norm.text)[:MAX_HITS]
    beside = asides(norm.text) if hits and not headline else []
    candidates = []
    for hit in hits:
        start, end = norm.span(hit.start, hit.end)
        aside = bool(beside) and inside(beside, hit.start)
        hungarian = language == "hu" and norm.text[hit.end - 1] == "i" and text[start].islower()
        candidates.append(Candidate(hit, gazetteer.sense(hit), start, end, text[start:end], aside, hungarian))
    quoted = _quoted(text, candidates, words) if words else ""
    return Part(norm, candidates, lexicon(words, quoted), language, headline, beside, guessed=not words)


def _quoted(text: str, candidates: Iterable[Candidate], language: str) -> str:
    """The language of the lines that name something in another script than the text's, or "": posts that it quotes."""
    cyrillic = language in CYRILLIC
    lines: dict[str, None] = {}
    for candidate in candidates:
        if bool(CYRILLIC_LETTER.match(candidate.surface)) != cyrillic and not candidate.caseless:
            first = text.rfind("\n", 0, candidate.start) + 1
            last = text.find("\n", candidate.end)
            lines[text[first : last if last >= 0 else len(text)]] = None
    return language_of("\n".join(lines)) if lines else ""


class Article:
    """Title and text together, with their phrases: what the article as a whole is about, and which places it names."""

    def __init__(self, title: Part, text: Part, gazetteer: Gazetteer, language: str, date: Date | None) -> None:
        self.date = date  # of publication
        self.parts = (title, text)
        self.gazetteer = gazetteer
        self.language = language
        self.presence = _presence(self.parts)
        self._lying: dict[tuple[int, Span], list[tuple[int, frozenset[str]]]] = {}

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of the cue words in it."""
        return frozenset().union(*(part.cues.kinds for part in self.parts))

    @cached_property
    def doubled(self) -> frozenset[str]:
        """The ids of places that something beside a namesake of theirs is named of."""
        return frozenset(kind.rpartition(":")[2] for kind in self.kinds if kind.startswith(DOUBLE))

    @cached_property
    def theme(self) -> Theme:
        """What kind of news it is."""
        return Theme(self.parts)

    @cached_property
    def old_war(self) -> str:
        """The year of a world war that it is about; "" where it names our days, or Ukraine."""
        of_ours = self.ukraine and not (self.ukraine.startswith(BY_NAME) or self.ukraine.endswith(_OBLAST))
        if of_ours or any(part.cues.has("present") for part in self.parts):
            return ""
        return war_year([part.norm.text for part in self.parts])

    @cached_property
    def ukraine(self) -> str:
        """What shows that the article is about Ukraine, or ""."""
        if self.language == "uk" and any(CYRILLIC_LETTER.search(part.norm.text) for part in self.parts):
            return "written in Ukrainian"
        for part in self.parts:
            for word in part.cues.within("ukraine", 0, 1 << 62):
                return f'"{part.norm.text[word.start : word.end]}"'
        for part in self.parts:
            for candidate in part.candidates:
                if candidate.sense.unmistakable or any(strong for _, _, strong in candidate.sense.vouches):
                    return f"{BY_NAME} {candidate.surface}"
        for oblast in sorted(self.oblasts):
            return f"{oblast}{_OBLAST}"
        return _FLAG if any(_FLAG in part.norm.original for part in self.parts) else ""

    @cached_property
    def worldly(self) -> bool:
        """Whether nothing in it names Ukraine, or what is watched there: names found all over the world say nothing."""
        return self.ukraine in ("", _FLAG) and all(
            part.candidates[index].sense.worldly for part in self.parts for index in part.phrases
        )

    def oblasts_near(self, part: Part, start: int, end: int) -> set[str]:
        """Oblasts named inside [start, end)."""
        return {oblasts()[cue.entry] for cue in part.cues.within("oblast", start, end) if not part.named(cue)}

    def destinations(self, part: Part, start: int, end: int) -> set[str]:
        """Oblasts that something goes to, inside [start, end): from Lyman "в Одеську область"."""
        return {oblasts()[cue.entry] for cue in part.cues.within("oblast", start, end) if _destination(part, cue)}

    def homes(self, part: Part, start: int, end: int) -> set[str]:
        """Oblasts that a fighter or unit is said to be from, inside [start, end)."""
        cues = part.cues.within("oblast", start, end)
        return {oblasts()[cue.entry] for cue in cues if of_a_fighter(part.norm.text, cue.start, cue.end)}

    @cached_property
    def oblasts(self) -> set[str]:
        """Oblasts that something happens in, named anywhere in the article."""
        return {
            oblasts()[cue.entry]
            for part in self.parts
            for cue in part.cues.within("oblast", 0, 1 << 62)
            if not part.named(cue) and not _destination(part, cue)
        }

    @cached_property
    def scenes(self) -> set[str]:
        """The same without those that are named of fighters alone, as where they are from."""
        return {
            oblasts()[cue.entry]
            for part in self.parts
            for cue in part.cues.within("oblast", 0, 1 << 62)
            if oblasts()[cue.entry] in self.oblasts and not of_a_fighter(part.norm.text, cue.start, cue.end)
        }

    def oblasts_beside(self, part: Part, hit: Hit) -> set[str]:
        """Where other names of its paragraph lie: those beyond doubt, and cities that an oblast is called after."""
        own = part.norm.text[hit.start : hit.start + _STEM]
        found: set[str] = set()
        for position, homes in self._lying_in(part, part.paragraph(hit)):
            if not part.norm.text.startswith(own, position):
                found |= homes
        return found

    def _lying_in(self, part: Part, paragraph: Span) -> list[tuple[int, frozenset[str]]]:
        """Where the names of a paragraph lie that leave no doubt of it; found once for all of it."""
        key = (id(part), paragraph)
        if key not in self._lying:
            first, last = paragraph
            found = []
            for by_part in self.presence.values():
                here = by_part.get(id(part), [])
                for position, target, _, strong in here[bisect_left(here, _at(first)) : bisect_left(here, _at(last))]:
                    if target[0] != "@" and (strong or self._large(target)):
                        found.append((position, self.gazetteer.places[target][0].place.oblasts))
            self._lying[key] = found
        return self._lying[key]

    def company(self, part: Part, hit: Hit, sector: str, target: str) -> Company | None:
        """Another place or phrase of the sector, the one that says most: near before far, a rare name before others."""
        by_part = self.presence.get(sector)
        if not by_part:
            return None
        here = by_part.get(id(part), [])
        own = part.norm.text[hit.start : min(hit.end, hit.start + _STEM)]
        index = bisect_left(here, _at(hit.start))
        weak: dict[str, str] = {}
        for position, other, surface, strong in here[max(0, index - 8) : index + 9]:
            if other == target or part.norm.text.startswith(own, position) or abs(position - hit.start) > 2 * PARAGRAPH:
                continue
            if strong:
                close = abs(position - hit.start) <= PARAGRAPH // 2
                return Company(surface, other, True, BESIDE if close else 0.2)
            weak.setdefault(other, surface)
        if len(weak) + sum(map(self._large, weak)) > 1:
            return Company(", ".join(list(weak.values())[:3]), next(iter(weak)), True, 0.2)
        for other, surface in weak.items():
            return Company(surface, other, True, 0.15)
        for by, entries in by_part.items():
            for position, other, surface, strong in entries[:50]:
                if not strong or other == target or (position == hit.start and by == id(part)):
                    continue
                if not surface.lower().startswith(own):
                    return Company(surface, other, False, 0.1)
        return None

    def _large(self, target: str) -> bool:
        """Whether it is a city that says nothing by itself, but much beside a village of its sector."""
        place = self.gazetteer.places[target][0].place
        return not place.implies and place.kind == "city"

    def cities(self, sector: str) -> Mapping[str, str]:
        """Cities of the sector that stand for none by themselves, and are named in the article: target -> surface."""
        return self._cities.get(sector, {})

    @cached_property
    def _cities(self) -> Mapping[str, Mapping[str, str]]:
        """Sector -> its cities that are named."""
        named: dict[str, dict[str, str]] = {}
        for sector, by_part in self.presence.items():
            for entries in by_part.values():
                for _, target, surface, strong in entries:
                    if not strong and target[0] != "@" and self._large(target):
                        named.setdefault(sector, {})[target] = surface
        return named

    def front(self, part: Part, hit: Hit) -> str:
        """Another watched name beyond doubt near the hit, of whichever sector; "" for none."""
        return next((surface for surface, _ in self.fronts(part, hit)), "")

    def fronts(self, part: Part, hit: Hit) -> Iterator[tuple[str, str]]:
        """All of them, each with its place, or "@" and its sector."""
        own = part.norm.text[hit.start : min(hit.end, hit.start + _STEM)]
        for by_part in self.presence.values():
            here = by_part.get(id(part), [])
            index = bisect_left(here, _at(hit.start - PARAGRAPH))
            for position, target, surface, strong in here[index : index + 8]:
                if position > hit.start + PARAGRAPH:
                    break
                if strong and position != hit.start and not part.norm.text.startswith(own, position):
                    yield surface, target

    @cached_property
    def small_names(self) -> frozenset[str]:
        """Names of an operator's own sectors, as targets, that stand in the article without a capital: as words."""
        return frozenset(
            reading.target
            for part in self.parts
            for candidate in part.candidates
            if not (candidate.capital or candidate.caseless)
            for reading in candidate.readings
            if reading.target[0] == "@" and not adjectival(reading)
        )

    @cached_property
    def small_forms(self) -> frozenset[str]:
        """Forms that stand in the article without a capital, and beside no word such as sector: words, it may be."""
        return frozenset(
            candidate.hit.form
            for part in self.parts
            for index, candidate in enumerate(part.candidates)
            if not candidate.capital and index not in part.phrases
        )

    @cached_property
    def phrased(self) -> frozenset[str]:
        """Sectors that a phrase of the article names."""
        return frozenset(sector for part in self.parts for phrase in part.phrases.values() for sector in phrase.sectors)

    def speaks_of(self, sector: str, besides: frozenset[str]) -> str:
        """A phrase of the sector, or a place of it that is none of `besides`, anywhere in the article; "" for none."""
        return next((surface for target, surface in self._named.get(sector, {}).items() if target not in besides), "")

    @cached_property
    def _named(self) -> Mapping[str, Mapping[str, str]]:
        """Sector -> what names it beyond doubt -> how it is written first."""
        named: dict[str, dict[str, str]] = {}
        for sector, by_part in self.presence.items():
            found = named.setdefault(sector, {})
            for entries in by_part.values():
                for _, target, surface, strong in entries:
                    if strong:
                        found.setdefault(target, surface)
        return named


_Named = tuple[int, str, str, bool]  # place in the text, target, surface, beyond doubt
_Presence = Mapping[str, Mapping[int, Sequence[_Named]]]


def _at(position: int) -> _Named:
    """Comes before everything that is named at the position."""
    return position, "", "", False


def _destination(part: Part, cue: Cue) -> bool:
    """Whether the name of an oblast says where something goes to: in the accusative."""
    return oblasts()[cue.entry] not in _INVADED and bool(_TOWARDS.search(part.norm.text[cue.start : cue.end]))


def _of_longer_name(part: Part, index: int) -> bool:
    """Whether it is part of what is no name of ours: Новгород-Сіверську, Славянск-на-Кубани, Ольговского леса."""
    text, hit = part.norm.text, part.candidates[index].hit
    if index not in part.phrases and (_ON_RIVER.match(text, hit.end) or WOODS.match(text, hit.end)):
        return True
    if hit.start < 2 or text[hit.start - 1] != "-" or not text[hit.start - 2].isalpha():
        return False
    return not index or part.candidates[index - 1].hit.end != hit.start - 1


def _presence(parts: tuple[Part, ...]) -> _Presence:
    """Sector -> part -> what names it, in order."""
    found: dict[str, dict[int, list[_Named]]] = {}
    for part in parts:
        for index, candidate in enumerate(part.candidates):
            if candidate.aside or _of_longer_name(part, index):
                continue
            entries: Iterable[tuple[str, str, bool]] = ()
            if index in part.phrases:
                entries = ((sector, f"@{sector}", True) for sector in sorted(part.phrases[index].sectors))
            elif (candidate.capital or candidate.caseless) and not part.of_a_region(candidate.hit):
                entries = candidate.sense.vouches
            for sector, target, strong in entries:
                entry = (candidate.hit.start, target, candidate.surface, strong)
                found.setdefault(sector, {}).setdefault(id(part), []).append(entry)
    return found
