"""A shop that speaks to the API over real HTTP."""

import asyncio
import io
import json
import os
import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import pytest

from baysync.api.app import create
from baysync.api.deps import Services
from baysync.api.listings_bulk import MEDIA_TYPE
from baysync.api.server import serve
from baysync.api.watch import Watch
from baysync.config.settings import load_settings
from baysync.db.pool import Share
from baysync.runtime import open_runtime
from support.leaks import shown


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.text)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def rules(self) -> dict[str, str]:
        assert self.headers["Content-Type"] == "application/problem+json"
        return {error["pointer"]: error["rule"] for error in self.json["errors"]}


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that speaks to the API."""

    session: aiohttp.ClientSession
    url: str

    async def ask(self, method: str, path: str = "", body: object = None, **headers: str) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        data = None if body is None else io.BytesIO(raw)
        spelled = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"{self.url}/api/listings{path}"
        async with self.session.request(method, url, data=data, headers=spelled) as answer:
            return Answer(answer.status, answer.headers, shown(await answer.text()))

    async def bulk(self, *lines: object) -> list[Any]:
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        answer = await self.ask("POST", "/bulk", text.encode())
        assert (answer.status, answer.headers["Content-Type"]) == (200, MEDIA_TYPE)
        return answer.lines


@asynccontextmanager
async def open_shop(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Shop]:
    """Yield a shop that speaks to a server of its own."""
    for name in list(os.environ):
        if name.startswith(("BAYSYNC_", "EBAY_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path / "home"))
    settings = load_settings()
    stopping = anyio.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with open_runtime(settings) as runtime, asyncio.TaskGroup() as tasks:
            services = Services(
                settings=settings,
                pool=Share(runtime.pool, most=4),
                keyring=runtime.keyring,
                bell=runtime.bell,
                watch=Watch(pool=runtime.pool, version="0"),
            )
            serving = tasks.create_task(serve(create(services), listener, stopping=stopping))
            async with aiohttp.ClientSession() as session:
                yield Shop(session, f"http://127.0.0.1:{listener.getsockname()[1]}")
            stopping.set()
            await serving
