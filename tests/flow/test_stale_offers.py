"""Offers that are bound to a listing that somebody ended on eBay's site."""

from datetime import timedelta

import pytest

from baysync.queue import service as queue
from support.live_shop import Document, Shop, document

SKU = "LAMP-1"
PUBLISH = "bulkPublishOffer"
FAILED: Document = {"kind": "rows", "skus": [SKU], "status": 500, "error_id": 25001}
MEMBERS = ("SHIRT-S", "SHIRT-M")


def shirt(**fields: object) -> Document:
    variants = [
        {"sku": sku, "options": {"Size": sku[-1]}, "quantity": 2, "price": "9.00"}
        for sku in MEMBERS
    ]
    complete = document("SHIRT", **fields)
    return {name: complete[name] for name in complete if name not in {"price", "quantity"}} | {
        "variants": variants
    }


async def ended_on_the_site(shop: Shop, listing: Document, sku: str) -> dict[str, Document]:
    """Let a listing go live, the seller end it, and the shop say that it is over; its offers."""
    await shop.put(listing)
    await shop.drain()
    offers = dict(shop.mock.offers())
    shop.mock.end_listing(sku)
    await shop.put(listing | {"status": "ended"})
    await shop.drain()
    assert shop.live() == {}
    return offers


async def test_an_offer_bound_to_a_dead_listing_is_made_anew_after_four_failures(
    shop: Shop,
) -> None:
    before = await ended_on_the_site(shop, document(SKU), SKU)
    await shop.put(document(SKU))
    for _ in range(3):
        await shop.publish_due()
        assert shop.calls("deleteOffer") == []
        await shop.pass_time(shop.publisher.limits.backoff_cap)
    await shop.drain()
    [(offer_id, offer)] = shop.mock.offers().items()
    assert offer_id not in before
    assert offer["listing"]["listingStatus"] == "ACTIVE"
    assert offer["listing"]["listingId"] != before.popitem()[1]["listing"]["listingId"]
    assert offer["availableQuantity"] == 5
    assert len(shop.calls("deleteOffer")) == 1
    row = await shop.row(SKU)
    assert (row["in_step"], row["letters"]) == (True, 0)


async def test_the_offers_of_a_group_are_made_anew_too(shop: Shop) -> None:
    before = await ended_on_the_site(shop, shirt(), MEMBERS[0])
    await shop.put(shirt())
    await shop.drain()
    assert sorted(shop.live()) == sorted(MEMBERS)
    assert not before.keys() & shop.mock.offers().keys()
    assert (await shop.row("SHIRT"))["in_step"]


async def test_an_offer_that_only_fails_for_a_while_is_never_deleted(shop: Shop) -> None:
    shop.mock.faults({"match": {"op": PUBLISH}, "times": 6, "effects": [FAILED]})
    await shop.put(document(SKU))
    await shop.drain()
    assert shop.calls("deleteOffer") == []
    assert sorted(shop.live()) == [SKU]


async def test_what_ebay_itself_ended_is_not_made_anew(shop: Shop) -> None:
    await shop.put(document(SKU))
    await shop.drain()
    shop.mock.end_listing(SKU, by="ebay")
    shop.mock.faults({"match": {"op": PUBLISH}, "times": 0, "effects": [FAILED]})
    await shop.put(document(SKU, status="ended"))
    await shop.drain()
    await shop.put(document(SKU))
    await shop.drain()
    assert shop.calls("deleteOffer") == []
    assert shop.live() == {}


@pytest.mark.parametrize("op", ["deleteOffer", "bulkCreateOffer", PUBLISH])
async def test_a_reply_lost_while_an_offer_is_made_anew_leaves_one_live_listing(
    shop: Shop, op: str
) -> None:
    await ended_on_the_site(shop, document(SKU), SKU)
    lost = {"kind": "reset", "when": "after"}
    nth = 5 if op == PUBLISH else 1
    shop.mock.faults({"id": "lost", "match": {"op": op}, "nth": nth, "effects": [lost]})
    await shop.put(document(SKU))
    await shop.drain()
    assert [rule["fired"] for rule in shop.mock.rules()] == [1]
    assert sorted(shop.live()) == [SKU]
    assert len(shop.mock.offers()) == 1
    assert (await shop.row(SKU))["in_step"]


