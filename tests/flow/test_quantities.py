"""What is offered by what the shop says of its stock: live on eBay, and through its changes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from baysync.account.model import SharedStock
from baysync.app import orders
from baysync.queue import store as queue
from support.live_shop import MARKETPLACE, Document, Shop, document
from support.shirts import ops, shirt, variant

PRICES = "bulkUpdatePriceQuantity"


def unsaid(sku: str = "LAMP-1", **fields: object) -> Document:
    """Return a listing that does not say how many there are."""
    given = document(sku, **fields)
    return {name: value for name, value in given.items() if name != "quantity" or name in fields}


def in_the_present(shop: Shop) -> None:
    """Let the mock's clock show half a day ago, for sales to lie in the past."""
    past = datetime.now(UTC) - timedelta(hours=12)
    shop.mock.advance((past - datetime.fromisoformat(shop.mock.advance(0))).total_seconds())


def offered(shop: Shop) -> dict[str, int]:
    return {sku: offer["availableQuantity"] for sku, offer in shop.live().items()}


@pytest.mark.parametrize(
    ("said", "account", "result"),
    [
        ({}, {}, "quantity_unknown"),
        ({"quantity": "untracked"}, {}, "quantity_unknown"),
        ({"quantity": "untracked"}, {"untracked_quantity": 3}, 3),
        ({"quantity": "untracked"}, {"untracked_quantity": 0}, "out_of_stock"),
        ({"quantity": 0}, {"backorder_quantity": 2}, "out_of_stock"),
        ({"quantity": 0, "backorders": True}, {}, "out_of_stock"),
        ({"quantity": 0, "backorders": True}, {"backorder_quantity": 2}, 2),
        ({"quantity": 4, "backorders": True}, {"backorder_quantity": 2}, 4),
    ],
)
async def test_a_new_listing_is_offered_as_said_or_blocked_by_name(
    shop: Shop, said: Document, account: dict[str, Any], result: int | str
) -> None:
    await shop.sell_on(MARKETPLACE, **account)
    await shop.put(unsaid(**said))
    await shop.drain()
    blocked = {sku: reason for sku, (reason, _, _) in (await shop.blocked()).items()}
    assert (offered(shop) or blocked) == {"LAMP-1": result}


async def test_the_block_names_the_field_and_the_fix(shop: Shop) -> None:
    await shop.put(unsaid("A"), unsaid("B", quantity="untracked"))
    blocked = await shop.blocked()
    assert {sku: pointer for sku, (_, pointer, _) in blocked.items()} == {
        "A": "/quantity",
        "B": "/quantity",
    }
    assert "`untracked`" in blocked["A"][2]
    assert "baysync accounts defaults NAME --set untracked_quantity=N" in blocked["B"][2]


async def test_a_live_listing_whose_quantity_is_no_longer_said_keeps_what_it_has(
    shop: Shop,
) -> None:
    await shop.put(document(quantity=4))
    await shop.drain()
    await shop.put(unsaid(title="Brighter lamp"))
    await shop.drain()
    assert offered(shop) == {"LAMP-1": 4}
    assert shop.mock.items()["LAMP-1"]["product"]["title"] == "Brighter lamp"
    assert await shop.blocked() == {}
    shop.mock.buy("LAMP-1", 1)
    await shop.put(unsaid(title="Brightest lamp"))
    await shop.drain()
    assert offered(shop) == {"LAMP-1": 3}
    await shop.put(document(quantity=0))
    await shop.drain()
    await shop.put(unsaid())
    await shop.drain()
    assert offered(shop) == {"LAMP-1": 0}


async def test_what_is_not_counted_and_no_more_offered_keeps_what_it_has_and_says_so(
    shop: Shop,
) -> None:
    await shop.put(document(quantity=4))
    await shop.drain()
    await shop.put(unsaid(quantity="untracked", title="Another"))
    await shop.drain()
    assert offered(shop) == {"LAMP-1": 4}
    assert (await shop.blocked())["LAMP-1"][0] == "quantity_unknown"
    await shop.sell_on(MARKETPLACE, untracked_quantity=6)
    await shop.drain()
    assert offered(shop) == {"LAMP-1": 6}
    assert await shop.blocked() == {}


