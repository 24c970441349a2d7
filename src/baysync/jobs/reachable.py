"""The accounts that a job may ask eBay about, each with its way there."""

from collections.abc import AsyncGenerator, Awaitable, Callable

from baysync.account import store as accounts
from baysync.account.model import Account
from baysync.base.errors import BaysyncError
from baysync.db.connection import Db
from baysync.ebay.edge.session import Session
from baysync.telemetry.logs import logger

log = logger(__name__)


async def reachable(
    db: Db, session: Callable[[int], Awaitable[Session]], *, paused: bool = False
) -> AsyncGenerator[tuple[Account, Session]]:
    """Yield connected accounts that no person has paused, oldest first.

    With ``paused`` those too: before anything is sent people want to see what eBay asks. An
    account whose tokens or keys are of no use is passed over until it is tried again: the others
    are not to wait.
    """
    for account in await accounts.read_all(db):
        without_access = account.waits and account.lacks_access
        held = without_access or (account.paused_for_good and not paused)
        if account.state == "connected" and not held:
            try:
                found = await session(account.id)
            except BaysyncError as error:
                log.warning("account.unreachable", account=account.name, error=error.message)
                continue
            yield account, found
