"""What tells one piece of news from another: fingerprints and gists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What near-duplicates share: compare by `extractors.stories.fingerprints`."""

    content_hash: str  # of the normalised text
    sketch: tuple[int, ...]  # min-hashes, 64 bits each; empty for a text too short to judge
    bands: tuple[int, ...]  # candidate keys: two articles that share one may be copies


@dataclass(frozen=True, kw_only=True)
class Gist:
    """What a rewrite keeps of its original, as keys (`extractors.stories.gist`); of a new article also as written."""

    names: Mapping[str, str] = field(default_factory=dict)  # key -> as written (of a stored article: the key)
    perhaps: Mapping[str, str] = field(default_factory=dict)  # first words of sentences, which may be names
    numbers: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()  # what some of the numbers count: "dead=3"
    days: frozenset[str] = frozenset()  # "3-2": the second of March
    words: frozenset[int] = frozenset()
    terms: tuple[
        str, ...
    ] = ()  # that it is looked up by, the most telling first: "n:hrdnk", "u:187"; not of a stored one

    @cached_property
    def either(self) -> frozenset[str]:
        """The names, and what may be one."""
        return frozenset(self.names) | self.perhaps.keys()


NO_GIST = Gist()
