"""The reading of orders: what was sold, account by account."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from baysync.db.pool import Pool
from baysync.ebay.edge.session import Session
from baysync.jobs.reachable import reachable
from baysync.jobs.runner import Job
from baysync.orders import service
from baysync.orders.model import PollLimits
from baysync.orders.refill import refill
from baysync.orders.service import SellerAccess
from baysync.queue.model import Debounce

TIMEOUT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """The job of one process; ``session`` gives an account's way to eBay."""

    pool: Pool
    session: Callable[[int], Awaitable[Session]]
    every: timedelta
    limits: PollLimits
    debounce: Debounce

    def job(self) -> Job:
        """Return the job as the schedule wants it."""
        return Job("orders.poll", self.every, TIMEOUT, self.run)

    async def run(self) -> int:
        """Read what was sold since the last time; return how many order lines were new."""
        changed = 0
        async with self.pool.connection() as db:
            async for account, session in reachable(db, self.session):
                seller = SellerAccess(account.id, account.name, session)
                changed += await service.poll(db, seller, self.limits)
                await refill(db, account.id, debounce=self.debounce)
        return changed
