"""What a machine and two of them can do: cycles at several sizes, two workers beside one, and what `up` costs.

    python -m benchmarks fleet [--feeds 50 500] [--pair-feeds 100] [--window 310] [--only sizes|pair|up|share]

* sizes: cycles over so many feeds of few entries: all new, nothing new, one new entry in each.
* pair: PostgreSQL, one worker with one process that reads, held to one core, and two on a core each. The newsroom
  and the database use these cores as well: what they took is taken off the time that the workers had. Every page is
  read in full, so that extraction binds.
* up: 500 feeds of which nothing is new; seconds until the first request, then CPU and memory of every process.
* share: a period of `up` over 500 feeds with so many new entries in each. Prefect's share is all of its server and
  what flow runs take that have nothing new, over what a cycle without Prefect takes once it has started.

Only meaningful on a machine that nothing else uses: the load at the start is printed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks import cycle
from flows.runtime import Runtime
from sectorwatch.newsroom import Receivers
from tests.acceptance.processes import free_port, kill_all, living
from tests.plugins.databases import own_postgres

TICK = os.sysconf("SC_CLK_TCK")
UP_FEEDS = 500
SAMPLE_S = 0.2
MONITOR_S = 300.0  # how often `up` begins a cycle


def main(arguments: list[str]) -> int:
    """Runs the parts and prints their figures; 2 where there is no newsroom."""
    if arguments[:1] == ["--one"]:  # in a process of its own
        core, config = int(arguments[1]), arguments[2]
        os.sched_setaffinity(0, {core})
        with Runtime.from_config(config) as runtime:
            runtime.poll_and_read()
        return 0
    options = parse(arguments)
    if options.newsroom is None or not options.newsroom.is_file():
        print("NO BENCHMARK WAS RUN: there is no newsroom. Give its path by NEWSROOM or --newsroom", file=sys.stderr)
        return 2
    print(f"load at the start {os.getloadavg()[0]:.1f}, {len(os.sched_getaffinity(0))} cores")
    cycle.adopt_orphans()
    for part in (sizes, pair, up, share):
        if options.only in ("", part.__name__):
            part(options)
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("NEWSROOM")
    parser.add_argument("--newsroom", type=Path, default=Path(default) if default else None)
    parser.add_argument("--port", type=int, default=8710)
    parser.add_argument("--feeds", type=int, nargs="+", default=[50, 500])
    parser.add_argument("--pair-feeds", type=int, default=100, help="feeds of 15 entries for the pair")
    parser.add_argument("--window", type=float, default=310, help="seconds that `up` is looked at: one period at least")
    parser.add_argument("--only", default="", choices=["", "sizes", "pair", "up", "share"])
    parser.add_argument("--new", type=int, nargs="+", default=[0, 2, 25], help="new entries a feed, for the share")
    return parser.parse_args(arguments)


@contextmanager
def press(
    options: argparse.Namespace, *, feeds: int, entries: int, store: str = "", everything: bool = False
) -> Iterator[tuple[str, Path]]:
    """A newsroom of its own; its control page and a configuration that has been applied."""
    chosen = argparse.Namespace(port=options.port, feeds=feeds, entries=entries, watched=0.05, faults=0.0)
    with (
        tempfile.TemporaryDirectory(prefix="sectorwatch-bench-") as folder,
        cycle.serving(options.newsroom, chosen) as control,
        Receivers() as receivers,
    ):
        config = cycle.write_config(Path(folder) / "site", control, receivers, store, everything=everything)
        cycle.sectorwatch("-c", str(config), "db", "upgrade")
        cycle.sectorwatch("-c", str(config), "apply")
        yield control, config


# ----------------------------------------------------------------------------------------------------------- sizes


def sizes(options: argparse.Namespace) -> None:
    """Cycles over few feeds and many."""
    print("\nfeeds   cycle             wall s   CPU s   articles   peak MB (main process)")
    for feeds in options.feeds:
        with press(options, feeds=feeds, entries=2) as (control, config):
            for name in ("all is new", "nothing is new", "one is new in each"):
                if name.startswith("one"):
                    cycle.call(control, "publish?n=1", method="POST")
                run = cycle.cycle(name, config, control)
                articles = run.summary["articles"]["read"] + run.summary["articles"]["from_feed"]
                print(f"{feeds:5}   {name:18}{run.wall:6.1f}  {run.cpu:6.1f}   {articles:8}   {run.peak_mb:7.0f}")


# ------------------------------------------------------------------------------------------------------------ pair


def pair(options: argparse.Namespace) -> None:
    """One worker, then two, on stores of PostgreSQL that are empty at first."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    rates = {}
    for workers in (1, 2):
        with own_postgres() as (server, url):
            with create_engine(url, isolation_level="AUTOCOMMIT").connect() as admin:
                admin.exec_driver_sql("CREATE DATABASE bench")
            store = url.set(database="bench")
            named = store.render_as_string(hide_password=False)
            with press(options, feeds=options.pair_feeds, entries=15, store=named, everything=True) as (
                control,
                config,
            ):
                shared = "[log]\nlevel = 'warning'\n[poll]\nbatch = 10\n[read]\nworkers = 1\n"  # some for the other
                config.write_text(config.read_text("utf-8").replace("[read]\n", shared), "utf-8")
                load = [newsroom_pid(options.port), server.get_pid()]
                before, spent = used(load), resource.getrusage(resource.RUSAGE_CHILDREN)
                command = [sys.executable, "-m", "benchmarks", "fleet", "--one"]
                running = [subprocess.Popen([*command, str(core), str(config)]) for core in cores[:workers]]
                assert [one.wait() for one in running] == [0] * workers
                others, since = used(load) - before, resource.getrusage(resource.RUSAGE_CHILDREN)
                with create_engine(store).connect() as asked:
                    row = asked.execute(
                        text(
                            "SELECT count(*), extract(epoch FROM max(read_at) - min(first_seen_at)),"
                            " count(*) - count(DISTINCT canonical_url) FROM articles"
                        )
                    ).one()
                pages = cycle.call(control, "stats")["kinds"]["article"]["requests"]
        own = since.ru_utime + since.ru_stime - spent.ru_utime - spent.ru_stime
        articles, seconds = row[0], float(row[1])
        had = min(workers * seconds, len(cores) * seconds - others) / workers  # of a core, each of them
        rates[workers] = articles / had
        print(
            f"\n{workers} worker(s): {articles} articles in {seconds:.1f} s, {articles / seconds:.1f} a second;"
            f" they took {own:.1f} s of CPU, newsroom and database {others:.1f} s:"
            f" {rates[workers]:.1f} a second without these;"
            f" {pages - articles} pages asked for twice, {row[2]} articles stored twice"
        )
    print(f"two workers against one: {rates[2] / rates[1]:.2f}")


