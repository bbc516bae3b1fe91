"""Copies of a text join one story; reports of one template do not."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.stories.fingerprints import LEAST_WORDS, fingerprint, same_story, similarity
from sectorwatch.domain import Fingerprint
from tests.cpu_time import measured

REPORT = (
    "Russian forces attacked {times} times near {places} in the {sector} sector over the past day, the staff said"
    " in its evening update. The defenders repelled all of the assaults, and {going_on} clashes are still going on. The"
    " situation along the front line remains difficult but under control, according to the report. The enemy also"
    " carried out air strikes and shelled positions and settlements with artillery and mortars."
)
MONDAY = REPORT.format(times=12, places="Petropavlivka and Synkivka", sector="Kupiansk", going_on=3)
TUESDAY = REPORT.format(times=8, places="Petropavlivka and Pishchane", sector="Kupiansk", going_on=2)
ELSEWHERE = REPORT.format(times=8, places="Torske", sector="Lyman", going_on=2)
AGENCY = "KYIV, Nov 23 (Wire) - "
TAIL = " Read also: ministers meet in Brussels. Follow us for more. Published on 23 November 2025 at 14:35."
UKRAINIAN = (
    "На Куп'янському напрямку противник п'ять разів намагався прорвати оборону в районах Петропавлівки та Загризового."
    " Захисники відбили всі атаки, ще два зіткнення тривають. Вночі ворог завдав ударів по місту, пошкоджено лікарню"
    " та кілька приватних будинків, постраждали двоє людей, їм надають допомогу."
)


def share(one: str, other: str) -> float:
    return similarity(fingerprint(one), fingerprint(other))


def meets(one: Fingerprint, other: Fingerprint) -> bool:
    return bool(set(one.bands) & set(other.bands))


@pytest.mark.parametrize(
    ("original", "copy"),
    [
        pytest.param(MONDAY, AGENCY + MONDAY, id="agency line"),
        pytest.param(MONDAY, MONDAY + TAIL, id="links at the end"),
        pytest.param(MONDAY, MONDAY.replace("the staff said", "headquarters said"), id="one word changed"),
        pytest.param(UKRAINIAN, "Київ. Наша редакція. " + UKRAINIAN, id="Ukrainian"),
        pytest.param(MONDAY * 8 + UKRAINIAN * 4, MONDAY * 8 + UKRAINIAN * 4 + TAIL, id="long"),
    ],
)
def test_a_copy_with_other_trimmings_is_found_and_joins(original: str, copy: str) -> None:
    """What a site wraps around an agency's text does not make another story of it, and a band leads to it."""
    one, other = fingerprint(original), fingerprint(copy)
    assert meets(one, other)
    verdict = same_story(one, other)
    assert verdict.same
    assert "% of the text in common" in verdict.reason


@pytest.mark.parametrize("other", [TUESDAY, ELSEWHERE], ids=["next day", "other sector"])
def test_reports_of_one_template_stay_apart(other: str) -> None:
    """The same sentences with other numbers and places are other news."""
    verdict = same_story(fingerprint(MONDAY), fingerprint(other))
    assert not verdict.same
    assert verdict.reason.startswith("only")


@pytest.mark.parametrize(
    "written",
    [
        UKRAINIAN.replace("'", "’"),
        UKRAINIAN.upper(),
        UKRAINIAN.replace(". ", ".\n\n"),
        UKRAINIAN.replace(" ", "\u00a0"),
        UKRAINIAN.replace("Петр", "Пе\u00adтр"),
        f"  {UKRAINIAN} — ",
    ],
    ids=["apostrophes", "capitals", "paragraphs", "hard spaces", "soft hyphen", "trimmings"],
)
def test_layout_and_spelling_variants_are_the_same_text(written: str) -> None:
    """Apostrophes, capitals, line breaks and punctuation do not count."""
    assert fingerprint(written) == fingerprint(UKRAINIAN)
    assert same_story(fingerprint(written), fingerprint(UKRAINIAN)).reason == "the same text"


