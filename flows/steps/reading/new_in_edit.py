"""What another text of an article brings that it did not say before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from extractors.stories.edits import Earlier, grows, letters
from sectorwatch.domain import ArticleText, Detection, Mention, SectorScore
from storage.alerting.told import decided_on
from storage.reading import articles as article_store
from storage.reading.articles import FoundAt, KnownMention, StoredArticle
from storage.unit_of_work import Work

LIVE_POSTS = 3  # dated ones in a page that grows


def is_live(old: StoredArticle, article: ArticleText) -> bool:
    """Whether a page that does not call itself live is one all the same: dated posts are added to it."""
    return article.posts >= LIVE_POSTS and grows(old.text, article.text)


def added(
    work: Work, old: StoredArticle, found: Detection, known: Sequence[KnownMention]
) -> tuple[list[SectorScore], list[Mention]]:
    """What an edit may have brought: nothing that an older gazetteer missed in a sentence that stood there before, and
    nothing that was decided on, taken out, and put in again."""
    named = {(one.sector, one.place) for one in known}
    asked = [one for one in found.mentions if (one.sector, one.place) not in named]
    stale = set[tuple[str, str]]()
    if asked and old.gazetteer_version != found.gazetteer_version:
        stale |= _all_in(Earlier([f"{old.title}\n{old.text}"]), asked)
    if asked and (back := _all_in(Earlier(article_store.earlier_texts(work, old.id)), asked)):
        decided = decided_on(work, old.id)
        stale |= {(sector, place) for sector, place in back if sector in decided}
    mentions = [one for one in found.mentions if (one.sector, one.place) not in stale]
    sectors = {one.sector for one in mentions}
    return [one for one in found.sectors if one.sector in sectors], mentions


def _all_in(earlier: Earlier, mentions: Sequence[Mention]) -> set[tuple[str, str]]:
    """The sectors and places of which every sentence stood in an earlier text."""
    new = {(one.sector, one.place) for one in mentions if not earlier.has(one.sentence)}
    return {(one.sector, one.place) for one in mentions} - new


def found_before(known: Sequence[KnownMention], *, live: bool) -> FoundAt:
    """When each mention was found: an edit makes none new that its article had; a post of a live blog is new."""
    first: dict[tuple[str, ...], datetime] = {}
    for one in known:
        key = (one.sector, one.place, letters(one.sentence)) if live else (one.sector, one.place)
        first[key] = min(one.found_at, first.get(key, one.found_at))
    if live:
        return lambda mention: first.get((mention.sector, mention.place, letters(mention.sentence)))
    return lambda mention: first.get((mention.sector, mention.place))
