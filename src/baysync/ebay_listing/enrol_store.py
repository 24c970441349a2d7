"""SQL of enrolment: the rows and the names under which listings are sold."""

from collections.abc import Sequence

import msgspec
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.ebay_listing.model import Enrolled, Enrolment, Item


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


async def name_items(db: Db, items: Sequence[Item]) -> list[int]:
    """Give eBay listings their items; return those that have them now.

    An ``ebay_sku`` that another listing of the account has already is passed over.
    """
    cursor = await db.execute(
        """
        INSERT INTO ebay_item (ebay_listing_id, account_id, variant_key, ebay_sku)
        SELECT r.ebay_listing_id, e.account_id, r.variant_key, r.ebay_sku
        FROM jsonb_to_recordset(%(rows)s::jsonb)
            AS r(ebay_listing_id bigint, variant_key text, ebay_sku text)
        JOIN ebay_listing e ON e.id = r.ebay_listing_id
        ORDER BY e.account_id, r.ebay_sku
        ON CONFLICT DO NOTHING
        RETURNING ebay_listing_id
        """,
        {"rows": msgspec.json.encode(items).decode()},
    )
    return [row[0] for row in await cursor.fetchall()]
