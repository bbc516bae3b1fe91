"""What the answer to a poll does to its feed, on both databases: only the web and the sandbox are not real."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, cast

import pytest

from flows.steps.polling import ask_feed, feed_words
from flows.steps.polling.feed_words import Condition
from flows.steps.polling.poll_feeds import poll_feeds
from flows.steps.polling.store_polls import PollSummary
from flows.steps.roster.apply import Difference, apply_roster
from flows.steps.tools import Reader, Tools, Web
from sectorwatch.domain import Validators
from sectorwatch.errors import Failure, FetchError, SandboxError
from sectorwatch.net.client import Answer
from sectorwatch.settings import Settings
from sectorwatch.settings.roster import FeedSpec
from storage.intake import feeds
from storage.running import watching
from storage.secrets import Vault
from storage.unit_of_work import Store
from storage.views import feeds as feed_views
from storage.views.feeds import FeedRow
from tests.builders import add_feed
from tests.conftest import FakeClock
from tests.plugins.commands import Run
from tests.plugins.databases import LONG_ON_POSTGRESQL

pytestmark = LONG_ON_POSTGRESQL

FEED = (
    "<rss version='2.0'><channel><title>News</title><item><title>One</title><link>https://a.test/1</link></item>"
    "</channel></rss>"
)
Said = Answer | FetchError


def says(
    status: int = 200,
    body: str = FEED,
    *,
    moved_to: str | None = None,
    retry_after: float | None = None,
    **headers: str,
) -> Answer:
    """An answer; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        url=moved_to or "https://a.test/feed",
        status=status,
        headers=named,
        body=b"" if status == 304 else body.encode(),
        moved_to=moved_to,
        ms=1,
        retry_after=retry_after,
    )


def unreached(words: str = "the host name is unknown, or there is no network") -> FetchError:
    return FetchError(words, failure=Failure.UNREACHED)


@dataclass
class Intake:
    """Feeds whose servers say what a test wants them to say."""

    store: Store
    clock: FakeClock
    answers: dict[str, Said] = field(default_factory=dict)
    asked: list[tuple[str, Validators | None]] = field(default_factory=list)
    parsed: int = 0
    waits_for: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    stopped: bool = False  # whoever parses

    async def get(self, url: str, *, validators: Validators | None = None, **_options: Any) -> Answer:
        self.asked.append((url, validators))
        if url in self.waits_for:
            await self.waits_for[url]()
        said = self.answers.get(url, says())
        if isinstance(said, FetchError):
            raise said
        return said

    async def run(self, function: Callable[..., Any], *args: Any, timeout: float) -> Any:
        self.parsed += 1
        if self.stopped or POISON in args[0]:
            raise SandboxError("read_feed took over 5 s and was stopped", kind="timeout")
        return function(*args)

    def feeds(self, *urls: str) -> None:
        for url in urls:
            add_feed(self.store, url, now=self.clock())

    def apply(self, *urls: str) -> Difference:
        settings = Settings(feeds=[FeedSpec(url=url) for url in urls])
        return apply_roster(
            Tools(settings=settings, store=self.store, vault=Vault(), clock=self.clock, random=Random(1))
        )

    def poll(self, answers: dict[str, Said] | Said | None = None, *, after: timedelta = timedelta(0)) -> PollSummary:
        """Every feed that is not held is polled, after a while; a single answer is that of all."""
        self.clock.now += after
        if isinstance(answers, (Answer, FetchError)):
            answers = dict.fromkeys((row.url for row in self.rows()), answers)
        self.answers = answers or {}
        web = cast("Any", self)
        tools = Tools(
            settings=Settings(), store=self.store, vault=Vault(), clock=self.clock, random=Random(1), sleep=self.sleep
        )
        reader = Reader(tools=tools, web=Web(http=web, robots=web), sandbox=web)
        return asyncio.run(poll_feeds(reader, not_since=self.clock()))

    async def sleep(self, _seconds: float) -> None:
        """No time passes within a poll."""

    def rows(self) -> list[FeedRow]:
        with self.store.read() as work:
            return feed_views.feed_rows(work)

    def network_is_down(self) -> bool:
        with self.store.read() as work:
            return watching.facts(work, now=self.clock()).network_down is not None


