"""Detection: what is found, what is not, and why."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.detection.mentions import detect
from extractors.detection.scoring import ACCEPT
from extractors.gazetteer import shipped
from extractors.text import normalise
from sectorwatch.domain import Context, Detection, Mention, Rejected, Salience, Zone

PEACE = "The library opens at nine. Visitors may borrow three books for a month. The garden is closed in winter.\n"


def read(text: str, title: str = "") -> Detection:
    return detect(text, title=title, gazetteer=shipped())


def candidates(detection: Detection) -> list[Mention | Rejected]:
    return [*detection.mentions, *detection.rejected]


def found(text: str, title: str = "") -> list[tuple[str, str]]:
    return [(mention.surface, mention.sector) for mention in read(text, title).mentions]


FORMS = [
    "Куп'янськ", "Куп’янську", "Куп‘янськом", "Купянська", "Купянск", "Купянском", "Купянска", "Kupiansk", "Kupyansk",
    "Kupjansk", "Koupiansk", "Kupiańsk", "Kupjanszk", "Kupjansku", "Купјанск", "КУП'ЯНСЬК", "Kупянcк",
    'Куп"янськ', "Куп”янську", "Куп*янська", "Купьянске", "Купъянск", "Куп'янском", "Kupyans'k",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_spelling_of_kupiansk_is_found(form: str) -> None:
    """Write the name once and it is found in every apostrophe, case, alphabet and newspaper spelling."""
    assert found(f"{form} / {PEACE}") == [(form, "kupiansk")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("На Лиманському, Куп’янському та Покровському напрямках бої.", {"lyman", "kupiansk", "pokrovsk"}),
        ("Бои идут на купянском направлении.", {"kupiansk"}),
        ("Fighting raged in the Kupyansk and Lyman sectors.", {"kupiansk", "lyman"}),
        ("A push along the Lyman-Kupiansk direction.", {"kupiansk", "lyman"}),
        ("In den Frontabschnitten Kupjansk und Lyman wird gekämpft.", {"kupiansk", "lyman"}),
        ("Walki na kierunku kupiańskim trwają.", {"kupiansk"}),
        ("Les combats dans le secteur de Lyman continuent.", {"lyman"}),
        ("На Торецькому напрямку відбито атаки.", {"kostiantynivka"}),
        ("На Сіверському напрямку ворог атакував.", {"sloviansk"}),
        ("На Курському та Північно-Слобожанському напрямках бої.", {"north-slobozhanskyi"}),
        ("The Kherson direction saw two assaults.", {"prydniprovske"}),
        ("In de richting van Lyman twaalf Russische aanvallen.", {"lyman"}),
        ("I riktning mot Norra Slobozjansk tolv ryska anfall.", {"north-slobozhanskyi"}),
        ("A olekszandrivkai irányban az ellenség tizenkétszer támadott.", {"oleksandrivka"}),
        ("Oleksandrivkan suunnalla vihollinen hyökkäsi kaksitoista kertaa.", {"oleksandrivka"}),
        ("ستاد کل اوکراین: در جهت پریدنیپروفسکه ۱۲ حمله انجام شد.", {"prydniprovske"}),
        ("Ворог атакував Куп'янськ-Вузловий.", {"kupiansk"}),
        ("러시아군이 리만을 공격했다고 우크라이나군이 밝혔다.", {"lyman"}),
        ("Pokrovski suunal tõrjuti 12 rünnakut, teatas Ukraina kindralstaap.", {"pokrovsk"}),
        ("У раёне Касцянцінаўкі ідуць вулічныя баі, паведамляе Генштаб Украіны.", {"kostiantynivka"}),
        ("Na Konstantinivku dopadly ruské bomby, hlásí ukrajinská armáda.", {"kostiantynivka"}),
        ("რუსეთის არმიამ სინკივკა და გლუშკოვკა დაბომბა, იუწყება უკრაინის გენშტაბი.", {"kupiansk"}),
        ("Ruske snage napreduju prema Pokrovskom u Dnjipropetrovskoj oblasti.", {"oleksandrivka"}),
        ("俄军在库皮扬斯克附近发动进攻", {"kupiansk"}),
        (
            "22 attaques dans le secteur de Houliaïpole et six dans celui d'Oleksandrivka.",
            {"huliaipole", "oleksandrivka"},
        ),
        ("俄罗斯国防部称攻占扎波罗热州的瓦尔瓦里夫卡村，乌军未予证实。", {"huliaipole"}),
        ("Руските войски твърдят, че са превзели Новоданиловка в Запорожка област.", {"orikhiv"}),
        ("Pokrovske hromada: two wounded in FPV strike on a minivan, says the Dnipropetrovsk OVA.", {"oleksandrivka"}),
        ("Зеленський: по Гуляйполю маємо рішення, по Покровську важко.", {"huliaipole", "pokrovsk"}),
        ("In the Orekhovsky area Russian assault units dug in, Ukraine's army says.", {"orikhiv"}),
        ("На Краматарскім напрамку расіяне прасунуліся, паведаміў украінскі Генштаб.", {"kramatorsk"}),
        ("Ukraina: trwają walki w Kupiańsku-Wuzłowym, wojska rosyjskie nacierają.", {"kupiansk"}),
        ("Az orosz hadsereg Konsztantinivkát támadja, közölte a vezérkar.", {"kostiantynivka"}),
        (
            "The village of Novodanylivka in Zaporizhzhia region fell, troops said. A depot burned in Rostov.",
            {"orikhiv"},
        ),
        ("Покровське: дрони влучили в ліцей. У Синельниківському районі троє поранених.", {"oleksandrivka"}),
    ],
)
def test_sector_phrases(text: str, wanted: set[str]) -> None:
    """A sector is found by its phrase, alone or in a list, in the word order of each language, under former names."""
    assert {sector for _, sector in found(text)} == wanted


@pytest.mark.parametrize(
    ("around", "post", "sector"),
    [
        (
            "The president spoke to reporters after the summit and thanked his hosts for a warm welcome.",
            "«На Лиманському напрямку за добу шість атак», – ідеться в дописі.",
            "lyman",
        ),
        (
            "Der Präsident sprach nach dem Gipfel mit Journalisten und dankte den Gastgebern für den Empfang.",
            "«На покровском направлении продолжаются бои», пишет канал.",
            "pokrovsk",
        ),
        (
            "Президент після зустрічі поспілкувався з журналістами та подякував господарям за теплий прийом.",
            '"Six assaults were repelled in the Lyman sector overnight", the post says.',
            "lyman",
        ),
    ],
)
def test_a_post_quoted_in_another_script_is_read_with_its_own_words(around: str, post: str, sector: str) -> None:
    """An English article quotes a Ukrainian post, whose cue words count there; a name alone stays one."""
    assert [one.sector for one in read(f"{around} {around}\n\n{post}\n\n{around}").sectors] == [sector]
    assert not found(f"{around} {around} Школа імені Покровського працює. {around}")


def test_the_first_word_of_a_region_is_no_city() -> None:
    """Kharkiv region is named, and not Kharkiv, though a town of its sector stands beside it."""
    text = "Troops fought in Vovchansk, in Kharkiv region, and a shell hit Kharkiv, Ukraine's army said."
    assert found(text) == [("Vovchansk", "south-slobozhanskyi"), ("Kharkiv", "south-slobozhanskyi")]
    text = "L'armée russe bombarde Vovtchansk, dans la région de Kharkiv, en Ukraine."
    assert found(text) == [("Vovtchansk", "south-slobozhanskyi")]


def test_a_part_of_a_town_is_the_town() -> None:
    """After the side of it that is meant, a town is no surname, with no other town to vouch for it."""
    assert found("Russian forces advanced in northern Pokrovsk.") == [("Pokrovsk", "pokrovsk")]
    detection = read("Ukrainian forces advanced in western Lyman.")
    assert "alone" not in {reason.code for candidate in candidates(detection) for reason in candidate.reasons}


def test_a_phrase_says_whose_village_is_meant() -> None:
    """Common village names belong to the sector that their paragraph names; elsewhere they are not taken."""
    text = (
        "На Лиманському напрямку ворог атакував у районах Новоселівки та Надії.\n"
        "На Костянтинівському напрямку бої йшли біля Новоселівки."
    )
    assert [sector for _, sector in found(text)] == ["lyman", "lyman", "lyman", "kostiantynivka", "kostiantynivka"]
    assert found("У селі Новоселівка відкрили школу. " + PEACE) == []


@pytest.mark.parametrize(
    "text",
    [
        "В районе Покровское-Стрешнево упало дерево.",
        "Затруднено движение в районе станций МЦД Покровское и Красный строитель.",
        "Дністровський лиман чекає на птахів.",
        "Осматривали побережье Амурского лимана.",
        "Умерла Мария Лиманская, регулировщица Победы.",
        "Александр Покровский, Java-программист, рассказал о войне с багами.",
        "Will Lyman narrates the film about the war in Ukraine.",
        "New York was hit by a storm; troops were deployed.",
        "У Нью-Йорку відбулася сесія ООН щодо війни в Україні.",
        "Поезда Курского направления МЖД задержаны.",
        "ФК «Краматорськ» виграв матч чемпіонату.",
        "Адреса: вул. Покровська, 12.",
        "Шевченко забив гол у ворота «Динамо».",
        "Надія Савченко виступила в суді.",
        "Hochwasser in Charkiw.",
        "Kherson was shelled by Russian troops, Ukraine says.",
        "Бої на степових ділянках, нове озброєння, мирне місто.",
        "Автобус опрокинулся в районе станицы Северская.",
        "Суд відпустив Лиманця під заставу, війна в Україні триває.",
        "Ореховцы проиграли хоккейный матч, сборы пойдут на дроны для войны в Украине.",
        "우크라이나 전쟁에 참전한 리만 대위는 러시아군과 싸웠다.",
        "ウクライナ戦争を取材したリマン氏は東京で講演した。",
        "乌克兰战争期间，利曼先生为难民捐款。",
        "غرقت السفينة ليمان في البحر الأسود خلال الحرب مع أوكرانيا.",
        "מושב לימן שבגליל נפגע מטילים, סיפרה תושבת שהגיעה מהמלחמה באוקראינה.",
        "Külaline Ukrainast, veteran Pokrovski, rääkis droonidest.",
        "Die Sopranistin Liman singt nahe Kiew für Opfer des Kriegs in der Ukraine.",
        "Судили блогера, який злив ворогу удар по ТЕЦ. Суддя — Сіверська Н. В.",
        "Дело о диверсии вёл следователь Покровский А.И., приговор вынес военный суд в Киеве.",
        "Drone crash near Konstantinovka, Moldova: police find no explosives.",
        "The Kramatorsk Post, a magazine from Ukraine, won a press freedom award.",
        "Moda, la collezione Pokrovsk: ricami ucraini e bottoni d'osso in passerella a Milano.",
        "The MV Kramatorsk, a bulk carrier with Ukrainians aboard, was detained over unpaid wages.",
        "رست السفينة في ميناء ليمان محملة بالقمح من أوكرانيا رغم الحرب.",
        "Родинське чи родинне? Мовознавиця пояснила, чому родинське дерево — калька.",
        "Do Dobropola w gminie Barwice wprowadziła się rodzina z Charkowa, choć trwa wojna.",
        "Pokrovsk est le titre de la nouvelle chanson du groupe, qui parle de la guerre en Ukraine.",
        "Покровськ називається новий альбом гурту; про війну в ньому жодного слова.",
        "Pokrowsk heißt die neue Single der Band, mit dem Krieg in der Ukraine habe sie nichts zu tun.",
    ],
)
def test_false_friends_are_left(text: str) -> None:
    """Estuaries, surnames, streets, railways, clubs, courts and larger places of the same name are no mentions."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("Суд у Куп'янську засудив чоловіка за крадіжку.", Context.PLACE),
        ("The composer was born in Kupiansk in 1931.", Context.PLACE),
        ("Суд у Куп'янську зруйновано: ворог ударив по місту авіабомбами.", Context.FRONT),
        ("Куп'янська міська військова адміністрація видає у Полтаві продуктові набори.", Context.PLACE),
        ("Куп'янська міська військова адміністрація: ворог ударив по місту, троє поранених.", Context.FRONT),
        ("The court of Kupiansk, which sits in exile, sentenced a man for joining the occupiers.", Context.PLACE),
        ("Le lycée de Koupiansk, replié à Lviv, ouvre son musée.", Context.PLACE),
        ("Купянский горсуд заочно осудил бывшего военного.", Context.PLACE),
        ("Депутат Купянского горсовета задержан по делу о мошенничестве.", Context.PLACE),
        ("Kupiansk-born sprinter takes silver in Tokyo, years after leaving home.", Context.PLACE),
        ("Для куп'янчан у Полтаві відкрили ще один гуртожиток.", Context.PLACE),
        ("Купянчане просят забрать их из-под обстрелов: дроны бьют по подвалам.", Context.FRONT),
        ("Ukraina drar sig ur Kupjansk, säger försvarsanalytikern.", Context.FRONT),
        ("У Куп'янській громаді загинула жінка, поранено двох, зруйновано дах школи.", Context.FRONT),
        ("У 1919 році до Куп'янська повернувся губернатор. Музей розповідав про це до великої війни.", Context.PLACE),
        ("Under the Crimean War a regiment of infantry was raised at Kupiansk.", Context.PLACE),
        ("Бои за Купянск, 1943 год: под Харьковом нашли обломки самолёта.", Context.PLACE),
        ("The battle for Kupiansk in 1943 and its fallen soldiers are the subject of a Ukrainian book.", Context.PLACE),
        ("Ukraine: fighting in Kupiansk, 1800 soldiers hold the town.", Context.FRONT),
        ("Kupiansk hospital now works in Kharkiv. Kupiansk doctors kept their wards.", Context.PLACE),
        ("Das Krankenhaus behandelt jetzt in Poltawa. Aus Kupjansk zogen dreißig Pfleger mit um.", Context.PLACE),
        ("Kupiansk hospital now works in Kharkiv: its wards were shelled again.", Context.FRONT),
        ("«Укрзалізниця» змінює розклад: потяг курсуватиме до Куп'янська, квитки дійсні.", Context.PLACE),
        ("Подача води: Куп'янськ — з 6 до 9 год за графіком. Водоканал просить не зливати запасів.", Context.PLACE),
        ("Krankenhaus in Kupjansk evakuiert: Drohnen reichen jetzt bis an die Betten.", Context.FRONT),
        ("Russian troops shelled Kupiansk.", Context.FRONT),
        ("Kupiansk holds, he said.", Context.FRONT),
        ("In Kupjansk harren noch 1800 Menschen aus, die russische Armee beschießt die Brücken.", Context.FRONT),
        ("До повномасштабного вторгнення в Куп'янську працював музей, де виставляли картини.", Context.PLACE),
        ("Avant l'invasion russe, le musée de Koupiansk exposait des lettres ; un livre les publie.", Context.PLACE),
        ("До повномасштабного вторгнення в Куп'янську працював музей, тепер він зруйнований.", Context.FRONT),
        ("ЄС засудив удар по школі в Куп'янську. Загинули двоє людей.", Context.FRONT),
        ("L'ONU a condamné l'attaque russe contre l'école de Koupiansk.", Context.FRONT),
        ("Sąd uznał go za winnego ataku na dworzec w Kupiańsku, w którym zginęło 61 osób.", Context.PLACE),
        ("Una segunda Kupiansk: el general ucraniano teme por la ciudad, que atacan las tropas rusas.", Context.PLACE),
        ("Licealiści z Kupiańska zdali maturę.", Context.PLACE),
        ("Avant la guerre, trente voix. Neuf chantent encore, dans une chorale de Koupiansk.", Context.PLACE),
        ("Der UN-Rat hat den Angriff auf eine Schule in Kupjansk mit zwölf Stimmen verurteilt.", Context.FRONT),
        ("Gericht verurteilt Piloten in Abwesenheit wegen des Angriffs auf Kupjansk.", Context.PLACE),
        ("Суд у Києві заочно засудив російського пілота за удар по Куп'янську.", Context.PLACE),
        (
            "Vor dem Krieg lernten in der Schule von Kupjansk 400 Kinder. Russische Truppen beschossen sie.",
            Context.FRONT,
        ),
        ("Eine Konditorin aus Kupjansk hat in Pirna eine Bäckerei eröffnet.", Context.PLACE),
    ],
)
def test_a_town_at_peace_is_told_from_the_front(text: str, context: Context) -> None:
    """A town named for its court or as a birthplace is a mention, and marked as no news of the front."""
    (sector,) = read(text).sectors
    assert (sector.sector, sector.context) == ("kupiansk", context)


