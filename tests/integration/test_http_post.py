"""Posting through the guarded client: any status is an answer, and where none came it is known whether to worry."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from sectorwatch.errors import FetchError
from sectorwatch.net.client import HttpClient
from tests.raw_web import Handler, Request, answer, answering, client, raw_web


def posted(handler: Handler, then: Callable[[HttpClient, str], Awaitable[object]] | None = None) -> object:
    async def scene() -> object:
        async with raw_web(handler) as web, client() as http:
            if then is not None:
                return await then(http, web.url)
            given = await http.post(web.url, headers={"webhook-id": "1"}, body=b"{}", timeout=20)
            return given.status, web.requests[0].headers["webhook-id"], web.requests[0].body

    return asyncio.run(scene())


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"ok", status="202 Accepted"),
        answer(status="302 Found", Location="http://10.0.0.1/"),
        answer(status="500 Oops"),
        answer(b"x", Content_Length="100"),  # and then nothing more
        answer(b"not gzip", Content_Encoding="gzip"),
    ],
)
def test_any_status_is_an_answer_to_a_post(reply: bytes) -> None:
    """The status decides: redirects are not followed, and the body is neither waited for nor decoded."""

    async def handle(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(reply)
        await asyncio.Event().wait()

    assert posted(handle) == (int(reply.split(b" ", 2)[1]), "1", b"{}")


def test_a_post_without_an_answer_may_have_arrived() -> None:
    """`sent` is true after silence and after a closed connection, and false where nobody listened."""

    async def silent(_request: Request, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async def sent(http: HttpClient, url: str) -> bool:
        with pytest.raises(FetchError) as caught:
            await http.post(url, headers={}, body=b"{}", timeout=1.5)
        return caught.value.sent

    async def nobody(http: HttpClient, _url: str) -> bool:
        return await sent(http, "http://127.0.0.1:1/")

    async def private(http: HttpClient, _url: str) -> bool:
        return await sent(http, "http://10.0.0.1/")

    assert posted(silent, sent) is True
    assert posted(answering(), sent) is True
    assert posted(silent, nobody) is False
    assert posted(silent, private) is False
