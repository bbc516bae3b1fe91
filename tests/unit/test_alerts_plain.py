"""Cutting and cleaning hold for any text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.plain import excerpt, plain, safe_link, shorten, visible
from alerts.redaction import MAX_CHARACTERS, redact

ANY = st.text(st.characters(), max_size=300)


@given(ANY)
def test_plain_text_holds_no_control_character(text: str) -> None:
    """Whatever comes in, one encodable line without controls comes out, and cleaning again changes nothing."""
    clean = plain(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in clean)
    assert plain(clean) == clean


def test_marks_do_not_pile_up_over_other_lines() -> None:
    """Two on a letter stay, as Vietnamese has them; a pile is cut down, and what was taken from between makes none."""
    assert plain("Ti\u00eau Ho\u0302\u0300 q\u0323u\u0301") == "Ti\u00eau Ho\u0302\u0300 q\u0323u\u0301"
    piled = plain("K" + "\u0336\u0489\u200b" * 50 + "upiansk")
    assert piled == "K\u0336\u0489upiansk"


@given(ANY, st.integers(2, 60))
def test_shortened_text_fits(text: str, limit: int) -> None:
    """The limit holds for any text, and what fits is left alone."""
    short = shorten(text, limit)
    assert len(short) <= limit
    assert len(text) > limit or short == text


@given(ANY, ANY.filter(lambda text: plain(text) != ""), ANY, st.integers(20, 120))
def test_an_excerpt_keeps_its_match(before: str, match: str, after: str, limit: int) -> None:
    """The match survives any cut, its offsets point at it, and the excerpt stays within its limit."""
    cut = excerpt(before + match + after, len(before), len(before) + len(match), limit=limit)
    assert cut.match == shorten(plain(match), limit // 2)
    assert cut.text[cut.start : cut.end] == cut.match
    assert len(cut.text) <= limit


UKRAINIAN = (
    "Генштаб повідомив про бої на кількох напрямках. Ворог наступав усю ніч; найважче було біля Вовчанська, ",
    "Куп'янськ",
    " тримається, сказав речник ген. В. Петренко. Втрати ворога великі. Підкріплення йде далі на захід.",
)
CHINESE = (
    "乌克兰总参谋部通报了前线多个方向的战斗情况。俄军整夜进攻；最激烈的战斗发生在沃夫昌斯克附近，",
    "库皮扬斯克",
    "仍在乌军控制之下，一名发言人说。敌军损失惨重！增援部队正与装备一起向西推进，道路被雨水冲毁。",
)


@pytest.mark.parametrize(
    ("parts", "limit", "words"),
    [
        (
            UKRAINIAN,
            140,
            "… Ворог наступав усю ніч; найважче було біля Вовчанська, "
            "Куп'янськ тримається, сказав речник ген. В. Петренко. …",
        ),
        (UKRAINIAN, 100, "… найважче було біля Вовчанська, Куп'янськ тримається, сказав речник ген. В. Петренко. …"),
        (UKRAINIAN, 80, "… найважче було біля Вовчанська, Куп'янськ тримається, сказав речник ген. В.…"),  # at words
        (UKRAINIAN, 60, "…було біля Вовчанська, Куп'янськ тримається, сказав…"),
        (
            CHINESE,
            80,
            "… 俄军整夜进攻；最激烈的战斗发生在沃夫昌斯克附近，"
            "库皮扬斯克仍在乌军控制之下，一名发言人说。敌军损失惨重！ …",
        ),
        (CHINESE, 50, "… 最激烈的战斗发生在沃夫昌斯克附近，库皮扬斯克仍在乌军控制之下，一名发言人说。 …"),
        (CHINESE, 20, "…昌斯克附近，库皮扬斯克仍在乌军控制之…"),
    ],
)
def test_an_excerpt_is_cut_where_sentences_end(parts: tuple[str, str, str], limit: int, words: str) -> None:
    """At the end of a sentence, or of a part of it, where little is lost by that; else between words."""
    before, match, after = parts
    cut = excerpt(before + match + after, len(before), len(before) + len(match), limit=limit)
    assert cut.text == words
    assert cut.match == match


@given(st.text(max_size=80))
def test_no_link_leads_off_the_web(rest: str) -> None:
    """Only http and https pass, whatever stands around them."""
    for url in (rest, f"javascript:{rest}", f"https://north.test/{rest}"):
        link = safe_link(url)
        assert link is None or link.startswith(("http://", "https://"))


@given(st.text(alphabet="ab.-/?=&%@:[]#~;,!*+_0 ", max_size=14))
def test_a_link_that_is_not_looked_into_would_come_back_as_it_is(rest: str) -> None:
    """Whatever the shortcut lets through: a space before it makes it take the long way."""
    assert safe_link(f"https://{rest}") == safe_link(f" https://{rest}")


def test_a_link_in_another_script_stays_readable() -> None:
    """Internationalised addresses are kept as they are."""
    assert safe_link("https://новини.test/стаття") == "https://новини.test/стаття"


def test_redaction_takes_the_pieces_too() -> None:
    """A secret is masked whole and in its telling pieces, encoded or not, in any case; the rest is kept."""
    url = "json://user:p%40ss@hooks.test:8443/T0KEN/?key=abc"
    said = (
        "POST JSON user=USER pass=p@ss (p%40SS) at hooks.test/t0ken failed, error=404, see https://docs.test/x?key=abc"
    )
    words = redact(said, url)
    assert words == "POST JSON …=… pass=… (…) at …/… failed, error=404, see …"


def test_redaction_bounds_what_it_gives() -> None:
    """An answer of any length becomes one line of bounded length."""
    words = redact("a\r\n\0b " * 1000, "")
    assert len(words) <= MAX_CHARACTERS
    assert words.startswith("a b a b")


def test_a_text_that_needs_nothing_is_told_by_one_look() -> None:
    """Whatever is dropped or replaced is looked for: every character comes out as it does on the long way."""
    for code in (*range(0x10000), *range(0xE0000, 0xE0100)):
        text = f"a{chr(code) * 3}b"
        assert visible(text) + " c" == visible(f"{text}  c"), hex(code)  # two spaces: the long way
