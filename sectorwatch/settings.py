"""How this installation runs: one TOML file, overridden by the environment (SECTORWATCH_STORE__URL and the like).

Unknown keys are errors that name the nearest right key. Secrets are given as "env:NAME" or "file:/path" and resolved
when they are used. Paths are relative to the folder of the file.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from sectorwatch.config_file import CONFIG_VARIABLE
from sectorwatch.domain import (
    Context,
    Critical,
    Every,
    FollowUp,
    Guards,
    Mode,
    OnUnknown,
    Rule,
    Salience,
    Schedule,
    Secret,
    Side,
)
from sectorwatch.errors import ConfigurationError
from sectorwatch.logs import Form, Level
from sectorwatch.nearest import nearest
from sectorwatch.notice import Limits
from sectorwatch.toml_lines import Lines, Place

Model = TypeVar("Model", bound=BaseModel)
PREFIX = "SECTORWATCH_"
_PUBLIC = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]+)?(/[A-Za-z0-9._~/\-]*)?")  # links go on from its end
LEAST_KEPT_DAYS = 30
_STRICT = ConfigDict(extra="forbid", frozen=True)


class StoreSettings(BaseModel):
    """Where the data is kept."""

    model_config = _STRICT
    url: str = "sqlite:///var/sectorwatch.db"
    keys: list[str] = Field(default=[], description="references to keys that encrypt secrets at rest; the first seals")


class FetchSettings(BaseModel):
    """How the web is asked."""

    model_config = _STRICT
    contact: str = Field(default="", description="URL or address in the User-Agent, so that sites can complain")
    timeout_s: float = Field(default=30, gt=0)
    connections: int = Field(default=32, ge=1)
    page_gap_s: float = Field(default=1, ge=0, description="between two pages of one host")
    patience_s: float = Field(default=10, ge=0, description="how long a cycle waits to try a failed request again")
    feed_bytes: int = Field(default=5_000_000, ge=1_000)
    page_bytes: int = Field(default=2_000_000, ge=1_000)
    robots: bool = True
    allow_networks: list[str] = Field(default=[], description="private networks that may be asked, e.g. 127.0.0.0/8")
    hosts: dict[str, str] = Field(default={}, description="host name to address:port, instead of asking DNS")

    @field_validator("allow_networks")
    @classmethod
    def _are_networks(cls, value: list[str]) -> list[str]:
        for network in value:
            ip_network(network)
        return value

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(network) for network in self.allow_networks)


class PollSettings(BaseModel):
    """How often feeds are asked."""

    model_config = _STRICT
    interval_s: int = Field(default=900, ge=60, description="of a new feed, until its rhythm is known")
    batch: int = Field(default=100, ge=1)


class ReadSettings(BaseModel):
    """How articles are read."""

    model_config = _STRICT
    workers: int = Field(default=0, ge=0, description="processes that extract text; 0: one a core")
    memory_mb: int = Field(default=1024, ge=256, description="limit of each of them")
    in_flight: int = Field(default=128, ge=1, description="pages being fetched or read at once")
    everything: bool = Field(default=False, description="in full also what names nothing watched")
    keep_raw_days: int = Field(default=7, ge=0, description="0: pages are not kept")
    keep_raw_mb: int = Field(default=4_000, ge=0, description="room for all of them; 0: as much as they take")


class KeepSettings(BaseModel):
    """How long what is stored stays; 0: for ever."""

    model_config = _STRICT
    articles_days: int = Field(default=365, ge=0, description="that mention nothing watched; their entries stay known")
    mentioning_days: int = Field(default=0, ge=0, description="the same of those that do")
    deliveries_days: int = Field(default=365, ge=0, description="that came to an end")
    suppressions_days: int = Field(default=180, ge=0)
    polls_days: int = Field(default=30, ge=0)
    database_mb: int = Field(default=0, ge=0, description="room for all of it; 0: as much as it takes")

    @field_validator("articles_days", "mentioning_days", "deliveries_days", "suppressions_days", "polls_days")
    @classmethod
    def _is_long_enough(cls, value: int) -> int:
        if 0 < value < LEAST_KEPT_DAYS:
            raise ValueError(f"{LEAST_KEPT_DAYS} days at least, or 0 for ever: stories and rhythms are told by them")
        return value


class MailSettings(BaseModel):
    """The operator's SMTP relay."""

    model_config = _STRICT
    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = Field(default="", description="a reference: env:NAME or file:/path")
    sender: str = "Sectorwatch <sectorwatch@localhost>"
    timeout_s: float = Field(default=30, gt=0)


