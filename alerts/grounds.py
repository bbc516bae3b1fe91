"""Why a reader is told, in their own language: the rule of their subscription, and what spoke for the mention."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from alerts.rules import why
from sectorwatch.domain import Context, Grounds, Reason, Salience, Side

_QUOTED = re.compile(r'"([^"]+)"')
_SIDES = {
    Side.UKRAINIAN: "українські",
    Side.RUSSIAN: "російські",
    Side.INTERNATIONAL: "міжнародні",
    Side.OFFICIAL: "офіційні",
    Side.UNKNOWN: "невідомої сторони",
}
# By code; {} is what the reason quotes of the text. Only what speaks for a mention is said to readers.
_SIGNALS = {
    "anchor": "напрямок названо на його честь",
    "capital": "написано з великої літери",
    "company": "поруч інше місце цього напрямку",
    "context": "текст про війну в Україні",
    "distinct": "прикметник лише цього напрямку",
    "follows_phrase": "у тому самому абзаці названо напрямок",
    "form": "звична форма назви",
    "front_towns": "поруч інше місто біля фронту",
    "half_context": "поруч є ознака війни або України",
    "home_oblast": "місце з такою назвою саме в цій області",
    "inhabitants": "так звуть мешканців цього міста",
    "institution": "громада чи район цього міста",
    "locality": "після слова «{}»",
    "long_name": "довга назва, яку важко сплутати",
    "oblast": "поруч названо його область",
    "own_name": "назва, якою визначено напрямок",
    "repeated": "так само, як раніше в тексті",
    "same_name": "цю назву вжито так і в іншому місці тексту",
    "sector_cue": "поруч слово «{}»",
    "sector_phrase": "поруч слово «{}»",
    "spoken_of": "у статті названо цей напрямок",
    "unmistakable": "єдине або найвідоміше місце з такою назвою",
}

_ENGLISH = {"long_name": "a long name, hard to mistake for another"}  # what is on record counts letters

_UNQUOTED = {"sector_phrase": "так починається пункт зведення"}


def grounds_in(language: str, grounds: Grounds, sector: str) -> str | None:
    """The rule in words of a language, for the name of a sector in it; None for one without words of its own."""
    say = _RULES.get(language)
    return None if say is None else say(grounds, sector)


def signals_in(language: str, reasons: Sequence[Reason]) -> list[str]:
    """What spoke for a mention; in English where the language has no words for it."""
    return [_signal(language, reason) for reason in reasons if reason.weight > 0 and reason.detail]


def _signal(language: str, reason: Reason) -> str:
    if language != "uk":
        return _ENGLISH.get(reason.code, reason.detail)
    words = _SIGNALS.get(reason.code)
    if words is None:
        return reason.detail
    quoted = _QUOTED.search(reason.detail)
    if "{}" in words and quoted is None:
        return _UNQUOTED.get(reason.code, reason.detail)
    return words.format(quoted[1]) if quoted else words


def _ukrainian(grounds: Grounds, sector: str) -> str:
    rule = grounds.rule
    followed = sector if rule.sectors else f"усі напрямки (серед них {sector})"
    if grounds.places:
        followed = f"{', '.join(grounds.places)} ({sector})"
    parts = [f"ви стежите за таким: {followed}; оцінка щонайменше {rule.min_score:g}"]
    if rule.min_salience is not Salience.BODY:
        in_headline = rule.min_salience is Salience.HEADLINE
        parts.append("згадано в заголовку" if in_headline else "згадано в перших абзацах чи заголовку")
    if rule.context is Context.PLACE:
        parts.append("разом із мирним життям")
    if rule.languages:
        parts.append("мови: " + ", ".join(rule.languages))
    if rule.sides:
        parts.append("джерела: " + ", ".join(_SIDES[side] for side in rule.sides))
    if rule.publishers:
        parts.append("видання: " + ", ".join(rule.publishers))
    return "; ".join(parts)


def _english(grounds: Grounds, sector: str) -> str:
    return why(grounds.rule, sector, grounds.places)


_RULES: dict[str, Callable[[Grounds, str], str]] = {"en": _english, "uk": _ukrainian}
