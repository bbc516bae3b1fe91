"""Keys to the programming interface: kept as hashes, so that whoever reads the store cannot use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import insert, select, update

from sectorwatch.domain import Secret
from storage.tables import api_tokens
from storage.unit_of_work import Work

READ = "read"
_PREFIX = "sw_"  # so that one that leaked is known for what it is
_BYTES = 32
_SEEN_EVERY = timedelta(minutes=1)  # a use is noted as often at most


@dataclass(frozen=True, kw_only=True)
class ApiToken:
    """A token as operators see it."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def add(work: Work, name: str, *, now: datetime) -> Secret | None:
    """A new token, told only now; None where one of that name works already."""
    row = work.connection.execute(select(api_tokens).where(api_tokens.c.name == name)).mappings().first()
    if row is not None and row["revoked_at"] is None:
        return None
    token = _PREFIX + token_urlsafe(_BYTES)
    values = {"token_hash": _hash(token), "scopes": [READ], "created_at": now, "last_used_at": None, "revoked_at": None}
    if row is None:
        work.connection.execute(insert(api_tokens).values(name=name, **values))
    else:
        work.connection.execute(update(api_tokens).where(api_tokens.c.id == row["id"]).values(**values))
    return Secret(token)


def every(work: Work) -> list[ApiToken]:
    """All there are or were, by name."""
    columns = [api_tokens.c[name] for name in ApiToken.__dataclass_fields__]
    rows = work.connection.execute(select(*columns).order_by(api_tokens.c.name)).mappings()
    return [ApiToken(**{**row, "scopes": tuple(row["scopes"])}) for row in rows]


def revoke(work: Work, name: str, *, now: datetime) -> bool:
    """Whether a token of that name worked; it does no more."""
    working = (api_tokens.c.name == name) & api_tokens.c.revoked_at.is_(None)
    return work.connection.execute(update(api_tokens).where(working).values(revoked_at=now)).rowcount > 0


def holder(work: Work, token: str) -> ApiToken | None:
    """Whose token this is, if it works."""
    columns = [api_tokens.c[name] for name in ApiToken.__dataclass_fields__]
    working = (api_tokens.c.token_hash == _hash(token)) & api_tokens.c.revoked_at.is_(None)
    row = work.connection.execute(select(*columns).where(working)).mappings().first()
    return None if row is None else ApiToken(**{**row, "scopes": tuple(row["scopes"])})


def is_to_note(token: ApiToken, now: datetime) -> bool:
    """Whether the last use on record is so long ago that this one is to be noted."""
    return token.last_used_at is None or now - token.last_used_at >= _SEEN_EVERY


def note_use(work: Work, token: ApiToken, *, now: datetime) -> None:
    work.connection.execute(update(api_tokens).where(api_tokens.c.id == token.id).values(last_used_at=now))


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
