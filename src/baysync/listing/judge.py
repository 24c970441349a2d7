"""What a draft makes of the listings that there are, pure: merged, checked, or refused."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from baysync.listing import body
from baysync.listing.catalogue import Catalogue, Entry
from baysync.listing.check import Checked, check, is_refused
from baysync.listing.decode import pointer
from baysync.listing.draft import Draft, Op
from baysync.listing.merge import Document, Merged, merge_listing, sku_in
from baysync.listing.model import Listing, ListingStatus, Problem, Variant
from baysync.listing.placing import (
    clashes,
    known_by_options,
    of_its_variants,
    of_one_variant,
    place,
    under_parent,
)
from baysync.listing.reshape import as_group, as_single, becomes_group
from baysync.listing.sale_end import ended_sales

OF_VARIANT = frozenset((*Variant.__struct_fields__, "remove"))
OF_LISTING_ONLY = frozenset(Listing.__struct_fields__) - OF_VARIANT
_OF_EACH = ("quantity", "price", "sale_price")
_NAMED = 5  # SKUs
_REVIVE = "to sell it again, PATCH its status to active"
_IN_VARIANT = re.compile(r"/variants/([0-9]+)(?=/|$)")


CHANGED_MEANWHILE = Problem(
    pointer="",
    rule="changed_meanwhile",
    message="the listing is not as it was",
    fix="look at the current value, then send the change again with its entity tag",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A draft with what it comes to.

    Attributes:
        draft: what came in.
        sku: the SKU of the listing it speaks of, None if it has no usable one.
        problems: refusals, or the blocks of what is to be stored.
        entry: what is to be stored, None when nothing is.
        before: the listing as it stood before, None where there was none.
        listing: the same as ``entry``, checked.
        notes: what was decided by itself.
        stripped: how many parts cleaning took from the description.
        kept: pointers of empty fields that the listing fills.
    """

    draft: Draft
    sku: str | None
    problems: tuple[Problem, ...] = ()
    entry: Entry | None = None
    before: Entry | None = None
    listing: Listing | None = None
    notes: tuple[str, ...] = ()
    stripped: int = 0
    kept: tuple[str, ...] = ()

    @property
    def becomes_group(self) -> bool | None:
        """Whether the listing gains variants (True) or loses them all (False); None: neither."""
        if self.before is None or self.entry is None:
            return None
        return becomes_group(len(self.before.names), len(self.entry.names))


def judge(draft: Draft, catalogue: Catalogue) -> Judged:
    """Return what a draft comes to; what is to be stored is put in the catalogue for the next."""
    known = under_parent(draft, catalogue) if draft.parent else draft
    if isinstance(known, Problem):
        return Judged(draft=draft, sku=None, problems=(*draft.problems, known))
    return _judged(known, catalogue)


def _judged(draft: Draft, catalogue: Catalogue) -> Judged:
    draft = of_its_variants(draft, catalogue)
    own = catalogue.of_identity(draft.identity)
    if own and own.names and not draft.variants_whole and "variants" not in draft.document:
        draft = of_one_variant(draft, own)
    if own and draft.skus_made:
        draft = known_by_options(draft, own)
    sku = sku_in(draft.document) or (own.sku if own else None)
    if draft.op is Op.ASK:
        return Judged(draft=draft, sku=sku, problems=draft.problems)
    if draft.op is Op.PUT or sku is None:
        whole = Merged(document=dict(draft.document))
        return _stored(Judged(draft=draft, sku=sku, before=catalogue.get(sku)), whole, catalogue)
    placed = place(draft, sku, catalogue)
    if placed.problem:
        problems = (*draft.problems, *draft.withheld, placed.problem)
        return Judged(draft=draft, sku=sku, problems=problems)
    if placed.entry is None:
        new = merge_listing({}, draft.document)
        return _stored(Judged(draft=draft, sku=sku), new, catalogue)
    judged = Judged(draft=draft, sku=placed.entry.sku, before=placed.entry)
    if not draft.identity and sku != placed.entry.sku:
        return _of_variant(judged, placed.entry, sku, catalogue)
    return _stored(judged, _merged(draft, sku, placed.entry), catalogue)


