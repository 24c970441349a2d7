"""The leaves that eBay's files know of the three documents; any other is new at eBay.

Source: Inventory API 1.18, ``InventoryItem``, ``EbayOfferDetailsWithId``, ``InventoryItemGroup``. A
list is one leaf, whatever its elements say.
"""

from collections.abc import Mapping

from baysync.ownership.model import Path

_ITEM = (
    "availability.pickupAtLocationAvailability condition conditionDescription conditionDescriptors "
    "product.aspects"
)
_ON_HAND = "availabilityDistributions quantity"
_PARCEL = (
    "dimensions.height dimensions.length dimensions.unit dimensions.width packageType "
    "shippingIrregular weight.unit weight.value"
)
_PRODUCT = "brand description ean epid imageUrls isbn mpn subtitle title upc videoIds"
_OFFER = (
    "availableQuantity categoryId charity.charityId charity.donationPercentage hideBuyerDetails "
    "includeCatalogProductDetails listingDescription listingDuration listingStartDate lotSize "
    "merchantLocationKey quantityLimitPerBuyer secondaryCategoryId storeCategoryNames "
    "tax.applyTax tax.thirdPartyTaxCategory tax.vatPercentage"
)
_RESPONSIBILITY = (
    "ecoParticipationFee.currency ecoParticipationFee.value producerProductId "
    "productDocumentationId productPackageId shipmentPackageId"
)
_POLICIES = (
    "bestOfferTerms.autoAcceptPrice.currency bestOfferTerms.autoAcceptPrice.value "
    "bestOfferTerms.autoDeclinePrice.currency bestOfferTerms.autoDeclinePrice.value "
    "bestOfferTerms.bestOfferEnabled eBayPlusIfEligible fulfillmentPolicyId paymentPolicyId "
    "productCompliancePolicyIds regionalProductCompliancePolicies.countryPolicies "
    "regionalTakeBackPolicies.countryPolicies returnPolicyId shippingCostOverrides "
    "takeBackPolicyId"
)
_MONEY = ("currency", "value")
_AMOUNTS = "auctionReservePrice auctionStartPrice minimumAdvertisedPrice originalRetailPrice price"
_REGULATORY = (
    "documents energyEfficiencyLabel.imageDescription energyEfficiencyLabel.imageURL "
    "energyEfficiencyLabel.productInformationSheet hazmat.component hazmat.pictograms "
    "hazmat.signalWord hazmat.statements productSafety.component productSafety.pictograms "
    "productSafety.statements repairScore responsiblePersons"
)
_MAKER = (
    "addressLine1 addressLine2 city companyName contactUrl country email phone postalCode "
    "stateOrProvince"
)
_GROUP = (
    "aspects description imageUrls subtitle title variantSKUs variesBy.aspectsImageVariesBy "
    "variesBy.specifications videoIds"
)


def _below(head: str, names: str) -> list[Path]:
    return [(*head.split("."), *name.split(".")) for name in names.split()]


def _paths(dotted: str) -> list[Path]:
    return [tuple(each.split(".")) for each in dotted.split()]


KNOWN: Mapping[str, tuple[Path, ...]] = {
    "item": (
        *_paths(_ITEM),
        *_below("availability.shipToLocationAvailability", _ON_HAND),
        *_below("packageWeightAndSize", _PARCEL),
        *_below("product", _PRODUCT),
    ),
    "offer": (
        *_paths(_OFFER),
        *_below("extendedProducerResponsibility", _RESPONSIBILITY),
        *_below("listingPolicies", _POLICIES),
        *_below("pricingSummary", "originallySoldForRetailPriceOn pricingVisibility"),
        *(("pricingSummary", name, part) for name in _AMOUNTS.split() for part in _MONEY),
        *_below("regulatory", _REGULATORY),
        *_below("regulatory.manufacturer", _MAKER),
    ),
    "group": tuple(_paths(_GROUP)),
}
OPEN = frozenset(_paths("product.aspects aspects variantSKUs variesBy.specifications"))
"""Leaves that hold names of the shop's and the seller's own."""
