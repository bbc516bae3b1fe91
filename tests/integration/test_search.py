"""The archive is searched: all forms of a name, words with their endings, filters; the same on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

import pytest
from sqlalchemy import text as sql

from benchmarks.hot_queries import noted
from extractors.gazetteer import shipped
from extractors.reading import understand
from extractors.search.query import understand as understand_query
from flows.steps.archive import search as step
from flows.steps.archive.search import Hits, search_archive
from sectorwatch.domain import ArticleText, DateQuality, ReadArticle, Source
from sectorwatch.errors import ConfigurationError
from storage.intake import feeds
from storage.reading import articles
from storage.reading.articles import NewArticle
from storage.reading.stories import open_story
from storage.search import full_text
from storage.search.index import index_article
from storage.search.sources import marks_of
from storage.unit_of_work import Store, Work
from tests.builders import NOON

NEWS = (
    # title, text, language, publisher
    ("Ситуація на сході", "Окупанти обстріляли Куп'янськ. Поранено двох людей. Далі про погоду.", "uk", "Час"),
    ("На Купянском направлении", "Войска отразили три атаки. Дроны сбиты над рекой. В селе тихо.", "ru", "Вести"),
    ("Front report", "Russian forces attacked near Kupyansk overnight. Two drones hit a depot.", "en", "Example Times"),
    ("Wojna", "Sytuacja pod Kupiańskiem jest trudna, podał sztab generalny armii Ukrainy.", "pl", "Gazeta"),
    ("Погода", "Дронів не було. Водосховища повні, і на дамбах спокійно.", "uk", "Час"),
    ("Звіт", "Просування ворога біля Петропавлівки на Харківщині зупинено, дронами вдарили.", "uk", "Час"),
    ("В суде", "Суд рассмотрел дело. Дрон нашли example.com/и-или у озера, 3.5 км от дороги.", "ru", "Вести"),
)  # fmt: skip


@cache
def read(title: str, text: str, language: str) -> ReadArticle:
    article = ArticleText(
        title=title, text=text, language=language, published_at=None, canonical_url=None, method="fast"
    )
    return understand(article)


def put(
    work: Work, text: ReadArticle, feed: int, publisher: str, *, published: datetime | None, seen: datetime
) -> None:
    new = NewArticle(
        canonical_url=None, url=None, feed_id=feed, source=Source(publisher=publisher), published_at=published,
        date_quality=DateQuality.STATED, first_seen_at=seen, baseline=False, read=text, raw=None,
    )  # fmt: skip
    articles.add(work, new, story_id=open_story(work, now=seen), story_reason="", now=seen)


@pytest.fixture
def archive(store: Store) -> Store:
    """Seven articles, an hour between them, of a feed for each publisher."""
    with store.write() as work:
        of = {
            name: feeds.add(
                work, url=f"https://{number}.example.org/rss", title=f"{name}: стрічка", language="",
                source=Source(publisher=name), interval=timedelta(minutes=15), managed=False, now=NOON,
            )
            for number, name in enumerate(dict.fromkeys(publisher for *_, publisher in NEWS))
        }  # fmt: skip
        for number, (title, text, language, publisher) in enumerate(NEWS):
            seen = NOON + timedelta(hours=number)
            published = seen - timedelta(days=10) if number == 0 else None
            put(work, read(title, text, language), of[publisher], publisher, published=published, seen=seen)
        work.commit()
    return store


def look(store: Store, query: str, *, limit: int = 20, newest: bool = False) -> Hits:
    return search_archive(store, shipped(), query, NOON, limit=limit, newest=newest)


def ids(store: Store, query: str) -> list[int]:
    return sorted(hit.id for hit in look(store, query).hits)


SECTOR = [1, 2, 3, 4, 6]  # the last one names a village of it only


FINDS = dict(
    [
        # the name of a sector, in whatever form and language, beside a generic word or not
        *((name, SECTOR) for name in ("Куп'янськ", "kupiansk", "КУПЯНСКЕ", "Kupiańskiem", "Kupiansk sector")),
        ("на Куп'янському напрямку", [1, 2, 6]),  # "на" is a word like any other
        ("Petropavlivka", [6]),
        ("Kupiansk drones", [3]),
        ("Kupiansk дрони", [2, 6]),
        # ordinary words, with their endings
        ("дрон", [2, 5, 6, 7]),
        ("водосховище", [5]),
        ("атакою", [2]),
        ("attack", [3]),
        ("drone", [3]),
        ("обстріл*", [1]),
        # as they stand
        ('"дрон"', [7]),
        ('"отразили три атаки"', [2]),
        ('"три отразили"', []),
        ("«Поранено двох»", [1]),
        ('"Куп’янськ. Поранено"', [1]),
        ("example com 3 5 или", [7]),
        # filters
        ("sector:kupiansk", SECTOR),
        ('sector:"Куп\'янський напрямок"', SECTOR),
        ("place:petropavlivka", [6]),
        ("place:Петропавлівки", [6]),
        ("sector:kupiansk lang:uk дрони", [6]),
        ("lang:ru lang:en-GB", [2, 3, 7]),
        ("source:times", [3]),
        ("source:СТРІЧКА LANG:pl", [4]),
        ("source:2.example.org", [3]),
        ("since:2026-03-01T16:00:00", [5, 6, 7]),
        ("until:2026-02-21", [1]),  # by when it was published
        ("since:2026-03-01T13:00:00 until:2026-03-01T14:00:00", [2]),
        # nothing, and what looks like operators
        ("нісенітниця", []),
        ("lang:fi", []),
        ("дрони AND", []),
        ("NEAR(дрони, 2)", []),
        ("дрон* & ! | <-> :* ( ) ^ {} - + \\ ' ; --", [2, 5, 6, 7]),
        ('"дрон', [2, 5, 6, 7]),
        ("дрон\0 %_", [2, 5, 6, 7]),
        ("ї" * 900, []),
        ("\ud800 \U0001f600 дрон", [2, 5, 6, 7]),
    ],
)  # fmt: skip


@pytest.mark.parametrize(("last", "few"), [(64_000, 400), (2, 400), (2, 5)])
def test_a_query_finds_what_has_all_of_it(archive: Store, last: int, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever of the databases is asked, however many articles are looked through first, in what forms."""
    monkeypatch.setattr(full_text, "_FEW", few)
    monkeypatch.setattr(full_text, "_SOME", few)
    monkeypatch.setattr(full_text, "_LAST", last)
    monkeypatch.setattr(full_text, "_LAST_AT_ONCE", last)
    if archive.engine.dialect.name == "postgresql":  # which then knows the words that many have
        with archive.write() as work:
            work.connection.execute(sql("ANALYZE article_search"))
            work.commit()
    assert {query: ids(archive, query) for query in FINDS} == FINDS
    latest = {query: [hit.id for hit in look(archive, query, limit=2, newest=True).hits] for query in FINDS}
    by_date = {1: 0}  # it was published long before it was seen
    assert latest == {
        query: sorted(found, key=lambda one: by_date.get(one, one), reverse=True)[:2] for query, found in FINDS.items()
    }


