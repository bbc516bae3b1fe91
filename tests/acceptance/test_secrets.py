"""Planted secrets are found in no log, no output, no exception, no page, no run of Prefect and no column."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import subprocess
import traceback
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, make_url, select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from flows.runtime import Runtime
from sectorwatch.cli.main import app
from sectorwatch.errors import StoreError
from sectorwatch.newsroom.loop import LoopThread
from sectorwatch.web.app import create_app
from storage.subscribers import readers
from storage.tables import alerts as alerts_table
from tests.acceptance.sampling import COMMAND, Site, sample_site

# Every Python process of the run, the sandboxes among them, logs everything of everybody.
LOG_ALL = """
import logging, os
logging.basicConfig(level=logging.DEBUG, filename=os.environ["LOG_ALL"], format="%(name)s %(message)s")
logging.getLogger("sqlalchemy").setLevel(logging.DEBUG)  # else it sets itself to warnings
"""
PUBLIC = "https://watch.test"
REFUSED_ANYWHERE = 1  # a port that nobody listens at


class Secrets:
    """Thirty different ones, each told by its own letters and digits."""

    def __init__(self) -> None:
        self.planted: list[str] = []
        self._numbers = count(10)

    def __call__(self, length: int = 12) -> str:
        number = next(self._numbers)
        return self.keep(f"Zq{number}" + "".join(chr(97 + (number * 7 + at * 11) % 26) for at in range(length - 4)))

    def keep(self, secret: str) -> str:
        self.planted.append(secret)
        return secret

    def found_in(self, words: str) -> list[str]:
        """Those that stand in a text, whole and in any letter case, or as base64."""
        lower = words.lower()
        forms = {secret: {secret.lower(), b64encode(secret.encode()).decode().lower()} for secret in self.planted}
        return [secret for secret, written in forms.items() if any(form in lower for form in written)]


class Faults:
    """An HTTP and an SMTP server that fail as they are asked to, and repeat what they were sent in their answers."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.logins: list[str] = []

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request.raw_path)
        what = request.path.split("/")[1]
        if what == "drop":
            assert request.transport is not None
            request.transport.abort()
        status = int(what) if what.isdigit() else 200
        said = f"you asked for {request.raw_path} with {dict(request.headers)}"
        return web.Response(
            status=status, text=said, headers={"Location": request.raw_path, "X-Said": request.raw_path}
        )

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        password = data.password.decode()
        self.logins.append(password)
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 {data.login.decode()} has no {password}")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        return f"451 4.3.0 not now, {address}"

    @contextmanager
    def running(self) -> Iterator[tuple[int, int]]:
        """The ports of both."""
        loop = LoopThread("faults")

        async def start() -> tuple[int, int]:
            here = asyncio.get_running_loop()
            runner = web.ServerRunner(web.Server(self.answer, access_log=None))
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()

            def mail() -> SMTP:
                return SMTP(self, authenticator=self.login, auth_require_tls=False, loop=here)

            served = await here.create_server(mail, "127.0.0.1", 0)
            return int(runner.addresses[0][1]), int(served.sockets[0].getsockname()[1])

        try:
            yield loop.call(start())
        finally:
            loop.close()


Targets = list[dict[str, str]]


