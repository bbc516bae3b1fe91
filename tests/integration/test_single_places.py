"""Single places of a subscription, from the configuration to the decision, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sectorwatch.domain import ReadArticle
from sectorwatch.errors import ConfigurationError
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import mention, read_article
from tests.conftest import FakeClock
from tests.desk import Desk
from tests.integration.test_store_outbox import LATER, entry, file


def named(text: str, *places: str) -> ReadArticle:
    """An article on Kupiansk that names these places."""
    read = read_article(text)
    mentions = tuple(mention("kupiansk", place=place) for place in places)
    return replace(read, detection=replace(read.detection, mentions=mentions))


def test_an_edit_that_adds_the_place_is_told_and_no_other(store: Store, clock: FakeClock) -> None:
    """An article on the sector is nothing to who follows one place of it, until a new text names the place."""
    desk = Desk(store, clock)
    desk.apply(sectors=["lyman"], places=["kupiansk-vuzlovyi"])
    assert not desk.apply(sectors=["lyman"], places=["kupiansk-vuzlovyi"])
    clock.now = LATER
    for text, places in (
        ("First.", ["kupiansk"]),
        ("Second.", ["kupiansk", "pishchane"]),
    ):
        file(store, entry(store, 1), named(text, *places), now=LATER)
    assert desk.deliver() == []
    file(store, entry(store, 1), named("Third.", "kupiansk", "kupiansk-vuzlovyi"), now=LATER)
    (message,) = desk.deliver()
    assert "you follow Kupiansk-Vuzlovyi in Kupiansk sector" in message.text
    file(store, entry(store, 1), named("Fourth.", "kupiansk-vuzlovyi", "podoly"), now=LATER)
    assert desk.deliver() == []
    with store.read() as work:
        assert queries.suppression_rows(work, limit=9) == []


def test_an_unknown_place_is_refused_with_the_nearest(store: Store, clock: FakeClock) -> None:
    """The error says what was probably meant, also where the name was written."""
    desk = Desk(store, clock)
    for written in ("kupiansk-vuzlovy", "Kupiansk-Vuzlovyi"):
        with pytest.raises(ConfigurationError, match=f"place '{written}': did you mean 'kupiansk-vuzlovyi'"):
            desk.apply(places=[written])
