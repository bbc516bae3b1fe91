"""What speaks for and against one candidate, signal by signal; `scoring` adds them up.

How it is written is in `written`, what it lies in or beside in `whereabouts`, what is spoken of in `times`.
"""

from __future__ import annotations

import re
from functools import cached_property

from extractors.detection.adjectives import Adjective
from extractors.detection.bearers import bearer, quoted, quoted_with_its_noun
from extractors.detection.comparisons import likened
from extractors.detection.context import BY_NAME, Article, Candidate, Part
from extractors.detection.namesakes import full_name, namesakes
from extractors.detection.ownnames import own_name, words_of
from extractors.detection.phrases import joined
from extractors.detection.rivals import Rivals
from extractors.detection.sieges import done_to_a_town
from extractors.detection.times import Times
from extractors.detection.uncased import LANGUAGES, at_it, beside_a_place
from extractors.detection.whereabouts import FEW, TOWNS, Whereabouts
from extractors.detection.written import Written
from extractors.gazetteer import ANY, Place, Reading, Sector, unmistakable
from extractors.text import CYRILLIC_LETTER
from sectorwatch.domain import Reason

_LONG_NAME = 7  # letters
_LONG_IN_SYLLABLES = 4  # characters of a script that writes syllables or words
_SYLLABLES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FEWEST = 3  # places of one name in the country
_MANY = 20  # places of one name in the country
_WORD = re.compile(r"\w")
_LIKE_PEOPLE = re.compile("(?:[оеєё]в|[иі]н)(?:а|у|ым|им|ом|ою|ой|ої|ій)$")
_BEATEN = re.compile(  # before a rival: обойдя на финише Орехова
    r"(?<!\w)(?:победи|обыгр|обош|обойд|оперед|одоле|дожа|перем[іо]г|обігр|обійш"
    r"|випереди|здола|нокаут|поби[вл]|уступил|поступи)\w*\s(?:(?:на|в|у|по)\s\w+\s|\w+\s)?$"
)
_BEATEN_REACH = 32
_BULLET = 8  # characters of signs before the first word of a line
_LABEL = re.compile(  # behind a name that labels a line, and nobody who speaks
    r"(?:,\s(?:ранок|день|вечір|ніч|утро|вечер|ночь|зараз|сьогодні|сейчас|сегодня|morning|tonight|today|now))?"
    r"[:.]\s+(?![\"«“„'’‘])"
)
_TAGGED = re.compile(r"\s?[:|–—-]\s|\s?[.]\s")  # behind a hashtag that labels a line: #Lyman : les gars de la 63e
_SPEAKS = re.compile(
    r"\b(?:i|we|my|our|us|ich|wir|mein\w*|unser\w*|je|nous|notre|yo|nosotros|io|noi|eu|ja|ik|wij|jag|vi|jeg)\b"
)
_CLUB_LETTERS = re.compile(r"[fhmsbvr]{0,2}[ckq]|[фхмбвр]{0,2}[кц]")  # before a club's town: FC, HK, МФК
_AT_IT = 8  # characters between a name and a word of war, in scripts without capitals
# Reasons that are the same for every name: made once.
_ORDINARY = Reason(code="ordinary", weight=-0.2, detail="also a common word or a person's name")
_IN_IT = Reason(code="in_it", weight=0.1, detail="after a preposition, and hardly another place is called so")
_SHARED = Reason(code="shared", weight=-0.05, detail="a form that other names share")
_SURNAME = Reason(code="surname", weight=-0.4, detail="ends like a surname")
_ANCHOR = Reason(code="anchor", weight=0.15, detail="the sector is named after it")
_TOO_LARGE = Reason(code="too_large", weight=-0.45, detail="does not stand for a sector by itself")
_DRAFT = Reason(code="draft", weight=-0.05, detail="no report places it in this sector yet")
_CLUB = Reason(code="bearer", weight=0.0, detail="the club of the town")
_PLACED = Reason(code="locality", weight=0.0, detail="a word of place or of war is at it")
_UNPLACED = Reason(code="alone", weight=-0.15, detail="a person may be called so, and no word of place or war is at it")
_DATELINE = Reason(code="dateline", weight=0.3, detail="a line of news of the war that begins with it alone")


