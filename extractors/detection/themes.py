"""What kind of news surrounds a name: the war, an old war, sport, other peaceful matters.

Words of war mean little by themselves: a goalkeeper's club defends and attacks. So in news of sport what sport says as
well does not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from extractors.gazetteer.lexicon import Cues
from extractors.text import Normalised

_ARTICLE_WORDS = 2  # distinct words of war that make an article one about the war
_STRAIN_WORDS = 2  # distinct lesser signs that do the same for a paragraph
_SPORT_WORDS = 2  # distinct words of sport that make a paragraph or an article one about sport
_PEACE_WORDS = 2  # distinct words of other things that do not yet bear a lesser sign of war
_STORY = 200  # characters from which an article that has no word of war is one of peace
_EVERYWHERE = (0, 1 << 62)
_PAST_YEAR = re.compile(r"(?<!\d)(?:1[0-9]\d\d|200\d|201[0-3])(?![\d%])")
_COUNTED = re.compile(  # behind a number that is no year: 1800 Menschen, 1500 дронів
    r"\s(?:people|person|civilian|soldier|troops|resident|inhabitant|drone|shell|kilomet|metre|km|mensch|einwohner|zivilist"
    r"|drohne|habitant|soldat|civils|obus|soldado|abitant|pessoa|persoan|locuitor|osob|osób|mieszka|żołnierz|cywil|dron|lid[íi]"
    r"|obyvatel|voják|ľud|vojak|ember|lakos|katona|kişi|sivil|asker|люд|осіб|мешкан|жител|солдат|дрон|снаряд|человек"
    r"|беспилот|душ|војник|људи|жыхар|чалавек|žmon|gyventoj|cilvēk|iedzīvotāj|inimes|elanik|ihmis|asuka|människ|invånar"
    r"|mennesk|indbygger|innbygger|inwoner|mensen|ljudi|stanovni|vojnik|грив|руб)",
    re.IGNORECASE,
)
_IN_YEAR = re.compile(r"\b(?:in|im|en|nel|em|în|w|v|ve|в|у|во|od|seit|since|until|до|з|из|с)\s$", re.IGNORECASE)
_CENTURY = re.compile(
    r"\b(?:1[0-9]|x(?:[iv]+|x))[.-]?\s?(?:th|st|e|eme|º|го|му|м|й|е)?[\s-]+"
    r"(?:centur|jahrhundert|siecle|siècle|siglo|secol|século|seculo|wiek|w\.|stol|век|столет|столітт|ст\.|eeuw|sekel|arhundr"
    r"|århundr|vuosisa|amži|amzi|gadsimt|sajand|század|szazad|yüzyıl|yuzyil|ве[кц])",
    re.IGNORECASE,
)
# The same found fast in a whole text: a pattern that begins with a letter is looked for in a tenth of the time.
_YEARS = (re.compile(r"1[0-9]\d\d(?![\d%])"), re.compile(r"20(?:0\d|1[0-3])(?![\d%])"))
_WAR_YEAR = re.compile(r"19(?:1[4-8]|39|4[0-5])(?![\d%])")  # begins with a figure, as those above, for whole texts
_OUR_YEAR = re.compile(r"(?<!\d)20(?:1[5-9]|2\d)(?!\d)")

Span = tuple[int, int]
"""[start, end) in normalised text."""


class Scanned(Protocol):
    """A title or text with its cue words."""

    norm: Normalised

    @property
    def cues(self) -> Cues: ...


_Spans = Sequence[tuple[Scanned, Span]]


class Theme:
    """The kind of news that an article is, as a whole and paragraph by paragraph."""

    def __init__(self, parts: Sequence[Scanned]) -> None:
        self._parts = parts
        self._war: dict[tuple[int, Span], list[str]] = {}

    def war(self, part: Scanned, paragraph: Span) -> list[str]:
        """Words of war of the paragraph, else the article's where there are enough of them."""
        key = (id(part), paragraph)
        if key not in self._war:
            self._war[key] = self._war_of(part, paragraph)
        return self._war[key]

    def _war_of(self, part: Scanned, paragraph: Span) -> list[str]:
        sport = self.sport(part, paragraph)
        words = self._words("war", [(part, paragraph)], sport=bool(sport))
        if words:
            return words
        strain = self.strain(part, paragraph)
        if len(strain) >= _STRAIN_WORDS:
            return strain
        return [] if sport or len(self._war_words) < _ARTICLE_WORDS else self._war_words

    def strain(self, part: Scanned, paragraph: Span) -> list[str]:
        """Lesser signs of war in the paragraph."""
        return self._words("strain", [(part, paragraph)], sport=bool(self.sport(part, paragraph)))

    def sport(self, part: Scanned, paragraph: Span) -> list[str]:
        """Words of sport, where the paragraph says more of it than of war, or the article as a whole does."""
        if not self._any_sport:
            return []
        return self._sporting([(part, paragraph)]) or self._sport_words

    def peace(self, part: Scanned, paragraph: Span) -> list[str]:
        """Words of other news in the paragraph, and of sport in the article."""
        words = part.cues.distinct("neutral", *paragraph) + part.cues.distinct("pastime", *paragraph)
        return words or self.sport(part, paragraph)

    @cached_property
    def quiet(self) -> bool:
        """Whether the article has two words of other things, and nowhere a word or lesser sign of war."""
        spans = [(part, _EVERYWHERE) for part in self._parts]
        peace = [word for kind in ("neutral", "pastime") for word in self._words(kind, spans, sport=False)]
        return len(peace) > 1 and not any(self._words(kind, spans, sport=False) for kind in ("war", "strain"))

    @cached_property
    def calm(self) -> bool:
        """Whether it is a story of some length about other things, without a word of war.

        One lesser sign of it is borne by three words of other things.
        """
        if sum(len(part.norm.text) for part in self._parts) < _STORY:
            return False
        spans = [(part, _EVERYWHERE) for part in self._parts]
        if any(self._words(kind, spans, sport=False) for kind in ("war", "sector")):
            return False
        strain = len(self._words("strain", spans, sport=False))
        peace = sum(len(self._words(kind, spans, sport=False)) for kind in ("neutral", "pastime"))
        return peace > _PEACE_WORDS * strain and strain < _STRAIN_WORDS

    @cached_property
    def trial(self) -> bool:
        """Whether the text below the headline has words of a verdict and of peace, such as court."""
        body = self._parts[-1]
        return all(body.cues.within(kind, *_EVERYWHERE) for kind in ("verdict", "neutral"))

    @cached_property
    def moved(self) -> bool:
        """Whether it tells of a body that works elsewhere now, such as a hospital, with no sign of war but its move."""
        settled = False
        for part in self._parts:
            if part.cues.within("war", *_EVERYWHERE):
                return False
            strain = {cue.start for cue in part.cues.within("strain", *_EVERYWHERE)}
            exile = {cue.start for cue in part.cues.within("exile", *_EVERYWHERE)}
            if strain - exile:
                return False
            settled = settled or bool(exile - strain)
        return settled and any(part.cues.within("civic", *_EVERYWHERE) for part in self._parts)

    @cached_property
    def _war_words(self) -> list[str]:
        """Distinct words of war in title and text."""
        spans = [(part, _EVERYWHERE) for part in self._parts]
        return self._words("war", spans, sport=bool(self._sport_words))

    @cached_property
    def _any_sport(self) -> bool:
        return any(part.cues.within("sport", *_EVERYWHERE) for part in self._parts)

    @cached_property
    def _sport_words(self) -> list[str]:
        return self._sporting([(part, _EVERYWHERE) for part in self._parts])

    def _sporting(self, spans: _Spans) -> list[str]:
        """The words of sport in the spans, where they are enough and more than those of war alone."""
        sport = self._words("sport", spans, sport=False)
        if len(sport) < _SPORT_WORDS or len(sport) <= len(self._words("war", spans, sport=True)):
            return []
        return sport

    def _words(self, kind: str, spans: _Spans, *, sport: bool) -> list[str]:
        """Different entries of a kind in the spans, in order, without those that mean something else here."""
        if not sport and len(spans) == 1:
            return spans[0][0].cues.distinct(kind, *spans[0][1])
        words: dict[str, None] = {}
        for part, span in spans:
            shared = {cue.start for cue in part.cues.within("contest", *span)} if sport else ()
            first: dict[int, str] = {}  # a word that several entries match counts once
            for cue in part.cues.within(kind, *span):
                if cue.start not in shared:
                    first.setdefault(cue.start, cue.entry)
            words |= dict.fromkeys(first.values())
        return list(words)


