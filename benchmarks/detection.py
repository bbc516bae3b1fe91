"""Detection beside its raw parts, in one run: bare matching, normalising with matching, and a plain regular expression.

    make bench TEXTS="articles.jsonl more.jsonl.gz"

Each line of such a file is a JSON object with a "text". Without any, our own labelled texts are read, which are short
and dense: every second one names a sector. Speeds are megabytes of UTF-8 a CPU second, the best of three runs.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from extractors.detection.mentions import detect
from extractors.gazetteer import Gazetteer, shipped
from extractors.text import normalise

CORPUS = Path(__file__).parents[1] / "tests" / "quality" / "corpus"
LENGTHS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)  # characters
ROUNDS = 3


def main(files: Iterable[str] = ()) -> int:
    """Prints the tables."""
    sys.stdout.write(_start())  # first: a child begins with the peak of the process that it was forked from
    gazetteer = shipped()
    sources = {Path(file).name: _texts(Path(file)) for file in files} or {
        which: [text for file in sorted((CORPUS / which).glob("*.jsonl")) for text in _texts(file)]
        for which in ("dev", "heldout")
    }
    sys.stdout.write("texts                        MB  re  match  norm+match  detect  detect/(norm+match)  mentions\n")
    for name, texts in sources.items():
        sys.stdout.write(_line(name, texts, gazetteer))
    sys.stdout.write("\none text of so many characters, every tenth paragraph of war: MB/s of detect\n")
    unit = _paragraphs()
    for length in LENGTHS:
        text = (unit * (length // len(unit) + 1))[:length]
        seconds = _best(lambda text=text: detect(text, gazetteer=gazetteer))  # type: ignore[misc]
        sys.stdout.write(f"{length:12,} {len(text.encode()) / seconds / 1e6:8.2f}\n")
    return 0


def _line(name: str, texts: list[str], gazetteer: Gazetteer) -> str:
    size = sum(len(text.encode()) for text in texts) / 1e6
    names = {alias.text for sector in gazetteer.sectors.values() for place in sector.places for alias in place.names}
    plain = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")\b")
    normalised = [normalise(text).text for text in texts]
    expression = size / _best(lambda: [plain.findall(text) for text in texts[:200]]) * len(texts[:200]) / len(texts)
    matching = size / _best(lambda: [gazetteer.matcher.find(text) for text in normalised])
    both = size / _best(lambda: [gazetteer.matcher.find(normalise(text).text) for text in texts])
    whole = size / _best(lambda: [detect(text, gazetteer=gazetteer) for text in texts])
    found = sum(len(detect(text, gazetteer=gazetteer).mentions) for text in texts)
    speeds = f"{expression:5.2f} {matching:6.1f} {both:11.1f} {whole:7.2f} {whole / both:20.2f} {found:9}"
    return f"{name[:24]:24} {size:6.2f} {speeds}\n"


def _best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of a few runs."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def _start() -> str:
    """Load time and memory of a fresh process that detects one sentence."""
    code = (
        "import time, pathlib; start = time.process_time();"
        "from extractors.gazetteer import shipped; from extractors.detection.mentions import detect;"
        "gazetteer = shipped(); gazetteer.matcher; loaded = time.process_time();"
        'detect("Бої під Куп\'янськом", gazetteer=gazetteer); first = time.process_time();'
        "status = pathlib.Path('/proc/self/status').read_text();"  # getrusage counts what forked it as well
        "print(len(gazetteer.forms), loaded - start, first - loaded, int(status.split('VmHWM:')[1].split()[0]) / 1024)"
    )
    outputs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)
    ]
    forms, loaded, first, memory = min(output.stdout.split() for output in outputs)
    return (
        f"{forms} forms; a fresh process loads them in {float(loaded):.2f} s, detects its first sentence in"
        f" {float(first):.2f} s more, and takes {float(memory):.0f} MB\n\n"
    )


def _texts(file: Path) -> list[str]:
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines if line.strip()]


def _paragraphs() -> str:
    peace = "The library opens at nine, and visitors may borrow three books for a month; the garden is closed.\n"
    war = "Ворог штурмував позиції біля Куп'янська та Петропавлівки, на Лиманському напрямку відбито три атаки.\n"
    return peace * 9 + war


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
