"""Short notices of who fell, lines in capitals, and stories of peace: what they say of a town with few other signs."""

from __future__ import annotations

import pytest

from extractors.detection.mentions import detect
from extractors.detection.origins import fell_near
from extractors.gazetteer import shipped
from extractors.text import plain
from sectorwatch.domain import Context


def sectors(text: str, title: str = "") -> dict[str, str]:
    detection = detect(text, title=title, gazetteer=shipped())
    return {score.sector: score.context.value for score in detection.sectors}


@pytest.mark.parametrize(
    "notice",
    [
        "Пад Лыманам загінуў ураджэнец Гродна, ваяваў ва ўзводзе выведкі.",
        "Край Лиман падна доброволец от Варна, на 27 години.",
        "Код Лимана погинуо добровољац из Крагујевца, борио се у чети.",
        "U Lymanu padl dobrovolník z Olomouce.",
        "Pod Łymanem poległ ochotnik z Gdańska, służył w batalionie.",
        "Prie Lymano žuvo savanoris iš Alytaus.",
        "Bei Lyman ist ein Freiwilliger aus Bremen gefallen.",
        "Liman mellett elesett egy önkéntes Debrecenből.",
        "Lymanin lähellä kaatui vapaaehtoinen Oulusta.",
        "Un volontaire tué près de Lyman : il servait dans un bataillon.",
    ],
)
def test_a_notice_of_who_fell_is_news_of_the_front(notice: str) -> None:
    """Whoever falls under a town as one of a unit fell at the front, in whichever language."""
    assert sectors(notice) == {"lyman": "front"}


@pytest.mark.parametrize(
    "crash",
    [
        "Un voluntario de la Cruz Roja murió cerca de Lyman, arrastrado por el río.",
        "Bei Lyman kam ein Motorradfahrer ums Leben.",
        "Kod Limana poginuo je ribolovac, dragovoljci vatrogasci izvukli su čamac.",
        "Пад Пакроўскам, што ў Саратаўскай вобласці, загінуў кіроўца аўтобуса.",
    ],
)
def test_a_crash_near_a_town_is_none(crash: str) -> None:
    """Who dies on a road or as a rescuer fell in no war."""
    assert sectors(crash) == {}


def test_a_unit_is_looked_for_near_by() -> None:
    """The words of a unit count in the notice, not in all of a long paragraph."""
    near = plain("Under Lyman fell. He was a soldier.")
    start = near.index("lyman")
    assert not fell_near(near, 0, len(near), start, start + 5)
    near = plain("Killed near Lyman on Sunday, he was a soldier.")
    start = near.index("lyman")
    assert fell_near(near, 0, len(near), start, start + 5) == "killed near"
    far = plain("Killed near Lyman on Sunday. " + "It rained all day and nobody came. " * 8 + "A soldier.")
    assert not fell_near(far, 0, len(far), start, start + 5)


def test_ours_in_a_village_is_news_in_capitals() -> None:
    """What a channel says of ours and theirs is a word of war; a fair or a final in capitals is none."""
    assert sectors("", "НАШІ ЗНОВУ В РОЗДОЛІВЦІ: ПРАПОР НА ДАХУ") == {"sloviansk": "front"}
    assert sectors("", "ЯРМАРОК У НОВОСЕЛІВЦІ: МЕД І ТАНЦІ") == {}


def test_names_that_begin_alike_are_not_the_same() -> None:
    """Ivanopillia in the text makes no Ivanivka of another sector."""
    text = (
        "На Константиновском направлении бои у Плещеевки.\n\n"
        "«Они выйдут к Ивановке, то есть к Иванополью», — говорит боец."
    )
    assert sectors(text) == {"kostiantynivka": "front"}


def test_a_story_without_any_word_of_war_is_of_a_place() -> None:
    """An engineer's memories name a town at peace; the same beside the front are news of it."""
    story = (
        "Инженеру девяносто, и сорок лет он работал в Волчанске. В телефоне у него погода по Волчанску, внучка"
        " записывает рецепт окрошки, а по воскресеньям он вспоминает, как в сквере играл духовой оркестр и как сам"
        " вёл кружок авиамоделистов."
    )
    assert sectors(story) == {"south-slobozhanskyi": Context.PLACE.value}
    assert sectors(f"{story} Вчера в Волчанске штурмовики вышли к заводу, бои идут за каждый цех.") == {
        "south-slobozhanskyi": Context.FRONT.value
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("После Сирии Бахмут стал главной целью «Вагнера», в штурме гибли сотни бойцов.", {"kramatorsk": "front"}),
        ("Nach Syrien Bachmut: Die Wagner-Söldner stürmten die Stadt monatelang.", {"kramatorsk": "front"}),
        ("После суданского Бахмута, Эль-Фашира, в осаде и Эль-Обейд: бои идут второй год.", {}),
        ("Ел-Фашър се превърна в суданския Бахмут след обсада.", {}),
        ("Szudáni Bahmut lett el-Fáserből, az ostrom másfél éve tart.", {}),
    ],
)
def test_one_war_after_another_is_no_comparison(text: str, wanted: dict[str, str]) -> None:
    """What a mercenary did after Syria he did at the real Bakhmut; the Sudanese one is none."""
    assert sectors(text) == wanted
