"""SQL of dead letters. A dead change is never touched again; its letter is closed."""

from collections.abc import Sequence

import msgspec
from psycopg import sql
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.queue.model import Closed, Letter, Resolution, Selection

# The condition that a selection is, on letters d of listings l of accounts a.
SELECTED = sql.SQL("""
    (%(ids)b::bigint[] IS NULL OR d.id = ANY(%(ids)b::bigint[]))
    AND (%(sku)s::text IS NULL OR l.sku = %(sku)s)
    AND (%(account)s::text IS NULL OR a.name = %(account)s)
    AND (%(marketplace)s::text IS NULL OR e.marketplace = %(marketplace)s)
    AND (%(verdict)s::text IS NULL OR d.verdict = %(verdict)s)
    AND (%(error_id)s::bigint IS NULL OR d.errors @> jsonb_build_array(
        jsonb_build_object('error_id', %(error_id)s::bigint)))
""")


async def open(db: Db, rows: Sequence[Letter]) -> list[int]:  # noqa: A001 -- dead_store.open reads well
    """Write the letters of changes that were settled dead; return their ids.

    An open letter about the same hash is superseded: each dead change keeps a letter of its own.
    The caller holds the locks of the eBay listings.
    """
    arguments = {
        "queue_ids": [row.queue_id for row in rows],
        "hashes": [row.payload_hash for row in rows],
        "verdicts": [row.verdict for row in rows],
        "errors": [msgspec.json.encode(row.errors).decode() for row in rows],
    }
    await db.execute(
        """
        UPDATE ebay_failed_event d SET resolved_at = clock_timestamp(), resolution = 'superseded'
        FROM unnest(%(queue_ids)b::bigint[], %(hashes)b::bytea[]) AS r(queue_id, payload_hash)
        JOIN ebay_change_queue q ON q.id = r.queue_id
        WHERE d.ebay_listing_id = q.ebay_listing_id AND d.resolved_at IS NULL
            AND d.payload_hash IS NOT DISTINCT FROM r.payload_hash
        """,
        {name: arguments[name] for name in ("queue_ids", "hashes")},
    )
    cursor = await db.execute(
        """
        INSERT INTO ebay_failed_event
            (queue_id, ebay_listing_id, account_id, payload_hash, verdict, errors, attempts)
        SELECT q.id, q.ebay_listing_id, q.account_id, r.payload_hash, r.verdict, r.errors::jsonb,
            q.attempts
        FROM unnest(%(queue_ids)b::bigint[], %(hashes)b::bytea[], %(verdicts)b::text[],
            %(errors)b::text[]) AS r(queue_id, payload_hash, verdict, errors)
        JOIN ebay_change_queue q ON q.id = r.queue_id
        ORDER BY q.ebay_listing_id
        RETURNING id
        """,
        arguments,
    )
    return [row[0] for row in await cursor.fetchall()]


async def close_all(db: Db, ebay_listing_ids: Sequence[int], resolution: Resolution) -> list[int]:
    """Close every open letter of these eBay listings, whose locks the caller holds; return them."""
    cursor = await db.execute(
        """
        UPDATE ebay_failed_event
        SET resolved_at = clock_timestamp(), resolution = %(resolution)s
        WHERE ebay_listing_id = ANY(%(ids)b::bigint[]) AND resolved_at IS NULL
        RETURNING id
        """,
        {"ids": list(ebay_listing_ids), "resolution": resolution},
    )
    return [row[0] for row in await cursor.fetchall()]


async def close(db: Db, letter_ids: Sequence[int], resolution: Resolution) -> list[Closed]:
    """Close those of ``letter_ids`` that are open; return them.

    ``current`` says that a letter is about what is wanted today. The caller holds the locks of
    the eBay listings.
    """
    cursor = db.cursor(row_factory=class_row(Closed))
    await cursor.execute(
        """
        UPDATE ebay_failed_event d
        SET resolved_at = clock_timestamp(), resolution = %(resolution)s
        FROM ebay_listing e JOIN listing l ON l.id = e.listing_id
        WHERE d.id = ANY(%(ids)b::bigint[]) AND d.resolved_at IS NULL
            AND e.id = d.ebay_listing_id
        RETURNING d.id, d.ebay_listing_id, l.sku,
            d.payload_hash IS NOT DISTINCT FROM e.desired_hash AS current
        """,
        {"ids": list(letter_ids), "resolution": resolution},
    )
    return await cursor.fetchall()


async def match(db: Db, selection: Selection) -> list[tuple[int, int]]:
    """Return (letter, eBay listing) of all open letters that ``selection`` means, by listing."""
    cursor = await db.execute(
        sql.SQL("""
        SELECT d.id, d.ebay_listing_id
        FROM ebay_failed_event d
        JOIN ebay_listing e ON e.id = d.ebay_listing_id
        JOIN listing l ON l.id = e.listing_id
        JOIN account a ON a.id = d.account_id
        WHERE d.resolved_at IS NULL
            AND {selected}
        ORDER BY d.ebay_listing_id, d.id
        """).format(selected=SELECTED),
        arguments(selection),
    )
    return await cursor.fetchall()


def arguments(selection: Selection) -> dict[str, object]:
    """Return the values of ``SELECTED``."""
    return {
        "ids": list(selection.ids) or None,
        "sku": selection.sku,
        "account": selection.account,
        "marketplace": selection.marketplace,
        "verdict": selection.verdict,
        "error_id": selection.error_id,
    }
