"""SQL of the list of listings: which SKUs a filter means, and their rows; nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from psycopg.rows import class_row

from baysync.dashboard.model import ListingFilter, ListingRow, Place, State
from baysync.db.connection import Db
from baysync.ebay_listing.model import Lifecycle

# Each begins with what is rare: the planner sees the values, so that an empty one costs nothing.
_PLACED = """
    SELECT listing_id FROM ebay_listing
    WHERE lifecycle_state = ANY(%(states)b::text[])
        AND (%(marketplace)s::text = '' OR marketplace = %(marketplace)s) LIMIT %(limit)s
"""
_BLOCKED = """
    SELECT listing_id FROM ebay_listing
    WHERE blocked_reason IS NOT NULL
        AND (%(marketplace)s::text = '' OR marketplace = %(marketplace)s) LIMIT %(limit)s
"""
_QUEUED = """
    SELECT e.listing_id FROM ebay_change_queue c JOIN ebay_listing e ON e.id = c.ebay_listing_id
    WHERE c.status IN ('pending', 'processing')
        AND (%(marketplace)s::text = '' OR e.marketplace = %(marketplace)s) LIMIT %(limit)s
"""
_DEAD = """
    SELECT e.listing_id FROM ebay_failed_event f JOIN ebay_listing e ON e.id = f.ebay_listing_id
    WHERE f.resolved_at IS NULL
        AND (%(marketplace)s::text = '' OR e.marketplace = %(marketplace)s) LIMIT %(limit)s
"""
CANDIDATES: Mapping[State, str] = {
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
AMONG = """
    SELECT sku FROM listing
    WHERE id = ANY(%(ids)b::bigint[]) AND sku > %(after)s::text
        AND position(lower(%(q)s::text) IN lower(sku || ' ' || title)) > 0
    ORDER BY sku LIMIT %(limit)s
"""
STRETCH = """
    WITH stretch AS MATERIALIZED (
        SELECT id, sku, title FROM listing WHERE sku > %(after)s::text
        ORDER BY sku LIMIT %(length)s
    ), fitting AS (
        SELECT sku FROM stretch l
        WHERE position(lower(%(q)s::text) IN lower(l.sku || ' ' || l.title)) > 0
            AND ((%(state)s::text = '' AND %(marketplace)s::text = '') OR EXISTS (
                SELECT FROM ebay_listing y WHERE y.listing_id = l.id
                    AND %(marketplace)s::text IN ('', y.marketplace)
                    AND CASE %(state)s::text
                        WHEN '' THEN true
                        WHEN 'live' THEN y.lifecycle_state = 'live'
                        WHEN 'ended' THEN y.lifecycle_state IN ('ended', 'removed')
                        WHEN 'blocked' THEN y.blocked_reason IS NOT NULL
                        WHEN 'queued' THEN EXISTS (SELECT FROM ebay_change_queue c
                            WHERE c.ebay_listing_id = y.id
                                AND c.status IN ('pending', 'processing'))
                        WHEN 'dead' THEN EXISTS (SELECT FROM ebay_failed_event f
                            WHERE f.ebay_listing_id = y.id AND f.resolved_at IS NULL) END))
        ORDER BY sku LIMIT %(limit)s
    )
    SELECT array(SELECT sku FROM fitting ORDER BY sku) AS skus,
        (SELECT max(sku) FROM stretch) AS last,
        (SELECT count(*) FROM stretch) < %(length)s AS is_end
"""
ROWS = """
    SELECT l.sku, l.title, l.status, l.updated_at, e.variants, e.places
    FROM listing l
    CROSS JOIN LATERAL (
        SELECT coalesce(max(x.variants), 0) AS variants,
            coalesce(jsonb_agg(jsonb_build_object(
                'marketplace', x.marketplace, 'lifecycle_state', x.lifecycle_state,
                'blocked_reason', x.blocked_reason, 'queued', x.queued, 'dead', x.dead)
                ORDER BY x.marketplace, x.id), '[]') AS places
        FROM (
            SELECT y.id, y.marketplace, y.lifecycle_state, y.blocked_reason,
                EXISTS (SELECT FROM ebay_change_queue c WHERE c.ebay_listing_id = y.id
                    AND c.status IN ('pending', 'processing')) AS queued,
                EXISTS (SELECT FROM ebay_failed_event f WHERE f.ebay_listing_id = y.id
                    AND f.resolved_at IS NULL) AS dead,
                CASE WHEN y.group_key IS NOT NULL THEN (
                    SELECT count(*) FROM ebay_item i
                    WHERE i.ebay_listing_id = y.id AND i.variant_key <> '') END AS variants
            FROM ebay_listing y WHERE y.listing_id = l.id) x) e
    WHERE l.sku = ANY(%(skus)b::text[])
    ORDER BY l.sku
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The SKUs that fit among some listings; ``last`` is the last that was looked at."""

    skus: list[str]
    last: str | None
    is_end: bool


async def candidates(db: Db, chosen: ListingFilter, *, limit: int) -> list[int]:
    """Return up to ``limit`` listings in the state and on the marketplace, in no order.

    One that is so in several places may come several times.
    """
    values = {
        "states": STATES.get(chosen.state, []),
        "marketplace": chosen.marketplace,
        "limit": limit,
    }
    cursor = await db.execute(CANDIDATES[chosen.state].encode(), values, prepare=False)
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


async def rows(db: Db, skus: Sequence[str]) -> list[ListingRow]:
    """Return the rows of listings by SKU."""
    cursor = await db.execute(ROWS, {"skus": list(skus)})
    return [
        ListingRow(
            sku=row[0],
            title=row[1],
            status=row[2],
            updated_at=row[3],
            variants=row[4],
            places=[Place(**place) for place in row[5]],
        )
        for row in await cursor.fetchall()
    ]
