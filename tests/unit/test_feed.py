"""Feeds: every entry that is there, told apart, with plain words, whole links and honest dates."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.feeds.feed import MOST_ENTRIES, MOST_SUMMARY, MOST_TITLE, parse_feed
from sectorwatch.domain import DateQuality, ParsedFeed
from sectorwatch.errors import FeedError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://news.example/feeds/front.xml"


def rss(items: str, channel: str = "") -> ParsedFeed:
    body = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel><title>Front</title><link>/</link>{channel}{items}</channel></rss>"""
    return parse_feed(body.encode(), url=URL, now=NOW)


def atom(entries: str, attributes: str = "") -> ParsedFeed:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>Front</title>{entries}</feed>'
    return parse_feed(body.encode(), url=URL, now=NOW)


def json_feed(**fields: object) -> ParsedFeed:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "Front", "items": [], **fields}
    return parse_feed(json.dumps(document).encode(), content_type="application/feed+json", url=URL, now=NOW)


# ------------------------------------------------------------------------------------------------------------- formats


def test_an_rss_item_is_read_whole() -> None:
    """Title, link, guid, author, date, summary and full text of an RSS 2.0 item arrive, plain or as safe HTML."""
    feed = rss(
        """<item><title>Kupiansk &amp;amp; <![CDATA[<b>Lyman</b>]]></title><link>/a?id=1&amp;utm_source=rss</link>
        <guid isPermaLink="false">n-1</guid><pubDate>Sun, 01 Mar 2026 10:00:00 +0200</pubDate>
        <dc:creator>O. Author</dc:creator><description>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</description>
        <content:encoded><![CDATA[<p onclick="x()">Full</p><script>x()</script>]]></content:encoded></item>""",
        "<language>uk-UA</language>",
    )

    [entry] = feed.entries
    assert (feed.format, feed.title, feed.language, feed.link) == ("rss20", "Front", "uk", "https://news.example/")
    assert entry.guid == "n-1"
    assert entry.url == "https://news.example/a?id=1&utm_source=rss"
    assert entry.canonical_url == "https://news.example/a?id=1"
    assert entry.title == "Kupiansk & Lyman"
    assert entry.summary == "First.\nSecond."
    assert entry.content == "<p>Full</p>"
    assert entry.author == "O. Author"
    assert entry.published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert entry.date_quality is DateQuality.STATED
    assert feed.problems == ()


def test_an_atom_entry_is_read_whole() -> None:
    """Relative links follow xml:base, the language its nearest xml:lang, and text constructs their type."""
    feed = atom(
        """<entry xml:base="a/" xml:lang="ru"><id>tag:1</id><title type="html">A &amp;lt; B</title><link href="1.html"/>
        <updated>2026-03-01T10:00:00Z</updated><summary>1 &lt; 2</summary>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Text</p></div></content></entry>""",
        'xml:lang="uk" xml:base="https://base.example/"',
    )

    [entry] = feed.entries
    assert (feed.format, feed.language) == ("atom10", "uk")
    assert (entry.guid, entry.url, entry.language) == ("tag:1", "https://base.example/a/1.html", "ru")
    assert (entry.title, entry.summary, entry.content) == ("A < B", "1 < 2", "<p>Text</p>")
    assert entry.published_at == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_a_json_feed_is_read_whole() -> None:
    """JSON Feed carries the same; numbers may stand for ids, and markup in plain fields is text."""
    feed = json_feed(
        language="uk",
        home_page_url="/home",
        items=[
            {
                "id": 7,
                "url": "/7",
                "title": "1 < 2 & <b>",
                "content_html": "<p>Full</p>",
                "summary": "Short",
                "date_published": "2026-03-01T10:00:00+02:00",
                "authors": [{"name": "A"}, {"name": "B"}],
            },
            {"id": "8", "content_text": "a < b\nc"},
            "not an item",
        ],
    )

    first, second = feed.entries
    assert (feed.format, feed.language, feed.link) == ("json11", "uk", "https://news.example/home")
    assert (first.guid, first.url, first.title) == ("7", "https://news.example/7", "1 < 2 & <b>")
    assert (first.summary, first.content, first.author) == ("Short", "<p>Full</p>", "A, B")
    assert first.published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert (second.summary, second.content, second.url) == ("a < b\nc", "a &lt; b<br>c", None)
    assert feed.problems == ("1 item that is no object left out",)


