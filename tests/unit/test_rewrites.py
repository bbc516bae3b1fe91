"""A rewrite is known by the names and numbers that it keeps; a report of the same kind, or what came of it, is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.stories.fingerprints import StoryVerdict
from extractors.stories.gist import MOST_TERMS, gist_of, name_key
from extractors.stories.numerals import figures
from extractors.stories.rewrites import is_akin, same_event, same_news
from extractors.text import plain

ORIGINAL = (
    "Удень дрон влучив у водонапірну башту в селі Старовірівка поблизу Куп'янська. Поранено слюсаря Миколу Демченка,"
    " йому 57 років. Без води лишилися 840 дворів, повідомив староста Ігор Лисак. Воду підвозитимуть із Шевченкового."
)
REWRITE = (
    "У Старовірівці 840 осель не мають води: безпілотник зруйнував башту, а слюсар водоканалу, 57-річний Микола"
    " Демченко, у лікарні. За словами старости (ним є Ігор Лисак), до ремонту людям возитимуть воду зі Шевченкового,"
    " а лікарню Куп'янська вже підключили."
)
SAME_KIND = (
    "Удень дрон влучив у водонапірну башту в селі Гороховатка поблизу Куп'янська. Поранено слюсаря Петра Губу,"
    " йому 44 роки. Без води лишилися 310 дворів, повідомив староста Ігор Лисак. Воду підвозитимуть із Борової."
)
LATER = (
    "Башту в селі Старовірівка поблизу Куп'янська відбудували за дев'ять днів, каже староста Ігор Лисак. Роботи"
    " оплатив фонд із Данії, 62 тисячі євро. Слюсар Микола Демченко повернувся до роботи."
)
PART = ". ".join(ORIGINAL.split(". ")[:3]) + ". Читайте нас щодня."


def judged(new: str, earlier: str, *, hours: float = 2, rarity: float = 0.8, one_source: bool = False) -> StoryVerdict:
    one, other = gist_of("Заголовок", new), gist_of("Інший", earlier)
    rarities = dict.fromkeys(one.terms, rarity)
    return same_news(one, other, rarity=rarities, apart=timedelta(hours=hours), one_source=one_source)


def test_a_rewrite_joins_by_its_names_and_numbers() -> None:
    """In other words and another order, with other endings: the reason names what is in common."""
    verdict = judged(REWRITE, ORIGINAL)
    assert verdict.same
    assert "Демченко" in verdict.reason
    assert "840" in verdict.reason


@pytest.mark.parametrize("hours", [2, 24, 60])
def test_a_cut_copy_joins_for_days(hours: float) -> None:
    """A part with a site's own words around it has nearly all of its words in the original."""
    verdict = judged(PART, ORIGINAL, hours=hours)
    assert verdict.same
    assert "% of the words of the shorter one" in verdict.reason


def test_another_report_of_one_template_stays_apart() -> None:
    """The same sentences with other people and numbers are other news."""
    assert judged(SAME_KIND, ORIGINAL).reason == "other numbers"


def test_another_day_of_one_template_stays_apart() -> None:
    """Where next to no numbers tell, the days do."""
    monday, tuesday = (text.replace("Удень", f"{day} березня") for text, day in ((ORIGINAL, 2), (SAME_KIND, 3)))
    assert not judged(tuesday, monday).same
    warning = (
        "{} березня в Харкові, Чугуєві, Ізюмі, Лозовій, Балаклії та Вовчанську очікується сильний вітер, бережіть себе"
    )
    assert judged(warning.format(3) + " і близьких.", warning.format(2) + " і рідних.").reason == "another day"


def test_a_day_s_numbers_are_one_report_whichever_day_it_names() -> None:
    """One desk names the day that was counted, another that of the report: six rare numbers are no other day's."""
    report = (
        "За добу на фронті сталося 163 зіткнення, повідомляє Генштаб у зведенні за {} травня. Ворог скинув 188 бомб,"
        " застосував 4215 дронів. На Покровському напрямку відбито 47 атак, на Лиманському {}."
    )
    other = (
        "Найгарячіше під Покровськом: {} штурмів зі 163 за {} травня, біля Лимана {}. Скинуто 188 бомб, дронів понад"
        " чотири тисячі."
    )
    assert not judged(other.format(47, 11, 21), report.format(12, 21)).reason.startswith("another day")
    assert judged(other.format(52, 11, 33), report.format(12, 21)).reason == "another day"
    hours = (
        "Графік вимкнень на {} травня для Київської області: черга 1.1 з 08:00 до 11:30, черга 2.1 з 15:00 до 18:30."
    )
    assert judged(hours.format(13), hours.format(12), hours=20).reason == "another day"


