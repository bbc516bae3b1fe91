"""Namesakes in other countries, told by how a text says where a place lies: the village of Pokrovka in Kyrgyzstan.

The names of countries and regions are cue words ("foreign"); this says whether one of them and the name are one phrase:
"In Pokrowka, einem Dorf im Norden Kasachstans", "в селе Покровка Таласской области Киргизии", "Kırgızistan'ın Talas
vilayetindeki Pokrovka köyü". That a Kazakh fell near Pokrovsk says nothing of where Pokrovsk lies.
"""

from __future__ import annotations

import re

from extractors.detection.context import Part
from extractors.detection.origins import battlefield, of_a_fighter
from extractors.gazetteer import Hit
from extractors.gazetteer.lexicon import Cue

_REACH = 80  # characters between the name and the country
_TOKENS = 6  # words between them
_NEAR = 4  # words between them where no word for a settlement stands there
_NEXT = 24  # characters behind the name
_SHORT = 3  # letters of a word that may be an article or a preposition
_STOP = re.compile(r"[.!?;:…\n\"«»„“”]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SETTLEMENT = re.compile(
    r"(?:village|town|settlement|hamlet|suburb|\w*dorf|ortschaft|kleinstadt|siedlung|aldea|pueblo|localidad|poblado"
    r"|bourg|commune|localite|aldeia|povoado|vilarejo|paes|borgo|villaggi|sat(?:ul|ului|e|ele)?$|comun[aă]"
    r"|dorp|gehucht"
    r"|by(?:n|en|ar)?$|landsby|kyla|taajama|kula|alevi|kaim|kieme|ciem|wies|wsi|wsia|miejscowos|osad|vesnic"
    r"|vsi|obec|obci"
    r"|dedin|sel[oaue]m?$|naselj|mjest|сел[оіеауы]м?$|селищ|посел|дерев|аул|станиц|хутор|в[её]с[кц]|насељ|falu"
    r"|kozseg|telepules"
    r"|koy|kasaba|nahiye|χωρι|κωμοπολ|სოფ|დაბა|قري|بلد|روستا|شهرک|כפר|עייר|村|镇|鎮|町|마을)"
)
_REGION = re.compile(
    r"(?:region|regiune|oblast|obwod|provin|district|distri|rayon|ra[ij]on|rejon|area|gebiet|bezirk|kreis"
    r"|kanton|state|vil[ao]yat"
    r"|vilayet|bolge|bagli|eyalet|област|вобласц|обл|кра[йяею]|район|раен|респ|alue|maakun|megye|terulet|jaras"
    r"|regiu|judet|ilce"
    r"|wojew|okr|kraj|north|south|east|west|central|nord|sud|norte|sur|sul|est|ouest|oest|leste|mitte|sever"
    r"|jih|vychod|zapad"
    r"|jug|istok|wschod|zachod|polnoc|poludn|noord|oost|zuid|norr|soder|oster|vaster|pohjois|etela|ita|lansi"
    r"|pohja|louna|п[іи]вн"
    r"|п[іи]вд|сход|захо|север|юг|южн|восто|восточ|запад|южн|kuzey|guney|dogu|bati|eszak|del|kelet|nyugat|βορ"
    r"|νοτ|ανατολ|δυτ"
    r"|edge|outskirt|rand|step|kazach|border|grenz|front(?:era|iere)|confin|coas|kust|kyst|cost|cot|wybrzez"
    r"|pobrez|побер|shore"
    r"|rus[sk]\w{0,4}$|росс|росі|russisch\w*)"
)
_LYING = re.compile(  # between a name and where it lies
    r"(?:in|im|near|outside|bei|nahe|unweit|en|au|aux|dans|pres|du|nel|nella|nell|nei|vicino|no|na|nos|em"
    r"|perto|din|langa|w|we|pod"
    r"|kolo|v|ve|pri|u|kod|kraj|bij|i|pa|ved|nara|в|во|у|на|под|під|п[аo]д|возле|край|до|при|близо|код"
    r"|στ[οηι]ν?|στα|di|a"
    r"|vicin|cerca|naer)$"
)
_WHERE = re.compile(
    r"(?:where|wo|donde|dove|onde|unde|waar|dar|hvor|gdzie|kde|gdje|gde|где|де|къде|каде|што|that|who|qui|que|che)$"
)
_VILLAGE_BEFORE = re.compile(
    r"\b(?:village|bourg|ville|commune|hameau|localite|aldea|pueblo|localidad|aldeia|vila|povoado|paese"
    r"|paesino|villaggio"
    r"|cittadina|borgo|citta|ciudad|cidade|sat(?:ul)?|orasul|poble)\s$"
)
_ADJECTIVE = re.compile("(?:sk|ck|с[ь]?к|ц[ь]?к|isch|iska?)\\w{0,4}$")
_IN = re.compile(r"(?<!\w)(?:w|we|v|ve|u|в|у|во|na|на|im|in|i|a|az|od|z|ze|iz|iz|из|з|із|с|pod|под|під)\s$")
_HEAD_LAST = ("tr", "az", "hu", "fi", "et", "ka", "kk", "ja", "ko", "zh")  # where it lies stands before the name


