"""Each good cycle gives one sign of life; that it is not taken stops nothing, and is said without the address."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from flows.runtime import Runtime
from sectorwatch.newsroom import Receivers
from sectorwatch.settings import Settings
from sectorwatch.settings.tables import FetchSettings, OperatorSettings, StoreSettings
from storage.running import cycles

DOWN = {"feeds": {"network_down": True}}


def cycle(tmp_path: Path, url: str, summary: dict[str, object], *, allow: str = "127.0.0.0/8") -> None:
    settings = Settings(
        store=StoreSettings(url=f"sqlite:///{tmp_path / 'sectorwatch.db'}"),
        fetch=FetchSettings(allow_networks=[allow]),
        operators=OperatorSettings(heartbeat_url=url),
    )
    with Runtime.open(settings) as runtime:
        runtime.finish_cycle(runtime.start_cycle(), summary)
        with runtime.tools.store.read() as work:
            assert cycles.last_finished(work) is not None


def test_a_good_cycle_gives_one_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By GET, at the address that the reference stands for; not where our own network was down."""
    with Receivers() as receivers:
        monkeypatch.setenv("BEAT", f"{receivers.webhook_url}/S3CRET")
        cycle(tmp_path, "env:BEAT", {"feeds": {"failed": [{"url": "x", "error": "HTTP 500"}]}})
        cycle(tmp_path, "env:BEAT", DOWN)
        assert [(one.method, one.path) for one in receivers.requests] == [("GET", "/hook/S3CRET")]


@pytest.mark.parametrize(
    ("url", "allow", "words"),
    [
        ("http://127.0.0.1:9/S3CRET", "127.0.0.0/8", "127.0.0.1 was not taken: no answer"),
        ("http://127.0.0.1:9/S3CRET", "10.0.0.0/8", "127.0.0.1 was not taken"),
        ("env:NOT_SET", "127.0.0.0/8", "NOT_SET is not set"),
    ],
    ids=["nobody there", "private", "no such reference"],
)
def test_a_sign_that_is_not_taken_stops_nothing(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    allow: str,
    words: str,
) -> None:
    """The cycle is on record, and the log says why without the address."""
    monkeypatch.setattr(logging.getLogger("flows.runtime"), "disabled", False)  # import-linter turns off all there are
    with caplog.at_level(logging.WARNING):
        cycle(tmp_path, url, {}, allow=allow)
    assert words in caplog.text
    assert "S3CRET" not in caplog.text
