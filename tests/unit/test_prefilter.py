"""What a page may name is told without extracting it: too often, but never too seldom."""

from __future__ import annotations

import html
import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.gazetteer import shipped
from extractors.prefilter import SEAM, SKIMMED, Prefilter
from extractors.reading import PageToRead, read_page
from sectorwatch.domain import FeedText, Mention, ReadArticle, Rejected

NO_FEED = FeedText(title="", summary="", content=None, language="", published_at=None)
FILLER = (
    "The council met on Monday and talked about the budget of the library, the price of bread and the weather. " * 4
)
MARKS = "'’ʼ‘`´"
UNSEEN = "\u00ad\u200b\u200d\u2060\ufeff"
LOOKALIKES = dict(zip("асеіорхАВСЕІКМНОРТХ", "aceiopxABCEIKMHOPTX", strict=True))


@cache
def prefilter() -> Prefilter:
    return shipped().prefilter


def page(text: str, *, where: str = "p", charset: str = "utf-8") -> bytes:
    """A page of some length that has the text, as markup, in one place."""
    paragraphs = "".join(f"<p>{FILLER}</p>\n" for _ in range(6))
    title = text if where == "title" else "The budget"
    described = f'{{"@type": "NewsArticle", "headline": "x", "articleBody": "{text}. {FILLER * 9}"}}'
    body = f"<p>{text} {FILLER}</p>" if where == "p" else f"<{where}>{text}</{where}>"
    markup = (
        f'<!doctype html><html><head><meta charset="{charset}"><title>{title}</title>'
        + (f'<script type="application/ld+json">{described}</script>' if where == "json" else "")
        + f"</head><body><nav><a>Home</a><a>News</a></nav><article><h1>The budget</h1>{paragraphs}"
        + ("" if where in ("title", "json") else body)
        + "</article></body></html>"
    )
    return markup.encode(charset, "xmlcharrefreplace")


def both(body: bytes, charset: str = "", feed: FeedText = NO_FEED) -> tuple[ReadArticle, ReadArticle]:
    """What reading in full makes of a page, and what it makes of it where it may skim."""
    full, quick = (
        read_page(PageToRead(html=body, url="https://a.example/x", charset=charset, feed=feed, whole=whole))
        for whole in (True, False)
    )
    return full, quick


def candidates(read: ReadArticle) -> tuple[Mention | Rejected, ...]:
    """What detection had to think about: all that it found but what it turns down at once."""
    at_once = (["small_letter"], ["no_ukraine"])
    rejected = (one for one in read.detection.rejected if [reason.code for reason in one.reasons] not in at_once)
    return (*read.detection.mentions, *rejected)


@pytest.mark.parametrize(
    "markup",
    [
        "Ворог атакує Куп'янськ сьогодні",
        "Ворог атакує <b>Куп</b>'янськ сьогодні",
        "<b>К</b><i>у</i><u>п</u>’<em>янськ</em>",
        "<span>K</span>упянськ, with a Latin letter that the rest of its word explains",
        "Куп&#039;янськ",
        "&#x41A;&#1091;&#x43f;&rsquo;янськ",
        "Куп&amp;#39;янськ",
        "Ку&shy;п'ян&#8203;ськ",
        "Куп\u2060'янськ\u00ad",
        "Куп&nbsp;'янськ Вели\u00adка&nbsp;Но<wbr>восілка",
        "Велика\n   <i>Новосілка</i>",
        unicodedata.normalize("NFD", "Великий Бурлук і Щурове, Київський шлях на Куп'янський напрямок"),
        "Куп'янськии<b>̆</b> напрямок",
        "Kupiańsk",
        "KUPYANSK",
        "库皮扬斯克方向",
        "쿠퍈스크",
        unicodedata.normalize("NFD", "쿠퍈스크에서"),
        "<template><p>nothing</p></template>Купянск",
        "much progress near <b>P</b>rogress, Ukrai<i>nian</i> troops say",
        "Marine and kup'jansk",
    ],
)
def test_a_name_is_seen_however_it_is_written(markup: str) -> None:
    full, quick = both(page(markup))
    assert candidates(full)
    assert quick == full


@pytest.mark.parametrize(
    "text", [f"Новини{SEAM}B{SEAM}елика Новосілка", f"News{SEAM}K{SEAM}упянськ{SEAM}Far", f"Великии{SEAM}\u0306 Бурлук"]
)
def test_seams_join_and_part(text: str) -> None:
    assert prefilter().may_name(text)


def test_a_page_without_a_name_keeps_its_title_and_paragraphs_alone() -> None:
    full, quick = both(page("The theatre opens again."))
    assert quick.article.method == SKIMMED
    assert (quick.article.title, quick.article.canonical_url) == (full.article.title, full.article.canonical_url)
    assert "The theatre opens again." in quick.article.text
    assert "theatre opens" in quick.search_text
    assert quick.detection.gazetteer_version == full.detection.gazetteer_version
    assert quick.detection.sectors == quick.fingerprint.bands == ()


