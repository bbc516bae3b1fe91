"""Runs every benchmark."""

from __future__ import annotations

import sys

from benchmarks.cycle import main

sys.exit(main())
