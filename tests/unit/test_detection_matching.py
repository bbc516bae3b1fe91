"""Forms are looked for by their first letters, and found as if each were looked for whole."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from extractors.gazetteer import Matcher
from extractors.prefilter import Prefilter

WORDS = st.text(alphabet="гд", min_size=1, max_size=10)  # longer than the beginning that is looked for, and alike
FORMS = st.sets(st.one_of(WORDS, st.builds("{} {}".format, WORDS, WORDS)), min_size=1, max_size=30)


def one_by_one(forms: set[str], text: str) -> list[tuple[int, int, str]]:
    """Whole words, of those that begin at one place the longest, and none inside an earlier one."""
    found, reached = [], 0
    for start in range(len(text)):
        here = [form for form in forms if text.startswith(form, start) and whole(text, start, start + len(form))]
        if here and start >= reached:
            longest = max(here, key=len)
            reached = start + len(longest)
            found.append((start, reached, longest))
    return found


def whole(text: str, start: int, end: int) -> bool:
    return not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()


@st.composite
def written(draw: st.DrawFn) -> tuple[set[str], str]:
    """Some forms, and a text of them and of others like them."""
    forms = draw(FORMS)
    pieces = st.one_of(st.sampled_from(sorted(forms)), WORDS)
    return forms, draw(st.sampled_from([" ", "-", ", ", "г"])).join(draw(st.lists(pieces, max_size=12)))


@given(written())
@example(({"гггггггг", "ггггггггд", "ггггггг"}, "гггггггг"))
@example(({"гггггггг", "гггггггг д"}, "гггггггг дд"))
@example(({"гггггггг", "гггггггг д"}, "гггггггг д"))
def test_forms_are_found_as_if_each_were_looked_for_by_itself(drawn: tuple[set[str], str]) -> None:
    """Also those that begin alike, that begin others, and that the text breaks off in."""
    forms, text = drawn
    assert [tuple(hit) for hit in Matcher(forms).find(text)] == one_by_one(forms, text)


@given(written())
@example(({"гггггггг д"}, "гггггггг дд ггггггггд"))
@example(({"гггг ггггг"}, "гггг-ггггг"))
def test_the_prefilter_sees_whatever_the_matcher_finds(drawn: tuple[set[str], str]) -> None:
    forms, text = drawn
    assert Prefilter(forms).may_name(text) or not one_by_one(forms, text)