REPORTS = [
    ("Лиманський напрямок: 12 атак. Куп'янський: 4. Краматорський: без змін.", {"lyman", "kupiansk", "kramatorsk"}),
    ("🔹 Оріхівський: 3 атаки\n🔹 Гуляйпільський: 18", {"orikhiv", "huliaipole"}),
    ("Бойові зіткнення: ▪️Покровський – 41 ▪️Костянтинівський – 22", {"pokrovsk", "kostiantynivka"}),
    ("Гуляйпольское: наши продвинулись, противник отходит.", {"huliaipole"}),
    ("На купянском направлении спокойно. На константиновском тяжело, враг давит.", {"kupiansk", "kostiantynivka"}),
    ("Directions: Pokrovsk - 38, Lyman - 12, Kupiansk - 4, enemy attacks per day.", {"pokrovsk", "lyman", "kupiansk"}),
    ("На Гуляйпільському найважче, ворог скинув 31 КАБ. Придніпровський: три виходи.", {"huliaipole", "prydniprovske"}),
    ("На Олександрівському та Гуляйпільському тривають бої.", {"oleksandrivka", "huliaipole"}),
    ("На оріхівському напрямку в Запорізькій області тривають бої.", {"orikhiv"}),
    ("Погиб при обстреле в посёлке Заречное Краматорского района.", {"lyman"}),
    ("Волонтери привезли генератор у Борову на Харківщині, яку щодня обстрілюють.", {"kupiansk"}),
    ("Покровський: «Ми переможемо у цій війні». Журналіст: А ворог? Покровський: Відступить.", set()),
    ("Вони воювали на Куп'янському напрямку, а зустрілися на Покровській, біля собору.", {"kupiansk"}),
]


