"""Storing what came in: one batch, one transaction, one answer per draft.

The caller owns the transaction and, where eBay is to follow at once, calls change detection with
the ids that were created or updated. A host that only stores leaves them marked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from anyio import to_thread

from baysync.db.connection import Db
from baysync.listing import accepted, accepted_store, body, entry_store, missing_store, store
from baysync.listing.catalogue import Catalogue, Entry
from baysync.listing.draft import Draft, LineResult, Op, Outcome
from baysync.listing.history import service as history
from baysync.listing.history.rules import status_by
from baysync.listing.judge import Judged, judge
from baysync.listing.losses import Loss, of_batch
from baysync.listing.merge import sku_in
from baysync.listing.model import Listing, ListingStatus
from baysync.listing.origin import Origin
from baysync.listing.placing import named, overtaken, twice
from baysync.listing.store import ListingRow, StoredListing, Upserted

Question = tuple[str, bytes | None]
MERGING = frozenset({Op.PATCH, Op.MERGE})
CHANGED = frozenset({Outcome.CREATED, Outcome.UPDATED})
STORED = CHANGED | {Outcome.UNCHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a batch; ``stale`` are the indexes of drafts to be judged anew.

    The listing of a stale draft has changed since it was read; its result stands for nothing.
    ``fresh`` are the listings just written, whose rows are locked.
    """

    results: list[LineResult]
    stale: tuple[int, ...] = ()
    fresh: tuple[StoredListing, ...] = ()


async def save(
    db: Db, drafts: Sequence[Draft], *, source: str, origin: Origin | None = None
) -> list[LineResult]:
    """Store a batch of at most 1,000 drafts; return what became of each, in order.

    Of two good drafts with one SKU the last wins; a patch works on what stands before it, which
    the caller's transaction locks. Refused drafts keep nobody else out. ``source`` names the
    entrance: ``api``, ``csv``, ``python``; an ``origin`` names it too, with who wrote and for
    which import.
    """
    origin = origin or Origin(source)
    known = await catalogue(db, drafts, lock=True, revive=origin.is_file)
    return (await write(db, await judge_all(drafts, known), origin=origin)).results


async def catalogue(
    db: Db, drafts: Sequence[Draft], *, lock: bool = False, revive: bool = False
) -> Catalogue:
    """Return the stored listings that drafts speak of; ``lock`` keeps them for who merges.

    With ``revive`` they have the status that ``--missing`` took from them.
    """
    merging = any(draft.op in MERGING for draft in drafts)
    skus = sorted({sku for draft in drafts for sku in named(draft)})
    identities = sorted({draft.identity for draft in drafts if draft.identity})
    entries = await entry_store.entries(db, skus, identities, lock=lock and merging)
    ids = [entry.id for entry in entries if entry.id is not None]
    taken = await missing_store.taken(db, ids) if revive and ids else {}
    asked = await _asked_ends(db, drafts, entries, taken) if revive and ids else set[int]()
    return Catalogue(
        entry.with_status(taken[entry.id])
        if entry.id in taken
        else replace(entry, stays=entry.id in asked)
        for entry in entries
    )


async def _asked_ends(
    db: Db, drafts: Sequence[Draft], entries: Sequence[Entry], taken: Mapping[int, str]
) -> set[int]:
    """Return the listings that drafts switch on, and that no file ended or archived."""
    on = [
        draft
        for draft in drafts
        if draft.switched_on and draft.document.get("status") == ListingStatus.ACTIVE
    ]
    names = {name for draft in on for name in (draft.identity, sku_in(draft.document)) if name}
    off = [
        entry.id
        for entry in entries
        if entry.is_off and entry.id is not None and entry.id not in taken
        if entry.sku in names or entry.identity in names
    ]
    kept = await history.read(db, off) if off else {}
    return {at for at, versions in kept.items() if not Origin(status_by(versions)).is_file}


def rows_of(judged: Sequence[Judged]) -> list[ListingRow]:
    """Return what is written of what drafts came to, each listing once as the last leaves it."""
    final = {one.entry.key: one for one in judged if one.entry}
    return [
        _row(one.entry, one.listing, one.draft)
        for one in final.values()
        if one.entry and one.listing
    ]


async def judge_all(drafts: Sequence[Draft], known: Catalogue) -> list[Judged]:
    """Judge drafts in their order, in a thread: others get their turn, however long one takes."""
    double = twice(drafts)

    def judged() -> list[Judged]:
        return [
            judge(
                replace(draft, problems=(*draft.problems, double[index]))
                if index in double
                else draft,
                known,
            )
            for index, draft in enumerate(drafts)
        ]

    return await to_thread.run_sync(judged)


