"""What speaks against the names of a new sector before a single text is read: whom else their forms could mean.

Pure: a definition and word lists in, findings with advice out. `sectorwatch sectors check` shows them, and adds what
the stored articles say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from extractors.gazetteer import Gazetteer
from extractors.gazetteer.forms import forms_of
from extractors.gazetteer.model import ANY, WAR, Alias, Forms, Place, Sector
from extractors.gazetteer.ordinary import common_words, ends_like, is_given_name, is_short
from extractors.gazetteer.places import Namesakes, Settlements
from extractors.text import plain

OFTEN_SMALL = 0.2  # share of small letters in the archive from which a form is taken for a common word
SMALL_ENOUGH = 3  # occurrences in small letters below which the archive says nothing
_NAMED = 8  # how many forms, places or oblasts one sentence lists


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One thing the sector is found by: a place, or one of the sector's own names or phrases."""

    key: str  # "places", "names" or "phrases": where it stands in the file
    name: str  # as written first
    aliases: tuple[Alias, ...]
    place: Place | None
    ordinary: bool
    forms: Forms

    @property
    def current(self) -> set[str]:
        """The forms that are not of former names alone."""
        return {
            form for form, readings in self.forms.items() if any("former" not in reading.origin for reading in readings)
        }

    @property
    def homonyms(self) -> int:
        return self.place.homonyms if self.place else 1


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One reason to look at a name again, and what to write about it."""

    code: str  # "sector", "settlements", "other_settlements", "context", "common", "given", "adjective", ...
    key: str  # where its name stands in the file
    name: str
    said: str
    advice: str
    toml: str = ""  # what to add to the table of the name (or to the file, where `whole`), such as "ordinary = true"
    whole: bool = False
    sure: bool = False  # it follows from facts alone; otherwise a person has to know what is meant
    forms: tuple[str, ...] = ()


def subjects(sector: Sector) -> list[Subject]:
    """What the sector is found by, with the forms of each, in the order of the file."""
    bare = replace(sector, names=(), phrases=(), places=())
    found = []
    for key in ("names", "phrases"):
        for alias in getattr(sector, key):
            forms = forms_of(replace(bare, names=(alias,)) if key == "names" else replace(bare, phrases=(alias,)))
            found.append(Subject(key=key, name=alias.text, aliases=(alias,), place=None, ordinary=alias.ordinary,
                                 forms=forms))  # fmt: skip
    for place in sector.places:
        aliases = (*place.names, *place.former)
        ordinary = place.ordinary or all(alias.ordinary for alias in place.names)
        found.append(Subject(key="places", name=place.names[0].text, aliases=aliases, place=place, ordinary=ordinary,
                             forms=forms_of(replace(bare, places=(place,)))))  # fmt: skip
    return found


def find_collisions(sector: Sector, gazetteer: Gazetteer, settlements: Settlements) -> list[Finding]:
    """Whom else the sector's forms could mean, as far as lists tell. The gazetteer holds the sector and all others."""
    found: list[Finding] = []
    for subject in subjects(sector):
        found += _sectors(subject, sector, gazetteer)
        if subject.key != "phrases":
            found += _short(subject)
            if not watches_a_word(subject):
                found += _settlements(subject, sector, settlements)
                found += [] if subject.ordinary else _words(subject)[:1]  # one sign is enough
    found += _starred(sector)
    if sector.context == ANY and any(finding.code == "settlements" for finding in found):
        found.append(_any_context(sector, found))
    return found


def common_by_archive(sector: Sector, seen: Mapping[str, tuple[int, int]]) -> list[Finding]:
    """Names that the stored articles write in small letters, from form -> (occurrences, of them in small letters)."""
    found = []
    for subject in subjects(sector):
        if subject.ordinary or subject.key == "phrases" or watches_a_word(subject):
            continue
        counts = {form: seen[form] for form in subject.current if form in seen}
        often = {
            form: (all_, small)
            for form, (all_, small) in counts.items()
            if small >= SMALL_ENOUGH and small >= OFTEN_SMALL * all_
        }
        if often:
            said = _listed(f"{form} {small} of {all_} times" for form, (all_, small) in often.items())
            found.append(
                Finding(
                    code="small_letters",
                    key=subject.key,
                    name=subject.name,
                    said=f"stands in small letters in stored articles: {said}",
                    advice="it is a common word as well",
                    toml="ordinary = true",
                    sure=True,
                    forms=tuple(often),
                )
            )
    return found


