"""The sample newsroom with a configuration that reads it: what several acceptance tests begin with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sectorwatch.newsroom import Newsroom, Receivers, running

COMMAND = Path(sys.executable).with_name("sectorwatch")
SIGNING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass(frozen=True, kw_only=True)
class Site:
    """A newsroom, receivers, and a configuration for both."""

    newsroom: Newsroom
    receivers: Receivers
    config: Path

    def command(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Runs `sectorwatch` as its user would."""
        return subprocess.run(
            [COMMAND, "-c", self.config, *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith("SECTORWATCH_")},
        )

    def json(self, *arguments: str) -> Any:
        """What a command answers with --json."""
        done = self.command(*arguments, "--json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def stories(self, sector: str) -> set[str]:
        """The stories of the day edition that a subscriber of this sector should be told of."""
        return {truth.story for truth in self.newsroom.truth if truth.alerts and sector in truth.expect}

    def told(self) -> list[dict[str, Any]]:
        """The webhook bodies received so far."""
        return [request.json() for request in self.receivers.requests]


@contextmanager
def sample_site(
    folder: Path, *, store_url: str = "sqlite:///sectorwatch.db", sector: str = "kupiansk", group_wait: int = 60
) -> Iterator[Site]:
    """A site whose configuration is applied; the newsroom shows its morning edition."""
    with running(datetime.now(UTC)) as newsroom, Receivers() as receivers:
        config = folder / "sectorwatch.toml"
        config.write_text(_config(newsroom, receivers, store_url, sector, group_wait), "utf-8")
        site = Site(newsroom=newsroom, receivers=receivers, config=config)
        for arguments in (("db", "upgrade"), ("apply",)):
            done = site.command(*arguments)
            assert done.returncode == 0, done.stderr
        yield site


def _config(newsroom: Newsroom, receivers: Receivers, store_url: str, sector: str, group_wait: int) -> str:
    hosts = "".join(f"{json.dumps(name)} = {json.dumps(where)}\n" for name, where in newsroom.hosts.items())
    feeds = "".join(
        f"\n[[feeds]]\nurl = {json.dumps(feed.url)}\npublisher = {json.dumps(feed.publisher)}\n"
        f'language = "{feed.language}"\nside = "{feed.side.value}"\n'
        for feed in newsroom.feeds
    )
    return f"""
[store]
url = {json.dumps(store_url)}
[fetch]
allow_networks = ["127.0.0.0/8"]
page_gap_s = 0.02
patience_s = 0
[fetch.hosts]
{hosts}
[alerts]
group_wait_s = {group_wait}
[mail]
host = "127.0.0.1"
port = {receivers.smtp_port}
security = "none"
sender = "Sectorwatch <alerts@example.org>"
[[subscribers]]
name = "Desk"
zone = "Europe/Kyiv"
targets = [
    {{ label = "mail", kind = "email", to = "desk@example.org" }},
    {{ label = "hook", kind = "webhook", to = "{receivers.webhook_url}", signing_secret = "{SIGNING_SECRET}" }},
]
[[subscriptions]]
subscriber = "Desk"
sectors = ["{sector}"]
{feeds}"""
