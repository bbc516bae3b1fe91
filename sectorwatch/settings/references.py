"""Secrets are given as references, "env:NAME", "file:/path" or "prefect:BLOCK", and looked up when they are used."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sectorwatch.domain import Secret
from sectorwatch.errors import ConfigurationError

SECRET_SOURCES: dict[str, Callable[[str], str]] = {}
"""Who looks up references of a kind that the kernel cannot: see `flows.secret_block`."""


def is_reference(value: str) -> bool:
    """Whether a value only says where the secret is."""
    kind, _, rest = value.partition(":")
    return kind == "env" or (kind in ("file", "prefect") and not rest.startswith("//"))


def resolve_secret(reference: str, of: str = "a secret") -> Secret:
    """What a reference stands for: env:NAME, file:/path, prefect:BLOCK, or the value itself.

    Raises ConfigurationError, which says `of` what it is.
    """
    kind, _, rest = reference.partition(":")
    if kind == "prefect" and not rest.startswith("//"):
        if kind not in SECRET_SOURCES:
            raise ConfigurationError(f"{of} refers to the Prefect block {rest!r}, which nobody here can ask for")
        try:
            return Secret(SECRET_SOURCES[kind](rest))
        except ConfigurationError as error:
            raise ConfigurationError(f"{of}: {error}") from error
    if kind == "env":
        if not os.environ.get(rest):
            raise ConfigurationError(f"the environment variable {rest} is not set, and {of} refers to it")
        return Secret(os.environ[rest])
    if kind == "file" and not rest.startswith("//"):
        try:
            found = Secret(Path(rest).read_text("utf-8-sig").strip())
        except OSError as error:
            raise ConfigurationError(
                f"the file {rest}, to which {of} refers, cannot be read: {error.strerror}"
            ) from error
        except UnicodeDecodeError:
            raise ConfigurationError(f"the file {rest}, to which {of} refers, is no text in UTF-8") from None
        if not found.reveal():
            raise ConfigurationError(f"the file {rest}, to which {of} refers, is empty")
        return found
    return Secret(reference)
