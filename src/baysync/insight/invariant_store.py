"""SQL of the promises: what the views of the schema show should never be there."""

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.insight.census.model import Violation


async def broken(db: Db, *, limit: int = 100) -> list[Violation]:
    """Return at most ``limit`` violations of I1, I2, I4, I5 and I6; empty when all is well."""
    cursor = db.cursor(row_factory=class_row(Violation))
    await cursor.execute(
        """
        SELECT invariant, ebay_listing_id, detail FROM v_invariant_violations
        ORDER BY invariant, ebay_listing_id LIMIT %(limit)s
        """,
        {"limit": limit},
    )
    return await cursor.fetchall()
