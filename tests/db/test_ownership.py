"""Leaves as they are stored, and what an older program published."""

from uuid import uuid4

from msgspec.structs import replace

from baysync.change import service as change
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listings
from baysync.ebay_listing.document import document
from baysync.ownership import store
from baysync.ownership.documents import THE_GROUP, Document, Kind, Stored
from baysync.publish.planning.load import load
from baysync.queue import store as queue
from baysync.snapshot import service as snapshots
from baysync.snapshot.model import NewSnapshot, SourceEvent
from support.engine import LEASE
from support.seller import SOON, Seller, open_shop

ITEM, OFFER = Document(Kind.ITEM), Document(Kind.OFFER)
TITLE, SUBTITLE = ("product", "title"), ("product", "subtitle")


async def test_leaves_grow_before_a_call_and_are_what_was_confirmed_after_it(db: Db) -> None:
    seller = await open_shop(db)
    row = await seller.live()
    owned = [frozenset({TITLE}), frozenset({SUBTITLE})]
    for leaves in owned:
        await store.begin(db, [(row.id, ITEM, leaves)], claim_id=None)
    assert (await store.read(db, [row.id]))[row.id] == {ITEM: Stored(owned=owned[0] | owned[1])}
    confirmed = Stored(owned=owned[0], carried={"product": {"subtitle": "s"}}, rebuild={"a": 1})
    await store.write(db, [(row.id, ITEM, confirmed), (row.id, THE_GROUP, Stored())])
    stored = await store.read(db, [row.id])
    assert stored[row.id] == {ITEM: confirmed, THE_GROUP: Stored()}


async def test_only_the_claim_that_holds_a_change_owns_leaves(db: Db) -> None:
    seller = await open_shop(db)
    row = await seller.live()
    await store.begin(db, [(row.id, ITEM, frozenset({TITLE}))], claim_id=uuid4())
    assert (await store.read(db, [row.id]))[row.id] == {}


async def old_release(db: Db) -> Seller:
    """Let a listing be as an older program left it after it had read a seller's subtitle."""
    seller = await open_shop(db)
    row = await seller.live()
    shown = row.published
    assert shown is not None
    assert shown.content is not None
    shown = replace(shown, content=replace(shown.content, subtitle="the seller's"))
    await db.execute("UPDATE ebay_item SET offer_id = 'o1', quantity = 5")
    async with db.transaction():
        await ebay_listings.lock(db, [row.id])
        await seller.show(row.id, shown)
        read = NewSnapshot(
            ebay_listing_id=row.id,
            document=document(shown),
            source_event=SourceEvent.READ_BACK,
        )
        await db.execute(
            "UPDATE ebay_listing_snapshot SET source_event = 'read_back' WHERE seq > 1"
        )
        await snapshots.record(db, [read], correlation_id="test")
        await queue.ensure(db, [row.id], debounce=SOON)
    return seller


async def test_what_an_older_program_read_back_is_the_sellers_after_an_upgrade(db: Db) -> None:
    seller = await old_release(db)
    assert (await seller.changes())[-1][0] == "pending"
    await change.respell(db, debounce=SOON)
    row = await seller.row()
    assert row.published == row.desired
    assert {status for status, *_ in await seller.changes()} == {"cancelled"}
    stored = (await store.read(db, [row.id]))[row.id]
    assert SUBTITLE not in stored[ITEM].owned
    assert TITLE in stored[ITEM].owned
    assert ("categoryId",) in stored[OFFER].owned
    await change.respell(db, debounce=SOON)
    assert await seller.row() == row


async def test_a_worker_owns_the_leaves_of_what_it_claims_before_the_walk_does(db: Db) -> None:
    seller = await old_release(db)
    await db.execute("UPDATE ebay_change_queue SET run_at = now()")
    claimed = await queue.claim(db, claim_id=uuid4(), lease=LEASE, batches=1)
    (work,) = await load(db, claimed)
    assert work.target.id == (await seller.row()).id
    assert work.end is not None
    assert work.end.how == "idempotent_skip"
