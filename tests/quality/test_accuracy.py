"""The published figures are those that are measured."""

from __future__ import annotations

import pytest

from tests.quality.accuracy import PAGE, page


@pytest.mark.full
def test_the_page_says_what_is_measured() -> None:
    """After a change of the rules or the texts: make accuracy."""
    assert PAGE.read_text("utf-8") == page()
