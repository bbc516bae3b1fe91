"""Entries: what feeds list, and how far it has been read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
    Integer,
    RowMapping,
    Select,
    bindparam,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from sectorwatch.domain import DateQuality, Entry, ReadState, Validators
from sectorwatch.errors import Refusal
from storage.leases import claim, free
from storage.tables import articles, entries, feeds
from storage.unit_of_work import Work

Moment = datetime | BindParameter[datetime]

_CHUNK = 500  # values in one IN list or INSERT
_LOOKED_AT = (1_000, 20_000)  # unread entries that one claim looks at, the second where the first give too few


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is remembered of an entry, to tell new, changed and known apart."""

    id: int
    guid: str
    canonical_url: str | None
    title: str
    published_at: datetime | None
    content_key: str
    title_day_key: str | None
    first_seen_at: datetime
    article_id: int | None
    updated_at: datetime | None = None
    last_tried_at: datetime | None = None
    read_state: str = ReadState.WAITING.value


@dataclass(frozen=True, kw_only=True)
class NewEntry:
    """An entry to be added."""

    guid: str
    url: str | None
    canonical_url: str | None
    title: str
    summary: str
    content: str | None
    author: str
    language: str
    published_at: datetime | None
    date_quality: DateQuality
    title_day_key: str | None
    content_key: str
    host: str
    image_url: str = ""
    article_id: int | None = None  # already stored under another guid: not read again
    updated_at: datetime | None = None  # the last time that the feed states for it


@dataclass(frozen=True, kw_only=True)
class Addition:
    """An entry to be added to its feed."""

    feed_id: int
    entry: NewEntry
    baseline: bool  # see Entry
    at: datetime  # of the poll that listed it


def entry_of(row: RowMapping) -> Entry:
    return Entry(
        id=row["id"],
        feed_id=row["feed_id"],
        guid=row["guid"],
        url=row["url"],
        canonical_url=row["canonical_url"],
        title=row["title"],
        summary=row["summary"],
        content=row["content"],
        language=row["language"],
        published_at=row["published_at"],
        date_quality=DateQuality(row["date_quality"]),
        first_seen_at=row["first_seen_at"],
        baseline=row["baseline"],
        host=row["host"],
        read_state=ReadState(row["read_state"]),
        read_attempts=row["read_attempts"],
        article_id=row["article_id"],
        refusal=Refusal(row["refusal"]) if row["refusal"] else None,
        hold_until=row["read_hold_until"],
        page_validators=Validators(etag=row["page_etag"], last_modified=row["page_last_modified"]),
        updated_at=row["updated_at"],
        author=row["author"],
        image_url=row["image_url"],
    )


# Asked of every feed that changed, so written once: making a statement costs more than carrying it out.
_KNOWN = [entries.c[name] for name in Known.__dataclass_fields__]


def _bearing(one: Column[Any], other: Column[Any]) -> CompoundSelect[Any]:
    """The entries of a feed by the values of two columns, each by its index, in one statement."""
    asked = ((one, "these"), (other, "those"))
    return union_all(
        *(
            select(*_KNOWN).where(entries.c.feed_id == bindparam("feed"), column.in_(bindparam(name, expanding=True)))
            for column, name in asked
        )
    )


_BY_KEY = _bearing(entries.c.guid, entries.c.canonical_url)
_BY_WORDS = _bearing(entries.c.title_day_key, entries.c.content_key)
_ADD = insert(entries).returning(entries.c.feed_id, entries.c.guid, entries.c.id)
_BROUGHT = (
    update(feeds)
    .where(feeds.c.id == bindparam("feed"))
    .values(entries=feeds.c.entries + bindparam("more", type_=Integer))
)
_SEEN = (
    update(entries)
    .where(entries.c.id.in_(bindparam("listed", expanding=True)), entries.c.last_seen_at < bindparam("before"))
    .values(last_seen_at=bindparam("now", type_=entries.c.last_seen_at.type))
)


def known(work: Work, feed_id: int, *, guids: Sequence[str], canonical_urls: Sequence[str]) -> list[Known]:
    """The entries of a feed that bear one of these guids, or canonical addresses."""
    return _found(work, _BY_KEY, feed_id, guids, canonical_urls)


def alike(work: Work, feed_id: int, *, title_day_keys: Sequence[str], content_keys: Sequence[str]) -> list[Known]:
    """The entries of a feed that bear one of these titles of a day, or texts."""
    return _found(work, _BY_WORDS, feed_id, title_day_keys, content_keys)


