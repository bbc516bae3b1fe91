"""Runs the benchmarks: `python -m benchmarks [detection|cycle] ...`; without a name, both."""

from __future__ import annotations

import os
import sys

from benchmarks import cycle, detection

which, *rest = sys.argv[1:] or [""]
code = 0
if which in ("", "detection"):
    code = detection.main(rest or os.environ.get("TEXTS", "").split())
if which in ("", "cycle"):
    sys.argv[1:] = rest
    code = cycle.main() or code
sys.exit(code)