UNUSABLE = {
    "": "nothing to look for",
    "  \0 ": "nothing to look for",
    '"': "nothing to look for",
    "* - ( )": "nothing to look for",
    "ab*": "3 letters",
    "x" * 10_000: "1,000 characters",
    "слово " * 40: "32 words",
    "sector:nowhere": "there is no sector 'nowhere'; known: dobropillia",
    "sector:kupiansl": "did you mean 'kupiansk'?",
    "place:xyzzy": "there is no place 'xyzzy' in a watched sector: 'sectorwatch sectors show SECTOR' has their ids",
    "place:Osskil": "there is no place 'Osskil' in a watched sector; did you mean 'Oskil'?",
    'lang:""': "lang:uk",
    "sectr:kupiansk": "there is no operator 'sectr:'; did you mean 'sector:'",
    "дрони Langauge:uk": "there is no operator 'Langauge:'; did you mean 'lang:'",
    'publisher:"BBC News"': "did you mean 'source:'",
}


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("late", "by_marks"), [(500, True), (1, False)])
def test_articles_that_an_earlier_release_indexed_are_found_by_source(
    archive: Store, late: int, by_marks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They have no marks: the index of words is asked for the others by these, while those without are few."""
    monkeypatch.setattr(full_text, "_LAST", 2)
    monkeypatch.setattr(full_text, "_LATE", late)
    assert ids(archive, "source:Час дрон") == [5, 6]
    with archive.write() as work:
        work.connection.execute(sql("UPDATE article_search SET body = 'дрон' WHERE rowid IN (1, 5)"))
        work.commit()
    with noted(archive.engine) as seen:
        assert ids(archive, "source:Час дрон") == [1, 5, 6]
    asked = [value for one in seen for value in one.parameters if "дрон" in str(value)]
    assert any(mark in value for mark in marks_of(1, "Час").split() for value in asked) == by_marks


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_an_article_keeps_its_marks(archive: Store) -> None:
    """Also with another text, and those of a feed that was removed have the mark of their publisher."""
    indexed = sql("SELECT rowid FROM article_search WHERE article_search MATCH :mark")
    with archive.write() as work:
        index_article(work, 5, title="Погода", text="Без опадів.")
        work.settle()
        for mark in marks_of(1, "Час").split():
            assert work.connection.execute(indexed, {"mark": f'"{mark}"'}).scalars().all() == [1, 5, 6], mark
        work.connection.execute(sql("DELETE FROM feeds WHERE id = 1"))
        for _ in range(2):  # what was put off of the first gives way to the second
            index_article(work, 5, title="Погода", text="Без опадів.")
        work.commit()
    assert ids(archive, "source:Час опадів") == [5]


@pytest.mark.parametrize("query", UNUSABLE)
def test_a_query_that_cannot_be_used_says_why(query: str) -> None:
    """In words, before the database is asked."""
    with pytest.raises(ConfigurationError, match=UNUSABLE[query]):
        understand_query(query, shipped(), NOON)


def test_words_with_a_colon_are_words(archive: Store) -> None:
    """EU:n of Finnish, an address, a time, a phrase."""
    for words in ("дрони:реки", "https://news.example.org/дрони", "22:30", '"title:дрони"', "Вести: дрони"):
        understood = understand_query(words, shipped(), NOON)
        assert len(understood.terms) >= 1, words
        assert understood.no_operators == (("дрони",) if words == "дрони:реки" else ()), words
    assert ids(archive, "two:drones") == [3]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("lang:xx", "there is no language 'xx'"),
        ("source:nobody", "there is no source 'nobody'; known: "),
        ("title:погода", "nothing was found, and there is no operator 'title:'; known: sector:, place:, "),
    ],
)
def test_what_finds_nothing_by_a_name_that_there_is_not_says_so(archive: Store, query: str, said: str) -> None:
    """Where it can be known only in the archive."""
    with pytest.raises(ConfigurationError, match=said):
        look(archive, query)


@pytest.mark.parametrize("late", [500, 1])
@pytest.mark.parametrize("last", [64_000, 2])
def test_what_was_seen_late_is_of_its_time(
    archive: Store, last: int, late: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However far back a time is, and however many were published in it and seen after it."""
    for name, value in (("_LAST", last), ("_LAST_AT_ONCE", last), ("_LATE", late)):
        monkeypatch.setattr(full_text, name, value)
    text, early = read("Звіт", "Дрони сбиты над рекой.", "uk"), NOON + timedelta(minutes=90)
    with archive.write() as work:
        for hours in (20, 21):
            put(work, text, 1, "Вести", published=early, seen=NOON + timedelta(hours=hours))
        work.commit()
    for query, found in (
        ("дрони until:2026-03-01T14:00:00", [2, 8, 9]),
        ("until:2026-03-01T14:00:00 source:Вести", [2, 8, 9]),
        ("дрони since:2026-03-01T13:15:00 until:2026-03-01T16:30:00", [5, 8, 9]),
        ("until:2026-03-01T11:00:00", [1]),
        ("дрони until:2026-03-02T12:00:00", [2, 5, 6, 7, 8, 9]),
    ):
        assert ids(archive, query) == found, query


def test_what_the_title_has_comes_first(archive: Store) -> None:
    """Then the latest; or the latest alone."""
    assert [hit.id for hit in look(archive, "Купянск").hits] == [2, 6, 4, 3, 1]
    assert [hit.id for hit in look(archive, "Купянск", newest=True).hits] == [6, 4, 3, 2, 1]


def test_only_the_latest_are_put_in_order(archive: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a word of every article costs no more; that there are more is said."""
    monkeypatch.setattr(step, "RANKED", 3)
    found = look(archive, "Купянск", limit=2)
    assert ([hit.id for hit in found.hits], found.matching, found.more) == ([6, 4], 3, True)
    assert not look(archive, "drone", limit=2).more


SHOWN = (
    ("Kupiansk", 1, "Окупанти обстріляли »Куп'янськ«."),
    ("дроны река", 2, "»Дроны« сбиты над »рекой«."),
    ("село дрон", 2, "»Дроны« сбиты над рекой."),
    ("drones depot", 3, "Two »drones« hit a »depot«."),
    ("deposit* dep*", 3, ""),
    ("dep* two*", 3, "»Two« drones hit a »depot«."),
    (
        "Kupiansk дронами",
        6,
        "Просування ворога біля Петропавлівки на Харківщині зупинено, »дронами« вдарили.",
    ),
    ("sector:kupiansk", 6, "Просування ворога біля »Петропавлівки« на Харківщині зупинено, дронами вдарили."),
    ('"двох людей" людей', 1, "Поранено »двох людей«."),
    ("ситуація", 1, "Окупанти обстріляли Куп'янськ."),  # only its title has it: the text from its beginning
)


def test_the_sentence_that_matches_is_shown(archive: Store) -> None:
    """The one with the most of the query, as written, with the places that match."""
    assert [(query, article, _marked(archive, query, article)) for query, article, _ in SHOWN] == list(SHOWN)


def _marked(store: Store, query: str, article: int) -> str:
    hits = {hit.id: hit for hit in look(store, query).hits}
    if article not in hits:
        return ""
    hit, shown, done = hits[article], "", 0
    for start, end in hit.matches:
        shown += f"{hit.sentence[done:start]}»{hit.sentence[start:end]}«"
        done = end
    return shown + hit.sentence[done:]
