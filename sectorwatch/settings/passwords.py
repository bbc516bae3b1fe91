"""Whether a password can be guessed, where anybody may try."""

from __future__ import annotations

SHORTEST_PASSWORD = 12  # characters: twenty seconds a try, and any number of addresses to try from
CURE = f"take {SHORTEST_PASSWORD} characters at least, by chance"


def can_be_guessed(password: str) -> bool:
    """Whether it is short, or of few characters again and again."""
    return len(password) < SHORTEST_PASSWORD or len(set(password)) < SHORTEST_PASSWORD // 2
