"""Nothing secret gets into a log: canaries in every place one was ever found."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.ebay.redact import HIDDEN, redact, redact_headers, redact_text

TOKEN = "v^1.1#i^1#p^3#r^1#I^3#f^0#t^CANARY=="  # noqa: S105 - a canary


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {TOKEN}",
        f"the token {TOKEN} was refused",
        "Basic Q0FOQVJZOkNBTkFSWQCANARY",
        "v%5E1.1%23i%5E1%23CANARY",
        "client_secret=CANARY&x=1",
        "grant_type=refresh_token&refresh_token=CANARY",
        "https://shop.example/callback?code=CANARY%3D&expires_in=299",
        "postgresql://user:CANARY@localhost/db",
        '{"access_token": "CANARY", "expires_in": 7200}',
        '{"refresh_token":"CANARY',
        '{"code": "CANARY"}',
    ],
)
def test_a_secret_in_text_is_hidden(text: str) -> None:
    assert "CANARY" in text
    cleaned = redact_text(text)
    assert "CANARY" not in cleaned
    assert HIDDEN in cleaned


def test_a_client_secret_is_known_by_its_look() -> None:
    assert redact_text("SBX-0123456789ab-cdef-0123-4567 tried") == f"{HIDDEN} tried"


@pytest.mark.parametrize(
    "name",
    [
        "access_token",
        "refreshToken",
        "client_secret",
        "Authorization",
        "apiKey",
        "code",
        "Password",
    ],
)
def test_a_secret_under_a_telling_name_is_hidden_at_any_depth(name: str) -> None:
    assert redact({"a": [{name: "CANARY"}]}) == {"a": [{name: HIDDEN}]}
    assert redact({name: ""}) == {name: ""}, "that it was empty is worth knowing"


def test_a_secret_under_an_innocent_name_is_known_by_its_look() -> None:
    assert redact({"note": TOKEN}) == {"note": HIDDEN}


def test_what_is_nested_beyond_reason_is_hidden_whole() -> None:
    deep: object = TOKEN
    for _ in range(900):
        deep = [deep]
    assert b"CANARY" not in msgspec.json.encode(redact(deep))


def test_buyers_are_hidden_and_listings_are_not() -> None:
    order = {
        "orderId": "1",
        "buyer": {"username": "CANARY"},
        "shippingStep": {"shipTo": {"fullName": "CANARY"}},
    }
    assert redact(order) == {
        "orderId": "1",
        "buyer": HIDDEN,
        "shippingStep": {"shipTo": HIDDEN},
    }
    item = {"sku": "A", "product": {"title": "Decoder", "aspects": {"Postcode": ["1"]}}, "n": 1}
    assert redact(item) == item


def test_only_harmless_headers_are_kept() -> None:
    headers = {
        "Authorization": "Bearer CANARY",
        "Cookie": "CANARY",
        "X-Ebay-Signature": "CANARY",
        "Rlogid": "t6pq",
        "Location": "https://x/?code=CANARY",
    }
    assert redact_headers(headers) == {"rlogid": "t6pq", "location": f"https://x/?{HIDDEN}"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["token", "secret", "x"]))
def test_no_nesting_hides_a_canary(value: object, name: str) -> None:
    planted = {"a": [value, {name: TOKEN, "b": [f"Bearer {TOKEN}"]}]}
    assert b"CANARY" not in msgspec.json.encode(redact(planted))
