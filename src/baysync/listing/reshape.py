"""A listing that gets variants, or loses them, stays one listing; pure.

What is said of an item goes from the listing to the variant that has its SKU, and back.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from baysync.listing.merge import Document, merge

OF_ITEM = ("backorders", "gtins", "quantity", "sale_from", "sale_price", "sale_until")
_OVERRIDDEN = ("price", "quantity")


def becomes_group(before: int, after: int) -> bool | None:
    """Say whether a listing that had ``before`` variants and has ``after`` is of another kind now.

    True: it has variants now. False: it has none any more. None: it is of the kind that it was.
    """
    if before <= 1 < after:
        return True
    return False if before > 1 > after else None


def as_group(document: Document) -> dict[str, object]:
    """Return a listing without variants as one whose only variant has its SKU."""
    sku = str(document["sku"])
    item = {name: document[name] for name in OF_ITEM if name in document}
    overrides = {at: _grouped(each, sku) for at, each in _overrides(document).items()}
    shared = {name: value for name, value in document.items() if name not in item}
    return {
        **shared,
        **({"overrides": overrides} if overrides else {}),
        "variants": [{**item, "sku": sku, "options": {}}],
    }


def as_single(document: Document, sku: str) -> dict[str, object]:
    """Return a listing with variants as one without: what its variant ``sku`` says is its own."""
    variants = cast("Sequence[Document]", document.get("variants") or ())
    empty: Document = {}
    item = next((each for each in variants if each["sku"] == sku), empty)
    overrides = {at: _alone(each, sku) for at, each in _overrides(document).items()}
    gone = {"variants": None, "options": None, "quantity": None}
    own = {name: value for name, value in item.items() if name not in {"sku", "options"}}
    return merge(document, {**gone, **own}) | ({"overrides": overrides} if overrides else {})


def _overrides(document: Document) -> Mapping[str, Document]:
    return cast("Mapping[str, Document]", document.get("overrides") or {})


def _grouped(override: Document, sku: str) -> Document:
    own = {name: override[name] for name in _OVERRIDDEN if name in override}
    shared = {name: value for name, value in override.items() if name not in own}
    return {**shared, "variants": {sku: own}} if own else shared


def _alone(override: Document, sku: str) -> Document:
    variants = cast("Mapping[str, Document]", override.get("variants") or {})
    shared = {name: value for name, value in override.items() if name != "variants"}
    return {**shared, **variants.get(sku, {})}
