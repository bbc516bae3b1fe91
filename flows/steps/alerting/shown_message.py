"""A stored message as operators may see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PUBLIC = ("stories", "articles")  # pages that anybody may open
_HIDDEN = "…"


def without_links(message: Mapping[str, Any], public_url: str) -> dict[str, Any]:
    """The message without the links that act for its reader: whoever has one can unsubscribe or confirm."""
    own = re.escape(public_url.rstrip("/"))
    private = re.compile(rf"({own})/(?!(?:{'|'.join(_PUBLIC)})(?:[/\s\"'<)]|$))[^\s\"'<>)]*") if public_url else None
    one_click = message.get("unsubscribe")

    def hidden(value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace(one_click, _HIDDEN) if one_click else value
            return private.sub(rf"\1/{_HIDDEN}", value) if private else value
        if isinstance(value, Mapping):
            return {key: hidden(item) for key, item in value.items()}
        if isinstance(value, list):
            return [hidden(item) for item in value]
        return value

    return {key: hidden(value) for key, value in message.items()}
