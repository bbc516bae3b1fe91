"""A town that is also a surname, by what is done to it: bombed Lyman, Lyman came under fire, Lymane."""

from __future__ import annotations

import pytest

from extractors.detection.mentions import detect
from extractors.detection.sieges import done_to_a_town
from extractors.gazetteer import shipped


def sectors(text: str) -> set[str]:
    return {entry.sector for entry in detect(text, gazetteer=shipped()).sectors}


@pytest.mark.parametrize(
    "text",
    [
        "Russian troops attacked Lyman. The Ukrainian army holds its positions.",
        "Lyman came under fire in the morning. The Ukrainian army holds its positions.",
        "Lyman under attack: the Ukrainian army holds its positions, says the mayor.",
        "Lyman, Ukraine, was shelled overnight.",
        "Lyman, a town in the Donetsk region, was bombed by Russian jets.",
        "Brygada broni Lymana, Rosjanie atakują.",
        "Lymano prieigose vyksta kautynės su rusais, Ukrainos kariai laikosi.",
        "Limanas nomalē notiek kaujas, ziņo Ukrainas armija.",
        "Die Russen haben Lyman angegriffen. Die ukrainische Armee hält die Stellungen.",
        "Lyman wurde am Morgen beschossen. Die ukrainische Armee hält die Stellungen.",
        "Russische Truppen greifen im Raum Lyman an. Die ukrainische Armee hält die Stellungen.",
        "Les Russes ont bombardé Lyman. L'armée ukrainienne tient ses positions.",
        "Lyman a été bombardée ce matin. L'armée ukrainienne tient ses positions.",
        "Los rusos bombardearon Limán. El ejército ucraniano mantiene sus posiciones.",
        "I russi hanno bombardato Lyman. L'esercito ucraino tiene le posizioni.",
        "Os russos bombardearam Lyman. O exército ucraniano mantém as suas posições.",
        "De Russen bestookten Lyman. Het Oekraïense leger houdt stand.",
        "Ryssarna angrep Lyman. Den ukrainska armén håller ställningarna.",
        "Rușii au atacat Lîman. Armata ucraineană își păstrează pozițiile.",
        "Az oroszok megtámadták Limant. Az ukrán hadsereg tartja az állásait.",
        "Ruslar Liman'ın kuzeyinden saldırdı. Ukrayna ordusu mevzilerini koruyor.",
        "Rusové zaútočili na Lyman. Ukrajinská armáda drží pozice.",
        "Rusai užpuolė Lymaną. Ukrainos kariuomenė laiko pozicijas.",
        "Rusai veržiasi Lymane. Ukrainos kariuomenė laiko pozicijas.",
        "Cīņas notiek Limanā. Ukrainas armija notur pozīcijas.",
        "Venelased on Lõmani all. Ukraina armee hoiab positsioone.",
        "Οι Ρώσοι επιτέθηκαν στο Λιμάν. Ο ουκρανικός στρατός κρατά τις θέσεις του.",
        "Лиман снова под огнём. Украинская армия держит позиции.",
        "Лиман під вогнем: армія РФ била дронами всю ніч.",
        "Lyman shelled again: Russian drones flew all night.",
        "Lyman bleibt ukrainisch, sagt der Kommandeur der Brigade.",
        "Lyman de nouveau bombardée : les drones russes ont volé toute la nuit.",
        "Limán, bombardeada otra vez: drones rusos volaron toda la noche.",
        "Lîman rămâne ucrainean, spune comandantul brigăzii.",
        "Łyman znów pod ostrzałem: rosyjskie drony latały całą noc.",
        "Lyman zůstává ukrajinský, říká velitel brigády.",
        "Lyman jälleen tulituksessa: venäläiset lennokit lensivät koko yön.",
        "“Lyman holds,” said an officer of the brigade. Russian infantry attacked eleven times.",
        "Lyman hält. Die russische Infanterie griff elfmal an, sagt die Brigade.",
        "Lyman tient bon. L'infanterie russe a attaqué onze fois, selon l'état-major ukrainien.",
        "Lyman resiste: l'esercito russo ha attaccato undici volte, secondo lo stato maggiore ucraino.",
        "Łyman wciąż się broni. Rosyjskie wojska atakowały jedenaście razy.",
        "The battle for Lyman: Russian infantry has attacked since Friday.",
        "Karte: russischer Vormarsch auf Lyman, 20. Dezember. Quelle: ISW",
        "Bitva o Lyman: ruská pěchota útočí od pátku.",
        "Slaget om Lyman: Russisk infanteri har angrebet siden fredag.",
        "Csata Limanért: az orosz gyalogság péntek óta támad.",
        "Los rusos avanzan al este de Lyman.",
        "Ryssarna rycker fram öster om Lyman.",
    ],
)
def test_what_is_done_to_a_town_shows_that_it_is_one(text: str) -> None:
    """A verb that has towns for its objects, a passive of it, or a case of place."""
    assert sectors(text) == {"lyman"}


