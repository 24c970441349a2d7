"""The shapes of request bodies: what type each field has. A wrong type is unreadable (2004).

A shape is ``str``, ``int``, ``float`` (any number), ``bool``, a list of one shape, a dict of shapes
by field, or ``Each`` of a shape for any key; the empty dict is any object. Null is a missing field.
"""

from typing import Any, NamedTuple, cast


class Each(NamedTuple):
    """An object whose every field has the same shape."""

    shape: Any


def misfit(value: object, shape: object, path: str = "") -> str | None:
    """Return the dotted path of the first field whose type is wrong, if any."""
    if value is None:
        return None
    if isinstance(shape, list):
        return _list_misfit(value, cast("list[object]", shape)[0], path)
    if isinstance(shape, Each | dict):
        return _object_misfit(value, cast("Each | dict[str, object]", shape), path)
    return None if _is(value, cast("type", shape)) else path


def stranger(value: object, shape: object) -> str | None:
    """Return the name of the first field, at any depth, that the shape does not have, if any."""
    if isinstance(value, list) and isinstance(shape, list):
        inner = [(one, cast("list[object]", shape)[0]) for one in cast("list[object]", value)]
    elif isinstance(value, dict) and isinstance(shape, dict) and shape:
        document, known = cast("dict[str, object]", value), cast("dict[str, object]", shape)
        if unknown := sorted(document.keys() - known):
            return unknown[0]
        inner = [(one, known[name]) for name, one in document.items()]
    else:
        return None
    return next((found for pair in inner if (found := stranger(*pair))), None)


def _is(value: object, wanted: type) -> bool:
    if isinstance(value, bool) or wanted is bool:
        return isinstance(value, bool) and wanted is bool
    return isinstance(value, int | float) if wanted is float else isinstance(value, wanted)


def _list_misfit(value: object, shape: object, path: str) -> str | None:
    if not isinstance(value, list):
        return path
    for one in cast("list[object]", value):
        found = path if one is None else misfit(one, shape, path)
        if found is not None:
            return found
    return None


def _object_misfit(value: object, shape: Each | dict[str, object], path: str) -> str | None:
    if not isinstance(value, dict):
        return path
    for field, inner in cast("dict[str, object]", value).items():
        wanted = shape.shape if isinstance(shape, Each) else shape.get(field)
        if wanted is None:
            continue
        if (found := misfit(inner, wanted, f"{path}.{field}" if path else field)) is not None:
            return found
    return None


def known(value: object, shape: object) -> object:
    """Return what of a value a shape has, at any depth, without nulls; the empty one has all."""
    if isinstance(value, list) and isinstance(shape, list):
        inner = cast("list[object]", shape)[0]
        rows: object = [known(one, inner) for one in cast("list[object]", value)]
        return rows
    if isinstance(value, dict) and isinstance(shape, dict) and shape:
        document, fields = cast("dict[str, object]", value), cast("dict[str, object]", shape)
        whole: object = {
            name: known(one, fields[name])
            for name, one in document.items() if name in fields and one is not None
        }  # fmt: skip
        return whole
    return cast("object", value)


