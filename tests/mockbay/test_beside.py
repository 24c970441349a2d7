"""What cannot stand beside what, answered as eBay is known to answer or as a switch says."""

from typing import Any

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import INVENTORY, Answer, Document, Seller, item
from support.settable import usd, value_at
from support.tees import GROUP, shown, tees

TERMS = "listingPolicies.bestOfferTerms"
ACCEPT = {"bestOfferEnabled": True, "autoAcceptPrice": usd("24.90")}
DECLINE = {"bestOfferEnabled": True, "autoDeclinePrice": usd("30")}
OVERRIDES = [{"priority": 1, "shippingServiceType": "DOMESTIC", "shippingCost": usd("1.00")}]
POUNDS = {"value": "1.00", "currency": "GBP"}
TERM: list[tuple[str, str, int, Document]] = [
    ("best_offer_amounts", f"{TERMS}.autoAcceptPrice", 25024,
     {"listingPolicies": {"bestOfferTerms": ACCEPT}}),
    ("best_offer_amounts", f"{TERMS}.autoDeclinePrice", 25024,
     {"listingPolicies": {"bestOfferTerms": DECLINE}}),
    ("compared_prices", "pricingSummary.originalRetailPrice", 25003,
     {"pricingSummary": {"originalRetailPrice": usd("24.90")}}),
    ("compared_prices", "pricingSummary.minimumAdvertisedPrice", 25003,
     {"pricingSummary": {"minimumAdvertisedPrice": usd("20")}}),
    ("other_currency", f"{TERMS}.autoDeclinePrice", 25024,
     {"listingPolicies": {"bestOfferTerms": {"autoDeclinePrice": POUNDS}}}),
    ("other_currency", "extendedProducerResponsibility.ecoParticipationFee", 25016,
     {"extendedProducerResponsibility": {"ecoParticipationFee": POUNDS}}),
    ("other_currency", "listingPolicies.shippingCostOverrides", 25007,
     {"listingPolicies": {"shippingCostOverrides": [{"surcharge": POUNDS}]}}),
    ("second_category", "secondaryCategoryId", 25005, {"secondaryCategoryId": "101"}),
    ("tax_category", "tax.thirdPartyTaxCategory", 25011,
     {"tax": {"thirdPartyTaxCategory": "WASTE_RECYCLING_FEE", "applyTax": False}}),
]  # fmt: skip
KNOWN = {"best_offer_amounts", "other_currency", "tax_category"}


def merged(left: Document, right: Document) -> Document:
    """Return a document with another one's leaves."""
    out = dict(left)
    for name, value in right.items():
        inner: Any = out.get(name)
        out[name] = merged(inner, value) if isinstance(inner, dict) else value  # pyright: ignore[reportUnknownArgumentType] -- any JSON
    return out


def update(seller: Seller, offer_id: str, changes: Document) -> Answer:
    """Replace a live offer by the usual one with changes."""
    body = merged(seller.offer("LAMP-1"), changes)
    return seller.call("PUT", f"{INVENTORY}/offer/{offer_id}", body)


@pytest.mark.parametrize(
    ("switch", "path", "error_id", "changes"), TERM, ids=[f"{row[0]} {row[1]}" for row in TERM]
)
def test_a_term_that_contradicts_another_is_refused_dropped_or_warned_of(
    mockbay: MockServer, seller: Seller, switch: str, path: str, error_id: int, changes: Document
) -> None:
    offer_id = seller.live("LAMP-1")
    before = seller.get_offer(offer_id)
    first = update(seller, offer_id, changes)
    assert (first.status == 400) is (switch in KNOWN), "refused where eBay's word is known"
    mockbay.switch(**{switch: "refused"})
    refused = update(seller, offer_id, changes)
    assert (refused.status, refused.error_ids) == (400, [error_id])
    assert refused.error["parameters"] == [{"name": "fieldName", "value": path.rpartition(".")[2]}]
    if switch in KNOWN:
        assert seller.get_offer(offer_id) == before, "a refusal changes nothing"
    mockbay.switch(**{switch: "dropped"})
    dropped = update(seller, offer_id, changes)
    assert [one["errorId"] for one in dropped.json["warnings"]] == [25401]
    assert value_at(seller.get_offer(offer_id), path) is None
    mockbay.switch(**{switch: "warned"})
    warned = update(seller, offer_id, changes)
    assert [one["errorId"] for one in warned.json["warnings"]] == [25402]
    assert value_at(seller.get_offer(offer_id), path) == value_at(changes, path)


def test_an_offer_is_stored_with_what_only_publishing_refuses(
    mockbay: MockServer, seller: Seller
) -> None:
    seller.put_item("LAMP-1")
    offer_id = seller.create_offer("LAMP-1", secondaryCategoryId="101")
    mockbay.switch(second_category="refused")
    assert seller.publish(offer_id).error_ids == [25005]
    mockbay.switch(second_category="dropped")
    assert [one["errorId"] for one in seller.publish(offer_id).json["warnings"]] == [25401]
    assert "secondaryCategoryId" not in seller.get_offer(offer_id)


