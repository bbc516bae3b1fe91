"""Case forms of Ukrainian and Russian place names, by rule.

Every rule says how many letters to cut and what each case puts in their place. Where an ending leaves the class of a
name open (is -ова an adjective? does -ів change to -ов or -ев?), several rules apply and every form is given: a form
that nobody writes costs nothing, a form that is missing loses news. Names are never looked up in a dictionary, so
that an operator's own names decline as well as ours.

Sources of the rules: the Ukrainian orthography of 2019 (sections 80-105); Zaliznyak's declension classes for Russian.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

CASES = ("nom", "gen", "dat", "acc", "ins", "loc")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


Paradigm = dict[str, set[str]]
"""Case -> forms."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """For words that match `ending`: cut so many letters, then add per case (`/` between variants, `.` for nothing)."""

    ending: re.Pattern[str]
    cut: int
    additions: tuple[tuple[str, ...], ...]  # gen, dat, acc, ins, loc; `=`, or an empty tuple: as in the nominative

    def apply(self, word: str, into: Paradigm) -> None:
        stem = word[: len(word) - self.cut]
        for case, endings in zip(CASES[1:], self.additions, strict=True):
            forms = [word if ending == "=" else stem + ending for ending in endings]
            into.setdefault(case, set()).update(forms or [word])


def _rules(table: str) -> tuple[_Rule, ...]:
    """One rule a line: ending (a regular expression), letters to cut, five cases; `=` means the dictionary form."""
    rules = []
    for line in table.strip().splitlines():
        ending, cut, *cases = line.split()
        additions = tuple(() if case == "=" else tuple(case.replace(".", "").split("/")) for case in cases)
        rules.append(_Rule(re.compile(f"(?:{ending})$"), int(cut), additions))
    return tuple(rules)


# ------------------------------------------------------------------------------------------------------- Ukrainian

# The first that matches gives the regular paradigm.
_UK_NOUN = _rules("""
ка              2 ки ці ку кою ці
га              2 ги зі гу гою зі
ха              2 хи сі ху хою сі
[ії]я           1 ї ї ю єю ї
[жчшщ]а         1 і і у ею і
а               1 и і у ою і
([лтнсздчжш])\\1я|'я 1 я ю = ям і/ї/ю
[аеиоуєю]я      1 ї ї ю єю ї
я               1 і і ю ею і
(?:пол|мор)е    1 я ю = ем і/ю
[жчшщц]е        1 а у = ем і/у
о               1 а у = ом і/у
ки              1 ів/. ам = ами ах
(?:а|я)ни       1 . ам = ами ах
и               1 ів/. ам = ами ах
ці              1 ів ям = ями ях
ї               1 їв/й ям = ями ях
[жчшщ]і         1 ів/. ам = ами ах
і               1 ів/ь/ей ям = ями ях
[сцз]ьк         0 а у/ові = ом у/ові
їв              2 єва єву = євом/євим єві
[жчшщц]ів       2 ева/ова еву/еві/ову/ові = евом/евим/овом/овим еві/еву/ові/ову
ів              2 ова ову/ові = овом/овим ові/ову
дінець          5 інця інцю/інцеві = інцем інці/інцю
[аеиіоуяюєї]ець 3 йця йцю/йцеві = йцем йці/йцю
ець             3 ця цю/цеві = цем ці/цю
[оі]скіл        2 олу/ола олу/олові = олом олі/олу
ь               1 я/і/ю ю/еві/і =/ь ем/ю і/ю/еві
й               1 ю/я ю/єві = єм ї/ю
[кгх]           0 а/у у/ові = ом у/ові/і
.               0 а/у у/ові = ом і/у/ові
""")

# All that match give more forms, where the ending is open to more than one class.
_UK_MORE = _rules("""
[^і]в[аи]       0 = = = = =
[аиоуюя]к       1 = = = = ці
[аиоуюя]г       1 = = = = зі
[аиоуюя]х       1 = = = = сі
[ео]к           2 ка/ку ку/кові = ком ку
лець            4 льця льцю/льцеві = льцем льці/льцю
донець          5 інця інцю/інцеві = інцем інці/інцю
ень             3 ня/ню ню/неві = нем ні/ню
іль             3 оля/еля/олю/елі олю/олеві/елю/елі = олем/елем/іллю олі/олю/елі
інь             3 еня/ені/оня еню/ені = енем/інню ені/оні
[нтдзслц]ь      1 ю і = ем еві
ів              2 єва/ева єву/еву = євом/євим/евим єві/еві
р               0 я ю/еві = ем ю/еві
[жчшщ]          0 а/і еві/у/і = ем/чю еві/і
івці            4 івець/овець івцям = івцями івцях
ївці            4 ївець/євець ївцям = ївцями ївцях
овці            2 ець ям = ями ях
ки              2 ок/ек кам = ками ках
іг              2 ога/огу огу/огові = огом озі/огу
""")
_UK_O_E = re.compile("і([сбтднрлз])$")

_UK_ADJECTIVE = _rules("""
ий   2 ого ому =/ого им ому/ім
ій   2 ього ьому =/ього ім ьому/ім
їв   2 єва/євого єву/євому = євим євому/євім
ів   2 ового/ова овому/ову = овим овому/овім
ин   0 ого/а ому/у = им ому/ім
а    1 ої ій у ою ій
я    1 ьої ій ю ьою ій
є    1 ього ьому = ім ьому/ім
е    1 ого ому = им ому/ім
ні   1 их/іх им/ім = ими/іми их/іх
і    1 их им = ими их
""")

_ADJECTIVE_FEMININE = _words(
    "велика мала нова стара верхня нижня середня красна червона біла чорна зелена глибока широка довга крива суха "
    "весела вільна тиха кам'яна перша друга третя дальня крайня свята золота степова лісова вузлова українська гола "
    "руська вовча кругла гарна богата рідна чиста права ліва мирна гнила добра висока солона борова лозова пильна "
    "козача лиманська дворічна"
)
_ADJECTIVE_PLURAL = _words(
    "великі малі нові старі верхні нижні середні красні червоні білі чорні зелені глибокі широкі довгі криві сухі "
    "веселі вільні перші другі святі золоті вовчі руські козачі"
)
_SHORT_NOUN = 5  # letters up to which a name in -ий may be a noun
_POSSESSIVE = _words("часів русин кучерів попів кочергів")
_NOUNS_IN_E = ("поле", "море", "ище", "че", "ще", "еще")
_FIXED_PARTS = _words(
    "рай нью усть на над під гуляй клебан і та й сакко івано петро "
    "ель эль аль ал ад аз ам ан ар ас аш ас-с сан санта сен сент лос лас ла ле порт форт ест эст дер ден фон ван"
)
_OPEN_FEMININE = re.compile(
    r"(?:ова|ева|єва|ина|їна|ата|ята|ьна|чна|рна|нна|тна|жна|шна|сна|вна|дна|зна|лна|пна|мна|ста|ена|яна|ана|іна|"
    r"она|уна|ива|ава|ора|іра|ура|ла|та|да|ба|ня|ля)$"
)
_ADJECTIVE_E = re.compile(r"(?:ськ|цьк|зьк|[аеиіоуяюєї]в|н|т|л|р|к|г|х|ш|ж|п|б|м|с|з|д)е$|[нн]є$")
_ADJECTIVE_SKA = re.compile(r"(?:[сцз]ьк)[аі]$")


def ukrainian(name: str) -> Paradigm:
    """The case forms of a Ukrainian place name of one or more words, which agree with each other.

    Expects lower case or capitals, NFC, and U+0027 for the apostrophe: Велика Новосілка -> Великої Новосілки, ...
    """
    return _agreeing(name, _uk_word)


def _uk_word(word: str, index: int, words: list[str], separators: list[str]) -> Paradigm:
    lower = word.lower()
    last = index == len(words) - 1
    if lower in _FIXED_PARTS or (not last and separators[index] == "-" and lower.endswith("о")) or len(word) < 2:
        return {case: {word} for case in CASES}
    if not last and separators[index] == " " and lower in _POSSESSIVE:
        return _with_nominative(word, _as_it_stands(word, _first(_UK_ADJECTIVE, word)))
    if _uk_is_adjective(lower):
        forms = _first(_UK_ADJECTIVE, word)
        if lower.endswith(("ий", "ій")) and len(word) <= _SHORT_NOUN:
            _merge(forms, _first(_UK_NOUN, word))  # Стрий is no adjective
        if lower.endswith(("че", "ще")):
            _merge(forms, _first(_UK_NOUN, word))
        return _with_nominative(word, forms)
    forms = _first(_UK_NOUN, word)
    _uk_open_endings(word, lower, forms)
    return _with_nominative(word, forms)


def _uk_open_endings(word: str, lower: str, forms: Paradigm) -> None:
    """Adds the forms of every other class that the ending allows."""
    for rule in _UK_MORE:
        if rule.ending.search(lower):
            rule.apply(word, forms)
    closed = _UK_O_E.search(lower)
    if closed:  # Ріг -> Рогу, Самбір -> Самбору
        for vowel in "ое":
            _UK_NOUN[-1].apply(word[:-2] + vowel + word[-1], forms)
        forms["acc"] = {word}
    if lower.endswith("а") and _OPEN_FEMININE.search(lower):
        _merge(forms, _first(_UK_ADJECTIVE, word))


def _uk_is_adjective(lower: str) -> bool:
    if lower.endswith(("ий", "ій")) or lower in _ADJECTIVE_FEMININE or lower in _ADJECTIVE_PLURAL:
        return True
    if _ADJECTIVE_SKA.search(lower):
        return True
    return bool(_ADJECTIVE_E.search(lower)) and not lower.endswith(_NOUNS_IN_E)


# --------------------------------------------------------------------------------------------------------- Russian

_RU_NOUN = _rules("""
[кгхжчшщ]а      1 и е у ой/ей е
ца              1 ы е у ей/ой е
ия              1 и и ю ей и
а               1 ы е у ой е
я               1 и е ю ей е
(?:пол|мор)е    1 я ю = ем е
ье              1 я ю = ем е/и
[жчшщц]е        1 а у = ем е
о               1 а у = ом е
[кгх]и          1 ов/. ам = ами ах
ы               1 ов/. ам = ами ах
и               1 ей/ев/й/ь ям = ями ях
лец             2 ьца ьцу = ьцом/ьцем ьце
[аеиоуыюя]ец    2 йца йцу = йцом/йцем йце
ец              2 ца цу = цом/цем це
ь               1 я/и ю/и = ем/ью е/и
й               1 я ю = ем е/и
[жчшщ]          0 а у = ом/ем е
ц               0 а у = ом/ем е
.               0 а у = ом е
""")
_RU_MORE = _rules("""
[ое]в           0 а у = ым е
ин             0 а у = ым е
[ое]к           2 ка ку = ком ке
ень             3 ня ню = нем не
цы              1 ев ам = ами ах
ки              2 ок/ек кам = ками ках
ги              2 ог/ег гам = гами гах
яр              0 а у = ом у
""")
_RU_ADJECTIVE = _rules("""
[кгх]ий  2 ого ому =/ого им ом
[жчшщ]ий 2 его ему =/его им ем
ый       2 ого ому =/ого ым ом
ой       2 ого ому =/ого ым/им ом
ий       2 его ему =/его им ем
ьи       1 их им = ими их
ая       2 ой ой ую ой ой
ья       1 ей ей ю ей ей
яя       2 ей ей юю ей ей
[кгхжчшщ]ое 2 ого ому = им ом
ое       2 ого ому = ым ом
ее       2 его ему = им ем
[кгхжчшщ]ие 2 их им = ими их
ые       2 ых ым = ыми ых
ие       2 их им = ими их
[ое]в    0 а/ого у/ому = ым ом
ин       0 а/ого у/ому = ым ом
""")
_RU_PLURAL_A = _rules("""
а  1 ов ам = ами ах
я  1 ей ям = ями ях
""")
_RU_POSSESSIVE = _words("часов русин кучеров попов")
_RU_FIXED = _words("рай нью усть на над под гуляй клебан и сакко ивано петро")
_RU_ADJECTIVE_ENDS = ("ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие", "чья", "чьи")


def russian(name: str) -> Paradigm:
    """The case forms of a Russian place name, as `ukrainian`: Часов Яр -> Часова Яра and Часового Яра, ..."""
    return _agreeing(name, _ru_word)


def _ru_word(word: str, index: int, words: list[str], separators: list[str]) -> Paradigm:
    lower = word.lower()
    last = index == len(words) - 1
    if lower in _RU_FIXED or (not last and separators[index] == "-" and lower.endswith(("о", "е"))) or len(word) < 2:
        return {case: {word} for case in CASES}
    if lower.endswith(_RU_ADJECTIVE_ENDS):
        return _with_nominative(word, _first(_RU_ADJECTIVE, word))
    if not last and lower in _RU_POSSESSIVE:
        return _with_nominative(word, _as_it_stands(word, _first(_RU_ADJECTIVE, word)))
    if last and index and lower.endswith(("а", "я")) and words[index - 1].lower().endswith(("ие", "ые", "ьи")):
        return _with_nominative(word, _first(_RU_PLURAL_A, word))  # Казачьи Лагеря, Волчанские Хутора
    forms = _first(_RU_NOUN, word)
    for rule in _RU_MORE:
        if rule.ending.search(lower):
            rule.apply(word, forms)
    if lower.endswith(("ово", "ево", "ино", "ыно")):  # may stay as it is: в Иваново
        _merge(forms, {case: {word} for case in CASES})
    return _with_nominative(word, forms)


# ---------------------------------------------------------------------------------------- relational adjectives

_UK_ADJECTIVE_ALL = sorted(_words("ий ого ому им ім а ої ій у ою е і их ими"))
_RU_ADJECTIVE_ALL = sorted(_words("ий ого ому им ом ая ой ую ою ое ие их ими"))


def relational(adjective: str) -> frozenset[str]:
    """All case, gender and number forms of an adjective in -ський (Ukrainian) or -ский (Russian).

    Of a longer name the last word changes: Південно-Слобожанський -> Південно-Слобожанському.
    """
    stem = adjective[:-2]
    endings = _UK_ADJECTIVE_ALL if adjective.endswith(("ький", "ній")) else _RU_ADJECTIVE_ALL
    return frozenset(stem + ending for ending in endings)


# ------------------------------------------------------------------------------------------------------ machinery


def _agreeing(name: str, decline: Callable[[str, int, list[str], list[str]], Paradigm]) -> Paradigm:
    parts = re.split(r"([ -])", name)
    words, separators = parts[::2], parts[1::2]
    paradigms = [decline(word, index, words, separators) for index, word in enumerate(words)]
    result: Paradigm = {}
    for case in CASES:
        variants: Iterable[tuple[str, ...]] = product(*(sorted(paradigm[case]) for paradigm in paradigms))
        result[case] = {
            "".join(word + separator for word, separator in zip(variant, [*separators, ""], strict=True))
            for variant in variants
        }
    return result


def _first(rules: tuple[_Rule, ...], word: str) -> Paradigm:
    forms: Paradigm = {}
    lower = word.lower()
    for rule in rules:
        if rule.ending.search(lower):
            rule.apply(word, forms)
            return forms
    return {case: {word} for case in CASES}


def _as_it_stands(word: str, forms: Paradigm) -> Paradigm:
    """The same and the word itself in every case: в Часовом Яре and, as often, в Часов Яре."""
    return {case: {word, *found} for case, found in forms.items()}


def _with_nominative(word: str, forms: Paradigm) -> Paradigm:
    return {case: {word} if case == "nom" else forms.get(case, {word}) for case in CASES}


def _merge(into: Paradigm, more: Paradigm) -> None:
    for case, forms in more.items():
        into.setdefault(case, set()).update(forms)