@pytest.mark.parametrize(("text", "sectors"), REPORTS)
def test_heads_and_lists_of_a_report_name_sectors(text: str, sectors: set[str]) -> None:
    """An adjective that heads an item, or whose noun is left out, is the sector's; a speaker or street is none."""
    assert {mention.sector for mention in read(text).mentions} == sectors


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        ("Колишній мер Слов'янська вийшов під заставу, вирішив суд.", {"sloviansk"}),
        ("Історія Покровська у фотографіях: виставка в Києві.", {"pokrovsk"}),
        ("Mer Pokrowska mówi, że w mieście nie ma wody.", {"pokrovsk"}),
        ("V centru Slavjanska otevřeli muzeum.", {"sloviansk"}),
        ("Gradonačelnik Pokrovska traži pomoć.", {"pokrovsk"}),
        ("Депутатка Покровська внесла законопроєкт про бюджет.", set()),
        ("Starostka Pokrovská otevřela školu v Chebu, pomáhá Ukrajině ve válce.", set()),
        ("Aktorka Pokrowska wystąpi w centrum Warszawy na rzecz ofiar wojny na Ukrainie.", set()),
    ],
)
def test_a_genitive_like_a_surname_is_the_town_behind_its_mayor(text: str, sectors: set[str]) -> None:
    """Slavs write Pokrovsk's genitive as a woman's surname: what has a town behind it tells them apart."""
    assert {mention.sector for mention in read(text).mentions} == sectors


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        ("Під Костянтинівкою загинув захисник з Миколаївщини. Йому було 34 роки.", {"kostiantynivka"}),
        ("На Миколаївщині поховали воїна Олега Бондаря. Він поліг у бою біля Костянтинівки.", {"kostiantynivka"}),
        ("Черкаська бригада тримає Гуляйполе.", {"huliaipole"}),
        ("Боєць Ізмаїльського прикордонного загону загинув під Лиманом, повідомили в громаді.", {"lyman"}),
        ("Волгоградский мотострелок рассказал, как штурмовал Покровск.", {"pokrovsk"}),
        ("A soldier from Mykolaiv was killed near Kostiantynivka, his brigade said.", {"kostiantynivka"}),
        ("Un volontaire kazakh a été tué près de Kostiantynivka, selon l'armée ukrainienne.", {"kostiantynivka"}),
        ("A Belarusian journalist filmed the ruins of Toretsk after the shelling, Ukraine says.", {"kostiantynivka"}),
        ("У Костянтинівці Миколаївської області попрощалися із солдатом, який загинув у бою.", set()),
        ("Debris from a drone fell in Kostiantynivka, Mykolaiv region, killing a soldier on leave.", set()),
        ("В Дзержинске под Минском простились с солдатом, погибшим на войне в Украине.", set()),
        ("Автобус из Энгельса в Покровск перевернулся, среди пострадавших трое военных.", set()),
    ],
)
def test_where_a_fighter_is_from_is_not_where_the_town_lies(text: str, sectors: set[str]) -> None:
    """A region that a soldier or brigade is from makes no namesake there of the town where they fight."""
    assert {mention.sector for mention in read(text).mentions} == sectors


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        ("Photo : un robot terrestre avance entre les ruines de Tchassiv Iar, le 9 novembre.", {"kramatorsk"}),
        ("Foto: Ein Soldat in Kupjansk (Archiv)", set()),  # the credit of a picture
        ("Lire aussi : Koupiansk sous le feu des drones et de l'artillerie russes", set()),
        ("#Lyman : les gars de la 63e brigade brûlent deux blindés à la sortie de Zaritchné", {"lyman"}),
        ("#Lyman : le concert de la chanteuse est reporté, la brigade de nettoyage est au travail", set()),
        ("#Lyman: the lads of the 63rd torch two BMPs on the road out of Zarichne 🇺🇦", {"lyman"}),
        ("#Lyman – what a voice! Album of the year, brigade of fans agrees", set()),
        ("Lyman : les gars sont à la plage", set()),
        ("Les Russes ont bombardé le pont Antonivsky et l'artillerie a frappé les îles.", {"prydniprovske"}),
        ("Dos barcos pasaron bajo el puente Antonivski con soldados ucranianos.", {"prydniprovske"}),
    ],
)
def test_a_post_of_one_line_is_news(text: str, sectors: set[str]) -> None:
    """A caption that is all there is tells what it shows, and a hashtag before news of the war is the town."""
    assert {mention.sector for mention in read(text).mentions} == sectors


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        ("В селе Покровка Таласской области Киргизии похоронили погибшего на войне в Украине.", set()),
        ("In Pokrowka, einem Dorf im Norden Kasachstans, trauert man um Soldaten, gefallen in der Ukraine.", set()),
        ("Le village serbe de Dobropolje accueille des réfugiés de la guerre en Ukraine.", set()),
        ("Kırgızistan'ın Talas vilayetindeki Pokrovka köyünde Ukrayna'daki savaşta ölen bir asker gömüldü.", set()),
        ("W serbskim Dobropolju przyjęto trzy rodziny z Ukrainy, które uciekły przed wojną.", set()),
        (
            "Un volontaire moldave a été tué à Dobropillia par un obus russe, selon l'armée ukrainienne.",
            {"dobropillia"},
        ),
        (
            "Kazakh mercenaries were seen in the town of Kupiansk, Ukraine's army said.",
            {"kupiansk"},
        ),
        ("Freiwillige aus Moldau verteidigen Kostjantyniwka gegen russische Truppen.", {"kostiantynivka"}),
    ],
)
def test_a_village_that_is_said_to_lie_abroad_is_none_of_ours(text: str, sectors: set[str]) -> None:
    """The country beside it says where a village lies; where a fighter comes from says nothing of it."""
    assert {mention.sector for mention in read(text).mentions} == sectors


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        ("하버드대 리만 교수는 우크라이나 전쟁이 에너지 시장을 바꿔 놓았다고 말했다.", set()),
        ("우크라이나 전쟁을 피해 온 학자가 리만의 가설을 강의한다.", set()),
        ("우크라이나군은 리만 인근에서 러시아군의 공격을 격퇴했다.", {"lyman"}),
        ("پوکروفسکی، مربی روس، پس از آغاز جنگ اوکراین به ایران آمد.", set()),
        ("ارتش اوکراین حمله روسیه به پوکروفسکی را دفع کرد.", {"pokrovsk"}),
        ("莱曼表示，俄乌战争爆发后粮价上涨了三成。", set()),
        ("俄军逼近莱曼，乌军炸毁了桥梁。", {"lyman"}),
        ("قال بوكروفسكي، وهو محلل روسي، إن الحرب في أوكرانيا مستمرة.", set()),
        ("تقدمت القوات الروسية شرق ليمان وقصفت الجيش الأوكراني.", {"lyman"}),
    ],
)
def test_a_name_without_capitals_needs_a_place_at_it(text: str, sectors: set[str]) -> None:
    """Where people bear it, and the script has no capitals, a word of place or of war at it makes it the town."""
    assert {mention.sector for mention in read(text).mentions} == sectors