@pytest.fixture
def intake(store: Store, clock: FakeClock) -> Intake:
    return Intake(store, clock)


def test_validators_are_kept_as_they_were_given(intake: Intake) -> None:
    """Sent back letter by letter; a 304 may bring new ones and keeps the others, a 200 says all there are."""
    intake.feeds("https://a.test/feed")
    intake.poll(says(etag='W/"1-gzip"', last_modified="yesterday, about noon"))
    minute = timedelta(minutes=1)
    for answer, sent in (
        (says(304, etag='"2"'), ('W/"1-gzip"', "yesterday, about noon")),
        (says(304), ('"2"', "yesterday, about noon")),
        (says(), ('"2"', "yesterday, about noon")),
        (says(304), (None, None)),
    ):
        intake.poll(answer, after=minute)
        given = intake.asked[-1][1]
        assert given is not None
        assert (given.etag, given.last_modified) == sent
    intake.poll(says(304, etag='"3"'), after=timedelta(hours=25))
    assert intake.asked[-1][1] is None  # in case the validators lie


@pytest.mark.parametrize("answer", [says(retry_after=7200), says(304, retry_after=7200)])
def test_a_server_that_answers_may_ask_for_patience_too(intake: Intake, answer: Answer) -> None:
    """A Retry-After is kept whatever comes with it, and even when a cycle is wanted now."""
    intake.feeds("https://a.test/feed")
    intake.poll(says())
    intake.poll(answer, after=timedelta(minutes=1))
    count = len(intake.asked)
    intake.poll(after=timedelta(minutes=119))
    assert len(intake.asked) == count
    intake.poll(after=timedelta(minutes=2))
    assert len(intake.asked) == count + 1


def test_a_dead_network_is_no_feeds_failure(intake: Intake, run: Run) -> None:
    """Three hosts that are not reached, and no answer: operators are told of the network, and of no feed."""
    intake.feeds(*(f"https://{name}.test/feed" for name in "abcd"))
    intake.poll()
    minute = timedelta(minutes=1)
    for _ in range(9):
        summary = intake.poll(unreached(), after=minute)
        assert summary.network_down
        assert summary.failed == []
    assert {(row.state, row.failures, row.reason) for row in intake.rows()} == {("ok", 0, "")}
    assert all(row.next_poll_at - intake.clock() < 6 * minute for row in intake.rows())
    assert intake.network_is_down()
    assert "our own network is down since" in run("feeds", "list")
    one_back = {row.url: unreached() for row in intake.rows()[1:]}
    summary = intake.poll(one_back, after=minute)
    assert not summary.network_down
    assert [row.state for row in intake.rows()] == ["ok", "failing", "failing", "failing"]
    assert not intake.network_is_down()
    assert "our own network" not in run("feeds", "list")


def test_dead_feeds_that_are_asked_together_are_no_outage(intake: Intake) -> None:
    """What failed by itself before says nothing of the network, nor do many hosts of one site."""
    dead = [f"https://{name}.test/feed" for name in "abc"]
    intake.feeds("https://z.test/feed", *dead)
    intake.poll()
    minute = timedelta(minutes=1)
    intake.poll(dict.fromkeys(dead, unreached()), after=minute)
    assert not intake.poll(unreached(), after=minute).network_down  # the fourth is one alone
    assert [row.failures for row in intake.rows()] == [1, 2, 2, 2]
    intake.feeds(*(f"https://{name}.example.org/feed" for name in "abcd"))
    assert not intake.poll(unreached(), after=minute).network_down
    assert not intake.network_is_down()


def test_one_odd_value_is_no_other_feeds_failure(intake: Intake) -> None:
    """What the store does not take of a feed that was not reached ends no cycle, and all others are stored."""
    intake.feeds("https://a.test/feed", "https://b.test/feed")
    intake.poll({"https://a.test/feed": unreached(), "https://b.test/feed": unreached("no \x00 such host")})
    assert [row.failures for row in intake.rows()] == [1, 1]
    assert intake.rows()[0].reason == "the host name is unknown, or there is no network"


