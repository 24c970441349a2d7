"""Where the demo plays: a database and an eBay of its own, beside any real installation."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from anyio import to_thread
from pydantic import SecretStr

from baysync.base.errors import Refused
from baysync.config.settings import Settings
from baysync.db import migrate
from baysync.db.embedded.binaries import find_binaries
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.db.embedded.locks import exclusive, is_free
from baysync.runtime import Runtime, make_home, open_runtime
from mockbay.client import MockServer, running

T = TypeVar("T")
DATABASE = "demo"
RATE = 50.0  # the mock has no quota to spare
VERIFY_DELAY = timedelta(milliseconds=500)  # nothing is slow here


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStage:
    """What a demo plays with; ``url`` is that of its database, for other programs."""

    runtime: Runtime
    mock: MockServer
    home: Path
    url: str


@asynccontextmanager
async def open_stage(settings: Settings) -> AsyncGenerator[DemoStage]:
    """Start PostgreSQL and the mock side by side; yield them with an empty database.

    Raises:
        Refused: another demo plays in the same home.
    """
    home = settings.home / "demo"
    make_home(settings.home)
    make_home(home)
    server = EmbeddedPostgres(home / "pg", durable=False, binaries=find_binaries(settings.pg_bin))
    async with AsyncExitStack() as stack:
        stack.enter_context(_alone(home))
        stack.callback(server.release)
        url, mock = await asyncio.gather(
            asyncio.to_thread(_empty_database, server),
            asyncio.to_thread(stack.enter_context, running("--clock", "real")),
        )
        own = _settings(settings, home, url)
        runtime = await stack.enter_async_context(open_runtime(own))
        yield DemoStage(runtime=runtime, mock=mock, home=home, url=url)


async def asked_of_mock(ask: Callable[[], T]) -> T:
    """Return what the mock answers; told to end, the demo does not wait for that."""
    return await to_thread.run_sync(ask, abandon_on_cancel=True)


@contextmanager
def _alone(home: Path) -> Generator[None]:
    lock = home / "demo.lock"
    if not is_free(lock):
        raise Refused(
            f"Another demo plays in {home}.", fix="end it, or set BAYSYNC_HOME to another folder."
        )
    with exclusive(lock):
        yield


def _empty_database(server: EmbeddedPostgres) -> str:
    """Return the URL of a fresh database, copied from one that was migrated by an earlier demo."""
    server.start()
    schema = files("baysync.db").joinpath("schema.sql").read_bytes()
    template = f"empty_{sha256(schema).hexdigest()[:12]}"
    migrate.upgrade(server.create(template))
    server.create(DATABASE)
    server.drop(DATABASE)
    return server.clone(template, DATABASE)


def _settings(settings: Settings, home: Path, url: str) -> Settings:
    return settings.model_copy(
        update={
            "env": "development",
            "home": home,
            "key": None,
            "database_url": SecretStr(url),
            "debounce_window": timedelta(),
            "verify_delay": VERIFY_DELAY,
            "rate": RATE,
            "queue_enabled": True,
            "publish_enabled": True,
            "snapshots_enabled": True,
        }
    )
