"""SQL of the queue: the statements that move a change from one status to another.

Rows change in sets only under the locks of their eBay listings, or in the order of their eBay
listings; only ``claim`` skips what is locked.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.queue.model import Claimed, Debounce, Ensured, Finish, Reaped

BATCH = 25  # items of one bulk call

ENSURE = """
    INSERT INTO ebay_change_queue AS q
        (ebay_listing_id, account_id, intent, payload_hash, urgency, run_at)
    SELECT e.id, e.account_id,
        CASE WHEN e.desired_hash IS DISTINCT FROM e.published_hash THEN e.wanted_intent
             ELSE 'verify' END,
        e.desired_hash, e.wanted_urgency,
        CASE WHEN e.desired_hash IS NOT DISTINCT FROM e.published_hash
             THEN greatest(clock_timestamp(), e.verify_at)
             WHEN e.wanted_urgency = 4 THEN clock_timestamp()
             ELSE clock_timestamp() + %(window)s::interval END
    FROM ebay_listing e
    WHERE e.id = ANY(%(ids)b::bigint[]) AND e.blocked_scope IS DISTINCT FROM 'all'
        AND (e.desired_hash IS DISTINCT FROM e.published_hash OR e.verify_at IS NOT NULL)
        AND NOT EXISTS (
            SELECT FROM ebay_failed_event d
            WHERE d.ebay_listing_id = e.id AND d.resolved_at IS NULL
                AND d.payload_hash IS NOT DISTINCT FROM e.desired_hash)
    ORDER BY e.id
    ON CONFLICT (ebay_listing_id) WHERE status IN ('pending', 'processing') DO UPDATE
    SET payload_hash = excluded.payload_hash, intent = excluded.intent,
        urgency = greatest(q.urgency, excluded.urgency), attempts = 0,
        coalesced_count = q.coalesced_count + 1,
        run_at = CASE
            WHEN excluded.urgency = 4 THEN clock_timestamp()
            ELSE greatest(q.not_before, least(
                clock_timestamp() + %(window)s::interval,
                q.first_enqueued_at + %(longest)s::interval)) END
    WHERE q.status = 'pending' AND q.payload_hash IS DISTINCT FROM excluded.payload_hash
    RETURNING q.ebay_listing_id, (q.xmax = 0) AS inserted
"""

CLAIM = """
    WITH lane AS MATERIALIZED (
        SELECT a.id, greatest(a.lane_failures, a.pause_failures) AS lane_failures, a.answered_at
        FROM account a
        WHERE a.state = 'connected' AND coalesce(a.paused_until, '-infinity') <= now()
            AND NOT EXISTS (
                SELECT FROM rate_bucket b
                WHERE b.key = a.environment || '/' || a.client_id || '/inventory'
                    AND (b.blocked_until > now()
                        OR (b.daily_remaining <= 0 AND b.daily_reset_at > now())))
            -- one ordered probe an urgency: else finished rows are read to find a due one
            AND EXISTS (
                SELECT FROM unnest('{0,1,2,3,4}'::smallint[]) AS kind (urgency)
                CROSS JOIN LATERAL (
                    SELECT q.id FROM ebay_change_queue q
                    WHERE q.account_id = a.id AND q.status = 'pending'
                        AND q.urgency = kind.urgency AND q.run_at <= now()
                    ORDER BY q.run_at, q.id LIMIT 1) AS head)
        ORDER BY a.last_claimed_at LIMIT 1
        FOR NO KEY UPDATE OF a SKIP LOCKED
    ), touched AS (
        UPDATE account a SET last_claimed_at = clock_timestamp() FROM lane WHERE a.id = lane.id
    ), best AS (
        SELECT head.id, head.crashes, head.run_at - bonus.wait AS rank
        FROM lane
        CROSS JOIN (VALUES
            (0::smallint, interval '0'), (1, '1 min'), (2, '5 min'), (3, '15 min'), (4, '1 h')
        ) AS bonus (urgency, wait)
        CROSS JOIN LATERAL (
            SELECT q.id, q.crashes, q.run_at FROM ebay_change_queue q
            WHERE q.account_id = lane.id AND q.status = 'pending'
                AND q.urgency = bonus.urgency AND q.run_at <= now()
            ORDER BY q.run_at, q.id LIMIT %(rows)s) AS head
    ), first AS (
        SELECT crashes > 0 AS alone FROM best ORDER BY rank, id LIMIT 1
    ), batch AS (
        SELECT id FROM best WHERE (crashes > 0) = (SELECT alone FROM first)
        ORDER BY rank, id
        LIMIT CASE WHEN (SELECT alone FROM first) OR (SELECT lane_failures FROM lane) > 0
                   THEN 1 ELSE %(rows)s END
    ), mine AS (
        SELECT q.id FROM ebay_change_queue q JOIN batch USING (id)
        WHERE q.status = 'pending'
        FOR UPDATE OF q SKIP LOCKED
    )
    UPDATE ebay_change_queue q
    SET status = 'processing', attempts = q.attempts + 1, claim_id = %(claim_id)s,
        lease_until = clock_timestamp() + %(lease)s::interval
    FROM mine WHERE q.id = mine.id
    RETURNING q.id, q.ebay_listing_id, q.account_id, q.intent, q.urgency, q.attempts, q.crashes,
        clock_timestamp() - q.run_at AS waited,
        coalesce(q.failed_at < (SELECT answered_at FROM lane), false) AS lane_answered
