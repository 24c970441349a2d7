"""SQL of shorter lists that are believed only once a person agrees: whom they would block."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.policy.model import Gone

# A listing that its content blocks already is blocked no more than it is.
USING = """
    SELECT count(*) FROM ebay_listing e
    CROSS JOIN LATERAL (SELECT convert_from(e.desired_blob, 'UTF8')::jsonb -> 'offer' AS offer) d
    WHERE e.account_id = %(account)s AND e.marketplace = %(place)s
        AND e.blocked_scope IS DISTINCT FROM 'content'
        AND (d.offer ->> 'fulfillment_policy' = ANY(%(fulfillment)b::text[])
            OR d.offer ->> 'payment_policy' = ANY(%(payment)b::text[])
            OR d.offer ->> 'return_policy' = ANY(%(return)b::text[])
            OR d.offer ->> 'location' = ANY(%(locations)b::text[]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A list as eBay shows it now, and as it is used until a person agrees; both are JSON.

    ``listings`` is how many it would have blocked when it was read last.
    """

    marketplace: str
    kind: str
    body: bytes
    withheld: bytes
    listings: int
    since: datetime


async def using(db: Db, account_id: int, marketplace: str, missing: Gone) -> int:
    """Return how many listings of a place would be blocked if ``missing`` were gone."""
    cursor = await db.execute(
        USING,
        {
            "account": account_id,
            "place": marketplace,
            "fulfillment": list(missing.fulfillment),
            "payment": list(missing.payment),
            "return": list(missing.return_),
            "locations": list(missing.locations),
        },
    )
    return int((await cursor.fetchall())[0][0])


async def read(db: Db, account_id: int) -> list[Withheld]:
    """Return the lists of an account that wait for a person."""
    cursor = db.cursor(row_factory=class_row(Withheld))
    await cursor.execute(
        """
        SELECT marketplace, kind, body, withheld, withheld_listings AS listings,
            withheld_at AS since
        FROM ebay_policy_cache WHERE account_id = %s AND withheld IS NOT NULL
        ORDER BY marketplace, kind
        """,
        (account_id,),
    )
    return await cursor.fetchall()


async def believe(db: Db, account_id: int, agreed: Withheld) -> bool:
    """Use a list as eBay shows it; False where eBay has shown another one meanwhile."""
    cursor = await db.execute(
        """
        UPDATE ebay_policy_cache
        SET body = withheld, version = version + 1,
            withheld = NULL, withheld_listings = NULL, withheld_at = NULL
        WHERE account_id = %s AND marketplace = %s AND kind = %s AND key = ''
            AND withheld = %b
        """,
        (account_id, agreed.marketplace, agreed.kind, agreed.withheld),
    )
    return cursor.rowcount > 0