def test_a_server_in_the_next_room_is_no_internet(intake: Intake) -> None:
    """One host that answers does not make ten sites fail."""
    lost = [f"https://{name}.test/feed" for name in "abcdefghij"]
    intake.feeds("https://near.test/feed", *lost)
    intake.poll()
    summary = intake.poll(dict.fromkeys(lost, unreached()), after=timedelta(minutes=1))
    assert summary.network_down
    assert summary.failed == []
    with intake.store.read() as work:
        fact = watching.facts(work, now=intake.clock()).network_down
    assert fact is not None
    assert fact.detail == "10 feeds were not reached, only 1 answered"


def test_one_or_two_dead_hosts_are_their_own_failure(intake: Intake) -> None:
    """However many feeds they have, and although nothing else is watched."""
    intake.feeds(*(f"https://{name}.test/{number}" for name in "ab" for number in range(3)))
    for _ in range(2):
        summary = intake.poll(unreached(), after=timedelta(minutes=1))
    assert len(summary.failed) == 6
    assert {(row.state, row.failures) for row in intake.rows()} == {("failing", 2)}
    assert not intake.network_is_down()


POISON = b"poison"
HERE, THERE = "https://a.test/feed", "https://b.test/feed"
DAY = timedelta(days=1)


def addresses(intake: Intake) -> list[str]:
    return [row.url for row in intake.rows()]


def test_a_move_for_good_is_followed_after_three_polls_over_a_day(intake: Intake) -> None:
    """And known ever after: the old address is the feed's in files, lists and commands, and operators are told once."""
    intake.feeds(HERE)
    intake.poll(says(moved_to=THERE))
    intake.poll(says(304, moved_to=THERE), after=DAY / 2)
    assert addresses(intake) == [HERE]
    assert "taken over when it has said so thrice" in intake.rows()[0].reason
    intake.poll(FetchError("busy", status=503), after=DAY / 4)
    intake.poll(says(moved_to=THERE), after=DAY / 4)
    assert addresses(intake) == [THERE]
    intake.poll(after=timedelta(minutes=1))
    assert intake.asked[-1][0] == THERE
    with intake.store.read() as work:
        assert feeds.addresses(work) == {HERE: 1, THERE: 1}
        assert feed_views.find_ids(work, HERE) == [1]
        (fact,) = watching.facts(work, now=intake.clock()).moved
        assert fact.detail == f"from {HERE} to {THERE}; 'sectorwatch feeds show 1' has both addresses"
        assert watching.facts(work, now=intake.clock() + 2 * DAY).moved == ()
    for _ in range(2):
        difference = intake.apply(HERE, "http://www.a.test/feed/", THERE)
        assert not any("feed" in line for line in difference.added + difference.removed)
        assert difference.kept == [f"feed {HERE} has moved to {THERE}: write that address into the file"]
        assert len(difference.repeated) == 2
    assert addresses(intake) == [THERE]
    for _ in range(3):
        intake.poll(says(moved_to=HERE), after=DAY)
    assert addresses(intake) == [HERE]
    with intake.store.read() as work:
        assert feeds.addresses(work) == {THERE: 1, HERE: 1}


@pytest.mark.parametrize(
    "polls",
    [
        [says(moved_to=THERE)] * 2,
        [says(moved_to=THERE), says(), says(moved_to=THERE), says(moved_to=THERE)],
        [says(moved_to=THERE), says(moved_to=THERE), says(moved_to=f"{THERE}2")],
        [says(body="<html><p>Sign in</p></html>", moved_to=THERE)] * 9,
    ],
)
def test_a_move_that_does_not_last_is_not_followed(intake: Intake, polls: list[Answer]) -> None:
    """Too few polls, another target in between, none, or a portal that sends everybody to its page."""
    intake.feeds(HERE)
    for said in polls:
        intake.poll(said, after=DAY)
    assert addresses(intake) == [HERE]