class AlertSettings(BaseModel):
    """Defaults of the alert policy."""

    model_config = _STRICT
    group_wait_s: int = Field(
        default=60, ge=0, le=86_400, description="collect the first sources of a story before telling"
    )
    concurrency: int = Field(default=32, ge=1, description="deliveries being sent at once")
    ntfy_hosts: list[str] = Field(default=[], description="ntfy servers beside ntfy.sh that readers may name")
    feed_cap: int = Field(default=20, ge=0, description="a feed's alerts to a subscription in an hour; 0: no bound")
    storm_floor: int = Field(default=50, ge=0, description="stories in ten minutes that are no storm; 0: no brake")
    gap_s: dict[str, Annotated[float, Field(ge=0, le=3600)]] = Field(
        default={}, description="between two messages to one target, by the name of its channel"
    )


class WebSettings(BaseModel):
    """The page where readers answer their alerts."""

    model_config = _STRICT
    host: str = Field(default="127.0.0.1", description="address to listen on; a proxy with TLS stands before it")
    public: bool = Field(
        default=True, description="whether anybody may see the board, the sectors and the stories; else operators"
    )
    zone: str = Field(default="UTC", description="the time zone of those pages")
    port: int = Field(default=8080, ge=1, le=65535)
    link_key: str = Field(default="", description="a reference to the key that links are signed with")
    old_link_keys: list[str] = Field(default=[], description="the same of keys whose links still work")
    admin_password: str = Field(default="", description="a reference to the password of the operators' pages")
    login_header: str = Field(
        default="", pattern=r"^[A-Za-z0-9\-]*$", description="a header in which a proxy names the operator it let in"
    )
    login_header_from: list[str] = Field(
        default=["127.0.0.1/32", "::1/128"], description="networks of the proxies that this header is believed from"
    )
    trusted_proxies: list[str] = Field(default=["127.0.0.1"], description="whose X-Forwarded-For names the client")
    metrics_from: list[str] = Field(
        default=["127.0.0.0/8", "::1/128"], description="networks that may ask for /metrics, and not through a proxy"
    )

    @field_validator("metrics_from", "login_header_from")
    @classmethod
    def _are_networks(cls, value: list[str]) -> list[str]:
        for network in value:
            ip_network(network)
        return value

    @property
    def has_operators(self) -> bool:
        """Whether there is a way in to the operators' pages; without one there are none."""
        return bool(self.admin_password or self.login_header)

    @property
    def login_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(network) for network in self.login_header_from)

    @property
    def metrics_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(network) for network in self.metrics_from)

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        return a_zone(value)


class LogSettings(BaseModel):
    """What is logged, on standard error."""

    model_config = _STRICT
    format: Form = Field(default="text", description='"json": one object a line')
    level: Level | None = Field(default=None, description='the least that is; unset: "info", and "warning" by commands')


