"""A cycle that is killed again and again loses nothing and tells nothing twice under another name."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, text

from tests.acceptance.sampling import COMMAND, Site, sample_site


def run_and_kill(site: Site, after: float) -> bool:
    """Starts a cycle and kills it with SIGKILL after so many seconds; False when it had ended by itself."""
    process = subprocess.Popen(
        [COMMAND, "-c", site.config, "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_kills_at_any_moment_lose_nothing(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """After a dozen kills one whole cycle brings every article, and every alert with a single id."""
    url = "sqlite:///sectorwatch.db" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    random = Random(20260301)
    with sample_site(tmp_path, store_url=url) as site:
        assert site.command("run").returncode in (0, 1)
        assert not site.receivers.requests
        site.newsroom.publish()
        kills = sum(run_and_kill(site, random.uniform(0.9, 6.0)) for _ in range(12))
        assert kills >= 6, "the kills came too late to mean anything"
        for _ in range(2):  # the first waits for the leases that the last kill left behind
            site.command("run", timeout=300)
        told, wanted = site.told(), site.stories("kupiansk")
        ids = Counter(body["id"] for body in told)
        assert len(ids) == len(wanted)
        assert sum(ids.values()) <= len(wanted) + kills  # at most one repeat a kill, under the same id
        stored = site.json("deliveries", "list", "--limit", "1000")
        assert {row["state"] for row in stored} == {"sent"}
        readable = {truth.url for truth in site.newsroom.truth if truth.status == 200}
        found = {row["url"] for row in site.json("mentions", "--limit", "1000")}
        expected = {truth.url for truth in site.newsroom.truth if "kupiansk" in truth.expect} & readable
        assert expected <= found
    if kind == "sqlite":
        with create_engine(f"sqlite:///{tmp_path / 'sectorwatch.db'}").connect() as connection:
            twice = "SELECT count(*) - count(DISTINCT canonical_url) FROM articles WHERE canonical_url IS NOT NULL"
            assert connection.execute(text(twice)).scalar() == 0
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
