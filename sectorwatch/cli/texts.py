"""Detecting in single texts, and what commands on single texts share. They need no store."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sectorwatch.cli.output import complain, safe, say, write_json
from sectorwatch.errors import ConfigurationError, InputError
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from extractors.gazetteer import Gazetteer
    from sectorwatch.domain import Detection, Mention, Reason, Rejected

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Jsonl = Annotated[
    bool,
    typer.Option("--jsonl", help='Read one JSON object a line from standard input, answer one line each ("id" kept).'),
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(detect)


def detect(
    file: Annotated[str, typer.Argument(help="A text file, in UTF-8 best, or - for standard input.")] = "-",
    title: Annotated[str, typer.Option(help="The headline, where the text does not hold it.")] = "",
    lang: Annotated[str, typer.Option(help="Language of the text, e.g. uk (default: decided from the text).")] = "",
    date: Annotated[str, typer.Option(help="Day of the text, for names that are valid for a time.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Show every reason, and what was rejected.")] = False,
    json: Json = False,
    jsonl: Jsonl = False,
) -> None:
    """Sectors that a text mentions, with the sentence, the score and the reasons."""
    from extractors.detection.mentions import detect as detect_in

    if jsonl and (file != "-" or title or lang or date):
        raise ConfigurationError(
            'with --jsonl each line of standard input says it all: {"id", "text", "title", "lang", "date"}; '
            "leave out the file, --title, --lang and --date"
        )
    language, day = _language(lang), _day(date)
    gazetteer = _gazetteer()
    if jsonl:
        answer_lines(lambda item: _detected(gazetteer, item, explain=explain))
        return
    text = _decoded(read_source(file), file)
    found = detect_in(text, title=title, gazetteer=gazetteer, language=language, date=day)
    if json:
        write_json(shape(found, rejected=explain))
    else:
        _tell(found, explain=explain)


def shape(found: Detection, *, rejected: bool = False) -> dict[str, Any]:
    """A detection as tools read it (see docs/guide.md)."""
    result: dict[str, Any] = {
        "language": found.language,
        "sectors": [
            {
                "sector": s.sector,
                "score": s.score,
                "salience": s.salience.value,
                "context": s.context.value,
                "count": s.count,
            }
            for s in found.sectors
        ],
        "mentions": [_mention(mention) for mention in found.mentions],
        "claims": [],
    }
    if rejected:
        result["rejected"] = [
            {
                "surface": r.surface,
                "start": r.start,
                "end": r.end,
                "zone": r.zone.value,
                "sectors": list(r.sectors),
                "score": r.score,
                "reasons": [_reason(reason) for reason in r.reasons],
            }
            for r in found.rejected
        ]
    return result


def _mention(mention: Mention) -> dict[str, Any]:
    return {
        "sector": mention.sector,
        "place": mention.place,
        "kind": mention.kind,
        "surface": mention.surface,
        "start": mention.start,
        "end": mention.end,
        "zone": mention.zone.value,
        "sentence": mention.sentence,
        "context": mention.context.value,
        "score": mention.score,
        "reasons": [_reason(reason) for reason in mention.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "weight": reason.weight, "detail": reason.detail}


def _tell(found: Detection, *, explain: bool) -> None:
    count = len(found.mentions)
    say(f"language {found.language or 'unknown'}; {counted(count, 'mention')}")
    for sector in found.sectors:
        named = "" if sector.context.value == "front" else ", for its peaceful life only"
        times = "once" if sector.count == 1 else f"{sector.count} times"
        say(f"  {sector.sector}: score {sector.score:.2f}, {sector.salience.value}, {times}{named}")
    for mention in found.mentions:
        place = mention.place if mention.place != mention.sector else mention.kind
        peace = "" if mention.context.value == "front" else ", named for its peaceful life"
        say(f"\n{mention.sector} ({safe(place)}) {mention.score:.2f} in the {mention.zone.value}{peace}")
        at = mention.start - mention.sentence_start
        end = at + len(mention.surface)
        sentence = mention.sentence
        say(f"  {safe(sentence[:at])}»{safe(mention.surface)}«{safe(sentence[end:])}")
        if explain:
            _tell_reasons(mention)
    if explain and found.rejected:
        say("\nrejected:")
        for candidate in found.rejected:
            say(f"  {safe(candidate.surface)} ({', '.join(candidate.sectors)}) {candidate.score:.2f}")
            _tell_reasons(candidate)


def _tell_reasons(candidate: Mention | Rejected) -> None:
    for reason in candidate.reasons:
        say(f"    {reason.weight:+.2f} {reason.code}: {safe(reason.detail)}")


def _gazetteer() -> Gazetteer:
    """The shipped gazetteer with the operator's own sectors, where there is a configuration file."""
    from extractors.gazetteer import gazetteer_of
    from sectorwatch.cli.opening import find_sector_files

    return gazetteer_of(find_sector_files())


def _detected(gazetteer: Gazetteer, item: dict[str, Any], *, explain: bool) -> dict[str, Any]:
    from extractors.detection.mentions import detect as detect_in

    text, title = text_of(item, "text"), string(item, "title")
    language, day = _language(string(item, "lang")), _day(string(item, "date"))
    return shape(detect_in(text, title=title, gazetteer=gazetteer, language=language, date=day), rejected=explain)


def _language(tag: str) -> str:
    """The language of a tag such as uk-UA. Raises ConfigurationError for none that is known."""
    from extractors.language_names import meant_language
    from extractors.languages import LANGUAGES

    code = tag.replace("_", "-").partition("-")[0].strip().lower()
    if code and code not in LANGUAGES:
        raise ConfigurationError(f"{tag!r} is no language that is known; {meant_language(code)} (or leave it out)")
    return code


def _decoded(body: bytes, name: str) -> str:
    """The text, also of an old charset, which is said on standard error."""
    from extractors.charset import decode

    found = decode(body)
    if found.charset not in {"utf-8", "ascii"}:
        where = "standard input" if name == "-" else name
        complain(f"{where} is not UTF-8 text: read as {found.charset}; convert it first if that is wrong")
    return found.text


def read_source(name: str) -> bytes:
    if name == "-":
        if sys.stdin.isatty():
            complain("reading from the terminal; end with Ctrl-D")
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{name}: cannot be read: {error.strerror}; give a file, or - for standard input"
        ) from error


def _day(text: str) -> Any:
    from datetime import date

    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigurationError(f"the date {text!r}: give a day such as 2025-12-12") from error


def text_of(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str):
        raise InputError(f'a line needs "{key}" with a string')
    return _whole(value)


def string(item: dict[str, Any], key: str) -> str:
    value = item.get(key) or ""
    if not isinstance(value, str):
        raise InputError(f'"{key}" must be a string')
    return _whole(value)


def _whole(text: str) -> str:
    """The text with halves of surrogate pairs replaced, which JSON can hold and UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def answer_lines(answer: Any) -> None:
    """Answers each line of standard input; a bad line is answered with its error, and the others go on."""
    failed = False
    for number, item in _lines():
        try:
            if isinstance(item, InputError):
                raise item
            result = {"id": item.get("id"), **answer(item)}
        except Exception as error:  # noqa: BLE001 - whatever a line does, the others are answered
            failed = True
            result = {"id": item.get("id") if isinstance(item, dict) else None, "error": f"line {number}: {error}"}
        write_json(result, lines=True)
    if failed:
        raise typer.Exit(1)


def _lines() -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            item = jsonlib.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, InputError(f"not JSON: {error}")
            continue
        yield number, item if isinstance(item, dict) else InputError("not a JSON object")
