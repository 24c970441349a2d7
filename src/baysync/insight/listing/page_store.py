"""SQL of the list of listings: which SKUs a filter means, and their rows; nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from psycopg import sql
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.ebay_listing.model import Lifecycle
from baysync.insight.condition_store import IS_ACTIVE, IS_BLOCKED, IS_LIVE, IS_OPEN, IS_OVER
from baysync.insight.listing.model import ListingFilter, ListingSummary, PlaceSummary, State

# Each begins with what is rare: the planner sees the values, so that an empty one costs nothing.
_PLACED = sql.SQL("""
    SELECT e.listing_id FROM ebay_listing e
    WHERE e.lifecycle_state = ANY(%(states)b::text[])
        AND (%(marketplace)s::text = '' OR e.marketplace = %(marketplace)s) LIMIT %(limit)s
""")
_BLOCKED = sql.SQL("""
    SELECT e.listing_id FROM ebay_listing e
    WHERE {is_blocked}
        AND (%(marketplace)s::text = '' OR e.marketplace = %(marketplace)s) LIMIT %(limit)s
""").format(is_blocked=IS_BLOCKED)
_QUEUED = sql.SQL("""
    SELECT e.listing_id FROM ebay_change_queue q JOIN ebay_listing e ON e.id = q.ebay_listing_id
    WHERE {is_active}
        AND (%(marketplace)s::text = '' OR e.marketplace = %(marketplace)s) LIMIT %(limit)s
""").format(is_active=IS_ACTIVE)
_DEAD = sql.SQL("""
    SELECT e.listing_id FROM ebay_listing e
    WHERE e.id IN (SELECT d.ebay_listing_id FROM ebay_failed_event d WHERE {is_open})
        AND (%(marketplace)s::text = '' OR e.marketplace = %(marketplace)s) LIMIT %(limit)s
""").format(is_open=IS_OPEN)
CANDIDATES: Mapping[State, sql.SQL | sql.Composed] = {
    "": _PLACED,
    "live": _PLACED,
    "ended": _PLACED,
    "blocked": _BLOCKED,
    "queued": _QUEUED,
    "dead": _DEAD,
}
STATES: Mapping[State, list[str]] = {
    "": list(Lifecycle),
    "live": [Lifecycle.LIVE],
    "ended": [Lifecycle.ENDED, Lifecycle.REMOVED],
}
IS_QUEUED = sql.SQL("""
    EXISTS (SELECT FROM ebay_change_queue q WHERE q.ebay_listing_id = e.id AND {is_active})
""").format(is_active=IS_ACTIVE)
IS_DEAD = sql.SQL("""
    EXISTS (SELECT FROM ebay_failed_event d WHERE d.ebay_listing_id = e.id AND {is_open})
""").format(is_open=IS_OPEN)
# Whether an eBay listing is one of those that a filter means.
FITS = sql.SQL("""
    (%(marketplace)s::text IN ('', e.marketplace) AND CASE %(state)s::text
        WHEN '' THEN true
        WHEN 'live' THEN {is_live}
        WHEN 'ended' THEN {is_over}
        WHEN 'blocked' THEN {is_blocked}
        WHEN 'queued' THEN {is_queued}
        WHEN 'dead' THEN {is_dead} END)
""").format(
    is_live=IS_LIVE, is_over=IS_OVER, is_blocked=IS_BLOCKED, is_queued=IS_QUEUED, is_dead=IS_DEAD
)
AMONG = """
    SELECT sku FROM listing
    WHERE id = ANY(%(ids)b::bigint[]) AND sku > %(after)s::text
        AND position(lower(%(q)s::text) IN lower(sku || ' ' || title)) > 0
    ORDER BY sku LIMIT %(limit)s
"""
STRETCH = sql.SQL("""
    WITH stretch AS MATERIALIZED (  -- the next listings, whatever they are
        SELECT id, sku, title FROM listing WHERE sku > %(after)s::text
        ORDER BY sku LIMIT %(length)s
    ), fitting AS (  -- those of them that are meant
        SELECT sku FROM stretch l
        WHERE position(lower(%(q)s::text) IN lower(l.sku || ' ' || l.title)) > 0
            AND ((%(state)s::text = '' AND %(marketplace)s::text = '') OR EXISTS (
                SELECT FROM ebay_listing e WHERE e.listing_id = l.id AND {fits}))
        ORDER BY sku LIMIT %(limit)s
    )
    SELECT array(SELECT sku FROM fitting ORDER BY sku) AS skus,
        (SELECT max(sku) FROM stretch) AS last,
        (SELECT count(*) FROM stretch) < %(length)s AS is_end
