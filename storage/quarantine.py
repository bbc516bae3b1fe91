"""Inputs that killed their process, by address and release: a newer release tries them again."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from sqlalchemy import insert, select, update

from storage.tables import quarantine
from storage.unit_of_work import Work


def record(work: Work, *, kind: str, url: str, version: str, reason: str, now: datetime) -> int:
    """Counts one kill by this input under this release; returns how many there have been."""
    name = blake2b(f"{kind}\x1f{url}".encode(), digest_size=16).hexdigest()
    same = (quarantine.c.input_hash == name) & (quarantine.c.version == version)
    kills = work.connection.execute(select(quarantine.c.kills).where(same)).scalar()
    if kills is None:
        row = {"input_hash": name, "kind": kind, "url": url, "version": version, "first_at": now}
        work.connection.execute(insert(quarantine).values(**row, kills=1, reason=reason, last_at=now))
        return 1
    again = {"kills": kills + 1, "reason": reason, "last_at": now}
    work.connection.execute(update(quarantine).where(same).values(**again))
    return int(kills) + 1
