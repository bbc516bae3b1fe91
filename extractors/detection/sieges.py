"""What is done to towns, and seldom to people of their name: bombed Lyman, Lyman came under fire, im Raum Lyman.

Languages without cases do not show whether "Lyman" is a town or a surname. Where it is the object of a verb that has
towns for its objects, or the subject of its passive, it is the town. Verbs of what befalls people as well (captured,
killed, hit) count as little before the name as the passive of them behind it.
"""

from __future__ import annotations

import re

_REACH = 60  # characters behind the name
_BEFORE_REACH = 40


def _before(stems: str, more: str = "") -> re.Pattern[str]:
    """A verb that begins so, directly before the name, or one of these words."""
    return re.compile(rf"(?:\b(?:{stems})\w*{more})\s$")


def _behind(helpers: str, stems: str, alone: str = "") -> re.Pattern[str]:
    """One of the helpers, at most three words, then a participle that begins so; all in one clause.

    `alone` needs no helper: the feminine of Romance languages, as they say of a town.
    """
    bare = rf"|,?\s(?:[\w'’-]+\s){{0,2}}(?:{alone})" if alone else ""
    return re.compile(rf"\s(?:{helpers})(?:[\w'’-]+\s){{0,3}}(?:{stems}){bare}")


_NORDIC = (
    _before(
        "angrep|angrip|angrib|angreb|anfoll|besk[oj]t|beskod|bombade|bombet|bombar|intog|inntok|indtog|erobr|erovr|beleir"
        "|omring|befri|forsvar|haller|holder|evakuer"
    ),
    _behind(
        "",
        "angripits|angripet|angrepet|angrebet|beskjut|beskut|beskudt|bombat|bombet|bombades|intagits|inntatt|indtaget"
        "|erobret|erovrat|befriats|befriet|beskots|(?<=forblir )ukrainsk"
        "|under (?:eld|beskjutning|ild|beskytning|beskydning|angrep|angreb)",
    ),
)
_CZECH = (
    _before("ostrel|bombard|zautoc|utoc|dobyl|dobyva|osvobod|oslobod|brani"),
    _behind(
        "", "pod (?:palbou|ostrelovan|utokom|utokem)|ostrelovan|bombardovan|(?<=zustava )ukrajin|(?<=zostava )ukrajin"
    ),
)
_CROATIAN = (
    _before("granat|bombard|napal|napad|oslobod|osvaja|osvoji|brani|zauze"),
    _behind("", "pod (?:vatrom|napadom|opsadom|udarom)|granatiran|bombardiran|(?<=ostaje )ukrajin"),
)
_PATTERNS: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "en": (
        _before(
            "shell|bombard|bomb(?:ed|s|ing)|captur|recaptur|seiz|storm|liberat|retak|retook|besieg|encircl|pound|defend|assault"
            "|attack|occup|threaten|reenter|enter(?:ed|ing)"
        ),
        _behind(
            "(?:(?:was|is|has been|had been|is being|was being|came|comes|remains|stays) )?",
            "under (?:\\w+ )?(?:fire|attack|shelling|occupation|siege|bombardment)"
            "|(?<=(?:was|een) )(?:shelled|bombed|stormed|liberated|encircled|occupied|attacked|bombarded|retaken)"
            "|(?<=being )(?:shelled|stormed|attacked)|(?<=is )(?:besieged|encircled|occupied)"
            "|(?<=remains )(?:in )?ukrainian|(?<=still )(?:in )?ukrainian",
            "(?:shelled|bombed|bombarded|besieged) (?:again|overnight|by|from)\\b",
        ),
    ),
    "de": (
        _before(
            "beschossen|beschie|erober|besetz|befrei|bombardier|sturm|verteidig|griffen|greifen|belager",
            "|\\b(?:im raum|(?:der|die) region|im gebiet)",
        ),
        _behind(
            "",
            "angegriffen|beschossen|eingenommen|(?:zuruck)?erobert|befreit|bombardiert|besetzt|gesturmt|umzingelt|belagert"
            "|eingekesselt|evakuiert|unter (?:beschuss|feuer)|(?<=bleibt )ukrainisch"
            "|in ukrainischer hand",
        ),
    ),
    "nl": (
        _before(
            "bestook|bestok|beschot|beschiet|bombarde|verover|herover|bezet|bevrijd|omsingel|verdedig|vallen|vielen"
        ),
        _behind(
            "",
            "aangevallen|beschoten|bestookt|gebombardeerd|(?:her|ver)overd|bezet|bevrijd|omsingeld|ingenomen"
            "|onder vuur|(?<=blijft )oekrai",
        ),
    ),
    "fr": (
        _before(
            "bombard|attaqu|pilonn|captur|conqui|repri|reprend|liber|evacu|encercl|defend|occup|assieg|menac|prendre"
        ),
        _behind(
            "(?:a ete|est|sera|serait|reste|etait|avait ete) ",
            "bombarde|attaque|pilonne|libere|evacue|occupe|encercle|assiege|reprise|conquise"
            "|sous (?:le feu|les bombes|occupation|controle)|(?<=reste )ukrainienne",
            "bombardee|attaquee|pilonnee|liberee|assiegee|encerclee|evacuee|occupee",
        ),
    ),
    "es": (
        _before(
            "bombarde|atac|asalt|captur|conquist|recuper|liber|evacu|cerca[nr]|sitia|defend|ocup|retom|tomaron|amenaza"
        ),
        _behind(
            "(?:ha sido|fue|esta|sigue|sera|permanece|estaba) ",
            "bombarde|atacad|liberad|evacuad|ocupad|cercad|asediad|sitiad|bajo (?:fuego|ataque|ocupacion|asedio)"
            "|(?<=siendo )ucraniana",
            "bombardeada|atacada|asediada|sitiada|cercada|liberada|evacuada",
        ),
    ),
    "pt": (
        _before("bombarde|atac|captur|conquist|recuper|libert|libera|evacu|cerca[mr]|defend|ocup|retom|tomaram|ameac"),
        _behind(
            "(?:foi|esta|continua|fica|permanece|sera|estava) ",
            "bombardead|atacad|libertad|evacuad|ocupad|cercad|sitiad|sob (?:fogo|ataque|ocupacao|cerco)"
            "|(?<=continua )ucraniana",
            "bombardeada|atacada|cercada|sitiada|libertada|liberada|evacuada",
        ),
    ),
    "it": (
        _before("bombard|attacc|assalt|cattur|conquist|ripres|riprend|liber|evacu|circond|assedi|difend|occup|minacc"),
        _behind(
            "(?:e stat[ao]|e|resta|viene|era|era stat[ao]) ",
            "bombardata|attaccata|liberata|evacuata|occupata|circondata|assediata|conquistata"
            "|sotto (?:il fuoco|attacco|assedio)|(?<=resta )ucraina",
            "bombardata|attaccata|assediata|circondata|liberata|evacuata",
        ),
    ),
    "ro": (
        _before("atac|bombard|captur|cucer|recucer|ocup|eliber|incercui|asedi|apara|evacu|asalt"),
        _behind(
            "(?:a fost|este|e|ramane|se afla) ",
            "atacat|bombardat|cucerit|ocupat|eliberat|incercuit|asediat|evacuat|sub (?:foc|asediu|atac|bombardament)"
            "|(?<=ramane )ucrainean",
            "bombardat|atacat|asediat|incercuit",
        ),
    ),
    "hu": (
        _before(
            "megtamad|bombaz|lott[ea]k|lovi|elfoglal|bevett|bevesz|felszabadit|bekerit|ostromol|vedik|tamadj|tamadt"
        ),
        _behind(
            "",
            "megtamad|bombaz|elfoglal|bevett|felszabadit|bekerit|ostromol|evakual|tuz alatt|lovik|fele\\b"
            "|korul\\b|ukran marad",
        ),
    ),
    "tr": (
        _before("bombala|vur|ele gecir|kusat"),
        re.compile(
            r"(?:['’]\w+)?\s(?:savasi|muharebesi|kusatmasi|savunmasi)\b|(?:['’]\w+)?\s"
            r"(?:(?:kuzey|guney|dogu|bati|cevre|merkez)\w*"
            r"|(?:\w+\s){0,2}(?:bombala|ele gecir|isgal|kusat|kurtar|savun))"
        ),
    ),
    "lt": (
        _before("uzpuol|puol|apsaud|bombard|uzem|uzim|uzgrob|islaisvin|apsup|gina|gyne|atkovoj"),
        _behind(
            "(?:buvo|yra|lieka) ",
            "apsaud|bombard|uzim|apsup|islaisvin|atakuo",
            "gynyb|gynej|apgult|apsupt|prieig|pakrast|apylink|kryptimi|fronte",
        ),
    ),
    "lv": (
        _before("uzbruk|apsaud|bombard|ienem|atbrivo|ielenc|aizstav"),
        _behind(
            "(?:tika|ir|paliek) ",
            "apsaud|bombard|ienem|ielenk|atbrivo",
            "aizsardzib|aizstav|pieej|nomal|apkaim|virzien|fronte",
        ),
    ),
    "et": (
        _before("rundas|rundav|pommita|valluta|vallutas|vabasta|piira|kaitse|tulista"),
        _behind("", "(?:all|lahistel|suunal|lahedal|umbruses|lahistele)\\b"),
    ),
    "sv": _NORDIC,
    "da": _NORDIC,
    "no": _NORDIC,
    "fi": (
        _before("pommitt|valtas|valtaa|vapautt"),
        _behind("", "tulituksessa|pommitet|piiritet|saarrettu|(?<=pysyy )ukrain"),
    ),
    "pl": (
        _before("ostrzel|zbombard|zaatakow|szturm|okupow|wyzwol|bron[ia]|zdoby[lcw]|zaje[lt]|zajm|odbil|odbij"),
        _behind("", "pod (?:ostrzal|ogniem|okupacj)|ostrzelan|zbombardowan|oblezon|okupowan|(?<=pozostaje )ukrain"),
    ),
    "cs": _CZECH,
    "sk": _CZECH,
    "hr": _CROATIAN,
    "sl": _CROATIAN,
    "bs": _CROATIAN,
    "uk": (
        _before("обстріля|бомби|бомбл|штурму|атаку|звільни|оточи"),
        _behind(
            "",
            "під (?:вогнем|обстріл|ударом|окупацією)|обстріля|обстрілюють|бомблять|штурмують|атакують|звільнен"
            "|окупован",
        ),
    ),
    "ru": (
        _before("обстрел|бомби|бомбя|штурму|атаку|освобо|окруж"),
        _behind("", "под (?:огнем|огнём|обстрел|ударом|оккупаци)|обстрел|бомбят|штурмуют|атакуют|освобожд|оккупирован"),
    ),
}


