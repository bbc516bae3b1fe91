"""Subscribers and targets as far as telling what an applied file changes of them needs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from storage.tables import subscribers, subscription_targets, subscriptions, targets
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class TargetMark:
    """Tells a changed target, without its address."""

    address: tuple[str, str]  # kind, and hash of the secrets
    way: dict[str, str]  # how it is used: setting -> value in a word


@dataclass(frozen=True, kw_only=True)
class Roster:
    """All of them at one moment."""

    people: dict[str, tuple[str, str]]  # name -> zone, language
    managed: frozenset[str]  # names of those who came from the file
    targets: dict[tuple[str, str], TargetMark]  # by name and label
    used: frozenset[tuple[str, str]]  # name and label of those that a subscription of the file uses


def snapshot(work: Work) -> Roster:
    """As they are now."""
    rows = work.connection.execute(select(subscribers)).mappings().all()
    owned = select(targets, subscribers.c.name).join_from(targets, subscribers)
    marks = {
        (row["name"], row["label"]): TargetMark(
            address=(row["kind"], row["secret_hash"]),
            way={
                "links": "yes" if row["links"] else "no",
                "on_ambiguous": row["on_ambiguous"],
                "enabled": "yes" if row["enabled"] else "no",
                "confirmed": "yes" if row["confirmed_at"] else "no",
            },
        )
        for row in work.connection.execute(owned).mappings()
    }
    used = (
        select(subscribers.c.name, targets.c.label)
        .join_from(subscription_targets, targets)
        .join(subscribers)
        .join(subscriptions, subscriptions.c.id == subscription_targets.c.subscription_id)
        .where(subscriptions.c.managed)
    )
    return Roster(
        people={row["name"]: (row["zone"], row["language"]) for row in rows},
        managed=frozenset(row["name"] for row in rows if row["managed"]),
        targets=marks,
        used=frozenset(work.connection.execute(used).tuples()),
    )


def rename(work: Work, was: str, name: str) -> bool:
    """Gives a subscriber another name, and all else of theirs stays; False where nobody has the old name.

    Nobody has the new one.
    """
    return work.connection.execute(update(subscribers).where(subscribers.c.name == was).values(name=name)).rowcount > 0


def release(work: Work, name: str) -> None:
    """The subscriber is not the file's any more: what was added to them by hand stays, and so does their record."""
    work.connection.execute(update(subscribers).where(subscribers.c.name == name).values(managed=False))
