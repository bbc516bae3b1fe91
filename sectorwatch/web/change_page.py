"""The page where a reader changes what they are told of, and when."""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse

from alerts.phrases import phrases_of
from alerts.plain import plain, shorten
from alerts.schedule import zone_of, zones
from flows.steps.subscribers.changing import PREVIEWED, Choices, Wishes
from sectorwatch.domain import utc
from sectorwatch.web.body import Form
from sectorwatch.web.pages import Pages

_NEWEST = 10  # alerts of a preview that are listed
_TITLE = 200
_LONGEST = 80  # characters of a field that is shown again


def wishes_of(form: Form) -> Wishes:
    """The form as it was filled in."""

    def field(name: str) -> str:
        return form.one(name).strip()[:_LONGEST]

    return Wishes(
        every_sector=form.one("every_sector") == "yes",
        sectors=tuple(dict.fromkeys(form.every("sector"))),
        min_score=field("min_score").replace(",", "."),  # as many keyboards have it
        min_salience=field("min_salience"),
        digest=field("digest"),
        digest_at=field("digest_at"),
        digest_day=field("digest_day"),
        quiet_from=field("quiet_from"),
        quiet_until=field("quiet_until"),
        zone=field("zone"),
    )


def _shown(choices: Choices) -> dict[str, Any] | None:
    """What a preview says: how much would have come, and the newest of it."""
    found, reading = choices.preview, choices.reading
    if found is None:
        return None
    language, zone = reading.subscriber.language, zone_of(choices.wishes.zone)
    phrases = phrases_of(language)
    told = [one for one in found.decisions if one.placed is not None]
    return {
        "alerts": len(told),
        "messages": found.alone + len(found.digests),
        "newest": [
            {
                "at": phrases.moment(utc(one.placed.due_at).astimezone(zone)),
                "sector": choices.sectors.get(one.sector, one.sector),
                "title": shorten(plain(one.title), _TITLE),
            }
            for one in reversed(told[-_NEWEST:])
            if one.placed is not None
        ],
        "more": max(len(told) - _NEWEST, 0),
        "day": f"{PREVIEWED.days}",
        "articles": found.articles,
        "cut": phrases.moment(utc(found.since).astimezone(zone)) if found.cut else "",
    }


def change_page(pages: Pages, choices: Choices) -> HTMLResponse:
    """The form with how things stand, or with what was wished and what was wrong with it (400)."""
    reading = choices.reading
    return pages.show(
        "change",
        reading.subscriber.language,
        status=400 if choices.wrong else 200,
        name=reading.name,
        ended=reading.reader.ended_at is not None,
        saved=choices.saved,
        wrong=choices.wrong,
        preview=_shown(choices),
        wishes=choices.wishes,
        sectors=sorted(choices.sectors.items(), key=lambda item: item[1].casefold()),
        places=choices.places,
        zones=zones(),
    )
