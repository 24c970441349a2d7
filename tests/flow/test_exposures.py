"""What is sold stays sold, whenever that is; what a call of ours puts back is taken back."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from baysync.ebay_listing import exposure_store
from baysync.telemetry.metrics import GATHERED, Series
from chaos.stalls import Stalling
from support.agreement import shown
from support.live_shop import Document, Shop, document

SKU = "LAMP-1"
PRICES = "bulkUpdatePriceQuantity"
ITEMS = "bulkCreateOrReplaceInventoryItem"
GET_ITEMS = "bulkGetInventoryItem"
LOOK = "getOffer"
OFFER = "updateOffer"
BOUGHT: Document = {"kind": "act", "action": "buy", "body": {"sku": SKU, "quantity": 1}}
LOST: Document = {"kind": "reset", "when": "after"}
WINDOW = timedelta(seconds=91)  # the verify delay is 90 s
LEASE = timedelta(seconds=120)

either_way = pytest.mark.parametrize("drops", [True, False], ids=["item drops", "item stays"])


async def live(shop: Shop, *, drops: bool = True) -> None:
    """Put five on sale; ``drops``: a sale also lowers the item's own quantity."""
    shop.mock.switch(item_quantity_drops_on_sale=drops)
    await shop.put(document(SKU))
    await shop.drain()
    GATHERED.take()


def for_sale(shop: Shop) -> int:
    return min(shown(shop.mock)[SKU].stock)


async def exposures(shop: Shop) -> list[tuple[object, ...]]:
    """Return SKU and units of each, and whether it is over and its times make sense."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT ebay_sku, units, since < found_at AND found_at <= taken_back_at
            FROM ebay_exposure ORDER BY id
            """
        )
        found = [tuple(row) for row in await cursor.fetchall()]
    counted = GATHERED.take()[0].get(Series("exposure.detected"), 0)
    assert counted == sum(int(str(units)) for _, units, _ in found)
    return found


@either_way
@pytest.mark.parametrize(
    "edit",
    [
        {"title": "New"},
        {"description": "<p>New.</p>"},
        {"title": "New", "description": "<p>New.</p>"},
        {"price": "9.99"},
    ],
    ids=str,
)
@pytest.mark.parametrize("effects", [[], [LOST]], ids=["told", "reply lost"])
async def test_what_was_sold_before_an_edit_stays_sold(
    shop: Shop, edit: Document, effects: list[Document], *, drops: bool
) -> None:
    await live(shop, drops=drops)
    shop.mock.buy(SKU, 2)
    if effects:
        shop.mock.faults({"match": {"op": [ITEMS, OFFER, PRICES]}, "effects": effects})
    await shop.put(document(SKU, **edit))
    await shop.drain()
    assert for_sale(shop) == 3
    assert await exposures(shop) == []


@either_way
async def test_what_is_sold_while_content_is_written_stays_sold(shop: Shop, *, drops: bool) -> None:
    await live(shop, drops=drops)
    shop.mock.faults({"match": {"op": ITEMS}, "effects": [BOUGHT]})
    await shop.put(document(SKU, title="New"))
    await shop.drain()
    assert for_sale(shop) == 4
    assert await exposures(shop) == []


@either_way
@pytest.mark.parametrize("edit", [{"quantity": 9}, {"quantity": 9, "price": "9.99"}], ids=str)
async def test_what_is_sold_while_stock_is_raised_is_taken_back_at_once(
    shop: Shop, edit: Document, *, drops: bool
) -> None:
    await live(shop, drops=drops)
    shop.mock.buy(SKU, 1)
    shop.mock.faults({"match": {"op": PRICES}, "effects": [BOUGHT]})
    await shop.put(document(SKU, **edit))
    await shop.publish_due()
    assert for_sale(shop) == 8, "the first sale the shop may have counted; the second not"
    assert await exposures(shop) == [(SKU, 1, True)]
    await shop.drain()
    assert (for_sale(shop), await shop.active()) == (8, 0)


@either_way
async def test_what_is_sold_while_a_raise_loses_its_reply_is_taken_back_within_the_window(
    shop: Shop, *, drops: bool
) -> None:
    await live(shop, drops=drops)
    shop.mock.faults({"match": {"op": PRICES}, "effects": [BOUGHT, LOST]})
    await shop.put(document(SKU, quantity=9))
    await shop.publisher.publish_once()
    assert for_sale(shop) == 9
    shop.mock.buy(SKU, 2)
    await shop.pass_time(WINDOW)
    await shop.publish_due()
    assert for_sale(shop) == 6
    assert await exposures(shop) == [(SKU, 1, True)]


async def test_a_raise_of_which_ebay_does_not_tell_is_read_back_within_the_window(
    shop: Shop,
) -> None:
    await live(shop)
    silence: Document = {"kind": "reset"}
    shop.mock.faults(
        {"match": {"op": PRICES}, "effects": [BOUGHT]},
        {"match": {"op": "getOffer"}, "nth": 2, "effects": [silence]},
    )
    await shop.put(document(SKU, quantity=9))
    await shop.publish_due()
    assert for_sale(shop) == 9
    await shop.pass_time(WINDOW)
    await shop.publish_due()
    assert for_sale(shop) == 8
    assert await exposures(shop) == [(SKU, 1, True)]


@pytest.mark.parametrize("op", [GET_ITEMS, "getOffers"])
async def test_a_sale_found_after_a_raise_is_not_forgotten_though_the_read_back_fails(
    shop: Shop, op: str
) -> None:
    await live(shop)
    shop.mock.faults(
        {"match": {"op": PRICES}, "effects": [BOUGHT]},
        {"match": {"op": op}, "effects": [{"kind": "reset"}]},
    )
    await shop.put(document(SKU, quantity=9))
    await shop.publisher.publish_once()
    assert for_sale(shop) == 9
    await shop.pass_time(WINDOW)
    await shop.publish_due()
    assert for_sale(shop) == 8
    assert await exposures(shop) == [(SKU, 1, True)]