def test_rss_10_is_read() -> None:
    """RDF with items beside the channel gives its entries."""
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>T</title></channel>
        <item rdf:about="https://news.example/1"><title>One</title><link>https://news.example/1</link>
        <dc:date>2026-03-01T10:00:00Z</dc:date></item></rdf:RDF>"""

    feed = parse_feed(body, now=NOW)

    assert feed.format == "rss10"
    assert [(entry.title, entry.url) for entry in feed.entries] == [("One", "https://news.example/1")]
    assert feed.entries[0].published_at == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_a_news_sitemap_is_read() -> None:
    """Address, title, date and language of each article, by whatever prefix; pages that are no news are left out."""
    article = """<url><loc>https://news.example/{0}</loc><n:news><n:publication><n:name>Front</n:name><n:language>uk
        </n:language></n:publication><n:publication_date>2026-03-01T10:00+02:00</n:publication_date>
        <n:title>{0} &amp; more</n:title></n:news></url>"""
    body = f"""<?xml version="1.0" encoding="windows-1251"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{article.format("Куп")}{article.format("b")}
        <url><loc>https://news.example/about</loc></url></urlset>"""

    feed = parse_feed(body.encode("cp1251"), url=URL, now=NOW)

    assert (feed.format, feed.title, feed.language) == ("news-sitemap", "Front", "uk")
    assert [(entry.title, entry.guid) for entry in feed.entries] == [
        ("Куп & more", "https://news.example/Куп"),
        ("b & more", "https://news.example/b"),
    ]
    assert {entry.published_at for entry in feed.entries} == {datetime(2026, 3, 1, 8, tzinfo=UTC)}
    assert feed.problems == ("1 page that is no news left out",)


@pytest.mark.parametrize("version", ["0.90", "0.91", "0.92", "0.93", "0.94", "2.0"])
def test_every_age_of_rss_is_read(version: str) -> None:
    """The formats of 1999 to 2009 differ in what else they may say."""
    item = "<item><title>A</title><link>/1</link></item>"
    body = f"<rss version='{version}'><channel><title>T</title>{item}</channel></rss>"

    assert [entry.url for entry in parse_feed(body.encode(), url=URL, now=NOW).entries] == ["https://news.example/1"]


def test_atom_03_and_rss_090_are_read() -> None:
    """Their elements have other names and namespaces."""
    old_atom = b"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><entry><title>A</title><id>1</id>
        <link rel="alternate" href="/1"/><issued>2026-03-01T10:00:00Z</issued></entry></feed>"""
    netscape = b"http://my.netscape.com/rdf/" + b"simple/0.9/"
    old_rss = (
        b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="%b">
        <channel><title>T</title></channel><item><title>A</title><link>/1</link></item></rdf:RDF>"""
        % netscape
    )

    for body, version in ((old_atom, "atom03"), (old_rss, "rss090")):
        feed = parse_feed(body, url=URL, now=NOW)
        assert (feed.format, feed.entries[0].title, feed.entries[0].url) == (version, "A", "https://news.example/1")


def test_media_and_enclosures_neither_hide_nor_replace_the_page() -> None:
    """A picture, a podcast or a video beside the article leaves its link and words alone; its caption is no text."""
    item = """<item><title>A</title><link>/1</link><description>Words</description>
        <enclosure url="https://news.example/1.mp3" length="1" type="audio/mpeg"/>
        <media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://news.example/1.jpg">
        <media:title>Photo</media:title><media:description>A photo</media:description></media:content></item>"""

    [entry] = rss(item).entries

    assert (entry.title, entry.url, entry.summary) == ("A", "https://news.example/1", "Words")


def test_a_link_is_its_text_whatever_its_attributes() -> None:
    """Bridges of other networks put their own address into an attribute of <link>: the page is what the text names."""
    item = """<item><title>A</title><link uri="at://did:plc:x/app.post/3">https://news.example/1</link></item>"""

    assert rss(item).entries[0].url == "https://news.example/1"


