"""Pages that are kept come back as they were, also those that an earlier release has packed."""

from __future__ import annotations

import zlib

import pytest

from sectorwatch.packing import pack, unpack


@pytest.mark.parametrize("page", [b"", b"<p>page</p>" * 1000, bytes(range(256))])
def test_a_page_comes_back_as_it_was(page: bytes) -> None:
    assert unpack(pack(page)) == page
    assert unpack(zlib.compress(page, 1)) == page


@pytest.mark.parametrize(
    "packed", [b"", b"<p>", pack(b"page" * 99)[:-9], zlib.compress(b"page" * 99)[:-5], pack(b"page")[:6]]
)
def test_a_damaged_page_is_none(packed: bytes) -> None:
    """Whoever reads the archive goes on with the others."""
    assert unpack(packed) is None
