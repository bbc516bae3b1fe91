"""Numbers and days as a text gives them, whatever the language writes them with.

"3 480", "3,480" and "3480" are one number, and so are "42 тисячі" and "42,000", "п'ятеро", "пять" and "five". Days are
kept apart from numbers: "2 березня", "March 2" and "02.03.2026" are the second of March. Number words are known in
Ukrainian, Russian and English; other languages have their digits.
"""

from __future__ import annotations

import re

_THIN = " \u00a0\u202f\u2009"
_GROUPED = re.compile(rf"(?<![\d.,:])\d{{1,3}}(?:[{_THIN}]\d{{3}})+(?![\d])|(?<![\d.,:])\d{{1,3}}(?:,\d{{3}})+(?![\d])")
_DATE = re.compile(r"(?<![\d.])([0-3]?\d)\.([01]?\d)\.(?:20)?\d\d(?![\d.])")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")

_MONTHS = (
    "січ янв jan",
    "лют фев feb",
    "берез март mar",
    "квіт апр apr",
    "трав май мая мае may",
    "черв июн jun",
    "лип июл jul",
    "серп август aug",
    "верес сентя sep",
    "жовт октя oct",
    "листоп нояб nov",
    "груд декаб dec",
)
_MONTH = {start: number for number, starts in enumerate(_MONTHS, 1) for start in starts.split()}
_MONTH_WORD = re.compile("(?:" + "|".join(sorted(_MONTH, key=len, reverse=True)) + r")\w{0,5}")
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
_WORDS = {word: value for value, words in _UNITS.items() for word in words.split()}
_TIMES = (
    (re.compile("тис|тисяч\\w*|тыс|тысяч\\w*|thousand"), 1_000),
    (re.compile("млн|мільйон\\w*|миллион\\w*|million"), 1_000_000),
)


def figures(text: str) -> tuple[set[str], set[str]]:
    """The numbers and the days ("3-2": the second of March) of a normalised text (`extractors.text.plain`)."""
    numbers: set[str] = set()
    days: set[str] = set()

    def day(match: re.Match[str]) -> str:
        days.add(f"{int(match[2])}-{int(match[1])}")
        return " "

    text = _DATE.sub(day, text)
    text = _GROUPED.sub(lambda match: re.sub(r"\D", "", match[0]), text)
    tokens = _TOKEN.findall(text)
    taken = 0  # tokens before this one belong to a number
    for at, token in enumerate(tokens):
        if at >= taken and (token in _WORDS or token[0].isdecimal()):
            taken = at + _take(tokens, at, numbers, days)
    return numbers, days


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
    if not _MONTH_WORD.fullmatch(token):
        return 0
    return next(number for start, number in _MONTH.items() if token.startswith(start))