def test_a_short_page_is_read_in_full_as_it_may_be_a_wall() -> None:
    body = b"<html><body><p>Please accept our cookies, then you may read on.</p></body></html>"
    feed = FeedText(title="A", summary="The feed's own words. " * 20, content=None, language="en", published_at=None)
    full, quick = both(body, feed=feed)
    assert quick == full


@pytest.mark.parametrize("where", ["title", "content"])
def test_the_words_of_the_feed_count(where: str) -> None:
    told = "Fighting near Kupiansk"
    feed = FeedText(
        title=told if where == "title" else "A budget",
        summary="",
        content=f"{told}. {FILLER * 20}" if where == "content" else None,
        language="en",
        published_at=None,
    )
    full, quick = both(page("The theatre opens again."), feed=feed)
    assert candidates(full)
    assert quick == full


@pytest.mark.parametrize("text", ["xКупянськx", "закупянський", "New Yorker", f"ліс{SEAM}ний", "купянсь"])
def test_parts_of_other_words_are_no_names(text: str) -> None:
    assert not prefilter().may_name(text)


@pytest.mark.parametrize("text", ["progress", "the new york minute", "на зеленого коня", f"p{SEAM}rogress", "прогрес"])
def test_names_written_small_do_not_count_where_detection_turns_them_down(text: str) -> None:
    assert not prefilter().may_name(text, "Ukraine")
    assert prefilter().may_name(text.title(), "Ukraine")


@pytest.mark.parametrize(
    "sign", ["Ukraine", f"die ukrai{SEAM}nischen", "в", "Donetsk Oblast", "kup'iansk", "烏克蘭軍隊", "באוקראינה"]
)
def test_names_found_all_over_the_world_count_beside_a_sign_of_ukraine(sign: str) -> None:
    for name in ("New York", "Progress", f"M{SEAM}ARINE", "Nove"):
        assert not prefilter().may_name(name, "Good luck, Russell: rust and Lutz")
        assert prefilter().may_name(name, sign)
    assert not prefilter().may_name("a marinade", sign)


def test_an_apostrophe_is_not_left_out_of_a_name() -> None:
    assert prefilter().may_name("Mar'ine")
    assert prefilter().may_name(f"Mar{SEAM}ine")
    assert not prefilter().may_name("Marine")


def test_an_adjective_written_small_counts_as_its_cue_word_may_stand_beside_it() -> None:
    assert prefilter().may_name(f"на {SEAM}лиманському{SEAM} напрямку")


@st.composite
def written(draw: st.DrawFn) -> str:
    """Any form of the gazetteer as a page may write it."""
    form = draw(st.sampled_from(sorted(shipped().forms)))
    form = draw(st.sampled_from([str.title, str.upper, str.capitalize, str]))(form)
    if draw(st.booleans()):
        form = unicodedata.normalize(draw(st.sampled_from(["NFD", "NFC", "NFKD"])), form)
    tag = st.sampled_from(["b", "i", "span", "em", "a", "strong", "font"])
    pieces = []
    for char in form:
        if char in "'’":
            char = draw(st.sampled_from(MARKS))
        how = draw(st.integers(0, 30))
        if how == 0:
            char = LOOKALIKES.get(char, char)
        if char == " " and how < 10:
            char = draw(st.sampled_from(["&nbsp;", "\n", "  ", "\u2009", "\u200b "]))
        elif how == 1:
            char = f"&#{ord(char)};"
        elif how == 2:
            char = f"&#x{ord(char):x};"
        elif how == 3:
            char += draw(st.sampled_from(UNSEEN))
        elif how == 4:
            name = draw(tag)
            char = f"<{name}>{html.escape(char)}</{name}>"
        elif how == 5:
            char = f"<{draw(tag)}>{html.escape(char)}"
        elif how == 6:
            char += draw(st.sampled_from(["<!-- x -->", "<wbr>", "&shy;", "&zwnj;", "<script>1</script>"]))
        pieces.append(char)
    before, after = draw(st.sampled_from([(" ", " "), ("«", "»"), (">", "<"), ("", ","), ("(", ")"), ("і ", "-")]))
    return before + "".join(pieces) + after


@settings(max_examples=80, deadline=None)
@given(
    markup=written(),
    where=st.sampled_from(["p", "p", "p", "title", "json", "li", "td", "h2", "blockquote", "div", "noscript"]),
    charset=st.sampled_from(["utf-8", "windows-1251", "koi8-u"]),
)
def test_what_is_skimmed_has_no_candidate_of_detection(markup: str, where: str, charset: str) -> None:
    full, quick = both(page(markup, where=where, charset=charset), charset)
    if quick.article.method == SKIMMED:
        assert candidates(full) == ()
    else:
        assert quick == full


@pytest.mark.timeout(60)
def test_a_word_of_a_million_letters_takes_no_longer_than_a_million_letters() -> None:
    """Of two alphabets, with a tag in it or none: looked at from each of its letters it would take hours."""
    prefilter = Prefilter({"лиман"})
    for seam in ("", SEAM):
        assert not prefilter.may_name("oleksanъ" * 60_000 + seam + "oleksanъ" * 65_000)
        assert prefilter.may_name("oleksanъ" * 60_000 + f" Ли{seam}мaн " + "oleksanъ" * 65_000)
