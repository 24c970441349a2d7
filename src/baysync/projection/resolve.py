"""Settle who decides each field: the marketplace's override, the listing, its account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from baysync.account.model import Defaults
from baysync.ebay.marketplace import MARKETPLACES
from baysync.listing.model import Listing, Override, Variant
from baysync.projection import spelling, terms
from baysync.projection.group import SINGLE
from baysync.projection.stocking import Stocked
from baysync.projection.terms import DAWN, Term

WHOLE = [name for name in Override.__struct_fields__ if name != "variants"]
BRAND_IN = {
    "de": "Marke",
    "es": "Marca",
    "fr": "Marque",
    "it": "Marca",
    "nl": "Merk",
    "pl": "Marka",
}


def resolve(
    listing: Listing,
    defaults: Defaults,
    marketplace: str,
    *,
    grouped: bool = False,
    now: datetime = DAWN,
) -> Listing:
    """Return ``listing`` as ``marketplace`` sees it: its override and the account's defaults in it.

    A listing of one variant has become one without, unless it is ``grouped`` there already. Its
    prices are those that count at ``now``; without it no dated sale has begun.
    """
    said = _worded(listing if grouped else single(listing), defaults.words)
    here = terms.place(said, defaults, marketplace, now=now)
    own = terms.applied(overridden(said, marketplace), here)
    return replace(
        own,
        aspects=_aspects(own, defaults, marketplace),
        category=_category(own, defaults),
        condition=own.condition or defaults.condition,
        location=own.location or defaults.location,
        title=spelling.text(own.title),
    )


def single(listing: Listing) -> Listing:
    """Return a listing of exactly one variant as one without: its options become aspects."""
    if len(listing.variants) != 1:
        return listing
    variant = listing.variants[0]
    overrides = {at: _single(each, variant.sku) for at, each in listing.overrides.items()}
    return replace(
        listing,
        aspects={**{name: (value,) for name, value in variant.options.items()}, **listing.aspects},
        gtins=variant.gtins or listing.gtins,
        images=(*variant.images, *listing.images),
        mpn=variant.mpn or listing.mpn,
        overrides=overrides,
        variants=(),
        weight=variant.weight or listing.weight,
        **_sold_as(listing, variant),
    )


def _sold_as(listing: Listing, variant: Variant) -> dict[str, Any]:
    """Return price and stock of the only variant: each goes with what belongs to it."""
    priced = listing if variant.price is None and variant.sale_price is None else variant
    stocked = listing if variant.quantity is None else variant
    return {
        "price": listing.price if priced.price is None else priced.price,
        "sale_price": priced.sale_price,
        "sale_from": priced.sale_from,
        "sale_until": priced.sale_until,
        "quantity": stocked.quantity,
        "backorders": stocked.backorders,
    }


def _single(override: Override, sku: str) -> Override:
    """Return an override with what it says of its only variant as said of the listing."""
    own = (override.variants or {}).get(sku)
    if own is None:
        return override
    return replace(
        override,
        price=override.price if own.price is None else own.price,
        quantity=override.quantity if own.quantity is None else own.quantity,
        variants=None,
    )


def _worded(listing: Listing, words: Mapping[str, str]) -> Listing:
    """Return ``listing`` with its item specifics and options in ``words``."""
    if not words:
        return listing
    known = {word.casefold(): said for word, said in words.items()}

    def say(word: str) -> str:
        return known.get(word.casefold(), word)

    return replace(
        listing,
        aspects={say(name): tuple(map(say, said)) for name, said in listing.aspects.items()},
        options=tuple(map(say, listing.options)),
        variants=tuple(
            replace(each, options={say(name): say(value) for name, value in each.options.items()})
            for each in listing.variants
        ),
    )


def overridden(listing: Listing, marketplace: str) -> Listing:
    """Return ``listing`` with what it says differently for ``marketplace``."""
    override = listing.overrides.get(marketplace)
    if override is None:
        return listing
    said = {name: getattr(override, name) for name in WHOLE}
    return replace(listing, **{name: value for name, value in said.items() if value is not None})


def stocks(
    listing: Listing, defaults: Defaults, marketplace: str, *, grouped: bool = False
) -> dict[str, Stocked]:
    """Return how many are offered on ``marketplace``: of each variant by SKU, or of the listing.

    A listing without variants stands under the key ``SINGLE``. So does one with a single variant,
    unless it is ``grouped`` there already.
    """
    own = listing if grouped else single(listing)
    here = terms.place(own, defaults, marketplace)
    return here.stocks(own) if own.variants else {SINGLE: here.stock(own)}


def explained(
    listing: Listing, defaults: Defaults, marketplace: str, *, now: datetime = DAWN
) -> list[Term]:
    """Return price and quantity at ``now`` of each SKU there, and how they came about."""
    own = single(listing)
    return terms.explained(own, terms.place(own, defaults, marketplace, now=now))


def category(listing: Listing, defaults: Defaults, marketplace: str) -> str | None:
    """Return the category of ``listing`` on ``marketplace``, whatever else it says."""
    return _category(overridden(single(listing), marketplace), defaults)


def _category(own: Listing, defaults: Defaults) -> str | None:
    return own.category or _mapped(own, defaults)


def _mapped(listing: Listing, defaults: Defaults) -> str | None:
    """Return the category of the shop's type, else of its first known tag or wider type."""
    known = {name.casefold(): category for name, category in defaults.categories.items()}
    for word in (listing.shop_type or "", *listing.tags, *listing.shop_types):
        if category := known.get(word.casefold()):
            return category
    return defaults.category


def _aspects(listing: Listing, defaults: Defaults, marketplace: str) -> dict[str, tuple[str, ...]]:
    """Return the item specifics; eBay wants the brand among them, in the site's language."""
    found = spelling.aspects({**defaults.aspects, **listing.aspects})
    brand = spelling.optional(listing.brand)
    if brand is None or any(name.casefold() in spelling.BRAND for name in found):
        return found
    name = BRAND_IN.get(MARKETPLACES[marketplace].language[:2], "Brand")
    return spelling.aspects({**found, name: (brand,)})
