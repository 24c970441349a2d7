"""Write what a batch learnt: published documents, items, snapshots, and the words of its logs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from baysync.base import clock
from baysync.change import rules as change_rules
from baysync.db.connection import Db
from baysync.ebay.model import Problem
from baysync.ebay_listing import exposure_store, item_store
from baysync.ebay_listing import store as ebay_listing_store
from baysync.ebay_listing.document import document
from baysync.ebay_listing.model import (
    Block,
    Desired,
    Document,
    EbayItem,
    Lifecycle,
    Published,
    Scope,
)
from baysync.ownership import store as ownership_store
from baysync.projection import canonical, follow
from baysync.projection.group import members
from baysync.projection.model import Lifecycle as Shown
from baysync.projection.model import Price, Projection
from baysync.publish import store
from baysync.publish.completion import Completion, CompletionKind
from baysync.publish.limits import Limits
from baysync.publish.model import Work
from baysync.publish.planning.plan import StepKind
from baysync.publish.settling.decision import Decision
from baysync.snapshot import service as snapshots
from baysync.snapshot.model import NewSnapshot, SourceEvent
from baysync.telemetry import metrics

LOWERS = frozenset({StepKind.END, StepKind.QUANTITY_DOWN})
FENCED = Completion(how=CompletionKind.FENCED, reason="another worker had taken the change over")


async def write(db: Db, works: Sequence[Work], correlation_id: str, *, enabled: bool) -> None:
    """Store what eBay is now known to hold for ``works``, with a snapshot of each new state.

    ``enabled`` False keeps no snapshots.
    """
    touched = [work for work in works if _differs(work) or _clears(work)]
    if not touched:
        return
    await _expose(db, touched, correlation_id)
    documents = {work.change.id: document(work.published) for work in touched}
    await ebay_listing_store.write_published(
        db, [_published(work, documents[work.change.id]) for work in touched]
    )
    await item_store.write_items(db, [row for work in touched for row in _items(work)])
    if documents_ := [(w.target.id, *row) for w in touched for row in w.documents.changed.items()]:
        await ownership_store.write(db, documents_)
    if leaves := {
        (kind, leaf) for w in touched for kind, s in w.documents.learnt.items() for leaf in s
    }:
        await ownership_store.refuse(db, touched[0].change.account_id, leaves)
    if enabled:
        rows = [
            _snapshot(work, now)
            for work in touched
            for now in [documents[work.change.id]]
            if _is_new_state(work, now)
        ]
        started = clock.monotonic()
        await snapshots.record(db, rows, correlation_id=correlation_id)
        metrics.observe("snapshot.duration_ms", (clock.monotonic() - started) * 1000)


async def remember(db: Db, works: Sequence[Work], correlation_id: str) -> None:
    """Keep a snapshot of what eBay has just shown of those ``works`` that nobody has locked."""
    by_id = {work.target.id: work for work in works}
    async with db.transaction():
        locked = [by_id[id_] for id_ in await ebay_listing_store.lock_free(db, list(by_id))]
        shown = [
            replace(
                _snapshot(work, document(work.glimpse or work.published)),
                source_event=SourceEvent.READ_BACK,
            )
            for work in locked
        ]
        await snapshots.record(db, shown, correlation_id=correlation_id)
        rows = [(work.target.id, *row) for work in locked for row in work.documents.seen.items()]
        await ownership_store.note(db, rows)
    for work in locked:
        work.documents.stored |= work.documents.seen
        work.is_news, work.glimpse = False, None


async def _expose(db: Db, works: Sequence[Work], correlation_id: str) -> None:
    """Keep and count the units that are on sale once more after they were sold; note the end."""
    rows = [
        exposure_store.Exposure(
            ebay_listing_id=work.target.id,
            ebay_sku=work.items[key].sku,
            units=units,
            at_once=work.exposed_at_once,
        )
        for work in works
        for key, units in work.exposed.items()
    ]
    if rows:
        await exposure_store.expose(db, rows, correlation_id=correlation_id)
        metrics.count("exposure.detected", sum(row.units for row in rows))
    if right := [work.target.id for work in works if not _sells_too_much(work)]:
        await exposure_store.take_back(db, right)


def _sells_too_much(work: Work) -> bool:
    """Say whether buyers may still find more than they should: what lowers it is left to send."""
    return any(step.kind in LOWERS for steps in work.steps.values() for step in steps)


def _differs(work: Work) -> bool:
    """Say whether this attempt learnt or changed anything about eBay's state."""
    return work.checked or work.in_doubt or bool(work.done_steps)


def _clears(work: Work) -> bool:
    """Say whether a read-back that was due has answered the doubt."""
    return work.checked and work.target.verify_due and not work.in_doubt


def _is_new_state(work: Work, now: Document | None) -> bool:
    """Say whether eBay holds another document than before, or the seller's part is another."""
    return (now and now.hash) != work.target.published_hash or work.documents.is_other


def _published(work: Work, held: Document | None) -> Published:
    return Published(
        id=work.target.id,
        document=held,
        lifecycle=_lifecycle(work),
        external_item_id=work.listing_id,
        clears=work.target.verify_at if _clears(work) else None,
    )


