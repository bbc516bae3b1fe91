"""What a sector is found by, one name at a time, and what can be said of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from extractors.gazetteer.forms import forms_of
from extractors.gazetteer.model import Alias, Forms, Place, Sector

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
    def is_word(self) -> bool:
        """Whether it is written without a capital in the file: a word is watched, not a name."""
        return self.key == "names" and self.name[:1].islower()

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


def listed(parts: Iterable[str]) -> str:
    """Parts of a sentence, and how many more there are than it can hold."""
    every = list(parts)
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + more


def shown(forms: Iterable[str]) -> str:
    """Forms with those first that a person recognises: in Cyrillic, and the shortest."""
    return listed(sorted(forms, key=lambda form: (form.isascii(), len(form), form)))


def quoted(text: str) -> str:
    """Text as TOML writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
