"""Where a text names a sector: "на Куп'янському напрямку", "the Kupiansk and Lyman sectors", "im Raum Lyman"."""

from __future__ import annotations

import re

from extractors.detection.context import HEAD, NO_BREAK, PHRASE_REACH, REGION, Candidate, Part, Phrase
from extractors.gazetteer.lexicon import Cue
from extractors.text import CYRILLIC_LETTER

_JOINER = re.compile(
    r"(?:\s?\(\d{1,3}\)|\s?[:–—-]\s?\d{1,3}\b)?[\s,/&«»\"()*_-]*"  # Pokrowsk (52), Lyman - 17
    r"(?:and|und|et|та|й|і|и|i|y|e|a|o|oraz|en|og|och|ja|és|es|ve|si|as well as|а також|а также)?[\s,/&«»\"()*_-]*"
)
_JOIN_REACH = 16  # characters between two names of one list
_AFTER_CUE = re.compile(
    r"[\s\"«„(]*(?:(?:de|d'|du|di|do|von|bei|van|mot|mod|af|til|av|a|the|la|el|в|на|of)\s*)?[\s\"«„(]*"
)
_LISTED = re.compile(r"(?:[,;–—-]|\b(?:та|і|й|и|i|a|oraz|and|и|на|у|в|na|w|we|v|ve|u|in|im))\s+$")  # how a list goes on
_LIST_REACH = 250  # characters between two sectors of one list
_CUE_LAST = ("hu", "tr")  # languages that never put the cue word first: a limani irányban, Liman yönünde
_CUE_GAP = 6  # characters between a cue word and the name that follows it
_WORDS_BETWEEN = 2  # between an adjective and its cue word: на Лиманському операційному напрямку
_LOCATIVE = re.compile("[сц]ьк(?:ому|ім)$|[сц]ком$")
_ANY_LOCATIVE = re.compile(f"{_LOCATIVE.pattern}|[сц]ькій$|[сц]кой$")
_NO_NOUN = re.compile(  # what follows an adjective without its noun
    r"\s?[,.:;!?)—–]|\s-|\s?$|\s?\n|\s(?:було|буде|стало|тихо|спокійно|гаряче|важко|тяжко|легше|гірше|складно|сьогодні|зараз"
    r"|теж|також|ворог|противник|было|будет|спокойно|жарко|тяжело|легче|хуже|сложно|сегодня|сейчас|тоже|также|враг)\b"
)
_NO_LOCATIVE = re.compile(  # a word that is no noun of the same case: verbs, adverbs
    r"\s(?:[а-яіїєґё'-]{2,}(?:о|[чш]е|ли|ла|[аиія]в|ть|ся|сь|ють|ют|ет|ит|ат|ят|ают|на|ні|ій|ый)|без|нема|нет|все|усе|ще|еще|є|есть|"
    r"по|за|під|под|з|со?|із|у|в|до|від|от|через|наші|наши|триває|тривають|тисне|лізе|лезут)\b"
)
_BEFORE_HEAD = re.compile(r"(?:^|[\n.!?…;]|[^\w\s\x00-\x7f–—«»„“”‘’])[^\w\n]*$")  # an item of a report begins
_AFTER_HEAD = re.compile(r"\s?(?::|[—–-]\s?\d)")
_AGAIN = re.compile(  # in the sector of Lyman and "that of" Kupiansk
    r"\b(?:(?:celui|celle) (?:de |d')|quell[oa] di |quella |(?:el|la) de |(?:no|o|a) de |(?:that|those) of )$"
)
_AGAIN_REACH = 12  # characters before the name
_SECTOR = re.compile("сектор|sektor|sector|secteur|settore|setor")  # the cue words that are said of an economy too
_OF_LIFE = (  # the homes of a town, or a branch of its economy: по частному сектору Краматорска, le secteur privé de
    r"(?:жил|житлов|частн|приватн|прыватн|част[ен]н|стамбен|жилищн|публічн|державн|государств|комунальн|коммунальн"
    r"|енерг|энерг|газов|нафтов|нефт|банк|фінанс|финанс|аграрн|сельскохоз|сільськогосп|промислов|промышл|транспортн"
    r"|оборонн|туристич|туристск|освітн|громадськ|residential|housing|private|public|energy|power|bank|financ|agricult"
    r"|farm|industr|tech|transport|defen[cs]e|health|touris|retail|property|civilian|prywatn|mieszkani|publiczn"
    r"|energet|roln|przemysl|soukrom|sukromn|verejn|bytov|prumysl|priemysel|privat|stamben|javn|prive|public|residen"
    r"|energi|agric|abitativ|industri)"
)
_BEFORE_SECTOR = re.compile(rf"\b{_OF_LIFE}\w*\s$")
_AFTER_SECTOR = re.compile(rf"\s{_OF_LIFE}\w*")
_LIFE_REACH = 24  # characters of the word before
_EAST = ("uk", "ru", "be")
_NOUN_CASE = re.compile("(?:ск|ськ)[ау]?$")  # of a town, and of no adjective but its short form
_FROM = re.compile(r"(?:^|\W)(?:from the|aus|iz|из|z|ze|zo|dalla|vanuit de|od)\s$")