def test_a_name_without_capitals_that_is_the_town_once_is_so_again() -> None:
    """What a text has shown to be the town is the town where nothing stands at it."""
    again = read('מוסקבה הודיעה על כיבוש לימאן, אולם דובר החזית המזרחית אמר כי "לימאן בידינו".')
    assert [mention.surface for mention in again.mentions] == ["לימאן", "לימאן"]


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("Né à Soledar, il sculpte le sel et expose à Tours.", "place"),
        ("Die Geigerin stammt aus Soledar und spielt Beethoven.", "place"),
        ("Urodzony w Siewiersku malarz pokaże pejzaże z dzieciństwa.", "place"),
        ("Born in Soledar, the sergeant was killed there by Russian artillery.", "front"),
        ("They fled Soledar under shelling, the Ukrainian army said.", "front"),
    ],
)
def test_where_somebody_comes_from_is_a_place(text: str, context: str) -> None:
    """A birthplace is no front, unless the war is told of beside it."""
    assert {mention.context.value for mention in read(text).mentions} == {context}


ASIDES = [
    "Читайте також: Ворог штурмує Куп'янськ", "Read also: Kupiansk under attack",
    "Lesen Sie auch: Der Kampf um Kupjansk", "Теги: Куп'янськ, Харківщина, обстріл", "Фото: удар по Куп'янську",
    "Lire aussi\nKoupiansk sous le feu", "▪ Читайте также\nБои за Купянск\nКупянск: что известно",
    "#Kupiansk #Ukraine #war",
]  # fmt: skip


