"""What eBay can answer, and what becomes of the change."""

from datetime import timedelta

import pytest

from baysync.account import store as accounts
from baysync.queue import service as queue
from support.live_shop import Shop, document

PUT = "bulkCreateOrReplaceInventoryItem"
OFFERS = "bulkCreateOffer"


def rows_fail(op: str, sku: str, status: int, error_id: int) -> dict[str, object]:
    """Return a fault: one row of a bulk call fails, for as long as the rule stands."""
    effect = {"kind": "rows", "skus": [sku], "status": status, "error_id": error_id}
    return {"match": {"op": op}, "times": 0, "effects": [effect]}


async def outcomes(shop: Shop, sku: str) -> list[str]:
    """Return the outcomes of a listing's attempts, oldest first."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT g.outcome FROM ebay_sync_log g
            JOIN ebay_listing e ON e.id = g.ebay_listing_id JOIN listing l ON l.id = e.listing_id
            WHERE l.sku = %s ORDER BY g.id
            """,
            (sku,),
        )
        return [row[0] for row in await cursor.fetchall()]


async def attempts(shop: Shop) -> int:
    """Return the most attempts that any change was charged with."""
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT max(attempts) FROM ebay_change_queue")
        return int((await cursor.fetchall())[0][0])


async def lane(shop: Shop) -> tuple[str | None, int]:
    """Return why the account is paused, and how many silences in a row it has met."""
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT paused_reason, lane_failures FROM account")
        return (await cursor.fetchall())[0]


async def test_a_passing_error_of_one_row_is_tried_again_without_its_neighbours(
    shop: Shop,
) -> None:
    shop.mock.faults(rows_fail(PUT, "LAMP-1", 500, 25001))
    await shop.put(document("LAMP-1"), document("LAMP-2"))
    await shop.publish_due()
    assert sorted(shop.live()) == ["LAMP-2"]
    assert await outcomes(shop, "LAMP-1") == ["retry"]
    shop.mock.clear_faults()
    await shop.drain()
    assert await outcomes(shop, "LAMP-1") == ["retry", "done"]
    assert await outcomes(shop, "LAMP-2") == ["done"]


async def test_an_error_that_does_not_pass_is_a_dead_letter_after_six_attempts(
    shop: Shop,
) -> None:
    shop.mock.faults(rows_fail(PUT, "LAMP-1", 500, 25001))
    await shop.put(document("LAMP-1"))
    await shop.drain()
    assert await outcomes(shop, "LAMP-1") == ["retry"] * 6
    assert (await shop.row("LAMP-1"))["letters"] == 1


async def test_a_throttled_account_waits_and_no_attempt_is_spent(shop: Shop) -> None:
    throttle = {"kind": "throttle", "retry_after": 30}
    shop.mock.faults({"match": {"op": PUT}, "times": 2, "effects": [throttle]})
    await shop.put(document("LAMP-1"))
    await shop.publish_due()
    assert await outcomes(shop, "LAMP-1") == ["throttled"]
    assert await attempts(shop) == 0
    await shop.drain()
    assert sorted(shop.live()) == ["LAMP-1"]
    assert await attempts(shop) == 1
    assert await lane(shop) == (None, 0)


async def test_a_revoked_consent_pauses_the_account_and_keeps_its_queue(shop: Shop) -> None:
    shop.mock.revoke_tokens()
    await shop.put(document("LAMP-1"), document("LAMP-2"))
    await shop.publish_due()
    assert await lane(shop) == ("reauth", 0)
    assert (await attempts(shop), await shop.active()) == (0, 2)


async def test_an_expired_access_token_is_renewed_on_the_way(shop: Shop) -> None:
    shop.mock.expire_tokens()
    await shop.put(document("LAMP-1"))
    await shop.publish_due()
    assert await outcomes(shop, "LAMP-1") == ["done"]


