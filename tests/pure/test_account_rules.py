"""Which keys fit which eBay, what may be proposed, and how defaults are edited."""

import msgspec
import pytest

from baysync.account.model import Account, Defaults, Environment, OutOfStock, Policies
from baysync.account.rules import SellerOffers, decoded, edited, propose, refuse_foreign_keys
from baysync.base.errors import Refused

SANDBOX = ("Shop-shop-SBX-0123-4567", "SBX-0123-4567")
PRODUCTION = ("Shop-shop-PRD-0123-4567", "PRD-0123-4567")


@pytest.mark.parametrize(
    ("environment", "keys"),
    [
        (Environment.MOCK, SANDBOX),
        (Environment.MOCK, PRODUCTION),
        (Environment.SANDBOX, SANDBOX),
        (Environment.PRODUCTION, PRODUCTION),
        (Environment.PRODUCTION, ("unmarked", "unmarked")),
    ],
)
def test_keys_of_the_environment_are_taken(environment: Environment, keys: tuple[str, str]) -> None:
    assert refuse_foreign_keys(environment, *keys) is None


@pytest.mark.parametrize(
    ("environment", "keys", "mark"),
    [
        (Environment.PRODUCTION, SANDBOX, "PRD"),
        (Environment.PRODUCTION, ("unmarked", SANDBOX[1]), "PRD"),
        (Environment.SANDBOX, PRODUCTION, "SBX"),
    ],
)
def test_keys_of_the_other_environment_are_refused(
    environment: Environment, keys: tuple[str, str], mark: str
) -> None:
    with pytest.raises(Refused, match=f"keyset marked {mark}") as refused:
        refuse_foreign_keys(environment, *keys)
    assert keys[1] not in str(refused.value)


def test_what_there_is_one_of_is_proposed_and_the_rest_named() -> None:
    offered = SellerOffers(fulfillment=("F",), payment=("P", "Q"), returns=(), locations=("L",))
    value, missing = propose(None, offered)
    assert value == Defaults(policies=Policies(fulfillment="F"), location="L")
    assert missing == ("policies.payment", "policies.return")


def test_what_is_set_already_is_kept() -> None:
    present = Defaults(
        category="11450",
        location="OLD",
        policies=Policies(fulfillment="1", payment="2", return_="3"),
    )
    offered = SellerOffers(fulfillment=("F",), payment=("P",), returns=("R",), locations=("L",))
    assert propose(present, offered) == (present, ())


def test_fields_are_set_by_their_path() -> None:
    value = edited(
        Defaults(location="L"),
        {
            "category": "11450",
            "categories.lamps": "20697",
            "policies.payment": "9",
            "aspects.Brand": "Acme",
            "aspects.Colour": '["red", "blue"]',
            "out_of_stock": "end",
            "location": "",
        },
    )
    assert value == Defaults(
        category="11450",
        categories={"lamps": "20697"},
        policies=Policies(payment="9"),
        aspects={"Brand": ("Acme",), "Colour": ("red", "blue")},
        out_of_stock=OutOfStock.END,
    )


def test_an_empty_text_takes_a_part_away() -> None:
    present = Defaults(aspects={"Brand": ("Acme",)}, policies=Policies(payment="9"))
    assert edited(present, {"aspects.Brand": "", "policies.payment": ""}) == Defaults()
    assert edited(None, {"category": ""}) == Defaults()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"categry": "1"}, "unknown field `categry`"),
        ({"policies.pay": "1"}, r"unknown field `pay` - at `\$.policies`"),
        ({"out_of_stock": "stop"}, r"Invalid enum value 'stop' - at `\$.out_of_stock`"),
        ({"category.x": "1"}, "Expected `str"),
        ({"condition": "NEW", "condition.x": "1"}, "condition has no parts"),
        ({"aspects.Brand": "[1"}, "aspects is not JSON"),
        ({"aspects.Brand": "[1]"}, "Expected `str`, got `int`"),
        ({"aspects.": "Acme"}, "The name in aspects is empty"),
        ({"aspects.Brand": '["Acme", " "]'}, "aspects.Brand is empty"),
        ({"words. ": "Farbe"}, "The name in words is empty"),
        ({"condition": " "}, "condition is empty"),
        ({"condition": "SHINY"}, "condition is SHINY, which is none of eBay's"),
        ({"policies.payment": " "}, "policies.payment is empty"),
        ({"category": "lamps"}, "category is lamps: eBay's categories are numbers"),
        ({"categories.Lamps": "lamps"}, "categories.Lamps is lamps"),
        ({"currency": "usd"}, "currency usd is no currency"),
        ({"pricing.rates.Euro": "2"}, "pricing.rates Euro is no currency"),
    ],
)
def test_a_wrong_change_is_refused_with_its_field(changes: dict[str, str], says: str) -> None:
    with pytest.raises(Refused, match=says):
        edited(None, changes)


def test_a_document_is_read_whole() -> None:
    assert decoded(b'{"category": "1"}') == Defaults(category="1")
    assert decoded(msgspec.json.encode(Defaults())) == Defaults()


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"{", "not JSON"),
        (b"[]", "Expected `object`"),
        (b'{"x": 1}', "unknown field `x`"),
        (b'{"type_rules": {"": {"condition": "NEW"}}}', "The name in type_rules is empty"),
        (b'{"type_rules": {"Cup": {"category": "mugs"}}}', "category is mugs"),
        (b'{"type_rules": {"Cup": {"condition": "new"}}}', "condition is new"),
        (b'{"category_rules": {"9": {"condition": "GOOD"}}}', "condition is GOOD"),
        (b'{"category_rules": {"mugs": {"condition": "NEW"}}}', "category_rules is mugs"),
    ],
)
def test_a_wrong_document_is_refused(document: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        decoded(document)


def test_an_account_tells_a_pause_for_good_from_one_that_ends() -> None:
    account = Account(
        id=1,
        name="shop",
        environment=Environment.MOCK,
        ebay_user_id="u",
        username="",
        client_id="c",
        ru_name="r",
        base_urls={},
        state="connected",
        paused_until=None,
        paused_reason=None,
        paused_kind=None,
        waits=False,
        lane_failures=0,
        price_quantity_rows=25,
    )
    assert not account.paused_for_good
