"""The shop that the adapter suite talks to."""

from collections.abc import AsyncGenerator

import pytest

from mockbay.client import MockServer
from support.adapter_shop import URL, Shop, shop_at


@pytest.fixture
async def shop(request: pytest.FixtureRequest) -> AsyncGenerator[Shop]:
    mock: MockServer | None = None if URL else request.getfixturevalue("mockbay")
    async with shop_at(mock) as opened:
        yield opened
