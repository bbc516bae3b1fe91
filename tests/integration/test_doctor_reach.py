"""`doctor` tries relay, dead man's switch and webhooks from this machine: what keeps mail from going is said before."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from flows.steps.doctor import reach as doctor_reach
from flows.steps.doctor.finding import Finding
from tests.integration.test_doctor import changed, environment
from tests.integration.test_notifiers_mail import certificate, login

__all__ = ["environment"]  # the secrets that the sound settings refer to

HUSH = "HUSH-wrong"


class Silent:
    """Takes mail that nobody sends."""


@contextmanager
def relay(**options: Any) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(Silent(), hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def found(**groups: Any) -> list[Finding]:
    """Without the addresses of the sound settings, which lead nowhere."""
    operators = {"heartbeat_url": "", "targets": []} | groups.pop("operators", {})
    every = list(doctor_reach.look(changed(operators=operators, **groups), groups.pop("environ", {})))
    assert all(HUSH not in f"{one.what} {one.cure}" and one.cure for one in every)
    return every


def said(mail: dict[str, Any]) -> tuple[str, str]:
    (one,) = found(mail=mail)
    return one.code, one.what


def test_a_relay_that_would_take_no_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password, a certificate of nobody, no encryption where some is asked for; a good one is greeted."""
    server, client = certificate(tmp_path)
    monkeypatch.setenv("RELAY", HUSH)
    known = {"username": "robot", "password": "env:RELAY", "security": "starttls"}
    with relay(tls_context=server, authenticator=login, require_starttls=True) as port:
        assert said({"port": port, **known})[1].endswith("is not good: self-signed certificate")
        monkeypatch.setattr(doctor_reach.ssl, "create_default_context", lambda: client)
        code, what = said({"port": port, **known})
        assert (code, what.endswith("refuses user or password (SMTP 535)")) == ("relay_refuses", True)
        monkeypatch.setenv("RELAY", "HUSH-correct")
        assert found(mail={"port": port, **known}) == []
        assert "does not speak as mail.security says, tls" in said({"port": port, **known, "security": "tls"})[1]
    with relay() as port:
        assert "offers no STARTTLS" in said({"port": port, "security": "starttls"})[1]
        assert "offers no login" in said({"port": port, **known, "security": "none"})[1]
        assert found(mail={"port": port}) == []


def test_what_answers_and_is_no_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another server on the port, and one that says nothing: told of in bounded time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def answer() -> None:
            with server.accept()[0] as probe:
                probe.recv(1)
            with server.accept()[0] as greeted:
                greeted.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        assert said({"port": port})[0] == "relay_refuses"
        thread.join(timeout=60)
        monkeypatch.setattr(doctor_reach, "CONNECT_S", 0.2)
        assert said({"port": port})[0] == "relay_refuses"


def test_the_operators_own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a private network they are refused by our own guard; allowed, they have to answer. Nothing is sent there, and
    no more of an address is shown than its host."""
    quiet = {"host": ""}
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("BEAT", f"http://127.0.0.1:{port}/ping/{HUSH}")
        switch = {"heartbeat_url": "env:BEAT"}
        (one,) = found(mail=quiet, operators=switch)
        assert (one.code, one.what) == (
            "guarded",
            "operators.heartbeat_url: nothing is sent there: 127.0.0.1: 127.0.0.1 is not a public address",
        )
        allowed = {"allow_networks": ["127.0.0.0/8"]}
        assert found(mail=quiet, operators=switch, fetch=allowed) == []
    assert [one.code for one in found(mail=quiet, operators=switch, fetch=allowed)] == ["unreached"]
    monkeypatch.setenv("HOOK", f"https://no-such-name.invalid/{HUSH}")
    hook = {"targets": [{"label": "hook", "kind": "webhook", "to": "env:HOOK"}]}
    (one,) = found(mail=quiet, operators=hook)
    assert one.what == "target operators/hook: no-such-name.invalid does not answer: its name is not found"


def test_many_that_do_not_answer_are_tried_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for a firewall or name server that drops what it does not like, and all of them no longer than one."""
    together = threading.Barrier(3, timeout=30)

    def unknown(_: str) -> list[str]:
        together.wait()
        return []

    monkeypatch.setattr(doctor_reach, "_addresses", unknown)
    hooks = [{"label": f"h{n}", "kind": "webhook", "to": f"https://h{n}.example/{HUSH}"} for n in range(3)]
    told = found(mail={"host": ""}, operators={"targets": hooks})
    assert [one.what.partition(":")[0] for one in told] == [f"target operators/h{n}" for n in range(3)]


def test_a_proxy_is_not_used() -> None:
    """Whoever counts on one is told."""
    settings = changed(mail={"host": ""}, operators={"heartbeat_url": "", "targets": []})
    assert [one.code for one in doctor_reach.look(settings, {"HTTPS_PROXY": "http://proxy:3128"})] == ["proxy"]
    assert list(doctor_reach.look(settings, {"NO_PROXY": "x", "http_proxy": ""})) == []
