"""Three whole cycles over a local newsroom of real pages: baseline, nothing new, two new entries a feed.

    make bench NEWSROOM=path/to/newsroom.py

Then the first cycle again on an empty store with every page read in full, and beside both `plain_loop`: what
people do today. Nobody waits for hosts, whose pause between pages is switched off: the machine is what is measured.
With `--rounds 10`, instead: eleven cycles of all new entries, to see whether a full store costs more than an empty one.

The newsroom serves `--feeds` feeds of `--entries` entries on loopback addresses and tells on its control page which
articles had a sentence about a sector planted in them: that is the truth that mentions and alerts are held against.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.plain_loop import Looped
from sectorwatch.newsroom import Receivers

READY_S = 120.0
SECTOR = "kupiansk"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One `sectorwatch run` as a process, and what the newsroom saw of it."""

    name: str
    wall: float
    cpu: float  # seconds, of all its processes
    own_cpu: float  # of the main process: everything but parsing, extraction and detection
    peak_mb: float  # of the main process
    pool_peak_mb: float  # of the largest process so far
    busy: float  # share of all cores, whoever used them, while it read; the newsroom is among them
    summary: dict[str, Any]
    requests: dict[str, Any]
    code: int


def main() -> int:
    """Runs the benchmark and prints its tables; 2 where there is no newsroom."""
    options = parse()
    newsroom = options.newsroom
    if newsroom is None or not newsroom.is_file():
        print(
            "NO BENCHMARK WAS RUN: there is no newsroom. Give its path: make bench NEWSROOM=path/to/newsroom.py",
            file=sys.stderr,
        )
        return 2
    adopt_orphans()
    with (
        tempfile.TemporaryDirectory(prefix="sectorwatch-bench-") as folder,
        serving(newsroom, options) as control,
        Receivers() as receivers,
    ):
        if options.rounds:
            grow(Path(folder), control, receivers, options)
            return 0
        plain = loop_beside(control, options.plain)
        everything = write_config(Path(folder) / "everything", control, receivers, "", everything=True)
        sectorwatch("-c", str(everything), "apply")
        full = cycle("in full: first", everything, control)
        config = write_config(Path(folder) / "skimming", control, receivers, options.store)
        sectorwatch("-c", str(config), "apply")
        runs = [cycle("first", config, control), cycle("second", config, control)]
        told = len(receivers.requests)
        baseline = {entry["link"] for entry in call(control, "entries")}
        call(control, f"publish?n={options.publish}", method="POST")
        runs.append(cycle("third", config, control))
        for extra in range(options.more):
            runs.append(cycle(f"then {extra + 1}", config, control))
        report(runs, control, config, receivers, told, baseline)
        compare(plain, full, runs[0])
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("NEWSROOM")
    parser.add_argument("--newsroom", type=Path, default=Path(default) if default else None)
    parser.add_argument("--port", type=int, default=8700)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--entries", type=int, default=25)
    parser.add_argument("--watched", type=float, default=0.05)
    parser.add_argument("--faults", type=float, default=0.0)
    parser.add_argument("--publish", type=int, default=2)
    parser.add_argument("--plain", type=int, default=20, help="feeds that the plain loop reads")
    parser.add_argument("--more", type=int, default=0, help="further cycles, for what failed in passing")
    parser.add_argument(
        "--rounds", type=int, default=0, help="instead: so many cycles over all new entries, as it grows"
    )
    parser.add_argument("--store", default="", help="address of an empty store (default: SQLite in a new folder)")
    return parser.parse_args()