@pytest.mark.parametrize(
    "text",
    [
        "Lyman was captured near Kharkiv in May, the American volunteer's family said. Ukraine has asked for news.",
        "The senator attacked. Lyman defended the army's aid to Ukraine and Lyman said more was needed.",
        "Der Oberst lobte Lyman und andere Freiwillige, die in der ukrainischen Armee gefallen sind.",
        "Lyman, attaqué par la presse, défend l'aide à l'armée ukrainienne.",
        "Lyman hält eine Rede über die ukrainische Armee, der Saal klatscht.",
        "Der Angeklagte Orechow schwieg. Die Ukraine fordert seine Auslieferung wegen Kriegsverbrechen.",
        "Orekhov was not in court. Ukraine wants him for war crimes; the army unit he led is under sanctions.",
        "Orekhov le dijo a la agencia que el ejército ruso volvería a Ucrania.",
        "Военный суд в Ростове приговорил украинца Орехова к 14 годам за шпионаж.",
        "Суд у Москві засудив українця Лимана до дванадцяти років, він воював у складі ЗСУ.",
        "Беларускі добраахвотнік Арэхаў загінуў на вайне ва Украіне.",
        "Підрозділ «Слов'янська січ» зібрав на дрони мільйон.",
        'מל"טים אוקראיניים תקפו את בית הזיקוק בסלביאנסק-נה-קובאני.',
        "“Lyman holds grudges,” said his wife. Russian troops attacked Ukraine when he was there.",
        "Lyman holds that Russia's war in Ukraine will end in a freeze. The army disagrees.",
        "The battle for Lyman's estate: a Russian collector and a Ukrainian museum claim the letters.",
        "Avance de Lyman en el ranking: la rusa Andreeva, segunda.",
    ],
)
def test_what_people_do_and_suffer_leaves_them_people(text: str) -> None:
    """A surname amid words of war is none of the town, nor is a unit or a town on another river."""
    assert sectors(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Orekhov was shelled 40 times overnight. Russian troops are 6 km from the town, Ukraine's army said.",
        "Les forces russes ont bombardé Orekhov, dans la région de Zaporijjia.",
        "Rusové ostřelují Orechov v Záporožské oblasti, tvrdí ukrajinská armáda.",
        "Die russische Armee meldet Kämpfe bei Orechow.",
        "Ruslar Orehov'a saldırdı, Ukrayna ordusu açıkladı.",
        "Las tropas rusas avanzan hacia Orejov, dijo el ejército ucraniano.",
        "Российские войска обстреляли Орехов, сообщила украинская армия.",
    ],
)
def test_a_russian_name_that_people_bear_is_still_found(text: str) -> None:
    """Orekhov, the Russian name of Orikhiv, where something shows the town."""
    assert sectors(text) == {"orikhiv"}


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        (
            "Российская армия взяла под контроль населенный пункт Раздольное в ДНР, сообщили в Минобороны.",
            "oleksandrivka",
        ),
        ("Сили оборони відбили атаки в Удачному, повідомив Генштаб.", "pokrovsk"),
        ("ВСУ отбили атаки в Кривой Луке, сообщил украинский генштаб.", "sloviansk"),
        ("Z Chotiňské a Junakivské obce odjelo 90 procent lidí. Ruské drony útočí dál.", "north-slobozhanskyi"),
    ],
)
def test_rare_names_and_communities_are_found(text: str, sector: str) -> None:
    """A common word that hardly another place is called, after a preposition; the community of a village."""
    assert sectors(text) == {sector}


