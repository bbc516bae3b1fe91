"""Another battle or place that is called by a town's name: "a second Bakhmut", "our Bakhmut"."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.detection.context import Part
from extractors.gazetteer import Hit
from sectorwatch.domain import Reason

COMPARISON = "comparison"
"""Code of the reason that something else is called by the town's name."""
_MARKS = "\"'«»„“”‘’‚‹›"
_COMPARING = 24  # characters: what another town is called by stands directly before the name
_COMPARED = re.compile(  # ein zweites Bachmut
    r"(?:\b(?:another|(?:a|the) (?:second|new|next)"
    r"|(?:ein(?:e[mn])?|das|dem|zum) (?:zweite|neue|weitere|nachste|andere)[sn]?"
    r"|(?:un|le|du|au|d'un) (?:autre|nouveau|second|deuxieme|prochain)"
    r"|otr[ao]|(?:una?|el|la|del|al) (?:segund[ao]|nuev[ao]|otr[ao]|proxim[ao])"
    r"|un'altra|(?:un[ao]?|la|il|nella|della) (?:altr[ao]|nuov[ao]|second[ao]|prossim[ao])"
    r"|(?:um|uma|o|a|numa?) (?:outr[ao]|nov[ao]|segund[ao]|proxim[ao])|(?:un|o) (?:nou|noua|alt|alta|doilea)"
    r"|una (?:altra|nova|segona)|(?:een|het) (?:tweede|nieuwe?|ander|volgende)"
    r"|(?:en|et|ett|det) (?:andra|andre|andet|annet|annan|nytt?|nytt|naeste|nasta|neste)"
    r"|(?:uusi|uuden|uudeksi|toinen|toisen|toiseksi|toista)|(?:egy|az?) (?:masodik|uj|masik|kovetkezo)"
    r"|ikinci(?: bir)?|(?:yeni|baska|bir baska) bir"
    r"|(?:drug|kolejn|nastepn|now)(?:i|y|a|e|ego|iego|im|ym|iej|ej)|(?:druh|dals|nov|drug)(?:y|e|a|i|eho|ym|em|ej|og|im)"
    r"|(?:друг|нов|наступн|чергов)(?:ий|е|а|ого|им|ому|у|ою|ої)"
    r"|(?:втор|нов|следующ|очередн)(?:ой|ый|ая|ое|ого|ым|ому|ую|ий|им|ым)|(?:втори|нови|друг[иі]|новы|наступны)(?:я|ят|т|м|ма)?"
    r"|(?:antr|kitas|kito|nauj[aou]|jaun[aāuo]|otr[aou]|teis|teine|uus|uut)\w*|(?:δευτερ|νε[οα]|αλλ[οη])\w*"
    r"|(?:მეორე|ახალი|სხვა)|(?:երկրորդ|նոր|մյուս))\s"
    r"|第二个|下一个|另一个|第二個|下一個|第二の|新たな|제2의 ?|또 다른 )$"
)
_LANDS = (  # where other wars are, by the beginnings of their names and adjectives
    r"afri[ckqx]|aafri|afryk|африк|აფრიკ|աֆրիկ|αφρικ|sahe[lr]|сахел|sudan|sudaan|soudan|szudan|судан|სუდან|σουδαν"
    r"|d[ao]rfur|дарфур|kordofan|кордофан|syri|siri[aeijs]|suuria|suriye|szir|сирий|сирии|сирі[йїя]|სირი|συρι"
    r"|liby|libi[aejks]|lib[iy]a|ливий|ливии|лівій|yemen|jemen|йемен|ємен|gaza|сектор[аи]? газ[аиы]|palest|палест"
    r"|israel|izrael|израил|ізраїл|liban|lebanon|ливан|ліван|irak|iraq|ирак|ірак|iran|иран|іран|afgan|afghan|афган"
    r"|myanmar|mianm|birm|burm|мьянм|м'янм|бирм|бірм|congo|kongo|конго|somal|сомал|etiop|ethiop|athiop|эфиоп|ефіоп"
    r"|tigra[iy]|тигра|mali(?:ens?|n)?(?!\w)|мали(?!\w)|haiti|гаити|гаїті|mexi[ck]|meksyk|meksik|мексик|asiat[ei]"
    r"|asian(?!\w)|azja|azij|азиат|азійс|kau[ck]a[sz]|cauca[sz]|кавказ|karaba[ck]h|карабах|taiwan|тайван|korea|korej"
    r"|корей|vietnam|вьетнам|в'єтнам|colombi|kolumbi|колумб|balkan|балкан|middle east|nahost|ближневосточн|близькосхідн"
)
_AFTER_A_LAND = re.compile(  # two wars, one after the other
    r"\b(?:после|після|пасля|след|након|nach|after|apres(?: la| le)?|despues de|depois d[ae]"
    r"|dopo(?: la)?|po|posle|nakon|efter)"
    r"\s(?!\w*(?:ск|ськ|цьк|sk|isch|ese))[\w'’-]+,?\s$"
)
_BY = (  # no land's, but struck by its drones or held by its people: von iranischen Drohnen, av iranska drönare
    r"(?:von|av|af)\s(?![\w'’]*(?:isch\w+|sk[ae]|erne?|erna|ere|iere)(?!\w)|[\w'’]+-)"
)
_OF_A_LAND = re.compile(rf"\b(?:{_LANDS})[\w'’-]{{0,14}}\s[{_MARKS}]?$")  # суданский Бахмут, Sudan'ın Bahmut'u
_BY_A_LAND = re.compile(  # the Bakhmut of the Sahel, das Bachmut Afrikas, Бахмут Судану
    rf"[\w'’]{{0,6}}[{_MARKS}]?\s(?:(?:of|of the|der|des|de|del|de la|de l'|du|d'|do|da|dos|dell'|della|dello|di"
    rf"|van|van de|van het|al|al-|lui|a lui|din|de pe|του|τη[ςσ])\s?|{_BY})(?:{_LANDS})"
    r"|[\w']{0,3}\s(?:afrikas|sudans|syriens|afryki|sudanu|syrii|sahelu|afriky|syrie|sirije|afrike|sirie|африки|судана"
    r"|сахеля|сирии|судану|сахелю|сирії|ливии|лівії|афганистана|афганістану|африкы|сырыі)(?!\w)"
    r"|\s?(?:السودان|افريقيا|أفريقيا|سوريا|اليمن|ليبيا|غزة|الساحل)|\s(?:של |ה)?(?:סודאן|סודן|אפריקה|סוריה|עזה|תימן|לוב)"
    r"|\s(?:سودان|آفریقا|سوریه|غزه|یمن|لیبی)"
)
_LAND_BEHIND = re.compile(rf"[{_MARKS}]?\s(?:{_LANDS})")  # un Bakhmout africain
_WHERE = re.compile(  # the death in Bakhmut of Colombians: where it was, and no town that is called so
    rf"(?<!\w)(?:in|near|at|outside|around|from|to|bei|nahe|nach|aus|um|en|a|di|da|em|i|ved|vid|til|till|mot|fra|fran"
    rf"|cerca de|pres de|vers|dans|hacia|desde|perto de|vicino a|verso|langa|pe|nara|naer|bij|naar|uit)\s[{_MARKS}]?$"
)
_ADJECTIVE_BEHIND = ("fr", "es", "it", "pt", "ro", "ca")
_COMPARED_WITH = re.compile(
    r"\b(?:сравн|порівн|параўн|сравнява|според|poredi|upored|primerja|porown|przyrown|srovn|prirovn|porovn|compar|paragon"
    r"|assomigl|asemui|asemana|vergl|vergelijk|vergelek|jamfor|sammenlign|liken|συγκρι|παρομοι)\w*\s(?:[\w'’-]+\s){0,6}?"
    rf"(?:с|со|з|із|зі|да|са|sa|s|do|z|ze|cu|con|com|a|al|avec|to|with|mit|met|med|με)\s[{_MARKS}]?$"
)
_COMPARED_REACH = 80  # characters of both, and of what lies between
_LAND_REACH = 30  # characters of its adjective and what is between
_COMPARED_BEHIND = re.compile(r"\s(?:ثانية|جديدة|أخرى|اخري|اخرى|שנייה|שניה|חדשה|נוספת|دیگر|دوم)")
_LAND_UNSPACED = re.compile(
    r"(?:非洲|苏丹|蘇丹|叙利亚|敘利亞|加沙|アフリカ|スーダン|シリア|ガザ|아프리카|수단|시리아|가자)(?:的|版|の|판|의)?\s?$"
)
_UNSPACED = ("ko", "ja", "zh")  # languages in which anything may follow at once
_METAPHOR = -0.6
_ABROAD = -0.8
_OURS = {  # unser Bachmut
    language: re.compile(rf"\b(?:{words})\s$")
    for language, words in {
        "en": "our|my|their|its|your|own|a|a small|like",
        "de": "unser|mein|ihr|sein|euer|wie|ein|ein kleines",
        "fr": "notre|leur|son|mon|comme|un petit",
        "es": "nuestr[oa]|su|mi|como|un pequeno",
        "it": "nostr[oa]|suo|sua|mio|mia|come|un piccolo|una piccola",
        "pt": "noss[oa]|seu|sua|meu|minha|como|um pequeno",
        "nl": "ons|onze|hun|zijn|een|als",
        "sv": "vart|som|ett",
        "da": "vores|deres|som|et",
        "no": "vart|deres|som|et",
        "pl": "nasz|swoj|jak",
        "cs": "nas|svuj|jako",
        "sk": "nas|svoj|ako",
        "ru": "наш|свой|как",
    }.items()
}
_MOMENT = re.compile(r"\s(?:moment|particular|personal)\b|-(?:style|like|moment|artig\w*)\b|\s2\.0")
_NOTHING_MORE = re.compile(  # after the name: no attack, brigade or village is another one
    r"\s*(?:[.,;:!?»”“\"'’)\]…–—\n]|$)"
    r"|\s(?:in|im|au|aux|en|em|na|w|we|v|u|в|у|на|і|и|та|a|und|and|et|y|e|o|or|oder|ou|i|zu|werden|wird|of|for|on|to|is"
    r"|would|might|could|will|won't|not|never"
    r"|след|после|після|пасля|lett|lesz|volt|е|стана|не|нет|нема|будет|буде|быть|бути|хоч\w*|хот\w*|уже|вже|ne|nie|nicht|non|no|mais|aber|але|но|lehet|olabilir|olmas\w*"
    r"|becoming|becomes|in the making|heisst|heißt|ist|war|est|jest"
    r"|machen|verhindern|auf|pour|para|per|dla|pro|для|стал\w*|стане|станет)\b"
)


