"""The key that links are signed with, where the operator gives none: made once, kept sealed in the store."""

from __future__ import annotations

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import select, update

from sectorwatch.domain import Secret
from storage.outbox import insert_ignoring
from storage.secrets import Vault
from storage.tables import switches
from storage.unit_of_work import Store

_NAME = "link_key"


def link_key(store: Store, vault: Vault, *, now: datetime) -> Secret:
    """The key of this store, the same for all its processes. Raises StoreError when no key of the vault opens it."""
    wanted = select(switches.c.value).where(switches.c.name == _NAME)
    with store.read() as work:
        sealed = work.connection.execute(wanted).scalar()
    if sealed is not None and vault.keeps(sealed):
        return vault.open(sealed)
    with store.write() as work:
        new = vault.seal(Secret(token_urlsafe(32)))
        insert_ignoring(work, switches, name=_NAME, value=new, author="sectorwatch", set_at=now)
        key = vault.open(work.connection.execute(wanted).scalar_one())
        work.connection.execute(update(switches).where(switches.c.name == _NAME).values(value=vault.seal(key)))
        work.commit()
    return key