def past_years(text: str) -> list[int]:
    """Where a text names a year before the present war, in order."""
    years = [year.start() for pattern in _YEARS for year in pattern.finditer(text)]
    return sorted(start for start in years if not text[max(0, start - 1) : start].isdigit())


def past_year(sentence: str) -> str:
    """A year or century before the present war (2014) that the sentence names, and no year since; "" for none."""
    years = (year for year in _PAST_YEAR.finditer(sentence) if not _number(sentence, year))
    year = next(years, None) or _CENTURY.search(sentence)
    return year[0] if year and not _OUR_YEAR.search(sentence) else ""


def war_year(texts: Sequence[str]) -> str:
    """The year of a world war that the texts name, and none of our days; "" for none."""
    years = (
        year[0]
        for text in texts
        for year in _WAR_YEAR.finditer(text)
        if not text[max(0, year.start() - 1) : year.start()].isdigit() and not _number(text, year)
    )
    found = next(years, "")
    return "" if found and any(map(_OUR_YEAR.search, texts)) else found


def _number(sentence: str, year: re.Match[str]) -> bool:
    """Whether four figures count something, and name no year."""
    counted = _COUNTED.match(sentence, year.end())
    return counted is not None and not _IN_YEAR.search(sentence, max(0, year.start() - 8), year.start())
