"""``POST /api/stock``: what shops send most, a number for each SKU."""

from dataclasses import dataclass
from typing import cast

import msgspec
from fastapi import APIRouter, HTTPException, Request, Response

from baysync.api import bodies
from baysync.api import listing_documents as documents
from baysync.api.deps import Shared
from baysync.api.openapi import body
from baysync.api.problems import problem
from baysync.listing.stock import MOST_ITEMS, StockResult
from baysync.stock_door import set_stock

router = APIRouter(prefix="/api/stock", tags=["listings"])


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAnswer:
    """What became of each number, in the order in which they were sent."""

    results: list[StockResult]


@router.post("", response_model=StockAnswer, openapi_extra=body("StockNumbers"))
async def stock(request: Request, shared: Shared) -> Response:
    """Set the quantity of at most 1,000 SKUs, listings' or variants'; nothing else changes.

    The body is ``{"items": [{"sku": ..., "quantity": ...}]}``; a quantity is 0 or more, or
    ``"untracked"``. Each SKU is applied or not on its own: 200 with a result for each, and what
    each marketplace offers now. More than 1,000 are 413.
    """
    value = await bodies.document(request, seconds=shared.body_seconds)
    items = cast("dict[str, object]", value).get("items") if isinstance(value, dict) else None
    if not isinstance(items, list):
        detail = 'The body is no {"items": [{"sku": ..., "quantity": ...}]}.'
        wrong = [{"pointer": "/items", "rule": "not_a_list", "detail": "is no list of items"}]
        return problem(request, 422, detail, code="refused", errors=wrong)
    numbers = cast("list[object]", items)
    if len(numbers) > MOST_ITEMS:
        raise HTTPException(bodies.TOO_LARGE, f"A request has at most {MOST_ITEMS:,} items.")
    async with shared.pool.connection() as db:
        results = await set_stock(
            db, numbers, origin=documents.ORIGIN, debounce=documents.debounce(shared.settings)
        )
    shared.bell.ring()  # committed: there may be something to do
    return Response(
        msgspec.json.encode(StockAnswer(results=results)), media_type="application/json"
    )