def _found(
    work: Work, statement: CompoundSelect[Any], feed_id: int, these: Sequence[str], those: Sequence[str]
) -> list[Known]:
    found: dict[int, Known] = {}
    for start in range(0, max(len(these), len(those)), _CHUNK):
        part = slice(start, start + _CHUNK)
        for row in work.connection.execute(statement, {"feed": feed_id, "these": these[part], "those": those[part]}):
            found[row[0]] = Known(**dict(zip(Known.__dataclass_fields__, row, strict=True)))
    return list(found.values())


def add(work: Work, new: Iterable[Addition]) -> dict[tuple[int, str], int]:
    """Adds entries, due to be read at once; returns their ids by feed and guid."""
    rows: list[dict[str, Any]] = []
    for one in new:
        entry, read = one.entry, one.entry.article_id is not None
        row = {name: getattr(entry, name) for name in NewEntry.__dataclass_fields__}
        row |= {"feed_id": one.feed_id, "date_quality": entry.date_quality.value, "baseline": one.baseline}
        row |= {"first_seen_at": one.at, "last_seen_at": one.at}
        row |= {"read_state": (ReadState.READ if read else ReadState.WAITING).value}
        row |= {"read_due_at": None if read else one.at}
        rows.append(row)
    added: dict[tuple[int, str], int] = {}
    for start in range(0, len(rows), _CHUNK):
        for feed_id, guid, number in work.connection.execute(_ADD, rows[start : start + _CHUNK]):
            added[feed_id, guid] = number
    for feed_id, count in sorted(Counter(feed_id for feed_id, _ in added).items()):
        work.connection.execute(_BROUGHT, {"feed": feed_id, "more": count})
    return added


def rename(work: Work, entry_id: int, guid: str) -> None:
    """The feed lists the entry under another guid from now on."""
    work.connection.execute(update(entries).where(entries.c.id == entry_id).values(guid=guid))


def seen(work: Work, ids: Sequence[int], *, now: datetime) -> None:
    """Remembers that feeds still list these entries (to the hour: most polls change nothing)."""
    for start in range(0, len(ids), _CHUNK):
        one = {"listed": ids[start : start + _CHUNK], "before": now - timedelta(hours=1), "now": now}
        work.connection.execute(_SEEN, one)


def change(work: Work, old: Known, new: NewEntry, *, now: datetime, reread_at: datetime | None) -> None:
    """Takes over what the feed says now of a known entry; its page is due again at `reread_at`.

    What is known of a page that refuses stays, so that it is not asked more often for it.
    """
    values: dict[str, Any] = {"title": new.title, "summary": new.summary, "content": new.content}
    values |= {"content_key": new.content_key, "last_seen_at": now, "title_day_key": new.title_day_key}
    values |= {"author": new.author, "image_url": new.image_url}
    values |= {"url": new.url, "canonical_url": new.canonical_url, "host": new.host, "updated_at": new.updated_at}
    moved = new.canonical_url != old.canonical_url
    if moved:
        values |= {"page_etag": None, "page_last_modified": None, "read_hold_until": None}
    if reread_at is not None:
        values |= {"lease_token": None, "lease_until": None}  # whoever reads the old page now must not finish it
        values |= {"read_due_at": reread_at, "read_state": ReadState.WAITING.value}
        if moved or old.read_state == ReadState.READ.value:
            values |= {"read_attempts": 0, "refusal": ""}
    work.connection.execute(update(entries).where(entries.c.id == old.id).values(**values))


def claim_unread(
    work: Work,
    *,
    now: datetime,
    limit: int,
    per_host: int,
    lease: timedelta,
    avoid_hosts: Collection[str] = (),
    retry_before: datetime | None = None,
) -> tuple[str, list[Entry]]:
    """Entries whose page is due, at most `per_host` of one host, leased; and the token that holds them.

    With `retry_before`, pages that failed and wait for a later try are due at once if they were last tried before then,
    unless the server asked to stay away longer, or the page refused.
    """
    asked = {"now": now, "before": retry_before, "hosts": list(avoid_hosts), "per_host": per_host, "limit": limit}
    wanted = _fairly(retried=retry_before is not None, avoiding=bool(avoid_hosts))
    for looked_at in _LOOKED_AT:
        chosen = work.connection.execute(wanted, asked | {"looked_at": looked_at}).scalars().all()
        if len(chosen) == limit:
            break
    taken = select(entries.c.id).where(entries.c.id.in_(chosen), free(entries, now))
    token = claim(work, entries, taken, now=now, lease=lease, last_tried_at=now)
    rows = work.connection.execute(select(entries).where(entries.c.lease_token == token)).mappings()
    return token, [entry_of(row) for row in rows]


