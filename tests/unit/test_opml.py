"""Lists of feeds as they are in the wild: what can be read is, and what cannot is named with its line."""

from __future__ import annotations

import pytest

from extractors.feeds.opml import MOST_FEEDS, address, read_list
from tests.cpu_time import measured

A, B = "https://a.example/rss", "https://b.example/"


@pytest.mark.parametrize(
    ("body", "urls"),
    [
        (f'<outline text="A" xmlUrl="{A}"/>', [A]),
        (f"<OUTLINE TEXT='A' XMLURL='{A}'>", [A]),  # upper case, not closed, no root
        (f'<opml><body><outline text=A type=rss xmlUrl={A} ></outline></body></opml>', [A]),  # no quotes
        (f'<outline text="Q&A" xmlUrl="{B}?x=1&y=2&copy=3&amp;z=4"/>', [f"{B}?x=1&y=2&copy=3&z=4"]),
        (f'<outline text="A" xmlUrl="{A}"', []),  # cut off
        (f'<outline text="the "new" one" xmlUrl="{A}"/>', [A]),
        (f'<outline text="said "he" xmlUrl="{A}" type="rss"/><outline xmlUrl="{B}"/>', [A, B]),
        (f'<outline text="A" type="rss" url="{A}"/>', [A]),
        (f'<!-- <outline xmlUrl="https://old.example/"/> --><outline text="<!-- x" xmlUrl="{A}"/>', [A]),
        (f'&lt;opml&gt;&lt;outline text="A" xmlUrl="{A}"/&gt;', [A]),
        ('<outline xmlUrl="feed://a.example/"/><outline xmlUrl="feed:https://b.example/"/>', ["http://a.example/", B]),
        ('<outline xmlUrl=" https://a.example/a b#top "/>', ["https://a.example/a%20b"]),
        (f'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><outline text="&x;" xmlUrl="{A}"/>', [A]),
        (f"# mine\n\n{A}\n{A} \"news\" \"~Title\"\n", [A, A]),
        ("", []),
        ("<opml><body/></opml>", []),
    ],
)  # fmt: skip
def test_what_can_be_read_is(body: str, urls: list[str]) -> None:
    """The addresses of a list, however it is written."""
    for encoded in (body.encode(), b"\xef\xbb\xbf" + body.encode(), body.encode("utf-16")):
        found = read_list(encoded)
        assert [feed.url for feed in found.feeds] == urls


@pytest.mark.parametrize(
    ("outline", "reason"),
    [
        ('text="A" xmlUrl="file:///etc/passwd"', "begins with file:"),
        ('text="A" xmlUrl="ftp://a.example/rss"', "begins with ftp:"),
        ('text="A" xmlUrl="nonsense"', "no web address"),
        ('text="A" xmlUrl="https://me:secret@a.example/"', "names a user"),
        ('text="A" htmlUrl="https://a.example/"', "feeds check https://a.example/"),
        ('text="A" type="rss"', "names no feed"),
        ('text="A" xmlUrl="https://a.example/', "is not closed"),
    ],
)
def test_what_is_skipped_is_named(outline: str, reason: str) -> None:
    """With the line it stands on, and why; what comes after it is read."""
    found = read_list(f'<opml>\n<body>\n<outline {outline}/>\n<outline xmlUrl="{A}"/>\n</body></opml>'.encode())

    (skipped,) = found.skipped
    assert skipped.line == 3
    assert reason in skipped.reason
    assert "secret" not in skipped.reason
    assert [(feed.line, feed.url) for feed in found.feeds] == [(4, A)]


def test_names_and_folders_are_kept() -> None:
    """Folders lie in one another; entities that a file declares are not expanded."""
    found = read_list(
        f"""<?xml version="1.0" encoding="windows-1251"?><!DOCTYPE o [<!ENTITY b "boom">]>
        <opml><body><outline text="Новини"><outline title="Схід &amp;amp; південь">
        <outline text="&b; &lt;b&gt;Правда&lt;/b&gt;" language="uk-UA" xmlUrl="{A}"></outline></outline>
        <outline text="B" xmlUrl="https://b.example/"/></outline>
        <outline text="C" xmlUrl="https://c.example/"/></body></opml>""".encode("cp1251")
    )

    assert [feed.folder for feed in found.feeds] == ["Новини / Схід & південь", "Новини", ""]
    assert (found.feeds[0].title, found.feeds[0].language) == ("&b; Правда", "uk")


@pytest.mark.parametrize(
    "piece",
    [
        '<outline text="a ',
        '<outline text="a">',
        "<outline a='",
        "<!-- ",
        "<![CDATA[",
        "a=",
        "<outline xmlUrl=",
        "&lt;",
        '"',
    ],
)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    """Half a megabyte of anything is read in a moment: nothing is looked through again and again."""
    body = (f"<opml><outline {piece}" + piece * (500_000 // len(piece))).encode()
    assert measured(read_list, body)[1] < 5


def test_a_list_has_a_bound() -> None:
    """It is said how many were left out."""
    found = read_list("\n".join(f"https://a.example/{number}" for number in range(MOST_FEEDS + 2)).encode())
    assert len(found.feeds) == MOST_FEEDS
    assert "50,002" in found.problems[0]


def test_an_address_without_a_scheme_is_one() -> None:
    """People write them so."""
    assert address("a.example/rss") == ("https://a.example/rss", "")
