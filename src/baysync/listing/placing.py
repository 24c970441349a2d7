"""Which listing a draft speaks of, pure: by what its shop calls the product, by SKU, by variant."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from baysync.listing import options
from baysync.listing.catalogue import Catalogue, Entry
from baysync.listing.draft import Draft, Op
from baysync.listing.merge import sku_in
from baysync.listing.model import Listing, ListingStatus, Problem

Fields = Mapping[str, object]
_OF_ITEM = (
    *("backorders", "gtins", "mpn", "price", "quantity"),
    *("sale_from", "sale_price", "sale_until", "weight"),
)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a draft belongs: ``entry`` None is a listing to be made, unless there is a problem."""

    entry: Entry | None = None
    problem: Problem | None = None


def place(draft: Draft, sku: str, catalogue: Catalogue) -> Placed:
    """Return the listing that a patch or a merge speaks of."""
    if draft.identity:
        return _of_product(draft.identity, sku, catalogue, draft.op)
    places = catalogue.places(sku)
    if len(places) > 1:
        return Placed(problem=ambiguous("/sku", sku, places))
    if not places and draft.op is Op.PATCH:
        return Placed(problem=_unknown(sku))
    return Placed(places[0] if places else None)


def _of_product(identity: str, sku: str, catalogue: Catalogue, op: Op) -> Placed:
    own, holder = catalogue.of_identity(identity), catalogue.get(sku)
    if own is None and holder is None and op is Op.PATCH:
        return Placed(problem=_unknown(sku))
    if holder is None or holder is own:
        return Placed(own)
    other = holder.identity and holder.identity != identity and not holder.is_archived
    if own or other:
        return Placed(problem=_of_another(sku, holder))
    return Placed(holder)


def under_parent(draft: Draft, catalogue: Catalogue) -> Draft | Problem:
    """Return the draft of a variant that came without its product, as one of a stored listing.

    That is the product that its row names, else the listing that has a variant of its SKU; of one
    found so, options and identity stay as they are. Where there is neither, return why not.
    """
    if draft.identity:
        known = catalogue.of_identity(draft.identity) is not None
    else:
        known = bool(catalogue.places(sku_in(draft.document) or ""))
    if known:
        return draft
    (fields,) = cast("Sequence[Fields]", draft.document["variants"])
    sku = sku_in(fields) or ""
    places = catalogue.places(sku)
    if not places:
        return _parentless(draft.parent, sku)
    alone = {name: value for name, value in fields.items() if name != "options"}
    return replace(draft, document=alone, identity=None)


def of_its_variants(draft: Draft, catalogue: Catalogue) -> Draft:
    """Return a patch of a product that nobody knows as one of the listing that has its SKUs.

    A listing that came from elsewhere has no identity of the shop; its variants have SKUs.
    """
    known = catalogue.of_identity(draft.identity) or catalogue.get(sku_in(draft.document))
    if not draft.identity or draft.op is not Op.PATCH or known:
        return draft
    variants = cast("Sequence[Fields]", draft.document.get("variants") or ())
    skus = [sku_in(each) for each in (variants or [draft.document])]
    found = {each.sku: each for sku in skus if sku for each in catalogue.places(sku)}
    if len(found) != 1:
        return draft
    document = {**draft.document, "sku": next(iter(found))} if variants else draft.document
    return replace(draft, identity=None, document=document)


def of_one_variant(draft: Draft, own: Entry) -> Draft:
    """Return the only row of a product with variants as one of the variant that it names.

    A file with a row for one variant reads like a product without any. The variant is known by its
    SKU, or by its options where SKUs were made.
    """
    fields = dict(draft.document)
    sku = _sku_by_options(fields, own) if draft.skus_made else sku_in(fields)
    if sku is None or sku == own.sku:
        return draft
    if draft.skus_made:
        del fields["aspects"]
    item = {name: fields.pop(name) for name in _OF_ITEM if name in fields}
    return replace(
        draft,
        document={**fields, "sku": own.sku, "variants": [{"sku": sku, **item}]},
        empty=tuple(_of_item(at) for at in draft.empty),
    )


def _sku_by_options(fields: Fields, own: Entry) -> str | None:
    """Return the SKU of the variant that has the item specifics of a row as its options."""
    aspects = cast("Mapping[str, Sequence[str]]", fields.get("aspects") or {})
    at = options.place({name: ", ".join(values) for name, values in aspects.items()})
    variants = cast("Sequence[Fields]", own.document.get("variants") or ())
    return next((str(one["sku"]) for one in variants if options.place(_options(one)) == at), None)


def _of_item(at: str) -> str:
    return f"/variants/0{at}" if at.removeprefix("/") in _OF_ITEM else at


