"""From a page to its article: text, title, address, date, and what happens where there is none."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.pages.article import extract_article, feed_article
from sectorwatch.domain import FeedText
from sectorwatch.errors import InputError, PageRefused
from tests.cpu_time import measured

URL = "https://www.example.org/news/2025/hospital?id=7"
LEAD = "Російські війська вночі обстріляли Куп'янськ, пошкоджено лікарню та два житлові будинки, повідомили в області."
BODY = (
    "Вибухова хвиля вибила вікна у хірургічному відділенні, пацієнтів перевели до підвалу ще до початку тривоги.",
    "За словами головного лікаря, обладнання не постраждало, і вже вранці відділення знову приймало хворих.",
    "Рятувальники розбирали завали до полудня, а комунальні служби закривали вікна плитами та плівкою.",
)
FULL_STORY = "".join(f"<p>{line}</p>" for line in (*BODY, *(f"{line} Деталі уточнюють." for line in BODY)))


def page(
    *,
    head: str = "<title>Удар по лікарні в Куп'янську | Новини Приклад</title>",
    body: str = f"<article><h1>Удар по лікарні в Куп'янську</h1><p>{LEAD}</p>{FULL_STORY}</article>",
    lang: str = "uk-UA",
) -> str:
    menu = "<nav><ul><li><a href='/'>Головна</a></li><li><a href='/w'>Війна</a></li></ul></nav>"
    foot = "<footer><p>Усі права захищено.</p></footer>"
    return f'<!DOCTYPE html><html lang="{lang}"><head>{head}</head><body>{menu}{body}{foot}</body></html>'


def feed(
    *, title: str = "", summary: str = "", content: str | None = None, published_at: datetime | None = None
) -> FeedText:
    return FeedText(title=title, summary=summary, content=content, language="uk", published_at=published_at)


# ------------------------------------------------------------------------------------------------------------- text


def test_the_text_is_the_article_without_menu_foot_and_headline() -> None:
    """Paragraphs come one a line; what stands around the article is left out, the headline is the title's."""
    article = extract_article(page().encode(), url=URL)
    lines = article.text.split("\n")
    assert lines[0] == LEAD
    assert set(BODY) <= set(lines)
    assert not {"Головна", "Усі права захищено.", "Удар по лікарні в Куп'янську"} & set(lines)
    assert article.title == "Удар по лікарні в Куп'янську"
    assert (article.language, article.method) == ("uk", "fast")


def test_a_text_that_begins_with_the_feeds_headline_loses_it() -> None:
    """The headline counts as title once, not as lead as well, however it is punctuated."""
    body = f"<article><p>Удар по лікарні: троє поранених.</p><p>{LEAD}</p>{FULL_STORY}</article>"
    given = feed(title="Удар по лікарні – троє поранених")
    article = extract_article(page(body=body).encode(), url=URL, feed=given)
    assert article.text.startswith(LEAD)
    assert article.title == given.title


def test_a_headline_that_runs_into_a_short_text_is_no_part_of_its_first_sentence() -> None:
    """The quick extraction gives a page of one paragraph as one line; a title that goes on is the sentence's own."""
    text = "Fighting went on near Kupiansk through the night, the military said. Two attacks were repelled."
    title = "Defenders hold the eastern bank"
    short = "<html><title>{0}</title><article><h1>{0}</h1><p>{1}</p></article></html>"
    assert extract_article(short.format(title, text).encode(), url=URL).text == text
    goes_on = f"{title} of the river, the military said, and {text}"
    whole = f"<html><title>{title}</title><article><p>{goes_on}</p></article></html>"
    assert extract_article(whole.encode(), url=URL).text == goes_on


