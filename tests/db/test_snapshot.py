"""Snapshots: every state once, numbered, comparable."""

import msgspec
import pytest
from msgspec.structs import replace

from baysync.base.errors import NotFound
from baysync.base.packing import unpack
from baysync.db.connection import Db
from baysync.ebay_listing.document import document
from baysync.projection import canonical
from baysync.projection.diff import Diff, DiffOp, Edit, apply
from baysync.projection.model import Projection
from baysync.snapshot import service, store
from baysync.snapshot.model import NewSnapshot, SourceEvent
from support.engine import account, ebay_listings_of
from support.projections import LAMP

CHEAPER = replace(LAMP, quantity=3)


@pytest.fixture
async def lamps(db: Db) -> list[int]:
    return await ebay_listings_of(db, await account(db), 2)


def snapshot(
    ebay_listing_id: int,
    projection: Projection | None,
    event: SourceEvent = SourceEvent.PUBLISH_SUCCESS,
) -> NewSnapshot:
    return NewSnapshot(
        ebay_listing_id=ebay_listing_id, document=document(projection), source_event=event
    )


async def record(db: Db, *rows: NewSnapshot) -> list[int]:
    return await service.record(db, rows, correlation_id="c" * 32)


async def test_snapshots_are_numbered_for_each_ebay_listing(db: Db, lamps: list[int]) -> None:
    first, second = lamps
    await record(db, snapshot(first, LAMP), snapshot(second, LAMP))
    await record(db, snapshot(first, CHEAPER))
    newest_first = [s.seq for s in await service.page(db, first, before=None, limit=10)]
    assert newest_first == [2, 1]
    assert [s.seq for s in await service.page(db, second, before=None, limit=10)] == [1]
    assert [s.seq for s in await service.page(db, first, before=2, limit=10)] == [1]


async def test_a_snapshot_gives_back_its_document(db: Db, lamps: list[int]) -> None:
    await record(db, snapshot(lamps[0], LAMP))
    assert await service.read(db, lamps[0], 1) == LAMP


async def test_an_equal_state_is_remembered_without_its_bytes(db: Db, lamps: list[int]) -> None:
    for projection in (LAMP, LAMP, LAMP, CHEAPER):
        await record(db, snapshot(lamps[0], projection))
    cursor = await db.execute("SELECT body IS NULL FROM ebay_listing_snapshot ORDER BY seq")
    assert [row[0] for row in await cursor.fetchall()] == [False, True, True, False]
    listed = await service.page(db, lamps[0], before=None, limit=10)
    assert [s.dedup_of for s in listed] == [None, 1, 1, None]
    assert [len(s.diff) for s in listed] == [1, 0, 0, 5]
    assert await service.read(db, lamps[0], 3) == LAMP


async def test_the_stored_difference_leads_from_the_state_before(db: Db, lamps: list[int]) -> None:
    await record(db, snapshot(lamps[0], LAMP))
    await record(db, snapshot(lamps[0], CHEAPER))
    newest = (await service.page(db, lamps[0], before=None, limit=1))[0]
    assert newest.diff == {"/quantity": {"op": "replace", "before": 5, "after": 3}}
    assert apply(msgspec.convert(newest.diff, Diff), LAMP) == CHEAPER


async def test_a_first_snapshot_holds_its_document_once(db: Db, lamps: list[int]) -> None:
    await record(db, snapshot(lamps[0], LAMP))
    cursor = await db.execute("SELECT diff, body FROM ebay_listing_snapshot")
    ((difference, packed),) = await cursor.fetchall()
    assert difference is None
    assert canonical.decode(unpack(packed)) == LAMP
    (listed,) = await service.page(db, lamps[0], before=None, limit=1)
    assert apply(msgspec.convert(listed.diff, Diff), None) == LAMP
    assert (await service.one(db, lamps[0], 1)).diff == listed.diff


async def test_nothing_is_a_state_too(db: Db, lamps: list[int]) -> None:
    for projection in (LAMP, None, None):
        await record(db, snapshot(lamps[0], projection, SourceEvent.READ_BACK))
    assert await service.read(db, lamps[0], 3) is None
    listed = await service.page(db, lamps[0], before=None, limit=10)
    assert [(s.snapshot_hash is None, s.dedup_of) for s in listed] == [
        (True, 2),
        (True, None),
        (False, None),
    ]
    assert all(
        edit["op"] == "remove"
        for edit in msgspec.convert(listed[1].diff, dict[str, dict[str, object]]).values()
    )


async def test_any_two_snapshots_can_be_compared(db: Db, lamps: list[int]) -> None:
    for projection in (LAMP, CHEAPER, LAMP):
        await record(db, snapshot(lamps[0], projection))
    compared = await service.compare(db, lamps[0], 1, 2)
    assert compared.edits == {"/quantity": Edit(op=DiffOp.REPLACE, before=5, after=3)}
    assert (await service.compare(db, lamps[0], 1, 3)).edits == {}


async def test_a_snapshot_that_is_not_there_is_said_so(db: Db, lamps: list[int]) -> None:
    with pytest.raises(NotFound, match="no snapshot 7"):
        await service.read(db, lamps[0], 7)


async def test_recording_nothing_does_nothing(db: Db) -> None:
    assert await record(db) == []


async def test_the_places_of_a_sku_are_named(db: Db, lamps: list[int]) -> None:
    cursor = await db.execute(
        "SELECT l.sku FROM listing l JOIN ebay_listing e ON e.listing_id = l.id WHERE e.id = %s",
        (lamps[1],),
    )
    sku = (await cursor.fetchall())[0][0]
    (place,) = await store.places(db, sku)
    assert (place.ebay_listing_id, place.account, place.marketplace) == (
        lamps[1],
        "shop",
        "EBAY_US",
    )
    assert await store.places(db, "unknown") == []
