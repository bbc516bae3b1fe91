"""One door to all channels."""

from __future__ import annotations

from collections.abc import Mapping

from alerts.notifier import Notifier
from sectorwatch.domain import Message, Outcome, OutcomeKind, Target, TargetKind


class Dispatch:
    """Sends by the channel of the target's kind; a notifier itself."""

    def __init__(self, notifiers: Mapping[TargetKind, Notifier]) -> None:
        self._notifiers = dict(notifiers)

    async def send(self, target: Target, message: Message) -> Outcome:
        """As the channel says. A kind without a channel is permanent; a channel that breaks its promise is unknown."""
        notifier = self._notifiers.get(target.kind)
        if notifier is None:
            known = ", ".join(sorted(self._notifiers)) or "none"
            detail = f"there is no channel for targets of kind {str(target.kind)!r} here; set up: {known}"
            return Outcome(kind=OutcomeKind.PERMANENT, detail=detail)
        try:
            return await notifier.send(target, message)
        except Exception as error:  # noqa: BLE001  # one broken channel must not stop the others; its text may hold secrets
            detail = f"the {target.kind} channel failed in itself ({type(error).__name__}); it may have sent"
            return Outcome(kind=OutcomeKind.UNKNOWN, detail=detail)