@pytest.mark.parametrize(
    ("before", "marked", "method"),
    [
        ("<article><p>A short teaser.</p></article>", '<div class="x">{}</div>', "full"),
        ("", '<div class="comment-body">{}</div>', "plain"),
    ],
)
def test_a_page_whose_paragraphs_the_quick_way_misses_is_read_thoroughly(before: str, marked: str, method: str) -> None:
    """Where most of the paragraphs are missing the thorough extraction is asked, then the paragraphs are taken."""
    body = before + marked.format("".join(f"<p>{line}</p>" for line in (*BODY, LEAD) * 3))
    article = extract_article(page(body=body).encode(), url=URL)
    assert article.method == method
    assert {LEAD, *BODY} <= set(article.text.split("\n"))


def paragraphs_of(lines: list[str], marked: str) -> str:
    return marked.format("".join(f"<p>{line}</p>" for line in lines))


@pytest.mark.parametrize(("other", "whole"), [("entry-content", True), ("related-content", False)])
def test_an_article_in_parts_is_read_whole(other: str, whole: bool) -> None:
    """What stands in elements of the same kind, beyond an advertisement, is the article's; teasers are of another."""
    first = [f"{line} Так було {day} лютого." for day in range(1, 5) for line in BODY]
    rest = [f"{line} Так було {day} березня." for day in range(1, 5) for line in BODY]
    parts = paragraphs_of(first, '<div><div class="entry-content">{}</div></div>')
    parts += paragraphs_of(rest, f'<div><div class="{other}">{{}}</div></div>')
    text = extract_article(page(body=parts).encode(), url=URL).text.split("\n")
    assert text == first + (rest if whole else [])


@pytest.mark.parametrize(
    "unseen",
    ["<!-->", "<!--->", "<!-- > -- {} -->", "<style>{}</style >", "<SCRIPT x='</p>'>{}</script\n>", "<!-- {} --!>"],
)
def test_what_a_browser_skips_is_skipped_and_no_more(unseen: str) -> None:
    """The article around comments, styles and scripts is whole, and nothing of them is in it."""
    hidden = "<p>Приховане речення, якого читач не бачить на сторінці ніколи й ніде.</p>"
    body = f"<article><p>{LEAD}</p>{unseen.format(hidden)}{FULL_STORY}{unseen.format(hidden)}</article>"
    text = extract_article(page(body=body).encode(), url=URL).text
    assert {LEAD, *BODY} <= set(text.split("\n"))
    assert "Приховане" not in text


def test_a_menu_before_the_text_is_no_part_of_it() -> None:
    """Names of districts in a menu of a town's site would be mentions."""
    menu = "".join(f"<li>{name}</li>" for name in ("Куп'янськ", "Лиман", "Ізюм", "Чугуїв") * 4)
    text = extract_article(
        page(body=f"<article><ul>{menu}</ul><p>{LEAD}</p>{FULL_STORY}</article>").encode(), url=URL
    ).text
    assert text.startswith(LEAD)


@pytest.mark.parametrize(("described", "ends"), [((LEAD, *BODY), True), ((LEAD, BODY[0]), False)])
def test_the_text_ends_where_its_description_ends(described: tuple[str, ...], ends: bool) -> None:
    """Other stories below are not the article's, unless the description is only its beginning."""
    below = [f"{word} {line}" for word in ("Тим часом:", "Водночас:") for line in BODY]
    head = json.dumps({"@type": "NewsArticle", "headline": "Удар", "articleBody": " ".join(described)})
    lines = "".join(f"<p>{line}</p>" for line in (LEAD, *BODY, *below))
    html = page(head=f"<script type='application/ld+json'>{head}</script>", body=f"<article>{lines}</article>")
    text = extract_article(html.encode(), url=URL).text.split("\n")
    assert text == [LEAD, *BODY, *([] if ends else below)]


def test_the_text_of_the_description_stands_in_for_a_page_drawn_by_scripts() -> None:
    """A page without paragraphs whose schema.org description holds the article is readable."""
    described = json.dumps({"@type": "NewsArticle", "headline": "h", "articleBody": "\n".join((LEAD, *BODY))})
    head = f'<title>t</title><script type="application/ld+json">{described}</script>'
    article = extract_article(page(head=head, body="<div id='app'></div>").encode(), url=URL)
    assert article.method == "plain"
    assert LEAD in article.text


