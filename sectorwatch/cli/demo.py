"""`sectorwatch demo`: the whole pipeline, through Prefect, on the bundled sample newsroom."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sectorwatch.cli.called import called
from sectorwatch.cli.demo_file import HEADING, is_demo
from sectorwatch.cli.output import safe, say
from sectorwatch.errors import ConfigurationError
from sectorwatch.newsroom import Mail, Newsroom, Receivers, WebhookRequest, running
from sectorwatch.plurals import counted

FOLDER = Path("var/demo")
READER = "Reader"
ADDRESS = "reader@example.org"
_ANCHOR = "anchor.txt"  # the hour that the newsroom's dates count from: kept, so that a second demo knows its news
_CONFIG = "sectorwatch.toml"


def play(folder: Path, *, fresh: bool) -> int:
    """Plays the demo in `folder`; the second time it only says what is known already. Returns the exit code."""
    _refuse_other(folder)
    if fresh:
        _forget(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be made: {error.strerror}; choose another --folder") from error
    anchor, first = _anchor(folder)
    began = time.monotonic()
    with running(anchor) as newsroom, Receivers() as receivers:
        _write_config(folder / _CONFIG, newsroom, receivers)
        cycle = _cycle(folder)
        _apply(folder)
        if first:
            say(f"\n1. The morning: {len(newsroom.feeds)} feeds are polled for the first time (their baseline).")
            _tell(cycle())
            _expect_silence(receivers)
            say("\n2. The day: the newsroom publishes its news.")
        else:
            again = f"{called()} demo --fresh" + ("" if folder == FOLDER else f" --folder {shlex.quote(str(folder))}")
            say(f"\nThis newsroom is known from an earlier demo ('{again}' forgets it).")
        newsroom.publish()
        _tell(cycle())
        _show_archive(folder)
        _show_received(receivers, first=first)
    say(f"\nDone in {time.monotonic() - began:.0f} s. Everything is kept in {folder}; to look around:")
    for command in ("mentions --sector kupiansk", "feeds list", "stories", "deliveries list", "suppressions", "web"):
        say(f"  {called()} -c {shlex.quote(str(folder / _CONFIG))} {command}")
    if not first:
        return 0
    (folder / _ANCHOR).write_text(anchor.isoformat(), "utf-8")
    return 0 if receivers.mails and receivers.requests else 1


def _refuse_other(folder: Path) -> None:
    """Leaves alone whatever is not a demo's folder. Raises ConfigurationError."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not is_demo(folder / _CONFIG):
        raise ConfigurationError(f"{folder} holds something that is no demo: choose another --folder")


def _forget(folder: Path) -> None:
    """Removes what an earlier demo left, and nothing else."""
    for leftover in (*folder.glob("sectorwatch.db*"), folder / _ANCHOR):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(folder / "prefect", ignore_errors=True)


def _anchor(folder: Path) -> tuple[datetime, bool]:
    """When the newsroom's day is, and whether it is the first time; a demo that was cut short begins anew."""
    kept = folder / _ANCHOR
    if kept.is_file():
        return datetime.fromisoformat(kept.read_text("utf-8").strip()), False
    for leftover in folder.glob("sectorwatch.db*"):
        leftover.unlink()
    return datetime.now(UTC), True


def _write_config(path: Path, newsroom: Newsroom, receivers: Receivers) -> None:
    """The demo's configuration: an ordinary file, with the newsroom's addresses and the local receivers in it."""
    hosts = "".join(f"{_quoted(host)} = {_quoted(address)}\n" for host, address in newsroom.hosts.items())
    feeds = "".join(
        "\n[[feeds]]\n"
        + "".join(
            f"{key} = {_quoted(value)}\n"
            for key, value in (
                ("url", feed.url),
                ("title", feed.title),
                ("language", feed.language),
                ("publisher", feed.publisher),
                ("country", feed.country),
                ("side", feed.side.value),
            )
        )
        for feed in newsroom.feeds
    )
    webhook = receivers.webhook_url.removeprefix("http://")
    path.touch(mode=0o600)
    path.chmod(0o600)  # as the files of operators have to be: addresses of webhooks are secrets
    path.write_text(
        f"""{HEADING}

[store]
url = "sqlite:///sectorwatch.db"

[fetch]
contact = "https://example.org/demo"
page_gap_s = 0.1                      # the newsroom is ours; 1 s is polite elsewhere
patience_s = 2
allow_networks = ["127.0.0.0/8"]      # the newsroom and the receivers are on this machine

[fetch.hosts]                         # instead of DNS
{hosts}
[mail]
host = "127.0.0.1"
port = {receivers.smtp_port}
security = "none"
sender = "Sectorwatch <alerts@sectorwatch.example.org>"

[alerts]
group_wait_s = 0

[[subscribers]]
name = "{READER}"
zone = "Europe/Kyiv"
targets = [
    {{ label = "mailbox", kind = "email", to = "{ADDRESS}" }},
    {{ label = "webhook by Apprise", kind = "apprise", to = "json://{webhook}" }},
]

[[subscriptions]]
subscriber = "{READER}"
name = "Kupiansk"
sectors = ["kupiansk"]
{feeds}""",
        "utf-8",
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _apply(folder: Path) -> None:
    from flows.runtime import Runtime
    from flows.steps.roster.apply import apply_roster

    with Runtime.from_config(folder / _CONFIG) as runtime:
        apply_roster(runtime.tools)


def _cycle(folder: Path) -> Callable[[], dict[str, Any]]:
    """One cycle through the real Prefect flows, on a temporary server."""
    from flows.serving import prefect_environment

    os.environ.update(prefect_environment(folder / "prefect", api_url=None))
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "CRITICAL")
    os.environ.setdefault("PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW", "ignore")
    say("starting Prefect with a temporary server (10 to 30 s) ...")
    from flows.deliver import deliver
    from flows.monitor import monitor

    config = str((folder / _CONFIG).resolve())

    def cycle() -> dict[str, Any]:
        result = monitor(config, now=True)
        return {**result, "deliveries": deliver(config, seconds=0)}

    return cycle