def _merged(draft: Draft, sku: str, before: Entry) -> Merged:
    """Merge a draft into its listing, which may get variants by it or lose them."""
    document, patch = before.document, {**draft.document, "sku": sku}
    notes: list[str] = []
    becomes_group = bool(patch.get("variants"))
    if draft.variants_whole and becomes_group is not bool(before.names):
        document = as_group(document) if becomes_group else as_single(document, sku)
    if draft.tabular:
        patch, over = ended_sales(patch, document)
        notes += over
    if before.stays and draft.switched_on and patch.get("status") == ListingStatus.ACTIVE:
        patch = {name: value for name, value in patch.items() if name != "status"}
        notes.append(f"{before.sku} stays {before.status}, as somebody asked: {_REVIVE}")
    if sku != before.sku:
        notes.append(f"{before.sku} is now called {sku}: it is the same product")
    merged = merge_listing(document, patch, whole=draft.variants_whole)
    problems = (*merged.problems, *_of_no_use(draft, before))
    return replace(merged, notes=(*merged.notes, *notes), problems=problems)


def _of_no_use(draft: Draft, before: Entry) -> Iterator[Problem]:
    """Yield the cells of a row for a listing that each of its variants says for itself."""
    whole = draft.variants_whole or "variants" in draft.document
    if whole or not draft.tabular or not before.names:
        return
    variants = cast("Sequence[Document]", before.document["variants"])
    for name in _OF_EACH:
        is_of_each = all(each.get(name) is not None for each in variants)
        if draft.document.get(name) is not None and is_of_each:
            skus = sorted(before.names)
            more = ", ..." if len(skus) > _NAMED else ""
            yield Problem(
                pointer=pointer("", name),
                rule="has_variants",
                message=f"would change nothing: each variant of {before.sku} has its own",
                fix=f"write a row for each of its variants: {', '.join(skus[:_NAMED])}{more}",
            )


def _of_variant(judged: Judged, before: Entry, sku: str, catalogue: Catalogue) -> Judged:
    """Judge what is said of a variant under its own SKU."""
    draft = judged.draft
    strange = sorted(draft.document.keys() & OF_LISTING_ONLY)
    fields = {name: v for name, v in draft.document.items() if name not in OF_LISTING_ONLY}
    patch, over = (
        ended_sales({"variants": [fields]}, before.document)
        if draft.tabular
        else ({"variants": [fields]}, ())
    )
    merged = merge_listing(before.document, patch)
    merged = replace(
        merged,
        notes=(*merged.notes, *over),
        places=dict.fromkeys(merged.places, ""),
        problems=tuple(
            replace(found, pointer=found.pointer.removeprefix("/variants/0"))
            for found in merged.problems
        ),
    )
    if strange and draft.tabular:
        words = f"{', '.join(strange)} left alone: {sku} is a variant of {before.sku}"
        merged = replace(merged, notes=(*merged.notes, words))
    elif strange:
        refused = (_of_listing(name, sku, before.sku) for name in strange)
        merged = replace(merged, problems=(*merged.problems, *refused))
    return _stored(judged, merged, catalogue)


def _of_listing(name: str, sku: str, listing: str) -> Problem:
    return Problem(
        pointer=pointer("", name),
        rule="field_of_listing",
        message=f"is a field of the whole listing, and {sku} is a variant of {listing}",
        fix=f"send it under the SKU {listing}",
    )


def _stored(judged: Judged, merged: Merged, catalogue: Catalogue) -> Judged:
    """Check a merged document, and put it in the catalogue if it is good."""
    draft, before = judged.draft, judged.before
    stored = before.digest.hex() if before and draft.is_conditional else None
    if not draft.may_change(stored):
        return replace(judged, problems=(CHANGED_MEANWHILE,))
    lacking = tuple(_lacking(draft, before))
    checked = _checked((*draft.problems, *lacking, *merged.problems), merged)
    listing = checked.listing
    found = clashes(listing, before, catalogue) if listing else ()
    taken = tuple(_as_sent(clash, merged.places) for clash in found)
    judged = replace(
        judged,
        problems=(*taken, *checked.problems, *(p for p in draft.withheld if p not in lacking)),
        notes=(*draft.notes, *merged.notes),
        stripped=checked.stripped,
    )
    if listing is None or taken:
        return replace(judged, notes=draft.notes)
    encoded = body.encode(listing)
    entry = Entry(
        sku=listing.sku,
        names=frozenset(each.sku for each in listing.variants),
        status=listing.status.value,
        body=encoded,
        identity=draft.identity or (before.identity if before else None),
        id=before.id if before else None,
        version=before.version if before else 0,
        row_sku=before.row_sku if before else None,
    )
    catalogue.put(entry, instead_of=before.sku if before else None)
    kept = tuple(_kept(draft, merged)) if before else ()
    notes = (*judged.notes, *(_turned(before, entry) if before else ()), *_unsold(draft, listing))
    return replace(judged, sku=entry.sku, entry=entry, listing=listing, kept=kept, notes=notes)