@pytest.mark.parametrize("hostile", ['{"@type":["datePublished"' * 8000, "<script>" * 30_000, "</script" * 30_000])
def test_hostile_scripts_cost_little(hostile: str) -> None:
    """Nested JSON and scripts without end take time in proportion to their length, not its square."""
    html = page(head=f'<title>t</title><script type="application/ld+json">{hostile}</script>')

    def extracted() -> None:
        with contextlib.suppress(InputError):
            extract_article(html.encode(), url=URL)

    assert measured(extracted)[1] < 2  # 0.1 s when the machine is free; 8 s before scripts were left out


def test_the_feeds_own_text_is_taken_where_the_page_has_clearly_less() -> None:
    """Behind a paywall the full text of the feed is the article; the page still says what it is."""
    walled = page(body=f"<article><h1>Удар</h1><p>{LEAD}</p><p>Передплатіть, щоб читати далі.</p></article>")
    article = extract_article(walled.encode(), url=URL, feed=feed(title="Удар", content=FULL_STORY))
    assert article.method == "feed"
    assert article.text.split("\n")[0] == BODY[0]
    assert article.canonical_url == URL


def test_a_feed_with_a_teaser_does_not_replace_the_page() -> None:
    """A summary shorter than the article changes nothing but the title."""
    article = extract_article(page().encode(), url=URL, feed=feed(title="Удар", summary=LEAD))
    assert article.method == "fast"
    assert BODY[0] in article.text
    assert article.title == "Удар"


# --------------------------------------------------------------------------------------------------- what it is not


@pytest.mark.parametrize("given", [None, feed(title="t", summary=LEAD)], ids=["alone", "with a feed's text"])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b" \r\n\x00\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00", "film"),
        (b"\x1f\x8b\x08\x00\x00\x00", "gzip"),
        (b"PK\x03\x04\x14\x00", "packed"),
        (bytes(range(1, 32)) * 20, "binary"),
    ],
)
def test_what_is_no_page_is_refused_in_words(body: bytes, words: str, given: FeedText | None) -> None:
    """An empty answer, a document, an image: the error names it, also when the feed could stand in."""
    with pytest.raises(InputError, match=words):
        extract_article(body, url=URL, feed=given)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"title": "x", "body": "' + b"words " * 100 + b'"}', "JSON"),
        (b"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title></channel></rss>", "feed"),
        (b"Not found", "no web page"),
        (b"<;>" * 1000, "no web page"),
        (b"<html><body><div id='app'></div><script>start()</script></body></html>", "JavaScript"),
        (b"<html><body><img src='a.png'></body></html>", "no readable text"),
    ],
)
def test_a_page_without_readable_text_is_an_error_in_words(body: bytes, words: str) -> None:
    """The error says what came, whatever the feed has: then the page is tried again."""
    for told in (None, feed(title="only a title"), feed(title="t", summary=LEAD)):
        with pytest.raises(PageRefused, match=words):
            extract_article(body, url=URL, feed=told)


def test_plain_text_is_read_as_it_stands() -> None:
    """A long text without markup is an article whose first line is its title."""
    article = extract_article("\n".join(("Headline", LEAD, *BODY)).encode(), url=URL)
    assert (article.title, article.method) == ("Headline", "plain")
    assert article.text == "\n".join((LEAD, *BODY))


# ---------------------------------------------------------------------------------------------------------- charset


