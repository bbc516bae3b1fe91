"""Every form a sector's names can take in a text: cases, alphabets, spellings, with and without apostrophe.

The forms of the shipped sectors are generated once and frozen (`python -m extractors.gazetteer.build`), so that a
change of rules shows as a change of the table; those of an operator's own sectors are generated when they are loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from extractors.gazetteer.declension import CASES, Paradigm, relational, russian, ukrainian
from extractors.gazetteer.model import WAR, Alias, Forms, Place, Reading, Sector
from extractors.gazetteer.transliteration import DECLINED, official, serbian, spellings
from extractors.text import plain

RULES = "2"
"""Counted up when a change of scoring gives other mentions; changes of forms show in the frozen table by themselves."""

WEIGHTS = {
    "name": 0.0,  # as the definition gives it
    "case": 0.0,
    "spelling": 0.0,  # romanised by a known scheme
    "spelling-case": 0.0,  # a romanised name with the ending of the language it stands in: Kupiańskiem, Kupjanskissa
    "romanised-case": -0.15,  # a Ukrainian case form in Latin letters: Lobkovoho
    "adjective": 0.0,  # of the sector; "ordinary" ones need a cue word beside them
    "adjective-spelling": -0.05,
    "label": 0.0,  # a name that stands for the sector only beside a cue word: "Kursk" sector
}
FORMER = -0.2
"""Added for a name no longer official."""

# Romanised forms that are words, names or places of the languages they would stand in.
_TAKEN = frozenset({"marine", "marines", "nadia", "nadja", "suma", "terni", "sejm", "seim", "progres", "sady", "volga"})
_MIN_LETTERS = 3  # shorter forms are found in everything
_LONG = 7  # letters from which a romanised name may carry foreign endings
_LONG_ENOUGH = 5  # for a sector that the operator defined
_UKRAINIAN = re.compile("[іїєґ']")
_RUSSIAN = re.compile("[ыэё]|ъ")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z]")
_ADJECTIVE = re.compile("(?:ський|ский|цкий|цький|ской|ски|ski|cki|sky)$")
_ARABIC = re.compile("[\u0600-\u06ff]")
_HEBREW = re.compile("[\u0590-\u05ff]")
_PREFIXES = {"ar": ("و", "ب", "ل", "ف", "ك", "وب", "ول"), "he": ("ב", "ל", "מ", "ה", "ו", "ש", "כ")}

_Endings = tuple[tuple[str, int, str], ...]
# Last letter of a romanised name -> letters to cut, endings: Polish, Czech, Slovak, Croatian, Slovene.
_SLAVIC_ENDINGS: _Endings = (
    ("ka", 1, "y i e u ou o om"),
    ("a", 1, "y i e u ou o om"),
    ("e", 1, "a u em om ego emu"),
    ("y", 1, "ow ach am ami ech"),
    ("i", 1, "ow ach am ami ich"),
    ("", 0, "a u owi ovi em iem om ie e"),
)
# Other languages that decline foreign names: Lithuanian, Finnish, Estonian, Hungarian, Turkish, Romanian, genitive -s.
_OTHER_ENDINGS: _Endings = (
    ("a", 0, "s n ssa sta an t ban ba nal ra ya da dan in i"),
    ("e", 0, "s n ssa sta en ben nel de den"),
    ("y", 0, "s n ssa sta yn ban nal da dan"),
    ("i", 0, "s n ssa sta in ban nal de den"),
    ("", 0, "s er as o e a i is in iin issa ista ban nal ot hoz ra ta tan da dan te ten de den ul ului"),
)


def forms_of(sector: Sector) -> Forms:
    """Every form of the sector's names, phrases and places, normalised, with what each stands for."""
    collected = _Collector()
    own = sector.context != WAR
    for alias in sector.names:
        collected.name(_Subject(f"@{sector.id}", ordinary=alias.ordinary, own=True, spread=True), alias)
    for alias in sector.phrases:
        collected.phrase(_Subject(f"@{sector.id}", ordinary=alias.ordinary), alias)
    for place in sector.places:
        _place(place, collected, own)
    return {text: tuple(best.values()) for text, best in sorted(collected.found.items())}


