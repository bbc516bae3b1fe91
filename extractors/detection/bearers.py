"""What bears a town's name and is none: a club, firm, ship or song."""

from __future__ import annotations

import re

from extractors.detection.context import Part
from sectorwatch.domain import Reason

_QUOTES = '«»"“”„‟'
_CALLED = re.compile(
    r"\b(tankkeri|tanklaiv\w+|tankkug\w+|kugis|laivas"
    r"|tanker|ferry|vessel|freighter|frigate|corvette|bulk carrier|cargo ship|frachter|fahre|frachtschiff|tankschiff"
    r"|prom|tankowiec|statek|masowiec|ferie|petrolier|cargo|navire|petroliera|nave|buque|petrolero|navio|schip|veerboot"
    r"|fartyg|farja|laiva|hajo|gemi|tankeri|катер|корвет|теплохід|теплоход|судно|танкер|пором|паром|сухогруз|балкер"
    r"|barco|schiff|schip|boot|yacht|jacht|velero|segelboot|veliero|voilier|zaglowiec|lod|яхта|вітрильник|парусник"
    r"|fregatte|korvette|kreuzer|zerstorer|patrouillenboot|schlepper|u-boot|cruiser|destroyer|tugboat|submarine|minesweeper"
    r"|(?:landing|patrol|survey|reconnaissance|spy|training|rescue|merchant|container) ship|boat|motorboat|cutter"
    r"|trawler|barge|bulker|tug|icebreaker|graneleiro|cargueiro|rebocador|petroleiro|lancha|patrulheiro|granelero|remolcador"
    r"|patrullero|pesquero|motovedetta|rimorchiatore|peschereccio|patrouilleur|remorqueur|vraquier|chalutier|vrachtschip"
    r"|patrouilleboot|sleepboot|kutter|barkasse|lastkahn|kuter|patrolowiec|barka|drobnicowiec|patrulna ladja"
    r"|nakladni lod|patrulna nava|remorcher|vrachier|lastfartyg|bogserbat|patrullbat|lastebat|slepebat"
    r"|fragtskib|slaebebad|nava|vasul|remorker|vlecny clun|(?:fartyg|skip|skib)et|(?:bogser|patrull|slepe)?baten"
    r"|(?:farj|ferg|faerg|ferj)an|tankern|tankeren|rahtilaiva"
    r"|hinaaja|romork(?:or)?|teknesi|vontato|uszaly|сторожовик|сторожевик|сухогруз|суховантаж|траулер|шхуна|лодка|човен"
    r"|влекач|товарен кораб|fregate|croiseur|fragata|corbeta|crucero"
    r"|fregata|korweta|okret|niszczyciel|holownik|korveta|kriznik|torpedoborec|fregat|korvet|fregatten|fregatti"
    r"|fregat[aoi]|korvett"
    r"|фрегат|крейсер|есмінець|эсминец|буксир|корабель|корабль|підводний човен|подлодка|подводная лодка"
    r"|тральщик|тральник|криголам|ледокол|баржа|кораб|пароплав|пароход|дизель-електрохід"
    r"|hengst|stute|wallach|stallion|racehorse|cheval|jument|caballo|yegua|cavallo|klacz|кобила|кобыла|жеребець"
    r"|rockband|punkband|band|theaterstuck|buhnenstuck|roman|novela|romanzo|romance|powiesc|роман|опера|opera|oper"
    r"|mit dem namen|met de naam|med navnet|med namnet|o jmenu|menom|con el nombre|con il nome|cu numele|com o nome"
    r"|namens|named|called|nomme|nommee|baptise|llamado|llamada|chamado|chamada|di nome|denominat[oa]|o nazwie"
    r"|zvany|s nazvem|под названием|с названием|по имени|під назвою|з назвою|на ім'я|genaamd|vid namn|kallad|ved navn"
    r"|nimelta|numit|numita|adli|isimli|nevu)\s(?:(?:rus[st]\w*|rusk\w*|rosyjsk\w*|ukrain\w*|ucran\w*|ucrain\w*|orosz|rus|росі\w+|росс\w+|укра\w+)\s)?$"
)
_SHIPS = ("frachter ", "frachtschiff ", "fartyget ", "carrier ", "vaarder ", "lastialus ", "coaster ")
_TITLE_OF = re.compile(  # Pokrowsk heißt die neue Single
    r"\s(?:heißt|is the (?:title|name) of|est le titre|e il titolo|es el titulo|to tytul|je nazev"
    r"|называется|називається)\s(?:[\w'-]+\s){0,3}(single|song|lied|album|roman|film|band|novel|chanson|canzone|cancion"
    r"|piosenk\w+|powiesc\w*|pisn\w+|песн\w+|пісн\w+|сингл\w*|альбом\w*|роман\w*|фильм\w*|фільм\w*)\b"
)
_NOUN_OF_NAME = re.compile(rf"\s[^\W\d_A-ZА-ЯІЇЄҐ][\w'’-]*[{_QUOTES}]")
_REST_OF_NAME = re.compile(rf"\s[A-ZА-ЯІЇЄҐ][\w'’]*[{_QUOTES}]")  # «Bachmut Velho»
_COMPANY = re.compile(  # what companies put behind their names
    r"\s(?:[A-Z]\w+\s)?(?:GmbH|AG|SE|KG|Ltd|Limited|LLC|LLP|Inc|Corp|Corporation|PLC|plc|Group|Holdings?|Systems?"
    r"|Technolog(?:y|ies)|Tech|Labs?"
    r"|Brewing|Brewery|Bakery|Coffee|Foods|Records|Pharma|Bank|Robotics|Dynamics|Aerospace|Industries|Logistics|Capital|Partners|Ventures|Solutions|Software|Consulting|Motors|Energy|Trading|Shipping|Insurance|Airlines|Airways|Pictures|Studios|Entertainment"
    r"|Post|Times|Herald|Tribune|Gazette|Weekly|Express|Observer|Courier"
    r"|S\.?A\.?S?|S\.?R\.?L|SARL|S\.?p\.?A|sp\. z o\.? ?o|s\.? ?r\.? ?o|a\.s|d\.o\.o|B\.?V|N\.?V|A\.?Ş"
    r"|Oyj?|A/S|ApS|Kft|Zrt"
    r"|Gruppe|Gruppo|Groupe|Grupo|Grupa)\b"
)
_OPENING = re.compile(rf"[{_QUOTES}]\s?$")
_TITLE = re.compile(rf",[^.!?\n{_QUOTES}]{{2,60}}[{_QUOTES}]")