class FeedSpec(BaseModel):
    """A feed to watch."""

    model_config = _STRICT
    url: str
    title: str = ""
    language: str = ""
    publisher: str = ""
    country: str = ""
    side: Side = Side.UNKNOWN

    @field_validator("url")
    @classmethod
    def _is_polled(cls, value: str) -> str:
        if not re.fullmatch(r"https?://\S+", value):
            raise ValueError("write the whole address, with http:// or https:// in front, and no spaces")
        try:
            parts = urlsplit(value)
            known = parts.hostname and parts.port != 0  # asked for, as only then a port that is none is found out
        except ValueError:
            known = False
        if not known:
            raise ValueError("this is no web address: look at the host and the port")
        if "@" in parts.netloc:
            raise ValueError("it names a user: such addresses are refused")
        return value

    @field_validator("language")
    @classmethod
    def _is_a_code(cls, value: str) -> str:
        if len(value) > LONGEST_LANGUAGE:
            raise ValueError("write the code of the language (ISO 639-1), such as uk")
        return value

    @field_validator("country")
    @classmethod
    def _has_two_letters(cls, value: str) -> str:
        if len(value) > 2:
            raise ValueError("write the two letters of the country (ISO 3166), such as UA")
        return value


class TargetSpec(BaseModel):
    """Where a subscriber is told; `to` is an address, a webhook URL or an Apprise URL, or a reference to one."""

    model_config = _STRICT
    label: Name
    kind: Literal["email", "webhook", "apprise"]
    to: str
    signing_secret: str = Field(default="", description="webhooks: a reference to the Standard Webhooks key")
    confirm: bool = Field(default=False, description="ask the owner by a message before the first alert is sent there")
    links: bool | None = Field(default=None, description="whether messages have links to pause, change and end them")
    on_ambiguous: OnUnknown = Field(default=OnUnknown.RETRY, description="when nobody can know whether it arrived")

    @property
    def private(self) -> bool:
        """Whether one reader, or one team that trusts one another, reads there; an Apprise URL may be a channel."""
        return self.kind != "apprise" if self.links is None else self.links


_NO_ZONES = ("localtime", "posixrules", "Factory")  # files beside the zones


