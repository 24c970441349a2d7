"""``baysync db``: the schema of the database."""

from collections.abc import Callable
from typing import Annotated, TypeVar

import anyio
import typer
from anyio import to_thread

from baysync.base.errors import SchemaError
from baysync.cli.terminal.output import note, print_json
from baysync.config.settings import load_settings
from baysync.db import migrate
from baysync.runtime import open_database

T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
app = typer.Typer(no_args_is_help=True, help="The database and its schema.")


@app.command()
def upgrade() -> None:
    """Bring the database to the schema of this program; safe to run twice and at the same time."""
    anyio.run(_with_url, migrate.upgrade)
    note(f"The database is at revision {migrate.newest()}.")


@app.command()
def current(*, as_json: Json = False) -> None:
    """Print the revision of the database."""
    revision = anyio.run(_with_url, migrate.current)
    if as_json:
        print_json({"revision": revision, "newest": migrate.newest()})
    else:
        typer.echo(revision or "empty")


@app.command()
def check(*, as_json: Json = False) -> None:
    """End with 0 if the database has this program's schema, else with 3 and the reason."""
    try:
        anyio.run(_with_url, migrate.check)
    except SchemaError as error:
        if as_json:
            print_json({"ok": False, "message": error.message, "fix": error.fix})
        raise
    if as_json:
        print_json({"ok": True, "message": f"revision {migrate.newest()}", "fix": ""})
    note(f"The database is at revision {migrate.newest()}, as it should be.")


async def _with_url(work: Callable[[str], T]) -> T:
    async with open_database(load_settings()) as database:
        return await to_thread.run_sync(work, database.url)
