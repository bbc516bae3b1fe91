"""What applying a configuration changes, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from storage.subscribers.roster import Roster


@dataclass(kw_only=True)
class Difference:
    """What applying changed, in plain words, for people to read."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)  # feeds that are there already under another address: polled once
    kept: list[str] = field(default_factory=list)  # as their readers want it, whatever the file says

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def same_person(gone: str, new: Collection[str], roster: Roster) -> str | None:
    """The one of these new names that has an address of somebody who goes; None where it is none, or several."""
    addresses = {mark.address for (name, _), mark in roster.targets.items() if name == gone}
    same = {name for (name, _), mark in roster.targets.items() if name in new and mark.address in addresses}
    return same.pop() if len(same) == 1 else None


def compare(before: Roster, after: Roster, listed: Mapping[str, Collection[str]], difference: Difference) -> None:
    """What is new or other of subscribers and their targets; of an address only that it is another one."""
    for name, labels in listed.items():
        if name not in before.people:
            difference.added.append(f"subscriber {name}")
        elif (was := before.people[name]) != (now := after.people[name]):
            pairs = zip(was, now, strict=True)
            words = ", ".join(f"{old or 'none'} is now {new or 'none'}" for old, new in pairs if old != new)
            difference.changed.append(f"subscriber {name}: {words}")
        for label in labels:
            mark, now_mark = before.targets.get((name, label)), after.targets[name, label]
            if mark is None:
                difference.added.append(f"target {name}/{label}")
            elif mark.address != now_mark.address:
                difference.changed.append(f"target {name}/{label}: another address or secret")
            for setting, value in now_mark.way.items():
                if mark is not None and mark.address == now_mark.address and mark.way[setting] != value:
                    difference.changed.append(f"target {name}/{label}: {setting} is {value!r} now")
