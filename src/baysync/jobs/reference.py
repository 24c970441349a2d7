"""The refresh of reference data: ask eBay what is due, project again what it changes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from baysync.account import store as accounts
from baysync.change import service as changes
from baysync.change.rules import CHECKING_RULES
from baysync.db.connection import Db
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Pool
from baysync.ebay.edge.session import Session
from baysync.ebay.marketplace import MARKETPLACES
from baysync.jobs.reachable import reachable
from baysync.jobs.runner import Job
from baysync.queue.model import Debounce
from baysync.reference import service, store
from baysync.reference.model import RETRY
from baysync.reference.service import SellerMarketplace

EVERY = timedelta(minutes=1)
TIMEOUT = timedelta(minutes=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """The job of one process; ``session`` gives an account's way to eBay."""

    pool: Pool
    bell: Doorbell
    session: Callable[[int], Awaitable[Session]]
    debounce: Debounce
    impact_max: int

    def job(self) -> Job:
        """Return the job as the schedule wants it."""
        return Job("policy.refresh", EVERY, TIMEOUT, self.run, early=self._is_due)

    async def run(self) -> int:
        """Ask eBay for all that is due; return how much of it was something new.

        Listings that awaited an answer go on, also where eBay gave none.
        """
        changed, reached = 0, list[int]()
        async with self.pool.connection() as db:
            async for account, session in reachable(db, self.session, paused=True):
                reached.append(account.id)
                for row in await accounts.read_defaults(db, account.id):
                    if row.marketplace in MARKETPLACES:
                        place = SellerMarketplace(account.id, row.marketplace, session)
                        changed += await service.refresh(db, place, impact_max=self.impact_max)
            await store.postpone_others(db, reached, by=RETRY)
            if changed:
                await changes.reproject_stale(db, debounce=self.debounce)
            await changes.reproject(db, reason=CHECKING_RULES.reason, debounce=self.debounce)
        self.bell.ring()
        return changed

    @staticmethod
    async def _is_due(db: Db) -> bool:
        return await store.is_due(db, MARKETPLACES)
