"""Price and quantity of a listing on one marketplace, by the rules of its account."""

from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import UTC, datetime
from decimal import Decimal

from msgspec.structs import replace

from baysync.account.model import Defaults
from baysync.ebay.marketplace import MARKETPLACES
from baysync.listing import sale
from baysync.listing.model import Listing, Override, Variant, VariantOverride
from baysync.listing.shown import scaled
from baysync.projection import pricing, stocking
from baysync.projection.pricing import Priced
from baysync.projection.stocking import Stocked

NOTHING = VariantOverride()
DAWN = datetime(1, 1, 2, tzinfo=UTC)  # before every sale: only those without a beginning count


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Price and quantity of one SKU, each with the words that explain it."""

    sku: str
    price: Priced | None
    quantity: Stocked


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceTerms:
    """What decides price and quantity on marketplace ``at``: its override, its account's rules.

    ``currency`` is that of the listing, None where it says none; at ``now`` a dated sale price
    counts or does not.
    """

    at: str
    override: Override
    rules: Defaults
    currency: str | None
    now: datetime = DAWN

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
        return self._own(own)

    def price(self, variant: Variant) -> Priced | None:
        """Return the price of a variant; None where it has none of its own."""
        if (price := self.of(variant).price) is not None:
            return self._said(price)
        return self._own(variant)

    def stock(self, own: Listing) -> Stocked:
        """Return how many of a listing without variants are offered."""
        if (said := self.override.quantity) is not None:
            return Stocked(said)
        return stocking.alone(own.quantity, self.rules, backorders=own.backorders)

    def stocks(self, own: Listing) -> dict[str, Stocked]:
        """Return how many of each variant are offered, by SKU."""
        said = {sku: each.quantity for sku, each in (self.override.variants or {}).items()}
        known = {sku: quantity for sku, quantity in said.items() if quantity is not None}
        return stocking.of_variants(own, known, self.override.quantity, self.rules)

    def _said(self, price: Decimal) -> Priced:
        """A price said for here stands, unless it is in another currency than the marketplace's."""
        if self.said == self.into:
            shown = scaled(f"{price:f}", self.said)
            return Priced(price, self.said, f"{shown}, as the listing says for {self.at}")
        return pricing.price(price, self.said, self.rules.pricing, self.into)

    def _own(self, part: Listing | Variant) -> Priced | None:
        """Return the price that counts now, by the account's rules: the sale price in its time."""
        if part.sale_price is None or not sale.is_on(part, self.now):
            return None if part.price is None else self._ruled(part.price)
        found = self._ruled(part.sale_price)
        until = f" until {part.sale_until}" if part.sale_until else ""
        shown = found.words or scaled(f"{found.value:f}", found.currency)
        return changed(found, words=f"{shown}, the sale price{until}")

    def _ruled(self, price: Decimal) -> Priced:
        return pricing.price(price, self.shop, self.rules.pricing, self.into)


def place(listing: Listing, rules: Defaults, at: str, *, now: datetime = DAWN) -> MarketplaceTerms:
    """Return what decides the terms of ``listing`` on ``at``."""
    override = listing.overrides.get(at, Override())
    return MarketplaceTerms(
        at=at, override=override, rules=rules, currency=listing.currency, now=now
    )


def applied(own: Listing, here: MarketplaceTerms) -> Listing:
    """Return ``own``, the listing as it stands ``here``, with the account's price and stock rules.

    Its currency is the marketplace's unless a price could not be turned into that. No sale price
    is left: the price is the one that counts.
    """
    whole, stocks = here.whole(own), here.stocks(own)
    variants = [(each, here.price(each)) for each in own.variants]
    used = [price or whole for _, price in variants] or [whole]
    return replace(
        own,
        currency=_currency([price for price in used if price], here),
        price=whole and whole.value,
        quantity=here.stock(own).value,
        sale_price=None,
        variants=tuple(
            replace(
                each,
                price=price and price.value,
                quantity=stocks[each.sku].value,
                sale_price=None,
            )
            for each, price in variants
        ),
    )


def explained(own: Listing, here: MarketplaceTerms) -> list[Term]:
    """Return price and quantity ``here`` of each SKU of ``own`` with their explanations."""
    whole, stocks = here.whole(own), here.stocks(own)
    if not own.variants:
        return [Term(sku=own.sku, price=whole, quantity=here.stock(own))]
    return [
        Term(sku=each.sku, price=here.price(each) or whole, quantity=stocks[each.sku])
        for each in own.variants
    ]


def _currency(prices: list[Priced], here: MarketplaceTerms) -> str:
    """Return the marketplace's currency, or the one that there is no rate for."""
    if not prices:
        return here.into if here.shop in here.rules.pricing.rates else here.shop
    return next((price.currency for price in prices if price.currency != here.into), here.into)