"""

FINISH = """
    WITH answer AS (
        SELECT r.id, r.status, r.outcome, r.run_after, r.give_back, r.clean, r.failed, r.error
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(
            id bigint, status text, outcome text, run_after interval, give_back boolean,
            clean boolean, failed boolean, error jsonb)
    ), mine AS (
        SELECT q.id FROM ebay_change_queue q JOIN answer USING (id)
        WHERE q.claim_id = %(claim_id)s AND q.status = 'processing'
        ORDER BY q.ebay_listing_id FOR NO KEY UPDATE OF q
    )
    UPDATE ebay_change_queue q
    SET status = a.status, claim_id = NULL, lease_until = NULL,
        attempts = q.attempts - a.give_back::integer,
        crashes = CASE WHEN a.clean THEN 0 ELSE q.crashes END,
        last_outcome = a.outcome, last_error = a.error,
        failed_at = CASE WHEN a.failed THEN clock_timestamp() ELSE q.failed_at END,
        run_at = CASE WHEN a.status = 'pending' THEN clock_timestamp() + a.run_after
                      ELSE q.run_at END,
        not_before = CASE WHEN a.status = 'pending' AND NOT a.give_back
                          THEN clock_timestamp() + a.run_after ELSE q.not_before END,
        finished_at = CASE WHEN a.status = 'pending' THEN NULL ELSE clock_timestamp() END
    FROM mine JOIN answer a USING (id)
    WHERE q.id = mine.id
    RETURNING q.id
