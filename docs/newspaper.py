"""For the quickstart: a newspaper of one page on this machine, and a stand-in for a phone that shows what ntfy would.

python docs/newspaper.py            prints to the feed on 127.0.0.1:8098, and takes pushes on 127.0.0.1:8099
python docs/newspaper.py publish    puts an article into the paper that is running
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.request import Request, urlopen

PAPER, PHONE = 8098, 8099
OLD = (
    "The Tuesday paper",
    "The library opens again on Tuesday, with a reading room of forty seats. Visitors are asked to bring a pencil.",
)
NEWS = (
    "Defenders hold the eastern bank near Kupiansk",
    "Fighting went on in the Kupiansk sector through the night, the military said on its morning briefing. Two attacks"
    " near Petropavlivka were repelled, and the road to the town stayed under fire. Volunteers took nineteen people"
    " out of the villages on the eastern bank of the Oskil.",
)


PUBLISHED: list[tuple[datetime, tuple[str, str]]] = []


class Paper(BaseHTTPRequestHandler):
    """/feed.xml, and a page for each article; a POST publishes the news."""

    def do_GET(self) -> None:
        if self.path.endswith(".xml"):  # under whatever name
            items = "".join(map(_item, range(len(PUBLISHED))))
            feed = f"<rss version='2.0'><channel><title>One Page</title>{items}</channel></rss>"
            self._answer(200, "application/rss+xml", feed)
        elif self.path.strip("/").isdigit() and int(self.path.strip("/")) < len(PUBLISHED):
            _, (title, text) = PUBLISHED[int(self.path.strip("/"))]
            page = f"<title>{escape(title)}</title><article><h1>{escape(title)}</h1><p>{escape(text)}</p></article>"
            self._answer(200, "text/html", f"<!doctype html><html lang='en'>{page}</html>")
        else:
            self._answer(404, "text/plain", "no such page")

    def do_POST(self) -> None:
        PUBLISHED.append((datetime.now(UTC), NEWS))
        self._answer(200, "text/plain", f"published: {NEWS[0]}")

    def _answer(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Only the stand-in for the phone speaks."""


class Phone(Paper):
    """Takes what an ntfy server takes, and shows it."""

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        print(f"\n*ping* {said.get('title', '')}\n{said.get('message', '')}", flush=True)
        self._answer(200, "application/json", json.dumps({"id": "1", "event": "message", "topic": said["topic"]}))


def _item(number: int) -> str:
    at, (title, _) = PUBLISHED[number]
    return (
        f"<item><title>{escape(title)}</title><link>http://127.0.0.1:{PAPER}/{number}</link>"
        f"<guid>paper-{number}</guid><pubDate>{format_datetime(at)}</pubDate></item>"
    )


def main() -> None:
    if sys.argv[1:] == ["publish"]:
        with urlopen(Request(f"http://127.0.0.1:{PAPER}/", method="POST")) as answer:
            print(answer.read().decode())
        return
    PUBLISHED.append((datetime.now(UTC), OLD))
    try:
        paper, phone = (
            ThreadingHTTPServer(("127.0.0.1", PAPER), Paper),
            ThreadingHTTPServer(("127.0.0.1", PHONE), Phone),
        )
    except OSError as error:
        sys.exit(f"ports {PAPER} and {PHONE}: {error.strerror}: does the newspaper run already, in another terminal?")
    Thread(target=paper.serve_forever, daemon=True).start()
    print(f"the paper is out on http://127.0.0.1:{PAPER}/feed.xml, a phone stands in; Ctrl-C ends both", flush=True)
    phone.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
