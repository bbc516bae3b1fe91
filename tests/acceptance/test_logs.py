"""The log of a whole cycle, as the machine of an operator reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.sampling import sample_site

IDS = {
    "flows.runtime": set[str](),
    "flows.steps.polling.store_polls": {"feed"},
    "flows.steps.reading.read_articles": {"feed", "entry"},
    "flows.steps.alerting.deliver_alerts": {"delivery", "alerts", "articles"},
    "flows.steps.alerting.record_outcomes": {"delivery", "alerts", "target"},
}


@pytest.mark.full
def test_every_line_of_a_cycle_is_json_and_can_be_joined(tmp_path: Path) -> None:
    """By the cycle all of them; a delivery by its number with the articles that it tells of, these with their feeds."""
    with sample_site(tmp_path) as site:
        with Path(site.config).open("a", encoding="utf-8") as file:
            file.write('\n[log]\nformat = "json"\nlevel = "debug"\n')
        site.command("run")
        site.newsroom.publish()
        done = site.command("run")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {line["logger"] for line in lines} == set(IDS)
    assert {line["cycle"] for line in lines} == {2}
    for line in lines:
        assert IDS[line["logger"]] | {"at", "level", "message"} <= set(line), line
    stored = {line["article"]: line for line in lines if line["message"].startswith("stored")}
    told = [line for line in lines if line["message"] == "put into words"]
    sent = [line["delivery"] for line in lines if line["message"].startswith("delivery sent")]
    assert len(sent) == len(set(sent)) > 0
    assert sorted(line["delivery"] for line in told) == sorted(sent)
    assert {number for line in told for number in line["articles"]} <= set(stored)
    polled = {line["feed"] for line in lines if line["logger"] == "flows.steps.polling.store_polls"}
    assert {line["feed"] for line in stored.values()} <= polled