"""


async def ensure(db: Db, ids: Sequence[int], *, debounce: Debounce) -> list[Ensured]:
    """Give every eBay listing that differs from eBay, or is in doubt, an active change.

    The only statement that inserts a change. The caller holds the locks of ``ids``. Passed over:
    what is equal, blocked whole, dead with this very hash, in flight, or pending with this hash.
    """
    cursor = db.cursor(row_factory=class_row(Ensured))
    await cursor.execute(
        ENSURE, {"ids": list(ids), "window": debounce.window, "longest": debounce.longest}
    )
    return await cursor.fetchall()


async def cancel_reverted(db: Db, ids: Sequence[int]) -> list[int]:
    """Cancel the pending changes of ``ids`` that have nothing left to do; return their listings.

    Nothing is left when eBay shows what is wanted and nothing is in doubt, when all is blocked,
    or when a dead letter about this very hash is open. The caller holds the locks of ``ids``.
    """
    cursor = await db.execute(
        """
        WITH idle AS (
            SELECT q.id, CASE WHEN e.blocked_scope = 'all' THEN e.blocked_reason
                              ELSE 'reverted' END AS outcome
            FROM ebay_change_queue q JOIN ebay_listing e ON e.id = q.ebay_listing_id
            WHERE e.id = ANY(%(ids)b::bigint[]) AND q.status = 'pending' AND (
                e.blocked_scope = 'all'
                OR (e.desired_hash IS NOT DISTINCT FROM e.published_hash AND e.verify_at IS NULL)
                OR EXISTS (
                    SELECT FROM ebay_failed_event d
                    WHERE d.ebay_listing_id = e.id AND d.resolved_at IS NULL
                        AND d.payload_hash IS NOT DISTINCT FROM e.desired_hash))
            ORDER BY q.ebay_listing_id FOR NO KEY UPDATE OF q
        )
        UPDATE ebay_change_queue q
        SET status = 'cancelled', last_outcome = idle.outcome, finished_at = clock_timestamp()
        FROM idle WHERE q.id = idle.id
        RETURNING q.ebay_listing_id
        """,
        {"ids": list(ids)},
    )
    return [row[0] for row in await cursor.fetchall()]


async def claim(db: Db, *, claim_id: UUID, lease: timedelta, batches: int) -> list[Claimed]:
    """Take the due changes of one account, at most 25 times ``batches``, soonest needed first.

    The account is the one served longest ago of those that are connected, not paused and not
    throttled. One change alone comes from a lane that slows or when it took a worker down.
    """
    cursor = db.cursor(row_factory=class_row(Claimed))
    await cursor.execute(CLAIM, {"claim_id": claim_id, "lease": lease, "rows": BATCH * batches})
    return await cursor.fetchall()


async def finish(db: Db, claim_id: UUID, rows: Sequence[Finish]) -> list[int]:
    """Settle claimed changes, each its own way; return those that ``claim_id`` still held.

    The caller holds the locks of their eBay listings. For a change that is not returned another
    worker may have sent something: its listing is in doubt (``verify_at = now``).
    """
    cursor = await db.execute(
        FINISH,
        {"claim_id": claim_id, "rows": msgspec.json.encode(rows).decode()},
    )
    return [row[0] for row in await cursor.fetchall()]


async def held(db: Db, claim_id: UUID) -> dict[int, int]:
    """Return the changes that ``claim_id`` still holds, each with its eBay listing."""
    cursor = await db.execute(
        """
        SELECT id, ebay_listing_id FROM ebay_change_queue
        WHERE claim_id = %(claim_id)s AND status = 'processing'
        """,
        {"claim_id": claim_id},
    )
    return dict(await cursor.fetchall())


async def release(db: Db, claim_id: UUID, ids: Sequence[int]) -> list[int]:
    """Give back changes that were not sent, attempts and all; return those that were held."""
    cursor = await db.execute(
        """
        WITH mine AS (
            SELECT id FROM ebay_change_queue
            WHERE id = ANY(%(ids)b::bigint[]) AND claim_id = %(claim_id)s
                AND status = 'processing'
            ORDER BY ebay_listing_id FOR NO KEY UPDATE
        )
        UPDATE ebay_change_queue q
        SET status = 'pending', attempts = q.attempts - 1, claim_id = NULL, lease_until = NULL,
            last_outcome = 'released'
        FROM mine WHERE q.id = mine.id
        RETURNING q.id
        """,
        {"claim_id": claim_id, "ids": list(ids)},
    )
    return [row[0] for row in await cursor.fetchall()]


async def abandon(db: Db, claim_id: UUID) -> None:
    """End the lease of ``claim_id`` at once: its worker broke and may have sent anything."""
    await db.execute(
        """
        WITH mine AS (
            SELECT id FROM ebay_change_queue
            WHERE claim_id = %(claim_id)s AND status = 'processing'
            ORDER BY ebay_listing_id FOR NO KEY UPDATE
        )
        UPDATE ebay_change_queue q SET lease_until = clock_timestamp()
        FROM mine WHERE q.id = mine.id
        """,
        {"claim_id": claim_id},
    )


async def expired(db: Db, limit: int) -> list[int]:
    """Return at most ``limit`` eBay listings whose lease has ended unsettled, sorted."""
    cursor = await db.execute(
        """
        SELECT ebay_listing_id FROM ebay_change_queue
        WHERE status = 'processing' AND lease_until < now()
        ORDER BY lease_until LIMIT %(limit)s
        """,
        {"limit": limit},
    )
    return sorted([row[0] for row in await cursor.fetchall()])


async def reap(db: Db, ids: Sequence[int]) -> list[Reaped]:
    """Take the changes of ``ids`` back from workers whose lease has ended; return them.

    The attempt does not count, the crash does. The caller holds the locks of ``ids``, and puts
    them in doubt: the worker may have sent anything.
    """
    cursor = db.cursor(row_factory=class_row(Reaped))
    await cursor.execute(
        """
        WITH lost AS (
            SELECT id FROM ebay_change_queue
            WHERE ebay_listing_id = ANY(%(ids)b::bigint[])
                AND status = 'processing' AND lease_until < now()
            ORDER BY ebay_listing_id FOR NO KEY UPDATE
        )
        UPDATE ebay_change_queue q
        SET status = 'pending', crashes = q.crashes + 1, attempts = q.attempts - 1,
            claim_id = NULL, lease_until = NULL, run_at = clock_timestamp(),
            last_outcome = 'crashed'
        FROM lost WHERE q.id = lost.id
        RETURNING q.ebay_listing_id, q.crashes
        """,
        {"ids": list(ids)},
    )
    return await cursor.fetchall()
