"""SQL of the overview; nothing here writes."""

from psycopg.rows import class_row

from baysync.dashboard.model import AccountState, Blocked, Dead
from baysync.db.connection import Db


async def accounts(db: Db) -> list[AccountState]:
    """Return the connected accounts with the marketplaces they have defaults for."""
    cursor = db.cursor(row_factory=class_row(AccountState))
    await cursor.execute(
        """
        SELECT a.name, a.environment, a.username,
            array(SELECT d.marketplace FROM account_default d
                WHERE d.account_id = a.id ORDER BY d.marketplace) AS marketplaces,
            CASE WHEN a.paused_until > now() OR a.pause_failures > 0
                THEN coalesce(a.paused_reason, 'paused') END
                AS paused_reason,
            p.polled_at AS orders_polled_at, p.error AS orders_error
        FROM account a LEFT JOIN order_poll p ON p.account_id = a.id
        WHERE a.state = 'connected' ORDER BY a.id
        """
    )
    return await cursor.fetchall()


async def blocked(db: Db, *, limit: int, reason: str = "") -> list[Blocked]:
    """Return up to ``limit`` ebay listings of which something is not sent, by reason or of one."""
    cursor = db.cursor(row_factory=class_row(Blocked))
    await cursor.execute(
        """
        SELECT l.sku, l.title, a.name AS account, e.marketplace, e.blocked_reason AS reason,
            e.blocked_scope AS scope, coalesce(e.blocked_detail, '{}') AS detail, e.recheck_at
        FROM ebay_listing e
        JOIN listing l ON l.id = e.listing_id
        JOIN account a ON a.id = e.account_id
        WHERE e.blocked_reason IS NOT NULL AND %(reason)s::text IN ('', e.blocked_reason)
        ORDER BY e.blocked_reason, e.id LIMIT %(limit)s
        """,
        {"limit": limit, "reason": reason},
    )
    return await cursor.fetchall()


async def dead(db: Db, *, limit: int) -> list[Dead]:
    """Return up to ``limit`` open dead letters, newest first."""
    cursor = db.cursor(row_factory=class_row(Dead))
    await cursor.execute(
        """
        SELECT d.id, l.sku, l.title, a.name AS account, e.marketplace, q.intent, d.verdict,
            d.errors, d.attempts, d.died_at
        FROM ebay_failed_event d
        JOIN ebay_change_queue q ON q.id = d.queue_id
        JOIN ebay_listing e ON e.id = d.ebay_listing_id
        JOIN listing l ON l.id = e.listing_id
        JOIN account a ON a.id = e.account_id
        WHERE d.resolved_at IS NULL
        ORDER BY d.died_at DESC LIMIT %(limit)s
        """,
        {"limit": limit},
    )
    return await cursor.fetchall()