def find_phrases(part: Part) -> None:
    """Marks the candidates that name a sector: by a cue word, alone or in a list, or as heads of a report."""
    if not any(map(_may_name, part.candidates)):
        return
    if part.cues.has("sector") or part.cues.has("area"):
        _mark_by_cue(part)
    _mark_heads(part)


def _mark_by_cue(part: Part) -> None:
    last = len(part.candidates) - 1
    for index in range(last, -1, -1):  # "the Kupiansk and Lyman sectors": from the end, so that the cue spreads back
        cue = _cue_after(part, part.candidates[index])
        if not cue and index < last and index + 1 in part.phrases and joined(part, index):
            cue = part.phrases[index + 1].cue
        _mark(part, index, cue)
    for index in range(last + 1):  # "in den Frontabschnitten Kupjansk und Lyman": and forwards
        if index not in part.phrases:
            cue = _cue_before(part, part.candidates[index])
            if not cue and index and index - 1 in part.phrases and joined(part, index - 1):
                previous = part.phrases[index - 1]
                cue = previous.cue if _cue_before(part, part.candidates[index - 1]) else ""
            _mark(part, index, cue)
    if not part.phrases:
        return
    _narrow_pairs(part)
    for index in range(last + 1):  # "на Куп'янському напрямку ... , на Лиманському ...": its cue goes without saying
        if index in part.phrases:
            continue
        if part.candidates[index].sense.named:
            _mark(part, index, _cue_understood(part, index) or _cue_left_out(part, index))
        if index not in part.phrases:
            _mark(part, index, _cue_again(part, index))


def _narrow_pairs(part: Part) -> None:
    """Gives a town that a hyphen joins to another the other's sector, where it lies in that too.

    The Kostiantynivka-Druzhkivka tactical area is of the Kostiantynivka sector, though Druzhkivka lies in two.
    """
    for index in range(len(part.candidates) - 1):
        one, other = part.phrases.get(index), part.phrases.get(index + 1)
        if one is None or other is None or one.sectors & other.sectors:
            continue
        first, second = part.candidates[index], part.candidates[index + 1]
        if part.norm.text[first.hit.end : second.hit.start].strip() != "-":
            continue
        for at, phrase, candidate, beside in ((index + 1, other, second, one), (index, one, first, other)):
            shared = beside.sectors & {sector for sector, _, _ in candidate.sense.vouches}
            if shared and not _gives_name(candidate, phrase.sectors):
                part.phrases[at] = phrase._replace(sectors=shared)
                break


def _gives_name(candidate: Candidate, sectors: frozenset[str]) -> bool:
    """Whether one of the sectors has the name of the place."""
    return any(target.partition("-q")[0] in sectors for target in candidate.sense.places)


