"""The survey of items: what eBay held when an account was connected, read to its end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from baysync.account import survey, survey_store
from baysync.db.pool import Pool
from baysync.ebay.edge.session import Session
from baysync.jobs.reachable import reachable
from baysync.jobs.runner import Job

EVERY = timedelta(hours=1)
TIMEOUT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSurvey:
    """The job of one process; ``session`` gives an account's way to eBay."""

    pool: Pool
    session: Callable[[int], Awaitable[Session]]

    def job(self) -> Job:
        """Return the job as the schedule wants it."""
        return Job("items.survey", EVERY, TIMEOUT, self.run, early=survey_store.is_due)

    async def run(self) -> int:
        """Read on for every account, paused ones too; return how many pages were read."""
        pages = 0
        async with self.pool.connection() as db:
            async for account, session in reachable(db, self.session, paused=True):
                pages += await survey.read(db, account.id, session)
        return pages
