"""API and pages served on a port of their own, and requests that are sent to them byte by byte."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
from anyio.abc import ByteStream

from baysync.api.app import create, description
from baysync.api.deps import Services
from baysync.api.server import listen, serve
from baysync.api.watch import Watch
from baysync.base.secrets import Keyring
from baysync.config.settings import Settings
from baysync.dashboard import routes
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Share, open_pool
from support.leaks import shown


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came: ``head`` is in lower case."""

    status: int
    head: str
    body: str

    @property
    def problem(self) -> dict[str, Any]:
        assert "content-type: application/problem+json" in self.head
        return json.loads(self.body)


@asynccontextmanager
async def served(
    database: str, settings: Settings | None = None, *, connections: int = 4
) -> AsyncGenerator[int]:
    """Serve API and pages; yield the port."""
    settings = settings or Settings()
    async with open_pool(database, size=connections) as pool:
        share = Share(pool, most=connections)
        services = Services(
            settings=settings,
            pool=share,
            keyring=Keyring(bytes(32)),
            bell=Doorbell(database, pool),
            watch=Watch(pool=pool, version="1"),
        )
        listener, stopping = listen("127.0.0.1", 0), anyio.Event()
        head_seconds = settings.head_timeout.total_seconds()
        async with anyio.create_task_group() as tasks:
            app = create(
                services,
                more=[routes.router(share.connection, lights=lambda: (), described=description)],
            )
            tasks.start_soon(
                lambda: serve(app, listener, stopping=stopping, head_seconds=head_seconds)
            )
            yield int(listener.getsockname()[1])
            stopping.set()


def request(method: str, target: str, **headers: str) -> bytes:
    """Return the head of a request as it stands; the connection ends with its answer."""
    lines = {"Host": "localhost", "Connection": "close"} | headers
    text = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"{method} {target} HTTP/1.1\r\n{text}\r\n".encode()


async def ask(port: int, sent: bytes) -> Reply:
    """Send what is no more than a part of a request, maybe; return the answer."""
    async with await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(sent)
        return await reply(stream)


async def reply(stream: ByteStream) -> Reply:
    """Return what comes until the other end closes."""
    answer = b"".join([chunk async for chunk in stream])
    head, _, body = answer.decode().partition("\r\n\r\n")
    assert head, "closed without an answer"
    return Reply(int(head.split()[1]), head.lower(), shown(body))