@pytest.mark.parametrize(("error_id", "reason"), [(25019, "held"), (25026, "capped")])
async def test_what_ebay_forbids_for_now_blocks_the_listing_and_is_looked_at_again(
    shop: Shop, error_id: int, reason: str
) -> None:
    shop.mock.faults(
        {
            "match": {"op": "bulkPublishOffer"},
            "times": 1,
            "effects": [{"kind": "rows", "skus": ["LAMP-1"], "status": 400, "error_id": error_id}],
        }
    )
    await shop.put(document("LAMP-1"))
    await shop.publish_due()
    row = await shop.row("LAMP-1")
    assert (row["blocked_reason"], row["blocked_scope"]) == (reason, "all")
    assert (await attempts(shop), await shop.active()) == (0, 0)
    await shop.pass_time(timedelta(days=2))
    await shop.reap()
    await shop.drain()
    assert (await shop.row("LAMP-1"))["blocked_reason"] is None
    assert sorted(shop.live()) == ["LAMP-1"]


@pytest.mark.parametrize("words", ["25002 with offerId", "25002", "25729"])
async def test_an_offer_that_was_there_already_is_adopted(shop: Shop, words: str) -> None:
    shop.mock.switch(duplicate_offer=words)
    await shop.put(document("LAMP-1"))
    await shop.drain()
    async with shop.runtime.db() as db:
        await db.execute("UPDATE ebay_item SET offer_id = NULL, item_hash = NULL")
        await db.execute(
            "UPDATE ebay_listing SET published_hash = NULL, published_blob = NULL,"
            " lifecycle_state = 'new'"
        )
    await shop.put(document("LAMP-1", title="Restored lamp"))
    await shop.drain()
    assert len(shop.mock.offers()) == 1
    assert shop.mock.items()["LAMP-1"]["product"]["title"] == "Restored lamp"
    assert (await shop.row("LAMP-1"))["in_step"]
    assert await attempts(shop) == 1


async def test_an_offer_refused_in_the_words_for_one_too_many_is_a_dead_letter_at_once(
    shop: Shop,
) -> None:
    words = "A user error has occurred. No <Item.Country> exists."
    row = {"kind": "rows", "skus": ["LAMP-1"], "error_id": 25002, "message": words}
    shop.mock.faults({"match": {"op": OFFERS}, "times": 0, "effects": [row]})
    await shop.put(document("LAMP-1"), document("LAMP-2"))
    await shop.drain()
    assert sorted(shop.live()) == ["LAMP-2"]
    assert await outcomes(shop, "LAMP-1") == ["rejected"]
    assert len(shop.calls(OFFERS)) == 2, "once more after a look, and no more"
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            "SELECT verdict, errors -> 0 ->> 'message' FROM ebay_failed_event"
        )
        [(verdict, said)] = await cursor.fetchall()
    assert (verdict, said.endswith(words)) == ("rejected", True)


async def test_a_listing_that_somebody_ended_on_ebay_is_not_brought_back_unasked(
    shop: Shop,
) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    shop.mock.end_listing("LAMP-1")
    await shop.put(document("LAMP-1", price="25.00"))
    await shop.drain()
    row = await shop.row("LAMP-1")
    assert (row["blocked_reason"], row["blocked_scope"]) == ("ended_remotely", "all")
    assert shop.live() == {}


async def test_a_cancelled_listing_is_not_sent_even_when_it_was_claimed_before(
    shop: Shop,
) -> None:
    await shop.put(document("LAMP-1"))
    async with shop.runtime.db() as db:
        await db.execute("UPDATE ebay_listing SET blocked_reason = 'paused', blocked_scope = 'all'")
    await shop.publish_due()
    assert shop.calls() == []
    assert await outcomes(shop, "LAMP-1") == ["blocked"]


async def test_a_worker_that_is_told_to_stop_gives_its_changes_back(shop: Shop) -> None:
    await shop.put(document("LAMP-1"))
    shop.publisher.stopping.set()
    await shop.publisher.publish_once()
    assert shop.calls() == []
    assert await outcomes(shop, "LAMP-1") == ["released"]
    assert (await attempts(shop), await shop.active()) == (0, 1)


async def test_an_account_without_access_is_paused_and_its_changes_go_back(shop: Shop) -> None:
    await shop.put(document("LAMP-1"))
    async with shop.runtime.db() as db:
        await db.execute("DELETE FROM ebay_auth_token")
    await shop.publish_due()
    assert await lane(shop) == ("reauth", 0)
    assert (await attempts(shop), await shop.active()) == (0, 1)


