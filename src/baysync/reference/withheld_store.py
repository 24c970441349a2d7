"""SQL of shorter lists that are believed only once a person agrees: whom they would block."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from baysync.base.packing import opened
from baysync.db.connection import Db

PAGE = 1_000


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


async def wanted(db: Db, account_id: int, marketplace: str) -> AsyncIterator[bytes]:
    """Yield the documents that are wanted of a place, but of listings that their content blocks.

    Those are blocked no more than they are.
    """
    after = 0
    while True:
        cursor = await db.execute(
            """
            SELECT id, desired_blob FROM ebay_listing
            WHERE account_id = %s AND marketplace = %s AND id > %s
                AND desired_blob IS NOT NULL AND blocked_scope IS DISTINCT FROM 'content'
            ORDER BY id LIMIT %s
            """,
            (account_id, marketplace, after, PAGE),
        )
        rows = await cursor.fetchall()
        for _, stored in rows:
            yield opened(stored)
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


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
