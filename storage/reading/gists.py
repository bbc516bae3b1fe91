"""What lately stored articles are about, and which of them share rare names and numbers with a new one.

Gists are kept for the few days in which a rewrite may come, and of each name or number only the latest articles are
read: a new article costs the same in any archive. How common a name is, is told from how closely the latest articles
with it follow one another. A gist is never changed, and its number given to no other: what was read of it, stays true.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from hashlib import blake2b
from math import log
from typing import Any

from sqlalchemy import TextClause, bindparam, case, func, insert, select, text

from sectorwatch.domain import Gist
from storage.reading.stories import LEAD, LED_BY
from storage.tables import articles, gist_terms, gists
from storage.tables.columns import Id
from storage.unit_of_work import OfMany, Work

READ_OF_A_TERM = 32  # articles, the latest: more of them make a name no rarer
MOST_CANDIDATES = 24
MOST_OF_A_STORY = 2  # so that one story's copies do not hide another
_FEWEST_ARTICLES = 200  # taken for the size of the window of a young store, in which nothing would be rare

# Asked of every article, so written once: making a statement costs more than carrying it out.
_FIRST = select(gists.c.id).where(gists.c.seen_at >= bindparam("since")).order_by(gists.c.seen_at).limit(1)
_SPAN = select(_FIRST.scalar_subquery(), func.max(gists.c.id))
_THESE = OfMany(lambda number: select(gists).where(gists.c.id.in_(select(number))))
_OF_LEAD = select(gists).where(gists.c.article_id == LEAD)
_OF = select(
    articles.c.story_id,
    articles.c.language,
    articles.c.publisher,
    case(
        (articles.c.published_at < articles.c.first_seen_at, articles.c.published_at), else_=articles.c.first_seen_at
    ).label("at"),
).where(articles.c.id == bindparam("article"))
_KEEP = insert(gists).returning(gists.c.id)
_KEEP_TERMS = OfMany(
    lambda term: insert(gist_terms).from_select(
        ["term", "gist_id", "story_id"], select(term, bindparam("gist", type_=Id), bindparam("story", type_=Id))
    )
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An earlier article that shares names or numbers with a new one."""

    article_id: int
    story_id: int
    language: str
    publisher: str
    at: datetime  # when it was published, as far as that is known
    gist: Gist


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """What the store holds near a new article."""

    candidates: tuple[Candidate, ...]  # the likeliest first
    rarity: Mapping[str, float]  # of the terms asked for: 1 for one that no other story has, 0 for one that all have


NO_NEIGHBOURS = Neighbours(candidates=(), rarity={})


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where and when an article appeared, and the story that it belongs to."""

    story_id: int
    language: str
    publisher: str
    at: datetime


class Shelf:
    """Gists that were kept or read, by number: the latest are candidates for nearly each new article.

    To be emptied where a unit of work is undone: the numbers that it gave may be given again.
    """

    def __init__(self, most: int = 512) -> None:
        self._most = most
        self._kept: dict[int, Candidate] = {}

    def get(self, gist_id: int) -> Candidate | None:
        """What was read of a gist, if it is still here; it stays for longer by it."""
        if (found := self._kept.pop(gist_id, None)) is not None:
            self._kept[gist_id] = found
        return found

    def put(self, gist_id: int, found: Candidate) -> None:
        """Keeps it in place of the one that was asked for longest ago."""
        self._kept[gist_id] = found
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]

    def clear(self) -> None:
        """Forgets all of them."""
        self._kept.clear()


@lru_cache(maxsize=1 << 12)
def term_key(term: str) -> int:
    """The signed 64-bit number that a term is kept and locked by."""
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def neighbours(work: Work, terms: Sequence[str], *, since: datetime, shelf: Shelf) -> Neighbours:
    """The articles stored since then that share some of these terms, and how rare each of these is."""
    if not terms:
        return NO_NEIGHBOURS
    low, high = work.connection.execute(_SPAN, {"since": since}).one()
    if low is None:
        return Neighbours(candidates=(), rarity=dict.fromkeys(terms, 1.0))
    asked = {f"t{number}": term_key(term) for number, term in enumerate(terms)}
    rows = work.connection.execute(_lookup(len(terms)), {**asked, "low": low, "most": READ_OF_A_TERM}).all()
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, gist, story in rows:
        found[number].append((gist, story))
    span = max(high - low + 1, _FEWEST_ARTICLES)
    rarity = {term: _rarity(found[number], high, span) for number, term in enumerate(terms)}
    shared: dict[tuple[int, int], float] = defaultdict(float)
    for number, term in enumerate(terms):
        for pair in found[number]:
            shared[pair] += rarity[term]
    return Neighbours(candidates=_candidates(work, _likeliest(shared), shelf), rarity=rarity)


def gist_of_lead(work: Work, story_id: int) -> Candidate | None:
    """The gist of a story's lead article; None where it is no longer kept."""
    work.settle(LED_BY)
    row = work.connection.execute(_OF_LEAD, {"story": story_id}).mappings().first()
    return None if row is None else _candidate(dict(row))


