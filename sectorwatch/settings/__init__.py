"""How this installation runs: one TOML file, overridden by the environment (SECTORWATCH_STORE__URL and the like).

Unknown keys are errors that name the nearest right key. Secrets are given as "env:NAME" or "file:/path" and resolved
when they are used. Paths are relative to the folder of the file.
"""

from __future__ import annotations

import os
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from sectorwatch.config_file import CONFIG_VARIABLE
from sectorwatch.domain import Guards
from sectorwatch.errors import ConfigurationError
from sectorwatch.settings.mistakes import PREFIX, did_you_mean, explained, fields_at
from sectorwatch.settings.references import is_reference
from sectorwatch.settings.roster import FeedSpec, SubscriberSpec, SubscriptionSpec
from sectorwatch.settings.tables import (
    AlertSettings,
    FetchSettings,
    KeepSettings,
    LogSettings,
    MailSettings,
    OperatorSettings,
    PollSettings,
    ReadSettings,
    StoreSettings,
    WebSettings,
)

Model = TypeVar("Model", bound=BaseModel)

_PUBLIC = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]+)?(/[A-Za-z0-9._~/\-]*)?")  # links go on from its end


class Settings(BaseSettings):
    """Everything an operator can set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )
    public_url: str = Field(default="", description="what links in alerts point to")
    store: StoreSettings = StoreSettings()
    fetch: FetchSettings = FetchSettings()
    poll: PollSettings = PollSettings()
    read: ReadSettings = ReadSettings()
    keep: KeepSettings = KeepSettings()
    mail: MailSettings = MailSettings()
    alerts: AlertSettings = AlertSettings()
    web: WebSettings = WebSettings()
    log: LogSettings = LogSettings()
    operators: OperatorSettings = OperatorSettings()
    sector_files: list[str] = Field(default=[], description="the operator's own sectors, one TOML file each")
    feeds: list[FeedSpec] = []
    subscribers: list[SubscriberSpec] = []
    subscriptions: list[SubscriptionSpec] = []

    @property
    def stories_url(self) -> str:
        """Where the stories have pages of ours; "" for nowhere."""
        return self.public_url if self.web.public else ""

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and not _PUBLIC.fullmatch(value):
            raise ValueError("write the address of the web page, such as https://sectorwatch.example.org")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the base class's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @property
    def guards(self) -> Guards:
        return Guards(feed_cap=self.alerts.feed_cap or None, storm_floor=self.alerts.storm_floor or None)

    @property
    def group_wait(self) -> timedelta:
        return timedelta(seconds=self.alerts.group_wait_s)


def load(file: Path | None = None) -> Settings:
    """The settings from a file and the environment. Raises ConfigurationError that says what, where and what to do."""
    content: dict[str, Any] = {}
    text = ""
    if file is not None:
        try:
            text = file.read_text("utf-8-sig")
            content = tomllib.loads(text)
        except UnicodeDecodeError as error:
            raise ConfigurationError(f"{file}: is not UTF-8 (byte {error.start}): save it as UTF-8") from error
        except OSError as error:
            raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from error
        except tomllib.TOMLDecodeError as error:
            raise ConfigurationError(f"{file}: not valid TOML: {error}") from error
    folder = Path.cwd() if file is None else file.resolve().parent
    _check_environment()
    try:
        settings = Settings(**_with_whole_paths(content, folder))
    except ValidationError as error:
        raise ConfigurationError(explained(error, Settings, str(file or "the environment"), content, text)) from None
    except SettingsError as error:
        raise ConfigurationError(f"the environment: {error}; lists and tables are given as JSON") from None
    return _anchored(settings, folder)


def made(model: type[Model], values: dict[str, Any], origin: str) -> Model:
    """An entry of the file made of options instead, checked alike. Raises ConfigurationError."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(explained(error, model, origin, values)) from None


def own_sectors(settings: Settings) -> list[tuple[str, str]]:
    """The operator's own sectors as (file, TOML). Raises ConfigurationError."""
    definitions = []
    for name in dict.fromkeys(settings.sector_files):
        place = ("sector_files", settings.sector_files.index(name))
        try:
            definitions.append((name, Path(name).read_text("utf-8-sig")))
        except OSError as error:
            raise ConfigurationError(f"the sector file {name} cannot be read: {error.strerror}", place) from error
        except UnicodeDecodeError as error:
            words = f"the sector file {name} is not UTF-8 (byte {error.start}): save it so"
            raise ConfigurationError(words, place) from error
    return definitions


def _anchored(settings: Settings, folder: Path) -> Settings:
    """The settings with relative paths made absolute: a worker may be started anywhere."""
    url = settings.store.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        url = f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
    store = settings.store.model_copy(update={"url": url})
    files = [str(folder / name) for name in settings.sector_files]
    return settings.model_copy(update={"store": store, "sector_files": files})


def _with_whole_paths(value: Any, folder: Path) -> Any:
    """What a file says, its references to secret files in `folder` made absolute."""
    if isinstance(value, dict):
        return {key: _with_whole_paths(inner, folder) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_whole_paths(inner, folder) for inner in value]
    if isinstance(value, str) and value.startswith("file:") and is_reference(value):
        return f"file:{folder / value.removeprefix('file:')}"
    return value


def _check_environment() -> None:
    names = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields} | {CONFIG_VARIABLE}
    for variable in os.environ:
        if variable.startswith(PREFIX) and variable.partition("__")[0] not in names:
            table = variable.removeprefix(PREFIX).partition("_")[0].lower()  # with one line after it in place of two
            if table in Settings.model_fields:
                names |= {f"{PREFIX}{table}__{key}".upper() for key in fields_at(Settings, (table,))}
            raise ConfigurationError(f"the environment variable {variable} is unknown{did_you_mean(variable, names)}")
