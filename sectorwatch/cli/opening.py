"""Opens what commands work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from flows.runtime import Runtime
    from flows.steps.tools import Progress
    from sectorwatch.settings import Settings
    from storage.unit_of_work import Store


def settings() -> Settings:
    """The settings in force."""
    from sectorwatch.config_file import find_file
    from sectorwatch.settings import load

    return load(find_file())


def store_is_named() -> bool:
    """Whether a file or the environment says which store is meant."""
    import os

    from flows.runtime import STORE_VARIABLE
    from sectorwatch.config_file import find_file

    return find_file() is not None or STORE_VARIABLE in os.environ


@contextmanager
def opened_store() -> Iterator[Store]:
    """The store, of the version of this release. Raises StoreError."""
    from storage import schema
    from storage.engine import open_engine
    from storage.unit_of_work import Store

    chosen = settings()
    store = Store(open_engine(chosen.store.url))
    try:
        schema.ensure(store, migrate=chosen.store.url.startswith("sqlite"))
        yield store
    finally:
        store.close()


@contextmanager
def opened_runtime(
    progress: Progress | None = None, chosen: Settings | None = None, file: Path | None = None
) -> Iterator[Runtime]:
    """A runtime on the settings in force, or on these of a file."""
    from flows.runtime import Runtime
    from flows.steps.tools import silent
    from sectorwatch.config_file import find_file
    from sectorwatch.errors import ConfigurationError
    from sectorwatch.logs import set_up
    from sectorwatch.settings.mistakes import in_file

    know_blocks()
    chosen = chosen or settings()
    set_up(chosen.log.format, chosen.log.level or "warning")
    try:
        runtime = Runtime.open(chosen, progress=progress or silent)
    except ConfigurationError as error:
        raise (in_file(file or find_file(), error) if error.place else error) from error
    with runtime:
        yield runtime


def find_sector_files() -> list[tuple[str, str]]:
    """The operator's own sectors as (file, TOML); none where there is no configuration file.

    Without a file the settings are not loaded at all: detecting in a text must start fast.
    """
    from sectorwatch.config_file import find_file

    if find_file() is None:
        return []
    from sectorwatch.settings import own_sectors

    return own_sectors(settings())


def know_blocks() -> None:
    """References may name Secret blocks of Prefect from now on."""
    from sectorwatch.settings.references import SECRET_SOURCES

    SECRET_SOURCES.setdefault("prefect", _secret_block)


def _secret_block(name: str) -> str:
    """Asked when a reference needs it: importing Prefect takes two seconds."""
    from flows.secret_block import load

    return load(name)
