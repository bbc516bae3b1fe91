"""Targets: where subscribers are told."""

from __future__ import annotations

from typing import Annotated

import typer

from sectorwatch.cli.known import no_target
from sectorwatch.cli.output import safe, say, say_fitted, show
from sectorwatch.clock import ago
from sectorwatch.domain import OnUnknown, OutcomeKind, TargetKind
from sectorwatch.errors import ConfigurationError

Number = Annotated[int, typer.Argument(help="The target's number, as 'targets list' shows it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_ADVICE = {
    OutcomeKind.PERMANENT: "it would be refused again: check the address ('targets add' corrects it) and the receiver",
    OutcomeKind.RETRYABLE: "it may pass: alerts are tried again for a day; if not, check the receiver, or [mail]",
    OutcomeKind.UNKNOWN: "it may have arrived: look there before you send it again",
}
targets = typer.Typer(help="Targets: where subscribers are told.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.add_typer(targets, name="targets")


@targets.command("list")
def list_targets(json: Json = False) -> None:
    """Every target by its label, in use or not; addresses are not shown."""
    from sectorwatch.cli.opening import opened_store
    from storage.shared_clock import now_of
    from storage.subscribers.target_rows import TargetRow, target_rows

    with opened_store() as store, store.read() as work:
        now = now_of(work)
        rows = target_rows(work)

    def cells(row: TargetRow) -> tuple[object, ...]:
        asked = f"no, asked {ago(row.asked_at, now)}" if row.asked_at else "no"
        enabled = "yes" if row.enabled else f"no: {row.disabled_reason or 'disabled'}"
        confirmed = "yes" if row.confirmed_at else asked
        return (
            row.id,
            row.subscriber,
            row.label,
            row.kind,
            enabled,
            row.health.words(now),
            confirmed,
            row.subscriptions,
        )

    heads = ("target", "subscriber", "label", "kind", "enabled", "sending", "confirmed", "subscriptions")
    show(rows, json, cells, *heads, spare=("subscriptions", "kind"), short={"subscriber": 12, "label": 16})


@targets.command()
def test(target: Number) -> None:
    """Send a real test message to a target and show what became of it."""
    from sectorwatch.cli.opening import opened_runtime

    with opened_runtime() as runtime:
        outcome = runtime.send_test(target)
    if outcome is None:
        raise no_target(target)
    say_fitted(safe(outcome.words))
    if advice := _ADVICE.get(outcome.kind):
        say_fitted(advice)
    raise typer.Exit(0 if outcome.kind is OutcomeKind.SENT else 1)


@targets.command()
def ask(target: Number) -> None:
    """Ask the owner of a target, by a message with a link, whether alerts may be sent there."""
    from flows.steps.subscribers import confirming
    from sectorwatch.cli.opening import opened_runtime

    with opened_runtime() as runtime, runtime.tools.store.write() as work:
        found = confirming.ask(work, runtime.tools, target)
        work.commit()
    say(f"{safe(found.subscriber)}'s {safe(found.label)} is asked with the next delivery; the link works for 72 hours")


@targets.command()
def confirm(target: Number) -> None:
    """Confirm a target without asking: its owner has agreed in some other way."""
    from sectorwatch.cli.opening import opened_store
    from storage.shared_clock import now_of
    from storage.subscribers import confirmations

    with opened_store() as store, store.write() as work:
        found = confirmations.target_to_ask(work, target)
        if found is None:
            raise no_target(target)
        confirmations.confirm(work, target, now=now_of(work))
        work.commit()
    say(f"{safe(found.subscriber)}'s {safe(found.label)} is confirmed")


@targets.command()
def enable(target: Number) -> None:
    """Let messages go to a target again."""
    _switch(target, enabled=True, reason="")
    say(f"target {target} is enabled")


@targets.command()
def disable(
    target: Number, reason: Annotated[str, typer.Option(help="Why, for 'targets list'.")] = "by an operator"
) -> None:
    """Send nothing to a target; what is queued for it is suppressed when it comes due."""
    _switch(target, enabled=False, reason=reason)
    say(f"target {target} is disabled: nothing is sent there, and nothing kept for it")


def _switch(target: int, *, enabled: bool, reason: str) -> None:
    from sectorwatch.cli.opening import opened_store
    from storage.subscribers import target_rows

    with opened_store() as store, store.write() as work:
        if not target_rows.switch(work, target, enabled=enabled, reason=reason):
            raise no_target(target)
        work.commit()


@targets.command()
def add(
    subscriber: Annotated[str, typer.Argument(help="Whose it is: see 'subscribers add'.")],
    label: Annotated[str, typer.Argument(help="What is shown instead of the address.")],
    to: Annotated[
        str | None,
        typer.Option(help="The address: env:NAME, file:/path, - for standard input; an e-mail address as it is."),
    ] = None,
    kind: Annotated[TargetKind, typer.Option(help="What sort of address it is.")] = TargetKind.EMAIL,
    signing_secret: Annotated[
        str | None, typer.Option(help="Webhooks: env:NAME or file:/path of the Standard Webhooks key.")
    ] = None,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="E-mail: the owner has agreed; they are not asked.")
    ] = False,
    given_by_reader: Annotated[
        bool,
        typer.Option(
            "--given-by-reader", help="A reader gave it: only services of the allow list, and the owner is asked."
        ),
    ] = False,
    links: Annotated[
        bool | None,
        typer.Option("--links/--no-links", help="Links to pause and end in the messages; not where many read."),
    ] = None,
    on_ambiguous: Annotated[
        OnUnknown, typer.Option(help="When nobody can know whether a message arrived: send it again, or hold it.")
    ] = OnUnknown.RETRY,
) -> None:
    """Add a target to a subscriber, or change its address; safe to repeat. An e-mail address is asked to confirm."""
    from flows.steps.roster import subscribing
    from sectorwatch.cli.asking import REFERENCES, secret_from
    from sectorwatch.cli.opening import opened_runtime

    plain = kind is TargetKind.EMAIL and (to or "").count("@") == 1 and "://" not in (to or "")
    if kind is TargetKind.EMAIL and to not in (None, "-") and not plain and not str(to).startswith(REFERENCES):
        raise ConfigurationError(
            "--to: this is no e-mail address such as olena@example.org. For another sort say --kind, and give the"
            " address by env:NAME, file:/path or -, as it is seen by others on the command line"
        )
    secret = secret_from(to, "the address", option="--to", plain=plain)
    signing = (
        None if signing_secret is None else secret_from(signing_secret, "the signing secret", option="--signing-secret")
    )
    new = subscribing.NewTarget(
        subscriber=subscriber,
        label=label,
        kind=kind,
        secret=secret,
        signing_secret=signing,
        given_by_reader=given_by_reader,
        confirmed=confirmed,
        links=links,
        on_unknown=on_ambiguous,
    )
    with opened_runtime() as runtime:
        number, asked = subscribing.put_target(runtime.tools, new)
    more = "; its owner is asked with the next delivery, and nothing else is sent before their yes" if asked else ""
    say(f"target {number} is {safe(subscriber)}'s {safe(label)}{more}")


@targets.command()
def remove(
    target: Number, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False
) -> None:
    """Forget a target with all that was sent there and waits for it; to stop it for a time, 'disable' it."""
    from sectorwatch.cli.asking import sure
    from sectorwatch.cli.opening import opened_store
    from storage.subscribers import target_rows

    sure(f"Forget target {target} and all its deliveries?", yes=yes)
    with opened_store() as store, store.write() as work:
        if not target_rows.remove(work, target):
            raise no_target(target)
        work.commit()
    say(f"target {target} is forgotten; one that the applied file names comes back with the next 'apply'")
