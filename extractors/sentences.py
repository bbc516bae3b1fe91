"""The sentence around a place in a text, as written.

Only the surroundings are looked at, so that one mention costs the same in a headline and in ten megabytes. Full stops
after abbreviations, initials, numbers and domain names end nothing; a line break always does.
"""

from __future__ import annotations

import re

from extractors.text import INVISIBLE

REACH = 600  # characters on either side: a sentence beyond is cut at a word

_STOPS = ".!?…。！？"
_CLOSING = "\"'»”’)]›“"
_END = re.compile(f"[{re.escape(_STOPS)}]+[{re.escape(_CLOSING)}{INVISIBLE}]*")
_OPENING = "\"'«“„‘([—–-*•#"
_ABBREVIATIONS = frozenset(
    word
    for word in re.findall(
        r"\S+",
        # Ukrainian and Russian: places, ranks, units, reckoning
        "м с смт сел вул просп пров пл обл р-н р рр ст ін т тт гр ім св д о зб див напр тис млн млрд грн руб "
        "коп н п нп "
        "г гг ул пос дер пер обл им см стр пр др тд тп тыс долл проф акад ген полк підп кап лейт серж "
        # English, German, French, Polish and others
        "mr mrs ms dr prof gen col lt maj capt sgt cpl cmdr adm gov sen rep st ave inc ltd co corp vs etc fig "
        "vol jr sr "
        "jan feb mar apr jun jul aug sept sep oct nov dec approx dept est u.s u.k u.n e.g i.e "
        "z.b bzw ca usw nr str abs evtl ggf bspw d.h mio mrd frl av bd mme mlle "
        "ul al pl np itd itp tzw tj prof gen plk ppłk mjr kpt por św r tys sig sra sres dott ing",
    )
)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """[first, last) of the sentence that holds [start, end), without the white space around it."""
    floor = max(text.rfind("\n", max(0, start - REACH), start) + 1, start - REACH, 0)
    newline = text.find("\n", end, end + REACH)
    ceiling = newline if newline >= 0 else min(len(text), end + REACH)
    first, last = _first(text, floor, start), _last(text, end, ceiling)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _first(text: str, floor: int, start: int) -> int:
    stops = reversed(list(_END.finditer(text, floor, start)))  # the nearest one is the likeliest
    first = next((match.end() for match in stops if _ends(text, floor, match, start)), floor)
    if first == floor == start - REACH and floor > 0 and not text[floor - 1].isspace():
        cut = re.compile(r"\s").search(text, floor, start)
        return cut.end() if cut else floor
    return first


def _last(text: str, end: int, ceiling: int) -> int:
    for match in _END.finditer(text, end, ceiling):
        if _ends(text, max(0, end - REACH), match, ceiling):
            return match.end()
    if ceiling == end + REACH and ceiling < len(text) and not text[ceiling].isspace():
        cut = text.rfind(" ", end, ceiling)
        return cut if cut > end else ceiling
    return ceiling


def _ends(text: str, floor: int, match: re.Match[str], ceiling: int) -> bool:
    """Whether the stop found ends its sentence."""
    after = match.end()
    if match[0][0] in "。！？":
        return True
    if after < len(text) and not text[after].isspace():
        return False  # 3.5, example.com, U.S.-made
    while after < ceiling and text[after].isspace():
        after += 1
    if match[0][0] == ".":
        word = _word_before(text, floor, match.start())
        if (len(word) == 1 and word.isupper()) or word.lower() in _ABBREVIATIONS:  # an initial: О. Лиманська
            return False
        following = text[after : after + 1]
        return not following or not following.islower()
    following = text[after : after + 1]
    return not following or following.isupper() or following.isdigit() or following in _OPENING


def _word_before(text: str, floor: int, position: int) -> str:
    first = position
    while first > floor and (text[first - 1].isalnum() or (text[first - 1] in ".-" and first < position)):
        first -= 1
        if position - first > 12:  # longer than any abbreviation
            break
    return text[first:position]