def targets_of(plant: Secrets, port: int, folder: Path) -> tuple[Targets, Targets, Targets]:
    """A subscriber's targets, one for each way to fail, those that `apply` refuses, and the operators' own."""
    here, nobody = f"127.0.0.1:{port}", f"127.0.0.1:{REFUSED_ANYWHERE}"
    (folder / "hook.url").write_text(f"http://{here}/500/{plant()}\n", "utf-8")
    signing = plant.keep("whsec_" + b64encode(b"signing-key-that-nobody-may-see!").decode())
    webhooks = {
        "server error": f"file:{folder / 'hook.url'}",
        "gone": f"http://{here}/410/x?token={plant()}",
        "user and password": f"http://{plant()}:{plant()}@{here}/200/",
        "redirect": f"http://{here}/302/{plant()}",
        "nobody there": f"http://{nobody}/{plant()}",
        "private": f"http://10.9.9.9/{plant()}?key={plant()}",
        "hangs up": f"http://{here}/drop/{plant()}",
    }
    apprise = {
        "json": f"json://{plant()}:{plant()}@{here}/500/{plant()}?+X-Key={plant()}&-q={plant()}",
        "xml": f"xml://{nobody}/{plant()}",
        "form": f"form://{here}/503/{plant()}",
    }
    own = [{"label": label, "kind": "webhook", "to": url} for label, url in webhooks.items()]
    own += [{"label": label, "kind": "apprise", "to": url} for label, url in apprise.items()]
    own.append({"label": "signed", "kind": "webhook", "to": f"http://{here}/503/", "signing_secret": signing})
    own.append(
        {
            "label": "signed badly",
            "kind": "webhook",
            "to": f"http://{here}/200/",
            "signing_secret": f"whsec_!{plant()}",
        }
    )
    unusable = [
        {"label": "no address", "kind": "webhook", "to": f"http://[{plant()}/x"},
        {"label": "telegram", "kind": "apprise", "to": f"tgram://{plant()}"},
        {"label": "no such service", "kind": "apprise", "to": f"nosuch://{plant()}/{plant()}"},
    ]
    own.append({"label": "mail", "kind": "email", "to": f"reader-{plant()}@example.org"})
    operators = [
        {"label": "ops hook", "kind": "webhook", "to": f"http://{here}/404/{plant()}"},
        {"label": "ops chat", "kind": "apprise", "to": f"json://{here}/200/{plant()}"},
        {"label": "ops mail", "kind": "email", "to": f"ops-{plant()}@example.org"},
    ]
    return own, unusable, operators


def inline(row: dict[str, str]) -> str:
    """A target as the file has it."""
    return "{ " + ", ".join(f"{key} = {json.dumps(value)}" for key, value in row.items()) + " }"


def configure(site: Site, own: Targets, operators: Targets, smtp: int, more: str) -> None:
    """Puts the targets in the place of the sample's, and the rest where it belongs."""

    def listed(rows: Targets) -> str:
        inner = ",\n".join(map(inline, rows))
        return f"targets = [\n{inner}\n]\n"

    text = site.config.read_text("utf-8")
    text = re.sub(r"targets = \[\n.*?\n\]\n", lambda _: listed(own), text, count=1, flags=re.DOTALL)
    text = re.sub(r"port = \d+", f'port = {smtp}\nusername = "relayuser"\npassword = "env:SMTP_PASSWORD"', text)
    quick = "settle_min = 0\ngather_min = 0\n"
    text = text.replace("[fetch]\n", f"{more}[operators]\n{quick}{listed(operators)}[fetch]\n", 1)
    site.config.write_text(text, "utf-8")


def misconfigured(site: Site, name: str, value: str) -> str:
    """What a command says, with its traceback, when one setting is wrong."""
    done = subprocess.run(
        [COMMAND, "-c", site.config, "--debug", "subscriptions", "list"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, name: value},
    )
    assert "Traceback" in done.stderr
    return done.stderr + done.stdout


@contextmanager
def logged_to(file: Path) -> Iterator[None]:
    """Everything that this process logs goes to the file, too, but for what the test's own mail server says."""
    root, handler = logging.getLogger(), logging.FileHandler(file)
    handler.addFilter(lambda record: record.name != "mail.log")
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()


COMMANDS = [
    ("status",),
    ("feeds", "list"),
    ("subscriptions", "list"),
    ("targets", "list"),
    ("deliveries", "list", "--limit", "1000"),
    ("suppressions",),
    ("notices", "list"),
    ("silence", "list"),
    ("storm", "show"),
    ("subscribers", "list"),
    ("mentions",),
    ("stories",),
]


