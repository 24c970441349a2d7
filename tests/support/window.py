"""The dashboard served for real over a database with one listing in every state."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import anyio
from msgspec import structs

from baysync.api.app import create, description
from baysync.api.server import listen, serve, url_of
from baysync.dashboard.routes import Lend, router
from baysync.db.connection import Db
from baysync.ebay_listing import exposure_store
from baysync.ebay_listing import service as ebay_listings
from baysync.ebay_listing import store as ebay_listing_store
from baysync.ebay_listing.document import document
from baysync.ebay_listing.model import (
    Block,
    Desired,
    Enrolment,
    Intent,
    Lifecycle,
    Published,
    Scope,
    SellableItem,
    Urgency,
)
from baysync.insight.model import Cause, Light
from baysync.projection.group import priced, stocked
from baysync.projection.model import Axis, Content, Group, Offer, Price, Projection, Variant
from baysync.projection.model import Lifecycle as Shown
from baysync.queue import dead_store, store
from baysync.queue.model import Finish, Letter, Status
from baysync.snapshot import service as snapshots
from baysync.snapshot.model import NewSnapshot, SourceEvent
from support import engine, projections

LIT = (
    Light(
        cause=Cause.PAUSED,
        account="harbour",
        message="harbour is paused: reauth.",
        command="baysync accounts connect --renew harbour",
        hint="baysync tries again by itself at 12:02 UTC.",
    ),
    Light(cause=Cause.SILENT, account="lighthouse", message="lighthouse: eBay does not answer."),
)
PICTURE = "https://pictures.example.com/brass.jpg"
HOSTILE = "<script>document.title = 'owned'</script>\"'&"
FIRST = projections.LAMP
SECOND = structs.replace(
    FIRST,
    price=Price(currency="EUR", value="29.99"),
    offer=Offer(
        description=f'<p style="color: #b8860b">Brass.</p><img src="{PICTURE}">{HOSTILE}',
        category="112581",
    ),
)


@asynccontextmanager
async def serving(lend: Lend) -> AsyncGenerator[str]:
    """Serve the pages on a free port; yield the address."""
    listener, stopping = listen("127.0.0.1", 0), anyio.Event()
    app = create(None, more=[router(lend, lights=lambda: LIT, described=description)])
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(serve, app, listener, stopping=stopping))
        yield url_of(listener)
        stopping.set()


async def shop(db: Db) -> tuple[str, ...]:
    """Fill the database: a live, a blocked, a dead and a hostile listing; return their SKUs."""
    account = await engine.account(db, "harbour")
    live, blocked, dead, hostile = await engine.ebay_listings_of(db, account, 4)
    await db.execute("UPDATE listing SET body = %b", (b'{"title":"A lamp"}',))
    await _publish(db, live, FIRST)
    await _publish(db, live, SECOND)
    await _block(db, blocked)
    await _die(db, dead)
    await _title(db, hostile, HOSTILE)
    await _attempts(db, account, live, dead)
    await _expose(db, live, f"sku-{account}-1")
    return tuple(f"sku-{account}-{number}" for number in range(1, 5))


async def group(db: Db) -> str:
    """Add a listing with two variants, live in the US and blocked in Germany; return its SKU.

    Its last change took one unit of the smaller one; of the larger one less is wanted.
    """
    account = await engine.account(db, "lighthouse")
    (live,) = await engine.ebay_listings_of(db, account)
    cursor = await db.execute(
        """
        SELECT l.id, l.sku FROM listing l JOIN ebay_listing e ON e.listing_id = l.id
        WHERE e.id = %s
        """,
        (live,),
    )
    listing_id, sku = (await cursor.fetchall())[0]
    there = Enrolment(listing_id=listing_id, account_id=account, marketplace="EBAY_DE")
    async with db.transaction():
        (german,) = await ebay_listings.enrol(db, [there])
        await ebay_listings.name(db, [SellableItem(listing_id=listing_id, key=key) for key in "ML"])
    await _publish(db, live, _shirt(M=5, L=2))
    await _publish(db, live, _shirt(M=4, L=2))
    async with db.transaction():
        await ebay_listing_store.lock(db, [live])
        wanted = Desired(
            id=live,
            document=document(_shirt(M=4, L=0)),
            intent=Intent.UPDATE,
            urgency=Urgency.STOCK,
        )
        await ebay_listing_store.write_desired(db, [wanted])
        await store.ensure(db, [live], debounce=engine.AT_ONCE)
    await db.execute(
        "UPDATE listing SET body = %b WHERE id = %s", (b'{"title":"A shirt"}', listing_id)
    )
    await _block(db, german.id)
    return sku


def _shirt(**stock: int) -> Projection:
    variants = {key: Variant(options={"Size": key}) for key in stock}
    content = Content(
        group=Group(axes=(Axis(name="Size", values=tuple(stock)),), variants=variants),
        title="Hemd",
    )
    price = priced("USD", dict.fromkeys(stock, "26"))
    return stocked(Projection(content=content, lifecycle=Shown.LIVE, price=price), stock)


async def _publish(db: Db, ebay_listing_id: int, projection: Projection) -> None:
    shown = document(projection)
    async with db.transaction():
        await ebay_listing_store.lock(db, [ebay_listing_id])
        desired = Desired(
            id=ebay_listing_id, document=shown, intent=Intent.UPDATE, urgency=Urgency.PRICE
        )
        await ebay_listing_store.write_desired(db, [desired])
        published = Published(
            id=ebay_listing_id,
            document=shown,
            lifecycle=Lifecycle.LIVE,
            external_item_id="110000000001",
        )
        await ebay_listing_store.write_published(db, [published])
        row = NewSnapshot(
            ebay_listing_id=ebay_listing_id,
            document=shown,
            source_event=SourceEvent.PUBLISH_SUCCESS,
        )
        await snapshots.record(db, [row], correlation_id="feed")


async def _block(db: Db, ebay_listing_id: int) -> None:
    reason = {"pointer": "/title", "rule": "has 99 characters", "fix": "take 19 away"}
    block = Block(
        id=ebay_listing_id,
        reason="title_too_long",
        scope=Scope.CONTENT,
        detail={"blocks": [reason]},
    )
    await ebay_listing_store.block(db, [block])


async def _die(db: Db, ebay_listing_id: int) -> None:
    await engine.want(db, [ebay_listing_id], '{"quantity":1}')
    claim_id, (row,) = await engine.claim(db)
    async with db.transaction():
        await ebay_listing_store.lock(db, [ebay_listing_id])
        await store.finish(
            db, claim_id, [Finish(id=row.id, status=Status.DEAD, outcome="rejected")]
        )
        errors: list[object] = [
            {"error_id": 25002, "message": "The item specific Type is missing."}
        ]
        letter = Letter(
            queue_id=row.id,
            payload_hash=engine.digest('{"quantity":1}'),
            verdict="rejected",
            errors=errors,
        )
        await dead_store.open(db, [letter])


async def _title(db: Db, ebay_listing_id: int, title: str) -> None:
    await db.execute(
        """
        UPDATE listing SET title = %s
        WHERE id = (SELECT listing_id FROM ebay_listing WHERE id = %s)
        """,
        (title, ebay_listing_id),
    )


async def _expose(db: Db, live: int, sku: str) -> None:
    """Let two units be sold while stock was raised, and be taken back; a third is on sale still."""
    twice = exposure_store.Exposure(ebay_listing_id=live, ebay_sku=sku, units=2, at_once=True)
    await exposure_store.expose(db, [twice], correlation_id="feed")
    await exposure_store.take_back(db, [live])
    await exposure_store.expose(db, [replace(twice, units=1)], correlation_id="feed")


async def _attempts(db: Db, account: int, live: int, dead: int) -> None:
    for ebay_listing_id, outcome in ((live, "done"), (dead, "rejected")):
        await db.execute(
            """
            INSERT INTO ebay_sync_log (queue_id, ebay_listing_id, account_id, claim_id,
                correlation_id, attempt, intent, outcome, steps, errors, duration_ms)
            VALUES (1, %s, %s, gen_random_uuid(), 'feed', 1, 'create', %s, '["content"]',
                CASE WHEN %s = 'rejected' THEN '[{"error_id": 25002, "message": "no Type"}]'::jsonb
                    END, 41)
            """,
            (ebay_listing_id, account, outcome, outcome),
        )
