"""What servers and documents declare of themselves: charsets and languages, in the many ways they are written."""

from __future__ import annotations

import re
from email.message import Message

_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z])")
_LONG = {
    "ukr": "uk", "rus": "ru", "bel": "be", "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "pol": "pl",
    "spa": "es", "ita": "it", "ces": "cs", "cze": "cs", "slk": "sk", "slo": "sk", "bul": "bg", "ron": "ro", "rum": "ro",
    "ua": "uk",  # the country's code in place of the language's: there is no language of that code
}  # fmt: skip


def charset_of(content_type: str) -> str:
    """The charset of a Content-Type header, or ""."""
    message = Message()
    message["Content-Type"] = " ".join(content_type.split())
    return str(message.get_param("charset") or "")


def language_code(tag: str) -> str:
    """The ISO 639-1 code of a language tag such as "uk-UA", "ru_RU" or "ukr"; "" for what is none."""
    match = _TAG.match(tag)
    if match is None:
        return ""
    code = match[1].lower()
    return _LONG.get(code, code if len(code) == 2 else "")
