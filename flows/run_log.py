"""Our log lines in the log of Prefect's runs, where its page shows them."""

from __future__ import annotations

import logging

from prefect.context import FlowRunContext, TaskRunContext
from prefect.logging.handlers import APILogHandler, PrefectConsoleHandler

from sectorwatch.logs import OURS, Brief


class _RunLog(APILogHandler):
    """Of which each logger of ours has one; what is logged outside a run is none of Prefect's."""

    def emit(self, record: logging.LogRecord) -> None:
        if FlowRunContext.get() or TaskRunContext.get():
            super().emit(record)


def lines_reach_the_run() -> None:
    """From now on they do, from their level on, and stand once on the console; safe to repeat."""
    for name in OURS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, _RunLog) for one in logger.handlers):
            handler = _RunLog()
            handler.setFormatter(Brief())
            logger.addHandler(handler)
    for console in logging.getLogger().handlers:
        if isinstance(console, PrefectConsoleHandler) and _not_ours not in console.filters:
            console.addFilter(_not_ours)


def _not_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] not in OURS