OBJECT: dict[str, object] = {}
AMOUNT = {"value": str, "currency": str}
DURATION = {"value": int, "unit": str}
PRODUCT = {
    "aspects": Each([str]), "imageUrls": [str], "ean": [str], "isbn": [str], "upc": [str],
    "videoIds": [str], "title": str, "subtitle": str, "description": str, "brand": str,
    "mpn": str, "epid": str,
}  # fmt: skip
WAREHOUSE = {"merchantLocationKey": str, "quantity": int, "fulfillmentTime": DURATION}
SHIP = {"quantity": int, "availabilityDistributions": [WAREHOUSE], "allocationByFormat": OBJECT}
ITEM = {
    "sku": str,
    "locale": str,
    "condition": str,
    "conditionDescription": str,
    "conditionDescriptors": [{"name": str, "values": [str], "additionalInfo": str}],
    "availability": {
        "shipToLocationAvailability": SHIP,
        "pickupAtLocationAvailability": [WAREHOUSE | {"availabilityType": str}],
    },
    "product": PRODUCT,
    "packageWeightAndSize": {
        "weight": {"value": float, "unit": str},
        "dimensions": {"height": float, "length": float, "width": float, "unit": str},
        "packageType": str,
        "shippingIrregular": bool,
    },
}
CONTACT = dict.fromkeys(
    ("addressLine1", "addressLine2", "city", "companyName", "contactUrl", "country", "email",
     "phone", "postalCode", "stateOrProvince"), str,
)  # fmt: skip
REGULATORY = {
    "documents": [{"documentId": str}],
    "energyEfficiencyLabel": {
        "imageDescription": str, "imageURL": str, "productInformationSheet": str,
    },
    "hazmat": {"component": str, "pictograms": [str], "signalWord": str, "statements": [str]},
    "manufacturer": CONTACT,
    "productSafety": {"component": str, "pictograms": [str], "statements": [str]},
    "repairScore": float,
    "responsiblePersons": [CONTACT | {"types": [str]}],
}  # fmt: skip
BY_COUNTRY = {"countryPolicies": [{"country": str, "policyIds": [str]}]}
COSTS = {
    "priority": int, "shippingServiceType": str, "shippingCost": AMOUNT,
    "additionalShippingCost": AMOUNT, "surcharge": AMOUNT,
}  # fmt: skip
OFFER = {
    "sku": str, "marketplaceId": str, "format": str, "availableQuantity": int, "categoryId": str,
    "secondaryCategoryId": str, "listingDescription": str, "listingDuration": str,
    "listingStartDate": str, "lotSize": int, "merchantLocationKey": str,
    "quantityLimitPerBuyer": int, "includeCatalogProductDetails": bool, "hideBuyerDetails": bool,
    "storeCategoryNames": [str], "charity": {"charityId": str, "donationPercentage": str},
    "extendedProducerResponsibility": {
        "ecoParticipationFee": AMOUNT, "producerProductId": str, "productDocumentationId": str,
        "productPackageId": str, "shipmentPackageId": str,
    },
    "regulatory": REGULATORY,
    "tax": {"applyTax": bool, "thirdPartyTaxCategory": str, "vatPercentage": float},
    "pricingSummary": {"price": AMOUNT, "minimumAdvertisedPrice": AMOUNT,
                       "originalRetailPrice": AMOUNT, "auctionStartPrice": AMOUNT,
                       "auctionReservePrice": AMOUNT, "pricingVisibility": str,
                       "originallySoldForRetailPriceOn": str},
    "listingPolicies": {
        "fulfillmentPolicyId": str, "paymentPolicyId": str, "returnPolicyId": str,
        "bestOfferTerms": {
            "bestOfferEnabled": bool, "autoAcceptPrice": AMOUNT, "autoDeclinePrice": AMOUNT,
        },
        "eBayPlusIfEligible": bool, "takeBackPolicyId": str, "productCompliancePolicyIds": [str],
        "shippingCostOverrides": [COSTS], "regionalProductCompliancePolicies": BY_COUNTRY,
        "regionalTakeBackPolicies": BY_COUNTRY,
    },
}  # fmt: skip
AXES = {"specifications": [{"name": str, "values": [str]}], "aspectsImageVariesBy": [str]}
GROUP = {
    "inventoryItemGroupKey": str, "title": str, "subtitle": str, "description": str,
    "imageUrls": [str], "videoIds": [str], "aspects": Each([str]), "variantSKUs": [str],
    "variesBy": AXES,
}  # fmt: skip
BY_GROUP = {"inventoryItemGroupKey": str, "marketplaceId": str}
CHANGE = {"offerId": str, "availableQuantity": int, "price": AMOUNT}
PRICE_QUANTITY = {
    "requests": [{"sku": str, "shipToLocationAvailability": SHIP, "offers": [CHANGE]}]
}
OFFER_IDS = [{"offerId": str}]
ADDRESS = Each(str)
LOCATION = {
    "location": {"address": ADDRESS, "geoCoordinates": OBJECT}, "locationTypes": [str], "name": str,
    "phone": str, "merchantLocationStatus": str, "locationInstructions": str,
    "locationAdditionalInformation": str, "locationWebUrl": str, "operatingHours": [OBJECT],
    "specialHours": [OBJECT], "timeZoneId": str, "fulfillmentCenterSpecifications": OBJECT,
}  # fmt: skip
DESTINATION = {
    "name": str, "status": str,
    "deliveryConfig": {"endpoint": str, "verificationToken": str},
}  # fmt: skip
SUBSCRIPTION = {
    "topicId": str, "destinationId": str, "status": str,
    "payload": {"format": str, "schemaVersion": str, "deliveryProtocol": str},
}  # fmt: skip
UPDATED = {name: SUBSCRIPTION[name] for name in ("destinationId", "status", "payload")}
CATEGORY_TYPES = [{"name": str, "default": bool}]
REGIONS = [{"regionName": str, "regionType": str}]
REGION_SET = {"regionIncluded": REGIONS, "regionExcluded": REGIONS}
PAID_BY = [
    {
        "brands": [str], "paymentMethodType": str,
        "recipientAccountReference": {"referenceId": str, "referenceType": str},
    }
]  # fmt: skip
POLICY = {"name": str, "description": str, "marketplaceId": str, "categoryTypes": CATEGORY_TYPES}
SERVICE = {
    "additionalShippingCost": AMOUNT, "buyerResponsibleForPickup": bool,
    "buyerResponsibleForShipping": bool, "freeShipping": bool, "shippingCarrierCode": str,
    "shippingCost": AMOUNT, "shippingServiceCode": str, "shipToLocations": REGION_SET,
    "sortOrder": int, "surcharge": AMOUNT,
}  # fmt: skip
SHIPPING_OPTION = {
    "costType": str, "insuranceFee": AMOUNT, "insuranceOffered": bool, "optionType": str,
    "packageHandlingCost": AMOUNT, "rateTableId": str, "shippingDiscountProfileId": str,
    "shippingPromotionOffered": bool, "shippingServices": [SERVICE],
}  # fmt: skip
FULFILLMENT_POLICY = POLICY | {
    "freightShipping": bool, "globalShipping": bool, "handlingTime": DURATION, "localPickup": bool,
    "pickupDropOff": bool, "shippingOptions": [SHIPPING_OPTION], "shipToLocations": REGION_SET,
}  # fmt: skip
PAYMENT_POLICY = POLICY | {
    "deposit": {"amount": AMOUNT, "dueIn": DURATION, "paymentMethods": PAID_BY},
    "fullPaymentDueIn": DURATION, "immediatePay": bool, "paymentInstructions": str,
    "paymentMethods": PAID_BY,
}  # fmt: skip
RETURNS = {
    "returnMethod": str, "returnPeriod": DURATION, "returnsAccepted": bool,
    "returnShippingCostPayer": str,
}  # fmt: skip
RETURN_POLICY = POLICY | RETURNS | {
    "extendedHolidayReturnsOffered": bool, "internationalOverride": RETURNS, "refundMethod": str,
    "restockingFeePercentage": str, "returnInstructions": str,
}  # fmt: skip
PACKAGE = {
    "lineItems": [{"lineItemId": str, "quantity": int}], "shippedDate": str,
    "shippingCarrierCode": str, "trackingNumber": str,
}  # fmt: skip
LEGACY_LINE = {"legacyItemId": str, "legacyTransactionId": str}
REFUND = {
    "reasonForRefund": str, "comment": str, "orderLevelRefundAmount": AMOUNT,
    "refundItems": [
        {"refundAmount": AMOUNT, "lineItemId": str, "legacyReference": LEGACY_LINE},
    ],
}  # fmt: skip
SHAPES: dict[str, object] = {
    "createOrReplaceInventoryItem": ITEM,
    "bulkCreateOrReplaceInventoryItem": {"requests": [ITEM]},
    "bulkGetInventoryItem": {"requests": [{"sku": str}]},
    "createOffer": OFFER,
    "updateOffer": OFFER,
    "bulkCreateOffer": {"requests": [OFFER]},
    "bulkPublishOffer": {"requests": OFFER_IDS},
    "getListingFees": {"offers": OFFER_IDS},
    "bulkUpdatePriceQuantity": PRICE_QUANTITY,
    "bulkMigrateListing": {"requests": [{"listingId": str}]},
    "createOrReplaceInventoryItemGroup": GROUP,
    "publishOfferByInventoryItemGroup": BY_GROUP,
    "withdrawOfferByInventoryItemGroup": BY_GROUP,
    "createInventoryLocation": LOCATION,
    "updateInventoryLocation": LOCATION,
    **dict.fromkeys(("createFulfillmentPolicy", "updateFulfillmentPolicy"), FULFILLMENT_POLICY),
    **dict.fromkeys(("createPaymentPolicy", "updatePaymentPolicy"), PAYMENT_POLICY),
    **dict.fromkeys(("createReturnPolicy", "updateReturnPolicy"), RETURN_POLICY),
    "optInToProgram": {"programType": str},
    "optOutOfProgram": {"programType": str},
    "createImageFromUrl": {"imageUrl": str},
    "createShippingFulfillment": PACKAGE,
    "issueRefund": REFUND,
    "createInventoryTask": {"feedType": str, "schemaVersion": str, "filterCriteria": OBJECT},
    "updateConfig": {"alertEmail": str},
    "createDestination": DESTINATION,
    "updateDestination": DESTINATION,
    "createSubscription": SUBSCRIPTION,
    "updateSubscription": UPDATED,
}
"""By eBay's name of the operation."""
