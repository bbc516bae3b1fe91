"""The outbox on both databases: enqueued once, claimed by one, finished under the lease."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from flows.steps.reading.store_article import file_article
from sectorwatch.domain import (
    NO_GUARDS,
    Context,
    DateQuality,
    DeliveryKind,
    DeliveryState,
    Entry,
    Guards,
    Outcome,
    OutcomeKind,
    ReadArticle,
    ReadState,
    Secret,
    Source,
    TargetKind,
)
from sectorwatch.errors import RowRefused
from storage.alerting import outbox
from storage.alerting.outbox import Delivery
from storage.intake import entries
from storage.intake.entries import ReadEnd
from storage.reading import articles
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.tables import entries as entries_table
from storage.tables import subscription_targets
from storage.unit_of_work import Store, Work
from storage.views import queries
from storage.views.alerts import alert_view
from tests.builders import NOON, SENTENCE, add_entries, add_feed, add_subscription, read_article

VAULT = Vault()
LEASE = timedelta(seconds=45)
LATER = NOON + timedelta(minutes=1)
SENT = Outcome(kind=OutcomeKind.SENT, detail="accepted", status=250)


def subscribe(store: Store, *, sectors: tuple[str, ...] = ("kupiansk",), wait: int = 0, now: datetime = NOON) -> None:
    """One subscriber with two targets."""
    add_subscription(store, "one", "two", sectors=sectors, group_wait=timedelta(seconds=wait), now=now)


def entry(store: Store, number: int) -> Entry:
    """The stored entry of this number."""
    with store.write() as work:
        _, found = entries.claim_unread(work, now=LATER, limit=99, per_host=99, lease=timedelta(seconds=-1))
        work.commit()
    return next(one for one in found if one.guid == f"guid-{number}")


def file(
    store: Store,
    one: Entry,
    read: ReadArticle,
    *,
    now: datetime = LATER,
    commit: bool = True,
    source: Source = Source(publisher="News"),  # noqa: B008 - frozen
    guards: Guards = NO_GUARDS,
) -> None:
    """Files what was read of an entry."""
    with store.write() as work:
        filed = file_article(
            work,
            one,
            source,
            read,
            raw=b"<p>raw</p>",
            charset="utf-8",
            subscriptions=subscriptions.every(work, VAULT),
            now=now,
            guards=guards,
        )
        work.connection.execute(
            update(entries_table).where(entries_table.c.id == one.id).values(article_id=filed.article_id)
        )
        if commit:
            work.commit()


def due(store: Store, *, now: datetime = LATER, close_groups: bool = False) -> list[Delivery]:
    with store.write() as work:
        claimed = outbox.claim_due(work, VAULT, now=now, limit=99, lease=LEASE, close_groups=close_groups)
        work.commit()
    return claimed


@pytest.fixture
def ready(store: Store) -> Store:
    """A store with a subscriber of Kupiansk and three entries, seen after the subscription began."""
    subscribe(store)
    add_entries(store, add_feed(store), 1, 2, 3, now=LATER)
    return store


def test_a_mention_becomes_one_delivery_a_target(ready: Store) -> None:
    """Article, alert and deliveries are there together; each target gets one."""
    file(ready, entry(ready, 1), read_article())
    claimed = due(ready)
    assert sorted(delivery.target.label for delivery in claimed) == ["one", "two"]
    assert len({delivery.dedup_key for delivery in claimed}) == 2


def test_nothing_is_left_of_an_article_that_was_not_committed(ready: Store) -> None:
    """Crash before the commit: no article, no alert, no delivery."""
    file(ready, entry(ready, 1), read_article(), commit=False)
    with ready.read() as work:
        totals = queries.totals(work)
    assert (totals["articles"], totals["stories"], totals["deliveries_waiting"]) == (0, 0, 0)


def test_a_copy_is_folded_into_the_story_s_alert(ready: Store) -> None:
    """The same text on another site is the same story: told once, both sources counted."""
    file(ready, entry(ready, 1), read_article())
    file(ready, entry(ready, 2), read_article())
    assert len(due(ready)) == 2  # two targets, one alert
    with ready.read() as work:
        stories = queries.story_rows(work, limit=9)
        view = alert_view(work, 1)
    assert [story.articles for story in stories] == [2]
    assert len(view.evidence) == 2
    assert view.evidence[0].sentence == SENTENCE
    assert view.evidence[0].sentence[view.evidence[0].match_start : view.evidence[0].match_end] == "Kupiansk"


def test_an_edit_alerts_only_for_a_sector_the_story_did_not_have(ready: Store) -> None:
    """The second text of an article tells of Lyman to those who follow Lyman, and nobody of Kupiansk again."""
    subscribe(ready, sectors=("kupiansk", "lyman"))
    file(ready, entry(ready, 1), read_article())
    assert {delivery.alert_ids for delivery in due(ready)} == {(1,)}
    file(ready, entry(ready, 1), read_article("Edited text.", sectors=("kupiansk",)))
    assert due(ready) == []
    file(ready, entry(ready, 1), read_article("Edited again.", sectors=("kupiansk", "lyman")))
    with ready.read() as work:
        assert alert_view(work, due(ready)[0].alert_ids[0]).sector == "lyman"


def test_a_failing_page_never_replaces_what_was_read(ready: Store) -> None:
    """The feed's short text does not take the place of the page's."""
    file(ready, entry(ready, 1), read_article("The long text of the page."))
    file(ready, entry(ready, 1), read_article("Short.", method="feed"))
    with ready.read() as work:
        article = articles.get(work, 1)
    assert article is not None
    assert article.text == "The long text of the page."


def test_the_page_s_text_replaces_the_feed_s(ready: Store) -> None:
    """When the page answers at last, its mentions count."""
    file(ready, entry(ready, 1), read_article("Short.", sectors=(), method="feed"))
    assert due(ready) == []
    file(ready, entry(ready, 1), read_article())
    assert len(due(ready)) == 2


def test_what_was_decided_on_the_feed_s_few_words_is_decided_anew(ready: Store) -> None:
    """A summary that a rule refuses does not silence the page that follows it."""
    weak = read_article("Short.", method="feed")
    weak = replace(weak, detection=replace(weak.detection, sectors=(replace(weak.detection.sectors[0], score=0.1),)))
    file(ready, entry(ready, 1), weak)
    assert due(ready) == []
    with ready.read() as work:
        assert [row.code for row in queries.suppression_rows(work, limit=9)] == ["score_too_low"]
    file(ready, entry(ready, 1), read_article())
    assert len(due(ready)) == 2
    with ready.read() as work:
        assert queries.suppression_rows(work, limit=9) == []  # one decision, the later one


def test_a_new_feed_s_baseline_does_not_swallow_another_feed_s_news(ready: Store) -> None:
    """A page stored as part of a baseline is told when a feed watched for longer brings it."""
    first = replace(entry(ready, 1), baseline=True)
    file(ready, first, read_article())
    assert due(ready) == []
    second = replace(entry(ready, 2), canonical_url=first.canonical_url)
    file(ready, second, read_article())
    assert due(ready) == []  # the same feed lists it under another guid
    watched_longer = add_feed(ready, "https://other.example.org/rss")
    file(ready, replace(second, feed_id=watched_longer), read_article())
    assert len(due(ready)) == 2


def test_pages_that_end_at_one_consent_page_stay_apart(ready: Store) -> None:
    """A redirect to the front page makes no article replace another."""
    for number, words in ((1, "First text about Kupiansk."), (2, "Second text about Kupiansk.")):
        read = read_article(words)
        front = replace(read.article, canonical_url="https://news.example.org/")
        file(ready, entry(ready, number), replace(read, article=front))
    with ready.read() as work:
        assert queries.totals(work)["articles"] == 2
    assert len(due(ready)) == 4


def test_a_target_that_was_taken_away_gets_nothing_more(ready: Store) -> None:
    """What is queued for a target that the subscription does not use any more ends with that reason."""
    file(ready, entry(ready, 1), read_article())
    with ready.write() as work:
        subscription = subscriptions.every(work, VAULT)[0]
        gone = subscription.targets[0]
        work.connection.execute(subscription_targets.delete().where(subscription_targets.c.target_id == gone.id))
        work.commit()
    ended = {delivery.target.id: delivery.ended for delivery in due(ready)}
    assert "does not use this target" in ended[gone.id]
    assert [words for target, words in ended.items() if target != gone.id] == [""]


def test_a_value_that_the_database_refuses_is_the_row_s_failure(ready: Store) -> None:
    """The error says so, that a cycle can go on with the next."""

    def write() -> None:
        with ready.write() as work:
            outbox.add_article(work, 999, 999, decision="alert", reason="no such alert", now=LATER)
            work.commit()

    with pytest.raises(RowRefused):
        write()


def test_the_baseline_is_suppressed_and_says_why(store: Store) -> None:
    """What a feed lists at its first poll is stored and told to nobody; the reason is on record."""
    subscribe(store)
    add_entries(store, add_feed(store), 1, baseline=True, now=LATER)
    file(store, entry(store, 1), read_article())
    assert due(store) == []
    with store.read() as work:
        rows = queries.suppression_rows(work, limit=9)
    assert [row.code for row in rows] == ["baseline"]


def test_alerts_wait_for_their_group_unless_told_otherwise(store: Store) -> None:
    """The first sources are collected for a minute; a cycle that ends all closes the window."""
    subscribe(store, wait=60)
    add_entries(store, add_feed(store), 1, now=LATER)
    file(store, entry(store, 1), read_article())
    assert due(store) == []
    assert len(due(store, close_groups=True)) == 2
    with store.read() as work:
        assert [row.state for row in queries.delivery_rows(work, limit=9)] == ["leased", "leased"]


def test_two_workers_never_send_the_same_delivery(ready: Store) -> None:
    """What one has claimed the other does not get."""
    file(ready, entry(ready, 1), read_article())
    assert len(due(ready)) == 2
    assert due(ready) == []


def test_a_worker_that_was_too_slow_changes_nothing(ready: Store) -> None:
    """After its lease the delivery is somebody else's: the stale finish is refused."""
    file(ready, entry(ready, 1), read_article())
    stale = due(ready)[0]
    fresh = next(one for one in due(ready, now=LATER + LEASE * 2) if one.id == stale.id)
    with ready.write() as work:
        late = outbox.finish(work, stale, state=DeliveryState.DEAD, due_at=None, reason="late", outcome=SENT, now=LATER)
        good = outbox.finish(work, fresh, state=DeliveryState.SENT, due_at=None, reason="", outcome=SENT, now=LATER)
        work.commit()
    assert (late, good, fresh.attempt) == (False, True, 2)
    with ready.read() as work:
        attempts = queries.attempt_rows(work, stale.id)
    assert len(attempts) == 2


