"""Faults planted into the publisher and the queue, to show that the properties find them.

Each replaces one function or statement of ours for the length of a test; nothing in the product
knows of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import inf
from uuid import UUID

import pytest

from baysync.db.connection import LOST, Db
from baysync.ebay.model import Answer, Call
from baysync.ebay_listing import mark_store
from baysync.ebay_listing import store as ebay_listing_store
from baysync.ebay_listing.model import EbayItem, Target
from baysync.observe import stock
from baysync.ownership.carrying import PLAIN
from baysync.ownership.documents import Document, Documents
from baysync.ownership.model import Context, Json
from baysync.projection import payload
from baysync.projection.model import Lifecycle
from baysync.publish import verify, view, worker
from baysync.publish.limits import Limits
from baysync.publish.model import Part, Work
from baysync.publish.planning import load as loading
from baysync.publish.sending import claim_door as sender
from baysync.publish.sending import dispatch as bulk
from baysync.publish.sending import prices as price_steps
from baysync.publish.sending import steps
from baysync.publish.sending.claim_door import ClaimSender, Session
from baysync.publish.sending.dispatch import Sender
from baysync.publish.settling import transaction as service
from baysync.publish.settling.decision import Decision
from baysync.queue import store
from baysync.queue.model import Debounce


def no_read_back(plant: pytest.MonkeyPatch) -> None:
    """Take a doubt for answered without asking eBay."""
    read_back = verify.read_back

    async def forget(works: Sequence[Work], sender: Sender) -> None:
        for work in works:
            work.checked = True
        await read_back([work for work in works if work.asks_read_back], sender)

    plant.setattr(worker, "read_back", forget)


class Patient:
    """A session that knows no deadline."""

    def __init__(self, inner: Session) -> None:
        self.inner = inner

    async def send(self, call: Call, *, deadline: float) -> Answer:  # noqa: ARG002 -- the fault
        """Send the call whenever that may be."""
        return await self.inner.send(call, deadline=inf)


def no_deadline_guard(plant: pytest.MonkeyPatch) -> None:
    """Send a call though the lease may have ended."""
    send = sender.ClaimSender.send

    async def send_any_time(
        self: sender.ClaimSender, call: Call, works: Sequence[Work]
    ) -> Answer | None:
        usual, self.session = self.session, Patient(self.session)
        try:
            return await send(self, call, works)
        finally:
            self.session = usual

    plant.setattr(sender.ClaimSender, "send", send_any_time)


def quantity_of_the_projection(plant: pytest.MonkeyPatch) -> None:
    """Let a change of content say the quantity that the shop wants, not what eBay shows."""

    async def nothing_shown(_part: Part, _sender: Sender) -> payload.Body | None:
        return {}

    plant.setattr(steps, "_shown", nothing_shown)


def coalescing_keeps_the_older(plant: pytest.MonkeyPatch) -> None:
    """Let a pending change go on naming the state it was queued for."""
    kept = store.ENSURE.replace(
        "SET payload_hash = excluded.payload_hash,", "SET payload_hash = q.payload_hash,"
    )
    assert kept != store.ENSURE
    plant.setattr(store, "ENSURE", kept)


def settle_without_the_fence(plant: pytest.MonkeyPatch) -> None:
    """Settle whoever holds the change now."""
    fenced = store.FINISH
    open_ = fenced.replace("q.claim_id = %(claim_id)s AND ", "")
    assert open_ != fenced
    plant.setattr(store, "FINISH", open_)


def ended_comes_back(plant: pytest.MonkeyPatch) -> None:
    """Take every end that is found on eBay for one of ours."""

    async def ours(_self: sender.ClaimSender, _work: Work) -> bool:
        return True

    plant.setattr(sender.ClaimSender, "may_have_ended", ours)


def drift_overlooked(plant: pytest.MonkeyPatch) -> None:
    """Believe of what is live what was sent, whatever a read-back shows."""
    seen = view.seen

    def believed(work: Work, found: Mapping[str, view.Found], group: view.Json | None) -> view.Seen:
        now = seen(work, found, group)
        is_live = now.published is not None and now.published.lifecycle is Lifecycle.LIVE
        return replace(now, published=work.published) if is_live and work.is_live else now

    plant.setattr(view, "seen", believed)


def hold_forgotten(plant: pytest.MonkeyPatch) -> None:
    """Never look again at what eBay held."""

    async def nothing(_db: Db, _ids: Sequence[int]) -> list[int]:
        return []

    plant.setattr(mark_store, "unblock_due", nothing)


def prices_kept_as_known(plant: pytest.MonkeyPatch) -> None:
    """Take a body for what eBay holds though a price call has changed it since."""

    def keep(item: EbayItem, **changes: object) -> EbayItem:
        known = {name: value for name, value in changes.items() if not name.endswith("_hash")}
        return replace(item, **known)

    plant.setattr(price_steps, "replace", keep)


def _undoubted(plant: pytest.MonkeyPatch, forgets: Callable[[Decision], bool]) -> None:
    decide = service.decide

    def forget(work: Work, limits: Limits, *, jitter: float, failing: timedelta) -> Decision:
        decision = decide(work, limits, jitter=jitter, failing=failing)
        return replace(decision, verify=False) if forgets(decision) else decision

    plant.setattr(service, "decide", forget)


def doubt_forgotten_by_a_throttled_look(plant: pytest.MonkeyPatch) -> None:
    """Take what was sent for what is there, because eBay has no time for the look that decides."""
    _undoubted(plant, lambda decision: decision.outcome == "throttled")


def postponed_without_verify(plant: pytest.MonkeyPatch) -> None:
    """Forget a doubt because the rest of the change waits for another day."""
    _undoubted(plant, lambda decision: decision.outcome == "capped")


def fenced_works_believed(plant: pytest.MonkeyPatch) -> None:
    """Let a worker that comes late leave no doubt."""
    set_verify = ebay_listing_store.set_verify

    async def later(db: Db, ids: Sequence[int], after: timedelta) -> None:
        if after:
            await set_verify(db, ids, after)

    plant.setattr(ebay_listing_store, "set_verify", later)


def given_back_without_ensure(plant: pytest.MonkeyPatch) -> None:
    """Give a claim back as it was taken, whatever the shop has said meanwhile."""

    async def give_back(db: Db, claim_id: UUID, *, debounce: Debounce) -> None:
        del debounce
        async with db.transaction():
            held = await store.held(db, claim_id)
            await ebay_listing_store.lock(db, list(held.values()))
            await store.release(db, claim_id, list(held))

    plant.setattr(service, "give_back", give_back)


def limits_forgotten(plant: pytest.MonkeyPatch) -> None:
    """Want of a listing what was wanted before a look at it, though it may only follow eBay."""

    def nothing(_target: Target) -> None:
        return None

    plant.setattr(loading, "_limit", nothing)


def system_errors_believed(plant: pytest.MonkeyPatch) -> None:
    """Take it that a call had no effect which eBay answers with a system error."""
    plant.setattr(bulk, "SERVER_ERROR", inf)


def steps_forgotten_without_the_database(plant: pytest.MonkeyPatch) -> None:
    """Give a claim back as if nothing was sent, since the database was lost on the way."""
    publish = worker.publish

    async def forget(works: Sequence[Work], sender: ClaimSender) -> None:
        try:
            await publish(works, sender)
        except LOST:
            for work in works:
                work.done_steps.clear()
                work.checked = work.doubt = False
            raise

    plant.setattr(worker, "publish", forget)


def own_quantity_overlooked(plant: pytest.MonkeyPatch) -> None:
    """Count of an item only what its offer shows."""

    def offered(counted: stock.Count, **_known: int | None) -> stock.Count:
        return counted

    plant.setattr(stock, "with_own", offered)


def carry_forgotten(plant: pytest.MonkeyPatch) -> None:
    """Replace items, offers and groups with what the shop says, and nothing of the seller's."""

    def ours_alone(
        _self: Documents, _document: Document, ours: Mapping[str, object], _context: Context = PLAIN
    ) -> Json:
        return dict(ours)

    plant.setattr(Documents, "body", ours_alone)
