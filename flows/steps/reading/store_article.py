"""Stores what was read, decides its story and whom to tell: all of it within one transaction.

Nothing is fetched, parsed or detected here. Two workers that hold copies of one text meet at the locks on its
fingerprint's bands, with rewrites of one piece of news at those on its names and numbers, so that one of them sees the
other's story.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from alerts.news import news_of
from extractors.dates import FUTURE_AFTER
from extractors.prefilter import SKIMMED
from extractors.stories.fingerprints import same_story
from flows.steps.alerting.tell_subscribers import Subject, tell
from flows.steps.reading.known import Known, Marks
from flows.steps.reading.new_in_edit import added, found_before, is_live
from flows.steps.reading.story_of import join_story, place, story_locks
from sectorwatch.domain import NO_GUARDS, DateQuality, Entry, Guards, ReadArticle, Source, Subscription
from storage.reading import articles as article_store
from storage.reading import stories as story_store
from storage.reading.articles import NewArticle, StoredArticle
from storage.reading.story_links import link
from storage.unit_of_work import Work
from storage.upkeep import past

FEED_TEXT = "feed"  # the method of an article whose page could not be read
_LESSER = {FEED_TEXT: 0, SKIMMED: 1}  # methods whose text gives way to a fuller one, and never takes its place
_FULL = 2


@dataclass(frozen=True, kw_only=True)
class Filed:
    """What became of an article."""

    article_id: int | None
    created: bool
    changed: bool
    alerts: int = 0  # opened
    folded: int = 0
    suppressed: int = 0
    sectors: tuple[str, ...] = ()  # that are new by it
    live_grew_at: datetime | None = None  # when a live blog last got a post; None: it is none


NOTHING_FILED = Filed(article_id=None, created=False, changed=False)


def file_article(
    work: Work,
    entry: Entry,
    source: Source,
    read: ReadArticle,
    *,
    raw: bytes | None,
    charset: str,
    subscriptions: Sequence[Subscription],
    now: datetime,
    guards: Guards = NO_GUARDS,
    known: Known | None = None,
) -> Filed:
    """Stores the article of an entry, or what is new of it, with every decision that follows. Does not commit.

    What is `known` was asked under the locks on it (`locks`); without, they are taken here.
    """
    if known is None:
        work.lock(*locks(entry, read))
        known = Known()
    new = _new_article(entry, source, read, raw, charset)
    if new.canonical_url not in known.new_addresses and new.canonical_url and past.is_past(work, new.canonical_url):
        new = replace(new, baseline=True)  # it was known once, and told to whom it concerned
    old, new = _stored_before(work, entry, new, known)
    if old is None:
        return _file_new(work, new, subscriptions, now, guards, known)
    work.settle()
    changed = replaces(old, new)
    # What was decided on the feed's few words, or as part of another feed's baseline, is decided anew.
    first_text = _rank(old.method) < _rank(read.article.method)
    same_words = old.feed_id == new.feed_id and old.content_hash == read.fingerprint.content_hash
    no_baseline = old.baseline and not new.baseline and not same_words
    live = old.live or read.article.live or (changed and not first_text and is_live(old, read.article))
    grew_at = (now if changed else old.read_at) if live else None
    if old.refusal and not changed:
        article_store.refused(work, old.id, read.article.refusal)
    if not changed and not no_baseline:
        return Filed(article_id=old.id, created=False, changed=False, live_grew_at=grew_at)
    before = article_store.known_mentions(work, old.id)
    told = story_store.named_by(work, old.story_id)
    was_skimmed = old.method == SKIMMED
    if first_text and changed:  # its copies and rewrites can be told only now
        old = replace(old, story_id=join_story(work, old, read, at=new.at, publisher=source.publisher, now=now))
        told = story_store.named_by(work, old.story_id)
    found = read.detection
    as_edit = not first_text and not no_baseline
    if as_edit or was_skimmed:
        decided = {(one.sector, one.place) for one in before if one.front}
        news = news_of(*added(work, old, found, before), decided=decided, told=told if as_edit else set())
    else:
        news = news_of(found.sectors, found.mentions)
    if changed:
        new = replace(new, read=replace(read, article=replace(read.article, live=live)))
        article_store.replace(work, old, new, now=now, found_at=found_before(before, live=live))
    if no_baseline:
        article_store.end_baseline(work, old.id)
    subject = _subject(new, old.id, old.story_id)
    if live and (as_edit or was_skimmed):  # a post is news of its own time, whenever its page began
        subject = replace(subject, first_seen_at=now, published_at=now, baseline=False, is_edit=True)
    elif as_edit:
        subject = replace(subject, first_seen_at=old.first_seen_at, is_edit=True)
    counts = tell(work, subject, news, subscriptions, now, guards)
    sectors = tuple(one.sector.sector for one in news)
    return Filed(article_id=old.id, created=False, changed=True, sectors=sectors, live_grew_at=grew_at, **counts)


def _stored_before(work: Work, entry: Entry, new: NewArticle, known: Known) -> tuple[StoredArticle | None, NewArticle]:
    """The article as it was stored before, if it was; and the new one, under the address that it keeps.

    Pages that redirect to a front or consent page end at one address: only the same text there is the same article.
    """
    if entry.article_id is not None and (own := article_store.get(work, entry.article_id)) is not None:
        return own, new
    if new.canonical_url is None or new.canonical_url in known.new_addresses:
        return None, new
    found = article_store.find(work, new.canonical_url)
    elsewhere = new.canonical_url != entry.canonical_url
    if found is not None and elsewhere and found.content_hash != new.read.fingerprint.content_hash:
        new = replace(new, canonical_url=entry.canonical_url)
        found = article_store.find(work, entry.canonical_url) if entry.canonical_url else None
    return found, new


def replaces(old: StoredArticle, new: NewArticle) -> bool:
    """Whether a new text takes the place of the old: a page that fails now never replaces what was read of it."""
    article, before, after = new.read.article, _rank(old.method), _rank(new.read.article.method)
    if after < before or (article.refusal and not old.refusal and before == _FULL):
        return False
    if article.refusal and old.refusal and new.feed_id != old.feed_id:
        return len(article.text) > len(old.text)  # of two feeds that stand in for one page, the one that says more
    same_text = old.content_hash == new.read.fingerprint.content_hash
    read_at_last = before < after or (bool(old.refusal) and not article.refusal)
    return not same_text or old.title != article.title or read_at_last


def _rank(method: str) -> int:
    return _LESSER.get(method, _FULL)


def _file_new(
    work: Work, new: NewArticle, subscriptions: Sequence[Subscription], now: datetime, guards: Guards, known: Known
) -> Filed:
    placed = place(work, new.read, at=new.at, publisher=new.source.publisher, now=now, known=known)
    if not new.baseline and new.read.fingerprint.content_hash not in known.new_texts and _listed_at_first(work, new):
        new = replace(new, baseline=True)
    if (story := placed.story_id) is None:
        article, story = article_store.add_alone(work, new, story_reason=placed.reason, now=now, gists=known.gists)
    else:
        article = article_store.add(work, new, story_id=story, story_reason=placed.reason, now=now, gists=known.gists)
    for other, why in placed.links:
        link(work, story, other, reason=why, now=now)
    found = new.read.detection
    news = news_of(found.sectors, found.mentions)
    counts = tell(work, _subject(new, article, story), news, subscriptions, now, guards)
    return Filed(
        article_id=article,
        created=True,
        changed=False,
        sectors=tuple(one.sector for one in found.sectors),
        live_grew_at=now if new.read.article.live else None,
        **counts,
    )


def _listed_at_first(work: Work, new: NewArticle) -> bool:
    """Whether the feed's first poll brought this very text: a site that was rebuilt gives all it has new names."""
    text = new.read.fingerprint
    return same_story(text, text).same and article_store.in_baseline(work, new.feed_id, text.content_hash)


