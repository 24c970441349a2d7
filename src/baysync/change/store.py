"""SQL of change detection: what is known under the locks, what is wanted, who must be looked at."""

from collections.abc import Sequence

import msgspec
from psycopg.rows import class_row

from baysync.change.model import Active, EnrolledPlace, KnownEbayListing, Wanted
from baysync.db.connection import Db
from baysync.db.rows import opened_row
from baysync.ebay_listing.model import Document


async def enrolled(db: Db, listing_ids: Sequence[int]) -> list[EnrolledPlace]:
    """Return where listings are sold already; the caller holds the locks of the listings."""
    cursor = db.cursor(row_factory=class_row(EnrolledPlace))
    await cursor.execute(
        """
        SELECT listing_id, account_id, marketplace FROM ebay_listing
        WHERE listing_id = ANY(%b::bigint[])
        """,
        (list(listing_ids),),
    )
    return await cursor.fetchall()


async def weights(db: Db, listing_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return listings in the given order, each with what it weighs (``pace``)."""
    if not listing_ids:
        return []
    cursor = await db.execute(
        """
        SELECT l.id, (1 + cardinality(l.variant_skus)) * greatest(1, places.total)
        FROM unnest(%b::bigint[]) WITH ORDINALITY AS given (id, position)
        JOIN listing l USING (id)
        CROSS JOIN (SELECT count(*) AS total FROM account_default) AS places
        ORDER BY given.position
        """,
        (list(listing_ids),),
    )
    return await cursor.fetchall()


async def known(db: Db, ids: Sequence[int]) -> list[KnownEbayListing]:
    """Return ebay listings with the defaults of their accounts, as committed now.

    Only under the locks of ``ids`` and in a statement after the one that took them.
    """
    cursor = db.cursor(row_factory=opened_row(KnownEbayListing, "published_blob"))
    await cursor.execute(
        """
        SELECT e.id, e.listing_id, e.account_id, e.marketplace, e.desired_hash,
            e.desired_projection_version, e.published_hash, e.published_blob,
            e.published_projection_version, e.wanted_intent, e.wanted_urgency, e.wanted_limit,
            e.inputs_version, e.lifecycle_state, e.blocked_reason, e.blocked_scope,
            e.blocked_detail, e.verify_at IS NOT NULL AS in_doubt,
            d.body AS defaults,
            coalesce(d.version + d.reference_version, 0) AS defaults_version,
            d.body IS NULL AND EXISTS (
                SELECT FROM account_default o JOIN account a ON a.id = o.account_id
                WHERE o.marketplace = e.marketplace AND a.state = 'connected') AS elsewhere
        FROM ebay_listing e
        LEFT JOIN account_default d
            ON d.account_id = e.account_id AND d.marketplace = e.marketplace
        WHERE e.id = ANY(%b::bigint[])
        ORDER BY e.id
        """,
        (list(ids),),
    )
    return await cursor.fetchall()


async def edited(db: Db, listing_ids: Sequence[int]) -> set[int]:
    """Return the listings that were edited since they were projected; a mark alone is no edit."""
    cursor = await db.execute(
        """
        SELECT id FROM listing
        WHERE id = ANY(%b::bigint[]) AND 0 < projected_version AND projected_version < version
        """,
        (list(listing_ids),),
    )
    return {row[0] for row in await cursor.fetchall()}


async def write(db: Db, rows: Sequence[Wanted]) -> None:
    """Store decisions about ebay listings; the caller holds their locks."""
    documents = [row.document for row in rows]
    await db.execute(
        """
        UPDATE ebay_listing e
        SET desired_hash = r.hash, desired_blob = r.blob,
            desired_projection_version = r.projection_version, wanted_intent = r.intent,
            wanted_urgency = r.urgency, wanted_limit = r.wanted_limit::jsonb,
            inputs_version = r.inputs_version, lifecycle_state = r.state,
            blocked_reason = r.reason, blocked_scope = r.scope,
            blocked_detail = r.detail::jsonb,
            recheck_at = CASE WHEN r.reason = e.blocked_reason THEN e.recheck_at
                ELSE clock_timestamp() + r.recheck_after END,
            waiting_since = CASE WHEN r.hash IS DISTINCT FROM e.published_hash
                THEN coalesce(e.waiting_since,
                    (SELECT coalesce(l.unprojected_since, l.updated_at) FROM listing l
                     WHERE l.id = e.listing_id AND l.projected_version < l.version),
                    clock_timestamp()) END
        FROM unnest(
            %(ids)b::bigint[], %(hashes)b::bytea[], %(blobs)b::bytea[],
            %(versions)b::smallint[], %(intents)b::text[], %(urgencies)b::smallint[],
            %(limits)b::text[], %(inputs)b::bigint[], %(states)b::text[], %(reasons)b::text[],
            %(scopes)b::text[], %(details)b::text[], %(rechecks)b::interval[]
        ) AS r(id, hash, blob, projection_version, intent, urgency, wanted_limit,
            inputs_version, state, reason, scope, detail, recheck_after)
        WHERE e.id = r.id
        """,
        {
            "ids": [row.id for row in rows],
            "hashes": [document and document.hash for document in documents],
            "blobs": [document and document.packed for document in documents],
            "versions": [document and document.projection_version for document in documents],
            "intents": [row.intent for row in rows],
            "urgencies": [row.urgency for row in rows],
            "limits": [_json(row.limit) for row in rows],
            "inputs": [row.inputs_version for row in rows],
            "states": [row.lifecycle_state for row in rows],
            "reasons": [row.blocked_reason for row in rows],
            "scopes": [row.blocked_scope for row in rows],
            "details": [_json(row.blocked_detail) for row in rows],
            "rechecks": [row.recheck_after for row in rows],
        },
    )


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


async def active(db: Db, ids: Sequence[int]) -> list[Active]:
    """Return the change of each of ``ids`` that waits or is in flight."""
    cursor = db.cursor(row_factory=class_row(Active))
    await cursor.execute(
        """
        SELECT ebay_listing_id, status, payload_hash FROM ebay_change_queue
        WHERE ebay_listing_id = ANY(%b::bigint[]) AND status IN ('pending', 'processing')
        """,
        (list(ids),),
    )
    return await cursor.fetchall()


async def respell_published(db: Db, rows: Sequence[tuple[int, Document]]) -> None:
    """Store published documents as a newer program spells them; eBay holds what it held."""
    documents = [document for _, document in rows]
    await db.execute(
        """
        UPDATE ebay_listing e
        SET published_hash = r.hash, published_blob = r.blob,
            published_projection_version = r.projection_version,
            waiting_since = CASE WHEN e.desired_hash IS DISTINCT FROM r.hash
                THEN coalesce(e.waiting_since, clock_timestamp()) END
        FROM unnest(
            %(ids)b::bigint[], %(hashes)b::bytea[], %(blobs)b::bytea[],
            %(versions)b::smallint[]
        ) AS r(id, hash, blob, projection_version)
        WHERE e.id = r.id
        """,
        {
            "ids": [ebay_listing_id for ebay_listing_id, _ in rows],
            "hashes": [document.hash for document in documents],
            "blobs": [document.packed for document in documents],
            "versions": [document.projection_version for document in documents],
        },
    )


async def respell_letters(db: Db, rows: Sequence[tuple[int, bytes, bytes]]) -> None:
    """Let open dead letters (ebay listing, digest before, digest now) name the new digest."""
    await db.execute(
        """
        UPDATE ebay_failed_event f SET payload_hash = r.now
        FROM unnest(%(ids)b::bigint[], %(before)b::bytea[], %(now)b::bytea[])
            AS r(id, before, now)
        WHERE f.ebay_listing_id = r.id AND f.payload_hash = r.before AND f.resolved_at IS NULL
        """,
        {
            "ids": [row[0] for row in rows],
            "before": [row[1] for row in rows],
            "now": [row[2] for row in rows],
        },
    )


async def without_row(db: Db, account_id: int, *, after: int, limit: int) -> list[int]:
    """Return active listings, by id, that an account could sell where they have no row yet."""
    cursor = await db.execute(
        """
        SELECT l.id FROM listing l
        WHERE l.id > %(after)s AND l.status = 'active' AND EXISTS (
            SELECT FROM account_default d
            WHERE d.account_id = %(account)s AND NOT EXISTS (
                SELECT FROM ebay_listing e
                WHERE e.listing_id = l.id AND e.account_id = d.account_id
                    AND e.marketplace = d.marketplace))
        ORDER BY l.id LIMIT %(limit)s
        """,
        {"after": after, "account": account_id, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def stale(db: Db, *, after: int, limit: int) -> list[int]:
    """Return listings, by id, projected with other defaults or reference data than there are.

    Those are older ones, and any where the account has left the marketplace since.
    """
    cursor = await db.execute(
        """
        SELECT DISTINCT e.listing_id
        FROM ebay_listing e
        LEFT JOIN account_default d
            ON d.account_id = e.account_id AND d.marketplace = e.marketplace
        WHERE e.listing_id > %(after)s AND CASE
            WHEN d.body IS NULL THEN e.inputs_version > 0
            ELSE e.inputs_version < d.version + d.reference_version END
        ORDER BY e.listing_id LIMIT %(limit)s
        """,
        {"after": after, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def dated(db: Db, *, after: int, limit: int) -> list[int]:
    """Return listings, by id, of which a sale price begins or ends."""
    cursor = await db.execute(
        """
        SELECT id FROM listing WHERE id > %s AND reproject_at IS NOT NULL ORDER BY id LIMIT %s
        """,
        (after, limit),
    )
    return [row[0] for row in await cursor.fetchall()]


async def outdated(db: Db, *, version: int, after: int, limit: int) -> list[int]:
    """Return listings, by id, with a document that is not spelled as ``version`` spells it.

    Or with one that an older program published: nobody wrote down whose its leaves are.
    """
    cursor = await db.execute(
        """
        SELECT DISTINCT listing_id FROM ebay_listing e
        WHERE listing_id > %(after)s AND (
            desired_projection_version <> %(version)s
            OR published_projection_version <> %(version)s
            OR (NOT EXISTS (SELECT FROM ebay_document d WHERE d.ebay_listing_id = e.id)
                AND EXISTS (SELECT FROM ebay_item i
                    WHERE i.ebay_listing_id = e.id AND (e.verify_at IS NOT NULL
                        OR i.offer_id IS NOT NULL OR i.item_hash IS NOT NULL
                        OR i.quantity IS NOT NULL))))
        ORDER BY listing_id LIMIT %(limit)s
        """,
        {"after": after, "version": version, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def blocked(db: Db, reason: str | None, *, after: int, limit: int) -> list[int]:
    """Return listings, by id, that are blocked for ``reason`` somewhere; all with None."""
    cursor = await db.execute(
        """
        SELECT l.id FROM listing l
        WHERE l.id > %(after)s AND (%(reason)s::text IS NULL OR EXISTS (
            SELECT FROM ebay_listing e
            WHERE e.listing_id = l.id AND e.blocked_reason = %(reason)s::text))
        ORDER BY l.id LIMIT %(limit)s
        """,
        {"after": after, "reason": reason, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]
