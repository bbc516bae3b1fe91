"""News of a town that is none of its front: twinnings, clubs, plants, births; and what only sounds like a town."""

from __future__ import annotations

import pytest

from extractors.detection.mentions import detect
from extractors.detection.origins import fell_near
from extractors.gazetteer import shipped
from extractors.text import plain


def sectors(text: str, title: str = "") -> dict[str, str]:
    detection = detect(text, title=title, gazetteer=shipped())
    return {score.sector: score.context.value for score in detection.sectors}


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        (
            "Der Stadtrat hat eine Solidaritätspartnerschaft mit Kramatorsk beschlossen, Schulen schreiben.",
            "kramatorsk",
        ),
        ("Councillors have voted to twin the town with Kupiansk; two schools exchange letters.", "kupiansk"),
        ("HK Kramatorsk porazil v ukrajinské hokejové lize Sokil 4:3. Trenér chválil brankáře.", "kramatorsk"),
        ("Згущенку Куп'янського МКК знову продають. Виробник орендує цех і обіцяє стару рецептуру.", "kupiansk"),
        ("Дружківський метизний завод запустив лінію в Тернополі. Підприємство шукає операторів.", "kramatorsk"),
        ("Дружківський міський суд тимчасово засідає у Кропивницькому: слухають позов.", "kramatorsk"),
        (
            "Girkin, dessen Männer 2014 Slowjansk besetzt hielten, stand vor Gericht. Das Urteil: lebenslang.",
            "sloviansk",
        ),
    ],
)
def test_what_a_town_has_or_was_is_a_place(text: str, sector: str) -> None:
    assert sectors(text) == {sector: "place"}


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("Aus der Partnerstadt Kramatorsk meldet der Bürgermeister Drohnen und vier Tote.", "kramatorsk"),
        ("Sloviansk, which was held for 84 days in 2014, was struck by three glide bombs overnight.", "sloviansk"),
        ("The line at Sloviansk has held since 2014. A court and a museum were shelled.", "sloviansk"),
        ("Дружківський завод обстріляли: дрони спалили цех, двоє поранених.", "kramatorsk"),
    ],
)
def test_where_it_is_fought_for_it_is_the_front(text: str, sector: str) -> None:
    assert sectors(text) == {sector: "front"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Уродженець Оріхова, він до війни працював електриком. Солдат загинув на Покровському напрямку.",
            {"orikhiv": "place", "pokrovsk": "front"},
        ),
        (
            "Lt Rud was born in Kupiansk and taught chemistry. He was killed by a drone near Huliaipole.",
            {"kupiansk": "place", "huliaipole": "front"},
        ),
        ("Уродженець Покровська боронив місто: солдата вбило міною на околиці Покровська.", {"pokrovsk": "front"}),
        ("He was born in Lyman and is fighting a street from his school: the Russians broke in.", {"lyman": "front"}),
    ],
)
def test_where_a_fighter_was_born_is_no_front_but_where_he_fell(text: str, expected: dict[str, str]) -> None:
    assert sectors(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "ХК «Краматорськ» обіграв «Сокіл» і очолив чемпіонат України. Воротар відбив 38 кидків.",
        "De bulkcarrier Pokrovsk lag drie weken aan de ketting in Vlissingen: de bemanning kreeg geen loon.",
        "Massengutfrachter Kramatorsk hat vor Brunsbüttel den Anker verloren.",
        "Grev sürüyor. Liman yönünde trafik kilitlendi, belediye liman yolunun gece açılacağını duyurdu.",
        "На турнире по борьбе Алиев в полуфинале победил Орехова, а в финале уступил хозяину ковра.",
        "Рух в олександрівському напрямку перекрито, об'їзд через Дмитрівку на Кіровоградщині.",
        "На Костянтинівському напрямку траси Н-14 біля Вознесенська перекинувся зерновоз.",
        "Siverskajan huvila-alueelle ja Siverskiin matkustettiin Pietarista kesäisin.",
        "Un misil cayó sobre la aldea de Kostiantynivka, en la región de Nikoláyev, dijo Kim.",
        "Костянтинівський НВК на Миколаївщині отримав шкільний автобус.",
        "Villamospótló busz jár ma a szlovjanszki irányban, mert a Pokrovszki utcán síncserét végeznek.",
    ],
)
def test_what_is_called_so_elsewhere_is_no_mention(text: str) -> None:
    assert sectors(text) == {}


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("Liman yönünde Rus birlikleri on iki kez saldırdı, Zariçne yakınlarında çatışmalar sürüyor.", "lyman"),
        ("На Олександрівському напрямку дрон поцілив у медиків на трасі, загинули двоє.", "oleksandrivka"),
        ("Спортивную школу Орехова разбило авиабомбой, ещё двое ранены.", "orikhiv"),
        ("A szlovjanszki irányban hat rohamot vertek vissza, írta az ukrán vezérkar.", "sloviansk"),
        ("Leningradin alueelta lähetetty prikaati hyökkäsi Siverskiin kolmesti.", "sloviansk"),
    ],
)
def test_and_the_town_is_found_beside_the_same_words(text: str, sector: str) -> None:
    assert sectors(text) == {sector: "front"}


def test_a_man_called_roman_is_no_novel() -> None:
    """Роман Дзюба fell at the front; a novel, without a surname behind it, is news of peace as before."""
    notice = "Молодший сержант Роман Дзюба загинув 2 березня поблизу Гуляйполя. Поховали його в Умані."
    assert sectors(notice) == {"huliaipole": "front"}
    assert sectors("Роман про Гуляйполе вийшов другом. Презентація в бібліотеці.") == {"huliaipole": "place"}


def test_a_rank_falls_at_the_front_unless_it_is_the_police() -> None:
    soldier, police = plain("сержант загинув під лиманом"), plain("сержант поліції загинув під лиманом")
    for text, fell in ((soldier, True), (police, False)):
        start = text.index("лиман")
        assert bool(fell_near(text, 0, len(text), start, len(text))) is fell
