"""The forms of a gazetteer, packed: a hundred thousand readings as objects would take 14 MB, and as bytes a third."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence
from struct import Struct

from extractors.gazetteer.model import Reading

Row = tuple[str, str, Sequence[str]]
"""Target and facts of one reading, and the forms that have it."""

_READING = Struct("=II")  # the numbers of its target and of its facts


class FormTable(Mapping[str, tuple[Reading, ...]]):
    """Written form -> what it may stand for. Its readings are made each time it is asked for."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._strings: list[str] = []  # targets and facts, each once
        self._numbers: dict[str, int] = {}

    def add(self, rows: Iterable[Row]) -> None:
        """Adds the forms of one more sector. A place that a form stands for by another sector too counts once."""
        own: dict[str, bytes] = {}
        for target, facts, forms in rows:
            reading = _READING.pack(self._number(target), self._number(facts))
            for form in forms:
                known = own.get(form)
                own[form] = reading if known is None else known + reading
        for form, readings in own.items():
            known = self._packed.get(form)
            self._packed[form] = readings if known is None else _merged(known, readings)

    def _number(self, string: str) -> int:
        number = self._numbers.setdefault(string, len(self._strings))
        if number == len(self._strings):
            self._strings.append(string)
        return number

    def __getitem__(self, form: str) -> tuple[Reading, ...]:
        strings = self._strings
        return tuple(
            Reading.of(strings[target], strings[facts]) for target, facts in _READING.iter_unpack(self._packed[form])
        )

    def __contains__(self, form: object) -> bool:
        return form in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def keys(self) -> KeysView[str]:
        """The forms, to be looked up in without making readings."""
        return self._packed.keys()


def _merged(known: bytes, more: bytes) -> bytes:
    """Readings of one form from two sectors."""
    targets = {target for target, _ in _READING.iter_unpack(known)}
    return known + b"".join(
        _READING.pack(target, facts) for target, facts in _READING.iter_unpack(more) if target not in targets
    )
