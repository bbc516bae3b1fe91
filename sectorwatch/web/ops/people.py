"""Who is told of what: subscriptions, subscribers, and the targets where they are told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import Response

from flows.steps.roster.subscription_list import SubscriptionRow, subscription_rows, when
from flows.steps.tools import Tools
from sectorwatch.domain import Outcome, OutcomeKind
from sectorwatch.web.body import BadRequest
from sectorwatch.web.ops.listing import Slice, cut
from sectorwatch.web.ops.rooms import ROOT, Asking, Rooms
from sectorwatch.web.public_views import NoSuchPage
from storage import sectors as sector_store
from storage.subscribers import readers, target_rows
from storage.subscribers.people import PersonRow, person_rows
from storage.subscribers.target_rows import TargetRow
from storage.unit_of_work import Work

SendTest = Callable[[int], Outcome | None]
SUBSCRIPTIONS, SUBSCRIBERS, TARGETS = f"{ROOT}/subscriptions", f"{ROOT}/subscribers", f"{ROOT}/targets"

_log = logging.getLogger(__name__)


def register(rooms: Rooms, tools: Tools, send_test: SendTest | None) -> None:
    """Adds the pages of this file."""

    def every(work: Work, asking: Asking) -> list[SubscriptionRow]:
        return subscription_rows(work, tools.vault, now=asking.now)

    def rows(work: Work, asking: Asking, wanted: Slice) -> Sequence[SubscriptionRow]:
        subscriber = asking.site.query.get("subscriber", "")
        found = [row for row in every(work, asking) if subscriber in ("", row.subscriber)]
        keys = {
            "subscriber": lambda row: (row.subscriber.casefold(), row.name.casefold()),
            "name": lambda row: row.name.casefold(),
            "state": lambda row: (row.state == "active", row.state),
        }
        return cut(found, wanted, keys)

    def one(work: Work, asking: Asking) -> dict[str, Any]:
        number = asking.number()
        row = next((row for row in every(work, asking) if row.id == number), None)
        if row is None:
            raise NoSuchPage
        return {"row": row, **_words(work, asking)}

    def restart(asking: Asking) -> str:
        number = asking.number()
        with tools.store.write() as work:
            if readers.reading(work, number) is None:
                raise NoSuchPage
            readers.restart(work, number, now=asking.now)
            work.commit()
        return asking.site.link(f"{SUBSCRIPTIONS}/{number}", done="restarted")

    def act_on_target(asking: Asking) -> str | Response:
        number, act = asking.number(), asking.form.one("act")
        if act == "test" and send_test is not None:
            outcome = send_test(number)
            if outcome is None:
                raise NoSuchPage
            if outcome.kind is not OutcomeKind.SENT:
                return not_accepted(asking, number, outcome)
            done = "test_sent"
        elif act in ("enable", "disable"):
            with tools.store.write() as work:
                if not target_rows.switch(work, number, enabled=act == "enable", reason=f"by {asking.who}"):
                    raise NoSuchPage
                work.commit()
            done = f"{act}d"
        else:
            raise BadRequest(400)
        return asking.site.link(f"{TARGETS}/{number}", done=done)

    def not_accepted(asking: Asking, number: int, outcome: Outcome) -> Response:
        """The target's page with the answer, which stands in no address: nobody can make it up."""
        _log.warning("the test message to target %s was not accepted: %s", number, outcome.words)
        with tools.store.read() as work:
            row = _target(work, number)
        return rooms.shown(asking, "target", row=row, can_test=True, outcome=outcome)

    def target(work: Work, asking: Asking) -> dict[str, Any]:
        return {"row": _target(work, asking.number()), "can_test": send_test is not None, "outcome": None}

    rooms.list(SUBSCRIPTIONS, "subscriptions", ("subscriber", "name", "state"), rows, _words)
    rooms.page(f"{SUBSCRIPTIONS}/{{id}}", "subscription", one)
    rooms.act(f"{SUBSCRIPTIONS}/{{id}}", restart)
    rooms.list(SUBSCRIBERS, "subscribers", ("name", "added", "targets", "subscriptions"), _people)
    rooms.list(TARGETS, "targets", ("sending", "subscriber", "target", "kind"), _targets)
    rooms.page(f"{TARGETS}/{{id}}", "target", target)
    rooms.act(f"{TARGETS}/{{id}}", act_on_target)


def _words(work: Work, asking: Asking) -> dict[str, Any]:
    return {"names": sector_store.names(work, asking.say.language), "times": when}


def _people(work: Work, _asking: Asking, wanted: Slice) -> Sequence[PersonRow]:
    keys = {
        "name": lambda row: row.name.casefold(),
        "added": lambda row: row.added_at,
        "targets": lambda row: row.targets,
        "subscriptions": lambda row: row.subscriptions,
    }
    return cut(person_rows(work), wanted, keys)


def _targets(work: Work, asking: Asking, wanted: Slice) -> Sequence[TargetRow]:
    subscriber = asking.site.query.get("subscriber", "")
    found = [row for row in target_rows.target_rows(work) if subscriber in ("", row.subscriber)]
    keys = {
        "sending": lambda row: (row.enabled and row.health.words(asking.now) == "ok", row.id),
        "subscriber": lambda row: (row.subscriber.casefold(), row.id),
        "target": lambda row: row.label.casefold(),
        "kind": lambda row: row.kind,
    }
    return cut(found, wanted, keys)


def _target(work: Work, number: int) -> TargetRow:
    found = next((row for row in target_rows.target_rows(work) if row.id == number), None)
    if found is None:
        raise NoSuchPage
    return found
