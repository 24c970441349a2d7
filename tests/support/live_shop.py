"""A shop wired to a running mockbay: listings go in, the real publisher publishes them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import msgspec
from msgspec.structs import replace
from pydantic import SecretStr

from baysync import listing_door
from baysync.account import connection_store, token_store
from baysync.account import store as accounts
from baysync.account.connection_store import NewAccount
from baysync.account.model import Defaults, Policies
from baysync.change import service as change
from baysync.config.settings import Settings
from baysync.db.connection import Db
from baysync.ebay.environment import Environment
from baysync.ebay.tokens import Granted
from baysync.listing.draft import Draft, LineResult
from baysync.publish.limits import Limits
from baysync.publish.worker import Publisher
from baysync.queue import upkeep
from baysync.queue.model import Debounce
from baysync.runtime import Runtime, open_runtime
from mockbay.client import MockServer
from support.timetravel import advance

MARKETPLACE = "EBAY_US"
SELLER = "seller-one"
CATEGORY = "999"  # mockbay's "Other Goods": any condition, no required aspects
CALM = Limits()
NO_DEBOUNCE = Debounce(window=timedelta(), longest=timedelta())
INVENTORY = "/sell/inventory/"
Document = dict[str, Any]
EMPTY = """
    DO $$ DECLARE name regclass; BEGIN
        FOR name IN SELECT oid FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                AND relname NOT IN ('alembic_version', 'appconfig')
        LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
    END $$
