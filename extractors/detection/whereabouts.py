"""Where a candidate's place lies, by what the text says around it: oblast, neighbours, namesakes elsewhere."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, cached_property

from extractors.detection.abroad import lies_abroad
from extractors.detection.context import REGION, WOODS, Article, Candidate, Part, Phrase
from extractors.detection.origins import battlefield, of_a_fighter
from extractors.detection.rivals import Rivals, kilometres
from extractors.gazetteer import ANY, Place, Reading, Sector
from extractors.gazetteer.lexicon import DOUBLE, FORMER_DOUBLE, Cue, oblasts
from extractors.text import plain
from sectorwatch.domain import Reason

TOWNS = ("town", "city")
_POSTPOSED = ("tr", "az", "kk", "hu", "fi", "et", "lv", "lt", "ka", "hy", "hi", "ja", "ko", "zh")
# languages that put the word of place behind the name: Liman kenti, リマン近郊
FEW = 5  # places of one name in the country
_ACROSS = frozenset(("Kursk", "Russia"))
_ABROAD = "Russia"  # a region of word lists: what lies there is none of ours
SLAVIC = ("pl", "cs", "sk", "sl", "hr", "bs", "sr")
_DISTRICT = 5  # letters of a district's stem
_STEM = 5  # letters that the case forms of a name share
BY_BEARING = 0.35  # weight of a name that says where it lies
_SUBURB = 0.2  # weight of a city beside it
_BESIDE_A_CITY = 15.0  # kilometres
_ALL_ALONG = 2  # different words that stand beside a namesake, for a text to be about that
_NEXT_TOWN = 45.0  # kilometres
_NEIGHBOUR = 0.5  # weight of a town of another sector so close by
_BESIDE = 3  # characters between a word and the name it belongs to
_OBLAST_REACH = 60
_SENTENCE_REACH = 100  # of a name that many places bear
_DISTRICT_REACH = 120
_IN = re.compile(
    r"(?:,\s(?:що|что|што|который|который находится|ktore|ktory|co lezy|which is|that is)\s|[\s(]+)"
    r"(?:(?:farther\s|further\s)?(?:north|south|east|west)\w*\s)?"
    r"(?:(?:in|im|in der|in the|w|we|v|ve|u|na|en|en la|dans la|nella|na regiao|in de|в|у|ў|на)\s+)?"
    r"(?:(?:oblast|gebiet|region|regione|regiao|provin\w+|obwod\w*|oblasti|kraji|regiunea|oblasten)\s)?"
)  # between a name and the region it lies in
_IN_REACH = 30
_REST_OF_LIST = re.compile(
    r"(?:(?:,\s|\s?[–—]\s?|\s(?:и|і|й|та|and|und|et|i|a|y|e)\s)[A-ZА-ЯІЇЄҐ][\w'’]+"
    r"(?:\s(?!\w+[сц]ь?к(?:ой|ої|ій|ого|ая|а)\b)[A-ZА-ЯІЇЄҐ][\w'’]+)?){1,4}"
)
_APPOSED = re.compile(r"[,.:;)]|\s?$|\s[—–-]")  # near Konstantinovka, Moldova:
_OTHER_DISTRICT = re.compile(  # Александровка Азовского района
    r"[\s(,]+(\w{4,})(?:ского|цкого|ського|цького|скага|цкага)\s(?:район\w*|раен\w*|р-н\w*|округа|округу)"
)
_OF_DISTRICT = re.compile(
    r"\s(?:district|ra[ij]on|rayon|rejon|okres|distrikt|distretto|distrito|kreis|ilcesi)\w{0,3}\b"
)
_LIES = re.compile(r"[a-z]|.*(?:ої|ій|ого|ому|ой|ом|щині|щини|щине)$")  # a region's case there, not where one goes to
_VILLAGES = re.compile(
    r"(?:сел[оіауие]м?|села|деревн\w+|хутор\w*|станиц\w+|сели?щ\w*|вёск\w+|веск\w+|sel[oua]|village|dorf\w*|wies|wsi"
    r"|vesnic\w*|obec|obce|dedin\w*|villaggio|aldea|aldeia|pueblo|dorp|landsby\w*|byn|k[uy]la\w*|kaim\w+|falu\w*|koy\w*"
    r"|ciem\w+|satul\w*|vas|vasi)(?:\s(?:of|de|di|d|von|van|du))?$"
)
_SETTLEMENTS = re.compile(r"(?:населен\w+ пункт|сел[аї]|деревни|villages|settlements)")  # of which a list names several
_NEW_SENTENCE = re.compile(r"[.!?…]\s+[^\W\da-zß-ÿа-яіїєґё]|\n")
# The same for every name: made once.
_SPOKEN_OF = Reason(code="spoken_of", weight=0.1, detail="the article names the sector")
_REGION_ALONE = Reason(code="district", weight=-0.25, detail="the name of a region")
_TOLD_SO = 0.4  # weight from which it tells a place from all others of its name
_UKRAINE_BEHIND = re.compile(  # and a sign behind it: who met Mr Lyman, in Ukraine since 2022, has none
    r"(?:,\s|\s\()(?:(?:in|en|na|w|v|u|i|nell'|in the|in der|aux?|a|στην)\s?)?"
    r"(?:est dell'|eastern |osten der |est de l'|este de )?"
    r"(?:ukrain\w{0,4}|ucrain\w{0,2}|ucrani\w{1,2}|oekrain\w{0,2}|україн\w{1,2}|украин\w{1,2}|ουκρανια\w?|ukrayna)"
    r"(?=[,.)]|$)"
)
_LOCATIVE = re.compile(r"(?:^|\W)(в|во|на|о|об|у)\s$")


class Whereabouts:
    """What speaks for and against each place that one candidate may mean."""

    def __init__(self, article: Article, part: Part, candidate: Candidate, rivals: Rivals) -> None:
        self.article = article
        self.part = part
        self.candidate = candidate
        self.hit = candidate.hit
        self.rivals = rivals
        self.paragraph = part.paragraph(candidate.hit)

    @cached_property
    def before(self) -> str:
        """The word of place directly before the name, or ""."""
        cue = self.part.cues.before("locality", self.hit.start, _BESIDE)
        if cue is None and self.part.language in _POSTPOSED:
            cue = self.part.cues.after("locality", self.hit.end, 1)
        return self.part.norm.text[cue.start : cue.end] if cue else ""

    def following(self, reading: Reading, sector: Sector, place: Place) -> list[Reason]:
        """The sector phrase before it in its paragraph: General Staff prose names the sector, then its settlements."""
        phrase = self._phrase
        if phrase is None:
            return self._spoken(sector)
        if sector.id in phrase.sectors:
            detail = f'its paragraph names the sector ("{phrase.cue}")'
            return [Reason(code="follows_phrase", weight=0.35, detail=detail)]
        if place.homonyms > 1 and not self.rivals.dominant(reading, place):
            return [Reason(code="other_phrase", weight=-0.15, detail="its paragraph names another sector")]
        return []

    @cached_property
    def _phrase(self) -> Phrase | None:
        return self.part.phrase_for(self.hit) if self.part.phrases else None

    def _spoken(self, sector: Sector) -> list[Reason]:
        """A phrase of the sector elsewhere in the article: a place of two sectors belongs to the one spoken of."""
        if sector.id not in self.article.phrased:
            return []
        return [_SPOKEN_OF]

    def grammar(self, reading: Reading) -> list[Reason]:
        """A preposition that does not go with the case: of Покровск it would be в Покровске, not в Покровском."""
        if reading.case != "ins" or reading.language not in ("uk", "ru"):
            return []
        before = self.part.norm.text[max(0, self.hit.start - 4) : self.hit.start]
        match = _LOCATIVE.search(before)
        if match is None:
            return []
        return [Reason(code="grammar", weight=-0.4, detail=f'"{match[1]}" goes with another case of the name')]

    def village_not(self, place: Place) -> bool:
        """Whether the text says village of a name that this town shares with villages."""
        return place.kind in TOWNS and place.homonyms > 1 and bool(_VILLAGES.match(self.before))

    def locality(self, reading: Reading, place: Place) -> list[Reason]:
        if not self.before:
            return []
        if self.village_not(place):
            return [Reason(code="village", weight=-0.25, detail=f'a village ("{self.before}"), and this is a town')]
        proven = reading.ordinary and _VILLAGES.match(self.before)  # "the village of" makes a common word a place
        # In a language that is not Slavic it is no common word, and one is "near" no person by surname.
        likely = reading.ordinary and place.homonyms <= FEW and self.candidate.surface.isascii()
        likely = likely and self.part.language not in SLAVIC
        weight = 0.3 if proven else 0.2 if likely else 0.1
        return [Reason(code="locality", weight=weight, detail=f'after "{self.before}"')]

    def company(self, reading: Reading, sector: Sector) -> list[Reason]:
        if by := self._bearing(reading, sector):
            return [Reason(code="company", weight=BY_BEARING, detail=f"its place is given by {by} of the same sector")]
        found = self.article.company(self.part, self.hit, sector.id, reading.target)
        if found is None or found.weight < _SUBURB:
            city = self._suburb_of(reading, sector)
            if city:
                return [Reason(code="company", weight=_SUBURB, detail=f"{city} is named, and it lies beside it")]
        if found is None:
            return self._neighbour(reading, sector)
        detail = f"{found.surface} of the same sector {'near' if found.near else 'elsewhere in the article'}"
        return [Reason(code="company", weight=found.weight, detail=detail)]

    def _neighbour(self, reading: Reading, sector: Sector) -> list[Reason]:
        """A town of the front of another sector that lies close to this town, which has many namesakes far away."""
        members = self.article.gazetteer.places.get(reading.target, ())
        own = next((member.place for member in members if member.sector.id == sector.id), None)
        sectors = {member.sector.id for member in members}
        if own is None or own.anchor or own.kind not in TOWNS or own.homonyms <= FEW or reading.case not in ("", "nom"):
            return []
        for surface, target in self.article.fronts(self.part, self.hit):
            if target[0] == "@" or {member.sector.id for member in self.article.gazetteer.places[target]} & sectors:
                continue
            away = kilometres(own, self.article.gazetteer.places[target][0].place)
            if 0 < away < _NEXT_TOWN:
                detail = f"{surface}, {away:.0f} km from it, is named beside it"
                return [Reason(code="company", weight=_NEIGHBOUR, detail=detail)]
        return []

    def _bearing(self, reading: Reading, sector: Sector) -> str:
        """The name of the sector by which the text says where it lies: Ivanivka (northeast of Oleksandrivka)."""
        by = self.part.bearings.get(bisect_left(self.part.starts, self.hit.start)) if self.part.bearings else None
        if by is None:
            return ""
        other = self.part.candidates[by]
        alike = other.hit.form[:_STEM] == self.hit.form[:_STEM]
        named = {target.partition("-q")[0] for target in other.sense.places} & other.sense.nouns
        vouched = sector.id in (named or other.sense.nouns) and reading.target not in other.sense.places
        return other.surface if vouched and not alike else ""

    def _suburb_of(self, reading: Reading, sector: Sector) -> str:
        """A large city that the article names and the place lies beside, as it is written; "" for none."""
        if reading.target[0] == "@":
            return ""
        places = self.article.gazetteer.places
        own = places[reading.target][0].place
        for target, surface in self.article.cities(sector.id).items():
            if target != reading.target and 0 < kilometres(own, places[target][0].place) < _BESIDE_A_CITY:
                return surface
        return ""

    def oblast(self, sector: Sector, place: Place | None, clear: bool) -> list[Reason]:
        """The oblast that is named beside it: its own speaks for it, another against."""
        first, last = self.paragraph
        start, end = max(first, self.hit.start - _OBLAST_REACH), min(last, self.hit.end + _OBLAST_REACH)
        named = self.article.oblasts_near(self.part, start, end) if self.part.cues.has("oblast") else set()
        own = (place and place.oblasts) or frozenset(sector.oblasts)
        if sector.context != ANY and (
            region := self._region(own)
            or ("" if clear else self._region_of_list(own))
            or self._district_elsewhere(own)
            or lies_abroad(self.part, self.hit)
        ):
            return [Reason(code="other_oblast", weight=-0.8, detail=f'said to lie elsewhere ("{region}")')]
        if place is not None and place.homonyms > 1 and not clear and self._in_its_district(place):
            return [Reason(code="oblast", weight=0.6, detail=f"its district is named beside it ({place.raion})")]
        if place is not None and not place.implies and self.part.of_a_region(self.hit):
            return [_REGION_ALONE]
        if place is not None and place.anchor and not clear and self._in_ukraine:
            return [Reason(code="oblast", weight=_TOLD_SO, detail="said to lie in Ukraine")]
        if named & own:
            many = place is not None and place.implies and place.kind in TOWNS and place.homonyms > FEW and not clear
            rare = place is not None and (place.homonyms <= FEW or (bool(self.before) and place.attested))
            few = rare and not clear and self._said_to_lie_in(own)  # освободили населённый пункт Раздольное в ДНР
            weight = 0.4 if many else 0.25 if few else 0.1
            return [Reason(code="oblast", weight=weight, detail=f"{_listed(named & own)} oblast nearby")]
        if not named and not clear and place is not None and place.homonyms > FEW:
            start, end = max(first, self.hit.start - _SENTENCE_REACH), min(last, self.hit.end + _SENTENCE_REACH)
            named = self.article.oblasts_near(self.part, start, end) if self.part.cues.has("oblast") else set()
            named = set() if named & own else named
        named -= self.article.destinations(self.part, start, end)
        if named:
            named -= self.article.homes(self.part, start, end)
        if named and self._exiled(place, clear) and _ABROAD not in named:
            return []
        if named:
            weight = -0.15 if clear and (place is None or place.homonyms <= FEW) else -0.3
            return [Reason(code="other_oblast", weight=weight, detail=f"{_listed(named)} named beside it")]
        if not clear and self.article.oblasts and self.article.oblasts <= own:
            town = place is not None and place.implies and place.kind in TOWNS and place.homonyms > FEW
            detail = f"the article names {_listed(self.article.oblasts)} alone"
            return [Reason(code="oblast", weight=0.2 if town else 0.05, detail=detail)]
        if not clear and self.article.scenes and not self.article.oblasts & own:
            if self.article.oblasts_beside(self.part, self.hit) & own:
                return []
            others = _listed(self.article.scenes)
            weight = -0.3 if self.article.scenes <= _ACROSS else -0.15  # villages there have such names too
            return [Reason(code="far_oblast", weight=weight, detail=f"the article names {others} alone")]
        return []

    @property
    def _in_ukraine(self) -> bool:
        """Whether the country stands behind it as a place has it: Lyman, Ukraine; Lyman, in Ucraina, faceva."""
        return _UKRAINE_BEHIND.match(self.part.norm.text, self.hit.end) is not None

    def _in_its_district(self, place: Place) -> bool:
        """Whether its district is named near it: Покровське Синельниківського району, Заречное Краматорского района."""
        if self.part.language not in ("uk", "ru") or not (district := _district(place.raion)):
            return False
        start, end = max(self.paragraph[0], self.hit.start - _DISTRICT_REACH), self.hit.end + _DISTRICT_REACH
        return district.search(self.part.norm.text[start : min(end, self.paragraph[1])]) is not None

    def _exiled(self, place: Place | None, clear: bool) -> bool:
        """Whether another oblast may be where its court or museum has moved to: there is no other town of that name."""
        if place is None or not clear:
            return False
        moved = self.article.theme.calm and bool(self.part.cues.within("exile", *self.paragraph))
        if place.homonyms > 1 and not (place.anchor and (place.homonyms <= FEW or moved)):
            return False
        return bool(self.article.theme.peace(self.part, self.paragraph))

    def _said_to_lie_in(self, own: frozenset[str]) -> bool:
        """Whether the name, or a list that "the villages of" begins with it, is directly followed by its own oblast.

        Борова на Харківщині; населённые пункты Раздольное и Воровское в ДНР.
        """
        norm, end = self.part.norm, self.hit.end
        if _SETTLEMENTS.match(self.before) and (rest := _REST_OF_LIST.match(norm.original, self.candidate.end)):
            end = norm.position(rest.end())
        cue = self.part.cues.after("oblast", end, _IN_REACH)
        between = cue is not None and _IN.fullmatch(norm.text, end, cue.start)
        return bool(between) and cue is not None and oblasts()[cue.entry] in own

    def _region_of_list(self, own: frozenset[str]) -> str:
        """The same behind a list that the name stands in: Погребки — Ольговка — Новоивановка Курской области."""
        norm, original = self.part.norm, self.part.norm.original
        rest = _REST_OF_LIST.match(original, self.candidate.end)
        return self._region(own, norm.position(rest.end())) if rest else ""

    def _region(self, own: frozenset[str], end: int = -1) -> str:
        """The region that the name is directly followed by, where it is none of its own: Покровск в Якутии."""
        text, cues = self.part.norm.text, self.part.cues
        end = self.hit.end if end < 0 else end
        for kind in ("faraway", "oblast"):
            cue = cues.after(kind, end, _IN_REACH)
            if cue is None:
                continue
            apposed = kind == "faraway" and text[end : cue.start] == ", " and _APPOSED.match(text, cue.end)
            if not apposed and not _IN.fullmatch(text, end, cue.start):
                continue
            word = text[cue.start : cue.end]
            if kind == "faraway" or (oblasts()[cue.entry] not in own and _LIES.match(word)):
                return word
        return ""

    def _district_elsewhere(self, own: frozenset[str]) -> str:
        """The district that the name is directly followed by, where no town that could give it its name is watched."""
        found = _OTHER_DISTRICT.match(self.part.norm.text, self.hit.end)
        if found is None or self.article.oblasts_near(self.part, found.start(), found.end() + 1) & own:
            return ""
        stem, named = " " + found[1][:_DISTRICT], self.article.gazetteer.named_in
        if any(stem in named.get(oblast, "") for oblast in own):
            return ""
        return found[0].strip(" (,")

    def district(self, place: Place) -> list[Reason]:
        """An adjective that looks like a village's name: в Каменском районе, у Ольговского леса.

        Or a village's name in Latin letters before the word district, which is called after a larger place.
        """
        if place.kind not in TOWNS and _OF_DISTRICT.match(self.part.norm.text, self.hit.end):
            return [Reason(code="district", weight=-0.4, detail="districts are called after larger places")]
        if self.candidate.surface[-1:].lower() not in "мйюїоуеаия":
            return []
        if wood := WOODS.match(self.part.norm.text, self.hit.end):
            detail = f'the adjective of something else ("{wood[0].strip()}")'
            return [Reason(code="district", weight=-0.6, detail=detail)]
        if not REGION.match(self.part.norm.text, self.hit.end):
            return []
        return [Reason(code="district", weight=-0.25, detail="the adjective of a district or region")]

    def double(self, reading: Reading, sector: Sector, place: Place) -> list[Reason]:
        """A town of that name elsewhere, by what stands beside it there, near or in a text that has no more."""
        if place.id not in self.article.doubled:
            return []
        kinds = [f"{DOUBLE}{place.id}"]
        if "former" in reading.origin or reading.replaced:
            kinds.append(f"{FORMER_DOUBLE}{place.id}")
        kinds = [kind for kind in kinds if kind in self.article.kinds]
        if not kinds or battlefield(self.part.norm.text, self.hit.start, self.hit.end):
            return []
        for part in (self.part, *(part for part in self.article.parts if part is not self.part)):
            here = part is self.part
            span = self.paragraph if here else (0, 1 << 62)
            found = (cue for kind in kinds for cue in part.cues.within(kind, *span))
            cues = [cue for cue in found if not of_a_fighter(part.norm.text, cue.start, cue.end)]
            if not cues:
                continue
            near = min(cues, key=lambda cue: abs(cue.start - self.hit.start))
            if here and not _NEW_SENTENCE.search(self._between(near)):
                weight = -0.7
            else:  # in another sentence it speaks against a name that nothing speaks for
                others = self.article.company(self.part, self.hit, sector.id, reading.target)
                home = place.oblasts & self.article.oblasts
                weight = -0.3 if home or (others and others.weight > 0.1) else -0.6
            detail = f'a namesake elsewhere ("{part.norm.text[near.start : near.end]}")'
            return [Reason(code="double", weight=weight, detail=detail)]
        return self._double_all_along(kinds, sector, reading)

    def _double_all_along(self, kinds: list[str], sector: Sector, reading: Reading) -> list[Reason]:
        """The same where the text before its paragraph is about that place, and nothing has named Ukraine so far."""
        text, cues, (first, last) = self.part.norm.text, self.part.cues, self.paragraph
        before = {text[cue.start : cue.end] for kind in kinds for cue in cues.within(kind, 0, first)}
        if len(before) < _ALL_ALONG or cues.within("ukraine", 0, last) or cues.within("oblast", 0, last):
            return []
        if self.article.company(self.part, self.hit, sector.id, reading.target):
            return []
        detail = f"a namesake elsewhere, told of before ({_listed(before)})"
        return [Reason(code="double", weight=-0.7, detail=detail)]

    def _between(self, cue: Cue) -> str:
        """What is written between the candidate and a cue word of its part."""
        norm = self.part.norm
        first, last = norm.origin(cue.start), norm.origin(cue.end)
        return norm.original[min(last, self.candidate.end) : max(first, self.candidate.start)]


@cache
def _district(raion: str) -> re.Pattern[str] | None:
    """Finds the district of that name in normalised text, in any case; None where it is too short."""
    stem = plain(raion).removesuffix("ський").removesuffix("цький")
    both = re.sub("[іїие]", "[іїиеоё]", stem.replace("'", "'?"))  # Синельниківський, Синельниковский
    return re.compile(rf"(?<!\w){both}[сц]ь?к\w{{1,3}}\sрайон") if len(stem) >= _DISTRICT else None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)[:3])
