"""What else a name may mean: a longer name, a person, a street, an institution, a place far away."""

from __future__ import annotations

import re
from bisect import bisect_left

from extractors.detection.comparisons import compared
from extractors.detection.context import CAPITAL_NOUNS, PARAGRAPH, Part
from extractors.gazetteer.lexicon import Cue
from extractors.text import caseless
from sectorwatch.domain import Reason

_HYPHENS = ("-", "\u2010", "\u2011")  # a longer dash joins two places, it does not make one name
_SUFFIXES = (
    "based", "area", "region", "oblast", "held", "city", "town", "side", "raion", "bound", "born", "raised", "bred",
    "krise", "ul",
)  # fmt: skip
_JUNCTION = re.compile(r"[vw]?(?:u|oe|ou)[sz]l[oi][vw]|в?узл[оі]в")  # of the same sector: w Kupiańsku-Wuzłowym
_ELSEWHERE_REACH = 80  # characters on either side
_ADJECTIVAL = re.compile(
    r"(?:ськ|ск|sk)(?:ий|ого|ому|им|ім|ої|ій|ою|а|у|е|ая|ой|ую|ое|ом|i|iej|iego|im|a|y|e|ou|eho)$"
)  # Покровська церква, cerkiew Pokrowska: some forms of the town's name read the same
_KIND_OF_CHURCH = re.compile(
    r"(?:\s(?:жін|жен|чол|муж|муш|кафедр|соборн|ставроп|парафія|приход|єпарх|епарх|старообр|новозбуд|дерев'?ян|стар"
    r"|zens|muzs|zen|mes|katedr|para[fr]|praw|prav|greck|grek|greko|drewn|drev|stavrop|metrop|convent|men|women)[\w'-]*){1,2}(?=\s)"
)  # between the adjective and the church
_HOLY = re.compile("свят|svi?at|svyat|swiat|sviat")  # of a village as of a church: Свято-Покровське
_NO_PERSON = ("sector", "locality", "ukraine", "oblast", "street", "war", "institution", "faraway")
# The word before must not open its sentence: there any word has a capital.
_NAME_BEFORE = re.compile(r"([\w,;:»”\"')–—-]\s+)(?<![.!?]\s)([^\W\d_][\w'’]{2,})\s$")
_WORD_BEFORE = re.compile(r"(?:^|\s)([^\W\d_][\w'’]+)\s$")
_NAME_AFTER = re.compile(r"\s([A-ZÀ-ÞŠŽČĆŁŚŹŻĐА-ЯІЇЄҐ][a-zß-ÿšžčćłśźżđа-яіїєґ'’]{2,})")
_ADJECTIVE_AFTER = re.compile(r"(?:ого|ої|ой|ий|ый|ая|ое|ські?|ских|ське)$")  # Покровское Синельниковского района
# What makes two villages of one name two names: Велика Знам'янка is not Знам'янка.
_EPITHET = re.compile(
    r"\b(?!Біля\s)((?:Велик|Мал|Нов|Стар|Верхн|Нижн|Середн|Красн|Червон|Больш|Бел|Біл|Черн|Чорн"
    r"|Velyk|Mal|Nov|Star|Verkhn|Nyzhn|Wielk)"
    r"(?:ий|а|е|ого|ої|ій|ому|им|ою|у|і|их|я|ьої|ю|ый|ая|ое|ой|ом|ую|ие|ые|ых|яя|ее|ей|юю"
    r"|yi|y|a|e|oho|oi|ii|omu|oiu|u|ia|aya|aia|ie|iej|iego))\s$"
)
_ON_RIVER = ("na", "на", "να", "نا", "נא", "נה", "על", "on", "sur", "am")  # Славянск-на-Кубани
_GEORGIAN_SKI = re.compile(r"\w+სკი")
_EAST_SLAVIC = ("uk", "ru", "be")
_SKA = re.compile("[сц](?:ька|ая|кая)$")  # Покровська Багачка
_GENITIVE_FIRST = (
    "et",
    "fi",
    "lt",
    "lv",
    "hu",
    "tr",
    "ka",
)  # Pokrovski linnapea is a mayor, linnapea Pokrovski a person
_INITIALS_AFTER = re.compile(r"\s([A-ZА-ЯІЇЄҐ]\.\s?[A-ZА-ЯІЇЄҐ]\.)")  # Сіверська Н. В.
_NAME_FIRST = ("ko", "ja", "zh")
_HONORIFIC = re.compile(  # what follows the name of a person, and of no town
    r"\s?(씨|님|여사|대위|대령|중령|소령|중사|하사|장군|교수|박사|氏|さん|様|先生|女士|小姐|教授|博士|将軍|大佐|大尉|中尉|上校|上尉|中校|少校)"
)
_PORT = re.compile("liman(?:i|in|a|da|dan|lar\\w*)")
_A_PORT = re.compile("liman(?:lar)?")
_PORTS = re.compile(r"(?<!\w)liman")  # small letters: a port, beside which Liman'da is a town
_NAME_DOTS = {"·", "・", "‧"}  # between the names of a foreign person in Chinese and Japanese
_ONE_STREET = ("вулиця", "площа", "улица", "площадь", "ulica")
_HEROES = re.compile(  # Heroes of Bakhmut Street
    r"(?:вул\w*|площ\w*|просп\w*|бульвар\w*|провул\w*|сквер\w*|улиц\w*|переул\w*|ulic\w*|alej\w*|plac\w*)\.?"
    r"\s(?:героїв|захисників|оборонців|героев|защитников|bohaterow|obroncow)\s$"
)
_CALLING = re.compile(  # what nobody is of a town
    r"(?:kolonel|kindral|kapten|leitnant|seersant|naitlej|lavastaj|laulja|albay|tuggeneral|binbasi|yuzbasi|tegmen|cavus|oyuncu"
    r"|yonetmen|sarkici|pulkvedi|pulkinink|eversti|kenraal|majur|luutnant|kersant|nayttelij|ohjaaj|laulaj"
    r"|украин(?:ец|ц)|україн(?:ець|ц)|росси[яй]нин|росіянин|гражданин|громадянин|адвокат|журнал|психолог|юрист|блогер|балер|скрипал|скрипач|тенор|баритон"
    r"|adwokat|dziennik|psycholog|prawni|advokat|novin|skrzyp|housl|husl|baryton|режис|актор|актер|актрис|письмен|писател|поет|поэт|худож|співа|певец|певиц|професор|профессор|сержант|старшин"
    r"|прапор|лейтен|капітан|капитан|майор|підполк|подполк|полковн|генерал|рядов"
    r"|rezys|reziser|rezis|aktor|herec|herc|pisar|spisovat|poet|basnik|malar|malir|spiew|zpev|profes|sierz|kapral|porucz"
    r"|porucik|kapit|kpt|major|mjr|pplk|plk|pulkown|plukov|general|gen\b|szereg)"
)
_FIGHTING = ("war", "strain", "contest")
_STOPS = (".", "!", "?", "…")
_ABBREVIATED = 6  # characters with the stop: Gen., Oberst. ends a sentence
_NEXT_WORD = 12  # characters
_HEROES_ABROAD = re.compile(  # Defensores de Bajmut, rue des Héros de Bakhmout
    r"(?:stra(?:ss|ß)e|platz|street|square|plaza|avenue|named after|calle|avenida|rue|place|rua|praca|via|viale|piazza"
    r"|strada|piata|ulic\w*|plac|placu|rondo|namesti|trg|straat|plein|gata\w*|katu|aukio|utca|ter|sokak|caddesi|llamad\w*|nomme\w*"
    r"|chiamat\w*|benannt\w*|\w+strasse)\s(?:\w+\s){0,3}"
    r"(?:heroes|defenders|verteidiger\w*|helden|heros|defenseurs|defensores|herois|difensori|eroi|eroilor|bohater\w*|obroncow"
    r"|obrancu|obrancov|hrdin\w*|junaka|heroja|branitelja|verdedigers|hjaltar\w*)\s(?:(?:of|von|de|del|di|da|do|van)\s)?$"
)
_HEROES_ALONE = ("Героїв", "Героев")  # with a capital: a street, whatever it is called
_ROAD = re.compile(
    r"(?:calle|rue|rua|carrer|avenue|avenida|viale|strada|ulica|ulicy|ulice)(?:\s(?:de|del|do|da))?$"
)  # one of them: a street's name
_NEUTER_NOUN = re.compile(
    r"\s(?!после|более|менее|далее|ранее)([а-яё]{2,}(?:ие|ье|це|ще)|поле|море|озеро|место|дело|небо|лето|утро|время)\b"
)
_NEW_YORK = ("new york", "нью-йорк")


