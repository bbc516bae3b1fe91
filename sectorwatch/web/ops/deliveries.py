"""Deliveries: every message sent or to be sent; what was given up on can be sent again, counted first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from flows.steps.alerting.shown_message import without_links
from flows.steps.tools import Tools
from sectorwatch.domain import DeliveryKind, DeliveryState
from sectorwatch.web.ops.listing import Slice
from sectorwatch.web.ops.rooms import ROOT, Asking, Rooms
from sectorwatch.web.public_views import MAX_ID, NoSuchPage, WrongFilter, check
from storage import sectors as sector_store
from storage.alerting import replay
from storage.alerting.delivery_filter import DeliveryFilter
from storage.alerting.replay import Replay
from storage.unit_of_work import Work
from storage.views import queries
from storage.views.queries import DeliveryRow

PATH = f"{ROOT}/deliveries"
PER_MINUTE = 30  # messages to one target
_DEAD = (DeliveryState.DEAD, DeliveryState.UNKNOWN)


def register(rooms: Rooms, tools: Tools) -> None:
    """Adds the pages of this file."""
    public_url = tools.settings.public_url

    def one(work: Work, asking: Asking) -> dict[str, Any]:
        number = asking.number()
        row = _found(work, number)
        frozen = queries.frozen_message(work, number)
        return {
            "row": row,
            "attempts": queries.attempt_rows(work, number),
            "message": without_links(frozen, public_url) if frozen else None,
            "again": row.state in _DEAD,
        }

    def replay_one(asking: Asking) -> str:
        number = asking.number()
        with tools.store.write() as work:
            _found(work, number)
            chosen = DeliveryFilter(ids=[number])
            found = replay.plan(work, chosen, unknown=True, by_number=True, per_minute=PER_MINUTE, now=asking.now)
            replay.carry_out(work, found)
            work.commit()
        done = {"done": "replayed", "count": "1"} if found.again else {"done": "replay_left"}
        return asking.site.link(f"{PATH}/{number}", **done)

    def counted(work: Work, asking: Asking) -> dict[str, Any]:
        return {"plan": _plan(work, asking), "changed": False}

    def replay_them(asking: Asking) -> str | Response:
        with tools.store.write() as work:
            found = _plan(work, asking)
            if asking.form.one("count") != str(len(found.again)):  # nobody has seen this number
                return rooms.shown(asking, "replay", status=409, plan=found, changed=True)
            replay.carry_out(work, found)
            work.commit()
        return asking.site.link(PATH, done="replayed", count=str(len(found.again)))

    rooms.list(PATH, "deliveries", ("-id", "due_at", "attempts", "state"), _rows, _beside)
    rooms.page(f"{PATH}/replay", "replay", counted)
    rooms.act(f"{PATH}/replay", replay_them)
    rooms.page(f"{PATH}/{{id}}", "delivery", one)
    rooms.act(f"{PATH}/{{id}}", replay_one)


def chosen_by(asking: Asking) -> DeliveryFilter:
    """What the address narrows the list to. Raises WrongFilter."""
    query = asking.site.query
    check(query, "state", *DeliveryState)
    check(query, "kind", *DeliveryKind)
    check(query, "days", "1", "7", "30")
    check(query, "unknown", "1")
    target = query.get("target", "")
    if target and not (target.isascii() and target.isdecimal() and len(target) < len(str(MAX_ID))):
        raise WrongFilter("target", target)
    days = query.get("days", "")
    return DeliveryFilter(
        states=(DeliveryState(query["state"]),) if query.get("state") else (),
        kinds=(DeliveryKind(query["kind"]),) if query.get("kind") else (),
        target=int(target) if target else None,
        subscriber=query.get("subscriber") or None,
        subscription=query.get("subscription") or None,
        sector=query.get("sector") or None,
        since=asking.now - timedelta(days=int(days)) if days else None,
    )


def _rows(work: Work, asking: Asking, wanted: Slice) -> Sequence[DeliveryRow]:
    return queries.delivery_rows(
        work,
        chosen=chosen_by(asking),
        limit=wanted.limit,
        offset=wanted.offset,
        sort=wanted.sort,
        descending=wanted.descending,
    )


def _beside(work: Work, asking: Asking) -> dict[str, Any]:
    return {"names": sector_store.names(work, asking.say.language)}


def _found(work: Work, number: int) -> DeliveryRow:
    rows = queries.delivery_rows(work, chosen=DeliveryFilter(ids=[number]), limit=1)
    if not rows:
        raise NoSuchPage
    return rows[0]


def _plan(work: Work, asking: Asking) -> Replay:
    """What would go back in the queue of what the address narrows to."""
    chosen = chosen_by(asking)
    unknown = asking.site.query.get("unknown") == "1"
    narrowed = DeliveryFilter(**{**vars(chosen), "states": _DEAD if unknown else _DEAD[:1]})
    return replay.plan(work, narrowed, unknown=unknown, by_number=False, per_minute=PER_MINUTE, now=asking.now)