@pytest.mark.parametrize("hours", [5, 200])
def test_what_came_of_it_stays_apart(hours: float) -> None:
    """A later development shares names, and has news of its own."""
    assert not judged(LATER, ORIGINAL, hours=hours).same


@pytest.mark.parametrize(("rarity", "one_source"), [(0.8, False), (0.4, False), (0.8, True)])
def test_a_short_text_joins_what_has_nothing_else(rarity: float, one_source: bool) -> None:
    """Little to know it by, but all of it: of another publisher, and where the names are not everybody's."""
    short = (
        "У Слов'янську затримано електрика депо, якому 43 роки. Через бот він надсилав координати трьох місць, де жили"
        " військові. Агентові загрожує довічне ув'язнення."
    )
    again = (
        "Контррозвідка викрила у Слов'янську агента: 43 роки, електрик депо. Три місця, де жили військові, він"
        " передавав через бот. Світить йому довічне."
    )
    assert judged(again, short, rarity=rarity, one_source=one_source).same == (rarity > 0.5 and not one_source)


def test_common_names_are_no_evidence() -> None:
    """Names that every article has make no two of them one story."""
    assert not judged(REWRITE, ORIGINAL, rarity=0.1).same


def test_a_chain_ends_where_the_first_news_is_no_longer_told() -> None:
    """An article that is like the last of a story is not of it when it shares next to nothing with the lead."""
    middle = f"{REWRITE} {LATER}"
    assert is_akin(gist_of("", middle), gist_of("", ORIGINAL), rarity={})
    assert not is_akin(
        gist_of("", "У Борової зустрілися аграрії: фонд із Данії дає 62 тисячі євро."), gist_of("", ORIGINAL), rarity={}
    )


def test_one_publisher_s_next_article_is_an_update() -> None:
    """What a publisher writes again in other words is mostly news; what another one writes is the same."""
    again = REWRITE.replace("Микола", "місцевий житель").replace("ним є Ігор Лисак", "Ігор Лисак нині у відпустці")
    assert judged(again, ORIGINAL).same
    assert not judged(again, ORIGINAL, one_source=True).same


