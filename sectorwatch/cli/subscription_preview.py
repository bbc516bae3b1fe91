"""What a subscription would have been told, before anybody is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from sectorwatch.cli.output import on_terminal, safe, say, say_fitted, table, write_json
from sectorwatch.cli.progress import Bar
from sectorwatch.domain import Context, Every, Salience, Side, Subscriber, Subscription
from sectorwatch.errors import ConfigurationError
from sectorwatch.nearest import meant
from sectorwatch.plurals import counted

if TYPE_CHECKING:
    from flows.runtime import Runtime
    from flows.steps.subscribers.preview import Preview, Previewed
    from sectorwatch.settings import Settings
    from sectorwatch.settings.roster import SubscriptionSpec

T = TypeVar("T")
MOST = 20_000  # articles: ten seconds or so
Many = list[str] | None


def register(subscriptions: typer.Typer) -> None:
    """Adds the command of this file."""
    subscriptions.command("preview")(preview_subscription)


def preview_subscription(
    name: Annotated[str, typer.Argument(help="SUBSCRIBER/NAME of one that there is; none: the options say it.")] = "",
    file: Annotated[Path | None, typer.Option(help="Take it from this file, which need not be in force.")] = None,
    days: Annotated[int, typer.Option(help="How far back.", min=1, max=3650)] = 7,
    sectors: Annotated[Many, typer.Option("--sector", help="A sector's id; several times for several.")] = None,
    places: Annotated[Many, typer.Option("--place", help="A single place beside the sectors.")] = None,
    languages: Annotated[Many, typer.Option("--lang", help="Only articles in this language.")] = None,
    sides: Annotated[list[Side] | None, typer.Option("--side", help="Only sources of this side.")] = None,
    publishers: Annotated[Many, typer.Option("--publisher", help="Only this publisher.")] = None,
    min_score: Annotated[float | None, typer.Option(help="Least score of a mention, 0 to 1.")] = None,
    min_salience: Annotated[Salience | None, typer.Option(help="Where it has to be mentioned at least.")] = None,
    context: Annotated[Context | None, typer.Option(help="place: also its peaceful life.")] = None,
    follow_up: Annotated[
        Many, typer.Option(help="News of a told story: other_side, new_place or sources=5; several times.")
    ] = None,
    digest: Annotated[Every | None, typer.Option(help="One message with everything, so often.")] = None,
    digest_at: Annotated[str | None, typer.Option(help="When a daily or weekly digest goes out, HH:MM.")] = None,
    quiet: Annotated[str | None, typer.Option(help="Quiet hours, e.g. 22:00-07:00.")] = None,
    hourly_cap: Annotated[int | None, typer.Option(help="Most alerts to a target in an hour.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone of the options' clock times.")] = "UTC",
    most: Annotated[int, typer.Option(help="Of the newest so many articles that name something.", min=1)] = MOST,
    limit: Annotated[int, typer.Option(help="How many decisions are shown of each kind.", min=0)] = 20,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, with every decision.")] = False,
) -> None:
    """What a subscription would have sent and suppressed of the stored articles, with reasons. Changes nothing."""
    options = {
        key: value
        for key, value in locals().items()
        if key not in ("name", "file", "days", "zone", "most", "limit", "json") and value is not None
    }
    from flows.steps.subscribers.preview import preview
    from sectorwatch.cli.opening import opened_runtime

    if bool(name or file) == bool(options):
        raise ConfigurationError(
            "subscriptions preview: name a subscription, SUBSCRIBER/NAME, or say by options what it is (--sector ...);"
            " one of the two"
        )
    with Bar() as bar, opened_runtime(bar) as runtime:
        tools = runtime.tools
        now = tools.clock()
        wanted = _stored(runtime, name) if name and file is None else _imagined(runtime, name, file, options, zone)
        with tools.store.read() as work:
            found = preview(
                work,
                wanted,
                since=now - timedelta(days=days),
                until=now,
                guards=tools.settings.guards,
                most=most,
                progress=bar,
            )
    if json:
        write_json(found.as_dict())
    else:
        _tell(found, days, limit)


def _stored(runtime: Runtime, name: str) -> Subscription:
    from storage.subscribers import subscriptions

    with runtime.tools.store.read() as work:
        there = {f"{one.subscriber.name}/{one.name}": one for one in subscriptions.every(work, runtime.tools.vault)}
    return _chosen(name, there, "is not in force; with --file it is taken from a file")


def _imagined(runtime: Runtime, name: str, file: Path | None, options: Mapping[str, Any], zone: str) -> Subscription:
    """A subscription that need not be in the store. Raises ConfigurationError for what there is not."""
    from extractors.gazetteer import gazetteer_of
    from flows.steps.roster.check import check_subscription
    from sectorwatch.settings import load, made, own_sectors
    from sectorwatch.settings.mistakes import in_file
    from sectorwatch.settings.roster import SubscriberSpec, SubscriptionSpec

    place: tuple[int | str, ...] = ()
    if file is None:
        settings = runtime.tools.settings
        spec = made(SubscriptionSpec, {"subscriber": "preview", **options}, "subscriptions preview")
        person = made(SubscriberSpec, {"name": "preview", "zone": zone}, "subscriptions preview")
        called = "subscriptions preview"
    else:
        settings = load(file)
        spec = _listed(settings, name)
        called, place = "", ("subscriptions", settings.subscriptions.index(spec))
        person = next((one for one in settings.subscribers if one.name == spec.subscriber), None) or SubscriberSpec(
            name=spec.subscriber
        )
    try:
        check_subscription(spec, gazetteer_of(own_sectors(settings)), spec.targets, called=called, at=place)
    except ConfigurationError as error:
        raise in_file(file, error) if file else error from None
    wait = settings.group_wait if spec.group_wait_s is None else timedelta(seconds=spec.group_wait_s)
    return Subscription(
        id=0,
        subscriber=Subscriber(id=0, name=person.name, zone=person.zone),
        name=spec.name,
        rule=spec.rule,
        targets=(),
        active_from=runtime.tools.clock(),
        group_wait=wait,
        schedule=spec.schedule,
    )


def _listed(settings: Settings, name: str) -> SubscriptionSpec:
    listed = {f"{spec.subscriber}/{spec.name}": spec for spec in settings.subscriptions}
    if not name and len(listed) == 1:
        return next(iter(listed.values()))
    return _chosen(name, listed, "is not in the file")


def _chosen(name: str, there: Mapping[str, T], why_not: str) -> T:
    if name not in there:
        raise ConfigurationError(f"subscriptions preview: {safe(name)!r} {why_not}; {safe(meant(name, there))}")
    return there[name]


def _tell(found: Preview, days: int, limit: int) -> None:
    """Counts first, then the newest of what would have been sent, and of what would not."""
    from alerts.rules import Verdict

    verdicts = found.by_verdict
    articles = counted(found.articles, "article that names", "articles that name")
    say_fitted(f"looked at   {articles} a watched sector or place, of the last {counted(days, 'day')}")
    if found.cut:
        say(f"            there were more: these are the newest, since {found.since:%Y-%m-%d %H:%M} UTC; see --most")
    later, joining = verdicts[Verdict.FOLLOW_UP.value], verdicts[Verdict.FOLD.value]
    opened = f"{verdicts[Verdict.ALERT.value]}{', and ' + counted(later, 'follow-up') if later else ''}"
    same = counted(joining, "more article tells", "more articles tell")
    say(f"alerts      {opened}{f'; {same} the same, and would not be told again' if joining else ''}")
    say_fitted(f"messages    {_messages(found)}")
    kept = ", ".join(f"{count} {code}" for code, count in found.by_code.most_common())
    say_fitted(f"suppressed  {kept or 'nothing'}")
    told, kept_back = {Verdict.ALERT, Verdict.FOLLOW_UP}, {Verdict.SUPPRESS}
    for wanted, heading in ((told, "would have been sent"), (kept_back, "would have been suppressed")):
        shown = [one for one in found.decisions if one.decision.verdict in wanted][::-1][:limit]
        if shown:
            _tell_decisions(heading, shown)


def _messages(found: Preview) -> str:
    together = f"{len(found.digests)} of several ({counted(sum(found.digests.values()), 'alert')})"
    if not found.digests:
        return f"{found.alone} to each target" + (", of one alert each" if found.alone else "")
    return f"{found.alone + len(found.digests)} to each target: {found.alone} of one alert, {together}"


def _tell_decisions(heading: str, shown: Sequence[Previewed]) -> None:
    """Prints some decisions; on a terminal, what is the same of all of them is said once, above."""
    from alerts.phrases import ENGLISH

    columns = {
        "when (UTC)": [f"{one.decision.at:%Y-%m-%d %H:%M}" for one in shown],
        "sector": [one.sector for one in shown],
        "article": [one.title for one in shown],
        "message": ["" if one.placed is None else ENGLISH.heading(one.placed.heading) or "at once" for one in shown],
        "why": [one.decision.words for one in shown],
    }
    same = ""
    if on_terminal() and len(shown) > 1:
        common = [name for name in ("sector", "message", "why") if len(set(columns[name])) == 1]
        same = "; ".join(filter(None, (columns.pop(name)[0] for name in common)))
    say()
    say_fitted(safe(f"{heading}, the newest first{f'; all of them: {same}' if same else ''}"))
    table(zip(*columns.values(), strict=True), *columns, spare=("message",), short={"article": 24})
