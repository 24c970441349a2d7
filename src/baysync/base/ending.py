"""How a process ends in time: what is under way when it is told to stop has some seconds left."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio

# After the signal: a call to eBay or a job is cut off, then all that is still under way, and what
# does not let itself be cut off (a database that stands still) ends with the process.
CALL_SECONDS = 4.0
ALL_SECONDS = 7.0
PROCESS_SECONDS = 9.0


@asynccontextmanager
async def cut_off(stopping: anyio.Event, seconds: float) -> AsyncGenerator[asyncio.Timeout]:
    """Leave the block ``seconds`` after ``stopping``; then ``expired()`` of what it yields is True.

    The block is left by cancelling it: what it holds is released as after any other error.
    """
    limit = asyncio.timeout(None)
    try:
        async with limit:
            watcher = asyncio.create_task(_shorten(limit, stopping, seconds))
            try:
                yield limit
            finally:
                watcher.cancel()
    except TimeoutError:
        if not limit.expired():
            raise


async def _shorten(limit: asyncio.Timeout, stopping: anyio.Event, seconds: float) -> None:
    await stopping.wait()
    limit.reschedule(asyncio.get_running_loop().time() + seconds)
