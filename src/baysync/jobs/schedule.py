"""Which periodic work there is."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from baysync.change import service as changes
from baysync.config.settings import Settings
from baysync.db.connection import Db
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Pool
from baysync.jobs import minute, publishing
from baysync.jobs.runner import Job
from baysync.listing.history import service as history
from baysync.telemetry import rollup

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
STRAGGLERS = timedelta(minutes=10)  # edits that raced with a change of the account's defaults


def jobs(pool: Pool, bell: Doorbell, settings: Settings) -> list[Job]:
    """Return the periodic work that needs the database alone, each job with its connection."""

    async def upkeep(db: Db) -> object:
        done = await minute.keep_up(db, verify_delay=settings.verify_delay)
        if done.reaped or done.rechecked:
            bell.ring()
        return done

    async def catch_up(db: Db) -> object:
        return await changes.reproject_stale(db, debounce=publishing.debounce(settings))

    async def pack_versions(db: Db) -> object:
        return await history.compact(
            db, most=settings.versions_kept, older_than=settings.versions_age
        )

    return [
        Job("change.stragglers", STRAGGLERS, MINUTE, partial(_lent, pool, catch_up)),
        Job("queue.upkeep", settings.reap_interval, MINUTE, partial(_lent, pool, upkeep)),
        Job("listing.versions", MINUTE, MINUTE, partial(_lent, pool, pack_versions)),
        Job("metrics.fold", HOUR, MINUTE, partial(_lent, pool, rollup.fold)),
    ]


async def _lent(pool: Pool, work: Callable[[Db], Awaitable[object]]) -> object:
    async with pool.connection() as db:
        return await work(db)