def known_by_options(draft: Draft, own: Entry) -> Draft:
    """Return a draft of the listing ``own`` under the SKUs that this has; others stay as made."""
    fields = {name: value for name, value in draft.document.items() if name != "sku"}
    known = {
        options.place(_options(each)): each["sku"]
        for each in cast("Sequence[Fields]", own.document.get("variants") or ())
    }
    if "variants" in fields:
        fields["variants"] = [
            {**each, "sku": known.get(options.place(_options(each)), each.get("sku"))}
            for each in cast("Sequence[Fields]", fields["variants"])
        ]
    return replace(draft, document=fields)


def _options(variant: Fields) -> Fields:
    return cast("Fields", variant.get("options") or {})


def twice(drafts: Sequence[Draft]) -> dict[int, Problem]:
    """Return the drafts, by index, whose SKU another product of the same batch has too.

    Those of which the reader of their file has said so already are left out.
    """
    lines: dict[str, dict[str, int]] = defaultdict(dict)
    for draft in drafts:
        for sku in named(draft) if draft.identity else ():
            lines[sku].setdefault(draft.identity or "", draft.line)
    return {
        index: _two(sku, lines[sku])
        for index, draft in enumerate(drafts)
        if draft.identity and all(problem.rule != "same_sku" for problem in draft.problems)
        for sku in named(draft)
        if len(lines[sku]) > 1
    }


def overtaken(placed: Sequence[tuple[object, Draft]]) -> set[int]:
    """Return the drafts, by index, that a later one says anew: it has their SKU or is the listing.

    Each comes with the key of its listing, None where it has none. Drafts of several variants of
    one listing all count.
    """
    found: set[int] = set()
    later: set[tuple[object, str | None]] = set()
    for index, (key, draft) in reversed(list(enumerate(placed))):
        if key is None:
            continue
        name = key, sku_in(draft.document)
        if name in later or (key, None) in later:
            found.add(index)
        later |= {name, (key, None)} if draft.op is Op.PUT else {name}
    return found


def named(draft: Draft) -> list[str]:
    """Return the SKUs that a draft names: its own and those of its variants."""
    variants = draft.document.get("variants")
    entries = cast("Sequence[object]", variants) if isinstance(variants, list | tuple) else ()
    documents = [
        draft.document,
        *(cast("Mapping[str, object]", each) for each in entries if isinstance(each, Mapping)),
    ]
    return [sku for document in documents if (sku := sku_in(document))]


def clashes(listing: Listing, before: Entry | None, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the SKUs that this listing would be the second to have."""
    if listing.status is ListingStatus.ARCHIVED:
        return
    had = {before.sku, *before.names} if before and not before.is_archived else set[str]()
    own = {listing.sku, before.sku if before else listing.sku}
    skus = {"/sku": listing.sku} | {
        f"/variants/{at}/sku": each.sku for at, each in enumerate(listing.variants)
    }
    for at, sku in skus.items():
        others = [e for e in catalogue.places(sku) if e.sku not in own and not e.is_archived]
        if sku not in had and others:
            yield ambiguous(at, sku, others)


def ambiguous(at: str, sku: str, places: Sequence[Entry]) -> Problem:
    """Return the refusal of a SKU that the listings ``places`` have already."""
    words = " and ".join(
        f"{each.sku} is a listing" if each.sku == sku else f"a variant of {each.sku} has it"
        for each in places
    )
    return Problem(
        pointer=at,
        rule="ambiguous_sku",
        message=f"{sku} means more than one thing: {words}",
        fix="give each its own SKU, or archive the listing that has it",
    )


def _unknown(sku: str) -> Problem:
    return Problem(
        pointer="/sku",
        rule="unknown_sku",
        message=f"no listing has the SKU {sku}",
        fix="send the whole listing first",
    )


def _parentless(parent: str, sku: str) -> Problem:
    name = f"nor is a variant {sku}" if sku else "and its variation has no SKU"
    return Problem(
        pointer="/variants",
        rule="missing_parent",
        message=f"the product {parent[:60]!r} is neither in the file nor stored, {name}",
        fix="export the variable product together with its variations",
    )


def _of_another(sku: str, holder: Entry) -> Problem:
    product = f"the product {holder.identity}" if holder.identity else "another listing"
    return Problem(
        pointer="/sku",
        rule="sku_of_another_product",
        message=f"{sku} is the SKU of {product}",
        fix="give each product its own SKU; if it is the same product, archive that listing first",
    )


def _two(sku: str, products: Mapping[str, int]) -> Problem:
    words = " and ".join(f"{name} (row {line})" for name, line in products.items())
    return Problem(
        pointer="/sku",
        rule="sku_of_two_products",
        message=f"{sku} is the SKU of {words}",
        fix="give each product its own SKU",
    )
