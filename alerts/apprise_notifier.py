"""All other channels, by Apprise: each send in a process that can be killed, as 1.13 has no deadline of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol, TypeVar

from alerts.apprise_answer import AppriseAnswer
from alerts.outbox import SEND_DEADLINE
from alerts.webhook import PASSING_REFUSALS, REFUSALS
from sectorwatch.domain import Message, Outcome, OutcomeKind, Target
from sectorwatch.errors import SandboxError

T = TypeVar("T")

_WORDS = {
    OutcomeKind.SENT: "accepted",
    OutcomeKind.RETRYABLE: "the service did not take it",
    OutcomeKind.PERMANENT: "not a valid Apprise URL, or a service that this machine does not have",
    OutcomeKind.UNKNOWN: "the service may have taken it",
}


def send_apart(url: str, title: str, text: str) -> AppriseAnswer:
    """What runs in the killable process. Apprise (0.3 s, 57 MB) is imported there only."""
    from alerts.apprise_call import send_by_apprise

    return send_by_apprise(url, title, text)


class KillableCall(Protocol):
    """Runs a module-level function in a process that is killed when it takes too long."""

    async def run(self, function: Callable[..., T], *args: object, timeout: float) -> T:
        """The function's result. Raises SandboxError with kind "timeout" (seconds), "memory" or "crash"."""
        ...


class AppriseNotifier:
    """Sends the plain text to `target.secret`, an Apprise URL."""

    def __init__(self, call: KillableCall, *, timeout: timedelta = SEND_DEADLINE) -> None:
        self._call = call
        self._timeout = timeout.total_seconds()

    async def send(self, target: Target, message: Message) -> Outcome:
        url, text = target.secret.reveal(), _body(message)
        try:
            answer = await self._call.run(send_apart, url, message.title, text, timeout=self._timeout)
        except SandboxError as error:
            return Outcome(kind=OutcomeKind.UNKNOWN, detail=_lost(error, self._timeout))
        return _outcome(answer)


def _body(message: Message) -> str:
    """The text without a first line that only says the title again: services show both."""
    first, _, rest = message.text.partition("\n")
    return rest.strip() if first.strip() == message.title and rest.strip() else message.text.strip()


def _outcome(answer: AppriseAnswer) -> Outcome:
    """A service that names its HTTP status is judged as a webhook is; without one, "no" may mean "not now"."""
    words = _WORDS[answer.kind]
    detail = f"{words}: {answer.warning}" if answer.warning else words
    if answer.kind is not OutcomeKind.RETRYABLE or answer.status is None or not 400 <= answer.status < 500:
        return Outcome(kind=answer.kind, detail=detail, status=answer.status)
    kind = OutcomeKind.RETRYABLE if answer.status in PASSING_REFUSALS else OutcomeKind.PERMANENT
    return Outcome(kind=kind, detail=detail, status=answer.status, refused=answer.status in REFUSALS)


def _lost(error: SandboxError, timeout: float) -> str:
    if error.kind == "timeout":
        return f"killed after {timeout:g} s without an answer; the service may have taken it"
    return f"the sending process died ({error.kind}); the service may have taken it"