def _mark_heads(part: Part) -> None:
    """Marks the adjectives that head the items of a report: "Лиманський напрямок: 12 атак. Слов'янський: 7".

    Or that its sentences begin with: "На Гуляйпільському найважче. На Оріхівському штурмували двічі".

    One alone may be a person who speaks, so that another must go with it, or a phrase, or be of neuter gender in
    Russian ("Гуляйпольское: продвижение"), which no surname is.
    """
    for index, candidate in enumerate(part.candidates):
        if candidate.sense.named and index not in part.phrases and _opens_with_it(part, index):
            for listed in _list_from(part, index):
                _mark(part, listed, HEAD)
    heads = [
        index
        for index, candidate in enumerate(part.candidates)
        if candidate.sense.named and index not in part.phrases and _heads_item(part, index)
    ]
    if not heads or not (part.phrases or part.cues.has("war") or part.cues.has("strain")):
        return
    cue = next(iter(part.phrases.values())).cue if part.phrases else HEAD
    several = bool(part.phrases) or len({part.candidates[index].sense.named for index in heads}) > 1
    for index in heads:
        if several or _neuter(part.candidates[index]):
            _mark(part, index, cue)


def _opens_with_it(part: Part, index: int) -> bool:
    """Whether a sentence of war begins with it and goes on without a noun: "На Гуляйпільському найважче"."""
    candidate, original = part.candidates[index], part.norm.original
    if not (candidate.sense.declined and candidate.capital) or not _LOCATIVE.search(candidate.surface.lower()):
        return False
    if not original.startswith("На ", max(0, candidate.start - 3)):
        return False
    if not _BEFORE_HEAD.search(original[max(0, candidate.start - 3 - _JOIN_REACH) : candidate.start - 3]):
        return False
    end = part.candidates[_list_from(part, index)[-1]].hit.end
    if not (_NO_NOUN.match(part.norm.text, end) or _NO_LOCATIVE.match(part.norm.text, end)):
        return False
    span = part.paragraph(candidate.hit)
    return bool(part.cues.within("war", *span) or part.cues.within("strain", *span))


def _list_from(part: Part, index: int) -> list[int]:
    """The adjectives of one case that a list begins with: на Олександрівському та Гуляйпільському."""
    listed = [index]
    while listed[-1] + 1 < len(part.candidates) and joined(part, listed[-1]):
        following = part.candidates[listed[-1] + 1]
        if not following.sense.named or not _LOCATIVE.search(following.surface.lower()):
            break
        listed.append(listed[-1] + 1)
    return listed


def _heads_item(part: Part, index: int) -> bool:
    candidate, original = part.candidates[index], part.norm.original
    if not (candidate.sense.declined and candidate.capital):
        return False
    if not _AFTER_HEAD.match(original, candidate.end):
        return False
    return _BEFORE_HEAD.search(original[max(0, candidate.start - _JOIN_REACH) : candidate.start]) is not None


def _neuter(candidate: Candidate) -> bool:
    """Whether it is a Russian adjective of neuter gender, and no village's name as well."""
    return candidate.surface.lower().endswith("ское") and not candidate.sense.places


def _mark(part: Part, index: int, cue: str) -> None:
    candidate = part.candidates[index]
    if not cue or not _may_name(candidate):
        return
    named = candidate.sense.named
    if not named and (candidate.caseless or candidate.hungarian or _may_be_noun(part, candidate, cue)):
        named = candidate.sense.nouns
    if named:
        part.phrases[index] = Phrase(candidate.hit.start, named, cue)


def _may_name(candidate: Candidate) -> bool:
    """Whether a cue word could make it name a sector: an adjective, or a noun that is written as a name."""
    if candidate.aside:
        return False
    return bool(candidate.sense.named) or candidate.capital or candidate.caseless or candidate.hungarian


def _may_be_noun(part: Part, candidate: Candidate, cue: str) -> bool:
    """Whether a noun names a sector beside that cue: in Ukrainian and Russian, only after the word "sector"."""
    return not CYRILLIC_LETTER.search(candidate.surface.lower()) or part.south_slavic or cue.startswith("сектор")


