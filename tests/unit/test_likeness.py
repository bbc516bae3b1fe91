"""Rewrites that keep few words are told by all that they keep; reports of one kind are told apart by what they have."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.stories.gist import MOST_TERMS, gist_of
from extractors.stories.likeness import Likeness, is_likely_akin, likely_event, likely_news, may_be_one_event
from extractors.stories.rewrites import evidence_of, may_be_same_news, same_event, same_news, sums_up
from extractors.stories.signs import Signs, WordRarity, ceiling_within, odds_within, signs
from sectorwatch.domain import Gist

AGENCY = (
    "Російська авіація вночі скинула бомбу на пекарню у Дворічній. Загинули двоє пекарів, ще п'ятеро поранені,"
    " повідомив староста Тарас Шульга. Пожежу площею 240 метрів загасили до світанку."
)
POST = "Дворічна. Бомба в пекарню. Двоє пекарів загинули, 5 людей поранено 😢 Горіло до світанку"
OTHER_TOWN = (
    "Російська авіація вночі скинула бомбу на пошту у Великому Бурлуці. Загинули четверо поштарів, ще дев'ятеро"
    " поранені, повідомив староста Тарас Шульга. Пожежу площею 90 метрів загасили до обіду."
)
IN_POLISH = (
    "Rosyjska bomba trafiła w nocy w piekarnię w Dworicznej. Zginęło dwóch piekarzy, pięć osób jest rannych,"
    " poinformował sołtys Taras Szulha. Pożar objął 240 metrów."
)
IN_POLISH_OTHER = (
    "Rosyjska bomba trafiła w nocy w pocztę w Wielkim Burłuku. Zginęło czterech listonoszy, dziewięć osób jest"
    " rannych, poinformował sołtys Taras Szulha. Pożar objął 90 metrów."
)


def judged(new: str, earlier: str, *, hours: float = 1, near: tuple[str, ...] = ()) -> Likeness:
    one, other = gist_of("", new, "uk"), gist_of("", earlier, "uk")
    rarity = dict.fromkeys(one.terms, 0.9)
    stories = [(1, other), *((number, gist_of("", text, "uk")) for number, text in enumerate(near, start=2))]
    return likely_news(
        one,
        other,
        story=1,
        words=WordRarity(one, stories),
        rarity=rarity,
        evidence=evidence_of(one, other, rarity),
        apart=timedelta(hours=hours),
    )


def signs_of(new: str, earlier: str) -> Signs:
    one, other = gist_of("", new, "uk"), gist_of("", earlier, "uk")
    return signs(one, other, words=1.0, rarity={}, apart=timedelta(hours=1))


def test_a_post_of_two_lines_joins_the_agency_s_report() -> None:
    """No rule is certain of it; what both count, and their rare words, make it likely. The reason says how likely."""
    post, agency = gist_of("", POST, "uk"), gist_of("", AGENCY, "uk")
    rarity = dict.fromkeys(post.terms, 0.9)
    assert not same_news(post, agency, rarity=rarity, apart=timedelta(hours=1), one_source=False).same
    likely = judged(POST, AGENCY)
    assert likely.same
    assert " to 1" in likely.reason


def test_the_same_in_another_town_stays_apart() -> None:
    """One speaker, one night, one kind of attack: other places and counts."""
    assert not judged(OTHER_TOWN, AGENCY).same


@pytest.mark.parametrize(
    ("ages", "same"), [("58-річна жінка і 71-річний чоловік", True), ("33-річна жінка і 40-річний син", False)]
)
def test_ages_that_one_gives_in_other_words_are_no_other_ages(ages: str, same: bool) -> None:
    """Not each age is known for one; as numbers, they are in both."""
    earlier = (
        "Російські війська обстріляли ринок у Лимані: двоє загиблих, четверо поранених. Загинули жінка 58 років і"
        " чоловік 71 року, повідомила прокуратура. Поранений, 44 роки, у важкому стані."
    )
    new = f"Ракети накрили старий ринок Лимана, де стояла черга по воду. Двоє загиблих, четверо поранених. {ages}."
    assert signs_of(new, earlier).other_age == (not same)


def test_what_comes_much_later_is_not_likely_the_same() -> None:
    """A rewrite comes within hours."""
    assert not judged(POST, AGENCY, hours=19).same
    assert judged(POST, AGENCY, hours=3).odds < judged(POST, AGENCY, hours=1).odds


def test_words_that_the_stories_around_have_too_tell_less() -> None:
    """A bakery is rare until other stories tell of one."""
    around = tuple(f"Бомба впала на пекарню, горіло до світанку, пекарів {n}00 врятували" for n in range(2, 9))
    one = gist_of("", POST, "uk")
    other = gist_of("", AGENCY, "uk")
    common = one.words & other.words
    alone = WordRarity(one, [(1, other)]).evidence(common, 1)
    among = WordRarity(one, [(1, other), *((n, gist_of("", text, "uk")) for n, text in enumerate(around, 2))])
    assert among.evidence(common, 1) < alone
    assert len(common) >= alone > 0


def test_an_article_that_is_like_one_of_a_story_may_be_told_from_its_lead() -> None:
    """A story is no chain: what is nothing like its beginning does not join it."""
    post, agency, other = (gist_of("", text, "uk") for text in (POST, AGENCY, OTHER_TOWN))
    rarity = dict.fromkeys(post.terms, 0.9)
    words = WordRarity(post, [(1, agency), (2, other)])
    near = timedelta(hours=1)
    assert is_likely_akin(post, agency, story=1, words=words, rarity=rarity, apart=near)
    assert not is_likely_akin(post, other, story=2, words=words, rarity=rarity, apart=near)


@pytest.mark.parametrize(("other", "same"), [(IN_POLISH, True), (IN_POLISH_OTHER, False)])
def test_one_event_in_two_languages_is_told_by_what_is_counted(other: str, same: bool) -> None:
    """Words say nothing there; the place, the dead and the hurt do."""
    new, earlier = gist_of("", other, "pl"), gist_of("", AGENCY, "uk")
    rarity = dict.fromkeys(new.terms, 0.9)
    assert likely_event(new, earlier, rarity=rarity, apart=timedelta(hours=2)).same is same
    assert not likely_event(new, earlier, rarity=rarity, apart=timedelta(hours=30)).same


def test_a_chronicle_of_a_day_joins_no_story_of_one_event() -> None:
    """It tells of the event too, with other things of their own times: more has to be shared with it."""
    day = "{}У Старовірівці тиша. {}" + AGENCY + " {}Обмін полоненими відбувся. {}Засідання уряду перенесли."
    news = "У Дворічній бомба зруйнувала пекарню, двоє загинули, каже Шульга"
    assert judged(day.format("", "", "", ""), news).same
    assert not judged(day.format("08:10 ", "09:40 ", "11:15 ", "13:50 "), news).same


def test_what_sums_up_a_day_is_known_by_its_headline() -> None:
    """It is no account of one event, whatever it shares with one."""
    news, summary, polish = (
        gist_of("Бомба в пекарню", AGENCY, "uk"),
        gist_of("Головне за 3 жовтня", AGENCY, "uk"),
        gist_of("", IN_POLISH, "pl"),
    )
    rarity, apart = dict.fromkeys(polish.terms, 0.9), timedelta(hours=1)
    assert sums_up(summary)
    assert not sums_up(news)
    assert likely_event(polish, news, rarity=rarity, apart=apart).same
    assert same_event(polish, news, rarity=rarity, apart=apart).same
    assert not same_event(polish, summary, rarity=rarity, apart=apart).same


def test_a_short_post_is_looked_up_by_what_may_be_a_name_and_by_its_dead() -> None:
    """Its only names begin its sentences; an article with enough that is sure has no need of them."""
    terms = gist_of("", "Дворічна. Приліт. Двоє загинули", "uk").terms
    assert "n:dvrcn" in terms
    assert "c:dead=2" in terms
    long = gist_of("", "Дворічна. " + " ".join(f"Прилетіло {n} разів." for n in range(101, 130)), "uk")
    assert len(long.terms) == MOST_TERMS
    assert "n:dvrcn" not in long.terms


NAMES = st.dictionaries(st.sampled_from(["dvrcn", "slh", "brlk", "kpn", "asm"]), st.just("x"), max_size=4)
COUNTS = st.frozensets(st.sampled_from(["dead=2", "dead=4", "hurt=5", "aged=47", "drone=9"]), max_size=4)
GISTS = st.builds(
    Gist,
    names=NAMES,
    perhaps=NAMES,
    numbers=st.frozensets(st.sampled_from(["2", "4", "5", "9", "47", "240", "15:40"]), max_size=5),
    counts=COUNTS,
    words=st.frozensets(st.integers(1, 12), max_size=10),
)


@given(one=GISTS, other=GISTS, hours=st.floats(0, 18), rare=st.floats(0, 1))
def test_no_article_is_likelier_than_its_ceiling(one: Gist, other: Gist, hours: float, rare: float) -> None:
    """So none is missed by looking closely at the likeliest only."""
    rarity = {f"n:{name}": rare for name in one.names} | {f"u:{number}": rare for number in one.numbers}
    common, apart = WordRarity(one, [(1, other)]).evidence(one.words & other.words, 1), timedelta(hours=hours)
    ceiling = ceiling_within(
        words=common,
        length=min(len(one.words), len(other.words)),
        evidence=evidence_of(one, other, rarity),
        counts=len(one.counts & other.counts),
        apart=apart,
    )
    assert odds_within(signs(one, other, words=common, rarity=rarity, apart=apart)) <= ceiling + 1e-9


@given(one=GISTS, other=GISTS, rare=st.floats(0, 1))
def test_no_event_is_overlooked_by_looking_at_what_is_shared_first(one: Gist, other: Gist, rare: float) -> None:
    """What is passed over, neither the rules nor the odds would relate."""
    rarity = {f"n:{name}": rare for name in one.names} | {f"u:{number}": rare for number in one.numbers}
    judged = (judge(one, other, rarity=rarity, apart=timedelta(hours=1)).same for judge in (same_event, likely_event))
    assert may_be_one_event(one, other, rarity=rarity) or not any(judged)


@given(one=GISTS, other=GISTS, rare=st.floats(0, 1), hours=st.floats(0, 80), one_source=st.booleans())
def test_no_rewrite_is_overlooked_by_looking_at_words_first(
    one: Gist, other: Gist, rare: float, hours: float, one_source: bool
) -> None:
    """What is passed over, no rule would join."""
    rarity = {f"n:{name}": rare for name in one.names} | {f"u:{number}": rare for number in one.numbers}
    apart = timedelta(hours=hours)
    judged = same_news(one, other, rarity=rarity, apart=apart, one_source=one_source)
    evidence = evidence_of(one, other, rarity)
    assert may_be_same_news(one, other, evidence=evidence, apart=apart) or not judged.same