def test_a_late_success_is_no_reason_to_send_again(ready: Store) -> None:
    """Who lost the lease and is told "accepted" ends the delivery, unless somebody holds it or it has ended."""
    file(ready, entry(ready, 1), read_article())
    stale = due(ready)[0]

    def finished(delivery: Delivery, state: DeliveryState) -> bool:
        with ready.write() as work:
            done = outbox.finish(work, delivery, state=state, due_at=LATER, reason="ok", outcome=SENT, now=LATER)
            work.commit()
        return done

    fresh = next(one for one in due(ready, now=LATER + LEASE * 2) if one.id == stale.id)
    assert not finished(stale, DeliveryState.SENT)  # it is being sent
    assert finished(fresh, DeliveryState.RETRY)
    assert not finished(stale, DeliveryState.DEAD)
    stranger = replace(stale, token="another")
    assert not finished(stranger, DeliveryState.SENT)
    assert finished(stale, DeliveryState.SENT)
    assert [one.id for one in due(ready, now=LATER + LEASE * 3)] != [stale.id]
    assert not finished(stale, DeliveryState.SENT)  # ended before
    with ready.read() as work:
        row = next(row for row in queries.delivery_rows(work, limit=9) if row.id == stale.id)
    assert (row.state, row.reason, row.attempts) == ("sent", "ok", 2)


