"""The kernel of Sectorwatch, and its edges: the command line and the web."""

VERSION = "0.1.0"
"""Of this release, as in pyproject.toml."""
