"""Calls into the sandbox: whatever an input does to a parser, it is that input's failure and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sectorwatch.errors import InputError, SectorwatchError
from sectorwatch.sandbox import Sandbox

T = TypeVar("T")


async def apart(sandbox: Sandbox, function: Callable[..., T], *args: object, timeout: float) -> T:
    """What the function makes of its input. Raises SandboxError, InputError: a parser's own exception becomes one."""
    try:
        return await sandbox.run(function, *args, timeout=timeout)
    except SectorwatchError:
        raise
    except Exception as error:
        raise InputError(f"the parser failed on it ({type(error).__name__}: {str(error)[:200]})") from error