_NORDIC_HOLDS = "haller (?:stand|ut)|star emot|holder stand|har fallit|er faldet|er falt"
_CZECH_HOLDS = "(?:stale |porad )?(?:(?:se|sa) (?:drzi|brani)|odolava|padl[aoy]?)"
_CROATIAN_HOLDS = "(?:se (?:jos )?drzi|drzi se|se brani|odolijeva|je pao|pao je)"
_HOLDS = {  # what towns do: a sentence of two or three words
    "en": (
        "(?:still )?(?:holds|stands)(?: on| out| firm| fast)?|is (?:still )?(?:holding|ours|standing)"
        "|has(?: not)? fallen"
    ),
    "de": "halt(?: noch| weiter| weiterhin)?(?: stand)?|steht noch|ist(?: nicht)? gefallen|gefallen",
    "nl": "houdt(?: nog)? stand|is(?: niet)? gevallen",
    "fr": "(?:tient|resiste)(?: bon| toujours| encore)?|est tombe|n'est pas tombe",
    "es": "(?:resiste|aguanta)(?: aun| todavia)?|sigue en pie|(?:no )?ha caido",
    "pt": "(?:ainda )?(?:resiste|aguenta)|(?:nao )?caiu",
    "it": "(?:ancora )?(?:resiste|tiene)(?: ancora)?|e caduta|non e caduta",
    "ro": "(?:inca )?rezista|a cazut|nu a cazut",
    "hu": "(?:meg )?(?:tartja magat|kitart|all)|elesett",
    "tr": "(?:hala )?direniyor|dustu|dusmedi",
    "lt": "(?:dar )?laikosi",
    "lv": "(?:vel )?turas",
    "et": "peab vastu|on langenud",
    "fi": "(?:yha )?(?:pitaa|kestaa)|on kaatunut",
    "sv": _NORDIC_HOLDS,
    "da": _NORDIC_HOLDS,
    "no": _NORDIC_HOLDS,
    "pl": "(?:wciaz |nadal )?(?:sie (?:trzyma|broni)|(?:trzyma|broni) sie)|padl",
    "cs": _CZECH_HOLDS,
    "sk": _CZECH_HOLDS,
    "hr": _CROATIAN_HOLDS,
    "sl": _CROATIAN_HOLDS,
    "bs": _CROATIAN_HOLDS,
}
_CZECH_FOUGHT = (
    r"(?:postup\w*|prulom\w*|prielom\w*|tazeni\w*) (?:k|ke|na|do|smerem k)"
    r"|(?:utok\w*|ofenziv\w+) na|(?:bit[vk]\w+|boj\w*) o"
)
_CROATIAN_FOUGHT = r"(?:bitk\w+|borb\w+|boj\w*|napad\w*|ofanziv\w+|ofenziv\w+|prodor\w*) (?:za|na|kod|prema|proti)"
_FOUGHT = {  # what is done for towns: a battle, an advance, a siege
    "en": (
        r"(?:battle|fight|siege|fall|defen[cs]e|assault|advance|push|drive|offensive|attack|march"
        r"|storming|capture|thrust)s?"
        r" (?:for|of|on|at|against|towards?|into)"
    ),
    "de": (
        r"(?:\w*vormarsch\w*|\w*vorsto(?:ß|ss)\w*|\w*angriffe?n?|\w*offensive|sturm|marsch) (?:auf|nach|richtung|gegen)"
        r"|(?:kampfe?|schlacht|ringen) um|(?:einnahme|fall|belagerung|verteidigung|eroberung) von"
    ),
    "nl": (
        r"(?:slag|strijd|gevecht(?:en)?|aanval(?:len)?|opmars|offensief|beleg|val|inname) (?:om|op"
        r"|naar|van|rond|richting)"
    ),
    "fr": (
        r"(?:bataille|lutte|combats?|siege|assauts?|offensives?|avancee|percee) (?:pour|sur|vers"
        r"|contre|en direction de)"
        r"|(?:bataille|siege|prise|chute) de"
    ),
    "es": r"(?:batalla|lucha|combates?|asedio|asaltos?|ofensivas?|avances?) (?:por|contra|sobre|hacia|a)|batalla de",
    "pt": (
        r"(?:batalha|luta|combates?|cerco|assaltos?|ofensivas?|avancos?)"
        r" (?:por|contra|sobre|para|a|em direcao a)|batalha de"
    ),
    "it": (
        r"(?:battaglia|lotta|assedio|assalt[oi]|offensiva|avanzata) (?:per|contro|su|verso|a)"
        r"|(?:battaglia|presa|caduta) di"
    ),
    "ca": r"(?:batalla|lluita|setge|assalt|ofensiva|avenc) (?:per|contra|sobre|cap a)|batalla de",
    "ro": r"(?:batalia|lupta|luptele|asediul|asaltul|ofensiva|inaintarea) (?:pentru|de la|asupra|spre|catre)",
    "sv": r"(?:slaget|striden|striderna|anfallet|kampen|offensiven|framryckning\w*) (?:om|mot|vid)",
    "da": r"(?:slaget|kampen|kampene|angrebet|angreb|offensiven|fremrykning\w*) (?:om|mod|ved|pa)",
    "no": r"(?:slaget|kampen|kampene|angrepet|angrep|offensiven|framrykking\w*|fremrykning\w*) (?:om|mot|ved|pa)",
    "pl": r"(?:bitw\w+|walk\w+|natarci\w+|ofensyw\w+|szturm\w*|marsz\w*) (?:o|na|pod)",
    "cs": _CZECH_FOUGHT,
    "sk": _CZECH_FOUGHT,
    "hr": _CROATIAN_FOUGHT,
    "sl": _CROATIAN_FOUGHT,
    "bs": _CROATIAN_FOUGHT,
    "hu": r"(?:csata|harc\w*|kuzdelem|ostrom\w*)",
    "lt": r"(?:musis|kova|kovos|puolimas) (?:del|uz|prie)",
    "lv": r"(?:kauja|cina|cinas|uzbrukums) (?:par|pie)",
    "fi": r"taistelu\w*",
    "el": (
        r"(?:μαχη|μαχεσ|μαχη|επιθεση|πολιορκια|προελαση|πτωση) (?:για|στο|στον|στη|προσ|του|τησ)"
        r"(?: (?:το|τη|την|τον))?"
    ),
    "he": r"(?:ה?קרב(?:ות)?|ה?מתקפה|ה?התקפה|ה?הסתערות) על",
    "ar": r"(?:معركة|معارك|حصار|سقوط)|(?:الهجوم|هجوم|السيطرة) على",
    "fa": r"(?:نبرد|سقوط|محاصره|تصرف)|حمله به",
}
_FIGHTING = {language: re.compile(rf"\b(?:{words})\s$") for language, words in _FOUGHT.items()}
_OF_SOMEBODY = re.compile(r"['’]s\b|\s?-\w")  # the battle for Lyman's estate
_HOLDING = {
    language: re.compile(rf"\s(?:{words})(?=\s*(?:[.,;:!?\"”“»'’)–—\n]|$))") for language, words in _HOLDS.items()
}
_APPOSED = re.compile(  # Lyman, Ukraine, came under fire; Lyman, a town in the Donetsk region, was shelled
    r",\s(?:[uo]e?kra[ij]n\w*|(?:in|w|v|na|a|the|die|eine|une|la|una|un)\s(?:(?:\w+\s){0,2}"
    r"(?:town|city|village|stadt|ville|ciudad|citta|miasto|mesto|obwod\w*|oblast\w*|region\w*)|donetsk|doneck\w*|donezk)[^,.\n]{0,30}),(?=\s)"
)


def done_to_a_town(text: str, start: int, end: int, language: str) -> str:
    """What a normalised text says is done to the name at [start, end), as to a town; "" for nothing."""
    found: re.Match[str] | None = None
    if patterns := _PATTERNS.get(language):
        before, behind = patterns
        found = before.search(text, max(0, start - _BEFORE_REACH), start) or behind.match(text, end, end + _REACH)
        if found is None and (apposed := _APPOSED.match(text, end)):
            found = behind.match(text, apposed.end(), apposed.end() + _REACH)
    if found is None and language in _HOLDING:
        found = _HOLDING[language].match(text, end)
    if found is None and language in _FIGHTING and not _OF_SOMEBODY.match(text, end):
        found = _FIGHTING[language].search(text, max(0, start - _BEFORE_REACH), start)
    return found[0].strip() if found else ""
