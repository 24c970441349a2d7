"""What eBay shows is read as the document that was sent."""

from typing import Any

import pytest
from msgspec.structs import replace

from baysync.base.errors import NotNormalisable
from baysync.observe.normalise_item import normalise
from baysync.projection.model import (
    Contact,
    Content,
    Lifecycle,
    Price,
    Projection,
    Regulatory,
    Size,
    Tax,
    Weight,
)
from support.projections import LAMP

ITEM: dict[str, Any] = {
    "sku": "LAMP-1",
    "locale": "en_GB",
    "availability": {"shipToLocationAvailability": {"quantity": 9, "allocationByFormat": {}}},
    "condition": "NEW",
    "packageWeightAndSize": {"weight": {"unit": "KILOGRAM", "value": 0.0}, "shippingIrregular": 1},
    "product": {
        "aspects": {"Colour": ["Green", "Brass"], "Brand": ["Lumo"]},
        "brand": "Lumo",
        "description": "A lamp.",
        "ean": ["4006381333931"],
        "imageUrls": ["https://shop.example/lamp-1.jpg", "https://shop.example/lamp-2.jpg"],
        "mpn": "L-100",
        "title": "Brass desk lamp",
    },
}
OFFER: dict[str, Any] = {
    "offerId": "1",
    "sku": "LAMP-1",
    "marketplaceId": "EBAY_GB",
    "format": "FIXED_PRICE",
    "availableQuantity": 5,
    "categoryId": "112581",
    "hideBuyerDetails": False,
    "listing": {"listingId": "110", "listingStatus": "ACTIVE", "soldQuantity": 1},
    "listingDescription": "<p>A lamp.</p>",
    "listingDuration": "GTC",
    "listingPolicies": {
        "eBayPlusIfEligible": False,
        "fulfillmentPolicyId": "11",
        "paymentPolicyId": "12",
        "returnPolicyId": "13",
    },
    "merchantLocationKey": "berlin",
    "pricingSummary": {"price": {"currency": "EUR", "value": "34.990"}},
    "status": "PUBLISHED",
}


def test_what_ebay_adds_and_reorders_makes_no_difference() -> None:
    assert normalise(ITEM, OFFER) == LAMP


def test_an_item_without_an_offer_is_content_alone() -> None:
    assert normalise(ITEM, None) == Projection(content=LAMP.content)


def test_an_empty_answer_is_an_empty_document() -> None:
    assert normalise({}, None) == Projection(content=Content())
    shown = normalise({}, {"status": "UNPUBLISHED"})
    assert (shown.lifecycle, shown.price, shown.quantity) == (None, None, None)


@pytest.mark.parametrize(
    ("brand", "aspects"), [(None, {"Brand": ["Lumo"]}), ("Lumo", {"Brand": ["Lumo"]})]
)
def test_the_brand_is_read_wherever_ebay_puts_it(
    brand: str | None, aspects: dict[str, list[str]]
) -> None:
    content = normalise({"product": {"aspects": aspects, "brand": brand}}, None).content
    assert content == Content(aspects={"Brand": ("Lumo",)}, brand="Lumo")


@pytest.mark.parametrize(
    ("item", "offered", "shown"), [(9, 5, 5), (2, 5, 2), (7, None, 7), (None, 4, 4), (0, 3, 0)]
)
def test_the_quantity_is_what_buyers_can_buy(
    item: int | None, offered: int | None, shown: int
) -> None:
    stock = {"availability": {"shipToLocationAvailability": {"quantity": item}}}
    assert normalise({**ITEM, **stock}, {**OFFER, "availableQuantity": offered}).quantity == shown


