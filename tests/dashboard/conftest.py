"""Pages over real HTTP."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest

from baysync.db.connection import Db
from support import window


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as a browser got it."""

    status: int
    text: str
    headers: dict[str, str]


Get = Callable[..., Awaitable[Page]]


@pytest.fixture
async def address(db: Db) -> AsyncIterator[str]:
    @asynccontextmanager
    async def lend() -> AsyncGenerator[Db]:
        yield db

    async with window.serving(lend) as url:
        yield url


@pytest.fixture
async def get(address: str) -> AsyncIterator[Get]:
    async with aiohttp.ClientSession() as session:

        async def fetch(path: str, **headers: str) -> Page:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            async with session.get(f"{address}{path}", headers=sent) as answer:
                return Page(answer.status, await answer.text(), dict(answer.headers))

        yield fetch
