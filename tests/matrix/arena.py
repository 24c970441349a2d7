"""One shop for a whole module: emptied before each scenario, judged after it."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from baysync.account import store as accounts
from baysync.account import token_store
from baysync.ebay.tokens import Granted
from baysync.ebay_listing import store as ebay_listings
from baysync.insight import invariant_store
from baysync.queue import dead_letters, service, store
from baysync.queue.model import NO_WAIT, Selection
from mockbay.client import MockServer
from support.agreement import SELLER
from support.engine import unfinished
from support.fields import named
from support.live_shop import MARKETPLACE, Document, Shop, connect, empty, open_shop


@asynccontextmanager
async def arena(database: str, mock: MockServer, home: Path) -> AsyncGenerator[Shop]:
    """Yield a shop that ``begin`` empties before each scenario."""
    mock.reset()
    async with open_shop(database, mock, home) as shop:
        yield shop


async def begin(
    shop: Shop, switches: Document, marketplaces: Sequence[str] = (MARKETPLACE,)
) -> None:
    """Empty the shop and the mock, and connect the account anew."""
    shop.mock.reset(**switches)
    async with shop.runtime.db() as db:
        await empty(db)
    shop.account_id = await connect(shop.runtime, shop.mock)
    for marketplace in marketplaces:
        await shop.sell_on(marketplace, plain_skus=bool(switches.get("strict_sku")))


async def names(shop: Shop) -> dict[str, str]:
    """Return what each SKU that eBay knows is called here."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT i.ebay_sku, coalesce(nullif(i.variant_key, ''), l.sku), e.marketplace
            FROM ebay_item i
            JOIN ebay_listing e ON e.id = i.ebay_listing_id JOIN listing l ON l.id = e.listing_id
            """
        )
        return {ebay_sku: named(sku, place) for ebay_sku, sku, place in await cursor.fetchall()}


async def broken_promises(shop: Shop) -> list[object]:
    """Return what the views of the promises show, and plans left undone."""
    async with shop.runtime.db() as db:
        return [*await invariant_store.broken(db), *await unfinished(db)]


async def attempts(shop: Shop) -> list[int]:
    """Return the attempts that each change spent."""
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT attempts FROM ebay_change_queue")
        return [row[0] for row in await cursor.fetchall()]


class Exposed(NamedTuple):
    """Units of a SKU of eBay that were sold and on sale once more; ``lasted`` None: they are."""

    sku: str
    units: int
    lasted: timedelta | None


async def exposures(shop: Shop) -> list[Exposed]:
    """Return what was for sale twice, in the order in which it was found."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            "SELECT ebay_sku, units, taken_back_at - since FROM ebay_exposure ORDER BY id"
        )
        return [Exposed(*row) for row in await cursor.fetchall()]


async def stuck(shop: Shop) -> list[tuple[str, str]]:
    """Return what waits for a person: paused accounts, blocks, open dead letters, doubts."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT 'account', paused_reason FROM account WHERE paused_until = 'infinity'
            UNION ALL
            SELECT l.sku, coalesce(e.blocked_reason, 'letter: ' || d.verdict, 'doubt')
            FROM ebay_listing e JOIN listing l ON l.id = e.listing_id
            LEFT JOIN ebay_failed_event d ON d.ebay_listing_id = e.id AND d.resolved_at IS NULL
            WHERE e.blocked_reason IS NOT NULL OR d.id IS NOT NULL OR e.verify_at IS NOT NULL
            """
        )
        return list(await cursor.fetchall())


async def doubt(shop: Shop) -> None:
    """Put every listing in doubt, as a reconcile that finds a difference does."""
    async with shop.runtime.db() as db, db.transaction():
        cursor = await db.execute("SELECT id FROM ebay_listing ORDER BY id")
        ids = await ebay_listings.lock(db, [row[0] for row in await cursor.fetchall()])
        await ebay_listings.set_verify(db, ids, timedelta())
        await store.ensure(db, ids, debounce=NO_WAIT)


async def help_out(shop: Shop) -> None:
    """Do what a person does once the fault is gone: consent, resume, unblock, replay."""
    tokens = shop.mock.credentials_of(SELLER)
    granted = Granted(access=tokens["user_token"], expires_in=7200, refresh=tokens["refresh_token"])
    async with shop.runtime.db() as db:
        async with db.transaction():
            await token_store.write_granted(db, shop.runtime.keyring, shop.account_id, granted)
        await accounts.resume(db, shop.account_id)
        cursor = await db.execute("SELECT sku FROM listing")
        await service.unblock(db, [row[0] for row in await cursor.fetchall()], by="a person")
        await dead_letters.replay(db, Selection(), by="a person")
    await shop.publish_due()