def test_an_empty_feed_is_a_feed() -> None:
    """A feed without entries is no error: a quiet source has one."""
    assert rss("").entries == atom("").entries == json_feed().entries == ()
    assert parse_feed(b"<rss><channel><title>A & B</title></channel></rss>", now=NOW).entries == ()


# ------------------------------------------------------------------------------------------------------------ identity


def test_a_guid_is_the_link_or_a_hash_where_there_is_none() -> None:
    """An item without guid is known by its link, one without either by what it says; the same words, the same hash."""
    items = "<item><title>A</title><link>/a</link></item><item><title>B</title></item>"

    first, second = rss(items).entries
    again = rss(items + "<item><title>C</title></item>").entries

    assert first.guid == "https://news.example/a"
    assert len(second.guid) == 32
    assert [entry.guid for entry in again[:2]] == [first.guid, second.guid]
    assert again[2].guid != second.guid


def test_a_guid_does_not_change_when_the_feed_moves() -> None:
    """A guid that looks like a relative link stays as it is, and is no link."""
    body = b"<rss version='2.0'><channel><item><title>A</title><guid>n1</guid></item></channel></rss>"

    here, there = (parse_feed(body, url=url, now=NOW).entries[0] for url in (URL, "https://moved.example/f"))

    assert here.guid == there.guid == "n1"
    assert here.url is None


def test_items_that_share_a_guid_survive_whatever_their_order() -> None:
    """Different items with one guid each get their own, the same in every poll; repeats of one item are one."""
    one = "<item><title>One</title><link>/1</link><guid>same</guid></item>"
    two = "<item><title>Two</title><link>/2</link><guid>same</guid></item>"

    feed, turned = rss(one + two + one), rss(two + one)

    assert [entry.title for entry in feed.entries] == ["One", "Two"]
    assert len({entry.guid for entry in feed.entries}) == 2
    assert {entry.title: entry.guid for entry in feed.entries} == {entry.title: entry.guid for entry in turned.entries}
    assert any("share their guid" in problem for problem in feed.problems)


def test_an_edited_headline_keeps_a_shared_guid_apart_by_its_link() -> None:
    """Where links tell items with one guid apart, a new headline does not make a new item."""
    template = "<item><title>{}</title><link>/1</link><guid>s</guid></item><item><link>/2</link><guid>s</guid></item>"

    before, after = rss(template.format("Old")), rss(template.format("New"))

    assert before.entries[0].guid == after.entries[0].guid


def test_an_endless_guid_is_kept_short() -> None:
    """A guid longer than any database key becomes its hash, and still tells items apart."""
    long = "x" * 10_000
    first, second = rss(f"<item><guid>{long}1</guid></item><item><guid>{long}2</guid></item>").entries

    assert first.guid != second.guid
    assert len(first.guid) == 32


# --------------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("&lt;i&gt;Kupiansk&lt;/i&gt; holds", "Kupiansk holds"),
        ("Куп&amp;#39;янськ", "Куп'янськ"),
        ("AT&amp;T", "AT&T"),
        ("  two \n lines ", "two lines"),
    ],
)
def test_titles_are_plain_words(title: str, shown: str) -> None:
    """Markup and entities in a title become what a reader would see, on one line."""
    assert rss(f"<item><title>{title}</title><guid>1</guid></item>").entries[0].title == shown


def test_the_summary_of_a_full_text_is_its_beginning() -> None:
    """A feed that gives only full texts still gives a summary, cut at a word."""
    text = "word " * 400
    item = f"<item><guid>1</guid><content:encoded>&lt;p&gt;{text}&lt;/p&gt;</content:encoded></item>"

    [entry] = rss(item).entries

    assert entry.summary.startswith("word word")
    assert entry.summary.endswith("word…")
    assert len(entry.summary) <= 1_000
    assert entry.content == f"<p>{text}</p>"


def test_lengths_are_bounded() -> None:
    """However long a title or summary is, what is stored is not."""
    [entry] = rss(f"<item><title>{'a' * 5_000}</title><description>{'b ' * 50_000}</description></item>").entries

    assert len(entry.title) <= MOST_TITLE
    assert len(entry.summary) <= MOST_SUMMARY


