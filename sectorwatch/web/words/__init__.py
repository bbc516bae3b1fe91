"""The words of the pages, a table for each language: those of readers, of anybody, of operators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sectorwatch.domain import primary_language

Table = TypeVar("Table")


def spoken(tables: Mapping[str, Table], language: str) -> Table:
    """The table for a language tag such as "uk" or "uk-UA"; English for a language that has none."""
    return tables.get(primary_language(language), tables["en"])