"""


def document(sku: str = "LAMP-1", **fields: object) -> Document:
    """Return a listing, as a shop would send it, that mockbay publishes."""
    complete: Document = {
        "title": f"Lamp {sku}",
        "description": "<p>Warm light.</p>",
        "price": "19.90",
        "quantity": 5,
        "images": [f"https://img.example.com/{sku}.jpg"],
        "brand": "Baylight",
    }
    return {"sku": sku, **complete, **fields}


@dataclass(slots=True, kw_only=True)
class Shop:
    """One account of one shop, its listings, and the publisher that serves it."""

    runtime: Runtime
    mock: MockServer
    account_id: int
    publisher: Publisher
    debounce: Debounce = NO_DEBOUNCE

    async def put(self, *listings: Mapping[str, object]) -> list[str]:
        """Send listings in as the API does; return the outcome of each."""
        return [str(result.outcome) for result in await self._accept(*listings)]

    async def notes(self, listing: Mapping[str, object]) -> list[str]:
        """Send a listing in; return what is said of it."""
        (result,) = await self._accept(listing)
        return list(result.notes)

    async def _accept(self, *listings: Mapping[str, object]) -> list[LineResult]:
        drafts = [Draft(line=n, document=row) for n, row in enumerate(listings, 1)]
        async with self.runtime.db() as db:
            return await listing_door.accept(db, drafts, source="test", debounce=self.debounce)

    async def publish_due(self) -> None:
        """Publish until nothing is due at this moment."""
        while await self.publisher.publish_once():
            pass

    async def drain(self, *, rounds: int = 40) -> None:
        """Publish, let time pass for what waits, reap, until nothing is active."""
        for _ in range(rounds):
            await self.publish_due()
            if not await self.active():
                return
            await self.pass_time(timedelta(minutes=6))
            await self.reap()
        raise AssertionError(f"still active after {rounds} rounds: {await self.active()}")

    async def pass_time(self, by: timedelta) -> None:
        """Let time pass for the database and for mockbay."""
        async with self.runtime.db() as db:
            await advance(db, self.mock, by)

    async def reap(self) -> None:
        """Do what the minute job does."""
        async with self.runtime.db() as db:
            await upkeep.reap(db, verify_after=self.publisher.limits.verify_delay)
            await upkeep.recheck(db)
            await change.project_marked(db, 1_000, debounce=self.debounce)

    async def active(self) -> int:
        """Return how many changes are pending or in flight."""
        async with self.runtime.db() as db:
            cursor = await db.execute(
                "SELECT count(*) FROM ebay_change_queue WHERE status IN ('pending', 'processing')"
            )
            return int((await cursor.fetchall())[0][0])

    async def sell_on(self, marketplace: str, **changes: object) -> None:
        """Give the account complete defaults for a marketplace, with ``changes``; enrol."""
        defaults = replace(_defaults(self.mock, marketplace), **changes)
        async with self.runtime.db() as db:
            await accounts.put_defaults(db, self.account_id, marketplace, defaults)
            await change.enrol(db, self.account_id, debounce=self.debounce)

    async def row(self, sku: str, marketplace: str = MARKETPLACE) -> Document:
        """Return the ebay listing of a SKU on a marketplace as stored, without the documents."""
        async with self.runtime.db() as db:
            cursor = await db.execute(
                """
                SELECT e.lifecycle_state, e.blocked_reason, e.blocked_scope, e.verify_at,
                    e.desired_hash IS NOT DISTINCT FROM e.published_hash AS in_step,
                    (SELECT count(*) FROM ebay_failed_event d
                     WHERE d.ebay_listing_id = e.id AND d.resolved_at IS NULL) AS letters
                FROM ebay_listing e JOIN listing l ON l.id = e.listing_id
                WHERE l.sku = %s AND e.marketplace = %s
                """,
                (sku, marketplace),
            )
            names = [column.name for column in cursor.description or ()]
            return dict(zip(names, (await cursor.fetchall())[0], strict=True))

    async def blocked(self, marketplace: str = MARKETPLACE) -> dict[str, tuple[str, str, str]]:
        """Return reason, pointer and fix of what is blocked on a marketplace, by SKU."""
        async with self.runtime.db() as db:
            cursor = await db.execute(
                """
                SELECT l.sku, e.blocked_reason, e.blocked_detail -> 'blocks' -> 0
                FROM ebay_listing e JOIN listing l ON l.id = e.listing_id
                WHERE e.blocked_reason IS NOT NULL AND e.marketplace = %s
                """,
                (marketplace,),
            )
            return {
                sku: (reason, block["pointer"], block["fix"])
                for sku, reason, block in await cursor.fetchall()
            }

    def live(self) -> dict[str, Document]:
        """Return the published offers of the mock by SKU, as eBay shows them."""
        return {
            offer["sku"]: offer
            for offer in self.mock.offers(SELLER).values()
            if offer["status"] == "PUBLISHED"
        }

    def calls(self, *ops: str) -> list[Document]:
        """Return the calls about items and offers, of these operations or of all.

        What a worker process asks about the seller's locations is not the publisher's.
        """
        return [
            call
            for call in self.mock.journal()
            if call["path"].startswith(INVENTORY)
            and call["op"] != "getInventoryLocations"
            and (not ops or call["op"] in ops)
        ]


async def empty(db: Db) -> None:
    """Delete all that a shop ever stored; TRUNCATE takes thirty times as long on small tables."""
    async with db.transaction():
        await db.execute("SET LOCAL session_replication_role = replica")  # in any order
        await db.execute(EMPTY)


@asynccontextmanager
async def open_shop(
    database: str, mock: MockServer, home: Path, *, limits: Limits = CALM
) -> AsyncGenerator[Shop]:
    """Yield a shop with one connected account whose defaults fill what listings leave out."""
    settings = Settings(
        database_url=SecretStr(database), home=home, rate=1_000.0, http_timeout=timedelta(seconds=5)
    )
    async with open_runtime(settings) as runtime:
        account_id = await connect(runtime, mock)
        yield Shop(
            runtime=runtime,
            mock=mock,
            account_id=account_id,
            publisher=publisher(runtime, limits),
        )


def publisher(runtime: Runtime, limits: Limits) -> Publisher:
    """Return a publisher slot that fails loudly and never waits."""

    def fail(_claimed: object) -> None:
        raise  # noqa: PLE0704 -- called inside the handler: the fault itself is what to show

    return Publisher(
        pool=runtime.pool,
        session=runtime.sessions.of,
        wait=anyio.lowlevel.checkpoint,
        limits=limits,
        debounce=NO_DEBOUNCE,
        jitter=lambda: 0.5,
        lane_base=timedelta(seconds=5),
        lane_cap=timedelta(seconds=300),
        done=lambda _works, _decisions: None,
        failed=fail,
    )


async def connect(
    runtime: Runtime, mock: MockServer, *, seller: str = SELLER, name: str = "shop"
) -> int:
    """Connect a seller of the mock's with complete defaults; return the account's id."""
    credentials = mock.credentials_of(seller)
    new = NewAccount(
        name=name,
        environment=Environment.MOCK,
        ebay_user_id=seller,
        username=seller,
        client_id=credentials["client_id"],
        ru_name=credentials["ru_name"],
        base_urls={"mock": mock.url},
    )
    keyring = runtime.keyring
    async with runtime.db() as db, db.transaction():
        account_id = await connection_store.insert(db, new)
        granted = Granted(
            access=credentials["user_token"],
            expires_in=7200,
            refresh=credentials["refresh_token"],
        )
        await token_store.write_granted(db, keyring, account_id, granted)
        secret = {"client_secret": (credentials["client_secret"], None)}
        await token_store.write_secrets(db, keyring, account_id, secret)
        defaults = _defaults(mock, MARKETPLACE, seller)
        await accounts.put_defaults(db, account_id, MARKETPLACE, defaults)
    return account_id


def _defaults(mock: MockServer, marketplace: str, seller: str = SELLER) -> Defaults:
    policies = mock.state()["accounts"][seller]["policies"]
    mine = {
        kind: next(
            id_ for id_, policy in policies[kind].items() if policy["marketplaceId"] == marketplace
        )
        for kind in ("fulfillment", "payment", "return")
    }
    return Defaults(
        category=CATEGORY,
        condition="NEW",
        location="main-warehouse",
        policies=Policies(
            fulfillment=mine["fulfillment"], payment=mine["payment"], return_=mine["return"]
        ),
    )


def body_of(call: Document) -> object:
    """Return the body of a journalled call, parsed."""
    return msgspec.json.decode(call["body"]) if isinstance(call["body"], str) else call["body"]