@pytest.mark.parametrize("aside", ASIDES)
def test_what_stands_beside_the_article_does_not_count(aside: str) -> None:
    """Links to other news, lists of tags and captions make no mention, and say why; the same words in a sentence do."""
    text = (
        f"Ворог ударив дронами по Одесі, пошкоджено порт.\n\n{aside}\n\nПоранено трьох людей, повідомила влада міста."
    )
    detection = read(text)
    assert detection.mentions == ()
    assert {reason.code for rejected in detection.rejected for reason in rejected.reasons} == {"aside"}
    assert found(f"Поранено трьох людей. {aside.replace(':', '').replace('#', '')}.")


def test_a_short_report_amid_other_news_is_found() -> None:
    """One sentence of war in a long article about something else is enough, wherever it stands."""
    report = (
        "Ukrainian troops pushed the attackers back from the northern edge of Kupiansk overnight, a spokesman said."
    )
    for text in (PEACE * 20 + report + "\n" + PEACE * 20, report, PEACE.replace("\n", " ") * 20 + report):
        assert found(text) == [("Kupiansk", "kupiansk")]


def test_a_homonym_needs_the_war() -> None:
    """The same village name counts in a report of the war and not in news of peace."""
    assert found("Ворог штурмував Серебрянку, наші воїни відбили атаку.") == [("Серебрянку", "sloviansk")]
    assert found("У Серебрянці відкрили дитячий садок. " + PEACE) == []


def test_a_hyphen_gives_a_town_of_two_sectors_to_the_one_it_is_joined_with() -> None:
    """The Kostiantynivka-Druzhkivka tactical area is of one sector, and Druzhkivka of that text too."""
    text = "Russian forces advanced in the Kostiantynivka-Druzhkivka tactical area. A drone struck a Druzhkivka bridge."
    assert {sector for _, sector in found(text)} == {"kostiantynivka"}


def test_a_digest_is_read_by_the_paragraph() -> None:
    """A region that one paragraph names says nothing of the next, whose other names lie elsewhere."""
    text = "В Сумской области ВСУ потеряли технику в районе Варачино.\n\n«Южная»: склады в районах Северска и {}."
    assert ("Константиновки", "kostiantynivka") in found(text.format("Константиновки"))
    sumy = "Сумщина. Росіяни обстріляли Кіндратівку.\n\nТакож вибухи чули в Костянтинівці."
    assert ("Костянтинівці", "north-slobozhanskyi") in found(sumy)


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        ("На Синельниківщині агресор бив по Покровській громаді, загинула жінка.", {"oleksandrivka"}),
        ("По Синельниківщині ворог бив КАБами: дісталося Покровській громаді.\n\nНа Нікопольщину летіли снаряди.",
         {"oleksandrivka"}),
        ("У Покровській громаді Донецької області двоє поранених, ворог атакував.", {"pokrovsk"}),
        ("Артилерія ворога била по Марганцю та Покровській громаді.", set()),
        ("На Херсонщині ворог обстріляв Білозерську громаду.", {"prydniprovske"}),
        ("На Донеччині ворог обстріляв Білозерську громаду.", {"dobropillia"}),
        ("Миколаївська громада Сумського району: обстріл, поранено жінку.", set()),
    ],
)  # fmt: skip
def test_the_oblast_says_whose_community_is_meant(text: str, sectors: set[str]) -> None:
    """Communities of one name lie in several oblasts: the one that is named beside it."""
    assert {sector for _, sector in found(text)} == sectors


