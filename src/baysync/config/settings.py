"""The settings of one process, read from the environment once and never changed.

``BAYSYNC_<NAME>`` for all of them, ``DATABASE_URL``, and for some a classic name that pins them.
Durations are seconds, or a number with ``ms``, ``s``, ``m`` or ``h``: ``BAYSYNC_LEASE=2m``.
"""

import difflib
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from baysync.base.errors import SettingsError
from baysync.db.connection import is_address
from baysync.db.embedded.cluster import default_home

PREFIX = "BAYSYNC_"
NOT_OURS = {"BAYSYNC_REQUIRE_ASSETS", "BAYSYNC_STARTED"}  # read by the build, by the demo
UNITS = {"ms": 0.001, "": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|)")
_NEARLY_DATABASE_URL = re.compile(
    r"(?:BAYSYNC_)?(?:DATABASE|DB|PG|POSTGRES|POSTGRESQL)_?(?:URL|URI|DSN)"
)


def _seconds(value: object) -> object:
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match:
        return timedelta(seconds=float(match[1]) * UNITS[match[2]])
    if isinstance(value, str):
        raise ValueError("not a duration such as 90, 90s, 1.5m or 200ms")  # noqa: TRY004 - pydantic
    return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError("not a time zone such as UTC or Europe/Berlin") from error
    return name


Duration = Annotated[timedelta, BeforeValidator(_seconds)]


class Settings(BaseSettings):
    """Every setting with its default; times are ``timedelta``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, populate_by_name=True, extra="forbid", env_ignore_empty=True
    )

    home: Path = Field(default_factory=default_home)
    """Where the embedded database, the key and the demo lie."""
    env: Literal["development", "production"] = "development"
    """`production` refuses the embedded database."""
    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    """The PostgreSQL to use; without it the embedded one."""
    key: SecretStr | None = None
    """32 bytes in base64 that encrypt tokens; without it the file `key` in the home folder."""
    pg_bin: Path | None = None
    """Folder of PostgreSQL's programs for the embedded server, in place of the shipped one."""
    pool_size: int = Field(default=10, ge=2, le=200)
    """Database connections of one process; requests use at most half, health has one more."""
    host: str = "127.0.0.1"
    """Where to listen; this machine only."""
    port: int = Field(default=8077, ge=0, le=65535)
    """The port; 0 takes a free one."""
    head_timeout: Duration = timedelta(seconds=10)
    """How long the head of a request may take."""
    body_timeout: Duration = timedelta(seconds=30)
    """How long the body of one document may take, and the next byte of a bulk request."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """From which level on lines are logged."""
    log_format: Literal["auto", "console", "json"] = "auto"
    """`auto`: coloured on a terminal, else JSON."""

    lease: Duration = timedelta(seconds=120)
    """How long a worker may keep what it claimed; longer than timeout and margin together."""
    http_timeout: Duration = timedelta(seconds=20)
    """How long one call to eBay may take."""
    margin: Duration = timedelta(seconds=5)
    """What must be left of the lease after a call's longest time."""
    verify_delay: Duration = timedelta(seconds=90)
    """How long after a lost reply eBay is read back for good."""
    poll: Duration = timedelta(seconds=1)
    """How often a worker looks for work when nothing wakes it."""
    debounce_window: Duration = timedelta(seconds=2)
    """How long a change waits for more edits."""
    debounce_longest: Duration = timedelta(seconds=30)
    """How long at most, if edits keep coming."""
    batches: int = Field(default=1, ge=1, le=40)
    """Bulk calls (25 listings each) claimed at once."""
    publishers: int = Field(default=2, ge=1, le=16)
    """Accounts published side by side in one process."""
    max_attempts: int = Field(
        default=6,
        ge=1,
        validation_alias=AliasChoices("EBAY_PUBLISH_MAX_ATTEMPTS", "BAYSYNC_MAX_ATTEMPTS"),
    )
    """Attempts before a change becomes a dead letter."""
    max_age: Duration = timedelta(hours=24)
    """How long a change may fail before it becomes a dead letter."""
    backoff_base: Duration = timedelta(seconds=5)
    """Wait after the first failed attempt; doubled after each more."""
    backoff_cap: Duration = timedelta(seconds=300)
    """The longest such wait."""
    lane_base: Duration = timedelta(seconds=5)
    """Wait of an account after eBay's first silence; doubled after each more."""
    lane_cap: Duration = timedelta(seconds=300)
    """The longest such wait."""
    rate: float = Field(
        default=5.0, gt=0, validation_alias=AliasChoices("EBAY_RATE_LIMIT_RPS", "BAYSYNC_RATE")
    )
    """Calls a second of one application and group of APIs, over all processes."""
    quota_sync: Duration = timedelta(hours=1)
    """How often eBay is asked how many calls are left today."""
    recheck: Duration = timedelta(hours=6)
    """When a listing that eBay holds or caps is looked at again."""
    revisions: int = Field(default=250, ge=1)
    """Revisions of one listing that eBay takes between two midnights in California."""
    revisions_kept: int = Field(default=25, ge=0)
    """How many of them are kept for prices and quantities."""
    reap_interval: Duration = timedelta(seconds=60)
    """How often lost leases are taken back."""
    heartbeat: Duration = timedelta(seconds=10)
    """How often a process says that it lives."""
    queue_enabled: bool = Field(
        default=True, validation_alias=AliasChoices("EBAY_QUEUE_ENABLED", "BAYSYNC_QUEUE_ENABLED")
    )
    """`false`: this process looks at no edits made in Python, and publishes nothing."""
    publish_enabled: bool = Field(
        default=True,
        validation_alias=AliasChoices("EBAY_PUBLISH_ENABLED", "BAYSYNC_PUBLISH_ENABLED"),
    )
    """`false`: this process publishes nothing; changes wait."""
    policy_enabled: bool = Field(
        default=True,
        validation_alias=AliasChoices("EBAY_POLICY_ENABLED", "BAYSYNC_POLICY_ENABLED"),
    )
    """`false`: this process asks eBay for no reference data; what is cached still judges."""
    policy_impact_max: int = Field(
        default=25,
        ge=0,
        validation_alias=AliasChoices("EBAY_POLICY_IMPACT_MAX", "BAYSYNC_POLICY_IMPACT_MAX"),
    )
    """How many listings may be blocked unasked where eBay no longer shows policies or locations."""
    orders_enabled: bool = Field(
        default=True,
        validation_alias=AliasChoices("EBAY_ORDERS_ENABLED", "BAYSYNC_ORDERS_ENABLED"),
    )
    """`false`: this process does not read what was sold."""
    orders_interval: Duration = Field(default=timedelta(minutes=2), ge=timedelta(seconds=1))
    """How often what was sold is read."""
    orders_overlap: Duration = timedelta(hours=1)
    """How long after a sale eBay may still show it for the first time."""
    orders_lookback: Duration = Field(default=timedelta(days=30), le=timedelta(days=729))
    """How far back an account's first reading of sales goes; eBay tells of two years."""
    versions_kept: int = Field(default=50, ge=2)
    """How many versions of a listing are kept."""
    versions_age: Duration = Field(default=timedelta(days=90), ge=timedelta(hours=1))
    """How long a version is kept after the next one took its place."""
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """Of the dates and times of sale prices that name no offset, as in `Europe/Berlin`."""
    snapshots_enabled: bool = Field(
        default=True,
        validation_alias=AliasChoices("EBAY_SNAPSHOTS_ENABLED", "BAYSYNC_SNAPSHOTS_ENABLED"),
    )
    """`false`: states that eBay showed are not kept."""


