"""Run revisions with Alembic. Its import takes a second, so only an upgrade pays for it."""

from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine

from baysync.db.migrate import LOCK, MIGRATIONS


def run(url: str, target: str = "head") -> None:
    """Run every revision up to ``target`` that the database lacks, one process at a time."""
    with _connect(url) as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(%(key)s)", {"key": LOCK})
        connection.commit()
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, target)


def head() -> str | None:
    """Return the newest revision as Alembic reads it from the files."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _connect(url: str) -> Generator[Connection]:
    # A creator, so that the libpq URL is used as it is and needs no SQLAlchemy spelling.
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool
    )
    with engine.connect() as connection:
        yield connection
