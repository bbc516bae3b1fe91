"""From markup to what a reader sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.markup import cut, fit, one_line, paragraphs
from tests.cpu_time import measured


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<b>Kupiansk</b> &amp; <i>Lyman</i>", "Kupiansk & Lyman"),
        ("a<br>b", "ab"),
        ("  two\n\tlines ", "two lines"),
        ("Куп&#39;янськ&nbsp;сьогодні", "Куп'янськ сьогодні"),
        ("<style>p{}</style>text<script>x()</script>", "text"),
        ("1 < 2", "1 < 2"),
        ("", ""),
    ],
)
def test_one_line_has_no_markup(markup: str, shown: str) -> None:
    """Tags and entities become the words they stand for, on one line."""
    assert one_line(markup) == shown


def test_letters_that_look_like_markup_stay() -> None:
    """Where a text is declared as plain, its angle brackets and ampersands are letters."""
    assert one_line("a <b> &amp; c", markup=False) == "a <b> &amp; c"


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<p>One\nline.</p><p>Two.</p>", "One line.\nTwo."),
        ("<div>a<div>b</div></div>c", "a\nb\nc"),
        ("a<br/>b<BR>c", "a\nb\nc"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<p class='x'>a &lt; b</p>", "a < b"),
        ("<pre>a</pre><param>b<script>no()</script>", "a\nb"),
        ("plain\n\n text ", "plain\ntext"),
        ("<p> </p><p>\n</p>", ""),
    ],
)
def test_paragraphs_are_those_of_the_screen(markup: str, shown: str) -> None:
    """A line ends where a block ends, not where the source does; empty lines are left out."""
    assert paragraphs(markup) == shown


def test_unfit_characters_are_left_out() -> None:
    """NUL, controls and lone surrogates, which no database takes, disappear; all others stay."""
    assert fit("a\x00\x07\x7f\ud800\uffffb\tc\nd 😀 й") == "ab\tc\nd 😀 й"


@pytest.mark.parametrize(
    ("text", "length", "shown"),
    [
        ("short", 5, "short"),
        ("one two three", 9, "one two…"),
        ("one two three", 8, "one…"),
        ("abcdefghij", 5, "abcd…"),
    ],
)
def test_a_text_is_cut_at_a_word(text: str, length: int, shown: str) -> None:
    """A cut text ends with a whole word where there is one near, says that it was cut, and keeps to its length."""
    assert cut(text, length) == shown
    assert len(shown) <= length


@given(st.text(max_size=200))
def test_nothing_raises_and_everything_can_be_stored(text: str) -> None:
    """Whatever the markup, the result is text that UTF-8 and a database take."""
    for shown in (one_line(text), paragraphs(text)):
        shown.encode("utf-8")
        assert "\x00" not in shown


@pytest.mark.parametrize("piece", ["<p", "<p ", "&", "<!--", "<div class='", "&#", "\n ", "<br "])
def test_time_is_proportional_to_the_length(piece: str) -> None:
    """A flood of unfinished tags, comments or entities takes no more than its length is worth."""
    for shown in (paragraphs, one_line):
        assert measured(shown, piece * 50_000)[1] < 2
