"""SQL of the sales ledger: what was sold, and how far orders are read."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from baysync.db.connection import Db
from baysync.orders.model import KeptLine, OrderLineRow, Poll, ReadPosition, Sale, UnitsSold

# What was sold where stays as it was first told; what became of the order is as of its last change.
INGEST = """
    INSERT INTO ebay_order_line AS o (account_id, order_id, line_item_id, sku, external_item_id,
        marketplace, quantity, total, currency, payment_status, cancel_state, cancelled, sold_at,
        modified_at)
    SELECT %(account)s, r.order_id, r.line_item_id, r.sku, r.external_item_id, r.marketplace,
        r.quantity, r.total, r.currency, r.payment_status, r.cancel_state, r.cancelled,
        coalesce(r.ordered_at, r.modified_at, now()), r.modified_at
    FROM jsonb_to_recordset(%(lines)s) AS r (order_id text, line_item_id text, sku text,
        external_item_id text, marketplace text, quantity integer, total numeric, currency text,
        payment_status text, cancel_state text, cancelled boolean, ordered_at timestamptz,
        modified_at timestamptz)
    ORDER BY 13, r.order_id, r.line_item_id
    ON CONFLICT (account_id, order_id, line_item_id) DO UPDATE
    SET sku = coalesce(o.sku, excluded.sku),
        external_item_id = coalesce(o.external_item_id, excluded.external_item_id),
        marketplace = coalesce(o.marketplace, excluded.marketplace),
        quantity = excluded.quantity, total = excluded.total, currency = excluded.currency,
        payment_status = excluded.payment_status, cancel_state = excluded.cancel_state,
        cancelled = excluded.cancelled, modified_at = excluded.modified_at
    WHERE coalesce(excluded.modified_at, 'infinity') >= coalesce(o.modified_at, '-infinity')
        AND (o.quantity, o.total, o.currency, o.payment_status, o.cancel_state, o.cancelled,
            o.modified_at) IS DISTINCT FROM (excluded.quantity, excluded.total,
            excluded.currency, excluded.payment_status, excluded.cancel_state,
            excluded.cancelled, excluded.modified_at)
    RETURNING o.xmax = 0 AS is_new, o.quantity, o.cancelled
"""
# By SKU, which names one item for life; else by the listing id, which names one listing.
LINK = """
    UPDATE ebay_order_line AS o
    SET ebay_listing_id = found.ebay_listing_id, ebay_item_id = found.ebay_item_id
    FROM (
        SELECT n.id, coalesce(i.ebay_listing_id, e.id) AS ebay_listing_id,
            coalesce(i.id, alone.id) AS ebay_item_id
        FROM ebay_order_line n
        LEFT JOIN ebay_item i ON i.account_id = n.account_id AND i.ebay_sku = n.sku
        LEFT JOIN ebay_listing e ON i.id IS NULL AND e.account_id = n.account_id
            AND e.external_item_id = n.external_item_id
        LEFT JOIN LATERAL (
            SELECT min(x.id) AS id FROM ebay_item x WHERE x.ebay_listing_id = e.id
            HAVING count(*) = 1) alone ON true
        WHERE n.account_id = %(account)s AND n.ebay_listing_id IS NULL
            AND (%(orders)s::text[] IS NULL OR n.order_id = ANY(%(orders)s::text[]))
            AND coalesce(i.id, e.id) IS NOT NULL
    ) AS found
    WHERE o.id = found.id
