"""Inputs that killed their process, by address and release: a newer release tries them again."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from sqlalchemy import ColumnElement, insert, select, update

from storage.tables import quarantine
from storage.unit_of_work import Work


def record(work: Work, *, kind: str, url: str, body: str = "", version: str, reason: str, now: datetime) -> int:
    """Counts one kill by this input under this release; returns how many there have been.

    `body` tells contents of one address apart, where that matters.
    """
    name = _name(kind, url, body)
    kills = work.connection.execute(select(quarantine.c.kills).where(_same(name, version))).scalar()
    if kills is None:
        row = {"input_hash": name, "kind": kind, "url": url, "version": version, "first_at": now}
        work.connection.execute(insert(quarantine).values(**row, kills=1, reason=reason, last_at=now))
        return 1
    again = {"kills": kills + 1, "reason": reason, "last_at": now}
    work.connection.execute(update(quarantine).where(_same(name, version)).values(**again))
    return int(kills) + 1


def kills(work: Work, *, kind: str, url: str, body: str = "", version: str, since: datetime) -> tuple[int, str]:
    """How often this input has killed its process under this release, and how; 0 when not since then."""
    row = work.connection.execute(select(quarantine).where(_same(_name(kind, url, body), version))).mappings().first()
    return (0, "") if row is None or row["last_at"] < since else (row["kills"], row["reason"])


def _name(kind: str, url: str, body: str) -> str:
    parts = [kind, url, body] if body else [kind, url]
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def _same(name: str, version: str) -> ColumnElement[bool]:
    return (quarantine.c.input_hash == name) & (quarantine.c.version == version)
