"""Redirects through the guarded client: followed, judged hop by hop, and remembered only when meant for good."""

from __future__ import annotations

import asyncio

import pytest

from tests.raw_web import Request, answer, answering, fetched, moved, refused, routes


@pytest.mark.parametrize(
    ("statuses", "remembered"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 307), False), ((303, 301), False)],
)
def test_a_move_is_remembered_only_where_every_hop_is_for_good(statuses: tuple[int, ...], remembered: bool) -> None:
    """`moved_to` is set for a chain of permanent redirects, and for no other."""
    pages = {f"p{number}": moved(f"p{number + 1}#part", status) for number, status in enumerate(statuses)}
    last = f"p{len(statuses)}"

    found, web = fetched(routes(**pages, **{last: answer(b"here")}), "/p0")

    assert (found.url, found.body) == (f"{web.url}/{last}", b"here")
    assert found.moved_to == (found.url if remembered else None)


def test_five_redirects_are_followed_and_six_are_not() -> None:
    """A chain ends at the limit, however new each address is."""
    pages = routes(**{f"p{number}": moved(f"/p{number + 1}") for number in range(6)}, p6=answer(b"end"))

    assert fetched(pages, "/p1")[0].body == b"end"
    assert "more than 5 redirects" in str(refused(pages, "/p0"))


@pytest.mark.parametrize(
    "where",
    [
        *(
            "file:///etc/passwd",
            "gopher://127.0.0.1:70/_x",
            "data:text/html,x",
            "javascript:1",
            "ftp://a:b@example.org",
        ),
        *("http://10.0.0.1/", "http://169.254.169.254/latest", "http://[fe80::1]/", "http://[::ffff:10.0.0.1]/"),
        *("//10.0.0.1/", "http://user:secret@127.0.0.1/", "http://[64:ff9b::a00:1]/"),
    ],
)
def test_a_redirect_to_a_bad_place_is_refused(where: str) -> None:
    """Each hop is judged like a first address, for good, and no password gets into the words."""
    error = refused(answering(moved(where)))

    assert error.permanent
    assert "a:b" not in str(error)
    assert "secret" not in str(error)


def test_redirects_to_raw_bytes_are_followed() -> None:
    """A Location in windows-1251 leads to the percent form of its bytes."""
    page = answer(status="301 Moved", Location="/\xcd\xee")  # the helper writes latin-1

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(page if request.path == "/" else answer(request.path.encode()))
        await writer.drain()

    assert fetched(handle)[0].body == b"/%CD%EE"
