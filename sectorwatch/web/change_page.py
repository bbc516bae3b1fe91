"""The page where a reader changes what they are told of, and when."""

from __future__ import annotations

from starlette.responses import HTMLResponse

from flows.steps.changing import Choices, Wishes
from sectorwatch.web.body import Form
from sectorwatch.web.pages import Pages

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
        wishes=choices.wishes,
        sectors=sorted(choices.sectors.items(), key=lambda item: item[1].casefold()),
        places=choices.places,
    )