@pytest.mark.parametrize(
    "spellings",
    [
        ("Гордієнко", "Гордиенко", "Hordiienko"),
        ("Куп'янську", "Купянска", "Kupiansk"),
        ("Шевченковому", "Шевченково", "Shevchenkove"),
        ("Залізничне", "Зализничного", "Zaliznychne"),
        ("Чугуєва", "Чугуев", "Chuhuiv"),
    ],
)
def test_a_name_has_one_key_in_all_cases_and_alphabets(spellings: tuple[str, ...]) -> None:
    """The consonants of its stem."""
    assert len({name_key(plain(spelling)) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("name", "language", "spelling"),
    [
        ("Херсоні", "de", "Cherson"),
        ("Дзюба", "de", "Dsjuba"),
        ("Чугуєва", "de", "Tschuhujiw"),
        ("Куп'янську", "pl", "Kupiańskiem"),
        ("Вузловий", "pl", "Wuzłowego"),
        ("Шахед", "pl", "Szahidem"),
        ("Харкова", "pl", "Charkowie"),
        ("Чугуєва", "fr", "Tchouhouïv"),
        ("Шевченкове", "fr", "Chevtchenkove"),
    ],
)
def test_a_name_has_that_key_as_other_languages_write_it(name: str, language: str, spelling: str) -> None:
    """Letters have the sounds of the text's language: ch is one in German, another in English."""
    assert name_key(plain(spelling), language) == name_key(plain(name), "uk")


@pytest.mark.parametrize(
    ("text", "numbers", "days"),
    [
        ("3 480 дронів, 3,480 drones, 3\u00a0480", {"3480"}, set()),
        ("42 тисячі абонентів, 42,000 customers", {"42000"}, set()),
        ("п'ятеро, пятерых, five", {"5"}, set()),
        ("двадцять два роки, 22-річна", {"22"}, set()),
        ("близько 15:40, 0,6 відсотка", {"15:40", "0.6"}, set()),
        ("2 березня, March 2, 02.03.2026, 2 марта", set(), {"3-2"}),
        ("станом на 08.00 04.03.26", {"08.00"}, {"3-4"}),
        ("втрати ворога станом на 13.05: 1040", {"1040"}, {"5-13"}),
        ("зріс на 2.05% і на 3.15, від 20.05.1", {"2.05", "3.15", "20.05.1"}, set()),
        ("the March of 14 men", {"14"}, set()),
        ("02:40, 2:40, 2.40 Uhr, godz. 2.40", {"2:40"}, set()),
        ("4 травня, 4. Mai, 4 maja, 4 mai", set(), {"5-4"}),
        ("sieben Tote, siedmioro rannych, семеро", {"7"}, set()),
        ("at 1:42 p.m., 13:42; 5 am", {"13:42", "5:00"}, set()),
        ("дванадцятьох, дюжину, двенадцати", {"12"}, set()),
        ("шістдесят один рік, п'ятнадцятирічний, двадцатилетней", {"61", "15", "20"}, set()),
        ("Sept. 15, 15. September, 15.09.2026.", set(), {"9-15"}),
        ("5 marines, 5 decades, 5 mayors, 5 separate", {"5"}, set()),
    ],
)
def test_numbers_and_days_are_one_however_written(text: str, numbers: set[str], days: set[str]) -> None:
    """Grouped, with a factor, in words, in any order."""
    assert figures(plain(text))[:2] == (numbers, days)


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        ("douze morts, vingt et un, dix-sept", "fr", {"12", "21", "17"}),
        ("à 10h12, 14 h 30", "fr", {"10:12", "14:30"}),
        ("tweeëntwintig doden, om 10.12 uur", "nl", {"22", "10:12"}),
        ("einundvierzig, zwölf, ein Dutzend", "de", {"41", "12"}),
        ("on iki kişi, üç ölü, saat 11.40'ta", "tr", {"12", "3", "11:40"}),
        ("ventidue feriti, ventotto", "it", {"22", "28"}),
        ("treinta y uno", "es", {"31"}),
        ("quatre-vingts blessés, quatre-vingt-deux, soixante-dix-sept", "fr", {"80", "82", "77"}),
        ("quatre vingt dix, quatre-vingt-dix-neuf, quatre", "fr", {"90", "99", "4"}),
        ("klockan 10.12, kl. 14.30 och kl 02.05", "sv", {"10.12", "14:30", "2:05"}),
        ("ten atak, sto dronów", "pl", {"100"}),
        ("ten zuiden van Cherson", "nl", set()),
        ("sto bene", "it", set()),
        ("once again, sei still, Sept. five", "en", {"5"}),
        ("сто вісімдесят п'ять воїнів, двісті чотирнадцять убитих", "uk", {"185", "214"}),
        ("двухсот пятнадцати, сто, двадцать", "ru", {"215", "100", "20"}),
        ("two hundred and fourteen dead, a hundred people and two dogs", "en", {"214", "100", "2"}),
        ("Hundertfünfundachtzig Soldaten, zweihundertvierzehn", "de", {"185", "214"}),
        ("stu osiemdziesięciu pięciu żołnierzy", "pl", {"185"}),
        ("deux cents blessés, cent quatre-vingt-cinq, deux cent cinq", "fr", {"200", "185", "205"}),
        ("trinta e um, cento e oitenta e cinco, duzentos", "pt", {"31", "185", "200"}),
        ("ciento ochenta y cinco, veinticinco", "es", {"185", "25"}),
        ("honderdvijfentachtig", "nl", {"185"}),
        ("тридцять другий пакет, двадцятип'ятирічна", "uk", {"32", "25"}),
        ("soixante-treizième échange", "fr", {"73"}),
        ("EUR 215m, €1.4bn, 2 million", "en", {"215000000", "1.4", "2000000"}),
    ],
)
def test_number_words_are_those_of_the_text_s_language(text: str, language: str, numbers: set[str]) -> None:
    """Also where they are put together; what is a number word next door is none here."""
    assert figures(plain(text), language)[0] == numbers