@contextmanager
def serving(newsroom: Path, options: argparse.Namespace) -> Iterator[str]:
    """The newsroom as a process; gives the address of its control page."""
    control = f"http://127.0.0.1:{options.port}/_control"
    with suppress(OSError):
        call(control, "stats")
        raise SystemExit(f"another newsroom serves port {options.port}: choose one with --port")
    command = [sys.executable, str(newsroom), "--port", str(options.port), "--feeds", str(options.feeds)]
    command += [
        "--entries",
        str(options.entries),
        "--watched",
        str(options.watched),
        "--distinct",
        "--faults",
        str(options.faults),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + READY_S
        while True:
            try:
                call(control, "stats")
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("the newsroom did not start") from None
                time.sleep(0.2)
        yield control
    finally:
        process.terminate()
        process.wait()


def call(control: str, path: str, *, method: str = "GET") -> Any:
    with urlopen(Request(f"{control}/{path}", method=method), timeout=60) as answer:
        return json.loads(answer.read())


def loop_beside(control: str, feeds: int) -> Looped:
    """The plain loop over some of the feeds, in a process of its own."""
    urls = [feed["url"] for feed in call(control, "feeds")[:feeds]]
    command = [sys.executable, "-m", "benchmarks.plain_loop", *urls]
    articles, found, cpu = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return Looped(articles=int(articles), found=int(found), cpu=float(cpu))


def write_config(
    folder: Path,
    control: str,
    receivers: Receivers,
    store: str,
    *,
    everything: bool = False,
    page_gap_s: int | None = 0,
) -> Path:
    """All feeds of the newsroom, and one subscriber of one sector."""
    folder.mkdir()
    feeds = "".join(
        f"\n[[feeds]]\nurl = {json.dumps(feed['url'])}\ntitle = {json.dumps(feed['title'])}\n"
        for feed in call(control, "feeds")
    )
    config = folder / "sectorwatch.toml"
    config.write_text(
        f"""
[store]
url = {json.dumps(store or "sqlite:///bench.db")}
[fetch]
allow_networks = ["127.0.0.0/8"]
connections = 128
{"" if page_gap_s is None else f"page_gap_s = {page_gap_s}"}
[read]
everything = {str(everything).lower()}
[[subscribers]]
name = "bench"
targets = [{{ label = "hook", kind = "webhook", to = "{receivers.webhook_url}" }}]
[[subscriptions]]
subscriber = "bench"
sectors = ["{SECTOR}"]
{feeds}""",
        "utf-8",
    )
    return config


def sectorwatch(*arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("sectorwatch")), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 2:
        raise SystemExit(done.stderr)
    return done.stdout


def cycle(name: str, config: Path, control: str) -> Run:
    """One `sectorwatch run` in a process of its own, measured from outside with everything it starts."""
    call(control, "reset", method="POST")
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [str(Path(sys.executable).with_name("sectorwatch")), "-c", str(config), "run", "--json"]
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out)
        used_by_then = watched(process.pid)
        wall, own_cpu = time.monotonic() - began, own_cpu_of(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        reap_orphans()
        out.seek(0)
        summary = json.loads(out.read())
        ended = began + wall - summary["seconds"]["deliver"]
        busy = share_used(used_by_then, ended - summary["seconds"]["read"], ended)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(
        name=name,
        wall=wall,
        cpu=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        own_cpu=own_cpu,
        peak_mb=used.ru_maxrss / 1024,
        pool_peak_mb=after.ru_maxrss / 1024,
        busy=busy,
        summary=summary,
        requests=call(control, "stats"),
        code=process.returncode,
    )


def watched(pid: int) -> list[tuple[float, float]]:
    """How many seconds all cores had worked by when, until the process ended, which nobody has waited for yet."""
    told = []
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        told.append((time.monotonic(), cores_worked()))
        time.sleep(0.1)
    return told


def cores_worked() -> float:
    """Seconds since the machine began (proc(5)): all but idle and waiting for disks."""
    fields = [int(field) for field in Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def share_used(told: list[tuple[float, float]], since: float, until: float) -> float:
    """The share of all cores that worked in that time, 0 to 1; 0 where it was too short to tell."""
    within = [one for one in told if since <= one[0] <= until]
    if len(within) < 2:
        return 0.0
    (first, before), (last, after) = within[0], within[-1]
    return (after - before) / ((last - first) * len(os.sched_getaffinity(0)))


def own_cpu_of(pid: int) -> float:
    """CPU seconds of an ended process that nobody has waited for yet, without those of its children (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def adopt_orphans() -> None:
    """Makes this process the parent of what its children leave behind: their CPU time counts when they are reaped."""
    set_child_subreaper = 36  # PR_SET_CHILD_SUBREAPER, see prctl(2)
    ctypes.CDLL(None).prctl(set_child_subreaper, 1)


def reap_orphans() -> None:
    """Waits for the pool's processes and their server, which end right after the process that started them."""
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < 1.0:
        if os.waitpid(-1, os.WNOHANG)[0]:
            quiet_since = time.monotonic()
        else:
            time.sleep(0.05)


def grow(folder: Path, control: str, receivers: Receivers, options: argparse.Namespace) -> None:
    """Fills an empty store round by round, each with all new entries, and prints what an article cost in each."""
    config = write_config(folder / "growing", control, receivers, options.store)
    sectorwatch("-c", str(config), "apply")
    print("round   articles   ms of CPU an article: in all, outside the sandbox   articles a second")
    stored = 0
    for number in range(options.rounds + 1):
        if number:
            call(control, f"publish?n={options.entries}", method="POST")
        run = cycle(f"round {number}", config, control)
        done = run.summary["articles"]["read"] + run.summary["articles"]["from_feed"]
        stored += done
        print(
            f"{number:5} {stored:10,} {1000 * run.cpu / done:22.1f} {1000 * run.own_cpu / done:15.1f}"
            f" {done / run.wall:25.1f}",
            flush=True,
        )


def tell(run: Run) -> None:
    """Prints one cycle."""
    feeds, articles = run.summary["feeds"], run.summary["articles"]
    done = articles["read"] + articles["from_feed"]
    seen = run.requests["total"]
    print(f"\n{run.name} cycle: {run.wall:.1f} s, CPU {run.cpu:.1f} s ({run.own_cpu / run.cpu:.0%} of it outside the")
    print(
        f"  sandbox), peak {run.peak_mb:.0f} MB, largest process so far {run.pool_peak_mb:.0f} MB; exit code {run.code}"
    )
    print(f"  {feeds['polled']} feeds polled: {feeds['by_status']}, {feeds['new_entries']} new entries")
    print(
        f"  {articles['read']} articles read, {articles['skimmed']} of them skimmed, {articles['from_feed']} from the"
        f" feed's text, {articles['known']} known; cores busy while reading: {run.busy:.0%}"
    )
    print(f"  {done / run.wall:.1f} articles a second, {done / run.cpu:.1f} a CPU second")
    print(f"  alerts {run.summary['alerts']}, deliveries {run.summary['deliveries']['by_state']}")
    print(f"  the newsroom saw {seen['requests']} requests, {seen['not_modified']} not modified")
    reasons = Counter(why["error"].split(": ", 1)[-1] for why in feeds["failed"] + articles["failed"])
    for why, count in reasons.most_common(8):
        print(f"    {count} x {why}")


def compare(plain: Looped, full: Run, skimming: Run) -> None:
    """Prints what an article costs, beside the plain loop."""
    rate = plain.articles / plain.cpu
    print("\narticles a CPU second, the whole cycle")
    print(f"  the plain loop     {rate:6.1f}   ({plain.found} of {plain.articles} with a name)")
    for words, run in (("every page in full", full), ("skimming", skimming)):
        articles = run.summary["articles"]
        done = articles["read"] + articles["from_feed"]
        print(
            f"  {words:18} {done / run.cpu:6.1f}   {done / run.cpu / rate:.2f} times the loop;"
            f" {run.own_cpu / run.cpu:.0%} of it outside the sandbox; cores busy {run.busy:.0%}"
        )


def report(runs: list[Run], control: str, config: Path, receivers: Receivers, told: int, baseline: set[str]) -> None:
    """Prints what each cycle cost and did, and how the findings compare with the truth."""
    for run in runs:
        tell(run)
    print("\nplanted sectors (an article counts once)")
    truth = {entry["link"]: entry["watched"] for entry in call(control, "entries") if entry["watched"]}
    rows = json.loads(sectorwatch("-c", str(config), "mentions", "--limit", "1000000", "--json"))
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["url"], set()).add(row["sector"])
    missed = [link for link, sector in truth.items() if sector not in found.get(link, set())]
    print(f"{len(truth)} planted, {len(truth) - len(missed)} found, {len(missed)} missed")
    for sector, count in Counter(truth[link] for link in missed).most_common():
        print(f"  missed {count} of {Counter(truth.values())[sector]} {sector}")
    for link in missed[:10]:
        print(f"    {truth[link]} in {link}")
    others = Counter(sector for url, sectors in found.items() for sector in sectors if truth.get(url) != sector)
    print(f"found where nothing was planted (real news in the pages, or false alarms): {dict(others)}")
    links = [article["url"] for request in receivers.requests for article in request.json()["articles"]]
    ids = [request.json()["id"] for request in receivers.requests]
    print(
        f"\nalerts: {len(ids)} requests received ({told} before anything was published), {len(set(ids))} distinct ids"
    )
    wanted = {link for link, sector in truth.items() if sector == SECTOR} - baseline
    print(f"  planted {SECTOR} articles published after the baseline: {len(wanted)};"
          f" told of: {len(wanted & set(links))}; told more than once: "
          f"{sum(count > 1 for count in Counter(links).values())}")  # fmt: skip
    extra = set(links) - wanted
    print(f"  told of without being planted: {len(extra)}")


if __name__ == "__main__":
    sys.exit(main())
