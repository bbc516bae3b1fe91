"""What servers write into headers, made safe to keep and to show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from sectorwatch.clock import Clock

_RAW_BYTES = re.compile("[\udc80-\udcff]")  # how bytes that are not UTF-8 arrive
_MAX_AGE = re.compile(r"(?<![\w-])max-age\s*=\s*\"?([0-9]+)")
_LONGEST_S = 10**9  # a bound for arithmetic; whoever asks for so long is not believed anyway


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case name, the last of each; bytes that are not UTF-8 become U+FFFD, for no store takes them."""
    return {name.lower(): _RAW_BYTES.sub("\ufffd", value) for name, value in headers.items()}


def plain(words: str, most: int = 100) -> str:
    """A server's own words, cut and without control characters, to be shown in ours."""
    words = words[:most]
    if words.isprintable():
        return words
    return "".join(character if character.isprintable() else "\ufffd" for character in words)


def escaped(location: str) -> str:
    """A Location with its raw bytes in percent form, as browsers read it; UTF-8 is left to the URL library."""
    return _RAW_BYTES.sub(lambda found: f"%{ord(found[0]) - 0xDC00:02X}", location)


def fresh_for(headers: Mapping[str, str], clock: Clock) -> float | None:
    """Seconds for which caches may keep an answer (RFC 9111, 4.2.1); None where it does not say, or says not at all.

    Of several max-age the least: then the answer contradicts itself.
    """
    control = headers.get("cache-control", "").lower()
    if re.search(r"\bno-(?:cache|store)\b", control):
        return None
    ages = [int(found[:9]) for found in _MAX_AGE.findall(control)]
    if ages:
        age = headers.get("age", "").strip()
        spent = int(age) if age.isascii() and age.isdigit() and len(age) <= 9 else 0
        return float(max(min(ages) - spent, 0)) or None
    expires = headers.get("expires", "")
    if "max-age" in control or expires.strip().isdigit():
        return None
    return seconds(expires, clock) or None


def seconds(value: str, clock: Clock) -> float | None:
    """Seconds from a Retry-After header (RFC 9110, 10.2.3: a number, or a date); None where it says neither."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(_LONGEST_S if len(text) > 9 else int(text))
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # written as "-0000"; HTTP dates are GMT
            moment = moment.replace(tzinfo=UTC)
        return min(max((moment - clock()).total_seconds(), 0.0), float(_LONGEST_S))
    except (ValueError, TypeError, IndexError, OverflowError):  # what odd dates raise in Python 3.11
        return None