def namesakes(part: Part, index: int) -> list[Reason]:
    """Reasons against a candidate that hold whatever place it is read as."""
    hit = part.candidates[index].hit
    checks = _CHECKS if part.cues.beside(hit.start, hit.end) else _WITHOUT_CUE
    return [reason for check in checks if (reason := check(part, index))]


def _longer_name(part: Part, index: int) -> Reason | None:
    """A hyphen makes one name of two words, unless both are names we know, or the other is a word like -based."""
    candidate = part.candidates[index]
    text, original, start, end = part.norm.text, part.norm.original, candidate.hit.start, candidate.hit.end
    following = part.candidates[index + 1].hit.start if index + 1 < len(part.candidates) else -1
    preceding = part.candidates[index - 1].hit.end if index else -1
    hyphen = original[candidate.end : candidate.end + 1] in _HYPHENS and text[end : end + 1] == "-"
    first_half = index in part.phrases and text[end - 1] in "оo"  # Купянско-Сватовское направление
    if hyphen and not first_half and text[end + 1 : end + 2].isalpha() and following != end + 1:
        rest = _word_at(text, end + 1)
        if rest in _ON_RIVER:
            return Reason(code="longer_name", weight=-0.8, detail=f"a town on another river (-{rest}-)")
        if (
            rest not in _SUFFIXES
            and not _JUNCTION.match(rest)
            and not part.cues.within("sector", end + 1, end + 2 + len(rest))
        ):
            return Reason(code="longer_name", weight=-0.45, detail=f"part of a longer name (-{rest})")
    if part.language in _EAST_SLAVIC and _SKA.search(candidate.surface) and not part.headline:
        noun = _NAME_AFTER.match(original, candidate.end)
        if noun and not _known(part, noun.start(1), noun.end(1)):
            return Reason(code="longer_name", weight=-0.45, detail=f'part of a longer name ("{noun[1]}")')
    hyphen = start >= 2 and text[start - 1] == "-" and original[candidate.start - 1] in _HYPHENS
    if hyphen and text[start - 2].isalpha() and preceding != start - 1:
        return Reason(code="longer_name", weight=-0.45, detail="the end of a longer name")
    if _no_capital(original, candidate.start - 16, candidate.start):
        return None
    before = _EPITHET.search(original, max(0, candidate.start - 16), candidate.start)
    if before:
        return Reason(code="longer_name", weight=-0.45, detail=f'part of a longer name ("{before[1]}")')
    return None