STRIKE = (
    "О {time} дрон поцілив у маршрутку в центрі Нікополя. Поранено {age}-річного водія та {many} пасажирів, вони в"
    " лікарні. Про це повідомив очільник області Андрій Скоренко."
)
ANOTHER = (
    "Нікополь знову під ударом: {time} артилерія обстріляла лікарню, {age}-річний сторож дістав поранення, ще {many}"
    " пацієнти контужені, каже Андрій Скоренко. Пошкоджено дах."
)


def test_two_strikes_on_one_town_stay_apart_by_their_times() -> None:
    """One town, official and age on one day, even in the same words; accounts of one strike differ by minutes."""
    noon = STRIKE.format(time="12:10", age=43, many="вісім")
    evening = ANOTHER.format(time="о 19:40", age=43, many="вісім")
    assert judged(evening, noon, rarity=1.0).reason == "another time of day"
    assert judged(STRIKE.format(time="19:40", age=43, many="вісім"), noon, rarity=1.0).reason == "another time of day"
    assert judged(STRIKE.format(time="12:25", age=43, many="вісім"), noon, rarity=1.0).same


@pytest.mark.parametrize(
    ("hours", "one_source", "wounded", "same"),
    [(2, False, "троє", True), (7, False, "троє", False), (2, True, "троє", False), (2, False, "15", False)],
)
def test_much_the_same_words_within_hours_are_one_story(
    hours: float, one_source: bool, wounded: str, same: bool
) -> None:
    """A town and an official are enough then; not hours later, of one publisher, or beside other numbers."""
    earlier = (
        "Увечері безпілотник атакував територію приватного підприємства у Чугуєві, спалахнула масштабна пожежа, яку"
        " гасять рятувальники. Поранено троє працівників, повідомила міська голова Мінаєва."
    )
    new = (
        f"У Чугуєві безпілотник атакував приватне підприємство: рятувальники гасять масштабну пожежу, {wounded}"
        " працівників поранено. Деталі з'ясовують, зазначила Мінаєва."
    )
    assert judged(new, earlier, hours=hours, one_source=one_source).same == same


def test_one_speaker_s_words_on_two_subjects_stay_apart() -> None:
    """He and the brigades he speaks for have names and numbers in common; what is told has others on both sides."""
    station = (
        "Штурмові підрозділи 28-ї та 93-ї бригад зачистили квартали навколо вокзалу. За три доби знищено 47 російських"
        " військових, дев'ятьох узято в полон, зазначив речник командування підполковник Степан Яремчук."
    )
    drones = (
        "Підрозділи перехоплювачів знищили за тиждень 1 200 безпілотників, з них 340 «Молній», зазначив речник"
        " командування підполковник Степан Яремчук. Нові апарати отримали 28-ма та 93-тя бригади."
    )
    assert judged(drones, station, rarity=1.0).reason == "other numbers"
    one, other = gist_of("", drones, "uk"), gist_of("", station, "uk")
    rarity = dict.fromkeys(one.terms, 1.0)
    assert not same_event(one, other, rarity=rarity, apart=timedelta(hours=1)).same


def test_a_report_of_one_form_about_another_town_stays_apart() -> None:
    """Names of its own on both sides, and no number that tells, are another event."""
    report = (
        "У {} дрон атакував авто, водій загинув до приїзду швидкої. Про це повідомив губернатор Антон Савельєв, {}."
    )
    one = report.format(
        "Шебекиному", "пошкоджено фасад магазину, чотири машини та лінію електропередач поруч із заправкою"
    )
    other = report.format(
        "Грайвороні", "пошкоджено житловий будинок та лінію електропередач поруч із місцевою заправкою"
    )
    assert not judged(one, other, rarity=1.0).same


