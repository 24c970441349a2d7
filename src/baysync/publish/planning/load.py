"""Load claimed changes with all that is known of them, and write down what is about to be said."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from baysync.account import survey_store
from baysync.change.respell import own
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listing_store
from baysync.ebay_listing.model import EbayItem, Target
from baysync.ownership import store as ownership_store
from baysync.ownership.documents import THE_GROUP, Document, Documents, Kind, Stored
from baysync.ownership.leaves import said_by
from baysync.ownership.model import Leaves
from baysync.projection import canonical
from baysync.projection.follow import Limit
from baysync.publish import store
from baysync.publish.completion import CompletionKind
from baysync.publish.model import Work
from baysync.queue.model import Claimed


async def load(db: Db, claimed: Sequence[Claimed]) -> list[Work]:
    """Return the works of ``claimed`` as they stand: planned, or ended where nothing is to do."""
    works = await _read(db, claimed)
    if unowned := [work.target.id for work in works if _is_unowned(work)]:
        await own(db, unowned)
        return await _read(db, claimed)
    return works


def _is_unowned(work: Work) -> bool:
    """Say whether an older program sent it, which wrote down for no leaf that it is ours."""
    sent = any(item.offer_id or item.item_hash or item.quantity for item in work.items.values())
    return not work.documents.stored and (sent or work.target.verify_at is not None)


async def _read(db: Db, claimed: Sequence[Claimed]) -> list[Work]:
    targets = await ebay_listing_store.read_targets(db, [row.ebay_listing_id for row in claimed])
    by_id = {target.id: target for target in targets}
    items: dict[int, dict[str, EbayItem]] = {target.id: {} for target in targets}
    for item in await ebay_listing_store.read_items(db, list(by_id)):
        items[item.ebay_listing_id][item.variant_key] = item
    stored = await ownership_store.read(db, list(by_id))
    foreign = await _foreign(db, claimed, by_id, items, stored)
    refused = await ownership_store.refused(db, claimed[0].account_id)
    return [
        _work(
            change,
            by_id[change.ebay_listing_id],
            items[change.ebay_listing_id],
            Documents(
                stored=stored[change.ebay_listing_id],
                owned={key: each.owned for key, each in stored[change.ebay_listing_id].items()},
                rebuilds={
                    key: each.rebuild
                    for key, each in stored[change.ebay_listing_id].items()
                    if each.rebuild
                },
                foreign=foreign[change.ebay_listing_id],
                refused=refused,
            ),
        )
        for change in claimed
    ]


async def _foreign(
    db: Db,
    claimed: Sequence[Claimed],
    targets: Mapping[int, Target],
    items: Mapping[int, Mapping[str, EbayItem]],
    stored: Mapping[int, Mapping[Document, Stored]],
) -> dict[int, frozenset[Document]]:
    """Return the items and groups that we never wrote and that another program may have made."""
    unwritten: dict[int, dict[Document, str]] = {}
    for id_, target in targets.items():
        names = {Document(Kind.ITEM, key): item.sku for key, item in items[id_].items()}
        names |= {THE_GROUP: target.group_key} if target.group_key else {}
        unwritten[id_] = {one: name for one, name in names.items() if one not in stored[id_]}
    if not any(unwritten.values()):
        return dict.fromkeys(targets, frozenset())
    named = [(one, name) for names in unwritten.values() for one, name in names.items()]
    surveyed = await survey_store.surveyed(
        db,
        claimed[0].account_id,
        items=[name for one, name in named if one.kind is Kind.ITEM],
        groups=[name for one, name in named if one.kind is Kind.GROUP],
    )
    return {
        id_: frozenset(
            one
            for one, name in names.items()
            if (surveyed.may_hold_group(name) if one == THE_GROUP else surveyed.may_hold_item(name))
        )
        for id_, names in unwritten.items()
    }


def _work(
    change: Claimed, target: Target, items: dict[str, EbayItem], documents: Documents
) -> Work:
    """Return the work of one change as it stands: planned, or ended where nothing is to do."""
    work = Work(
        change=change,
        target=target,
        desired=canonical.decode(target.desired_blob) if target.desired_blob else None,
        published=canonical.decode(target.published_blob) if target.published_blob else None,
        items=items,
        limit=_limit(target),
        documents=documents,
    )
    if target.blocked_scope == "all":
        work.stop(CompletionKind.CANCELLED, reason="blocked")
    elif target.verify_at is None and target.desired_hash == target.published_hash:
        work.stop(CompletionKind.SKIPPED)
    else:
        work.plan()
    return work


def _limit(target: Target) -> Limit | None:
    stored = target.wanted_limit
    return None if stored is None else msgspec.convert(stored, Limit)


async def begin(db: Db, works: Sequence[Work], *, claim_id: UUID, correlation_id: str) -> None:
    """Write the attempts down, and the leaves that their bodies will say, before any call."""
    rows = [
        store.NewAttempt(
            queue_id=work.change.id,
            ebay_listing_id=work.target.id,
            account_id=work.change.account_id,
            attempt=work.change.attempts,
            intent=work.change.intent,
            sent_hash=work.target.desired_hash.hex() if work.target.desired_hash else None,
        )
        for work in works
    ]
    said = [
        (work.target.id, *grown)
        for work in works
        if work.is_open
        for grown in own_bodies(work).items()
    ]
    async with db.transaction():
        await store.begin_attempts(db, rows, claim_id=claim_id, correlation_id=correlation_id)
        if said:
            await ownership_store.begin(db, said, claim_id=claim_id)


def own_bodies(work: Work) -> dict[Document, Leaves]:
    """Own what the bodies of a work will say; return the documents of which that is news."""
    skus = {key: item.sku for key, item in work.items.items()}
    return work.documents.begin(said_by(work.desired, skus))
