"""SQL of what a settled attempt leaves beside the published document."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from baysync.base.packing import opened
from baysync.db.connection import Db
from baysync.projection.follow import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """What is known of one ebay item after an attempt; ``price`` in major units."""

    item_id: int
    offer_id: str | None
    item_hash: bytes | None
    offer_hash: bytes | None
    price: str | None
    quantity: int | None
    sold_quantity: int
    pushed_quantity: int | None
    sold_at_push: int | None


async def write_items(db: Db, rows: Sequence[ItemState]) -> None:
    """Store what eBay confirmed about items; the caller holds the locks of their listings."""
    await db.execute(
        """
        UPDATE ebay_item AS i
        SET offer_id = r.offer_id, item_hash = r.item_hash, offer_hash = r.offer_hash,
            price = r.price::numeric, quantity = r.quantity, sold_quantity = r.sold_quantity,
            pushed_quantity = r.pushed, sold_at_push = r.sold_before
        FROM unnest(%(ids)b::bigint[], %(offers)b::text[], %(items)b::bytea[],
            %(hashes)b::bytea[], %(prices)b::text[], %(quantities)b::int[], %(sold)b::int[],
            %(pushed)b::int[], %(sold_before)b::int[])
            AS r (id, offer_id, item_hash, offer_hash, price, quantity, sold_quantity, pushed,
                sold_before)
        WHERE i.id = r.id
        """,
        {
            "ids": [row.item_id for row in rows],
            "offers": [row.offer_id for row in rows],
            "items": [row.item_hash for row in rows],
            "hashes": [row.offer_hash for row in rows],
            "prices": [row.price for row in rows],
            "quantities": [row.quantity for row in rows],
            "sold": [row.sold_quantity for row in rows],
            "pushed": [row.pushed_quantity for row in rows],
            "sold_before": [row.sold_at_push for row in rows],
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """How often an attempt revised a listing, ``anew`` one that it began itself.

    ``least`` is what eBay counts at least: its limit, once it has refused for it.
    """

    id: int
    count: int
    anew: bool
    least: int


async def count_revisions(db: Db, rows: Sequence[Revised]) -> None:
    """Add to the revisions of eBay's day, which ends at midnight in California.

    The caller holds the locks.
    """
    await db.execute(
        """
        UPDATE ebay_listing AS e
        SET revisions_used = greatest(r.least, r.count + CASE
                WHEN r.anew OR coalesce(e.revisions_until, '-infinity') <= clock_timestamp() THEN 0
                ELSE e.revisions_used END),
            revisions_until = CASE
                WHEN e.revisions_until > clock_timestamp() THEN e.revisions_until
                ELSE (date_trunc('day', clock_timestamp() AT TIME ZONE 'America/Los_Angeles')
                    + interval '1 day') AT TIME ZONE 'America/Los_Angeles' END
        FROM jsonb_to_recordset(%(rows)s::jsonb)
            AS r (id bigint, count int, anew boolean, least int)
        WHERE e.id = r.id
        """,
        {"rows": msgspec.json.encode(rows).decode()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """An eBay listing to be weighed anew: it may only follow what eBay holds, or differs."""

    id: int
    limit: Limit | None
    desired_blob: bytes | None
    published_blob: bytes | None
    desired_hash: bytes | None
    lifecycle_state: str
    inputs_version: int


async def followers(db: Db, ids: Sequence[int]) -> list[Follower]:
    """Return those of ``ids`` that may only follow, or still differ; the caller holds the locks."""
    cursor = await db.execute(
        """
        SELECT id, wanted_limit, desired_blob, published_blob, desired_hash, lifecycle_state,
            inputs_version
        FROM ebay_listing
        WHERE id = ANY(%(ids)b::bigint[])
            AND (wanted_limit IS NOT NULL OR desired_hash IS DISTINCT FROM published_hash)
        ORDER BY id
        """,
        {"ids": list(ids)},
    )
    return [
        Follower(
            id=row[0],
            limit=None if row[1] is None else msgspec.convert(row[1], Limit),
            desired_blob=row[2] and opened(row[2]),
            published_blob=row[3] and opened(row[3]),
            desired_hash=row[4],
            lifecycle_state=row[5],
            inputs_version=row[6],
        )
        for row in await cursor.fetchall()
    ]


async def reconsider(db: Db, ids: Sequence[int]) -> None:
    """Let those of ``ids`` be decided anew that wait for stock though they came live meanwhile.

    A relist that was in flight when the shop said 0 is shown at 0 now, and with its newest words.
    """
    await db.execute(
        """
        UPDATE ebay_listing SET recheck_at = clock_timestamp()
        WHERE id = ANY(%(ids)b::bigint[]) AND lifecycle_state = 'live'
            AND blocked_reason = 'out_of_stock' AND recheck_at IS NULL
        """,
        {"ids": list(ids)},
    )


async def remove(db: Db, ids: Sequence[int]) -> None:
    """Mark those of ``ids`` as removed that are archived and ended; row and history stay."""
    await db.execute(
        """
        UPDATE ebay_listing SET lifecycle_state = 'removed'
        WHERE id = ANY(%(ids)b::bigint[]) AND lifecycle_state = 'ended'
            AND wanted_limit @> '{"removed": true}'
        """,
        {"ids": list(ids)},
    )
