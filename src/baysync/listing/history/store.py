"""SQL of ``listing_version``; rows are inserted by the statement that writes listings."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.listing.history.model import Packed, StoredVersion


async def versions(
    db: Db, listing_ids: Sequence[int], *, since: Sequence[int] | None = None
) -> dict[int, list[StoredVersion]]:
    """Return the kept versions of listings up to the newest, by listing, in order.

    ``since`` names the oldest version wanted of each listing; all if left out.
    """
    cursor = db.cursor(row_factory=class_row(StoredVersion))
    await cursor.execute(
        """
        SELECT v.listing_id, v.version, v.form, v.body, v.kind, v.actor, v.import_id,
            v.accepted_at
        FROM unnest(%(ids)b::bigint[], %(since)b::bigint[]) AS given (listing_id, since)
        JOIN listing_version v ON v.listing_id = given.listing_id AND v.version >= given.since
        ORDER BY v.listing_id, v.version
        """,
        {"ids": list(listing_ids), "since": list(since or [0] * len(listing_ids))},
    )
    by_listing: dict[int, list[StoredVersion]] = defaultdict(list)
    for row in await cursor.fetchall():
        by_listing[row.listing_id].append(row)
    return dict(by_listing)


async def touched(db: Db, import_id: int, *, after: int, limit: int) -> list[tuple[int, str, int]]:
    """Return listings with versions of an import: id, SKU and the first such version, by id."""
    cursor = await db.execute(
        """
        SELECT v.listing_id, l.sku, min(v.version)
        FROM listing_version v JOIN listing l ON l.id = v.listing_id
        WHERE v.import_id = %s AND v.listing_id > %s
        GROUP BY v.listing_id, l.sku ORDER BY v.listing_id LIMIT %s
        """,
        (import_id, after, limit),
    )
    return await cursor.fetchall()


async def count_touched(db: Db, import_id: int, *, after: int = 0) -> int:
    """Return how many listings, by id those behind ``after``, have versions of an import."""
    cursor = await db.execute(
        """
        SELECT count(DISTINCT listing_id) FROM listing_version
        WHERE import_id = %s AND listing_id > %s
        """,
        (import_id, after),
    )
    return int((await cursor.fetchall())[0][0])


async def unpacked(db: Db, *, limit: int) -> dict[int, int]:
    """Return up to ``limit`` listings with versions to be packed: the one before the first."""
    cursor = await db.execute(
        """
        SELECT listing_id, min(version) - 1 FROM (
            SELECT listing_id, version FROM listing_version
            WHERE form IN ('accepted', 'plain')
            ORDER BY listing_id, version LIMIT %s) AS plain
        GROUP BY listing_id
        """,
        (limit,),
    )
    return dict(await cursor.fetchall())


async def pack(db: Db, rows: Sequence[Packed]) -> None:
    """Write how versions lie from now on."""
    await db.execute(
        """
        UPDATE listing_version v
        SET form = given.form, body = given.body, superseded_at = given.superseded_at
        FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::bytea[], %b::timestamptz[])
            AS given (listing_id, version, form, body, superseded_at)
        WHERE v.listing_id = given.listing_id AND v.version = given.version
        """,
        (
            [row.listing_id for row in rows],
            [row.version for row in rows],
            [row.form.value for row in rows],
            [row.body for row in rows],
            [row.superseded_at for row in rows],
        ),
    )


async def keep_newest(db: Db, newest: dict[int, int], *, most: int) -> int:
    """Delete all but the ``most`` newest versions of listings, given by their newest one."""
    cursor = await db.execute(
        """
        DELETE FROM listing_version v
        USING unnest(%b::bigint[], %b::bigint[]) AS given (listing_id, newest)
        WHERE v.listing_id = given.listing_id AND v.version <= given.newest - %s
        """,
        (list(newest), list(newest.values()), most),
    )
    return cursor.rowcount


async def prune(db: Db, *, older_than: timedelta, limit: int) -> int:
    """Delete up to ``limit`` versions that gave way longer ago; return how many."""
    cursor = await db.execute(
        """
        DELETE FROM listing_version WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM listing_version WHERE superseded_at < now() - %s::interval LIMIT %s))
        """,
        (older_than, limit),
    )
    return cursor.rowcount


async def sold_since(
    db: Db, listing_ids: Sequence[int], since: Sequence[object]
) -> dict[int, dict[str, int]]:
    """Return the units of listings sold since a moment each, by SKU of the variant.

    Under ``""`` stands the sum of the listing. Cancelled lines do not count.
    """
    cursor = await db.execute(
        """
        SELECT e.listing_id, i.variant_key, sum(o.quantity)::bigint
        FROM unnest(%b::bigint[], %b::timestamptz[]) AS given (listing_id, since)
        JOIN ebay_listing e ON e.listing_id = given.listing_id
        JOIN ebay_order_line o ON o.ebay_listing_id = e.id AND o.sold_at >= given.since
        LEFT JOIN ebay_item i ON i.id = o.ebay_item_id
        WHERE NOT o.cancelled
        GROUP BY e.listing_id, i.variant_key
        """,
        (list(listing_ids), list(since)),
    )
    by_listing: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for listing_id, variant, units in await cursor.fetchall():
        by_listing[listing_id][""] += units
        if variant:
            by_listing[listing_id][variant] += units
    return {listing_id: dict(units) for listing_id, units in by_listing.items()}