def test_three_polls_within_a_day_are_too_few(intake: Intake) -> None:
    """An hour of wrong redirects changes nothing, however often they are seen."""
    intake.feeds(HERE)
    for _ in range(20):
        intake.poll(says(moved_to=THERE), after=timedelta(hours=1))
    assert addresses(intake) == [HERE]


@pytest.mark.parametrize(
    ("was", "sent_to", "corrected"),
    [("http://a.test/feed", None, HERE), (HERE, THERE, THERE), (HERE, THERE, "https://www.b.test/feed/")],
)
def test_an_address_that_the_file_corrects_is_no_new_feed(
    intake: Intake, was: str, sent_to: str | None, corrected: str
) -> None:
    """It keeps its entries: a new feed would begin with a baseline that nobody is told of."""
    intake.apply(was)
    intake.poll(says(moved_to=sent_to))
    difference = intake.apply(corrected)
    assert [line for line in difference.changed if "feed" in line] == [
        f"feed {was} is at {corrected} now, and keeps its entries"
    ]
    assert not any("feed" in line for line in difference.added + difference.removed + difference.repeated)
    assert [(row.url, row.entries, row.managed) for row in intake.rows()] == [(corrected, 1, True)]
    assert not any("feed" in line for line in intake.apply(corrected).changed)


def test_one_feed_that_the_file_lists_in_many_spellings_is_polled_once(intake: Intake) -> None:
    """The first is taken, the others are named; a second time nothing changes, and a spelling may go."""
    twins = ["http://a.test/feed", "https://www.a.test/feed/", "https://A.test:443/feed", f"{HERE}?utm_source=x"]
    for added in ([f"feed {HERE}"], []):
        difference = intake.apply(HERE, *twins)
        assert [line for line in difference.added if "feed" in line] == added
        assert difference.repeated == [f"feed {twin} is {HERE}" for twin in twins]
        assert not any("feed" in line for line in difference.changed + difference.removed)
    intake.poll()
    assert [url for url, _ in intake.asked] == [HERE]
    difference = intake.apply(*twins)
    assert not any("feed" in line for line in difference.added + difference.removed)
    assert [(row.id, row.url, row.entries) for row in intake.rows()] == [(1, twins[0], 1)]


def test_a_feed_added_by_hand_is_the_one_that_the_file_lists(intake: Intake) -> None:
    """By another spelling, too: there is no second one."""
    intake.feeds(HERE)
    difference = intake.apply("http://www.a.test/feed/")
    assert difference.repeated == [f"feed http://www.a.test/feed/ is {HERE}"]
    assert addresses(intake) == [HERE]


def test_an_address_of_another_feed_corrects_nothing(intake: Intake) -> None:
    """A feed that is sent to another one goes when the file drops it, and one that is still listed stays."""
    intake.apply(HERE, THERE)
    intake.poll({HERE: says(moved_to=THERE)})
    assert not any("feed" in line for line in intake.apply(HERE, THERE).changed)
    assert [line for line in intake.apply(THERE).removed if "feed" in line] == [f"feed {HERE}"]
    assert addresses(intake) == [THERE]


def test_a_key_in_an_address_stays_out_of_messages(intake: Intake) -> None:
    """Operators are told of a move without the queries of both addresses."""
    intake.feeds(f"{HERE}?key=S3CRET")
    for _ in range(3):
        intake.poll(says(moved_to=f"{THERE}?key=S3CRET"), after=DAY)
    with intake.store.read() as work:
        assert "S3CRET" not in str(watching.facts(work, now=intake.clock()))


