"""Makes feeds, sectors, subscribers and subscriptions in the store match the configuration, and says what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from statistics import fmean

from alerts.phrases import LANGUAGES
from extractors.gazetteer import Sector, gazetteer_of
from extractors.urls import feed_key
from flows.steps.alerting.reschedule import reschedule
from flows.steps.roster.check import check_roster
from flows.steps.roster.difference import Difference, compare, same_person
from flows.steps.subscribers.confirming import ask
from flows.steps.tools import Tools
from sectorwatch.domain import Source, Subscription, Target, TargetKind, moment
from sectorwatch.notice import OPERATORS
from sectorwatch.plurals import counted
from sectorwatch.settings import Settings, own_sectors
from sectorwatch.settings.references import resolve_secret
from sectorwatch.settings.roster import FeedSpec, SubscriberSpec
from storage import sectors as sector_store
from storage.intake import feeds as feed_store
from storage.sectors import Called
from storage.subscribers import confirmations, roster
from storage.subscribers import operators as operator_store
from storage.subscribers import subscriptions as subscription_store
from storage.subscribers.people import forget_silences
from storage.unit_of_work import Work


def apply_roster(tools: Tools, *, dry_run: bool = False) -> Difference:
    """Applies the settings' lists to the store, in one transaction; what was added by hand is left alone.

    All of it is looked at first, so that a mistake changes nothing. Raises ConfigurationError.
    """
    settings, now = tools.settings, tools.clock()
    check_roster(settings, addresses=True)
    difference = Difference()
    with tools.store.write() as work:
        _apply_sectors(work, settings, difference, now)
        _apply_feeds(work, settings, difference, now)
        _apply_subscriptions(work, tools, difference, now)
        _apply_operators(work, tools, difference, now)
        if not dry_run:
            work.commit()
    return difference


def _apply_sectors(work: Work, settings: Settings, difference: Difference, now: datetime) -> None:
    definitions = own_sectors(settings)
    gazetteer = gazetteer_of(definitions)
    own = {gazetteer.origins[origin]: toml for origin, toml in definitions}
    names = {sector.id: sector.name for sector in gazetteer.sectors.values()}
    called = {sector.id: _called(sector) for sector in gazetteer.sectors.values()}
    changes = sector_store.put_all(work, names, own, called=called, version=gazetteer.version, now=now)
    difference.added += [f"sector {name}" for name in changes.added]
    difference.changed += [f"sector {name}" for name in changes.changed]
    difference.removed += [f"sector {name}" for name in changes.removed]


def _called(sector: Sector) -> Called:
    """What readers are told in their language."""
    spoken: dict[str, dict[str, str]] = {place.id: {} for place in sector.places}
    for place in sector.places:
        for alias in place.names:
            if alias.language in LANGUAGES:
                spoken[place.id].setdefault(alias.language, alias.text)
    return Called(
        names={language: name for language, name in sector.translations.items() if language in LANGUAGES},
        place_names=spoken,
        lies_at=_lies_at(sector),
    )


def _lies_at(sector: Sector) -> tuple[float, float] | None:
    """Where the place lies that the sector is named after; else the middle of its places, as far as that is known."""
    known = [(place.lat, place.lon, place.anchor) for place in sector.places]
    points = [(lat, lon, anchor) for lat, lon, anchor in known if lat is not None and lon is not None]
    chosen = [point for point in points if point[2]][:1] or points
    if not chosen:
        return None
    return fmean(lat for lat, _, _ in chosen), fmean(lon for _, lon, _ in chosen)


def _correct_addresses(work: Work, settings: Settings, difference: Difference) -> None:
    """A feed whose address the file corrects stays the feed that it was: by another scheme, or to where it is sent."""
    managed, every = feed_store.managed_urls(work), {feed.url: feed for feed in feed_store.every(work)}
    aliases = {feed_key(was): url for was, url in feed_store.moved(work).items()}
    listed = {url for spec in settings.feeds for url in (spec.url, aliases.get(feed_key(spec.url)))}
    leaving = [feed for url, feed in every.items() if url in managed and url not in listed]
    keys = {feed_key(url) for url in every}
    sent = {feed_key(feed.move.to): feed for feed in leaving if feed.move and feed_key(feed.move.to) not in keys}
    known = sent | {feed_key(feed.url): feed for feed in leaving}
    corrected: set[int] = set()
    for spec in settings.feeds:
        feed = known.get(feed_key(spec.url))
        if spec.url not in every and feed is not None and feed.id not in corrected:
            feed_store.correct(work, feed.id, url=spec.url)
            corrected.add(feed.id)
            difference.changed.append(f"feed {feed.url} is at {spec.url} now, and keeps its entries")


def _apply_feeds(work: Work, settings: Settings, difference: Difference, now: datetime) -> None:
    _correct_addresses(work, settings, difference)
    moved = {feed_key(was): url for was, url in feed_store.moved(work).items()}
    stored = feed_store.by_url(work, [*(feed.url for feed in settings.feeds), *moved.values()])
    managed = feed_store.managed_urls(work)
    interval = timedelta(seconds=settings.poll.interval_s)
    known = {feed_key(feed.url): feed.url for feed in feed_store.every(work)}
    listed: set[str] = set()
    for spec in settings.feeds:
        url = spec.url if spec.url in stored else moved.get(feed_key(spec.url), spec.url)
        twin = known.setdefault(feed_key(url), url)
        if url in listed or (url not in stored and twin != url):
            difference.repeated.append(f"feed {spec.url} is {twin}")
            continue
        listed.add(url)
        if url != spec.url:
            difference.kept.append(f"feed {spec.url} has moved to {url}: write that address into the file")
        source = Source(publisher=spec.publisher, country=spec.country, side=spec.side)
        title, old = _title(spec), stored.get(url)
        if old is None:
            feed_store.add(
                work,
                url=url,
                title=title,
                language=spec.language,
                source=source,
                interval=interval,
                managed=True,
                now=now,
            )
            difference.added.append(f"feed {spec.url}")
        elif (title or old.title, spec.language, source) != (old.title, old.language, old.source) or (
            url not in managed
        ):
            title = title or old.title
            feed_store.describe(work, old.id, title=title, language=spec.language, source=source, managed=True)
            difference.changed.append(f"feed {spec.url}")
    for url, feed in feed_store.by_url(work, sorted(managed - listed)).items():
        feed_store.remove(work, feed.id)
        difference.removed.append(f"feed {url}")


def _title(spec: FeedSpec) -> str:
    return spec.title or spec.publisher


def _apply_subscriptions(work: Work, tools: Tools, difference: Difference, now: datetime) -> None:
    settings = tools.settings
    _rename_people(work, settings, difference)
    stored = {(s.subscriber.name, s.name): s for s in subscription_store.every(work, tools.vault, ended=True)}
    managed = subscription_store.names(work, only_managed=True)
    before = roster.snapshot(work)
    people = {person.name: _put_subscriber(work, tools, person, now) for person in settings.subscribers}
    _rename(work, settings, stored, managed, people, difference)
    difference.added += [words for person in settings.subscribers for words in _ask(work, tools, person, people)]
    zones = subscription_store.zones(work)
    for spec in settings.subscriptions:
        subscriber_id, targets = people[spec.subscriber]
        wanted = spec.targets or list(targets)
        wait = settings.group_wait if spec.group_wait_s is None else timedelta(seconds=spec.group_wait_s)
        rule, old = spec.rule, stored.get((spec.subscriber, spec.name))
        ids = [targets[label] for label in wanted]
        name = f"subscription {spec.subscriber}/{spec.name}"
        schedule = spec.schedule
        if old is not None:
            difference.kept += _kept(name, old, now)
            if old.reader.changed_at is not None:
                rule, schedule = old.rule, old.schedule
        if old is None:
            difference.added.append(name)
        elif (old.rule, old.group_wait, old.paused, old.schedule, {target.id for target in old.targets}) != (
            rule,
            wait,
            spec.paused,
            schedule,
            set(ids) - old.reader.left,
        ):
            difference.changed.append(name)
        found = subscription_store.put_subscription(
            work,
            subscriber_id=subscriber_id,
            name=spec.name,
            rule=rule,
            target_ids=ids,
            group_wait=wait,
            paused=spec.paused,
            managed=True,
            now=now,
            schedule=schedule,
        )
        if old is not None and (old.schedule, old.subscriber.zone) != (schedule, zones[spec.subscriber]):
            reschedule(work, found, schedule, zones[spec.subscriber], now=now)
    for key, found in managed.items():
        if key not in {(spec.subscriber, spec.name) for spec in settings.subscriptions}:
            forget_silences(work, found)
            waited = subscription_store.remove_subscription(work, found)
            lost = f", with {counted(waited, 'message')} that waited" if waited else ""
            difference.removed.append(f"subscription {key[0]}/{key[1]}{lost}")
    listed = {person.name: {target.label for target in person.targets} for person in settings.subscribers}
    after = roster.snapshot(work)
    for name in sorted(before.managed - listed.keys() - {OPERATORS}):
        roster.release(work, name)
        words = "with what the file gave them; 'subscribers erase' forgets them"
        if (new := same_person(name, listed.keys() - before.people.keys(), after)) is not None:
            words += f"; with was = {name!r} in the file, {new} would keep all of it"
        difference.removed.append(f"subscriber {name}, {words}")
    for name, label in sorted(before.used):
        if name in listed and label not in listed[name]:
            difference.removed.append(f"target {name}/{label}: nothing is sent there any more")
    compare(before, after, listed, difference)


def _rename_people(work: Work, settings: Settings, difference: Difference) -> None:
    """Who is listed with the name that they had keeps all that they have. Once: then nobody has that name."""
    for person in settings.subscribers:
        if not person.was:
            continue
        people = subscription_store.subscriber_names(work)
        if person.was in people and person.name in people:
            difference.kept.append(f"subscriber {person.name} is there, and so is {person.was}: neither is renamed")
        elif roster.rename(work, person.was, person.name):
            difference.changed.append(f"subscriber {person.was} is called {person.name} now, and keeps what is queued")


def _rename(
    work: Work,
    settings: Settings,
    stored: dict[tuple[str, str], Subscription],
    managed: dict[tuple[str, str], int],
    people: Mapping[str, tuple[int, dict[str, int]]],
    difference: Difference,
) -> None:
    """A subscription that goes while the same one comes under another name is renamed: what it has queued stays."""
    listed = {(spec.subscriber, spec.name) for spec in settings.subscriptions}
    for spec in settings.subscriptions:
        key, labels = (spec.subscriber, spec.name), people[spec.subscriber][1]
        if key in stored:
            continue
        ids = {labels[label] for label in spec.targets or labels}
        same = [
            old
            for old in managed.keys() - listed
            if old[0] == spec.subscriber and stored[old].rule == spec.rule and _targets(stored[old]) == ids
        ]
        if len(same) == 1:
            (old,) = same
            subscription_store.rename(work, managed[old], spec.name)
            managed[key], stored[key] = managed.pop(old), stored.pop(old)
            difference.changed.append(f"subscription {old[0]}/{old[1]} is called {spec.name} now, and keeps its queue")


def _ask(
    work: Work, tools: Tools, person: SubscriberSpec, people: Mapping[str, tuple[int, dict[str, int]]]
) -> Iterator[str]:
    """Asks the owners of addresses that are new and to be confirmed; once, further questions are for a command."""
    for spec in person.targets:
        target_id = people[person.name][1][spec.label]
        if spec.confirm and not confirmations.ever_asked(work, target_id):
            found = confirmations.target_to_ask(work, target_id)
            if found is not None and found.confirmed_at is None:
                ask(work, tools, target_id)
                yield f"question to the owner of {person.name}/{spec.label}"


def _targets(subscription: Subscription) -> set[int]:
    """All that it was meant for, those that its readers left among them."""
    return {target.id for target in subscription.targets} | subscription.reader.left


def _kept(name: str, old: Subscription, now: datetime) -> list[str]:
    """What the readers of a subscription have done to it, which the file does not undo."""
    reader, words = old.reader, list[str]()
    if reader.ended_at is not None:
        words.append(f"ended by the reader on {moment(reader.ended_at)}")
    elif reader.left:
        words.append(f"{len(reader.left)} of its targets left by their readers")
    if reader.pause is not None and reader.pause.holds(now):
        words.append(f"paused by the reader {reader.pause.words}")
    if reader.changed_at is not None:
        words.append(f"changed by the reader on {moment(reader.changed_at)}: what the file says of it is not used")
    again = f"'sectorwatch subscriptions restart {old.id}' takes it back"
    return [f"{name}: {'; '.join(words)} ({again})"] if words else []


def _put_subscriber(work: Work, tools: Tools, person: SubscriberSpec, now: datetime) -> tuple[int, dict[str, int]]:
    found = subscription_store.put_subscriber(
        work, name=person.name, zone=person.zone, language=person.language, managed=True, now=now
    )
    targets: dict[str, int] = {}
    for spec in person.targets:
        targets[spec.label] = subscription_store.put_target(
            work,
            tools.vault,
            subscriber_id=found,
            label=spec.label,
            kind=TargetKind(spec.kind),
            secret=resolve_secret(spec.to),
            signing_secret=resolve_secret(spec.signing_secret) if spec.signing_secret else None,
            now=now,
            links=spec.private,
            confirmed=not spec.confirm,
            on_unknown=spec.on_ambiguous,
        )
    return found, targets


def _apply_operators(work: Work, tools: Tools, difference: Difference, now: datetime) -> None:
    """Those who are told what is wrong: a subscriber of their own that no subscription can use."""
    spec = tools.settings.operators
    before = {target.label: target for target in operator_store.secrets_of(work, tools.vault).values()}
    if not spec.targets and not before:
        return
    person = SubscriberSpec(name=OPERATORS, zone=spec.zone, targets=spec.targets)
    found, targets = _put_subscriber(work, tools, person, now)
    for label in targets.keys() - before.keys():
        difference.added.append(f"operators' target {label}")
    after = operator_store.secrets_of(work, tools.vault)
    for label, number in targets.items():
        old = before.get(label)
        if old is not None and _address(old) != _address(after[number]):
            difference.changed.append(f"operators' target {label}")
    gone = operator_store.set_order(work, found, list(targets.values()))
    difference.removed += [f"operators' target {label}" for label in gone]


def _address(target: Target) -> tuple[str, str, str]:
    signing = "" if target.signing_secret is None else target.signing_secret.reveal()
    return target.kind.value, target.secret.reveal(), signing
