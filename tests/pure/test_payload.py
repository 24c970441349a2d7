"""The bodies of eBay's calls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.projection import payload
from baysync.projection.model import (
    Contact,
    Content,
    Lifecycle,
    Offer,
    Price,
    Projection,
    Regulatory,
    Size,
    Tax,
    Weight,
)

EUROS = Price(currency="EUR", value="12.5")


def test_an_item_says_all_that_the_content_says_and_nothing_empty() -> None:
    content = Content(
        aspects={"Colour": ("red", "blue")},
        brand="Baylight",
        condition="NEW",
        condition_note="As new",
        gtins=("4006381333931", "012345678905", "9783161484100", "0306406152"),
        images=("https://img.example/a.jpg",),
        mpn="BL-1",
        size=Size(height="10", length="20.5", unit="CENTIMETER", width="3"),
        subtitle="Warm light",
        title="Lamp",
        weight=Weight(unit="KILOGRAM", value="1.2"),
    )
    assert payload.item(content, description="<p>Bright &amp; warm</p>", quantity=0) == {
        "availability": {"shipToLocationAvailability": {"quantity": 0}},
        "condition": "NEW",
        "conditionDescription": "As new",
        "packageWeightAndSize": {
            "dimensions": {"height": 10, "length": 20.5, "unit": "CENTIMETER", "width": 3},
            "weight": {"unit": "KILOGRAM", "value": 1.2},
        },
        "product": {
            "aspects": {"Colour": ["red", "blue"]},
            "brand": "Baylight",
            "description": "Bright & warm",
            "ean": ["4006381333931"],
            "imageUrls": ["https://img.example/a.jpg"],
            "isbn": ["9783161484100", "0306406152"],
            "mpn": "BL-1",
            "subtitle": "Warm light",
            "title": "Lamp",
            "upc": ["012345678905"],
        },
    }


def test_an_offer_is_whole_and_always_names_its_quantity() -> None:
    person = Contact(company="Baylight", country="DE", city="Ulm", roles=("RESPONSIBLE",))
    details = Offer(
        category="112581",
        description="<p>Bright</p>",
        fulfillment_policy="1",
        location="ulm",
        payment_policy="2",
        regulatory=Regulatory(manufacturer=Contact(company="Maker"), responsible=(person,)),
        return_policy="3",
        store_categories=("/Lamps",),
        tax=Tax(apply=True, vat_percentage="19"),
    )
    created = payload.offer(details, sku="L1", marketplace="EBAY_DE", price=EUROS, quantity=0)
    assert created == {
        "sku": "L1",
        "marketplaceId": "EBAY_DE",
        "format": "FIXED_PRICE",
        "availableQuantity": 0,
        "categoryId": "112581",
        "includeCatalogProductDetails": False,
        "listingDescription": "<p>Bright</p>",
        "listingDuration": "GTC",
        "listingPolicies": {
            "fulfillmentPolicyId": "1",
            "paymentPolicyId": "2",
            "returnPolicyId": "3",
        },
        "merchantLocationKey": "ulm",
        "pricingSummary": {"price": {"currency": "EUR", "value": "12.5"}},
        "regulatory": {
            "manufacturer": {"companyName": "Maker"},
            "responsiblePersons": [
                {
                    "city": "Ulm",
                    "companyName": "Baylight",
                    "country": "DE",
                    "types": ["RESPONSIBLE"],
                }
            ],
        },
        "storeCategoryNames": ["/Lamps"],
        "tax": {"applyTax": True, "vatPercentage": 19},
    }
    updated = payload.offer_update(details, price=EUROS, quantity=0)
    assert set(created) - set(updated) == {"sku", "marketplaceId", "format"}


@pytest.mark.parametrize("words", ["Does not apply", "No aplicable"])
def test_no_number_is_said_where_a_number_would_stand(words: str) -> None:
    shown = payload.item(Content(gtins=(words,)), description="", quantity=1)
    assert shown["product"] == {"ean": [words]}


@pytest.mark.parametrize(
    ("price", "quantity", "row"),
    [
        (
            EUROS,
            None,
            {
                "sku": "L1",
                "offers": [{"offerId": "7", "price": {"currency": "EUR", "value": "12.5"}}],
            },
        ),
        (
            None,
            0,
            {
                "sku": "L1",
                "offers": [{"availableQuantity": 0, "offerId": "7"}],
                "shipToLocationAvailability": {"quantity": 0},
            },
        ),
    ],
)
def test_a_price_and_quantity_row_leaves_alone_what_does_not_change(
    price: Price | None, quantity: int | None, row: payload.Body
) -> None:
    assert payload.price_quantity("L1", "7", price=price, quantity=quantity) == row


def test_a_bare_projection_still_makes_whole_bodies() -> None:
    item, offer = payload.bodies(
        Projection(lifecycle=Lifecycle.LIVE), sku="L1", marketplace="EBAY_US", quantity=1
    )
    assert item["availability"] == {"shipToLocationAvailability": {"quantity": 1}}
    assert offer["availableQuantity"] == 1


def test_blocks_of_html_become_lines_and_entities_letters() -> None:
    assert payload.plain_text("<h1>Lamp</h1><p>warm&nbsp;&lt;3<br>light </p>") == (
        "Lamp\nwarm\xa0<3\nlight"
    )


@given(st.text(alphabet="ab <>p/\n&;", max_size=9_000))
def test_the_plain_text_always_fits(description: str) -> None:
    assert len(payload.plain_text(description)) <= payload.LONGEST_ITEM_DESCRIPTION


def test_a_long_text_is_cut_between_words() -> None:
    text = payload.plain_text("word " * 2_000)
    assert text.endswith("word…")
    assert len(payload.plain_text("x" * 5_000)) == payload.LONGEST_ITEM_DESCRIPTION


@given(
    text=st.text(alphabet='a &;<>/pnot="\n', max_size=400),
    piece=st.sampled_from(
        ["<p>Warm light.</p> ", "&amp;", "&not", "<br>", "<a title='<'>x</a>", "x"]
    ),
)
def test_the_plain_text_of_a_long_description_is_that_of_all_of_it(text: str, piece: str) -> None:
    description = text + piece * (payload.ENOUGH // len(piece)) + text
    whole = payload.text_of(description)
    if len(whole) > payload.LONGEST_ITEM_DESCRIPTION:
        head = whole[: payload.LONGEST_ITEM_DESCRIPTION - 1]
        whole = (head.rsplit(None, 1)[0] if " " in head else head) + "…"
    assert payload.plain_text(description) == whole
