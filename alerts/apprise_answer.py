"""What Apprise made of a message, as plain data: it crosses from the sending process to ours."""

from __future__ import annotations

from dataclasses import dataclass

from sectorwatch.domain import OutcomeKind


@dataclass(frozen=True, kw_only=True)
class AppriseAnswer:
    """What comes back from the sending process."""

    kind: OutcomeKind
    warning: str  # Apprise's last word on it, redacted; "" for none
    status: int | None = None  # HTTP, where a plug-in names it