def test_a_case_of_the_texts_own_language_is_meant_before_a_foreign_spelling() -> None:
    """ "В Торецке" is the Russian case of Торецк, and Serbian for a village near Pokrovsk."""
    assert ("Торецке", "kostiantynivka") in found(
        "Россияне продвинулись в Курахове, а также в Торецке, сообщил Генштаб."
    )
    assert ("Торецкое", "pokrovsk") in found("Наши заняли Торецкое у Родинского, ВСУ отошли.")


def test_a_paragraph_says_in_which_oblast_a_village_of_many_namesakes_lies() -> None:
    """Of a report on the whole front, the paragraph on Sumy names Oleksiivka of that oblast, and none at Pokrovsk."""
    text = (
        "Russian forces attacked in Sumy and Kursk oblasts, including north of Sumy City near Oleksiivka and "
        "Kindrativka.\n\nRussian forces attacked in Donetsk Oblast, in the Pokrovsk direction near Andriivka."
    )
    assert {("Oleksiivka", "north-slobozhanskyi"), ("Andriivka", "pokrovsk")} <= set(found(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Russian forces advanced northeast of Ivanivka (northeast of Oleksandrivka).", ("Ivanivka", "oleksandrivka")),
        ("Russian forces attacked north of Sumy City near Oleksiivka.", ("Oleksiivka", "north-slobozhanskyi")),
        ("Russian forces attacked southeast of Dobropillia near Dorozhnie.", ("Dorozhnie", "dobropillia")),
        ("Russian forces attacked south of Orikhiv near Bilohiria; east of it near Omelnyk.", ("Bilohiria", "orikhiv")),
    ],
)
def test_a_bearing_says_whose_village_is_meant(text: str, wanted: tuple[str, str]) -> None:
    """Where English gives a village's place by a town, it is the one of that name that lies there."""
    assert wanted in found(text)


def test_farther_north_in_another_region_is_elsewhere() -> None:
    """A region that the name is followed by counts past the bearing between them."""
    assert found("Russian forces took Kotliarivka farther north in the Sumy region.") == []


def test_english_names_and_districts() -> None:
    """Pokrovske is no case of Pokrovsk in English, and Synelnykove district is called after the town, not a village."""
    text = "Russian drones hit Pokrovske, Synelnykove district, killing two."
    assert found(text) == [("Pokrovske", "oleksandrivka")]
    assert found("Synelnykove district came under Russian fire, three people were wounded.") == []
    assert ("Pokrovske", "pokrovsk") in found("V Pokrovske bojují ukrajinští vojáci dům od domu, tvrdí armáda.")


def test_a_wood_and_a_half_name_are_no_company() -> None:
    """What a hyphen or a noun makes another name vouches for no village of many namesakes."""
    for text in (
        "Курская область: ВСУ выбиты из посадок между Новоивановкой и Ольговским лесом.",
        "Ворог обстріляв Новгород-Сіверську громаду. У Миколаївці пошкоджено дах школи.",
    ):
        assert found(text) == []


def test_a_village_placed_elsewhere_is_meant_there_again() -> None:
    """Neighbours do not bring back a village that the text has placed in another region; its sector's name does."""
    text = "ВС РФ окружили ВСУ в районе Погребки — Ольговка — Новоивановка Курской области.\n\n{}"
    kursk = text.format("Бойцов снимают с запорожского направления.\n\nБои в районе н. п. Новоивановка, Погребки.")
    assert "Новоивановка" not in {surface for surface, _ in found(kursk)}
    ours = "На Ореховском направлении бои у Новоивановки. А Новоивановка Курской области освобождена ВС РФ."
    assert ("Новоивановки", "orikhiv") in found(ours)


def test_the_text_says_which_sector_a_shared_place_means() -> None:
    """A place of two sectors goes to the one its text names, else to its principal sector."""
    phrase = "На Костянтинівському напрямку загарбники штурмували Часів Яр."
    assert found(phrase)[-1] == ("Часів Яр", "kostiantynivka")
    assert found("Загарбники штурмували Часів Яр.") == [("Часів Яр", "kramatorsk")]


def test_capitals_of_regions_need_neighbours() -> None:
    """Kharkiv does not stand for a sector, not even in a text about it."""
    assert found("Kharkiv and Vovchansk were shelled by Russian troops.") == [("Vovchansk", "south-slobozhanskyi")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Лиман: ворог тричі штурмував околиці, авіація скидає бомби.", [("Лиман", "lyman")]),
        ("Лиман — тихо. Ворог тричі штурмував околиці, авіація скидає бомби.", []),
        ("Lyman: we must bring the troops home. The senator opposed an assault on Iran.", []),
        ("Захоплене росіянами селище Нью-Йорк показали на відео.", [("Нью-Йорк", "kostiantynivka")]),
        ("Захоплений росіянами Нью-Йорк показали на відео.", []),
        ("W obwodzie chersońskim ostrzelano Antoniwkę, są ranni.", [("Antoniwkę", "prydniprovske")]),
        ("Ostrzelano Antoniwkę, są ranni.", []),
        ("В Покровске Хангаласского улуса проводили ополченцев.", []),
    ],
)
def test_what_stands_beside_a_common_name_makes_it_the_place(text: str, wanted: list[tuple[str, str]]) -> None:
    """A label of a line of war news, a village's word, the oblast in small letters; another region's word does not."""
    assert found(text) == wanted