def _subject(new: NewArticle, article: int, story: int) -> Subject:
    return Subject(
        article_id=article,
        story_id=story,
        language=new.read.detection.language,
        publisher=new.source.publisher,
        side=new.source.side,
        published_at=new.published_at,
        first_seen_at=new.first_seen_at,
        baseline=new.baseline,
        feed_id=new.feed_id,
    )


def _new_article(entry: Entry, source: Source, read: ReadArticle, raw: bytes | None, charset: str) -> NewArticle:
    published, quality = entry.published_at, entry.date_quality
    if published is None and read.article.published_at is not None:
        published, quality = read.article.published_at, DateQuality.STATED
        if published > entry.first_seen_at + FUTURE_AFTER:
            quality = DateQuality.FUTURE
    return NewArticle(
        canonical_url=read.article.canonical_url or entry.canonical_url,
        url=entry.url,
        feed_id=entry.feed_id,
        source=source,
        published_at=published,
        date_quality=quality,
        first_seen_at=entry.first_seen_at,
        baseline=entry.baseline,
        read=read,
        raw=raw,
        charset=charset,
    )


def marks_of(entry: Entry, read: ReadArticle) -> Marks:
    """What an earlier article may have in common with this one, so that it is the same or a copy."""
    return Marks(
        addresses=frozenset(filter(None, (read.article.canonical_url, entry.canonical_url))),
        text=read.fingerprint.content_hash,
        bands=frozenset(read.fingerprint.bands),
    )


def locks(entry: Entry, read: ReadArticle) -> list[int]:
    """The keys by which workers that hold the same or alike articles wait for each other."""
    marks = marks_of(entry, read)
    names = {name for name in (*marks.addresses, marks.text) if name}
    digests = (blake2b(name.encode(), digest_size=8).digest() for name in names)
    return [*story_locks(read), *(int.from_bytes(digest, "big", signed=True) for digest in digests)]
