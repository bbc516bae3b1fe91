"""Words of strangers made inert for the services that read markup or mentions in plain text.

Apprise 1.13.1 is asked for plain text and yet hands most of it on as it is; what each service would make of it is in
its own documents. The rules here are the last step before Apprise, and their results are what a length limit counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable

ZERO_WIDTH_SPACE = "\u200b"

_LINK = re.compile(r"https?://[^\s<>\[\]]*[^\s<>\[\].,;:!?)'\"»“”…]")
_CALL = re.compile(r"(?<![\w@])@(?=[\w*_<])")  # not the @ of an address: desk@north.test
_CALL_TO_ALL = re.compile(r"@(?=everyone\b|here\b|all\b|channel\b|room\b)", re.IGNORECASE)
_TAG = re.compile(r"<(?=[^\s\d=<>-]|$)")  # <@1>, <!channel>, <#1>, </tag>, <b>, <https://evil.test|bank>
_MASKED_LINK = re.compile(r"\](?=\(|\[|:)")  # [words](address), [words][1], [1]: address
_DISCORD_MARKUP = re.compile(r"([\\*_~`|])")
_DISCORD_MARKUP_IN_LINK = str.maketrans({"\\": "%5C", "*": "%2A", "`": "%60", "|": "%7C"})
_DISCORD_LINE = re.compile(r"^([ \t]*)(?=[#>-])", re.MULTILINE)  # a heading, a quotation, small print


def as_it_is(words: str) -> str:
    """For services that show text as text, and for machines."""
    return words


def for_slack(words: str) -> str:
    """Slack reads `<…>` as mentions and links, in text too; with these three escaped nothing is left to read.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def for_telegram(words: str) -> str:
    """Apprise escapes the HTML; an @name is left, which calls whoever is of that name in the group."""
    return _outside_links(words, _without_calls, lambda link: link)


def for_discord(words: str) -> str:
    """Discord reads Markdown and mentions in every message. Only the first link, the article's, gets a preview."""
    seen: list[str] = []

    def link_of(link: str) -> str:
        seen.append(link)
        whole = _CALL_TO_ALL.sub("%40", link.translate(_DISCORD_MARKUP_IN_LINK))
        return whole if len(seen) == 1 else f"<{whole}>"

    return _outside_links(_DISCORD_LINE.sub(rf"\1{ZERO_WIDTH_SPACE}", words), _plain_on_discord, link_of)


def for_others(words: str) -> str:
    """For a service whose reading of text is not known to be harmless: calls, tags and masked links are broken up."""
    return _outside_links(words, _without_markup, lambda link: _CALL_TO_ALL.sub("%40", link))


def _without_calls(words: str) -> str:
    return _CALL_TO_ALL.sub(f"@{ZERO_WIDTH_SPACE}", _CALL.sub(f"@{ZERO_WIDTH_SPACE}", words))


def _without_markup(words: str) -> str:
    words = _TAG.sub(f"<{ZERO_WIDTH_SPACE}", words)
    return _without_calls(_MASKED_LINK.sub(f"]{ZERO_WIDTH_SPACE}", words))


def _plain_on_discord(words: str) -> str:
    return _DISCORD_MARKUP.sub(r"\\\1", _without_markup(words))


def _outside_links(words: str, change: Callable[[str], str], change_link: Callable[[str], str]) -> str:
    """`words` changed outside its links by `change`, which see the whole of what lies between two links."""
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(words):
        parts += [change(words[end : found.start()]), change_link(found.group())]
        end = found.end()
    return "".join((*parts, change(words[end:])))
