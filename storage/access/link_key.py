"""The keys that links are signed with, where the operator gives none: made here, kept sealed in the store.

One signs; the former ones are kept so that the links that are out there go on to work.
"""

from __future__ import annotations

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import select, update

from sectorwatch.domain import Secret
from storage.inserting import insert_ignoring
from storage.secrets import Vault
from storage.tables import switches
from storage.unit_of_work import Store, Work

_NAME = "link_key"
_FORMER = f"{_NAME}."  # with a number behind it: when it was replaced


def link_keys(store: Store, vault: Vault, *, now: datetime) -> tuple[Secret, ...]:
    """The keys of this store, the one that signs first. Raises StoreError when no key of the vault opens one."""
    with store.read() as work:
        sealed = _sealed(work)
    if _NAME in sealed and all(vault.keeps(one) for one in sealed.values()):
        return _opened(vault, sealed)
    with store.write() as work:
        _make(work, vault, now)
        sealed = _sealed(work)
        keys = _opened(vault, sealed)
        for name, key in zip(sealed, keys, strict=True):
            work.connection.execute(update(switches).where(switches.c.name == name).values(value=vault.seal(key)))
        work.commit()
    return keys


def stored_keys(store: Store, vault: Vault) -> tuple[Secret, ...]:
    """The same, as they are now; none before they were made. Raises StoreError."""
    with store.read() as work:
        return _opened(vault, _sealed(work))


def rotate(work: Work, vault: Vault, *, author: str, now: datetime) -> int:
    """Signs with a new key from now on; returns how many former ones are kept."""
    former = {"name": f"{_FORMER}{int(now.timestamp() * 1_000_000)}"}
    work.connection.execute(update(switches).where(switches.c.name == _NAME).values(**former))
    _make(work, vault, now, author)
    return len(_sealed(work)) - 1


def forget(work: Work) -> int:
    """Forgets the former keys: what was signed with them works no more. Returns how many those were."""
    former = switches.delete().where(switches.c.name.startswith(_FORMER, autoescape=True))
    return work.connection.execute(former).rowcount


def _make(work: Work, vault: Vault, now: datetime, author: str = "sectorwatch") -> None:
    new = vault.seal(Secret(token_urlsafe(32)))
    insert_ignoring(work, switches, name=_NAME, value=new, author=author, set_at=now)


def _sealed(work: Work) -> dict[str, str]:
    """By name: the one that signs first, then the former ones, the last first."""
    mine = (switches.c.name == _NAME) | switches.c.name.startswith(_FORMER, autoescape=True)
    rows = work.connection.execute(select(switches.c.name, switches.c.value).where(mine)).tuples().all()
    return dict(sorted(rows, key=lambda row: (row[0] != _NAME, -int(row[0].removeprefix(_NAME).strip(".") or 0))))


def _opened(vault: Vault, sealed: dict[str, str]) -> tuple[Secret, ...]:
    return tuple(vault.open(one) for one in sealed.values())
