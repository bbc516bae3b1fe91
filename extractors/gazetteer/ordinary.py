"""Whether a name is also something else, as far as lists and endings tell: a common word, a person's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from extractors.gazetteer.findings import Finding, Subject, listed, subjects
from extractors.gazetteer.lexicon import common_words, lexicon
from extractors.gazetteer.model import Sector
from extractors.text import plain

OFTEN_SMALL = 0.2  # share of small letters in the archive from which a form is taken for a common word
SMALL_ENOUGH = 3  # occurrences in small letters below which the archive says nothing
SHORT = 4  # letters: names up to so long are abbreviations, and words of other languages

_ENDINGS = {
    "adjective": "[\u0400-\u04ff](?:е|є|ий|ый|ой|ая|яя|ська|цька|зька|ская|цкая)",
    "surname": "[\u0400-\u04ffa-z]{2}(?:(?:ов|ев|єв|ov|ev)[аa]?|енко|чук|[сц]кий|enko|chuk|sk(?:y|i|yi|iy|ij))",
}
_ENDING_IN = {kind: re.compile(f"{endings}$") for kind, endings in _ENDINGS.items()}
_LETTERS = re.compile("[a-z\u0400-\u04ff]")
_GIVEN_ENDING = 3  # letters that a stem in the list of given names may go on for: андр-ій, not андр-іївка


def words_in(subject: Subject) -> list[Finding]:
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
        said = listed(f"{form} ({', '.join(languages)})" for form, languages in words.items())
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
        found.append(sign("given", f"looks like a given name: {listed(given)}", advice, map(plain, given)))
    for kind in ("adjective", "surname"):
        like = [text for text, name in written.items() if ends_like(kind, name)]
        if like:
            article = "an" if kind == "adjective" else "a"
            advice = f"if it is {article} {kind} too, say so"
            found.append(sign(kind, f"ends like {article} {kind}: {listed(like)}", advice, map(plain, like)))
    return found


def short_names(subject: Subject) -> list[Finding]:
    """Names that are too short to stand for themselves."""
    short = [alias.text for alias in subject.aliases if is_short(plain(alias.text))]
    if not short:
        return []
    return [
        Finding(
            code="short",
            key=subject.key,
            name=subject.name,
            said=f"is short: {listed(short)}",
            advice="it is an abbreviation or a word elsewhere too: cues = [...] name what stands beside it, "
            "not_words = [...] what stands beside the others",
            forms=tuple(map(plain, short)),
        )
    ]


def common_by_archive(sector: Sector, seen: Mapping[str, tuple[int, int]]) -> list[Finding]:
    """Names that the stored articles write in small letters, from form -> (occurrences, of them in small letters)."""
    found = []
    for subject in subjects(sector):
        if subject.ordinary or subject.key == "phrases" or subject.is_word:
            continue
        counts = {form: seen[form] for form in subject.current if form in seen}
        often = {
            form: (all_, small)
            for form, (all_, small) in counts.items()
            if small >= SMALL_ENOUGH and small >= OFTEN_SMALL * all_
        }
        if often:
            said = listed(f"{form} {small} of {all_} times" for form, (all_, small) in often.items())
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


def is_given_name(name: str) -> bool:
    """Whether a normalised name of one word is in the lists of given names, in some case, and is no surname."""
    if ends_like("surname", name):
        return False
    for cue in lexicon().scan(name).within("given", 0, len(name)):
        stem = plain(cue.entry.removesuffix("*"))
        if (cue.start, cue.end) == (0, len(name)) and len(name) - len(stem) <= _GIVEN_ENDING:
            return True
    return False


def ends_like(kind: str, name: str) -> bool:
    """Whether a normalised name of one word ends like an "adjective" or a "surname", Slavic ones that is."""
    return " " not in name and bool(_ENDING_IN[kind].search(name))


def is_short(name: str) -> bool:
    """Whether a normalised name in Latin or Cyrillic letters is too short to stand for itself."""
    return bool(_LETTERS.search(name)) and sum(char.isalnum() for char in name) <= SHORT
