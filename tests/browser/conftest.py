"""Chromium for the pages: a missing one fails in CI and skips with a reason elsewhere."""

import os
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

from baysync.db.connection import Db
from support import window

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]


@pytest.fixture
def chromium() -> str:
    """The path of a Chromium of this machine."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI"):
        pytest.fail("no chromium on PATH; CI needs it: apt-get install -y chromium")
    if found is None:
        pytest.skip("no chromium on PATH: apt-get install -y chromium")
    return found


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        await running.close()


@pytest.fixture
async def address(db: Db) -> AsyncIterator[str]:
    @asynccontextmanager
    async def lend() -> AsyncGenerator[Db]:
        yield db

    async with window.serving(lend) as url:
        yield url
