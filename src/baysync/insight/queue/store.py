"""SQL of the queue as people see it: changes, lanes, dead letters; nothing here writes."""

from datetime import datetime

from psycopg import sql
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.insight.queue.model import Change, ChangeFilter, DeadLetter, LaneStats
from baysync.queue.dead_store import SELECTED, arguments
from baysync.queue.model import Selection

CHANGE = sql.SQL("""
    q.id, l.sku, a.name AS account, e.marketplace, q.intent, q.urgency, q.status, q.attempts,
    q.crashes, q.coalesced_count, q.first_enqueued_at, q.run_at, q.last_outcome,
    e.verify_at IS NOT NULL AS in_doubt
""")
LETTERS = sql.SQL("""
    SELECT d.id, d.ebay_listing_id, l.sku, a.name AS account, e.marketplace,
        d.verdict, d.errors, d.attempts, d.died_at, d.resolved_at, d.resolution,
        d.queue_id, q.intent, encode(d.payload_hash, 'hex') AS payload_hash,
        d.payload_hash IS NOT DISTINCT FROM e.desired_hash AS current
    FROM ebay_failed_event d
    JOIN ebay_change_queue q ON q.id = d.queue_id
    JOIN ebay_listing e ON e.id = d.ebay_listing_id
    JOIN listing l ON l.id = e.listing_id
    JOIN account a ON a.id = d.account_id
""")


async def changes(
    db: Db, chosen: ChangeFilter, *, before: int | None = None, limit: int
) -> list[Change]:
    """Return at most ``limit`` chosen changes older than the id ``before``, newest first."""
    cursor = db.cursor(row_factory=class_row(Change))
    await cursor.execute(
        sql.SQL("""
        SELECT {columns}
        FROM ebay_change_queue q
        JOIN ebay_listing e ON e.id = q.ebay_listing_id
        JOIN listing l ON l.id = e.listing_id
        JOIN account a ON a.id = q.account_id
        WHERE q.status = ANY(%(statuses)b::text[])
            AND (%(before)s::bigint IS NULL OR q.id < %(before)s::bigint)
            AND (%(account)s::text IS NULL OR a.name = %(account)s)
            AND (%(sku)s::text IS NULL OR l.sku = %(sku)s)
            AND (%(marketplace)s::text IS NULL OR e.marketplace = %(marketplace)s)
            AND (%(intent)s::text IS NULL OR q.intent = %(intent)s)
        ORDER BY q.id DESC
        LIMIT %(limit)s
        """).format(columns=CHANGE),
        {
            "statuses": list(chosen.statuses),
            "before": before,
            "account": chosen.account,
            "sku": chosen.sku,
            "marketplace": chosen.marketplace,
            "intent": chosen.intent,
            "limit": limit,
        },
    )
    return await cursor.fetchall()


