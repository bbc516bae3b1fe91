"""Work that goes on over many batches."""

from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    OPEN = "open"  # to be gone on with; whoever holds its lease is at work
    DONE = "done"
    SUPERSEDED = "superseded"  # closed unfinished: another one was begun with other options or another gazetteer
