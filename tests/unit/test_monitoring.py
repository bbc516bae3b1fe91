"""The rules and the dashboard ask for metrics that there are, and lead to sections of the runbook that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, cast

import pytest
import yaml  # type: ignore[import-untyped]  # Prefect brings it along, without types

from sectorwatch.clock import system_clock
from sectorwatch.web.metrics import Metrics
from storage.unit_of_work import Store

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deployments" / "prometheus" / "rules.yaml"
DASHBOARD = ROOT / "deployments" / "grafana" / "sectorwatch.json"
METRIC = re.compile(r"\b(sectorwatch_[a-z_]+)(?:\{([^}]*)\})?")
LABEL = re.compile(r"(\w+)\s*[!=]~?")
ADDED = {"instance", "job"}  # by Prometheus


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return cast("list[dict[str, Any]]", group["rules"])


def asked() -> list[str]:
    """Every expression of the rules and the dashboard."""
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return [rule["expr"] for rule in rules()] + [one["expr"] for panel in panels for one in panel["targets"]]


def offered() -> dict[str, set[str]]:
    """Every sample that is told, with its labels."""
    found: dict[str, set[str]] = {}
    for collector in Metrics(cast("Store", None), system_clock).registry._collector_to_names:
        labels = set(getattr(collector, "_labelnames", ()))
        for family in collector.collect():
            if family.name.startswith("process"):
                continue
            kinds = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "info": ["_info"]}
            for ending in kinds.get(family.type, [""]):
                found[family.name + ending] = labels | ({"le"} if ending == "_bucket" else set())
    return found


def test_every_expression_asks_for_what_is_told() -> None:
    """A metric or label that was renamed is noticed here, not by an alert that never comes."""
    there = offered()
    used = [(name, labels) for expression in asked() for name, labels in METRIC.findall(expression)]
    assert len(used) > 40
    for name, labels in used:
        assert name in there, name
        assert set(LABEL.findall(labels)) <= there[name] | ADDED, name


def test_every_alert_leads_to_a_section_of_the_runbook() -> None:
    """Whoever is woken finds what to do."""
    for rule in rules():
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
        assert anchor in [heading.lower().replace(" ", "-").replace(",", "") for heading in headings], rule["alert"]
        assert rule["labels"]["severity"] in ("warning", "critical")


def test_every_metric_is_explained() -> None:
    """docs/operating.md has all of them, and no other."""
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    explained = set(re.findall(r"^\| `(sectorwatch_\w+)` \|", page, re.MULTILINE))
    assert explained == {re.sub(r"_(bucket|sum|count)$", "", name) for name in offered()}


def test_every_alert_is_tried_out() -> None:
    """Each rule stands in rules_test.yaml, which the next test runs."""
    tried = (RULES.parent / "rules_test.yaml").read_text("utf-8")
    assert [rule["alert"] for rule in rules() if rule["alert"] not in tried] == []


def test_prometheus_takes_the_rules_and_they_find_what_they_should() -> None:
    """As its own tool says: every expression is understood, and every case of rules_test.yaml ends as told there."""
    tool = shutil.which("promtool")
    if tool is None:
        pytest.skip("needs promtool: install Debian's prometheus")
    for words in ("check", "rules", "rules.yaml"), ("test", "rules", "rules_test.yaml"):
        done = subprocess.run([tool, *words], cwd=RULES.parent, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("panel", json.loads(DASHBOARD.read_text("utf-8"))["panels"], ids=lambda panel: panel["title"])
def test_a_panel_has_its_place(panel: dict[str, Any]) -> None:
    """None lies over another, and each asks the data source that is chosen."""
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    over = [other["title"] for other in panels if other["id"] != panel["id"] and _overlap(other, panel)]
    assert over == []
    assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${datasource}"}


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    a, b = one["gridPos"], other["gridPos"]
    return all(a[at] < b[at] + b[size] and b[at] < a[at] + a[size] for at, size in (("x", "w"), ("y", "h")))
