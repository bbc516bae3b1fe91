"""What servers write into headers, and URLs as they are shown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sectorwatch.net.headers import escaped, lowered, plain, seconds
from sectorwatch.net.wire_errors import shown

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("999999999999", 1e9),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90.0),
        ("Sun, 01 Mar 2026 12:01:30 -0000", 90.0),
        ("Sunday, 01-Mar-26 12:01:30 GMT", 90.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 31 Dec 9999 23:59:59 GMT", 1e9),
        *((value, None) for value in ("", "soon", "-5", "1.5", "²", "١٢", "Sun, 99 Foo 2026", "0 0 0 0", "\ufffd")),
    ],
)
def test_a_retry_after_is_read_in_both_forms(value: str, expected: float | None) -> None:
    """Seconds or a date, never negative and never endless; anything else is as if it were not there."""
    assert seconds(value, lambda: NOW) == expected


def test_header_values_can_be_stored() -> None:
    """Bytes that are not UTF-8 do not reach the database, which would refuse them."""
    found = lowered({"ETag": '"\udce4"', "Server": "Ку"})

    assert found == {"etag": '"\ufffd"', "server": "Ку"}
    assert "".join(found.values()).encode()


def test_a_location_keeps_its_raw_bytes() -> None:
    """A redirect in windows-1251 leads where the server meant."""
    assert escaped("/\udccd\udcee/Ку?q=1") == "/%CD%EE/Ку?q=1"


def test_a_servers_words_are_cut_and_plain() -> None:
    """No control character, raw byte or endless line of a server gets into a message of ours."""
    assert plain("Not\x1b[31m Found\udcff") == "Not\ufffd[31m Found\ufffd"
    assert len(plain("x" * 9_999)) == 100


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://user:secret@example.org/a", "https://…@example.org/a"),
        ("ftp://secret@example.org/", "ftp://…@example.org/"),
        ("//user:secret@[::1", "//…@[::1"),
        ("http://u:s@x:y@example.org?q=1", "http://…@example.org?q=1"),
        ("https://example.org/@name?mail=a@b.c", "https://example.org/@name?mail=a@b.c"),
        ("http://example.org/\r\nX: 1", "http://example.org/\ufffd\ufffdX: 1"),
    ],
)
def test_a_shown_url_holds_no_credentials(url: str, expected: str) -> None:
    """User and password are left out, of broken URLs too; an @ elsewhere stays."""
    assert shown(url) == expected
