"""How many of each SKU one marketplace is offered, by what the shop says of its stock; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import structs

from baysync.account.model import Defaults, SharedStock, Stock
from baysync.listing.model import UNTRACKED, Listing, Quantity, Variant


@dataclass(frozen=True, slots=True)
class Stocked:
    """A quantity on a marketplace; ``words`` are empty where no rule changed it.

    ``value`` is None where nobody says it. ``untracked``: the shop does not count it, and the
    account says how many are offered.
    """

    value: int | None
    words: str = ""
    untracked: bool = False


def stock(shop: int, rules: Stock) -> Stocked:
    """Return how many of the shop's ``shop`` pieces a marketplace is offered; never below 0."""
    kept = min(shop, rules.buffer)
    value = shop - kept
    words = f" - {kept} kept back" if kept else ""
    if rules.cap is not None and value > rules.cap:
        value, words = rules.cap, f"{words}, at most {rules.cap}"
    return Stocked(value, f"{value} = {shop}{words}" if words else "")


def alone(quantity: Quantity | None, rules: Defaults, *, backorders: bool) -> Stocked:
    """Return how many are offered of what shares its stock with nothing."""
    if quantity is None:
        return Stocked(None)
    if quantity == UNTRACKED:
        offered = rules.untracked_quantity
        words = "" if offered is None else f"{offered} of what is not counted, as the account says"
        return Stocked(offered, words, untracked=True)
    if quantity == 0 and backorders:
        extra = rules.backorder_quantity
        return Stocked(extra, f"{extra} on backorder, as the account says")
    return stock(quantity, rules.stock)


def of_variants(
    own: Listing, said: Mapping[str, int], pile: int | None, rules: Defaults
) -> dict[str, Stocked]:
    """Return how many of each variant of ``own`` are offered, by SKU.

    ``said`` are the quantities that are said of variants for this very marketplace, ``pile`` is
    that of the listing (None: none is): they stand. Variants that say none share the listing's,
    and together they are never offered more than that.
    """
    shared = _shared(own, said, pile, rules)
    return {each.sku: _of_variant(each, said, shared, rules) for each in own.variants}


def _of_variant(
    variant: Variant, said: Mapping[str, int], shared: Mapping[str, Stocked], rules: Defaults
) -> Stocked:
    if variant.sku in said:
        return Stocked(said[variant.sku])
    if variant.quantity is None:
        return shared[variant.sku]
    return alone(variant.quantity, rules, backorders=variant.backorders)


def _shared(
    own: Listing, said: Mapping[str, int], pile: int | None, rules: Defaults
) -> dict[str, Stocked]:
    """Return what each variant is offered of the listing's stock that says none of its own."""
    skus = [each.sku for each in own.variants if each.quantity is None]
    takers = [sku for sku in skus if sku not in said]
    # The buffer is kept back once, of the whole; the cap holds for what each is offered.
    uncapped = structs.replace(rules, stock=Stock(buffer=rules.stock.buffer))
    whole = alone(own.quantity, uncapped, backorders=own.backorders)
    cap = rules.stock.cap
    if pile is not None:
        whole, cap = Stocked(pile), None
    if whole.value is None or whole.untracked:
        return dict.fromkeys(takers, whole)
    left = max(0, whole.value - sum(said.get(sku, 0) for sku in skus))
    shares = _dealt(left, len(takers), rules.shared_stock)
    words = f" of the {whole.words or whole.value} that {len(skus)} variants share"
    return {
        sku: _capped(share, cap, whole.words if len(skus) == 1 else f"{share}{words}")
        for sku, share in zip(takers, shares, strict=True)
    }


def _dealt(left: int, takers: int, how: SharedStock) -> list[int]:
    """Return the shares of ``left``: all to the first, or the same to each, the first ones first.

    7 over 2: 7 and 0, or 4 and 3.
    """
    if how is SharedStock.FIRST:
        return [left if not index else 0 for index in range(takers)]
    share, more = divmod(left, takers or 1)
    return [share + (index < more) for index in range(takers)]


def _capped(share: int, cap: int | None, words: str) -> Stocked:
    if cap is None or share <= cap:
        return Stocked(share, words)
    return Stocked(cap, f"{cap} = {words or share}, at most {cap}")
