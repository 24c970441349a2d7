"""Nothing secret gets into a log: canaries in every place one was ever found."""

from time import thread_time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.ebay.redact import HIDDEN, redact, redact_prose, redact_text

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
        "refresh_token: CANARY",
        "{'refresh_token': 'CANARY'}",
        '"{\\"refresh_token\\": \\"CANARY\\"}"',
        '{"note": "{\\"client_secret\\":\\"a\\\\\\"CANARY\\"}"}',
        '{"token":["a]", "CANARY"]}',
        '{"token": {"parts": ["}"], "rest": "CANARY"}}',
        "code%3DCANARY",
        "callback%3Fx%3D1%26code%3DCANARY",
        "state=1&x%253D2%2526code%253DCANARY",
        "https://shop.example/#access_token=CANARY",
        "eyJhbGciOiJIUzI1NiJ9.eyJDQU5BUlkCANARY.c2lnCANARY",
        "password: CANARY",
        "password => 'CANARY'",
        "BAYSYNC_KEY=CANARY",
        "api_key = b'CANARY'",
        '{"client_secret":"a\\"CANARY"}',
        "Authorization: Digest user=1, response=CANARY",
        "Cookie: lang=de; sid=CANARY",
        "<refresh_token>CANARY</refresh_token>",
        "&quot;access_token&quot;:&quot;CANARY&quot;",
        "%22refresh_token%22%3A%22CANARY%22",
        "Buyer CANARY@example.com wrote",
        "mailto:CANARY%40example.com",
        "buyerUsername=CANARY",
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
    "text",
    [
        "error code: 25709, the field merchantLocationKey: home",
        "offer 104682640013 of 4006381333931 exists since 2026-05-12 06:04",
        "the token was refused; 4@5.99 each",
        '{"sku": "A\\\\", "title": "Lamp"}',
    ],
)
def test_what_only_resembles_a_secret_stays(text: str) -> None:
    assert redact_prose(text) == text


def test_a_string_that_ends_in_a_backslash_ends_there() -> None:
    text = r'{"token":"x\\","sku":"A"}'
    assert redact_text(text) == f'{{"token":"{HIDDEN}\\\\","sku":"A"}}'


@pytest.mark.parametrize(
    "phone",
    ["+49 151 23456789", "+1 (212) 555-1234", "(212) 555-1234", "212-555-1234", "0151 23456789"],
)
def test_a_message_loses_phone_numbers(phone: str) -> None:
    assert redact_prose(f"call {phone} now") == f"call {HIDDEN} now"


@pytest.mark.parametrize("unit", ["a", 'token="', "token:[", "a@b.", '\\"', "+1 ", "://a:", "1-2 "])
def test_redaction_takes_time_in_proportion_to_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        began = thread_time()
        redact_prose(text)
        return thread_time() - began

    quarters, wholes = zip(*((seconds(100_000), seconds(400_000)) for _ in range(3)), strict=True)
    assert min(wholes) < 2.5**2 * min(quarters), "four times the text, each doubling below 2.5"


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
        "finalDestinationAddress": {"addressLine1": "CANARY"},
        "giftDetails": {"message": "CANARY"},
        "paymentReferenceId": "CANARY",
    }
    assert redact(order) == {
        "orderId": "1",
        "buyer": HIDDEN,
        "shippingStep": {"shipTo": HIDDEN},
        "finalDestinationAddress": HIDDEN,
        "giftDetails": HIDDEN,
        "paymentReferenceId": HIDDEN,
    }
    item = {"sku": "A", "product": {"title": "Decoder", "aspects": {"Postcode": ["1"]}}, "n": 1}
    assert redact(item) == item


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["token", "secret", "x"]))
def test_no_nesting_hides_a_canary(value: object, name: str) -> None:
    planted = {"a": [value, {name: TOKEN, "b": [f"Bearer {TOKEN}"]}]}
    assert b"CANARY" not in msgspec.json.encode(redact(planted))


@given(
    st.lists(
        st.sampled_from(["/", ".", "a", "eyJ", "PRD-", "0" * 20, "-", "~", "_", "é"]), max_size=9
    )
)
def test_an_address_of_a_picture_is_read_as_any_other_text(parts: list[str]) -> None:
    address = f"https://i.example.com/{''.join(parts)}"
    assert redact_text(address) == redact_text(f"{address} *")[:-2]
