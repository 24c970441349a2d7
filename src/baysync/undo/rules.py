"""What an undo or a restore makes of one listing; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from baysync.listing import body
from baysync.listing.check import check, is_refused
from baysync.listing.history import diff, rules
from baysync.listing.history.model import Document, KeptReason, Left, PutBack, Version
from baysync.listing.history.rules import ReturnedStock
from baysync.listing.model import Problem
from baysync.listing.reshape import becomes_group
from baysync.undo.model import UndoStep


def undone(
    versions: Sequence[Version], import_id: int, stock: ReturnedStock, *, listing_id: int, sku: str
) -> UndoStep:
    """Return what taking back an import makes of a listing, given its versions up to the newest."""
    by_number = {one.version: one for one in versions}
    mine = [one for one in versions if one.import_id == import_id]
    current = body.document(versions[-1].body)
    steps: list[tuple[Document, Document]] = []
    for one in mine:
        before = by_number.get(one.version - 1)
        if before:
            steps.append((body.document(before.body), body.document(one.body)))
    if mine[0].version == 1:
        back = _archived(current, body.document(mine[-1].body))
    else:
        back = rules.put_back(current, steps, stock)
    if len(steps) < len(mine) and mine[0].version != 1:
        back = replace(back, left=(*back.left, Left((), KeptReason.NOT_KEPT)))
    return _step(current, back, listing_id=listing_id, sku=sku)


def restored(
    versions: Sequence[Version], number: int, stock: ReturnedStock, *, listing_id: int, sku: str
) -> UndoStep:
    """Return what bringing a listing to version ``number``, which is kept, makes of it."""
    then = next(one for one in versions if one.version == number)
    current = body.document(versions[-1].body)
    back = rules.put_back(current, [(body.document(then.body), current)], stock)
    return _step(current, back, listing_id=listing_id, sku=sku)


def judged(step: UndoStep) -> UndoStep:
    """Return a step as it will be judged when it is stored: what is refused stays as it is."""
    problems = check(step.document).problems if step.document is not None else ()
    refused = [problem for problem in problems if is_refused(problem)]
    return refusing(step, refused) if refused else step


def refusing(step: UndoStep, problems: Sequence[Problem]) -> UndoStep:
    """Return a step that leaves its listing as it is, because it may not be stored."""
    words = "; ".join(f"{one.pointer} {one.message}".strip() for one in problems)
    left = (*step.left, Left((), KeptReason.REFUSED, words))
    return UndoStep(listing_id=step.listing_id, sku=step.sku, document=None, left=left)


def stock_since(versions: Sequence[Version], number: int) -> datetime:
    """Return since when the quantities of version ``number`` were as they are in it.

    What was sold since is no longer there. Of a version that is not kept, since the oldest.
    """
    since = versions[0].accepted_at
    then: Mapping[str, object] | None = None
    for one in versions:
        if one.version > number:
            break
        quantities = _quantities(body.document(one.body))
        if quantities != then:
            since, then = one.accepted_at, quantities
    return since


def _archived(current: Document, made: Document) -> PutBack:
    """Return a listing that the import created as archived, unless it was changed since."""
    if current.get("status") == "archived":
        return PutBack(current, {}, ())
    since = [path for path in diff.changes(made, current) if not rules.is_stock(path)]
    if since:
        return PutBack(current, {}, (Left((), KeptReason.CHANGED_SINCE),))
    document = {**current, "status": "archived"}
    return PutBack(document, diff.changes(current, document), ())


def _step(current: Document, back: PutBack, *, listing_id: int, sku: str) -> UndoStep:
    if not back.changes:
        return UndoStep(listing_id=listing_id, sku=sku, document=None, left=back.left)
    status = str(back.document.get("status", "active"))
    changed = status != current.get("status", "active")
    return UndoStep(
        listing_id=listing_id,
        sku=sku,
        document=back.document,
        fields=tuple(back.changes),
        left=back.left,
        status=status if changed else None,
        becomes_group=becomes_group(*map(_variant_count, (current, back.document))),
    )


def _variant_count(document: Document) -> int:
    return len(diff.variants(document))


def _quantities(document: Document) -> dict[str, object]:
    rows = diff.variants(document)
    return {"": document.get("quantity")} | {sku: row.get("quantity") for sku, row in rows.items()}
