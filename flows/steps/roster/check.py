"""Refuses a configuration whose lists cannot be put in force."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from extractors.gazetteer import Gazetteer, gazetteer_of
from extractors.language_names import meant_language
from extractors.languages import LANGUAGES
from flows.steps.roster.unusable import unusable, wrong_addresses
from sectorwatch.domain import primary_language
from sectorwatch.errors import ConfigurationError, ConfigurationErrors
from sectorwatch.nearest import meant, nearest
from sectorwatch.notice import OPERATORS
from sectorwatch.settings import Settings, own_sectors
from sectorwatch.settings.passwords import CURE, can_be_guessed
from sectorwatch.settings.references import resolve_secret
from sectorwatch.settings.roster import SubscriptionSpec


def check_roster(settings: Settings, *, addresses: bool = False) -> None:
    """Raises ConfigurationError for lists that contradict themselves, or name what there is not, and for values that
    nothing could be done with: for all of them together. With `addresses` for those of targets, too."""
    found = [*unusable(settings), *_contradictions(settings), *_unknown(settings)]
    found += wrong_addresses(settings) if addresses else []
    if found:
        raise found[0] if len(found) == 1 else ConfigurationErrors(found)


def _contradictions(settings: Settings) -> Iterator[ConfigurationError]:
    for what, listed in _listed(settings):
        seen: set[str] = set()
        for place, name in listed:
            if name in seen:
                yield ConfigurationError(f"{what} {name!r} is listed twice: keep one", place)
            seen.add(name)
    for number, person in enumerate(settings.subscribers):
        if person.name == OPERATORS:
            yield ConfigurationError(
                f"no subscriber can be called {OPERATORS!r}: whom to tell what is wrong is set in [operators]",
                ("subscribers", number, "name"),
            )
        if person.was == OPERATORS or person.was in {one.name for one in settings.subscribers}:
            yield ConfigurationError(
                f"subscriber {person.name!r} cannot be who {person.was!r} was, who is there still: take out was",
                ("subscribers", number, "was"),
            )
        for index, target in enumerate(person.targets):
            if target.confirm and not settings.public_url:
                yield ConfigurationError(
                    f"target {person.name}/{target.label} is to be confirmed, and there is no page to do it on:"
                    " set public_url, or take out confirm",
                    ("subscribers", number, "targets", index, "confirm"),
                )


def _unknown(settings: Settings) -> Iterator[ConfigurationError]:
    try:
        gazetteer = gazetteer_of(own_sectors(settings))
    except ConfigurationError as error:  # then it is not known which sectors and places there are
        yield error
        return
    labels = {person.name: {target.label for target in person.targets} for person in settings.subscribers}
    for number, wanted in enumerate(settings.subscriptions):
        if wanted.subscriber not in labels:
            yield ConfigurationError(
                f"subscription {wanted.subscriber}/{wanted.name}: {wanted.subscriber!r} is not among the subscribers;"
                f" {meant(wanted.subscriber, labels)} (or add [[subscribers]] with that name)",
                ("subscriptions", number, "subscriber"),
            )
            continue
        yield from _of_subscription(wanted, gazetteer, labels[wanted.subscriber], at=("subscriptions", number))


def doubts(settings: Settings) -> Iterator[ConfigurationError]:
    """What can be applied, and is hardly meant so: each with its place in the file."""
    if reference := settings.web.admin_password:
        place = ("web", "admin_password")
        try:
            password = resolve_secret(reference, "web.admin_password").reveal()
        except ConfigurationError as error:
            yield ConfigurationError(f"{error}: the web pages do not start without it", place)
        else:
            if can_be_guessed(password):
                yield ConfigurationError(f"the operators' password can be guessed: {CURE}", place)


_Named = Iterator[tuple[tuple[int | str, ...], str]]


def _listed(settings: Settings) -> Iterator[tuple[str, _Named]]:
    """What must not be listed twice: each with its place in the file."""
    people, feeds, wishes = settings.subscribers, settings.feeds, settings.subscriptions
    yield "subscriber", ((("subscribers", number, "name"), one.name) for number, one in enumerate(people))
    yield "former name", ((("subscribers", i, "was"), one.was) for i, one in enumerate(people) if one.was)
    yield "feed", ((("feeds", number, "url"), one.url) for number, one in enumerate(feeds))
    yield "subscription", ((("subscriptions", i), f"{one.subscriber}/{one.name}") for i, one in enumerate(wishes))
    yield (
        "target",
        (
            (("subscribers", number, "targets", index, "label"), f"{person.name}/{target.label}")
            for number, person in enumerate(people)
            for index, target in enumerate(person.targets)
        ),
    )


def check_subscription(
    wanted: SubscriptionSpec,
    gazetteer: Gazetteer,
    labels: Collection[str],
    *,
    called: str = "",
    at: tuple[int | str, ...] = (),
) -> None:
    """Raises ConfigurationError for a subscription to what there is not, or to targets that its subscriber has not.

    It stands at that place of the file.
    """
    for error in _of_subscription(wanted, gazetteer, labels, called=called, at=at):
        raise error


def _of_subscription(
    wanted: SubscriptionSpec,
    gazetteer: Gazetteer,
    labels: Collection[str],
    *,
    called: str = "",
    at: tuple[int | str, ...] = (),
) -> Iterator[ConfigurationError]:
    called = called or f"subscription {wanted.subscriber}/{wanted.name}"
    for sectors, key in ((wanted.sectors, ("sectors",)), (wanted.critical.sectors, ("critical", "sectors"))):
        for number, sector in enumerate(sectors):
            if sector not in gazetteer.sectors:
                yield ConfigurationError(
                    f"{called} names the unknown sector {sector!r}: {meant(sector, gazetteer.sectors)}",
                    (*at, *key, number),
                )
    for number, place in enumerate(wanted.places):
        if place not in gazetteer.places:
            yield ConfigurationError(
                f"{called} names the unknown place {place!r}{_nearest(place, gazetteer)}"
                " ('sectorwatch sectors show SECTOR' lists those of a sector)",
                (*at, "places", number),
            )
    for number, language in enumerate(wanted.languages):
        if primary_language(language) not in LANGUAGES:
            yield ConfigurationError(
                f"{called} names the unknown language {language!r}: {meant_language(language)}",
                (*at, "languages", number),
            )
    for number, label in enumerate(wanted.targets):
        if label not in labels:
            yield ConfigurationError(
                f"{called}: {wanted.subscriber!r} has no target {label!r}: {meant(label, labels)}",
                (*at, "targets", number),
            )


def _nearest(word: str, gazetteer: Gazetteer) -> str:
    """The place that was probably meant, by its id or its English name."""
    by_name = {members[0].place.name.casefold(): place for place, members in gazetteer.places.items()}
    known = {place: place for place in gazetteer.places} | by_name
    near = nearest(word, known)
    return "" if near is None else f": did you mean {known[near]!r}?"
