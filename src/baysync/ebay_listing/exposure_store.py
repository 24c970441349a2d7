"""SQL of ``ebay_exposure``: units that a call of ours put back on sale after they were sold."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.rows import class_row

from baysync.db.connection import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Units of an item that were sold, and that a call of ours put back on sale.

    ``at_once``: the call was of this very attempt, not of an earlier one.
    """

    ebay_listing_id: int
    ebay_sku: str
    units: int
    at_once: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The exposures of a day: how many units, how many are on sale even now, and some SKUs."""

    units: int
    on_sale: int
    skus: list[str]


async def expose(db: Db, rows: Sequence[Exposure], *, correlation_id: str) -> None:
    """Keep exposures, each since the attempt began that may have sent the call.

    That is the newest attempt if ``at_once``, else the last whose outcome was written, or left in
    doubt; so the caller has not written the published state yet.
    """
    await db.execute(
        """
        INSERT INTO ebay_exposure (ebay_listing_id, ebay_sku, units, since, correlation_id)
        SELECT r.id, r.sku, r.units, coalesce((
                SELECT max(l.created_at) FROM ebay_sync_log l
                WHERE l.ebay_listing_id = r.id AND (r.at_once OR l.created_at <= e.published_at)),
            e.published_at, clock_timestamp()), %(correlation_id)s
        FROM unnest(%(ids)b::bigint[], %(skus)b::text[], %(units)b::int[], %(at_once)b::bool[])
            AS r (id, sku, units, at_once)
        JOIN ebay_listing e ON e.id = r.id
        """,
        {
            "correlation_id": correlation_id,
            "ids": [row.ebay_listing_id for row in rows],
            "skus": [row.ebay_sku for row in rows],
            "units": [row.units for row in rows],
            "at_once": [row.at_once for row in rows],
        },
    )


async def take_back(db: Db, ids: Sequence[int]) -> None:
    """Note that nothing of the eBay listings ``ids`` is for sale once more; under their locks."""
    await db.execute(
        """
        UPDATE ebay_exposure SET taken_back_at = clock_timestamp()
        WHERE ebay_listing_id = ANY(%b::bigint[]) AND taken_back_at IS NULL
        """,
        (list(ids),),
    )


async def recent(db: Db, *, most_skus: int = 5) -> Recent:
    """Return what was exposed within a day, or still is, with the SKUs of the shop found last."""
    cursor = db.cursor(row_factory=class_row(Recent))
    await cursor.execute(
        """
        WITH x AS (
            SELECT ebay_listing_id, units, found_at, taken_back_at FROM ebay_exposure
            WHERE taken_back_at IS NULL OR found_at > now() - interval '1 day'
        )
        SELECT coalesce((SELECT sum(units) FROM x), 0)::int AS units,
            coalesce((SELECT sum(units) FROM x WHERE taken_back_at IS NULL), 0)::int AS on_sale,
            array(SELECT l.sku FROM x JOIN ebay_listing e ON e.id = x.ebay_listing_id
                JOIN listing l ON l.id = e.listing_id
                GROUP BY l.sku ORDER BY max(x.found_at) DESC LIMIT %s) AS skus
        """,
        (most_skus,),
    )
    return (await cursor.fetchall())[0]
