"""The route by which one asks what was sold."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query

from baysync.api import cursors
from baysync.api.deps import Db
from baysync.listing.sku import SkuParameter
from baysync.orders import store
from baysync.orders.model import Sale

router = APIRouter(prefix="/api/ebay", tags=["orders"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """Some lines of orders, those read last first; ``next_cursor`` leads to older ones."""

    items: list[Sale]
    next_cursor: str | None


@router.get("/orders")
async def orders(
    db: Db,
    *,
    sku: SkuParameter | None = None,
    account: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str = "",
) -> Sales:
    """Return a page of what was sold, of one SKU or account or of all.

    A SKU is the shop's, or eBay's for what the shop does not know.
    """
    before = cursors.number("sale", cursor)
    found = await store.page(db, sku=sku, account=account, before=before, limit=limit + 1)
    items = found[:limit]
    more = len(found) > limit
    return Sales(
        items=items, next_cursor=cursors.cursor("sale", str(items[-1].id)) if more else None
    )
