"""Cue words of many languages, found in one pass over a text and asked for by place."""

from __future__ import annotations

import hashlib
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractors.text import plain

FILE = Path(__file__).parent / "data" / "lexicon.toml"
_UNSPACED = re.compile("[\u0590-\u06ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # matched inside words as well
_REST = re.compile(r"\w{0,40}")
_LONGEST = 40  # characters of the longest entry: how far before a place a cue can begin


class Cue(NamedTuple):
    """One cue word in a text."""

    start: int
    end: int
    entry: str  # as the lexicon has it, so that the endings of one word count once


class Cues:
    """The cue words of one text, by kind and in order."""

    def __init__(self, found: Mapping[str, list[Cue]]) -> None:
        self._found = {kind: sorted(cues) for kind, cues in found.items()}
        self._starts = {kind: [cue.start for cue in cues] for kind, cues in self._found.items()}

    def within(self, kind: str, start: int, end: int) -> list[Cue]:
        """Cues of that kind that lie inside [start, end)."""
        starts = self._starts.get(kind)
        if not starts:
            return []
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        return [cue for cue in self._found[kind][first:last] if cue.end <= end]

    def distinct(self, kind: str, start: int, end: int) -> list[str]:
        """Different entries of that kind inside [start, end), in order."""
        first = {cue.start: cue.entry for cue in reversed(self.within(kind, start, end))}  # a word counts once
        return list(dict.fromkeys(reversed(first.values())))

    def before(self, kind: str, start: int, reach: int) -> Cue | None:
        """The nearest cue of that kind that ends at most `reach` characters before `start`."""
        if kind not in self._starts:
            return None
        near = [cue for cue in self.within(kind, start - reach - _LONGEST, start) if start - cue.end <= reach]
        return max(near, key=lambda cue: cue.end) if near else None

    def after(self, kind: str, end: int, reach: int) -> Cue | None:
        """The nearest cue of that kind that begins at most `reach` characters after `end`."""
        if kind not in self._starts:
            return None
        near = self.within(kind, end, end + reach + _LONGEST)
        return near[0] if near and near[0].start - end <= reach else None


class Lexicon:
    """Word lists by kind, compiled. An entry may end in * for any ending, and hold _ for a space."""

    def __init__(self, kinds: Mapping[str, Iterable[str]]) -> None:
        entries: dict[str, list[tuple[str, str, bool]]] = {}
        self._inner: list[tuple[str, str, re.Pattern[str]]] = []  # entries with a star inside
        for kind, words in kinds.items():
            for word in dict.fromkeys(words):
                stem = plain(word.removesuffix("*")).replace("_", " ")
                if "*" in stem:
                    self._inner.append((kind, word, re.compile(re.escape(stem).replace(r"\*", r"\w*") + r"\b")))
                    stem = stem.partition("*")[0]
                    kind_of_stem = f"{kind}?"
                    entries.setdefault(stem, []).append((kind_of_stem, word, True))
                    continue
                entries.setdefault(stem, []).append((kind, word, word.endswith("*")))
        self._patterns = {word: pattern for _, word, pattern in self._inner}
        self._entries = list(entries.values())
        self._unspaced = [bool(_UNSPACED.search(stem)) for stem in entries]
        self._automaton = AhoCorasick(
            list(entries),
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        )

    def scan(self, text: str) -> Cues:
        """Every cue word of a normalised text, in time proportional to its length."""
        found: dict[str, list[Cue]] = {}
        size = len(text)
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if start and text[start - 1].isalnum() and not self._unspaced[index]:
                continue
            ends = end == size or not text[end].isalnum()
            for kind, entry, open_end in self._entries[index]:
                if kind.endswith("?"):
                    match = self._patterns[entry].match(text, start)
                    if match:
                        found.setdefault(kind[:-1], []).append(Cue(start, match.end(), entry))
                elif ends or open_end:
                    rest = None if ends else _REST.match(text, end)
                    found.setdefault(kind, []).append(Cue(start, rest.end() if rest else end, entry))
        return Cues(found)


@cache
def lexicon() -> Lexicon:
    """The shipped word lists."""
    return Lexicon({kind: " ".join(lists.values()).split() for kind, lists in _lists().items() if kind != "homograph"})


@cache
def oblasts() -> Mapping[str, str]:
    """Entry of kind "oblast" -> the oblast it names."""
    return {entry: oblast for oblast, words in _lists()["oblast"].items() for entry in words.split()}


@cache
def homographs(language: str) -> frozenset[str]:
    """Entries of any kind that are another word in that language: German "war" is no war."""
    return frozenset(_lists()["homograph"].get(language, "").split())


@cache
def _lists() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text("utf-8"))


@cache
def digest() -> str:
    """Tells one state of the word lists from another."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:16]
