"""Takes the pictures of the README anew, from the demo as it runs: make pictures."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
COMMAND = Path(sys.executable).parent / "sectorwatch"
COLUMNS = 110
SHOWN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("mentions", "--sector", "kupiansk", "--limit", "3")),
    ("", ("search", "дрони Куп'янськ", "--limit", "2")),
    ("Бої точаться на Куп'янському напрямку. Футболісти «Лимана» програли.", ("detect", "--explain")),
)
"""What is piped in, and the command."""
PAGES = {"board": "/", "sector": "/sectors/kupiansk", "operators": "/ops"}
PASSWORD = "of the demo, for a picture"  # noqa: S105
_FONTS = re.compile(r"@font-face \{[^}]*\}\s*")  # they would be loaded from elsewhere
START_S = 60


def main() -> None:
    """Runs the demo in a folder of its own, then the commands and the pages."""
    chromium = os.environ.get("CHROMIUM")
    if not chromium:
        raise SystemExit("needs Chromium: name it in CHROMIUM")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([COMMAND, "demo", "--folder", folder], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        config = str(Path(folder, "sectorwatch.toml"))
        terminal(config, HERE / "terminal.svg")
        with web(config) as home, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_context(viewport={"width": 1200, "height": 760}).new_page()
            for name, path in PAGES.items():
                page.goto(home + path)
                if name == "operators":
                    page.locator("#password").fill(PASSWORD)
                    page.locator("main button").click()
                page.screenshot(path=HERE / f"{name}.png")
            browser.close()


def terminal(config: str, picture: Path) -> None:
    """What some commands print, as a terminal shows it."""
    console = Console(record=True, width=COLUMNS, file=StringIO())
    environment = {**os.environ, "COLUMNS": str(COLUMNS)}
    for given, words in SHOWN:
        command = (f"echo {quoted(given)} | " if given else "") + " ".join(("sectorwatch", *map(quoted, words)))
        console.print(Text(f"$ {command}", style="bold green"))
        done = subprocess.run(  # noqa: S603 - our own command
            [COMMAND, "-c", config, *words], check=True, capture_output=True, text=True, input=given, env=environment
        )
        console.print(Text(done.stdout))
    picture.write_text(_FONTS.sub("", console.export_svg(title="sectorwatch")), "utf-8")


def quoted(word: str) -> str:
    """As somebody would type it who has no dollar signs in mind."""
    return f'"{word}"' if " " in word else word


@contextmanager
def web(config: str) -> Iterator[str]:
    """The pages, served; gives their address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "SECTORWATCH_WEB__ADMIN_PASSWORD": PASSWORD}
    command = [COMMAND, "-c", config, "web", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)  # noqa: S603
    home = f"http://127.0.0.1:{port}"
    try:
        for _ in range(START_S * 5):
            try:
                urlopen(f"{home}/health", timeout=5).close()  # noqa: S310 - our own page
                break
            except URLError:
                time.sleep(0.2)
        yield home
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
