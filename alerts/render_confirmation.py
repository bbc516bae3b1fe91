"""The message that asks whether an address is its owner's. It says who asks for what, and that silence is a no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from html import escape

from alerts.channels import Channel
from alerts.plain import safe_link
from alerts.shown import name
from sectorwatch.domain import Message, primary_language

CONFIRMATION_TYPE = "sectorwatch.confirmation"


@dataclass(frozen=True, kw_only=True)
class _Words:
    language: str
    title: str
    asked: str
    press: str
    within: str
    ignore: str


_ENGLISH = _Words(
    language="en",
    title="Confirm your Sectorwatch alerts",
    asked="Sectorwatch alerts for “{subscriber}” are to be sent here.",
    press="Confirm that you want them",
    within="The link works for {hours} hours.",
    ignore="You do not know what this is? Do nothing: without your confirmation no alert is sent.",
)
_UKRAINIAN = _Words(
    language="uk",
    title="Підтвердьте сповіщення Sectorwatch",
    asked="Сюди мають надходити сповіщення Sectorwatch для «{subscriber}».",
    press="Підтвердити, що вони потрібні",
    within="Посилання діє {hours} год.",
    ignore="Не знаєте, що це? Нічого не робіть: без підтвердження сповіщення не надсилаються.",
)


def render_confirmation(
    *, id: str, subscriber: str, language: str, link: str, lifetime: timedelta, channel: Channel
) -> Message:
    """The question with its link. Raises ValueError for a link that a reader must not be led to."""
    words = _UKRAINIAN if primary_language(language) == "uk" else _ENGLISH
    safe = safe_link(link)
    if safe is None:
        raise ValueError("the link of a confirmation is not a web address")
    asked = words.asked.format(subscriber=name(subscriber))
    within = words.within.format(hours=int(lifetime / timedelta(hours=1)))
    return Message(
        id=id,
        title=words.title,
        text=f"{asked}\n\n{words.press}: {safe}\n\n{within} {words.ignore}\n",
        html=_page(words, asked, within, safe) if channel.html else None,
        payload={"type": CONFIRMATION_TYPE, "version": 1, "id": id, "link": safe} if channel.payload else {},
    )


def _page(words: _Words, asked: str, within: str, link: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(words.title)}</title></head>"
        '<body style="font-family:system-ui,sans-serif;line-height:1.45;max-width:38em;margin:1em auto;padding:0 1em">'
        f'<p dir="auto">{escape(asked)}</p>'
        f'<p style="font-weight:bold"><a href="{escape(link)}" rel="noopener noreferrer">{escape(words.press)}</a></p>'
        f"<p>{escape(within)} {escape(words.ignore)}</p></body></html>\n"
    )
