"""An account leaves a marketplace, and comes back: all of it ends there, and nothing elsewhere."""

import pytest

from baysync.account import store as accounts
from baysync.base.errors import Conflict, Refused
from baysync.change import place_store, places
from baysync.change import service as change
from support.live_shop import MARKETPLACE as US
from support.live_shop import Shop, document

GB = "EBAY_GB"


async def leave(shop: Shop, marketplace: str, agreed: set[int] | None = None) -> int:
    async with shop.runtime.db() as db:
        account = await accounts.read(db, shop.account_id)
        return await places.remove(db, account, marketplace, by="test", agreed=agreed)


async def notice(shop: Shop) -> None:
    """Do what the command does next, or the job that looks for what was left undone."""
    async with shop.runtime.db() as db:
        await change.reproject_stale(db, debounce=shop.debounce)


def sold_on(shop: Shop) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {US: set(), GB: set()}
    for offer in shop.live().values():
        found[offer["marketplaceId"]].add(offer["pricingSummary"]["price"]["value"])
    return found


@pytest.fixture
async def world(shop: Shop) -> Shop:
    await shop.sell_on(GB)
    rows = [document("L-1", price="11.00"), document("L-2", price="12.00", marketplaces=[US, GB])]
    await shop.put(*rows)
    await shop.drain()
    assert sold_on(shop) == {US: {"11.00", "12.00"}, GB: {"11.00", "12.00"}}
    return shop


async def test_all_that_was_live_there_ends_and_its_rows_are_removed(world: Shop) -> None:
    assert await leave(world, GB) == 2
    assert sold_on(world)[GB], "what follows is noticed in a transaction of its own"
    await notice(world)
    await world.drain()
    assert sold_on(world) == {US: {"11.00", "12.00"}, GB: set()}
    for sku in ("L-1", "L-2"):
        assert (await world.row(sku, GB))["lifecycle_state"] == "removed"
        assert (await world.row(sku, US))["lifecycle_state"] == "live"
    reason, pointer, fix = (await world.blocked(GB))["L-2"]
    assert (reason, pointer) == ("unknown_marketplace", "/marketplaces")
    assert "--add EBAY_GB" in fix
    assert "L-1" not in await world.blocked(GB)


async def test_a_listing_edited_after_the_account_left_stays_off_that_marketplace(
    world: Shop,
) -> None:
    await leave(world, GB)
    await world.put(document("L-1", price="15.00"), document("L-3", price="13.00"))
    await world.drain()
    assert sold_on(world) == {US: {"15.00", "12.00", "13.00"}, GB: {"12.00"}}
    await notice(world)
    await world.drain()
    assert sold_on(world)[GB] == set()


async def test_an_account_that_comes_back_sells_again_what_it_sold(world: Shop) -> None:
    await leave(world, GB)
    await world.sell_on(GB)  # before anybody noticed
    await notice(world)
    await world.drain()
    assert sold_on(world)[GB] == {"11.00", "12.00"}
    await leave(world, GB)
    await notice(world)
    await world.drain()
    await world.sell_on(GB, condition="USED_GOOD")
    await world.drain()
    assert sold_on(world)[GB] == {"11.00", "12.00"}


async def test_more_listings_than_were_agreed_to_are_not_touched(world: Shop) -> None:
    async with world.runtime.db() as db:
        agreed = set(await place_store.on_sale(db, world.account_id, GB))
        offered = set(await place_store.offered(db, "EBAY_FR"))
        account = await accounts.read(db, world.account_id)
        [stored, *_] = await accounts.read_defaults(db, world.account_id)
    await world.put(document("L-3"))
    await world.drain()
    with pytest.raises(Conflict, match="1 listing more than you agreed to"):
        await leave(world, GB, agreed)
    async with world.runtime.db() as db:
        with pytest.raises(Conflict, match="offered on EBAY_FR"):
            await places.add(db, account, "EBAY_FR", stored.defaults, by="test", agreed=offered)
        with pytest.raises(Refused, match="does not sell on EBAY_FR"):
            await places.remove(db, account, "EBAY_FR", by="test", agreed=None)
    assert len(world.live()) == 6
