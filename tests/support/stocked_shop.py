"""A shop with something behind every door: live listings, a letter, a change that waits, a sale."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import anyio

from baysync.app import remote_jobs
from baysync.jobs import publishing, schedule
from baysync.jobs.runner import Runner
from baysync.telemetry import rollup
from baysync.telemetry.metrics import GATHERED
from mockbay.client import MockServer
from support.live_shop import Document, Shop, document, open_shop

US = {"marketplaces": ["EBAY_US"]}
LAMP: Document = document(
    "LAMP-1", title="Brass desk lamp, 40 cm", price="49.90", quantity=3, shop_type="Lamps"
)
REFUSED = {"kind": "error", "status": 400, "error_id": 25007}  # the fulfillment policy


async def stock(database: str, mock: MockServer, home: Path) -> None:
    """Fill an empty database.

    ``LAMP-1`` is live in the US and in Germany, ``CUP-1`` in the US, both with a history; a CUP-1
    was sold. eBay refused ``MUG-1`` and ``MUG-2``, ``BOX-1`` waits, and every job has run.
    """
    GATHERED.take()
    async with open_shop(database, mock, home) as shop:
        shop.publisher = replace(shop.publisher, done=publishing.count)
        await shop.sell_on("EBAY_DE", currency="EUR")
        await shop.put(LAMP, document("CUP-1", **US))
        await shop.drain()
        await shop.put(LAMP | {"quantity": 2}, document("CUP-1", title="Blue cup", **US))
        await shop.drain()
        mock.faults({"match": {"op": "bulkPublishOffer"}, "times": 0, "effects": [REFUSED]})
        await shop.put(document("MUG-1", **US), document("MUG-2", **US))
        await shop.drain()
        mock.buy("CUP-1")
        await work(shop)
        await shop.publish_due()
        await shop.put(document("BOX-1", **US))
        async with shop.runtime.db() as db:
            await rollup.hand_over(db)


async def work(shop: Shop) -> None:
    """Let every job run once."""
    runtime = shop.runtime
    here = schedule.jobs(runtime.pool, runtime.bell, runtime.settings)
    runner = Runner(
        pool=runtime.pool,
        bell=runtime.bell,
        jobs=[*here, *remote_jobs(runtime)],
        poll=timedelta(hours=1),
        stopping=anyio.Event(),
    )
    await runner.declare()
    while await runner.run_once():
        pass
