"""Questions to the owner of an address whether alerts may be sent there. Of a link only the hash is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, insert, select, update

from storage.tables import confirmations, subscribers, targets
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A target as a question to its owner needs it."""

    target_id: int
    kind: str
    label: str
    subscriber: str
    language: str
    confirmed_at: datetime | None
    enabled: bool
    seed: str  # that the links of this address are signed with: another address, and they fit no more


def target_to_ask(work: Work, target_id: int) -> Asked | None:
    """The target of this number."""
    row = work.connection.execute(
        select(targets, subscribers.c.name.label("subscriber"), subscribers.c.language)
        .join_from(targets, subscribers)
        .where(targets.c.id == target_id)
    ).first()
    if row is None:
        return None
    return Asked(
        target_id=row.id,
        kind=row.kind,
        label=row.label,
        subscriber=row.subscriber,
        language=row.language,
        confirmed_at=row.confirmed_at,
        enabled=row.enabled,
        seed=row.secret_hash,
    )


def asked_since(work: Work, seed: str, since: datetime) -> int:
    """How often an address was asked since then, whoever's target it is."""
    mine = (targets.c.secret_hash == seed) & (confirmations.c.asked_at > since)
    chosen = select(func.count()).select_from(confirmations).join(targets).where(mine)
    return int(work.connection.execute(chosen).scalar_one())


def ever_asked(work: Work, target_id: int) -> bool:
    """Whether the owner of this target was asked."""
    chosen = select(confirmations.c.id).where(confirmations.c.target_id == target_id)
    return work.connection.execute(chosen.limit(1)).first() is not None


def put(work: Work, target_id: int, token: str, *, now: datetime, lifetime: timedelta) -> None:
    """Keeps that the target was asked by a link with this token."""
    times = {"asked_at": now, "expires_at": now + lifetime}
    work.connection.execute(insert(confirmations).values(target_id=target_id, token_hash=_hash(token), **times))


def use(work: Work, target_id: int, token: str, *, now: datetime) -> bool:
    """The owner says yes: the target is confirmed. False for a token that was not asked by, or was used before."""
    mine = (confirmations.c.token_hash == _hash(token)) & (confirmations.c.target_id == target_id)
    open_ = mine & confirmations.c.used_at.is_(None) & (confirmations.c.expires_at > now)
    if work.connection.execute(update(confirmations).where(open_).values(used_at=now)).rowcount != 1:
        return False
    confirm(work, target_id, now=now)
    return True


def known(work: Work, target_id: int, token: str) -> bool:
    """Whether this target was asked by a link with this token."""
    mine = (confirmations.c.token_hash == _hash(token)) & (confirmations.c.target_id == target_id)
    return work.connection.execute(select(confirmations.c.id).where(mine)).first() is not None


def confirm(work: Work, target_id: int, *, now: datetime) -> None:
    """The target is its owner's; the first time is the one on record."""
    new = (targets.c.id == target_id) & targets.c.confirmed_at.is_(None)
    work.connection.execute(update(targets).where(new).values(confirmed_at=now))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
