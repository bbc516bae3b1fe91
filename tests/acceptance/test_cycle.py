"""The main job as its user runs it: configuration, cycles, alerts received, and what is said of it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.acceptance.sampling import SIGNING_SECRET, Site, sample_site


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def test_a_baseline_a_day_s_news_and_a_quiet_cycle(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The first cycle tells nobody, the second tells of each story once, the third finds nothing new."""
    url = "sqlite:///sectorwatch.db" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    with sample_site(tmp_path, store_url=url) as site:
        first = site.json("run")
        assert first["feeds"]["polled"] == len(site.newsroom.feeds)
        assert first["articles"]["read"] > 20
        assert not site.receivers.requests
        assert not site.receivers.mails

        site.newsroom.publish()
        second = site.json("run")
        told = site.told()
        assert Counter(body["id"] for body in told).most_common(1)[0][1] == 1
        wanted = site.stories("kupiansk")
        assert len(told) == len(wanted)
        assert second["alerts"]["opened"] == len(wanted)
        truth = {page.url: page for page in site.newsroom.truth}
        for body in told:
            assert "kupiansk" in truth[body["articles"][0]["url"]].expect
        assert len(site.receivers.mails) == len(wanted)
        for received in site.receivers.requests:
            Webhook(SIGNING_SECRET).verify(received.body, dict(received.headers))

        before = len(site.newsroom.visits)
        third = site.json("run")
        assert third["articles"]["read"] == 0
        assert third["alerts"] == {"opened": 0, "folded": 0, "suppressed": 0, "storm": None}
        assert len(site.receivers.requests) == len(wanted)
        statuses = Counter(visit.status for visit in site.newsroom.visits[before:] if visit.conditional)
        assert statuses[304] >= 5


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that has lived through a morning and a day; its tests only look."""
    with sample_site(tmp_path_factory.mktemp("day")) as site:
        site.command("run")
        site.newsroom.publish()
        site.command("run")
        yield site


def test_what_every_sector_is_said_to_be_in_is_the_truth(day: Site) -> None:
    """Each page of the newsroom gets the sectors that it is truly about, false friends none."""
    found: dict[str, set[str]] = {}
    for row in day.json("mentions", "--limit", "1000"):
        found.setdefault(row["url"], set()).add(row["sector"])
    wrong = {
        page.url: (sorted(page.expect), sorted(found.get(page.url, set())))
        for page in day.newsroom.truth
        if set(page.expect) != found.get(page.url, set())
    }
    assert not wrong


def test_the_mail_is_what_a_subscriber_reads(day: Site) -> None:
    """Sector and headline in the subject, the sentence with its match marked, source, link and reason in the text."""
    mail = day.receivers.mails[0].message
    assert "Kupiansk" in str(mail["Subject"])
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "http://" in text
    assert "you follow Kupiansk sector" in text
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()


def test_lists_show_what_happened(day: Site) -> None:
    """Feeds with their state, stories, deliveries with attempts, suppressions with reasons, search: all there."""
    feeds = {row["url"]: row for row in day.json("feeds", "list")}
    broken = {feed.url for feed in day.newsroom.feeds if not feed.works}
    assert {url for url, row in feeds.items() if row["state"] != "ok"} == broken
    assert all(feeds[url]["reason"] for url in broken)
    assert any(row["articles"] > 1 for row in day.json("stories", "--limit", "100"))
    assert {row["code"] for row in day.json("suppressions")} == {"baseline"}
    delivery = day.json("deliveries", "list")[0]
    shown = day.json("deliveries", "show", str(delivery["id"]))
    assert [attempt["outcome"] for attempt in shown["attempts"]] == ["sent"]
    assert day.json("search", "Купʼянськ*")
    assert day.json("status")["deliveries_dead"] == 0
    for arguments in (["mentions"], ["stories"], ["feeds", "list"], ["deliveries", "list"], ["notices"]):
        done = day.command(*arguments)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()
    done = day.command("status")
    assert done.returncode == 1  # one of the newsroom's feeds is gone
    assert "WRONG        feed gone" in done.stdout


@pytest.mark.full
def test_applying_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    """The file is the truth: applied again it changes nothing, and what is taken out of it goes."""
    with sample_site(tmp_path) as site:
        assert "nothing to change" in site.command("apply").stdout
        feeds = site.config.read_text("utf-8").split("\n[[feeds]]")
        site.config.write_text("\n[[feeds]]".join(feeds[:-1]), "utf-8")
        assert site.json("apply", "--dry-run")["removed"]
        removed = site.json("apply")["removed"]
        assert len(removed) == 1
        assert len(site.json("feeds", "list")) == len(site.newsroom.feeds) - 1


def test_the_web_being_away_is_said_feed_by_feed(tmp_path: Path) -> None:
    """Without a network the cycle exits 1, names each feed with the reason, and loses nothing."""
    with sample_site(tmp_path) as site:
        text = site.config.read_text("utf-8")
        for where in set(site.newsroom.hosts.values()):
            text = text.replace(f'"{where}"', '"127.0.0.1:9"')
        site.config.write_text(text, "utf-8")
        done = site.command("run")
        assert done.returncode == 1
        for feed in site.newsroom.feeds:
            assert feed.url in done.stdout
        assert "Traceback" not in done.stderr


@pytest.mark.full
@pytest.mark.timeout(400)
def test_the_same_input_ten_times_over_adds_nothing(tmp_path: Path) -> None:
    """A small soak: cycle after cycle over feeds that do not change stores nothing and tells nothing."""
    with sample_site(tmp_path) as site:
        site.command("run")
        site.newsroom.publish()
        site.command("run")
        names = ("feeds", "entries", "articles", "stories", "deliveries_sent", "deliveries_waiting")
        before, told = site.json("status"), len(site.receivers.requests)
        for _ in range(10):
            assert site.json("run")["alerts"] == {"opened": 0, "folded": 0, "suppressed": 0, "storm": None}
        after = site.json("status")
        assert {name: after[name] for name in names} == {name: before[name] for name in names}
        assert len(site.receivers.requests) == told