def test_characters_that_no_database_takes_are_left_out() -> None:
    """NUL, controls and lone surrogates disappear, in XML and JSON, and all items stay."""
    body = b"<rss version='2.0'><channel><item><title>A\x00\x01B</title></item><item><title>C</title></item></channel>"
    feed = parse_feed(body + b"</rss>", now=NOW)
    [odd] = json_feed(items=[{"id": "\ud800\u0000x", "title": "a\ud83d\u0007b"}]).entries

    assert [entry.title for entry in feed.entries] == ["AB", "C"]
    assert (odd.guid, odd.title) == ("x", "ab")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("&#55357;&#56832;", "\U0001f600"),
        ("&#xD83D;&#xDE00;!", "\U0001f600!"),
        ("a&#55357;b", "ab"),
        ("a&#x110000;b", "ab"),
        ("a&#" + "9" * 5_000 + ";b", "ab"),
        ("a&#0;b", "ab"),
        ("a&#8217;b", "a’b"),
        ("&#128512;", "\U0001f600"),
    ],
)
def test_references_to_no_character_cost_no_feed(written: str, shown: str) -> None:
    """An emoji written as two surrogates is that emoji, an impossible character nothing, in broken feeds too."""
    for end in ("", "<broken"):
        assert rss(f"<item><title>{written}</title><guid>1</guid></item>{end}").entries[0].title == shown


# --------------------------------------------------------------------------------------------------------------- dates


def test_when_an_item_was_changed_and_its_picture_are_read() -> None:
    """In every format; a time of change in the future says nothing."""
    media = 'xmlns:media="http://search.yahoo.com/mrss/"'
    entry = (
        "<entry><id>1</id><title>T</title><published>2026-03-01T08:00:00Z</published><updated>{}</updated>"
        '<media:thumbnail url="/t.jpg"/></entry>'
    )
    item = '<item><guid>1</guid><title>T</title><enclosure url="/e.{0}" type="{1}" length="1"/></item>'
    dates = {"date_published": "2026-03-01T08:00:00Z", "date_modified": "2026-03-01T09:00:00Z"}
    sitemap = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news'
        '/0.9" xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://news.example/1</loc><lastmod>'
        "2026-03-01T09:00:00Z</lastmod><n:news><n:publication_date>2026-03-01T08:00:00Z</n:publication_date><n:title>T"
        "</n:title></n:news><i:image><i:loc>https://news.example/s.jpg</i:loc></i:image></url></urlset>"
    )
    feeds = (
        *(
            atom(entry.format(moment), media)
            for moment in ("2026-03-01T09:00:00Z", "2026-03-01T08:00:00Z", "2030-01-01")
        ),
        rss(item.format("jpg", "image/jpeg")),
        rss(item.format("mp3", "audio/mpeg")),
        json_feed(items=[{"id": "1", "title": "T", "image": "/j.jpg", **dates}]),
        parse_feed(sitemap.encode(), url=URL, now=NOW),
    )
    said = [(one.entries[0].updated_at and one.entries[0].updated_at.hour, one.entries[0].image_url) for one in feeds]
    site = "https://news.example"
    thumbnail = f"{site}/t.jpg"
    assert said == [
        *((9, thumbnail), (8, thumbnail), (None, thumbnail)),
        *((None, f"{site}/e.jpg"), (None, "")),
        *((9, f"{site}/j.jpg"), (9, f"{site}/s.jpg")),
    ]


def test_date_qualities_are_told_apart() -> None:
    """Stated, naive, missing and future dates are marked; an undated feed is a problem that is said."""
    dates = ("Sun, 01 Mar 2026 10:00:00 GMT", "Sun, 01 Mar 2026 10:00:00", "soon", "Mon, 02 Mar 2026 10:00:00 GMT")
    feed = rss("".join(f"<item><title>{date}</title><pubDate>{date}</pubDate></item>" for date in dates))

    assert [entry.date_quality.value for entry in feed.entries] == ["stated", "naive", "missing", "future"]
    assert "no entry is dated" not in feed.problems
    assert "no entry is dated" in rss("<item><title>A</title></item>").problems


