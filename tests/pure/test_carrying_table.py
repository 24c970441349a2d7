"""What cannot stand beside what the shop says: the written table, worked."""

import pytest

from baysync.ownership.carrying import amount, carry, leaves_of
from baysync.ownership.model import NO_LEAVES, Context, Json, Path
from baysync.ownership.rules import ITEM, OFFER
from support.carried import OURS, RULES, field_of, with_field

UNPUBLISHED = Context(now="2026-11-29T00:00:00Z", is_live=False)

BEST_OFFER: Json = {
    "autoAcceptPrice": {"currency": "EUR", "value": "9"},
    "autoDeclinePrice": {"currency": "EUR", "value": "5"},
    "bestOfferEnabled": True,
}
WARNED: Json = {
    "minimumAdvertisedPrice": {"currency": "EUR", "value": "15"},
    "originalRetailPrice": {"currency": "EUR", "value": "15"},
    "originallySoldForRetailPriceOn": "ON_EBAY",
    "pricingVisibility": "PRE_CHECKOUT",
}
PRICE = ("pricingSummary", "price", "value")
CANNOT_STAND: list[tuple[str, str, Path, object, Path, object, Context, list[str]]] = [
    # title, kind, what the seller set, its value, what the shop changes, to what, what is dropped
    (
        "descriptors with another condition",
        "item",
        ("conditionDescriptors",),
        [{"name": "1", "values": ["2"]}],
        ("condition",),
        "NEW",
        Context(),
        ["conditionDescriptors"],
    ),
    (
        "a note on another condition",
        "item",
        ("conditionDescription",),
        "a scratch",
        ("condition",),
        "NEW",
        Context(),
        ["conditionDescription"],
    ),
    (
        "an ePID with another product number",
        "item",
        ("product", "epid"),
        "77",
        ("product", "mpn"),
        "X2",
        Context(),
        ["product.epid"],
    ),
    (
        "an auto-accept price at or above the price",
        "offer",
        ("listingPolicies", "bestOfferTerms"),
        BEST_OFFER,
        PRICE,
        "9.00",
        Context(),
        ["listingPolicies.bestOfferTerms.autoAcceptPrice"],
    ),
    (
        "a strike-through price and a minimum that are not above the price",
        "offer",
        ("pricingSummary",),
        OURS["offer"]["pricingSummary"] | WARNED,  # type: ignore[operator]
        PRICE,
        "15.0",
        Context(),
        [
            "pricingSummary.minimumAdvertisedPrice",
            "pricingSummary.originalRetailPrice",
            "pricingSummary.originallySoldForRetailPriceOn",
            "pricingSummary.pricingVisibility",
        ],
    ),
    (
        "an amount of another currency",
        "offer",
        ("extendedProducerResponsibility", "ecoParticipationFee"),
        {"currency": "USD", "value": "1"},
        ("listingDescription",),
        "n",
        Context(),
        ["extendedProducerResponsibility.ecoParticipationFee"],
    ),
    (
        "costs of shipping in another currency",
        "offer",
        ("listingPolicies", "shippingCostOverrides"),
        [{"priority": 1, "shippingCost": {"currency": "USD", "value": "1"}}],
        ("listingDescription",),
        "n",
        Context(),
        ["listingPolicies.shippingCostOverrides"],
    ),
    (
        "costs of shipping by another policy",
        "offer",
        ("listingPolicies", "shippingCostOverrides"),
        [{"priority": 1}],
        ("listingPolicies", "fulfillmentPolicyId"),
        "9",
        Context(),
        ["listingPolicies.shippingCostOverrides"],
    ),
    (
        "a second category that is the first now",
        "offer",
        ("secondaryCategoryId",),
        "200",
        ("categoryId",),
        "200",
        Context(),
        ["secondaryCategoryId"],
    ),
    (
        "a tax category without tax",
        "offer",
        ("tax", "thirdPartyTaxCategory"),
        "books",
        ("tax", "applyTax"),
        False,
        Context(),
        ["tax.thirdPartyTaxCategory"],
    ),
    (
        "Best Offer in a group",
        "offer",
        ("listingPolicies", "bestOfferTerms"),
        BEST_OFFER,
        ("listingDescription",),
        "n",
        Context(in_group=True),
        ["listingPolicies.bestOfferTerms"],
    ),
    (
        "the start of a live offer",
        "offer",
        ("listingStartDate",),
        "2030-01-01T00:00:00Z",
        ("listingDescription",),
        "n",
        Context(),
        ["listingStartDate"],
    ),
    (
        "a start that has passed",
        "offer",
        ("listingStartDate",),
        "2026-01-01T00:00:00Z",
        ("listingDescription",),
        "n",
        UNPUBLISHED,
        ["listingStartDate"],
    ),
    (
        "the address of another maker",
        "offer",
        ("regulatory", "manufacturer", "contactUrl"),
        "https://acme.example.com",
        ("regulatory", "manufacturer", "companyName"),
        "Other",
        Context(),
        ["regulatory.manufacturer.contactUrl"],
    ),
]