# ------------------------------------------------------------------------------------------------------ other names


def _sectors(subject: Subject, sector: Sector, gazetteer: Gazetteer) -> list[Finding]:
    """Places and names of other sectors that are written the same in some form."""
    mine = {f"@{sector.id}", *(place.id for place in sector.places)}
    own_names = {plain(alias.text) for alias in subject.aliases}
    shared: dict[str, list[str]] = {}
    for form in subject.forms:
        for reading in gazetteer.forms.get(form, ()):
            if reading.target not in mine:
                shared.setdefault(reading.target, []).append(form)
    found = []
    for same in (True, False):
        targets = [target for target, forms in shared.items() if bool(own_names & set(forms)) is same]
        if not targets:
            continue
        forms = list(dict.fromkeys(form for target in targets for form in shared[target]))
        ids = [target for target in targets if target[0] != "@"]
        advice = "the text around them decides; oblasts = [...] and cues = [...] help it to"
        if same and subject.place and ids:
            advice = f"if it is one of these places, give it the same id; if not, {advice}"
        others = _listed(_of(target, gazetteer) for target in targets)
        found.append(
            Finding(
                code="sector",
                key=subject.key,
                name=subject.name,
                said=f"{'is also' if same else 'has forms that are also forms of'} {others}: {_forms(forms)}",
                advice=advice,
                toml=" or ".join(f"id = {quoted(target)}" for target in ids) if same and subject.place else "",
                forms=tuple(forms),
            )
        )
    return found


def _of(target: str, gazetteer: Gazetteer) -> str:
    if target[0] == "@":
        return f"the sector {target[1:]} itself"
    members = gazetteer.places[target]
    place = members[0].place
    lies = f" in {place.oblast} oblast" if place.oblast else ""
    return f"{place.name}{lies} (sector {', '.join(member.sector.id for member in members)})"


def _settlements(subject: Subject, sector: Sector, settlements: Settlements) -> list[Finding]:
    """Settlements of Ukraine of that name, and others that share a form of it."""
    current = subject.place.names if subject.place else subject.aliases
    named = [one for alias in current if (one := settlements.named(alias.text))]
    found = []
    if named:
        most = max(named, key=lambda one: one.count)
        if most.count > max(1, subject.homonyms) or subject.place is None:
            found.append(_namesakes(subject, sector, most))
    if named and {"uk", "ru"} <= {reading.language for readings in subject.forms.values() for reading in readings}:
        found += _languages(subject, current, settlements)
    own = {one.name for one in named}
    others: dict[str, Namesakes] = {}
    forms: list[str] = []
    for form, sharing in settlements.sharing(subject.forms).items():
        strangers = [one for one in sharing if one.name not in own]
        others |= {one.name: one for one in strangers}
        forms += [form] if strangers else []
    if others:
        names = _listed(f"{one.name} ({one.count})" for one in sorted(others.values(), key=lambda one: -one.count))
        found.append(
            Finding(
                code="other_settlements",
                key=subject.key,
                name=subject.name,
                said=f"shares forms with settlements of other names, {names}: {_forms(forms)}",
                advice="nothing to write: the text around them decides, and cues = [...] help it to",
                forms=tuple(forms),
            )
        )
    return found


def _namesakes(subject: Subject, sector: Sector, same: Namesakes) -> Finding:
    many = "1 settlement in Ukraine is" if same.count == 1 else f"{same.count} settlements in Ukraine are"
    where = _listed(f"{oblast} {count}" if count > 1 else oblast for oblast, count in same.oblasts.items())
    said = f"{many} called {same.name}, in {len(same.oblasts)} oblast{'s' * (len(same.oblasts) > 1)}: {where}"
    advice = "say how many there are, so that the bare name weighs less"
    if subject.place is None:
        advice = "if it is that place, list it under places, with homonyms"
    if not sector.oblasts:
        advice += "; say which oblast yours lies in (oblasts = [...], ids as listed here)"
    return Finding(
        code="settlements",
        key=subject.key,
        name=subject.name,
        said=said,
        advice=advice,
        toml=f"homonyms = {same.count}" if subject.place else "",
        sure=subject.place is not None,
    )


