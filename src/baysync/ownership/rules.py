"""eBay's three documents: what is never sent back, what is ours, what cannot stand beside what.

Source: Inventory API 1.18, the read schemas less the request schemas; the field tables of
``createOrReplaceInventoryItem``, ``updateOffer`` and ``createOrReplaceInventoryItemGroup``.
"""

from collections.abc import Iterator
from typing import cast

from baysync.ownership.carrying import alike, amount, within
from baysync.ownership.model import Beside, CarryingRules, Drop, Json, Leaves, Path
from baysync.projection import spelling


def leaves(*dotted: str) -> Leaves:
    """Return paths that are written as eBay's documentation writes them."""
    return frozenset(tuple(each.split(".")) for each in dotted)


NUMBERS = ("ean", "isbn", "upc")
PRODUCT = tuple(("product", name) for name in ("brand", "mpn", *NUMBERS))
STOCK = ("availability", "shipToLocationAvailability", "quantity")
WAREHOUSES = ("availability", "shipToLocationAvailability", "availabilityDistributions")
PICKUP = ("availability", "pickupAtLocationAvailability")
PRICE = ("pricingSummary", "price")
POLICIES = ("listingPolicies",)
BEST_OFFER = (*POLICIES, "bestOfferTerms")
SHARED = frozenset(
    {
        "charity",
        "listingPolicies",
        "quantityLimitPerBuyer",
        "regulatory",
        "secondaryCategoryId",
        "storeCategoryNames",
        "tax",
    }
)
AMOUNTS: dict[Path, tuple[bool, tuple[Path, ...]]] = {
    (*BEST_OFFER, "autoAcceptPrice"): (False, ()),
    (*BEST_OFFER, "autoDeclinePrice"): (False, ()),
    ("pricingSummary", "originalRetailPrice"): (
        True,
        (("pricingSummary", "originallySoldForRetailPriceOn"),),
    ),
    ("pricingSummary", "minimumAdvertisedPrice"): (
        True,
        (("pricingSummary", "pricingVisibility"),),
    ),
}  # amount -> whether it must be above the price, and what means nothing without it

AMOUNT_HEADS = frozenset(path[:-1] for path in AMOUNTS)


def _beside_item(item: Beside) -> Iterator[Drop]:
    if _changed(item, ("condition",)):
        yield Drop(("conditionDescriptors",), "the condition changed")
        yield Drop(("conditionDescription",), "the condition changed")
    if any(_changed(item, path) for path in PRODUCT):
        yield Drop(("product", "epid"), "brand or product number changed")


def _beside_offer(offer: Beside) -> Iterator[Drop]:
    yield from _beside_price(offer)
    wanted, foreign = offer.wanted, offer.foreign
    if _changed(offer, (*POLICIES, "fulfillmentPolicyId")):
        yield Drop((*POLICIES, "shippingCostOverrides"), "the fulfilment policy changed")
    if foreign.get(("secondaryCategoryId",)) == wanted.get(("categoryId",)):
        yield Drop(("secondaryCategoryId",), "it is the first category now")
    if (wanted | foreign).get(("tax", "applyTax")) is not True:
        yield Drop(("tax", "thirdPartyTaxCategory"), "no tax is applied")
    if offer.context.in_group:
        yield Drop(BEST_OFFER, "a listing with variants takes no best offers")
    start = str(foreign.get(("listingStartDate",), ""))
    if offer.context.is_live or start <= offer.context.now:
        yield Drop(("listingStartDate",), "it has passed")


def _beside_price(offer: Beside) -> Iterator[Drop]:
    price = amount(offer.wanted.get((*PRICE, "value")))
    currency = offer.wanted.get((*PRICE, "currency"))
    for path, (above, others) in AMOUNTS.items():
        value = amount(offer.foreign.get((*path, "value")))
        if value is None or price is None:
            continue
        if not (value > price if above else value < price):
            reason = "it does not go with the price"
            yield from (Drop(each, reason) for each in (path, *others))
    for path, value in offer.foreign.items():
        is_amount = path[-1] == "currency"
        if not _is_all_in(currency, {"currency": value} if is_amount else value):
            yield Drop(path[:-1] if is_amount else path, "the price has another currency")


def _is_all_in(currency: object, value: object) -> bool:
    """Return whether all amounts in ``value`` have the currency of the price."""
    if isinstance(value, list):
        return all(_is_all_in(currency, each) for each in cast("list[object]", value))
    if not isinstance(value, dict):
        return True
    return all(
        each == currency if name == "currency" else _is_all_in(currency, each)
        for name, each in cast("Json", value).items()
    )


def _changed(document: Beside, prefix: Path) -> bool:
    """Return whether something that we want at or under ``prefix`` is not what eBay shows."""
    return any(
        not alike(document.shown.get(path), value)
        for path, value in document.wanted.items()
        if within(path, [prefix])
    )


def of_the_listing(sellers: Json) -> Json:
    """Return what of an offer belongs to a listing with variants: a new variant's says it too."""
    shared = {name: value for name, value in sellers.items() if name in SHARED}
    policies = shared.get("listingPolicies")
    if isinstance(policies, dict):
        rest = {n: v for n, v in cast("Json", policies).items() if n != BEST_OFFER[-1]}
        shared["listingPolicies"] = rest
    return shared


ITEM = CarryingRules(
    read_only=leaves(
        "sku",
        "locale",
        "groupIds",
        "inventoryItemGroupKeys",
        "availability.shipToLocationAvailability.allocationByFormat",
    ),
    constant=frozenset({STOCK, ("product", "description")}),
    whole=leaves("packageWeightAndSize.weight", "packageWeightAndSize.dimensions"),
    aspects=("product", "aspects"),
    same=(
        leaves("product.brand", *(f"product.aspects.{name}" for name in spelling.BRAND)),
        *(leaves(f"product.{name}", f"product.aspects.{name}") for name in ("mpn", *NUMBERS)),
    ),
    stock=STOCK,
    cut_sum=WAREHOUSES,
    cut_each=PICKUP,
    forbids=_beside_item,
)
OFFER = CarryingRules(
    read_only=leaves("offerId", "sku", "marketplaceId", "format", "status", "listing"),
    constant=leaves(
        "availableQuantity",
        "includeCatalogProductDetails",
        "listingDescription",
        "listingDuration",
        "pricingSummary.price.value",
        "pricingSummary.price.currency",
    ),
    whole=leaves("regulatory.manufacturer"),
    forbids=_beside_offer,
)
GROUP = CarryingRules(
    read_only=leaves("inventoryItemGroupKey"),
    constant=leaves("description"),
    sets=leaves("variantSKUs"),
    named=leaves("variesBy.specifications"),
    aspects=("aspects",),
)
