"""Arrange the queue's world by hand: accounts, eBay listings, documents named by one word."""

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from baysync.base.packing import opened
from baysync.db.connection import Db
from baysync.ebay_listing import service as ebay_listings
from baysync.ebay_listing import store as ebay_listing_store
from baysync.ebay_listing.model import (
    Desired,
    Document,
    Enrolment,
    Intent,
    Published,
    SellableItem,
    Urgency,
)
from baysync.orders import store as orders
from baysync.orders.model import OrderLineRow
from baysync.publish import store as publish_store
from baysync.publish.store import Begun, NewCall
from baysync.queue import dead_store, store
from baysync.queue.model import Claimed, Debounce, Ensured, Finish, Letter, Status

AT_ONCE = Debounce(window=timedelta(), longest=timedelta())
TITLE_TOO_LONG = {"error_id": 25718, "message": "title"}
LEASE = timedelta(seconds=120)


def document(word: str | None) -> Document | None:
    """Return a stand-in for a projection: the queue looks at the hash only."""
    if word is None:
        return None
    blob = word.encode()
    return Document(blob=blob, hash=digest(word), projection_version=1)


def digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()


async def account(db: Db, name: str = "shop") -> int:
    """Connect one account of the mock environment."""
    cursor = await db.execute(
        """
        INSERT INTO account (name, environment, ebay_user_id, client_id)
        VALUES (%(name)s, 'mock', %(name)s, %(name)s) RETURNING id
        """,
        {"name": name},
    )
    return (await cursor.fetchall())[0][0]


async def ebay_listings_of(db: Db, account_id: int, count: int = 1) -> list[int]:
    """Make ``count`` listings and enrol each on EBAY_US; return the eBay listings."""
    cursor = await db.execute(
        """
        INSERT INTO listing (sku, projected_version, body, body_hash, status, title, source)
        SELECT format('sku-%%s-%%s', %(account)s::bigint, n), 1, ''::bytea, sha256(n::text::bytea),
            'active', 'A lamp', 'test'
        FROM generate_series(1, %(count)s) n
        RETURNING id
        """,
        {"account": account_id, "count": count},
    )
    rows = [
        Enrolment(listing_id=row[0], account_id=account_id, marketplace="EBAY_US")
        for row in await cursor.fetchall()
    ]
    async with db.transaction():
        made = await ebay_listings.enrol(db, rows)
        await ebay_listings.name(db, [SellableItem(listing_id=row.listing_id) for row in rows])
        return sorted([row.id for row in made])


async def sell(
    db: Db, account_id: int, sku: str, order_id: str, *, quantity: int = 1, cancelled: bool = False
) -> None:
    """Put one line of an order into the sales ledger, as reading eBay's orders does."""
    line = OrderLineRow(
        order_id=order_id,
        line_item_id="1",
        sku=sku,
        external_item_id=None,
        marketplace="EBAY_US",
        quantity=quantity,
        total=Decimal("19.90"),
        currency="USD",
        payment_status="PAID",
        cancel_state="CANCELED" if cancelled else "NONE_REQUESTED",
        cancelled=cancelled,
        ordered_at=datetime(2026, 11, 25, 12, 0, tzinfo=UTC),
        modified_at=None,
    )
    await orders.ingest(db, account_id, [line])
    await orders.link(db, account_id)


async def want(
    db: Db,
    ids: list[int],
    word: str | None,
    *,
    urgency: Urgency = Urgency.CONTENT,
    debounce: Debounce = AT_ONCE,
) -> list[Ensured]:
    """Do what change detection does: lock, write the desired document, revert, ensure."""
    async with db.transaction():
        await ebay_listing_store.lock(db, ids)
        await ebay_listing_store.write_desired(
            db,
            [
                Desired(id=i, document=document(word), intent=Intent.UPDATE, urgency=urgency)
                for i in ids
            ],
        )
        await store.cancel_reverted(db, ids)
        return await store.ensure(db, ids, debounce=debounce)


async def published(db: Db, ids: list[int], word: str | None) -> None:
    """Store what eBay shows, with the snapshot that belongs to it."""
    rows = [Published(id=i, document=document(word)) for i in ids]
    await ebay_listing_store.write_published(db, rows)
    await record(db, ids)


