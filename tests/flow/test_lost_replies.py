"""Replies that are lost, and calls that land late: what eBay shows at the end all the same."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import pytest

from baysync.base.errors import AccessRefused
from baysync.publish.sending.claim_door import Session
from support.agreement import Shown, at_once, numbers, shown, wanted
from support.live_shop import Document, Shop, document

SKU = "LAMP-1"
RETRIED = timedelta(seconds=30)  # past the pause of a silent lane, before the second read-back


class Case(NamedTuple):
    """A call, the edit that needs it (None: the listing is new), and a newer edit of the same."""

    op: str
    edit: Document | None
    newer: Document


CASES = [
    Case("bulkCreateOrReplaceInventoryItem", None, {"title": "Newer"}),
    Case("bulkCreateOffer", None, {"price": "7.50"}),
    Case("bulkPublishOffer", None, {"quantity": 3}),
    Case("bulkCreateOrReplaceInventoryItem", {"title": "New"}, {"title": "Newer"}),
    Case("bulkUpdatePriceQuantity", {"price": "9.99"}, {"price": "7.50"}),
    Case("bulkUpdatePriceQuantity", {"quantity": 2}, {"quantity": 1}),
    Case("bulkUpdatePriceQuantity", {"quantity": 9}, {"quantity": 7}),
    Case("bulkUpdatePriceQuantity", {"quantity": 0}, {"quantity": 4}),
    Case("updateOffer", {"description": "<p>New.</p>"}, {"description": "<p>Newer.</p>"}),
    Case("withdrawOffer", {"status": "ended"}, {"status": "active"}),
]
NAMES = [f"{case.op}-{case.edit or 'new'}" for case in CASES]
each_case = pytest.mark.parametrize("case", CASES, ids=NAMES)


async def spoiled(shop: Shop, case: Case, effect: Document) -> None:
    """Let one call of the case meet ``effect``, and say that it did."""
    if case.edit is not None:
        await shop.put(document(SKU))
        await shop.drain()
    shop.mock.faults({"id": "spoil", "match": {"op": case.op}, "effects": [effect]})
    await shop.put(document(SKU, **(case.edit or {})))
    await shop.publish_due()
    [rule] = shop.mock.rules()
    assert rule["fired"] == 1


async def agreed(shop: Shop, *listings: Document) -> None:
    """The end: eBay shows what the shop said, once each, and nothing is left to do or dead."""
    await shop.drain()
    assert shown(shop.mock) == wanted(listings)
    assert at_once(shop.mock) == set()
    for listing in listings:
        row = await shop.row(listing["sku"])
        assert (row["in_step"], row["verify_at"], row["letters"]) == (True, None, 0)


@each_case
async def test_a_lost_reply_costs_no_second_listing_and_no_attempt(shop: Shop, case: Case) -> None:
    await spoiled(shop, case, {"kind": "reset", "when": "after"})
    await agreed(shop, document(SKU, **(case.edit or {})))
    assert len(numbers(shop.mock)[SKU]) == 1
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT max(attempts) FROM ebay_change_queue")
        assert (await cursor.fetchall())[0][0] == 1


@each_case
async def test_a_newer_edit_wins_over_one_whose_reply_was_lost(shop: Shop, case: Case) -> None:
    await spoiled(shop, case, {"kind": "reset", "when": "after"})
    newer = document(SKU, **case.newer)
    await shop.put(newer)
    await agreed(shop, newer)


@each_case
async def test_an_older_call_that_lands_after_a_newer_one_is_found_and_repaired(
    shop: Shop, case: Case
) -> None:
    await spoiled(shop, case, {"kind": "late"})
    newer = document(SKU, **case.newer)
    await shop.put(newer)
    await shop.pass_time(RETRIED)
    await shop.publish_due()
    assert shown(shop.mock) == wanted([newer]), "the retry has sent the newer state"
    assert shop.mock.release("spoil") == 1
    await agreed(shop, newer)


@pytest.mark.parametrize("case", CASES[3:], ids=NAMES[3:])
async def test_an_edit_taken_back_after_its_reply_was_lost_is_taken_back_on_ebay(
    shop: Shop, case: Case
) -> None:
    await spoiled(shop, case, {"kind": "reset", "when": "after"})
    before = document(SKU)
    assert shown(shop.mock) != wanted([before])
    await shop.put(before)
    await agreed(shop, before)


@pytest.mark.parametrize("case", CASES[3:], ids=NAMES[3:])
async def test_an_edit_taken_back_before_its_call_landed_is_taken_back_on_ebay(
    shop: Shop, case: Case
) -> None:
    await spoiled(shop, case, {"kind": "late"})
    before = document(SKU)
    await shop.put(before)
    await shop.pass_time(RETRIED)
    await shop.publish_due()
    assert shop.mock.release("spoil") == 1
    assert shown(shop.mock) != wanted([before])
    await agreed(shop, before)


@pytest.mark.parametrize("op", [case.op for case in CASES[:3]])
async def test_a_bulk_call_whose_reply_is_lost_makes_each_listing_once(shop: Shop, op: str) -> None:
    listings = [document(f"SKU-{n:02}") for n in range(30)]
    shop.mock.faults({"match": {"op": op}, "effects": [{"kind": "reset", "when": "after"}]})
    await shop.put(*listings)
    await agreed(shop, *listings)
    assert {sku: len(held) for sku, held in numbers(shop.mock).items()} == {
        listing["sku"]: 1 for listing in listings
    }


async def test_an_ended_listing_whose_publish_lands_late_is_ended_again(shop: Shop) -> None:
    await spoiled(shop, CASES[2], {"kind": "late"})
    await shop.put(document(SKU, status="ended"))
    await shop.pass_time(RETRIED)
    await shop.publish_due()
    assert shop.mock.release("spoil") == 1
    assert list(shown(shop.mock)) == [SKU]
    await agreed(shop)
    assert (await shop.row(SKU))["lifecycle_state"] == "ended"


async def test_a_sale_behind_a_lost_reply_is_not_sold_again(shop: Shop) -> None:
    await spoiled(shop, CASES[4], {"kind": "reset", "when": "after"})
    shop.mock.buy(SKU, 2)
    await shop.drain()
    assert shown(shop.mock)[SKU] == Shown("Lamp LAMP-1", "<p>Warm light.</p>", "9.99", (3, 3))


async def test_what_an_account_without_access_gives_back_names_the_edit_made_meanwhile(
    shop: Shop,
) -> None:
    async def refuse(_account_id: int) -> Session:
        await shop.put(document(SKU, title="Newer"))
        raise AccessRefused("The account is not connected.", fix="connect it")

    await shop.put(document(SKU))
    await replace(shop.publisher, session=refuse).publish_once()
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT q.status, q.attempts, q.payload_hash = e.desired_hash, a.paused_reason
            FROM ebay_change_queue q JOIN ebay_listing e ON e.id = q.ebay_listing_id
            JOIN account a ON a.id = q.account_id
            """
        )
        assert await cursor.fetchall() == [("pending", 0, True, "reauth")]