@cache
def _fairly(*, retried: bool, avoiding: bool) -> Select[tuple[int]]:
    """Of some entries that are ready, each host's first ones before any second: a host holds up nobody."""
    ready = _ready(bindparam("now"), bindparam("before") if retried else None)
    if avoiding:
        ready &= entries.c.host.not_in(bindparam("hosts", expanding=True))
    first = (
        select(entries.c.id, entries.c.host)
        .where(ready)
        .order_by(entries.c.read_due_at, entries.c.id)
        .limit(bindparam("looked_at", type_=Integer))
        .subquery()
    )
    turn = func.row_number().over(partition_by=first.c.host, order_by=first.c.id).label("turn")
    ranked = select(first.c.id, turn).subquery()
    among = select(ranked.c.id).where(ranked.c.turn <= bindparam("per_host"))
    return among.order_by(ranked.c.turn, ranked.c.id).limit(bindparam("limit", type_=Integer))


def is_any_unread(work: Work, *, now: datetime, retry_before: datetime | None = None) -> bool:
    """Whether `claim_unread` would find anything."""
    return work.connection.execute(select(entries.c.id).where(_ready(now, retry_before)).limit(1)).first() is not None


def _ready(now: Moment, retry_before: Moment | None) -> ColumnElement[bool]:
    due = entries.c.read_due_at <= now
    if retry_before is not None:
        waiting = (entries.c.read_state == ReadState.RETRY.value) & (entries.c.last_tried_at < retry_before)
        awake = or_(entries.c.read_hold_until.is_(None), entries.c.read_hold_until <= now)
        due = or_(due, entries.c.read_due_at.is_not(None) & waiting & awake)
    return due & free(entries, now)


@dataclass(frozen=True, kw_only=True)
class ReadEnd:
    """How far an entry has been read, by who held it."""

    entry_id: int
    token: str
    state: ReadState
    article_id: int | None  # None: what it was before
    due_at: datetime | None
    hold_until: datetime | None = None
    attempts: int
    note: str = ""
    refusal: Refusal | None = None
    validators: Validators | None = None  # of a page that was read; None: those before


_FINISH = update(entries).where(entries.c.id == bindparam("entry"), entries.c.lease_token == bindparam("token"))


def finish_read(work: Work, *ends: ReadEnd) -> int:
    """Records how far entries have been read; of how many: a lease may have passed to somebody else."""
    rows = defaultdict[frozenset[str], list[dict[str, Any]]](list)
    for end in ends:
        values = _finished(end)
        rows[frozenset(values)].append(values)
    return sum(work.connection.execute(_FINISH, alike).rowcount for alike in rows.values())


def _finished(end: ReadEnd) -> dict[str, Any]:
    values: dict[str, Any] = {"entry": end.entry_id, "token": end.token, "lease_token": None, "lease_until": None}
    values |= {"read_state": end.state.value, "read_due_at": end.due_at, "read_hold_until": end.hold_until}
    values |= {"read_attempts": end.attempts, "read_note": end.note, "refusal": end.refusal or ""}
    if end.validators is not None:
        values |= {"page_etag": end.validators.etag, "page_last_modified": end.validators.last_modified}
    return values if end.article_id is None else values | {"article_id": end.article_id}


def of_articles(work: Work, ids: Collection[int]) -> dict[int, Entry]:
    """The entry that led to each of these articles: one of the feed that it is stored for, else the first."""
    wanted = select(entries, (entries.c.feed_id == articles.c.feed_id).label("own")).join(
        articles, articles.c.id == entries.c.article_id
    )
    rows = work.connection.execute(wanted.where(entries.c.article_id.in_(ids)).order_by(entries.c.id.desc()))
    found: dict[int, tuple[bool, Entry]] = {}
    for row in rows.mappings():
        article, own = row["article_id"], bool(row["own"])
        if own or not found.get(article, (False, None))[0]:
            found[article] = (own, entry_of(row))
    return {article: entry for article, (_, entry) in found.items()}


_HELD = select(entries.c.id, entries.c.lease_token).where(entries.c.id.in_(bindparam("ids", expanding=True)))


def held(work: Work, tokens: Mapping[int, str]) -> set[int]:
    """Those of the entries, given by number, that their tokens still hold."""
    holders = work.connection.execute(_HELD, {"ids": list(tokens)}).tuples()
    return {entry for entry, token in holders if token == tokens[entry]}


def release(work: Work, token: str) -> None:
    """Gives back what a batch did not get to."""
    work.connection.execute(
        update(entries).where(entries.c.lease_token == token).values(lease_token=None, lease_until=None)
    )


def unread(work: Work) -> dict[ReadState, int]:
    """How many entries wait to be read, by state."""
    wanted = (
        select(entries.c.read_state, func.count())
        .where(entries.c.read_due_at.is_not(None))
        .group_by(entries.c.read_state)
    )
    return {ReadState(state): count for state, count in work.connection.execute(wanted)}
