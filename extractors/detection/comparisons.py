"""Another battle or place that is called by a town's name: "a second Bakhmut", "our Bakhmut"."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.detection.context import Part
from sectorwatch.domain import Reason

COMPARISON = "comparison"
"""Code of the reason that something else is called by the town's name."""
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
    r"|(?:uusi|uuden|uudeksi|toinen|toisen|toiseksi)|(?:egy|az?) (?:masodik|uj|masik|kovetkezo)|(?:ikinci|yeni) bir"
    r"|(?:drug|kolejn|nastepn|now)(?:i|y|a|e|ego|iego|im|ym|iej|ej)|(?:druh|dals|nov|drug)(?:y|e|a|i|eho|ym|em|ej|og|im)"
    r"|(?:друг|нов|наступн|чергов)(?:ий|е|а|ого|им|ому|у|ою|ої)"
    r"|(?:втор|нов|следующ|очередн)(?:ой|ый|ая|ое|ого|ым|ому|ую|ий|им|ым)|(?:antr|kitas|jauns|otra|teine|uus)\w*)\s"
    r"|第二个|下一个|另一个|第二個|下一個|第二の|新たな|제2의 ?|또 다른 )$"
)
_COMPARED_BEHIND = re.compile(r"\s(?:ثانية|جديدة|أخرى|اخري|اخرى|שנייה|שניה|חדשה|נוספת|دیگر|دوم)")
_UNSPACED = ("ko", "ja", "zh")  # languages in which anything may follow at once
_METAPHOR = -0.6
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
    r"|не|нет|нема|будет|буде|быть|бути|хоч\w*|хот\w*|уже|вже|ne|nie|nicht|non|no|mais|aber|але|но|lehet|olabilir|olmas\w*"
    r"|becoming|becomes|in the making|heisst|heißt|ist|war|est|jest"
    r"|machen|verhindern|auf|pour|para|per|dla|pro|для|стал\w*|стане|станет)\b"
)


def likened(reasons: list[Reason]) -> list[Reason]:
    """The same reasons where the article is about Ukraine: what is likened to a town's battle there names it still."""
    compared = (reason for reason in reasons if reason.code != COMPARISON or reason.weight != _METAPHOR)
    return [replace(reason, weight=0.0) if reason.code == COMPARISON else reason for reason in compared]


def compared(part: Part, index: int) -> Reason | None:
    """Another battle that is called by the town's name: ein zweites Bachmut. In news of Ukraine it is `likened`.

    Our Bakhmut, a Pokrovsk moment are metaphors, in texts that name nothing else of Ukraine.
    """
    hit, text = part.candidates[index].hit, part.norm.text
    before = _COMPARED.search(text, max(0, hit.start - _COMPARING), hit.start)
    if before and (part.language in _UNSPACED or _NOTHING_MORE.match(text, hit.end)):
        return _likeness(before, -0.7)
    if behind := _COMPARED_BEHIND.match(text, hit.end):
        return _likeness(behind, -0.7)
    ours = _OURS.get(part.language)
    alone = ours is not None and _NOTHING_MORE.match(text, hit.end)
    metaphor = ours.search(text, max(0, hit.start - _COMPARING), hit.start) if ours and alone else None
    metaphor = metaphor or _MOMENT.match(text, hit.end)
    return metaphor and _likeness(metaphor, _METAPHOR)


def _likeness(words: re.Match[str], weight: float) -> Reason:
    return Reason(code=COMPARISON, weight=weight, detail=f'something likened to it ("{words[0].strip()}")')