def likened(reasons: list[Reason]) -> list[Reason]:
    """The same reasons where the article is about Ukraine: what is likened to a town's battle there names it still.

    Not so what lies in another land.
    """
    compared = (reason for reason in reasons if reason.code != COMPARISON or reason.weight != _METAPHOR)
    return [
        replace(reason, weight=0.0) if reason.code == COMPARISON and reason.weight != _ABROAD else reason
        for reason in compared
    ]


def compared(part: Part, index: int) -> Reason | None:
    """Another battle that is called by the town's name: ein zweites Bachmut. In news of Ukraine it is `likened`.

    Our Bakhmut, a Pokrovsk moment, ruins compared with Bakhmut are metaphors, where nothing else of Ukraine is named.
    """
    hit, text = part.candidates[index].hit, part.norm.text
    before = _COMPARED.search(text, max(0, hit.start - _COMPARING), hit.start)
    if before and (part.language in _UNSPACED or _NOTHING_MORE.match(text, hit.end)):
        return _likeness(before, -0.7)
    before = _OF_A_LAND.search(text, max(0, hit.start - _LAND_REACH), hit.start)
    if before and _AFTER_A_LAND.search(text, max(0, before.start() - _COMPARING), hit.start):
        return None  # после Сирии Бахмут стал целью
    before = before or _LAND_UNSPACED.search(text, max(0, hit.start - _LAND_REACH), hit.start)
    if land := before if before and _NOTHING_MORE.match(text, hit.end) else _land_behind(part, hit):
        return _likeness(land, _ABROAD)
    if behind := _COMPARED_BEHIND.match(text, hit.end):
        return _likeness(behind, -0.7)
    ours = _OURS.get(part.language)
    alone = ours is not None and _NOTHING_MORE.match(text, hit.end)
    metaphor = ours.search(text, max(0, hit.start - _COMPARING), hit.start) if ours and alone else None
    metaphor = metaphor or _MOMENT.match(text, hit.end)
    metaphor = metaphor or _COMPARED_WITH.search(text, max(0, hit.start - _COMPARED_REACH), hit.start)
    return metaphor and _likeness(metaphor, _METAPHOR)


def _land_behind(part: Part, hit: Hit) -> re.Match[str] | None:
    """The land that the words behind a name say it lies in, where the name itself says not where something was."""
    text = part.norm.text
    romance = part.language in _ADJECTIVE_BEHIND and _LAND_BEHIND.match(text, hit.end)
    land = romance or _BY_A_LAND.match(text, hit.end)
    if not land or _WHERE.search(text, max(0, hit.start - _COMPARING), hit.start):
        return None
    return land


def _likeness(words: re.Match[str], weight: float) -> Reason:
    return Reason(code=COMPARISON, weight=weight, detail=f'something likened to it ("{words[0].strip()}")')
