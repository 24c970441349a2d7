"""A business policy is meant by its id or by the seller's name for it, never by a guess."""

import pytest
from msgspec.structs import replace

from baysync.account.model import Policies as Chosen
from baysync.listing.model import Override, PolicyChoice
from baysync.projection.build import build
from baysync.reference.choice import identified, problems
from baysync.reference.model import MarketplaceRules, SellerPolicies
from support.shop import DEFAULTS, LAMP

GB = "EBAY_GB"
KNOWN = SellerPolicies(
    fulfillment=("1", "2", "3", "4", "5"),
    names={
        "fulfillment": {"1": "Parcel", "2": "Freight", "3": "freight", "4": "Twin", "5": "Twin"},
        "payment": {"12": "Card"},
        "return_": {"13": "30 days"},
    },
    payment=("12",),
    return_=("13",),
)


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("2", "2"),
        ("Parcel", "1"),
        (" parcel ", "1"),
        ("PARCEL", "1"),
        ("Freight", "2"),
        ("freight", "3"),
        ("FREIGHT", "FREIGHT"),  # two are called so
        ("Twin", "Twin"),
        ("Courier", "Courier"),
        ("9", "9"),
    ],
)
def test_a_name_means_the_one_policy_that_is_called_so(word: str, means: str) -> None:
    assert identified("fulfillment", word, KNOWN) == means
    assert identified("fulfillment", word, None) == word, "what is not known is not guessed"


def test_an_unknown_name_a_double_one_and_one_not_asked_about_are_told_apart() -> None:
    def fix(word: str, known: SellerPolicies | None = KNOWN) -> tuple[str, str, str]:
        (found,) = problems(SellerPolicies(fulfillment=(word,)), known)
        assert found.reason == "unknown_policy"
        return found.pointer, found.rule, found.fix

    assert fix("Courier")[2].endswith(
        "one of 1 (Parcel), 2 (Freight), 3 (freight), 4 (Twin), 5 (Twin)."
    )
    at, rule, way = fix("Twin")
    assert (at, "2 fulfillment policies called Twin" in rule) == ("/policies/fulfillment", True)
    assert way == "Give the id, one of 4 (Twin), 5 (Twin), or rename one on eBay."
    assert "not said yet" in fix("Courier", None)[1]
    assert "Make a fulfillment policy" in fix("Courier", SellerPolicies())[2]
    assert list(problems(SellerPolicies(fulfillment=("77",)), None)) == [], (
        "an id is not judged unasked"
    )


def test_a_listing_names_its_policies_and_an_override_names_them_for_one_marketplace() -> None:
    named = replace(
        LAMP,
        policies=PolicyChoice(fulfillment="parcel"),
        overrides={GB: Override(policies=PolicyChoice(payment="Card"))},
    )
    defaults = replace(DEFAULTS, policies=Chosen(fulfillment="2", payment="99", return_="30 days"))
    shown = build(named, defaults, GB, MarketplaceRules(policies=KNOWN)).projection
    assert shown
    assert shown.offer
    offer = shown.offer
    assert (offer.fulfillment_policy, offer.payment_policy, offer.return_policy) == (
        "1",
        "12",
        "13",
    )


def test_the_pointer_leads_to_who_named_the_policy() -> None:
    known = MarketplaceRules(
        policies=SellerPolicies(fulfillment=("1",), payment=("2",), return_=("3",))
    )
    listing = replace(
        LAMP,
        policies=PolicyChoice(fulfillment="x"),
        overrides={GB: Override(policies=PolicyChoice(return_="y"))},
    )
    blocks = build(listing, DEFAULTS, GB, known).blocks
    assert [(block.reason, block.pointer) for block in blocks] == [
        ("unknown_policy", "/policies/fulfillment"),
        ("unknown_policy", ""),
        ("unknown_policy", "/overrides/EBAY_GB/policies/return"),
    ]