def test_a_late_success_and_a_claim_at_once_do_not_both_win(ready: Store) -> None:
    """Whoever is first has the delivery: it is sent and not claimed, or claimed and not taken for sent."""
    file(ready, entry(ready, 1), read_article())
    stale = due(ready)[0]
    for number, claim_first in enumerate((True, False), 2):
        again = next(one for one in due(ready, now=LATER + LEASE * number) if one.id == stale.id)
        with ready.write() as work:
            assert outbox.finish(
                work, again, state=DeliveryState.RETRY, due_at=LATER, reason="", outcome=SENT, now=LATER
            )
            work.commit()

        def claimed(work: Work) -> bool:
            now = LATER + timedelta(seconds=1)
            found = outbox.claim_due(work, VAULT, now=now, limit=99, lease=timedelta(0))
            return stale.id in {one.id for one in found}

        def finished(work: Work) -> bool:
            return outbox.finish(work, stale, state=DeliveryState.SENT, due_at=None, reason="", outcome=SENT, now=LATER)

        first, second = (claimed, finished) if claim_first else (finished, claimed)

        def other(act: Callable[[Work], bool] = second) -> bool:
            with ready.write() as work:
                done = act(work)
                work.commit()
            return done

        with ThreadPoolExecutor(1) as pool:
            with ready.write() as work:
                assert first(work)
                behind = pool.submit(other)
                wait([behind], timeout=0.2)  # it waits for us, or passes us by
                work.commit()
            assert not behind.result()


def test_every_attempt_leaves_evidence(ready: Store) -> None:
    """A send that was started is on record even if its worker died."""
    file(ready, entry(ready, 1), read_article())
    delivery = due(ready)[0]
    with ready.read() as work:
        attempts = queries.attempt_rows(work, delivery.id)
    assert [(one.n, one.outcome) for one in attempts] == [(1, None)]