@pytest.mark.parametrize("case", CANNOT_STAND, ids=lambda case: case[0])
def test_what_cannot_stand_beside_ours_is_dropped_and_named(
    case: tuple[str, str, Path, object, Path, object, Context, list[str]],
) -> None:
    _, kind, path, value, edited, new, context, dropped = case
    rules, ours = RULES[kind], OURS[kind]
    shown = with_field(ours, path, value)
    desired = with_field(ours, edited, new)
    carried = carry(shown, desired, leaves_of(ours, rules), rules, context)
    assert sorted(drop.field for drop in carried.dropped) == dropped
    for field in dropped:
        assert field_of(carried.body, tuple(field.split("."))) is None
    assert field_of(carried.body, edited) == new


def test_a_start_in_the_future_of_what_is_not_live_yet_stays() -> None:
    shown = OURS["offer"] | {"listingStartDate": "2030-01-01T00:00:00Z"}
    carried = carry(shown, OURS["offer"], NO_LEAVES, OFFER, UNPUBLISHED)
    assert carried.body["listingStartDate"] == "2030-01-01T00:00:00Z"
    assert carried.dropped == ()


def test_amounts_that_ebay_spells_in_another_way_are_left_to_it() -> None:
    odd = {"autoAcceptPrice": {"currency": "EUR", "value": "a lot"}}
    shown = with_field(OURS["offer"], ("listingPolicies", "bestOfferTerms"), odd)
    carried = carry(shown, OURS["offer"], leaves_of(OURS["offer"], OFFER), OFFER)
    assert field_of(carried.body, ("listingPolicies", "bestOfferTerms")) == odd
    assert [amount(value) for value in ("x", "NaN", True, None, "1.50", 2)][:4] == [None] * 4


def test_carried_stock_is_cut_in_sum_and_in_each_shop_and_named() -> None:
    places = {
        "pickupAtLocationAvailability": [
            {"merchantLocationKey": "c", "quantity": 4, "availabilityType": "IN_STOCK"},
            {"merchantLocationKey": "d", "quantity": 1},
        ],
        "shipToLocationAvailability": {
            "quantity": 5,
            "availabilityDistributions": [
                {"merchantLocationKey": "a", "quantity": 2},
                {"merchantLocationKey": "b", "quantity": 3},
                {"merchantLocationKey": "e"},
            ],
        },
    }
    shown = OURS["item"] | {"availability": places}
    stock = ("availability", "shipToLocationAvailability")
    owned = leaves_of(OURS["item"], ITEM)
    carried = carry(shown, with_field(OURS["item"], (*stock, "quantity"), 3), owned, ITEM)
    assert field_of(carried.body, (*stock, "availabilityDistributions")) == [
        {"merchantLocationKey": "a", "quantity": 2},
        {"merchantLocationKey": "b", "quantity": 1},
        {"merchantLocationKey": "e"},
    ]
    assert field_of(carried.body, ("availability", "pickupAtLocationAvailability")) == [
        {"merchantLocationKey": "c", "quantity": 3, "availabilityType": "IN_STOCK"},
        {"merchantLocationKey": "d", "quantity": 1},
    ]
    assert [drop.reason for drop in carried.dropped] == ["cut to the 3 that the shop sells"] * 2
    raised = carry(carried.body, with_field(OURS["item"], (*stock, "quantity"), 9), owned, ITEM)
    assert raised.dropped == ()
    assert field_of(raised.body, ("availability", "pickupAtLocationAvailability")) == field_of(
        carried.body, ("availability", "pickupAtLocationAvailability")
    )
