"""The flows on a real Prefect server: they hold order and names, and do what the command line does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.acceptance.sampling import sample_site


@pytest.mark.usefixtures("prefect")
def test_monitor_and_deliver_do_the_main_job(tmp_path: Path) -> None:
    """A baseline, a day's news, one mail a story; a task run for each step and none for an item."""
    from prefect.client.orchestration import get_client
    from prefect.logging.handlers import APILogHandler

    from flows.deliver import deliver
    from flows.maintain import maintain
    from flows.monitor import monitor
    from flows.steps.running.cycle_report import title

    with sample_site(tmp_path) as site:
        config = str(site.config)
        first = monitor(config, now=True)
        assert first["feeds"]["new_entries"] > 20
        assert deliver(config, seconds=0)["by_state"] == {}
        site.newsroom.publish()
        second = monitor(config, now=True)
        wanted = len(site.stories("kupiansk"))
        assert second["alerts"]["opened"] == wanted
        released = site.command("run")  # the group windows of a minute are closed by a cycle that ends all
        assert released.returncode in (0, 1)
        assert len(site.receivers.mails) == wanted
        assert deliver(config, seconds=0)["by_state"] == {}
        assert set(maintain(config).values()) == {0}
    APILogHandler().flush()  # logs are sent in the background
    with get_client(sync_client=True) as client:
        names = sorted(run.name for run in client.read_task_runs())
        runs = {run.name for run in client.read_flow_runs()}
        lines = [line.message for line in client.read_logs(limit=200)]
        reports = [one.data for one in client.read_artifacts() if one.key == "cycle-slot-0"]
    assert names == ["drain", "drain", "poll and read", "poll and read", "prune", "watch"]
    assert {name for name in runs if name.startswith("cycle 2: ")} == {f"cycle 2: {title(second)}"}
    assert {"deliver: nothing", "maintain: removed 0 rows"} <= runs
    assert f"slot 0, cycle 2: {title(second)}" in lines
    assert "removed nothing; 0 notices" in lines
    assert not any("{" in line for line in lines), "a summary as Python writes it; addresses with their keys are in it"
    assert any(line.startswith("stored by ") and "[cycle=2 feed=" in line for line in lines)
    assert len(reports) == 2
    assert any("| articles by sector |" in str(one) and "kupiansk" in str(one) for one in reports)


@pytest.mark.usefixtures("prefect")
@pytest.mark.full
def test_redetect_counts_unless_told_to_apply(tmp_path: Path) -> None:
    """The flow does what the command does, and gives numbers alone; so does that of re-extract."""
    from flows.re_extract import re_extract
    from flows.redetect import redetect
    from flows.runtime import Runtime
    from tests.builders import add_feed
    from tests.stored_articles import add_article

    config = tmp_path / "sectorwatch.toml"
    config.write_text("[store]\nurl = 'sqlite:///sectorwatch.db'", "utf-8")
    with Runtime.from_config(config) as runtime:
        add_article(runtime.tools.store, add_feed(runtime.tools.store), "Troops held Kupiansk.")

    counted = redetect(str(config))
    applied = redetect(str(config), apply=True)
    again = redetect(str(config), apply=True, sector="kupiansk")

    assert (counted["applied"], counted["sectors"]) == (False, applied["sectors"])
    assert applied["sectors"] == {"kupiansk": {"before": 0, "after": 1, "gained": 1, "lost": 0}}
    assert again["articles"]["looked_at"] == 0
    assert "gained" not in counted
    kept = re_extract(str(config))
    assert (kept["applied"], kept["articles"]["stored"], "examples" in kept) == (False, 0, False)


@pytest.mark.usefixtures("prefect")
def test_a_failing_configuration_fails_the_run_in_words(tmp_path: Path) -> None:
    """A flow run with a broken file fails and says what is wrong with it."""
    from flows.monitor import monitor
    from sectorwatch.errors import ConfigurationError

    broken = tmp_path / "sectorwatch.toml"
    broken.write_text("[stor]\nurl = 'x'", "utf-8")
    with pytest.raises(ConfigurationError, match="did you mean store"):
        monitor(str(broken))


@pytest.mark.usefixtures("prefect")
def test_a_secret_may_lie_in_a_block() -> None:
    """Asked from within an event loop, too; a missing one is refused by its name."""
    from prefect.blocks.system import Secret

    import flows.monitor  # noqa: F401 - which makes the blocks known
    from sectorwatch.errors import ConfigurationError
    from sectorwatch.settings.references import resolve_secret

    Secret(value="s3cret").save("mail-password")

    async def asked() -> str:
        return resolve_secret("prefect:mail-password").reveal()

    assert resolve_secret("prefect:mail-password").reveal() == "s3cret"
    assert asyncio.run(asked()) == "s3cret"
    with pytest.raises(ConfigurationError, match="Secret block 'mail-pasword': there is none of that name"):
        resolve_secret("prefect:mail-pasword")


@pytest.mark.usefixtures("prefect")
@pytest.mark.full
@pytest.mark.parametrize("by", ["report", "deliver"])
def test_operators_are_told_of_failed_runs(tmp_path: Path, by: str) -> None:
    """By their own targets, in one notice for a flow, without the words of an exception; again only when more fail.

    The drain tells of them where no automation has started the report.
    """
    from flows.deliver import deliver
    from flows.monitor import monitor
    from flows.report import report
    from sectorwatch.errors import ConfigurationError

    broken = tmp_path / "broken.toml"
    broken.write_text("[stor]\nurl = 'x'", "utf-8")
    for _ in range(2):
        with pytest.raises(ConfigurationError):
            monitor(str(broken))
    with sample_site(tmp_path) as site:
        hook = f'{{ label = "ops", kind = "webhook", to = "{site.receivers.webhook_url}" }}'
        text = site.config.read_text("utf-8").replace("[mail]", f"[operators]\ntargets = [{hook}]\n[mail]")
        site.config.write_text(text, "utf-8")
        assert site.command("apply").returncode == 0
        for _ in range(2):
            assert report(str(site.config)) if by == "report" else deliver(str(site.config), seconds=0)
        (told,) = site.told()
    (item,) = [one for one in told["items"] if one["subject"] == "monitor"]  # other tests' runs may have failed too
    assert told["kind"] == "run_failed"
    assert "failed; the last: monitor-0" in str(item)
    assert "did you mean" not in str(told)
