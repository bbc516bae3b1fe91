"""What speaks for and against one candidate, signal by signal; `scoring` adds them up."""

from __future__ import annotations

import re
from functools import cached_property

from extractors.context import REGION, Article, Candidate, Part, Phrase
from extractors.gazetteer import ANY, Place, Reading, Sector, adjectival, unmistakable
from extractors.namesakes import bearer, full_name, namesakes, quoted
from extractors.ownnames import own_name, words_of
from extractors.phrases import joined
from extractors.rivals import Rivals
from extractors.sentences import REACH
from extractors.text import plain
from extractors.themes import past_year
from extractors.whereabouts import FEW, SLAVIC, TOWNS, Whereabouts
from sectorwatch.domain import Context, Reason

_SAID = -0.6  # weight of a region that the text says it lies in
_STEM = 4  # letters that a town and its adjective share
_LONG_NAME = 7  # letters
_LONG_IN_SYLLABLES = 4  # characters of a script that writes syllables or words
_SYLLABLES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MANY = 20  # places of one name in the country
_LONG_ENDING = "á"  # of a feminine adjective in Czech and Slovak, and so of a surname
_WRITTEN_ALIKE = {"bs": "hr", "sr": "hr", "no": "da", "nb": "da"}
_FEMININE = re.compile("[sc]ka(?:ia|ja|ya)?$")  # Pokrovska
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_CYRILLIC_CASES = ("uk", "ru")  # whose case forms are written the same by all who write about them
_PREPOSITION = re.compile(  # or the side of a town: in western Lyman
    r"(?:^|\W)(?:в|у|на|до|з|із|зі|від|біля|над|під|через|за|к|из|от|с|со|под|возле|около"
    r"|i|w|we|z|do|od|pod|v|ve|u|in|into|at|from|to|near|of|around|towards?|through|via|over|inside|outside|across|(?:north|south)ern|(?:north|south)?(?:east|west)ern|central"
    r"|nach|bei|um|von|aus|an|en|a|vers|dans|pres de|de|di|da|hacia|para|em|din|la|langa|spre"
    r"|naar|uit|bij|tegen|richting|rond|till|fran|vid|mot|kring|til|fra|ved|mod|nar|omkring"
    r"|nahe|vor|gegen|richtung|durch|sur|sous|depuis|autour de|hasta|sobre|desde|hacia|cerca de"
    r"|verso|contro|presso|su|vicino a"
    r"|ku|przy|kolo|kod|kraj|pri|blizu|prema|proti|okolo|catre|pe|ke|dari|merebut|toi|vao|sat|xuong)\s$"
)
_MORE_PREPOSITIONS = {  # which mean something else in other languages
    language: re.compile(rf"(?:^|\W)(?:{words})\s$")
    for language, words in {
        "pl": "ze|spod|nad|miedzy|wokol", "cs": "ze|kolem|mezi|pred|vedle|nad", "sk": "zo|so|ku|pri|nad|pred",
        "hr": "iz|oko|izmedu|nad|kroz", "sl": "iz|okoli|nad|skozi", "sr": "из|код|према|око|изнад|кроз|iz|oko|kroz",
        "bg": "край|към|при|между|през|около|във|по", "mk": "кај|кон|од|во|до|околу", "be": "пад|каля|ля|ў|са|да|праз",
        "lt": "prie|is|ties|link|nuo|apie", "lv": "pie|no|uz|lidz|pret|ap|virs",
        "sv": "av|mellan|utanfor", "da": "af|mellem|uden for", "no": "av|mellom|utenfor",
    }.items()
}  # fmt: skip
_TURKISH_CASE = re.compile(r"'(?:[dt][ae](?:n|ki\w*)?|n?[yd]?[ae])\b")  # Liman'da: in it, out of it, to it
_WORD = re.compile(r"\w")
_BULLET = 8  # characters of signs before the first word of a line
_LABEL = re.compile(  # behind a name that labels a line, and nobody who speaks
    r"(?:,\s(?:ранок|день|вечір|ніч|утро|вечер|ночь|зараз|сьогодні|сейчас|сегодня|morning|tonight|today|now))?"
    r"[:.]\s+(?![\"«“„'’‘])"
)
_SPEAKS = re.compile(
    r"\b(?:i|we|my|our|us|ich|wir|mein\w*|unser\w*|je|nous|notre|yo|nosotros|io|noi|eu|ja|ik|wij|jag|vi|jeg)\b"
)
_COMMUNITY = re.compile(r"(?:\w+\s)?(?:громад|общин)")  # a stretch of land, with villages
_PEACEFUL = frozenset({"history", "institution", "bearer"})
# Reasons that are the same for every name: made once.
_CASELESS = Reason(code="capital", weight=0.35, detail="the script has no capitals")
_HUNGARIAN = Reason(code="capital", weight=0.35, detail="an adjective of Hungarian, which has no capital")
_DEFINED_SMALL = Reason(code="capital", weight=0.35, detail="defined without a capital")
_SMALL = Reason(code="small_letter", weight=-0.35, detail="written without a capital")
_ANY_CAPITAL = Reason(code="capital", weight=0.15, detail="a capital, but any word has one here")
_HALF_SMALL = Reason(code="small_letter", weight=-0.2, detail="only its first word has a capital")
_CAPITAL = Reason(code="capital", weight=0.35, detail="written with a capital")
_ORDINARY = Reason(code="ordinary", weight=-0.2, detail="also a common word or a person's name")
_SHARED = Reason(code="shared", weight=-0.05, detail="a form that other names share")
_SURNAME = Reason(code="surname", weight=-0.4, detail="ends like a surname")
_ANCHOR = Reason(code="anchor", weight=0.15, detail="the sector is named after it")
_TOO_LARGE = Reason(code="too_large", weight=-0.45, detail="does not stand for a sector by itself")
_DRAFT = Reason(code="draft", weight=-0.05, detail="no report places it in this sector yet")
_DISTINCT = Reason(code="distinct", weight=0.15, detail="an adjective of this sector alone")
_DATELINE = Reason(code="dateline", weight=0.3, detail="a line of news of the war that begins with it alone")
_OTHER_GRAMMAR = Reason(code="form", weight=-0.2, detail="a case form in other languages than this")
_QUIET_PHRASE = Reason(code="no_context", weight=-0.1, detail="no sign of war around")


