"""Names that there are not, and the near ones that may be meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from sectorwatch.cli.output import safe
from sectorwatch.errors import ConfigurationError
from sectorwatch.nearest import meant

if TYPE_CHECKING:
    from storage.alerting.delivery_filter import DeliveryFilter
    from storage.alerting.suppressed import SuppressionFilter
    from storage.unit_of_work import Work


def no_such(what: str, given: str, known: Iterable[str]) -> ConfigurationError:
    """The error for a name that is not known: with the nearest one, or else all of them."""
    return ConfigurationError(f"there is no {what} {safe(given)!r}; {safe(meant(given, known))}")


def check_sector(work: Work, sector: str | None) -> None:
    """That a filter which found nothing names a sector in force. Raises ConfigurationError."""
    from extractors.gazetteer import gazetteer_of
    from sectorwatch.cli.opening import find_sector_files
    from storage import sectors

    if sector is None:
        return
    known = sectors.names(work) or gazetteer_of(find_sector_files()).sectors  # before the first 'apply'
    if sector not in known:
        raise no_such("sector", sector, known)


def check_publisher(publisher: str, known: Collection[str]) -> None:
    """That a filter of feeds which found nothing names one of these publishers. Raises ConfigurationError."""
    if publisher.casefold() not in map(str.casefold, known):
        raise no_such("publisher", publisher, known)


def check_subscription(work: Work, subscription: str | None) -> None:
    """That a filter names a subscription, by itself or behind its subscriber. Raises ConfigurationError."""
    from storage.subscribers import subscriptions

    if subscription is None:
        return
    there = subscriptions.names(work)
    whole = {f"{person}/{name}" for person, name in there}
    names = {name for _, name in there}
    if subscription not in whole | names:
        raise no_such("subscription", subscription, whole if "/" in subscription else names)


def check_suppressions_of(work: Work, chosen: SuppressionFilter) -> None:
    """That a filter of suppressions which found nothing names what there is. Raises ConfigurationError."""
    check_sector(work, chosen.sector)
    check_subscription(work, chosen.subscription)


def no_target(target: int) -> ConfigurationError:
    """The error for a target that there is not."""
    return ConfigurationError(f"there is no target {target}: 'sectorwatch targets list' shows their numbers")


def no_deliveries(numbers: Iterable[int]) -> ConfigurationError:
    """The error for deliveries that there are not."""
    said = ", ".join(str(number) for number in sorted(numbers))
    return ConfigurationError(f"there is no delivery {said}: 'sectorwatch deliveries list' shows their numbers")


def check_deliveries_of(work: Work, chosen: DeliveryFilter) -> None:
    """That a filter of deliveries which found nothing names what there is. Raises ConfigurationError."""
    from storage.subscribers import subscriptions, target_rows

    check_sector(work, chosen.sector)
    if chosen.target is not None and chosen.target not in target_rows.numbers(work):
        raise no_target(chosen.target)
    people = subscriptions.subscriber_names(work)
    if chosen.subscriber is not None and chosen.subscriber not in people:
        raise no_such("subscriber", chosen.subscriber, people)
    check_subscription(work, chosen.subscription)