def test_a_headline_of_a_trial_is_known_by_its_text() -> None:
    """Of what a court decides, a headline often names the years alone."""
    text = "Суд у Дніпрі засудив мешканця Куп'янська за державну зраду: він передавав ворогу позиції ЗСУ."
    (sector,) = read(text, title="15 років тюрми: засудили мешканця Куп'янська").sectors
    assert sector.context is Context.PLACE


def test_the_battle_that_something_is_likened_to_is_no_news_of_the_town() -> None:
    """Another Bakhmut elsewhere in the world names no sector; an attack, a brigade or a village may well be another."""
    assert found("The general warned that Taipei must not become another Bakhmut.") == []
    assert found("Бои за столицу Судана военные эксперты называют вторым Бахмутом.") == []
    assert found("Das ist unser Stalingrad, unser Bachmut: Schalkes Trainer nach dem 0:4") == []
    assert found("Unser Pokrowsk heißt Rente, sagt der ehemalige Minister in seiner Rede.") == []
    assert found("Brexit's own Pokrovsk moment: why Labour cannot hold the red wall.") == []
    assert found("A Kramatorsk court jailed a man for spying.") == [("Kramatorsk", "kramatorsk")]
    named = found("Another Bakhmut village was shelled by Russian troops in Ukraine.")
    assert named == [("Bakhmut", "kramatorsk")]


@pytest.mark.parametrize(
    "text",
    [
        "In der Nacht wurde Pokrowsk von iranischen Drohnen angegriffen.",
        "I natt attackerades Pokrovsk av iranska drönare, två dog.",
        "I nat blev Pokrovsk af iranske droner ramt, to dræbt.",
        "Muere en Pokrovsk colombiano que peleaba por Ucrania.",
        "A Pokrovsk colombiani e georgiani combattono con gli ucraini.",
        "Ukraine confirmed the death in Pokrovsk of Colombian volunteers.",
    ],
)
def test_who_struck_or_fell_there_makes_no_other_land_of_a_town(text: str) -> None:
    """A people or its drones stand behind a name, where a land would that has a town called so."""
    assert {sector for _, sector in found(text)} == {"pokrovsk"}


def test_a_town_that_a_land_behind_it_calls_its_own_is_none_of_ours() -> None:
    """Bakhmut of the Sahel, and in every case of a language."""
    assert found("Gao is the Bakhmut of the Sahel: Russian troops are in Ukraine, and here.") == []
    assert found("Gao, das Bachmut von Afrika: russische Truppen kämpfen hier wie in der Ukraine.") == []
    assert found("Gao, un Bakhmout africain: les troupes russes y combattent comme en Ukraine.") == []


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        ("Estado Mayor de Ucrania: ataques rusos en Pishchane y Petropavlivka, región de Járkov.", {"kupiansk"}),
        ("أعلن الجيش الأوكراني صد هجوم على مدينة سيفيرسك في مقاطعة دونيتسك.", {"sloviansk"}),
        ("ارتش روسیه شهر سیورسک در استان دونتسک را تصرف کرد.", {"sloviansk"}),
        ("泰国苏梅岛军方出动士兵，苏梅方向的渡轮停航。", set()),
        ("Die Artillerie beschoss Dobropolje, dann brach die Mazedonienfront zusammen.", set()),
        ("Los libros de Bajmut viajan por Ucrania y sus lectores se reúnen cada viernes.", {"kramatorsk"}),
        ("Lymanissa taistellaan, kertoo Ukrainan kenraaliesikunta. Lymanin pohjoispuolella edettiin.", {"lyman"}),
        ("Ukrainan joukot vetäytyivät Hulajpolesta yöllä.", {"huliaipole"}),
        ("New York. Der UN-Sicherheitsrat hat den Beschuss einer Klinik in der Ukraine verurteilt.", set()),
        ("New York: Der ukrainische Präsident sprach über Raketen, die russische Truppen einsetzen.", set()),
        ("Die russische Armee hat das Dorf New York bei Torezk eingenommen.", {"kostiantynivka"}),
        ("Map: Russian troops around Kupiansk, 20 December. Source: ISW", {"kupiansk"}),
        ("Russian troops were shelled.\nMap: Russian troops around Kupiansk, 20 December.", set()),
        ("כטב״ם רוסי תקף את צ׳אסיב יאר, הודיע צבא אוקראינה.", {"kramatorsk"}),
        ("Дроны летели на город, сообщил губернатор. Рубежное поле вспашут, Весёлое пока нет.", set()),
    ],
)
def test_what_is_near_a_name_says_whose_it_is(text: str, sectors: set[str]) -> None:
    """A region is no city of its own, a river's word no town's, and what stands beside a namesake tells it."""
    assert {sector.sector for sector in read(text).sectors} == sectors


def test_news_of_other_things_alone_is_of_the_place() -> None:
    """Two words of other news anywhere and no sign of war: the town is meant, and not the front."""
    title = "Paris remembers Bakhmut"
    told = "The library has a concert."
    for text, context in ((told, Context.PLACE), (f"{told} The town was shelled again.", Context.FRONT)):
        assert [sector.context for sector in read(text, title).sectors] == [context]


def test_offsets_zones_and_sentences() -> None:
    """Offsets count in the title or the text as written, and the sentence stands where it says."""
    title, lead = "Бої за Куп’янськ", "Вступ.\u00ad Ворог атакує Ку\u0301п'янськ удень."
    text = f"{lead}\n" + PEACE * 8 + "Наприкінці: бої під Куп'янськом."
    detection = read(text, title)
    assert [mention.zone for mention in detection.mentions] == [Zone.TITLE, Zone.LEAD, Zone.BODY]
    for mention in detection.mentions:
        source = title if mention.zone is Zone.TITLE else text
        assert source[mention.start : mention.end] == mention.surface
        assert source[mention.sentence_start :].startswith(mention.sentence)
    assert detection.mentions[1].sentence == "Ворог атакує Ку\u0301п'янськ удень."
    (sector,) = detection.sectors
    assert (sector.sector, sector.salience, sector.count) == ("kupiansk", Salience.HEADLINE, 3)


