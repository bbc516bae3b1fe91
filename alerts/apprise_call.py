"""The part of Apprise that runs in a killable process: one URL, one message, a plain answer.

Everything in and out is plain data, so that it can cross to another process. Nothing here logs or returns the URL.
Written for Apprise 1.13, whose `notify` gives a bool or None, and for 2.x, whose result has a status.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apprise

from alerts.apprise_answer import AppriseAnswer
from alerts.channels import channel_of
from alerts.plain import shorten
from alerts.redaction import redact
from sectorwatch.domain import OutcomeKind, TargetKind

_LIBRARIES = ("apprise", "urllib3", "requests")  # whatever they would print may hold the URL
_NO_LIMIT = 1_000_000
_SLACK_WORKFLOWS = ("workflow", "trigger")
_STATUS = re.compile(r"\berror=(\d{3})(?:\d\d)?\b")  # ntfy puts two digits of its own behind

# Apprise 2.x: NotifyStatus names. Partial: some recipients of the URL have it, and a repeat reaches them again.
_STATUS_KINDS = {
    "SUCCESS": OutcomeKind.SENT,
    "NOMATCH": OutcomeKind.PERMANENT,
    "TIMEOUT": OutcomeKind.UNKNOWN,
    "PARTIAL": OutcomeKind.UNKNOWN,
    "FAILURE": OutcomeKind.RETRYABLE,
}


def send_by_apprise(url: str, title: str, text: str) -> AppriseAnswer:
    """Sends to one Apprise URL, once, as plain text. Returns also for whatever goes wrong inside Apprise."""
    with captured_warnings() as warnings:
        try:
            kind = _send(url, title, text)
        except Exception as error:  # noqa: BLE001  # plug-ins are foreign code, and a traceback would show the URL
            kind = OutcomeKind.RETRYABLE
            warnings.append(f"{type(error).__name__} in the plug-in")
    last = warnings[-1] if warnings else ""
    named = _STATUS.search(last)
    return AppriseAnswer(kind=kind, warning=redact(last, url), status=int(named.group(1)) if named else None)


def kind_of(result: object) -> OutcomeKind:
    """What `notify` gave, in our words: a bool or None (1.x), or a result with a status (2.x)."""
    status = getattr(result, "status", None)
    if status is not None:
        return _STATUS_KINDS.get(str(getattr(status, "name", status)).upper(), OutcomeKind.RETRYABLE)
    if result is None:
        return OutcomeKind.PERMANENT  # nothing matched
    return OutcomeKind.SENT if result else OutcomeKind.RETRYABLE


def _send(url: str, title: str, text: str) -> OutcomeKind:
    service = apprise.Apprise.instantiate(url, asset=_asset())
    if service is None:
        return OutcomeKind.PERMANENT
    _tame(service)
    title, text = _worded(service, title, text)
    sender = apprise.Apprise(asset=service.asset)
    sender.add(service)
    # The format is said to be text always: without it, some services take the words of strangers as markup.
    return kind_of(sender.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT))


def _worded(service: Any, title: str, text: str) -> tuple[str, str]:
    """Title and text as this service must get them, so that they do nothing but stand there."""
    channel = channel_of(TargetKind.APPRISE, service.url())
    if channel.name == "slack":
        # Apprise escapes the title of a message itself, and of a workflow neither.
        return (title if service.mode not in _SLACK_WORKFLOWS else channel.inert(title)), channel.inert(text)
    title, text = channel.inert(title), channel.inert(text)
    if channel.name == "telegram":
        # Apprise counts its markup (six characters for a space) and would cut off the end; Telegram does not.
        service.body_maxlen = _NO_LIMIT
        return title, shorten(text, max(channel.room(title), 1))
    if channel.name == "matrix" and title:
        return "", f"{title}\n{text}"  # else a number sign before it, which plain text shows
    return title, text


def _asset() -> apprise.AppriseAsset:
    wanted: dict[str, Any] = {
        "app_id": "Sectorwatch",
        "app_desc": "Sectorwatch alerts",
        "app_url": "",
        "image_url_mask": "",  # no pictures from elsewhere
        "image_url_logo": "",
        "http_redirects": False,  # a redirected POST loses its body and is called a success
        "allow_templates": False,  # 2.x: templates load files
        "async_mode": False,  # one target: no thread that would outlive the call
        "pgp_autogen": False,
        "pem_autogen": False,
        "interpret_escapes": False,
        "interpret_emojis": False,
    }
    known = {name: value for name, value in wanted.items() if hasattr(apprise.AppriseAsset, name)}
    return apprise.AppriseAsset(storage_mode=apprise.PersistentStoreMode.MEMORY, **known)


def _tame(service: Any) -> None:
    """Takes back what a URL may ask for against our own policy."""
    service.redirects = False  # ?redirect=yes
    service.retry = 0  # ?retry=: repeats are ours, with back-off and on record
    service.optional = False  # ?optional=yes calls every failure a success
    # Apprise 1.13.1 brings <!channel> back to life on Slack, and adds a ping to Discord, in all but the text format;
    # Telegram has no other that is escaped than HTML.
    telegram = service.service_name == "Telegram"
    service.notify_format = apprise.NotifyFormat.HTML if telegram else apprise.NotifyFormat.TEXT
    service.use_blocks = False  # of Slack: they escape nothing
    service.template = None  # of Slack and others: a file of markup, into which strangers' words would go
    if service.overflow_mode is apprise.OverflowMode.UPSTREAM:
        service.overflow_mode = apprise.OverflowMode.TRUNCATE  # too long for the service: shorter, not refused


@contextmanager
def captured_warnings() -> Iterator[list[str]]:
    """Collects what the libraries warn of, and keeps it from every log."""
    lines: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]  # a list as a sink
    loggers = [logging.getLogger(name) for name in _LIBRARIES]
    before = [(logger.propagate, logger.level) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(logging.WARNING)
    try:
        yield lines
    finally:
        for logger, (propagate, level) in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.propagate = propagate
            logger.setLevel(level)
