"""Listings with variants end to end: one group, one row for each variant, stock first."""

from datetime import timedelta
from typing import Any

import pytest

from baysync.listing.formats.files import Format
from listing_files import DATA, reading
from live_shop import SELLER, Document, Shop, body_of, document

SIZES = ("S", "M", "L")
PRICES = "bulkUpdatePriceQuantity"
ITEMS = "bulkCreateOrReplaceInventoryItem"
GROUP = "createOrReplaceInventoryItemGroup"
OFFERS = "bulkCreateOffer"
PUBLISH = "publishOfferByInventoryItemGroup"
WITHDRAW = "withdrawOfferByInventoryItemGroup"
LOST = {"kind": "reset", "when": "after"}


def variant(size: str, **fields: object) -> Document:
    complete: Document = {"quantity": 5, "price": "10.00"}
    return {"sku": f"SHIRT-{size}", "options": {"Size": size}, **complete, **fields}


def shirt(*variants: Document, **fields: object) -> Document:
    own: Document = {"price": None, "quantity": 0, "title": "A shirt"}
    chosen = variants or tuple(variant(size) for size in SIZES)
    document_ = document("SHIRT", **{**own, **fields}, variants=list(chosen))
    return {name: value for name, value in document_.items() if value is not None}


def ops(shop: Shop) -> list[str]:
    return [call["op"] for call in shop.calls()]


async def change(shop: Shop, edited: Document) -> list[str]:
    """Send an edit in, see it through, and return the operations that it took."""
    before = len(shop.calls())
    await shop.put(edited)
    await shop.drain()
    assert (await shop.row("SHIRT"))["in_step"]
    return ops(shop)[before:]


def sold_as(shop: Shop) -> dict[str, tuple[int, str]]:
    return {
        sku: (offer["availableQuantity"], offer["pricingSummary"]["price"]["value"])
        for sku, offer in shop.live().items()
    }


def groups(shop: Shop) -> list[Document]:
    return list(shop.mock.state()["accounts"][SELLER]["groups"].values())


@pytest.fixture
async def live(shop: Shop) -> Shop:
    await shop.put(shirt())
    await shop.drain()
    return shop


async def test_a_listing_with_variants_goes_live_as_one_group(live: Shop) -> None:
    assert ops(live) == [ITEMS, GROUP, OFFERS, PUBLISH]
    assert sold_as(live) == {f"SHIRT-{size}": (5, "10.00") for size in SIZES}
    assert len({offer["listing"]["listingId"] for offer in live.live().values()}) == 1
    (group,) = groups(live)
    assert group["variesBy"]["specifications"] == [{"name": "Size", "values": list(SIZES)}]
    assert group["description"] == "<p>Warm light.</p>"
    row = await live.row("SHIRT")
    assert (row["lifecycle_state"], row["in_step"], row["letters"]) == ("live", True, 0)