@pytest.mark.parametrize(
    ("encoding", "http", "meta"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", "", "utf-8"),
        ("utf-8", "windows-1251", ""),
        ("utf-8", "iso-8859-1", "iso-8859-1"),
        ("windows-1251", "windows-1251", ""),
        ("windows-1251", "", "windows-1251"),
        ("windows-1251", "utf-8", ""),
        ("windows-1251", "iso-8859-1", "windows-1251"),
        ("windows-1251", "nonsense", ""),
        ("koi8-u", "koi8-u", ""),
        ("koi8-u", "", ""),
        ("utf-16", "", ""),
    ],
)
def test_the_letters_are_right_whatever_the_label_says(encoding: str, http: str, meta: str) -> None:
    """Charsets come from the HTTP answer, the page or its bytes; a wrong label does no harm."""
    head = f'<meta charset="{meta}">' if meta else ""
    html = page(head=head + "<title>Удар по лікарні в Куп'янську</title>").replace("’", "'")
    article = extract_article(html.encode(encoding), url=URL, charset=http)
    assert article.text.startswith(LEAD)
    assert article.title == "Удар по лікарні в Куп'янську"


def test_nul_and_control_characters_do_no_harm() -> None:
    """NULs in a page cost nothing of its text and do not reach the database."""
    article = extract_article(page().replace("лікарню", "лік\0арню").replace("<p>", "<p>\x0b").encode(), url=URL)
    assert article.text.startswith(LEAD)
    assert not set("\0\x0b") & set(article.text)


@pytest.mark.parametrize("prolog", ['<?xml version="1.0" encoding="windows-1251"?>', "\ufeff", "\n\n"])
def test_an_xml_prolog_or_byte_order_mark_is_no_hindrance(prolog: str) -> None:
    """XHTML pages declare their charset in a prolog, which holds for bytes only."""
    assert extract_article((prolog + page()).encode(), url=URL).text.startswith(LEAD)


# ------------------------------------------------------------------------------------------------- what the page says


@pytest.mark.parametrize(
    ("head", "h1", "title"),
    [
        ("<title>Bridge reopened | Example News</title>", "", "Bridge reopened"),
        ("<title>Example: bridge reopened</title>", "", "Example: bridge reopened"),
        ("<title>Bridge - Example</title>", "", "Bridge"),
        ("<title>Bridge reopened — after ten years</title>", "", "Bridge reopened — after ten years"),
        ("<title>Bridge reopened | World | Daily</title>", "Bridge reopened", "Bridge reopened"),
        ('<title>x</title><meta property="og:title" content="Bridge &amp;amp; road">', "", "Bridge & road"),
        ('<meta property="og:site_name" content="The Daily"><title>Bridge – The Daily</title>', "", "Bridge"),
        ("", "Bridge <em>reopened</em>", "Bridge reopened"),
        ("", "", ""),
    ],
)
def test_the_title_is_that_of_the_article(head: str, h1: str, title: str) -> None:
    """The site's name is no part of a title; a heading serves where nothing else is stated."""
    body = f"<article>{f'<h1>{h1}</h1>' if h1 else ''}<p>{LEAD}</p>{FULL_STORY}</article>"
    assert extract_article(page(head=head, body=body).encode(), url=URL).title == title


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://example.org/news/hospital?utm_source=x#top", "https://example.org/news/hospital"),
        ("/news/hospital", "https://www.example.org/news/hospital"),
        ("https://m.example.org/a", "https://m.example.org/a"),
        ("https://elsewhere.net/news/hospital", URL),
        ("https://example.org/", URL),
        ("javascript:void(0)", URL),
        ("http://[", URL),
        ("", URL),
    ],
)
def test_a_page_names_its_address_within_its_own_site_only(link: str, address: str) -> None:
    """Neither another site nor the front page can be the address of an article."""
    html = page(head=f'<title>t</title><link rel="canonical" href="{link}">')
    assert extract_article(html.encode(), url=URL).canonical_url == address


