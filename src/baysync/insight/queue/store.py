"""SQL of the queue as people see it: changes, lanes, dead letters; nothing here writes."""

from datetime import datetime

from psycopg import sql
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.insight.condition_store import (
    IS_ACTIVE,
    IS_BLOCKED,
    IS_IN_DOUBT,
    IS_OPEN,
    PAUSED_KIND,
    STOPPED_BY,
)
from baysync.insight.queue.model import Change, ChangeFilter, DeadLetter, LaneStats
from baysync.queue.dead_store import SELECTED, arguments
from baysync.queue.model import Selection

CHANGE = sql.SQL("""
    q.id, l.sku, a.name AS account, e.marketplace, q.intent, q.urgency, q.status, q.attempts,
    q.crashes, q.coalesced_count, q.first_enqueued_at, q.run_at, q.last_outcome,
    e.verify_at IS NOT NULL AS in_doubt
""")
OPEN_LETTERS = sql.SQL("""
    SELECT count(*) FROM ebay_failed_event d WHERE {is_open}
""").format(is_open=IS_OPEN)
LANES = sql.SQL("""
    SELECT a.name AS account, c.due, c.waiting, c.processing, c.oldest_due, u.in_doubt, b.blocked,
        x.dead, f.done_last_hour, {stopped_by} AS paused_reason, {paused_kind} AS paused_kind
    FROM account a
    CROSS JOIN LATERAL (  -- active changes
        SELECT count(*) FILTER (WHERE q.status = 'pending' AND q.run_at <= now()) AS due,
            count(*) FILTER (WHERE q.status = 'pending' AND q.run_at > now()) AS waiting,
            count(*) FILTER (WHERE q.status = 'processing') AS processing,
            now() - min(q.run_at) FILTER (
                WHERE q.status = 'pending' AND q.run_at <= now()) AS oldest_due
        FROM ebay_change_queue q WHERE q.account_id = a.id AND {is_active}) c
    CROSS JOIN LATERAL (
        SELECT count(*) AS in_doubt FROM ebay_listing e
        WHERE e.account_id = a.id AND {is_in_doubt}) u
    CROSS JOIN LATERAL (
        SELECT count(*) AS blocked FROM ebay_listing e
        WHERE e.account_id = a.id AND {is_blocked}) b
    CROSS JOIN LATERAL (
        SELECT count(*) AS dead FROM ebay_failed_event d
        WHERE d.account_id = a.id AND {is_open}) x
    CROSS JOIN LATERAL (
        SELECT count(*) AS done_last_hour FROM ebay_change_queue q
        WHERE q.account_id = a.id AND q.status = 'done'
            AND q.finished_at > now() - interval '1 hour') f
    ORDER BY a.name
""").format(
    stopped_by=STOPPED_BY,
    paused_kind=PAUSED_KIND,
    is_active=IS_ACTIVE,
    is_in_doubt=IS_IN_DOUBT,
    is_blocked=IS_BLOCKED,
    is_open=IS_OPEN,
)
LETTERS = sql.SQL("""
    SELECT d.id, d.ebay_listing_id, l.sku, l.title, a.name AS account, e.marketplace,
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
    await cursor.execute(LANES)
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
        WHERE {is_open}
            AND {selected}
            AND (%(died_before)s::timestamptz IS NULL
                OR (d.died_at, d.id) < (%(died_before)s::timestamptz, %(id_before)s::bigint))
        ORDER BY d.died_at DESC, d.id DESC
        LIMIT %(limit)s
        """).format(letters=LETTERS, selected=SELECTED, is_open=IS_OPEN),
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
    cursor = await db.execute(OPEN_LETTERS)
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
        WHERE q.status = 'dead' AND {is_open}
            AND (%(before)s::bigint IS NULL OR q.id < %(before)s::bigint)
            AND {selected}
        ORDER BY q.id DESC
        LIMIT %(limit)s
        """).format(columns=CHANGE, selected=SELECTED, is_open=IS_OPEN),
        {**arguments(selection), "before": before, "limit": limit},
    )
    return await cursor.fetchall()
