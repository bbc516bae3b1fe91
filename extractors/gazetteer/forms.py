"""Every form a sector's names can take in a text: cases, alphabets, spellings, with and without apostrophe.

The forms of the shipped sectors are generated once and frozen (`python -m extractors.gazetteer.build`), so that a
change of rules shows as a change of the table; those of an operator's own sectors are generated when they are loaded.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache

from extractors.gazetteer.adjectives import (
    Form,
    adjective_forms,
    adjectives_of,
    belarusian_forms,
    endings_of,
    lands_of,
)
from extractors.gazetteer.counterpart import russian_guesses
from extractors.gazetteer.declension import CASES, Paradigm, russian, ukrainian
from extractors.gazetteer.endings import LANGUAGES, SOFT, Cases, compounds, declined
from extractors.gazetteer.inhabitants import INHABITANT, inhabitants_of
from extractors.gazetteer.lexicon import EXONYMS
from extractors.gazetteer.model import WAR, Alias, Forms, Place, Reading, Sector
from extractors.gazetteer.transliteration import (
    PRACTICE,
    in_practice,
    soft_spellings,
    south_slavic,
    spelled,
    spellings,
)
from extractors.gazetteer.words import ORDINARY, TAKEN
from extractors.text import CYRILLIC_LETTER, plain

WEIGHTS = {
    "name": 0.0,  # as the definition gives it
    "case": 0.0,
    "spelling": 0.0,  # transliterated by a known scheme
    "spelling-case": 0.0,  # a spelling with the ending of the language it stands in: Kupiańskiem, Kupjanskissa
    "compound": -0.05,  # Pokrowskfront
    "guess": -0.1,  # the Russian name that a Ukrainian one probably has
    "guess-case": -0.1,
    "romanised-case": -0.15,  # a Ukrainian or Russian case form in Latin letters: Lobkovoho
    "adjective": 0.0,  # of the sector; "ordinary" ones need a cue word beside them
    "adjective-spelling": -0.05,
    "case-adjective-spelling": -0.1,
    INHABITANT: 0.0,  # куп'янчани
    "label": 0.0,  # a name that stands for the sector only beside a cue word: "Kursk" sector
}
FORMER = -0.2
"""Added for a name no longer official."""

_MIN_LETTERS = 3  # shorter forms are found in everything
_SHORT = 4  # letters up to which a name takes endings in its own language alone
_UKRAINIAN = re.compile("[іїєґ']")
_BE_STRESS = re.compile("[ао](?=ўка$)")
_RUSSIAN = re.compile("[ыэё]|ъ")
_SURNAMES = ("ич", "енко", "ych", "enko", "icz", "itsch")  # cases of names in -ичі are surnames: Леонтович
_SURNAME = re.compile("[оеё]в$|ин$")
_DECLINED = ("uk", "ru")  # languages whose names the other spellings are made of
_LATIN = re.compile("[a-z]")
_PLAIN = re.compile("[a-z]+(?:[ -][a-z]+)*")  # nothing to normalise
_POLISH_SOFT = ("ń", "ć", "ś", "ź")
_ADJECTIVE = re.compile("(?:ський|ский|зький|цкий|цький|ской|ски|скі|цкі|ski|cki|sky)$")
_ARABIC = re.compile("[\u0600-\u06ff]")
_HEBREW = re.compile("[\u0590-\u05ff]")
_GREEK = str.maketrans("άέήίόύώϊϋΐΰ", "αεηιουωιυιυ")
_PREFIXES = {
    "ar": ("و", "ب", "ل", "ف", "ك", "وب", "ول", "ال", "بال"),
    "ar-the": ("و", "ب", "ف", "ك", "وب"),  # the name has its article
    "he": ("ב", "ל", "מ", "ה", "ו", "ש", "כ", "וב", "ול", "שב", "מה"),
}


class Reach(IntEnum):
    """How far the forms of a name go."""

    VILLAGE = 0  # languages whose press declines names of villages, in their first spelling
    TOWN = 1  # all languages, in all their spellings
    ANCHOR = 2  # compounds and the languages of Central Asia too


_VILLAGE_LANGUAGES = ("pl", "cs", "sk", "lt", "lv", "fi", "et", "hu", "hr")
_STEPPE = ("kk", "ky", "mn")
_ENOUGH = {Reach.VILLAGE: 7, Reach.TOWN: 6, Reach.ANCHOR: 5}  # letters from which a spelling carries foreign endings
TOWNS = ("town", "city")
_OFTEN = 10  # reports in the sample from which a village is written about like a town


def forms_of(sector: Sector) -> Forms:
    """Every form of the sector's names, phrases and places, normalised, with what each stands for."""
    collected = _Collector()
    own = sector.context != WAR
    for alias in sector.names:
        subject = _Subject(f"@{sector.id}", ordinary=alias.ordinary, own=own, reach=Reach.ANCHOR)
        collected.name(subject, alias)
    collected.named_in(_Subject(f"@{sector.id}", own=True, reach=Reach.ANCHOR), sector.names)
    collected.lands(_Subject(f"@{sector.id}", own=True, reach=Reach.ANCHOR), sector.names)
    for alias in sector.phrases:
        collected.phrase(_Subject(f"@{sector.id}", ordinary=alias.ordinary), alias)
    surnames = {plain(alias.text) for alias in sector.phrases if alias.ordinary}
    for place in sector.places:
        _place(place, collected, own)
        if not own and place.anchor and place.principal and place.implies and place.kind in TOWNS:
            collected.inhabitants(_Subject(place.id, ordinary=place.ordinary), place.names, surnames)
        if place.anchor and place.principal:
            for alias in place.names:
                collected.adjectives(_Subject(f"@{sector.id}", ordinary=True), alias)
    return {text: tuple(best.values()) for text, best in sorted(collected.found.items())}


