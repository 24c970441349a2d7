"""What a document must look like before it is stored. Pure; publishing asks more."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import cast
from urllib.parse import urlsplit

from mockbay.answers import Document, describe, part
from mockbay.clock import is_moment
from mockbay.marketplaces import MARKETPLACES
from mockbay.names import names
from mockbay.taxonomy import ALL_CONDITIONS

SKU_LENGTH = 50
PRODUCT_LENGTHS = {"title": 80, "subtitle": 55, "description": 4000, "brand": 65, "mpn": 65}
CONDITION_NOTE = 1000
DESCRIPTION = 500_000
ASPECT_NAME, ASPECT_VALUE, ASPECT_VALUES = 40, 65, 30
IMAGES = 24
IMAGE_URL = 500
LOCATION_KEY = 36
STORE_CATEGORIES = 2
FORMATS = ("FIXED_PRICE", "AUCTION")
DURATIONS = names("GTC DAYS_1 DAYS_3 DAYS_5 DAYS_7 DAYS_10 DAYS_21 DAYS_30")
WEIGHT_UNITS = names("POUND KILOGRAM OUNCE GRAM")
LENGTH_UNITS = names("INCH FEET CENTIMETER METER")
PACKAGES = names(
    "LETTER BULKY_GOODS CARAVAN CARS EUROPALLET EXPANDABLE_TOUGH_BAGS EXTRA_LARGE_PACK FURNITURE "
    "INDUSTRY_VEHICLES LARGE_CANADA_POSTBOX LARGE_CANADA_POST_BUBBLE_MAILER LARGE_ENVELOPE "
    "MAILING_BOX MEDIUM_CANADA_POST_BOX MEDIUM_CANADA_POST_BUBBLE_MAILER MOTORBIKES "
    "ONE_WAY_PALLET PACKAGE_THICK_ENVELOPE PADDED_BAGS PARCEL_OR_PADDED_ENVELOPE ROLL "
    "SMALL_CANADA_POST_BOX SMALL_CANADA_POST_BUBBLE_MAILER TOUGH_BAGS UPS_LETTER "
    "USPS_FLAT_RATE_ENVELOPE USPS_LARGE_PACK VERY_LARGE_PACK WINE_PAK"
)
ADVERTISED = names("NONE PRE_CHECKOUT DURING_CHECKOUT")
SOLD_ON = names("ON_EBAY OFF_EBAY ON_AND_OFF_EBAY")
ROLES = names("EU_RESPONSIBLE_PERSON")
LOCATION_TYPES = names("STORE WAREHOUSE FULFILLMENT_CENTER")
LOCATION_STATES = names("DISABLED ENABLED")
PRICE = r"[0-9]{1,12}(\.[0-9]{1,6})?"
CODES = ("ean", "isbn", "upc")
CHECKED = ("ean", "upc")
NO_CODE = ("does not apply", "nicht zutreffend", "non applicabile", "ne s'applique pas",
           "no aplicable", "niet van toepassing", "nie dotyczy")  # fmt: skip
Problems = Iterator[Document]


def sku_problem(sku: str, *, strict: bool) -> Document | None:
    """Return what is wrong with a SKU, if anything."""
    fits = 0 < len(sku) <= SKU_LENGTH and sku.isprintable() and sku == sku.strip()
    if strict:
        fits = fits and sku.isascii() and sku.isalnum()
    return None if fits else describe(25707, f"Got {sku!r}.", {"sku": sku[:80]})


def item_problems(document: Document) -> Problems:
    """Yield what is wrong with the body of an inventory item; its shape is right already."""
    yield from _one_of(document, "condition", ALL_CONDITIONS)
    yield from text_problems(document, "conditionDescription", CONDITION_NOTE)
    ship = part(document, "availability", "shipToLocationAvailability")
    yield from quantity_problems(ship.get("quantity"), "quantity")
    yield from _package(document)
    product = part(document, "product")
    for name, longest in PRODUCT_LENGTHS.items():
        yield from text_problems(product, name, longest)
    for name, values in part(product, "aspects").items():
        yield from _aspect(name, values or [])
    yield from image_problems(product.get("imageUrls") or [])


def _package(document: Document) -> Problems:
    yield from _one_of(document, "packageWeightAndSize.packageType", PACKAGES)
    yield from _one_of(document, "packageWeightAndSize.weight.unit", WEIGHT_UNITS)
    yield from _one_of(document, "packageWeightAndSize.dimensions.unit", LENGTH_UNITS)
    weight = part(document, "packageWeightAndSize", "weight").get("value")
    if weight is not None and weight <= 0:
        yield describe(25020, "The weight must be above 0.", {"fieldName": "weight"})


def image_problems(urls: list[str]) -> Problems:
    """Yield what is wrong with a list of picture addresses."""
    if len(urls) > IMAGES:
        yield describe(25014, f"At most {IMAGES} pictures, got {len(urls)}.")
    for url in urls:
        if " " in url:
            yield describe(25721, f"Got {url[:200]!r}.", {"imageUrl": url[:200]})
        elif len(url) > IMAGE_URL or not _https(url):
            yield describe(
                25015, f"It must be an https address: {url[:200]!r}.", {"imageUrl": url[:200]}
            )


def offer_problems(document: Document) -> Problems:
    """Yield what is wrong with the body of an offer, whether or not it is published."""
    yield from _one_of(document, "marketplaceId", MARKETPLACES)
    yield from _one_of(document, "format", FORMATS)
    yield from _one_of(document, "listingDuration", DURATIONS)
    yield from text_problems(document, "listingDescription", DESCRIPTION)
    yield from text_problems(document, "merchantLocationKey", LOCATION_KEY)
    yield from quantity_problems(document.get("availableQuantity"), "availableQuantity")
    if (start := document.get("listingStartDate")) and not is_moment(start):
        yield describe(25752, f"Got {start[:40]!r}.", {"fieldName": "listingStartDate"})
    if len(document.get("storeCategoryNames") or []) > STORE_CATEGORIES:
        yield describe(25016, f"storeCategoryNames: at most {STORE_CATEGORIES} paths.")
    pricing = part(document, "pricingSummary")
    yield from _one_of(document, "pricingSummary.pricingVisibility", ADVERTISED)
    yield from _one_of(document, "pricingSummary.originallySoldForRetailPriceOn", SOLD_ON)
    if (price := pricing.get("price")) is not None:
        yield from amount_problems(price, None)
    for person in responsible(document):
        if not all(kind in ROLES for kind in listed(person, "types")):
            yield unreadable("regulatory.responsiblePersons.types")
    policies = part(document, "listingPolicies")
    for name in ("fulfillmentPolicyId", "paymentPolicyId", "returnPolicyId"):
        if not re.fullmatch(r"\d{1,19}|", policies.get(name) or ""):
            yield describe(25016, f"{name} must be a number.", {"fieldName": name})


def responsible(offer: Document) -> list[Document]:
    """Return the responsible persons that an offer names."""
    people = listed(part(offer, "regulatory"), "responsiblePersons")
    return [cast("Document", one) for one in people if isinstance(one, dict)]


def listed(document: Document, name: str) -> list[object]:
    """Return a list inside a document; [] where there is something else or nothing."""
    found = document.get(name)
    return cast("list[object]", found) if isinstance(found, list) else []


def location_problems(document: Document) -> Problems:
    """Yield what words of a location are not eBay's."""
    yield from _one_of(document, "merchantLocationStatus", LOCATION_STATES)
    if not all(kind in LOCATION_TYPES for kind in listed(document, "locationTypes")):
        yield unreadable("locationTypes")


