"""Read what was sold from eBay: whole windows of time, again where pages may have moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from baysync.base import clock
from baysync.db.connection import Db
from baysync.ebay import errors, fulfillment
from baysync.ebay.calls import following
from baysync.ebay.edge.session import Session
from baysync.ebay.fulfillment import Dated, Order
from baysync.ebay.model import Answer, Call, Verdict
from baysync.ebay.verdict import judge
from baysync.orders import rules, store
from baysync.orders.model import OrderWindow, PollLimits
from baysync.telemetry import metrics
from baysync.telemetry.logs import logger

log = logger(__name__)
DEADLINE_SECONDS = 120.0
FLOOR = 0.2  # reading leaves this share of every quota to writing
READINGS = 5  # of one window, while each brings orders that the ones before did not show
LONGEST_ERROR = 300


class _Unread(Exception):
    """eBay did not list orders; says what it answered instead."""


@dataclass(frozen=True, slots=True)
class SellerAccess:
    """One account and its way to eBay."""

    account_id: int
    name: str
    session: Session


@dataclass(slots=True)
class _Reading:
    """What one pass over the pages of a window showed."""

    pages: int
    order_ids: set[str]
    newest: datetime | None


async def poll(db: Db, seller: SellerAccess, limits: PollLimits) -> int:
    """Read what was sold since the last poll; return how many order lines said something new.

    Safe to stop at any point and to run twice: each page is a transaction, a window counts as
    read once all of it was, and a line is kept once. Where eBay does not answer, the next poll
    goes on from there.
    """
    changed, error = 0, None
    try:
        while True:
            place = await store.place(db, seller.account_id)
            window = rules.window(place, limits)
            newest, new = await _read(db, seller, window)
            changed += new
            await store.advance(db, seller.account_id, rules.reached(window, place, newest))
            if window.until is None:
                break
    except _Unread as unread:
        error = str(unread)
        log.warning("orders.unread", account=seller.name, error=error)
        metrics.count("order.poll_failure")
    changed += await store.link(db, seller.account_id)
    await store.finish(db, seller.account_id, error)
    if error is None:
        metrics.happened("order.last_poll", clock.now().timestamp())
    return changed


async def _read(db: Db, seller: SellerAccess, window: OrderWindow) -> tuple[datetime | None, int]:
    """Read a window to its end; return its latest change and how many lines were new.

    Pages count records of a set that changes while it is read, so that an order can slip from
    one page to another unseen: several pages are read again until they show no other order.
    """
    seen: set[str] = set()
    moments: list[datetime] = []
    changed = 0
    for _ in range(READINGS):
        reading, new = await _read_once(db, seller, window)
        changed += new
        moments += [reading.newest] if reading.newest else []
        if reading.pages == 1 or reading.order_ids <= seen:
            break
        seen |= reading.order_ids
    return max(moments, default=None), changed


async def _read_once(db: Db, seller: SellerAccess, window: OrderWindow) -> tuple[_Reading, int]:
    reading, changed = _Reading(pages=0, order_ids=set(), newest=None), 0
    call: Call | None = fulfillment.get_orders(Dated.MODIFIED, window.since, window.until)
    while call is not None:
        answer = await _send(seller, call)
        orders = _listed(answer)
        changed += await _keep(db, seller.account_id, orders)
        reading.pages += 1
        reading.order_ids |= {order.order_id for order in orders}
        reading.newest = max(filter(None, [reading.newest, rules.newest(orders)]), default=None)
        call = following(answer)
    return reading, changed


def _listed(answer: Answer) -> list[Order]:
    meaning = judge(answer)
    orders = fulfillment.orders_in(answer) if meaning is Verdict.DONE else None
    if orders is None:
        said = [errors.in_our_words(problem, answer.call.op) for problem in answer.problems]
        words = "; ".join(said) or answer.failure or f"status {answer.status}, without orders"
        raise _Unread(f"{meaning}: {words}"[:LONGEST_ERROR].replace("\0", ""))
    return orders


async def _keep(db: Db, account_id: int, orders: Sequence[Order]) -> int:
    """Keep a page in one transaction; return how many of its lines said something new."""
    lines = rules.lines(orders)
    if not lines:
        return 0
    async with db.transaction():
        kept = await store.ingest(db, account_id, lines)
        await store.link(db, account_id, sorted({line.order_id for line in lines}))
    new = [line for line in kept if line.is_new]
    metrics.count("order.line", len(new), label="new")
    metrics.count("order.line", len(kept) - len(new), label="changed")
    metrics.count("order.units_sold", sum(line.quantity for line in new if not line.cancelled))
    return len(kept)


async def _send(seller: SellerAccess, call: Call) -> Answer:
    session = replace(seller.session, floor=FLOOR)
    return await session.send(call, deadline=clock.monotonic() + DEADLINE_SECONDS)