def _tell(result: dict[str, Any]) -> None:
    feeds, articles, alerts = result["feeds"], result["articles"], result["alerts"]
    states = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in sorted(feeds["by_status"].items()))
    say(f"   feeds     {feeds['polled']} polled: {states}")
    say(f"   entries   {feeds['new_entries']} new, {feeds['changed_entries']} changed")
    say(f"   articles  {articles['read']} read, {articles['from_feed']} from the feed's own text,"
        f" {articles['known']} known already")  # fmt: skip
    say(
        f"   alerts    {alerts['opened']} opened, {alerts['folded']} folded into one, {alerts['suppressed']} suppressed"
    )
    sent = result["deliveries"]["by_state"]
    say(f"   sent      {', '.join(f'{count} {state}' for state, count in sorted(sent.items())) or 'nothing'}")
    for problem in feeds["failed"] + articles["failed"]:
        say(f"   problem   {safe(problem['url'])}: {safe(problem['error'])}")


def _expect_silence(receivers: Receivers) -> None:
    count = len(receivers.requests) + len(receivers.mails)
    sent = counted(count, "message was", "messages were")
    say("   Nothing was sent: what a feed lists at its first poll is stored, not alerted." if not count else
        f"   {sent} sent although this was the baseline: please report this.")  # fmt: skip


def _show_archive(folder: Path) -> None:
    """The state of each feed, and each sector with its latest sentence."""
    from sectorwatch.settings import load
    from storage.engine import open_engine
    from storage.unit_of_work import Store
    from storage.views import feeds as feed_views
    from storage.views import queries

    store = Store(open_engine(load(folder / _CONFIG).store.url))
    with store.read() as work:
        feeds = feed_views.feed_rows(work)
        counts = queries.mention_counts(work)
        latest = {sector: queries.mention_rows(work, sector=sector, limit=1)[0] for sector in counts}
    store.close()
    say("\nFeeds:")
    for feed in feeds:
        why = f" ({safe(feed.reason)})" if feed.reason else ""
        say(f"   {feed.state:8} {safe(feed.title)}: {counted(feed.entries, 'entry', 'entries')}{why}")
    say("\nSectors found, each with its latest sentence:")
    for sector, count in counts.items():
        row = latest[sector]
        say(f"   {sector} in {counted(count, 'article')}")
        say(f"      {safe(row.publisher)}, {row.language}: {safe(row.sentence)}")


def _show_received(receivers: Receivers, *, first: bool) -> None:
    requests, mails = receivers.requests, receivers.mails
    if not requests and not mails:
        say("\nThe receivers got 0 requests and 0 mails" + ("." if first else ": everything was told before."))
        return
    got = f"{counted(len(mails), 'mail')} and {counted(len(requests), 'webhook request')}"
    say(f"\nThe subscriber received {got}. One of each, as it came:")
    _show_mails(mails[:1])
    _show_requests(requests[:1])
    for mail in mails[1:]:
        say(f"\n   and: {safe(str(mail.message['Subject']))}")


def _show_mails(mails: Iterable[Mail]) -> None:
    for mail in mails:
        message = mail.message
        say(f"\n   --- mail to {', '.join(mail.recipients)} ---")
        for header in ("From", "To", "Subject", "Message-ID"):
            say(f"   {header}: {safe(str(message[header]))}")
        body = message.get_body(("plain",))
        say()
        for line in (body.get_content() if body is not None else "").splitlines():
            say(f"   {safe(line)}")


def _show_requests(requests: Iterable[WebhookRequest]) -> None:
    for request in requests:
        say(f"\n   --- {request.method} {request.path} ({request.headers.get('Content-Type', '')}) ---")
        text = json.dumps(request.json(), ensure_ascii=False, indent=2)
        for line in text.splitlines():
            say(f"   {safe(line)}")
