"""What an edit adds: sentences that stood in no earlier text, whatever became of their commas and paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractors.text import plain

_WORD = re.compile(r"[^\W_]+")
_LINE = 60  # characters from which a line is a paragraph; shorter ones are captions and times of day
_KEPT = 0.8  # of the earlier paragraphs: then a page grows, and is not another one


def letters(text: str) -> str:
    """The letters and digits alone, as they are compared."""
    return "".join(_WORD.findall(plain(text)))


class Earlier:
    """The texts of an article until now."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._letters = [letters(text) for text in texts]

    def has(self, sentence: str) -> bool:
        """Whether one of them has the sentence."""
        said = letters(sentence)
        return any(said in text for text in self._letters)


def grows(before: str, after: str) -> bool:
    """Whether a text is the one before with paragraphs added, as a page of dated posts."""
    had, has = _paragraphs(before), _paragraphs(after)
    return bool(had) and len(has - had) > 0 and len(had & has) >= _KEPT * len(had)


def _paragraphs(text: str) -> set[str]:
    return {letters(line) for line in text.split("\n") if len(line) >= _LINE}
