"""What a number counts: three dead, eleven hurt, nine drones, aged 67.

Few events have the same number of dead and hurt, and one event has not two: so a small number says more with what it
counts. Kinds are known by the beginnings of words, normalised (`extractors.text.plain`): those of Ukrainian, Russian,
English, German and Polish in every text, those of other languages in their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

STATES = ("dead", "hurt", "captive")  # may stand before their number: "killing three people"
_KINDS = {
    "dead": "загин загибл вбит убит вбив життя смерт погиб убил умер скончал жертв kill dead death died dies fatal"
    " getotet tote toten todes ums zgine zginel zginal zabit zabil zmarl smierc zycie",
    "hurt": "поран травм постражд ушпитал госпітал лікарн госпитал больниц hospital krankenh szpital ранен ранил"
    " пострада wound injur hurt casualt verletz verwund rann ranil poszkod obraz",
    "captive": "полон пленн плен prisoner pow pows captive gefangen kriegsgef jenc jeniec",
    "child": "діт дит дівч хлопч неповнол дет дети ребен несовершенн подрост child minors kinder minderj dziec nielet",
    "soldier": "військов солдат бійц воїн захисник штурмовик окупант загарбник военн боец бойц soldier troop servicem"
    " servicew soldat zolnier",
    "civilian": "цивільн гражданск мирн civilian zivilist cywil",
    "drone": "дрон безпіл бпла шахед герб беспил drone uav uavs shahed drohn dron bezzalog",
    "missile": "ракет missile rocket rakiet raketen",
    "bomb": "авіабомб бомб каб каби кабів бомб bomb glide gleitbomb",
    "battle": "боєзітк зітк атак штурм бойов clash assault attack angriff gefecht atak starc",
    "home": "будин осел двор дворів домов дом хат квартир house home apartment hauser wohnung dom domow mieszk",
    "place": "сіл сел населен громад област регион village settlement region oblast dorf dorfer obwod wsi miejscow",
    "car": "авто машин вагон car cars vehicle fahrzeug auto samochod",
    "armour": "танк бронем бмп ббм tank armou panzer czolg",
    "unit": "бригад полк полку батальй омбр ошбр одшбр окрем отдельн brigade regiment battalion brygad pulk batalion",
    "percent": "відсот процент percent prozent per%cent",
    "money": "гривен грн рубл євро euro dollar долар долл eur zlot",
    "aged": "рок рік років річн лет летн years year aged jahre jahr lat letni",
}
_OTHERS = {
    "fr": {
        "dead": "tue tues tuee tuees tuant mort deced vie",
        "hurt": "bless",
        "captive": "prison",
        "child": "enfant mineur",
        "soldier": "milita",
        "civilian": "civil",
        "home": "maison logement",
        "place": "village localite",
        "car": "voiture vehicul",
        "percent": "pour%cent",
        "aged": "ans",
    },
    "es": {
        "dead": "muert mataron mato fallec victim",
        "hurt": "herid lesion",
        "captive": "prision",
        "child": "nino nina menor",
        "soldier": "milita",
        "civilian": "civil",
        "missile": "misil",
        "home": "casa vivienda",
        "place": "pueblo localidad",
        "aged": "anos",
    },
    "it": {
        "dead": "morti morto uccis vittim deced",
        "hurt": "ferit",
        "captive": "prigion",
        "child": "bambin minor",
        "soldier": "milita",
        "civilian": "civili",
        "home": "case abitaz",
        "place": "villagg localit",
        "aged": "anni",
    },
    "pt": {
        "dead": "mort matou mataram vitim",
        "hurt": "ferid",
        "captive": "prision",
        "child": "crianc menor",
        "civilian": "civis",
        "missile": "missei",
        "aged": "anos",
    },
    "ro": {
        "dead": "mort ucis deced",
        "hurt": "ranit",
        "captive": "prizon",
        "child": "copii copil minor",
        "civilian": "civil",
        "missile": "rachet",
        "aged": "ani",
    },
    "nl": {
        "dead": "dode doden gedood omgekom overled",
        "hurt": "gewond",
        "captive": "krijgsgev gevangen",
        "child": "kind",
        "civilian": "burger",
        "missile": "raket",
        "aged": "jaar",
    },
    "cs": {
        "dead": "mrtv zabit zahyn zemrel obet",
        "hurt": "zran",
        "captive": "zajat",
        "child": "det dit",
        "soldier": "vojak",
        "civilian": "civilist",
        "aged": "let rok",
    },
    "sk": {
        "dead": "mrtv zabit zahyn zomrel obet",
        "hurt": "zran",
        "captive": "zajat",
        "child": "det diet",
        "soldier": "vojak",
        "civilian": "civilist",
        "aged": "rok",
    },
    "tr": {
        "dead": "oldu olu hayatin",
        "hurt": "yaral",
        "captive": "esir",
        "child": "cocuk",
        "soldier": "asker",
        "civilian": "sivil",
        "missile": "fuze",
        "aged": "yas",
    },
    "sv": {"dead": "dod omkom", "hurt": "skada", "child": "barn", "civilian": "civil", "aged": "ar"},
}
_JOINED = "та й і и а and und et y e i a oraz ще еще"
_STOPS = frozenset(".,;:!?()\n") | frozenset(_JOINED.split())  # what ends the words that belong to a number
_FROM = "із з зі из of von der z ze de des di van den aus"
_OF = frozenset(_FROM.split())  # one of the dead is not one dead
_REACH = 4  # tokens behind a number
_REACH_BEFORE = 3
_STEM = 3  # letters that any of the beginnings has; in Latin letters, one of them is a whole word
_AGED = "aged"
_IN_A_WORD = ("річн", "летн", "jahrig", "letni")  # 38-річний, сімдесятирічна
_SET_OFF = (",", "(", "aged")


def counted(tokens: Sequence[str], start: int, end: int, value: int, language: str, *, floor: int) -> Iterator[str]:
    """What a number at [start, end) counts, as "dead=3"; no token before `floor` belongs to it."""
    if end < len(tokens) and tokens[end] in _OF and value == 1:
        return
    kinds = set()
    for token in tokens[end : end + _REACH]:
        if token in _STOPS or token[0].isdecimal():
            break
        if kind := _kind(token, language):
            kinds.add(kind)
    if kinds.isdisjoint(STATES):
        for token in reversed(tokens[max(floor, start - _REACH_BEFORE) : start]):
            if token in _STOPS:
                break
            if (kind := _kind(token, language)) in STATES:
                kinds.add(kind)
    if _of_age(tokens, start, end, aged=_AGED in kinds):
        kinds = {_AGED}  # of a man of 38 who is dead there are not 38
    else:
        kinds.discard(_AGED)
    for kind in kinds:
        if value > 1 or kind in STATES:
            yield f"{kind}={value}"


def _of_age(tokens: Sequence[str], start: int, end: int, *, aged: bool) -> bool:
    """Whether years are somebody's age: set off from his name, or in the word itself; others may be a term's."""
    if any(mark in tokens[start] for mark in _IN_A_WORD) or tokens[max(start - 1, 0)] == "aged":
        return True
    if not aged:
        return False
    before, after = (tokens[at] if 0 <= at < len(tokens) else "" for at in (start - 1, end))
    old = tokens[end + 1] if end + 1 < len(tokens) else ""
    return before in _SET_OFF or old == "old" or after.startswith(_IN_A_WORD)


@lru_cache(maxsize=1 << 14)
def _kind(token: str, language: str) -> str:
    """What a word counts, by the longest beginning that is known; "" for another word."""
    known = _beginnings(language)
    for length in range(len(token), _STEM - (not token.isascii()), -1):
        if kind := known.get(token[:length]):
            return kind
    return known.get(token, "")


@cache
def _beginnings(language: str) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for kinds in (_KINDS, _OTHERS.get(language, {})):
        known.update({word: kind for kind, words in kinds.items() for word in words.split()})
    return known