async def lanes(db: Db) -> list[LaneStats]:
    """Return the state of every account's lane."""
    cursor = db.cursor(row_factory=class_row(LaneStats))
    await cursor.execute(
        """
        SELECT a.name AS account, q.due, q.waiting, q.processing, q.oldest_due,
            e.in_doubt, b.blocked, d.dead, f.done_last_hour,
            CASE WHEN a.state <> 'connected' THEN a.state
                 WHEN a.paused_until > now() OR a.pause_failures > 0
                THEN coalesce(a.paused_reason, 'paused')
            END AS paused_reason,
            CASE WHEN a.paused_until > now() OR a.pause_failures > 0 THEN a.paused_kind
            END AS paused_kind
        FROM account a
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE c.status = 'pending' AND c.run_at <= now()) AS due,
                count(*) FILTER (WHERE c.status = 'pending' AND c.run_at > now()) AS waiting,
                count(*) FILTER (WHERE c.status = 'processing') AS processing,
                now() - min(c.run_at) FILTER (
                    WHERE c.status = 'pending' AND c.run_at <= now()) AS oldest_due
            FROM ebay_change_queue c
            WHERE c.account_id = a.id AND c.status IN ('pending', 'processing')) q
        CROSS JOIN LATERAL (  -- in the words of ix_ebay_listing_unsettled
            SELECT count(*) AS in_doubt FROM ebay_listing y
            WHERE y.account_id = a.id AND y.verify_at IS NOT NULL
                AND (y.desired_hash IS DISTINCT FROM y.published_hash
                    OR y.verify_at IS NOT NULL)) e
        CROSS JOIN LATERAL (
            SELECT count(*) AS blocked FROM ebay_listing y
            WHERE y.account_id = a.id AND y.blocked_reason IS NOT NULL) b
        CROSS JOIN LATERAL (
            SELECT count(*) AS dead FROM ebay_failed_event x
            WHERE x.account_id = a.id AND x.resolved_at IS NULL) d
        CROSS JOIN LATERAL (
            SELECT count(*) AS done_last_hour FROM ebay_change_queue y
            WHERE y.account_id = a.id AND y.status = 'done'
                AND y.finished_at > now() - interval '1 hour') f
        ORDER BY a.name
        """
    )
    return await cursor.fetchall()


async def letters(
    db: Db, selection: Selection, *, before: tuple[datetime, int] | None = None, limit: int
) -> list[DeadLetter]:
    """Return at most ``limit`` open letters that ``selection`` means, newest first.

    ``before`` are the time and id of the letter after which the page begins.
    """
    died_before, id_before = before or (None, None)
    cursor = db.cursor(row_factory=class_row(DeadLetter))
    await cursor.execute(
        sql.SQL("""
        {letters}
        WHERE d.resolved_at IS NULL
            AND {selected}
            AND (%(died_before)s::timestamptz IS NULL
                OR (d.died_at, d.id) < (%(died_before)s::timestamptz, %(id_before)s::bigint))
        ORDER BY d.died_at DESC, d.id DESC
        LIMIT %(limit)s
        """).format(letters=LETTERS, selected=SELECTED),
        {
            **arguments(selection),
            "died_before": died_before,
            "id_before": id_before,
            "limit": limit,
        },
    )
    return await cursor.fetchall()


async def letter(db: Db, letter_id: int) -> DeadLetter | None:
    """Return one letter, open or closed, or None."""
    cursor = db.cursor(row_factory=class_row(DeadLetter))
    await cursor.execute(
        sql.SQL("""
        {letters}
        WHERE d.id = %(id)s
        """).format(letters=LETTERS),
        {"id": letter_id},
    )
    return await cursor.fetchone()


async def open_letters(db: Db) -> int:
    """Return how many letters are open."""
    cursor = await db.execute("SELECT count(*) FROM ebay_failed_event WHERE resolved_at IS NULL")
    return (await cursor.fetchall())[0][0]


async def dead_changes(
    db: Db, selection: Selection, *, before: int | None = None, limit: int
) -> list[Change]:
    """Return at most ``limit`` dead changes that have no resolved letter, newest first.

    ``selection`` is about their letters; ``before`` is the id of the change before the page.
    """
    cursor = db.cursor(row_factory=class_row(Change))
    await cursor.execute(
        sql.SQL("""
        SELECT {columns}
        FROM ebay_change_queue q
        LEFT JOIN ebay_failed_event d ON d.queue_id = q.id
        JOIN ebay_listing e ON e.id = q.ebay_listing_id
        JOIN listing l ON l.id = e.listing_id
        JOIN account a ON a.id = q.account_id
        WHERE q.status = 'dead' AND d.resolved_at IS NULL
            AND (%(before)s::bigint IS NULL OR q.id < %(before)s::bigint)
            AND {selected}
        ORDER BY q.id DESC
        LIMIT %(limit)s
        """).format(columns=CHANGE, selected=SELECTED),
        {**arguments(selection), "before": before, "limit": limit},
    )
    return await cursor.fetchall()
