"""What every channel promises: one message to one target, and an honest word on how it ended."""

from __future__ import annotations

from typing import Protocol

from sectorwatch.domain import Message, Outcome, Target


class Notifier(Protocol):
    """A channel."""

    async def send(self, target: Target, message: Message) -> Outcome:
        """Tries once, within the channel's own deadline.

        Never raises for a failed send: the outcome tells who failed and whether another try can help, in words that
        hold no secret. "Unknown" is said only where the receiver may have accepted. Cancellation passes through.
        """
        ...
