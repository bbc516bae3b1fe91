"""Same story or not: fingerprints that copies of a text share.

A text is taken as the set of its runs of four words, for a copy keeps most of them whatever its site wraps around it
(Broder, "On the resemblance and containment of documents", 1997). Of that set a sketch of 64 minima is kept; the share
of equal minima in two sketches estimates the share of runs that the texts have in common (Jaccard). The minima come
from four hash functions with sixteen bins each, empty bins borrowing from others (one-permutation hashing with optimal
densification: Li, Owen and Zhang 2012; Shrivastava 2017).

Two daily reports are one template with other numbers, a copy has the numbers of its original: a run with a number
counts threefold. Nothing depends on the machine, the process or the time, so
fingerprints may be stored and compared years later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import count
from struct import Struct

from extractors.text import plain
from sectorwatch.domain import Fingerprint

SHINGLE = 4  # words
LEAST_WORDS = 25  # of a text that near-copies can be told by; a shorter one has to be equal
LEAST_WORDS_EQUAL = 5  # "Live updates" under two headlines are not one story
SAME_FROM = 0.6  # of all runs in common; below are reports of one template, see tests/unit/test_stories.py

_NUMBER_WEIGHT = 3  # reports of one template shared 0.74 of their runs unweighted, 0.54 so; copies 0.73 and 0.64
_FUNCTIONS = 4
_BINS = 16
_ROWS = 4  # in a band: with 16 bands, copies at 0.6 meet with probability 0.89, at 0.7 with 0.99
_BANDS = _FUNCTIONS * _BINS // _ROWS
_EMPTY = 1 << 64  # greater than any hash
_WIDE = Struct(f"<{_FUNCTIONS}Q")
_BAND = Struct(f"<B{_ROWS}Q")
_SIGNED = Struct("<q")
_SCANT = "scant-"  # marks the hash of a text that says too little to be known by

# Scripts without spaces between words (Thai, Lao, Khmer, Japanese, Chinese): there each letter is a word of its own.
_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_NUMBER = re.compile("[0-9]")


@dataclass(frozen=True, kw_only=True)
class StoryVerdict:
    same: bool
    reason: str  # in words


def fingerprint(text: str) -> Fingerprint:
    """What copies of `text` share, however they are laid out, capitalised or punctuated.

    Takes time proportional to the length. Texts of under 25 words have an empty sketch and no bands. Bands are signed
    64-bit numbers; articles that share one are worth comparing.
    """
    words = _WORD.findall(plain(text).replace("'", ""))
    digest = blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
    if len(words) < LEAST_WORDS_EQUAL:
        return Fingerprint(content_hash=_SCANT + digest, sketch=(), bands=())
    if len(words) < LEAST_WORDS:
        return Fingerprint(content_hash=digest, sketch=(), bands=())
    sketch = _sketch(_runs(words))
    return Fingerprint(content_hash=digest, sketch=sketch, bands=_bands(sketch))


def scant(text: str) -> Fingerprint:
    """A fingerprint that no other text is like: it only tells whether this text has changed."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
    return Fingerprint(content_hash=_SCANT + digest, sketch=(), bands=())


def similarity(a: Fingerprint, b: Fingerprint) -> float:
    """The estimated share of runs that two texts have in common: 1 for equal ones, 0 where one is too short to judge.

    The standard error is at most 0.0625 (1 / (2 * sqrt(64))).
    """
    if a.content_hash == b.content_hash:
        return 1.0
    if not a.sketch or len(a.sketch) != len(b.sketch):
        return 0.0
    return sum(map(int.__eq__, a.sketch, b.sketch)) / len(a.sketch)


def same_story(a: Fingerprint, b: Fingerprint) -> StoryVerdict:
    """Whether two texts are copies of each other, and why."""
    if a.content_hash == b.content_hash:
        if a.content_hash.startswith(_SCANT):
            return StoryVerdict(
                same=False, reason=f"fewer than {LEAST_WORDS_EQUAL} words are too few to know a story by"
            )
        return StoryVerdict(same=True, reason="the same text")
    if not a.sketch or not b.sketch:
        return StoryVerdict(same=False, reason=f"not the same text, and under {LEAST_WORDS} words")
    share = similarity(a, b)
    reason = f"{share:.0%} of the text in common"
    return StoryVerdict(same=share >= SAME_FROM, reason=reason if share >= SAME_FROM else f"only {reason}")


def _runs(words: list[str]) -> set[bytes]:
    """The distinct runs of four words; those with a number also in a second and third spelling of their own."""
    columns = (words[start:] for start in range(SHINGLE))
    runs = {" ".join(run) for run in zip(*columns, strict=False)}
    numbered = [run for run in runs if _NUMBER.search(run)]
    runs.update(f"{run} {again}" for run in numbered for again in range(1, _NUMBER_WEIGHT))
    return {run.encode("utf-8", "surrogatepass") for run in runs}


def _sketch(runs: set[bytes]) -> tuple[int, ...]:
    minima = [_EMPTY] * (_FUNCTIONS * _BINS)
    hashed = [_WIDE.unpack(blake2b(run, digest_size=_WIDE.size).digest()) for run in runs]
    for function, values in enumerate(zip(*hashed, strict=True)):
        first = function * _BINS
        for value in values:
            bin_ = first + (value & (_BINS - 1))
            if value < minima[bin_]:
                minima[bin_] = value
    # An empty bin takes the value of a full one, sought in an order of its own that is the same for every text.
    return tuple(
        value if value != _EMPTY else next(minima[other] for other in _detour(bin_) if minima[other] != _EMPTY)
        for bin_, value in enumerate(minima)
    )


@cache
def _detour(bin_: int) -> tuple[int, ...]:
    """All bins in the order in which an empty one looks for a value."""
    order: dict[int, None] = {}
    for attempt in count():
        for other in blake2b(bytes((bin_, attempt & 255, attempt >> 8))).digest():
            order[other % (_FUNCTIONS * _BINS)] = None
        if len(order) == _FUNCTIONS * _BINS:
            break
    return tuple(order)


def _bands(sketch: tuple[int, ...]) -> tuple[int, ...]:
    """Keys of four minima each, of four different hash functions, so that they fail independently."""
    keys = []
    for band in range(_BANDS):
        packed = _BAND.pack(band, *sketch[band::_BANDS])
        keys.append(_SIGNED.unpack(blake2b(packed, digest_size=8).digest())[0])
    return tuple(keys)
