"""A shop for each test of the whole loop."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from live_shop import Shop, open_shop
from mockbay.client import MockServer


@pytest.fixture
async def shop(database: str, mockbay: MockServer, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database, mockbay, tmp_path) as shop:
        yield shop
