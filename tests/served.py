"""A real server in a thread of its own: commands run a loop themselves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.raw_web import Handler, RawWeb, Request, answer, raw_web

Pages = dict[str, bytes]


def serving(pages: Pages) -> Handler:
    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        body = pages.get(request.path, answer(b"no", "404 Not Found"))
        if "if-none-match" in request.headers and b"ETag" in body:
            body = answer(status="304 Not Modified")
        writer.write(body)
        await writer.drain()

    return handle


@contextmanager
def served(pages: Pages) -> Iterator[RawWeb]:
    """Answers these paths, and 404 for all others."""
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    kept: list[RawWeb] = []

    async def run() -> None:
        async with raw_web(serving(pages)) as web:
            kept.append(web)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    assert ready.wait(10)
    try:
        yield kept[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