def a_zone(value: str) -> str:
    """The name of a time zone, as it was given. Raises ValueError."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        if value in _NO_ZONES:
            raise ValueError("it is another one on each machine")
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # "Europe" is a folder
        raise ValueError(f"{value!r} is no time zone; use a name such as Europe/Kyiv") from error
    return value


LONGEST_NAME = 200
LONGEST_LANGUAGE = 8  # of the codes, some have a script or region
_JOINERS = "\u200c\u200d"  # which some scripts need within words


def a_name(value: str) -> str:
    """What people call it, as it was given. Raises ValueError for what nobody could see or type again."""
    shown = all(character.isprintable() or character in _JOINERS for character in value)
    if not value.strip() or value != value.strip() or not shown or len(value) > LONGEST_NAME:
        raise ValueError(f"a name has 1 to {LONGEST_NAME} visible characters, and no space around them")
    return value


Name = Annotated[str, AfterValidator(a_name)]


class SubscriberSpec(BaseModel):
    """A person or team that is told."""

    model_config = _STRICT
    name: Name
    zone: str = "UTC"
    language: str = "en"
    targets: list[TargetSpec] = []

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        return a_zone(value)


class OperatorSettings(BaseModel):
    """Who is told when something is wrong, and from when on it is."""

    model_config = _STRICT
    targets: list[TargetSpec] = Field(default=[], description="the first is the main one, the others stand in for it")
    zone: str = "UTC"
    heartbeat_url: str = Field(default="", description="a reference to the address that each good cycle asks for")
    feed_failing_min: int = Field(default=60, ge=1)
    feed_failures: int = Field(default=5, ge=1, description="in a row; whichever comes first")
    feed_silent_days: int = Field(default=3, ge=1, description="that it must have been silent, by its own rhythm")
    cycle_overdue_min: int = Field(default=15, ge=0, description="0: cycles are not watched")
    settle_min: int = Field(default=5, ge=0, description="what comes and goes must hold, or be over, so long")
    gather_min: int = Field(default=10, ge=0, description="between two notices of one kind")
    remind_h: int = Field(default=24, ge=24, description="while it lasts")
    fallback_min: int = Field(default=10, ge=1, description="until a notice that was not accepted goes another way")

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        return a_zone(value)

    @field_validator("targets")
    @classmethod
    def _has_another_way(cls, value: list[TargetSpec]) -> list[TargetSpec]:
        labels = [target.label for target in value]
        if len(set(labels)) < len(labels):
            raise ValueError("each target needs a label of its own")
        if any(target.confirm or target.links is not None for target in value):
            raise ValueError("confirm and links are for subscribers: nobody asks operators, and notices have no links")
        if len(value) > 1 and all(target.kind == "email" for target in value):
            raise ValueError("all of them are e-mail, by the same relay: make one a webhook or an Apprise URL")
        return value

    @property
    def limits(self) -> Limits:
        """The same as the policy takes them."""
        return Limits(
            feed_failing=timedelta(minutes=self.feed_failing_min),
            feed_failures=self.feed_failures,
            feed_silent=timedelta(days=self.feed_silent_days),
            cycle_overdue=timedelta(minutes=self.cycle_overdue_min),
            settle=timedelta(minutes=self.settle_min),
            gather=timedelta(minutes=self.gather_min),
            remind=timedelta(hours=self.remind_h),
            fallback=timedelta(minutes=self.fallback_min),
        )


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SOURCES = re.compile(r"sources=([2-9]|[1-9]\d{1,2})")
_QUIET = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)\s*[-–]\s*((?:[01]\d|2[0-3]):[0-5]\d)")


class CriticalSpec(BaseModel):
    """What a schedule does not hold back: all that is stated has to be true; nothing stated, nothing is."""

    model_config = _STRICT
    min_score: float | None = Field(default=None, ge=0, le=1)
    headline: bool = Field(default=False, description="the sector stands in the headline")
    sectors: list[str] = []


class SubscriptionSpec(BaseModel):
    """What a subscriber wants to be told of."""

    model_config = _STRICT
    subscriber: str
    name: Name = "default"
    sectors: list[str] = Field(default=[], description="empty: every sector, or with places none but these")
    places: list[str] = Field(default=[], description="single places beside the sectors")
    languages: list[str] = []
    sides: list[Side] = []
    publishers: list[str] = []
    min_score: float = Field(default=0.5, ge=0, le=1)
    min_salience: Salience = Salience.BODY
    context: Context = Field(default=Context.FRONT, description='"place": also its peaceful life, such as its court')
    targets: list[str] = Field(default=[], description="labels; empty: all of the subscriber's")
    group_wait_s: int | None = Field(default=None, ge=0, le=86_400)
    follow_up: list[str] = Field(default=[], description='news of a told story: "other_side", "new_place", "sources=5"')
    group_interval_s: int = Field(
        default=600, ge=0, le=86_400, description="between two messages of one story and sector"
    )
    digest: Every | None = Field(default=None, description="instead of one message an alert")
    digest_at: time = Field(default=time(8, 0), description="of a daily or weekly digest, in the subscriber's zone")
    digest_day: Weekday = Field(default="monday", description="of a weekly digest")
    quiet: str | None = Field(default=None, description='"22:00-07:00": held, and told together at the end')
    critical: CriticalSpec = Field(default=CriticalSpec(), description="what goes out at once all the same")
    hourly_cap: int | None = Field(default=None, ge=1, description="the rest of an hour's alerts come in one message")
    paused: bool = False

    @field_validator("digest_at")
    @classmethod
    def _is_a_minute(cls, value: time) -> time:
        if value.second or value.microsecond or value.tzinfo is not None:
            raise ValueError('write hours and minutes, such as "08:00"; they count in the subscriber\'s zone')
        return value

    @field_validator("quiet")
    @classmethod
    def _are_hours(cls, value: str | None) -> str | None:
        if value is not None and not _QUIET.fullmatch(value.strip()):
            raise ValueError(f'{value!r} are no quiet hours; write them as "22:00-07:00"')
        return value

    @field_validator("follow_up")
    @classmethod
    def _are_news(cls, value: list[str]) -> list[str]:
        for one in value:
            if one not in ("other_side", "new_place") and not _SOURCES.fullmatch(one):
                raise ValueError(f'{one!r} is no follow-up; there are "other_side", "new_place" and "sources=5"')
        if sum(one.startswith("sources") for one in value) > 1:
            raise ValueError("one number of sources at most")
        return value

    @property
    def rule(self) -> Rule:
        """What is told."""
        return Rule(
            sectors=tuple(self.sectors),
            places=tuple(self.places),
            languages=tuple(self.languages),
            sides=tuple(self.sides),
            publishers=tuple(self.publishers),
            min_score=self.min_score,
            min_salience=self.min_salience,
            context=self.context,
            follow_up=FollowUp(
                other_side="other_side" in self.follow_up,
                new_place="new_place" in self.follow_up,
                sources=next((int(found[1]) for one in self.follow_up if (found := _SOURCES.fullmatch(one))), None),
                interval_s=self.group_interval_s,
            ),
        )

    @property
    def schedule(self) -> Schedule:
        """When the alerts go out."""
        hours = self.quiet and _QUIET.fullmatch(self.quiet.strip())
        stated = self.critical
        return Schedule(
            mode=Mode.IMMEDIATE if self.digest is None else Mode.DIGEST,
            every=self.digest or Every.DAY,
            digest_at=self.digest_at,
            weekday=get_args(Weekday).index(self.digest_day),
            quiet=(time.fromisoformat(hours[1]), time.fromisoformat(hours[2])) if hours else None,
            critical=Critical(min_score=stated.min_score, headline=stated.headline, sectors=tuple(stated.sectors)),
            hourly_cap=self.hourly_cap,
        )


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
        raise ConfigurationError(_explain(error, str(file or "the environment"), content, text)) from None
    except SettingsError as error:
        raise ConfigurationError(f"the environment: {error}; lists and tables are given as JSON") from None
    return _anchored(settings, folder)


def made(model: type[Model], values: dict[str, Any], origin: str) -> Model:
    """An entry of the file made of options instead, checked alike. Raises ConfigurationError."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(_explain(error, origin, values)) from None


