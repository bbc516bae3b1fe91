"""Runs the benchmarks: `python -m benchmarks [NAME] ...`.

NAME is detection, extraction, intake, delivery, cycle, latency, year, pages, locks, retention or fleet. Without one all
but the last two, which take ten minutes of a machine that nothing else uses.
"""

from __future__ import annotations

import os
import sys

from benchmarks import cycle, delivery, detection, extraction, fleet, intake, latency, locks, pages, retention, year

if __name__ == "__main__":  # not in the processes that a benchmark starts
    which, *rest = sys.argv[1:] or [""]
    code = 0
    if which in ("", "detection"):
        code = detection.main(rest or os.environ.get("TEXTS", "").split())
    if which in ("", "extraction"):
        code = extraction.main(rest or os.environ.get("PAGES", "").split()) or code
    if which in ("", "intake"):
        code = intake.main(rest) or code
    if which in ("", "delivery"):
        code = delivery.main(rest) or code
    if which in ("", "year"):
        code = year.main(rest) or code
    if which in ("", "pages"):
        code = pages.main(rest) or code
    if which in ("", "locks"):
        code = locks.main(rest) or code
    if which in ("", "cycle"):
        sys.argv[1:] = rest
        code = cycle.main() or code
    if which in ("", "latency"):
        code = latency.main(rest) or code
    if which == "retention":
        code = retention.main(rest)
    if which == "fleet":
        code = fleet.main(rest)
    sys.exit(code)
