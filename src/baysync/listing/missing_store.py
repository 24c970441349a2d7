"""SQL of ``listing.missing_from``: the status that ``--missing`` took from a listing."""

from collections.abc import Sequence

from baysync.db.connection import Db


async def taken(db: Db, listing_ids: Sequence[int]) -> dict[int, str]:
    """Return the status that ``--missing`` took, of those listings from which it took one."""
    cursor = await db.execute(
        "SELECT id, missing_from FROM listing WHERE id = ANY(%b) AND missing_from IS NOT NULL",
        (list(listing_ids),),
    )
    return dict(await cursor.fetchall())


async def settle(db: Db, listing_ids: Sequence[int]) -> None:
    """Note that somebody asked for the status that these listings have: no file gives it back."""
    await db.execute(
        """
        UPDATE listing SET missing_from = NULL
        WHERE id = ANY(%b) AND missing_from IS NOT NULL
        """,
        (list(listing_ids),),
    )
