"""Price and quantity of a listing on one marketplace, by the rules of its account."""

from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from baysync.account.model import Defaults, Stock
from baysync.ebay.marketplace import MARKETPLACES
from baysync.listing.model import Listing, Override, Variant
from baysync.projection import pricing
from baysync.projection.pricing import Priced, Stocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Price and quantity of one SKU, each with the words that explain it."""

    sku: str
    price: Priced | None
    quantity: Stocked


def applied(own: Listing, override: Override | None, defaults: Defaults, at: str) -> Listing:
    """Return ``own``, the listing as it stands on ``at``, with the account's price and stock rules.

    A price or a quantity of the ``override`` is said for this very marketplace and stands; a
    price in another currency than the marketplace's is no such price.
    """
    priced = _price(own.price, _currency(own, defaults, at), override, defaults, at)
    return replace(
        own,
        currency=_settled(own, defaults, at),
        price=priced and priced.value,
        quantity=_stock(own.quantity, override, defaults.stock).value,
        variants=tuple(_variant(each, own, defaults, at) for each in own.variants),
    )


def quantity(own: Listing, override: Override | None, rules: Stock) -> int:
    """Return how many of a listing without variants are offered."""
    return _stock(own.quantity, override, rules).value


def explained(own: Listing, override: Override | None, defaults: Defaults, at: str) -> list[Term]:
    """Return price and quantity of each SKU of ``own`` on ``at`` with their explanations."""
    currency = _currency(own, defaults, at)
    whole = _price(own.price, currency, override, defaults, at)
    if not own.variants:
        stocked = _stock(own.quantity, override, defaults.stock)
        return [Term(sku=own.sku, price=whole, quantity=stocked)]
    return [
        Term(
            sku=each.sku,
            price=whole if each.price is None else _price(each.price, currency, None, defaults, at),
            quantity=pricing.stock(each.quantity, defaults.stock),
        )
        for each in own.variants
    ]


def _variant(variant: Variant, own: Listing, defaults: Defaults, at: str) -> Variant:
    priced = _price(variant.price, _currency(own, defaults, at), None, defaults, at)
    stocked = pricing.stock(variant.quantity, defaults.stock)
    return replace(variant, price=priced and priced.value, quantity=stocked.value)


def _price(
    shop: Decimal | None, currency: str, override: Override | None, defaults: Defaults, at: str
) -> Priced | None:
    if shop is None:
        return None
    into = MARKETPLACES[at].currency
    if override is not None and override.price is not None and currency == into:
        return Priced(shop, currency, f"{shop:f}, as the listing says for {at}")
    return pricing.price(shop, currency, defaults.pricing, into)


def _stock(shop: int, override: Override | None, rules: Stock) -> Stocked:
    if override is not None and override.quantity is not None:
        return Stocked(shop)
    return pricing.stock(shop, rules)


def _currency(own: Listing, defaults: Defaults, at: str) -> str:
    return own.currency or defaults.currency or MARKETPLACES[at].currency


def _settled(own: Listing, defaults: Defaults, at: str) -> str:
    """Return the currency after the rules: the marketplace's where there is a rate for it."""
    currency = _currency(own, defaults, at)
    return MARKETPLACES[at].currency if currency in defaults.pricing.rates else currency