def _place(place: Place, collected: _Collector, own: bool) -> None:
    for former, aliases in ((False, place.names), (True, place.former)):
        subject = _Subject(
            place.id,
            ordinary=place.ordinary
            and not (former and all(_longer(alias, place) for alias in aliases if alias.language in _DECLINED)),
            former=former,
            until=_until(aliases) if former else "",
            own=own,
            reach=_reach(place, own, former),
            bare=not place.ordinary,
            implies=place.implies,
        )
        for alias in aliases:
            ordinary = place.ordinary and not (former and _longer(alias, place))
            collected.name(replace(subject, ordinary=ordinary or alias.ordinary), alias)
        collected.named_in(subject, aliases)
        if place.anchor and place.implies and not former:
            collected.lands(replace(subject, ordinary=False), aliases)


def _until(aliases: Iterable[Alias]) -> str:
    """The last day of official use of an old name, where a definition says it in any language."""
    return next((alias.valid_to.isoformat() for alias in aliases if alias.valid_to), "")


def _reach(place: Place, own: bool, former: bool) -> Reach:
    if own or (place.anchor and not former):
        return Reach.ANCHOR
    if place.anchor or place.kind in TOWNS or place.reports >= _OFTEN:
        return Reach.TOWN
    return Reach.VILLAGE


def _longer(former: Alias, place: Place) -> bool:
    """Whether an old name says more than today's: Красный Лиман is no common word, though Лиман is one."""
    today = [len(alias.text) for alias in place.names if alias.language == former.language]
    return len(former.text) > max(today, default=0)


def _language(alias: Alias) -> str:
    """The language whose rules decline the name; "uk ru" where the letters of a Cyrillic name leave it open."""
    if alias.language:
        return alias.language
    name = alias.text.lower()
    if not CYRILLIC_LETTER.search(name):
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
    until: str = ""  # last day of official use
    own: bool = False  # of a sector that an operator defined: its Latin names are declined as they stand
    reach: Reach = Reach.VILLAGE
    implies: bool = True  # of a place that may stand for its sector
    bare: bool = True  # whether a form that is only the stem is wanted (Суми -> Сум, but not Степи -> степ)


