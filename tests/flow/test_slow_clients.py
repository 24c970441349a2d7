"""Strangers who take connections and leave them half-used hold nothing up that matters."""

from contextlib import AsyncExitStack

import aiohttp
import anyio
from anyio import to_thread

from baysync.api.server import listen, url_of
from baysync.app import run
from support.live_shop import Shop, document
from support.served import request

HALVES = (
    b"GET /api/health HTTP/1.1\r\nHost: local",
    request("PUT", "/api/listings/X", Content_Length="1000") + b"{",
    request("POST", "/api/listings", Content_Length="1000") + b"{",
    request("POST", "/api/stock", Content_Length="1000") + b"{",
    request("POST", "/api/listings/bulk", Content_Length="1000") + b"{}\n{",
)


async def test_what_is_sold_out_leaves_ebay_while_fifty_clients_never_finish(shop: Shop) -> None:
    await shop.put(document())
    await shop.drain()
    listener, stopping = listen("127.0.0.1", 0), anyio.Event()
    async with AsyncExitStack() as slow, anyio.create_task_group() as tasks:
        http = await slow.enter_async_context(aiohttp.ClientSession(url_of(listener)))
        for half in HALVES * 10:
            stream = await anyio.connect_tcp("127.0.0.1", listener.getsockname()[1])
            await stream.send(half)
            slow.push_async_callback(stream.aclose)
        tasks.start_soon(
            lambda: run(shop.runtime, stopping=stopping, works=True, listener=listener)
        )
        with anyio.fail_after(10):
            patch = {"quantity": 0}
            async with http.patch("/api/listings/LAMP-1", json=patch) as answer:
                assert answer.status == 200
            while (await to_thread.run_sync(shop.live))["LAMP-1"]["availableQuantity"]:
                pass
            async with http.get("/api/health") as answer:
                assert (await answer.json())["database"] == "up"
        stopping.set()
        tasks.cancel_scope.deadline = anyio.current_time() + 10
    assert not tasks.cancel_scope.cancelled_caught, "the process ends though they do not"