def in_file(file: Path | None, error: ConfigurationError) -> ConfigurationError:
    """The same error with the file's name, and the line of the entry that it is about."""
    if variable := _variable_of(error.place):
        return ConfigurationError(f"the environment variable {variable}: {error}")
    if file is None:
        return ConfigurationError(f"the environment: {error}")
    where = _line(Lines(file.read_text("utf-8-sig")), error.place) if error.place else ""
    return ConfigurationError(f"{file}{where}: {error}")


SECRET_SOURCES: dict[str, Callable[[str], str]] = {}
"""Who looks up references of a kind that the kernel cannot: see `flows.secret_block`."""


def is_reference(value: str) -> bool:
    """Whether a value only says where the secret is."""
    kind, _, rest = value.partition(":")
    return kind == "env" or (kind in ("file", "prefect") and not rest.startswith("//"))


def resolve_secret(reference: str, of: str = "a secret") -> Secret:
    """What a reference stands for: env:NAME, file:/path, prefect:BLOCK, or the value itself.

    Raises ConfigurationError, which says `of` what it is.
    """
    kind, _, rest = reference.partition(":")
    if kind == "prefect" and not rest.startswith("//"):
        if kind not in SECRET_SOURCES:
            raise ConfigurationError(f"{of} refers to the Prefect block {rest!r}, which nobody here can ask for")
        try:
            return Secret(SECRET_SOURCES[kind](rest))
        except ConfigurationError as error:
            raise ConfigurationError(f"{of}: {error}") from error
    if kind == "env":
        if not os.environ.get(rest):
            raise ConfigurationError(f"the environment variable {rest} is not set, and {of} refers to it")
        return Secret(os.environ[rest])
    if kind == "file" and not rest.startswith("//"):
        try:
            return Secret(Path(rest).read_text("utf-8-sig").strip())
        except OSError as error:
            raise ConfigurationError(
                f"the file {rest}, to which {of} refers, cannot be read: {error.strerror}"
            ) from error
        except UnicodeDecodeError:
            raise ConfigurationError(f"the file {rest}, to which {of} refers, is no text in UTF-8") from None
    return Secret(reference)


