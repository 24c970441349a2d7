"""Addresses that mean nothing: each is the sender's fault, in the one shape of errors."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import pytest

from baysync.api.app import create
from baysync.api.deps import Services
from baysync.api.health import Watch
from baysync.api.server import listen, serve
from baysync.base.secrets import Keyring
from baysync.config.settings import Settings
from baysync.dashboard import routes
from baysync.db.connection import Db
from baysync.db.doorbell import Doorbell
from baysync.db.pool import open_pool


@pytest.fixture
async def port(database: str) -> AsyncGenerator[int]:
    """The port of API and pages."""
    async with open_pool(database, size=4) as pool:

        @asynccontextmanager
        async def lend() -> AsyncGenerator[Db]:
            async with pool.connection() as db:
                yield db

        services = Services(
            settings=Settings(),
            pool=pool,
            keyring=Keyring(bytes(32)),
            bell=Doorbell(database, pool),
            watch=Watch(pool=pool, version="1"),
        )
        listener, stopping = listen("127.0.0.1", 0), anyio.Event()
        async with anyio.create_task_group() as tasks:
            app = create(services, more=[routes.router(lend)])
            tasks.start_soon(lambda: serve(app, listener, stopping=stopping))
            yield int(listener.getsockname()[1])
            stopping.set()


async def ask(port: int, target: str, **headers: str) -> tuple[int, str, str]:
    """Send a request as it stands; return status, head and body of the answer."""
    method = headers.pop("method", "GET")
    lines = {"Host": "localhost", "Connection": "close"} | headers
    request = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    async with await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(f"{method} {target} HTTP/1.1\r\n{request}\r\n".encode())
        answer = b"".join([chunk async for chunk in stream])
    head, _, body = answer.decode().partition("\r\n\r\n")
    return int(head.split()[1]), head.lower(), body


@pytest.mark.parametrize(
    "target",
    [
        "/api/listings/A%00B",
        "/listings?q=%00",
        "/log?sku=%00",
        "/api/admin/ebay/queue?sku=%00",
        "/api/admin/ebay/queue/dead-letter?verdict=%00",
        "/api/ebay/orders?sku=%00",
        "/api/listings/%ff%fe",
        "/listings/%c3(",
        "/log?sku=%ff",
    ],
)
async def test_an_address_that_no_database_stores_is_a_bad_request(port: int, target: str) -> None:
    status, head, body = await ask(port, target)
    assert (status, json.loads(body)["code"]) == (400, "malformed_address")
    assert "application/problem+json" in head
    assert "x-correlation-id: " in head


@pytest.mark.parametrize(
    "target",
    [
        "/log?before=9223372036854775808",
        "/log?before=-1",
        "/listings/A?at=9223372036854775808",
        "/listings/A/diff?a=9223372036854775808",
        "/api/admin/ebay/queue?limit=99999999999999999999",
        "/api/ebay/orders?limit=0",
        "/api/ebay/orders?cursor=c2FsZTo5OTk5OTk5OTk5OTk5OTk5OTk5OTk=",
        "/api/listings?cursor=%5B",
    ],
)
async def test_a_number_out_of_range_is_the_fault_of_who_asks(port: int, target: str) -> None:
    assert (await ask(port, target))[0] in {400, 404, 422}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "["},
        {"Host": "[::1"},
        {"Host": ""},
        {"method": "POST", "Origin": "http://[", "Content-Length": "0"},
    ],
)
async def test_a_host_or_origin_that_is_no_address_is_a_foreign_one(
    port: int, headers: dict[str, str]
) -> None:
    status, head, body = await ask(port, "/api/listings", **headers)
    assert (status, json.loads(body)["code"]) == (403, "foreign_request")
    assert "x-content-type-options: nosniff" in head