@pytest.mark.parametrize(
    ("status", "listing", "lifecycle"),
    [
        ("PUBLISHED", {"listingId": "1", "listingStatus": "ACTIVE"}, Lifecycle.LIVE),
        ("PUBLISHED", {"listingId": "1", "listingStatus": "OUT_OF_STOCK"}, Lifecycle.LIVE),
        ("PUBLISHED", {"listingId": "1", "listingStatus": "NOVEL"}, Lifecycle.LIVE),
        ("PUBLISHED", {"listingId": "1", "listingStatus": "ENDED"}, Lifecycle.ENDED),
        ("PUBLISHED", {"listingId": "1", "listingStatus": "EBAY_ENDED"}, Lifecycle.ENDED),
        ("PUBLISHED", None, Lifecycle.LIVE),
        ("NOVEL", None, Lifecycle.LIVE),
        ("UNPUBLISHED", None, None),
        ("UNPUBLISHED", {"listingId": "1"}, Lifecycle.ENDED),
    ],
)
def test_a_listing_lives_while_its_offer_is_published(
    status: str, listing: dict[str, str] | None, lifecycle: Lifecycle | None
) -> None:
    shown = normalise(ITEM, {**OFFER, "status": status, "listing": listing})
    assert shown == replace(LAMP, lifecycle=lifecycle)


def test_an_offer_that_was_ever_live_is_over_when_it_is_not_published() -> None:
    offer = {**OFFER, "status": "UNPUBLISHED", "listing": None}
    assert normalise(ITEM, offer, ever_live=True) == replace(LAMP, lifecycle=Lifecycle.ENDED)


def test_numbers_of_parcel_price_and_tax_are_spelled_as_ours() -> None:
    parcel = {
        "dimensions": {"height": 1.50, "length": 20, "width": 3.0, "unit": "INCH"},
        "weight": {"unit": "POUND", "value": 2.5},
    }
    tax = {"applyTax": True, "vatPercentage": 19.0}
    price = {"price": {"currency": "EUR", "value": "20.00"}}
    shown = normalise(
        {**ITEM, "packageWeightAndSize": parcel}, {**OFFER, "tax": tax, "pricingSummary": price}
    )
    assert shown.content is not None
    assert shown.offer is not None
    assert shown.content.size == Size(height="1.5", length="20", unit="INCH", width="3")
    assert shown.content.weight == Weight(unit="POUND", value="2.5")
    assert shown.offer.tax == Tax(apply=True, vat_percentage="19")
    assert shown.price == Price(currency="EUR", value="20")


def test_an_incomplete_parcel_or_tax_is_none() -> None:
    parcel = {"dimensions": {"unit": "INCH", "height": 1}, "weight": {"value": 3}}
    shown = normalise({**ITEM, "packageWeightAndSize": parcel}, {**OFFER, "tax": {}})
    assert shown.content == LAMP.content
    assert shown.offer == LAMP.offer
    unitless = normalise({"packageWeightAndSize": {"dimensions": {"height": 1}}}, None)
    assert unitless == normalise({}, None)


def test_contacts_are_read_with_their_roles() -> None:
    regulatory = {
        "manufacturer": {"companyName": "Lumo", "addressLine1": "Weg 1", "postalCode": "10115"},
        "responsiblePersons": [{"companyName": "Rep", "types": ["EU_RESPONSIBLE_PERSON"]}, {}],
    }
    shown = normalise(ITEM, {**OFFER, "regulatory": regulatory}).offer
    assert shown is not None
    assert shown.regulatory == Regulatory(
        manufacturer=Contact(company="Lumo", line1="Weg 1", postal_code="10115"),
        responsible=(Contact(company="Rep", roles=("EU_RESPONSIBLE_PERSON",)),),
    )
    nobody = normalise(ITEM, {**OFFER, "regulatory": {"manufacturer": None}}).offer
    assert nobody == LAMP.offer


@pytest.mark.parametrize(
    ("item", "offer"),
    [
        ({"product": {"title": 5}}, None),
        ({"product": []}, None),
        (ITEM, {**OFFER, "availableQuantity": "5"}),
        (ITEM, {**OFFER, "pricingSummary": {"price": {"currency": "EUR"}}}),
        (ITEM, {**OFFER, "pricingSummary": {"price": {"currency": "EUR", "value": "NaN"}}}),
    ],
)
def test_another_shape_than_documented_is_no_document(
    item: dict[str, Any], offer: dict[str, Any] | None
) -> None:
    with pytest.raises(NotNormalisable):
        normalise(item, offer)
