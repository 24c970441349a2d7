"""Listings with variants end to end: one group, one row for each variant, stock first."""

from datetime import timedelta
from typing import Any

import pytest

from baysync.files.reading import FileFormat
from baysync.queue import service as queue
from support.listing_files import DATA, reading
from support.live_shop import Document, Shop, body_of
from support.shirts import (
    GROUP,
    ITEMS,
    LOOK,
    OFFERS,
    PRICES,
    PUBLISH,
    READ_GROUP,
    READ_ITEMS,
    SIZES,
    WITHDRAW,
    change,
    groups,
    ops,
    shirt,
    sold_as,
    variant,
)


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


def coloured(**fields: object) -> Document:
    """Return a shirt whose size is chosen before its colour."""
    made = [
        variant(f"{size}-{colour}", options={"Size": size, "Colour": colour})
        for size in ("S", "M")
        for colour in ("red", "blue")
    ]
    return shirt(*made, **fields)


def chosen(shop: Shop) -> list[tuple[str, list[str]]]:
    (group,) = groups(shop)
    return [(each["name"], each["values"]) for each in group["variesBy"]["specifications"]]


async def test_buyers_choose_in_the_order_of_the_shop(shop: Shop) -> None:
    sizes, colours = ("Size", ["S", "M"]), ("Colour", ["red", "blue"])
    await shop.put(coloured())
    await shop.drain()
    assert chosen(shop) == [sizes, colours]
    assert await shop.put(coloured()) == ["unchanged"]
    assert await change(shop, coloured(options=["Colour", "Size"])) == [READ_GROUP, GROUP]
    assert chosen(shop) == [colours, sizes]


async def test_another_order_that_ebay_shows_is_not_sent_again(shop: Shop) -> None:
    await shop.put(coloured())
    await shop.drain()
    turned = [{"name": "Colour", "values": ["blue", "red"]}, {"name": "Size", "values": ["M", "S"]}]
    other = {"kind": "patch", "set": {"variesBy.specifications": turned}}
    shop.mock.faults({"match": {"op": "getInventoryItemGroup"}, "effects": [other]})
    await shop.pass_time(timedelta(minutes=10))
    async with shop.runtime.db() as db:
        await queue.verify(db, ["SHIRT"], by="test")
    await shop.drain()
    assert (await shop.row("SHIRT"))["in_step"]
    assert len(shop.calls(GROUP)) == 1


async def test_a_group_of_fifty_costs_six_calls(shop: Shop) -> None:
    await shop.put(shirt(*[variant(f"{n}") for n in range(50)]))
    await shop.drain()
    assert ops(shop) == [ITEMS, ITEMS, GROUP, OFFERS, OFFERS, PUBLISH]
    assert len(shop.live()) == 50
    assert await change(shop, shirt(*[variant(f"{n}", quantity=4) for n in range(50)])) == [
        PRICES,
        PRICES,
    ]
    dearer = [variant(f"{n}", quantity=4, price="11.00") for n in range(50)]
    assert await change(shop, shirt(*dearer)) == [PRICES, PRICES]
    dearer[7] = variant("7", quantity=3, price="11.00")
    assert await change(shop, shirt(*dearer)) == [PRICES]


@pytest.mark.parametrize(
    ("changes", "calls", "expected"),
    [
        ({"quantity": 2}, [PRICES], (2, "10.00")),
        ({"price": "11"}, [PRICES], (5, "11.00")),
        ({"quantity": 9}, [LOOK, PRICES, LOOK], (9, "10.00")),
    ],
)
async def test_price_and_stock_of_one_variant_are_one_row(
    live: Shop, changes: dict[str, Any], calls: list[str], expected: tuple[int, str]
) -> None:
    edited = shirt(variant("S"), variant("M", **changes), variant("L"))
    assert await change(live, edited) == calls
    body: Any = body_of(live.calls(PRICES)[-1])
    assert [row["sku"] for row in body["requests"]] == ["SHIRT-M"]
    assert sold_as(live)["SHIRT-M"] == expected


