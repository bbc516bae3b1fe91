"""Lists of feeds go in and out of both databases without a loss."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from sectorwatch.cli.opml import NAMESPACE
from sectorwatch.cli.progress import Bar
from sectorwatch.errors import ConfigurationError
from storage.unit_of_work import Store
from tests.builders import add_feed
from tests.plugins.commands import Run

KEPT = ("url", "title", "language", "publisher", "country", "side", "folder")
OPML = """<opml><body><outline text="Схід / фронт">
<outline text='"Правда" & <Co>' xmlUrl="https://a.example/rss?x=1&y=2" language="uk"/>
<outline text="twin" xmlUrl="http://www.a.example/rss/?x=1&y=2"/></outline>
<outline text="Old" xmlUrl="https://news.example.org/feed/"/>
<outline text="Gone" xmlUrl="gopher://c.example/"/></body></opml>"""


def told(run: Run) -> list[dict[str, Any]]:
    return [{name: feed[name] for name in KEPT} for feed in run("feeds", "list", "--json")]


def test_a_list_is_imported_once(store: Store, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dry run changes nothing; twins by scheme, www and slash are one feed; a second time there is nothing to do."""
    add_feed(store, url="http://news.example.org/feed")
    file = tmp_path / "feeds.opml"
    file.write_text(OPML, "utf-8")
    drawn = list[tuple[object, ...]]()
    monkeypatch.setattr(Bar, "__call__", lambda _, *how_far: drawn.append(how_far))
    said = run("feeds", "import", str(file), "--dry-run")
    assert drawn == [("feeds", number, 3) for number in range(3)]
    assert "1 would be added, 1 watched already, 1 twice in the list, 1 skipped" in said
    assert "line 4: https://news.example.org/feed/ is watched already, as feed 1" in said
    assert "line 5: skipped: Gone: its address begins with gopher:, and only http" in said
    assert len(told(run)) == 1
    done = run("feeds", "import", "-", "--json", stdin=OPML.encode())
    assert [len(done[part]) for part in ("added", "known", "repeated", "skipped")] == [1, 1, 1, 1]
    assert told(run)[1]["folder"] == "Схід / фронт"
    assert "0 added, 3 watched already" in run("feeds", "import", str(file))


def test_what_is_exported_can_be_imported(store: Store, run: Run) -> None:
    """All that operators say of a feed comes back; the file is OPML 2.0 with our own attributes in our namespace."""
    run("feeds", "import", "-", stdin=OPML.encode())
    for number, title in (("1", "Ґанок &amp; <b>ok</b> \"q\" 'a'"), ("2", "&lt; b")):
        run("feeds", "set", number, "--title", title, "--publisher", "P & <Q>", "--country", "UA", "--side", "official")
    before, exported = told(run), run("feeds", "export")
    root = ET.fromstring(exported.encode())
    assert (root.tag, root.attrib) == ("opml", {"version": "2.0"})
    outlines = root.findall(".//outline[@xmlUrl]")
    assert all(one.get("type") == "rss" and one.get("text") for one in outlines)
    assert outlines[0].get(f"{{{NAMESPACE}}}side") == "official"
    for number in ("1", "2"):
        run("feeds", "remove", number)
    run("feeds", "import", "-", stdin=exported.encode())
    assert sorted(map(json.dumps, told(run))) == sorted(map(json.dumps, before))


@pytest.mark.parametrize("body", [b"", b"<html><body>no</body></html>", b"\x00\xff\xfe binary", b"just words\n"])
def test_a_file_without_feeds_is_refused(store: Store, run: Run, body: bytes) -> None:
    """And it is said what is expected."""
    with pytest.raises(ConfigurationError, match="no feed found"):
        run("feeds", "import", "-", stdin=body)


def test_a_file_that_cannot_be_read_is_named(store: Store, run: Run, tmp_path: Path) -> None:
    """Missing, or a folder."""
    for file in (tmp_path / "none.opml", tmp_path):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            run("feeds", "import", str(file))


def test_a_feed_that_the_file_lists_twice_is_polled_once(store: Store, run: Run, tmp_path: Path) -> None:
    """Also beside one that was added by hand; applying says so and stays safe to repeat."""
    add_feed(store, url="https://hand.example.org/rss")
    file = tmp_path / "sectorwatch.toml"
    urls = ("https://a.example/rss", "http://www.a.example/rss/", "http://hand.example.org/rss")
    file.write_text("".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls), "utf-8")
    for added in ("feed https://a.example/rss", "nothing to change"):
        said = run("apply", str(file))
        assert added in said
        assert "= feed http://www.a.example/rss/ is https://a.example/rss: polled once" in said
        assert "= feed http://hand.example.org/rss is https://hand.example.org/rss: polled once" in said
    assert [feed["url"] for feed in told(run)] == ["https://hand.example.org/rss", "https://a.example/rss"]
