"""Tells a person what detecting anew changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sectorwatch.cli.output import safe, say, say_fitted, table
from sectorwatch.cli.summary import storm_line

if TYPE_CHECKING:
    from flows.steps.archive.redetected import Example, Redetection

_SKIPPED = 20  # that are named; all are counted


def tell(result: Redetection, *, every: bool, sector: str | None) -> None:
    """Prints counts first, then a few sentences, then what to do."""
    if result.resumed_after is not None:
        say(f"went on with job {result.job} after article {result.resumed_after}; its counts are included")
    say(f"gazetteer  {result.gazetteer_version}")
    say(f"articles   {result.stored} stored, {result.outdated} of them read with another gazetteer version")
    said = [f"{result.looked_at} looked at", f"{result.changed} {'changed' if result.applied else 'would change'}"]
    said += [f"{result.edited} left alone: edited meanwhile"] if result.edited else []
    said += [f"{result.skipped_in_all} skipped"] if result.skipped_in_all else []
    say(f"           {', '.join(said)}")
    tell_changes(result)
    if not result.applied and result.looked_at:
        say("nothing was written: --apply writes it" + ("" if sector is None else f" for {sector}"))
    elif not result.applied and result.stored and not every:
        say_fitted("all of them have been read with this gazetteer; --every looks at them all the same")
    tell_skipped(result.skipped, "their mentions are as before")


def tell_changes(result: Redetection) -> None:
    """Prints what each sector gains and loses, with sentences, and what was decided."""
    if result.sectors:
        table(
            (
                (name, *vars(one).values(), *vars(result.mentions[name]).values())
                for name, one in sorted(result.sectors.items())
            ),
            "sector",
            *("articles before", "after", "gained", "lost"),
            *("mentions before", "after", "gained", "lost"),
            short={"articles before": 8, "mentions before": 8},
        )
    _tell_examples("gained", result.gained)
    _tell_examples("lost", result.lost)
    if result.applied:
        decided = result.decided
        opened, folded, suppressed = (decided[name] for name in ("alerts", "folded", "suppressed"))
        say(f"alerts     {opened} opened, {folded} folded, {suppressed} suppressed")
        if result.storm is not None:
            say(storm_line(result.storm))


def _tell_examples(what: str, examples: Iterable[Example]) -> None:
    for number, one in enumerate(sorted(examples, key=lambda one: one.sector)):
        if not number:
            say(f"{what}, for example:")
        say_fitted(f"  {one.sector}  {one.score:.2f}  {safe(one.title or '(no title)')}  (article {one.article_id})")
        say_fitted(f"      {safe(one.sentence)}")


def tell_skipped(skipped: list[tuple[int, str, str]], meanwhile: str) -> None:
    """Names the articles that could not be read."""
    if not skipped:
        return
    say(f"\nskipped, {meanwhile}:")
    for number, title, why in skipped[:_SKIPPED]:
        say(f"  article {number}, {safe(title)}: {safe(why)}")
    if len(skipped) > _SKIPPED:
        say(f"  ... and {len(skipped) - _SKIPPED} more")
