"""Commands on the archive: mentions, stories, redetect."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli.known import check_sector
from sectorwatch.cli.output import safe, say, say_fitted, show, since, write_json
from sectorwatch.cli.story import Explain, explain
from sectorwatch.clock import ago

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Sector = Annotated[str | None, typer.Option(help="Only this sector, e.g. kupiansk.")]
Lang = Annotated[str | None, typer.Option(help="Only this language, e.g. uk.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=1_000_000_000)]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    for command in (mentions, stories, redetect):
        app.command()(command)


def mentions(
    sector: Sector = None,
    lang: Lang = None,
    since_: Annotated[str | None, typer.Option("--since", help="Only published since then: 24h, 7d, a date.")] = None,
    limit: Limit = 50,
    every: Annotated[bool, typer.Option("--every", help="All mentions, not the best one of each article.")] = False,
    json: Json = False,
) -> None:
    """What was found, newest first: one line for each article and sector, with the sentence that matters.

    An article is as old as its publication says, and else as long as it is known.
    """
    from flows.steps.archive.language import language_meant
    from sectorwatch.cli.opening import opened_store
    from storage.shared_clock import now_of
    from storage.views import queries

    with opened_store() as store, store.read() as work:
        now = now_of(work)
        lang = language_meant(work, lang)
        rows = queries.mention_rows(
            work, sector=sector, language=lang, since=since(since_, now), limit=limit, per_article=not every
        )
        if not rows:
            check_sector(work, sector)
    if json:
        write_json(rows)
        return
    for row in rows:
        said = ", ".join(part for part in (row.publisher, row.language, ago(row.at, now)) if part)
        say_fitted(f"{row.sector}  {row.score:.2f}  {safe(row.title)}  ({safe(said)})")
        say_fitted(f"    {safe(row.sentence)}")
        if row.url:
            say(f"    {safe(row.url)}{_without(row.refusal, row.method)}")
    if not rows:
        say("none")


def _without(refusal: str, method: str) -> str:
    """What is to be known of a text that is not the page's, or not whole."""
    if not refusal:
        return ""
    what = "the page was not read" if method == "feed" else "only the page's beginning was read"
    return f" ({what}: {refusal.replace('_', ' ')})"


def stories(
    sector: Sector = None,
    lang: Lang = None,
    since_: Annotated[str | None, typer.Option("--since", help="Only from then on: 24h, 7d, or a date.")] = None,
    limit: Limit = 50,
    explain_: Explain = None,
    json: Json = False,
) -> None:
    """Stories, the latest first: copies and rewrites of one piece of news count as one."""
    from flows.steps.archive.language import language_meant
    from sectorwatch.cli.opening import opened_store
    from storage.shared_clock import now_of
    from storage.views import queries

    if explain_ is not None:
        explain(explain_, json)
        return
    with opened_store() as store, store.read() as work:
        now = now_of(work)
        lang = language_meant(work, lang)
        rows = queries.story_rows(work, sector=sector, language=lang, since=since(since_, now), limit=limit)
        if not rows:
            check_sector(work, sector)
    show(
        rows,
        json,
        lambda row: (
            row.id,
            ago(row.last_seen_at, now),
            row.title,
            ", ".join(row.sectors) or "-",
            row.articles,
            row.sources,
            ", ".join(map(str, row.links)),
        ),
        "story",
        "last seen",
        "lead article",
        "sectors",
        "articles",
        "sources",
        "same event",
        spare=("same event", "sources", "articles"),
        short={"lead article": 30, "sectors": 16},
    )


def redetect(
    apply: Annotated[bool, typer.Option("--apply", help="Write it; without, it is only counted.")] = False,
    alert: Annotated[
        bool, typer.Option("--alert", help="With --apply: tell subscribers of sectors that an article newly has.")
    ] = False,
    since_: Annotated[
        str | None, typer.Option("--since", help="Only articles seen from then on: 24h, 30d, or a date.")
    ] = None,
    sector: Annotated[str | None, typer.Option(help="Only mentions of this sector, e.g. kupiansk.")] = None,
    lang: Lang = None,
    every: Annotated[
        bool, typer.Option("--every", help="Also articles that the gazetteer in force has read already.")
    ] = False,
    json: Json = False,
) -> None:
    """Run the gazetteer in force over the stored articles: shows what would change; --apply writes it.

    Nobody is told of old articles unless --alert asks for it. Stopped or killed, the same command goes on from there.
    """
    from flows.steps.archive.language import language_meant
    from flows.steps.archive.redetect import Wanted
    from flows.steps.roster.applied_sectors import check_applied
    from sectorwatch.cli.opening import opened_runtime
    from sectorwatch.cli.progress import Bar
    from sectorwatch.cli.redetected import tell
    from sectorwatch.config_file import find_file

    with Bar() as bar, opened_runtime(bar) as runtime:
        with runtime.tools.store.read() as work:
            lang = language_meant(work, lang)
        wanted = Wanted(
            since=since(since_, runtime.tools.clock()),
            since_as_given=since_ or "",
            sector=sector,
            language=lang,
            every=every,
            alert=alert,
        )
        if find_file() is not None:  # without one there are no sector files to compare with
            check_applied(runtime.tools)
        result = runtime.redetect(wanted, apply=apply)
    if json:
        write_json(result.as_dict())
    else:
        tell(result, every=every, sector=sector)
    raise typer.Exit(1 if result.skipped_in_all else 0)