def _turned(before: Entry, after: Entry) -> Iterator[str]:
    """Yield what it means on eBay that a listing gained variants or lost them all."""
    gained = becomes_group(len(before.names), len(after.names))
    if gained is not None:
        kind = "a listing with variants" if gained else "a listing without variants"
        yield f"{after.sku} is now {kind}: on eBay the old one ends before the new one begins"


def _unsold(draft: Draft, listing: Listing) -> Iterator[str]:
    """Yield that a patched number reaches no buyer: each variant of the listing has its own."""
    patched = draft.op is Op.PATCH and draft.document.get("quantity") is not None
    names = {each.sku for each in listing.variants if each.quantity is not None}
    if patched and listing.variants and len(names) == len(listing.variants):
        sku = sku_in(draft.document)
        if sku == listing.sku and sku not in names:
            yield (
                f"quantity of {sku} changes nothing on eBay: each of its variants has its own "
                "stock, send it under their SKUs"
            )


def _lacking(draft: Draft, before: Entry | None) -> Iterator[Problem]:
    """Yield the cells that were kept back of what is new, and so would be missing from it."""
    variants = draft.document.get("variants")
    entries = cast("Sequence[object]", variants) if isinstance(variants, list | tuple) else ()
    for problem in draft.withheld:
        place = _IN_VARIANT.match(problem.pointer)
        entry = entries[int(place[1])] if place and int(place[1]) < len(entries) else None
        sku = sku_in(cast("Document", entry)) if isinstance(entry, Mapping) else None
        if before is None or (place and sku not in before.names):
            yield problem


def _checked(earlier: tuple[Problem, ...], merged: Merged) -> Checked:
    """Check a document; what was refused already stays refused, in the words of what came in."""
    document, known = merged.document, {problem.pointer for problem in earlier}
    found = check(document) if document else Checked(listing=None, problems=())
    more = [_as_sent(one, merged.places) if is_refused(one) else one for one in found.problems]
    problems = (*earlier, *(one for one in more if one.pointer not in known))
    refused = any(map(is_refused, earlier))
    return replace(found, listing=None if refused else found.listing, problems=problems)


def _as_sent(problem: Problem, places: Mapping[int, str]) -> Problem:
    """Return a problem with a pointer into what came in, where that speaks of the variant."""
    place = _IN_VARIANT.match(problem.pointer)
    if place is None or int(place[1]) not in places:
        return problem
    rest = problem.pointer[place.end() :]
    return replace(problem, pointer=f"{places[int(place[1])]}{rest}")


def _kept(draft: Draft, merged: Merged) -> Iterator[str]:
    """Yield the empty fields of a draft that were filled before."""
    if not draft.empty:
        return
    variants = {place: at for at, place in merged.places.items()}
    for at in draft.empty:
        head = _IN_VARIANT.match(at)
        place = head[0] if head else ""
        spot = f"/variants/{variants[place]}{at[len(place) :]}" if place in variants else at
        if _filled(merged.document, spot):
            yield at


def _filled(document: object, at: str) -> bool:
    """Tell whether there is anything at a JSON pointer."""
    value = document
    for part in at.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = cast("Mapping[str, object]", value).get(key)
        elif isinstance(value, list | tuple) and key.isdigit():
            value = dict(enumerate(cast("Sequence[object]", value))).get(int(key))
        else:
            return False
    return value not in (None, "", [], (), {})