def _person(part: Part, index: int) -> Reason | None:
    original, start, position = part.norm.original, part.candidates[index].start, part.candidates[index].hit.start
    before = original[max(0, start - 4) : start].rstrip()
    if len(before) >= 2 and before[-1] == "." and before[-2].isupper() and not before[-3:-2].isalpha():
        return Reason(code="person", weight=-0.6, detail=f'after the initial "{before[-2:]}"')
    end = part.candidates[index].end
    if initials := _INITIALS_AFTER.match(original, end):
        return Reason(code="person", weight=-0.6, detail=f'before the initials "{initials[1]}"')
    joined = original[end : end + 1] in _NAME_DOTS and not original[end + 1 : end + 2].isspace()  # a Greek semicolon
    if joined or original[start - 1 : start] in _NAME_DOTS:
        return Reason(code="person", weight=-0.6, detail="one of the names of a person, joined by a dot")
    if part.language in _NAME_FIRST and (honorific := _HONORIFIC.match(original, end)):
        return Reason(code="person", weight=-0.6, detail=f'before "{honorific[1]}"')
    if part.language == "ka" and _georgian_surname(part, index):
        return Reason(code="person", weight=-0.6, detail="elsewhere in a case that surnames alone have")
    if called := _titled(part, index):
        return Reason(code="person", weight=-0.6, detail=f'after "{called}"')
    for kind, reach in (("given", 1), ("title", 2)):
        cue = part.cues.before(kind, position, reach)
        if cue is None:
            continue
        word = original[part.norm.origin(cue.start) : start].strip()
        if word.endswith(_STOPS) and len(word) > _ABBREVIATED:
            continue  # the sentence before ended with it
        if kind == "title" and part.cues.after("townbody", part.candidates[index].hit.end, 1):
            continue  # депутат Краматорского горсовета is nobody of that name
        genitive = part.language not in _GENITIVE_FIRST and _genitive(part, index)
        if kind == "title" and genitive and not _CALLING.match(part.norm.text, cue.start):
            continue  # мер Куп'янська is the mayor of the town, режисер Лимана none of it
        if (kind == "title" or caseless(word) or word[:1].isupper()) and "," not in word:
            return Reason(code="person", weight=-0.6, detail=f'after "{word}"')
    return None


