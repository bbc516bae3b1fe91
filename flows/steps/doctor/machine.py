"""What this machine lacks: room, rights, libraries, and a Prefect server that answers."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from importlib import metadata
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from flows.steps.doctor.finding import Finding, advice, wrong
from flows.steps.doctor.reach import CONNECT_S
from sectorwatch.plurals import counted
from sectorwatch.settings import Settings
from storage.upkeep.room import LOW

ROOM = LOW  # bytes that should be free for the store, at least
HEARTBEAT_S = 30  # a third of the automation's window: see flows.deployments, which steps do not import
SPARE_FILES = 200  # beside two for each connection
_NETWORK_DISKS = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "glusterfs", "ceph")


def look(settings: Settings, environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Everything outside of the settings and the store."""
    yield from _libraries()
    if settings.store.url.startswith("sqlite:///"):
        yield from _file(Path(settings.store.url.removeprefix("sqlite:///")))
    yield from _limits(settings)
    yield from _prefect(settings, environ)


def _libraries() -> Iterator[Finding]:
    """Libraries of other versions than this release was made for: Prefect's server fails with some in silence."""
    from packaging.requirements import Requirement

    others = []
    for text in metadata.requires("sectorwatch") or ():
        needed = Requirement(text)
        try:
            there = metadata.version(needed.name)
        except metadata.PackageNotFoundError:
            others.append(f"{needed.name} is missing")
            continue
        if not needed.specifier.contains(there, prereleases=True):
            others.append(f"{needed.name} is {there}, not {needed.specifier}")
    if others:
        cure = "install from requirements.lock: pip install --require-hashes -r requirements.lock -c requirements.lock"
        yield wrong("libraries", "; ".join(others), cure)


def _file(file: Path) -> Iterator[Finding]:
    yield from _folder(file.parent)
    parts = [file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm")]
    foreign = [part for part in parts if part.exists() and not os.access(part, os.R_OK | os.W_OK)]
    if foreign:
        yield wrong(
            "no_rights",
            f"{foreign[0]} cannot be written by this user: another one made it, perhaps by a command",
            f"run as the service's user, or chown {file}*",
        )


def _folder(folder: Path) -> Iterator[Finding]:
    while not folder.exists():  # it is made when it is needed
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        yield wrong(
            "no_rights", f"{folder} cannot be written by this user", "run as the service's user, or chown the folder"
        )
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        yield wrong(
            "no_room",
            f"{free // 10**6} MB are free for the store in {folder}",
            "free some, or move the store (store.url)",
        )
    kind = _disk_of(folder)
    if kind.startswith(_NETWORK_DISKS):
        yield wrong(
            "network_disk",
            f"the store lies on a network disk ({kind}), whose locks SQLite cannot rely on",
            "move it to a local disk, or to PostgreSQL",
        )


def _disk_of(folder: Path) -> str:
    """The kind of file system that a folder is on, as Linux tells it; "" where nobody does."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    except OSError:
        return ""
    here = folder.resolve()
    holding = [(len(point), kind) for _, point, kind, *_ in mounts if here.is_relative_to(point)]
    return max(holding, default=(0, ""))[1]


def _limits(settings: Settings) -> Iterator[Finding]:
    workers = settings.read.workers or len(os.sched_getaffinity(0))
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    if workers * settings.read.memory_mb > there:
        yield advice(
            "memory",
            f"{counted(workers, 'process', 'processes')} may take {settings.read.memory_mb} MB each,"
            f" and the machine has {there}",
            "set read.workers or read.memory_mb lower",
        )
    files, needed = resource.getrlimit(resource.RLIMIT_NOFILE)[0], settings.fetch.connections * 2 + SPARE_FILES
    if files != resource.RLIM_INFINITY and files < needed:
        yield wrong(
            "files",
            f"a process may open {files} files, and {needed} are needed",
            "raise it (LimitNOFILE, ulimit -n), or set fetch.connections lower",
        )


def _prefect(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    url = environ.get("PREFECT_API_URL", "")
    database = environ.get("PREFECT_SERVER_DATABASE_CONNECTION_URL", "")
    if database and _place(database) == _place(settings.store.url):
        yield wrong(
            "shared_database",
            "Prefect's server and the store use one database: each would take the other's tables for its own",
            "give PREFECT_SERVER_DATABASE_CONNECTION_URL a database of its own",
        )
    if not url:
        return
    if (why := _silent(f"{url.rstrip('/')}/health")) is not None:
        yield wrong(
            "prefect_unreached",
            f"the Prefect server at PREFECT_API_URL does not answer: {why}",
            "start it, or correct PREFECT_API_URL; it ends in /api",
        )
    beats = environ.get("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", "")
    if not beats.isdecimal() or int(beats) > HEARTBEAT_S:
        yield wrong(
            "slow_heartbeat",
            f"PREFECT_FLOWS_HEARTBEAT_FREQUENCY is {beats or 'not set'}: healthy runs would be taken for dead",
            f"set it to {HEARTBEAT_S} where flows run",
        )


def names_a_server(environ: Mapping[str, str]) -> bool:
    """Whether the environment or Prefect's profiles say which Prefect server is meant."""
    profiles = Path(environ.get("PREFECT_HOME") or "~/.prefect").expanduser() / "profiles.toml"
    try:
        return bool(environ.get("PREFECT_API_URL")) or "PREFECT_API_URL" in profiles.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _place(url: str) -> tuple[str | None, str]:
    """Host and database of an address, whatever its driver."""
    parts = urlsplit(url)
    return parts.hostname, parts.path.lstrip("/")


def _silent(url: str) -> str | None:
    """Why a health page does not say 200; None: it does."""
    try:
        with urlopen(url, timeout=CONNECT_S) as answer:  # noqa: S310 - the operator's own setting
            return None if answer.status == 200 else f"HTTP {answer.status}"
    except HTTPError as error:
        return f"HTTP {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return str(getattr(error, "reason", error))