class _Collector:
    """Forms as they come, the best reading kept for each form and target."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Reading]] = {}

    def add(
        self, subject: _Subject, text: str, language: str, case: str, origin: str, until: str = "", scheme: str = ""
    ) -> None:
        """Keeps the reading for the form and for its copy without apostrophe."""
        if not _PLAIN.fullmatch(text):
            text = plain(text).strip()
        weight = round(WEIGHTS[origin] + (FORMER if subject.former else 0.0), 2)
        uncertain = (origin.startswith("guess") and not subject.own) or origin == "case-adjective-spelling"
        ordinary = subject.ordinary or uncertain or text in ORDINARY or (origin != "name" and text.endswith(_SURNAMES))
        full = f"{'ordinary ' if ordinary else ''}{'former ' if subject.former else ''}{origin}"
        reading = Reading(subject.target, language, case, full, weight, until or subject.until, scheme)
        for written in (text, text.replace("'", "")):
            if origin != "name" and (len(written) < _MIN_LETTERS or (written in TAKEN and not subject.own)):
                continue
            best = self.found.setdefault(written, {})
            known = best.get(subject.target)
            if known is None or known.weight < weight:
                best[subject.target] = reading
            elif known.weight == weight and _kin(known.origin, full):
                best[subject.target] = _both(known, reading)

    def cases(self, subject: _Subject, forms: Cases | Paradigm, language: str, origin: str, scheme: str = "") -> None:
        """Keeps all forms of a paradigm."""
        for case, texts in forms.items():
            for text in sorted(texts):
                self.add(subject, text, language, case, origin, scheme=scheme)

    def name(self, subject: _Subject, alias: Alias) -> None:
        """The name as given, and the forms it takes in its own language and script."""
        language, text = _language(alias), _straight(alias.text)
        until = alias.valid_to.isoformat() if alias.valid_to else ""
        subject = replace(subject, until=until or subject.until)
        self.add(subject, text, alias.language, "nom", "name", until)
        for variant in _joined(text):
            self.add(subject, variant, alias.language, "nom", "name", until)
        for one in language.split():
            forms = _paradigm(one, text)
            bare = {text[:-1].lower()} if not subject.bare else set()
            self.cases(
                subject,
                {case: found - bare - {text[:-1]} if bare else found for case, found in forms.items()},
                one,
                "case",
            )
        if language == "be" and (other := _BE_STRESS.sub(_other_vowel, text)) != text:
            self.add(subject, other, language, "nom", "spelling")
            self.cases(subject, _paradigm(language, other), language, "spelling-case")
        if subject.own and language in ("", "en") and _LATIN.search(plain(text)):
            for other in PRACTICE:  # a foreign label of ours is declined by the rules of whoever writes it
                self._declined(subject, plain(text), other, "")
        if language == "el":
            self.add(subject, plain(text).translate(_GREEK), language, "nom", "spelling")
        for prefix in _prefixes(text):
            self.add(subject, prefix + text, language, "", "case")
        if text.startswith("ال"):  # ل and the article grow together
            for prefix in ("لل", "ولل"):
                self.add(subject, prefix + text[2:], language, "", "case")

    def named_in(self, subject: _Subject, aliases: Iterable[Alias]) -> None:
        """The forms that follow from the Ukrainian and Russian names taken together."""
        by_language = {
            language: alias.text for alias in reversed(tuple(aliases)) for language in _language(alias).split()
        }
        uk, ru = _straight(by_language.get("uk", "")), _straight(by_language.get("ru", ""))
        if subject.own:
            for language, name in exonyms().get(plain(uk), {}).items():
                if language not in by_language:
                    self.name(subject, Alias(text=name, language=language))
        if not (uk or ru) or not CYRILLIC_LETTER.search(plain(uk or ru)):
            return
        if uk:
            self._guesses(subject, uk, ru)
        self._romanised(subject, uk, ru)
        self._south_slavic(subject, uk, ru)
        if subject.reach is Reach.ANCHOR and (mixed := _mixed(uk, ru)):
            self._romanised(subject, mixed, "")
            self._in_practice(subject, mixed, "")
        long = len(uk or ru) > _SHORT or (subject.own and len(uk or ru) == _SHORT)
        if subject.reach is Reach.ANCHOR and long:
            for language in _STEPPE:
                self.cases(subject, declined(language, plain(ru or uk)), language, "case")
        if long:
            self._in_practice(subject, uk, ru)
            self._romanised_cases(subject, uk, ru)

    def lands(self, subject: _Subject, aliases: Iterable[Alias]) -> None:
        """The country around a town, where it is called after it: Куп'янщина, Kupiańszczyzna."""
        for alias in aliases:
            for language in {"uk", "ru"} & set(_language(alias).split()):
                self._adjective(subject, lands_of(_straight(alias.text), language))

    def inhabitants(self, subject: _Subject, aliases: Iterable[Alias], surnames: Collection[str]) -> None:
        """The people of a town; those whose adjective is one of `surnames` may be of other towns."""
        for alias in aliases:
            if alias.language in _DECLINED:
                for adjective, form in inhabitants_of(_straight(alias.text), alias.language):
                    people = replace(subject, ordinary=subject.ordinary or plain(adjective) in surnames)
                    self.add(people, form.text, form.language, "", form.origin)

    def _guesses(self, subject: _Subject, uk: str, ru: str) -> None:
        """Probable Russian names: all where none is given, else two more."""
        for guess in russian_guesses(uk)[: 2 if ru else None]:
            if guess != plain(ru):
                self.add(subject, guess, "ru", "nom", "guess")
                if len(guess) > _SHORT:
                    self.cases(subject, russian(guess), "ru", "guess-case")

    def _romanised(self, subject: _Subject, uk: str, ru: str) -> None:
        """Every Latin spelling there is, undeclined."""
        for spelling, tags in spellings(uk, ru or (russian_guesses(uk)[0] if subject.own else "")).items():
            borne = _borne(subject, ru) and all(tag.startswith("ru") for tag in tags)
            for variant in (spelling, *_joined(spelling)):
                named = replace(subject, ordinary=True) if borne else subject
                self.add(named, variant, "", "nom", "spelling", scheme=" ".join(sorted(tags)[:3]))
        if subject.reach is not Reach.VILLAGE:
            for spelling in sorted(soft_spellings(uk)):
                self.add(subject, spelling, "", "nom", "spelling")

    def _south_slavic(self, subject: _Subject, uk: str, ru: str) -> None:
        for language in ("sr", "bg") if subject.reach is Reach.VILLAGE else ("sr", "bg", "mk"):
            for spelling in sorted(south_slavic(language, uk, ru)):
                self.add(subject, spelling, language, "nom", "spelling")
                if language == "sr" and subject.reach > Reach.VILLAGE and len(spelling) >= _ENOUGH[subject.reach]:
                    self.cases(subject, declined("sr", spelling), "sr", "spelling-case")

    def _in_practice(self, subject: _Subject, uk: str, ru: str) -> None:
        """As the newspapers of each language spell and decline it."""
        village = subject.reach is Reach.VILLAGE
        for language in _VILLAGE_LANGUAGES if village else PRACTICE:
            for spelling, tag in in_practice(language, uk, ru, only_first=village).items():
                borne = tag.startswith("ru") and _borne(subject, ru)
                self._declined(replace(subject, ordinary=True) if borne else subject, spelling, language, tag)

    def _declined(self, subject: _Subject, spelling: str, language: str, tag: str) -> None:
        short = subject.own and len(spelling) == _SHORT
        if len(spelling) < _ENOUGH[subject.reach] and not short:
            return
        for variant in (spelling, *_joined(spelling)) if subject.reach is Reach.ANCHOR else (spelling,):
            forms = declined(language, variant)
            if short:  # only with an ending that makes it unlike other words: Umanban
                forms = {case: {form for form in found if len(form) > _SHORT + 2} for case, found in forms.items()}
            self.cases(subject, forms, language, "spelling-case", tag)
        if subject.reach is Reach.ANCHOR and " " not in spelling and not short:
            for compound in compounds(spelling, language):
                self.add(subject, compound, language, "", "compound", scheme=tag)

    def _romanised_cases(self, subject: _Subject, uk: str, ru: str) -> None:
        """Case forms that translators left as they were."""
        if len(uk) >= _ENOUGH[Reach.VILLAGE]:
            self.cases(subject, _spelled("kmu2010", ukrainian(uk)), "", "romanised-case", "kmu2010")
        if subject.reach is Reach.ANCHOR and len(ru) >= _ENOUGH[Reach.TOWN]:
            self.cases(subject, _spelled("ru", russian(ru)), "", "romanised-case", "ru")

    def phrase(self, subject: _Subject, alias: Alias) -> None:
        """What names the sector beside a cue word: an adjective in all its forms, or a name."""
        text = _straight(alias.text)
        until = alias.valid_to.isoformat() if alias.valid_to else ""
        if not _ADJECTIVE.search(plain(text)):
            for variant in (text, *_joined(text)):
                self.add(subject, variant, alias.language, "nom", "label", until)
        elif alias.language in ("uk", "ru"):
            self._adjective(subject, adjective_forms(*((text, "") if alias.language == "uk" else ("", text))), until)
        else:
            self._adjective(subject, endings_of(text, alias.language), until)

    def adjectives(self, subject: _Subject, alias: Alias) -> None:
        """The adjectives that name a sector after a town of it."""
        language = _language(alias)
        if language not in ("uk", "ru", "be"):
            return
        for adjective in adjectives_of(_straight(alias.text), language):
            if language == "be":
                self._adjective(subject, belarusian_forms(adjective))
            else:
                pair = (adjective, "") if language == "uk" else ("", adjective)
                self._adjective(subject, adjective_forms(*pair))

    def _adjective(self, subject: _Subject, forms: Iterable[Form], until: str = "") -> None:
        for form in forms:
            self.add(subject, form.text, form.language, "", form.origin, until, form.scheme)