def quoted(part: Part, index: int) -> bool:
    """Whether the name stands in quotation marks by itself."""
    original, candidate = part.norm.original, part.candidates[index]
    opening, closing = (
        original[max(0, candidate.start - 1) : candidate.start],
        original[candidate.end : candidate.end + 1],
    )
    if not opening or opening not in _QUOTES:
        return False
    return (bool(closing) and closing in _QUOTES) or bool(_REST_OF_NAME.match(original, candidate.end))


def quoted_with_its_noun(part: Part, index: int) -> bool:
    """Whether it opens a quotation of itself and a noun without a capital: «Слов'янська січ»."""
    original, candidate = part.norm.original, part.candidates[index]
    opening = original[max(0, candidate.start - 1) : candidate.start]
    return bool(opening) and opening in _QUOTES and bool(_NOUN_OF_NAME.match(original, candidate.end))


def _opens_title(part: Part, index: int) -> int:
    """Letters from the quotation mark to the name that it opens with, where more follows: « Kramatorsk, mon amour »."""
    original, candidate = part.norm.original, part.candidates[index]
    opening = _OPENING.search(original, max(0, candidate.start - 2), candidate.start)
    return len(opening[0]) if opening and _TITLE.match(original, candidate.end) else 0


def bearer(part: Part, index: int) -> Reason | None:
    """A club, firm, hotel or ship of that name, by the word before it."""
    marks, start = quoted(part, index), part.candidates[index].hit.start
    opens = 0 if marks else _opens_title(part, index)
    cue = part.cues.before("enterprise", start - max(marks, opens), 1) if marks or opens else None
    if index not in part.phrases:  # op de as Kupjansk is no sports club
        cue = cue or part.cues.before("club", start - marks, 1)
    company = _COMPANY.match(part.norm.original, part.candidates[index].end)
    if company and not part.headline:
        return Reason(code="bearer", weight=-0.6, detail=f'the name of a company ("{company[0].strip()}")')
    if cue is None:
        called = _CALLED.search(part.norm.text, max(0, start - 24), start - marks)
        called = called or _TITLE_OF.match(part.norm.text, part.candidates[index].hit.end)
        if called is None and part.norm.text.endswith(_SHIPS, max(0, start - 24), start - marks):
            return Reason(code="bearer", weight=-0.6, detail="the name of a ship")
        return called and Reason(code="bearer", weight=-0.6, detail=f'something called so ("{called[1]}")')
    word = part.norm.text[cue.start : cue.end]
    return Reason(code="bearer", weight=-0.6, detail=f'the name of something else ("{word}")')
