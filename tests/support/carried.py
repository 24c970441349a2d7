"""Bodies as a shop's listings make them, and every field that a seller can set beside them."""

import copy
from collections.abc import Iterator
from typing import cast

from baysync.ownership.model import CarryingRules, Json, Path
from baysync.ownership.rules import GROUP, ITEM, OFFER

RULES: dict[str, CarryingRules] = {"item": ITEM, "offer": OFFER, "group": GROUP}
OURS: dict[str, Json] = {
    "item": {
        "availability": {"shipToLocationAvailability": {"quantity": 5}},
        "condition": "USED_GOOD",
        "product": {
            "aspects": {"Farbe": ["rot"]},
            "brand": "Acme",
            "description": "plain",
            "imageUrls": ["https://img.example.com/1.jpg"],
            "mpn": "X1",
            "title": "Lamp",
        },
    },
    "offer": {
        "availableQuantity": 5,
        "categoryId": "100",
        "includeCatalogProductDetails": False,
        "listingDescription": "<p>d</p>",
        "listingDuration": "GTC",
        "listingPolicies": {
            "fulfillmentPolicyId": "1",
            "paymentPolicyId": "2",
            "returnPolicyId": "3",
        },
        "merchantLocationKey": "wh",
        "pricingSummary": {"price": {"currency": "EUR", "value": "10.5"}},
        "regulatory": {
            "manufacturer": {"companyName": "Acme", "country": "DE"},
            "responsiblePersons": [{"companyName": "Resp", "types": ["EU_RESPONSIBLE_PERSON"]}],
        },
    },
    "group": {
        "aspects": {"Muster": ["uni"]},
        "description": "<p>g</p>",
        "imageUrls": ["https://img.example.com/1.jpg"],
        "title": "Shirt",
        "variantSKUs": ["A", "B"],
        "variesBy": {"specifications": [{"name": "Größe", "values": ["M", "L"]}]},
    },
}
EDITS: dict[str, list[tuple[Path, object]]] = {
    "item": [
        (("product", "title"), "Other lamp"),
        (("product", "aspects", "Stoff"), ["Wolle"]),
        (("product", "imageUrls"), ["https://img.example.com/9.jpg"]),
        (("availability", "shipToLocationAvailability", "quantity"), 9),
    ],
    "offer": [
        (("listingDescription",), "<p>n</p>"),
        (("categoryId",), "300"),
        (("pricingSummary", "price", "value"), "11"),
    ],
    "group": [
        (("title",), "Other shirt"),
        (("aspects", "Muster"), ["kariert"]),
        (("variantSKUs",), ["A"]),
    ],
}


def euros(value: str) -> Json:
    return {"currency": "EUR", "value": value}


SETTABLE: dict[str, dict[str, object]] = {
    "item": {
        "availability.pickupAtLocationAvailability": [
            {"availabilityType": "IN_STOCK", "merchantLocationKey": "shop", "quantity": 3}
        ],
        "availability.shipToLocationAvailability.availabilityDistributions": [
            {"merchantLocationKey": "north", "quantity": 2}
        ],
        "conditionDescription": "a scratch on the foot",
        "conditionDescriptors": [{"name": "27501", "values": ["275010"]}],
        "packageWeightAndSize.dimensions": {
            "height": 5,
            "length": 10.5,
            "unit": "CENTIMETER",
            "width": 15,
        },
        "packageWeightAndSize.packageType": "MAILING_BOX",
        "packageWeightAndSize.shippingIrregular": True,
        "packageWeightAndSize.weight": {"unit": "GRAM", "value": 500},
        "product.aspects.Herstellungsland": ["Deutschland"],
        "product.ean": ["4006381333931"],
        "product.epid": "241986085",
        "product.isbn": ["9783161484100"],
        "product.subtitle": "with a shade",
        "product.upc": ["036000291452"],
        "product.videoIds": ["v-1"],
    },
    "offer": {
        "charity": {"charityId": "77", "donationPercentage": "10"},
        "extendedProducerResponsibility.ecoParticipationFee": euros("0.5"),
        "hideBuyerDetails": True,
        "listingPolicies.bestOfferTerms": {
            "autoAcceptPrice": euros("10"),
            "autoDeclinePrice": euros("5"),
            "bestOfferEnabled": True,
        },
        "listingPolicies.eBayPlusIfEligible": True,
        "listingPolicies.productCompliancePolicyIds": ["p1"],
        "listingPolicies.regionalTakeBackPolicies.countryPolicies": [
            {"country": "DE", "policyIds": ["t1"]}
        ],
        "listingPolicies.shippingCostOverrides": [
            {"priority": 1, "shippingCost": euros("4"), "shippingServiceType": "DOMESTIC"}
        ],
        "listingPolicies.takeBackPolicyId": "t2",
        "lotSize": 2,
        "pricingSummary.auctionReservePrice": euros("40"),
        "pricingSummary.minimumAdvertisedPrice": euros("89"),
        "pricingSummary.originalRetailPrice": euros("99"),
        "pricingSummary.originallySoldForRetailPriceOn": "ON_EBAY",
        "pricingSummary.pricingVisibility": "PRE_CHECKOUT",
        "quantityLimitPerBuyer": 3,
        "regulatory.documents": [{"documentId": "d1"}],
        "regulatory.energyEfficiencyLabel": {"imageURL": "https://img.example.com/label.png"},
        "regulatory.hazmat": {"statements": ["H200"]},
        "regulatory.manufacturer.contactUrl": "https://acme.example.com",
        "regulatory.productSafety": {"pictograms": ["choking"]},
        "regulatory.repairScore": 7.5,
        "secondaryCategoryId": "200",
        "storeCategoryNames": ["/Lamps"],
        "tax": {"applyTax": True, "thirdPartyTaxCategory": "books", "vatPercentage": 19},
    },
    "group": {
        "aspects.Material": ["Baumwolle"],
        "subtitle": "for summer",
        "variesBy.aspectsImageVariesBy": ["Größe"],
        "videoIds": ["v-2"],
    },
}


def settable() -> Iterator[tuple[str, str]]:
    """Yield kind and field of all that a seller can set beside what the shop says."""
    for kind, fields in SETTABLE.items():
        yield from ((kind, field) for field in fields)


def with_field(body: Json, path: Path, value: object) -> Json:
    """Return a copy of ``body`` that says ``value`` at ``path``; None takes the field away."""
    changed = copy.deepcopy(body)
    node = changed
    for name in path[:-1]:
        node = cast("Json", node.setdefault(name, {}))
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return changed


def field_of(body: object, path: Path) -> object:
    """Return what ``body`` says at ``path``, None for nothing."""
    for name in path:
        body = cast("Json", body).get(name) if isinstance(body, dict) else None
    return body
