"""The stock door: one number for one SKU, on every marketplace, and nothing else."""

from decimal import Decimal

import pytest

from baysync import intake
from baysync.account.model import Stock
from baysync.listing import body, store
from baysync.listing.model import Listing
from baysync.listing.origin import Origin
from baysync.listing.stock import StockResult
from baysync.stock_door import set_stock
from support.live_shop import Shop, document
from support.shirts import shirt, sold_as

OTHER = "EBAY_DE"
RATES = {"EUR": Decimal(1)}


async def send(shop: Shop, *items: object) -> list[StockResult]:
    async with shop.runtime.db() as db:
        return await set_stock(db, list(items), origin=Origin("api"), debounce=shop.debounce)


def item(sku: object, quantity: object) -> dict[str, object]:
    return {"sku": sku, "quantity": quantity}


async def stored(shop: Shop, sku: str) -> Listing:
    async with shop.runtime.db() as db:
        found = await store.get(db, sku)
    assert found
    return body.decode(found.body)


def told(results: list[StockResult]) -> list[tuple[str, str | None, list[tuple[str, int]]]]:
    return [
        (one.outcome.value, one.reason, [(o.marketplace, o.quantity) for o in one.offers])
        for one in results
    ]


async def test_a_lowering_is_on_every_marketplace(shop: Shop) -> None:
    await shop.sell_on(OTHER)
    await shop.put(document("LAMP", currency=None, overrides={OTHER: {"quantity": 3}}))
    await shop.drain()
    results = await send(shop, item("LAMP", 2))
    assert told(results) == [("updated", None, [(OTHER, 2), ("EBAY_US", 2)])]
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            "SELECT DISTINCT urgency FROM ebay_change_queue WHERE status = 'pending'"
        )
        assert await cursor.fetchall() == [(4,)]
    await shop.publish_due()
    assert {offer["availableQuantity"] for offer in shop.live().values()} == {2}


async def test_a_variant_is_lowered_and_the_others_stay(shop: Shop) -> None:
    await shop.put(shirt())
    await shop.drain()
    results = await send(shop, item("SHIRT-M", 1), item("SHIRT", 3))
    assert told(results) == [
        ("updated", None, [("EBAY_US", 1)]),
        ("rejected", "has_variants", []),
    ]
    await shop.publish_due()
    assert {sku: quantity for sku, (quantity, _) in sold_as(shop).items()} == {
        "SHIRT-S": 5,
        "SHIRT-M": 1,
        "SHIRT-L": 5,
    }


async def test_the_stock_that_variants_share_is_set_under_the_sku_of_their_listing(
    shop: Shop,
) -> None:
    await shop.sell_on(OTHER)
    said = shirt(quantity=7, currency=None)
    own, *sharers = said["variants"]
    for each in sharers:
        del each["quantity"]
    over = {OTHER: {"quantity": 6, "variants": {sharers[0]["sku"]: {"quantity": 5}}}}
    await shop.put(said | {"overrides": over})
    await shop.drain()
    results = await send(shop, item("SHIRT", 2))
    assert told(results) == [("updated", None, [(OTHER, 2), ("EBAY_US", 2)])]
    after = await stored(shop, "SHIRT")
    assert after.quantity == after.overrides[OTHER].quantity == 2
    assert [each.quantity for each in after.variants] == [own["quantity"], None, None]
    await shop.publish_due()
    assert sorted(quantity for quantity, _ in sold_as(shop).values()) == [0, 0, 2, 2, 5, 5]


async def test_every_kind_of_sku_is_answered(shop: Shop) -> None:
    await shop.sell_on("EBAY_US", stock=Stock(buffer=2))
    over = {"EBAY_US": {"quantity": 4}}
    await shop.put(
        document("BUFFERED"),
        document("OVER", overrides=over),
        document("ENDED", status="ended"),
        document("DRAFT", status="draft"),
        document("AWAY", status="archived"),
    )
    results = await send(
        shop,
        item("BUFFERED", 5),
        item("BUFFERED", 6),
        item("OVER", 9),
        item("ENDED", 1),
        item("DRAFT", 5),
        item("AWAY", 1),
        item("NOPE", 1),
        item("OVER ", "untracked"),
    )
    assert told(results) == [
        ("unchanged", "superseded", []),
        ("updated", None, [("EBAY_US", 4)]),
        ("unchanged", "superseded", []),
        ("updated", None, []),
        ("unchanged", None, []),
        ("updated", None, []),
        ("rejected", "unknown_sku", []),
        ("updated", None, [("EBAY_US", 4)]),
    ]
    assert [one.note for one in results[3:6]] == [
        "nothing is sold: the listing ENDED is ended",
        "nothing is sold: the listing DRAFT is a draft",
        "nothing is sold: the listing AWAY is archived",
    ]
    assert {one.note for one in (*results[:3], *results[6:])} == {None}
    assert (await stored(shop, "ENDED")).status == "ended"
    assert (await stored(shop, "OVER")).quantity == "untracked"
    assert (await stored(shop, "OVER")).overrides["EBAY_US"].quantity == 4


@pytest.mark.parametrize(
    ("wrong", "at", "rule"),
    [
        (item("A", -1), "/items/1/quantity", "quantity_out_of_range"),
        (item("A", 1.5), "/items/1/quantity", "not_an_integer"),
        (item("A", "many"), "/items/1/quantity", "not_an_integer"),
        (item("A", Decimal("1e30")), "/items/1/quantity", "not_an_integer"),
        (item("A", None), "/items/1/quantity", "missing"),
        ({"quantity": 1}, "/items/1/sku", "missing"),
        (item("", 1), "/items/1/sku", "missing_sku"),
        (item(7, 1), "/items/1/sku", "not_text"),
        ({**item("A", 1), "price": 3}, "/items/1/price", "unknown_field"),
        ("A", "/items/1", "not_an_object"),
    ],
)
async def test_a_bad_item_is_named_and_keeps_no_other_out(
    shop: Shop, wrong: object, at: str, rule: str
) -> None:
    await shop.put(document("GOOD"), document("A"))
    good, bad = await send(shop, item("GOOD", 1), wrong)
    assert good.outcome == "updated"
    assert (bad.outcome, bad.reason) == ("rejected", rule)
    assert [(one.pointer, one.rule) for one in bad.problems] == [(at, rule)]


async def test_a_sku_in_two_places_is_ambiguous(shop: Shop) -> None:
    await shop.put(shirt(), document("LONE"))
    async with shop.runtime.db() as db:
        await db.execute("UPDATE listing SET variant_skus = '{LONE}' WHERE sku = 'SHIRT'")
    assert told(await send(shop, item("LONE", 1))) == [("rejected", "ambiguous_sku", [])]


async def test_a_host_sets_stock_in_its_own_transaction(shop: Shop) -> None:
    await shop.put(shirt(), document("LAMP"))
    async with shop.runtime.db() as db:
        async with db.transaction(force_rollback=True):
            await intake.set_stock(db, {"LAMP": 1})
        async with db.transaction():
            results = await intake.set_stock(db, {"SHIRT-S": 2, "NOPE": 1})
            assert await intake.patch(db, {"sku": "SHIRT-L", "price": "12"})
    assert told(results) == [("updated", None, []), ("rejected", "unknown_sku", [])]
    assert (await stored(shop, "LAMP")).quantity == 5
    assert [(v.quantity, v.price) for v in (await stored(shop, "SHIRT")).variants] == [
        (2, Decimal(10)),
        (5, Decimal(10)),
        (5, Decimal(12)),
    ]