def newsroom_pid(port: int) -> int:
    (found,) = (pid for pid in living("newsroom.py") if f"newsroom.py\0--port\0{port}\0" in _words(pid))
    return found


def _words(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace")


def used(roots: list[int]) -> float:
    """CPU seconds of these processes and all that they have started (proc(5)), the ended ones among them."""
    total, left = 0.0, set(roots)
    parents = {int(folder.name): _stat(folder) for folder in Path("/proc").glob("[0-9]*")}
    while left:
        pid = left.pop()
        fields = parents.get(pid) or []
        total += sum(map(int, fields[11:15])) / TICK
        left |= {child for child, stat in parents.items() if stat and int(stat[1]) == pid}
    return total


def _stat(folder: Path) -> list[str]:
    try:
        return (folder / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return []


# -------------------------------------------------------------------------------------------------------------- up


def up(options: argparse.Namespace) -> None:
    """One `sectorwatch up` over feeds of which nothing is new."""
    with press(options, feeds=UP_FEEDS, entries=5) as (control, config):
        cycle.cycle("baseline", config, control)
        with running(config, control) as home:
            print("\nnothing is new")
            show(watch(home, options.window), options.window)


def share(options: argparse.Namespace) -> None:
    """Periods of one `sectorwatch up`, the first with nothing new: what its flow runs take over a cycle is Prefect's.

    Beside a cycle that reads, that would be lost in what two cores have to wait for each other.
    """
    with press(options, feeds=UP_FEEDS, entries=max(5, *options.new)) as (control, config):
        cycle.cycle("baseline", config, control)
        started = cycle.cycle("nothing is due", config, control).cpu  # imports above all, which runs of `up` share
        make_due(config)
        plain = cycle.cycle("without Prefect", config, control).cpu - started
        with running(config, control) as home:
            of_runs = 0.0
            for new in dict.fromkeys((0, *options.new)):
                make_due(config)
                wait_for_polls(control)
                time.sleep(MONITOR_S * 2 / 3)  # the next one begins within the period that is looked at
                if new:
                    cycle.call(control, f"publish?n={new}", method="POST")
                make_due(config)
                used_by = watch(home, MONITOR_S)
                print(f"\n{new} new in each feed: {cycle.call(control, 'stats')['total']['requests']} requests")
                show(used_by, MONITOR_S)
                seconds = {part: used for part, (used, _) in used_by.items()}
                of_runs = of_runs or max(0.0, seconds["flow runs"] - plain)
                prefect = seconds["Prefect server"] + of_runs
                print(f"  Prefect's are {prefect:.1f} s, {prefect / sum(seconds.values()):.1%} of all")


@contextmanager
def running(config: Path, control: str) -> Iterator[str]:
    """`sectorwatch up` that has made its first requests and is half a minute old; gives its folder."""
    home, port = config.parent / "prefect", free_port()
    config.write_text(f"{config.read_text('utf-8')}\n[web]\nport = {free_port()}\n", "utf-8")
    make_due(config)
    cycle.call(control, "reset", method="POST")
    command = [str(Path(sys.executable).with_name("sectorwatch")), "-c", str(config), "up"]
    began = time.monotonic()
    subprocess.Popen([*command, "--port", str(port), "--home", str(home)], stdout=subprocess.DEVNULL)
    try:
        wait_for_polls(control, reset=False)
        print(f"\nup: the first request after {time.monotonic() - began:.1f} s")
        time.sleep(30)  # what begins with it
        yield str(home)
    finally:
        kill_all(str(home))


def make_due(config: Path) -> None:
    """Every feed is due, and not for so long that they would be taken for a backlog, which is spread over time."""
    with create_engine(f"sqlite:///{config.parent / 'bench.db'}").begin() as store:
        store.execute(text("UPDATE feeds SET next_poll_at = strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '-1 minute')"))


def wait_for_polls(control: str, *, reset: bool = True) -> None:
    if reset:
        cycle.call(control, "reset", method="POST")
    while not cycle.call(control, "stats")["total"]["requests"]:
        time.sleep(0.1)


def watch(home: str, window: float) -> dict[str, tuple[float, float]]:
    """What each part of it used meanwhile: seconds of CPU, and MB when all of them together had most."""
    cpu: dict[int, tuple[str, float]] = {}
    first = {pid: _own_seconds(stat) for pid in living(home) if (stat := _stat(Path(f"/proc/{pid}")))}
    peak: Counter[str] = Counter()
    until = time.monotonic() + window
    while time.monotonic() < until:
        now: Counter[str] = Counter()
        for pid in living(home):
            if stat := _stat(Path(f"/proc/{pid}")):
                part = cpu[pid][0] if pid in cpu else _part(pid)
                cpu[pid] = (part, _own_seconds(stat))
                now[part] += _pss(pid)
        peak = max(peak, now, key=lambda one: one.total())
        time.sleep(SAMPLE_S)
    by_part: Counter[str] = Counter()
    for pid, (part, seconds) in cpu.items():
        by_part[part] += seconds - first.get(pid, 0.0)
    return {part: (seconds, peak[part] / 1024) for part, seconds in by_part.most_common()}


def show(used_by: dict[str, tuple[float, float]], window: float) -> None:
    """Prints what `watch` found."""
    for part, (seconds, megabytes) in used_by.items():
        print(f"  {part:18} {seconds:6.1f} s of CPU, {megabytes:6.0f} MB at the peak of all")
    total, peak = (sum(column) for column in zip(*used_by.values(), strict=True))
    print(f"  all of it          {total:6.1f} s in {window:.0f} s: {total / window:.1%} of a core; {peak:.0f} MB")


def _own_seconds(stat: list[str]) -> float:
    return sum(map(int, stat[11:13])) / TICK


def _part(pid: int) -> str:
    """By what the process is called: they are copies, with the command line of `up`."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text("utf-8").strip()
    except OSError:
        return "ended"
    return {"flow run": "flow runs", "prefect server": "Prefect server", "the web": "web pages"}.get(name, "up")


def _pss(pid: int) -> int:
    """KB of memory, what is shared in equal parts; 0 for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