def _genitive(part: Part, index: int) -> bool:
    return any("gen" in reading.case for reading in part.candidates[index].readings)


def _georgian_surname(part: Part, index: int) -> bool:
    """Whether the text has the name in the ergative of a surname in -ski: პოკროვსკიმ, where a town is პოკროვსკმა."""
    hit = part.candidates[index].hit
    stem = _GEORGIAN_SKI.match(part.norm.text, hit.start, hit.end)
    return stem is not None and re.search(rf"{stem[0]}მ(?!\w)", part.norm.text) is not None


def _titled(part: Part, index: int) -> str:
    """The title and given name before a surname: actor Will Lyman, with whatever given name; "" for none."""
    original, candidate = part.norm.original, part.candidates[index]
    if not candidate.caseless and _no_capital(original, candidate.start - 30, candidate.start):
        return ""
    before = _WORD_BEFORE.search(original, max(0, candidate.start - 30), candidate.start)
    if before is None:
        return ""
    word = before[1]
    if not (word[0].isupper() or (candidate.caseless and caseless(word))) or (word.isupper() and not caseless(word)):
        return ""
    cue = part.cues.before("title", part.norm.position(before.start(1)), 1)
    if cue is None or _known(part, before.start(1), before.end(1)):
        return ""
    return original[part.norm.origin(cue.start) : candidate.start].strip()


def full_name(part: Part, index: int, language: str) -> Reason | None:
    """A word with a capital directly before or after, as in Will Lyman: for names that people bear too."""
    original, candidate = part.norm.original, part.candidates[index]
    if language in CAPITAL_NOUNS or candidate.surface.isupper():
        return None
    before = _NAME_BEFORE.search(original, max(0, candidate.start - 30), candidate.start)
    if (
        before
        and before[2][0].isupper()
        and not before[2].isupper()
        and not _known(part, before.start(2), before.end(2))
    ):
        return Reason(code="person", weight=-0.4, detail=f'a surname after "{before[2]}"')
    after = None if part.headline else _NAME_AFTER.match(original, candidate.end)
    if after and not _ADJECTIVE_AFTER.search(after[1]) and not _known(part, after.start(1), after.end(1)):
        return Reason(code="person", weight=-0.4, detail=f'a given name before "{after[1]}"')
    return None


def _known(part: Part, start: int, end: int) -> bool:
    """Whether a word is one of our names or cue words, and so no part of a person's name."""
    first, last = part.norm.position(start), part.norm.position(end)
    if any(part.cues.within(kind, first, last + 1) for kind in _NO_PERSON):
        return True
    near = bisect_left(part.starts, first)
    return near < len(part.starts) and part.starts[near] < last


def _no_capital(text: str, start: int, end: int) -> bool:
    """Whether there are small letters alone: told much faster than what names with a capital stand there."""
    return text[max(0, start) : end].islower()


def _heroes(part: Part, index: int) -> Reason | None:
    """A street of the town's heroes."""
    hit = part.candidates[index].hit
    original, start = part.norm.original, part.candidates[index].start
    if original[max(0, start - 7) : start].strip() in _HEROES_ALONE:
        return Reason(code="street", weight=-0.8, detail="named after the heroes of the town")
    heroes = _HEROES.search(part.norm.text, max(0, hit.start - 40), hit.start)
    heroes = heroes or _HEROES_ABROAD.search(part.norm.text, max(0, hit.start - 60), hit.start)
    if heroes:
        return Reason(code="street", weight=-0.8, detail=f'a street or square ("{heroes[0].strip()}")')
    return None


def _street(part: Part, index: int) -> Reason | None:
    if heroes := _heroes(part, index):
        return heroes
    hit = part.candidates[index].hit
    before, after = part.cues.before("street", hit.start, 2), part.cues.after("street", hit.end, 1)
    cue = before or after
    written = part.norm.text[hit.start : hit.end]
    if cue is None or (before is None and not _ADJECTIVAL.search(written) and _fighting(part, cue)):
        return None
    word = part.norm.text[cue.start : cue.end]
    # вулиця Куп'янська is named after the town, but вулиці Куп'янська may be the streets of it
    adjective = _ADJECTIVAL.search(written) or written.endswith(("sker", "zker")) or (after and written.endswith("er"))
    named = adjective and (after is not None or word in _ONE_STREET)
    named = named or bool(before and _ROAD.match(word))
    named = named or bool(after and before is None and _capital(part, after))
    return Reason(code="street", weight=-0.8 if named else -0.4, detail=f'a street, square or station ("{word}")')


