"""SQL of ``census``, and of what it counts."""

from datetime import timedelta

from psycopg import sql
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.insight.census.model import CensusPart, CountedPart, Figures
from baysync.insight.condition_store import IS_ACTIVE, IS_BLOCKED, IS_IN_DOUBT, IS_LIVE, IS_OPEN

TABLES = {
    CensusPart.FIGURES: ["listing", "ebay_listing", "ebay_change_queue", "ebay_call_log"],
    CensusPart.PROMISES: [
        "ebay_listing",
        "ebay_item",
        "ebay_change_queue",
        "ebay_listing_snapshot",
    ],
    CensusPart.TOTALS: ["metric_minute"],
}
READ = """
    SELECT now() AS now, c.taken_at, c.took, c.body,
        (SELECT sum(pg_relation_size(coalesce(leaf.relid, name::regclass)))::bigint
         FROM unnest(%(tables)b::text[]) AS name
         LEFT JOIN LATERAL pg_partition_tree(name::regclass) AS leaf ON true) AS size
    FROM (SELECT) AS always LEFT JOIN census c ON c.part = %(part)s
"""
BEGIN = """
    SELECT pg_try_advisory_xact_lock(hashtextextended('census/' || %(part)s, 0)),
        set_config('statement_timeout', %(timeout)s, true)
"""
FIGURES = sql.SQL("""
    SELECT l.listings, p.states, p.live_by, p.in_doubt, b.blocked, w.pending, w.processing,
        w.oldest_due_at, o.dead, x.dead_changes, u.unprojected,
        c.calls_last_day, c.failed_last_day
    FROM (SELECT count(*) AS listings FROM listing) l
    CROSS JOIN (
        SELECT coalesce(jsonb_object_agg(lifecycle_state, places)
                FILTER (WHERE marketplace IS NULL), '{{}}') AS states,
            coalesce(jsonb_object_agg(marketplace, places)
                FILTER (WHERE {is_live} AND marketplace IS NOT NULL), '{{}}')
                AS live_by,
            (SELECT count(*) FROM ebay_listing e WHERE {is_in_doubt}) AS in_doubt
        FROM (SELECT lifecycle_state, marketplace, count(*) AS places FROM ebay_listing
            GROUP BY GROUPING SETS ((lifecycle_state), (lifecycle_state, marketplace))) e) p
    CROSS JOIN (
        SELECT coalesce(jsonb_object_agg(blocked_reason, places), '{{}}') AS blocked
        FROM (SELECT e.blocked_reason, count(*) AS places FROM ebay_listing e
            WHERE {is_blocked} GROUP BY e.blocked_reason) y) b
    CROSS JOIN (
        SELECT coalesce(jsonb_object_agg(intent, waiting) FILTER (WHERE waiting > 0), '{{}}')
                AS pending,
            coalesce(sum(in_work), 0)::bigint AS processing, min(due_at) AS oldest_due_at
        FROM (SELECT intent, count(*) FILTER (WHERE status = 'pending') AS waiting,
                count(*) FILTER (WHERE status = 'processing') AS in_work,
                min(run_at) FILTER (WHERE status = 'pending' AND run_at <= now()) AS due_at
            FROM ebay_change_queue q WHERE {is_active} GROUP BY intent) y) w
    CROSS JOIN (SELECT count(*) AS dead FROM ebay_failed_event d WHERE {is_open}) o
    CROSS JOIN (
        SELECT count(*) AS dead_changes FROM ebay_change_queue q
        LEFT JOIN ebay_failed_event d ON d.queue_id = q.id
        WHERE q.status = 'dead' AND {is_open}) x
    CROSS JOIN (
        SELECT count(*) AS unprojected FROM listing WHERE projected_version < version) u
    CROSS JOIN (
        SELECT count(*) AS calls_last_day,
            count(*) FILTER (WHERE failure IS NOT NULL OR status >= 400) AS failed_last_day
        FROM ebay_call_log WHERE created_at > now() - interval '1 day') c
""").format(
    is_live=IS_LIVE,
    is_in_doubt=IS_IN_DOUBT,
    is_blocked=IS_BLOCKED,
    is_active=IS_ACTIVE,
    is_open=IS_OPEN,
)
PUT = """
    INSERT INTO census (part, taken_at, took, body) VALUES (%(part)s, now(), %(took)s, %(body)s)
    ON CONFLICT (part) DO UPDATE
    SET taken_at = excluded.taken_at, took = excluded.took, body = excluded.body
"""


async def read(db: Db, part: CensusPart) -> CountedPart:
    """Return how a part was counted last, and how large its tables are now."""
    cursor = db.cursor(row_factory=class_row(CountedPart))
    await cursor.execute(READ, {"part": part, "tables": TABLES[part]})
    return (await cursor.fetchall())[0]


async def begin(db: Db, part: CensusPart, *, patience: timedelta) -> bool:
    """Let the caller's transaction alone count a part; False where another does.

    A statement of it may take as long as ``patience``.
    """
    milliseconds = round(patience.total_seconds() * 1000)
    cursor = await db.execute(BEGIN, {"part": part, "timeout": str(milliseconds)})
    return (await cursor.fetchall())[0][0]


async def figures(db: Db) -> Figures:
    """Count, all as of one moment."""
    cursor = db.cursor(row_factory=class_row(Figures))
    await cursor.execute(FIGURES)
    return (await cursor.fetchall())[0]


async def put(db: Db, part: CensusPart, *, took: timedelta, body: bytes) -> None:
    """Keep what was counted since the caller's transaction began."""
    await db.execute(PUT, {"part": part, "took": took, "body": body})