def own_sectors(settings: Settings) -> list[tuple[str, str]]:
    """The operator's own sectors as (file, TOML). Raises ConfigurationError."""
    definitions = []
    for name in dict.fromkeys(settings.sector_files):
        try:
            definitions.append((name, Path(name).read_text("utf-8-sig")))
        except OSError as error:
            raise ConfigurationError(f"the sector file {name} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise ConfigurationError(f"the sector file {name} is not UTF-8 (byte {error.start}): save it so") from error
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
                names |= {f"{PREFIX}{table}__{key}".upper() for key in _fields_at((table,))}
            raise ConfigurationError(f"the environment variable {variable} is unknown{_nearest(variable, names)}")


def _nearest(word: str, known: set[str]) -> str:
    near = nearest(word, known)
    return f"; known are {', '.join(sorted(known))}" if near is None else f"; did you mean {near}?"


_OF_NAMES = ("literal_error", "enum")  # what is none of a few words is no secret: it is repeated


def _explain(error: ValidationError, given: str, content: Mapping[str, Any], text: str = "") -> str:
    """Pydantic's complaints as lines of what, where and what to do; values are not repeated that may be secret.

    `text` is that of the file, for the numbers of its lines.
    """
    lines, there = [], Lines(text)
    for problem in error.errors(include_url=False):
        place = problem["loc"]
        variable = _variable_of(place) or (_variable_of(place[:-1]) if problem["type"] == "missing" else "")
        origin = f"the environment variable {variable}" if variable else given + _line(there, place)
        name = ".".join(str(part) for part in place)
        whose = "" if variable else _whose(place, content)
        if problem["type"] == "extra_forbidden":
            known = _fields_at(place[:-1])
            lines.append(f"{origin}: unknown key {name!r}{whose}{_nearest(str(place[-1]), known)}")
        else:
            said = f"{origin}: {name}{whose}: {problem['msg'].removeprefix('Value error, ')}"
            value = problem["input"]
            if problem["type"] in _OF_NAMES and isinstance(value, str) and len(value) <= LONGEST_NAME:
                near = nearest(value, re.findall("'([^']*)'", problem["msg"]))
                said += f", not {value!r}" + (f": did you mean {near!r}?" if near else "")
            lines.append(said)
    return "\n".join(lines)


def _variable_of(place: Place) -> str:
    """The environment variable that gives a place, by itself or in the JSON of a list or table; "" for none."""
    for size in range(len(place), 0, -1):
        name = PREFIX + "__".join(map(str, place[:size])).upper()
        if name in os.environ and (size == len(place) or _is_in(os.environ[name], place[size:])):
            return name
    return ""


def _is_in(given: str, place: Place) -> bool:
    try:
        inner = json.loads(given)
        for part in place:
            inner = inner[part]
    except (ValueError, LookupError, TypeError):
        return False
    return True


def _line(lines: Lines, place: Place) -> str:
    number = lines.line_of(place)
    return "" if number is None else f", line {number}"


_USER = re.compile(r"(?<=//)[^/?#]*@")  # of an address, and their password
_CALLED = {"feeds": ("url",), "subscribers": ("name",), "targets": ("label",), "subscriptions": ("subscriber", "name")}


def _whose(place: tuple[int | str, ...], content: Any) -> str:
    """Whose entry of a list a place such as ("subscribers", 0, "targets", 1, "kind") is in, as people call it."""
    names, last = [], ""
    for part in place:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(part, int) and isinstance(content, dict):
            called = [content[key] for key in _CALLED.get(last, ()) if isinstance(content.get(key), str)]
            names += [_USER.sub("…@", name) for name in called]
        last = str(part)
    return f" ({'/'.join(names)})" if names else ""


def _fields_at(place: tuple[int | str, ...]) -> set[str]:
    """The keys that are right at a place such as ("feeds", 3)."""
    model: type[BaseModel] = Settings
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            inner = getattr(annotation, "__args__", (annotation,))[0]
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                model = inner
    return set(model.model_fields)
