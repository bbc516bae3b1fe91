"""Values of the settings that nothing could be done with, though they are of the right kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from alerts.links import LEAST_KEY
from alerts.mail_message import single_address
from alerts.usable import is_web_address, wrong_address, wrong_key
from sectorwatch.domain import Secret, TargetKind
from sectorwatch.errors import ConfigurationError
from sectorwatch.net.resolver import address_of
from sectorwatch.notice import OPERATORS
from sectorwatch.settings import Settings
from sectorwatch.settings.references import resolve_secret
from sectorwatch.settings.roster import TargetSpec
from storage.secrets import Vault


def unusable(settings: Settings) -> Iterator[ConfigurationError]:
    """Each with its place in the file. References that stand for nothing here are left to whoever uses them."""
    if single_address(settings.mail.sender) is None:
        words = "mail.sender is not one e-mail address, such as Sectorwatch <alerts@example.org>"
        yield ConfigurationError(words, ("mail", "sender"))
    for name, where in settings.fetch.hosts.items():
        try:
            address_of(name, where)
        except ConfigurationError as error:
            yield ConfigurationError(str(error), ("fetch", "hosts", name))
    heartbeat = _found(settings.operators.heartbeat_url)
    if heartbeat is not None and not is_web_address(heartbeat):
        words = "operators.heartbeat_url is no web address: one begins with https://"
        yield ConfigurationError(words, ("operators", "heartbeat_url"))
    yield from _keys_of_the_store(settings)
    web = settings.web
    keys: list[tuple[str, str, tuple[int | str, ...]]] = [(web.link_key, "web.link_key", ("web", "link_key"))]
    keys += [(key, "web.old_link_keys", ("web", "old_link_keys", n)) for n, key in enumerate(web.old_link_keys)]
    for reference, name, place in keys:
        key = _found(reference)
        if key is not None and len(key) < LEAST_KEY:
            yield ConfigurationError(f"{name} is too short: it needs {LEAST_KEY} characters at least", place)


def wrong_addresses(settings: Settings) -> Iterator[ConfigurationError]:
    """Targets that nothing could be sent to, and references of theirs that stand for nothing here."""
    for number, person in enumerate(settings.subscribers):
        for index, target in enumerate(person.targets):
            yield from _of_target(person.name, target, ("subscribers", number, "targets", index))
    for index, target in enumerate(settings.operators.targets):
        yield from _of_target(OPERATORS, target, ("operators", "targets", index))


def _of_target(owner: str, target: TargetSpec, place: tuple[int | str, ...]) -> Iterator[ConfigurationError]:
    kind, whose = TargetKind(target.kind), f"target {owner}/{target.label}"
    looked_at: list[tuple[str, str, str, Callable[[Secret], str]]] = [
        ("to", f"the address of {whose}", target.to, lambda address: wrong_address(kind, address))
    ]
    if target.signing_secret:
        looked_at.append(("signing_secret", f"the signing_secret of {whose}", target.signing_secret, wrong_key))
    for key, called, reference, judge in looked_at:
        try:
            wrong = judge(resolve_secret(reference, called))
        except ConfigurationError as error:
            yield ConfigurationError(str(error), (*place, key))
        else:
            if wrong:
                yield ConfigurationError(f"{called} {wrong}", (*place, key))


def _keys_of_the_store(settings: Settings) -> Iterator[ConfigurationError]:
    for number, reference in enumerate(settings.store.keys):
        key = _found(reference)
        try:
            Vault([] if key is None else [Secret(key)])
        except ConfigurationError as error:
            yield ConfigurationError(str(error), ("store", "keys", number))


def _found(reference: str) -> str | None:
    try:
        return resolve_secret(reference).reveal() if reference else None
    except ConfigurationError:
        return None
