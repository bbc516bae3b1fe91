"""Subscribers, targets and subscriptions that are added by hand, beside the applied file, which leaves them alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from alerts.allowed import allowed
from alerts.usable import wrong_address, wrong_key
from extractors.gazetteer import gazetteer_of
from flows.steps.alerting.reschedule import reschedule
from flows.steps.roster.check import check_subscription
from flows.steps.subscribers import confirming
from flows.steps.tools import Tools
from sectorwatch.domain import OnUnknown, Secret, Subscription, TargetKind
from sectorwatch.errors import ConfigurationError, InputError
from sectorwatch.nearest import meant
from sectorwatch.notice import OPERATORS
from sectorwatch.settings import own_sectors
from sectorwatch.settings.roster import SubscriberSpec, SubscriptionSpec, a_name
from storage.subscribers import confirmations, people, readers, subscriptions, target_rows
from storage.subscribers.people import PersonRow
from storage.unit_of_work import Work


@dataclass(frozen=True, kw_only=True)
class NewTarget:
    """Where somebody is to be told."""

    subscriber: str
    label: str
    kind: TargetKind
    secret: Secret
    signing_secret: Secret | None = None
    given_by_reader: bool = False  # then it has to be on the allow list, is made anew, and confirmed by its owner
    confirmed: bool = False  # for e-mail: the owner has agreed already
    links: bool | None = None  # None: as the kind has them
    on_unknown: OnUnknown = OnUnknown.RETRY


def put_subscriber(tools: Tools, spec: SubscriberSpec) -> bool:
    """Adds a subscriber, or changes zone and language; False when nothing changed. Raises ConfigurationError."""
    with tools.store.write() as work:
        old = _people(work).get(spec.name)
        if spec.name == OPERATORS:
            raise ConfigurationError(f"{OPERATORS!r} are those who run this: set [operators] in the configuration file")
        if old is not None and old.managed:
            raise ConfigurationError(f"subscriber {spec.name!r} is in the applied file: change it there")
        if old is not None and (old.zone, old.language) == (spec.zone, spec.language):
            return False
        subscriptions.put_subscriber(
            work,
            name=spec.name,
            zone=spec.zone,
            language=spec.language,
            managed=False,
            now=tools.clock(),
            over_choice=True,
        )
        if old is not None and old.zone != spec.zone:
            for number, schedule in readers.schedules(work, old.id).items():
                reschedule(work, number, schedule, spec.zone, now=tools.clock())
        work.commit()
    return True


def put_target(tools: Tools, new: NewTarget) -> tuple[int, bool]:
    """Adds or changes a target; returns its number and whether its owner is asked. Raises ConfigurationError.

    An e-mail address is asked unless it is `confirmed`; so is whatever a reader gave.
    """
    try:
        a_name(new.label)
    except ValueError as error:
        raise ConfigurationError(f"the label of a target: {error}") from error
    kind, secret = _checked_address(tools, new)
    if new.signing_secret is not None and (wrong := wrong_key(new.signing_secret)):
        raise ConfigurationError(f"the signing secret {wrong}")
    now = tools.clock()
    ask = not new.confirmed and (new.given_by_reader or kind is TargetKind.EMAIL)
    if ask and tools.links is None:
        raise ConfigurationError(
            "the owner of the address has to be asked, and there is no page to answer on: set public_url, or say"
            " --confirmed when they have agreed"
        )
    private = kind is not TargetKind.APPRISE or new.given_by_reader
    with tools.store.write() as work:
        person = _person(work, new.subscriber)
        number = subscriptions.put_target(
            work,
            tools.vault,
            subscriber_id=person.id,
            label=new.label,
            kind=kind,
            secret=secret,
            signing_secret=new.signing_secret,
            now=now,
            links=private if new.links is None else new.links,
            confirmed=not ask,
            on_unknown=new.on_unknown,
        )
        asked = ask and _ask_once(work, tools, number)
        work.commit()
    return number, asked


def put_subscription(tools: Tools, spec: SubscriptionSpec) -> tuple[int, str]:
    """Adds or changes a subscription; returns its number and "added", "changed" or "unchanged".

    Raises ConfigurationError: unknown subscriber, sector, place or target, or one that the applied file has.
    """
    now = tools.clock()
    with tools.store.write() as work:
        person = _person(work, spec.subscriber)
        labels = {row.label: row.id for row in target_rows.target_rows(work, subscriber_id=person.id)}
        check_subscription(spec, gazetteer_of(own_sectors(tools.settings)), set(labels))
        if not labels:
            raise ConfigurationError(f"{spec.subscriber!r} has no target yet: 'sectorwatch targets add' adds one")
        stored = {(one.subscriber.name, one.name): one for one in subscriptions.every(work, tools.vault, ended=True)}
        old = stored.get((spec.subscriber, spec.name))
        if (spec.subscriber, spec.name) in subscriptions.names(work, only_managed=True):
            raise ConfigurationError(f"subscription {spec.name!r} is in the applied file: change it there")
        wait = tools.settings.group_wait if spec.group_wait_s is None else timedelta(seconds=spec.group_wait_s)
        ids = [labels[label] for label in spec.targets or labels]
        wanted = (spec.rule, spec.schedule, wait, spec.paused, set(ids))
        if old is not None and wanted == (old.rule, old.schedule, old.group_wait, old.paused, _targets(old)):
            return old.id, "unchanged"
        number = subscriptions.put_subscription(
            work,
            subscriber_id=person.id,
            name=spec.name,
            rule=spec.rule,
            target_ids=ids,
            group_wait=wait,
            paused=spec.paused,
            managed=False,
            now=now,
            schedule=spec.schedule,
        )
        if old is not None and old.schedule != spec.schedule:
            reschedule(work, number, spec.schedule, old.subscriber.zone, now=now)
        work.commit()
    return number, "added" if old is None else "changed"


def remove_subscription(tools: Tools, number: int) -> str:
    """Forgets a subscription with its alerts and what is queued; returns its name. Raises ConfigurationError."""
    with tools.store.write() as work:
        names = {found: name for name, found in subscriptions.names(work).items()}
        if number not in names:
            raise ConfigurationError(
                f"there is no subscription {number}: 'sectorwatch subscriptions list' shows their numbers"
            )
        person, name = names[number]
        if (person, name) in subscriptions.names(work, only_managed=True):
            raise ConfigurationError(
                f"subscription {person}/{name} is in the applied file: take it out there and apply it"
            )
        people.forget_silences(work, number)
        subscriptions.remove_subscription(work, number)
        work.commit()
    return f"{person}/{name}"


def check_there(tools: Tools, name: str) -> None:
    """That there is such a subscriber. Raises ConfigurationError."""
    with tools.store.read() as work:
        _person(work, name)


def erase(tools: Tools, name: str) -> Mapping[str, int]:
    """Forgets a subscriber with all that is kept about them; returns how much that was. Raises ConfigurationError."""
    with tools.store.write() as work:
        gone = people.erase(work, _person(work, name).id)
        work.commit()
    return gone


def _person(work: Work, name: str) -> PersonRow:
    known = _people(work)
    if name not in known:
        raise ConfigurationError(
            f"there is no subscriber {name!r}; {meant(name, known)} ('sectorwatch subscribers add' adds one)"
        )
    return known[name]


def _people(work: Work) -> dict[str, PersonRow]:
    return {row.name: row for row in people.person_rows(work)}


def _targets(subscription: Subscription) -> set[int]:
    return {target.id for target in subscription.targets} | subscription.reader.left


def _checked_address(tools: Tools, new: NewTarget) -> tuple[TargetKind, Secret]:
    """The kind and the address, made anew where a reader gave it. Raises ConfigurationError without repeating it."""
    given = new.secret.reveal()
    if new.given_by_reader:
        try:
            found = allowed(given, ntfy_hosts=tools.settings.alerts.ntfy_hosts)
        except InputError as error:
            raise ConfigurationError(str(error)) from None
        return found.kind, found.secret
    if wrong := wrong_address(new.kind, new.secret):
        raise ConfigurationError(f"what was given {wrong}")
    return new.kind, new.secret


def _ask_once(work: Work, tools: Tools, target_id: int) -> bool:
    """Asks unless the owner has answered, or was asked before: `targets ask` asks again."""
    found = confirmations.target_to_ask(work, target_id)
    if found is None or found.confirmed_at is not None or confirmations.ever_asked(work, target_id):
        return False
    confirming.ask(work, tools, target_id)
    return True