async def test_a_group_of_fifty_costs_six_calls(shop: Shop) -> None:
    await shop.put(shirt(*[variant(f"{n}") for n in range(50)]))
    await shop.drain()
    assert ops(shop) == [ITEMS, ITEMS, GROUP, OFFERS, OFFERS, PUBLISH]
    assert len(shop.live()) == 50
    assert await change(shop, shirt(*[variant(f"{n}", quantity=4) for n in range(50)])) == [
        PRICES,
        PRICES,
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"quantity": 2}, (2, "10.00")),
        ({"price": "11"}, (5, "11.00")),
        ({"quantity": 9}, (9, "10.00")),
    ],
)
async def test_price_and_stock_of_one_variant_are_one_row(
    live: Shop, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    edited = shirt(variant("S"), variant("M", **changes), variant("L"))
    assert await change(live, edited) == [PRICES]
    body: Any = body_of(live.calls(PRICES)[-1])
    assert [row["sku"] for row in body["requests"]] == ["SHIRT-M"]
    assert sold_as(live)["SHIRT-M"] == expected


async def test_an_added_variant_is_made_and_published(live: Shop) -> None:
    edited = shirt(*[variant(size) for size in (*SIZES, "XL")])
    assert await change(live, edited) == [ITEMS, GROUP, OFFERS, PUBLISH]
    assert sold_as(live)["SHIRT-XL"] == (5, "10.00")
    assert len({offer["listing"]["listingId"] for offer in live.live().values()}) == 1
    body: Any = body_of(live.calls(ITEMS)[-1])
    assert [row["sku"] for row in body["requests"]] == ["SHIRT-XL"]


async def test_a_variant_that_was_sold_and_removed_stays_with_nothing_to_sell(live: Shop) -> None:
    live.mock.buy("SHIRT-L", 1)
    assert (await change(live, shirt(variant("S"), variant("M"))))[0] == PRICES
    assert sold_as(live)["SHIRT-L"][0] == 0
    assert await change(live, shirt(variant("S", quantity=1), variant("M"))) == [PRICES]
    assert await change(live, shirt(variant("S", quantity=1))) == [PRICES]
    assert [sold_as(live)[f"SHIRT-{size}"][0] for size in SIZES] == [1, 0, 0]
    assert (await change(live, shirt()))[-1] == PRICES
    assert [sold_as(live)[f"SHIRT-{size}"][0] for size in SIZES] == [5, 5, 5]


async def test_a_renamed_option_is_an_update(live: Shop) -> None:
    renamed = variant("M", options={"Size": "Medium"})
    before = live.live()["SHIRT-M"]["listing"]["listingId"]
    assert await change(live, shirt(variant("S"), renamed, variant("L"))) == [ITEMS, GROUP]
    (group,) = groups(live)
    assert group["variesBy"]["specifications"][0]["values"] == ["S", "Medium", "L"]
    assert live.live()["SHIRT-M"]["listing"]["listingId"] == before


async def test_a_variant_under_another_sku_takes_the_place_of_the_first(live: Shop) -> None:
    other = variant("M", sku="SHIRT-M2")
    done = await change(live, shirt(variant("S"), other, variant("L")))
    assert done == [PRICES, ITEMS, GROUP, OFFERS, PUBLISH]
    assert set(live.live()) == {"SHIRT-S", "SHIRT-M2", "SHIRT-L"}


async def test_a_title_is_sent_to_items_and_group(live: Shop) -> None:
    assert await change(live, shirt(title="A better shirt")) == [ITEMS, GROUP]
    assert await change(live, shirt(title="A better shirt", description="<p>New.</p>")) == [GROUP]


async def test_a_group_ends_whole_and_comes_back_under_a_new_number(live: Shop) -> None:
    live.mock.switch(republish_at_zero=True)
    first = live.live()["SHIRT-S"]["listing"]["listingId"]
    assert await change(live, shirt(status="ended")) == [WITHDRAW]
    assert live.live() == {}
    assert await change(live, shirt()) == [PUBLISH, PRICES]
    assert live.live()["SHIRT-S"]["listing"]["listingId"] != first
    assert sold_as(live) == {f"SHIRT-{size}": (5, "10.00") for size in SIZES}


@pytest.mark.parametrize("operation", [ITEMS, GROUP, OFFERS, PUBLISH])
async def test_a_lost_reply_while_a_group_is_made_is_read_back_and_repaired(
    shop: Shop, operation: str
) -> None:
    shop.mock.faults({"match": {"op": operation}, "effects": [LOST]})
    await shop.put(shirt())
    await shop.drain()
    shop.mock.clear_faults()
    assert sold_as(shop) == {f"SHIRT-{size}": (5, "10.00") for size in SIZES}
    assert (await shop.row("SHIRT"))["in_step"]
    assert len(shop.mock.listings()) == 1


@pytest.mark.parametrize("edit", [{"quantity": 1}, {"price": "12.00"}])
async def test_a_lost_reply_about_one_variant_is_read_back(
    live: Shop, edit: dict[str, Any]
) -> None:
    live.mock.faults({"match": {"op": PRICES}, "effects": [LOST]})
    await live.put(shirt(variant("S", **edit), variant("M"), variant("L")))
    await live.drain()
    live.mock.clear_faults()
    row = await live.row("SHIRT")
    assert (row["in_step"], row["verify_at"]) == (True, None)
    assert GROUP not in ops(live)[4:], "what eBay shows is as it was sent"


async def test_a_refused_variant_keeps_what_the_others_took(live: Shop) -> None:
    refusal: Document = {"kind": "rows", "skus": ["SHIRT-M"], "status": 400, "error_id": 25003}
    live.mock.faults({"match": {"op": PRICES}, "times": 0, "effects": [refusal]})
    edited = shirt(variant("S", price="9"), variant("M", price="9"), variant("L"))
    await live.put(edited)
    await live.drain()
    assert sold_as(live)["SHIRT-S"] == (5, "9.00")
    row = await live.row("SHIRT")
    assert (row["in_step"], row["letters"]) == (False, 1)
    live.mock.clear_faults()
    corrected = shirt(variant("S", price="9"), variant("M", price="8"), variant("L"))
    assert await change(live, corrected) == [PRICES]
    body: Any = body_of(live.calls(PRICES)[-1])
    assert [row["sku"] for row in body["requests"]] == ["SHIRT-M"], "the others have theirs"


async def test_stock_of_one_listing_goes_down_though_the_content_of_another_is_refused(
    live: Shop,
) -> None:
    refusal: Document = {"kind": "rows", "skus": ["SHIRT-M"], "status": 400, "error_id": 25016}
    live.mock.faults({"match": {"op": ITEMS}, "times": 0, "effects": [refusal]})
    edited = shirt(variant("S", quantity=1), variant("M", mpn="m-1"), variant("L"))
    await live.put(edited)
    await live.drain()
    live.mock.clear_faults()
    assert sold_as(live)["SHIRT-S"][0] == 1
    assert (await live.row("SHIRT"))["letters"] == 1


@pytest.mark.parametrize("layout", [Format.SHOPIFY, Format.WOOCOMMERCE])
async def test_files_of_shops_go_live_as_groups_and_singles(shop: Shop, layout: Format) -> None:
    said: Document = {"images": ["https://img.example.com/a.jpg"], "description": "<p>Fine.</p>"}
    kept = [
        draft
        for draft in reading((DATA / f"{layout}.csv").read_bytes(), layout).drafts
        if not draft.problems
    ]
    sent: list[Document] = [
        {**said, **draft.document, "quantity": 1, "status": "active"} for draft in kept
    ]
    await shop.put(*sent)
    await shop.drain()
    expected: set[str] = set()
    for listing in sent:
        row = await shop.row(listing["sku"])
        assert (row["in_step"], row["blocked_reason"], row["letters"]) == (True, None, 0)
        variants: list[Document] = listing.get("variants") or []
        several = len(variants) > 1
        expected |= {each["sku"] for each in variants} if several else {listing["sku"]}
    assert set(shop.live()) == expected
    assert len(groups(shop)) == 1


async def test_a_live_single_cannot_become_a_group_until_it_was_ended(shop: Shop) -> None:
    await shop.put(document("SHIRT", quantity=7))
    await shop.drain()
    await shop.put(shirt(variant("S", quantity=1), variant("M", quantity=1)))
    await shop.drain()
    assert (await shop.row("SHIRT"))["blocked_reason"] == "became_group"
    assert shop.live()["SHIRT"]["availableQuantity"] == 2, "stock still goes down"
    await change(shop, shirt(status="ended"))
    await change(shop, shirt())
    assert set(shop.live()) == {f"SHIRT-{size}" for size in SIZES}


async def test_a_live_group_cannot_become_a_single_until_it_was_ended(live: Shop) -> None:
    plain = document("SHIRT", quantity=7)
    await live.put(plain)
    await live.drain()
    assert (await live.row("SHIRT"))["blocked_reason"] == "became_single"
    assert sum(stock for stock, _ in sold_as(live).values()) == 7
    await change(live, plain | {"status": "ended"})
    await change(live, plain)
    assert set(live.live()) == {"SHIRT"}


async def test_two_listings_with_the_same_variant_sku_are_sold_under_two_names(
    live: Shop,
) -> None:
    await live.put({**shirt(), "sku": "OTHER"})
    await live.drain()
    assert len(live.live()) == 2 * len(SIZES)
    assert (await live.row("OTHER"))["in_step"]


async def test_time_does_not_undo_a_sale_of_a_variant(live: Shop) -> None:
    live.mock.buy("SHIRT-S", 2)
    live.mock.faults({"match": {"op": PRICES}, "effects": [LOST]})
    await live.put(shirt(variant("S"), variant("M", quantity=3), variant("L")))
    await live.drain()
    live.mock.clear_faults()
    await live.pass_time(timedelta(minutes=6))
    await live.drain()
    assert [sold_as(live)[f"SHIRT-{size}"][0] for size in SIZES] == [3, 3, 5]
