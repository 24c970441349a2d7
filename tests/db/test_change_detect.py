"""Noticing what changed: outcomes, blocks, statuses, in one transaction each."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from baysync.account.model import OutOfStock
from baysync.change import service
from baysync.change.model import Detected
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listings
from baysync.ebay_listing.model import Block, Scope
from baysync.listing.model import ListingStatus
from baysync.projection.model import Lifecycle as Shown
from support.engine import claim, die
from support.seller import SOON, Seller, open_shop
from support.shop import DEFAULTS, LAMP


@pytest.fixture
async def shop(db: Db) -> Seller:
    return await open_shop(db)


async def test_a_new_listing_is_enrolled_projected_and_queued(shop: Seller) -> None:
    assert await shop.edit(LAMP) == Detected(enqueued=1)
    row = await shop.row()
    assert row.desired is not None
    assert row.desired.quantity == 5
    assert (row.state, row.reason, row.intent) == ("new", None, "create")
    assert await shop.changes() == [("pending", "create", 0)]
    cursor = await shop.db.execute("SELECT ebay_sku FROM ebay_item")
    assert await cursor.fetchall() == [("LAMP-1",)]


async def test_a_projected_listing_is_no_longer_marked(shop: Seller) -> None:
    await shop.edit(LAMP)
    cursor = await shop.db.execute("SELECT version, projected_version FROM listing")
    assert await cursor.fetchall() == [(1, 1)]


async def test_the_same_listing_again_is_nothing(shop: Seller) -> None:
    await shop.edit(LAMP)
    assert await shop.edit(LAMP) == Detected()
    reprojected = await service.reproject(shop.db, debounce=SOON)
    assert reprojected == Detected(skipped_duplicate=1)


async def test_edits_of_a_waiting_change_coalesce(shop: Seller) -> None:
    await shop.edit(LAMP)
    assert await shop.edit(replace(LAMP, quantity=4)) == Detected(coalesced=1)
    assert await shop.edit(replace(LAMP, title="Lamp")) == Detected(coalesced=1)
    assert len(await shop.changes()) == 1


async def test_an_edit_of_what_is_in_flight_is_left_to_its_settling(shop: Seller) -> None:
    await shop.edit(replace(LAMP, quantity=1))
    await shop.db.execute("UPDATE ebay_change_queue SET run_at = now()")
    await claim(shop.db)
    assert await shop.edit(replace(LAMP, quantity=2)) == Detected(coalesced=1)
    assert [status for status, _, _ in await shop.changes()] == ["processing"]


async def test_what_ebay_shows_already_is_skipped(shop: Seller) -> None:
    await shop.live()
    assert await shop.edit(replace(LAMP, price=Decimal("34.900"))) == Detected()
    assert await service.reproject(shop.db, debounce=SOON) == Detected(skipped_hash=1)


async def test_an_edit_that_is_taken_back_is_reverted(shop: Seller) -> None:
    await shop.live()
    assert await shop.edit(replace(LAMP, quantity=3)) == Detected(enqueued=1)
    assert await shop.edit(LAMP) == Detected(reverted=1)
    assert [status for status, _, _ in await shop.changes()][-1] == "cancelled"


async def test_what_ebay_refused_is_not_sent_again_unchanged(shop: Seller) -> None:
    await shop.edit(LAMP)
    await die(shop.db)
    assert await service.reproject(shop.db, debounce=SOON) == Detected(skipped_dead=1)
    assert await shop.edit(replace(LAMP, title="Lamp")) == Detected(enqueued=1)
    assert await shop.edit(LAMP) == Detected(reverted=1), "the refused state again"


async def test_a_forbidden_title_blocks_with_its_reason(shop: Seller) -> None:
    assert await shop.edit(replace(LAMP, title="x" * 81)) == Detected(blocked=1)
    row = await shop.row()
    assert (row.reason, row.scope, row.desired) == ("title_too_long", "content", None)
    cursor = await shop.db.execute("SELECT blocked_detail -> 'blocks' FROM ebay_listing")
    (block,) = (await cursor.fetchall())[0][0]
    assert (block["pointer"], block["fix"]) == (
        "/title",
        "take 1 away; it is never cut for you",
    )
    assert await shop.edit(LAMP) == Detected(enqueued=1)
    assert (await shop.row()).reason is None


@pytest.mark.parametrize("steps", ["one edit", "two edits"])
async def test_blocked_content_never_holds_stock(shop: Seller, steps: str) -> None:
    live = await shop.live()
    bad = replace(LAMP, title="x" * 81)
    if steps == "two edits":
        assert await shop.edit(bad) == Detected(blocked=1)
    assert await shop.edit(replace(bad, quantity=0)) == Detected(enqueued=1)
    row = await shop.row()
    assert live.desired is not None
    assert row.desired == replace(live.desired, quantity=0)
    assert (row.reason, row.urgency) == ("title_too_long", 4)


async def test_stock_is_urgent_and_price_less_so(shop: Seller) -> None:
    await shop.live()
    await shop.edit(replace(LAMP, price=Decimal(40)))
    assert (await shop.changes())[-1] == ("pending", "update", 2)
    await shop.edit(replace(LAMP, price=Decimal(40), quantity=1))
    assert (await shop.changes())[-1] == ("pending", "update", 4)


@pytest.mark.parametrize("status", [ListingStatus.DRAFT, ListingStatus.ENDED])
async def test_a_live_listing_that_is_taken_back_ends(shop: Seller, status: ListingStatus) -> None:
    await shop.live()
    assert await shop.edit(replace(LAMP, status=status, title="")) == Detected(enqueued=1)
    row = await shop.row()
    assert row.desired is not None
    assert row.desired.lifecycle is Shown.ENDED
    assert (row.intent, row.urgency, row.reason) == ("end", 4, None)
    await shop.publish(row.id)
    assert await shop.edit(replace(LAMP, status=ListingStatus.ACTIVE)) == Detected(enqueued=1)
    assert (await shop.row()).intent == "relist"


async def test_an_archived_listing_that_was_never_live_is_removed(shop: Seller) -> None:
    await shop.edit(replace(LAMP, quantity=0))
    await shop.edit(replace(LAMP, status=ListingStatus.ARCHIVED))
    row = await shop.row()
    assert (row.state, row.reason, row.desired) == ("removed", None, None)
    assert await shop.changes() == []


async def test_a_draft_or_ended_listing_that_was_never_live_needs_no_row(shop: Seller) -> None:
    for number, status in enumerate(ListingStatus):
        if status is not ListingStatus.ACTIVE:
            await shop.edit(replace(LAMP, sku=f"L-{number}", status=status))
    assert await shop.rows() == []


async def test_a_sold_out_listing_is_kept_or_ended_as_the_account_says(shop: Seller) -> None:
    await shop.live()
    await shop.edit(replace(LAMP, quantity=0))
    kept = (await shop.row()).desired
    assert kept is not None
    assert (kept.lifecycle, kept.quantity) == (Shown.LIVE, 0)
    await shop.set_defaults(replace(DEFAULTS, out_of_stock=OutOfStock.END))
    await service.reproject_stale(shop.db, debounce=SOON)
    ended = (await shop.row()).desired
    assert ended is not None
    assert (ended.lifecycle, ended.quantity) == (Shown.ENDED, 5)


async def test_a_listing_without_stock_waits_for_it(shop: Seller) -> None:
    assert await shop.edit(replace(LAMP, quantity=0)) == Detected(blocked=1)
    assert (await shop.row()).reason == "out_of_stock"
    assert await shop.edit(LAMP) == Detected(enqueued=1)


async def test_a_marketplace_that_is_no_longer_named_ends_there(shop: Seller) -> None:
    await shop.set_defaults(DEFAULTS, "EBAY_GB")
    await shop.live(replace(LAMP, marketplaces=("EBAY_US",)))
    assert await shop.edit(replace(LAMP, marketplaces=("EBAY_GB",))) == Detected(enqueued=2)
    intents = {row.marketplace: row.intent for row in await shop.rows()}
    assert intents == {"EBAY_US": "end", "EBAY_GB": "create"}


async def test_a_marketplace_without_defaults_says_so(shop: Seller) -> None:
    assert await shop.edit(replace(LAMP, marketplaces=("EBAY_FR",))) == Detected(blocked=1)
    assert (await shop.row()).reason == "unknown_marketplace"


async def hold(shop: Seller, reason: str) -> None:
    row = await shop.row()
    async with shop.db.transaction():
        await ebay_listings.lock(shop.db, [row.id])
        await ebay_listings.block(shop.db, [Block(id=row.id, reason=reason, scope=Scope.ALL)])


@pytest.mark.parametrize("reason", ["cancelled", "discarded", "crash_loop"])
async def test_an_edit_ends_what_a_person_or_a_crash_began(shop: Seller, reason: str) -> None:
    await shop.live()
    await hold(shop, reason)
    assert await service.reproject(shop.db, debounce=SOON) == Detected(blocked=1)
    assert (await shop.row()).reason == reason, "looking again is no edit"
    assert await shop.edit(replace(LAMP, quantity=2)) == Detected(enqueued=1)
    assert (await shop.row()).reason is None


@pytest.mark.parametrize("reason", ["paused", "held", "capped"])
async def test_an_edit_does_not_end_a_pause(shop: Seller, reason: str) -> None:
    await shop.live()
    await hold(shop, reason)
    assert await shop.edit(replace(LAMP, quantity=2)) == Detected(blocked=1)
    row = await shop.row()
    assert row.reason == reason
    assert row.desired is not None
    assert row.desired.quantity == 2, "what is wanted is known all the same"


async def test_two_marketplaces_of_one_account_have_two_names(shop: Seller) -> None:
    await shop.set_defaults(DEFAULTS, "EBAY_GB")
    assert await shop.edit(LAMP) == Detected(enqueued=2)
    cursor = await shop.db.execute("SELECT ebay_sku FROM ebay_item ORDER BY ebay_listing_id")
    one, other = (row[0] for row in await cursor.fetchall())
    assert one == "LAMP-1"
    assert other.startswith("LAMP-1-")


async def test_nothing_to_look_at_is_no_work(db: Db) -> None:
    assert await service.detect(db, [], debounce=SOON) == Detected()
