"""Settle who decides each field: the marketplace's override, the listing, its account's rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from baysync.account.model import Defaults
from baysync.account.model import Policies as Chosen
from baysync.ebay.marketplace import MARKETPLACES
from baysync.listing.model import Listing, Override, PolicyChoice, Variant
from baysync.projection import ruled, spelling, terms
from baysync.projection.group import SINGLE
from baysync.projection.stocking import Stocked
from baysync.projection.terms import DAWN, Term

WHOLE = [name for name in Override.__struct_fields__ if name not in {"policies", "variants"}]
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
    known = effective(listing, defaults, marketplace)
    said = _worded(listing if grouped else single(listing), known.words)
    here = terms.place(said, known, marketplace, now=now)
    own = terms.applied(overridden(said, marketplace), here)
    return replace(
        own,
        aspects=_aspects(own, known, marketplace),
        category=own.category or ruled.mapped(own, known),
        condition=own.condition or known.condition,
        location=own.location or known.location,
        policies=_policies(own.policies, known.policies),
        title=spelling.text(own.title),
    )


def effective(listing: Listing, defaults: Defaults, marketplace: str) -> Defaults:
    """Return ``defaults`` with what they say by rule for this listing on ``marketplace``."""
    own = overridden(listing, marketplace)
    return ruled.for_listing(own, defaults, own.category)


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
    if override.policies is not None:
        said["policies"] = _over(override.policies, listing.policies or PolicyChoice())
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
    own = overridden(single(listing), marketplace)
    return own.category or ruled.mapped(own, ruled.for_listing(own, defaults, own.category))


def _policies(own: PolicyChoice | None, account: Chosen) -> PolicyChoice:
    usual = PolicyChoice(
        fulfillment=account.fulfillment, payment=account.payment, return_=account.return_
    )
    return usual if own is None else _over(own, usual)


def _over(own: PolicyChoice, usual: PolicyChoice) -> PolicyChoice:
    """Return the policies that ``own`` names, the others as ``usual``."""
    return PolicyChoice(
        fulfillment=own.fulfillment or usual.fulfillment,
        payment=own.payment or usual.payment,
        return_=own.return_ or usual.return_,
    )


def _aspects(listing: Listing, defaults: Defaults, marketplace: str) -> dict[str, tuple[str, ...]]:
    """Return the item specifics; eBay wants the brand among them, in the site's language."""
    found = spelling.aspects(ruled.caseless(defaults.aspects, listing.aspects))
    brand = spelling.optional(listing.brand)
    if brand is None or any(name.casefold() in spelling.BRAND for name in found):
        return found
    name = BRAND_IN.get(MARKETPLACES[marketplace].language[:2], "Brand")
    return dict(sorted({**found, name: (brand,)}.items()))
