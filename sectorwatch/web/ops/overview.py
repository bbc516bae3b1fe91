"""The first page of operators: what is wrong, what waits, and whether it runs."""

from __future__ import annotations

from typing import Any

from flows.steps.alerting import resume
from flows.steps.running.overview import overview
from flows.steps.tools import Tools
from sectorwatch.web.body import BadRequest
from sectorwatch.web.ops.rooms import ROOT, Asking, Rooms
from storage.alerting import outbox
from storage.running import cycles, watching
from storage.running.levels import levels
from storage.unit_of_work import Work

CYCLES = 8
LONGEST_REASON = 200


def register(rooms: Rooms, tools: Tools) -> None:
    """Adds the page of this file."""
    limits = tools.settings.operators.limits

    def values(work: Work, asking: Asking) -> dict[str, Any]:
        found, now = overview(work, limits, now=asking.now), levels(work, now=asking.now)
        return {
            "found": found,
            "backlogs": {"feeds": now.feeds_due, "pages": now.entries_due, "deliveries": now.deliveries_due},
            "cycles": cycles.latest(work, limit=CYCLES),
            "leads_to": leads_to,
            "longest": LONGEST_REASON,
        }

    def switch(asking: Asking) -> str:
        act, reason = asking.form.one("act"), asking.form.one("reason").strip()[:LONGEST_REASON]
        if act not in ("pause", "resume"):
            raise BadRequest(400)
        with tools.store.write() as work:
            if act == "resume":
                resume.resume(work, author=asking.who, now=asking.now)
            elif watching.paused(work) is None:
                outbox.pause_alerts(work, paused=True, author=asking.who, reason=reason, now=asking.now)
            work.commit()
        return asking.site.link(ROOT, done=f"{act}d")

    rooms.page(ROOT, "overview", values)
    rooms.act(ROOT, switch)


def leads_to(key: str) -> tuple[str, dict[str, str]]:
    """The page on what a condition is about: its path and its query."""
    kind, _, rest = key.partition(":")
    number, _, what = rest.partition(":")
    if kind in ("feed", "moved", "missed") and number.isdecimal():
        return f"{ROOT}/feeds/{number}", {}
    if kind == "target" and what == "dead":
        return f"{ROOT}/deliveries", {"state": "dead", "target": number}
    return (f"{ROOT}/targets/{number}", {}) if kind == "target" and number.isdecimal() else ("", {})
