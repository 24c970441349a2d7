"""Reads of eBay that lag behind our own writes, and listings that others ended in the meantime."""

from datetime import timedelta

from baysync.queue import service as queue
from support.live_shop import Document, Shop, document
from support.shirts import PUBLISH as GROUP_PUBLISH
from support.shirts import SIZES, WITHDRAW, shirt, variant

SKU = "LAMP-1"
OFFERS, PUBLISH, PRICES = "bulkCreateOffer", "bulkPublishOffer", "bulkUpdatePriceQuantity"
BEHIND: Document = {"kind": "lag", "reads": 99, "ms": 60_000}
LOST: Document = {"kind": "reset", "when": "after"}
LATER = timedelta(minutes=20)


async def outcomes(shop: Shop) -> list[str]:
    """Return the outcomes of all attempts, oldest first."""
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT outcome FROM ebay_sync_log ORDER BY id")
        return [row[0] for row in await cursor.fetchall()]


async def read_back(shop: Shop, sku: str) -> None:
    async with shop.runtime.db() as db:
        await queue.verify(db, [sku], by="test")
    await shop.publish_due()


async def ended_remotely(shop: Shop, sku: str = SKU) -> bool:
    return (await shop.row(sku))["blocked_reason"] == "ended_remotely" and shop.live() == {}


def keep_quiet(shop: Shop) -> None:
    """Let no offer name its listing: eBay shows it as unpublished, and not that it was ended."""
    quiet: Document = {"kind": "patch", "remove": ["offers.listing"]}
    shop.mock.faults({"match": {"op": "getOffers"}, "times": 0, "effects": [quiet]})


async def listed(shop: Shop, listing: Document) -> None:
    await shop.put(listing)
    await shop.drain()
    await shop.pass_time(LATER)


async def test_a_read_that_does_not_show_our_own_publish_yet_is_not_believed(shop: Shop) -> None:
    shop.mock.faults({"match": {"op": OFFERS}, "effects": [BEHIND]})
    await shop.put(document(SKU))
    await shop.publish_due()
    await shop.put(document(SKU, description="<p>New.</p>"))
    await shop.publish_due()
    row = await shop.row(SKU)
    assert (row["blocked_reason"], row["verify_at"] is not None) == (None, True)
    assert await outcomes(shop) == ["done", "unconfirmed"]
    await shop.drain()
    row = await shop.row(SKU)
    assert (row["in_step"], row["verify_at"], row["letters"]) == (True, None, 0)
    assert shop.live()[SKU]["listingDescription"] == "<p>New.</p>"
    assert len(shop.calls(OFFERS)) == len(shop.calls(PUBLISH)) == 1


async def test_less_stock_and_an_end_do_not_wait_for_a_later_look(shop: Shop) -> None:
    shop.mock.faults({"match": {"op": OFFERS}, "effects": [BEHIND]})
    await shop.put(document(SKU))
    await shop.publish_due()
    await shop.put(document(SKU, description="<p>New.</p>"))
    await shop.publish_due()
    await shop.put(document(SKU, description="<p>New.</p>", quantity=2))
    await shop.publish_due()
    assert shop.live()[SKU]["availableQuantity"] == 2
    await shop.put(document(SKU, status="ended"))
    await shop.publish_due()
    assert shop.live() == {}
    await shop.drain()
    row = await shop.row(SKU)
    assert (row["in_step"], row["blocked_reason"], row["lifecycle_state"]) == (True, None, "ended")
    assert len(shop.calls(OFFERS)) == len(shop.calls(PUBLISH)) == 1


async def test_less_stock_of_what_has_ended_indeed_is_no_dead_letter(shop: Shop) -> None:
    await shop.put(document(SKU))
    await shop.publish_due()
    keep_quiet(shop)
    shop.mock.end_listing(SKU)
    for quantity in (4, 3):
        await shop.put(document(SKU, quantity=quantity))
        await shop.publish_due()
    assert await outcomes(shop) == ["done", "unconfirmed", "unconfirmed"]
    await shop.drain()
    assert await ended_remotely(shop)
    assert (await shop.row(SKU))["letters"] == 0


async def test_edits_do_not_put_off_the_look_that_decides(shop: Shop) -> None:
    await shop.put(document(SKU))
    await shop.publish_due()
    keep_quiet(shop)
    shop.mock.end_listing(SKU)
    for price in ("21.00", "22.00", "23.00"):
        await shop.put(document(SKU, price=price))
        await shop.publish_due()
        assert not await ended_remotely(shop)
        await shop.pass_time(timedelta(minutes=6))
    await shop.put(document(SKU, price="24.00"))
    await shop.publish_due()
    assert await ended_remotely(shop)


async def test_what_others_ended_is_not_listed_again_by_a_read_back(shop: Shop) -> None:
    await listed(shop, document(SKU))
    keep_quiet(shop)
    shop.mock.end_listing(SKU)
    await read_back(shop, SKU)
    assert await ended_remotely(shop)
    assert (await shop.row(SKU))["lifecycle_state"] == "ended"
    assert len(shop.calls(PUBLISH)) == 1