def lies_abroad(part: Part, hit: Hit) -> str:
    """The country or region that the text says the place named there lies in, as it is written; "" for none."""
    if not part.cues.has("foreign"):
        return ""
    text = part.norm.text
    for cue in part.cues.within("foreign", hit.start - _REACH, hit.end + _REACH):
        if cue.start >= hit.end:
            lies = not of_a_fighter(text, cue.start, cue.end) and _behind(part, hit, cue)
        else:
            lies = cue.end <= hit.start and _before(part, cue, hit)
        if lies:
            return "" if battlefield(text, hit.start, hit.end) else text[cue.start : cue.end]
    return ""


def _words(part: Part, start: int, end: int) -> list[tuple[str, bool]]:
    """The words there, each with whether it has a capital."""
    norm = part.norm
    found = _WORD.finditer(norm.text, start, end)
    return [(word[0], norm.original[norm.origin(word.start())].isupper()) for word in found]


def _home(part: Part, start: int, end: int) -> bool:
    """Whether something of Ukraine stands there."""
    return bool(part.cues.within("oblast", start, end) or part.cues.within("ukraine", start, end))


def _behind(part: Part, hit: Hit, cue: Cue) -> bool:
    """Whether the country says where the place before it lies: Pokrovka, a village in the north of Kyrgyzstan."""
    text = part.norm.text
    between = text[hit.end : cue.start]
    words = _words(part, hit.end, cue.start)
    if _STOP.search(between) or between.count(",") > 1 or len(words) > _TOKENS or _home(part, hit.end, cue.start):
        return False
    if any(_WHERE.match(word) for word, _ in words):
        return False
    settlement = any(_SETTLEMENT.match(word) for word, _ in words)
    region = any(_REGION.match(word) for word, _ in words)
    apposed = between.lstrip("'’abcdefghijklmnopqrstuvwxyzабвгґдеєжзиіїйклмнопрстуфхцчшщьюя")[:1] in (",", "(")
    apposed = apposed or between.lstrip().startswith(("–", "—", "- "))
    if apposed:
        return settlement or (region and bool(words) and len(words) <= _NEAR and bool(_LYING.match(words[0][0])))
    if not words or len(words) > _NEAR:
        return False
    if any(not (_fits(word, capital)) for word, capital in words):
        return False
    return bool(_LYING.match(words[0][0])) or settlement or region


def _before(part: Part, cue: Cue, hit: Hit) -> bool:
    """Whether the place after it lies in that country: Kırgızistan'ın Talas vilayetindeki Pokrovka köyü."""
    text = part.norm.text
    between = text[cue.end : hit.start]
    words = _words(part, cue.end, hit.start)
    if _STOP.search(between) or "," in between or len(words) > _TOKENS or _home(part, cue.end, hit.start):
        return False
    if any(not _fits(word, capital) for word, capital in words):
        return False
    if of_a_fighter(text[cue.start :][:_REACH], 0, cue.end - cue.start):
        return False  # a Kazakh volunteer in the village of
    if any(_SETTLEMENT.match(word) for word, _ in words):
        return True
    if len(words) < 2 and _VILLAGE_BEFORE.search(text, max(0, cue.start - _NEXT), cue.start):
        return True  # le village serbe de
    if not words and _ADJECTIVE.search(text, cue.start, cue.end):
        return _IN.search(text, max(0, cue.start - _SHORT - 1), cue.start) is not None  # w serbskim
    if part.language in _HEAD_LAST and any(_REGION.match(word) and not _LYING.match(word) for word, _ in words):
        return True
    after = _WORD.search(text, hit.end, hit.end + _NEXT)
    if after is None or _STOP.search(text, hit.end, after.start()):
        return False
    return _SETTLEMENT.match(after[0]) is not None


def _fits(word: str, capital: bool) -> bool:
    """Whether a word may stand inside the phrase of a place: no verb, as far as letters tell."""
    return capital or len(word) <= _SHORT or bool(_SETTLEMENT.match(word) or _REGION.match(word) or _LYING.match(word))
