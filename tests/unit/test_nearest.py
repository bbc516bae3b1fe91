"""What an error says of a name that there is not."""

from __future__ import annotations

from sectorwatch.nearest import meant


def test_the_nearest_name_is_said_or_else_which_there_are() -> None:
    """In whatever case it was typed."""
    assert meant("KUPYANSK", ["lyman", "kupiansk"]) == "did you mean 'kupiansk'?"
    assert meant("nowhere", ["lyman", "kupiansk"]) == "known: kupiansk, lyman"
    assert meant("nowhere", []) == "known: none"


def test_thousands_of_names_are_not_all_said() -> None:
    """As of publishers: the line stays one that is read."""
    said = meant("?", [f"source {number:04}" for number in range(5_000)])
    assert said.startswith("known: source 0000, source 0001, ")
    assert said.endswith(", source 0049 and 4950 more")
