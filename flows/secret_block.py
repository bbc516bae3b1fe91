"""Secrets out of Prefect's Secret blocks, for references such as `prefect:mail-password`."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from prefect.blocks.system import Secret

from sectorwatch.errors import ConfigurationError
from sectorwatch.settings.references import SECRET_SOURCES


def load(name: str) -> str:
    """The value of a block. Raises ConfigurationError where there is none, or no server that could tell."""
    with ThreadPoolExecutor(1) as own:  # asked from within an event loop, too
        try:
            return own.submit(asyncio.run, _load(name)).result()
        except ValueError:
            why = "there is none of that name: create it in Prefect"
        except Exception as error:  # noqa: BLE001 - whatever Prefect's client raises
            why = f"it cannot be read ({type(error).__name__}): is PREFECT_API_URL right?"
    raise ConfigurationError(f"a secret refers to the Prefect Secret block {name!r}: {why}")


async def _load(name: str) -> str:
    block = await Secret.aload(name)
    return str(block.get())  # type: ignore[attr-defined]  # whose type Prefect leaves open


SECRET_SOURCES["prefect"] = load
