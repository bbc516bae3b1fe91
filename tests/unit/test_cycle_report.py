"""The report of a cycle says what came of it, and nothing from the web is obeyed in it."""

from __future__ import annotations

from datetime import UTC, datetime

from flows.steps.running.cycle_report import SHOWN, figures, is_eventful, plain, report, title
from flows.steps.running.summaries import CycleSummary
from sectorwatch.notice import Condition, NoticeKind

NASTY = "HTTP 500 | <script>x</script> [go](javascript:x) ![i](http://e.example/i.png) `code` *b*\n# heading &lt;"
WRONG = Condition(
    key="feed:1",
    kind=NoticeKind.FEED_FAILING,
    since=datetime(2026, 3, 1, 12, tzinfo=UTC),
    subject="News | Daily",
    detail=NASTY,
)


def test_a_quiet_cycle_is_no_event_and_has_a_name() -> None:
    """An empty summary is read as well as a full one."""
    quiet = CycleSummary().as_dict()
    assert not is_eventful(quiet, [])
    assert not is_eventful({}, [])
    assert is_eventful(quiet, [WRONG])
    assert title(quiet) == title({}) == "0 feeds, 0 new, 0 read, 0 alerts"
    assert "| pages refused | none |" in report(quiet, [])
    assert "Wrong" not in report(quiet, [])


def test_what_happened_is_counted_and_named() -> None:
    """Figures by kind, the most first; of long lists the beginning."""
    cycle = CycleSummary()
    cycle.poll.polled, cycle.poll.new_entries = 40, 3
    cycle.poll.by_status.update({"not_modified": 37, "new": 2, "failed": 1})
    cycle.poll.failed.append(("https://news.example.org/rss?key=S3CRET", NASTY))
    cycle.read.read, cycle.read.alerts = 2, 1
    cycle.read.mentions.update({"kupiansk": 2, "lyman": 1})
    cycle.read.failed += [(f"https://news.example.org/{number}", "HTTP 403") for number in range(30)]
    summary = cycle.as_dict()
    text = report(summary, [WRONG])
    assert is_eventful(summary, [])
    assert title(summary) == "40 feeds, 3 new, 2 read, 1 alert, 31 failed"
    assert figures(summary) == {
        "feeds_polled": 40, "entries_new": 3, "articles_read": 2, "alerts_opened": 1, "failed": 31
    }  # fmt: skip
    assert "| feeds polled | 40: 37 not\\_modified, 2 new, 1 failed |" in text
    assert "| articles by sector | 2 kupiansk, 1 lyman |" in text
    assert "**Failed in this cycle: 31**" in text
    assert text.count("* page ") + text.count("* feed https") == SHOWN
    assert "* feed failing: News \\| Daily: HTTP 500" in text
    assert "S3CRET" not in text


def test_nothing_from_the_web_is_markup() -> None:
    """Neither tags, nor links, images, headings, tables or entities."""
    shown = plain(NASTY)
    assert "\n" not in shown
    assert "<script>" not in shown
    assert "://" not in shown
    for sign in "|[]<>*`_!":
        assert all(shown[at - 1] == "\\" for at, letter in enumerate(shown) if letter == sign), sign
    assert plain("&lt;b&gt;") == "&amp;lt;b&amp;gt;"