@pytest.mark.parametrize(
    ("channel", "ttl"),
    [
        ("<ttl>30</ttl>", timedelta(minutes=30)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(hours=6)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>nan</ttl>", None),
        ("<ttl>1e300</ttl>", None),
        ("", None),
    ],
)
def test_the_publishers_hint_is_read(channel: str, ttl: timedelta | None) -> None:
    """ttl and the sy: module say how often to come; nonsense says nothing."""
    assert rss("", channel).hints.every == ttl


# ------------------------------------------------------------------------------------------------------------ failures


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b" \r\n\xef\xbb\xbf", "empty"),
        (b"\x1f\x8b\x08rest", "compressed"),
        (b"<!DOCTYPE html><html><head><title>News</title></head><body><p>Hi</body></html>", "HTML page"),
        (b"<!-- x --><html><body>", "HTML page"),
        (b"<html><title>Just a moment...</title><script>cf-chl</script></html>", "robot check"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>", "a sitemap without news"),
        (b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "a list of sitemaps"),
        (b"<opml version='2.0'><body/></opml>", "<opml>"),
        (
            b"<kml xmlns='http://www.opengis.net/kml/2.2' xmlns:atom='http://www.w3.org/2005/Atom'><atom:link/></kml>",
            "<kml>",
        ),
        (b"plain words", "neither XML nor JSON"),
        (b'{"error": "not found"}', "no list of items"),
        (b'{"items": [', "cannot be read"),
        (b"<rss version='2.0'><channel><title>A & B<item><titl", "cut off before its first entry: not well-formed"),
        (b"<rss version='2.0'><channel><title>News</title>", "cut off before its first entry: not well-formed"),
        (b"[" * 100_000, "cannot be read"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(body: bytes, words: str) -> None:
    """An empty answer, a page, a robot check and other documents are errors that say what came."""
    with pytest.raises(FeedError, match=words):
        parse_feed(body, url=URL, now=NOW)


def test_a_feed_that_is_not_well_formed_is_read_and_said() -> None:
    """Bare ampersands and a missing end cost no entry; the problem is noted."""
    body = b"<rss version='2.0'><channel><item><title>A & B</title></item><item><title>C &nbsp; D</title></item>"

    feed = parse_feed(body, now=NOW)

    assert [entry.title for entry in feed.entries] == ["A & B", "C D"]
    assert any(problem.startswith("not well-formed") for problem in feed.problems)


def test_a_feed_that_is_cut_off_loses_its_last_entry_and_says_so() -> None:
    """Half an entry would be stored under another id than the whole one that the next poll brings."""
    body = b"<rss version='2.0'><channel><item><title>A</title></item><item><title>B</title><guid>id-"

    feed = parse_feed(body, now=NOW)

    assert [entry.title for entry in feed.entries] == ["A"]
    assert any("cut off" in problem for problem in feed.problems)


@pytest.mark.parametrize("newest", [0, MOST_ENTRIES + 9])
def test_a_feed_that_is_too_long_is_taken_at_both_ends_and_says_so(newest: int) -> None:
    """Whether its newest entry is the first or the last, it is among those taken."""
    feed = json_feed(items=[{"id": str(number)} for number in range(MOST_ENTRIES + 10)])

    assert len(feed.entries) == MOST_ENTRIES
    assert str(newest) in {entry.guid for entry in feed.entries}
    assert "lists 5,010 entries: the first and the last 2,500 are taken" in feed.problems


def test_a_body_is_never_taken_for_a_file_or_an_address() -> None:
    """A body that names a local file or an address is no feed, and is not opened."""
    for body in (b"/etc/passwd", b"file:///etc/passwd", b"http://127.0.0.1/", __file__.encode()):
        with pytest.raises(FeedError, match="neither XML nor JSON"):
            parse_feed(body, now=NOW)


def test_entities_are_not_read_from_files() -> None:
    """An external entity stays unresolved."""
    body = b"""<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
        <rss version="2.0"><channel><title>T</title><item><title>a&x;b</title><guid>1</guid></item></channel></rss>"""

    assert "root" not in repr(parse_feed(body, now=NOW))


@given(st.binary(max_size=200), st.sampled_from([b"", b"<rss version='2.0'><channel><item>", b"<feed>", b'{"items":[']))
def test_bytes_are_a_feed_or_a_feed_error(body: bytes, start: bytes) -> None:
    """Whatever comes, the answer is a feed or a FeedError."""
    try:
        feed = parse_feed(start + body, now=NOW)
    except FeedError:
        return
    assert len({entry.guid for entry in feed.entries}) == len(feed.entries)
