"""Which story an article tells: that of a copy, of another rewrite of the same news, or one of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from extractors.stories.fingerprints import same_story
from extractors.stories.likeness import is_likely_akin, likely_event, likely_news, may_be_one_event
from extractors.stories.rewrites import WINDOW, evidence_of, is_akin, may_be_same_news, same_event, same_news
from extractors.stories.signs import WordRarity
from flows.steps.reading.known import Known
from sectorwatch.domain import Context, ReadArticle
from storage.reading import articles as article_store
from storage.reading import stories as story_store
from storage.reading.articles import StoredArticle
from storage.reading.gists import Candidate, Neighbours, Shelf, gist_of_lead, neighbours, term_key
from storage.reading.story_links import link
from storage.unit_of_work import Work

STORY_WINDOW = timedelta(days=7)  # copies come within days; a report of last week with the same template is another

SHORT_WINDOW = timedelta(hours=18)  # of a text too short to have a sketch: "Bombs launched at Kupiansk" is sent daily


@dataclass(frozen=True, kw_only=True)
class Placed:
    """The story that an article belongs to, why, and the earlier stories of the same event in other languages."""

    story_id: int | None  # None: one of its own
    reason: str
    links: tuple[tuple[int, str], ...] = ()  # (story, why)


def place(work: Work, read: ReadArticle, *, at: datetime, publisher: str, now: datetime, known: Known) -> Placed:
    """The story that an article belongs to."""
    near = neighbours(work, read.gist.terms, since=now - WINDOW, shelf=known.gists)
    copied = None if known.has_no_copy(read.fingerprint) else _copied(work, read, at=at, now=now)
    like = copied or _rewritten(work, read, near, at=at, publisher=publisher)
    story, reason = like or (None, "no earlier article is like it")
    return Placed(story_id=story, reason=reason, links=_links(work, read, near, at=at))


def join_story(
    work: Work, old: StoredArticle, read: ReadArticle, *, at: datetime, publisher: str, now: datetime
) -> int:
    """Has an article that is read in full at last join the story that its text tells, if there is one; its story.

    One that has been told, or has others in its story, stays there. In either case it is linked with the stories of the
    same event in other languages.
    """
    near = neighbours(work, read.gist.terms, since=now - WINDOW, shelf=Shelf())
    near = replace(near, candidates=tuple(one for one in near.candidates if one.article_id != old.id))
    like = None
    if story_store.is_alone(work, old.story_id):
        like = _copied(work, read, at=at, now=now, but=old.id) or _rewritten(
            work, read, near, at=at, publisher=publisher
        )
    story, reason = like or (old.story_id, "")
    if story != old.story_id:
        article_store.move(work, old, story_id=story, story_reason=reason, now=now)
    for other, why in _links(work, read, near, at=at):
        link(work, story, other, reason=why, now=now)
    return story


def story_locks(read: ReadArticle) -> list[int]:
    """What two articles that may be one story have in common: to be locked before the story is decided."""
    return [*read.fingerprint.bands, *map(term_key, read.gist.terms)]


def _copied(
    work: Work, read: ReadArticle, *, at: datetime, now: datetime, but: int | None = None
) -> tuple[int, str] | None:
    """The story of an earlier article whose text it has, and how much of it; `but` is the article itself.

    A short text that comes again the next day is a warning of another day, and so is all that is like that one.
    """
    if not same_story(read.fingerprint, read.fingerprint).same:
        return None  # too few words to be known by, or none that were extracted
    past: set[int] = set()
    for earlier in article_store.lookalikes(work, read.fingerprint, since=now - STORY_WINDOW):
        verdict = same_story(read.fingerprint, earlier.fingerprint)
        if not read.fingerprint.sketch and abs(at - earlier.at) > SHORT_WINDOW:
            past.add(earlier.story_id)
        elif verdict.same and earlier.article_id != but and earlier.story_id not in past:
            return earlier.story_id, f"like article {earlier.article_id}: {verdict.reason}"
    return None


def _rewritten(
    work: Work, read: ReadArticle, near: Neighbours, *, at: datetime, publisher: str
) -> tuple[int, str] | None:
    """The story of an earlier article that tells the same in other words, and what they share."""
    candidates = [
        (one, evidence_of(read.gist, one.gist, near.rarity))
        for one in near.candidates
        if one.language == read.detection.language
    ]
    for candidate, evidence in candidates:
        apart = abs(at - candidate.at)
        if not may_be_same_news(read.gist, candidate.gist, evidence=evidence, apart=apart):
            continue
        verdict = same_news(
            read.gist,
            candidate.gist,
            rarity=near.rarity,
            apart=apart,
            one_source=publisher == candidate.publisher,
        )
        if verdict.same and _is_akin(work, read, candidate, near) and not _elsewhere(work, read, candidate.story_id):
            return candidate.story_id, f"tells the news of article {candidate.article_id}: {verdict.reason}"
    return _likely(work, read, candidates, near.rarity, at=at, publisher=publisher)


def _likely(
    work: Work,
    read: ReadArticle,
    candidates: Sequence[tuple[Candidate, float]],
    rarity: Mapping[str, float],
    *,
    at: datetime,
    publisher: str,
) -> tuple[int, str] | None:
    """The story of the article that is likeliest to tell the same, if any likely does."""
    words = WordRarity(read.gist, ((one.story_id, one.gist) for one, _ in candidates))
    judged = [
        (
            likely_news(
                read.gist,
                one.gist,
                story=one.story_id,
                words=words,
                rarity=rarity,
                evidence=evidence,
                apart=abs(at - one.at),
            ),
            one,
        )
        for one, evidence in candidates
        if one.publisher != publisher
    ]
    for likeness, one in sorted((pair for pair in judged if pair[0].same), key=lambda pair: -pair[0].odds):
        lead = gist_of_lead(work, one.story_id)
        akin = (
            lead is None
            or lead.article_id == one.article_id
            or is_likely_akin(
                read.gist, lead.gist, story=one.story_id, words=words, rarity=rarity, apart=abs(at - lead.at)
            )
        )
        if akin and not _elsewhere(work, read, one.story_id):
            return one.story_id, f"tells the news of article {one.article_id}: {likeness.reason}"
    return None


def _is_akin(work: Work, read: ReadArticle, like: Candidate, near: Neighbours) -> bool:
    """Whether an article that is like `like` is also about what that one's story began with."""
    lead = gist_of_lead(work, like.story_id)
    return lead is None or lead.article_id == like.article_id or is_akin(read.gist, lead.gist, rarity=near.rarity)