def test_nothing_is_done_where_the_language_is_not_known() -> None:
    """Without verbs of the language, and in another clause, nothing is said."""
    text = "bombed lyman, then kharkiv was shelled"
    start = text.index("lyman")
    assert done_to_a_town(text, start, start + 5, "en") == "bombed"
    assert done_to_a_town(text, start, start + 5, "xx") == ""
    text = "they saw lyman, which was shelled"
    start = text.index("lyman")
    assert done_to_a_town(text, start, start + 5, "en") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Началась ликвидация группировки ВСУ, окружённой в районе Погребки — Ольговка — Новоивановка Курской области.",
        "ВСУ запустили не менее пяти ракет ATACMS в направлении Курска.",
        "Промедление в отношении судей Санина и Огурцова, обвиняемых по уголовному делу, странно.",
        "Украинские войска вошли в Курскую область: бои идут в Погребках, Ольговке и Кремяном.",
        "Ворог атакував Зеленодольську та Широківську громади на Криворіжжі.",
        "На Полтавщині через атаку дронів без газу Покровська Багачка.",
        "Дрони атакували Ізмаїл і село Озерне, пошкоджено порт на Дунаї.",
        "Die Straße der Verteidiger von Bachmut in Lwiw wurde umbenannt, die Armee war dabei.",
        "A plaza named after the defenders of Bakhmut opened in Vilnius; Ukraine's ambassador thanked soldiers.",
        "Una calle de Kiev llamada Defensores de Bajmut ardió tras un ataque de drones rusos.",
        "Le pétrolier russe Slaviansk a explosé en Méditerranée, la marine ukrainienne nie.",
        "В деревне Колодезное под Тулой в лагере взорвалась колба, ранены дети.",
    ],
)
def test_lists_streets_ships_and_surnames_are_left(text: str) -> None:
    """A region behind a list is that of all in it, a direction with a noun says where to; streets, ships, surnames."""
    assert sectors(text) == set()


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("The defenders of Bakhmut held the street for a week, Ukraine's army said.", "kramatorsk"),
        ("Покровська ОВА повідомила про обстріл, армія тримає Покровськ.", "pokrovsk"),
        ("Росіяни обстріляли село Криворіжжя Добропільської громади, є поранені.", "dobropillia"),
        ("Le navire russe a tiré sur l'Ukraine ; Sloviansk a été bombardée.", "sloviansk"),
    ],
)
def test_what_stands_near_such_words_is_still_found(text: str, sector: str) -> None:
    """Defenders without a street of theirs, an administration, a village, a ship that is not called so."""
    assert sector in sectors(text)


def test_a_village_follows_the_sector_that_is_spoken_of() -> None:
    """Predtechyne is of the Kramatorsk sector first, and of Kostiantynivka where the text speaks of that alone."""
    near = "Руските войски влязоха в Константиновка откъм Предтечино. Украинските командири искат още дронове."
    assert sectors(near) == {"kostiantynivka"}


@pytest.mark.parametrize(
    "text",
    [
        "Подразделения освободили посёлок Копанки в Харьковской области. В Курской области ВСУ контратаковали.",
        "Российские войска вошли в Копанки Харьковской области, в Курской области бои идут у Суджи.",
    ],
)
def test_the_adjective_of_a_region_is_its_name(text: str) -> None:
    """Харьковской beside области says where a village lies, though it may name a sector beside another word."""
    assert sectors(text) == {"lyman"}


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("Op de as Kostjantynivka voerden Russische troepen 22 aanvallen uit.", "kostiantynivka"),
        ("The brigade held off an assault on the outskirts of Lyman, its press service told Ukrinform.", "lyman"),
        ("კოსტიანტინივკის მიმართულებით უკრაინის არმიამ 22 შეტევა მოიგერია.", "kostiantynivka"),
    ],
)
def test_an_axis_an_agency_and_a_genitive(text: str, sector: str) -> None:
    """The Dutch word for an axis is no club, Ukrinform tells of Ukraine, and Georgian drops the last vowel."""
    assert sectors(text) == {sector}
