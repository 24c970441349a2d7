"""What every place says at one moment where people and programs look whether all is well."""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from html import unescape

import anyio
from typer.testing import CliRunner

from baysync.api.server import listen, serve
from baysync.api.watch import Watch
from baysync.app import application
from baysync.cli.main import app
from baysync.runtime import Runtime
from baysync.telemetry.heartbeat import Heartbeat
from support.served import ask, request

PAGES = {
    "health": "/api/health",
    "ready": "/api/ready",
    "metrics": "/metrics",
    "overview": "/",
    "page": "/listings/LAMP-1",
}
COMMANDS = {"status": ("status",), "doctor": ("doctor",), "why": ("why", "LAMP-1")}


@dataclass(frozen=True, slots=True)
class Site:
    """A process that serves: its port, what it watches, and its heartbeat."""

    port: int
    watch: Watch
    beat: Heartbeat

    async def said(self) -> dict[str, str]:
        """Return what each place says now: its exit code or status, then its words in one line."""
        await self.beat.beat()
        await self.watch.look()
        texts = {name: await run(*words) for name, words in COMMANDS.items()}
        pages = await asyncio.gather(*map(self._read, PAGES.values()))
        return texts | dict(zip(PAGES, pages, strict=True))

    async def _read(self, path: str) -> str:
        answer = await ask(self.port, request("GET", path))
        plain = re.sub(r"<[^>]+>", "", answer.body) if "html" in answer.head else answer.body
        return f"{answer.status} {unescape(' '.join(plain.split()))}"


async def run(*words: str) -> str:
    """Run a command of ours; return its exit code and what it said."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    done = await asyncio.to_thread(CliRunner().invoke, app, words)
    root.handlers[:] = handlers  # a command logs to its own standard error, which is closed now
    root.setLevel(level)
    return f"{done.exit_code} {' '.join((done.stdout + done.stderr).split())}"


@asynccontextmanager
async def site(runtime: Runtime) -> AsyncGenerator[Site]:
    """Serve API and pages of a runtime as ``up`` does; its watch looks when it is told to."""
    stopping = anyio.Event()
    beat = Heartbeat(
        pool=runtime.pool,
        every=runtime.settings.heartbeat,
        publishes=True,
        stopping=stopping,
    )
    watch = Watch(pool=runtime.pool, version="1", unwritten=lambda: beat.trouble)
    listener = listen("127.0.0.1", 0)
    async with anyio.create_task_group() as tasks:
        served = application(runtime, watch)
        tasks.start_soon(partial(serve, served, listener, stopping=stopping))
        yield Site(int(listener.getsockname()[1]), watch, beat)
        stopping.set()
