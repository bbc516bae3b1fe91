"""Bytes of the web to text, also where the label lies.

What is declared is tried first, but it has to fit: bytes that are valid UTF-8 and not plain ASCII are UTF-8 whatever
the label says (other texts hardly ever are, by accident), and a Western label on Cyrillic bytes is overruled. The
web's own reading of labels (WHATWG, by w3lib) is followed: "iso-8859-1" means windows-1252, "gb2312" gb18030.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, resolve_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (  # "<" and a second ASCII character without a byte order mark
    (re.compile(rb"\x00\x00\x00<\x00\x00\x00."), "utf-32-be"),
    (re.compile(rb"<\x00\x00\x00.\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00<\x00."), "utf-16-be"),
    (re.compile(rb"<\x00.\x00"), "utf-16-le"),
)
_NO_LABELS = frozenset({"utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "cp037"})
_WESTERN = frozenset({"cp1252", "iso8859-1", "iso8859-15", "cp850", "mac-roman", "ascii"})
_SEVEN_BIT = ("iso2022", "hz")
_CYRILLIC = ("cp1251", "koi8-u", "cp866", "mac-cyrillic", "iso8859-5")
_FREQUENT = re.compile("[оеаинтсрвлкіау]")  # half of all letters of a Russian or Ukrainian text
_HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_BROKEN_SHARE = 0.03  # of the characters beyond ASCII: so many may be damaged in a text that is otherwise as labelled
_BROKEN_UTF8 = 0.3  # the same for UTF-8: sequences of bytes that are valid by accident are rare in other charsets
_SAMPLE = 20_000  # bytes that detection looks at


@dataclass(frozen=True, kw_only=True)
class Decoded:
    text: str
    charset: str
    problem: str = ""  # what was wrong with the label, in words


def decode(body: bytes, declared: Iterable[str] = ()) -> Decoded:
    """The text of `body`. `declared` are labels, the most binding first; one inside the body is found by itself.

    Never fails: what cannot be read becomes U+FFFD. The text has no byte order mark.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return Decoded(text=body[len(mark) :].decode(charset, "replace"), charset=charset)
    for pattern, charset in _WIDE:
        if pattern.match(body):
            return Decoded(text=body.decode(charset, "replace").lstrip("\ufeff"), charset=charset)
    labels = _codecs_of([*declared, html_body_declared_encoding(body) or ""])
    if body.isascii():
        seven_bit = next((label for label in labels if label.startswith(_SEVEN_BIT)), "ascii")
        return Decoded(text=body.decode(seven_bit, "replace"), charset=seven_bit)
    text, damage = _read(body, "utf-8")
    if not damage:
        return Decoded(text=text, charset="utf-8", problem=_mislabelled(labels, "utf-8"))
    for label in _likelier_first(body, labels):
        text, damage = _read(body, label)
        if damage <= (_BROKEN_UTF8 if label == "utf-8" else _BROKEN_SHARE) and not (
            label in _WESTERN and _looks_cyrillic(text)
        ):
            return Decoded(text=text, charset=label, problem=_damaged(damage) or _mislabelled(labels, label))
    if "utf-8" not in labels and (found := _read(body, "utf-8"))[1] <= _BROKEN_UTF8:
        return Decoded(text=found[0], charset="utf-8", problem=_damaged(found[1]))
    charset = _guess(body)
    return Decoded(text=_read(body, charset)[0], charset=charset, problem=_mislabelled(labels, charset))


def _codecs_of(labels: Iterable[str]) -> list[str]:
    """Python's names of the charsets that the labels mean, each once."""
    found = []
    for label in labels:
        name = resolve_encoding(label.strip()[:40]) if label else None
        if name is None:
            continue
        name = codecs.lookup(name).name
        if name not in _NO_LABELS and not name.startswith(("utf-16", "utf-32")) and name not in found:
            found.append(name)
    return found


def _likelier_first(body: bytes, labels: list[str]) -> list[str]:
    """The labels; of two Cyrillic charsets, which take every byte for a letter, the one that reads better first."""
    cyrillic = [label for label in labels if label in _CYRILLIC]
    if len(cyrillic) < 2:
        return labels
    high = _HIGH.search(body)
    start = high.start() if high else 0
    best = max(cyrillic, key=lambda label: _cyrillic_share(body[start : start + _SAMPLE], label))
    return [best, *(label for label in labels if label != best)]


def _read(body: bytes, charset: str) -> tuple[str, float]:
    """The text, and the share of its characters beyond ASCII that could not be read."""
    try:
        return body.decode(charset), 0.0
    except UnicodeDecodeError:
        text = body.decode(charset, "replace")
    except LookupError:  # a codec that is none for text, such as rot13
        return "", 1.0
    beyond = sum(1 for char in text if char > "\x7f")
    return text, text.count("\ufffd") / max(beyond, 1)


def _looks_cyrillic(misread: str) -> bool:
    """Whether a text read as Western consists of accented letters, as Cyrillic bytes do."""
    sample = misread[:_SAMPLE]
    accented = sum(1 for char in sample if "\xc0" <= char <= "\xff")
    runs = re.findall("[\xc0-\xff]{4,}", sample)
    return sum(map(len, runs)) > 0.5 * accented > 10


def _guess(body: bytes) -> str:
    """The charset that bytes without a fitting label are most likely in."""
    high = _HIGH.search(body)
    start = max((high.start() if high else 0) - 1000, 0)
    sample = body[start : start + _SAMPLE]
    runs = sum(map(len, _HIGH_RUN.findall(sample)))
    best, share = max(((charset, _cyrillic_share(sample, charset)) for charset in _CYRILLIC), key=lambda pair: pair[1])
    # Cyrillic words are whole runs of high bytes; Western ones have a few among plain letters.
    if share > 0.4 and runs > 0.6 * len(_HIGH.findall(sample)):
        return best
    match = from_bytes(sample).best()
    return match.encoding if match is not None else "cp1252"


def _cyrillic_share(sample: bytes, charset: str) -> float:
    """Among the bytes beyond ASCII, the share that reads as frequent small Cyrillic letters."""
    text = sample.decode(charset, "replace")
    beyond = sum(1 for char in text if char > "\x7f")
    return len(_FREQUENT.findall(text)) / max(beyond, 1)


def _mislabelled(labels: list[str], charset: str) -> str:
    if not labels or labels[0] == charset:
        return ""
    return f"declared as {labels[0]}, but it is {charset}"


def _damaged(share: float) -> str:
    return "some characters are damaged" if share else ""
