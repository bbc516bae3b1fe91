"""Which extraction made a text: the rules of this release and the libraries under them."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_RULES = (
    "charset",
    "dates",
    "markup",
    "urls",
    "pages/article",
    "pages/article_text",
    "pages/head",
    "pages/refusals",
    "pages/skimming",
    "pages/stated_dates",
)
_EXTRACTORS = Path(__file__).parent.parent
_LIBRARIES = ("trafilatura", "lxml", "selectolax")


@cache
def extraction_version() -> str:
    """Twelve hexadecimal digits: they change with the source of any rule, and with the version of any library.

    Taken from the sources, so that nobody can forget to count it up.
    """
    stamp = hashlib.sha256()
    for name in _RULES:
        stamp.update((_EXTRACTORS / f"{name}.py").read_bytes())
    stamp.update(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    return stamp.hexdigest()[:12]