class Surroundings:
    """What speaks for and against one candidate, whatever it is read as."""

    def __init__(self, article: Article, part: Part, index: int) -> None:
        self.article = article
        self.part = part
        self.index = index
        self.candidate: Candidate = part.candidates[index]
        self.hit = self.candidate.hit
        self.phrase: Phrase | None = part.phrases.get(index)
        self.against = namesakes(part, index)
        self.rivals = Rivals(article, part, self.candidate)
        self.whereabouts = Whereabouts(article, part, self.candidate, self.rivals)
        places = self.rivals.targets
        sense = self.candidate.sense
        self.adjective_too = bool(sense.named and places)
        self.overshadowed = any(not article.gazetteer.places[target][0].place.implies for target in places)
        self.shared = len(places) > 1 or (sense.ordinary_adjective and bool(places))

    def clear(self, reading: Reading, place: Place) -> bool:
        """Whether the name alone tells the place: the only one of its name, or by far the best known."""
        if self.adjective_too and not self._noun and (self._of_other_grammar(reading) or self._genitive_first(reading)):
            return False
        if unmistakable(reading, self.article.gazetteer.places) and not self.shared:
            return True
        if (
            reading.ordinary
            or reading.replaced
            or not place.implies
            or ("former" in reading.origin and not self.rivals.usual(reading))
        ):
            return False
        town = place.kind in TOWNS and place.homonyms <= FEW and not self.shared
        if not town and not self.rivals.dominant(reading, place):
            return False
        return not self.adjective_too or self._noun

    # ----------------------------------------------------------------------------------------- the name itself

    def capital(self, reading: Reading) -> list[Reason]:
        candidate = self.candidate
        if candidate.caseless:
            return [_CASELESS]
        if candidate.hungarian and (self.phrase or not reading.ordinary):
            return [_HUNGARIAN]
        if not candidate.capital:
            if reading.target[0] == "@" and not adjectival(reading) and self._defined_small(reading):
                return [_DEFINED_SMALL]
            return [_SMALL]
        if reading.ordinary and self._opens_sentence():
            return [_ANY_CAPITAL]
        if reading.target[0] == "@" and not adjectival(reading) and self._half_small(reading):
            return [_HALF_SMALL]
        return [_CAPITAL]

    def _half_small(self, reading: Reading) -> bool:
        """Whether the definition writes every word with a capital, and the text only the first: Біла церква."""
        words = self.candidate.surface.split()
        if len(words) < 2 or not any(word[0].islower() for word in words[1:]):
            return False
        names = self.article.gazetteer.sectors[reading.target[1:]].names
        same_length = [alias.text.split() for alias in names if len(alias.text.split()) == len(words)]
        return bool(same_length) and all(word[0].isupper() for name in same_length for word in name)

    def _defined_small(self, reading: Reading) -> bool:
        sector = self.article.gazetteer.sectors[reading.target[1:]]
        return any(alias.text[:1].islower() for alias in sector.names)

    def _opens_sentence(self) -> bool:
        """Whether the candidate begins a sentence or stands among capitals, in a script that our words share."""
        # In Latin letters a name of ours is nobody's common noun, only a person's name: seen by itself.
        return not self.candidate.surface.isascii() and (self._begins or self._among_capitals)

    @cached_property
    def _begins(self) -> bool:
        """Whether it is the first word of a sentence: any word has a capital there."""
        original, start = self.part.norm.original, self.candidate.start
        first, _ = self._sentence
        return not original[first:start].strip("\"'«“„—–- ")

    @cached_property
    def _among_capitals(self) -> bool:
        """Whether what stands around it is written in capitals."""
        around = self.part.norm.original[max(0, self.candidate.start - 20) : self.candidate.end + 20]
        return around.isupper() and len(around) > len(self.candidate.surface)

    def form(self, reading: Reading, place: Place | None = None) -> list[Reason]:
        reasons = []
        if reading.weight and "former" in reading.origin and self.rivals.usual(reading):
            weight = 0.0 if place and place.anchor else reading.weight / 2
            reasons.append(Reason(code="form", weight=weight, detail="a former name, usual in Russian"))
        elif reading.weight:
            detail = "a former name" if "former" in reading.origin else f"a less usual form ({reading.origin})"
            reasons.append(Reason(code="form", weight=reading.weight, detail=detail))
        date = self.article.date
        if reading.ordinary and self._of_other_grammar(reading):
            reasons.append(_OTHER_GRAMMAR)
        if reading.until and "former" not in reading.origin and date and date.isoformat() > reading.until:
            reasons.append(Reason(code="outdated", weight=-0.05, detail=f"a name in use until {reading.until}"))
        return reasons

    def _surname(self, reading: Reading) -> bool:
        """Whether a form of the town's name is rather that of a surname: Pokrovska, Kupianská."""
        if self._noun:
            return False
        if reading.origin.endswith("romanised-case"):
            return bool(_FEMININE.search(self.candidate.surface))
        return self.adjective_too and (self._of_other_grammar(reading) or self._genitive_first(reading))

    def _genitive_first(self, reading: Reading) -> bool:
        """Whether it were a genitive that begins a sentence, where Slavs have a subject: Покровська забила двічі."""
        return reading.case == "gen" and self._begins and self.part.language in (*SLAVIC, "uk")

    def _of_other_grammar(self, reading: Reading) -> bool:
        """Whether it is a case form in other languages than the text's, or has the long ending of an adjective."""
        if not reading.case or reading.case == "nom" or reading.language in ("", "en", *_CYRILLIC_CASES):
            return False
        language = self.article.language
        if language in ("cs", "sk") and "gen" in reading.case and self.candidate.surface.endswith(_LONG_ENDING):
            return True
        return not {language, _WRITTEN_ALIKE.get(language, language)} & set(reading.language.split())

    def adjective(self, reading: Reading, sector: Sector) -> list[Reason]:
        """The sector's adjective: its name beside a cue word, else a surname, a district, a street."""
        reasons = []
        if self.phrase and sector.id in self.phrase.sectors:
            reasons.append(Reason(code="sector_phrase", weight=0.6, detail=f'beside "{self.phrase.cue}"'))
            if self.candidate.capital:
                reasons.append(Reason(code="capital", weight=0.1, detail="written with a capital"))
        elif (
            (reading.ordinary and not self._town_body) or not self.candidate.capital or reading.origin.endswith("label")
        ):
            detail = "names the sector only beside a word such as sector"
            reasons.append(Reason(code="no_cue", weight=-0.4, detail=detail))
        else:
            institution = self._named_after
            if self._town_body:
                reasons += [_CAPITAL, *self._body(reading, sector)]
            elif institution:
                detail = f'something of the town ("{institution}")'
                weight = 0.0 if reading.ordinary else 0.15
                reasons += [*self.capital(reading), Reason(code="institution", weight=weight, detail=detail)]
            else:
                detail = "an adjective without a word such as sector: often a surname"
                reasons += [*self.capital(reading), Reason(code="no_cue", weight=-0.35, detail=detail)]
            where = self.whereabouts.oblast(sector, self._anchor(sector) if self._town_body else None, clear=False)
            exiled = institution and (self._town_body or not reading.ordinary)  # it may work in another oblast now
            moved = {"far_oblast"} if reading.ordinary else {"far_oblast", "other_oblast"}
            reasons += [reason for reason in where if not (exiled and reason.code in moved and reason.weight > _SAID)]
            reasons += self.whereabouts.company(reading, sector)
        if not reading.ordinary:
            reasons.append(_DISTINCT)
        return reasons

    @property
    def _council(self) -> bool:
        return bool(self._town_body) and not _COMMUNITY.match(self._town_body)

    def _body(self, reading: Reading, sector: Sector) -> list[Reason]:
        """The council, court or community of the town that gives its name to the sector, or of another town."""
        town = self._anchor(sector)
        many = reading.ordinary and (town is None or town.homonyms > FEW)
        code = "locality" if _COMMUNITY.match(self._town_body) else "institution"
        detail = f'something of the town ("{self._town_body}")'
        reasons = [Reason(code=code, weight=0.15 if many else 0.3, detail=detail)]
        return reasons + (self.whereabouts.double(reading, sector, town) if town else [])

    def _anchor(self, sector: Sector) -> Place | None:
        """The town that the adjective is made of, where it gives its name to the sector."""
        stem = self.part.norm.text[self.hit.start : self.hit.start + _STEM]
        anchors = (place for place in sector.places if place.anchor)
        return next(
            (place for place in anchors if any(plain(name.text).startswith(stem) for name in place.names)), None
        )

    def of_town(self, reading: Reading) -> bool:
        """Whether the adjective is beyond doubt that of a town: of its council, its court, its community."""
        return bool(self._town_body) and self.candidate.capital and not reading.origin.endswith("label")

    @cached_property
    def _town_body(self) -> str:
        """What only a town or its community has, directly behind the adjective: its council, its court; "" for none."""
        cue = self.part.cues.after("townbody", self.hit.end, 1)
        return self.part.norm.text[cue.start : cue.end] if cue else ""

    @cached_property
    def _named_after(self) -> str:
        """The district, council, court or school that the adjective belongs to, or ""."""
        text, end = self.part.norm.text, self.hit.end
        if self._town_body:
            return self._town_body
        match = REGION.match(text, end)
        if match:
            return text[end : match.end()].strip()
        cue = self.part.cues.after("institution", end, 12) or self.part.cues.after("neutral", end, 12)
        return text[cue.start : cue.end] if cue and "\n" not in text[end : cue.start] else ""

    def name(self, reading: Reading, sector: Sector, place: Place, clear: bool) -> list[Reason]:
        reasons = []
        dominant = self.rivals.dominant(reading, place)
        if clear:
            detail = "the best known place of that name" if place.homonyms > 1 else "the only place of that name"
            reasons.append(Reason(code="unmistakable", weight=0.2, detail=detail))
        elif reading.ordinary:
            reasons.append(_ORDINARY)
            reasons += self._person
        if place.homonyms > _MANY and not dominant:
            reasons.append(Reason(code="homonyms", weight=-0.2, detail=f"one of {place.homonyms} places of that name"))
        elif place.homonyms > FEW and not dominant:
            reasons.append(Reason(code="homonyms", weight=-0.1, detail=f"one of {place.homonyms} places of that name"))
        if self.shared and not dominant:
            reasons.append(_SHARED)
        if self._long and (dominant or place.homonyms <= FEW):
            reasons.append(Reason(code="long_name", weight=0.1, detail=f"{self.hit.end - self.hit.start} characters"))
        if reading.ordinary and dominant:
            reasons += self._alone
        elif self._surname(reading):
            reasons.append(_SURNAME)
        elif _named_alike(place, sector) and not dominant and (other := self.article.front(self.part, self.hit)):
            reasons.append(
                Reason(code="front_towns", weight=0.25, detail=f"{other} near it, and a sector has its name")
            )
        if not clear and place.implies and (beside := self._listed_with):
            detail = f"in a list with {beside}"
            reasons.append(Reason(code="front_towns", weight=0.15, detail=detail))
        if dominant and place.implies and (self._war or (self.article.ukraine and not self._peace)):
            reasons.append(_ANCHOR)
        if not clear and place.implies and place.kind in (*TOWNS, "settlement") and self._labels_line:
            reasons.append(_DATELINE)
        if not place.implies or (self.overshadowed and not place.anchor):
            reasons.append(_TOO_LARGE)
        if not place.attested and not place.anchor and place.kind not in TOWNS:
            reasons.append(_DRAFT)
        return reasons

    @cached_property
    def _listed_with(self) -> str:
        """A watched name beyond doubt before or behind it in a list, as it is written; "" for none."""
        candidates = self.part.candidates
        for first, other in ((self.index - 1, self.index - 1), (self.index, self.index + 1)):
            if 0 <= other < len(candidates) and candidates[other].sense.unmistakable and joined(self.part, first):
                return candidates[other].surface
        return ""

    @cached_property
    def _labels_line(self) -> bool:
        """Whether it stands alone before the news of its line, and that speaks of the war: Лиман: ворог штурмує."""
        original, start, end = self.part.norm.original, self.candidate.start, self.candidate.end
        if not _LABEL.match(original, end) or _WORD.search(
            original[max(0, start - _BULLET) : start].rpartition("\n")[2]
        ):
            return False
        theme, paragraph = self.article.theme, self.whereabouts.paragraph
        spoken = bool(_SPEAKS.search(self.part.norm.text, self.hit.end, paragraph[1]))
        if spoken and not (self.article.ukraine or _CYRILLIC.search(self.candidate.surface)):
            return False  # in Latin letters it may be a person who speaks
        if theme.sport(self.part, paragraph):
            return False
        if len(self._war) > 1 or (self._war and theme.strain(self.part, paragraph)):
            return True
        return bool(self._war and self.article.ukraine and not self._peace and not spoken)

    @cached_property
    def _long(self) -> bool:
        """Whether the name is too long to be another word by chance."""
        least = _LONG_IN_SYLLABLES if _SYLLABLES.match(self.candidate.surface) else _LONG_NAME
        return self.hit.end - self.hit.start >= least

    def own_name(self, sector: Sector) -> list[Reason]:
        return own_name(self.article, self.part, self.candidate, sector, self._begins, self._among_capitals)

    # ------------------------------------------------------------------------------------------ what stands around

    @cached_property
    def _sentence(self) -> tuple[int, int]:
        return self.part.sentence(self.candidate)

    @cached_property
    def _noun(self) -> bool:
        """Whether a form that may be an adjective is a noun here: в Покровську, but not в Покровську громаду."""
        if self._named_after:
            return False
        before = self.part.norm.text[max(0, self.hit.start - 12) : self.hit.start]
        more = _MORE_PREPOSITIONS.get(self.part.language)
        if (more and more.search(before)) or self._attacked:
            return True
        if self.part.language == "tr" and _TURKISH_CASE.match(self.part.norm.text, self.hit.end):
            return True
        return bool(self.whereabouts.before) or bool(_PREPOSITION.search(before))

    @cached_property
    def _attacked(self) -> bool:
        """Whether a Slavic verb of war has it for its object, and not in the genitive, which a person would have."""
        if self.part.language not in SLAVIC or not any(reading.case == "nom" for reading in self.candidate.readings):
            return False
        start = self.hit.start
        return any(
            cue.end == start - 1 for kind in ("war", "strain") for cue in self.part.cues.within(kind, start - 24, start)
        )

    @cached_property
    def _alone(self) -> list[Reason]:
        """A town whose name people bear, in a language without cases: other towns of the front vouch for it."""
        if _CYRILLIC.search(self.candidate.surface) or self.candidate.caseless:
            return []
        if other := self.article.front(self.part, self.hit):
            weight = 0.15 if self._noun else 0.1
            return [Reason(code="front_towns", weight=weight, detail=f"{other} near it")]
        if self._noun or self.whereabouts.before:
            return []
        return [Reason(code="alone", weight=-0.1, detail="no word of place before it, no other town of the front near")]

    @cached_property
    def _person(self) -> list[Reason]:
        """A given name or surname beside it, where nothing else has shown that it is a person's."""
        if any(reason.code == "person" for reason in self.against):
            return []
        reason = full_name(self.part, self.index, self.article.language)
        return [reason] if reason else []

    @cached_property
    def _war(self) -> list[str]:
        return [] if self._old else self.article.theme.war(self.part, self.whereabouts.paragraph)

    @cached_property
    def _peace(self) -> list[str]:
        return self.article.theme.peace(self.part, self.whereabouts.paragraph)

    @cached_property
    def _peace_of_sentence(self) -> list[str]:
        """Words of other news in its sentence."""
        return self._in_sentence("neutral") + self._in_sentence("pastime")

    def _in_sentence(self, kind: str) -> list[str]:
        if not self.part.cues.within(kind, self.hit.start - REACH, self.hit.end + REACH):
            return []  # nor in its sentence, which is found at some cost
        return self.part.cues.distinct(kind, *self._normalised_sentence)

    @cached_property
    def _normalised_sentence(self) -> tuple[int, int]:
        norm = self.part.norm
        first, last = self._sentence
        return norm.position(first), norm.position(last)

    @cached_property
    def _peaceful(self) -> bool:
        """Whether its sentence speaks of other things than war, its paragraph of two of them, or all of the article."""
        return bool(self._peace_of_sentence) or len(self._peace) > 1 or self.article.theme.quiet

    @cached_property
    def _past(self) -> str:
        """A year before the present war that the sentence names, or ""."""
        if not self.part.dated_near(self.candidate):
            return ""
        first, last = self._sentence
        return past_year(self.part.norm.original[first:last])

    @cached_property
    def _past_around(self) -> str:
        """The same of its paragraph."""
        first, last = self.whereabouts.paragraph
        return past_year(self.part.norm.text[first:last])

    @cached_property
    def _old(self) -> str:
        """The old war that the sentence tells of, by its year or name, or ""."""
        cues, paragraph = self.part.cues, self.whereabouts.paragraph
        if cues.within("present", *paragraph):
            return ""
        named = self._in_sentence("oldwar")
        if named:
            return named[0].replace("_", " ").replace("*", "")
        return self._past if cues.within("history", *paragraph) else ""

    def bearer(self, sector: Sector) -> list[Reason]:
        """A club or firm of that name."""
        return [] if sector.context == ANY else self._bearer

    @cached_property
    def _bearer(self) -> list[Reason]:
        reason = bearer(self.part, self.index)
        if reason is None and self.adjective_too and quoted(self.part, self.index):
            reason = Reason(code="bearer", weight=-0.4, detail="an adjective in quotation marks")
        if (
            reason is None
            and quoted(self.part, self.index)
            and self.article.theme.sport(self.part, self.whereabouts.paragraph)
        ):
            reason = Reason(code="bearer", weight=-0.4, detail="in quotation marks in news of sport")
        return [reason] if reason else []

    def context_of(self, sector: Sector, clear: bool) -> list[Reason]:
        """Whether the text speaks of the war in Ukraine."""
        if sector.context == ANY:
            return []
        if self._old:
            weight = -0.15 if clear else -0.35
            return [Reason(code="history", weight=weight, detail=f"a sentence about an old war ({self._old})")]
        words, ukraine = self._war, self.article.ukraine
        if words and ukraine:
            shown = ", ".join(words[:3])
            return [Reason(code="context", weight=0.2, detail=f"war ({shown}) and Ukraine ({ukraine})")]
        if words or (ukraine and self.article.theme.strain(self.part, self.whereabouts.paragraph)):
            missing = "Ukraine" if words else "war"
            return [Reason(code="half_context", weight=0.05, detail=f"little sign of {missing} around")]
        clear = clear or self.phrase is not None
        reasons = [Reason(code="no_context", weight=-0.15 if clear else -0.25, detail="no sign of war around")]
        if self.phrase is not None:
            reasons = [_QUIET_PHRASE]
        if self._peace:
            weight = 0.0 if clear else -0.3
            reasons.append(Reason(code="neutral", weight=weight, detail=f"other news: {', '.join(self._peace[:3])}"))
        return reasons

    def context(self, sector: Sector, reasons: tuple[Reason, ...]) -> Context:
        """What the candidate is named for: the front, unless something shows a place at peace."""
        if sector.context == ANY:
            return Context.FRONT
        codes = {reason.code for reason in reasons}
        by_phrase = codes & {"sector_phrase", "follows_phrase"}
        if not by_phrase and (self._relocated() or self._tried()):
            return Context.PLACE
        if "context" in codes and not by_phrase and self._past:
            return Context.FRONT if self._in_sentence("war") or self._in_sentence("strain") else Context.PLACE
        if (by_phrase or "context" in codes) and "bearer" not in codes:
            return Context.FRONT
        if codes & _PEACEFUL:
            return Context.PLACE
        quiet = "no_context" in codes and (self._past_around or self._peaceful or self._council)
        quiet = quiet or ("half_context" in codes and (len(self._peace_of_sentence) > 1 or bool(self._past)))
        return Context.PLACE if quiet else Context.FRONT

    def _relocated(self) -> bool:
        """Whether its sentence tells of a court, school or council that works elsewhere now, and of no fighting."""
        if not self._in_sentence("exile") or self._in_sentence("war"):
            return False
        return any(self._in_sentence(kind) for kind in ("townbody", "institution", "neutral", "pastime", "office"))

    def _tried(self) -> bool:
        """Whether its sentence tells of a trial, of which somebody on the other side may be the subject."""
        return bool(self._in_sentence("verdict") and self._peace_of_sentence)

    def words_of(self, sector: Sector) -> list[Reason]:
        if not (sector.cues or sector.not_words):
            return []
        start, end = self.whereabouts.paragraph
        return words_of(sector, self.part.norm.text[start:end])


def _named_alike(place: Place, sector: Sector) -> bool:
    """Whether the sector bears the name of the place, though it is only one of many villages of that name."""
    return place.id.partition("-q")[0] == sector.id
