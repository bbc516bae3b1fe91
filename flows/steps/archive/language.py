"""The language that a filter names, as articles have it."""

from __future__ import annotations

from extractors.language_names import meant_language
from extractors.languages import LANGUAGES
from sectorwatch.domain import primary_language
from sectorwatch.errors import ConfigurationError
from storage.reading.archive import has_language
from storage.unit_of_work import Work


def language_meant(work: Work, language: str | None) -> str | None:
    """ "uk" of "UK" or "uk-UA". Raises ConfigurationError where texts can be in none such."""
    if not language or language in LANGUAGES or has_language(work, language):
        return language
    if (primary := primary_language(language)) in LANGUAGES:
        return primary
    raise ConfigurationError(f"there is no language {language!r}; {meant_language(language)}")
