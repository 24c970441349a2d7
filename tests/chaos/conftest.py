"""A shop with worker processes of its own."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from baysync.db import migrate
from baysync.db.embedded.binaries import Binaries
from baysync.db.embedded.cluster import EmbeddedPostgres
from chaos.workers import Workers, workers
from mockbay.client import MockServer
from support.live_shop import Shop, open_shop


@pytest.fixture
async def shop(database: str, mockbay: MockServer, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database, mockbay, tmp_path) as shop:
        yield shop


@pytest.fixture
def crew(shop: Shop, database: str) -> Iterator[Workers]:
    with workers(shop, database) as crew:
        yield crew


@pytest.fixture
def own(binaries: Binaries) -> Iterator[EmbeddedPostgres]:
    """A cluster of this test's own, which keeps its promises over a crash."""
    home = Path(tempfile.mkdtemp(prefix="baysync-own-"))
    home.chmod(0o755)  # as root, the user who runs PostgreSQL must pass through
    with EmbeddedPostgres(home / "pg", binaries=binaries) as server:
        migrate.upgrade(server.url())
        yield server
    EmbeddedPostgres(home / "pg").wait_stopped()
    shutil.rmtree(home)


@pytest.fixture
async def own_shop(
    own: EmbeddedPostgres, mockbay: MockServer, tmp_path: Path
) -> AsyncIterator[Shop]:
    async with open_shop(own.url(), mockbay, tmp_path) as shop:
        yield shop


@pytest.fixture
def own_crew(own_shop: Shop, own: EmbeddedPostgres) -> Iterator[Workers]:
    with workers(own_shop, own.url()) as crew:
        yield crew
