"""Ready-made domain objects for tests: every field has a value, and a test names only those it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from sectorwatch.domain import (
    ArticleText,
    DateQuality,
    Detection,
    Fingerprint,
    Gist,
    Mention,
    ReadArticle,
    Reason,
    Rule,
    Salience,
    Schedule,
    Secret,
    SectorScore,
    Source,
    Subscription,
    TargetKind,
    Zone,
)
from storage.intake import entries, feeds
from storage.intake.entries import NewEntry
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.unit_of_work import Store, Work

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SENTENCE = "Troops held Kupiansk overnight."


def new_entry(number: int = 1, **changes: Any) -> NewEntry:
    """An entry of a feed, told from others by its number."""
    entry = NewEntry(
        guid=f"guid-{number}",
        url=f"https://news{number % 7}.example.org/{number}",
        canonical_url=f"https://news{number % 7}.example.org/{number}",
        title=f"Title {number}",
        summary=f"Summary {number}",
        content=None,
        author="",
        language="en",
        published_at=NOON - timedelta(hours=1),
        date_quality=DateQuality.STATED,
        title_day_key=None,
        content_key=f"key-{number}",
        host=f"news{number % 7}.example.org",
    )
    return replace(entry, **changes)


def mention(sector: str = "kupiansk", **changes: Any) -> Mention:
    """A mention in SENTENCE."""
    start = SENTENCE.index("Kupiansk")
    found = Mention(
        sector=sector,
        place=sector,
        kind="city",
        surface="Kupiansk",
        start=start,
        end=start + len("Kupiansk"),
        zone=Zone.LEAD,
        sentence=SENTENCE,
        sentence_start=0,
        score=0.9,
        reasons=(Reason(code="capital", weight=0.35, detail="capitalised"),),
    )
    return replace(found, **changes)


def read_article(
    text: str = SENTENCE, *, sectors: tuple[str, ...] = ("kupiansk",), bands: tuple[int, ...] = (), method: str = "fast"
) -> ReadArticle:
    """What the sandbox would make of a page with this text."""
    return ReadArticle(
        article=ArticleText(
            title="Title", text=text, language="en", published_at=None, canonical_url=None, method=method
        ),
        detection=Detection(
            language="en",
            sectors=tuple(SectorScore(sector=s, score=0.9, salience=Salience.LEAD, count=1) for s in sectors),
            mentions=tuple(mention(sector) for sector in sectors),
            rejected=(),
            gazetteer_version="test",
        ),
        fingerprint=Fingerprint(
            content_hash=blake2b(text.encode(), digest_size=32).hexdigest(), sketch=bands, bands=bands
        ),
        search_title="title",
        gist=Gist(names={"kpn": "Kupiansk"}, terms=("n:kpn",)),
        search_text=text.casefold(),
    )


def add_feed(store: Store, url: str = "https://news.example.org/rss", *, now: datetime = NOON) -> int:
    """A feed in the store, due at once."""
    with store.write() as work:
        number = feeds.add(
            work,
            url=url,
            title="News",
            language="en",
            source=Source(publisher="News", country="UA"),
            interval=timedelta(minutes=15),
            managed=False,
            now=now,
        )
        work.commit()
    return number


def add_entries(store: Store, feed: int, *numbers: int, baseline: bool = False, now: datetime = NOON) -> None:
    """Entries in the store, due to be read at once."""
    with store.write() as work:
        add_new(work, feed, *map(new_entry, numbers), baseline=baseline, now=now)
        work.commit()


def add_new(work: Work, feed: int, *new: NewEntry, baseline: bool = False, now: datetime) -> None:
    entries.add(work, [entries.Addition(feed_id=feed, entry=one, baseline=baseline, at=now) for one in new])


def add_subscription(
    store: Store,
    *labels: str,
    kind: TargetKind = TargetKind.EMAIL,
    sectors: tuple[str, ...] = (),
    group_wait: timedelta = timedelta(0),
    schedule: Schedule = Schedule(),  # noqa: B008 - frozen
    zone: str = "UTC",
    now: datetime = NOON,
) -> Subscription:
    """The subscription of one subscriber with a target of each label; the address is made of the label."""
    vault = Vault()
    form = "{}@example.org" if kind is TargetKind.EMAIL else "https://{}.example.org"
    with store.write() as work:
        person = subscriptions.put_subscriber(work, name="Desk", zone=zone, language="en", managed=True, now=now)
        ids = [
            subscriptions.put_target(
                work,
                vault,
                subscriber_id=person,
                label=label,
                kind=kind,
                secret=Secret(form.format(label)),
                signing_secret=None,
                now=now,
            )
            for label in labels
        ]
        subscriptions.put_subscription(
            work,
            subscriber_id=person,
            name="default",
            rule=Rule(sectors=sectors),
            target_ids=ids,
            group_wait=group_wait,
            paused=False,
            managed=True,
            now=now,
            schedule=schedule,
        )
        work.commit()
    with store.read() as work:
        (found,) = subscriptions.every(work, vault)
    return found
