"""What may not be in the repository at all."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Written so that the patterns do not find themselves.
FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.])/(?:work|root|Users|home/(?!sectorwatch)\w+)/\w"),
    "the address of a package index": re.compile(r"--(?:extra-)?index-url|[a-z]+://[^\s\"']*/simple\b|/opt/pyp[i]"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY"),
    "a conflict that was not resolved": re.compile(r"^(?:<{7} |>{7} )", re.MULTILINE),
}


def tracked() -> list[Path]:
    """Every file that is in the repository or would be with the next commit."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def readable(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return path.read_bytes().decode("latin-1")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    """The repository can be published as it is: it names no machine, no package index and no key."""
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if (match := FORBIDDEN[what].search(readable(path)))
    ]

    assert found == []


def test_no_file_is_large() -> None:
    """A clone stays small: no file above 5 MB (the table of forms, the largest, has under 2)."""
    large = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked() if path.stat().st_size > 5_000_000}

    assert large == {}


def test_the_data_that_tests_borrow_is_not_in_the_repository() -> None:
    """The shared data set stays outside: it holds other people's texts."""
    shared = ROOT.parent / "shared" / "data"
    if not shared.is_dir():
        pytest.skip("needs ../shared/data to compare with")
    sizes: dict[int, list[Path]] = {}
    for path in tracked():
        sizes.setdefault(path.stat().st_size, []).append(path)

    copies = [
        f"{mine.relative_to(ROOT)} is {theirs.relative_to(shared)}"
        for theirs in shared.rglob("*")
        if theirs.is_file() and theirs.stat().st_size > 64
        for mine in sizes.get(theirs.stat().st_size, ())
        if mine.read_bytes() == theirs.read_bytes()
    ]

    assert copies == []
