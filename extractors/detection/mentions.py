"""Which watched sectors a text talks about: candidates found, scored, resolved, explained."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date as Date

from extractors.detection.context import Article, Candidate, Part, read_part
from extractors.detection.phrases import find_phrases
from extractors.detection.scoring import ACCEPT, Verdict, judge_all
from extractors.detection.senses import settle
from extractors.gazetteer import Gazetteer, sectors_of
from extractors.languages import told
from sectorwatch.domain import Context, Detection, Mention, Rejected, Salience, SectorScore, Zone

LEAD = 400
"""Characters of the text that count as its lead, where its first paragraph is shorter or longer than that."""

SHORT = 120
"""Characters below which the language of a text may be a guess: where it is, it is read with the cue words of all."""

_ORDER = tuple(Salience)


def detect(
    text: str, *, title: str = "", gazetteer: Gazetteer, language: str = "", date: Date | None = None
) -> Detection:
    """Mentions of the gazetteer's sectors in a title and text, with every candidate that was turned down.

    Offsets are code points of `title` (zone title) or `text`. `language` is guessed where it is not given. `date`, the
    day the text was published, marks names that had been replaced by then.
    """
    sure = bool(language) or len(title) + len(text) >= SHORT
    if not language:
        language, beyond_doubt = told(f"{title}\n{text}")
        sure = sure or beyond_doubt
    words = language if sure else ""
    headline = read_part(title, gazetteer, language, words=words, headline=True)
    body = read_part(text, gazetteer, language, words=words)
    mentions: list[Mention] = []
    rejected: list[Rejected] = []
    if headline.candidates or body.candidates:
        for part in (headline, body):
            find_phrases(part)
        article = Article(headline, body, gazetteer, language, date)
        lead_end = _lead_end(text)
        for part, index, verdict in settle(judge_all(article), gazetteer.places):
            candidate = part.candidates[index]
            zone = Zone.TITLE if part is headline else Zone.LEAD if candidate.start < lead_end else Zone.BODY
            if verdict.raw >= ACCEPT:
                mentions.append(_mention(part, candidate, verdict, zone))
            else:
                rejected.append(_rejected(candidate, verdict, zone, gazetteer))
    return Detection(
        language=language,
        sectors=tuple(sector_scores(mentions)),
        mentions=tuple(mentions),
        rejected=tuple(rejected),
        gazetteer_version=gazetteer.version,
    )


def _lead_end(text: str) -> int:
    """Where the lead ends: with the first paragraph that brings it to LEAD characters, never far beyond."""
    newline = text.find("\n", LEAD, 2 * LEAD)
    return newline if newline >= 0 else min(len(text), LEAD)


def _mention(part: Part, candidate: Candidate, verdict: Verdict, zone: Zone) -> Mention:
    original = part.norm.original
    first, last = part.sentence(candidate)
    return Mention(
        sector=verdict.sector,
        place=verdict.target,
        kind=verdict.kind,
        surface=candidate.surface,
        start=candidate.start,
        end=candidate.end,
        zone=zone,
        sentence=original[first:last],
        sentence_start=first,
        context=verdict.context,
        score=verdict.score,
        reasons=verdict.reasons,
    )


def _rejected(candidate: Candidate, verdict: Verdict, zone: Zone, gazetteer: Gazetteer) -> Rejected:
    sectors = (sector for reading in candidate.readings for sector in sectors_of(reading, gazetteer.places))
    return Rejected(
        surface=candidate.surface,
        start=candidate.start,
        end=candidate.end,
        zone=zone,
        sectors=tuple(dict.fromkeys((verdict.sector, *sectors))),
        score=verdict.score,
        reasons=verdict.reasons,
    )


def sector_scores(mentions: Iterable[Mention]) -> list[SectorScore]:
    """What they say of each sector, the best first."""
    grouped: dict[str, list[Mention]] = {}
    for mention in mentions:
        grouped.setdefault(mention.sector, []).append(mention)
    return best_first(_sector_score(sector, found) for sector, found in grouped.items())


def best_first(scores: Iterable[SectorScore]) -> list[SectorScore]:
    """By score, then by how prominently and how often each is named."""
    return sorted(scores, key=lambda entry: (-entry.score, _ORDER.index(entry.salience), -entry.count, entry.sector))


def _sector_score(sector: str, found: list[Mention]) -> SectorScore:
    """Of a sector that is named for the front, what is said of its peaceful life counts for nothing but the count."""
    front = [mention for mention in found if mention.context is Context.FRONT]
    telling = front or found
    return SectorScore(
        sector=sector,
        score=max(mention.score for mention in telling),
        salience=min((mention.zone.salience for mention in telling), key=_ORDER.index),
        context=Context.FRONT if front else Context.PLACE,
        count=len(found),
    )
