"""Looks for articles in the archive."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import safe, say, say_fitted, write_json
from sectorwatch.clock import ago

if TYPE_CHECKING:
    from flows.steps.archive.search import Hit, Hits

_FORMS = 12  # of a term that --explain names


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(search)


def search(
    query: Annotated[list[str], typer.Argument(help="Words, names, phrases in quotes, filters; all of it must hold.")],
    sector: Annotated[str | None, typer.Option(help="As sector: in the query.")] = None,
    lang: Annotated[str | None, typer.Option(help="As lang: in the query.")] = None,
    since_: Annotated[str | None, typer.Option("--since", help="As since: in the query: 24h, 7d, or a date.")] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=1_000)] = 20,
    newest: Annotated[bool, typer.Option("--newest", help="The latest first, wherever the words stand.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show how the query was understood.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Articles that hold all of the query: those with more of it in the title first, then the latest.

    The name of a sector or place finds all its forms in every language, and the articles in which it was found. Other
    words are found with other endings; "a phrase" in quotes as it stands; word* with whatever follows. Filters:
    sector:kupiansk, place:oskil, source:bbc, lang:uk, since:7d, until:2026-03-01. Apostrophes, stress marks and
    capitals do not matter.
    """
    from flows.steps.archive.search import gazetteer_in_force, search_archive
    from sectorwatch.cli.opening import opened_store
    from storage.shared_clock import shared_clock

    options = {"sector": sector, "lang": lang, "since": since_}
    words = [*query, *(f'{name}:"{value}"' for name, value in options.items() if value is not None)]
    with opened_store() as store:
        now = shared_clock(store)()
        found = search_archive(store, gazetteer_in_force(store), " ".join(words), now, limit=limit, newest=newest)
    if json:
        write_json({"query": found.query, "articles": found.hits} if explain else found.hits)
        return
    if explain:
        _explain(found)
    for hit in found.hits:
        _tell(hit, now)
    if not found.hits:
        say("none")
    elif len(found.hits) < found.matching:
        over = " or more" if found.more else ""
        say(f"{len(found.hits)} of {found.matching}{over}: --limit shows more, since: and until: narrow it")
    if found.more and not newest:
        say_fitted(f"only the {found.matching} that were stored last were put in order; until: finds older ones")


def _tell(hit: Hit, now: datetime) -> None:
    said = ", ".join(
        part for part in (hit.publisher, hit.language, ago(hit.published_at or hit.first_seen_at, now)) if part
    )
    say_fitted(f"{safe(hit.title or '(no title)')}  ({safe(said)}; article {hit.id})")
    if hit.sentence:
        say_fitted(f"    {_marked(hit)}")
    if hit.url:
        say(f"    {safe(hit.url)}")


def _marked(hit: Hit) -> str:
    """The sentence with what matches between marks."""
    pieces, done = [], 0
    for start, end in hit.matches:
        pieces += [safe(hit.sentence[done:start]), f"»{safe(hit.sentence[start:end])}«"]
        done = end
    return "".join((*pieces, safe(hit.sentence[done:])))


def _explain(found: Hits) -> None:
    query = found.query
    for term in query.terms:
        forms = [" ".join(phrase) + "*" * term.prefix for phrase in term.phrases]
        named = ", ".join(forms[:_FORMS]) + (f" and {len(forms) - _FORMS} more" if len(forms) > _FORMS else "")
        found_in = [f"sector {sector}" + (f", place {place}" if place else "") for sector, place in term.mentions]
        said = ([named] if forms else []) + [f"found in it: {one}" for one in found_in]
        say(f"{safe(term.given)}: {safe('; '.join(said))}")
    filters = {
        "source": ", ".join(query.sources),
        "language": ", ".join(query.languages),
        "from": query.since and f"{query.since:%Y-%m-%d %H:%M} UTC",
        "before": query.until and f"{query.until:%Y-%m-%d %H:%M} UTC",
    }
    for name, value in filters.items():
        if value:
            say(f"{name}: {safe(value)}")
    say()
