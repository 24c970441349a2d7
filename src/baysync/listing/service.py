"""Storing what came in: one batch, one transaction, one answer per draft.

The caller owns the transaction and, where eBay is to follow at once, calls change detection with
the ids that were created or updated. A host that only stores leaves them marked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from anyio import to_thread

from baysync.db.connection import Db
from baysync.listing import body, page_store, store
from baysync.listing.check import Checked, check
from baysync.listing.decode import trimmed
from baysync.listing.draft import Draft, LineResult, Op, Outcome
from baysync.listing.merge import merge
from baysync.listing.model import Listing, Problem, Severity
from baysync.listing.origin import Origin
from baysync.listing.store import ListingRow, Upserted

BATCH = 1000
BATCH_CHARACTERS = 8_000_000
ALONE = 20
PAGE = 5000
Question = tuple[str, bytes | None]
CHANGED = frozenset({Outcome.CREATED, Outcome.UPDATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A draft with what it says; ``listing`` is None when there is nothing to store."""

    draft: Draft
    sku: str | None
    problems: tuple[Problem, ...] = ()
    listing: Listing | None = None
    stripped: int = 0


async def save(
    db: Db, drafts: Sequence[Draft], *, source: str, origin: Origin | None = None
) -> list[LineResult]:
    """Store a batch of at most 1,000 drafts; return what became of each, in order.

    Of two good drafts with one SKU the last wins; a patch works on what stands before it. Refused
    drafts keep nobody else out. ``source`` names the entrance: ``api``, ``csv``, ``python``; an
    ``origin`` names it too, with who wrote and for which import.
    """
    origin = origin or Origin(source)
    documents = await _stored_documents(db, drafts)
    judged = await _judged(drafts, documents)
    final = {one.sku: one for one in judged if one.listing}
    rows = [_row(one.listing, one.draft) for one in final.values() if one.listing]
    written = {row.sku: row for row in await store.upsert(db, rows, origin=origin)}
    unknown = await _unknown(db, judged)
    return [_result(one, final.get(one.sku), written, unknown) for one in judged]


def batches(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    """Yield drafts in batches of at most 1,000, fewer where their descriptions are long."""
    batch: list[Draft] = []
    characters = 0
    for draft in drafts:
        batch.append(draft)
        characters += len(str(draft.document.get("description", "")))
        if len(batch) == BATCH or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def changed(results: Sequence[LineResult]) -> list[int]:
    """Return the ids of the listings that differ from before, to be projected."""
    return sorted({one.id for one in results if one.id is not None and one.outcome in CHANGED})


async def unnamed(
    db: Db, named: AbstractSet[str], *, statuses: AbstractSet[str]
) -> tuple[list[str], int]:
    """Return the SKUs of listings in ``statuses`` that are not in ``named``, and how many are."""
    found: list[str] = []
    total, after = 0, ""
    while lines := await page_store.page(db, after=after, limit=PAGE):
        judged = [line.sku for line in lines if line.status in statuses]
        found += [sku for sku in judged if sku not in named]
        total += len(judged)
        after = lines[-1].sku
    return found, total


def sku_of(draft: Draft) -> str | None:
    """Return the SKU a draft speaks of, as it would be stored; None if it has no usable one."""
    sku = draft.document.get("sku")
    if not isinstance(sku, str) or not sku.strip() or not sku.strip().isprintable():
        return None
    return trimmed(sku)


async def _stored_documents(
    db: Db, drafts: Sequence[Draft]
) -> dict[str | None, Mapping[str, object]]:
    """Return the stored documents that the patches of a batch may work on, locked."""
    if all(draft.op is not Op.PATCH for draft in drafts):
        return {}
    skus = sorted({sku for draft in drafts if (sku := sku_of(draft))})
    found = await store.lock_bodies(db, skus)
    return {sku: body.document(stored.body) for sku, stored in found.items()}


async def _judged(
    drafts: Sequence[Draft], documents: dict[str | None, Mapping[str, object]]
) -> list[_Judged]:
    """Check drafts in their order; many do so in a thread, for others to get their turn."""

    def judged() -> list[_Judged]:
        return [_judge(draft, documents) for draft in drafts]

    return await to_thread.run_sync(judged) if len(drafts) > ALONE else judged()


def _judge(draft: Draft, documents: dict[str | None, Mapping[str, object]]) -> _Judged:
    """Check a draft against what stands before it in ``documents``, and put it there if good."""
    sku = sku_of(draft)
    before = documents.get(sku)
    if draft.op is Op.ASK:
        return _Judged(draft=draft, sku=sku, problems=draft.problems)
    if draft.op is Op.PATCH and before is None and sku:
        return _Judged(draft=draft, sku=sku, problems=(*draft.problems, _nothing_there(sku)))
    document = merge(before, draft.document) if draft.op is Op.PATCH else draft.document
    checked = _checked(draft, document)
    if checked.listing:
        sku = checked.listing.sku
        documents[sku] = document
    return _Judged(
        draft=draft,
        sku=sku,
        problems=checked.problems,
        listing=checked.listing,
        stripped=checked.stripped,
    )


def _checked(draft: Draft, document: Mapping[str, object]) -> Checked:
    """Check a document; what the reader refused already stays refused."""
    if any(problem.severity is Severity.REFUSE for problem in draft.problems):
        found = check(document).problems if document else ()
        told = {problem.pointer for problem in draft.problems}
        more = tuple(problem for problem in found if problem.pointer not in told)
        return Checked(listing=None, problems=(*draft.problems, *more))
    return check(document)


def _nothing_there(sku: str) -> Problem:
    return Problem(
        pointer="/sku",
        rule="unknown_sku",
        message=f"no listing has the SKU {sku}",
        fix="send the whole listing first",
    )


def _row(listing: Listing, draft: Draft) -> ListingRow:
    encoded = body.encode(listing)
    return ListingRow(
        sku=listing.sku,
        body=encoded,
        body_hash=body.digest(encoded),
        client_hash=draft.client_hash,
        status=listing.status.value,
        title=listing.title,
    )


async def _unknown(db: Db, judged: Sequence[_Judged]) -> set[Question]:
    """Return what was asked about and is not as stored."""
    pairs = [
        (one.sku, one.draft.client_hash)
        for one in judged
        if one.draft.op is Op.ASK and one.sku and one.draft.client_hash is not None
    ]
    return set(await store.unknown(db, pairs)) if pairs else set()


def _result(
    one: _Judged, final: _Judged | None, written: Mapping[str, Upserted], unknown: set[Question]
) -> LineResult:
    row = written.get(one.sku or "")
    return LineResult(
        line=one.draft.line,
        sku=one.sku,
        outcome=_outcome(one, final, row, unknown),
        id=row.id if row and one.listing else None,
        problems=one.problems,
        notes=one.draft.notes,
        stripped=one.stripped,
    )


def _outcome(
    one: _Judged, final: _Judged | None, row: Upserted | None, unknown: set[Question]
) -> Outcome:
    if one.draft.op is Op.ASK and one.sku and not one.problems:
        return Outcome.SEND if (one.sku, one.draft.client_hash) in unknown else Outcome.UNCHANGED
    if one.listing is None or row is None:
        return Outcome.REJECTED
    return row.outcome if one is final else Outcome.SUPERSEDED
