"""The tables of the file that say how this installation runs: its store, how it asks, reads, keeps and tells."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, field_validator

from sectorwatch.logs import Form, Level
from sectorwatch.nearest import meant
from sectorwatch.notice import Limits
from sectorwatch.settings.roster import STRICT, TargetSpec, a_zone


def a_host(value: str, port_key: str) -> str:
    """The name or address of a machine, as it was given. Raises ValueError, which repeats no more than its name."""
    if re.fullmatch(r"[\w.\-]*", value) or _is_ip(value):
        return value
    try:
        parts = urlsplit(value if "://" in value else f"//{value}")
        name, port = parts.hostname or "", parts.port
    except ValueError:
        name, port = "", None
    if not re.fullmatch(r"[\w.\-]+", name) and not _is_ip(name):
        raise ValueError("write the name of a machine, such as smtp.example.org, or its address")
    behind = "" if port is None else f", and {port_key} = {port}"
    raise ValueError(f'write the name alone: "{name}"{behind}')


def networks(value: list[str]) -> list[str]:
    """Networks, as they were given. Raises ValueError."""
    for one in value:
        try:
            ip_network(one)
        except ValueError as error:
            try:
                near = f": did you mean {ip_network(one, strict=False)}?"
            except ValueError:
                near = ", such as 10.1.0.0/16"
            raise ValueError(f"{one!r} is no network{near}") from error
    return value


def _is_ip(value: str) -> bool:
    try:
        return bool(ip_address(value))
    except ValueError:
        return False


class StoreSettings(BaseModel):
    """Where the data is kept."""

    model_config = STRICT
    url: str = "sqlite:///var/sectorwatch.db"
    keys: list[str] = Field(default=[], description="references to keys that encrypt secrets at rest; the first seals")


class FetchSettings(BaseModel):
    """How the web is asked."""

    model_config = STRICT
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
        return networks(value)

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(network) for network in self.allow_networks)


class PollSettings(BaseModel):
    """How often feeds are asked."""

    model_config = STRICT
    interval_s: int = Field(default=900, ge=60, description="of a new feed, until its rhythm is known")
    batch: int = Field(default=100, ge=1)


class ReadSettings(BaseModel):
    """How articles are read."""

    model_config = STRICT
    workers: int = Field(default=0, ge=0, description="processes that extract text; 0: one a core")
    memory_mb: int = Field(default=1024, ge=256, description="limit of each of them")
    in_flight: int = Field(default=128, ge=1, description="pages being fetched or read at once")
    everything: bool = Field(default=False, description="in full also what names nothing watched")
    keep_raw_days: int = Field(default=7, ge=0, description="0: pages are not kept")
    keep_raw_mb: int = Field(default=4_000, ge=0, description="room for all of them; 0: as much as they take")


CHANNELS = (
    "mail", "webhook", "discord", "slack", "telegram", "teams", "ntfy", "pushover", "matrix", "mqtt", "plain", "chat",
    "short", "other",
)  # fmt: skip
"""What targets are told by: `alerts.pace` has the gap of each."""


def _a_channel(value: str) -> str:
    if value not in CHANNELS:
        raise ValueError(f"there is no channel {value!r}; {meant(value, CHANNELS)}")
    return value


LEAST_KEPT_DAYS = 30


class KeepSettings(BaseModel):
    """How long what is stored stays; 0: for ever."""

    model_config = STRICT
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

    model_config = STRICT
    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = Field(default="", description="a reference: env:NAME or file:/path")
    sender: str = "Sectorwatch <sectorwatch@localhost>"
    timeout_s: float = Field(default=30, gt=0)

    @field_validator("host")
    @classmethod
    def _is_a_machine(cls, value: str) -> str:
        return a_host(value, "mail.port")


class AlertSettings(BaseModel):
    """Defaults of the alert policy."""

    model_config = STRICT
    group_wait_s: int = Field(
        default=60, ge=0, le=86_400, description="collect the first sources of a story before telling"
    )
    concurrency: int = Field(default=32, ge=1, description="deliveries being sent at once")
    ntfy_hosts: list[str] = Field(default=[], description="ntfy servers beside ntfy.sh that readers may name")
    feed_cap: int = Field(default=20, ge=0, description="a feed's alerts to a subscription in an hour; 0: no bound")
    storm_floor: int = Field(default=50, ge=0, description="stories in ten minutes that are no storm; 0: no brake")
    gap_s: dict[Annotated[str, AfterValidator(_a_channel)], Annotated[float, Field(ge=0, le=3600)]] = Field(
        default={}, description="between two messages to one target, by the name of its channel"
    )

    @field_validator("ntfy_hosts")
    @classmethod
    def _are_hosts(cls, value: list[str]) -> list[str]:
        for one in value:
            if not re.fullmatch(r"[\w.\-]+(:[0-9]{1,5})?", one):
                raise ValueError(f"{one!r} is no host: write its name, such as ntfy.example.org")
        return value


class WebSettings(BaseModel):
    """The page where readers answer their alerts."""

    model_config = STRICT
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
        return networks(value)

    @field_validator("host")
    @classmethod
    def _is_a_machine(cls, value: str) -> str:
        return a_host(value, "web.port")

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

    model_config = STRICT
    format: Form = Field(default="text", description='"json": one object a line')
    level: Level | None = Field(default=None, description='the least that is; unset: "info", and "warning" by commands')


class OperatorSettings(BaseModel):
    """Who is told when something is wrong, and from when on it is."""

    model_config = STRICT
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
