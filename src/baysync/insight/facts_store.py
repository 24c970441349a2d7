"""SQL of the facts behind the lights; nothing here writes."""

from datetime import timedelta

from psycopg import sql
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.insight.census import service as census
from baysync.insight.condition_store import IS_ACTIVE, IS_OPEN, PAUSED_KIND
from baysync.insight.model import AccountFacts, Facts, Quota
from baysync.reference.model import TTL

ALIVE = timedelta(seconds=45)  # four heartbeats of a worker
UNASKED = timedelta(minutes=15)
OVERDUE = timedelta(hours=1)  # how long eBay may be late with what is known already

TOTALS = sql.SQL("""
    SELECT now(),
        (SELECT count(*) FROM worker WHERE seen_at > now() - %(alive)s::interval),
        -- Jobs run where a worker does, and outlive its row.
        (SELECT greatest((SELECT max(seen_at) FROM worker),
            (SELECT max(last_finished_at) FROM job_schedule))),
        (SELECT min(died_at) FROM ebay_failed_event d WHERE {is_open}),
        (SELECT min(unprojected_since) FROM listing WHERE projected_version < version)
""").format(is_open=IS_OPEN)
ACCOUNTS = sql.SQL("""
    SELECT a.name, a.created_at AS connected_at,
        {paused_kind} AS paused_kind,
        a.paused_reason, a.paused_at,
        CASE WHEN isfinite(a.paused_until) THEN a.paused_until END AS paused_until,
        edit.oldest AS oldest_edit,
        CASE WHEN isfinite(a.answered_at) THEN a.answered_at END AS answered_at,
        bucket.throttled_until, a.lane_failures, consent.until AS consent_until,
        p.polled_at AS orders_polled_at, p.error AS orders_error,
        coalesce(reference.places, '{{}}') AS stale_places, reference.since AS stale_since,
        coalesce(gone.listings, 0) AS gone_listings, gone.since AS gone_since
    FROM account a
    LEFT JOIN order_poll p ON p.account_id = a.id
    LEFT JOIN LATERAL (
        SELECT e.waiting_since AS oldest FROM ebay_listing e
        WHERE e.account_id = a.id AND e.waiting_since IS NOT NULL
            AND EXISTS (SELECT FROM ebay_change_queue q
                WHERE q.ebay_listing_id = e.id AND {is_active})
        ORDER BY e.waiting_since LIMIT 1
    ) edit ON true
    LEFT JOIN LATERAL (
        SELECT max(b.blocked_until) AS throttled_until FROM rate_bucket b
        WHERE starts_with(b.key, a.environment || '/' || a.client_id || '/')
            AND isfinite(b.blocked_until)
    ) bucket ON true
    LEFT JOIN LATERAL (
        SELECT t.expires_at AS until FROM ebay_auth_token t
        WHERE t.account_id = a.id AND t.kind = 'refresh'
    ) consent ON true
    -- Lists that got shorter and wait for a person.
    LEFT JOIN LATERAL (
        SELECT sum(c.withheld_listings)::bigint AS listings, min(c.withheld_at) AS since
        FROM ebay_policy_cache c WHERE c.account_id = a.id AND c.withheld IS NOT NULL
    ) gone ON true
    -- What eBay was asked for and has not said, or has not said again for longer than it holds.
    LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT c.marketplace ORDER BY c.marketplace) AS places,
            min(c.fetched_at + k.ttl) AS since
        FROM ebay_policy_cache c
        JOIN account_default d ON d.account_id = c.account_id AND d.marketplace = c.marketplace
        JOIN unnest(%(kinds)b::text[], %(ttls)b::interval[]) AS k(kind, ttl) ON k.kind = c.kind
        WHERE c.account_id = a.id AND c.key <> 'names'
            AND CASE WHEN c.fetched_at IS NULL
                THEN c.expires_at > now() OR c.expires_at < now() - %(unasked)s::interval
                ELSE c.fetched_at < now() - k.ttl - %(overdue)s::interval END
            AND NOT EXISTS (SELECT FROM appconfig
                WHERE name = 'policy.enabled' AND value = 'false')
    ) reference ON true
    WHERE a.state = 'connected'
    ORDER BY a.id
""").format(paused_kind=PAUSED_KIND, is_active=IS_ACTIVE)
QUOTAS = """
    SELECT regexp_replace(key, '^[^/]*/[^/]*/', '') AS family, daily_remaining AS remaining,
        daily_limit AS limit, daily_reset_at AS reset_at
    FROM rate_bucket
    WHERE daily_reset_at > now() AND daily_remaining IS NOT NULL AND daily_limit > 0
        AND (%(application)s::text IS NULL OR starts_with(key, %(application)s::text || '/'))
    ORDER BY key
"""


async def facts(db: Db) -> Facts:
    """Return what the lights are decided by, as of one moment each."""
    cursor = await db.execute(TOTALS, {"alive": ALIVE})
    ((now, workers, worked, died, unprojected),) = await cursor.fetchall()
    accounts = db.cursor(row_factory=class_row(AccountFacts))
    await accounts.execute(
        ACCOUNTS,
        {
            "kinds": [str(kind) for kind in TTL],
            "ttls": list(TTL.values()),
            "unasked": UNASKED,
            "overdue": OVERDUE,
        },
    )
    return Facts(
        now=now,
        workers=workers,
        worked_at=worked,
        died_at=died,
        oldest_unprojected=unprojected,
        accounts=tuple(await accounts.fetchall()),
        quotas=tuple(await quotas(db)),
        census=await census.read(db),
    )


async def quotas(db: Db, application: str | None = None) -> list[Quota]:
    """Return what eBay last said that applications, or one of them, have left today."""
    cursor = db.cursor(row_factory=class_row(Quota))
    await cursor.execute(QUOTAS, {"application": application})
    return await cursor.fetchall()