async def settled(db: Db, ids: list[int], word: str) -> None:
    """Bring ``ids`` to peace: wanted and shown are the same, no change is left."""
    await want(db, ids, word)
    claim_id, rows = await claim(db, batches=len(ids) // 25 + 1)
    async with db.transaction():
        await ebay_listing_store.lock(db, ids)
        await published(db, ids, word)
        await store.finish(
            db, claim_id, [Finish(id=row.id, status=Status.DONE, outcome="done") for row in rows]
        )


async def claim(
    db: Db, *, lease: timedelta = LEASE, batches: int = 1
) -> tuple[UUID, list[Claimed]]:
    """Claim as a worker would; return the token with the rows."""
    claim_id = uuid4()
    return claim_id, await store.claim(db, claim_id=claim_id, lease=lease, batches=batches)


async def let_lease_end(db: Db, claim_id: UUID) -> None:
    """Leave a claim as a worker that is gone leaves it when its time is over, in lock order."""
    await db.execute(
        """
        WITH mine AS (
            SELECT id FROM ebay_change_queue WHERE claim_id = %s AND status = 'processing'
            ORDER BY ebay_listing_id FOR NO KEY UPDATE
        )
        UPDATE ebay_change_queue q SET lease_until = clock_timestamp() FROM mine
        WHERE q.id = mine.id
        """,
        (claim_id,),
    )


async def begin_call(
    db: Db, claim_id: UUID, changes: list[int], *, lease: timedelta = LEASE
) -> Begun:
    """Write a call down as a worker does before it sends it."""
    call = NewCall(
        account_id=1,
        ebay_listing_ids=[],
        operation="updateOffer",
        method="PUT",
        path="/offer/1",
        request=None,
    )
    return await publish_store.begin_call(
        db, call, changes, claim_id=claim_id, correlation_id="test", lease=lease
    )


async def finish(db: Db, claim_id: UUID, *rows: Finish) -> list[int]:
    """Settle without a word about eBay: lock, finish, revert, ensure."""
    cursor = await db.execute(
        "SELECT ebay_listing_id FROM ebay_change_queue WHERE id = ANY(%s)",
        ([row.id for row in rows],),
    )
    ids = [row[0] for row in await cursor.fetchall()]
    async with db.transaction():
        await ebay_listing_store.lock(db, ids)
        done = await store.finish(db, claim_id, rows)
        await store.cancel_reverted(db, ids)
        await store.ensure(db, ids, debounce=AT_ONCE)
    return done


async def changes(db: Db, *columns: str) -> list[tuple[object, ...]]:
    """Return these columns of all changes in the order of their making."""
    cursor = await db.execute(
        f"SELECT {', '.join(columns)} FROM ebay_change_queue ORDER BY id".encode()  # noqa: S608 -- names from tests
    )
    return await cursor.fetchall()


async def die(db: Db) -> None:
    """Let the only change that waits be refused: dead, with a letter about what was wanted."""
    await db.execute("UPDATE ebay_change_queue SET run_at = now()")
    claim_id, (change,) = await claim(db)
    refused = Finish(id=change.id, status=Status.DEAD, outcome="rejected")
    async with db.transaction():
        await ebay_listing_store.lock(db, [change.ebay_listing_id])
        await store.finish(db, claim_id, [refused])
        cursor = await db.execute(
            "SELECT desired_hash FROM ebay_listing WHERE id = %s", (change.ebay_listing_id,)
        )
        wanted = (await cursor.fetchall())[0][0]
        letter = Letter(queue_id=change.id, payload_hash=wanted, verdict="rejected")
        await dead_store.open(db, [letter])


async def record(db: Db, ids: list[int]) -> None:
    """Give the published state of ``ids`` its snapshot."""
    await db.execute(
        """
        WITH numbered AS (
            UPDATE ebay_listing SET snapshot_seq = snapshot_seq + 1
            WHERE id = ANY(%(ids)s) AND published_hash IS NOT NULL
            RETURNING id, snapshot_seq, published_hash
        )
        INSERT INTO ebay_listing_snapshot
            (ebay_listing_id, seq, snapshot_hash, projection_version, source_event, correlation_id)
        SELECT id, snapshot_seq, published_hash, 1, 'publish_success', 'test' FROM numbered
        """,
        {"ids": ids},
    )


async def changes_left(db: Db) -> int:
    """Return how many changes are pending or in flight."""
    return len([row for row in await changes(db, "status") if row[0] in {"pending", "processing"}])


# Attempts that left undone what they had planned, which nothing but a fault of ours can do.
UNFINISHED = """
    SELECT 'unfinished plan', ebay_listing_id, errors FROM ebay_sync_log
    WHERE errors::text LIKE '%did not carry out its plan%'
"""


async def unfinished(db: Db) -> list[object]:
    """Return the attempts that left a plan undone."""
    return list(await (await db.execute(UNFINISHED)).fetchall())


async def promised(db: Db) -> dict[int, str | None]:
    """Map the eBay listings that are neither blocked nor given up on to what eBay must show."""
    cursor = await db.execute(
        """
        SELECT e.id, e.desired_blob FROM ebay_listing e
        WHERE e.blocked_reason IS NULL AND NOT EXISTS (
            SELECT FROM ebay_failed_event d
            WHERE d.ebay_listing_id = e.id AND d.resolved_at IS NULL
                AND d.payload_hash IS NOT DISTINCT FROM e.desired_hash)
        """
    )
    return {i: opened(blob).decode() if blob else None for i, blob in await cursor.fetchall()}


async def refuse(
    db: Db, ids: list[int], word: str = "b", *, verdict: str = "rejected"
) -> list[int]:
    """Let the wanted state of ``ids`` be refused; return the letters."""
    await want(db, ids, word)
    claim_id, rows = await claim(db)
    async with db.transaction():
        await ebay_listing_store.lock(db, ids)
        await store.finish(
            db, claim_id, [Finish(id=r.id, status=Status.DEAD, outcome=verdict) for r in rows]
        )
        return await dead_store.open(
            db,
            [
                Letter(
                    queue_id=row.id,
                    payload_hash=digest(word),
                    verdict=verdict,
                    errors=[TITLE_TOO_LONG],
                )
                for row in rows
            ],
        )
