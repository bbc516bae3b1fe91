"""Which of several places, or sectors of one place, is meant: by what else the text names beside it."""

from __future__ import annotations

import pytest

from extractors.detection.mentions import detect
from extractors.gazetteer import shipped


def sectors(text: str) -> set[str]:
    return {sector.sector for sector in detect(text, gazetteer=shipped()).sectors}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Бої північніше Добропілля: у Золотому Колодязі та Кучеровому Яру взято полонених.", {"dobropillia"}),
        ("Ukrainian units northeast of Dobropillia hold Kucheriv Yar and Zolotyi Kolodiaz.", {"dobropillia"}),
        ("Russian infantry dug in south of Lyman, near Yampil and Ozerne.", {"lyman"}),
        ("Штурми тривають у Родинському, Кучеровому Яру та Золотому Колодязі.", {"pokrovsk"}),
        ("Бої у Добропіллі, Родинському, Кучеровому Яру та Золотому Колодязі.", {"dobropillia", "pokrovsk"}),
        ("У Северского Донца бои: из Дроновки и Серебрянки россияне идут к Лиману.", {"lyman", "sloviansk"}),
    ],
)
def test_villages_of_two_sectors_go_with_the_town_close_by(text: str, expected: set[str]) -> None:
    """Where nothing else of the sector that they are of first is named, and they lie by the town of the other."""
    assert sectors(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "На Північно-Слобожанському напрямку авіація вдарила по Юнаківці, Садках та Костянтинівці.",
        "In the Northern Slobozhanskyi direction the enemy attacked near Kindrativka and Kostiantynivka.",
        "На Северо-Слобожанском направлении удары пришлись по Юнаковке, Кондратовке и Константиновке.",
    ],
)
def test_a_village_in_the_list_of_its_sector_is_no_town_of_its_name(text: str) -> None:
    assert sectors(text) == {"north-slobozhanskyi"}


def test_villages_in_a_list_lie_in_the_region_behind_it() -> None:
    told = "Российская армия взяла под контроль населённые пункты Раздольное и Воровское"
    assert sectors(f"{told} в ДНР, сообщили в Минобороны.") == {"oleksandrivka"}
    assert sectors(f"{told} в Курской области, сообщили в Минобороны.") == set()


def test_a_town_beside_others_is_no_village_of_the_sector_before() -> None:
    text = "На Північно-Слобожанському напрямку три атаки. Найважче під Покровськом і Костянтинівкою."
    assert sectors(text) == {"north-slobozhanskyi", "pokrovsk", "kostiantynivka"}
