"""Clients that take their time, or too much of us: each is told so, and none waits for ever."""

import asyncio
import json
import resource
from collections.abc import AsyncGenerator, Generator
from datetime import timedelta

import anyio
import pytest

from baysync.api import http_protocol
from baysync.config.settings import Settings
from baysync.db.connection import Db
from support.served import Reply, ask, request, served

SOON = timedelta(milliseconds=300)
HASTY = Settings(head_timeout=SOON, body_timeout=SOON)


@pytest.fixture
async def port(database: str) -> AsyncGenerator[int]:
    """The port of a server that waits 0.3 s for heads and bodies."""
    with anyio.fail_after(60):
        async with served(database, HASTY, connections=2) as port:
            yield port


@pytest.fixture
def few_files() -> Generator[None]:
    """A process that may open few files, but both ends of every connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (450, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /api/ready HTTP/1.1\r\nHost: loc",
        request("PUT", "/api/listings/A", Content_Length="100") + b"{",
        request("PATCH", "/api/listings/A", Content_Length="100") + b"{",
        request("POST", "/api/listings", Transfer_Encoding="chunked") + b"1\r\n{\r\n",
        request("POST", "/api/stock", Content_Length="100"),
        request("POST", "/api/listings/bulk", Transfer_Encoding="chunked") + b"2\r\n{}\r\n",
    ],
)
async def test_a_request_that_does_not_go_on_is_answered_408(port: int, sent: bytes) -> None:
    answer = await ask(port, sent)
    assert (answer.status, answer.problem["code"]) == (408, "request_timeout")
    assert "connection: close" in answer.head
    assert "x-correlation-id: " in answer.head


async def test_drops_win_no_time(port: int) -> None:
    """Neither a head nor a bulk body lives on single bytes."""
    for start in (
        b"GET / HTTP/1.1\r\n",
        request("POST", "/api/listings/bulk", Content_Length="9999"),
    ):
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            answer = bytearray()
            await stream.send(start)
            while not answer:
                await stream.send(b"x")
                with anyio.move_on_after(0.05):
                    answer += await stream.receive()
            assert answer.startswith(b"HTTP/1.1 408")


async def test_what_is_no_http_is_answered_as_a_problem(port: int) -> None:
    answer = await ask(port, b"HELO localhost\r\n\r\n")
    assert (answer.status, answer.problem["code"]) == (400, "not_http")


async def test_whole_lines_before_a_broken_upload_are_stored(port: int, db: Db) -> None:
    lines = b"".join(b'{"sku": "S%d", "title": "Lamp"}\n' % n for n in range(1_000))
    head = request("POST", "/api/listings/bulk", Content_Length=str(len(lines) + 10))
    answer = await ask(port, head + lines)
    assert answer.status == 408
    cursor = await db.execute("SELECT count(*) FROM listing")
    assert await cursor.fetchone() == (1_000,)


async def test_a_client_that_leaves_is_no_error_of_ours(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(request("PUT", "/api/listings/A", Content_Length="100") + b"{")
    assert (await ask(port, request("GET", "/api/listings"))).status == 200
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.usefixtures("few_files")
async def test_requests_abreast_are_served_or_told_to_come_back(database: str) -> None:
    """180 at once, of which a process of 450 files serves 150; none hangs."""
    assert http_protocol.most_connections() == 150

    async def put(port: int, number: int) -> Reply:
        body = json.dumps({"title": f"Lamp {number}"}).encode()
        head = request("PUT", f"/api/listings/L{number}", Content_Length=str(len(body)))
        return await ask(port, head + body)

    async with served(database, connections=2) as port:
        answers = await asyncio.gather(*(put(port, number) for number in range(180)))
        assert {answer.status for answer in answers} <= {201, 503}
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(150)]
        refused = await put(port, 1_000)
        assert (refused.status, "retry-after: 2" in refused.head) == (503, True)
        for _, writer in idle:
            writer.close()
        with anyio.fail_after(20):
            while (await put(port, 1_000)).status != 201:
                pass
