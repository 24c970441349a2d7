"""SQL of ``listing.missing_from``: the status that ``--missing`` took from a listing."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from baysync.db.connection import Db
from baysync.listing import page_store

PAGE = 5000


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


async def unnamed(
    db: Db, named: AbstractSet[str], *, statuses: AbstractSet[str]
) -> tuple[list[str], int]:
    """Return the SKUs of listings in ``statuses`` that are not in ``named``, and how many are."""
    found: list[str] = []
    total, after = 0, ""
    while lines := await page_store.page(db, after=after, limit=PAGE):
        judged = [line.sku for line in lines if line.status in statuses]
        found += [sku for sku in judged if sku not in named]
        total += len(judged)
        after = lines[-1].sku
    return found, total
