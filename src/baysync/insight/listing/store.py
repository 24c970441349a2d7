"""SQL of one listing: what the shop wants of it, and how it stands on eBay; writes nothing."""

from psycopg import sql
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.db.rows import opened_row
from baysync.insight.condition_store import IS_ACTIVE, IS_OPEN, PAUSED_KIND, STOPPED_BY
from baysync.insight.listing.model import Exposed, ListingHead, SoldItem, Standing, StoredDocuments

STANDING = sql.SQL("""
    SELECT e.id, l.sku, a.name AS account, a.environment, e.marketplace, l.status, l.version,
        l.projected_version >= l.version AS projected,
        e.lifecycle_state, e.external_item_id, e.published_at,
        left(encode(e.desired_hash, 'hex'), 12) AS desired,
        left(encode(e.published_hash, 'hex'), 12) AS published,
        e.blocked_reason, e.blocked_scope, e.blocked_detail, e.recheck_at, e.verify_at,
        q.intent || ' ' || q.status AS change,
        CASE WHEN e.revisions_until > now() THEN e.revisions_used ELSE 0 END AS revisions,
        CASE WHEN q.status = 'pending' AND q.last_outcome = 'capped' THEN q.run_at END
            AS capped_until,
        CASE WHEN q.status = 'pending' AND q.run_at > now() THEN q.run_at END AS due_at,
        {stopped_by} AS paused,
        {paused_kind} AS paused_kind,
        (SELECT count(*) FROM ebay_failed_event d
         WHERE d.ebay_listing_id = e.id AND {is_open}) AS dead,
        coalesce(s.units_sold, 0) AS sold, s.last_sold_at
    FROM listing l
    JOIN ebay_listing e ON e.listing_id = l.id
    JOIN account a ON a.id = e.account_id
    LEFT JOIN ebay_change_queue q
        ON q.ebay_listing_id = e.id AND {is_active}
    LEFT JOIN v_sold s ON s.ebay_listing_id = e.id
    WHERE l.sku = %(sku)s
    ORDER BY e.id
""").format(stopped_by=STOPPED_BY, paused_kind=PAUSED_KIND, is_open=IS_OPEN, is_active=IS_ACTIVE)


async def head(db: Db, sku: str) -> ListingHead | None:
    """Return the listing of a SKU, or None."""
    cursor = db.cursor(row_factory=opened_row(ListingHead, "body"))
    await cursor.execute(
        """
        SELECT id, sku, title, status, source, version, body, created_at, updated_at,
            projected_version < version AS unprojected
        FROM listing WHERE sku = %s
        """,
        (sku,),
    )
    return await cursor.fetchone()


async def standing(db: Db, sku: str) -> list[Standing]:
    """Return how each eBay listing of ``sku`` stands, by id; empty when there is none."""
    cursor = db.cursor(row_factory=class_row(Standing))
    await cursor.execute(
        STANDING,
        {"sku": sku},
    )
    return await cursor.fetchall()


async def documents(db: Db, ebay_listing_id: int) -> StoredDocuments:
    """Return what is wanted of an eBay listing and what eBay is known to show."""
    cursor = db.cursor(row_factory=opened_row(StoredDocuments, "desired", "published"))
    await cursor.execute(
        """
        SELECT desired_blob AS desired, published_blob AS published
        FROM ebay_listing WHERE id = %s
        """,
        (ebay_listing_id,),
    )
    return (await cursor.fetchall())[0]


async def items(db: Db, ebay_listing_id: int) -> list[SoldItem]:
    """Return what an ebay listing sells: one item, or one for each variant it ever had."""
    cursor = db.cursor(row_factory=class_row(SoldItem))
    await cursor.execute(
        """
        SELECT i.variant_key, i.ebay_sku, i.offer_id,
            (SELECT coalesce(sum(o.quantity), 0)::int FROM ebay_order_line o
             WHERE o.ebay_listing_id = i.ebay_listing_id AND o.ebay_item_id = i.id
                AND NOT o.cancelled) AS units_sold
        FROM ebay_item i WHERE i.ebay_listing_id = %s ORDER BY i.id
        """,
        (ebay_listing_id,),
    )
    return await cursor.fetchall()


async def warnings(db: Db, ebay_listing_id: int) -> list[dict[str, object]]:
    """Return what eBay remarked on the last that was sent for an ebay listing."""
    cursor = await db.execute(
        """
        SELECT warning.value FROM (
            SELECT warnings FROM ebay_sync_log
            WHERE ebay_listing_id = %s AND jsonb_array_length(steps) > 0
            ORDER BY created_at DESC LIMIT 1) AS last
        CROSS JOIN jsonb_array_elements(last.warnings) AS warning
        """,
        (ebay_listing_id,),
    )
    return [row[0] for row in await cursor.fetchall()]


async def exposures(db: Db, ebay_listing_id: int) -> list[Exposed]:
    """Return what of an ebay listing was for sale twice within a day, or is, newest first."""
    cursor = db.cursor(row_factory=class_row(Exposed))
    await cursor.execute(
        """
        SELECT ebay_sku, units, since, taken_back_at FROM ebay_exposure
        WHERE ebay_listing_id = %s
            AND (taken_back_at IS NULL OR found_at > now() - interval '1 day')
        ORDER BY found_at DESC LIMIT 10
        """,
        (ebay_listing_id,),
    )
    return await cursor.fetchall()
