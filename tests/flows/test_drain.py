"""When the rolling drain ends: the next run is taken ten seconds before it is due, and needs the slot."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from flows.deliver import DRAIN_S, due_at, over_at, planned_after
from flows.deployments import DRAIN_EVERY_S
from tests.builders import NOON

PREFETCH_S = 10  # of Prefect's workers


@pytest.mark.parametrize(
    ("late", "lasts"),
    [
        *((0, DRAIN_S), (7, DRAIN_S - 7), (200, DRAIN_S - 200), (DRAIN_S, DRAIN_S)),
        *((86_400, DRAIN_S), (86_500, DRAIN_S - 100), (DRAIN_EVERY_S + 40, DRAIN_S - 40), (-86_400, DRAIN_S)),
    ],
)
def test_a_drain_that_began_late_ends_in_time_for_the_next(late: float, lasts: float) -> None:
    """Otherwise the next would end as Cancelled, and for five minutes nobody would send. With a clock that is wrong by
    more than a drain it lasts as long as any; after some that nobody took, until the next is due."""
    now = NOON + timedelta(seconds=late)
    assert over_at(NOON, now, seconds=DRAIN_S) - now == timedelta(seconds=lasts)
    assert DRAIN_S < DRAIN_EVERY_S - PREFETCH_S


@pytest.mark.parametrize(("until_next", "lasts"), [(269, 254), (20, 5), (10, DRAIN_S), (300, DRAIN_S)])
def test_a_drain_that_no_schedule_began_ends_in_time_for_the_next(until_next: float, lasts: float) -> None:
    """As the first one of `up`, which is asked for while the machine is busy, or one that follows a dead one; where the
    next is too near to be let in, it goes on in its place."""
    planned = NOON + timedelta(seconds=until_next)
    due = due_at(planned, NOON - timedelta(seconds=1), NOON)
    assert over_at(due, NOON, seconds=DRAIN_S) - NOON == timedelta(seconds=lasts)
    assert due_at(None, NOON, NOON + timedelta(seconds=9)) == NOON
    assert due_at(None, None, NOON) == NOON


@pytest.mark.usefixtures("prefect")
def test_the_server_says_when_the_next_drain_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the runs of this deployment the first that is still to come, and has not ended."""
    from prefect.client.orchestration import get_client
    from prefect.states import Cancelled, Scheduled

    with get_client(sync_client=True) as client:
        flow = client.create_flow_from_name("deliver")
        mine, other = (client.create_deployment(flow_id=flow, name=f"drain-{uuid4()}") for _ in "ab")
        for deployment, minutes in ((mine, 9), (mine, 4), (mine, -1), (other, 2)):
            due = Scheduled(scheduled_time=NOON + timedelta(minutes=minutes))
            client.create_flow_run_from_deployment(deployment, state=due)
        cancelled = client.create_flow_run_from_deployment(
            mine, state=Scheduled(scheduled_time=NOON + timedelta(minutes=3))
        )
        client.set_flow_run_state(cancelled.id, Cancelled(), force=True)
    assert planned_after(NOON) is None  # no deployment began this
    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", str(mine))
    assert planned_after(NOON) == NOON + timedelta(minutes=4)
    assert planned_after(NOON + timedelta(hours=1)) is None
