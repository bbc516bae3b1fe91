"""What a reader is shown: complete, in their time, and harmless."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from alerts.channels import MAIL, WEBHOOK, Channel
from alerts.render import render
from sectorwatch.domain import (
    NO_LINKS,
    AlertView,
    Evidence,
    Grounds,
    Message,
    ReaderLinks,
    Reason,
    Rule,
    Salience,
    Side,
    StoryNews,
    Subscriber,
)

SENTENCE = "Бої за Куп'янськ тривають."
LEAD = Evidence(
    article_id=10,
    sector="kupiansk",
    title="Бої тривають",
    url="https://north.test/a?b=1&c=2",
    publisher="Northern Wire",
    side=Side.UKRAINIAN,
    language="uk",
    published_at=datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
    first_seen_at=datetime(2026, 3, 28, 23, 40, tzinfo=UTC),
    sentence=SENTENCE,
    match_start=7,
    match_end=16,
    score=0.934,
    salience=Salience.HEADLINE,
    reasons=(
        Reason(code="exact", weight=0.7, detail="exact name"),
        Reason(code="far", weight=-0.1, detail="no cue near"),
    ),
)
VIEW = AlertView(
    alert_id=5,
    sector="kupiansk",
    sector_name="Kupiansk",
    story_id=77,
    subscription="east",
    subscriber=Subscriber(id=1, name="desk", zone="Europe/Kyiv"),
    evidence=(LEAD,),
    why="you follow kupiansk with a score of at least 0.5",
)


LINKS = ReaderLinks(
    pause="https://watch.test/p/1",
    change="https://watch.test/c/1",
    unsubscribe="https://watch.test/u/1",
    false_alarm={5: "https://watch.test/f/5"},
)


def rendered(
    *,
    public_url: str = "",
    zone: str = "Europe/Kyiv",
    language: str = "en",
    also: tuple[Evidence, ...] = (),
    channel: Channel = MAIL,
    links: ReaderLinks = NO_LINKS,
    **lead: object,
) -> Message:
    view = replace(
        VIEW,
        subscriber=replace(VIEW.subscriber, zone=zone, language=language),
        evidence=(replace(LEAD, **lead), *also),  # type: ignore[arg-type]  # fields by name
    )
    return render([view], delivery_id="d1", channel=channel, links=links, public_url=public_url)


class Elements(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.marked = ""
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words += data
        if self.tags and self.tags[-1] == "mark" and not self.marked:
            self.marked = data


def elements(message: Message) -> Elements:
    assert message.html is not None
    return Elements(message.html)


def test_the_text_answers_the_readers_questions_in_order() -> None:
    """Sector and headline; source, side, local time; the marked sentence; link; others; why."""
    other = replace(LEAD, article_id=11, publisher="Second Post", side=Side.INTERNATIONAL)
    text = rendered(
        public_url="https://watch.test/", also=(other, replace(other, article_id=12), LEAD), links=LINKS
    ).text
    assert text == (
        "Kupiansk: Бої тривають\n\n"
        "Northern Wire · Ukrainian source · 29 Mar 2026, 01:30 EET\n"
        "Бої за »Куп'янськ« тривають.\n\n"
        "https://north.test/a?b=1&c=2\n\n"
        "Also reported by: Second Post (international source)\n\n"
        "Why you get this: you follow kupiansk with a score of at least 0.5. Subscription: east. "
        "Score 0.93: exact name.\n\n"
        "The whole story: https://watch.test/stories/77\n\n"
        "This is a false alarm: https://watch.test/f/5\n"
        "Pause: https://watch.test/p/1\n"
        "Change: https://watch.test/c/1\n"
        "Unsubscribe: https://watch.test/u/1\n"
    )


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Kyiv", "29 Mar 2026, 04:00 EEST"),  # an hour after the clock went forward
        ("America/New_York", "28 Mar 2026, 21:00 EDT"),
        ("America/Sao_Paulo", "28 Mar 2026, 22:00 UTC-03"),
        ("No/Such_Zone", "29 Mar 2026, 01:00 UTC"),
        ("../etc/passwd", "29 Mar 2026, 01:00 UTC"),
        ("", "29 Mar 2026, 01:00 UTC"),
    ],
)
def test_times_are_the_readers(zone: str, shown: str) -> None:
    """Time is local, summer time counted, and names its zone; a zone nobody knows falls back to UTC, said so."""
    assert shown in rendered(zone=zone, published_at=datetime(2026, 3, 29, 1, 0, tzinfo=UTC)).text


def test_a_missing_date_shows_when_it_was_seen() -> None:
    """Without a publication time the reader learns when we saw it, and that it is that."""
    assert "· seen 29 Mar 2026, 01:40 EET" in rendered(published_at=None).text


def test_the_html_says_the_same_and_loads_nothing() -> None:
    """HTML marks the same match, links the same article, and refers to nothing else outside."""
    page = elements(rendered())
    assert page.marked == "Куп'янськ"
    assert page.links == ["https://north.test/a?b=1&c=2"]
    assert not {"img", "script", "link", "style", "iframe", "object"} & set(page.tags)
    assert "you follow kupiansk" in page.words


HOSTILE = '<script>alert(1)</script>\r\nBcc: x@evil.test\x00\x07\u202egnp\u2066 \u2028{title} \ud800 &amp; "quoted" \''


def test_hostile_words_cannot_act() -> None:
    """Markup, line breaks, control and direction characters in any field reach no channel."""
    view = replace(
        VIEW,
        evidence=(
            replace(LEAD, title=HOSTILE, sentence=HOSTILE + SENTENCE, publisher=HOSTILE, match_start=0, match_end=8),
        ),
    )
    message = render([view], delivery_id="d1", channel=replace(MAIL, payload=True))
    assert "\n" not in message.title
    page = elements(message)
    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in page.words  # visible as words
    for shown in (message.title, message.text, message.html or "", json.dumps(message.payload, ensure_ascii=False)):
        shown.encode()
        bad = {c for c in shown if (unicodedata.category(c) == "Cc" and c != "\n") or 0x202A <= ord(c) <= 0x202E}
        assert not bad
        assert "\u2066" not in shown
        assert "\u2028" not in shown
    assert not any(line.startswith("Bcc:") for line in message.text.splitlines())


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        " JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://bank.test@evil.test/",
        "//north.test/a",
        "https://",
        "http://[::1",
        "https://north.test/" + "a" * 3000,
        "",
        None,
    ],
)
def test_only_web_links_are_links(url: str | None) -> None:
    """A link that is none for the web is left out everywhere, and the alert still goes."""
    message = rendered(url=url)
    assert elements(message).links == []
    articles = rendered(url=url, channel=WEBHOOK).payload["articles"]
    assert isinstance(articles, list)
    assert articles[0]["url"] is None
    assert "Куп'янськ" in message.text
    assert url in (None, "") or str(url).strip() not in message.text


def test_a_link_cannot_end_early() -> None:
    """Spaces and quotes in a link are encoded, so that programs find all of it, and HTML stays closed."""
    message = rendered(url='https://north.test/a b"><b>')
    assert "https://north.test/a%20b%22%3E%3Cb%3E" in message.text
    assert "b" not in elements(message).tags


def test_a_long_title_is_cut_at_a_word() -> None:
    """Subjects stay within 120 characters and say that they were cut; the text keeps the headline."""
    headline = "Довгий заголовок про події " * 8
    message = rendered(title=headline)
    assert 100 < len(message.title) <= 120
    assert message.title.endswith("…")
    assert message.title.startswith("Kupiansk: Довгий заголовок")
    assert headline.strip() in message.text


def test_only_an_excerpt_is_quoted() -> None:
    """Of a very long sentence about 400 characters around the match are shown, whole words, offsets right."""
    before, after = "слово " * 500, " дальше" * 500
    sentence = before + "Куп'янськ" + after
    message = rendered(sentence=sentence, match_start=len(before), match_end=len(before) + 9)
    payload = rendered(sentence=sentence, match_start=len(before), match_end=len(before) + 9, channel=WEBHOOK).payload
    articles = payload["articles"]
    assert isinstance(articles, list)
    quoted, match = articles[0]["sentence"], articles[0]["match"]
    assert 300 < len(quoted) <= 402
    assert quoted[match["start"] : match["end"]] == match["surface"] == "Куп'янськ"
    assert quoted.startswith("…слово ")
    assert quoted.endswith(" дальше…")
    assert "»Куп'янськ«" in message.text


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (5, 5), (9, 4), (0, 10_000)])
def test_impossible_offsets_show_the_sentence_unmarked(start: int, end: int) -> None:
    """Wrong offsets cost the mark and nothing else."""
    message = rendered(match_start=start, match_end=end)
    assert SENTENCE in message.text
    assert elements(message).marked == ""


def test_the_marks_are_not_those_of_the_sentence() -> None:
    """Where the sentence has guillemets of its own, the match is marked in another way."""
    sentence = "Кажуть: «Куп'янськ тримається»."
    assert "«【Куп'янськ】 тримається»" in rendered(sentence=sentence, match_start=9, match_end=18).text


def test_the_payload_is_a_versioned_envelope() -> None:
    """Tools get a type, a version, ids, articles with reasons, and why; all of it plain JSON."""
    payload = json.loads(json.dumps(rendered(channel=WEBHOOK).payload))
    article = payload["articles"][0]
    assert (payload["type"], payload["version"], payload["id"]) == ("sectorwatch.alert", 1, "d1")
    assert (payload["sector"], payload["story"], payload["alert"]) == ("kupiansk", 77, 5)
    assert payload["why"] == VIEW.why
    assert article["sentence"] == SENTENCE
    assert article["match"] == {"start": 7, "end": 16, "surface": "Куп'янськ"}
    assert article["published_at"] == "2026-03-28T23:30:00Z"
    assert (article["score"], article["salience"], article["side"]) == (0.934, "headline", "ukrainian")
    assert article["reasons"][1] == {"code": "far", "weight": -0.1, "detail": "no cue near"}


def test_a_follow_up_says_what_is_new() -> None:
    """In each form; a pager has room for the quotation alone."""
    places = tuple(f"Village {number}" for number in range(7))
    view = replace(VIEW, news=StoryNews(sides=(Side.RUSSIAN,), places=places, sources=5))
    new = "New in this story: Russian source, Village 0, Village 1, Village 2, Village 3, Village 4, 2 more, number of"
    for views in ([view], [view, VIEW]):
        message = render(views, delivery_id="d1", channel=replace(MAIL, payload=True))
        for shown in (message.text, elements(message).words):
            assert shown.count(f"{new} sources: 5") == 1
    message = render([view], delivery_id="d1", channel=MAIL)
    assert message.title == rendered(channel=MAIL).title.replace(": ", ", new: ", 1)
    assert message.text.startswith(f"{message.title}\n\n{new}")
    assert rendered(channel=WEBHOOK).payload["news"] is None
    payload = render([view], delivery_id="d1", channel=WEBHOOK).payload
    assert payload["news"] == {"sides": ["russian"], "places": list(places), "sources": 5}


def test_many_sources_stay_readable() -> None:
    """Five other publishers are named and the rest counted; the payload is bounded and says how many there were."""
    also = tuple(replace(LEAD, article_id=n, publisher=f"Paper {n}", side=Side.UNKNOWN) for n in range(40))
    message = rendered(also=also)
    assert "Also reported by: Paper 0, Paper 1, Paper 2, Paper 3, Paper 4, 35 more" in message.text
    payload = rendered(also=also, channel=WEBHOOK).payload
    articles = payload["articles"]
    assert isinstance(articles, list)
    assert (len(articles), payload["articles_total"]) == (20, 41)


def test_an_alert_without_evidence_still_says_its_sector() -> None:
    """Articles pruned meanwhile leave a poor alert, never an error."""
    message = render([replace(VIEW, evidence=())], delivery_id="d1", channel=MAIL)
    assert message.title == "Kupiansk"
    assert "you follow kupiansk" in message.text


def test_rendering_is_repeatable() -> None:
    """The same alert gives the same message: every attempt sends the same."""
    assert rendered() == rendered()


def test_the_fixed_words_are_the_readers_language() -> None:
    """A Ukrainian reader gets Ukrainian words and months; a language without words of its own gets English."""
    message = rendered(language="uk-UA", links=LINKS)
    assert "Northern Wire · українське джерело · 29 березня 2026, 01:30 EET" in message.text
    assert "Відписатися: https://watch.test/u/1" in message.text
    assert '<html lang="uk">' in (message.html or "")
    assert rendered(language="de") == rendered()


@pytest.mark.parametrize(
    ("reason", "english", "ukrainian"),
    [
        ("day 2026-03-02", "Daily digest, 2 Mar 2026", "Щоденний дайджест, 2 березня 2026"),
        ("cap 5", "More than 5 alerts in an hour", "Сповіщення понад 5 на годину"),
        ("quiet", "Held during your quiet hours", "Затримано на час вашої тиші"),
        ("Daily digest, 1 Mar 2026", "Daily digest, 1 Mar 2026", "Daily digest, 1 Mar 2026"),
        ("", "News of your sectors", "Новини ваших напрямків"),
    ],
)
def test_a_digest_says_in_the_readers_language_why_it_comes(reason: str, english: str, ukrainian: str) -> None:
    """The reason on record becomes a heading; words of an earlier release stay."""
    for language, words in (("en", english), ("uk", ukrainian)):
        view = replace(VIEW, subscriber=replace(VIEW.subscriber, language=language))
        message = render([view, view], delivery_id="d1", channel=MAIL, heading=reason)
        assert message.title.startswith(f"{words}: Kupiansk 2")


@pytest.mark.parametrize(
    ("utc_time", "shown"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 Oct 2026, 03:30 EEST"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 Oct 2026, 03:30 EET"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29 Mar 2026, 02:59 EET"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 Mar 2026, 04:00 EEST"),
    ],
)
def test_the_hour_that_comes_twice_is_told_apart(utc_time: datetime, shown: str) -> None:
    """Across a change of the clocks, the zone's name says which hour is meant."""
    assert shown in rendered(published_at=utc_time).text


def test_an_english_reader_is_told_names_and_plain_signals() -> None:
    """The sector and the places are called by their names, and no signal is a bare count of letters."""
    long = Reason(code="long_name", weight=0.1, detail="8 characters")
    for rule, places, said in (
        (Rule(sectors=("kupiansk",)), (), "you follow Kupiansk sector with a score of at least 0.5"),
        (Rule(places=("dvorichna",)), ("Dvorichna",), "you follow Dvorichna in Kupiansk sector with"),
    ):
        view = replace(
            VIEW,
            sector_name="Kupiansk sector",
            evidence=(replace(LEAD, reasons=(*LEAD.reasons, long)),),
            grounds=Grounds(rule=rule, places=places),
        )
        message = render([view], delivery_id="x", channel=MAIL, links=NO_LINKS, public_url="")
        assert said in message.text
        assert "exact name; a long name, hard to mistake for another." in message.text
        assert "characters" not in message.text
