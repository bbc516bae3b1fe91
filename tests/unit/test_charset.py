"""Bytes to text: labels that fit, labels that lie, and no label at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.charset import decode
from extractors.declared import charset_of, language_code
from extractors.feeds.feed import parse_feed

SAMPLES = Path(__file__).parents[2].parent / "shared/data/hostile/charset"
RUSSIAN = "Противник вёл наступательные действия на Купянском направлении, бои продолжались у Синьковки."
UKRAINIAN = "Ворог здійснив спробу наступу на Куп’янському напрямку, наші воїни відбили атаку біля Синьківки."
POLISH = "Wróg przeprowadził próbę natarcia na kierunku kupiańskim, żołnierze odparli atak w pobliżu Synkiwki."
FRENCH = "L'ennemi a mené une attaque près de Koupiansk, où les défenseurs ont repoussé plusieurs assauts à l'été."

LABELLED = [
    (RUSSIAN, "cp1251", ["windows-1251"]),
    (RUSSIAN, "koi8-r", ["KOI8-R"]),
    (RUSSIAN, "cp866", ["ibm866"]),
    (UKRAINIAN, "cp1251", ["win-1251", "cp1251"]),
    (POLISH, "iso8859-2", ["iso-8859-2"]),
    (POLISH, "cp1250", ["windows-1250"]),
    (FRENCH, "latin-1", ["iso-8859-1"]),
    ("“Kupiansk”, he said – and left…", "cp1252", ["iso-8859-1"]),  # what browsers take this label for
    (RUSSIAN, "utf-8", ["utf-8"]),
    (RUSSIAN, "utf-8", []),
    ("前线消息：库皮扬斯克方向发生激烈战斗。", "gb18030", ["gb2312"]),
]

LYING = [
    (RUSSIAN, "cp1251", ["utf-8"]),
    (RUSSIAN, "cp1251", ["iso-8859-1"]),
    (UKRAINIAN, "cp1251", ["iso-8859-1", "utf-8"]),
    (RUSSIAN, "cp1251", ["no-such-charset"]),
    (RUSSIAN, "cp1251", ["utf-7"]),
    (RUSSIAN, "cp1251", []),
    (RUSSIAN, "koi8-r", ["utf-8"]),
    (RUSSIAN, "cp866", ["utf-8"]),
    (RUSSIAN, "utf-8", ["windows-1251"]),
    (UKRAINIAN, "utf-8", ["iso-8859-1"]),
    (POLISH, "utf-8", ["iso-8859-2"]),
    (FRENCH, "latin-1", ["utf-8", "iso-8859-1"]),
    (RUSSIAN, "utf-8", ["unicode_escape"]),
    (RUSSIAN, "utf-8", ["rot13"]),
]


@pytest.mark.parametrize(("text", "charset", "labels"), LABELLED)
def test_a_label_that_fits_is_followed(text: str, charset: str, labels: list[str]) -> None:
    """A declared charset is used as browsers understand it, and there is nothing to complain of."""
    decoded = decode(text.encode(charset), labels)

    assert decoded.text == text
    assert decoded.problem == ""


@pytest.mark.parametrize(("text", "charset", "labels"), LYING)
def test_a_label_that_lies_is_overruled(text: str, charset: str, labels: list[str]) -> None:
    """Text under a wrong, unknown or missing label is read right all the same."""
    assert decode(text.encode(charset), labels).text == text


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-8-sig"])
def test_wide_texts_are_known_by_their_first_bytes(charset: str) -> None:
    """UTF-16 and UTF-32 are recognised with a byte order mark, and in markup without one; the mark is no text."""
    text = f"<?xml version='1.0'?><p>{RUSSIAN}</p>"

    assert decode(text.encode(charset), ["windows-1251"]).text == text


def test_a_wrong_label_is_said() -> None:
    """The problem names the declared and the true charset."""
    assert decode(RUSSIAN.encode("cp1251"), ["utf-8"]).problem == "declared as utf-8, but it is cp1251"


def test_a_few_damaged_bytes_do_not_change_the_charset() -> None:
    """A text with a broken character is the text it was, with a mark in that place."""
    broken = (RUSSIAN * 20).encode() + "а".encode()[:1]

    decoded = decode(broken, ["utf-8"])

    assert decoded.text == RUSSIAN * 20 + "\ufffd"
    assert decoded.problem == "some characters are damaged"


@pytest.mark.parametrize("labels", [[], ["utf-8"]])
def test_utf_8_survives_more_damage_than_other_charsets(labels: list[str]) -> None:
    """A short text cut in the middle of characters is not taken for one in a charset where every byte is a letter."""
    broken = b"\xff".join(word.encode() for word in RUSSIAN.split()[:4])

    assert decode(broken, labels).text == "\ufffd".join(RUSSIAN.split()[:4])


def test_the_label_inside_a_page_is_found() -> None:
    """A charset named in a meta element or an XML declaration counts when the server names none."""
    page = f"<html><head><meta charset='iso-8859-2'></head><body>{POLISH}</body></html>"
    document = f"<?xml version='1.0' encoding='iso-8859-2'?><p>{POLISH}</p>"

    assert decode(page.encode("iso8859-2")).text == page
    assert decode(document.encode("iso8859-2")).text == document


def test_a_seven_bit_charset_is_read() -> None:
    """Japanese mail encoding is plain ASCII bytes; only its label tells."""
    assert decode("クピャンスク".encode("iso2022_jp"), ["iso-2022-jp"]).text == "クピャンスク"


@given(st.binary(max_size=300), st.lists(st.text(max_size=20), max_size=2))
def test_no_bytes_and_no_label_raise(body: bytes, labels: list[str]) -> None:
    """Whatever comes under whatever label, there is a text that can be stored."""
    decode(body, labels).text.encode("utf-8")


@pytest.mark.parametrize(
    ("declared", "prolog", "charset"),
    [
        ("", "utf-8", "cp1251"),
        ("text/xml; charset=utf-8", "windows-1251", "cp1251"),
        ("text/xml; charset=iso-8859-1", "windows-1251", "cp1251"),
        ("text/xml", "windows-1251", "cp1251"),
        ("application/rss+xml; charset=windows-1251", "utf-8", "utf-8"),
        ('text/xml; charset="koi8-r"', "koi8-r", "koi8-r"),
        ("", "utf-16", "utf-16"),
    ],
)
def test_a_feed_is_read_right_under_every_label(declared: str, prolog: str, charset: str) -> None:
    """Header, prolog and bytes may contradict each other: the words of a feed arrive."""
    text = (
        f"<?xml version='1.0' encoding='{prolog}'?><rss version='2.0'><channel><title>{RUSSIAN}</title>"
        f"<item><title>{RUSSIAN}</title><guid>1</guid></item></channel></rss>"
    )

    feed = parse_feed(text.encode(charset), content_type=declared, now=datetime(2026, 3, 1, tzinfo=UTC))

    assert feed.title == feed.entries[0].title == RUSSIAN
    assert not any("well-formed" in problem for problem in feed.problems)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs ../shared/data/hostile/charset")
def test_cyrillic_and_unicode_samples_without_label_are_read_right() -> None:
    """Real texts in every Cyrillic charset that news has used, and in UTF-8, are recognised by their bytes alone."""
    wanted = {"windows-1251": "cp1251", "koi8-r": "koi8-r", "ibm866": "cp866", "utf-8": "utf-8"}
    wrong = []
    for folder in sorted(SAMPLES.iterdir()):
        charset = next((codec for name, codec in wanted.items() if folder.name.lower().startswith(name)), None)
        for file in sorted(folder.iterdir()) if charset else ():
            body = file.read_bytes()
            expected = body.decode(charset or "", "replace").lstrip("\ufeff")
            if decode(body).text.lower() != expected.lower():
                wrong.append(file)

    assert wrong == []


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/xml; charset=windows-1251", "windows-1251"),
        ('text/html;charset="UTF-8"', "UTF-8"),
        ("text/html", ""),
        ("", ""),
        ("text/html; charset=", ""),
        ("text/html;\r\n charset=koi8-r", "koi8-r"),
        ("\x00; charset", ""),
    ],
)
def test_the_charset_of_a_header_is_found(header: str, charset: str) -> None:
    """The charset parameter is read, quoted or not; a header without one names none."""
    assert charset_of(header) == charset


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("uk", "uk"),
        ("uk-UA", "uk"),
        ("RU_ru", "ru"),
        ("ukr", "uk"),
        ("ua", "uk"),
        ("x-default", ""),
        ("", ""),
        ("english", ""),
        ("qqq", ""),
    ],
)
def test_language_tags_become_two_letters(tag: str, code: str) -> None:
    """Tags in the usual spellings give their ISO 639-1 code; what is no tag gives none."""
    assert language_code(tag) == code