def code_problems(product: Document) -> Problems:
    """Yield each product code that is neither right by its check digit nor declared absent."""
    for name in CHECKED:
        codes: list[str] = product.get(name) or []
        for code in codes:
            if code.casefold() not in NO_CODE and not _checked(code):
                yield describe(25002, f"{name} is not valid: {code[:40]!r}.", {"fieldName": name})


def _checked(code: str) -> bool:
    """Tell whether a GTIN (of 8, 12, 13 or 14 digits) ends with its check digit."""
    if not re.fullmatch(r"\d{8}|\d{12,14}", code, re.ASCII):
        return False
    return sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(reversed(code))) % 10 == 0


def quantity_problems(value: int | None, name: str) -> Problems:
    """Yield what is wrong with a quantity; none given is fine."""
    if value is not None and not 0 <= value < 2**31:
        yield describe(25004, f"{name} is {value}.", {name: str(value)})


def amount_problems(amount: Document, currency: str | None) -> Problems:
    """Yield what is wrong with an amount: a decimal above 0, in the right currency."""
    value, unit = amount.get("value"), amount.get("currency")
    if value is None or unit is None:
        yield unreadable("price")
    elif not re.fullmatch(PRICE, value) or Decimal(value) <= 0:
        yield describe(25003, f"The value must be above 0, got {value!r}.", {"price": value})
    elif currency is not None and unit != currency:
        yield describe(
            25003, f"This marketplace sells in {currency}, got {unit}.", {"currency": unit}
        )


def normal_amount(value: str) -> str:
    """Spell an amount as eBay gives it back: no needless zeros beyond two places."""
    number = Decimal(value)
    return f"{number:.2f}" if number == round(number, 2) else str(number.normalize())


def text_problems(document: Document, name: str, longest: int) -> Problems:
    """Yield what is wrong with a text: too long."""
    value = document.get(name) or ""
    if len(value) > longest:
        yield describe(
            25016, f"{name}: at most {longest} characters, got {len(value)}.", {"fieldName": name}
        )


def unreadable(path: str) -> Document:
    """Return the gateway's word for the field at a path whose type or value it does not know."""
    reason = f"Could not serialize field [{path}]"
    return describe(2004, f"{reason}.", {"reason": reason})


def _aspect(name: str, values: list[str]) -> Problems:
    if len(name) > ASPECT_NAME or len(values) > ASPECT_VALUES:
        yield describe(
            25022, f"{name[:80]}: name or number of values too long.", {"aspectName": name[:80]}
        )
    elif any(len(value) > ASPECT_VALUE for value in values):
        yield describe(
            25022, f"{name}: a value is longer than {ASPECT_VALUE}.", {"aspectName": name}
        )


def _one_of(document: Document, path: str, known: Iterable[str]) -> Problems:
    *way, name = path.split(".")
    value = part(document, *way).get(name)
    if value is not None and value not in known:
        yield unreadable(path)


def _https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and url.isascii()
