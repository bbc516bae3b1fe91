"""`sectorwatch deploy` on a real Prefect server: once and again, what is otherwise, and what is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flows.automations import CRASH, FAILED, FORMER, GO_ON, automations
from flows.deployments import wanted

NAMES = ("monitor", "deliver", "maintain", "redetect", "re-extract", "report")
AUTOMATIONS = (CRASH, GO_ON, FAILED)


@pytest.mark.usefixtures("prefect")
def test_deploying_again_changes_nothing_and_what_drifts_is_put_right() -> None:
    """The difference is shown before it is made; a second run finds none; a change by hand is found and undone."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import DeploymentUpdate, GlobalConcurrencyLimitUpdate, WorkPoolUpdate
    from prefect.events.schemas.automations import CompoundTrigger

    from flows.deploying import VARIABLE, deploy

    def put(*, check: bool = False, **how: Any) -> list[tuple[str, str]]:
        config = how.pop("config", None)
        changes = deploy(wanted(**how), config=config, pool="sectorwatch-test", check=check)
        return [(one.sign, one.what + (f": {one.detail}" if one.detail else "")) for one in changes]

    everything = [
        ("+", "work pool sectorwatch-test"),
        *[("+", f"deployment {name}/{name}") for name in NAMES],
        *[("+", f"automation {name}") for name in AUTOMATIONS],
        ("+", f"variable {VARIABLE}"),
    ]
    assert put(check=True) == everything
    assert put(check=True) == everything  # nothing was made
    assert put() == everything
    assert put(check=True) == put() == []

    ((sign, words), *more) = put(check=True, every=60)
    assert (sign, more) == ("~", [])
    assert words.startswith("deployment monitor/monitor: schedules: [{'slug': 'slot-0', 'every_s': 60")
    assert len(put(slots=2)) == 3  # schedules and slots, and the variable that tells of them
    assert put(check=True, slots=2) == []
    assert [sign for sign, _ in put(config="/etc/sectorwatch/sectorwatch.toml")] == ["~"] * 9  # back to one slot, too
    assert put(check=True, config="/etc/sectorwatch/sectorwatch.toml") == []
    put()

    with get_client(sync_client=True) as client:
        (there,) = client.read_automations_by_name(CRASH)
        monitor = client.read_deployment_by_name("monitor/monitor")
        assert monitor.global_concurrency_limit is not None
        off, own = GlobalConcurrencyLimitUpdate(active=False), monitor.job_variables
        client.update_global_concurrency_limit(monitor.global_concurrency_limit.name, off)
        other = DeploymentUpdate(tags=["mine"], job_variables={**own, "command": "sleep 1"})
        client.update_deployment(monitor.id, other)
        server = client._client
        bare = {"parameter_openapi_schema": {"type": "object", "properties": {}}}
        assert server.patch(f"/deployments/{monitor.id}", json=bare).is_success
        assert [words.partition(": ")[2].partition(":")[0] for _, words in put(check=True)] == [
            "slots",
            "tags",
            "job_variables",
            "its parameters are of another release",
        ]
        put()
        assert put(check=True) == []
        ours = automations(monitor.id)[0]
        trigger = CompoundTrigger(require="any", within=timedelta(minutes=1), triggers=[ours.trigger])
        client.update_automation(there.id, ours.model_copy(update={"trigger": trigger}))
        assert len(put()) == 1
        client.update_work_pool("sectorwatch-test", WorkPoolUpdate(is_paused=True))
        (queue,) = client.read_work_queues(work_pool_name="sectorwatch-test")
        client.update_work_queue(queue.id, concurrency_limit=0)
        told = [
            ("!", "work pool sectorwatch-test: is paused; 'prefect work-pool resume sectorwatch-test' lets it go on")
        ]
        cure = "'prefect work-queue clear-concurrency-limit default --pool sectorwatch-test'"
        told += [("!", f"work queue default: its concurrency limit is 0, so that nothing runs; {cure}")]
        assert put(check=True) == put() == put() == told  # left as they are
        client.update_work_pool("sectorwatch-test", WorkPoolUpdate(is_paused=False))
        client.update_work_queue(queue.id, concurrency_limit=None)
        client.pause_automation(there.id)
        client.update_deployment(monitor.id, DeploymentUpdate(paused=True))
        assert sorted(words for _, words in put(check=True)) == [
            f"automation {CRASH}: its trigger or action is another one",
            "deployment monitor/monitor: paused: False, was True",
        ]
        put()
        client.delete_automation(there.id)
        client.delete_deployment(monitor.id)
        client.create_automation(automations(monitor.id)[0].model_copy(update={"name": FORMER[0]}))
        assert put(check=True) == [
            ("+", "deployment monitor/monitor"),
            ("+", f"automation {CRASH}"),
            ("-", f"automation {FORMER[0]}"),
        ]
        put()
        assert client.read_automations_by_name(FORMER[0]) == []
        assert len(client.read_automations_by_name(CRASH)) == 1
        assert client.read_deployment_by_name("monitor/monitor").work_pool_name == "sectorwatch-test"


def test_a_server_that_does_not_answer_is_said_to_be_none() -> None:
    """In words, with what to set."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.deploying import deploy
    from sectorwatch.errors import ConfigurationError, SectorwatchError

    with (
        temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}),
        pytest.raises(SectorwatchError, match=r"does not answer .*ends in /api"),
    ):
        deploy(wanted(), config=None, pool="sectorwatch", check=True)
    with (
        temporary_settings(restore_defaults={PREFECT_API_URL}),
        pytest.raises(ConfigurationError, match="PREFECT_API_URL is not set"),
    ):
        deploy(wanted(), config=None, pool="sectorwatch", check=True)
