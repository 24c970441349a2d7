"""The fields that eBay's files know of the three documents, each a leaf or the head of some.

Source: Inventory API 1.18, ``InventoryItem``, ``EbayOfferDetailsWithId``, ``InventoryItemGroup``.
"""

from collections.abc import Mapping

from baysync.ownership.model import Path

_PLACES = "availability.pickupAtLocationAvailability availability.shipToLocationAvailability"
_PARCEL = "dimensions packageType shippingIrregular weight"
_PRODUCT = "aspects brand description ean epid imageUrls isbn mpn subtitle title upc videoIds"
_POLICIES = (
    "bestOfferTerms eBayPlusIfEligible fulfillmentPolicyId paymentPolicyId "
    "productCompliancePolicyIds regionalProductCompliancePolicies regionalTakeBackPolicies "
    "returnPolicyId shippingCostOverrides takeBackPolicyId"
)
_PRICING = (
    "auctionReservePrice auctionStartPrice minimumAdvertisedPrice originalRetailPrice "
    "originallySoldForRetailPriceOn price pricingVisibility"
)
_REGULATORY = (
    "documents energyEfficiencyLabel hazmat manufacturer productSafety repairScore "
    "responsiblePersons"
)
_OFFER = (
    "availableQuantity categoryId charity extendedProducerResponsibility hideBuyerDetails "
    "includeCatalogProductDetails listingDescription listingDuration listingStartDate lotSize "
    "merchantLocationKey quantityLimitPerBuyer secondaryCategoryId storeCategoryNames tax"
)
_GROUP = "aspects description imageUrls subtitle title variantSKUs variesBy videoIds"


def _below(head: str, names: str) -> list[Path]:
    return [(head, name) for name in names.split()]


def _paths(dotted: str) -> list[Path]:
    return [tuple(each.split(".")) for each in dotted.split()]


KNOWN: Mapping[str, tuple[Path, ...]] = {
    "item": (
        *_paths(f"{_PLACES} condition conditionDescription conditionDescriptors"),
        *_below("packageWeightAndSize", _PARCEL),
        *_below("product", _PRODUCT),
    ),
    "offer": (
        *_paths(_OFFER),
        *_below("listingPolicies", _POLICIES),
        *_below("pricingSummary", _PRICING),
        *_below("regulatory", _REGULATORY),
    ),
    "group": tuple(_paths(_GROUP)),
}
