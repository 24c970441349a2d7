"""What is left for sale of the number that the shop said: what was sold since stays sold; pure.

eBay counts the units sold of an item in one listing (``soldQuantity``) and lowers its stock by
them. The shop's number is taken to know of all that was sold until eBay was read for it.
"""

from dataclasses import dataclass, replace

from baysync.ebay_listing.model import EbayItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The stock that eBay shows, as if nothing was sold since the shop's number went out.

    ``exposed``: units that were sold and that a call of ours has put back on sale.
    """

    quantity: int
    item: EbayItem
    exposed: int = 0


def count(
    item: EbayItem,
    *,
    shown: int,
    sold: int,
    wanted: int | None,
    held: int | None,
    least: int | None,
) -> Count:
    """Return the count of an item of whose offer eBay shows ``shown`` left and ``sold`` sold.

    Where the shop wants another number than went out, it has counted what was sold; eBay's own
    stock is where to start from. Where nobody knows how many were sold before the number went
    out, what is missing of it was sold, if so many were. ``held`` is the count known before.

    ``least`` is the item's own quantity where that is lower. What an offer has too much counts
    all the same, as nobody outside eBay knows which of the two it sells from.
    """
    said, before = item.pushed_quantity, item.sold_at_push
    known, lower = replace(item, sold_quantity=sold), min(shown, shown if least is None else least)
    if said is None or wanted not in {None, said}:
        quantity = lower if shown == wanted else shown
        now = replace(known, pushed_quantity=quantity, sold_at_push=sold)
        return Count(quantity=quantity, item=now)
    if before is None:
        missing = said - shown
        before = sold - missing if 0 <= missing <= sold - item.sold_quantity else sold
    offered = shown + sold - before
    return Count(
        quantity=lower + sold - before if offered == said else offered,
        item=replace(known, sold_at_push=before),
        exposed=max(0, min(offered - max(said, held or 0), sold - before)),
    )


def with_own(counted: Count, *, own: int | None, said: int | None, wanted: int | None) -> Count:
    """Return ``counted``, or the item's ``own`` quantity where that is more than there should be.

    Sales explain as much as ``said``, the number that went out, and all that was sold; a
    replacement of the item that lands late brings back an older number. A count that is not
    ``wanted`` stays: the call that changes it sets both.
    """
    if own is None or said is None or counted.quantity != wanted:
        return counted
    explained = said + counted.item.sold_quantity
    return replace(counted, quantity=own) if own > explained else counted


def begin(item: EbayItem, *, shown: int, sold: int) -> Count:
    """Return the count of an item in a listing that is new to us: all that was sold counts."""
    quantity = shown + sold
    known = replace(item, pushed_quantity=quantity, sold_at_push=0, sold_quantity=sold)
    return Count(quantity=quantity, item=known)


def push(item: EbayItem, wanted: int, *, sold: int | None = None) -> EbayItem:
    """Return the item as ``wanted`` goes out; ``sold`` is what eBay has just said, if asked.

    A number that goes out again is not said anew: what was sold since the first time stays sold.
    """
    seen = item.sold_quantity if sold is None else sold
    if item.pushed_quantity == wanted and item.sold_at_push is not None:
        return replace(item, sold_quantity=seen)
    return replace(item, pushed_quantity=wanted, sold_at_push=sold, sold_quantity=seen)


def left(item: EbayItem, wanted: int) -> int:
    """Return what may be for sale of ``wanted``, less what was sold since it first went out."""
    if item.pushed_quantity != wanted or item.sold_at_push is None:
        return wanted
    return max(0, wanted - (item.sold_quantity - item.sold_at_push))
