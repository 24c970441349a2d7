"""The refresh of reference data: ask eBay what is due, project again what it changes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from baysync.account import store as accounts
from baysync.change import service as changes
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Pool
from baysync.ebay.marketplace import MARKETPLACES
from baysync.ebay.session import Session
from baysync.jobs.reachable import reachable
from baysync.jobs.runner import Job
from baysync.policy import service
from baysync.policy.service import Place
from baysync.queue.model import Debounce

EVERY = timedelta(minutes=1)
TIMEOUT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """The job of one process; ``session`` gives an account's way to eBay."""

    pool: Pool
    bell: Doorbell
    session: Callable[[int], Awaitable[Session]]
    debounce: Debounce

    def job(self) -> Job:
        """Return the job as the schedule wants it."""
        return Job("policy.refresh", EVERY, TIMEOUT, self.run)

    async def run(self) -> int:
        """Ask eBay for all that is due; return how much of it was something new."""
        changed = 0
        async with self.pool.connection() as db:
            async for account, session in reachable(db, self.session):
                for row in await accounts.read_defaults(db, account.id):
                    if row.marketplace in MARKETPLACES:
                        place = Place(account.id, row.marketplace, session)
                        changed += await service.refresh(db, place)
            if changed:
                await changes.reproject_stale(db, debounce=self.debounce)
                self.bell.ring()
        return changed
