"""What speaks for and against the names and words of a sector's own definition.

A name that an operator gives counts wherever it stands, without any talk of war; so what else the same letters may be
is asked of the text itself: a word that it writes small too, an abbreviation, the first word of a sentence.
"""

from __future__ import annotations

from functools import cache

from extractors.detection.context import Article, Candidate, Part
from extractors.gazetteer import Sector
from extractors.gazetteer.lexicon import common_words
from extractors.text import plain
from sectorwatch.domain import Reason

# Elsewhere a common word that begins a sentence has an article before it.
_NO_ARTICLES = ("uk", "ru", "be", "pl", "cs", "sk")
_SHORT = 5  # letters of an abbreviation with an ending


def own_name(
    article: Article, part: Part, candidate: Candidate, sector: Sector, begins: bool, among_capitals: bool
) -> list[Reason]:
    """The name itself; `begins` a sentence or stands `among_capitals`: there any word has one."""
    reasons = [Reason(code="own_name", weight=0.25, detail=f"a name that {sector.id} is defined by")]
    if candidate.caseless or among_capitals:
        return reasons
    if _abbreviation(candidate, sector):
        detail = f"{candidate.surface} in capitals is an abbreviation"
        reasons.append(Reason(code="ordinary", weight=-0.35, detail=detail))
    elif begins and candidate.capital and _word(article, part, candidate, sector):
        detail = "begins a sentence, and is a common word too"
        reasons.append(Reason(code="ordinary", weight=-0.3, detail=detail))
    return reasons


def _abbreviation(candidate: Candidate, sector: Sector) -> bool:
    """Whether a short name is written in capitals and not defined so: ЧОП is no town."""
    capitals = sum(map(str.isupper, candidate.surface))
    short = capitals > 1 and len(candidate.surface) <= _SHORT
    return short and not any(alias.text.isupper() for alias in sector.names)


def _word(article: Article, part: Part, candidate: Candidate, sector: Sector) -> bool:
    """Whether the text, or its language, has the name as a common word too."""
    if any(alias.text[:1].islower() for alias in sector.names):
        return False
    if f"@{sector.id}" in article.small_names:
        return True
    written = part.norm.text[candidate.hit.start : candidate.hit.end]
    return article.language in _NO_ARTICLES and article.language in common_words().get(written, ())


def words_of(sector: Sector, paragraph: str) -> list[Reason]:
    """The definition's own words for and against, in the normalised paragraph."""
    found = ((sector.cues, "sector_cue", 0.2), (sector.not_words, "not_word", -0.5))
    return [
        Reason(code=code, weight=weight, detail=f'"{word}" nearby')
        for words, code, weight in found
        if (word := next((word for word in words if _begins_a_word(_written(word), paragraph)), None))
    ]


@cache
def _written(word: str) -> str:
    """A word of a definition as it stands in normalised text; a star at its end may be left out."""
    return plain(word.rstrip("*"))


def _begins_a_word(beginning: str, text: str) -> bool:
    at = text.find(beginning)
    while at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_"):
        at = text.find(beginning, at + 1)
    return at >= 0