@pytest.mark.parametrize(
    ("head", "moment"),
    [
        ('<meta property="article:published_time" content="2025-11-23T14:05:00+02:00">', (2025, 11, 23, 12, 5)),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "datePublished": "2001-01-01T00:00Z"},'
            '{"@type": ["NewsArticle"], "datePublished": "2025-11-23T12:05:00Z"}]}</script>',
            (2025, 11, 23, 12, 5),
        ),
        ('<meta name="date" content="2025-11-23">', (2025, 11, 23, 0, 0)),
        (
            '<meta name="date" content="2025-11-23"><meta itemprop="datePublished" content="2025-11-23T10:00Z">',
            (2025, 11, 23, 10, 0),
        ),
        ('<meta property="article:published_time" content="0001-01-01T00:00:00Z">', None),
        ('<meta property="article:published_time" content="soon">', None),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": [1]}</script>', None),
    ],
)
def test_the_date_is_read_from_where_pages_state_it(head: str, moment: tuple[int, ...] | None) -> None:
    """A stated time wins over a mere day; what is no date is none."""
    expected = datetime(*moment, tzinfo=UTC) if moment else None  # type: ignore[misc,arg-type]  # five numbers
    assert extract_article(page(head=head).encode(), url=URL).published_at == expected


def test_the_feeds_date_fills_in_for_a_page_without_one() -> None:
    """What the feed said is kept where the page says nothing."""
    moment = datetime(2025, 11, 23, 12, tzinfo=UTC)
    article = extract_article(page().encode(), url=URL, feed=feed(published_at=moment))
    assert article.published_at == moment


@pytest.mark.parametrize(
    ("lang", "code"), [("uk", "uk"), ("ru_RU", "ru"), ("", ""), ("x-default", ""), ("EN-gb", "en")]
)
def test_the_language_is_the_declared_one(lang: str, code: str) -> None:
    """Two letters of what the page declares; nothing is guessed here."""
    assert extract_article(page(lang=lang).encode(), url=URL).language == code


def test_author_and_site_are_the_pages_own_words() -> None:
    """Names come from the description, several joined; an address is no name."""
    head = (
        '<meta property="article:author" content="https://facebook.example/x"><meta name="author" content="Desk">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "h", "publisher": {"name": "Daily"},'
        ' "author": [{"name": "Olena K."}, {"name": "Ivan P."}]}</script>'
    )
    article = extract_article(page(head=head).encode(), url=URL)
    assert (article.author, article.site) == ("Olena K., Ivan P.", "Daily")


# ---------------------------------------------------------------------------------------------------- the feed's text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (feed(title="T", content="<p>One.</p><p>Two &amp; three.</p><script>x()</script>"), "One.\nTwo & three."),
        (feed(title="T", summary="a < b & c\n\n second"), "a < b & c\nsecond"),
        (feed(title="T", summary="the longer summary", content="<p>short</p>"), "the longer summary"),
        (feed(title="Same words", summary="Same words."), ""),
        (feed(title="T"), ""),
        (feed(title="T", content="<p>\ud800\0x</p>"), "x"),
    ],
)
def test_the_feeds_own_words_make_an_article(given: FeedText, text: str) -> None:
    """Content as paragraphs, else the summary as it stands; a repeated title is no text."""
    article = feed_article(given)
    assert (article.title, article.text, article.method, article.language) == (given.title, text, "feed", "uk")


@given(st.text(max_size=200), st.text(max_size=200), st.none() | st.text(max_size=300))
def test_a_feeds_text_never_fails(title: str, summary: str, content: str | None) -> None:
    """Whatever a feed holds becomes an article, if an empty one, without characters that cannot be stored."""
    article = feed_article(feed(title=title, summary=summary, content=content))
    (article.title + article.text).encode()
    assert "\0" not in article.title + article.text


@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "windows-1251", "utf-16", "\0"]))
def test_bytes_of_any_kind_are_read_or_refused(body: bytes, charset: str) -> None:
    """InputError is the only error that a page can cause."""
    for html in (body, b"<html><head><title>" + body + b"</title></head><body><p>" + body):
        try:
            article = extract_article(html, url=URL, charset=charset)
        except InputError:
            continue
        assert article.text


# ------------------------------------------------------------------------------------------ what else a page says


