"""A shop for each test of the whole loop."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from baysync.config import store as live_settings
from baysync.policy.service import ASKS
from live_shop import Shop, open_shop
from mockbay.client import MockServer


@pytest.fixture
async def shop(database: str, mockbay: MockServer, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database, mockbay, tmp_path) as shop:
        yield shop


@pytest.fixture
async def asking(shop: Shop) -> Shop:
    """A shop whose workers ask eBay for reference data before they publish."""
    async with shop.runtime.db() as db:
        await live_settings.put(db, ASKS, value=True, by="test")
    return shop
