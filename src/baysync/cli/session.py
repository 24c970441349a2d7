"""What every command needs: a runtime to work in, and errors without a traceback."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import TypeVar, cast

import anyio
import typer
from typer.core import TyperGroup

from baysync.base.errors import BaysyncError, Refused
from baysync.cli.output import print_error
from baysync.config.settings import load_settings
from baysync.db.connection import LOST
from baysync.db.trouble import failure, trouble
from baysync.ebay.redact import redact
from baysync.runtime import Runtime, open_runtime
from baysync.telemetry import logs, rollup

T = TypeVar("T")
_WORDS = "baysync.words"


def run(work: Callable[[Runtime], Awaitable[T]]) -> T:
    """Open the runtime of this environment, await ``work`` in it and return its result.

    Raises:
        BaysyncError: any; ``Shell`` prints it with its fix and ends with its exit code.
    """
    return anyio.run(_in_runtime, work)


async def _in_runtime(work: Callable[[Runtime], Awaitable[T]]) -> T:
    settings = load_settings()
    level = "debug" if settings.log_level == "debug" else "warning"  # a command is no server
    logs.configure(level=level, form=settings.log_format, redact=redact)
    async with surviving(), open_runtime(settings) as runtime:
        result = await work(runtime)
        async with runtime.db() as db:
            await rollup.hand_over(db)
            await runtime.bell.tell(db)
        return result


@asynccontextmanager
async def surviving() -> AsyncGenerator[None]:
    """Turn the loss of the database into an error with its reason and a fix."""
    try:
        yield
    except LOST as error:
        raise failure(trouble(error), error) from error


def refuse_empty(words: Sequence[str]) -> None:
    """Return if each of the words of a command line says something.

    An empty one is mostly a variable of a script that was never set.

    Raises:
        Refused: an option or argument is empty.
    """
    for before, word in pairwise(("", *words)):
        option, _, value = word.partition("=") if word.startswith("--") else (before, "", word)
        if not value.strip() and (not word.startswith("--") or "=" in word):
            name = option if option.startswith("-") else "An argument"
            raise Refused(f"{name} is empty.", fix="give it a value, or leave it out.")


class Shell(TyperGroup):
    """The root command: an error of ours becomes two lines on standard error and an exit code."""

    def parse_args(self, ctx: object, args: list[str]) -> list[str]:
        """Keep the words of the command line for ``invoke``, and parse them."""
        context = cast("typer.Context", ctx)
        context.meta[_WORDS] = tuple(args)
        return super().parse_args(context, args)

    def invoke(self, ctx: object) -> object:
        """Run the chosen command."""
        context = cast("typer.Context", ctx)
        try:
            refuse_empty(context.meta[_WORDS])
            return super().invoke(context)
        except BaysyncError as error:
            print_error(error.message, error.fix)
            raise typer.Exit(error.exit_code) from error
