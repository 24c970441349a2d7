"""SQL of eBay listings: locks, desired and published documents, doubts, failures, blocks."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from psycopg.errors import LockNotAvailable
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.db.rows import opened_row
from baysync.ebay_listing.model import Block, Desired, Document, EbayItem, Published, Target


async def lock(db: Db, ids: Sequence[int]) -> list[int]:
    """Lock ``ids`` until the transaction ends, in the one order; return those that exist."""
    cursor = await db.execute(
        """
        SELECT id FROM ebay_listing WHERE id = ANY(%(ids)b::bigint[])
        ORDER BY id FOR NO KEY UPDATE
        """,
        {"ids": list(ids)},
    )
    return [row[0] for row in await cursor.fetchall()]


async def lock_free(db: Db, ids: Sequence[int]) -> list[int]:
    """Lock those of ``ids`` that nobody holds, without waiting; return them."""
    cursor = await db.execute(
        """
        SELECT id FROM ebay_listing WHERE id = ANY(%(ids)b::bigint[])
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
        """,
        {"ids": list(ids)},
    )
    return [row[0] for row in await cursor.fetchall()]


async def lock_within(db: Db, ebay_listing_id: int, wait: timedelta) -> bool:
    """Lock one row, waiting for ``wait`` at most; return whether it is ours."""
    await db.execute(
        "SELECT set_config('lock_timeout', %s, true)",
        (f"{wait / timedelta(milliseconds=1):.0f}ms",),
    )
    try:
        async with db.transaction():
            return await lock(db, [ebay_listing_id]) == [ebay_listing_id]
    except LockNotAvailable:
        return False


async def lock_of_listings(db: Db, listing_ids: Sequence[int]) -> list[int]:
    """Lock all eBay listings of ``listing_ids``; return their ids, sorted."""
    cursor = await db.execute(
        """
        SELECT id FROM ebay_listing WHERE listing_id = ANY(%(ids)b::bigint[])
        ORDER BY id FOR NO KEY UPDATE
        """,
        {"ids": list(listing_ids)},
    )
    return [row[0] for row in await cursor.fetchall()]


async def write_desired(db: Db, rows: Sequence[Desired]) -> None:
    """Store what eBay should show; the caller holds the locks and read its inputs under them."""
    await db.execute(
        """
        UPDATE ebay_listing e
        SET desired_hash = r.hash, desired_blob = r.blob,
            desired_projection_version = r.projection_version, wanted_intent = r.intent,
            wanted_urgency = r.urgency, wanted_limit = r.wanted_limit::jsonb,
            inputs_version = r.inputs_version,
            waiting_since = CASE WHEN r.hash IS DISTINCT FROM e.published_hash
                THEN coalesce(e.waiting_since, clock_timestamp()) END
        FROM unnest(
            %(ids)b::bigint[], %(hashes)b::bytea[], %(blobs)b::bytea[],
            %(versions)b::smallint[], %(intents)b::text[], %(urgencies)b::smallint[],
            %(limits)b::text[], %(inputs)b::bigint[]
        ) AS r(id, hash, blob, projection_version, intent, urgency, wanted_limit,
            inputs_version)
        WHERE e.id = r.id
        """,
        {
            "ids": [row.id for row in rows],
            **_documents([row.document for row in rows]),
            "intents": [str(row.intent) for row in rows],
            "urgencies": [int(row.urgency) for row in rows],
            "limits": [row.limit and msgspec.json.encode(row.limit).decode() for row in rows],
            "inputs": [row.inputs_version for row in rows],
        },
    )


async def write_published(db: Db, rows: Sequence[Published]) -> None:
    """Store what eBay is known to show; the caller holds the locks and settles or read it back.

    The doubt that a row's ``clears`` answers is over; one raised meanwhile stays.
    """
    await db.execute(
        """
        UPDATE ebay_listing e
        SET published_hash = r.hash, published_blob = r.blob,
            published_projection_version = r.projection_version,
            published_at = clock_timestamp(),
            waiting_since = CASE WHEN e.desired_hash IS DISTINCT FROM r.hash
                THEN coalesce(e.waiting_since, clock_timestamp()) END,
            lifecycle_state = coalesce(r.lifecycle, e.lifecycle_state),
            external_item_id = coalesce(r.external_item_id, e.external_item_id),
            verify_at = CASE WHEN e.verify_at <= r.clears THEN NULL ELSE e.verify_at END,
            verified_at = CASE WHEN r.clears IS NULL THEN e.verified_at
                               ELSE clock_timestamp() END
        FROM unnest(
            %(ids)b::bigint[], %(hashes)b::bytea[], %(blobs)b::bytea[],
            %(versions)b::smallint[], %(lifecycles)b::text[], %(external)b::text[],
            %(clears)b::timestamptz[]
        ) AS r(id, hash, blob, projection_version, lifecycle, external_item_id, clears)
        WHERE e.id = r.id
        """,
        {
            "ids": [row.id for row in rows],
            **_documents([row.document for row in rows]),
            "lifecycles": [row.lifecycle and str(row.lifecycle) for row in rows],
            "external": [row.external_item_id for row in rows],
            "clears": [row.clears for row in rows],
        },
    )


def _documents(documents: Sequence[Document | None]) -> dict[str, list[object]]:
    return {
        "hashes": [document and document.hash for document in documents],
        "blobs": [document and document.packed for document in documents],
        "versions": [document and document.projection_version for document in documents],
    }


async def read_targets(db: Db, ids: Sequence[int]) -> list[Target]:
    """Return what a publisher must know about ``ids``, sorted by id; unlocked, as committed now."""
    cursor = db.cursor(row_factory=opened_row(Target, "desired_blob", "published_blob"))
    await cursor.execute(
        """
        SELECT e.id, e.listing_id, e.account_id, e.marketplace, l.sku,
            e.desired_hash, e.desired_blob, e.published_hash, e.published_blob,
            e.lifecycle_state, e.external_item_id, e.group_key, e.blocked_scope, e.wanted_limit,
            e.verify_at, coalesce(e.verify_at <= now(), false) AS verify_due,
            now() - e.published_at AS learnt_ago,
            CASE WHEN e.revisions_until > now() THEN e.revisions_used ELSE 0 END AS revisions_used,
            CASE WHEN e.revisions_until > now() THEN e.revisions_until
                ELSE (date_trunc('day', now() AT TIME ZONE 'America/Los_Angeles')
                    + interval '1 day') AT TIME ZONE 'America/Los_Angeles' END - now()
                AS day_ends_in
        FROM ebay_listing e
        JOIN listing l ON l.id = e.listing_id
        WHERE e.id = ANY(%(ids)b::bigint[])
        ORDER BY e.id
        """,
        {"ids": list(ids)},
    )
    return await cursor.fetchall()


async def read_items(db: Db, ids: Sequence[int]) -> list[EbayItem]:
    """Return what is known of the items of ``ids``; unlocked, as committed now."""
    cursor = db.cursor(row_factory=class_row(EbayItem))
    await cursor.execute(
        """
        SELECT i.id, i.ebay_listing_id, i.variant_key, i.ebay_sku AS sku, i.offer_id, i.item_hash,
            i.offer_hash, i.quantity, i.sold_quantity, i.pushed_quantity, i.sold_at_push,
            e.external_item_id AS listing_id
        FROM ebay_item i JOIN ebay_listing e ON e.id = i.ebay_listing_id
        WHERE i.ebay_listing_id = ANY(%(ids)b::bigint[])
        ORDER BY i.ebay_listing_id, i.id
        """,
        {"ids": list(ids)},
    )
    return await cursor.fetchall()


async def set_verify(db: Db, ids: Sequence[int], after: timedelta) -> None:
    """Note that what eBay shows for ``ids`` is in doubt and must be read back after ``after``.

    Doubt only grows: a later time that is stored already stays. The caller holds the locks.
    """
    await db.execute(
        """
        UPDATE ebay_listing SET verify_at = greatest(verify_at, clock_timestamp() + %(after)s)
        WHERE id = ANY(%(ids)b::bigint[])
        """,
        {"ids": list(ids), "after": after},
    )


async def set_failing(db: Db, ids: Sequence[int]) -> None:
    """Note that ``ids`` fail, from their first failure on. The caller holds the locks."""
    await db.execute(
        """
        UPDATE ebay_listing SET failing_since = coalesce(failing_since, clock_timestamp())
        WHERE id = ANY(%(ids)b::bigint[])
        """,
        {"ids": list(ids)},
    )


async def set_clean(db: Db, ids: Sequence[int]) -> None:
    """Forget the failures of ``ids``. The caller holds the locks."""
    await db.execute(
        """
        UPDATE ebay_listing SET failing_since = NULL
        WHERE id = ANY(%(ids)b::bigint[]) AND failing_since IS NOT NULL
        """,
        {"ids": list(ids)},
    )


async def block(db: Db, rows: Sequence[Block]) -> None:
    """Store why rows are not sent, in place of an earlier reason. The caller holds the locks."""
    await db.execute(
        """
        UPDATE ebay_listing e
        SET blocked_reason = r.reason, blocked_scope = r.scope, blocked_detail = r.detail,
            recheck_at = clock_timestamp() + r.recheck_after
        FROM jsonb_to_recordset(%(rows)s::jsonb)
            AS r(id bigint, reason text, scope text, detail jsonb, recheck_after interval)
        WHERE e.id = r.id
        """,
        {"rows": msgspec.json.encode(rows).decode()},
    )


async def unblock(db: Db, ids: Sequence[int], *, reasons: Sequence[str] | None = None) -> list[int]:
    """Remove the block of ``ids``, if its reason is one of ``reasons``; return those that had it.

    The caller holds the locks.
    """
    cursor = await db.execute(
        """
        UPDATE ebay_listing
        SET blocked_reason = NULL, blocked_scope = NULL, blocked_detail = NULL, recheck_at = NULL
        WHERE id = ANY(%(ids)b::bigint[]) AND blocked_reason IS NOT NULL
            AND (%(reasons)s::text[] IS NULL OR blocked_reason = ANY(%(reasons)s::text[]))
        RETURNING id
        """,
        {"ids": list(ids), "reasons": None if reasons is None else list(reasons)},
    )
    return sorted([row[0] for row in await cursor.fetchall()])