def test_a_long_name_says_what_speaks_for_it() -> None:
    """And not a bare count of its letters."""
    (mention,) = detect("Troops entered Kupiansk in Ukraine.", title="", gazetteer=shipped()).mentions
    (reason,) = (reason for reason in mention.reasons if reason.code == "long_name")
    assert reason.detail == "a long name (8 characters), hard to mistake for another"


def test_reasons_add_up() -> None:
    """The score of every mention and of every rejected candidate is the sum of its reasons, cut to [0, 1]."""
    detection = read(
        "На Лиманському напрямку бої. Лиман, Надія, Суми, New York, Will Lyman, Kupiansk, вул. Покровська."
    )
    assert detection.mentions
    assert detection.rejected
    for candidate in candidates(detection):
        raw = round(sum(reason.weight for reason in candidate.reasons), 2)
        assert candidate.score == min(1.0, max(0.0, raw))
        assert all(reason.code and reason.detail for reason in candidate.reasons)
    assert all(mention.score >= ACCEPT for mention in detection.mentions)
    assert all(rejected.score < ACCEPT for rejected in detection.rejected)


def test_the_best_sector_comes_first() -> None:
    """Sectors are in the order of score, prominence and number of mentions."""
    text = "Kupiansk was attacked by Russian troops. Russian troops attacked Kupiansk and Pokrovsk."
    assert [entry.sector for entry in read(text).sectors] == ["kupiansk", "pokrovsk"]


def test_a_megabyte_is_read_in_seconds() -> None:
    """The densest text costs time by its length alone, and candidates beyond the limit are not looked at."""
    detection = read("Бої на Куп'янському напрямку, Kupiansk, Лиман. " * 20_000)
    assert 0 < len(detection.mentions) + len(detection.rejected) <= 5_000


PIECES = st.sampled_from(
    [
        "Куп'янськ", "Ку\u0301п’янську", "Лиман", "Kupiansk", "sector", "напрямку", " ", ". ", "\n", "-", "\u00ad",
        "war", "İ", "Україна", "\u0301", "Pokrovsk", "і", "«", "Kyпянcк", "Нью-Йорк", "о. ", "вул. ",
    ]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=6).map("".join))
def test_offsets_hold_in_any_text(text: str, title: str) -> None:
    """Whatever is thrown together, every candidate's offsets give its surface and its sentence encloses it."""
    detection = read(text, title)
    for candidate in candidates(detection):
        source = title if candidate.zone is Zone.TITLE else text
        assert source[candidate.start : candidate.end] == candidate.surface
    for mention in detection.mentions:
        source = title if mention.zone is Zone.TITLE else text
        assert source[mention.sentence_start : mention.sentence_start + len(mention.sentence)] == mention.sentence
        assert mention.surface in mention.sentence


@settings(max_examples=150)
@given(st.text(max_size=120), st.sampled_from(FORMS), st.text(max_size=120))
def test_a_name_is_found_at_its_place_in_any_text(before: str, form: str, after: str) -> None:
    """Whatever stands around it, a name that is a word by itself is found where it stands."""
    text = f"{before} . {form} . {after}"
    norm = normalise(text)
    spans = [norm.span(hit.start, hit.end) for hit in shipped().matcher.find(norm.text)]
    assert form in [text[start:end] for start, end in spans]


@settings(max_examples=300)
@given(st.text(max_size=400))
def test_no_text_is_too_odd(text: str) -> None:
    """Any text at all is answered, with offsets that give the surface back."""
    for candidate in candidates(read(text)):
        assert text[candidate.start : candidate.end] == candidate.surface


def test_taking_a_cue_away_changes_the_score() -> None:
    """Each reason hangs on the text: without the cue word, the neighbour, the war, it is gone and the score is less."""
    full = "На Лиманському напрямку ворог штурмував Новоселівку в Донецькій області, біля Ямполя."
    village = next(one for one in candidates(read(full)) if one.surface == "Новоселівку")
    codes = {reason.code for reason in village.reasons}
    assert {"follows_phrase", "context", "oblast", "company"} <= codes
    for gone, instead, code in (
        ("На Лиманському напрямку ", "", "follows_phrase"),
        (" в Донецькій області", "", "oblast"),
        ("ворог штурмував Новоселівку", "ми бачили Новоселівку", "context"),
    ):
        less = next(one for one in candidates(read(full.replace(gone, instead))) if one.surface == "Новоселівку")
        assert code not in {reason.code for reason in less.reasons}
        assert sum(r.weight for r in less.reasons) < sum(r.weight for r in village.reasons), code


@pytest.mark.full
def test_time_grows_with_the_length_alone() -> None:
    """From ten thousand characters to a million, the time for each character grows by no more than twice."""
    shapes = (
        "Бої на Куп'янському напрямку, Kupiansk, Лиман. " * 20 + PEACE * 20,
        "Read also: Kupiansk\n" + PEACE,
        "Лиман, " * 50 + "\n",
        "a\u0301" * 200 + " ",
        "Kупянcк-" * 30 + " ",
        "利曼库皮扬斯克" * 40 + "。",
    )
    for shape in shapes:
        rates = []
        for length in (10_000, 100_000, 1_000_000):
            text = (shape * (length // len(shape) + 1))[:length]
            rates.append(min(_seconds(read, text) for _ in range(3)) / length)
        assert max(rates[1:]) < 2 * rates[0], (shape[:20], rates)


def _seconds(read: Callable[[str], object], text: str) -> float:
    """CPU time of this thread alone, without the collector, which would look through what all tests before left."""
    gc.disable()
    try:
        start = time.thread_time()
        read(text)
        return time.thread_time() - start
    finally:
        gc.enable()


def test_a_short_text_is_read_with_the_words_of_its_own_language() -> None:
    """A language that its small words show beyond doubt is no guess: the Lithuanian for a battle begins no museum."""
    (mention,) = detect(
        "The museum of the town of Sloviansk was closed, and it was moved to Poltava.", gazetteer=shipped()
    ).mentions
    assert mention.context is Context.PLACE