def _place(place: Place, collected: _Collector, own: bool) -> None:
    for former, aliases in ((False, place.names), (True, place.former)):
        ordinary = place.ordinary and not (former and _longer(aliases, place.names))
        subject = _Subject(
            place.id,
            ordinary=ordinary,
            former=former,
            own=own,
            spread=place.anchor or own,
            bare=not place.ordinary,
        )
        for alias in aliases:
            collected.name(replace(subject, ordinary=ordinary or alias.ordinary), alias)
        by_language = {language: alias.text for alias in reversed(aliases) for language in _language(alias).split()}
        ukrainian_name = _straight(by_language.get("uk", ""))
        collected.romanised(subject, ukrainian_name, _straight(by_language.get("ru", "")))
        if ukrainian_name:
            collected.add(subject, serbian(ukrainian_name), "sr", "nom", "spelling")


def _longer(former: Iterable[Alias], names: Iterable[Alias]) -> bool:
    """Whether all old names have more words than today's: Красный Лиман is no common word, though Лиман is one."""
    most = max(len(alias.text.split()) for alias in names)
    return all(len(alias.text.split()) > most for alias in former)


def _language(alias: Alias) -> str:
    """The language whose rules decline the name; "uk ru" where the letters of a Cyrillic name leave it open."""
    if alias.language:
        return alias.language
    name = alias.text.lower()
    if not _CYRILLIC.search(name):
        return ""
    if _RUSSIAN.search(name):
        return "ru"
    return "uk" if _UKRAINIAN.search(plain(name)) else "uk ru"


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose names the forms are, and how far they go."""

    target: str
    ordinary: bool = False  # also a common word or a person's name
    former: bool = False
    own: bool = False  # of a sector that an operator defined: shorter names may carry endings too
    spread: bool = False  # known widely enough for the endings of many languages
    bare: bool = True  # whether a form that is only the stem is wanted (Суми -> Сум, but not Степи -> степ)


class _Collector:
    """Forms as they come, the best reading kept for each form and target."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Reading]] = {}

    def add(self, subject: _Subject, text: str, language: str, case: str, origin: str, until: str = "") -> None:
        """Keeps the reading for the form and for its copy without apostrophe."""
        text = plain(text).strip()
        weight = round(WEIGHTS[origin] + (FORMER if subject.former else 0.0), 2)
        full = f"{'ordinary ' if subject.ordinary else ''}{'former ' if subject.former else ''}{origin}"
        reading = Reading(subject.target, language, case, full, weight, until)
        for written in (text, text.replace("'", "")):
            if origin != "name" and (len(written) < _MIN_LETTERS or written in _TAKEN):
                continue
            best = self.found.setdefault(written, {})
            if subject.target not in best or best[subject.target].weight < weight:
                best[subject.target] = reading

    def name(self, subject: _Subject, alias: Alias) -> None:
        """The name as given, and the forms it takes in its own language and script."""
        language, text = _language(alias), _straight(alias.text)
        self.add(subject, text, alias.language, "nom", "name")
        for declined in language.split():
            for case, forms in _paradigm(declined, text).items():
                for form in forms:
                    if subject.bare or form != text[:-1]:
                        self.add(subject, form, declined, case, "case")
        if _LATIN.search(plain(text)):
            for variant in (text, *_joined(text)):
                self.add(subject, variant, alias.language, "nom", "name")
            if language in ("", "en") or subject.own:  # a foreign label of ours comes with its own endings
                self._endings(subject, plain(text), alias.language)
        for prefix in _prefixes(text):
            self.add(subject, prefix + text, language, "", "case")
        if subject.target.startswith("@") and _CYRILLIC.search(plain(text)):
            self.romanised(subject, text if "uk" in language else "", text if language == "ru" else "")

    def romanised(self, subject: _Subject, ukrainian_name: str, russian_name: str) -> None:
        """The name in Latin letters, and its Ukrainian case forms in Latin letters."""
        for spelling, schemes in spellings(ukrainian_name, russian_name).items():
            for variant in (spelling, *_joined(spelling)):
                self.add(subject, variant, "", "nom", "spelling")
                if schemes & DECLINED:
                    self._endings(subject, variant, "")
        for case, forms in ukrainian(ukrainian_name).items() if len(ukrainian_name) >= _LONG else ():
            for form in forms if case != "nom" else ():
                self.add(subject, official(form), "", case, "romanised-case")

    def phrase(self, subject: _Subject, alias: Alias) -> None:
        """What names the sector beside a cue word: an adjective in all its forms, or a name."""
        text = plain(_straight(alias.text))
        until = alias.valid_to.isoformat() if alias.valid_to else ""
        if not _ADJECTIVE.search(text):
            for variant in (text, *_joined(text)):
                self.add(subject, variant, alias.language, "nom", "label", until)
        elif alias.language == "bg":
            for ending in ("и", "о", "ото", "ия", "ият"):
                self.add(subject, text[:-1] + ending, "bg", "", "adjective", until)
        elif _CYRILLIC.search(text):
            for form in sorted(relational(text)):
                self.add(subject, form, alias.language, "", "adjective", until)
            for spelling in spellings(*((text, "") if alias.language == "uk" else ("", text))):
                self.add(subject, spelling, "", "", "adjective-spelling", until)
        else:
            for ending in _LATIN_ADJECTIVE.get(alias.language, (text[-1],)):
                self.add(subject, text[:-1] + ending, alias.language, "", "adjective", until)

    def _endings(self, subject: _Subject, text: str, language: str) -> None:
        """A Latin spelling with foreign endings, where it is long enough to stay unmistakable."""
        if len(text) < (_LONG_ENOUGH if subject.own else _LONG):
            return
        for table in (_SLAVIC_ENDINGS, _OTHER_ENDINGS)[: 1 + subject.spread]:
            _, cut, endings = next(row for row in table if text.endswith(row[0]))
            for ending in endings.split():
                self.add(subject, text[: len(text) - cut] + ending, language, "", "spelling-case")
        if text.endswith("ka"):  # Kostiantynivce
            self.add(subject, text[:-2] + "ce", language, "", "spelling-case")