def _fighting(part: Part, cue: Cue) -> bool:
    """Whether the word for a street begins that for street fighting."""
    return any(part.cues.within(kind, cue.end, cue.end + _NEXT_WORD) for kind in _FIGHTING)


def _capital(part: Part, cue: Cue) -> bool:
    """Whether an English cue word is part of a name: Kramatorsk Street."""
    return part.language == "en" and part.norm.original[part.norm.origin(cue.start)].isupper()


def _church(part: Part, index: int) -> Reason | None:
    hit = part.candidates[index].hit
    if not _ADJECTIVAL.search(part.norm.text[hit.start : hit.end]):
        return None
    kind = _KIND_OF_CHURCH.match(part.norm.text, hit.end)  # Свято-Покровського жіночого монастиря
    cue = part.cues.before("church", hit.start, 1) or part.cues.after("church", kind.end() if kind else hit.end, 1)
    if cue is None:
        return None
    word = part.norm.text[cue.start : cue.end]
    holy = _HOLY.match(part.norm.text, hit.start)
    return Reason(code="church", weight=-0.8 if holy else -0.4, detail=f'a feast or saint ("{word}")')


def _port(part: Part, index: int) -> Reason | None:
    hit = part.candidates[index].hit
    if part.language != "tr":
        return None
    if _A_PORT.fullmatch(part.norm.text, hit.start, hit.end) and _ports(part.norm.original):
        return Reason(code="estuary", weight=-0.8, detail="Turkish for a port, which the text tells of")
    if _PORT.fullmatch(part.norm.text, hit.start, hit.end):
        return Reason(
            code="estuary", weight=-0.6, detail="Turkish for a port: a name has an apostrophe before its ending"
        )
    return None


def _ports(text: str) -> bool:
    """Whether a Turkish text tells of ports, and of no town that is called so."""
    return "Liman'" not in text and "Liman’" not in text and _PORTS.search(text) is not None


def _estuary(part: Part, index: int) -> Reason | None:
    if port := _port(part, index):
        return port
    cue = part.cues.before("estuary", part.candidates[index].hit.start, 1)
    if cue is None:
        return None
    word = part.norm.text[cue.start : cue.end]
    return Reason(code="estuary", weight=-0.5, detail=f'an estuary or lake ("{word}")')


def _institution(part: Part, index: int) -> Reason | None:
    cue = part.cues.after("institution", part.candidates[index].hit.end, 1)
    if cue is None:
        return None
    word = part.norm.text[cue.start : cue.end]
    return Reason(code="institution", weight=-0.2, detail=f'something named after it ("{word}")')


def _neuter(part: Part, index: int) -> Reason | None:
    """A Russian adjective with its noun, that looks like a village: Рубежное поле."""
    candidate = part.candidates[index]
    if not candidate.surface.endswith("ое") or candidate.sense.named or part.language not in ("ru", ""):
        return None
    noun = _NEUTER_NOUN.match(part.norm.original, candidate.end)
    return noun and Reason(code="grammar", weight=-0.3, detail=f'an adjective, as it seems, before "{noun[1]}"')


def _elsewhere(part: Part, index: int) -> Reason | None:
    hit = part.candidates[index].hit
    text = part.norm.text
    for cue in part.cues.within("elsewhere", hit.start - _ELSEWHERE_REACH, hit.end + _ELSEWHERE_REACH):
        detail = f"a namesake elsewhere ({text[cue.start : cue.end]})"
        return Reason(code="elsewhere", weight=-0.4, detail=detail)
    if text.startswith(_NEW_YORK, hit.start):
        for cue in part.cues.within("abroad", hit.start - PARAGRAPH, hit.end + PARAGRAPH):
            return Reason(code="elsewhere", weight=-0.6, detail=f"the American city ({text[cue.start : cue.end]})")
        return Reason(code="elsewhere", weight=-0.1, detail="the American city is better known")
    return None


_CHECKS = (_longer_name, _person, _street, _church, _institution, _estuary, compared, _neuter, _elsewhere)
_WITHOUT_CUE = (
    _longer_name,
    _person,
    _heroes,
    _church,
    _port,
    compared,
    _neuter,
    _elsewhere,
)  # those that no cue word directly beside the name is needed for


def _word_at(text: str, position: int) -> str:
    end = position
    while end < min(len(text), position + 30) and text[end].isalnum():
        end += 1
    return text[position:end]
