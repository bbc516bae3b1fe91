"""Numbers and days as a text gives them, whatever the language writes them with.

"3 480", "3,480" and "3480" are one number, and so are "42 тисячі" and "42,000", "п'ятеро", "пять" and "five". Days are
kept apart from numbers: "2 березня", "March 2" and "02.03.2026" are the second of March, and "2.40 Uhr" and "02:40" are
one time. Number words are known in Ukrainian, Russian, English, German and Polish; other languages have their digits.
"""

from __future__ import annotations

import re

_THIN = " \u00a0\u202f\u2009"
_GROUPED = re.compile(rf"(?<![\d.,:])\d{{1,3}}(?:[{_THIN}]\d{{3}})+(?![\d])|(?<![\d.,:])\d{{1,3}}(?:,\d{{3}})+(?![\d])")
_TIME = re.compile(r"(?<![\d.,:])0?(\d{1,2}):(\d\d)(?![\d.,:]?\d)")
_DOTTED_TIME = re.compile(
    r"(?<![\d.,:])0?(\d{1,2})\.(\d\d)(?=\s+uhr\b)|\b(?:godz\.?|godzin\w+|o)\s+0?(\d{1,2})\.(\d\d)\b"
)
_DATE = re.compile(r"(?<![\d.])([0-3]?\d)\.([01]?\d)\.(?:20)?\d\d(?![\d.])")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")

_MONTHS = (  # whole words, but for what \w{0,5} stands behind: "5 marines" and "3 decades" are no days
    r"січ\w{0,5}|янв\w{0,5}|jan(?:uar[yi]?|ner)?|janvier|stycz\w{0,5}",
    r"лют\w{0,5}|фев\w{0,5}|feb(?:ruar[yi]?)?|fevr(?:ier)?|lut(?:y|ego|ym)",
    r"берез\w{0,5}|март\w{0,5}|mar(?:ch|z|s|ca|cu|zec)?",
    r"квіт\w{0,5}|апр\w{0,5}|apr(?:il)?|avril|kwie\w{0,5}",
    r"трав\w{0,5}|ма[йяюею]|may|mai|maj(?:a|u)?",
    r"черв\w{0,5}|июн\w{0,5}|june?|juni|juin|czerw\w{0,5}",
    r"лип\w{0,5}|июл\w{0,5}|july?|juli|juil(?:let)?|lip(?:ca|cu|iec)",
    r"серп\w{0,5}|август\w{0,5}|aug(?:ust)?|aout|sierp\w{0,5}",
    r"верес\w{0,5}|сентя\w{0,5}|sept?(?:ember|embre)?|wrzes\w{0,5}",
    r"жовт\w{0,5}|октя\w{0,5}|o[ck]t(?:ober|obre)?|pazdzier\w{0,5}",
    r"листоп\w{0,5}|нояб\w{0,5}|nov(?:ember|embre)?|listopad\w{0,2}",
    r"груд\w{0,5}|декаб\w{0,5}|de[cz](?:ember|embre)?|grud(?:nia|niu|zien)",
)
_MONTH_WORD = re.compile("|".join(f"({words})" for words in _MONTHS))
_DAYS = 31
_LONGEST_NUMBER = 16  # digits; a longer row of them counts nothing

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
    90: "дев'яносто девяносто ninety",
    100: "сто ста hundred",
    200: "двісті двухсот двести",
    300: "триста трьохсот трехсот",
    400: "чотириста чотирьохсот четыреста четырехсот",
    500: "п'ятсот п'ятисот пятьсот пятисот",
    600: "шістсот шестисот шестьсот",
    700: "сімсот семисот семьсот",
    800: "вісімсот восьмисот восемьсот",
    900: "дев'ятсот дев'ятисот девятьсот",
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
    60: "sechzig szescdziesiat",
    70: "siebzig siedemdziesiat",
    80: "achtzig osiemdziesiat",
    90: "neunzig dziewiecdziesiat",
    100: "hundert sto",
    200: "zweihundert dwiescie dwustu",
    300: "dreihundert trzysta",
    400: "vierhundert czterysta",
    500: "funfhundert piecset",
}
_WORDS = {word: value for units in (_UNITS, _MORE_UNITS) for value, words in units.items() for word in words.split()}
_TIMES = (
    (re.compile("тис|тисяч\\w*|тыс|тысяч\\w*|thousand|tausend|tys|tysi\\w*"), 1_000),
    (re.compile("млн|мільйон\\w*|миллион\\w*|million\\w*|milion\\w*|mio|mln"), 1_000_000),
)


def figures(text: str) -> tuple[set[str], set[str]]:
    """The numbers and the days ("3-2": the second of March) of a normalised text (`extractors.text.plain`)."""
    numbers: set[str] = set()
    days: set[str] = set()

    def day(match: re.Match[str]) -> str:
        days.add(f"{int(match[2])}-{int(match[1])}")
        return " "

    text = _DATE.sub(day, text)
    text = _TIME.sub(r"\1:\2", _DOTTED_TIME.sub(_with_colon, text))
    text = _GROUPED.sub(lambda match: re.sub(r"\D", "", match[0]), text)
    tokens = _TOKEN.findall(text)
    taken = 0  # tokens before this one belong to a number
    for at, token in enumerate(tokens):
        if at >= taken and (token in _WORDS or token[0].isdecimal()):
            taken = at + _take(tokens, at, numbers, days)
    return numbers, days


def _with_colon(match: re.Match[str]) -> str:
    return f" {match[1] or match[3]}:{match[2] or match[4]}"


def _take(tokens: list[str], at: int, numbers: set[str], days: set[str]) -> int:
    """Takes the number or day that stands at a token; of how many tokens it is."""
    token = tokens[at]
    before = tokens[at - 1] if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    value = int(token) if token.isdecimal() and len(token) < _LONGEST_NUMBER else _WORDS.get(token)
    if value is None:
        numbers.add(token.replace(",", "."))
        return 1
    if token.isdecimal() and value <= _DAYS and (month := _month(after) or _month(before)):
        days.add(f"{month}-{value}")
        return 1
    length = 1
    if not token.isdecimal() and value >= 20 and (unit := _WORDS.get(after, 0)) and unit < min(value, 100):
        value, length = value + unit, 2
        after = tokens[at + 2] if at + 2 < len(tokens) else ""
    for times, factor in _TIMES:
        if times.fullmatch(after):
            value, length = value * factor, length + 1
    numbers.add(str(value))
    return length


def _month(token: str) -> int:
    """The month that a word names; 0: none."""
    match = _MONTH_WORD.fullmatch(token)
    return match.lastindex or 0 if match else 0
