"""In which language a page is shown."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from sectorwatch.web.site import language_of


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", "", "en"),
        ("", "uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ("", "de-DE,de;q=0.9,uk;q=0.7,en;q=0.3", "uk"),  # the first that there is
        ("", "en;q=0.5, uk;q=0.8", "uk"),  # by weight, not by place
        ("", "uk;q=0,en", "en"),
        ("", "uk;q=0", "en"),
        ("", "UK", "uk"),
        ("", "de,*", "en"),
        ("", "uk;q=much, ;;,,=,q=1;", "en"),
        ("", "uk;q=nan", "en"),
        ("lang=uk", "en", "uk"),
        ("lang=en", "uk", "en"),
        ("lang=tlh", "uk", "uk"),  # none of ours: as if nothing had been named
        ("lang=uk&lang=en", "", "en"),
    ],
)
def test_the_address_decides_then_the_browser(query: str, header: str, language: str) -> None:
    headers = [(b"accept-language", header.encode())] if header else []
    request = Request({"type": "http", "query_string": query.encode(), "headers": headers})
    assert language_of(request) == language
