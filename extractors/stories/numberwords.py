"""Words for numbers, normalised (`extractors.text.plain`), with their cases.

Those of Ukrainian, Russian, English, German and Polish are known in every text, for names and quotes bring them
anywhere; those of other languages, of which some mean something else next door ("once", "sei", "sept"), in their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

_UNITS = {
    2: "два дві двоє двох двом двома две двое двум двумя двоих two",
    3: "три троє трьох трьом трьома трое трех трем тремя троих three",
    4: "чотири четверо чотирьох чотирьом чотирма четыре четверо четырех четырем четверых четырьмя four",
    5: "п'ять п'ятеро п'яти п'ятьох п'ятьом пять пятеро пяти пятерых пятью п'ятьма п'ятьома five",
    6: "шість шестеро шести шістьох шістьом шесть шестерых шестью шістьма шістьома six",
    7: "сім семеро семи сімох сімом семь семерых семью сімома seven",
    8: "вісім восьмеро восьми вісьмох вісьмом восемь восьмерых восемью вісьма вісьмома eight",
    9: "дев'ять дев'ятеро дев'яти дев'ятьох дев'ятьом девять девятеро девяти девятерых девятью дев'ятьма nine",
    10: "десять десятеро десяти десятьох десятерых десятью десятьма десятьома ten",
    11: "одинадцять одинадцяти одиннадцать одиннадцати одиннадцатью одинадцятьма eleven",
    12: "дванадцять дванадцяти дванадцятеро двенадцать двенадцати двенадцатью дванадцятьма twelve",
    13: "тринадцять тринадцяти тринадцать тринадцати thirteen",
    14: "чотирнадцять чотирнадцяти четырнадцать четырнадцати fourteen",
    15: "п'ятнадцять п'ятнадцяти пятнадцать пятнадцати fifteen",
    16: "шістнадцять шістнадцяти шестнадцать шестнадцати sixteen",
    17: "сімнадцять сімнадцяти семнадцать семнадцати seventeen",
    18: "вісімнадцять вісімнадцяти восемнадцать восемнадцати eighteen",
    19: "дев'ятнадцять дев'ятнадцяти девятнадцать девятнадцати nineteen",
    20: "двадцять двадцяти двадцать двадцати двадцатью двадцятьма twenty",
    30: "тридцять тридцяти тридцать тридцати thirty",
    40: "сорок сорока forty",
    50: "п'ятдесят п'ятдесяти пятьдесят пятидесяти fifty",
    60: "шістдесят шістдесяти шестьдесят шестидесяти sixty",
    70: "сімдесят сімдесяти семьдесят семидесяти seventy",
    80: "вісімдесят вісімдесяти восемьдесят восьмидесяти eighty",
    90: "дев'яносто дев'яноста девяносто девяноста ninety",
    100: "сто ста hundred сотню сотня",
    200: "двісті двохсот двомстам двомастами двохстах двести двухсот двумстам двумястами двухстах",
    300: "триста трьохсот трьомстам трьомастами трьохстах трехсот тремстам тремястами трехстах",
    400: "чотириста чотирьохсот чотирьомстам чотирмастами четыреста четырехсот четыремстам четырьмястами",
    500: "п'ятсот п'ятисот п'ятистам п'ятьмастами пятьсот пятисот пятистам пятьюстами",
    600: "шістсот шестисот шестистам шістьмастами шестьсот шестьюстами",
    700: "сімсот семисот семистам сьомастами семьсот семьюстами",
    800: "вісімсот восьмисот восьмистам вісьмастами восемьсот восьмьюстами",
    900: "дев'ятсот дев'ятисот дев'ятистам дев'ятьмастами девятьсот девятисот девятистам девятьюстами",
}
_MORE_UNITS = {  # German and Polish, without accents
    2: "zwei dwa dwie dwoje dwoch dwom dwoma",
    3: "drei trzy troje trzech trzem trojga",
    4: "vier cztery czworo czterech czworga",
    5: "funf piec piecioro pieciu pieciorga",
    6: "sechs szesc szescioro szesciu",
    7: "sieben siedem siedmioro siedmiu siedmiorga",
    8: "acht osiem osmioro osmiu",
    9: "neun dziewiec dziewiecioro dziewieciu",
    10: "zehn dziesiec dziesiecioro dziesieciu",
    11: "elf jedenascie jedenastu",
    12: "zwolf dwanascie dwunastu",
    13: "dreizehn trzynascie trzynastu",
    14: "vierzehn czternascie czternastu",
    15: "funfzehn pietnascie pietnastu",
    16: "sechzehn szesnascie szesnastu",
    17: "siebzehn siedemnascie siedemnastu",
    18: "achtzehn osiemnascie osiemnastu",
    19: "neunzehn dziewietnascie dziewietnastu",
    20: "zwanzig dwadziescia dwudziestu",
    30: "dreissig dreißig trzydziesci trzydziestu",
    40: "vierzig czterdziesci czterdziestu",
    50: "funfzig piecdziesiat piecdziesieciu",
    60: "sechzig szescdziesiat szescdziesieciu",
    70: "siebzig siedemdziesiat siedemdziesieciu",
    80: "achtzig osiemdziesiat osiemdziesieciu",
    90: "neunzig dziewiecdziesiat dziewiecdziesieciu",
    100: "hundert sto stu",
    200: "zweihundert dwiescie dwustu",
    300: "dreihundert trzysta trzystu",
    400: "vierhundert czterysta czterystu",
    500: "funfhundert piecset pieciuset",
    600: "sechshundert szescset szesciuset",
    700: "siebenhundert siedemset siedmiuset",
    800: "achthundert osiemset osmiuset",
    900: "neunhundert dziewiecset dziewieciuset",
}
_VALUES = (*range(2, 21), *range(30, 100, 10), 100)
_OTHERS = {  # in the order of _VALUES; "/" between forms, "-" where the language has none of one word
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze/douzaine treize quatorze quinze seize dix-sept"
    " dix-huit dix-neuf vingt trente quarante cinquante soixante septante quatrevingts nonante cent/centaine",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce/docena trece catorce quince dieciseis diecisiete"
    " dieciocho diecinueve veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien/centenar",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
    " diciassette diciotto diciannove venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento",
    "pt": "dois/duas tres quatro cinco seis sete oito nove dez onze doze/duzia treze quatorze/catorze quinze dezesseis"
    "/dezasseis dezessete/dezassete dezoito dezenove/dezanove vinte trinta quarenta cinquenta sessenta setenta oitenta"
    " noventa cem",
    "ro": "doi/doua trei patru cinci sase sapte opt noua zece unsprezece doisprezece/douasprezece treisprezece"
    " paisprezece cincisprezece saisprezece saptesprezece optsprezece nouasprezece douazeci treizeci"
    " patruzeci cincizeci saizeci saptezeci optzeci nouazeci suta",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf/dozijn dertien veertien vijftien zestien zeventien"
    " achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd",
    "tr": "iki uc dort bes alti yedi sekiz dokuz on - - - - - - - - - yirmi otuz kirk elli altmis"
    " yetmis seksen doksan yuz",
    "cs": "dva/dve/dvou/dvema tri/tri/trech ctyri/ctyr/ctyrech pet/peti sest/sesti sedm/sedmi osm/osmi devet/deviti"
    " deset/deseti jedenact/jedenacti dvanact/dvanacti trinact/trinacti ctrnact/ctrnacti patnact/patnacti sestnact"
    "/sestnacti sedmnact/sedmnacti osmnact/osmnacti devatenact/devatenacti dvacet/dvaceti tricet/triceti ctyricet"
    "/ctyriceti padesat sedesat sedmdesat osmdesat devadesat sto",
    "sk": "dva/dve/dvoch/dvaja tri/troch/traja styri/styroch/styria pat/piati/piatich sest/siesti/siestich sedem/siedmi"
    "/siedmich osem/osmi/osmich devat/deviati/deviatich desat/desiati/desiatich jedenast/jedenasti dvanast/dvanasti"
    " trinast strnast patnast sestnast sedemnast osemnast devatnast dvadsat tridsat styridsat patdesiat sestdesiat"
    " sedemdesiat osemdesiat devatdesiat sto",
    "sv": "tva tre fyra fem sex sju atta nio tio elva tolv/dussin tretton fjorton femton sexton sjutton arton nitton"
    " tjugo trettio fyrtio femtio sextio sjuttio attio nittio hundra",
}
_NO_NUMBERS = {
    "pl": "ten",
    "cs": "ten",
    "sk": "ten",
    "nl": "ten",
    "lt": "ten",
    "it": "sto",
}  # this, to the, there, I am
_HUNDREDS = {  # of one word each, from 200 on, "/" between forms; "-" where the language writes two
    "es": "doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas quinientos/quinientas"
    " seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas novecientos/novecientas",
    "pt": "duzentos/duzentas trezentos/trezentas quatrocentos/quatrocentas quinhentos/quinhentas seiscentos/seiscentas"
    " setecentos/setecentas oitocentos/oitocentas novecentos/novecentas",
    "sk": "dvesto tristo styristo patsto seststo sedemsto osemsto devatsto",
}
_FURTHER = {  # words that stand between the tens
    "es": "ciento=100 veintiun=21 veintiuno=21 veintiuna=21 veintidos=22 veintitres=23 veinticuatro=24 veinticinco=25"
    " veintiseis=26 veintisiete=27 veintiocho=28 veintinueve=29",
    "pt": "cento=100",
}
_TIMES_HUNDRED = {  # behind two to nine: two hundred, deux cents, dve ste
    "": "hundred сотні сотень сотни сотен",
    "fr": "cent cents",
    "cs": "ste sta set",
    "ro": "sute",
    "tr": "yuz",
}
_UNIT_ORDINALS = {  # behind tens or hundreds: thirty-second, soixante-treizieme
    "": "first second third fourth fifth sixth seventh eighth ninth",
    "fr": "unieme deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme onzieme douzieme"
    " treizieme quatorzieme quinzieme seizieme",
}
_ORDINAL_STEMS = (  # of Ukrainian and Russian: сімдесят третій
    "перш/перв друг/втор трет четверт п'ят/пят шост/шест сьом/седьм восьм дев'ят/девят"
)
_ORDINAL_ENDINGS = "ий ій а я е є ого ього ому ьому ої ьої ою ьою у ю им ім ый ой ая ое ом ей ье ья ьей ьего ьем"
_DOZEN = "дюжина дюжини дюжину дюжины dozen dutzend tuzin"
_GLUED = {"de": "{unit}und{tens}", "nl": "{unit}en{tens}", "it": "{tens}{unit}"}  # zweiundzwanzig
_TENS_FROM_TEN = ("fr", "tr")  # "dix-sept", "on iki"
JOINING = frozenset({"et", "y", "e", "si"})  # vingt et un, treinta y uno
_ONES = (
    "один одна одне одного одної одному одним одну одной одним one jeden jedna jednego jednej un une uno una um uma unu"
    " bir"
)
ONES = MappingProxyType(dict.fromkeys(_ONES.split(), 1))
"""One, which says something only behind tens: sixty-one."""


@cache
def number_words(language: str) -> Mapping[str, int]:
    """The words of a text in that language, and what they are worth."""
    known = dict(_everywhere())
    known.pop(_NO_NUMBERS.get(language, ""), None)
    if words := _OTHERS.get(language):
        for value, forms in zip(_VALUES, words.split(), strict=True):
            known.update(dict.fromkeys(forms.split("/"), value))
    if words := _HUNDREDS.get(language):
        for number, forms in enumerate(words.split(), start=2):
            known.update(dict.fromkeys(forms.split("/"), number * 100))
    further = (word.partition("=") for word in _FURTHER.get(language, "").split())
    known.update({word: int(value) for word, _, value in further})
    known.pop("-", None)
    if pattern := _GLUED.get(language):
        known.update(_glued(pattern, {word: value for word, value in known.items() if word.isascii()}, language))
    return MappingProxyType(known)


def least_tens(language: str) -> int:
    """The least number behind which another one is put, to be added."""
    return 10 if language in _TENS_FROM_TEN else 20


@cache
def _multiplying(language: str) -> frozenset[str]:
    return frozenset(f"{_TIMES_HUNDRED['']} {_TIMES_HUNDRED.get(language, '')}".split())


def hundreds_word(token: str, language: str) -> bool:
    """Whether it makes hundreds of the units before it."""
    return token in _multiplying(language)


@cache
def _ordinals(language: str) -> Mapping[str, int]:
    words = (_UNIT_ORDINALS[""], _UNIT_ORDINALS.get(language, ""))
    known = {word: unit for some in words for unit, word in enumerate(some.split(), start=1)}
    endings = _ORDINAL_ENDINGS.split()
    for unit, stems in enumerate(_ORDINAL_STEMS.split(), start=1):
        known.update({stem + ending: unit for stem in stems.split("/") for ending in endings})
    return MappingProxyType(known)


def unit_ordinal(token: str, language: str) -> int:
    """The unit in an ordinal number of several words; 0 for another word."""
    return _ordinals(language).get(token, 0)


@cache
def _everywhere() -> dict[str, int]:
    words = {word: value for units in (_UNITS, _MORE_UNITS) for value, forms in units.items() for word in forms.split()}
    words.update(dict.fromkeys(_DOZEN.split(), 12))
    for word, value in list(words.items()):
        if word.endswith(("дцять", "десят")):
            stem = word.removesuffix("ь")
            words.update(
                dict.fromkeys((f"{stem}{ending}" for ending in ("и", "еро", "ьох", "ьом", "ьома", "ьма")), value)
            )
    return words


def _glued(pattern: str, words: Mapping[str, int], language: str) -> Iterator[tuple[str, int]]:
    ones = {word: value for word, value in words.items() if value < 10} | {
        {"de": "ein", "nl": "een"}.get(language, "uno"): 1
    }
    for tens, ten in words.items():
        if 20 <= ten < 100 and ten % 10 == 0:
            for unit, one in ones.items():
                yield pattern.format(unit=unit, tens=tens), ten + one
                if language == "it" and unit[0] in "uo":
                    yield tens[:-1] + unit, ten + one