def test_a_short_text_joins_only_its_equal() -> None:
    """Under 25 words the text has to be the same, for a word more or less may be all the news."""
    short = "Three people were hurt when a shell hit the market of Kupiansk this morning."
    one, other = fingerprint(short), fingerprint(short.replace("Three", "Four"))
    assert one.sketch == one.bands == ()
    assert same_story(one, fingerprint(short.upper())).same
    assert not same_story(one, other).same
    assert similarity(one, other) == 0


@pytest.mark.parametrize("text", ["", "Live updates", "— … —", "Читайте також"])
def test_a_text_of_a_few_words_is_no_story(text: str) -> None:
    """Two entries without text, or with "Live updates" for one, are not copies of each other."""
    verdict = same_story(fingerprint(text), fingerprint(text))
    assert not verdict.same
    assert "too few" in verdict.reason


def test_scripts_without_spaces_are_judged_by_their_letters() -> None:
    """A Japanese or Thai text is long enough to be compared although it has no spaces between words."""
    japanese = "ロシア軍は昨夜クピャンスクの病院を攻撃し、三人が負傷したと州当局が発表した。消火活動は朝まで続いた。"
    assert share(japanese, japanese.replace("三人", "五人")) > 0.6
    assert fingerprint(japanese).sketch


def test_sketch_and_bands_have_the_shape_that_is_stored() -> None:
    """64 unsigned minima and 16 signed keys fit the columns they go to."""
    made = fingerprint(MONDAY)
    assert len(made.sketch) == 64
    assert len(set(made.bands)) == 16
    assert all(0 <= value < 1 << 64 for value in made.sketch)
    assert all(-(1 << 63) <= key < 1 << 63 for key in made.bands)
    assert len(made.content_hash) <= 64


def test_fingerprints_are_the_same_in_every_process() -> None:
    """What was stored by one worker is found by another: nothing depends on Python's own hash."""
    code = f"from extractors.stories.fingerprints import fingerprint; print(fingerprint({MONDAY!r}))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert outputs == {repr(fingerprint(MONDAY))}


@given(st.integers(min_value=30, max_value=400), st.floats(min_value=0, max_value=1))
def test_the_estimate_is_near_the_true_share(length: int, kept: float) -> None:
    """The similarity is the share of runs in common, within five standard errors."""
    cut = int(length * kept)
    one = [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(length)]
    other = one[:cut] + [f"other{word}" for word in one[cut:]]
    common = max(cut - 3, 0)
    true = common / (2 * (length - 3) - common)
    assert abs(share(" ".join(one), " ".join(other)) - true) <= 5 * 0.0625


@given(st.text(max_size=400))
def test_any_text_has_a_fingerprint_equal_to_its_own(text: str) -> None:
    """No text fails, lone surrogates included, and each is like itself."""
    made = fingerprint(text)
    assert made == fingerprint(text)
    assert similarity(made, made) == 1
    assert bool(made.sketch) == bool(made.bands)


def test_a_text_is_judged_in_milliseconds() -> None:
    """Under 3 ms of processor time for 4,000 characters (best of ten), and linear growth for a flood of words."""
    text = " ".join(f"слово{n % 700}" if n % 3 else f"речення{n}" for n in range(450))[:4000]
    assert len(fingerprint(text).sketch) == 64

    def cost(of: str) -> float:
        return measured(fingerprint, of)[1]

    assert min(cost(text) for _ in range(10)) < 0.003 * 4  # fourfold room for a loaded machine
    assert min(cost(text * 20) for _ in range(3)) < 60 * max(min(cost(text) for _ in range(10)), 0.0005)


def test_least_words_is_counted_in_words() -> None:
    """A text of exactly 25 words is sketched, one of 24 is not."""
    words = [f"w{chr(97 + n)}" for n in range(LEAST_WORDS)]
    assert fingerprint(" ".join(words)).sketch
    assert not fingerprint(" ".join(words[1:])).sketch
