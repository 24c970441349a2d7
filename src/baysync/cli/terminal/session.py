"""What a command that works with the database needs: a runtime to work in."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio

from baysync.base.memory import spare_what_stays
from baysync.config.settings import load_settings
from baysync.db.connection import LOST
from baysync.db.trouble import failure, trouble
from baysync.ebay.redact import redact
from baysync.runtime import Runtime, open_runtime
from baysync.telemetry import logs, rollup

T = TypeVar("T")


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
    spare_what_stays()
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