class Surroundings:
    """What speaks for and against one candidate, whatever it is read as."""

    def __init__(self, article: Article, part: Part, index: int) -> None:
        self.article = article
        self.part = part
        self.index = index
        self.candidate: Candidate = part.candidates[index]
        self.hit = self.candidate.hit
        self.against = namesakes(part, index)
        if self.against and article.ukraine and not article.ukraine.startswith(BY_NAME):
            self.against = likened(self.against)
        self.rivals = Rivals(article, part, self.candidate)
        self.whereabouts = Whereabouts(article, part, self.candidate, self.rivals)
        self.written = Written(article, part, index, self.rivals, self.whereabouts)
        self.phrase = self.written.phrase
        self.adjective = Adjective(self.written)
        self.times = Times(self.written)
        places = self.rivals.targets
        sense = self.candidate.sense
        self.overshadowed = any(not article.gazetteer.places[target][0].place.implies for target in places)
        self.shared = len(places) > 1 or (sense.ordinary_adjective and bool(places))

    def clear(self, reading: Reading, place: Place) -> bool:
        """Whether the name alone tells the place: the only one of its name, or by far the best known."""
        if self.written.rather_adjective(reading) or self._like_people(reading, place):
            return False
        if unmistakable(reading, self.article.gazetteer.places) and not self.shared:
            return True
        if (
            reading.ordinary
            or reading.replaced
            or not place.implies
            or ("former" in reading.origin and not self.rivals.usual(reading))
            or self.whereabouts.village_not(place)
        ):
            return False
        town = place.kind in TOWNS and place.homonyms <= FEW and not self.shared
        if not town and not self.rivals.dominant(reading, place):
            return False
        return not self.written.adjective_too or self.written.noun

    def _like_people(self, reading: Reading, place: Place) -> bool:
        """Whether a village's case looks like a surname's, and nothing shows the village: судей Санина и Огурцова.

        Or a town's, which somebody is said to have beaten: обыграл Орехова.
        """
        if reading.case in ("", "nom") or self.times.war or self.written.noun:
            return False
        if not _LIKE_PEOPLE.search(self.candidate.surface):
            return False
        start = self.hit.start
        return place.kind not in TOWNS or bool(
            _BEATEN.search(self.part.norm.text, max(0, start - _BEATEN_REACH), start)
        )

    def name(self, reading: Reading, sector: Sector, place: Place, clear: bool) -> list[Reason]:
        reasons = []
        dominant = self.rivals.dominant(reading, place)
        if clear:
            detail = "the best known place of that name" if place.homonyms > 1 else "the only place of that name"
            reasons.append(Reason(code="unmistakable", weight=0.2, detail=detail))
        elif reading.ordinary:
            if not self._foreign_sound:
                reasons.append(_ORDINARY)
            reasons += self._person
            reasons += self._in_it(place)
        if place.homonyms > _MANY and not dominant:
            reasons.append(Reason(code="homonyms", weight=-0.2, detail=f"one of {place.homonyms} places of that name"))
        elif place.homonyms > FEW and not dominant:
            reasons.append(Reason(code="homonyms", weight=-0.1, detail=f"one of {place.homonyms} places of that name"))
        if self.shared and not dominant:
            reasons.append(_SHARED)
        alone = self._alone if reading.ordinary and dominant else []
        if self._long and (dominant or place.homonyms <= FEW) and not any(reason.weight < 0 for reason in alone):
            length = self.hit.end - self.hit.start
            detail = f"a long name ({length} characters), hard to mistake for another"
            reasons.append(Reason(code="long_name", weight=0.1, detail=detail))
        if reading.ordinary and dominant:
            reasons += alone
        elif self.written.surname(reading):
            reasons.append(_SURNAME)
        elif _named_alike(place, sector) and not dominant and (other := self.article.front(self.part, self.hit)):
            reasons.append(
                Reason(code="front_towns", weight=0.25, detail=f"{other} near it, and a sector has its name")
            )
        if not clear and place.implies and place.homonyms <= _MANY and (fell := self.times.fell):
            reasons.append(Reason(code="battlefield", weight=0.3, detail=f'a unit fights there, it is said ("{fell}")'))
        if not clear and place.implies and (beside := self._listed_with(reading, sector)):
            detail = f"in a list with {beside}"
            reasons.append(Reason(code="front_towns", weight=0.15, detail=detail))
        if dominant and place.implies and (self.times.war or (self.article.ukraine and not self.times.peace)):
            reasons.append(_ANCHOR)
        if not clear and place.implies and place.kind in (*TOWNS, "settlement") and self._labels_line:
            reasons.append(_DATELINE)
        if not place.implies or (self.overshadowed and not place.anchor):
            reasons.append(_TOO_LARGE)
        if not place.attested and not place.anchor and place.kind not in TOWNS:
            reasons.append(_DRAFT)
            reasons += [] if clear else self._among_others(sector, place)
        return reasons

    @property
    def _foreign_sound(self) -> bool:
        """Whether Estonian writes a sound of Ukrainian in it, as no port or person of Estonia has: Lõman."""
        return self.article.language == "et" and "õ" in self.candidate.surface.lower()

    def _among_others(self, sector: Sector, place: Place) -> list[Reason]:
        """A village of many namesakes that no report tells of, beside names of other sectors and none of its own."""
        if place.homonyms <= FEW or self.phrase or sector.id in self.article.phrased or _named_alike(place, sector):
            return []
        if place.oblasts & self.article.oblasts or self.article.company(self.part, self.hit, sector.id, place.id):
            return []
        other = self.article.front(self.part, self.hit)
        return (
            [Reason(code="other_sector", weight=-0.1, detail=f"{other} near it is of another sector")] if other else []
        )

    def _listed_with(self, reading: Reading, sector: Sector) -> str:
        """A watched name beyond doubt before or behind it in a list, as it is written; "" for none.

        One of its sector, where a town that gives its name to another may be meant.
        """
        if not (beside := self._beside_in_list):
            return ""
        any_of = not self.rivals.lesser(reading)
        for other in beside:
            if any_of or any(named == sector.id for named, _, _ in other.sense.vouches):
                return other.surface
        return ""

    @property
    def _beside_in_list(self) -> list[Candidate]:
        """The watched names beyond doubt that stand before and behind it in a list."""
        candidates = self.part.candidates
        return [
            candidates[other]
            for first, other in ((self.index - 1, self.index - 1), (self.index, self.index + 1))
            if 0 <= other < len(candidates) and candidates[other].sense.unmistakable and joined(self.part, first)
        ]

    @cached_property
    def _labels_line(self) -> bool:
        """Whether it stands alone before the news of its line, and that speaks of the war: Лиман: ворог штурмує."""
        original, start, end = self.part.norm.original, self.candidate.start, self.candidate.end
        if self._tagged:
            return True
        if not _LABEL.match(original, end) or _WORD.search(
            original[max(0, start - _BULLET) : start].rpartition("\n")[2]
        ):
            return False
        if self.candidate.sense.worldly:
            return False  # New York. The Security Council condemned the attack
        theme, paragraph = self.article.theme, self.whereabouts.paragraph
        spoken = bool(_SPEAKS.search(self.part.norm.text, self.hit.end, paragraph[1]))
        if spoken and not (self.article.ukraine or CYRILLIC_LETTER.search(self.candidate.surface)):
            return False  # in Latin letters it may be a person who speaks
        if theme.sport(self.part, paragraph):
            return False
        if len(self.times.war) > 1 or (self.times.war and theme.strain(self.part, paragraph)):
            return True
        return bool(self.times.war and self.article.ukraine and not self.times.peace and not spoken)

    @property
    def _tagged(self) -> bool:
        """Whether a hashtag of it labels a line that has a sign of war: #Lyman : les gars de la 63e brigade."""
        original, start = self.part.norm.original, self.candidate.start
        if not original.endswith("#", 0, start) or not _TAGGED.match(original, self.candidate.end):
            return False
        if _WORD.search(original[max(0, start - _BULLET) : start].rpartition("\n")[2]):
            return False
        paragraph = self.whereabouts.paragraph
        if self.times.peace or self.article.theme.sport(self.part, paragraph):
            return False
        signs = {*self.times.war, *self.article.theme.strain(self.part, paragraph)}
        others = any(candidate.hit.form != self.hit.form for candidate in self.part.candidates)
        return len(signs) > 1 or bool(signs and (others or self.article.ukraine))

    @cached_property
    def _long(self) -> bool:
        """Whether the name is too long to be another word by chance."""
        least = _LONG_IN_SYLLABLES if _SYLLABLES.match(self.candidate.surface) else _LONG_NAME
        return self.hit.end - self.hit.start >= least

    def own_name(self, sector: Sector) -> list[Reason]:
        return own_name(
            self.article, self.part, self.candidate, sector, self.written.begins, self.written.among_capitals
        )

    @property
    def _placed(self) -> bool:
        """Whether a name without capitals has a word or case of place at it, or of war, or other towns of the front.

        Languages of which it is not known how they say so are let pass.
        """
        language, text, hit = self.article.language, self.part.norm.text, self.hit
        if language not in LANGUAGES or self.whereabouts.before or self.article.front(self.part, hit):
            return True
        declined = all("case" in reading.origin for reading in self.candidate.readings)
        if self.part.cues.after("locality", hit.end, 1):
            return True
        if beside_a_place(text, hit.start, hit.end, language, declined=declined):
            return True
        for kind in ("war", "strain"):
            before = self.part.cues.before(kind, hit.start, _AT_IT)
            if before and at_it(text, before.end, hit.start):
                return True
            after = self.part.cues.after(kind, hit.end, _AT_IT)
            if after and at_it(text, hit.end, after.start):
                return True
        return False

    @cached_property
    def _alone(self) -> list[Reason]:
        """A town whose name people bear, in a language without cases: other towns of the front vouch for it."""
        done = done_to_a_town(self.part.norm.text, self.hit.start, self.hit.end, self.article.language)
        cyrillic = bool(CYRILLIC_LETTER.search(self.candidate.surface))
        if done and self.article.ukraine:
            weight = 0.35 if cyrillic and self.written.begins else 0.2 if cyrillic else 0.15
            return [Reason(code="done_to", weight=weight, detail=f'as is done to towns ("{done}")')]
        if self.candidate.caseless:
            return [_PLACED] if self._placed else [_UNPLACED]
        if cyrillic:
            return []
        if other := self.article.front(self.part, self.hit):
            weight = 0.15 if self.written.noun else 0.1
            return [Reason(code="front_towns", weight=weight, detail=f"{other} near it")]
        if self.written.noun or self.whereabouts.before:
            return []
        return [Reason(code="alone", weight=-0.1, detail="no word of place before it, no other town of the front near")]

    def _in_it(self, place: Place) -> list[Reason]:
        """A common word with a capital inside its sentence, after a preposition, as hardly another place is called."""
        only = place.homonyms <= _FEWEST and place.implies and self.candidate.capital
        if (
            not only
            or not CYRILLIC_LETTER.search(self.candidate.surface)
            or not (self.times.war and self.article.ukraine)
        ):
            return []
        if self.written.begins or self.written.among_capitals or not self.written.noun:
            return []
        if self.part.norm.text.endswith("на ", 0, self.hit.start):
            return []  # на Криворіжжі: in a region
        return [_IN_IT]

    @cached_property
    def _person(self) -> list[Reason]:
        """A given name or surname beside it, where nothing else has shown that it is a person's."""
        if any(reason.code == "person" for reason in self.against):
            return []
        reason = full_name(self.part, self.index, self.article.language)
        return [reason] if reason else []

    def bearer(self, sector: Sector) -> list[Reason]:
        """A club or firm of that name."""
        return [] if sector.context == ANY else self._bearer

    @cached_property
    def _bearer(self) -> list[Reason]:
        reason = bearer(self.part, self.index)
        if reason is not None and self._club_of_the_town:
            return [_CLUB]
        named = quoted(self.part, self.index) or quoted_with_its_noun(self.part, self.index)
        if reason is None and self.written.adjective_too and named:
            reason = Reason(code="bearer", weight=-0.4, detail="an adjective in quotation marks")
        if (
            reason is None
            and quoted(self.part, self.index)
            and self.article.theme.sport(self.part, self.whereabouts.paragraph)
        ):
            reason = Reason(code="bearer", weight=-0.4, detail="in quotation marks in news of sport")
        return [reason] if reason else []

    @property
    def _club_of_the_town(self) -> bool:
        """Whether it is the club of a town beyond doubt, in news of sport that names Ukraine: HK Kramatorsk.

        What stands in quotation marks is the club's name: ФК «Краматорськ».
        """
        if (
            not self.candidate.sense.unmistakable
            or not self.article.ukraine
            or self.article.ukraine.startswith(BY_NAME)
        ):
            return False
        if quoted(self.part, self.index):
            return False
        cue = self.part.cues.before("club", self.hit.start, 1)
        by_letters = cue is not None and bool(_CLUB_LETTERS.fullmatch(self.part.norm.text, cue.start, cue.end))
        return by_letters and bool(self.article.theme.sport(self.part, self.whereabouts.paragraph))

    def words_of(self, sector: Sector) -> list[Reason]:
        if not (sector.cues or sector.not_words):
            return []
        start, end = self.whereabouts.paragraph
        return words_of(sector, self.part.norm.text[start:end])


def _named_alike(place: Place, sector: Sector) -> bool:
    """Whether the sector bears the name of the place, though it is only one of many villages of that name."""
    return place.id.partition("-q")[0] == sector.id
