"""`doctor` on a real Prefect server: each thing there that keeps runs from starting is found, with its cure."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flows.deployments import wanted
from sectorwatch.clock import system_clock

POOL = "doctor-test"


@pytest.fixture
def client(prefect: None) -> Iterator[Any]:
    """Asks the server, which afterwards has nothing of ours."""
    from prefect.client.orchestration import get_client

    from flows.automations import CRASH, FAILED, GO_ON
    from flows.deploying import VARIABLE

    with get_client(sync_client=True) as made:

        def clear() -> None:
            for one in made.read_deployments():
                made.delete_deployment(one.id)
            for name in (CRASH, GO_ON, FAILED):
                for automation in made.read_automations_by_name(name):
                    made.delete_automation(automation.id)
            if made.read_variable_by_name(VARIABLE):
                made.delete_variable_by_name(VARIABLE)

        clear()
        yield made
        clear()
        made.delete_work_pool(POOL)


def codes() -> list[str]:
    from flows.doctor_prefect import look

    found = list(look())
    assert all(one.what and one.cure for one in found)
    return [one.code for one in found]


def test_what_keeps_runs_from_starting_is_found(client: Any) -> None:
    """One fault gives one finding; what `deploy` was told, by which slots and how often, is no fault."""
    from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate, VariableUpdate, WorkPoolUpdate

    from flows.deploying import VARIABLE, deploy

    def put() -> None:
        deploy(wanted(every=60, slots=2), config="/etc/watch.toml", pool=POOL, check=False)

    assert codes() == ["not_deployed"]
    put()
    assert codes() == ["no_worker"]
    client.send_worker_heartbeat(POOL, "worker-1", heartbeat_interval_seconds=600)
    assert codes() == []

    monitor = client.read_deployment_by_name("monitor/monitor")
    client.pause_deployment(monitor.id)
    assert codes() == ["not_scheduled"]
    put()
    for one in client.read_deployment(monitor.id).schedules:
        client.update_deployment_schedule(monitor.id, one.id, active=False)
    assert codes() == ["not_scheduled"]
    put()
    limit = monitor.global_concurrency_limit
    client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(limit=0))
    assert codes() == ["no_slots"]
    put()
    client.update_work_pool(POOL, WorkPoolUpdate(is_paused=True))
    assert codes() == ["runs_held"]
    client.update_work_pool(POOL, WorkPoolUpdate(is_paused=False, concurrency_limit=0))
    assert codes() == ["runs_held"]
    client.update_work_pool(POOL, WorkPoolUpdate(concurrency_limit=9))
    client.update_variable(VariableUpdate(name=VARIABLE, value={"release": "0.0.1"}))
    assert codes() == ["deployed_otherwise"]
    put()
    assert codes() == []


def test_several_workers_of_what_is_for_one_machine(client: Any) -> None:
    """A server on SQLite, as the one of these tests is, and a store that is a file: both go well with one worker."""
    from prefect.settings import PREFECT_SERVER_DATABASE_CONNECTION_URL, temporary_settings

    from flows.deploying import deploy
    from flows.doctor_prefect import look

    def found() -> list[str]:
        return [one.code for one in look(store_url="sqlite:////var/lib/store.db")]

    deploy(wanted(), config=None, pool=POOL, check=False)
    client.send_worker_heartbeat(POOL, "worker-1", heartbeat_interval_seconds=600)
    assert found() == []
    client.send_worker_heartbeat(POOL, "worker-2", heartbeat_interval_seconds=600)
    assert found() == ["prefect_on_sqlite", "store_of_one_machine"]
    assert codes() == ["prefect_on_sqlite"]
    with temporary_settings({PREFECT_SERVER_DATABASE_CONNECTION_URL: "postgresql+asyncpg://prefect@db/prefect"}):
        assert codes() == []
    with temporary_settings(restore_defaults={PREFECT_SERVER_DATABASE_CONNECTION_URL}):
        assert codes() == []  # the server hides its own, and its file is not where it would be by default


def test_the_database_of_a_server_is_told_by_what_can_be_seen(tmp_path: Path) -> None:
    """Its environment, its settings, a file that it writes to; one that was left there says nothing."""
    from flows.doctor_prefect import is_on_sqlite

    now = system_clock()
    told = {"home": str(tmp_path), "server": {"database": {"driver": None, "connection_url": "**********"}}}
    assert not is_on_sqlite("", {}, now)
    assert not is_on_sqlite("", told, now)
    (tmp_path / "prefect.db-wal").write_bytes(b"")
    assert is_on_sqlite("", told, now)
    assert not is_on_sqlite("", told, now + timedelta(hours=1))
    assert not is_on_sqlite("postgresql+asyncpg://db/prefect", told, now)
    assert is_on_sqlite("sqlite+aiosqlite:////var/prefect.db", told, now + timedelta(hours=1))
    by_parts = {"server": {"database": {"driver": "sqlite+aiosqlite"}}}
    assert is_on_sqlite("", by_parts, now)


def test_a_clock_that_is_not_the_servers(client: Any) -> None:
    """Workers take what is due by their own clock."""
    from flows.deploying import deploy
    from flows.doctor_prefect import look

    deploy(wanted(), config=None, pool=POOL, check=False)
    client.send_worker_heartbeat(POOL, "worker-1", heartbeat_interval_seconds=600)
    for off, words in ((timedelta(hours=36), "1 d ahead of"), (-timedelta(minutes=90), "1 h behind")):
        (found,) = look(lambda off=off: system_clock() + off)
        assert found.code == "prefect_clock"
        assert words in found.what
    assert codes() == []


def test_an_answer_that_takes_long_is_no_wrong_clock(client: Any) -> None:
    """On a busy machine the server may need seconds to say its time."""
    from flows.deploying import deploy
    from flows.doctor_prefect import look

    deploy(wanted(), config=None, pool=POOL, check=False)
    client.send_worker_heartbeat(POOL, "worker-1", heartbeat_interval_seconds=600)
    at = iter([system_clock() - timedelta(seconds=9), system_clock() + timedelta(seconds=9)])
    assert list(look(lambda: next(at))) == []


@pytest.mark.parametrize("status", [200, 404, 503])
def test_what_answers_otherwise_than_a_prefect_server(status: int) -> None:
    """Some other page, a proxy before a server that is away: one finding, and nothing is asked again and again."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    asked: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{server.server_port}/api"}):
                assert codes() == ["prefect_refuses"]
        finally:
            server.shutdown()
    assert len(asked) == len(set(asked))
