"""Price and quantity of a listing on one marketplace, by the rules of its account."""

from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from baysync.account.model import Defaults
from baysync.ebay.marketplace import MARKETPLACES
from baysync.listing.model import Listing, Override, Variant, VariantOverride
from baysync.projection import pricing
from baysync.projection.pricing import Priced, Stocked

NOTHING = VariantOverride()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Price and quantity of one SKU, each with the words that explain it."""

    sku: str
    price: Priced | None
    quantity: Stocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What decides price and quantity on marketplace ``at``: its override, its account's rules.

    ``currency`` is that of the listing, None where it says none.
    """

    at: str
    override: Override
    rules: Defaults
    currency: str | None

    @property
    def into(self) -> str:
        """The currency in which the marketplace trades."""
        return MARKETPLACES[self.at].currency

    @property
    def said(self) -> str:
        """The currency of prices that are said for this very marketplace."""
        return self.override.currency or self.currency or self.rules.currency or self.into

    @property
    def shop(self) -> str:
        """The currency of all other prices; empty where nothing says it, but there are rates."""
        prices = (each.price for each in (self.override.variants or {}).values())
        is_given = any(price is not None for price in (self.override.price, *prices))
        own = None if is_given else self.override.currency
        usual = "" if self.rules.pricing.rates else self.into
        return own or self.currency or self.rules.currency or usual

    def of(self, variant: Variant) -> VariantOverride:
        """Return what is said of a variant for this marketplace."""
        return (self.override.variants or {}).get(variant.sku, NOTHING)

    def whole(self, own: Listing) -> Priced | None:
        """Return the price of the listing, for what has none of its own."""
        if self.override.price is not None:
            return self._said(self.override.price)
        return None if own.price is None else self._ruled(own.price)

    def price(self, variant: Variant) -> Priced | None:
        """Return the price of a variant; None where it has none of its own."""
        if (price := self.of(variant).price) is not None:
            return self._said(price)
        return None if variant.price is None else self._ruled(variant.price)

    def stock(self, own: Listing) -> Stocked:
        """Return how many of a listing without variants are offered."""
        said = self.override.quantity
        return pricing.stock(_units(own), self.rules.stock) if said is None else Stocked(said)

    def stock_of(self, variant: Variant) -> Stocked:
        """Return how many of a variant are offered."""
        said = self.of(variant).quantity
        return pricing.stock(_units(variant), self.rules.stock) if said is None else Stocked(said)

    def _said(self, price: Decimal) -> Priced:
        """A price said for here stands, unless it is in another currency than the marketplace's."""
        if self.said == self.into:
            return Priced(price, self.said, f"{price:f}, as the listing says for {self.at}")
        return pricing.price(price, self.said, self.rules.pricing, self.into)

    def _ruled(self, price: Decimal) -> Priced:
        return pricing.price(price, self.shop, self.rules.pricing, self.into)


def _units(part: Listing | Variant) -> int:
    return part.quantity if isinstance(part.quantity, int) else 0


def place(listing: Listing, rules: Defaults, at: str) -> Place:
    """Return what decides the terms of ``listing`` on ``at``."""
    override = listing.overrides.get(at, Override())
    return Place(at=at, override=override, rules=rules, currency=listing.currency)


def applied(own: Listing, here: Place) -> Listing:
    """Return ``own``, the listing as it stands ``here``, with the account's price and stock rules.

    Its currency is the marketplace's unless a price could not be turned into that.
    """
    whole = here.whole(own)
    variants = [(each, here.price(each)) for each in own.variants]
    used = [price or whole for _, price in variants] or [whole]
    return replace(
        own,
        currency=_currency([price for price in used if price], here),
        price=whole and whole.value,
        quantity=here.stock(own).value,
        variants=tuple(
            replace(each, price=price and price.value, quantity=here.stock_of(each).value)
            for each, price in variants
        ),
    )


def explained(own: Listing, here: Place) -> list[Term]:
    """Return price and quantity ``here`` of each SKU of ``own`` with their explanations."""
    whole = here.whole(own)
    if not own.variants:
        return [Term(sku=own.sku, price=whole, quantity=here.stock(own))]
    return [
        Term(sku=each.sku, price=here.price(each) or whole, quantity=here.stock_of(each))
        for each in own.variants
    ]


def _currency(prices: list[Priced], here: Place) -> str:
    """Return the marketplace's currency, or the one that there is no rate for."""
    if not prices:
        return here.into if here.shop in here.rules.pricing.rates else here.shop
    return next((price.currency for price in prices if price.currency != here.into), here.into)
