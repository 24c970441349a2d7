"""What every command, the server and the workers share in one process: database, keys, eBay."""

import os
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from anyio import to_thread

from baysync.account import connection_store
from baysync.account.sessions import Sessions
from baysync.account.token_store import PostgresTokenStore
from baysync.base.errors import SecretError, SettingsError
from baysync.base.secrets import Keyring, load_keyring
from baysync.config.settings import Settings
from baysync.db import migrate
from baysync.db.connection import Db
from baysync.db.doorbell import Doorbell
from baysync.db.embedded.binaries import find_binaries
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.db.pool import Pool, open_pool
from baysync.ebay.edge.transport import Http, Transport, open_http
from baysync.ebay.environment import Environment, Hosts
from baysync.telemetry.logs import logger

log = logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Where the data is; ``words`` says it to people and holds no password.

    ``server`` is the embedded server that this process keeps running.
    """

    url: str = field(repr=False)
    words: str
    server: EmbeddedPostgres | None = None

    @property
    def embedded(self) -> bool:
        """Whether it is an embedded server."""
        return self.server is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What every command, the server and the workers share in one process."""

    settings: Settings
    database: Database
    pool: Pool
    keyring: Keyring
    sessions: Sessions
    bell: Doorbell

    def db(self) -> AbstractAsyncContextManager[Db]:
        """Lend a connection in autocommit mode: ``async with runtime.db() as db``."""
        return self.pool.connection()


@asynccontextmanager
async def open_runtime(settings: Settings, *, looks: bool = False) -> AsyncGenerator[Runtime]:
    """Yield a runtime whose database is there and has this program's schema.

    The embedded server is started and migrated where ``DATABASE_URL`` is not set; a database of
    the user's own is only checked. Where it only ``looks``, nothing is made, started or migrated.

    Raises:
        DatabaseError: it cannot be reached or has another schema.
        SettingsError: production without a database of its own.
        SecretError: the key cannot be used.
    """
    keyring = await to_thread.run_sync(partial(_keyring, settings, looks=looks))
    async with open_database(settings, looks=looks) as database:
        change = migrate.upgrade if database.embedded and not looks else migrate.check
        await to_thread.run_sync(change, database.url)
        async with open_pool(database.url, size=settings.pool_size) as pool, open_http() as http:
            sessions = Sessions(
                reach=partial(_reach, http, settings),
                tokens=PostgresTokenStore(pool=pool, keyring=keyring),
                settings=settings,
            )
            runtime = Runtime(
                settings=settings,
                database=database,
                pool=pool,
                keyring=keyring,
                sessions=sessions,
                bell=Doorbell(database.url, pool),
            )
            await _refuse_production_on_embedded(runtime)
            yield runtime


@asynccontextmanager
async def open_database(settings: Settings, *, looks: bool = False) -> AsyncGenerator[Database]:
    """Yield where the database is, whatever its schema, keeping an embedded one running.

    Where it only ``looks``, an embedded one that does not run is not started.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        yield Database(url=url, words="PostgreSQL of DATABASE_URL")
        return
    if not looks:
        await to_thread.run_sync(make_home, settings.home)
    server = EmbeddedPostgres(
        settings.home / "pg",
        binaries=find_binaries(settings.pg_bin),
        tell=lambda words: log.warning("database.waiting", reason=words),
    )
    try:
        url = await to_thread.run_sync(server.attach if looks else server.start)
        words = f"embedded PostgreSQL {server.server.binaries.version} in {server.home}"
        yield Database(url=url, words=f"{words} (DATABASE_URL for your own)", server=server)
    finally:
        server.release()


def make_home(home: Path) -> None:
    """Make the folder of an installation; as root, the user who runs the server may enter it.

    Raises:
        SettingsError: it cannot be made.
    """
    try:
        home.mkdir(0o755 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"Cannot make {home}: {error.strerror}.",
            fix="set BAYSYNC_HOME to a folder you may write to.",
        ) from error


def _reach(http: Http, settings: Settings, environment: Environment, where: Hosts) -> Transport:
    timeout = settings.http_timeout.total_seconds()
    return Transport(http, environment=environment, hosts=where, timeout=timeout)


def _keyring(settings: Settings, *, looks: bool) -> Keyring:
    key = settings.key.get_secret_value() if settings.key else None
    if looks and key is None and not (settings.home / "key").exists():
        raise SecretError(
            f"There is no key in {settings.home} yet: nothing was ever started here.",
            fix="baysync up",
        )
    if not looks:
        make_home(settings.home)
    return load_keyring(key, settings.home)


async def _refuse_production_on_embedded(runtime: Runtime) -> None:
    if not runtime.database.embedded:
        return
    async with runtime.db() as db:
        if await connection_store.any_production(db):
            raise SettingsError(
                "There is an account of the real eBay, but DATABASE_URL is not set: the embedded "
                "database has no backups and no second machine.",
                fix="export DATABASE_URL=postgresql://USER:PASSWORD@HOST/DATABASE",
            )
