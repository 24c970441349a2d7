"""What every command needs: a runtime to work in, and errors without a traceback."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

import anyio
import typer
from rich.console import Console
from typer.core import TyperGroup

from baysync.app import Runtime, open_runtime
from baysync.base.errors import BaysyncError, DatabaseError
from baysync.config.settings import load_settings
from baysync.db.connection import LOST

T = TypeVar("T")


def run(work: Callable[[Runtime], Awaitable[T]]) -> T:
    """Open the runtime of this environment, await ``work`` in it and return its result.

    Raises:
        BaysyncError: any; ``Shell`` prints it with its fix and ends with its exit code.
    """
    return anyio.run(_in_runtime, work)


async def _in_runtime(work: Callable[[Runtime], Awaitable[T]]) -> T:
    try:
        async with open_runtime(load_settings()) as runtime:
            return await work(runtime)
    except LOST as error:
        raise DatabaseError(
            f"The database went away: {error}", fix="check that it runs, then try again."
        ) from error


class Shell(TyperGroup):
    """The root command: an error of ours becomes two lines on standard error and an exit code."""

    def invoke(self, ctx: object) -> object:
        """Run the chosen command."""
        try:
            return super().invoke(cast("typer.Context", ctx))
        except BaysyncError as error:
            console = Console(stderr=True, highlight=False, soft_wrap=True)
            console.print(
                f"[red]error:[/] {_plain(error.message)}\n[dim]fix:[/]   {_plain(error.fix)}"
            )
            raise typer.Exit(error.exit_code) from error


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
