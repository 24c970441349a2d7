"""A shop with worker processes of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from chaos.workers import Workers, workers
from live_shop import Shop, open_shop
from mockbay.client import MockServer


@pytest.fixture
async def shop(database: str, mockbay: MockServer, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database, mockbay, tmp_path) as shop:
        yield shop


@pytest.fixture
def crew(shop: Shop, database: str) -> Iterator[Workers]:
    with workers(shop, database) as crew:
        yield crew