def _languages(subject: Subject, current: tuple[Alias, ...], settlements: Settlements) -> list[Finding]:
    """A Ukrainian name that is declined by Russian rules too, for want of a language."""
    unsaid = [alias.text for alias in current if not alias.language and settlements.named(alias.text)]
    if not unsaid:
        return []
    return [
        Finding(
            code="language",
            key=subject.key,
            name=subject.name,
            said="is declined by Ukrainian and by Russian rules, for the file does not say which it is",
            advice="say so, and give the Russian name beside it where there is one",
            toml=f"names = {{ uk = {quoted(unsaid[0])} }}",
            forms=(plain(unsaid[0]),),
        )
    ]


def _starred(sector: Sector) -> list[Finding]:
    """Words with a star, as other lists have them: in a sector file a word's beginning is enough."""
    found = []
    for key in ("cues", "not_words"):
        starred = [word for word in getattr(sector, key) if "*" in word]
        if starred:
            found.append(
                Finding(
                    code="star",
                    key=key,
                    name=key,
                    said=f"has words with a star, which no text holds: {_listed(starred)}",
                    advice="leave the star out: the beginning of a word is enough",
                    toml=f"{key} = [{', '.join(quoted(word.replace('*', '')) for word in getattr(sector, key))}]",
                    whole=True,
                )
            )
    return found


def _any_context(sector: Sector, found: list[Finding]) -> Finding:
    names = dict.fromkeys(finding.name for finding in found if finding.code == "settlements")
    return Finding(
        code="context",
        key="context",
        name=sector.id,
        said=f"counts in news of any kind, and settlements of Ukraine are called {_listed(names)}",
        advice="if only news of the war is wanted, say so for the whole sector",
        toml=f'context = "{WAR}"',
        whole=True,
    )


# ------------------------------------------------------------------------------------------------------------ words


def _words(subject: Subject) -> list[Finding]:
    """Forms that are common words, given names, adjectives or surnames; the surest sign first."""

    def sign(code: str, said: str, advice: str, forms: Iterable[str], *, sure: bool = False) -> Finding:
        return Finding(
            code=code,
            key=subject.key,
            name=subject.name,
            said=said,
            advice=advice,
            toml="ordinary = true",
            sure=sure,
            forms=tuple(forms),
        )

    found = []
    words = {form: common_words()[form] for form in subject.forms if form in common_words()}
    if words:
        said = _listed(f"{form} ({', '.join(languages)})" for form, languages in words.items())
        said = f"has forms that are common words: {said}"
        if subject.current & words.keys():
            advice = "say so: a capital at the start of a sentence then proves nothing"
            found.append(sign("common", said, advice, words, sure=True))
        else:
            found.append(sign("common", said, "write the former name as { text = ..., ordinary = true }", words))
    written = {alias.text: plain(alias.text) for alias in subject.aliases}
    given = [text for text, name in written.items() if is_given_name(name)]
    if given:
        advice = "if people are called so, say so; not_words = [...] keep out what else bears the name"
        found.append(sign("given", f"looks like a given name: {_listed(given)}", advice, map(plain, given)))
    for kind in ("adjective", "surname"):
        like = [text for text, name in written.items() if ends_like(kind, name)]
        if like:
            article = "an" if kind == "adjective" else "a"
            advice = f"if it is {article} {kind} too, say so"
            found.append(sign(kind, f"ends like {article} {kind}: {_listed(like)}", advice, map(plain, like)))
    return found


def _short(subject: Subject) -> list[Finding]:
    short = [alias.text for alias in subject.aliases if is_short(plain(alias.text))]
    if not short:
        return []
    return [
        Finding(
            code="short",
            key=subject.key,
            name=subject.name,
            said=f"is short: {_listed(short)}",
            advice="it is an abbreviation or a word elsewhere too: cues = [...] name what stands beside it, "
            "not_words = [...] what stands beside the others",
            forms=tuple(map(plain, short)),
        )
    ]


def watches_a_word(subject: Subject) -> bool:
    """Whether it is written without a capital in the file: a word is watched, not a name."""
    return subject.key == "names" and subject.name[:1].islower()


# ------------------------------------------------------------------------------------------------------------- said


def _listed(parts: Iterable[str]) -> str:
    listed = list(parts)
    more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    return ", ".join(listed[:_NAMED]) + more


def _forms(forms: Iterable[str]) -> str:
    """Forms with those first that a person recognises: in Cyrillic, and the shortest."""
    return _listed(sorted(forms, key=lambda form: (form.isascii(), len(form), form)))


def quoted(text: str) -> str:
    """Text as TOML writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
