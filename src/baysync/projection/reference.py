"""Judge a resolved listing by what eBay asks on the marketplace, as far as that is known."""

from baysync.ebay.marketplace import Marketplace
from baysync.listing.model import Listing, PolicyChoice, Regulatory
from baysync.projection import spelling
from baysync.projection.model import Block
from baysync.projection.variants import numberless
from baysync.reference import preflight
from baysync.reference.aspects import IDENTIFIERS
from baysync.reference.model import MarketplaceRules, SellerPolicies, Subject


def blocks(
    resolved: Listing, marketplace: Marketplace, rules: MarketplaceRules
) -> tuple[Block, ...]:
    """Return what eBay would refuse in ``resolved`` by ``rules``, with pointers into it."""
    return tuple(
        Block(reason=found.reason, pointer=found.pointer, rule=found.rule, fix=found.fix)
        for found in preflight.problems(subject(resolved, marketplace), rules)
    )


def subject(resolved: Listing, marketplace: Marketplace) -> Subject:
    """Return what reference data judges of ``resolved`` on ``marketplace``."""
    chosen = resolved.policies or PolicyChoice()
    return Subject(
        category=resolved.category,
        condition=resolved.condition,
        aspects=resolved.aspects,
        identifiers=_identifiers(resolved),
        language=marketplace.language,
        location=resolved.location,
        policies=SellerPolicies(
            fulfillment=_one(chosen.fulfillment),
            payment=_one(chosen.payment),
            return_=_one(chosen.return_),
        ),
        contacts=_contacts(resolved.regulatory),
        marketplace=marketplace.name,
        varied=_varied(resolved),
    )


def _contacts(named: Regulatory | None) -> tuple[str | None, ...]:
    """Return the countries of who is named; a manufacturer without a company is none to eBay."""
    maker = named and named.manufacturer
    people = (maker if maker and maker.company else None, *(named.responsible if named else ()))
    return tuple(who and (who.country or "").strip().upper() for who in people)


def _one(policy: str | None) -> tuple[str, ...]:
    return (policy,) if policy else ()


def _identifiers(resolved: Listing) -> frozenset[str]:
    """Return the names that are answered for: identifiers, and the brand in whatever language.

    A product number of any kind answers for all kinds: eBay knows them apart by their length. Of
    variants each must have its own, unless the listing says that there are none.
    """
    variants = resolved.variants
    own = [variant.gtins or numberless(resolved) for variant in variants] or [resolved.gtins]
    numbers = IDENTIFIERS - {"mpn"} if all(own) else ()
    maker = resolved.mpn or (variants and all(variant.mpn for variant in variants))
    brand = spelling.identity(resolved.brand, resolved.aspects, spelling.BRAND)
    return frozenset(
        (*numbers, *(spelling.MPN if maker else ()), *(spelling.BRAND if brand else ()))
    )


def _varied(resolved: Listing) -> dict[str, tuple[str, ...]]:
    values: dict[str, dict[str, None]] = {}
    for variant in resolved.variants:
        for name, value in variant.options.items():
            values.setdefault(name, {}).update({value: None} if value else {})
    return {name: tuple(distinct) for name, distinct in values.items()}