def test_little_is_enough_where_neither_has_anything_else() -> None:
    """A town, an official and an age, in other words, of another publisher within hours; not of the same one."""
    earlier = (
        "На околиці Оріхова дрон поцілив у карету швидкої допомоги, яка їхала на виклик. Загинула 29-річна фельдшерка,"
        " водій поранений. Про це повідомив голова області Юрій Кравець."
    )
    new = (
        "Швидка поспішала на виклик, коли її наздогнав безпілотник. Фельдшерка, якій було 29, загинула миттєво, водій у"
        " лікарні. Атака сталася при в'їзді в Оріхів, каже очільник Кравець."
    )
    assert judged(new, earlier).same
    assert not judged(new, earlier, one_source=True).same


def test_names_are_found_behind_elided_articles_in_headlines_and_where_they_are_known() -> None:
    """Before an apostrophe, in a headline that has capitals for names alone, and at the start of a sentence."""
    assert "asm" in gist_of("", "Le centre d'Izioum est en ruine.", "fr").names
    assert "asm" in gist_of("Une frappe sur Izioum", "Trois morts.", "fr").perhaps
    assert gist_of("Three Dead In Izium Today", "Nothing.", "en").perhaps.keys() == {"nthnh"}
    text = "Новопавлівку вони не взяли."
    assert not gist_of("", text, "uk").names
    assert gist_of("", text, "uk", {"Новопавлівку"}).names.keys() == {"nvpvl"}


def test_german_nouns_behind_an_article_or_adjective_are_only_perhaps_names() -> None:
    """Else most names of a German text would be words like any other."""
    gist = gist_of(
        "", "Gestern wurde die Bibliothek in Isjum von einer schweren Rakete getroffen, sagt Gouverneur Lysohor.", "de"
    )
    assert {"asm", "lshr"} <= gist.names.keys()
    assert not {name_key("bibliothek", "de"), name_key("rakete", "de")} & gist.names.keys()


def test_two_accounts_of_one_strike_around_midnight_are_near() -> None:
    """From ten to twelve to a quarter past there are 25 minutes."""
    before = STRIKE.format(time="23:50", age=43, many="вісім")
    assert judged(STRIKE.format(time="00:15", age=43, many="вісім"), before, rarity=1.0).same
    assert not judged(STRIKE.format(time="01:15", age=43, many="вісім"), before, rarity=1.0).same


@pytest.mark.parametrize(
    "number", ["2:30.45", "10:30,5", "7" * 5000, "7" * 5000 + ":30", "123 " * 3000, "99:99", "2:1"]
)
def test_numbers_that_are_no_times_and_rows_of_digits_are_read(number: str) -> None:
    """Results of races, scores, a key: they fail nothing, and speak against no account by its time of day."""
    one, other = (STRIKE.format(time=time, age=43, many="вісім") for time in (number, "12:10"))
    assert judged(one, one, rarity=1.0).same
    assert judged(one, other, rarity=1.0).reason != "another time of day"


def test_a_known_name_is_written_as_it_was_first() -> None:
    """So a story's reason says the same each time."""
    assert set(gist_of("", "", "uk", ["Куп'янськ", "Куп'янську"]).names.values()) == {"Куп'янськ"}


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_judged(one: str, other: str) -> None:
    """No text fails, and none has more terms than are looked up."""
    assert len(gist_of(one, other).terms) <= MOST_TERMS
    judged(one, other)


@pytest.mark.timeout(60)
def test_a_word_of_a_million_letters_is_no_number() -> None:
    """Nor taken apart in search of one, which would take hours."""
    figure = figures("двадцяти" * 125_000 + "річний, двадцятип'ятирічний чоловік загинув", "uk")
    assert (figure.numbers, figure.counts) == ({"25"}, {"aged=25"})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Тридцятивосьмирічний чоловік загинув на місці."),
        ("uk", "38-річний чоловік загинув, 38-річна дружина поранена"),
        ("en", "A man, 38 years old, was killed."),
        ("en", "A passenger aged thirty-eight died."),
    ],
)
def test_an_age_counts_no_dead(language: str, text: str) -> None:
    assert figures(plain(text), language).counts == {"aged=38"}
