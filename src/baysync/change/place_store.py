"""SQL of where an account sells: what is there, what would be offered, what would end."""

from dataclasses import dataclass

import msgspec
from psycopg.rows import class_row

from baysync.account.model import Defaults
from baysync.base.packing import opened
from baysync.db.connection import Db
from baysync.listing import body

PAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceCounts:
    """One marketplace of an account, and how many listings stand how there.

    ``sells`` is False where the account has left it and something is still to end.
    """

    marketplace: str
    sells: bool
    live: int
    blocked: int
    queued: int


async def counts(db: Db, account_id: int) -> list[MarketplaceCounts]:
    """Return where an account sells, or still has something to end, by name."""
    cursor = db.cursor(row_factory=class_row(MarketplaceCounts))
    await cursor.execute(
        """
        WITH row AS (  -- every ebay listing of the account
            SELECT e.marketplace, e.lifecycle_state = 'live' AS live,
                e.blocked_reason IS NOT NULL AND e.lifecycle_state <> 'removed' AS blocked,
                EXISTS (
                    SELECT FROM ebay_change_queue q WHERE q.ebay_listing_id = e.id
                        AND q.status IN ('pending', 'processing')) AS queued
            FROM ebay_listing e WHERE e.account_id = %(account)s
        ), place AS (  -- where it sells
            SELECT marketplace FROM account_default WHERE account_id = %(account)s
        )
        SELECT coalesce(p.marketplace, r.marketplace) AS marketplace,
            p.marketplace IS NOT NULL AS sells,
            count(*) FILTER (WHERE r.live) AS live, count(*) FILTER (WHERE r.blocked) AS blocked,
            count(*) FILTER (WHERE r.queued) AS queued
        FROM place p FULL JOIN row r USING (marketplace)
        GROUP BY 1, 2
        HAVING bool_or(p.marketplace IS NOT NULL OR r.live OR r.queued)
        ORDER BY 1
        """,
        {"account": account_id},
    )
    return await cursor.fetchall()


async def offered(db: Db, marketplace: str) -> list[int]:
    """Return the active listings, by id, that an account which sells there offers there."""
    found: list[int] = []
    after = 0
    while True:
        cursor = await db.execute(
            "SELECT id, body FROM listing WHERE id > %s AND status = 'active' ORDER BY id LIMIT %s",
            (after, PAGE),
        )
        rows = await cursor.fetchall()
        for at, stored in rows:
            named = body.decode(opened(stored)).marketplaces
            found += [at] if not named or marketplace in named else []
        if len(rows) < PAGE:
            return found
        after = rows[-1][0]


async def on_sale(db: Db, account_id: int, marketplace: str) -> list[int]:
    """Return the ebay listings, by id, of an account that buyers find on a marketplace."""
    cursor = await db.execute(
        """
        SELECT id FROM ebay_listing
        WHERE account_id = %s AND marketplace = %s AND lifecycle_state = 'live' ORDER BY id
        """,
        (account_id, marketplace),
    )
    return [row[0] for row in await cursor.fetchall()]


async def left_defaults(db: Db, account_id: int, marketplace: str) -> Defaults | None:
    """Return what an account said for a marketplace when it left it; None if it never did."""
    cursor = await db.execute(
        "SELECT body FROM account_left_default WHERE account_id = %s AND marketplace = %s",
        (account_id, marketplace),
    )
    row = await cursor.fetchone()
    return msgspec.json.decode(row[0], type=Defaults) if row else None


async def leave(db: Db, account_id: int, marketplace: str) -> bool:
    """Put away the defaults of an account on a marketplace; say whether it sold there."""
    cursor = await db.execute(
        """
        WITH gone AS (
            DELETE FROM account_default WHERE account_id = %s AND marketplace = %s
            RETURNING account_id, marketplace, body
        )
        INSERT INTO account_left_default (account_id, marketplace, body)
        SELECT account_id, marketplace, body FROM gone
        ON CONFLICT (account_id, marketplace)
        DO UPDATE SET body = excluded.body, left_at = now()
        """,
        (account_id, marketplace),
    )
    return cursor.rowcount == 1