def _elsewhere(work: Work, read: ReadArticle, story: int) -> bool:
    """Whether an article names other places of sectors than a story does, and no sector as a whole that is the same."""
    if not (mine := _places(read)) or not (its := story_store.named_by(work, story)):
        return False
    if {place for _, place in mine} & {place for _, place in its}:
        return False
    whole = {sector for sector, place in mine | its if sector == place}
    return not whole & {sector for sector, _ in mine} & {sector for sector, _ in its}


def _places(read: ReadArticle) -> set[tuple[str, str]]:
    """The sectors and places that an article names for the front."""
    return {(one.sector, one.place) for one in read.detection.mentions if one.context is Context.FRONT}


def _links(work: Work, read: ReadArticle, near: Neighbours, *, at: datetime) -> tuple[tuple[int, str], ...]:
    """The stories in other languages that tell of one event, and in none but other places of sectors."""
    places = _places(read)
    found: dict[int, str] = {}
    for candidate in near.candidates:
        if candidate.story_id in found or candidate.language in ("", read.detection.language):
            continue
        if not may_be_one_event(read.gist, candidate.gist, rarity=near.rarity):
            continue
        apart = abs(at - candidate.at)
        verdict = same_event(read.gist, candidate.gist, rarity=near.rarity, apart=apart)
        reason = verdict.reason
        if not verdict.same:
            likeness = likely_event(read.gist, candidate.gist, rarity=near.rarity, apart=apart)
            if not likeness.same:
                continue
            reason = likeness.reason
        its = story_store.named_by(work, candidate.story_id) if places else set()
        if shared := ", ".join(sorted({place for _, place in places} & {place for _, place in its})):
            found[candidate.story_id] = f"{reason}; places {shared}; article {candidate.article_id}"
        elif not (places and its):
            found[candidate.story_id] = f"{reason}; article {candidate.article_id}"
    return tuple(found.items())
