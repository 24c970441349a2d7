"""The API served on a free port, and a browser for it."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import anyio
from fastapi import APIRouter

from baysync.api.app import create
from baysync.api.deps import Services
from baysync.api.server import listen, serve, url_of
from baysync.api.watch import Watch
from baysync.base.secrets import Keyring
from baysync.config.settings import Settings
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Pool, Share, open_pool
from support.leaks import shown


@dataclass(frozen=True)
class Site:
    """A served application and a browser for it."""

    url: str
    http: aiohttp.ClientSession
    watch: Watch
    pool: Pool

    async def get(self, path: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
        async with self.http.get(self.url + path, headers=headers) as answer:
            body = await answer.read()
            shown(body.decode("utf-8", "replace"))
            return answer.status, answer.headers, body

    async def post(self, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
        async with self.http.post(self.url + path, json=body, headers=headers) as answer:
            return answer.status, shown(await answer.text()).encode()

    async def read(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Return the JSON of an answer that is 200."""
        status, _, body = await self.get(path)
        assert status == 200, (path, body)
        return json.loads(body)

    async def send(self, path: str, body: object = None) -> tuple[int, Any]:
        """Post a JSON body; return status and JSON of the answer."""
        status, answer = await self.post(path, body)
        return status, json.loads(answer)


@asynccontextmanager
async def site_on(url: str, *, more: Sequence[APIRouter] = ()) -> AsyncGenerator[Site]:
    """Serve the API on a free port."""
    async with open_pool(url, size=4) as pool, aiohttp.ClientSession() as http:
        watch = Watch(pool=pool, version="1")
        services = Services(
            settings=Settings(),
            pool=Share(pool, most=4),
            keyring=Keyring(bytes(32)),
            bell=Doorbell(url, pool),
            watch=watch,
        )
        listener, stopping = listen("127.0.0.1", 0), anyio.Event()
        async with anyio.create_task_group() as tasks:
            app = create(services, more=more)
            tasks.start_soon(lambda: serve(app, listener, stopping=stopping))
            yield Site(url_of(listener), http, watch, pool)
            stopping.set()
