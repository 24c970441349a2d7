"""What stored listings lose by what comes in: filled fields, and variants; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from baysync.listing.history import diff, wording
from baysync.listing.history.model import ABSENT, Document, Path
from baysync.listing.judge import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What one listing loses.

    Attributes:
        fields: the names of the fields that are emptied, one for all variants.
        variants: the SKUs of the variants that go; one whose options stay is renamed, not lost.
    """

    fields: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()


def of_batch(judged: Sequence[Judged]) -> dict[int, Loss]:
    """Return what listings lose from before a batch to after it, by the id of the listing."""
    before: dict[int, Document] = {}
    after: dict[int, Document] = {}
    for one in judged:
        if one.entry and one.before and one.entry.id is not None:
            if one.entry.id not in before and one.before.body != one.entry.body:
                before[one.entry.id] = one.before.document
            after[one.entry.id] = one.entry.document
    losses = {at: lost(document, after[at]) for at, document in before.items()}
    return {at: loss for at, loss in losses.items() if loss.fields}


def lost(before: Document, after: Document) -> Loss:
    """Return what a listing loses by becoming ``after``."""
    variants = tuple(_variants_lost(before, after))
    gone = {
        name
        for path, change in diff.changes(before, after).items()
        if not is_empty(change.before) and is_empty(change.after)
        if (name := _name(path, variants))
    }
    return Loss(fields=tuple(sorted(gone)), variants=variants)


def is_empty(value: object) -> bool:
    """Tell whether a field of a document says nothing; 0 and false say something."""
    return value is None or value is ABSENT or value in ("", [], {})


def _name(path: Path, lost: Sequence[str]) -> str:
    """Return the name of a field, one for all variants; empty of what is no loss."""
    match path:
        case (diff.VARIANTS,) | ("status",):
            return ""
        case (diff.VARIANTS, sku):
            return "variants" if sku in lost else ""
        case (diff.VARIANTS, _, name):
            return f"{name} of variants"
        case _:
            return wording.field(path)


def _variants_lost(before: Document, after: Document) -> Iterator[str]:
    had, has = _options(before), _options(after)
    stay = [options for sku, options in has.items() if sku not in had]
    for sku, options in had.items():
        if sku not in has and options not in stay:
            yield sku


def _options(document: Document) -> dict[str, Mapping[str, object]]:
    rows = diff.variants(document)
    return {sku: cast("Document", row.get("options") or {}) for sku, row in rows.items()}