async def test_warnings_of_ebay_are_kept(shop: Shop) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    async with shop.runtime.db() as db:
        await db.execute(
            "UPDATE ebay_listing SET published_blob = NULL, published_hash = NULL,"
            " lifecycle_state = 'new', verify_at = NULL"
        )
        await db.execute("UPDATE ebay_item SET item_hash = NULL")
    await shop.put(document("LAMP-1", quantity=6))
    await shop.drain()
    assert (await shop.row("LAMP-1"))["in_step"]
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            "SELECT count(*) FROM ebay_sync_log WHERE jsonb_array_length(warnings) > 0"
        )
        assert (await cursor.fetchall())[0][0] >= 1


async def test_a_fault_of_ours_is_treated_like_a_crash_at_once(shop: Shop) -> None:
    await shop.put(document("LAMP-1"))
    async with shop.runtime.db() as db:
        await db.execute("UPDATE ebay_listing SET desired_blob = '\\x7b'")
    broken: list[int] = []
    shop.publisher.failed = lambda claimed: broken.extend(change.id for change in claimed)
    await shop.publisher.publish_once()
    assert len(broken) == 1
    await shop.reap()
    row = await shop.row("LAMP-1")
    assert row["verify_at"] is not None, "it may have sent anything"
    await shop.put(document("LAMP-1", title="Good lamp"))
    await shop.drain()
    assert sorted(shop.live()) == ["LAMP-1"]


async def test_a_lost_reply_is_read_back_before_anything_is_repeated(shop: Shop) -> None:
    shop.mock.faults(
        {"match": {"op": PUT}, "times": 1, "effects": [{"kind": "reset", "when": "after"}]}
    )
    await shop.put(document("LAMP-1"))
    await shop.publish_due()
    assert (await shop.row("LAMP-1"))["verify_at"] is not None
    assert await outcomes(shop, "LAMP-1") == ["ambiguous"]
    await shop.drain()
    assert sorted(shop.live()) == ["LAMP-1"]
    assert len(shop.mock.offers()) == 1


async def test_a_silent_read_costs_no_attempt_and_no_neighbour_and_ends_by_age(shop: Shop) -> None:
    await shop.put(document("LAMP-1"), document("LAMP-2"))
    await shop.drain()
    silent = {"kind": "reset", "when": "before"}
    match = {"op": "getOffers", "sku": "LAMP-1"}
    shop.mock.faults({"match": match, "times": 0, "effects": [silent]})
    async with shop.runtime.db() as db:
        await queue.verify(db, ["LAMP-1", "LAMP-2"], by="a person")
    await shop.publisher.publish_once()
    assert await outcomes(shop, "LAMP-1") == ["done", "ambiguous"]
    assert await outcomes(shop, "LAMP-2") == ["done", "done"], (
        "it was asked about in the same claim"
    )

    await shop.pass_time(timedelta(hours=25))
    await shop.put(document("LAMP-2", price="7.50"))
    await shop.drain()
    assert (await outcomes(shop, "LAMP-1"))[-1] == "expired"
    assert await attempts(shop) == 1


async def test_the_time_of_a_pause_does_not_count_as_time_of_failing(shop: Shop) -> None:
    shop.mock.faults(rows_fail(PUT, "LAMP-1", 500, 25001))
    await shop.put(document("LAMP-1"))
    await shop.publish_due()
    async with shop.runtime.db() as db:
        await accounts.pause(db, shop.account_id, "a holiday")
    await shop.pass_time(timedelta(days=3))
    async with shop.runtime.db() as db:
        await accounts.resume(db, shop.account_id)
    await shop.publish_due()
    assert await outcomes(shop, "LAMP-1") == ["retry", "retry"]
    await shop.pass_time(timedelta(days=2))
    await shop.publish_due()
    assert (await outcomes(shop, "LAMP-1"))[-1] == "expired"
    assert (await shop.row("LAMP-1"))["letters"] == 1
