"""SQL of enrolment: the rows and the names under which listings are sold."""

from collections.abc import Sequence

import msgspec
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.ebay_listing.model import Enrolled, Enrolment, NamedItem, Nameless, SellableItem


async def enrol(db: Db, rows: Sequence[Enrolment]) -> list[Enrolled]:
    """Make the rows that are missing, without their items; return only the new ones.

    The caller holds the locks of the listings, so that nobody else enrols them.
    """
    cursor = db.cursor(row_factory=class_row(Enrolled))
    await cursor.execute(
        """
        INSERT INTO ebay_listing (listing_id, account_id, marketplace)
        SELECT r.listing_id, r.account_id, r.marketplace
        FROM jsonb_to_recordset(%(rows)s::jsonb)
            AS r(listing_id bigint, account_id bigint, marketplace text)
        ORDER BY r.listing_id, r.account_id, r.marketplace
        ON CONFLICT (listing_id, account_id, marketplace) DO NOTHING
        RETURNING id, listing_id, account_id, marketplace
        """,
        {"rows": msgspec.json.encode(rows).decode()},
    )
    return await cursor.fetchall()


async def nameless(db: Db, sold: Sequence[SellableItem]) -> list[Nameless]:
    """Return the items that eBay listings of ``sold`` lack; under the locks of the listings."""
    cursor = db.cursor(row_factory=class_row(Nameless))
    await cursor.execute(
        """
        SELECT e.id AS ebay_listing_id, e.marketplace, l.sku, r.key,
            coalesce((convert_from(d.body, 'UTF8')::jsonb -> 'plain_skus')::boolean, false) AS plain
        FROM jsonb_to_recordset(%(rows)s::jsonb)
            AS r(listing_id bigint, key text, grouped_only boolean)
        JOIN ebay_listing e ON e.listing_id = r.listing_id
        JOIN listing l ON l.id = e.listing_id
        LEFT JOIN account_default d USING (account_id, marketplace)
        LEFT JOIN ebay_item i ON i.ebay_listing_id = e.id AND i.variant_key = r.key
        WHERE i.id IS NULL AND (NOT r.grouped_only OR e.group_key IS NOT NULL)
        ORDER BY e.id, r.key
        """,
        {"rows": msgspec.json.encode(sold).decode()},
    )
    return await cursor.fetchall()


async def name_groups(db: Db, items: Sequence[NamedItem]) -> None:
    """Give eBay listings of variants the name of their group, for life."""
    await db.execute(
        """
        UPDATE ebay_listing e SET group_key = r.group_key
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(ebay_listing_id bigint, group_key text)
        WHERE e.id = r.ebay_listing_id AND e.group_key IS NULL AND r.group_key IS NOT NULL
        """,
        {"rows": msgspec.json.encode(items).decode()},
    )


async def held(db: Db, items: Sequence[NamedItem]) -> set[tuple[int, str]]:
    """Return (eBay listing, key) of the items that eBay held when their account was connected."""
    cursor = await db.execute(
        """
        SELECT r.ebay_listing_id, r.variant_key
        FROM jsonb_to_recordset(%(rows)s::jsonb)
            AS r(ebay_listing_id bigint, variant_key text, ebay_sku text)
        JOIN ebay_listing e ON e.id = r.ebay_listing_id
        JOIN surveyed_document s ON s.account_id = e.account_id
            AND s.kind = 'item' AND s.name = lower(r.ebay_sku)
        """,
        {"rows": msgspec.json.encode(items).decode()},
    )
    return set(await cursor.fetchall())


async def name_items(db: Db, items: Sequence[NamedItem]) -> list[tuple[int, str]]:
    """Give eBay listings their items; return (eBay listing, key) of those that are new.

    An ``ebay_sku`` that another listing of the account has already is passed over.
    """
    cursor = await db.execute(
        """
        INSERT INTO ebay_item (ebay_listing_id, account_id, variant_key, ebay_sku)
        SELECT r.ebay_listing_id, e.account_id, r.variant_key, r.ebay_sku
        FROM jsonb_to_recordset(%(rows)s::jsonb)
            AS r(ebay_listing_id bigint, variant_key text, ebay_sku text)
        JOIN ebay_listing e ON e.id = r.ebay_listing_id
        ORDER BY e.account_id, r.ebay_sku, e.marketplace
        ON CONFLICT DO NOTHING
        RETURNING ebay_listing_id, variant_key
        """,
        {"rows": msgspec.json.encode(items).decode()},
    )
    return await cursor.fetchall()
