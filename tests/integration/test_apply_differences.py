"""What `apply` says it changes, on both databases: all of it, once, and no address."""

from __future__ import annotations

from random import Random
from typing import Any

from flows.steps.roster.apply import apply_roster
from flows.steps.roster.difference import Difference
from flows.steps.tools import Tools
from sectorwatch.settings import Settings
from sectorwatch.settings.roster import SubscriberSpec, SubscriptionSpec, TargetSpec
from storage.secrets import Vault
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON
from tests.conftest import FakeClock
from tests.desk import Desk
from tests.integration.test_store_outbox import LATER

MAIL = {"label": "mail", "kind": "email", "to": "desk@example.org"}
HOOK = {"label": "hook", "kind": "webhook", "to": "https://secret.example.org"}


def apply(
    store: Store, clock: FakeClock, *targets: dict[str, str], wishes: tuple[dict[str, Any], ...] = ({},), **person: str
) -> Difference:
    """One subscriber with these targets and subscriptions; applied twice, as the second time changes nothing."""
    who = [SubscriberSpec(name="Desk", targets=[TargetSpec(**one) for one in targets], **person)] if targets else []
    wanted = [SubscriptionSpec(subscriber="Desk", **one) for one in wishes] if targets else []
    settings = Settings(subscribers=who, subscriptions=wanted)
    tools = Tools(settings=settings, store=store, vault=Vault(), clock=clock, random=Random(1))
    looked = apply_roster(tools, dry_run=True)
    found = apply_roster(tools)
    assert found == looked
    assert not apply_roster(tools)
    return found


def test_every_change_is_said_once_and_without_the_address(store: Store, clock: FakeClock) -> None:
    """Subscribers, their zones, addresses and targets that come, change and go."""
    added = apply(store, clock, MAIL).added
    assert [one for one in added if not one.startswith("sector ")] == [
        "subscription Desk/default",
        "subscriber Desk",
        "target Desk/mail",
    ]
    assert apply(store, clock, MAIL, zone="Europe/Kyiv").changed == ["subscriber Desk: UTC is now Europe/Kyiv"]
    more = apply(store, clock, MAIL, HOOK, zone="Europe/Kyiv")
    assert (more.added, more.changed) == (["target Desk/hook"], ["subscription Desk/default"])
    other = apply(store, clock, MAIL, HOOK | {"to": "https://hidden.example.org"}, zone="Europe/Kyiv")
    assert (other.added, other.changed, other.removed) == ([], ["target Desk/hook: another address or secret"], [])
    signed = apply(
        store,
        clock,
        MAIL,
        HOOK | {"to": "https://hidden.example.org", "signing_secret": "whsec_c2VjcmV0"},
        zone="Europe/Kyiv",
    )
    assert signed.changed == ["target Desk/hook: another address or secret"]
    less = apply(store, clock, MAIL, zone="Europe/Kyiv")
    assert less.removed == ["target Desk/hook: nothing is sent there any more"]
    gone = apply(store, clock)
    assert [one.partition(",")[0] for one in gone.removed] == ["subscription Desk/default", "subscriber Desk"]
    assert not [
        words for one in (more, other, signed, less, gone) for words in vars(one).values() if "example" in str(words)
    ]


def test_a_renamed_subscription_keeps_its_queue(store: Store, clock: FakeClock) -> None:
    """The same rule and targets under another name are the same subscription: what waits is told, and nothing twice."""
    desk = Desk(store, clock)
    desk.apply(quiet="12:00-15:00")
    clock.now = LATER
    desk.news(1, "kupiansk")
    assert desk.apply(name="night", quiet="12:00-15:00").changed == [
        "subscription Desk/default is called night now, and keeps its queue"
    ]
    clock.now = NOON.replace(hour=15)
    assert len(desk.deliver()) == 1
    with store.read() as work:
        (row,) = (row for row in queries.delivery_rows(work, limit=9) if row.state == "sent")
    assert row.subscription == "night"


def test_a_renamed_subscriber_keeps_everything(store: Store, clock: FakeClock) -> None:
    """Who says what they were called: what waits is told, nothing is told twice, and the key may stay in the file."""
    desk = Desk(store, clock)
    desk.apply(quiet="12:00-15:00")
    clock.now = LATER
    desk.news(1, "kupiansk")
    renamed = {"subscriber": "Night desk", "was": "Desk", "quiet": "12:00-15:00"}
    looked = apply_roster(desk.tools(dict(renamed)), dry_run=True)
    found = desk.apply(**renamed)
    assert found == looked
    assert (found.added, found.removed) == ([], [])
    assert found.changed == ["subscriber Desk is called Night desk now, and keeps what is queued"]
    assert not desk.apply(**renamed)
    clock.now = NOON.replace(hour=15)
    assert len(desk.deliver()) == 1
    with store.read() as work:
        assert {row.subscriber for row in queries.delivery_rows(work, limit=9)} == {"Night desk"}


def test_a_subscriber_of_another_name_is_told_how_to_be_renamed(store: Store, clock: FakeClock) -> None:
    """`--dry-run` says what goes, and what to write instead; once it went, both are there and none is renamed."""
    desk = Desk(store, clock)
    desk.apply(quiet="12:00-15:00")
    clock.now = LATER
    desk.news(1, "kupiansk")
    found = desk.apply(subscriber="Night desk", quiet="12:00-15:00")
    assert found.removed == [
        "subscription Desk/default, with 1 message that waited",
        "subscriber Desk, with what the file gave them; 'subscribers erase' forgets them;"
        " with was = 'Desk' in the file, Night desk would keep all of it",
    ]
    late = desk.apply(subscriber="Night desk", was="Desk", quiet="12:00-15:00")
    assert (late.changed, late.kept) == ([], ["subscriber Night desk is there, and so is Desk: neither is renamed"])


def test_another_rule_is_another_subscription(store: Store, clock: FakeClock) -> None:
    """What is not the same in rule and targets, or could be two of them, comes and goes."""
    apply(store, clock, MAIL, wishes=({"name": "a", "sectors": ["lyman"]}, {"name": "b", "sectors": ["lyman"]}))
    found = apply(store, clock, MAIL, wishes=({"name": "c", "sectors": ["kupiansk"]},))
    assert (found.added, found.removed) == (["subscription Desk/c"], ["subscription Desk/a", "subscription Desk/b"])
    apply(store, clock, MAIL, wishes=({"name": "a", "sectors": ["lyman"]}, {"name": "b", "sectors": ["lyman"]}))
    found = apply(store, clock, MAIL, wishes=({"name": "d", "sectors": ["lyman"]},))
    assert found.added == ["subscription Desk/d"]


def test_what_waited_goes_with_its_subscription_and_is_counted(store: Store, clock: FakeClock) -> None:
    """Another name and another rule at once are another subscription; `--dry-run` says what that costs."""
    desk = Desk(store, clock)
    desk.apply(digest="hour")
    desk.clock.now = LATER
    desk.news(1, "kupiansk")
    assert desk.apply(name="other", sectors=["lyman"]).removed == [
        "subscription Desk/default, with 1 message that waited"
    ]
    with desk.store.read() as work:
        assert queries.delivery_rows(work, limit=9) == []
    assert desk.apply(name="third", sectors=["kupiansk"]).removed == ["subscription Desk/other"]
