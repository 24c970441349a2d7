"""Loops that nothing ends but their own stop: each takes turns until its process is told so."""

import random
from collections.abc import Awaitable, Callable

import anyio

from baysync.db.connection import LOST
from baysync.telemetry.logs import logger

RETRY_SECONDS = 0.2
BROKEN_SECONDS = 2.0
log = logger(__name__)


async def take_turns(
    turn: Callable[[], Awaitable[object]], *, name: str, stopping: anyio.Event
) -> None:
    """Take turns until ``stopping``; a lost database is waited for, and a fault of ours outlived.

    A turn waits by itself where there is nothing to do. One that broke is tried again a little
    later, and logged with ``name`` unless it broke in the same way the time before.
    """
    broken = ""
    while not stopping.is_set():
        try:
            await turn()
        except LOST:
            await _pause(RETRY_SECONDS, stopping)
        except Exception as error:
            if repr(error) != broken:
                log.exception("loop.broke", loop=name)
            broken = repr(error)
            await _pause(BROKEN_SECONDS, stopping)
        else:
            broken = ""


async def _pause(seconds: float, stopping: anyio.Event) -> None:
    with anyio.move_on_after(seconds * random.uniform(0.5, 1.5)):  # noqa: S311 -- no secret
        await stopping.wait()
