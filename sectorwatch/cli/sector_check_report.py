"""How the check of a sector is told to a person."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, groupby
from typing import TYPE_CHECKING

from extractors.gazetteer.findings import Finding
from sectorwatch.cli.output import safe, say
from sectorwatch.cli.sector_forms import FormRow, ranked, tell_forms, width, words, wrapped
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from flows.steps.archive.try_sector import Found, Trial
    from sectorwatch.cli.sector_check import Checked

_SAMPLES = {"name": 3, "case": 2, "guess": 1, "spelling": 2}  # forms of a name that are shown, by where they come from
_REASONS = 6


def tell_definition(checked: Checked, *, forms: bool) -> None:
    """Prints what the file defines, how its names are written (a line each, or all forms), what speaks against them."""
    sector = checked.sector
    _paragraph(
        f"{sector.name} ({sector.id}): the file is right; names {len(sector.names)}, phrases {len(sector.phrases)}, "
        f"places {len(sector.places)}, forms {len({row.form for row in checked.rows})}",
        "",
        "  ",
    )
    if checked.replaces:
        say(f"it takes the place of {safe(checked.replaces)}")
    if forms:
        tell_forms(checked.rows)
    else:
        _sum_up_forms(checked.rows)
    say("\nWhat else the names could mean")
    _tell_findings(checked.findings)
    if not checked.findings:
        say("  nothing that the lists know: no other place, no common word")


def tell_archive(checked: Checked, trial: Trial | str) -> None:
    """Prints what the sector would have found, and what to write into the file."""
    say("\nWhat it would have found")
    if isinstance(trial, str):
        say(f"  {safe(trial)}")
        _tell_mends(checked, None)
        return
    read = f"stopped after {trial.read} of {trial.stored}" if trial.stopped else f"all {trial.read}"
    _paragraph(
        f"{counted(trial.found, 'article')} with {counted(trial.mentions, 'mention')}; "
        f"{read} stored {'article was' if trial.stored == 1 else 'articles were'} read, "
        f"{counted(trial.with_forms, 'holds', 'hold')} one of the forms",
        "  ",
        "    ",
    )
    _tell_rejected(trial)
    for found in trial.latest:
        _tell_article(found)
    if trial.found > len(trial.latest):
        say(f"\n  ... and {counted(trial.found - len(trial.latest), 'more article')} (--limit shows more)")
    seen = checked.seen(trial)
    if seen:
        say("\nWhat the stored articles say of the names")
        _tell_findings(seen)
    _tell_mends(checked, trial)


def _sum_up_forms(rows: Iterable[FormRow]) -> None:
    say("\nHow the names are written (--forms shows every form)")
    for _, group in groupby(ranked(rows), key=lambda row: row.reading.target):
        of_name = list(group)
        forms = list(dict.fromkeys(row.form for row in of_name))
        samples = _samples(of_name)
        such_as = ", ".join(samples) if len(samples) == len(forms) else f"such as {', '.join(samples)}"
        _paragraph(f"{of_name[0].name} ({of_name[0].kind}): {counted(len(forms), 'form')}, {such_as}", "  ", "    ")


def _samples(rows: Iterable[FormRow]) -> list[str]:
    """Some forms of a name, each once: one may be read in several languages."""
    shown: dict[str, list[str]] = {origin: [] for origin in _SAMPLES}
    for row in rows:
        origin = row.reading.origin.split(" ")[-1]
        if len(of_origin := shown.get(origin, [])) < _SAMPLES.get(origin, 0) and row.form not in chain(*shown.values()):
            of_origin.append(row.form)
    return list(chain(*shown.values()))


def _tell_findings(findings: Iterable[Finding]) -> None:
    by_name: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_name.setdefault((finding.key, finding.name), []).append(finding)
    for (_, name), of_name in by_name.items():
        say(f"  {safe(name)}")
        for finding in of_name:
            _paragraph(finding.said, "    ", "    ")
            _paragraph(finding.advice + (f": {finding.toml}" if finding.toml else ""), "      -> ", "         ")


def _tell_rejected(trial: Trial) -> None:
    if trial.rejected:
        say(f"  {counted(trial.rejected, 'name was', 'names were')} turned down; what spoke most against them:")
        for code, count in trial.reasons.most_common(_REASONS):
            surface, detail = trial.examples[code]
            _paragraph(f'{count} {code}, such as "{surface}": {detail}', "    ", "      ")
    if trial.elsewhere:
        said = ", ".join(f"{sector} {count}" for sector, count in trial.elsewhere.most_common(_REASONS))
        _paragraph(f"read as another sector's: {said}", "  ", "    ")


def _tell_article(found: Found) -> None:
    best = found.best
    at = best.start - best.sentence_start
    end = at + len(best.surface)
    say("")
    _paragraph(
        f"{found.score:.2f}  {found.at:%Y-%m-%d}  {found.language or '?'}  {found.title or '(no title)'}", "  ", "    "
    )
    _paragraph(f"{best.sentence[:at]}»{best.surface}«{best.sentence[end:]}", "    ", "    ")


def _tell_mends(checked: Checked, trial: Trial | None) -> None:
    mends = checked.mends(trial)
    if mends:
        say("\nWhat to write into the file")
        for mend in mends:
            where = f"in {mend.key}, instead of" if mend.whole else f"into the table, in {mend.key}, of"
            say(f"  {where} {safe(mend.name)}:")
            say(f"    {safe(mend.toml)}")
    say("")
    _paragraph(
        "List the file in sector_files, and 'sectorwatch apply' puts it in force (docs/add-a-sector.md).", "", ""
    )


def _paragraph(text: str, first: str, rest: str) -> None:
    """Prints text from anywhere, wrapped to the terminal."""
    for number, line in enumerate(wrapped(words(safe(text)), width() - len(rest))):
        say((rest if number else first) + line)
