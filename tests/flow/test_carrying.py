"""What a seller sets on eBay survives what the shop edits, over HTTP against mockbay."""

import pytest

from baysync.queue import service as queue
from support.depth import many
from support.live_shop import Document, Shop, body_of, document
from support.sellers_lamp import LAMP, put, shown
from support.settable import FIELDS, Field, value_at
from support.shirts import shirt, variant

OURS = {
    "item": [
        "availability.shipToLocationAvailability.quantity",
        "condition",
        "product.brand",
        "product.description",
        "product.imageUrls",
        "product.title",
    ],
    "offer": [
        "availableQuantity",
        "categoryId",
        "includeCatalogProductDetails",
        "listingDescription",
        "listingDuration",
        "listingPolicies.fulfillmentPolicyId",
        "listingPolicies.paymentPolicyId",
        "listingPolicies.returnPolicyId",
        "merchantLocationKey",
        "pricingSummary.price.currency",
        "pricingSummary.price.value",
    ],
    "group": [
        "aspects.Season",
        "description",
        "imageUrls",
        "title",
        "variantSKUs",
        "variesBy.specifications",
    ],
}
EDITS: list[Document] = [
    {"title": "Another lamp"},
    {"description": "<p>Brighter.</p>"},
    {"price": "25.50"},
    {"quantity": 9},
    {"quantity": 2},
    {"title": "A third lamp", "description": "<p>Dim.</p>", "price": "24.00", "quantity": 7},
]


def fields(kind: str) -> list[Field]:
    return [each for each in FIELDS[kind] if each.alone and each.path not in OURS[kind]]


@pytest.fixture
async def lamp(shop: Shop) -> Shop:
    await shop.put(LAMP)
    await shop.drain()
    return shop


async def test_all_that_a_seller_can_set_survives_all_that_a_shop_edits(lamp: Shop) -> None:
    for kind in ("item", "offer"):
        lamp.mock.seller_set("LAMP-1", {each.path: each.value for each in fields(kind)}, of=kind)
    wanted = dict(LAMP)
    for edit in EDITS:
        wanted |= edit
        await put(lamp, wanted)
        assert (await lamp.row("LAMP-1"))["in_step"], edit
        assert lamp.mock.items()["LAMP-1"]["product"]["title"] == wanted["title"]
        for kind in ("item", "offer"):
            lost = {
                each.path: value_at(shown(lamp, kind), each.path)
                for each in fields(kind)
                if value_at(shown(lamp, kind), each.path) != each.value
                and "Availab" not in each.path  # stock in places is cut: see below
                and "availability" not in each.path
            }
            assert lost == {}, (kind, edit)


async def test_all_that_a_seller_sets_on_a_group_survives(shop: Shop) -> None:
    await shop.put(shirt())
    await shop.drain()
    shop.mock.seller_set("SHIRT-S", {e.path: e.value for e in fields("group")}, of="group")
    shop.mock.seller_set("SHIRT-S", {"product.epid": "241986085"})
    shop.mock.seller_set("SHIRT-S", {"quantityLimitPerBuyer": 3}, of="offer")
    edits: list[Document] = [
        {"title": "Another shirt"},
        {"description": "<p>New.</p>"},
        {"brand": "Other"},
    ]
    for edit in edits:
        calls = await put(shop, shirt(**edit))
        assert calls.count("getInventoryItemGroup") == 1
        (group,) = shop.mock.state()["accounts"]["seller-one"]["groups"].values()
        for each in fields("group"):
            assert value_at(group, each.path) == each.value, (edit, each.path)
        assert shown(shop, "offer", "SHIRT-S")["quantityLimitPerBuyer"] == 3


async def test_what_a_seller_set_is_no_difference_and_costs_no_call(lamp: Shop) -> None:
    lamp.mock.seller_set("LAMP-1", {"product.subtitle": "with a shade"})
    async with lamp.runtime.db() as db:
        await queue.verify(db, ["LAMP-1"], by="test")
    before = [call["op"] for call in lamp.calls() if call["method"] == "PUT"]
    await lamp.drain()
    assert (await lamp.row("LAMP-1"))["in_step"]
    assert [call["op"] for call in lamp.calls() if call["method"] == "PUT"] == before
    assert shown(lamp, "item")["product"]["subtitle"] == "with a shade"