def test_a_price_call_is_judged_by_the_amounts_beside_the_price(
    mockbay: MockServer, seller: Seller
) -> None:
    offer_id = seller.live("LAMP-1")
    leaf = f"{TERMS}.autoAcceptPrice"
    mockbay.seller_set("LAMP-1", {f"{leaf}.value": "20", f"{leaf}.currency": "USD"}, of="offer")
    change = {"offerId": offer_id, "price": usd("19.90")}
    row = {"requests": [{"sku": "LAMP-1", "offers": [change]}]}
    path = f"{INVENTORY}/bulk_update_price_quantity"
    (refused,) = seller.call("POST", path, row).json["responses"]
    assert [one["errorId"] for one in refused["errors"]] == [25024]
    assert seller.get_offer(offer_id)["pricingSummary"]["price"]["value"] == "24.90"
    mockbay.switch(best_offer_amounts="dropped")
    (done,) = seller.call("POST", path, row).json["responses"]
    assert [one["errorId"] for one in done["warnings"]] == [25401]
    assert value_at(seller.get_offer(offer_id), leaf) is None


def test_overridden_shipping_costs_belong_to_a_policy(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    other = {"listingPolicies": {"fulfillmentPolicyId": "6000000010002"}}
    mockbay.seller_set("LAMP-1", {"listingPolicies.shippingCostOverrides": OVERRIDES}, of="offer")
    carried = {"listingPolicies": {"shippingCostOverrides": OVERRIDES}}
    assert update(seller, offer_id, carried).status == 204
    mockbay.switch(shipping_overrides="refused")
    assert 25007 in update(seller, offer_id, merged(carried, other)).error_ids
    assert update(seller, offer_id, carried).status == 204


def test_a_condition_that_takes_no_note_drops_it_with_a_warning(
    mockbay: MockServer, seller: Seller
) -> None:
    note = {"conditionDescription": "A scratch.", "conditionDescriptors": [{"name": "40001"}]}
    first = seller.put_item("A", item(**note))
    assert [one["errorId"] for one in first.json["warnings"]] == [25030, 25030]
    assert seller.get_item("A").json.keys() & note.keys() == set()
    assert seller.put_item("A", item(condition="USED_VERY_GOOD", **note)).status == 204
    assert seller.get_item("A").json["conditionDescriptors"] == [{"name": "40001"}]
    mockbay.switch(condition_extras="refused")
    assert seller.put_item("A", item(**note)).error_ids == [25021, 25021]
    assert seller.put_item("A", item(condition="USED_GOOD", **note)).error_ids == [25021]


def test_an_epid_stands_for_the_product_that_first_had_it(
    mockbay: MockServer, seller: Seller
) -> None:
    seller.put_item("A", item(product={"brand": "Lumen", "mpn": "L-1"}))
    mockbay.seller_set("A", {"product.epid": "77"})
    other = item(product={"brand": "Glow", "mpn": "L-1", "epid": "77"})
    assert [one["errorId"] for one in seller.put_item("A", other).json["warnings"]] == [25402]
    mockbay.switch(other_product="refused")
    assert seller.put_item("A", other).error_ids == [25503]
    same = item(product={"brand": "Lumen", "epid": "77", "aspects": {}})
    assert seller.put_item("A", same).status == 204, "what is not said contradicts nothing"


def test_a_start_date_that_has_passed_or_of_a_live_offer_stays_as_it_was(
    mockbay: MockServer, seller: Seller
) -> None:
    seller.put_item("LAMP-1")
    now = mockbay.advance(0)
    late = seller.call("POST", f"{INVENTORY}/offer", seller.offer("LAMP-1", listingStartDate=now))
    assert [one["errorId"] for one in late.json["warnings"]] == [25753]
    offer_id = late.json["offerId"]
    assert "listingStartDate" not in seller.get_offer(offer_id)
    soon = {"listingStartDate": "2026-01-05T13:00:00.000Z"}
    assert update(seller, offer_id, soon).status == 204
    assert seller.get_offer(offer_id)["listingStartDate"] == soon["listingStartDate"]
    assert seller.publish(offer_id).status == 200
    later = {"listingStartDate": "2026-02-01T13:00:00.000Z"}
    assert [one["errorId"] for one in update(seller, offer_id, later).json["warnings"]] == [25753]
    assert seller.get_offer(offer_id)["listingStartDate"] == soon["listingStartDate"]


def test_a_live_variation_takes_no_best_offers(mockbay: MockServer, seller: Seller) -> None:
    tees(seller)
    offer = shown(seller, "offer")
    mockbay.seller_set("TEE-S", {f"{TERMS}.bestOfferEnabled": True}, of="offer")
    body = merged(offer, {"listingPolicies": {"bestOfferTerms": {"bestOfferEnabled": True}}})
    answer = seller.call("PUT", f"{INVENTORY}/offer/{offer['offerId']}", body)
    assert answer.error_ids == [25013]
    assert seller.call("PUT", f"{INVENTORY}/offer/{offer['offerId']}", offer).status == 204


def test_what_a_group_drops_is_said_when_it_is_published(
    mockbay: MockServer, seller: Seller
) -> None:
    tees(seller)
    mockbay.switch(second_category="dropped")
    mockbay.seller_set("TEE-S", {"secondaryCategoryId": "201"}, of="offer")
    by_group = {"inventoryItemGroupKey": "TEE", "marketplaceId": "EBAY_US"}
    path = f"{INVENTORY}/offer/publish_by_inventory_item_group"
    warnings = seller.call("POST", path, by_group).json["warnings"]
    assert [one["errorId"] for one in warnings] == [25401]
    assert seller.call("GET", GROUP).status == 200
