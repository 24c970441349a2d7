"""What endpoints are handed: a transaction, and what the process shares."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from baysync.api.health import Watch
from baysync.base.secrets import Keyring
from baysync.config.settings import Settings
from baysync.db.connection import Db as Connection
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the composition root lends to the API."""

    settings: Settings
    pool: Pool
    keyring: Keyring
    bell: Doorbell
    watch: Watch


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
