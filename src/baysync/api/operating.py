"""The route by which an operator reads the accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from baysync.account import store as accounts
from baysync.api.deps import Db
from baysync.orders import store as orders

router = APIRouter(prefix="/api/admin/ebay", tags=["operating"])
Limit = Annotated[int, Query(ge=1, le=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account without its secrets; ``orders_error`` is why its sales were not read last."""

    id: int
    name: str
    environment: str
    seller: str
    state: str
    paused_until: datetime | None
    paused_reason: str | None
    lane_failures: int
    orders_polled_at: datetime | None
    orders_error: str | None
    marketplaces: list[str]


@router.get("/accounts")
async def list_accounts(db: Db) -> list[AccountView]:
    """Return every account, disconnected ones too."""
    polls = {poll.account: poll for poll in await orders.polls(db)}
    return [
        AccountView(
            id=account.id,
            name=account.name,
            environment=account.environment,
            seller=account.username or account.ebay_user_id,
            state=account.state,
            paused_until=account.paused_until,
            paused_reason=account.paused_reason,
            lane_failures=account.lane_failures,
            orders_polled_at=polls[account.name].polled_at,
            orders_error=polls[account.name].error,
            marketplaces=[d.marketplace for d in await accounts.read_defaults(db, account.id)],
        )
        for account in await accounts.read_all(db)
    ]
