"""How many there are of something, in English words."""

from __future__ import annotations

from collections.abc import Mapping


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 article", "2 articles"; `many` where that is not `one` with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def each_counted(numbers: Mapping[str, int]) -> str:
    """ "1 raw page, 2 deliveries": how many there are of what, by the names of several; "" for none at all."""
    return ", ".join(counted(number, _one_of(many), many) for many, number in _spelled(numbers) if number)


def in_a_row(times: int) -> str:
    """ "once", "3 times in a row"."""
    return "once" if times == 1 else f"{times} times in a row"


def _spelled(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(name.replace("_", " "), number) for name, number in numbers.items()]


def _one_of(many: str) -> str:
    return f"{many.removesuffix('ies')}y" if many.endswith("ies") else many.removesuffix("s")
