"""What is read out of answers, whatever shape they have."""

from dataclasses import replace

import pytest

from baysync.base.errors import UnknownMarketplace
from baysync.ebay import accounts, identity, marketplace, offers
from baysync.ebay.model import Answer, ItemAnswer, Problem, Verdict

ASKED = offers.get_offers("A")


def test_no_offer_is_only_what_ebay_says_is_none() -> None:
    none = Answer(call=ASKED, status=404, problems=(Problem(error_id=25713),))
    assert offers.offers_in(none) == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(call=ASKED, status=404),
        Answer(call=ASKED, status=404, problems=(Problem(error_id=2002),)),
        Answer(call=ASKED, status=400, problems=(Problem(error_id=25713),)),
        Answer(call=ASKED, status=200, body={"offers": None}),
        Answer(call=ASKED, status=200, body="offers"),
        Answer(call=ASKED, status=200, body={"offers": []}, problems=(Problem(error_id=1),)),
        Answer(call=ASKED),
    ],
)
def test_anything_else_leaves_unknown_which_offers_there_are(answer: Answer) -> None:
    assert offers.offers_in(answer) is None


def test_offers_are_given_as_ebay_sent_them() -> None:
    answer = Answer(call=ASKED, status=200, body={"offers": [{"offerId": "1"}, "junk"]})
    assert offers.offers_in(answer) == [{"offerId": "1"}]


def test_an_offer_tells_its_state() -> None:
    state = offers.state_of(
        {
            "offerId": 1,
            "sku": "A",
            "marketplaceId": "EBAY_DE",
            "status": "PUBLISHED",
            "availableQuantity": "3",
            "pricingSummary": {"price": {"value": "9.99", "currency": "EUR"}},
            "listing": {
                "listingId": "110",
                "listingStatus": "OUT_OF_STOCK",
                "soldQuantity": 2,
                "listingOnHold": True,
            },
        }
    )
    assert state == offers.OfferState(
        offer_id="1",
        sku="A",
        marketplace="EBAY_DE",
        status="PUBLISHED",
        listing_id="110",
        listing_status="OUT_OF_STOCK",
        on_hold=True,
        sold_quantity=2,
        quantity=3,
        price="9.99",
        currency="EUR",
    )
    assert offers.state_of({"listing": [], "pricingSummary": 7}) == offers.OfferState(offer_id="")


@pytest.mark.parametrize(
    ("status", "listing_status", "alive"),
    [
        ("PUBLISHED", "ACTIVE", "alive"),
        ("PUBLISHED", "OUT_OF_STOCK", "alive"),
        ("PUBLISHED", "SOMETHING_NEW", "alive"),
        ("PUBLISHED", "", "alive"),
        ("PUBLISHED", "EBAY_ENDED", "dead"),
        ("PUBLISHED", "ENDED", "dead"),
        ("UNPUBLISHED", "ACTIVE", "dead"),
        ("UNPUBLISHED", "", "dead"),
    ],
)
def test_a_listing_id_is_no_pulse(status: str, listing_status: str, alive: str) -> None:
    state = offers.OfferState(
        offer_id="1", status=status, listing_status=listing_status, listing_id="110"
    )
    assert state.is_live == (alive == "alive")


def test_an_unpublished_offer_with_a_listing_id_is_stale() -> None:
    bare = offers.OfferState(offer_id="1", status="UNPUBLISHED")
    assert not bare.is_stale
    assert replace(bare, listing_id="110").is_stale
    assert not replace(bare, status="PUBLISHED", listing_id="110").is_stale
    assert not replace(bare, listing_id="110", listing_status="EBAY_ENDED").is_stale


def test_the_offer_id_comes_with_success_and_with_the_conflict() -> None:
    done = ItemAnswer(key="A", verdict=Verdict.DONE, data={"offerId": 5, "listingId": "110"})
    there = Problem(error_id=25002, parameters=(("offerId", "7"),))
    conflict = ItemAnswer(key="A", verdict=Verdict.CONFLICT, problems=(Problem(), there))
    assert (offers.offer_id_in(done), offers.listing_id_in(done)) == ("5", "110")
    assert (offers.offer_id_in(conflict), offers.listing_id_in(conflict)) == ("7", "")


def test_policies_are_read_with_their_default() -> None:
    kind = accounts.PolicyKind.PAYMENT
    row = {
        "paymentPolicyId": "6",
        "name": "Card",
        "marketplaceId": "EBAY_DE",
        "categoryTypes": [{"name": "ALL", "default": True}],
    }
    call = accounts.get_policies(kind, marketplace="EBAY_DE")
    answer = Answer(call=call, status=200, body={"paymentPolicies": [row, {"name": "no id"}]})
    (policy,) = accounts.policies_in(kind, answer)
    assert (policy.policy_id, policy.name, policy.marketplace) == ("6", "Card", "EBAY_DE")
    assert policy.is_default
    assert policy.document == row


def test_privileges_are_read_with_and_without_a_limit() -> None:
    call = accounts.get_privileges()
    limit = {"quantity": 500, "amount": {"value": "2500", "currency": "USD"}}
    full = {"sellerRegistrationCompleted": True, "sellingLimit": limit}
    assert accounts.privileges_in(Answer(call=call, status=200, body=full)) == accounts.Privileges(
        registered=True, limit_quantity=500, limit_amount="2500", limit_currency="USD"
    )
    bare = accounts.privileges_in(Answer(call=call, status=200, body={}))
    assert (bare.registered, bare.limit_quantity) == (False, None)


def test_business_policies_are_on_when_the_programme_says_so() -> None:
    call = accounts.get_opted_in_programs()
    programs = {"programs": [{"programType": "SELLING_POLICY_MANAGEMENT"}]}
    assert accounts.has_business_policies(Answer(call=call, status=200, body=programs))
    assert not accounts.has_business_policies(Answer(call=call, status=200, body={}))


def test_a_seller_has_an_id_or_is_none() -> None:
    call = identity.get_user()
    body = {"userId": "u1", "username": "lamps", "registrationMarketplaceId": "EBAY_DE"}
    seller = identity.seller_in(Answer(call=call, status=200, body=body))
    assert seller == identity.Seller(user_id="u1", username="lamps", marketplace="EBAY_DE")
    assert identity.seller_in(Answer(call=call, status=200, body={"username": "x"})) is None


def test_marketplaces_know_language_currency_and_site() -> None:
    germany = marketplace.marketplace("EBAY_DE")
    assert (germany.language, germany.locale, germany.currency) == ("de-DE", "de_DE", "EUR")
    assert marketplace.marketplace("EBAY_CA").languages == ("en-CA", "fr-CA")
    assert marketplace.language_of("de_AT") == "de-AT"
    assert marketplace.listing_url("EBAY_GB", "110") == "https://www.ebay.co.uk/itm/110"
    assert marketplace.listing_url("EBAY_GB", "110", sandbox=True) == (
        "https://www.sandbox.ebay.com/itm/110"
    )


def test_an_unknown_marketplace_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownMarketplace, match=r"EBAY_XX.*EBAY_DE"):
        marketplace.marketplace("EBAY_XX")
