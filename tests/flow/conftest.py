"""A shop for each test of the whole loop."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import anyio
import pytest

from baysync.config import store as live_settings
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.db.embedded.locks import exclusive
from baysync.reference.service import ASKS
from baysync.telemetry.metrics import GATHERED
from conftest import HOME, TEMPLATE
from mockbay.client import MockServer, running
from support.api_site import Site, site_on
from support.live_shop import Shop, open_shop
from support.stocked_shop import stock


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


@pytest.fixture(scope="session")
def stocked(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database to copy: a shop with something behind every door, made once a run."""
    home = Path(os.environ[HOME]) / "stocked"
    name = "template_stocked"
    with exclusive(home.with_suffix(".lock")):
        if not home.exists():
            url = cluster.clone(TEMPLATE, name)
            with running() as mock:  # on the real clock: quotas and orders are of today
                anyio.run(stock, url, mock, tmp_path_factory.mktemp("stocked"))
            home.touch()
    return name


@pytest.fixture
async def doors(cluster: EmbeddedPostgres, stocked: str) -> AsyncIterator[Site]:
    """The API of a stocked shop, on a database of this test's own."""
    name = f"doors_{uuid4().hex[:12]}"
    url = cluster.clone(stocked, name)
    GATHERED.take()  # what other tests of this process have counted
    async with site_on(url) as site:
        await site.watch.look()
        yield site
    cluster.drop(name)


@pytest.fixture
def here(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a database of this test's own."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path