async def test_an_added_variant_is_made_and_published(live: Shop) -> None:
    edited = shirt(*[variant(size) for size in (*SIZES, "XL")])
    assert await change(live, edited) == [ITEMS, READ_GROUP, GROUP, LOOK, OFFERS, PUBLISH]
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
    assert PRICES in await change(live, shirt())
    assert [sold_as(live)[f"SHIRT-{size}"][0] for size in SIZES] == [5, 5, 5]


async def test_a_renamed_option_is_an_update(live: Shop) -> None:
    renamed = variant("M", options={"Size": "Medium"})
    before = live.live()["SHIRT-M"]["listing"]["listingId"]
    assert await change(live, shirt(variant("S"), renamed, variant("L"))) == [
        READ_ITEMS,
        ITEMS,
        READ_GROUP,
        GROUP,
    ]
    (group,) = groups(live)
    assert group["variesBy"]["specifications"][0]["values"] == ["S", "Medium", "L"]
    assert live.live()["SHIRT-M"]["listing"]["listingId"] == before


@pytest.mark.parametrize(
    "options",
    [
        {size: {"Fit": size} for size in SIZES},
        {size: {"Size": size, "Color": "Blue"} for size in SIZES},
    ],
    ids=["renamed", "added"],
)
async def test_another_axis_is_an_update_of_the_same_listing(
    live: Shop, options: dict[str, dict[str, str]]
) -> None:
    before = live.live()["SHIRT-M"]["listing"]["listingId"]
    edited = shirt(*[variant(size, options=options[size]) for size in SIZES])
    assert await change(live, edited) == [READ_ITEMS, ITEMS, READ_GROUP, GROUP]
    (group,) = groups(live)
    axes = [axis["name"] for axis in group["variesBy"]["specifications"]]
    assert sorted(axes) == sorted(options["M"])
    assert {offer["listing"]["listingId"] for offer in live.live().values()} == {before}
    assert sold_as(live) == {f"SHIRT-{size}": (5, "10.00") for size in SIZES}


async def test_a_variant_under_another_sku_takes_the_place_of_the_first(live: Shop) -> None:
    other = variant("M", sku="SHIRT-M2")
    done = await change(live, shirt(variant("S"), other, variant("L")))
    assert done == [PRICES, ITEMS, READ_GROUP, GROUP, LOOK, OFFERS, PUBLISH]
    assert set(live.live()) == {"SHIRT-S", "SHIRT-M2", "SHIRT-L"}


async def test_a_title_is_sent_to_items_and_group(live: Shop) -> None:
    assert await change(live, shirt(title="A better shirt")) == [
        READ_ITEMS,
        ITEMS,
        READ_GROUP,
        GROUP,
    ]
    assert await change(live, shirt(title="A better shirt", description="<p>New.</p>")) == [
        READ_GROUP,
        GROUP,
    ]


async def test_a_group_ends_whole_and_comes_back_under_a_new_number(live: Shop) -> None:
    live.mock.switch(republish_at_zero=True)
    first = live.live()["SHIRT-S"]["listing"]["listingId"]
    assert await change(live, shirt(status="ended")) == [WITHDRAW]
    assert live.live() == {}
    assert await change(live, shirt()) == [PUBLISH, PRICES, *3 * [LOOK]]
    assert live.live()["SHIRT-S"]["listing"]["listingId"] != first
    assert sold_as(live) == {f"SHIRT-{size}": (5, "10.00") for size in SIZES}


@pytest.mark.parametrize("layout", [FileFormat.SHOPIFY, FileFormat.WOOCOMMERCE])
async def test_files_of_shops_go_live_as_groups_and_singles(shop: Shop, layout: FileFormat) -> None:
    said: Document = {"images": ["https://img.example.com/a.jpg"], "description": "<p>Fine.</p>"}
    kept = [
        draft
        for draft in reading((DATA / f"{layout}.csv").read_bytes(), layout).drafts
        if not draft.problems and "title" in draft.document  # not of a product from elsewhere
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
