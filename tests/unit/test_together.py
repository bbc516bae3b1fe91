"""What ends together goes on record together, and one that the store refuses is no other's failure."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from flows.steps.together import Together
from sectorwatch.errors import StoreError

BAD = "bad"


@pytest.mark.parametrize(("error", "waited_for"), [(StoreError, 0), (UnicodeError, 0), (UnicodeError, 1)])
def test_what_ends_together_is_recorded_together(error: type[Exception], waited_for: int) -> None:
    """Three in one transaction; with a bad one among them, each by itself, and only its sender hears of it.

    Whatever is bad about it, and whether the last of them or the timer has them recorded: nobody waits for ever.
    """
    seen: list[list[str]] = []

    def record(ended: Sequence[str]) -> int:
        seen.append(list(ended))
        if BAD in ended:
            raise error("refused")
        return len(ended)

    async def run(*ended: str) -> list[object]:
        one = Together(record, in_flight=len(ended) + waited_for)
        async with asyncio.timeout(5):
            results = await asyncio.gather(*(one.record(each) for each in ended), return_exceptions=True)
        return ["refused" if isinstance(result, error) else result for result in results]

    assert asyncio.run(run("a", "b", "c")) == [3, 3, 3]
    assert asyncio.run(run("a", BAD, "c")) == [1, "refused", 1]
    assert seen == [["a", "b", "c"], ["a", BAD, "c"], ["a"], [BAD], ["c"]]