def test_a_feed_that_moves_onto_another_is_polled_there_alone(intake: Intake) -> None:
    """Two feeds never have one address."""
    intake.feeds(HERE, "http://www.b.test/feed/")
    for _ in range(3):
        intake.poll({HERE: says(moved_to=THERE)}, after=DAY)
    assert addresses(intake) == [HERE, "http://www.b.test/feed/"]
    assert [(row.state, row.paused_by) for row in intake.rows()] == [("paused", "sectorwatch"), ("ok", "")]
    assert "moved to https://b.test/feed, which is feed 2" in intake.rows()[0].reason
    assert [row.url for row in intake.rows() if feed_words.wanted(row, [Condition.MOVED])] == [HERE]
    with intake.store.read() as work:
        (fact,) = watching.facts(work, now=intake.clock()).moved
    assert "another feed is watched already: this one is paused" in fact.detail


def test_a_feed_that_answers_late_holds_up_no_other(intake: Intake) -> None:
    """Two hundred and fifty others are polled and stored while it hangs."""
    late, others = "https://late.test/feed", [f"https://h{number}.test/feed" for number in range(250)]
    intake.feeds(late, *others)

    async def when_others_are_stored() -> None:
        while sum(row.last_poll_at is not None for row in intake.rows()) < len(others):
            await asyncio.sleep(0.01)

    intake.waits_for = {late: when_others_are_stored}
    assert intake.poll().polled == 251


@pytest.mark.parametrize(("stopped", "minutes"), [(True, 15), (False, 30)])
def test_a_parser_that_was_stopped_is_no_proof_against_a_feed(intake: Intake, stopped: bool, minutes: int) -> None:
    """It may have been our own machine that was slow; what is no feed is none on any."""
    intake.feeds(HERE)
    intake.stopped = stopped
    intake.poll(says(body="no feed"))
    pause = intake.rows()[0].next_poll_at - intake.clock()
    assert abs(pause - timedelta(minutes=minutes)) <= timedelta(minutes=minutes) * 0.1


def test_a_poll_that_is_stopped_gives_its_feeds_back(intake: Intake) -> None:
    """What was answered is stored; what hangs is free at once, and due as before."""
    hung = "https://hung.test/feed"
    intake.feeds(HERE, hung)

    async def forever() -> None:
        while intake.rows()[0].last_poll_at is None:
            await asyncio.sleep(0.01)
        raise asyncio.CancelledError

    intake.waits_for = {hung: forever}
    with pytest.raises(asyncio.CancelledError):
        intake.poll()
    assert [row.last_poll_at is None for row in intake.rows()] == [False, True]
    intake.waits_for = {}
    assert intake.poll(after=timedelta(seconds=1)).polled == 2


def test_a_feed_that_kills_its_process_is_left_alone(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """After two kills, until it changes, a release comes, or a day is over; operators are told."""
    intake.feeds(HERE)
    poisoned = says(body=f"<!-- {POISON.decode()} -->{FEED}")
    for _ in range(4):
        intake.poll(poisoned, after=timedelta(hours=1))
    assert intake.parsed == 2
    assert "took over 5 s and was stopped, 2 times; left alone until it changes" in intake.rows()[0].reason
    with intake.store.read() as work:
        (fact,) = watching.facts(work, now=intake.clock()).quarantined
    assert fact.url == HERE
    intake.poll(poisoned, after=DAY)
    assert intake.parsed == 3
    monkeypatch.setattr(ask_feed, "VERSION", "9.9")
    intake.poll(poisoned, after=timedelta(hours=1))
    assert intake.parsed == 4
    intake.poll(says(), after=timedelta(hours=1))
    assert intake.rows()[0].state == "ok"


@pytest.mark.parametrize(
    ("body", "state", "words"),
    [
        ("<html><body>Are you human?</body></html>", "failing", "a robot check (captcha) instead of a feed"),
        ("<html><body><p>News</p></body></html>", "failing", "an HTML page instead of a feed"),
        ("<rss version='2.0'><channel><title>News</title></channel></rss>", "ok", ""),
        ("", "failing", "empty"),
    ],
)
def test_a_page_is_a_failure_and_an_empty_feed_is_not(intake: Intake, body: str, state: str, words: str) -> None:
    """200 is not enough."""
    intake.feeds("https://a.test/feed")
    intake.poll(says(body=body))
    (row,) = intake.rows()
    assert row.state == state
    assert words in row.reason
