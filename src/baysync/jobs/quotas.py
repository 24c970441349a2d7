"""The sync of quotas: ask eBay how many calls each application has left today."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from baysync.account import store as accounts
from baysync.account.model import Account
from baysync.base import clock
from baysync.base.errors import BaysyncError
from baysync.db.pool import Pool
from baysync.ebay import analytics
from baysync.ebay.edge.session import Session
from baysync.jobs.runner import Job
from baysync.telemetry.logs import logger

log = logger(__name__)
TIMEOUT = timedelta(minutes=5)
DEADLINE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaSync:
    """The job of one process; ``session`` gives an account's way to eBay."""

    pool: Pool
    session: Callable[[int], Awaitable[Session]]
    every: timedelta

    def job(self) -> Job:
        """Return the job as the schedule wants it."""
        return Job("quota.sync", self.every, TIMEOUT, self.run)

    async def run(self) -> int:
        """Ask for the quotas of every application; return how many there are.

        An answer without quotas, such as the sandbox's, changes nothing.
        """
        async with self.pool.connection() as db:
            connected = [row for row in await accounts.read_all(db) if row.state == "connected"]
        told: dict[tuple[str, str], int] = {}
        for account in connected:
            application = account.environment, account.client_id
            told[application] = told.get(application) or await self._ask(account)
        return sum(told.values())

    async def _ask(self, account: Account) -> int:
        try:
            session = await self.session(account.id)
        except BaysyncError as error:
            log.warning("quota.unreachable", account=account.name, error=error.message)
            return 0
        deadline = clock.monotonic() + DEADLINE_SECONDS
        answer = await session.send(analytics.get_rate_limits(), deadline=deadline)
        quotas = analytics.daily(analytics.quotas_in(answer))
        for family, quota in quotas.items():
            await session.limiter.learn(
                family, limit=quota.limit, remaining=quota.remaining, reset_at=quota.reset_at
            )
        return len(quotas)