def keep(
    work: Work,
    article_id: int,
    gist: Gist,
    *,
    now: datetime,
    origin: Origin | None = None,
    shelf: Shelf | None = None,
) -> None:
    """Stores the gist of a stored article, of which none may be kept yet; its `origin` spares looking it up."""
    if origin is None:
        origin = Origin(**work.connection.execute(_OF, {"article": article_id}).mappings().one())
    row: dict[str, Any] = {
        "story_id": origin.story_id,
        "language": origin.language,
        "publisher": origin.publisher,
        "at": origin.at,
        "article_id": article_id,
        "seen_at": now,
        "names": " ".join(gist.names),
        "perhaps": " ".join(gist.perhaps),
        "numbers": " ".join(sorted(gist.numbers | gist.counts)),
        "days": " ".join(sorted(gist.days)),
        "words": struct.pack(f"<{len(gist.words)}H", *sorted(gist.words)),
    }
    made = work.connection.execute(_KEEP, row).scalar_one()
    if shelf is not None:
        shelf.put(made, _candidate(row))
    if keys := {term_key(term) for term in gist.terms}:
        of = {"gist": made, "story": origin.story_id}
        work.connection.execute(_KEEP_TERMS.on(work), of | OfMany.numbers(work, sorted(keys)))


@cache
def _lookup(terms: int) -> TextClause:
    """The latest articles of each of so many terms; a statement for each count, so that databases know it again."""
    parts = (
        f"SELECT * FROM (SELECT {number} AS number, gist_id, story_id FROM gist_terms"  # noqa: S608 - numbers alone
        f" WHERE term = :t{number} AND gist_id >= :low ORDER BY gist_id DESC LIMIT :most) AS found{number}"
        for number in range(terms)
    )
    return text(" UNION ALL ".join(parts))


def _rarity(found: Sequence[tuple[int, int]], newest: int, span: int) -> float:
    """From 1, where no second story has a term, to 0, where every one has it."""
    stories = len({story for _, story in found})
    if len(found) == READ_OF_A_TERM:  # there are more: as many again for each stretch of articles as long
        stories = int(stories * span / (newest - found[-1][0] + 1))
    return max(0.0, log(span / max(stories, 1)) / log(span))


def _likeliest(shared: Mapping[tuple[int, int], float]) -> list[int]:
    """The gists that share most, of each story a few."""
    taken: dict[int, int] = defaultdict(int)
    chosen: list[int] = []
    for gist, story in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        taken[story] += 1
        if taken[story] <= MOST_OF_A_STORY:
            chosen.append(gist)
        if len(chosen) == MOST_CANDIDATES:
            break
    return chosen


def _candidates(work: Work, ids: Sequence[int], shelf: Shelf) -> tuple[Candidate, ...]:
    """The gists of these numbers, as far as they are kept."""
    known = {gist: shelf.get(gist) for gist in ids}
    if missing := [gist for gist, found in known.items() if found is None]:
        for row in work.connection.execute(_THESE.on(work), OfMany.numbers(work, missing)).mappings():
            known[row["id"]] = found = _candidate(dict(row))
            shelf.put(row["id"], found)
    return tuple(found for found in known.values() if found is not None)


def _candidate(row: Mapping[str, Any]) -> Candidate:
    figures = row["numbers"].split()
    return Candidate(
        article_id=row["article_id"],
        story_id=row["story_id"],
        language=row["language"],
        publisher=row["publisher"],
        at=row["at"],
        gist=Gist(
            names=_themselves(row["names"]),
            perhaps=_themselves(row["perhaps"]),
            numbers=frozenset(number for number in figures if "=" not in number),
            counts=frozenset(number for number in figures if "=" in number),
            days=frozenset(row["days"].split()),
            words=frozenset(struct.unpack(f"<{len(row['words']) // 2}H", row["words"])),
        ),
    )


def _themselves(keys: str) -> Mapping[str, str]:
    return {key: key for key in keys.split()}
