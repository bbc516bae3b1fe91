"""Each likely fault is found by its code with a cure, and a sound installation has none."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, text, update
from typer.testing import CliRunner

from flows.steps.doctor import machine as doctor_machine
from flows.steps.doctor import reach as doctor_reach
from flows.steps.doctor import settings as doctor_settings
from flows.steps.doctor import store as doctor_store
from flows.steps.doctor.finding import Finding, Weight
from flows.steps.roster.apply import apply_roster
from flows.steps.tools import Tools
from sectorwatch.cli import doctor as command
from sectorwatch.cli.demo_file import HEADING
from sectorwatch.cli.main import app
from sectorwatch.domain import Secret
from sectorwatch.settings import Settings
from storage import sectors as sector_store
from storage.alerting import outbox, silences
from storage.running import cycles
from storage.secrets import Vault
from storage.tables import entries, feeds, polls, switches, targets
from storage.unit_of_work import Store
from tests.acceptance.processes import free_port
from tests.builders import NOON, add_entries
from tests.conftest import FakeClock

SOUND: dict[str, Any] = {
    "public_url": "https://watch.example.org",
    "store": {"keys": ["env:KEY"]},
    "web": {"login_header": "X-User"},
    "fetch": {"contact": "https://example.org/contact", "hosts": {"news.example.org": "127.0.0.1:1"}},
    "mail": {"host": "127.0.0.1", "security": "none", "sender": "Watch <watch@example.org>"},
    "operators": {
        "heartbeat_url": "env:BEAT",
        "targets": [
            {"label": "mail", "kind": "email", "to": "ops@example.org"},
            {"label": "hook", "kind": "webhook", "to": "env:HOOK"},
        ],
    },
    "feeds": [{"url": "https://news.example.org/rss"}],
    "subscribers": [{"name": "Desk", "targets": [{"label": "mail", "kind": "email", "to": "desk@example.org"}]}],
    "subscriptions": [{"subscriber": "Desk", "sectors": ["kupiansk"]}],
}

CHAT = {"label": "mail", "kind": "apprise", "to": "tgrm://T0KEN/CHAT"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", Fernet.generate_key().decode())
    monkeypatch.setenv("HOOK", "https://hook.example.org/T0KEN")
    monkeypatch.setenv("BEAT", "https://beat.example.org/T0KEN")


def changed(**groups: Any) -> Settings:
    """The sound settings with keys of some groups replaced."""
    values = {
        name: ({**SOUND[name], **new} if isinstance(SOUND.get(name), dict) else new) for name, new in groups.items()
    }
    return Settings(**{**SOUND, **values})


def codes(found: Iterator[Finding]) -> list[str]:
    every = list(found)
    assert all(one.cure and one.what for one in every)
    return [one.code for one in every]


@pytest.fixture
def private(tmp_path: Path) -> Path:
    file = tmp_path / "sectorwatch.toml"
    file.write_text("", "utf-8")
    file.chmod(0o640)
    return file


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ({}, None),
        ({"mail": {"password": "env:NOT_SET"}}, "no_such_secret"),
        ({"store": {"keys": ["file:/does/not/exist"]}}, "no_such_secret"),
        ({"subscribers": [{"name": "Desk", "targets": [CHAT]}]}, "no_address"),
        ({"mail": {"host": ""}}, "no_relay"),
        ({"mail": {"sender": "Sectorwatch <sectorwatch@localhost>"}}, "sender"),
        ({"mail": {"host": "relay.example.org"}}, "open_mail"),
        ({"public_url": ""}, "no_public_url"),
        ({"public_url": "http://localhost:8080"}, "local_public_url"),
        ({"public_url": "http://watch.example.org"}, "plain_public_url"),
        ({"web": {"trusted_proxies": ["*"]}}, "any_proxy"),
        ({"web": {"metrics_from": ["0.0.0.0/0"]}}, "open_metrics"),
        ({"web": {"link_key": "short"}}, "unusable"),
        ({"operators": {"heartbeat_url": "beat.test/T0KEN"}}, "unusable"),
        ({"store": {"keys": ["short"]}}, "unusable"),
        ({"web": {"login_header": ""}}, "no_operators_pages"),
        ({"web": {"admin_password": "short one"}}, "weak_password"),
        ({"web": {"admin_password": "aaaaaaaaaaaaaaaa"}}, "weak_password"),
        ({"web": {"login_header_from": ["::/0"]}}, "any_login_header"),
        ({"fetch": {"contact": ""}}, "no_contact"),
        ({"fetch": {"allow_networks": ["0.0.0.0/0"]}}, "open_guard"),
        ({"store": {"keys": []}}, "not_sealed"),
        ({"operators": {"targets": []}}, "nobody_watches"),
        ({"operators": {"targets": SOUND["operators"]["targets"][:1]}}, "one_way"),
        ({"operators": {"heartbeat_url": ""}}, "no_heartbeat"),
        ({"operators": {"cycle_overdue_min": 4}}, "overdue_at_once"),
    ],
)
def test_the_settings(private: Path, groups: dict[str, Any], code: str | None) -> None:
    """One fault gives one finding; none gives none."""
    assert codes(doctor_settings.look(changed(**groups), private)) == ([] if code is None else [code])


def test_pages_that_listen_to_all(private: Path) -> None:
    """Without TLS before them; with it nothing is said."""
    assert codes(doctor_settings.look(changed(web={"host": "0.0.0.0"}, public_url=""), private)) == [
        "no_public_url",
        "open_web",
    ]
    assert codes(doctor_settings.look(changed(web={"host": "0.0.0.0"}), private)) == []
    login = {"host": "0.0.0.0", "admin_password": "correct horse battery"}
    assert "open_login" in codes(doctor_settings.look(changed(web=login, public_url=""), private))
    assert codes(doctor_settings.look(changed(web=login), private)) == []


def test_the_file(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None at all is said, and one that others may read, if there is a secret in it."""
    assert codes(doctor_settings.look(changed(), None)) == ["no_file"]
    private.chmod(0o644)
    assert codes(doctor_settings.look(changed(), private)) == []
    assert codes(doctor_settings.look(changed(mail={"password": "hunter2"}), private)) == ["secrets_for_all"]
    private.chmod(0o640)
    secret = private.with_name("password")
    secret.write_text("hunter2", "utf-8")
    for mode, said in ((0o644, ["secrets_for_all"]), (0o640, [])):
        secret.chmod(mode)
        assert codes(doctor_settings.look(changed(mail={"password": f"file:{secret}"}), private)) == said
    secret.chmod(0o644)
    monkeypatch.setattr(doctor_settings.os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    assert codes(doctor_settings.look(changed(mail={"password": f"file:{secret}"}), private)) == []


def test_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that do not answer, a full disk, limits that are too low, libraries of another version."""
    store = tmp_path / "new" / "store.db"
    settings = changed(store={"url": f"sqlite:///{store}"})
    assert codes(doctor_machine.look(settings, {})) == []
    api = {"PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api"}
    assert codes(doctor_machine.look(settings, api)) == ["prefect_unreached", "slow_heartbeat"]
    fast = {**api, "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
    assert codes(doctor_machine.look(settings, fast)) == ["prefect_unreached"]
    monkeypatch.setattr(doctor_machine, "ROOM", 1 << 60)
    assert codes(doctor_machine.look(settings, {})) == ["no_room"]
    monkeypatch.setattr(doctor_machine, "ROOM", 1)
    monkeypatch.setattr(doctor_machine, "_disk_of", lambda _: "nfs4")
    monkeypatch.setattr(doctor_machine.os, "access", lambda *_: False)
    assert codes(doctor_machine.look(settings, {})) == ["no_rights", "network_disk"]
    monkeypatch.setattr(doctor_machine, "_disk_of", lambda _: "ext4")
    store.parent.mkdir()
    store.touch()
    monkeypatch.setattr(doctor_machine.os, "access", lambda path, _: path != store)
    (found,) = doctor_machine.look(settings, {})
    assert (found.code, found.what.startswith(f"{store} cannot be written")) == ("no_rights", True)
    monkeypatch.undo()
    shared = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": "postgresql+asyncpg://prefect:x@db/watch"}
    settings = changed(
        mail={"port": free_port()},
        store={"url": "postgresql://watch@db/watch"},
        read={"workers": 999},
        fetch={"connections": 10**7, "hosts": {}},
        feeds=[{"url": "https://no-such-name.invalid/rss"}],
    )
    monkeypatch.setattr(doctor_machine.metadata, "version", lambda _: "0.0.1")
    assert codes(doctor_machine.look(settings, shared)) == ["libraries", "memory", "files", "shared_database"]
    assert codes(doctor_reach.look(settings, {}))[:2] == ["relay_unreached", "no_names"]


@pytest.fixture
def tools(store: Store, clock: FakeClock) -> Tools:
    """A sound installation that has just finished a cycle."""
    key = Secret(os.environ["KEY"])
    if store.engine.dialect.name == "postgresql":
        from sectorwatch.clock import system_clock

        clock.now = system_clock()  # the server has a clock of its own
    tools = Tools(settings=changed(), store=store, vault=Vault([key]), clock=clock, random=Random(1))
    apply_roster(tools)
    _cycle(tools)
    return tools


def _cycle(tools: Tools) -> None:
    with tools.store.write() as work:
        cycles.finish(work, cycles.start(work, now=tools.clock()), {}, now=tools.clock())
        work.commit()


def _execute(tools: Tools, statement: Any) -> None:
    with tools.store.write() as work:
        work.connection.execute(statement)
        work.commit()


def _refused(tools: Tools, count: int) -> None:
    add_entries(tools.store, 1, *range(count), now=tools.clock())
    _execute(tools, update(entries).values(refusal="robots"))


def _polled(tools: Tools, *, days: int) -> None:
    at = tools.clock() - timedelta(days=days)
    poll = {"feed_id": 1, "at": at, "status": "known", "ms": 1, "bytes": 1, "entries": 1}
    _execute(tools, insert(polls).values(**poll, new_entries=0, changed_entries=0, overlap_lost=False, error=""))


def _pause(tools: Tools) -> None:
    with tools.store.write() as work:
        outbox.pause_alerts(work, paused=True, author="ops", now=tools.clock())
        work.commit()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda tools: None, None),
        (lambda tools: _execute(tools, text("UPDATE alembic_version SET version_num = '0001'")), "old_store"),
        (lambda tools: _execute(tools, text("UPDATE alembic_version SET version_num = '9999'")), "newer_store"),
        (lambda tools: _execute(tools, text("UPDATE alembic_version SET version_num = '0999'")), "newer_store"),
        (lambda tools: _execute(tools, update(targets).values(enabled=False)), "nobody_told"),
        (lambda tools: _execute(tools, update(targets).values(secret="plain:x")), "not_applied old_secrets"),
        (lambda tools: _execute(tools, text("DELETE FROM cycles")), "never_ran"),
        (lambda tools: _execute(tools, insert(switches).values(name="storm", value="x", set_at=tools.clock())), "held"),
        (_pause, "paused"),
        (lambda tools: _execute(tools, update(feeds).values(state="failing", reason="no name")), "feeds_fail"),
        (lambda tools: _execute(tools, insert(switches).values(name="network", value="x", set_at=NOON)), "network"),
        (lambda tools: _execute(tools, update(targets).values(breaker="open")), "targets_fail"),
        (lambda tools: _refused(tools, 19), None),
        (lambda tools: _refused(tools, 20), "pages_refused"),
        (lambda tools: _polled(tools, days=32), None),
        (lambda tools: _polled(tools, days=34), "not_pruned"),
    ],
)
def test_the_store(tools: Tools, spoil: Callable[[Tools], None], code: str | None) -> None:
    """One fault gives one finding, on both databases, and looking changes nothing."""
    spoil(tools)
    assert codes(doctor_store.look(tools)) == (code or "").split()


def _silence(tools: Tools, *, author: str = "ops", **of: Any) -> int:
    """A silence of twenty days from now on."""
    matcher: dict[str, Any] = {"sector": None, "subscription_id": None, "subscriber_id": None, **of}
    starts_at = tools.clock()
    with tools.store.write() as work:
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(days=20)}
        number = silences.add(work, **matcher, **times, author=author, reason="an exercise")
        work.commit()
    return number


@pytest.mark.parametrize(
    "of",
    [{"sector": "kupiansk"}, {"subscription_id": 1}, {"subscriber_id": 1}, {"sector": "kupiansk", "subscriber_id": 1}],
)
def test_a_silence_over_all_that_is_followed(tools: Tools, clock: FakeClock, of: dict[str, Any]) -> None:
    """Meant for hours it is advice; for longer nobody may remember it."""
    number = _silence(tools, **of)
    clock.advance(hours=2)
    _cycle(tools)
    (found,) = _but_for_clocks(tools)
    assert (found.code, found.weight) == ("all_silenced", Weight.ADVICE)
    clock.advance(days=3)
    _cycle(tools)
    (found,) = _but_for_clocks(tools)
    assert found.weight is Weight.WRONG
    assert found.what == f"nobody is told of anything for 3 d: silence {number}, by ops: an exercise"
    assert f"sectorwatch silence end {number}" in found.cure
    clock.advance(days=17)
    _cycle(tools)
    assert _but_for_clocks(tools) == []


def _but_for_clocks(tools: Tools) -> list[Finding]:
    """PostgreSQL has a clock of its own, which the test does not move."""
    return [one for one in doctor_store.look(tools) if one.code != "clock"]


def test_a_silence_over_a_part_is_no_fault(tools: Tools) -> None:
    """Of another sector, or of one of two subscriptions; two that keep back both are."""
    _silence(tools, sector="lyman")
    assert codes(doctor_store.look(tools)) == []
    second = [*SOUND["subscriptions"], {"subscriber": "Desk", "name": "places", "places": ["zarichne-q4221602"]}]
    tools = replace(tools, settings=changed(subscriptions=second))
    apply_roster(tools)
    assert codes(doctor_store.look(tools)) == []
    _silence(tools, sector="kupiansk")
    (found,) = doctor_store.look(tools)
    assert (found.code, found.what.endswith("and 1 more silence")) == ("all_silenced", True)


def test_a_subscription_to_everything_is_silenced_sector_by_sector(tools: Tools) -> None:
    """All of them, or it still tells of something."""
    tools = replace(tools, settings=changed(subscriptions=[{"subscriber": "Desk", "name": "all"}]))
    apply_roster(tools)
    with tools.store.read() as work:
        first, *others = sector_store.names(work)
    for sector in others:
        _silence(tools, sector=sector)
    assert codes(doctor_store.look(tools)) == []
    _silence(tools, sector=first)
    assert codes(doctor_store.look(tools)) == ["all_silenced"]


def test_a_feed_that_fails_is_named_by_its_number(tools: Tools) -> None:
    """An address may have a key in it, and without that it is another feed."""
    _execute(tools, update(feeds).values(state="failing", reason="no name", url="https://a.example/rss?id=3&key=HUSH"))
    (one,) = (one for one in doctor_store.look(tools) if one.code == "feeds_fail")
    assert one.cure.startswith("sectorwatch feeds check 1;")


def test_what_is_not_applied_is_named(tools: Tools, tmp_path: Path) -> None:
    """The file has changed since: the first difference is shown."""
    feeds = [*SOUND["feeds"], {"url": "https://second.example.org/rss"}]
    (found,) = doctor_store.look(replace(tools, settings=changed(feeds=feeds)))
    assert (found.code, "https://second.example.org/rss" in found.what) == ("not_applied", True)
    nobody = replace(tools, settings=changed(subscriptions=[{"subscriber": "Nobody"}]))
    file = tmp_path / "sectorwatch.toml"
    file.write_text("[[subscriptions]]\n\nsubscriber = 'Nobody'\n", "utf-8")
    (refused,) = doctor_store.look(nobody, file)
    assert (refused.code, refused.what.startswith(f"{file}, line 3: ")) == ("refused_file", True)
    several = {"subscriptions": [{"subscriber": "Nobody"}, {"subscriber": "Neither"}], "web": {"link_key": "short"}}
    found = list(doctor_store.look(replace(tools, settings=changed(**several)), file))
    assert codes(found) == ["refused_file", "refused_file"], (
        "what the settings are told of by themselves is not repeated"
    )


def test_an_empty_store_says_what_to_begin_with(store: Store, clock: FakeClock) -> None:
    """No feed and no subscription."""
    bare = Tools(settings=Settings(), store=store, vault=Vault(), clock=clock, random=Random(1))
    assert {"no_feeds", "no_subscriptions"} <= set(codes(doctor_store.look(bare)))


def test_another_key(tools: Tools) -> None:
    """Addresses that were stored with another key cannot be read, and alerts not be sent."""
    other = replace(tools, vault=Vault([Secret(Fernet.generate_key().decode())]))
    assert "wrong_key" in codes(doctor_store.look(other))


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_clocks(tools: Tools, clock: FakeClock) -> None:
    """Nothing for long, and a cycle in the future."""
    clock.advance(minutes=16)
    assert codes(doctor_store.look(tools)) == ["nothing_runs"]
    clock.advance(hours=-2)
    assert codes(doctor_store.look(tools)) == ["clock"]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_the_clock_of_the_database(tools: Tools, clock: FakeClock) -> None:
    """A server whose clock is another one makes leases too long or too short."""
    clock.advance(seconds=60)
    assert codes(doctor_store.look(tools)) == ["clock"]


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong comes first and makes exit code 1; values in force hide secrets; looking makes no store."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sectorwatch.toml").write_text(
        '[store]\nurl = "sqlite:///data/store.db"\nkeys = ["k3y"]\n'
        '[mail]\npassword = "hunter2"\nhost = "127.0.0.1"\nport = 9\n'
    )
    done = CliRunner().invoke(app, ["doctor", "--settings", "--json"])
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    weights = [one["weight"] for one in found["findings"]]
    assert weights == sorted(weights, reverse=True)
    assert {"secrets_for_all", "relay_unreached"} <= {one["code"] for one in found["findings"]}
    assert (found["settings"]["mail.password"], found["settings"]["store.keys"]) == ("(hidden)", ["(hidden)"])
    assert "hunter2" not in done.stdout + CliRunner().invoke(app, ["doctor", "--settings"]).stdout
    assert not (tmp_path / "data").exists()


def test_a_demo_that_is_over_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its relay is gone and nobody watches, as it has to be; of an operator's own file that is wrong."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "sectorwatch.toml"
    lines = f'{HEADING}\n[mail]\nhost = "127.0.0.1"\nport = {free_port()}\n'
    seen = {}
    for name, written in (("demo", lines), ("own", lines.partition("\n")[2])):
        file.write_text(written, "utf-8")
        findings = json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)["findings"]
        seen[name] = {one["code"] for one in findings}

    assert seen["own"] - seen["demo"] == {"relay_unreached", "nobody_watches"}
    assert seen["demo"] - seen["own"] == {"demo"}


def test_every_finding_is_explained() -> None:
    """docs/operating.md has each code once, and no other."""
    steps = Path(doctor_store.__file__).parent
    flows = steps.parents[1]
    made = {
        code
        for file in (*steps.glob("*.py"), *flows.glob("doctor_*.py"), Path(command.__file__))
        for code in re.findall(r'(?:wrong|advice)\(\s*"(\w+)"', file.read_text("utf-8"))
    }
    page = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
    section = page.partition("## The doctor")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == made
    assert len(made) > 30


def test_passwords_of_the_store_are_hidden() -> None:
    """The address of a database may hold one."""
    shown = doctor_settings.shown(changed(store={"url": "postgresql://watch:hunter2@db/watch"}))
    assert shown["store.url"] == "postgresql://watch:(hidden)@db/watch"


def test_a_setting_that_prefect_cannot_read(tmp_path: Path) -> None:
    """It is checked where Prefect is imported, in a process of its own; we do not show the value."""
    environ = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_API_REQUEST_TIMEOUT": "HUSH"}
    command = [sys.executable, "-c", "from sectorwatch.cli.main import main; main()", "doctor"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert "prefect_settings: Prefect cannot read its own settings: request_timeout" in done.stdout
    assert "HUSH" not in done.stdout
    assert "Traceback" not in done.stderr  # Prefect's own words are there