async def test_a_variant_that_is_no_longer_said_keeps_its_stock_while_another_falls(
    shop: Shop,
) -> None:
    small, large = variant("S"), variant("M")
    await shop.put(shirt(small, large))
    await shop.drain()
    del large["quantity"]
    edited = shirt(small | {"quantity": 2}, large)
    del edited["quantity"]
    await shop.put(edited)
    await shop.drain()
    assert offered(shop) == {"SHIRT-S": 2, "SHIRT-M": 5}
    new = variant("L")
    del new["quantity"]
    edited["variants"] = [small | {"quantity": 1}, large, new]
    await shop.put(edited)
    await shop.drain()
    reason, pointer, _ = (await shop.blocked())["SHIRT"]
    assert (reason, pointer) == ("quantity_unknown", "/variants/2/quantity")
    assert offered(shop) == {"SHIRT-S": 1, "SHIRT-M": 5}, "stock goes down all the same"


@pytest.mark.parametrize(
    ("how", "each"), [(SharedStock.FIRST, [7, 0]), (SharedStock.SPLIT, [4, 3])]
)
async def test_a_shared_stock_is_offered_once(
    shop: Shop, how: SharedStock, each: list[int]
) -> None:
    await shop.sell_on(MARKETPLACE, shared_stock=how)
    sizes = [variant("S"), variant("M")]
    for size in sizes:
        del size["quantity"]
    await shop.put(shirt(*sizes, quantity=7))
    await shop.drain()
    assert [offered(shop)[f"SHIRT-{size}"] for size in "SM"] == each


async def test_what_is_not_counted_is_filled_up_again_as_sales_are_read(shop: Shop) -> None:
    in_the_present(shop)
    await shop.sell_on(MARKETPLACE, untracked_quantity=5)
    await shop.put(unsaid("A", quantity="untracked"), document("B", quantity=5))
    await shop.drain()
    job = orders(shop.runtime)
    for units in (2, 5):
        shop.mock.buy("A", units)
        shop.mock.buy("B", 1)
        await job.run()
        await shop.drain()
        assert offered(shop)["A"] == 5, "as many as the account offers of what is not counted"
        assert (await shop.row("A"))["in_step"]
    assert offered(shop)["B"] == 3, "what the shop counts waits for the shop"
    before = len(ops(shop))
    await job.run()
    await shop.drain()
    assert len(ops(shop)) == before, "a sale is filled up once"


async def test_one_variant_is_filled_up_and_the_other_not(shop: Shop) -> None:
    in_the_present(shop)
    await shop.sell_on(MARKETPLACE, untracked_quantity=5)
    await shop.put(shirt(variant("S", quantity="untracked"), variant("M")))
    await shop.drain()
    shop.mock.buy("SHIRT-S", 1)
    shop.mock.buy("SHIRT-M", 1)
    await orders(shop.runtime).run()
    await shop.drain()
    assert offered(shop) == {"SHIRT-S": 5, "SHIRT-M": 4}


async def test_a_sale_that_is_read_while_a_change_is_in_flight_is_filled_up_afterwards(
    shop: Shop,
) -> None:
    in_the_present(shop)
    await shop.sell_on(MARKETPLACE, untracked_quantity=5)
    await shop.put(unsaid("A", quantity="untracked"))
    await shop.drain()
    shop.mock.buy("A", 2)
    await shop.put(unsaid("A", quantity="untracked", title="Another"))
    async with shop.runtime.db() as db:
        claim_id = uuid4()
        held = await queue.claim(db, claim_id=claim_id, lease=timedelta(minutes=2), batches=1)
        assert len(held) == 1
        await orders(shop.runtime).run()
        await queue.release(db, claim_id, [change.id for change in held])
    await shop.drain()
    assert offered(shop) == {"A": 3}
    await orders(shop.runtime).run()
    await shop.drain()
    assert offered(shop) == {"A": 5}


async def test_a_live_listing_that_nobody_has_read_keeps_its_stock_once_it_is_read(
    shop: Shop,
) -> None:
    await shop.put(document("A", quantity=4))
    await shop.drain()
    async with shop.runtime.db() as db:
        await db.execute(
            """
            UPDATE ebay_listing SET published_hash = NULL, published_blob = NULL,
                published_projection_version = NULL,
                verify_at = clock_timestamp()
            """
        )
    await shop.put(unsaid("A", title="Another"))
    assert (await shop.blocked())["A"][0] == "quantity_unknown"
    await shop.drain()
    await shop.pass_time(timedelta(minutes=11))
    await shop.reap()
    await shop.drain()
    assert await shop.blocked() == {}
    assert offered(shop) == {"A": 4}
    assert shop.mock.items()["A"]["product"]["title"] == "Another"
