"""Numbers and days as a text gives them, whatever the language writes them with.

"3 480", "3,480" and "3480" are one number, and so are "42 тисячі" and "42,000", "п'ятеро", "пять" and "five". Days are
kept apart from numbers: "2 березня", "March 2" and "02.03.2026" are the second of March, and "2.40 Uhr" and "02:40" are
one time. The number words are those of `extractors.stories.numberwords`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from extractors.stories.counted import counted
from extractors.stories.numberwords import ONES
from extractors.stories.spelt import spelt, worth

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
_LED_DATE = re.compile(r"\b(?:станом на|на|за|від|по состоянию на|от) ([0-3]?\d)\.(0[1-9]|1[0-2])(?![\d.,:]?\d|\s*%)")
_DATE = re.compile(r"(?<![\d.])([0-3]?\d)\.([01]?\d)\.(?:20)?\d\d(?!\d|\.\d)")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[.,;:!?()\n]")

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

_MONEY = re.compile(r"(?:[$€£]|\b(?:eur|usd|gbp)\s?)(\d+(?:[.,]\d+)?)\s?(m|mn|bn)\b")  # EUR 215m
_SHORT = {"m": " million", "mn": " million", "bn": " billion"}
_TIMES = (
    (re.compile("тис|тисяч\\w*|тыс|тысяч\\w*|thousand|tausend|tys|tysi\\w*"), 1_000),
    (re.compile("млн|мільйон\\w*|миллион\\w*|million\\w*|milion\\w*|mio|mln"), 1_000_000),
    (re.compile("млрд|мільярд\\w*|миллиард\\w*|billion\\w*|milliard\\w*|miliard\\w*|mrd|mld"), 1_000_000_000),
)


class Figures(NamedTuple):
    """The numbers of a text, its days ("3-2": the second of March), and what some of the numbers count ("dead=3")."""

    numbers: set[str]
    days: set[str]
    counts: set[str]


def figures(text: str, language: str = "") -> Figures:
    """What is told in numbers in a normalised text (`extractors.text.plain`)."""
    found = Figures(set(), set(), set())

    def day(match: re.Match[str]) -> str:
        found.days.add(f"{int(match[2])}-{int(match[1])}")
        return " "

    text = _LED_DATE.sub(day, _DATE.sub(day, text))
    if language in ("", "en"):
        text = _HALF_DAY.sub(_of_half_day, text)
    text = _MONEY.sub(lambda match: f"{match[1]}{_SHORT[match[2]]}", text)
    if language == "fr":
        text = _FOUR_SCORE.sub("quatrevingts", text)
    if language in _LED:
        text = _LED_TIME.sub(r" \1:\2", text)
    text = _TIME.sub(r"\1:\2", _DOTTED_TIME.sub(_with_colon, text))
    text = _GROUPED.sub(lambda match: re.sub(r"\D", "", match[0]), text)
    tokens = _TOKEN.findall(text)
    taken = 0  # tokens before this one belong to a number
    for at, token in enumerate(tokens):
        if at < taken:
            continue
        if token[0].isdecimal() or worth(token, language) is not None:
            value, length = _take(tokens, at, language, found)
            kinds = set(counted(tokens, at, at + length, value, language, floor=taken)) if value else set()
            if f"unit={value}" in kinds:  # the 93rd brigade counts nothing
                found.numbers.discard(str(value))
                kinds = {f"unit={value}"}
            found.counts.update(kinds)
            taken = at + length
        elif token in ONES:
            found.counts.update(counted(tokens, at, at + 1, 1, language, floor=taken))
    return found


def _of_half_day(match: re.Match[str]) -> str:
    return f" {int(match[1]) % 12 + 12 * (match[3] == 'p')}:{match[2] or '00'} "


def _with_colon(match: re.Match[str]) -> str:
    return f" {match[1]}:{match[2] or match[3]}"


def _take(tokens: list[str], at: int, language: str, found: Figures) -> tuple[int, int]:
    """Takes the number or day that stands at a token; what it is (0: nothing that counts), and of how many tokens."""
    token = tokens[at]
    value, length = (0, 1) if token[0].isdecimal() else spelt(tokens, at, language)
    if token.isdecimal() and len(token) < _LONGEST_NUMBER:
        value = int(token)
        before, after = _beside(tokens, at, -1), _beside(tokens, at, 1)
        if value <= _DAYS and (month := _month(after) or _month(before)):
            found.days.add(f"{month}-{value}")
            return 0, 1
    elif token[0].isdecimal():
        if len(token) < _LONGEST_NUMBER:
            found.numbers.add(token.replace(",", "."))
        return 0, 1
    after = tokens[at + length] if at + length < len(tokens) else ""
    for times, factor in _TIMES:
        if times.fullmatch(after):
            value, length = value * factor, length + 1
    found.numbers.add(str(value))
    return value, length


def _beside(tokens: list[str], at: int, step: int) -> str:
    """The word before or behind a token, whatever full stop is between: Sept. 15, 15. September."""
    at += step
    if 0 < at < len(tokens) - 1 and tokens[at] == ".":
        at += step
    return tokens[at] if 0 <= at < len(tokens) else ""


def _month(token: str) -> int:
    """The month that a word names; 0: none."""
    match = _MONTH_WORD.fullmatch(token)
    return match.lastindex or 0 if match else 0
