"""``baysync db``: the schema of the database."""

from collections.abc import Callable
from typing import TypeVar

import anyio
import typer
from anyio import to_thread

from baysync.cli.output import note
from baysync.config.settings import load_settings
from baysync.db import migrate
from baysync.runtime import open_database

T = TypeVar("T")
app = typer.Typer(no_args_is_help=True, help="The database and its schema.")


@app.command()
def upgrade() -> None:
    """Bring the database to the schema of this program; safe to run twice and at the same time."""
    anyio.run(_with_url, migrate.upgrade)
    note(f"The database is at revision {migrate.newest()}.")


@app.command()
def current() -> None:
    """Print the revision of the database."""
    typer.echo(anyio.run(_with_url, migrate.current) or "empty")


@app.command()
def check() -> None:
    """End with 0 if the database has this program's schema, else with 3 and the reason."""
    anyio.run(_with_url, migrate.check)
    note(f"The database is at revision {migrate.newest()}, as it should be.")


async def _with_url(work: Callable[[str], T]) -> T:
    async with open_database(load_settings()) as database:
        return await to_thread.run_sync(work, database.url)
