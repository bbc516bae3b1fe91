"""Outcomes go on record together, and one that the store refuses is no other's failure."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from flows.steps import recorder
from flows.steps.record_outcomes import Ended, Targets
from sectorwatch.errors import StoreError

BAD = "bad"


def test_what_ends_together_is_recorded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three in one transaction; with a bad one among them, each by itself, and only its sender hears of it."""
    seen: list[list[str]] = []

    def record(_tools: object, ended: Sequence[Any], _summary: object) -> Targets:
        seen.append(list(ended))
        if BAD in ended:
            raise StoreError("refused")
        return Targets(health={}, disabled={})

    monkeypatch.setattr(recorder, "record", record)

    async def run(*ended: str) -> list[bool]:
        one = recorder.Recorder(cast("Any", None), cast("Any", None))
        one.in_flight = len(ended)
        told = [one.record(cast("Ended", each)) for each in ended]
        return [isinstance(result, Targets) for result in await asyncio.gather(*told, return_exceptions=True)]

    assert asyncio.run(run("a", "b", "c")) == [True, True, True]
    assert asyncio.run(run("a", BAD, "c")) == [True, False, True]
    assert seen == [["a", "b", "c"], ["a", BAD, "c"], ["a"], [BAD], ["c"]]