def _lifecycle(work: Work) -> Lifecycle:
    shown = work.published.lifecycle if work.published else None
    if shown is Shown.LIVE:
        return Lifecycle.LIVE
    if shown is Shown.ENDED or work.target.lifecycle_state in {"live", "ended"}:
        return Lifecycle.ENDED
    return Lifecycle.NEW


def _items(work: Work) -> list[item_store.ItemState]:
    held = {} if work.published is None else members(work.published)
    return [
        _item(item, held[key].price if key in held else None) for key, item in work.items.items()
    ]


def _item(item: EbayItem, price: Price | None) -> item_store.ItemState:
    return item_store.ItemState(
        item_id=item.id,
        offer_id=item.offer_id,
        item_hash=item.item_hash,
        offer_hash=item.offer_hash,
        price=price.value if price else None,
        quantity=item.quantity,
        sold_quantity=item.sold_quantity,
        pushed_quantity=item.pushed_quantity,
        sold_at_push=item.sold_at_push,
    )


def _snapshot(work: Work, held: Document | None) -> NewSnapshot:
    return NewSnapshot(
        ebay_listing_id=work.target.id,
        document=held,
        source_event=_source(work),
        queue_id=work.change.id,
        carried=work.documents.sellers or None,
    )


def _source(work: Work) -> SourceEvent:
    if not work.done_steps:
        return SourceEvent.READ_BACK
    relists = "publish" in work.done_steps and work.target.lifecycle_state == Lifecycle.ENDED
    if relists or "end" in work.done_steps:
        return SourceEvent.LIFECYCLE_CHANGE
    return SourceEvent.PUBLISH_SUCCESS


def revisions(works: Sequence[Work], limits: Limits) -> list[item_store.Revised]:
    """Return how often ``works`` revised their listings, lost claims included."""
    return [
        item_store.Revised(
            id=work.target.id,
            count=work.revised,
            anew=work.anew,
            least=limits.revisions if work.capped else 0,
        )
        for work in works
        if work.revised or work.anew or work.capped
    ]


async def realign(db: Db, ids: Sequence[int]) -> None:
    """Weigh what is wanted against the state just written; under the locks.

    What may only follow eBay's state follows it, and what still differs is as urgent as it is
    now: an edit made while the listing was being created is not one of a new listing any more.
    """
    followers = await item_store.followers(db, ids)
    rows = [row for follower in followers if (row := _realigned(follower)) is not None]
    if rows:
        await ebay_listing_store.write_desired(db, rows)
    if followers:
        await item_store.remove(db, [follower.id for follower in followers])
        await item_store.reconsider(db, [follower.id for follower in followers])


def _realigned(follower: item_store.Follower) -> Desired | None:
    published, limit = _decoded(follower.published_blob), follower.limit
    desired = follow.follow(limit, published) if limit else _decoded(follower.desired_blob)
    wanted = document(desired)
    if limit and (wanted and wanted.hash) == follower.desired_hash:
        return None
    return Desired(
        id=follower.id,
        document=wanted,
        intent=change_rules.intent(desired, published, follower.lifecycle_state),
        urgency=change_rules.urgency(desired, published),
        limit=limit,
        inputs_version=follower.inputs_version,
    )


def _decoded(blob: bytes | None) -> Projection | None:
    return None if blob is None else canonical.decode(blob)


def problems(found: Iterable[Problem]) -> list[dict[str, object]]:
    """Return what eBay said, or we ourselves, as JSON for logs and letters."""
    return [
        {
            "error_id": problem.error_id,
            "message": problem.message,
            "parameters": dict(problem.parameters),
        }
        for problem in found
    ]


def _left_out(work: Work) -> list[Problem]:
    """Return what the seller set and this attempt could not send on, each with the reason."""
    return [
        Problem(
            message=f"What the seller set in {drop.field} is not kept as it was: {drop.reason}.",
            parameters=(("field", drop.field), ("sku", work.items[name.key].sku))
            if name.key in work.items
            else (("field", drop.field),),
        )
        for name, drops in work.documents.dropped.items()
        for drop in drops
    ]


def attempt_end(work: Work, decision: Decision) -> store.AttemptEnd:
    """Return the closing line of this attempt for the sync log."""
    end = work.end or FENCED
    fenced = end.how is CompletionKind.FENCED
    return store.AttemptEnd(
        queue_id=work.change.id,
        outcome="fenced" if fenced else decision.outcome,
        verdict=end.verdict,
        errors=problems(end.problems),
        warnings=problems(work.warnings)
        + [{**row, "own": True} for row in problems([*_left_out(work), *work.notes])],
        steps=work.done_steps,
    )


def block(work: Work, decision: Decision) -> Block:
    """Return the block that eBay's answer puts on the listing."""
    end = work.end or FENCED
    return Block(
        id=work.target.id,
        reason=decision.block or "",
        scope=Scope.ALL,
        recheck_after=decision.recheck,
        detail={"problems": problems(end.problems)},
    )