async def test_a_group_that_others_ended_is_not_listed_again_by_a_read_back(shop: Shop) -> None:
    await listed(shop, shirt())
    keep_quiet(shop)
    shop.mock.end_listing("SHIRT-M")
    await read_back(shop, "SHIRT")
    assert await ended_remotely(shop, "SHIRT")


async def test_an_item_that_is_missing_is_believed_to_be_deleted_only_after_a_while(
    shop: Shop,
) -> None:
    await shop.put(document(SKU))
    await shop.drain()
    shop.mock.delete_item(SKU)
    await read_back(shop, SKU)
    assert await outcomes(shop) == ["done", "unconfirmed"]
    await shop.drain()
    assert await ended_remotely(shop)
    assert len(shop.calls(PUBLISH)) == 1


async def test_what_others_ended_while_a_reply_of_ours_was_lost_stays_ended(shop: Shop) -> None:
    await listed(shop, document(SKU))
    shop.mock.faults({"match": {"op": PRICES}, "effects": [LOST]})
    await shop.put(document(SKU, price="25.00"))
    await shop.publish_due()
    keep_quiet(shop)
    shop.mock.end_listing(SKU)
    await shop.pass_time(timedelta(seconds=30))  # past the pause of a silent lane
    await shop.publish_due()
    assert await outcomes(shop) == ["done", "ambiguous", "unconfirmed"]
    await shop.drain()
    assert await ended_remotely(shop)


async def test_a_withdraw_of_ours_that_was_answered_excuses_no_later_end(shop: Shop) -> None:
    for status in ("active", "ended", "active"):
        await listed(shop, document(SKU, status=status))
    shop.mock.end_listing(SKU)
    await read_back(shop, SKU)
    assert await ended_remotely(shop)


async def test_a_withdraw_whose_reply_was_lost_is_ours_until_it_was_read_back(shop: Shop) -> None:
    await listed(shop, document(SKU))
    shop.mock.faults({"match": {"op": "withdrawOffer"}, "effects": [LOST]})
    await shop.put(document(SKU, status="ended"))
    await shop.publish_due()
    await shop.put(document(SKU))
    await shop.drain()
    assert list(shop.live()) == [SKU]
    await shop.pass_time(LATER)
    shop.mock.end_listing(SKU)
    await read_back(shop, SKU)
    assert await ended_remotely(shop)


async def test_a_withdraw_that_lands_after_the_listing_was_published_again_is_ours(
    shop: Shop,
) -> None:
    await listed(shop, shirt())
    shop.mock.faults({"id": "slow", "match": {"op": WITHDRAW}, "effects": [{"kind": "late"}]})
    await shop.put(shirt(status="ended"))
    await shop.publish_due()
    await shop.put(shirt(*map(variant, (*SIZES, "XL"))))
    await shop.pass_time(timedelta(seconds=30))
    await shop.publish_due()
    assert len(shop.live()) == len(SIZES) + 1
    assert shop.mock.release("slow") == 1
    assert shop.live() == {}
    await shop.drain()
    assert len(shop.live()) == len(SIZES) + 1
    assert (await shop.row("SHIRT"))["blocked_reason"] is None


async def test_what_others_ended_and_the_shop_ends_too_needs_nobody(shop: Shop) -> None:
    await listed(shop, document(SKU))
    shop.mock.end_listing(SKU)
    await shop.put(document(SKU, status="ended"))
    await read_back(shop, SKU)
    row = await shop.row(SKU)
    assert (row["in_step"], row["blocked_reason"], row["lifecycle_state"]) == (True, None, "ended")


async def test_a_group_that_is_published_again_is_not_judged_by_reads_from_before(
    shop: Shop,
) -> None:
    behind: Document = {"kind": "lag", "reads": 99, "ms": 80_000}
    shop.mock.faults({"match": {"op": GROUP_PUBLISH}, "effects": [behind, LOST]})
    await shop.put(document(SKU), shirt())  # the lamp is answered: the lane does not slow
    await shop.drain()
    assert len(shop.calls(GROUP_PUBLISH)) == 2
    row = await shop.row("SHIRT")
    assert (row["in_step"], row["letters"], row["verify_at"]) == (True, 0, None)


async def test_a_group_that_is_not_shown_and_cannot_be_ended_is_looked_at_later(shop: Shop) -> None:
    shop.mock.faults({"match": {"op": GROUP_PUBLISH}, "effects": [{"kind": "ignore"}]})
    await shop.put(shirt())
    await shop.publish_due()
    await read_back(shop, "SHIRT")
    await shop.put(shirt(status="ended"))
    for _ in range(2):
        await shop.publisher.publish_once()
    assert (await outcomes(shop))[-2:] == ["unconfirmed", "unconfirmed"]
    await shop.drain()
    assert (await shop.row("SHIRT"))["in_step"]