async def test_what_cannot_be_taken_back_at_once_is_known_as_on_sale_until_it_is(
    shop: Shop,
) -> None:
    await live(shop)
    transient: Document = {"kind": "error", "status": 500, "error_id": 25001}
    shop.mock.faults(
        {"match": {"op": PRICES}, "effects": [BOUGHT]},
        {"match": {"op": PRICES}, "effects": [transient]},
    )
    await shop.put(document(SKU, quantity=9))
    await shop.publish_due()
    assert for_sale(shop) == 9
    assert await exposures(shop) == [(SKU, 1, None)]
    await shop.drain()
    assert for_sale(shop) == 8
    GATHERED.take()
    async with shop.runtime.db() as db:
        assert (await exposure_store.recent(db)).on_sale == 0


@either_way
@pytest.mark.parametrize("minimum", [True, False], ids=["the lower counts", "the offer counts"])
async def test_what_is_sold_between_reading_and_writing_an_offer_is_taken_back(
    shop: Shop, *, drops: bool, minimum: bool
) -> None:
    shop.mock.switch(minimum_rule=minimum)
    await live(shop, drops=drops)
    shop.mock.buy(SKU, 1)
    shop.mock.faults({"match": {"op": OFFER}, "effects": [BOUGHT]})
    await shop.put(document(SKU, description="<p>New.</p>"))
    await shop.publish_due()
    assert shown(shop.mock)[SKU].stock == (3, 3)
    shop.mock.buy(SKU, 1)
    await shop.put(document(SKU, description="<p>New.</p>", title="New"))
    await shop.drain()
    assert for_sale(shop) == 2
    assert await exposures(shop) == [(SKU, 1, True)]


async def test_what_is_sold_while_a_number_is_repeated_stays_sold(shop: Shop) -> None:
    await live(shop)
    shop.mock.faults({"match": {"op": PRICES}, "effects": [{"kind": "reset"}]})
    await shop.put(document(SKU, quantity=9))
    await shop.publish_due()
    shop.mock.buy(SKU, 2)
    await shop.drain()
    assert for_sale(shop) == 7, "it was said before the two were sold"
    assert await exposures(shop) == []


async def test_a_lowering_that_lands_late_is_undone_though_something_was_sold(shop: Shop) -> None:
    await live(shop)
    shop.mock.buy(SKU, 1)
    shop.mock.faults({"match": {"op": PRICES}, "effects": [{"kind": "late", "ms": 45_000}]})
    await shop.put(document(SKU, quantity=0))
    await shop.publish_due()
    await shop.put(document(SKU, quantity=5))
    await shop.drain()
    assert for_sale(shop) in {4, 5}, "the shop said five again: it may have counted the sale"


@pytest.mark.parametrize("quantity", [9, 2])
async def test_only_a_raise_of_what_is_on_sale_costs_reads(shop: Shop, quantity: int) -> None:
    await live(shop)
    before = len(shop.calls())
    await shop.put(document(SKU, quantity=quantity))
    await shop.drain()
    reads = ["getOffer"] if quantity == 9 else []
    assert [call["op"] for call in shop.calls()[before:]] == [*reads, PRICES, *reads]


async def test_a_raise_from_nothing_costs_one_call(shop: Shop) -> None:
    await live(shop)
    await shop.put(document(SKU, quantity=0))
    await shop.drain()
    before = len(shop.calls())
    await shop.put(document(SKU, quantity=6))
    await shop.drain()
    assert [call["op"] for call in shop.calls()[before:]] == [PRICES]


async def test_what_is_raised_in_one_call_is_read_just_before_it_and_just_after(
    shop: Shop,
) -> None:
    skus = [f"LAMP-{number:02}" for number in range(30)]
    await shop.put(*(document(sku) for sku in skus))
    await shop.drain()
    before = len(shop.calls())
    await shop.put(*(document(sku, quantity=9) for sku in skus))
    shop.publisher.limits = replace(shop.publisher.limits, batches=2)
    await shop.publisher.publish_once()
    made = [call["op"] for call in shop.calls()[before:]]
    first, second = ([*[LOOK] * size, PRICES, *[LOOK] * size] for size in (25, 5))
    assert made == [*first, *second]
    assert {min(row.stock) for row in shown(shop.mock).values()} == {9}


@pytest.mark.parametrize("nth", [1, 2, 3], ids=["read", "raise", "read again"])
async def test_no_call_of_a_raise_is_sent_past_its_deadline(shop: Shop, nth: int) -> None:
    await live(shop)
    shop.mock.faults({"match": {"op": PRICES}, "effects": [BOUGHT]})
    await shop.put(document(SKU, quantity=9))
    usual, doors, late = shop.publisher.session, list[Stalling](), LEASE.total_seconds()
    arrived = asyncio.Event()

    async def session(account_id: int) -> Stalling:
        inner, clock = await usual(account_id), partial(next, iter([0.0]), late)
        doors.append(Stalling(inner, nth, after=False, clock=clock, stands=arrived))
        return doors[-1]

    work = asyncio.create_task(replace(shop.publisher, session=session).publish_once())
    await arrived.wait()
    sent = len(shop.calls())
    doors[0].goes_on.set()
    await work
    assert len(shop.calls()) == sent
    await shop.drain()
    assert for_sale(shop) == 8
    assert await exposures(shop) == [(SKU, 1, True)]