def in_store(url: str) -> str:
    """All that the store holds, as its database keeps it."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*")).decode("latin-1")
    engine = create_engine(url)
    with engine.connect() as connection:
        named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        tables = connection.exec_driver_sql(named).scalars().all()
        rows = [
            row for table in tables for row in connection.exec_driver_sql(f"SELECT t::text FROM {table} t").scalars()
        ]
    engine.dispose()
    assert len(tables) > 20
    return "\n".join(rows)


def pages_of(config: Path) -> list[str]:
    """What every page of a reader answers, seen and acted on, and what is said of links that are wrong."""
    said = list[str]()
    with Runtime.from_config(config) as runtime:
        tools = runtime.tools
        minutes = count(0.0, 60.0)  # so that nobody asks too often
        web_page = TestClient(
            create_app(tools, now=lambda: next(minutes)), base_url=PUBLIC, raise_server_exceptions=False
        )
        assert tools.links is not None
        with tools.store.read() as work:
            reading = readers.reading(work, 1)
            alerts = [row.id for row in work.connection.execute(select(alerts_table.c.id).limit(2))]
        assert reading is not None
        for target in reading.targets:
            made = tools.links.of_delivery(
                subscription_id=1,
                target_id=target,
                alert_ids=alerts,
                seed=reading.link_seed,
                private=True,
                now=tools.clock(),
            )
            for link in (made.pause, made.change, made.unsubscribe, *made.false_alarm.values()):
                answers = [web_page.get(str(link)), web_page.get(f"{link}x")]
                assert [answer.status_code for answer in answers] == [200, 404]
                for act in ("week", "resume", "change", "here", "undo", "report"):
                    answers.append(web_page.post(str(link), data={"act": act, "note": "n", "min_score": "x"}))
                said += [f"{link} {answer.headers} {answer.text}" for answer in answers]
    return said


def prefect_runs(config: Path, monkeypatch: pytest.MonkeyPatch, wrong_store: str) -> str:
    """Flows on a real server, one of which fails, and all that Prefect keeps of them: states, parameters, logs."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.sorting import LogSort
    from prefect.logging.handlers import APILogHandler
    from prefect.settings import PREFECT_SERVER_DATABASE_CONNECTION_URL as DATABASE

    from flows.deliver import deliver
    from flows.monitor import monitor

    monitor(str(config), now=True)
    sent = deliver(str(config), seconds=2)
    assert len(sent["failed"]) > 10
    with monkeypatch.context() as patched:
        patched.setenv("SECTORWATCH_STORE__URL", wrong_store)
        with pytest.raises(StoreError):
            deliver(str(config), seconds=0)
    APILogHandler().flush()  # logs are sent in the background
    with get_client(sync_client=True) as client:
        lines = [line.message for line in client.read_logs(sort=LogSort.TIMESTAMP_DESC)]
        kept = [*client.read_flow_runs(), *client.read_task_runs(), *client.read_artifacts()]
    assert any("answers 500" in line or "HTTP 500" in line for line in lines), "Prefect has no log of what failed"
    file = Path(DATABASE.value().removeprefix("sqlite+aiosqlite:///"))
    raw = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*")).decode("utf-8", "replace")
    return raw + "\n".join(lines) + "\n".join(run.model_dump_json() for run in kept)


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("prefect")
def test_thirty_planted_secrets_are_found_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_url: str
) -> None:
    """A day with failures of every kind, everything logged: no secret in logs, outputs, tracebacks or the database.

    Nor in what Prefect keeps of its runs, and on no page of a reader.
    """
    plant, faults, said = Secrets(), Faults(), list[str]()
    keys = [plant.keep(Fernet.generate_key().decode()) for _ in range(2)]
    (tmp_path / "logging").mkdir()
    (tmp_path / "logging" / "sitecustomize.py").write_text(LOG_ALL, "utf-8")
    (tmp_path / "key").write_text(keys[1], "utf-8")
    log = tmp_path / "everything.log"
    for name, value in {
        "LOG_ALL": str(log),
        "PYTHONPATH": str(tmp_path / "logging"),
        "STORE_KEY": keys[0],
        "SMTP_PASSWORD": plant(),
        "LINK_KEY": plant(40),
    }.items():
        monkeypatch.setenv(name, value)

    def command(*words: str) -> str:
        done = site.command(*words, timeout=200)
        said.append(f"$ {' '.join(words)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def here(*words: str) -> str:
        """The same within this process: a start costs a second."""
        done = CliRunner().invoke(app, ["-c", str(site.config), *words])
        trace = "" if done.exc_info is None else "".join(traceback.format_exception(*done.exc_info))
        said.append(f"$ {' '.join(words)}\n{done.output}{trace}")
        return done.stdout

    if store_url.startswith("postgresql"):  # a server that trusts us asks for no password, and is given one
        store_url = make_url(store_url).set(password=plant()).render_as_string(hide_password=False)
    with sample_site(tmp_path, store_url=store_url, group_wait=0) as site, faults.running() as (http, smtp):
        own, unusable, operators = targets_of(plant, http, tmp_path)
        more = f'keys = ["env:STORE_KEY", "file:{tmp_path / "key"}"]\n[web]\nlink_key = "env:LINK_KEY"\n'
        configure(site, own, operators, smtp, more)
        site.config.write_text(f'public_url = "{PUBLIC}"\n' + site.config.read_text("utf-8"), "utf-8")
        usable = site.config.read_text("utf-8")
        first = "targets = [\n"
        for row in unusable:
            site.config.write_text(usable.replace(first, f"{first}{inline(row)},\n", 1), "utf-8")
            command("apply")
            assert f"/{row['label']} " in said[-1], "what is refused is named"
        site.config.write_text(usable, "utf-8")
        command("apply", "--dry-run")
        command("apply")
        command("run")
        site.newsroom.publish()
        wrong = f"postgresql://watch:{plant()}@127.0.0.1:{REFUSED_ANYWHERE}/news"
        said.append(prefect_runs(site.config, monkeypatch, wrong))
        command("run", "--json")
        command("run")
        with logged_to(log):
            for listing in COMMANDS:
                here(*listing)
                here(*listing, "--json")
            rows = json.loads(here("deliveries", "list", "--limit", "1000", "--json"))
            one_each = {row["target"]: row["id"] for row in rows}
            told = {row["label"] for row in (*own, *operators[:2])}  # the last one stands in for them much later
            assert told == set(one_each), "not everybody was told"
            assert {row["state"] for row in rows} >= {"dead", "retry", "sent"}
            for number in one_each.values():
                here("deliveries", "show", str(number), "--message")
            here("deliveries", "show", str(rows[0]["id"]), "--message", "--json")
            here("deliveries", "retry", "--all", "--dry-run")
            here("notices", "test")
            targets = json.loads(here("targets", "list", "--json"))
            for label in ("json", "user and password", "mail"):
                here("targets", "test", str(next(row["id"] for row in targets if row["label"] == label)))
            said += pages_of(site.config)
        # Wrong settings: an error says what is wrong, and its traceback no more than it.
        for name, value in {
            "SECTORWATCH_STORE__KEYS": json.dumps([plant()]),
            "SECTORWATCH_STORE__URL": f"postgresql://watch:{plant()}@127.0.0.1:{REFUSED_ANYWHERE}/news",
            "SECTORWATCH_OPERATORS": json.dumps({"targets": [{"label": "x", "kind": "webhook", "to": [plant()]}]}),
        }.items():
            said.append(misconfigured(site, name, value))
    stored = in_store(store_url)
    logged = log.read_text("utf-8", "replace")
    assert len(plant.planted) >= 30
    assert len(plant.found_in(site.config.read_text("utf-8"))) > 20, "the search finds what is there"
    assert len(set(plant.planted)) == len(plant.planted)
    assert faults.logins, "the password was never used"
    assert len(faults.requests) > 10
    for name in ("sqlalchemy", "apprise", "asyncio"):
        assert f"\n{name}" in logged, f"{name} logged nothing"
    assert plant.found_in(logged) == []
    for output in said:
        assert plant.found_in(output) == [], output[:5000]
    assert plant.found_in(stored) == []
