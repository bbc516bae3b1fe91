"""Addresses: what counts as the same page, and what never may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.urls import absolute, canonical, host_of, same_site, without_user

SAME = [
    ("HTTP://Example.COM/a", "http://example.com/a"),
    ("http://example.com", "http://example.com/"),
    ("http://example.com:80/a", "http://example.com/a"),
    ("https://example.com:443/a", "https://example.com/a"),
    ("http://example.com./a", "http://example.com/a"),
    ("http://example.com/a#comments", "http://example.com/a"),
    ("http://example.com/a/../b/./c", "http://example.com/b/c"),
    ("http://example.com/a/b/..", "http://example.com/a/"),
    ("http://example.com/../../a/.", "http://example.com/a/"),
    ("http://example.com/a?utm_source=rss&utm_medium=feed", "http://example.com/a"),
    ("http://example.com/a?id=5&fbclid=xyz", "http://example.com/a?id=5"),
    ("http://example.com/a?UTM_Campaign=x&id=5", "http://example.com/a?id=5"),
    ("http://example.com/a?b=2&a=1", "http://example.com/a?a=1&b=2"),
    ("http://example.com/новина", "http://example.com/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B0"),
    ("http://example.com/%d0%bd", "http://example.com/%D0%BD"),
    ("https://новини.укр/a", "https://xn--b1amarcd.xn--j1amh/a"),
    (" http://example.com/a\n", "http://example.com/a"),
    ("http://user:secret@example.com/a", "http://example.com/a"),
]

DIFFERENT = [
    ("http://example.com/news.php?123456", "http://example.com/news.php?123457"),  # no name, and yet all there is
    ("http://example.com/news.php?cid=1", "http://example.com/news.php?cid=2"),
    ("http://example.com/?eid=1", "http://example.com/?eid=2"),
    ("http://example.com/?source=1", "http://example.com/?source=2"),
    ("http://example.com/a?u=http://other.com/1", "http://example.com/a?u=http://other.com/2"),
    ("http://example.com/Article", "http://example.com/article"),
    ("http://example.com/a", "http://www.example.com/a"),
    ("http://example.com/a", "http://example.com:8080/a"),
    ("http://example.com/a%2Fb", "http://example.com/a/b"),
]

NONE = [
    "",
    "   ",
    "javascript:alert(1)",
    "mailto:a@example.com",
    "ftp://example.com/a",
    "file:///etc/passwd",
    "urn:uuid:1",
    "http://",
    "http://[bad/",
    "http://example.com:99999/",
    "http://example..com/",
    "http:// \\@0/",  # whose host would be an escaped space
    "//example.com/a",
    "http://example.com/" + "a" * 5_000,
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_address_are_one(one: str, other: str) -> None:
    """Two ways to write one address have one canonical form."""
    assert canonical(one) == canonical(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_articles_stay_two(one: str, other: str) -> None:
    """Addresses that may lead to two articles never become one: the second would be lost."""
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("url", NONE)
def test_what_is_no_web_address_has_no_canonical_form(url: str) -> None:
    """Other schemes, broken and endless addresses give "", and no exception."""
    assert canonical(url) == ""


ODD = st.text(alphabet="aZ%2fF0./:?&=;+#@[]~ \\ёÉ-_'\"<>|\u200b", max_size=40)


@given(ODD, ODD)
def test_the_canonical_form_is_its_own_canonical_form(one: str, other: str) -> None:
    """Whatever is in an address, the second pass changes nothing, and none raises."""
    for url in (f"https://Example.com/{one}?{other}", f"http://{one}/{other}"):
        once = canonical(url)

        assert canonical(once) == once


@pytest.mark.parametrize(
    ("base", "link", "expected"),
    [
        ("http://example.com/feed/", "a.html", "http://example.com/feed/a.html"),
        ("http://example.com/feed", "/a", "http://example.com/a"),
        ("https://example.com/feed", "//cdn.example.com/a", "https://cdn.example.com/a"),
        ("http://example.com/", "http://other.com/a", "http://other.com/a"),
        ("", "http://other.com/a b", "http://other.com/a%20b"),
        ("http://example.com/", "", ""),
        ("", "/a", ""),
        ("http://example.com/", "javascript:void(0)", ""),
        ("http://example.com/", "http://[", ""),
        ("http://example.com/", "http://other.com:99999/", ""),
        ("http://example.com/", "http://other.com:x/", ""),
        ("http://example.com/", "http://oth er.com/", ""),
    ],
)
def test_links_are_resolved_against_their_base(base: str, link: str, expected: str) -> None:
    """A relative link becomes absolute; what cannot become a web address becomes ""."""
    assert absolute(base, link) == expected


def test_an_address_is_shown_without_its_user() -> None:
    """What stands before an @ is neither kept nor able to pass for the host; one in the path stays."""
    assert without_user("https://bank.example:secret@evil.example:81/a@b?c#d") == "https://evil.example:81/a@b?c#d"
    assert without_user("https://news.example/@desk") == "https://news.example/@desk"


def test_hosts_are_compared_in_lower_case() -> None:
    """The host has no port, user or capitals; there is none in a broken address."""
    assert host_of("http://user@News.Example.COM:81/a") == "news.example.com"
    assert host_of("http://[") == host_of("no address") == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://war.example.com.ua/a", "https://www.example.com.ua/", True),
        ("https://one.com.ua/", "https://two.com.ua/", False),  # com.ua is a public suffix
        ("https://one.github.io/", "https://two.github.io/", False),
        ("http://127.0.0.1:81/a", "http://127.0.0.1:82/", True),
        ("http://news.test/", "http://other.test/", False),
        ("http://news.test/", "", False),
    ],
)
def test_a_site_is_its_registrable_domain(one: str, other: str, same: bool) -> None:
    """Hosts under one registered name are one site; hosts under one public suffix are not."""
    assert same_site(one, other) is same