def _cue_understood(part: Part, index: int) -> str:
    """The cue of the adjective before, which this one of the same case continues: "на лиманському – дві"."""
    candidate, text = part.candidates[index], part.norm.text
    if REGION.match(text, candidate.hit.end):
        return ""
    for before in range(index - 1, max(-1, index - 6), -1):
        phrase = part.phrases.get(before)
        if phrase is None:
            continue
        earlier = part.candidates[before].hit
        between = text[earlier.end : candidate.hit.start]
        alike = text[earlier.end - 2 : earlier.end] == text[candidate.hit.end - 2 : candidate.hit.end]
        if not alike or len(between) > _LIST_REACH or "\n" in between:
            return ""
        return phrase.cue if _LISTED.search(between) else ""
    return ""


def _cue_again(part: Part, index: int) -> str:
    """The cue of the phrase before, which a pronoun stands for: "le secteur de Lyman et celui de Koupiansk"."""
    hit, text = part.candidates[index].hit, part.norm.text
    if not _AGAIN.search(text, max(0, hit.start - _AGAIN_REACH), hit.start):
        return ""
    for before in range(index - 1, max(-1, index - 6), -1):
        phrase = part.phrases.get(before)
        if phrase is not None:
            between = text[part.candidates[before].hit.end : hit.start]
            return phrase.cue if len(between) <= _LIST_REACH and not re.search(r"[.!?]\s|\n", between) else ""
    return ""


def _cue_left_out(part: Part, index: int) -> str:
    """A cue of the text, where an adjective after "на" has no noun: "на торецькому було важко"."""
    hit, text = part.candidates[index].hit, part.norm.text
    if not text.endswith("на ", 0, hit.start):
        return ""
    locative = _LOCATIVE if part.candidates[index].capital else _ANY_LOCATIVE  # на Покровській is a street
    if not locative.search(text[hit.start : hit.end]) or not _NO_NOUN.match(text, hit.end):
        return ""
    return next(iter(part.phrases.values())).cue


def _cue_after(part: Part, candidate: Candidate) -> str:
    area = part.cues.after("area", candidate.hit.end, 1)
    if area and candidate.sense.named and not candidate.sense.places and part.cues.has("war"):
        return area.entry
    cue = part.cues.after("sector", candidate.hit.end, PHRASE_REACH if candidate.sense.declined else 2)
    if cue is None or REGION.match(part.norm.text, candidate.hit.end):  # "у Харківській області на ... напрямку"
        return ""
    between = part.norm.text[candidate.hit.end : cue.start]
    if _of_life(part, cue):
        return ""
    if NO_BREAK.fullmatch(between) and len(between.split()) <= _WORDS_BETWEEN:
        return part.norm.text[cue.start : cue.end]
    return ""


def _cue_before(part: Part, candidate: Candidate) -> str:
    if part.language in _CUE_LAST:
        return ""
    cue = part.cues.before("sector", candidate.hit.start, _CUE_GAP)
    if not cue or not _AFTER_CUE.fullmatch(part.norm.text, cue.end, candidate.hit.start):
        return ""
    if _of_life(part, cue) or (candidate.sense.named and REGION.match(part.norm.text, candidate.hit.end)):
        return ""  # на ореховском направлении в Запорожской области
    if part.language in _EAST and not candidate.sense.places and _NOUN_CASE.search(candidate.surface):
        return ""  # в направлении Курска: where to
    if _FROM.search(part.norm.text, max(0, cue.start - 10), cue.start):
        return ""  # "aus Richtung Lyman", "из правца Лимана": where from
    if cue.entry.startswith("direction") and part.norm.text[cue.end : candidate.hit.start].strip() == "of":
        return ""  # "in the direction of Kupiansk" says where to, not which sector
    return part.norm.text[cue.start : cue.end]


def _of_life(part: Part, cue: Cue) -> bool:
    """Whether a sector is one of homes or of the economy, and none of the front."""
    text = part.norm.text
    if not _SECTOR.match(text, cue.start):
        return False
    before = _BEFORE_SECTOR.search(text, max(0, cue.start - _LIFE_REACH), cue.start)
    return bool(before or _AFTER_SECTOR.match(text, cue.end))


def joined(part: Part, index: int) -> bool:
    """Whether a candidate and the next one stand in one list."""
    start, end = part.candidates[index].hit.end, part.candidates[index + 1].hit.start
    return end - start <= _JOIN_REACH and bool(_JOINER.fullmatch(part.norm.text, start, end))
