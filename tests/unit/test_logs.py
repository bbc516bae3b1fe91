"""What a log line looks like, and what it bears."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator

import pytest

from sectorwatch.logs import FIGURES, OURS, about, from_now_on, ids, set_up

_log = logging.getLogger("flows.steps.any")


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Loggers are one for the whole run."""
    loggers = [logging.getLogger(name) for name in OURS]
    before = [(logger, logger.handlers, logger.level) for logger in loggers]
    with about():
        yield
    for logger, handlers, level in before:
        logger.handlers = handlers
        logger.setLevel(level)


def test_a_line_bears_what_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    """In either form; the inner number holds within, and other threads have numbers of their own."""
    set_up("json", "info")
    set_up("text", "info")  # safe to repeat: the last one holds
    from_now_on(cycle=7)
    with about(feed=1), about(feed=2, article=None):
        _log.info("polled: %s", "new")
        other = threading.Thread(target=lambda: _log.info("apart"))
        other.start()
        other.join()
    _log.debug("unsaid")
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith(" INFO flows.steps.any: polled: new [cycle=7 feed=2]")
    assert second.endswith(" INFO flows.steps.any: apart")
    assert ids() == {"cycle": 7}

    set_up("json", "info")
    _log.info("the cycle ended: 40 feeds", extra={FIGURES: {"feeds_polled": 40}})
    assert '"message": "the cycle ended: 40 feeds", "feeds_polled": 40, "cycle": 7}' in capsys.readouterr().err

    set_up("json", "debug")
    try:
        raise ValueError("odd\nvalue")
    except ValueError:
        _log.exception("Куп'янськ")
    (line,) = capsys.readouterr().err.splitlines()
    found = json.loads(line)
    assert (found["level"], found["logger"], found["cycle"]) == ("error", "flows.steps.any", 7)
    assert found["message"].startswith("Куп'янськ\nTraceback")
    assert found["at"].endswith("Z")
