"""Carry changes out without eBay: the same plan and bodies, answered from what is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from baysync.account.model import Account
from baysync.db.connection import Db
from baysync.ebay import wire
from baysync.ebay.model import Answer, Call, Operation
from baysync.ownership.documents import THE_GROUP, Document, Kind
from baysync.ownership.leaves import pointers
from baysync.publish import store
from baysync.publish.limits import Limits
from baysync.publish.model import Work
from baysync.publish.planning import load as loading
from baysync.publish.planning.plan import StepKind
from baysync.publish.sending.last_known import LastKnown, last_known
from baysync.publish.worker import publish
from baysync.queue.model import Claimed

_WHOLE = {
    Operation.BULK_CREATE_OFFER: Kind.OFFER,
    Operation.BULK_PUT_INVENTORY_ITEM: Kind.ITEM,
    Operation.PUT_GROUP: Kind.GROUP,
    Operation.UPDATE_OFFER: Kind.OFFER,
}
AS_SHOWN = ("/availableQuantity", "/pricingSummary/price")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What a seller set and a body does not say as it stands, and why; ``pointer`` into it."""

    pointer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCall:
    """One call that would be sent.

    ``carried`` are JSON pointers to what a seller set, as eBay showed it last; ``as_shown`` to
    price and stock that are sent as eBay shows them at that moment. Of a call that ``reads``, the
    answer is not known: what follows goes by what was confirmed or read last. What eBay names
    itself stands in ``<>``.
    """

    skus: tuple[str, ...]
    operation: str
    method: str
    path: str
    family: str
    marketplace: str
    language: str | None
    reads: bool
    body: object
    carried: tuple[str, ...]
    as_shown: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(slots=True, kw_only=True)
class Rehearsal:
    """A door that leads nowhere: writes down each call and answers from what is known."""

    db: Db
    limits: Limits
    price_quantity_rows: int
    known: LastKnown
    calls: list[PlannedCall] = field(default_factory=list[PlannedCall])

    @property
    def is_halted(self) -> bool:
        """Whether nothing more is sent: never."""
        return False

    async def send(self, call: Call, works: Sequence[Work]) -> Answer | None:
        """Return the answer that is to be expected."""
        self.calls.append(_planned(call, works))
        return self.known.answer(call)

    async def may_have_ended(self, work: Work) -> bool:
        """Return whether a call of ours may have ended a listing that eBay does not show."""
        return await store.may_have_ended(self.db, work.target.id)

    async def keep(self, work: Work) -> None:
        """Keep nothing."""

    async def remember(self, works: Sequence[Work]) -> None:
        """Keep nothing."""

    def learn_single_rows(self) -> None:
        """Learn nothing: what is known refuses no call."""


async def rehearse(
    db: Db, account: Account, ebay_listing_ids: Sequence[int], limits: Limits
) -> tuple[list[Work], list[PlannedCall]]:
    """Return the changes of some of an account's listings as they would end, and their calls.

    They are claimed together, as many as one claim takes, in the order given. In a transaction
    that the caller rolls back.
    """
    works: list[Work] = []
    calls: list[PlannedCall] = []
    size = limits.claim_size
    for start in range(0, len(ebay_listing_ids), size):
        claimed = [_claimed(account.id, id_) for id_ in ebay_listing_ids[start : start + size]]
        batch = await loading.load(db, claimed)
        for work in batch:
            if work.is_open:
                loading.own_bodies(work)
        sender = Rehearsal(
            db=db,
            limits=limits,
            price_quantity_rows=account.price_quantity_rows,
            known=last_known(batch),
        )
        await publish(batch, sender)
        works += batch
        calls += sender.calls
    return works, calls


def _claimed(account_id: int, ebay_listing_id: int) -> Claimed:
    """Return the claim of a first attempt; nothing of it is stored."""
    return Claimed(
        id=ebay_listing_id,
        ebay_listing_id=ebay_listing_id,
        account_id=account_id,
        intent="update",
        urgency=0,
        attempts=1,
        crashes=0,
        waited=timedelta(),
        lane_answered=False,
    )


def _planned(call: Call, works: Sequence[Work]) -> PlannedCall:
    documents = list(_documents(call, works))
    return PlannedCall(
        skus=tuple(dict.fromkeys(work.target.sku for work in works)),
        operation=call.op,
        method=call.method,
        path=call.path,
        family=call.family,
        marketplace=call.marketplace,
        language=call.language,
        reads=call.reads,
        body=call.body,
        carried=tuple(
            prefix + pointer
            for prefix, work, name in documents
            for pointer in pointers(work.documents.kept.get(name, frozenset()))
        ),
        as_shown=tuple(
            prefix + pointer
            for prefix, work, name in documents
            for pointer in (AS_SHOWN if _keeps_terms(call, work, name) else ())
        ),
        left_out=tuple(
            LeftOut(pointer=prefix + pointers([drop.path])[0], reason=drop.reason)
            for prefix, work, name in documents
            for drop in work.documents.dropped.get(name, ())
        ),
    )


def _documents(call: Call, works: Sequence[Work]) -> Iterator[tuple[str, Work, Document]]:
    """Yield where in the body of ``call`` which document stands that carries the seller's part."""
    kind = _WHOLE.get(call.op)
    if kind is None:
        return
    if kind is Kind.GROUP:
        named = {work.target.group_key or "": (work, THE_GROUP) for work in works}
    else:
        named = {
            name: (work, Document(kind, key))
            for work in works
            for key, item in work.items.items()
            for name in (item.sku, item.offer_id or "")
        }
    rows = wire.items(wire.mapping(call.body).get("requests"))
    for number, key in enumerate(call.keys):
        work, document = named[key]
        if document in work.documents.shown or document in work.documents.rebuilds:
            yield f"/requests/{number}" if rows else "", work, document


def _keeps_terms(call: Call, work: Work, name: Document) -> bool:
    """Say whether a replaced offer keeps the price and stock that eBay shows."""
    part = work.part(name.key)
    replaces = call.op is Operation.UPDATE_OFFER and part.is_live
    return replaces and part.steps[:1] != () and part.steps[0].kind is StepKind.OFFER