@cache
def exonyms() -> Mapping[str, Mapping[str, str]]:
    """Ukrainian name, normalised -> language -> what that language calls the town."""
    found: dict[str, dict[str, str]] = {}
    for language, names in tomllib.loads(EXONYMS.read_text("utf-8")).items():
        for ukrainian_name, name in names.items():
            found.setdefault(plain(ukrainian_name), {})[language] = name
    return found


def _other_vowel(vowel: re.Match[str]) -> str:
    """What Belarusian writes for it where the stress is thought to lie otherwise: Юнакоўка for Юнакаўка."""
    return "о" if vowel[0] == "а" else "а"


def _borne(subject: _Subject, russian_name: str) -> bool:
    """Whether the Russian name of a town is also that of many people: Орехов, in Latin letters Orekhov."""
    return subject.implies and not subject.own and bool(_SURNAME.search(russian_name))


def _mixed(uk: str, ru: str) -> str:
    """The Russian name with the Ukrainian suffix, as who knows both may write it: Konstantinivka; "" for none."""
    mixed = re.sub("[ое]вка$", "івка", ru)
    if mixed in (uk, ru) or not uk.endswith("івка") or _RUSSIAN.search(mixed.lower()):
        return ""
    return mixed


def _kin(known: str, more: str) -> bool:
    """Whether two origins differ at most in whether the declined spelling is listed or transliterated."""
    return known.replace("spelling-case", "case") == more.replace("spelling-case", "case")


def _both(known: Reading, more: Reading) -> Reading:
    """One reading for a form that two languages, or two cases, have in common."""
    languages = known.language.split()
    if known.language in ("", "uk", "ru"):
        return known  # a form of the languages of the place itself is first of all that
    if more.language not in languages:
        languages.append(more.language)
    cases = known.case.split("/")
    if more.case not in cases:
        cases.append(more.case)
    return known._replace(language=" ".join(languages), case="/".join(filter(None, cases)))


def _spelled(tag: str, paradigm: Paradigm) -> Paradigm:
    return {case: {spelled(tag, form) for form in forms} for case, forms in paradigm.items() if case != CASES[0]}


def _paradigm(language: str, name: str) -> Paradigm | Cases:
    if language == "uk":
        return ukrainian(name)
    if language == "ru":
        return russian(name)
    if language in LANGUAGES:
        soft = SOFT if language == "pl" and name.lower().endswith(_POLISH_SOFT) else ""
        return declined(language, plain(name) + soft)
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
    if name.startswith("ال"):
        return _PREFIXES["ar-the"]
    if _ARABIC.search(name):
        return _PREFIXES["ar"]
    return _PREFIXES["he"] if _HEBREW.search(name) else ()
