"""Forms that rules would give but that are words, names or better known places where they would stand."""

from __future__ import annotations

TAKEN = frozenset(["marine", "marines", "nadia", "nadja", "suma", "terni", "sejm", "seim", "progres", "sady", "volga"])  # fmt: skip
"""Never a form, unless a definition gives it as a name."""