async def test_what_the_shop_says_once_and_no_more_goes_and_then_is_the_sellers(
    lamp: Shop,
) -> None:
    await put(lamp, LAMP | {"subtitle": "ours"})
    assert shown(lamp, "item")["product"]["subtitle"] == "ours"
    await put(lamp, LAMP | {"title": "Lamp two"})
    assert "subtitle" not in shown(lamp, "item")["product"]
    lamp.mock.seller_set("LAMP-1", {"product.subtitle": "the seller's"})
    await put(lamp, LAMP | {"title": "Lamp three"})
    assert shown(lamp, "item")["product"]["subtitle"] == "the seller's"


async def test_edits_of_content_cost_a_read_per_25_more(shop: Shop) -> None:
    skus = [f"SKU-{n:04}" for n in range(many(200, deep=1_000))]
    await shop.put(*[document(sku) for sku in skus])
    await shop.drain()
    calls = await put(shop, *[document(sku, title=f"New {sku}") for sku in skus])
    batches = len(skus) // 25 + 1
    assert len([op for op in calls if op == "bulkGetInventoryItem"]) <= batches
    assert len([op for op in calls if op == "bulkCreateOrReplaceInventoryItem"]) <= batches
    assert len(calls) <= 2 * batches


async def test_a_reply_that_was_lost_loses_nothing_of_the_sellers(lamp: Shop) -> None:
    lamp.mock.seller_set("LAMP-1", {"product.subtitle": "with a shade"})
    lamp.mock.seller_set("LAMP-1", {"quantityLimitPerBuyer": 3}, of="offer")
    for op in ("bulkCreateOrReplaceInventoryItem", "updateOffer"):
        lamp.mock.faults(
            {
                "match": {"op": op},
                "times": 1,
                "effects": [{"kind": "reset", "when": "after"}],
            }
        )
    await put(lamp, LAMP | {"title": "Lamp two", "description": "<p>Two.</p>"})
    assert shown(lamp, "item")["product"]["subtitle"] == "with a shade"
    assert shown(lamp, "item")["product"]["title"] == "Lamp two"
    assert shown(lamp, "offer")["quantityLimitPerBuyer"] == 3


async def test_a_new_variant_of_a_live_group_sells_on_the_terms_of_its_listing(
    shop: Shop,
) -> None:
    await shop.put(shirt())
    await shop.drain()
    terms = {"quantityLimitPerBuyer": 3, "secondaryCategoryId": "102", "lotSize": 2}
    shop.mock.seller_set("SHIRT-L", terms, of="offer")
    sizes = [variant(size) for size in ("S", "M", "L", "XL")]
    await put(shop, shirt(*sizes))
    offer = shown(shop, "offer", "SHIRT-XL")
    assert offer["status"] == "PUBLISHED"
    assert (offer["quantityLimitPerBuyer"], offer["secondaryCategoryId"]) == (3, "102")
    assert "lotSize" not in offer


async def test_what_cannot_stand_is_dropped_and_named_in_the_log(lamp: Shop) -> None:
    lamp.mock.seller_set("LAMP-1", {"conditionDescription": "A scratch below."})
    lamp.mock.seller_set("LAMP-1", {"product.epid": "241986085"})
    await put(lamp, LAMP | {"condition": "NEW"})
    item = shown(lamp, "item")
    assert "conditionDescription" not in item
    assert item["product"]["epid"] == "241986085"
    async with lamp.runtime.db() as db:
        cursor = await db.execute("SELECT warnings FROM ebay_sync_log ORDER BY id DESC LIMIT 1")
        ((warnings,),) = await cursor.fetchall()
    assert [each["parameters"]["field"] for each in warnings] == ["conditionDescription"]
    assert "the condition changed" in warnings[0]["message"]


async def test_a_body_that_ebay_shows_already_is_not_sent(lamp: Shop) -> None:
    lamp.mock.seller_set("LAMP-1", {"product.title": "Another lamp"})
    calls = await put(lamp, LAMP | {"title": "Another lamp"})
    assert calls == ["bulkGetInventoryItem"]
    assert (await lamp.row("LAMP-1"))["in_step"]


async def test_no_body_of_ours_says_what_ebay_never_takes_back(lamp: Shop) -> None:
    await put(lamp, LAMP | {"title": "Lamp two", "description": "<p>Two.</p>"})
    (call,) = lamp.calls("updateOffer")
    body = body_of(call)
    assert isinstance(body, dict)
    assert not {"offerId", "sku", "marketplaceId", "format", "status", "listing"} & body.keys()