async def write(db: Db, judged: Sequence[Judged], *, origin: Origin) -> Written:
    """Write what drafts came to, but for merges into what has changed since it was read.

    In the caller's transaction.
    """
    final = {one.entry.key: one for one in judged if one.entry}
    old = await _changed_since(db, judged)
    fresh = [one for key, one in final.items() if key not in old]
    await entry_store.rename(db, [one.entry for one in fresh if one.entry])
    rows = [_row(one.entry, one.listing, one.draft) for one in fresh if one.entry and one.listing]
    written = {row.sku: row for row in await store.upsert(db, rows, origin=origin)}
    if settled := _settled(judged, written, origin):
        await missing_store.settle(db, settled)
    unknown = await _unknown(db, judged)
    losses = of_batch(judged) if origin.is_file else {}
    ends = {one.entry.key: (one, written.get(one.entry.sku)) for one in fresh if one.entry}
    late = overtaken([(one.entry and one.entry.key, one.draft) for one in judged])
    results = [
        _result(one, *ends.get(one.entry and one.entry.key, (None, None)), unknown)
        for one in judged
    ]
    last = {result.id: index for index, result in enumerate(results)}
    results = [
        replace(result, outcome=Outcome.SUPERSEDED)
        if index in late and result.outcome in STORED
        else _with_loss(result, losses if last[result.id] == index else {})
        for index, result in enumerate(results)
    ]
    await accepted_store.keep(db, list(_known(judged, results, written)))
    return Written(
        results=results,
        stale=tuple(
            index for index, one in enumerate(judged) if one.entry and one.entry.key in old
        ),
        fresh=tuple(_fresh(fresh, written)),
    )


def _fresh(final: Sequence[Judged], written: Mapping[str, Upserted]) -> Iterator[StoredListing]:
    for one in final:
        row = written.get(one.entry.sku) if one.entry else None
        if one.entry and row and row.outcome in CHANGED:
            stored = body.decode(one.entry.body)  # its fields in the order in which they lie
            yield StoredListing(id=row.id, sku=row.sku, version=row.version, body=stored)


async def _changed_since(db: Db, judged: Sequence[Judged]) -> set[object]:
    """Lock what drafts depend on as it was read; return the keys of what is so no longer."""
    merged = {
        one.entry.key: one.entry
        for one in judged
        if one.entry and (one.draft.op in MERGING or one.draft.is_conditional)
    }
    if not merged:
        return set()
    ids = [entry.id for entry in merged.values() if entry.id is not None]
    skus = [entry.sku for entry in merged.values()]
    now = await entry_store.lock_versions(db, ids, skus)
    made = {sku for at, (sku, _) in now.items() if at not in ids}
    return {
        key
        for key, entry in merged.items()
        if entry.sku in made
        or (entry.id is not None and now.get(entry.id) != (entry.row_sku, entry.version))
    }


def changed(results: Sequence[LineResult]) -> list[int]:
    """Return the ids of the listings that differ from before, to be projected."""
    return sorted({one.id for one in results if one.id is not None and one.outcome in CHANGED})


def _known(
    judged: Sequence[Judged], results: Sequence[LineResult], written: Mapping[str, Upserted]
) -> Iterator[accepted_store.Accepted]:
    """Yield the last row of each listing, to be known when it comes again."""
    last = {result.id: (one, result) for one, result in zip(judged, results, strict=True)}
    for one, result in last.values():
        row = written.get(result.sku or "")
        if row and one.listing and one.draft.digest and result.outcome in STORED:
            text = accepted.answer(result, one.listing)
            if text is not None:
                yield row.id, row.version, one.draft.digest, text


def _settled(
    judged: Sequence[Judged], written: Mapping[str, Upserted], origin: Origin
) -> list[int]:
    """Return the listings of which a draft says the status, so that no file gives back another."""
    if origin.is_missing:
        return []
    named_skus = [one.sku or "" for one in judged if one.listing and "status" in one.draft.document]
    return sorted({written[sku].id for sku in named_skus if sku in written})


def _row(entry: Entry, listing: Listing, draft: Draft) -> ListingRow:
    return ListingRow(
        sku=entry.sku,
        body=entry.body,
        body_hash=entry.digest,
        client_hash=draft.client_hash,
        status=entry.status,
        title=listing.title,
        variant_skus=tuple(sorted(entry.names)),
        identity=draft.identity,
    )


async def _unknown(db: Db, judged: Sequence[Judged]) -> set[Question]:
    """Return what was asked about and is not as stored."""
    pairs = [
        (one.sku, one.draft.client_hash)
        for one in judged
        if one.draft.op is Op.ASK and one.sku and one.draft.client_hash is not None
    ]
    return set(await store.unknown(db, pairs)) if pairs else set()


def _result(
    one: Judged, final: Judged | None, row: Upserted | None, unknown: set[Question]
) -> LineResult:
    return LineResult(
        line=one.draft.line,
        sku=final.sku if final else one.sku,
        outcome=_outcome(one, final, row, unknown),
        id=row.id if row else None,
        problems=one.problems,
        notes=one.notes or one.draft.notes,
        stripped=one.stripped,
        kept=one.kept,
        digest=final.entry.digest if final and final.entry and row else None,
        becomes_group=one.becomes_group,
        currency=final.listing.currency if final and final.listing else None,
    )


def _with_loss(result: LineResult, losses: Mapping[int, Loss]) -> LineResult:
    """Return the last result of a listing with what that lost."""
    loss = losses.get(result.id or 0)
    updated = result.outcome is Outcome.UPDATED
    return replace(result, lost=loss.fields) if loss and updated else result


def _outcome(
    one: Judged, final: Judged | None, row: Upserted | None, unknown: set[Question]
) -> Outcome:
    if one.draft.op is Op.ASK and one.sku and not one.problems:
        return Outcome.SEND if (one.sku, one.draft.client_hash) in unknown else Outcome.UNCHANGED
    if one.entry is None or row is None:
        return Outcome.REJECTED
    made = one is not final and row.outcome is Outcome.CREATED  # by another draft of the batch
    return Outcome.UPDATED if made else row.outcome
