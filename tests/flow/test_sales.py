"""What was sold stays sold: nothing but the shop's own word about stock puts units back on sale."""

import itertools
from collections.abc import Callable
from typing import Any, cast

import pytest

from support.live_shop import Document, Shop, body_of, document
from support.shirts import ops

ITEMS = "bulkCreateOrReplaceInventoryItem"
PRICES = "bulkUpdatePriceQuantity"
RULES = [
    {"minimum_rule": minimum, "item_quantity_drops_on_sale": drops}
    for minimum, drops in itertools.product([True, False], repeat=2)
]
EDITS: dict[str, Document] = {
    "title": {"title": "Another lamp"},
    "description": {"description": "<p>Cold light.</p>"},
    "price": {"price": "21.90"},
    "all": {"title": "A third lamp", "description": "<p>No light.</p>", "price": "9.90"},
}
TEXT = EDITS["title"] | EDITS["description"]


def lamp(**fields: object) -> Document:
    return document("LAMP", **{"quantity": 5, **fields})


def shirt(**fields: object) -> Document:
    """Return a listing of two variants."""
    sizes = [
        {"sku": f"SHIRT-{size}", "options": {"Size": size}, "quantity": 5, "price": "19.90"}
        for size in "SM"
    ]
    own = document("SHIRT", quantity=0, variants=sizes, **{"title": "Shirt", **fields})
    del own["price"]
    return own


def left(shop: Shop, sku: str) -> int:
    """Return how many units buyers can buy, by the mock's present rule."""
    item, offer = shop.mock.items()[sku], shop.live()[sku]
    stock = item["availability"]["shipToLocationAvailability"]["quantity"]
    offered: int = offer["availableQuantity"]
    return min(stock, offered) if shop.mock.switch()["minimum_rule"] else offered


def quantities(shop: Shop) -> list[object]:
    """Return what each offer body that was sent says about its quantity."""
    found: list[object] = []
    for call in shop.calls("createOffer", "bulkCreateOffer", "updateOffer"):
        body = cast("dict[str, Any]", body_of(call))
        rows = body.get("requests", [body])
        found += [row.get("availableQuantity") for row in rows]
    return found


@pytest.mark.parametrize("switches", RULES)
async def test_units_that_were_sold_stay_sold_when_anything_but_stock_changes(
    shop: Shop, switches: dict[str, bool]
) -> None:
    shop.mock.switch(**switches)
    await shop.put(lamp())
    await shop.drain()
    edited = lamp()
    for sold, change in enumerate(EDITS.values(), 1):
        shop.mock.buy("LAMP", 1)
        edited |= change
        await shop.put(edited)
        await shop.drain()
        assert (await shop.row("LAMP"))["in_step"]
        assert left(shop, "LAMP") == 5 - sold
    assert None not in quantities(shop)


@pytest.mark.parametrize("switches", RULES)
async def test_a_variant_that_was_sold_stays_sold_when_its_group_changes(
    shop: Shop, switches: dict[str, bool]
) -> None:
    shop.mock.switch(**switches)
    await shop.put(shirt())
    await shop.drain()
    shop.mock.buy("SHIRT-M", 2)
    await shop.put(shirt(title="Another shirt", brand="Other", description="<p>Blue.</p>"))
    await shop.drain()
    assert (await shop.row("SHIRT"))["in_step"]
    assert (left(shop, "SHIRT-S"), left(shop, "SHIRT-M")) == (5, 3)
    assert None not in quantities(shop)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("op", [ITEMS, "getOffer", "updateOffer"])
async def test_a_sale_between_any_two_calls_of_a_content_change_stays_sold(
    shop: Shop, op: str, when: str
) -> None:
    await shop.put(lamp())
    await shop.drain()
    sale = {"kind": "act", "action": "buy", "when": when, "body": {"sku": "LAMP"}}
    shop.mock.faults({"match": {"op": op}, "effects": [sale]})
    await shop.put(lamp(**TEXT))
    await shop.drain()
    assert len(shop.calls(op)) == (1 if op == "updateOffer" else 2)
    assert left(shop, "LAMP") == 4, "even between our read and our write: the item's is the lower"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("op", [ITEMS, "updateOffer"])
async def test_a_sale_around_a_lost_reply_to_a_content_change_stays_sold(
    shop: Shop, op: str, when: str
) -> None:
    await shop.put(lamp())
    await shop.drain()
    shop.mock.buy("LAMP", 1)
    shop.mock.faults({"match": {"op": op}, "effects": [{"kind": "reset", "when": when}]})
    await shop.put(lamp(**TEXT))
    await shop.publish_due()
    shop.mock.buy("LAMP", 1)
    await shop.drain()
    assert (await shop.row("LAMP"))["in_step"]
    assert left(shop, "LAMP") == 3


@pytest.mark.parametrize("stock", [3, 8])
async def test_a_sale_behind_a_lost_reply_to_a_new_quantity_stays_sold(
    shop: Shop, stock: int
) -> None:
    await shop.put(lamp())
    await shop.drain()
    lost = {"kind": "reset", "when": "after"}
    shop.mock.faults({"match": {"op": PRICES}, "effects": [lost]})
    await shop.put(lamp(quantity=stock))
    await shop.publish_due()
    assert left(shop, "LAMP") == stock, "it took effect, though nobody told us"
    shop.mock.buy("LAMP", 1)
    await shop.drain()
    assert (await shop.row("LAMP"))["in_step"]
    assert left(shop, "LAMP") == stock - 1


@pytest.mark.parametrize("stock", [3, 8])
async def test_a_new_quantity_that_never_arrived_is_sent_whatever_was_sold_before(
    shop: Shop, stock: int
) -> None:
    await shop.put(lamp())
    await shop.drain()
    shop.mock.buy("LAMP", 1)
    lost = {"kind": "reset", "when": "before"}
    shop.mock.faults({"match": {"op": PRICES}, "effects": [lost]})
    await shop.put(lamp(quantity=stock))
    await shop.drain()
    assert left(shop, "LAMP") == stock


async def test_a_raise_that_never_arrived_is_sent_though_units_were_sold_earlier(
    shop: Shop,
) -> None:
    await shop.put(lamp())
    await shop.drain()
    shop.mock.buy("LAMP", 2)
    await shop.put(lamp(quantity=3))
    await shop.drain()
    shop.mock.faults({"match": {"op": PRICES}, "effects": [{"kind": "reset", "when": "before"}]})
    await shop.put(lamp(quantity=5))
    await shop.drain()
    assert left(shop, "LAMP") == 5, "what was sold before the last confirmed stock explains nothing"


@pytest.mark.parametrize("at_zero", [True, False])
@pytest.mark.parametrize("make", [lamp, shirt])
async def test_what_comes_back_is_stocked_after_it_was_published(
    shop: Shop, make: Callable[..., Document], *, at_zero: bool
) -> None:
    shop.mock.switch(republish_at_zero=at_zero)
    await shop.put(make())
    await shop.drain()
    await shop.put(make(status="ended"))
    await shop.drain()
    assert shop.live() == {}
    before = len(ops(shop))
    await shop.put(make(status="active"))
    await shop.drain()
    writes = [call["op"] for call in shop.calls()[before:] if call["method"] != "GET"]
    assert writes[-1] == PRICES, "publishing is not stocking"
    assert {left(shop, sku) for sku in shop.live()} == {5}
    assert (await shop.row(make()["sku"]))["in_step"]
