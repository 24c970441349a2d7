"""A canary stands in all that is secret and in all that is a buyer's."""

import re

from mockbay.buyers import canary_phone
from mockbay.client import MockServer
from support.mockbay_calls import Document, Seller

CANARY = "0123456789ab"
TOKEN = re.compile(r"v\^1\.1#i\^1#p\^3#r\^1#t\^[A-Z]T[0-9a-f]{64}")


def test_it_stands_in_keys_and_tokens_which_keep_their_form(mockbay: MockServer) -> None:
    keys = mockbay.reset(canary=CANARY)
    assert re.fullmatch(rf"SBX-{CANARY}-[0-9a-f]{{4}}-[0-9a-f]{{4}}", keys["client_secret"])
    for name in ("user_token", "refresh_token"):
        assert TOKEN.fullmatch(keys[name])
        assert CANARY in keys[name]
    plain = mockbay.reset(canary="")
    assert CANARY not in str(plain)
    assert {name: len(str(value)) for name, value in plain.items()} == {
        name: len(str(value)) for name, value in keys.items()
    }


def test_it_stands_in_what_is_invented_of_a_buyer(
    mockbay: MockServer, seller: Seller, two: Document
) -> None:
    mockbay.switch(canary=CANARY)
    order = seller.order(two["orderId"])
    whom = order["buyer"]["buyerRegistrationAddress"]
    assert whom == order["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"]
    telling = (
        order["buyer"]["username"],
        whom["fullName"],
        whom["email"],
        whom["contactAddress"]["addressLine1"],
    )
    assert all(CANARY in text for text in telling), telling
    assert whom["primaryPhone"]["phoneNumber"] == canary_phone(CANARY) == "+999 0999896491"


def test_what_a_test_says_of_a_buyer_stays_as_it_says(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(canary=CANARY)
    seller.live("LAMP")
    order = seller.order(mockbay.buy("LAMP", ship_to={"fullName": "Kim Own"})["orderId"])
    assert order["buyer"]["buyerRegistrationAddress"]["fullName"] == "Kim Own"