def test_paused_alerts_are_kept(ready: Store) -> None:
    """Pausing everything loses nothing."""
    file(ready, entry(ready, 1), read_article())
    with ready.write() as work:
        outbox.pause_alerts(work, paused=True, author="ops", now=LATER)
        work.commit()
    assert due(ready) == []
    with ready.write() as work:
        outbox.pause_alerts(work, paused=False, author="ops", now=LATER)
        work.commit()
    assert len(due(ready)) == 2


def test_a_message_of_no_subscription_goes_out_once_also_while_alerts_are_paused(ready: Store) -> None:
    """A notice to operators, or a confirmation: a pause of alerts is when they are needed."""
    payload = {"id": "n1", "title": "A feed fails", "text": "A feed fails", "html": None}
    message = {"target_id": 1, "kind": DeliveryKind.NOTICE, "dedup_key": "n1", "payload": payload}
    with ready.write() as work:
        outbox.pause_alerts(work, paused=True, author="ops", now=NOON)
        assert outbox.post(work, **message, now=NOON)
        assert not outbox.post(work, **message, now=NOON)
        work.commit()
    (claimed,) = due(ready)
    assert (claimed.kind, claimed.subscription_id, claimed.ended) == (DeliveryKind.NOTICE, None, "")
    assert claimed.payload == payload
    assert due(ready) == []


def test_a_long_pause_does_not_use_up_the_time_to_live(ready: Store) -> None:
    """What waited out a pause of days has its whole day to be delivered from the moment alerts go again."""
    file(ready, entry(ready, 1), read_article())
    monday = LATER + timedelta(days=3)
    for paused, now in ((True, LATER), (False, monday)):
        with ready.write() as work:
            outbox.pause_alerts(work, paused=paused, author="ops", now=now)
            work.commit()
    assert [delivery.first_due_at for delivery in due(ready, now=monday)] == [monday, monday]


def test_secrets_are_sealed_with_a_key(store: Store) -> None:
    """With a key, what is stored does not hold the address."""
    from cryptography.fernet import Fernet
    from sqlalchemy import select

    from storage.tables import targets

    vault = Vault([Secret(Fernet.generate_key().decode())])
    with store.write() as work:
        person = subscriptions.put_subscriber(work, name="P", zone="UTC", language="en", managed=True, now=NOON)
        number = subscriptions.put_target(
            work,
            vault,
            subscriber_id=person,
            label="mail",
            kind=TargetKind.EMAIL,
            secret=Secret("secret@example.org"),
            signing_secret=None,
            now=NOON,
        )
        stored = work.connection.execute(select(targets.c.secret)).scalar_one()
        found = subscriptions.target(work, vault, number)
    assert "secret@example.org" not in stored
    assert found is not None
    assert found.secret.reveal() == "secret@example.org"
    assert "secret@example.org" not in repr(found)


def test_states_of_entries_are_kept(ready: Store) -> None:
    """A finished entry is not due; one that failed is due again at its time."""
    with ready.write() as work:
        token, found = entries.claim_unread(work, now=LATER, limit=9, per_host=9, lease=LEASE)
        for one, state, again in zip(
            found,
            (ReadState.READ, ReadState.RETRY, ReadState.FEED_TEXT),
            (None, LATER + timedelta(minutes=5), None),
            strict=True,
        ):
            end = ReadEnd(entry_id=one.id, token=token, state=state, article_id=None, due_at=again, attempts=1)
            assert entries.finish_read(work, replace(end, token="another's"), end) == 1
        work.commit()
    for minutes, count in ((4, 0), (6, 1)):
        with ready.write() as work:
            now = LATER + timedelta(minutes=minutes)
            _, found = entries.claim_unread(work, now=now, limit=9, per_host=9, lease=timedelta(seconds=-1))
            work.commit()
        assert len(found) == count
    assert DateQuality(found[0].date_quality) is DateQuality.STATED


def named_for(read: ReadArticle, context: Context) -> ReadArticle:
    """The same text with all that it mentions named for the front, or for its peaceful life."""
    found = read.detection
    sectors = tuple(replace(sector, context=context) for sector in found.sectors)
    mentions = tuple(replace(mention, context=context) for mention in found.mentions)
    return replace(read, detection=replace(found, sectors=sectors, mentions=mentions))


def test_an_edit_that_brings_the_front_to_a_peaceful_town_is_told(ready: Store) -> None:
    """A school that opens alerts nobody; the same article rewritten, with the school shelled, does."""
    one = entry(ready, 1)
    file(ready, one, named_for(read_article("A school in Kupiansk opened."), Context.PLACE))
    assert due(ready) == []
    shelled = named_for(read_article("Shells hit the school in Kupiansk."), Context.FRONT)
    file(ready, replace(one, article_id=1), shelled)
    assert len(due(ready)) == 2  # the subscriber's two targets
