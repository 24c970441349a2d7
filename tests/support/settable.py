"""Our own list of the fields that a seller can set on eBay, with an example of each.

``alone`` is false for what means nothing on a fixed price listing or beside the other examples.
The examples contradict nothing of a listing at 24.90 dollars in used condition.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple, cast

Document = dict[str, Any]


class Field(NamedTuple):
    """A path, a value that a seller may set there, and whether it can be set by itself."""

    path: str
    value: object
    alone: bool = True


DAYS: Document = {"value": 2, "unit": "DAY"}
SHELF: Document = {"merchantLocationKey": "main-warehouse", "quantity": 2, "fulfillmentTime": DAYS}
COUNTRIES = [{"country": "DE", "policyIds": ["77"]}, {"country": "FR", "policyIds": ["78", "79"]}]


def usd(value: str) -> Document:
    """Return an amount in dollars."""
    return {"value": value, "currency": "USD"}


def amount(path: str, value: str, *, alone: bool = True) -> list[Field]:
    """Return the two leaves of an amount."""
    return [Field(f"{path}.value", value, alone), Field(f"{path}.currency", "USD", alone)]


def texts(path: str, *names: str) -> list[Field]:
    """Return leaves that are plain texts, below a path."""
    return [Field(f"{path}.{name}", f"the seller's {name}") for name in names]


PERSON: Document = {
    "companyName": "Site Ltd", "addressLine1": "Road 1", "addressLine2": "Door 2", "city": "Cork",
    "contactUrl": "https://site.example", "country": "IE", "email": "a@site.example",
    "phone": "+353 1", "postalCode": "T12", "stateOrProvince": "Munster",
}  # fmt: skip
ITEM = [
    Field("availability.pickupAtLocationAvailability",
          [SHELF | {"availabilityType": "IN_STOCK"}]),
    Field("availability.shipToLocationAvailability.availabilityDistributions", [SHELF]),
    Field("availability.shipToLocationAvailability.quantity", 4),
    Field("condition", "USED_VERY_GOOD"),
    Field("conditionDescription", "A scratch below."),
    Field("conditionDescriptors",
          [{"name": "40001", "values": ["400010"], "additionalInfo": "Slab 7"}]),
    Field("packageWeightAndSize.dimensions.height", 1.5),
    Field("packageWeightAndSize.dimensions.length", 20),
    Field("packageWeightAndSize.dimensions.width", 3),
    Field("packageWeightAndSize.dimensions.unit", "INCH"),
    Field("packageWeightAndSize.packageType", "PADDED_BAGS"),
    Field("packageWeightAndSize.shippingIrregular", True),  # noqa: FBT003 -- the value itself
    Field("packageWeightAndSize.weight.value", 0.75),
    Field("packageWeightAndSize.weight.unit", "POUND"),
    Field("product.aspects.Collar (style, etc.)", ["Round", "High"]),
    Field("product.brand", "Site Brand"),
    Field("product.description", "The seller's own words."),
    Field("product.ean", ["4006381333931"]),
    Field("product.epid", "241986085"),
    Field("product.imageUrls", ["https://img.example/site.jpg"]),
    Field("product.isbn", ["9783161484100"]),
    Field("product.mpn", "SITE-1"),
    Field("product.subtitle", "The seller's subtitle"),
    Field("product.title", "The seller's title"),
    Field("product.upc", ["012345678905"]),
    Field("product.videoIds", ["v-1"]),
]  # fmt: skip
OFFER = [
    Field("availableQuantity", 4),
    Field("categoryId", "999"),
    Field("charity.charityId", "1234"),
    Field("charity.donationPercentage", "10"),
    *amount("extendedProducerResponsibility.ecoParticipationFee", "0.50"),
    *texts("extendedProducerResponsibility", "producerProductId", "productDocumentationId",
           "productPackageId", "shipmentPackageId"),
    Field("hideBuyerDetails", True),  # noqa: FBT003 -- the value itself
    Field("includeCatalogProductDetails", False),  # noqa: FBT003 -- the value itself
    Field("listingDescription", "<p>The seller's words.</p>"),
    Field("listingDuration", "GTC"),
    Field("listingStartDate", "2026-01-20T10:00:00.000Z", alone=False),
    Field("lotSize", 2),
    Field("merchantLocationKey", "main-warehouse"),
    Field("quantityLimitPerBuyer", 3),
    Field("secondaryCategoryId", "102"),
    Field("storeCategoryNames", ["/Site", "/Site/Deep"]),
    Field("tax.applyTax", True),  # noqa: FBT003 -- the value itself
    Field("tax.thirdPartyTaxCategory", "WASTE_RECYCLING_FEE"),
    Field("tax.vatPercentage", 19.5),
    Field("listingPolicies.eBayPlusIfEligible", True),  # noqa: FBT003 -- the value itself
    Field("listingPolicies.fulfillmentPolicyId", "6000000010001"),
    Field("listingPolicies.paymentPolicyId", "6000000011001"),
    Field("listingPolicies.returnPolicyId", "6000000012001"),
    Field("listingPolicies.takeBackPolicyId", "91"),
    Field("listingPolicies.productCompliancePolicyIds", ["92", "93"]),
    Field("listingPolicies.regionalProductCompliancePolicies.countryPolicies", COUNTRIES),
    Field("listingPolicies.regionalTakeBackPolicies.countryPolicies", COUNTRIES),
    Field("listingPolicies.shippingCostOverrides",
          [{"priority": 1, "shippingServiceType": "DOMESTIC", "shippingCost": usd("3.50"),
            "additionalShippingCost": usd("1.00"), "surcharge": usd("0.50")}]),
    Field("listingPolicies.bestOfferTerms.bestOfferEnabled", True, alone=False),  # noqa: FBT003 -- the value itself
    *amount("listingPolicies.bestOfferTerms.autoAcceptPrice", "9.00", alone=False),
    *amount("listingPolicies.bestOfferTerms.autoDeclinePrice", "5.00", alone=False),
    *amount("pricingSummary.price", "24.90"),
    *amount("pricingSummary.minimumAdvertisedPrice", "1049.00"),
    *amount("pricingSummary.originalRetailPrice", "1099.00"),
    *amount("pricingSummary.auctionReservePrice", "11.00", alone=False),
    *amount("pricingSummary.auctionStartPrice", "10.00", alone=False),
    Field("pricingSummary.originallySoldForRetailPriceOn", "OFF_EBAY"),
    Field("pricingSummary.pricingVisibility", "PRE_CHECKOUT"),
    Field("regulatory.documents", [{"documentId": "doc-1"}, {"documentId": "doc-2"}]),
    Field("regulatory.energyEfficiencyLabel.imageURL", "https://i.ebayimg.example/label.png"),
    *texts("regulatory.energyEfficiencyLabel", "imageDescription", "productInformationSheet"),
    *texts("regulatory.hazmat", "component", "signalWord"),
    Field("regulatory.hazmat.pictograms", ["GHS01", "GHS02"]),
    Field("regulatory.hazmat.statements", ["H200"]),
    *(Field(f"regulatory.manufacturer.{name}", value) for name, value in PERSON.items()),
    Field("regulatory.productSafety.component", "Small parts"),
    Field("regulatory.productSafety.pictograms", ["PS01"]),
    Field("regulatory.productSafety.statements", ["S1", "S2"]),
    Field("regulatory.repairScore", 7.5),
    Field("regulatory.responsiblePersons", [PERSON | {"types": ["EU_RESPONSIBLE_PERSON"]}]),
]  # fmt: skip
GROUP = [
    Field("aspects.Season", ["Summer", "Spring"]),
    Field("description", "<p>The seller's group.</p>"),
    Field("imageUrls", ["https://img.example/group.jpg"]),
    Field("subtitle", "The seller's subtitle"),
    Field("title", "The seller's title"),
    Field("variantSKUs", ["TEE-M", "TEE-S"]),
    Field("variesBy.aspectsImageVariesBy", ["Size"]),
    Field("variesBy.specifications", [{"name": "Size", "values": ["S", "M", "XL"]}]),
    Field("videoIds", ["v-2"]),
]
FIELDS = {"item": ITEM, "offer": OFFER, "group": GROUP}
"""Every leaf of the three documents, by kind; lists are set whole."""


WHOLE = ("Price", "Fee", ".weight", ".dimensions")
"""How the names of objects end that are one statement: their leaves are set together."""


def together(kind: str, fields: Iterable[Field]) -> Document:
    """Return values by path: those of the fields, and of what is one statement with them."""
    chosen = {field.path: field.value for field in fields}
    parents = {path.rpartition(".")[0] for path in chosen}
    whole = {parent for parent in parents if parent.endswith(WHOLE)}
    return chosen | {
        field.path: field.value for field in FIELDS[kind] if field.path.rpartition(".")[0] in whole
    }


def value_at(document: Document, path: str) -> object:
    """Return what stands at a path, or None; behind ``aspects.`` the rest is one name."""
    before, mark, name = path.partition("aspects.")
    way = [*before.rstrip(".").split("."), "aspects", name] if mark else path.split(".")
    node: object = document
    for step in way:
        if step:
            node = cast("Document", node).get(step) if isinstance(node, dict) else None
    return node
