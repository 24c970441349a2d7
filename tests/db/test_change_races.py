"""Two transactions at once: what is decided is decided on what is stored."""

from collections.abc import AsyncIterator

import anyio
import pytest
from msgspec.structs import replace
from psycopg import AsyncConnection

from baysync.change import service
from baysync.change.model import Detected
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listings
from baysync.intake import put
from baysync.listing import store as listings
from baysync.publish.settling.rows import realign
from baysync.queue import store as queue
from baysync.queue.model import Finish, Status
from support.engine import claim
from support.seller import SOON, Seller, open_shop
from support.shop import DEFAULTS, LAMP
from support.waiting import until_waiting


@pytest.fixture
async def shop(db: Db) -> Seller:
    return await open_shop(db)


@pytest.fixture
async def other(database: str) -> AsyncIterator[Db]:
    """A second connection; what runs on it may have to wait for the first."""
    async with await AsyncConnection.connect(database, autocommit=True) as connection:
        yield connection


async def quantity(shop: Seller) -> int | None:
    row = await shop.row()
    assert row.desired is not None
    return row.desired.quantity


async def test_a_settle_that_waited_for_an_edit_queues_the_rest(shop: Seller, other: Db) -> None:
    await shop.edit(LAMP)
    await shop.db.execute("UPDATE ebay_change_queue SET run_at = now()")
    claim_id, (change,) = await claim(shop.db)
    sent, shown = (await shop.row()).id, (await shop.row()).desired
    worker = Seller(other, shop.account_id)

    async def settle() -> None:
        done = Finish(id=change.id, status=Status.DONE, outcome="done")
        async with other.transaction():
            await ebay_listings.lock(other, [sent])
            await queue.finish(other, claim_id, [done])
            await worker.show(sent, shown)
            await realign(other, [sent])
            await queue.cancel_reverted(other, [sent])
            await queue.ensure(other, [sent], debounce=SOON)

    async with anyio.create_task_group() as both, shop.db.transaction():
        await put(shop.db, replace(LAMP, quantity=2))
        ids = await listings.ids(shop.db, ["LAMP-1"])
        detected = await service.detect(shop.db, list(ids.values()), debounce=SOON)
        assert detected == Detected(coalesced=1), "it is in flight: settle queues the rest"
        both.start_soon(settle)
        await until_waiting(shop.db, other)
    assert await shop.changes() == [("done", "create", 0), ("pending", "update", 4)]
    assert await quantity(shop) == 2


async def test_an_edit_that_waited_reads_the_defaults_of_now(shop: Seller, other: Db) -> None:
    await shop.edit(LAMP)
    row = await shop.row()
    waiter = Seller(other, shop.account_id)

    async def edit() -> None:
        await waiter.edit(replace(LAMP, quantity=4))

    async with anyio.create_task_group() as both, shop.db.transaction():
        await ebay_listings.lock(shop.db, [row.id])
        both.start_soon(edit)
        await until_waiting(shop.db, other)
        await shop.set_defaults(replace(DEFAULTS, category="7"))
    desired = (await shop.row()).desired
    assert desired is not None
    assert desired.offer is not None
    assert (desired.quantity, desired.offer.category) == (4, "7")
    assert await service.reproject_stale(shop.db, debounce=SOON) == Detected()


async def test_two_edits_of_one_listing_end_with_the_later_one(shop: Seller, other: Db) -> None:
    await shop.edit(LAMP)
    second = Seller(other, shop.account_id)

    async def edit() -> None:
        await second.edit(replace(LAMP, quantity=3))

    async with anyio.create_task_group() as both, shop.db.transaction():
        await put(shop.db, replace(LAMP, quantity=2))
        ids = await listings.ids(shop.db, ["LAMP-1"])
        both.start_soon(edit)
        await until_waiting(shop.db, other)
        await service.detect(shop.db, list(ids.values()), debounce=SOON)
    assert await quantity(shop) == 3
    assert len(await shop.changes()) == 1
