"""Reading what listings were, and keeping it small."""

from collections.abc import Sequence
from datetime import timedelta

from baysync.db.connection import Db
from baysync.listing.history import rules, store
from baysync.listing.history.model import Version
from baysync.listing.imports import store as imports

BATCH = 500


async def read(
    db: Db, listing_ids: Sequence[int], *, since: Sequence[int] | None = None
) -> dict[int, list[Version]]:
    """Return the kept versions of listings with their bytes, by listing, oldest first.

    ``since`` names the oldest version wanted of each listing; all if left out.
    """
    rows = await store.versions(db, listing_ids, since=since)
    return {listing_id: rules.unpacked(mine) for listing_id, mine in rows.items()}


async def compact(db: Db, *, most: int, older_than: timedelta, rounds: int = 20) -> dict[str, int]:
    """Pack new versions and delete old ones, 500 listings a transaction; return how many.

    An import goes once no version of it is kept. Stops after ``rounds`` transactions of each
    kind: the rest waits for the next run. Safe to stop at any point.
    """
    packed = deleted = 0
    for _ in range(rounds):
        async with db.transaction():
            waiting = await store.unpacked(db, limit=BATCH)
            since = list(waiting.values())
            rows = await store.versions(db, list(waiting), since=since)
            written = [one for mine in rows.values() for one in rules.packed(mine)]
            await store.pack(db, written)
            newest = {listing_id: mine[-1].version for listing_id, mine in rows.items()}
            deleted += await store.keep_newest(db, newest, most=most)
        packed += len(written)
        if len(waiting) == 0:
            break
    for _ in range(rounds):
        gone = await store.prune(db, older_than=older_than, limit=BATCH)
        deleted += gone
        if gone < BATCH:
            break
    forgotten = await imports.prune(db, older_than=older_than, limit=BATCH)
    return {"packed": packed, "deleted": deleted, "forgotten": forgotten}