"""


async def ingest(db: Db, account_id: int, lines: Sequence[OrderLineRow]) -> list[KeptLine]:
    """Keep lines of orders, each of them once; return those that said something new.

    What is older than what is known changes nothing.
    """
    cursor = db.cursor(row_factory=class_row(KeptLine))
    rows = Jsonb(msgspec.to_builtins(lines))
    await cursor.execute(INGEST, {"account": account_id, "lines": rows})
    return await cursor.fetchall()


async def link(db: Db, account_id: int, order_ids: Sequence[str] | None = None) -> int:
    """Say of lines which eBay listing and item they sold, where that is known; return of how many.

    ``order_ids`` None looks at all lines of the account that have none: their listing may be new.
    """
    orders = None if order_ids is None else list(order_ids)
    cursor = await db.execute(LINK, {"account": account_id, "orders": orders})
    return cursor.rowcount


async def place(db: Db, account_id: int) -> ReadPosition:
    """Return where reading goes on."""
    cursor = db.cursor(row_factory=class_row(ReadPosition))
    await cursor.execute(
        """
        SELECT (SELECT read_to FROM order_poll WHERE account_id = %s), clock_timestamp() AS now
        """,
        (account_id,),
    )
    return (await cursor.fetchall())[0]


async def advance(db: Db, account_id: int, read_to: datetime) -> None:
    """Note that orders are read up to ``read_to``; never goes back."""
    await db.execute(
        """
        INSERT INTO order_poll AS p (account_id, read_to) VALUES (%s, %s)
        ON CONFLICT (account_id) DO UPDATE SET read_to = greatest(p.read_to, excluded.read_to)
        """,
        (account_id, read_to),
    )


async def finish(db: Db, account_id: int, error: str | None) -> None:
    """Note that a poll came to its end, or why it did not."""
    await db.execute(
        """
        INSERT INTO order_poll AS p (account_id, polled_at, error)
        VALUES (%(account)s, CASE WHEN %(error)s::text IS NULL THEN now() END, %(error)s::text)
        ON CONFLICT (account_id) DO UPDATE
        SET polled_at = coalesce(excluded.polled_at, p.polled_at), error = excluded.error
        """,
        {"account": account_id, "error": error},
    )


async def polls(db: Db) -> list[Poll]:
    """Return how far the orders of every account are read, oldest account first."""
    cursor = db.cursor(row_factory=class_row(Poll))
    await cursor.execute(
        """
        SELECT a.name AS account, p.read_to, p.polled_at, p.error
        FROM account a LEFT JOIN order_poll p ON p.account_id = a.id
        ORDER BY a.id
        """
    )
    return await cursor.fetchall()


async def page(
    db: Db, *, sku: str | None, account: str | None, before: int | None, limit: int
) -> list[Sale]:
    """Return up to ``limit`` sales, those read last first; ``before`` goes on after an id.

    ``sku`` is the shop's, or eBay's for what the shop does not know.
    """
    cursor = db.cursor(row_factory=class_row(Sale))
    await cursor.execute(
        """
        SELECT o.id, a.name AS account, o.order_id, o.line_item_id, l.sku,
            nullif(i.variant_key, '') AS variant, o.sku AS ebay_sku, o.external_item_id,
            o.marketplace, o.quantity, o.total, o.currency, o.payment_status, o.cancel_state,
            o.cancelled, o.sold_at, o.modified_at
        FROM ebay_order_line o
        JOIN account a ON a.id = o.account_id
        LEFT JOIN ebay_item i ON i.id = o.ebay_item_id
        LEFT JOIN ebay_listing e ON e.id = o.ebay_listing_id
        LEFT JOIN listing l ON l.id = e.listing_id
        WHERE (%(before)s::bigint IS NULL OR o.id < %(before)s::bigint)
            AND (%(account)s::text IS NULL OR a.name = %(account)s::text)
            AND (%(sku)s::text IS NULL OR o.sku = %(sku)s::text
                OR o.ebay_listing_id = ANY(ARRAY(
                    SELECT x.id FROM listing s JOIN ebay_listing x ON x.listing_id = s.id
                    WHERE s.sku = %(sku)s::text)))
        ORDER BY o.id DESC LIMIT %(limit)s
        """,
        {"sku": sku, "account": account, "before": before, "limit": limit},
    )
    return await cursor.fetchall()


async def sold(db: Db, sku: str) -> list[UnitsSold]:
    """Return what the eBay listings of a SKU have sold; those that sold nothing are left out."""
    cursor = db.cursor(row_factory=class_row(UnitsSold))
    await cursor.execute(
        """
        SELECT a.name AS account, e.marketplace, s.units_sold, s.units_cancelled, s.last_sold_at
        FROM listing l
        JOIN ebay_listing e ON e.listing_id = l.id
        JOIN account a ON a.id = e.account_id
        JOIN v_sold s ON s.ebay_listing_id = e.id
        WHERE l.sku = %s ORDER BY e.id
        """,
        (sku,),
    )
    return await cursor.fetchall()