""").format(fits=FITS)
ROWS = sql.SQL("""
    SELECT l.sku, l.title, l.status, l.updated_at, p.variants, p.places
    FROM listing l
    CROSS JOIN LATERAL (
        SELECT coalesce(max(x.variants), 0) AS variants,
            coalesce(jsonb_agg(jsonb_build_object(
                'account', x.account, 'marketplace', x.marketplace,
                'lifecycle_state', x.lifecycle_state, 'blocked_reason', x.blocked_reason,
                'queued', x.queued, 'dead', x.dead)
                ORDER BY x.marketplace, x.id) FILTER (WHERE x.fits), '[]') AS places
        FROM (
            SELECT e.id, a.name AS account, e.marketplace, e.lifecycle_state, e.blocked_reason,
                {is_queued} AS queued, {is_dead} AS dead, {fits} AS fits,
                CASE WHEN e.group_key IS NOT NULL THEN (
                    SELECT count(*) FROM ebay_item i
                    WHERE i.ebay_listing_id = e.id AND i.variant_key <> '') END AS variants
            FROM ebay_listing e JOIN account a ON a.id = e.account_id
            WHERE e.listing_id = l.id) x) p
    WHERE l.sku = ANY(%(skus)b::text[])
    ORDER BY l.sku
""").format(is_queued=IS_QUEUED, is_dead=IS_DEAD, fits=FITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The SKUs that fit among some listings; ``last`` is the last that was looked at."""

    skus: list[str]
    last: str | None
    is_end: bool


async def candidates(db: Db, chosen: ListingFilter, *, limit: int) -> list[int]:
    """Return the listings of up to ``limit`` eBay listings that ``chosen`` means, in no order.

    A listing comes once for each of its places that is meant.
    """
    values = {
        "states": STATES.get(chosen.state, []),
        "marketplace": chosen.marketplace,
        "limit": limit,
    }
    cursor = await db.execute(CANDIDATES[chosen.state], values, prepare=False)
    return [row[0] for row in await cursor.fetchall()]


async def among(db: Db, ids: Sequence[int], *, q: str, after: str, limit: int) -> list[str]:
    """Return up to ``limit`` SKUs of ``ids`` that follow ``after`` and fit ``q``, in order."""
    cursor = await db.execute(AMONG, {"ids": list(ids), "q": q, "after": after, "limit": limit})
    return [row[0] for row in await cursor.fetchall()]


async def stretch(db: Db, chosen: ListingFilter, *, after: str, length: int, limit: int) -> Stretch:
    """Return up to ``limit`` SKUs that fit among the ``length`` listings that follow ``after``."""
    cursor = db.cursor(row_factory=class_row(Stretch))
    values = {**asdict(chosen), "after": after, "length": length, "limit": limit}
    await cursor.execute(STRETCH, values, prepare=False)
    return (await cursor.fetchall())[0]


async def exact(db: Db, sku: str, *, after: str) -> list[str]:
    """Return the SKU itself if there is such a listing and it follows ``after``."""
    cursor = await db.execute(
        "SELECT sku FROM listing WHERE sku = %(sku)s AND sku > %(after)s",
        {"sku": sku, "after": after},
    )
    return [row[0] for row in await cursor.fetchall()]


async def rows(db: Db, skus: Sequence[str], chosen: ListingFilter) -> list[ListingSummary]:
    """Return the rows of listings by SKU, each with those of its places that ``chosen`` means."""
    values = {"skus": list(skus), "state": chosen.state, "marketplace": chosen.marketplace}
    cursor = await db.execute(ROWS, values)
    return [
        ListingSummary(
            sku=row[0],
            title=row[1],
            status=row[2],
            updated_at=row[3],
            variants=row[4],
            places=[PlaceSummary(**place) for place in row[5]],
        )
        for row in await cursor.fetchall()
    ]
