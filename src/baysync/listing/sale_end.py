"""A sale price without an end counts until a file says a price and no sale price; pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from baysync.listing.merge import Document, sku_in

_SALE = {"sale_price": None, "sale_from": None, "sale_until": None}


def ended_sales(patch: Document, stored: Document) -> tuple[Document, tuple[str, ...]]:
    """Return a patch of a file that ends the sales it ends, and notes that say which.

    A price without a sale price ends the sale of that listing or variant, unless the sale has an
    end of its own.
    """
    variants = {sku_in(row): row for row in _rows(stored)}
    over: list[str] = []

    def ended(part: Document, before: Document, sku: str) -> Document:
        if not _is_over(part, before):
            return part
        over.append(sku)
        return {**part, **_SALE}

    changed = dict(ended(patch, stored, str(stored.get("sku", ""))))
    if rows := list(_rows(patch)):
        changed["variants"] = [
            ended(row, variants.get(sku, {}), sku or "") for row in rows for sku in [sku_in(row)]
        ]
    return changed, tuple(_words(over))


def _is_over(part: Document, before: Document) -> bool:
    return (
        part.get("price") is not None
        and "sale_price" not in part
        and before.get("sale_price") is not None
        and not before.get("sale_until")
    )


def _rows(document: Document) -> Iterator[Document]:
    rows = document.get("variants")
    for row in cast("Sequence[object]", rows) if isinstance(rows, list | tuple) else ():
        if isinstance(row, Mapping):
            yield cast("Document", row)


def _words(skus: Sequence[str]) -> Iterator[str]:
    for sku in skus:
        yield f"{sku}: its sale price had no end and is over, for the file has a price and no sale"
