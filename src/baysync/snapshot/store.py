"""SQL of ``ebay_listing_snapshot``."""

from collections.abc import Sequence

from psycopg.rows import class_row, dict_row

from baysync.base.packing import opened
from baysync.db.connection import Db
from baysync.ebay_listing.model import Document
from baysync.snapshot.model import Insert, Latest, Place, Snapshot


async def latest(db: Db, ebay_listing_ids: Sequence[int]) -> list[Latest]:
    """Return the newest snapshot of each ebay listing that has one, with its document's bytes."""
    cursor = db.cursor(row_factory=class_row(Latest))
    await cursor.execute(
        """
        SELECT s.ebay_listing_id, b.id, b.snapshot_hash, b.carried_hash, b.body
        FROM ebay_listing e
        JOIN ebay_listing_snapshot s ON s.ebay_listing_id = e.id AND s.seq = e.snapshot_seq
        JOIN ebay_listing_snapshot b ON b.id = coalesce(s.dedup_of_snapshot_id, s.id)
        WHERE e.id = ANY(%b::bigint[])
        """,
        (list(ebay_listing_ids),),
    )
    return await cursor.fetchall()


async def insert(db: Db, rows: Sequence[Insert], *, correlation_id: str) -> list[int]:
    """Add one snapshot to each ebay listing named in ``rows``; return their ids.

    The caller holds the locks of the ebay listings: their counters number the snapshots.
    """
    cursor = await db.execute(
        """
        WITH new AS (
            SELECT r.ebay_listing_id, r.hash, r.dedup_of, r.body, r.version, r.event, r.diff,
                r.queue_id, r.carried, r.carried_hash
            FROM unnest(
                %(ids)b::bigint[], %(hashes)b::bytea[], %(dedup)b::bigint[], %(bodies)b::bytea[],
                %(versions)b::smallint[], %(events)b::text[], %(diffs)b::text[],
                %(queue)b::bigint[], %(carried)b::bytea[], %(carried_hashes)b::bytea[]
            ) AS r(ebay_listing_id, hash, dedup_of, body, version, event, diff, queue_id, carried,
                carried_hash)
        ), numbered AS (
            UPDATE ebay_listing e SET snapshot_seq = e.snapshot_seq + 1
            FROM new WHERE e.id = new.ebay_listing_id
            RETURNING e.id, e.snapshot_seq
        )
        INSERT INTO ebay_listing_snapshot (
            ebay_listing_id, seq, snapshot_hash, dedup_of_snapshot_id, body, projection_version,
            source_event, diff, correlation_id, queue_id, carried, carried_hash)
        SELECT numbered.id, numbered.snapshot_seq, hash, dedup_of, body, version, event,
            diff::jsonb, %(correlation_id)s, queue_id, carried, carried_hash
        FROM new JOIN numbered ON numbered.id = new.ebay_listing_id
        ORDER BY numbered.id
        RETURNING id
        """,
        {
            "ids": [row.ebay_listing_id for row in rows],
            "hashes": [row.snapshot_hash for row in rows],
            "dedup": [row.dedup_of for row in rows],
            "bodies": [row.body for row in rows],
            "versions": [row.projection_version for row in rows],
            "events": [row.source_event for row in rows],
            "diffs": [row.diff for row in rows],
            "queue": [row.queue_id for row in rows],
            "carried": [row.carried for row in rows],
            "carried_hashes": [row.carried_hash for row in rows],
            "correlation_id": correlation_id,
        },
    )
    return [row[0] for row in await cursor.fetchall()]


async def page(
    db: Db, ebay_listing_id: int, *, before: int | None, limit: int
) -> list[tuple[Snapshot, bytes | None]]:
    """Return up to ``limit`` snapshots of an ebay listing older than ``before``, newest first.

    With each comes its packed document where that is all new: its difference is not stored.
    """
    cursor = db.cursor(row_factory=dict_row)
    await cursor.execute(
        """
        SELECT s.id, s.ebay_listing_id, s.seq, s.snapshot_hash, b.seq AS dedup_of,
            s.projection_version, s.source_event, coalesce(s.diff, '{}') AS diff,
            s.correlation_id, s.queue_id, s.created_at,
            CASE WHEN s.diff IS NULL THEN s.body END AS whole
        FROM ebay_listing_snapshot s
        LEFT JOIN ebay_listing_snapshot b ON b.id = s.dedup_of_snapshot_id
        WHERE s.ebay_listing_id = %(id)s
            AND (%(before)s::bigint IS NULL OR s.seq < %(before)s::bigint)
        ORDER BY s.seq DESC LIMIT %(limit)s
        """,
        {"id": ebay_listing_id, "before": before, "limit": limit},
    )
    return [
        (Snapshot(**row), whole) for row in await cursor.fetchall() for whole in [row.pop("whole")]
    ]


async def body(db: Db, ebay_listing_id: int, seq: int) -> tuple[bytes | None, bytes | None] | None:
    """Return the packed document of one snapshot and what the seller set beside it.

    Either is None where nothing is known; None for no such snapshot.
    """
    cursor = await db.execute(
        """
        SELECT b.body, b.carried
        FROM ebay_listing_snapshot s
        JOIN ebay_listing_snapshot b ON b.id = coalesce(s.dedup_of_snapshot_id, s.id)
        WHERE s.ebay_listing_id = %s AND s.seq = %s
        """,
        (ebay_listing_id, seq),
    )
    return await cursor.fetchone()


async def places(db: Db, sku: str) -> list[Place]:
    """Return the ebay listings of a SKU, by account and marketplace."""
    cursor = db.cursor(row_factory=class_row(Place))
    await cursor.execute(
        """
        SELECT e.id AS ebay_listing_id, l.sku, a.name AS account, e.marketplace
        FROM listing l
        JOIN ebay_listing e ON e.listing_id = l.id
        JOIN account a ON a.id = e.account_id
        WHERE l.sku = %s
        ORDER BY a.name, e.marketplace
        """,
        (sku,),
    )
    return await cursor.fetchall()


async def published(db: Db, ebay_listing_id: int) -> Document | None:
    """Return what eBay is known to show for an ebay listing; None: nothing."""
    cursor = await db.execute(
        """
        SELECT published_blob, published_hash, published_projection_version
        FROM ebay_listing WHERE id = %s AND published_hash IS NOT NULL
        """,
        (ebay_listing_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    blob, digest, version = row
    return Document(blob=opened(blob), hash=digest, projection_version=version)


async def place_of(db: Db, snapshot_id: int) -> tuple[Place, int] | None:
    """Return where a snapshot belongs and its number there; None for no such snapshot."""
    cursor = await db.execute(
        """
        SELECT s.ebay_listing_id, l.sku, a.name, e.marketplace, s.seq
        FROM ebay_listing_snapshot s
        JOIN ebay_listing e ON e.id = s.ebay_listing_id
        JOIN listing l ON l.id = e.listing_id
        JOIN account a ON a.id = e.account_id
        WHERE s.id = %s
        """,
        (snapshot_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    id_, sku, account, marketplace, seq = row
    return Place(ebay_listing_id=id_, sku=sku, account=account, marketplace=marketplace), seq
