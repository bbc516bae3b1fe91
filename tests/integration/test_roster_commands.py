"""Subscribers, targets and subscriptions by command: every option of the file, safe to repeat, forgotten whole."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from typer.main import get_command
from typer.testing import CliRunner

from sectorwatch.cli.main import app
from sectorwatch.cli.subscription_add import add
from sectorwatch.domain import Every, Mode, Salience
from sectorwatch.errors import ConfigurationError, InputError
from sectorwatch.settings.roster import CriticalSpec, SubscriptionSpec
from storage.alerting import outbox, silences
from storage.secrets import Vault
from storage.subscribers import subscriptions
from storage.tables import metadata
from storage.unit_of_work import Store
from storage.views import queries
from tests.builders import NOON, add_entries, add_feed, read_article
from tests.integration.test_store_outbox import LATER, due, entry, file

EVERYTHING = (
    "--name late --sector kupiansk --sector lyman --place dvorichna --lang uk --side official --publisher News"
    " --min-score 0.7 --min-salience lead --context place --target mail --group-wait 5 --digest week --digest-at 07:30"
    " --digest-day friday --quiet 22:00-07:00 --critical-score 0.9 --critical-headline --critical-sector lyman"
    " --hourly-cap 3 --paused"
)


@pytest.fixture
def call(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Calls a command on the store; gives what it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECTORWATCH_STORE__URL", store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("COLUMNS", "200")

    def called(words: str, *, stdin: str = "") -> str:
        return CliRunner().invoke(app, words.split(), input=stdin, catch_exceptions=False).output

    return called


def test_a_subscriber_is_set_up_by_hand_and_apply_leaves_them_alone(call: Any, store: Store) -> None:
    """Every option arrives in the store; the same command again changes nothing."""
    assert call("subscribers add Olena --zone Europe/Kyiv --language uk") == "Olena: done\n"
    assert call("subscribers add Olena --zone Europe/Kyiv --language uk") == "Olena: nothing to change\n"
    assert "target 1 is Olena's mail\n" in call("targets add Olena mail --to olena@example.org --confirmed")
    call("targets add Olena chat --given-by-reader --confirmed --to -", stdin="https://ntfy.sh/front-news\n")
    assert "added" in call("subscriptions add Olena --sector kupiansk")
    assert "unchanged" in call("subscriptions add Olena --sector kupiansk")
    assert "changed" in call("subscriptions add Olena --sector lyman")
    assert "added" in call(f"subscriptions add Olena {EVERYTHING}")
    assert "unchanged" in call(f"subscriptions add Olena {EVERYTHING}")
    Path("sectorwatch.toml").write_text("", "utf-8")
    assert "subscription" not in call("apply sectorwatch.toml")
    with store.read() as work:
        first, late = subscriptions.every(work, Vault())
    assert (first.rule.sectors, [target.label for target in first.targets]) == (("lyman",), ["mail", "chat"])
    assert first.targets[1].secret.reveal() == "ntfys://ntfy.sh/front-news"
    assert (late.subscriber.zone, late.subscriber.language, late.paused) == ("Europe/Kyiv", "uk", True)
    assert (late.rule.places, late.rule.min_score, late.rule.min_salience) == (("dvorichna",), 0.7, Salience.LEAD)
    assert (late.schedule.mode, late.schedule.every, late.schedule.weekday) == (Mode.DIGEST, Every.WEEK, 4)
    assert (late.schedule.critical.sectors, late.schedule.hourly_cap) == (("lyman",), 3)
    assert late.group_wait.total_seconds() == 5
    people = json.loads(call("subscribers list --json"))
    assert [(one["name"], one["managed"], one["targets"], one["subscriptions"]) for one in people] == [
        ("Olena", False, 2, 2)
    ]
    assert "is forgotten" in call("subscriptions remove 2 --yes")
    assert "target 2 is forgotten" in call("targets remove 2 --yes")


def test_who_is_taken_out_of_the_file_was_not_added_by_hand(call: Any) -> None:
    """The list says who is in the file and who is not, and no more."""
    file = Path("sectorwatch.toml")
    file.write_text('[[subscribers]]\nname = "Olena"\n', "utf-8")
    call("apply sectorwatch.toml")
    assert re.search(r"^Olena +UTC +en +yes ", call("subscribers list"), re.MULTILINE)
    file.write_text("", "utf-8")
    call("apply sectorwatch.toml")
    assert re.search(r"^Olena +UTC +en +no ", call("subscribers list"), re.MULTILINE)
    assert "by hand" not in call("subscribers list")


def test_every_key_of_the_file_has_its_option() -> None:
    """Whoever adds a key for subscriptions gives it to the command too."""
    options = set(add.__annotations__) - {"return"}
    keys = set(SubscriptionSpec.model_fields) - {"critical"} | {
        "critical_score",
        "critical_headline",
        "critical_sectors",
    }
    assert options == keys
    assert set(CriticalSpec.model_fields) == {"min_score", "headline", "sectors"}
    assert "subscribers" in get_command(app).commands  # type: ignore[attr-defined]  # it is a group


WRONG = [
    ("subscribers add Olena --zone Europe/Kiiv", "is no time zone"),
    ("subscribers add operators", "operators"),
    ("subscribers add Olena --zone Europe", "is no time zone"),  # a folder of zones
    ("subscribers add Olena --zone localtime", "is no time zone"),
    ("subscribers add Olena --zone " + "A" * 5000, "is no time zone"),
    ("subscribers add \u202eanelO", "a name has 1 to 200 visible characters"),
    ("subscribers add " + "a" * 201, "a name has 1 to 200 visible characters"),
    ("subscribers add ''", "a name has 1 to 200 visible characters"),
    ("targets add Olena ma\x07il --to a@example.org --confirmed", "a name has 1 to 200 visible characters"),
    ("subscriptions add Olena --name 'a ' --target mail", "a name has 1 to 200 visible characters"),
    ("subscriptions add Olena --group-wait 99999999999", "group_wait_s: Input should be less than or equal"),
    ("targets enable 99999999999999999999", "a number is larger than the store can hold"),
    ("targets add Nobody mail --to a@example.org --confirmed", "there is no subscriber 'Nobody'; known: Olena"),
    ("targets add Olna mail --to a@example.org --confirmed", "there is no subscriber 'Olna'; did you mean 'Olena'?"),
    ("targets add Olena mail --to a@example.org", "set public_url, or say --confirmed"),
    ("targets add Olena mail --to nonsense --confirmed", "this is no e-mail address"),
    ("targets add Olena mail --to a@b@c --confirmed", "this is no e-mail address such as"),
    ("targets add Olena chat --kind apprise --to tgram://TOKEN/1", "--to: a secret on the command line is seen"),
    ("targets add Olena chat --kind apprise --to env:NOWHERE", "NOWHERE is not set"),
    ("targets add Olena hook --kind webhook --to -", "the address is empty"),
    ("targets add Olena hook --kind webhook", "the address is missing: give env:NAME"),
    ("subscriptions add Olena", "has no target yet"),
    (
        "subscriptions add Olena --sector kupiask",
        "Olena/default names the unknown sector 'kupiask': did you mean 'kupiansk'?",
    ),
    ("subscriptions add Olena --target sms", "has no target 'sms'"),
    ("subscriptions add Olena --quiet 22-7", "quiet: '22-7' are no quiet hours"),
    ("subscriptions add Olena --min-score 7", "min_score: Input should be less than or equal to 1"),
    ("subscriptions remove 9 --yes", "no subscription 9"),
    ("subscriptions restart 9", "no subscription 9"),
    ("targets remove 9 --yes", "no target 9"),
    ("subscribers erase Olena", "Nobody can be asked here: say --yes"),
    ("subscribers erase Nobody", "there is no subscriber 'Nobody'"),
    ("subscribers erase Nobody --yes", "there is no subscriber 'Nobody'"),
    ("subscribers export Nobody", "there is no subscriber 'Nobody'"),
]


def test_wrong_use_is_said_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong, and what to do; never the secret."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    runner.invoke(app, ["subscribers", "add", "Olena"], catch_exceptions=False)
    for words, said in WRONG:
        with pytest.raises((ConfigurationError, InputError)) as caught:
            runner.invoke(app, shlex.split(words), catch_exceptions=False)
        assert said in str(caught.value), words
        assert "TOKEN" not in str(caught.value)
    assert "none" in runner.invoke(app, ["targets", "list"], catch_exceptions=False).output


def test_what_the_file_names_is_changed_in_the_file(call: Any) -> None:
    """A command that the next apply would undo is refused."""
    text = '[[subscribers]]\nname = "Desk"\ntargets = [{label = "mail", kind = "email", to = "d@example.org"}]\n'
    Path("sectorwatch.toml").write_text(text + '[[subscriptions]]\nsubscriber = "Desk"\n', "utf-8")
    call("apply sectorwatch.toml")
    for words in ("subscribers add Desk --zone UTC", "subscriptions add Desk", "subscriptions remove 1 --yes"):
        with pytest.raises(ConfigurationError, match="is in the applied file"):
            call(words)


def test_a_subscriber_reads_all_that_is_kept_and_is_forgotten_whole(call: Any, store: Store) -> None:
    """The export has their address and every delivery, nobody's keys; then no table has a trace of them."""
    call("subscribers add Olena-Persona")
    call("targets add Olena-Persona mail --to olena.private@example.org --confirmed")
    call("targets add Olena-Persona hook --kind webhook --to -", stdin="https://hook.example.org/s3cret\n")
    call("subscriptions add Olena-Persona --name private-wish --sector kupiansk --group-wait 0")
    call("subscribers add Other")
    call("targets add Other mail --to other@example.org --confirmed")
    call("subscriptions add Other --sector kupiansk --group-wait 0")
    add_entries(store, add_feed(store), 1, now=LATER)
    with store.write() as work:
        work.connection.execute(update(metadata.tables["subscriptions"]).values(active_from=NOON))
        silences.add(
            work,
            sector=None,
            subscription_id=1,
            subscriber_id=None,
            starts_at=NOON,
            ends_at=LATER,
            author="ops",
            reason="private-wish",
        )
        work.commit()
    file(store, entry(store, 1), read_article("News 1 of Kupiansk."))
    claimed = due(store)
    with store.write() as work:
        for delivery in claimed:
            outbox.freeze(work, delivery.id, {"text": f"to {delivery.target.secret.reveal()}"})
        work.commit()
    exported = call("subscribers export Olena-Persona")
    kept = json.loads(exported)
    assert kept["targets"][0]["address"] == "olena.private@example.org"
    assert "kept, and not shown" in kept["targets"][1]["address"]
    assert {name: len(rows) for name, rows in kept.items() if name != "subscriber"} == {
        "targets": 2,
        "confirmations": 0,
        "subscriptions": 1,
        "subscription_targets": 2,
        "silences": 1,
        "alerts": 1,
        "alert_articles": 1,
        "suppressions": 0,
        "false_alarms": 0,
        "deliveries": 2,
        "delivery_alerts": 2,
        "delivery_attempts": 2,
    }
    assert "other@example.org" not in exported
    assert "s3cret" not in exported.replace('"text": "to https://hook.example.org/s3cret"', "")
    said = call("subscribers erase Olena-Persona --yes")
    assert "2 targets, 1 subscription, 1 alert, 2 deliveries" in said
    with store.read() as work:
        everything = str([work.connection.execute(select(table)).all() for table in metadata.sorted_tables])
        left = queries.delivery_rows(work, limit=9)
    assert not any(trace in everything for trace in ("Olena-Persona", "olena.private", "private-wish", "s3cret"))
    assert [row.subscriber for row in left] == ["Other"]
    with pytest.raises(ConfigurationError, match="known: Other"):
        call("subscribers erase Olena-Persona --yes")
