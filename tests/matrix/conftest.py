"""One shop for all scenarios of a module."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from baysync.db.embedded.cluster import EmbeddedPostgres
from conftest import TEMPLATE
from matrix.arena import arena
from mockbay.client import MockServer
from support.live_shop import Shop


@pytest.fixture(scope="module")
async def shop(
    cluster: EmbeddedPostgres, mockbay_server: MockServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Shop]:
    name = f"matrix_{uuid4().hex[:12]}"
    url = cluster.clone(TEMPLATE, name)
    async with arena(url, mockbay_server, tmp_path_factory.mktemp("matrix")) as shop:
        yield shop
    cluster.drop(name)