def load_settings() -> Settings:
    """Return the settings of this process's environment.

    Raises:
        SettingsError: an unknown ``BAYSYNC_`` name, a near miss of ``DATABASE_URL``, a bad value,
            or production without ``DATABASE_URL``.
    """
    _refuse_strangers(os.environ)
    try:
        settings = Settings()
    except ValidationError as error:
        raise _explained(error) from error
    if settings.http_timeout + settings.margin >= settings.lease:
        raise SettingsError(
            "BAYSYNC_LEASE is not longer than BAYSYNC_HTTP_TIMEOUT and BAYSYNC_MARGIN together.",
            fix="make the lease longer or the timeout shorter.",
        )
    if settings.database_url and not is_address(settings.database_url.get_secret_value()):
        raise SettingsError(
            "DATABASE_URL is not the address of a PostgreSQL database.",  # may hold a password
            fix="export DATABASE_URL=postgresql://USER:PASSWORD@HOST/DATABASE",
        )
    if settings.env == "production" and settings.database_url is None:
        raise SettingsError(
            "BAYSYNC_ENV is production and DATABASE_URL is not set.",
            fix="export DATABASE_URL=postgresql://USER:PASSWORD@HOST/DATABASE",
        )
    return settings


def _refuse_strangers(environ: Mapping[str, str]) -> None:
    known = sorted(set(Settings.model_fields) - {"database_url"})
    names = {PREFIX + name.upper() for name in known}
    if "DATABASE_URL" not in environ:
        for name in filter(_NEARLY_DATABASE_URL.fullmatch, environ):
            raise SettingsError(
                f"{name} is set, but not DATABASE_URL.", fix=f'export DATABASE_URL="${name}"'
            )
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in names | NOT_OURS:
            close = difflib.get_close_matches(name.removeprefix(PREFIX).lower(), known, n=1)
            hint = f"did you mean {PREFIX}{close[0].upper()}?" if close else f"unset {name}."
            raise SettingsError(f"There is no setting {name}.", fix=hint)


def _explained(error: ValidationError) -> SettingsError:
    problems: list[str] = []
    for found in error.errors():
        name = str(found["loc"][0]) if found["loc"] else "environment"
        shown = name if name.isupper() else PREFIX + name.upper()
        problems.append(f"{shown}: {found['msg']}")  # never the value: it may be a secret
    return SettingsError("; ".join(problems) + ".", fix="correct or unset it.")
