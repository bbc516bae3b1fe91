"""What is compiled before processes are forked: theirs too, and no longer where the sectors are others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from extractors import reading, warming

OWN = (
    "sector test",
    """
id = "test"
[names]
en = "Test"
[[places]]
id = "testville"
kind = "town"
[places.names]
en = ["Testville"]
""",
)


@pytest.fixture(autouse=True)
def nothing_compiled() -> Iterator[None]:
    reading.prepare([OWN])
    reading.prepare(())
    yield
    reading.prepare([OWN])
    reading.prepare(())


def test_what_is_warm_serves_the_same_sectors_alone() -> None:
    """A process that is told of the sectors that were compiled keeps them; told of others, it compiles those."""
    import trafilatura.external

    warming.warm(())
    compiled = reading._prepared
    assert compiled is not None
    assert len(trafilatura.external.JT_STOPLIST or ()) > 100_000
    reading.prepare([])
    assert reading._prepared is compiled
    reading.prepare([OWN])
    assert reading._prepared is None
    reading.prepare(())
    assert reading._gazetteer() is not None