@pytest.mark.parametrize(
    ("head", "name", "value", "where"),
    [
        ('<meta property="article:modified_time" content="2026-03-02T10:00:00+02:00">', "modified_at",
         datetime(2026, 3, 2, 8, tzinfo=UTC), "meta article:modified_time"),
        ('<meta property="og:updated_time" content="2026-03-01T08:00:00Z">', "modified_at", None, ""),  # as published
        ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", "dateModified":'
         ' "2026-03-03T00:00:01Z", "image": [{"url": "/a.jpg"}], "author": [{"name": "О. Автор"}]}</script>',
         "modified_at", datetime(2026, 3, 3, 0, 0, 1, tzinfo=UTC), "schema.org dateModified"),
        ('<meta property="og:image" content="/pic.jpg"><meta name="twitter:image" content="/other.jpg">', "image_url",
         "https://www.example.org/pic.jpg", "meta og:image"),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", "image": ["data:x", "/b"]}'
         '</script><link rel="image_src" href="//cdn.example.org/c.png">', "image_url",
         "https://cdn.example.org/c.png", "link rel=image_src"),
        ('<meta property="og:image" content="data:image/png;base64,AAAA">', "image_url", "", ""),
        ('<meta property="og:image" content="https://user:pass@example.org/a.png">', "image_url",
         "https://example.org/a.png", "meta og:image"),
        ('<meta property="og:locale" content="en_US">', "language", "uk", "html lang"),
    ],
)  # fmt: skip
def test_what_a_page_says_is_read_and_where_it_stands(head: str, name: str, value: object, where: str) -> None:
    """When it was changed, its picture and its language, each with the element that says so."""
    published = '<meta property="article:published_time" content="2026-03-01T08:00:00Z">'
    article = extract_article(page(head=f"<title>Удар</title>{published}{head}").encode(), url=URL)
    assert getattr(article, name) == value
    assert article.account.origins.get({"modified_at": "modified", "image_url": "image"}.get(name, name), "") == where


def test_a_byline_in_the_page_names_the_author() -> None:
    """The element that is marked as such, where it is no longer than a name."""
    for byline, author in (("Олена Автор", "Олена Автор"), ("слово " * 30, "")):
        body = f"<article><h1>Удар</h1><a rel='author'>{byline}</a><p>{LEAD}</p>{FULL_STORY}</article>"
        assert extract_article(page(body=body).encode(), url=URL).author == author


def test_the_feed_says_what_the_page_does_not() -> None:
    """Author, picture and time of change: the page's own word first."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    told = FeedText(
        title="", summary="", content=None, language="", published_at=None, modified_at=at, author="Feed", image_url="f"
    )
    bare = extract_article(page().encode(), url=URL, feed=told)
    assert (bare.author, bare.image_url, bare.modified_at) == ("Feed", "f", at)
    assert bare.account.origins["author"] == "feed"
    head = "<title>Удар</title><meta name='author' content='Page'><meta property='og:image' content='/p'>"
    own = extract_article(page(head=head).encode(), url=URL, feed=told)
    assert (own.author, own.image_url) == ("Page", "https://www.example.org/p")
    assert feed_article(told).author == "Feed"


def test_the_way_to_the_text_is_accounted_for() -> None:
    """What was tried, what each gave, what was taken and why; and by which version."""
    quick = extract_article(page().encode(), url=URL)
    assert [way.name for way in quick.account.ways] == ["fast"]
    assert quick.account.ways[0].characters >= len(quick.text)
    assert "enough" in quick.account.why
    longer = feed(content="".join(f"<p>{line}</p>" for line in BODY * 9))
    of_feed = extract_article(page().encode(), url=URL, feed=longer)
    assert [way.name for way in of_feed.account.ways] == ["fast", "feed"]
    assert (of_feed.method, of_feed.account.why) == ("feed", "the feed's own text has clearly more than the page")
    thin = extract_article(page(body=f"<article><p>{LEAD}</p></article>").encode(), url=URL)
    assert "full" in [way.name for way in thin.account.ways]
    assert len(quick.extraction) == 12
    assert feed_article(longer).extraction == ""