async def test_an_offer_that_was_deleted_already_is_made_anew(shop: Shop) -> None:
    await ended_on_the_site(shop, document(SKU), SKU)
    gone = {"kind": "error", "status": 404, "error_id": 25713, "when": "after"}
    shop.mock.faults({"match": {"op": "deleteOffer"}, "effects": [gone]})
    await shop.put(document(SKU))
    await shop.drain()
    assert sorted(shop.live()) == [SKU]


async def ended_remotely(shop: Shop) -> None:
    """Let a listing go live, the seller end it on the site, and the shop's next edit find that."""
    await shop.put(document(SKU))
    await shop.drain()
    shop.mock.end_listing(SKU)
    await shop.put(document(SKU, price="25.00"))
    await shop.drain()
    assert (await shop.row(SKU))["blocked_reason"] == "ended_remotely"


async def test_a_listing_ended_on_ebay_stays_ended_however_much_time_passes(shop: Shop) -> None:
    await ended_remotely(shop)
    await shop.pass_time(timedelta(days=3))
    await shop.reap()
    await shop.put(document(SKU, price="26.00"))
    await shop.drain()
    assert (await shop.row(SKU))["blocked_reason"] == "ended_remotely"
    assert len(shop.calls(PUBLISH)) == 1


async def test_a_person_brings_back_what_was_ended_on_ebay(shop: Shop) -> None:
    await ended_remotely(shop)
    async with shop.runtime.db() as db:
        await queue.unblock(db, [SKU], by="test")
    await shop.drain()
    assert shop.live()[SKU]["pricingSummary"]["price"]["value"] == "25.00"


async def test_a_shop_that_ends_it_too_may_list_it_again(shop: Shop) -> None:
    await ended_remotely(shop)
    await shop.put(document(SKU, status="ended"))
    await shop.drain()
    assert ((await shop.row(SKU))["blocked_reason"], shop.live()) == (None, {})
    await shop.put(document(SKU, price="27.00"))
    await shop.drain()
    assert shop.live()[SKU]["pricingSummary"]["price"]["value"] == "27.00"


async def test_reading_it_back_does_not_bring_back_what_was_ended_on_ebay(shop: Shop) -> None:
    await shop.put(document(SKU), shirt())
    await shop.drain()
    shop.mock.end_listing(SKU)
    shop.mock.end_listing(MEMBERS[0], by="ebay")
    async with shop.runtime.db() as db:
        await queue.verify(db, [SKU, "SHIRT"], by="test")
    await shop.drain()
    rows = [await shop.row(sku) for sku in (SKU, "SHIRT")]
    assert {(row["blocked_reason"], row["lifecycle_state"]) for row in rows} == {
        ("ended_remotely", "ended")
    }
    assert shop.live() == {}


async def test_a_lost_reply_does_not_bring_back_what_was_ended_on_ebay(shop: Shop) -> None:
    await shop.put(document(SKU))
    await shop.drain()
    ends = {"kind": "act", "action": "end-listing", "when": "after", "body": {"sku": SKU}}
    lost: Document = {"kind": "reset", "when": "after"}
    shop.mock.faults({"match": {"op": "bulkUpdatePriceQuantity"}, "effects": [ends, lost]})
    await shop.put(document(SKU, price="25.00"))
    await shop.drain()
    assert ((await shop.row(SKU))["blocked_reason"], shop.live()) == ("ended_remotely", {})


async def test_an_end_of_ours_that_came_late_is_not_taken_for_somebody_elses(shop: Shop) -> None:
    shop.mock.switch(stale_listing_after_withdraw=True)
    await shop.put(document(SKU))
    await shop.drain()
    late: Document = {"kind": "late", "ms": 45_000}
    shop.mock.faults({"match": {"op": "withdrawOffer"}, "effects": [late]})
    await shop.put(document(SKU, status="ended"))
    await shop.publish_due()
    await shop.put(document(SKU))
    await shop.drain()
    assert ((await shop.row(SKU))["blocked_reason"], sorted(shop.live())) == (None, [SKU])
