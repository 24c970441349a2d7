"""The stock door, pure: one number for one SKU, be it a listing's or a variant's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from msgspec.structs import replace as with_fields

from baysync.listing import body
from baysync.listing.catalogue import Catalogue, Entry
from baysync.listing.check import check, is_refused
from baysync.listing.draft import Draft, Op
from baysync.listing.judge import Judged
from baysync.listing.merge import sku_in
from baysync.listing.model import (
    Listing,
    ListingStatus,
    Override,
    Problem,
    Quantity,
    VariantOverride,
)
from baysync.listing.placing import ambiguous

MOST_ITEMS = 1000
_KNOWN = {"sku", "quantity"}
_STATES = {"draft": "a draft", "ended": "ended", "archived": "archived"}


class StockOutcome(StrEnum):
    """What became of one number."""

    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedStock:
    """How many buyers can have of one SKU on one marketplace, once what is queued is sent."""

    account: str
    marketplace: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StockResult:
    """What became of one number.

    Attributes:
        sku: the SKU as it was sent, None if it has no usable one.
        outcome: whether the shop's number differs from before.
        reason: the rule of the first problem; ``superseded`` where a later item has the SKU.
        problems: what is wrong, by JSON pointers into what was sent.
        offers: what each marketplace offers now.
        note: why none of it is sold, where the listing is not active; None where it is.
    """

    sku: str | None
    outcome: StockOutcome
    reason: str | None = None
    problems: tuple[Problem, ...] = ()
    offers: tuple[OfferedStock, ...] = ()
    note: str | None = None


def drafts(items: Sequence[object]) -> list[Draft]:
    """Return a draft for each item of a request, with what is wrong with its own fields."""
    return [_draft(item, index) for index, item in enumerate(items)]


def _draft(item: object, index: int) -> Draft:
    at = f"/items/{index}"
    if not isinstance(item, Mapping):
        problem = _problem(at, "not_an_object", "is not an object", 'write {"sku", "quantity"}')
        return Draft(line=index, document={}, op=Op.PATCH, problems=(problem,))
    fields = cast("Mapping[str, object]", item)
    missing = sorted(name for name in _KNOWN if fields.get(name) is None)
    probe = {"sku": "sku"} | {name: fields[name] for name in _KNOWN.difference(missing)}
    strange = [
        _problem(f"{at}/{name}", "unknown_field", "is not a field", "send sku and quantity alone")
        for name in sorted(fields.keys() - _KNOWN)
    ]
    found = [
        replace(one, pointer=f"{at}{one.pointer}")
        for one in check(probe).problems
        if is_refused(one)
    ]
    found += [
        _problem(f"{at}/{name}", "missing", "is missing", f"give the field {name!r}")
        for name in missing
    ]
    return Draft(line=index, document=fields, op=Op.PATCH, problems=(*strange, *found))


def restock(draft: Draft, catalogue: Catalogue) -> Judged:
    """Return what a number makes of the listing that its SKU means: quantity and nothing else."""
    sku = sku_in(draft.document)
    judged = Judged(draft=draft, sku=sku, problems=draft.problems)
    if draft.problems or sku is None:
        return judged
    entry, problem = _meant(sku, draft.line, catalogue)
    if entry is None:
        return replace(judged, problems=(problem,) if problem else ())
    asked = check({"sku": sku, "quantity": draft.document["quantity"]}).listing
    listing = restocked(body.decode(entry.body), sku, asked.quantity if asked else None)
    after = replace(entry, body=body.encode(listing))
    catalogue.put(after)
    return replace(judged, sku=entry.sku, entry=after, before=entry, listing=listing)


def _meant(sku: str, line: int, catalogue: Catalogue) -> tuple[Entry | None, Problem | None]:
    at, places = f"/items/{line}/sku", catalogue.places(sku)
    if not places:
        message = f"no listing and no variant has the SKU {sku}"
        return None, _problem(at, "unknown_sku", message, "send the whole listing first")
    if len(places) > 1:
        return None, ambiguous(at, sku, places)
    (entry,) = places
    if entry.names and sku not in entry.names and not sold_as(body.decode(entry.body), sku):
        names = ", ".join(sorted(entry.names)[:5])
        message = f"{sku} is sold in {len(entry.names)} variants"
        fix = f"send the SKUs of its variants: {names}"
        return None, _problem(at, "has_variants", message, fix)
    return entry, None


def sold_as(listing: Listing, sku: str) -> tuple[str, ...]:
    """Return the SKUs under which the stock of a SKU is sold: its own, or those that share it."""
    if not listing.variants or sku in {each.sku for each in listing.variants}:
        return (sku,)
    if listing.quantity is None:
        return ()
    return tuple(each.sku for each in listing.variants if each.quantity is None)


def restocked(listing: Listing, sku: str, quantity: Quantity | None) -> Listing:
    """Return a listing with the number of one SKU; no marketplace's own number is above it."""
    number = quantity if isinstance(quantity, int) else None
    skus = sold_as(listing, sku)
    overrides = {at: _override(each, skus, number) for at, each in listing.overrides.items()}
    if sku not in {each.sku for each in listing.variants}:
        overrides = {
            at: with_fields(each, quantity=_lowered(each.quantity, number))
            for at, each in overrides.items()
        }
        return with_fields(listing, overrides=overrides, quantity=quantity)
    variants = tuple(
        with_fields(each, quantity=quantity) if each.sku == sku else each
        for each in listing.variants
    )
    return with_fields(listing, overrides=overrides, variants=variants)


def _override(override: Override, skus: Sequence[str], number: int | None) -> Override:
    known: dict[str, VariantOverride] = dict(override.variants or {})
    if known.keys().isdisjoint(skus):
        return override
    for sku in known.keys() & set(skus):
        known[sku] = with_fields(known[sku], quantity=_lowered(known[sku].quantity, number))
    return with_fields(override, variants=known)


def _lowered(own: int | None, number: int | None) -> int | None:
    return own if own is None or number is None else min(own, number)


def results(
    judged: Sequence[Judged], offers: Mapping[tuple[int, str], Sequence[OfferedStock]]
) -> list[StockResult]:
    """Return what became of each number; ``offers`` are by listing and SKU."""
    last = {sku_in(one.draft.document): index for index, one in enumerate(judged)}
    return [
        _result(one, offers, is_last=last[sku_in(one.draft.document)] == index)
        for index, one in enumerate(judged)
    ]


def _result(
    one: Judged, offers: Mapping[tuple[int, str], Sequence[OfferedStock]], *, is_last: bool
) -> StockResult:
    sku = sku_in(one.draft.document)
    if one.entry is None or one.before is None:
        reason = one.problems[0].rule if one.problems else "unknown_sku"
        return StockResult(
            sku=sku, outcome=StockOutcome.REJECTED, reason=reason, problems=one.problems
        )
    if not is_last:
        return StockResult(sku=sku, outcome=StockOutcome.UNCHANGED, reason="superseded")
    same = one.entry.body == one.before.body
    return StockResult(
        sku=sku,
        outcome=StockOutcome.UNCHANGED if same else StockOutcome.UPDATED,
        offers=tuple(offers.get((one.entry.id or 0, sku or ""), ())),
        note=_unsold(one.entry),
    )


def _unsold(entry: Entry) -> str | None:
    if entry.status == ListingStatus.ACTIVE:
        return None
    return f"nothing is sold: the listing {entry.sku} is {_STATES[entry.status]}"


def _problem(pointer: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(pointer=pointer, rule=rule, message=message, fix=fix)
