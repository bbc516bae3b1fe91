"""Refuses a configuration whose lists cannot be put in force."""

from __future__ import annotations

from collections.abc import Collection

from extractors.gazetteer import Gazetteer, gazetteer_of
from sectorwatch.errors import ConfigurationError
from sectorwatch.nearest import meant, nearest
from sectorwatch.notice import OPERATORS
from sectorwatch.settings import Settings, SubscriptionSpec, own_sectors


def check_roster(settings: Settings) -> None:
    """Raises ConfigurationError for lists that contradict themselves, or name what there is not."""
    names = [subscriber.name for subscriber in settings.subscribers]
    if OPERATORS in names:
        raise ConfigurationError(
            f"no subscriber can be called {OPERATORS!r}: whom to tell what is wrong is set in [operators]"
        )
    urls = [feed.url for feed in settings.feeds]
    wishes = [f"{wanted.subscriber}/{wanted.name}" for wanted in settings.subscriptions]
    places = [f"{person.name}/{target.label}" for person in settings.subscribers for target in person.targets]
    listed = (("subscriber", names), ("feed", urls), ("subscription", wishes), ("target", places))
    for what, values in listed:
        for value in {value for value in values if values.count(value) > 1}:
            raise ConfigurationError(f"{what} {value!r} is listed twice: keep one")
    for person in settings.subscribers:
        for target in person.targets:
            if target.confirm and not settings.public_url:
                raise ConfigurationError(
                    f"target {person.name}/{target.label} is to be confirmed, and there is no page to do it on:"
                    " set public_url, or take out confirm"
                )
    gazetteer = gazetteer_of(own_sectors(settings))
    labels = {person.name: {target.label for target in person.targets} for person in settings.subscribers}
    for wanted in settings.subscriptions:
        if wanted.subscriber not in labels:
            raise ConfigurationError(
                f"subscription {wanted.subscriber}/{wanted.name}: {wanted.subscriber!r} is not among the subscribers;"
                f" {meant(wanted.subscriber, labels)} (or add [[subscribers]] with that name)"
            )
        check_subscription(wanted, gazetteer, labels[wanted.subscriber])


def check_subscription(
    wanted: SubscriptionSpec, gazetteer: Gazetteer, labels: Collection[str], *, called: str = ""
) -> None:
    """Raises ConfigurationError for a subscription to what there is not, or to targets that its subscriber has not."""
    called = called or f"subscription {wanted.subscriber}/{wanted.name}"
    for sector in [*wanted.sectors, *wanted.critical.sectors]:
        if sector not in gazetteer.sectors:
            raise ConfigurationError(
                f"{called} names the unknown sector {sector!r}: {meant(sector, gazetteer.sectors)}"
            )
    for place in wanted.places:
        if place not in gazetteer.places:
            raise ConfigurationError(
                f"{called} names the unknown place {place!r}{_nearest(place, gazetteer)};"
                " 'sectorwatch sectors show SECTOR' lists those of a sector"
            )
    for label in wanted.targets:
        if label not in labels:
            raise ConfigurationError(f"{called}: {wanted.subscriber!r} has no target {label!r}: {meant(label, labels)}")


def _nearest(word: str, gazetteer: Gazetteer) -> str:
    """The place that was probably meant, by its id or its English name."""
    by_name = {members[0].place.name.casefold(): place for place, members in gazetteer.places.items()}
    known = {place: place for place in gazetteer.places} | by_name
    near = nearest(word, known)
    return "" if near is None else f": did you mean {known[near]!r}?"
