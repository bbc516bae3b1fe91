"""Extracts the kept pages anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sectorwatch.cli.output import safe, say, since, table, write_json
from sectorwatch.cli.redetected import tell_changes, tell_skipped
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from flows.steps.archive.reextracted import Reextraction, TextChange


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command(name="re-extract")(re_extract)


def re_extract(
    apply: Annotated[bool, typer.Option("--apply", help="Write it; without, it is only counted.")] = False,
    alert: Annotated[
        bool, typer.Option("--alert", help="With --apply: tell subscribers of sectors that an article newly has.")
    ] = False,
    since_: Annotated[
        str | None, typer.Option("--since", help="Only articles seen from then on: 24h, 3d, or a date.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Only this language, e.g. uk.")] = None,
    every: Annotated[
        bool, typer.Option("--every", help="Also pages that this version of extraction has read already.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run the present extraction over the pages that are kept: shows what would change; --apply writes it.

    Earlier texts stay as revisions; sectors are found anew in texts that change. Nobody is told of old articles unless
    --alert asks for it. Stopped or killed, the same command goes on from there.
    """
    from flows.steps.archive.language import language_meant
    from flows.steps.archive.re_extract import Wanted
    from flows.steps.roster.applied_sectors import check_applied
    from sectorwatch.cli.opening import opened_runtime
    from sectorwatch.cli.progress import Bar
    from sectorwatch.config_file import find_file

    with Bar() as bar, opened_runtime(bar) as runtime:
        with runtime.tools.store.read() as work:
            lang = language_meant(work, lang)
        start = since(since_, runtime.tools.clock())
        wanted = Wanted(since=start, since_as_given=since_ or "", language=lang, every=every, alert=alert)
        if find_file() is not None:  # without one there are no sector files to compare with
            check_applied(runtime.tools)
        result = runtime.re_extract(wanted, apply=apply)
    if json:
        write_json(result.as_dict())
    else:
        tell(result, every=every)
    raise typer.Exit(1 if result.skipped_in_all else 0)


def tell(result: Reextraction, *, every: bool) -> None:
    """Prints counts first, then a few texts, then what is found in them, then what to do."""
    if result.resumed_after is not None:
        say(f"went on with job {result.job} after article {result.resumed_after}; its counts are included")
    say(f"extraction {result.extraction}")
    say(f"pages      {result.stored} kept, {result.outdated} of them read with another version")
    would = "" if result.applied else "would "
    verb = "changes" if result.applied and result.changed == 1 else "change"
    said = [f"{result.looked_at} looked at", f"{counted(result.changed, 'text')} {would}{verb}"]
    said += [f"{result.details} with other details only"] if result.details else []
    said += [f"{result.edited} left alone: edited meanwhile"] if result.edited else []
    said += [f"{result.skipped_in_all} skipped"] if result.skipped_in_all else []
    say(f"           {', '.join(said)}")
    if result.changed:
        say(f"characters {result.characters_before:,} before, {result.characters_after:,} after, in texts that change")
    if result.methods:
        table(sorted(result.methods.items()), "way", "articles")
    for number, one in enumerate(result.examples):
        if not number:
            say("the greatest changes:")
        _tell_change(one)
    tell_changes(result.found)
    if not result.applied and result.looked_at:
        say("nothing was written: --apply writes it")
    elif not result.applied and result.stored and not every:
        say("all of them have been read with this version; --every looks at them all the same")
    elif not result.stored:
        say("no page is kept: read.keep_raw_days says for how long, and a skimmed page is redetect's")
    tell_skipped(result.skipped, "their texts are as before")


def _tell_change(one: TextChange) -> None:
    way = one.method_after if one.method_before == one.method_after else f"{one.method_before} -> {one.method_after}"
    said = f"{one.characters_before:,} -> {one.characters_after:,} characters, {way}, article {one.article_id}"
    say(f"  {safe(one.title or '(no title)')}  ({said})")
    for mark, line in (("-", one.gone), ("+", one.came)):
        if line:
            say(f"      {mark} {safe(line)}")
