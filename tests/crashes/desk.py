"""The subscriber of the crash tests: whom the store knows, and what the receiver should have got."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from sectorwatch.domain import DeliveryState, Every, Mode, Rule, Schedule, Secret, TargetKind
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.tables import deliveries, delivery_attempts, entries
from storage.unit_of_work import Store
from tests.builders import NOON, add_entries, add_feed
from tests.crashes.receiver import Receiver

SEEN = NOON + timedelta(minutes=1)
HOURLY = Schedule(mode=Mode.DIGEST, every=Every.HOUR)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Subscriptions of one subscriber, whose targets are paths of one receiver."""

    store: Store
    receiver: Receiver
    name: str  # its paths begin so: many desks share a receiver
    feed: int
    targets: tuple[str, ...]  # paths

    @property
    def address(self) -> str:
        """Of the store, for another process."""
        return self.store.engine.url.render_as_string(hide_password=False)

    def news(self, *numbers: int) -> None:
        """New entries of the feed, to be read."""
        add_entries(self.store, self.feed, *numbers, now=SEEN)

    def articles(self) -> set[str]:
        """The addresses of all news so far."""
        with self.store.read() as work:
            return set(work.connection.execute(select(entries.c.url)).scalars())

    def recorded(self) -> set[str]:
        """The ids of the messages that the store knows as sent."""
        with self.store.read() as work:
            sent = select(deliveries.c.dedup_key).where(deliveries.c.state == DeliveryState.SENT.value)
            return set(work.connection.execute(sent).scalars())

    def states(self) -> Counter[str]:
        with self.store.read() as work:
            return Counter(work.connection.execute(select(deliveries.c.state)).scalars())

    def unread(self) -> int:
        """Entries that are still to be read."""
        with self.store.read() as work:
            waiting = select(func.count()).select_from(entries).where(entries.c.read_due_at.is_not(None))
            return int(work.connection.execute(waiting).scalar_one())

    def endings(self) -> Counter[tuple[str, str]]:
        """How often the attempts of each id ended so; "" where nobody recorded the end: their process was gone."""
        ended = func.coalesce(delivery_attempts.c.outcome, "")
        wanted = select(deliveries.c.dedup_key, ended).join_from(delivery_attempts, deliveries)
        with self.store.read() as work:
            return Counter((key, outcome) for key, outcome in work.connection.execute(wanted))

    def attempts(self) -> dict[str, int]:
        """How many attempts are on record for each id. Raises AssertionError where their numbers have a gap."""
        counted = func.count(delivery_attempts.c.id)
        wanted = select(deliveries.c.dedup_key, deliveries.c.attempts, counted).outerjoin_from(
            deliveries, delivery_attempts
        )
        with self.store.read() as work:
            rows = work.connection.execute(wanted.group_by(deliveries.c.id)).all()
        assert [key for key, attempts, found in rows if attempts != found] == []
        return {key: attempts for key, attempts, _ in rows}

    def copies(self) -> Counter[str]:
        """How often each id was accepted."""
        return Counter(post.id for post in self.receiver.to(self.name))

    def told(self) -> Counter[tuple[str, str]]:
        """How often each target was told of each article by messages of different ids: once is right."""
        by_id = {(post.path, post.id): post.articles for post in self.receiver.to(self.name)}
        return Counter((path, article) for (path, _), articles in by_id.items() for article in articles)

    def expected(self) -> Counter[tuple[str, str]]:
        """What `told` should be in the end."""
        return Counter((path, article) for path in self.targets for article in self.articles())


def open_desk(store: Store, receiver: Receiver, name: str, *, alone: int, digests: int) -> Desk:
    """A subscription of Kupiansk with `alone` targets, and one with `digests` targets that are told by the hour."""
    paths = []
    with store.write() as work:
        person = subscriptions.put_subscriber(work, name="Desk", zone="UTC", language="en", managed=True, now=NOON)
        for subscription, count, schedule in (("now", alone, Schedule()), ("hourly", digests, HOURLY)):
            labels = [f"{subscription}{number}" for number in range(count)]
            targets = [
                subscriptions.put_target(
                    work,
                    Vault(),
                    subscriber_id=person,
                    label=label,
                    kind=TargetKind.WEBHOOK,
                    secret=Secret(f"http://127.0.0.1:{receiver.port}{name}/{label}"),
                    signing_secret=None,
                    now=NOON,
                )
                for label in labels
            ]
            paths += [f"{name}/{label}" for label in labels]
            subscriptions.put_subscription(
                work,
                subscriber_id=person,
                name=subscription,
                rule=Rule(sectors=("kupiansk",)),
                target_ids=targets,
                group_wait=timedelta(0),
                paused=False,
                managed=True,
                now=NOON,
                schedule=schedule,
            )
        work.commit()
    return Desk(store=store, receiver=receiver, name=name, feed=add_feed(store), targets=tuple(paths))
