"""SQL of the overview; nothing here writes."""

from psycopg.rows import class_row

from baysync.dashboard.model import AccountState, Blocked, Counts, Dead
from baysync.db.connection import Db


async def counts(db: Db) -> Counts:
    """Return the figures of the overview, all as of one moment."""
    cursor = db.cursor(row_factory=class_row(Counts))
    await cursor.execute(
        """
        SELECT l.listings, e.live, m.live_by, e.blocked, e.in_doubt, d.dead,
            q.waiting + e.checking AS waiting, q.processing, q.oldest_due, c.calls_last_day,
            c.failed_last_day
        FROM (SELECT count(*) AS listings FROM listing) l
        CROSS JOIN (
            SELECT count(*) FILTER (WHERE lifecycle_state = 'live') AS live,
                count(*) FILTER (WHERE blocked_reason <> 'checking_rules') AS blocked,
                count(*) FILTER (WHERE blocked_reason = 'checking_rules') AS checking,
                count(*) FILTER (WHERE verify_at IS NOT NULL) AS in_doubt
            FROM ebay_listing) e
        CROSS JOIN (
            SELECT coalesce(jsonb_object_agg(marketplace, live), '{}') AS live_by
            FROM (SELECT marketplace, count(*) AS live FROM ebay_listing
                WHERE lifecycle_state = 'live' GROUP BY marketplace) x) m
        CROSS JOIN (
            SELECT count(*) AS dead FROM ebay_failed_event WHERE resolved_at IS NULL) d
        CROSS JOIN (
            SELECT count(*) FILTER (WHERE status = 'pending') AS waiting,
                count(*) FILTER (WHERE status = 'processing') AS processing,
                now() - min(run_at) FILTER (WHERE status = 'pending' AND run_at <= now())
                    AS oldest_due
            FROM ebay_change_queue WHERE status IN ('pending', 'processing')) q
        CROSS JOIN (
            SELECT count(*) AS calls_last_day,
                count(*) FILTER (WHERE failure IS NOT NULL OR status >= 400) AS failed_last_day
            FROM ebay_call_log WHERE created_at > now() - interval '1 day') c
        """
    )
    return (await cursor.fetchall())[0]


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
