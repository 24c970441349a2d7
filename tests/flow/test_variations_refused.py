"""Listings with variants when something goes wrong: lost replies, refusals, silence."""

from datetime import timedelta
from typing import Any

import pytest

from baysync.ebay.advice import UNKNOWN_FIX
from baysync.insight.queue import store as queues
from baysync.insight.reasons import Reason, of_errors
from baysync.queue import service
from baysync.queue.model import Selection
from support.live_shop import MARKETPLACE, Document, Shop, body_of, document
from support.shirts import (
    GROUP,
    ITEMS,
    LOST,
    OFFERS,
    PRICES,
    PUBLISH,
    SIZES,
    WITHDRAW,
    change,
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


async def test_a_sold_variant_that_fits_no_axis_any_more_sells_nothing_and_is_explained(
    live: Shop,
) -> None:
    live.mock.buy("SHIRT-L", 1)
    await live.put(shirt(*[variant(size, options={"Fit": size}) for size in ("S", "M")]))
    await live.drain()
    assert sold_as(live)["SHIRT-L"][0] == 0, "stock goes first, whatever eBay says to the rest"
    assert await said(live) == ["eBay 25013"]
    (reason,) = await reasons(live)
    assert "with quantity 0" in reason.fix
    back = [variant(size, options={"Fit": size}) for size in ("S", "M")]
    await change(live, shirt(*back, variant("L", options={"Fit": "L"}, quantity=0)))
    assert [sold_as(live)[f"SHIRT-{size}"][0] for size in SIZES] == [5, 5, 0]


async def said(shop: Shop) -> list[str]:
    """Return the numbers of what eBay refused the listing with; each must have a fix."""
    found = await reasons(shop)
    assert all(reason.fix not in {"", UNKNOWN_FIX} for reason in found)
    return [reason.pointer for reason in found]


async def reasons(shop: Shop) -> list[Reason]:
    """Return what the dead letter says, explained."""
    async with shop.runtime.db() as db:
        (letter,) = await queues.letters(db, Selection(), limit=2)
    return of_errors(letter.errors, "shop", MARKETPLACE)


@pytest.mark.parametrize("error_id", [25703, 25704])
async def test_a_variant_that_is_listed_elsewhere_is_refused_and_explained(
    shop: Shop, error_id: int
) -> None:
    effect = {"kind": "error", "status": 400, "error_id": error_id}
    shop.mock.faults({"match": {"op": GROUP}, "times": 0, "effects": [effect]})
    await shop.put(shirt())
    await shop.drain()
    shop.mock.clear_faults()
    assert shop.live() == {}
    assert await said(shop) == [f"eBay {error_id}"]
    assert await change(shop, shirt(title="A shirt that is free")) != []
    assert len(shop.live()) == len(SIZES)


async def test_a_lost_reply_while_a_group_ends_is_read_back(live: Shop) -> None:
    live.mock.faults({"match": {"op": WITHDRAW}, "effects": [LOST]})
    await live.put(shirt(status="ended"))
    await live.drain()
    live.mock.clear_faults()
    row = await live.row("SHIRT")
    assert (row["in_step"], row["lifecycle_state"], row["letters"]) == (True, "ended", 0)
    assert live.live() == {}
    await change(live, shirt())
    assert len({offer["listing"]["listingId"] for offer in live.live().values()}) == 1


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


async def test_a_live_single_that_gains_variants_ends_before_the_group_begins(shop: Shop) -> None:
    await shop.put(document("SHIRT", quantity=7))
    await shop.drain()
    await shop.put(shirt())
    await shop.drain()
    assert set(shop.live()) == {f"SHIRT-{size}" for size in SIZES}
    assert in_order(shop, "withdrawOffer", "publishOfferByInventoryItemGroup")
    assert (await shop.row("SHIRT"))["in_step"]


async def test_a_live_group_that_loses_its_variants_ends_before_the_single_begins(
    live: Shop,
) -> None:
    await live.put(document("SHIRT", quantity=7))
    await live.drain()
    assert set(live.live()) == {"SHIRT"}
    assert in_order(live, "withdrawOfferByInventoryItemGroup", "bulkPublishOffer")
    assert (await live.row("SHIRT"))["in_step"]


async def test_a_live_single_keeps_no_stock_while_its_group_is_blocked(shop: Shop) -> None:
    await shop.put(document("SHIRT", quantity=7))
    await shop.drain()
    untold = shirt(variant("S", quantity=1), variant("M", quantity=1), title="x" * 81)
    await shop.put(untold)
    await shop.drain()
    assert (await shop.row("SHIRT"))["blocked_reason"] == "title_too_long"
    assert shop.live()["SHIRT"]["availableQuantity"] == 2, "stock still goes down"


def in_order(shop: Shop, first: str, then: str) -> bool:
    """Return whether eBay was asked for the one and only then for the other."""
    ops = [str(call["op"]) for call in shop.mock.journal()]
    return first in ops and then in ops and ops.index(first) < _last(ops, then)


def _last(ops: list[str], op: str) -> int:
    return len(ops) - 1 - ops[::-1].index(op)


async def test_no_second_listing_takes_a_variants_sku(live: Shop) -> None:
    assert await live.put({**shirt(), "sku": "OTHER"}) == ["rejected"]
    await live.drain()
    assert len(live.live()) == len(SIZES)


async def test_time_does_not_undo_a_sale_of_a_variant(live: Shop) -> None:
    live.mock.buy("SHIRT-S", 2)
    live.mock.faults({"match": {"op": PRICES}, "effects": [LOST]})
    await live.put(shirt(variant("S"), variant("M", quantity=3), variant("L")))
    await live.drain()
    live.mock.clear_faults()
    await live.pass_time(timedelta(minutes=6))
    await live.drain()
    assert [sold_as(live)[f"SHIRT-{size}"][0] for size in SIZES] == [3, 3, 5]


INCOMPLETE: Document = {
    "match": {"op": [OFFERS, "updateOffer"], "sku": "SHIRT-XL"},
    "effects": [{"kind": "drop_fields", "fields": ["merchantLocationKey"]}],
}


async def read_back(shop: Shop) -> None:
    """Do what a person does who asks whether eBay shows all of it."""
    async with shop.runtime.db() as db:
        await service.verify(db, ["SHIRT"], by="test")
    await shop.drain()


@pytest.mark.parametrize("times", [1, 0], ids=["once", "ever again"])
async def test_a_variant_that_ebay_silently_leaves_out_is_found_by_reading_back(
    live: Shop, times: int
) -> None:
    live.mock.faults({**INCOMPLETE, "times": times})
    await live.put(shirt(*[variant(size) for size in (*SIZES, "XL")]))
    await live.drain()
    assert "SHIRT-XL" not in live.live()
    row = await live.row("SHIRT")
    assert (row["letters"], row["in_step"]) == (0, True), "eBay has not said anything"
    await read_back(live)
    row = await live.row("SHIRT")
    healed = times == 1
    assert ("SHIRT-XL" in live.live()) is healed
    assert (row["in_step"], row["letters"], row["verify_at"]) == (healed, int(not healed), None)
    assert len({offer["listing"]["listingId"] for offer in live.live().values()}) == 1


async def test_what_ebay_leaves_out_for_good_is_explained_and_an_edit_tries_again(
    live: Shop,
) -> None:
    live.mock.faults({**INCOMPLETE, "times": 0})
    larger = shirt(*[variant(size) for size in (*SIZES, "XL")])
    await live.put(larger)
    await live.drain()
    await read_back(live)
    async with live.runtime.db() as db:
        (letter,) = await queues.letters(db, Selection(), limit=2)
    (reason,) = of_errors(letter.errors, "shop", MARKETPLACE)
    assert "live without this variant" in reason.rule
    live.mock.clear_faults()
    assert PUBLISH in await change(live, {**larger, "title": "A shirt for all"})
    assert len(live.live()) == 4
    assert (await live.row("SHIRT"))["letters"] == 0
