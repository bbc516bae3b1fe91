"""Numbers and days as a text gives them, whatever the language writes them with.

"3 480", "3,480" and "3480" are one number, and so are "42 тисячі" and "42,000", "п'ятеро", "пять" and "five". Days are
kept apart from numbers: "2 березня", "March 2" and "02.03.2026" are the second of March, and "2.40 Uhr" and "02:40" are
one time. The number words are those of `extractors.numberwords`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from extractors.numberwords import JOINING, ONES, least_tens, number_words

_THIN = " \u00a0\u202f\u2009"
_GROUPED = re.compile(rf"(?<![\d.,:])\d{{1,3}}(?:[{_THIN}]\d{{3}})+(?![\d])|(?<![\d.,:])\d{{1,3}}(?:,\d{{3}})+(?![\d])")
_TIME = re.compile(r"(?<![\d.,:])0?(\d{1,2}):(\d\d)(?![\d.,:]?\d)")
_DOTTED_TIME = re.compile(  # 2.40 Uhr, saat 2.40'ta, 2h40
    r"(?<![\d.,:])0?(\d{1,2})(?:\.(\d\d)(?=\s+(?:uhr|uur|hod\w*|horas)\b|'[td][ae]\b)|\s?h\s?(\d\d)\b)"
)
_LED_TIME = re.compile(r"\b(?:godz\.?|godzin\w+|o|ore|alle|saat|kl\.?|klo)\s+0?(\d{1,2})\.(\d\d)\b")  # godz. 2.40
_LED = ("", "pl", "it", "tr", "da", "no", "sv", "fi")  # languages that write so; "": not known
_FOUR_SCORE = re.compile(r"\bquatre.vingts?\b")  # "quatre" says nothing by itself there
_HALF_DAY = re.compile(r"(?<![\d.,:])(\d{1,2})(?::(\d\d))?\s?([ap])\.?m\b\.?")  # 1:42 p.m., 5 am
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
_AGED = ("річн", "летн")  # п'ятнадцятирічного, пятнадцатилетний
_LONGEST_NUMBER = 16  # digits; a longer row of them counts nothing

_TIMES = (
    (re.compile("тис|тисяч\\w*|тыс|тысяч\\w*|thousand|tausend|tys|tysi\\w*"), 1_000),
    (re.compile("млн|мільйон\\w*|миллион\\w*|million\\w*|milion\\w*|mio|mln"), 1_000_000),
)


def figures(text: str, language: str = "") -> tuple[set[str], set[str]]:
    """The numbers and the days ("3-2": the second of March) of a normalised text (`extractors.text.plain`)."""
    words, tens = number_words(language), least_tens(language)
    numbers: set[str] = set()
    days: set[str] = set()

    def day(match: re.Match[str]) -> str:
        days.add(f"{int(match[2])}-{int(match[1])}")
        return " "

    text = _DATE.sub(day, text)
    if language in ("", "en"):
        text = _HALF_DAY.sub(_of_half_day, text)
    if language == "fr":
        text = _FOUR_SCORE.sub("quatrevingts", text)
    if language in _LED:
        text = _LED_TIME.sub(r" \1:\2", text)
    text = _TIME.sub(r"\1:\2", _DOTTED_TIME.sub(_with_colon, text))
    text = _GROUPED.sub(lambda match: re.sub(r"\D", "", match[0]), text)
    tokens = _TOKEN.findall(text)
    taken = 0  # tokens before this one belong to a number
    for at, token in enumerate(tokens):
        if at >= taken and (token in words or token[0].isdecimal() or _aged(token) in words):
            taken = at + _take(tokens, at, words, tens, numbers, days)
    return numbers, days


def _of_half_day(match: re.Match[str]) -> str:
    return f" {int(match[1]) % 12 + 12 * (match[3] == 'p')}:{match[2] or '00'} "


def _with_colon(match: re.Match[str]) -> str:
    return f" {match[1]}:{match[2] or match[3]}"


def _take(tokens: list[str], at: int, words: Mapping[str, int], tens: int, numbers: set[str], days: set[str]) -> int:
    """Takes the number or day that stands at a token; of how many tokens it is."""
    token = tokens[at]
    before = tokens[at - 1] if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    value = int(token) if token.isdecimal() and len(token) < _LONGEST_NUMBER else words.get(_aged(token) or token)
    if value is None:
        if token[0].isdecimal() and len(token) < _LONGEST_NUMBER:
            numbers.add(token.replace(",", "."))
        return 1
    if token.isdecimal() and value <= _DAYS and (month := _month(after) or _month(before)):
        days.add(f"{month}-{value}")
        return 1
    length = 1
    if not token.isdecimal() and value % 10 == 0 and value >= tens:
        length += after in JOINING
        unit, more = _unit(tokens, at + length, words, tens)
        value, length = (value + unit, length + more) if 0 < unit < min(value, 100) else (value, 1)
        after = tokens[at + length] if at + length < len(tokens) else ""
    for times, factor in _TIMES:
        if times.fullmatch(after):
            value, length = value * factor, length + 1
    numbers.add(str(value))
    return length


def _unit(tokens: list[str], at: int, words: Mapping[str, int], tens: int) -> tuple[int, int]:
    """What is added to tens, and of how many tokens it is: soixante-dix-sept adds seventeen."""
    token, after = (*tokens[at : at + 2], "", "")[:2]
    unit = words.get(token) or ONES.get(token, 0)
    further = words.get(after, 0) if unit == tens == 10 else 0
    return (unit + further, 2) if 0 < further < 10 else (unit, 1)


def _aged(token: str) -> str:
    """The number in an age that is one word; "" for another word."""
    at = max(map(token.rfind, _AGED))
    return token[:at] if at > 0 else ""


def _month(token: str) -> int:
    """The month that a word names; 0: none."""
    match = _MONTH_WORD.fullmatch(token)
    return match.lastindex or 0 if match else 0
