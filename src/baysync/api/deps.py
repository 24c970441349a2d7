"""What endpoints are handed: a transaction, and what the process shares."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, cast

import anyio
from fastapi import Depends, Request

from baysync.api.watch import Watch
from baysync.base.secrets import Keyring
from baysync.config.settings import Settings
from baysync.db.connection import Db as Connection
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Share

MOST_BULK = 16
MOST_HEAVY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the composition root lends to the API.

    ``pool`` is the share of requests. ``bulk`` counts how many more bulk requests may come, and
    ``heavy`` how many batches are worked on at once: for more, the others would wait too long.
    """

    settings: Settings
    pool: Share
    keyring: Keyring
    bell: Doorbell
    watch: Watch
    bulk: anyio.Semaphore = field(default_factory=partial(anyio.Semaphore, MOST_BULK))
    heavy: anyio.Semaphore = field(default_factory=partial(anyio.Semaphore, MOST_HEAVY))

    @property
    def body_seconds(self) -> float:
        """How long a body may take, and the next byte of one that may be of any length."""
        return self.settings.body_timeout.total_seconds()


def services(request: Request) -> Services:
    """Return what this process shares."""
    return cast("Services", request.app.state.services)


async def _connection(request: Request) -> AsyncGenerator[Connection]:
    shared = services(request)
    async with shared.pool.connection() as db, db.transaction():
        yield db
    if request.method != "GET":
        shared.bell.ring()  # committed: there may be something to do


# Committed before the answer leaves: who reads it may rely on it.
Db = Annotated[Connection, Depends(_connection, scope="function")]
Shared = Annotated[Services, Depends(services)]