_LATIN_ADJECTIVE = {
    "pl": ("i", "iego", "iemu", "im", "a", "iej", "ie", "ich", "imi", "o"),
    "cs": ("y", "eho", "emu", "em", "ym", "a", "e", "ou", "ych", "ymi", "om", "ej"),
}


def _paradigm(language: str, name: str) -> Paradigm:
    if language == "uk":
        return ukrainian(name)
    if language in ("ru", "be", "bg"):
        return russian(name)
    return {CASES[0]: {name}}


def _straight(name: str) -> str:
    """The name with U+0027 for its apostrophe, as the rules expect it, and its capitals kept."""
    return re.sub("['`´ʹʻʼʽ‘’‛′]", "'", name)


def _joined(name: str) -> Iterable[str]:
    """The same name with its words joined by a hyphen, or parted by a space: Kupiansk Vuzlovyi, Velyka-Novosilka."""
    if "-" in name:
        yield name.replace("-", " ")
    elif " " in name:
        yield name.replace(" ", "-")


def _prefixes(name: str) -> tuple[str, ...]:
    """Letters that Arabic and Hebrew write onto the front of a word: and, in, to."""
    if _ARABIC.search(name):
        return _PREFIXES["ar"]
    return _PREFIXES["he"] if _HEBREW.search(name) else ()
