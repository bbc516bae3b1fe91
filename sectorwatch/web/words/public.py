"""The words of the public pages; those of sides, times and decisions are the alerts'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sectorwatch.web.words import spoken


@dataclass(frozen=True, kw_only=True)
class PublicWords:
    """One language. What stands in braces is filled in; no phrase needs a plural."""

    language: str  # ISO 639-1
    name: str  # of the language, in itself
    skip: str
    pages: str  # the main ones; for who hears the page
    other_language: str
    more_pages: str
    tagline: str
    board: str
    board_note: str
    day: str
    usual: str
    spike: str
    trend: str  # for who cannot see the bars
    nothing: str
    map: str
    map_note: str
    all_stories: str
    news: str
    operators: str
    stories: str
    no_stories: str
    no_sectors: str
    articles: str
    sources: str
    languages: str
    filters: str
    side: str
    any_side: str
    unknown_side: str
    language_filter: str
    any_language: str
    publisher: str
    since: str
    periods: Mapping[str, str]
    town: str
    apply: str
    newer: str
    older: str
    previous: str
    next: str
    by_side: str
    by_side_note: str
    places: str
    forms: str
    follow: str
    search: str
    search_words: str
    search_help: str
    search_examples: Mapping[str, str]
    newest_first: str
    found: str
    found_none: str
    story: str
    first_seen: str
    last_seen: str
    copies: str
    later_ones: str
    links: str
    lead: str
    why_story: str
    mentions: str
    more_mentions: str
    reasons: str
    score: str
    score_cut: str
    signals: Mapping[str, str]  # where what is on record says little to a reader, by code
    zones: Mapping[str, str]
    read_at: str
    outcome: str
    outcome_note: str
    told: str
    not_told: str
    codes: Mapping[str, str]
    sector: str
    utc_note: str
    not_found: str
    not_found_note: str
    not_found_go: str
    wrong_query: str
    bad_filter: str
    bad_filter_note: str


ENGLISH = PublicWords(
    language="en",
    name="English",
    skip="To the content",
    pages="Pages",
    other_language="Other language",
    more_pages="More of this list",
    tagline="What the news says of the front, sector by sector",
    board="Sectors",
    board_note="Articles of the last 24 hours against the mean of the 13 days before.",
    day="in 24 hours",
    usual="usually {usual}",
    spike="{times} times the usual",
    trend="Articles a day, the last 14 days: {counts}",
    nothing="No news yet of",
    map="Map",
    map_note=(
        "Where the sectors lie. A larger dot means more articles in 24 hours."
        " The line only joins the names; it is not the line of contact."
    ),
    all_stories="All stories",
    news="The news:",
    operators="For operators",
    stories="Stories",
    no_stories="No story is like that. Take a filter away, or look again later.",
    no_sectors="No sector is watched yet: run 'sectorwatch apply'.",
    articles="articles: {count}",
    sources="sources: {count}",
    languages="Languages",
    filters="Filter",
    side="Side",
    any_side="all sides",
    unknown_side="side unknown",
    language_filter="Language",
    any_language="all languages",
    publisher="Publisher",
    since="Time",
    periods=MappingProxyType({"1": "24 hours", "7": "7 days", "30": "30 days", "": "everything"}),
    town="also courts, clubs and history of the towns",
    apply="Show",
    newer="Newest",
    older="Older",
    previous="Previous",
    next="Next",
    by_side="Articles a day, by side of the source",
    by_side_note="The last 30 days; the last column is the last 24 hours.",
    places="Named most",
    forms="As it is written",
    follow="Follow",
    search="Search",
    search_words="Words, names, “phrases”, filters",
    search_help=(
        "The name of a sector or a place finds all its forms, in every language."
        " Other words are found with other endings. All of it must hold."
    ),
    search_examples=MappingProxyType(
        {
            "Kupiansk drones": "the place in every language and form, the word with other endings of its own language",
            '"General Staff"': "the words as they stand",
            "evacuat*": "whatever begins so",
            "sector:lyman lang:uk since:7d": "filters: sector, place, source, lang, since, until",
        }
    ),
    newest_first="newest first",
    found="{shown} of {count}",
    found_none="Nothing was found. Fewer words find more.",
    story="Story",
    first_seen="First seen",
    last_seen="Last seen",
    copies="Who reports it",
    later_ones="and later articles: {count}",
    links="The same event in other languages",
    lead="first and fullest",
    why_story="Why it belongs here",
    mentions="What it says",
    more_mentions="More of this article",
    reasons="Why this is a mention",
    score="Score",
    score_cut="together more than 1: the score is cut at 1",
    signals=MappingProxyType({"long_name": "a long name, hard to mistake for another"}),
    zones=MappingProxyType({"title": "headline", "lead": "lead", "body": "body"}),
    read_at="Read at {publisher}",
    outcome="Who was told",
    outcome_note="Messages that arrived, and alerts that were not sent.",
    told="alerts: {alerts}, messages that arrived: {sent}",
    not_told="not sent",
    codes=MappingProxyType(
        {
            "story_known": "the story was told before",
            "paused": "paused",
            "silenced": "silenced",
            "baseline": "the feed was new",
            "feed_rewritten": "the feed had renamed all its items",
            "before_start": "older than the subscription",
            "too_old": "published long before",
            "edit": "an edit",
            "publisher": "publisher not wanted",
            "side": "side not wanted",
            "language": "language not wanted",
            "place_only": "only a town's everyday life",
            "salience_too_low": "named too deep in the text",
            "score_too_low": "not sure enough",
            "storm": "held in a storm of alerts",
        }
    ),
    sector="Sector",
    utc_note="Times are {zone}.",
    not_found="No such page",
    not_found_note="The address may be mistyped, or what was here is older than this archive keeps.",
    not_found_go="Go on to:",
    wrong_query="This cannot be searched for:",
    bad_filter="This address is not one of ours",
    bad_filter_note="{name} cannot be “{value}”. Choose it on the page instead.",
)

UKRAINIAN = PublicWords(
    language="uk",
    name="Українська",
    skip="До змісту",
    pages="Сторінки",
    other_language="Інша мова",
    more_pages="Ще з цього переліку",
    tagline="Що новини кажуть про фронт, напрямок за напрямком",
    board="Напрямки",
    board_note="Статті за останні 24 години порівняно з середнім за попередні 13 днів.",
    day="за 24 години",
    usual="зазвичай {usual}",
    spike="у {times} раза більше, ніж зазвичай",
    trend="Статей за день, останні 14 днів: {counts}",
    nothing="Новин ще немає",
    map="Мапа",
    map_note=(
        "Де лежать напрямки. Що більша крапка, то більше статей за 24 години."
        " Лінія лише сполучає назви; це не лінія зіткнення."
    ),
    all_stories="Усі новини",
    news="Новини:",
    operators="Для операторів",
    stories="Новини",
    no_stories="Таких новин немає. Приберіть якийсь фільтр або загляньте пізніше.",
    no_sectors="Жоден напрямок ще не відстежується: запустіть «sectorwatch apply».",
    articles="статей: {count}",
    sources="джерел: {count}",
    languages="Мови",
    filters="Фільтр",
    side="Сторона",
    any_side="усі сторони",
    unknown_side="сторона невідома",
    language_filter="Мова",
    any_language="усі мови",
    publisher="Видання",
    since="Час",
    periods=MappingProxyType({"1": "24 години", "7": "7 днів", "30": "30 днів", "": "усе"}),
    town="також суди, клуби й історія міст",
    apply="Показати",
    newer="Найновіші",
    older="Давніші",
    previous="Попередні",
    next="Наступні",
    by_side="Статей за день, за стороною джерела",
    by_side_note="Останні 30 днів; останній стовпчик — останні 24 години.",
    places="Найчастіше згадують",
    forms="Як це пишуть",
    follow="Стежити",
    search="Пошук",
    search_words="Слова, назви, «фрази», фільтри",
    search_help=(
        "Назва напрямку чи місця знаходить усі її форми всіма мовами. Інші слова — з іншими закінченнями. Має бути все."
    ),
    search_examples=MappingProxyType(
        {
            "Куп'янськ дрони": "місце будь-якою мовою й у будь-якій формі, слово з іншими закінченнями своєї мови",
            '"Генеральний штаб"': "слова так, як вони стоять",
            "евакуа*": "усе, що так починається",
            "sector:lyman lang:uk since:7d": "фільтри: sector, place, source, lang, since, until",
        }
    ),
    newest_first="спершу найновіші",
    found="{shown} з {count}",
    found_none="Нічого не знайдено. Що менше слів, то більше знаходиться.",
    story="Новина",
    first_seen="Уперше помічено",
    last_seen="Востаннє помічено",
    copies="Хто повідомляє",
    later_ones="і пізніших статей: {count}",
    links="Та сама подія іншими мовами",
    lead="перша й найповніша",
    why_story="Чому вона тут",
    mentions="Що сказано",
    more_mentions="Ще з цієї статті",
    reasons="Чому це згадка",
    score="Оцінка",
    score_cut="разом понад 1: оцінка не буває більшою за 1",
    signals=MappingProxyType({"long_name": "довга назва, яку важко сплутати"}),
    zones=MappingProxyType({"title": "заголовок", "lead": "вступ", "body": "текст"}),
    read_at="Читати: {publisher}",
    outcome="Кому повідомлено",
    outcome_note="Повідомлення, що надійшли, і сповіщення, яких не надіслано.",
    told="сповіщень: {alerts}, повідомлень надійшло: {sent}",
    not_told="не надіслано",
    codes=MappingProxyType(
        {
            "story_known": "про новину вже повідомлено",
            "paused": "призупинено",
            "silenced": "вимкнено на час",
            "baseline": "стрічка була новою",
            "feed_rewritten": "стрічка перейменувала всі записи",
            "before_start": "давніше за підписку",
            "too_old": "опубліковано задовго до того",
            "edit": "правка",
            "publisher": "видання не обрано",
            "side": "сторону не обрано",
            "language": "мову не обрано",
            "place_only": "лише мирне життя міста",
            "salience_too_low": "згадано надто глибоко в тексті",
            "score_too_low": "недостатньо певно",
            "storm": "затримано під час лавини сповіщень",
        }
    ),
    sector="Напрямок",
    utc_note="Час: {zone}.",
    not_found="Такої сторінки немає",
    not_found_note="Можливо, в адресі помилка або те, що тут було, давніше за цей архів.",
    not_found_go="Перейти:",
    wrong_query="Так шукати не можна. Пояснення англійською:",
    bad_filter="Такої адреси в нас немає",
    bad_filter_note="«{value}» не підходить для {name}. Оберіть на сторінці.",
)

LANGUAGES = {words.language: words for words in (ENGLISH, UKRAINIAN)}


def public_words(language: str) -> PublicWords:
    """The words for a language tag."""
    return spoken(LANGUAGES, language)
