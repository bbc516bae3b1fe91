"""What speaks against the names of a new sector before a single text is read: whom else their forms could mean.

Pure: a definition and word lists in, findings with advice out. `sectorwatch sectors check` shows them, and adds what
the stored articles say.
"""

from __future__ import annotations

from collections.abc import Mapping

from extractors.gazetteer import Gazetteer
from extractors.gazetteer.findings import Finding, Subject, listed, quoted, shown, subjects
from extractors.gazetteer.model import ANY, WAR, Alias, Sector
from extractors.gazetteer.ordinary import short_names, words_in
from extractors.gazetteer.places import Namesakes, Settlements
from extractors.text import plain


def find_collisions(sector: Sector, gazetteer: Gazetteer, settlements: Settlements) -> list[Finding]:
    """Whom else the sector's forms could mean, as far as lists tell. The gazetteer holds the sector and all others."""
    found: list[Finding] = []
    everything = subjects(sector)
    sharing = settlements.sharing(form for subject in everything for form in subject.forms)
    for subject in everything:
        found += _sectors(subject, sector, gazetteer)
        if subject.key != "phrases":
            found += short_names(subject)
            if not subject.is_word:
                found += _settlements(subject, sector, settlements, sharing)
                found += [] if subject.ordinary else words_in(subject)[:1]  # one sign is enough
    found += _starred(sector)
    if sector.context == ANY and any(finding.code == "settlements" for finding in found):
        found.append(_any_context(sector, found))
    return found


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
        others = listed(_of(target, gazetteer) for target in targets)
        found.append(
            Finding(
                code="sector",
                key=subject.key,
                name=subject.name,
                said=f"{'is also' if same else 'has forms that are also forms of'} {others}: {shown(forms)}",
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


def _settlements(
    subject: Subject, sector: Sector, settlements: Settlements, sharing: Mapping[str, list[Namesakes]]
) -> list[Finding]:
    """Settlements of Ukraine of that name, and others that share a form of it."""
    current = subject.place.names if subject.place else subject.aliases
    named = [one for alias in current if (one := settlements.named(alias.text))]
    found = []
    if named:
        most = max(named, key=lambda one: one.count)
        if most.count > max(1, subject.homonyms) or subject.place is None:
            found.append(_namesakes(subject, sector, most))
    languages = {code for readings in subject.forms.values() for one in readings for code in one.language.split()}
    if named and {"uk", "ru"} <= languages:
        found += _languages(subject, current, settlements)
    own = {one.name for one in named}
    others: dict[str, Namesakes] = {}
    forms: list[str] = []
    for form in (form for form in subject.forms if form in sharing):
        strangers = [one for one in sharing[form] if one.name not in own]
        others |= {one.name: one for one in strangers}
        forms += [form] if strangers else []
    if others:
        names = listed(f"{one.name} ({one.count})" for one in sorted(others.values(), key=lambda one: -one.count))
        found.append(
            Finding(
                code="other_settlements",
                key=subject.key,
                name=subject.name,
                said=f"shares forms with settlements of other names, {names}: {shown(forms)}",
                advice="nothing to write: the text around them decides, and cues = [...] help it to",
                forms=tuple(forms),
            )
        )
    return found


def _namesakes(subject: Subject, sector: Sector, same: Namesakes) -> Finding:
    many = "1 settlement in Ukraine is" if same.count == 1 else f"{same.count} settlements in Ukraine are"
    where = listed(f"{oblast} {count}" if count > 1 else oblast for oblast, count in same.oblasts.items())
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
                    said=f"has words with a star, which no text holds: {listed(starred)}",
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
        said=f"counts in news of any kind, and settlements of Ukraine are called {listed(names)}",
        advice="if only news of the war is wanted, say so for the whole sector",
        toml=f'context = "{WAR}"',
        whole=True,
    )
