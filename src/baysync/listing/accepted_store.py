"""SQL of ``accepted_row``."""

from collections.abc import Sequence

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.listing.accepted import Known

Accepted = tuple[int, int, bytes, bytes]
"""Listing, version, digest, answer."""


async def read(db: Db, digests: Sequence[bytes]) -> dict[bytes, Known]:
    """Return the listings that are as these rows left them; a row of several is left out."""
    cursor = db.cursor(row_factory=class_row(Known))
    await cursor.execute(
        """
        SELECT r.digest, l.id AS listing_id, l.sku, l.variant_skus, l.identity, l.body_hash,
            r.answer
        FROM accepted_row r JOIN listing l ON l.id = r.listing_id AND l.version = r.version
        WHERE r.digest = ANY(%b::bytea[])
        """,
        (list(digests),),
    )
    rows = await cursor.fetchall()
    known = {row.digest: row for row in rows}
    several = len(rows) > len(known)
    return {} if several else known


async def keep(db: Db, rows: Sequence[Accepted]) -> None:
    """Remember the rows that left listings at a version, instead of the rows before them."""
    if rows:
        await db.execute(
            """
            INSERT INTO accepted_row AS r (listing_id, version, digest, answer)
            SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::bytea[], %b::bytea[])
            ORDER BY 1
            ON CONFLICT (listing_id) DO UPDATE
            SET version = excluded.version, digest = excluded.digest, answer = excluded.answer
            WHERE (r.version, r.digest, r.answer)
                IS DISTINCT FROM (excluded.version, excluded.digest, excluded.answer)
            """,
            tuple(map(list, zip(*rows, strict=True))),
        )
