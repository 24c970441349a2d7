"""Tokens are given, refreshed and taken back as eBay does."""

import base64
import re
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from mockbay.client import ControlError, MockServer, running
from support.mockbay_calls import INVENTORY, ORDERS, Answer, Seller, send

SCOPE = "https://api.ebay.com/oauth/api_scope/sell.inventory"
ACCOUNT_SCOPE = "https://api.ebay.com/oauth/api_scope/sell.account"
APP_SCOPE = "https://api.ebay.com/oauth/api_scope"
CALLBACK = "http://127.0.0.1:9/callback?from=mock"
REFRESH = {"grant_type": "refresh_token"}
Keys = dict[str, Any]


@pytest.fixture
def keys(mockbay: MockServer) -> Keys:
    return mockbay.credentials


def ask(mockbay: MockServer, keys: Keys, form: dict[str, str] | str, **headers: str) -> Answer:
    """Send the token call; a text is sent as it is."""
    pair = f"{keys['client_id']}:{keys['client_secret']}".encode()
    sent = {
        "Authorization": f"Basic {base64.b64encode(pair).decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    body = form if isinstance(form, str) else urlencode(form)
    return send(mockbay.url, "POST", "/identity/v1/oauth2/token", body.encode(), sent)


def consent(mockbay: MockServer, keys: Keys, **form: str) -> Answer:
    """Press a button of the consent page."""
    fields = {"client_id": keys["client_id"], "redirect_uri": keys["ru_name"], **form}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return send(mockbay.url, "POST", "/oauth2/authorize", urlencode(fields).encode(), kind)


def code_of(answer: Answer) -> str:
    """Return the code in the address that consent leads to."""
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def test_a_seller_agrees_and_the_code_becomes_tokens_once(mockbay: MockServer, keys: Keys) -> None:
    mockbay.return_to(CALLBACK)
    query = {"client_id": keys["client_id"], "redirect_uri": keys["ru_name"], "state": "<s>"}
    page = send(mockbay.url, "GET", f"/oauth2/authorize?{urlencode(query | {'scope': SCOPE})}")
    assert page.status == 200
    assert b"Agree" in page.raw
    assert b"&lt;s&gt;" in page.raw, "the state is escaped"
    back = consent(mockbay, keys, state="<s>", scope=SCOPE, account="seller-two")
    assert back.status == 302
    assert back.headers["location"].startswith(f"{CALLBACK}&")
    asked = {"grant_type": "authorization_code", "redirect_uri": keys["ru_name"]}
    got = ask(mockbay, keys, asked | {"code": code_of(back)})
    assert got.json["token_type"].startswith("User")
    assert got.json["expires_in"] == 7200
    assert got.json["refresh_token_expires_in"] == 47_304_000
    user = Seller(mockbay.url, got.json["access_token"])
    assert user.call("GET", f"{INVENTORY}/inventory_item").status == 200
    assert user.call("GET", "/sell/account/v1/privilege").error["errorId"] == 1100, "not in scope"
    again = ask(mockbay, keys, asked | {"code": code_of(back)})
    assert (again.status, again.json["error"]) == (400, "invalid_grant")


def test_a_code_still_escaped_is_understood_and_an_old_one_is_not(
    mockbay: MockServer, keys: Keys
) -> None:
    mockbay.return_to(CALLBACK)
    asked = {"grant_type": "authorization_code", "redirect_uri": keys["ru_name"]}
    code = code_of(consent(mockbay, keys))
    assert ask(mockbay, keys, asked | {"code": quote(code)}).status == 200
    late = code_of(consent(mockbay, keys))
    mockbay.advance(300)
    assert ask(mockbay, keys, asked | {"code": late}).json["error"] == "invalid_grant"
    other = asked | {"redirect_uri": CALLBACK, "code": code_of(consent(mockbay, keys))}
    assert ask(mockbay, keys, other).json["error"] == "invalid_grant"


def test_a_page_shows_the_code_where_no_address_is_set() -> None:
    with running() as fresh:  # where consent leads outlives a reset
        keys = fresh.credentials
        shown = consent(fresh, keys, state="<s>")
        assert (shown.status, b"&lt;s&gt;" in shown.raw) == (200, True)
        found = re.search(r"<dt>code</dt><dd><code>(.+?)</code>", shown.raw.decode())
        assert found
        form = {"grant_type": "authorization_code", "redirect_uri": keys["ru_name"]}
        assert ask(fresh, keys, form | {"code": found[1]}).status == 200
        assert b"access_denied" in consent(fresh, keys, answer="decline").raw


def test_a_seller_can_decline(mockbay: MockServer, keys: Keys) -> None:
    mockbay.return_to("http://127.0.0.1:9/callback")
    answer = consent(mockbay, keys, answer="decline", state="s")
    assert answer.headers["location"].endswith("/callback?state=s&error=access_denied")


def test_the_consent_page_says_what_is_wrong(mockbay: MockServer, keys: Keys) -> None:
    wrong_scope = {"scope": f"{APP_SCOPE}/none"}
    for fields in ({"client_id": "x"}, {"redirect_uri": "x"}, {"account": "nobody"}, wrong_scope):
        mockbay.return_to(CALLBACK)
        assert consent(mockbay, keys, **fields).status == 400
    wrong = send(mockbay.url, "GET", "/oauth2/authorize?client_id=x")
    assert (wrong.status, wrong.headers["content-type"]) == (400, "text/html; charset=utf-8")
    with pytest.raises(ControlError, match="url"):
        mockbay.return_to("callback")


def test_a_refresh_token_does_not_rotate(mockbay: MockServer, keys: Keys) -> None:
    got = ask(mockbay, keys, REFRESH | {"refresh_token": keys["refresh_token"]})
    assert "refresh_token" not in got.json
    assert Seller(mockbay.url, got.json["access_token"]).put_item("A").status == 201
    less = ask(mockbay, keys, REFRESH | {"refresh_token": keys["refresh_token"], "scope": SCOPE})
    assert less.status == 200
    ships = {"refresh_token": keys["refresh_token"], "scope": f"{APP_SCOPE}/sell.fulfillment"}
    shipper = Seller(mockbay.url, ask(mockbay, keys, REFRESH | ships).json["access_token"])
    assert shipper.ship("1", {}).error_ids == [32100]
    refund = shipper.call("POST", f"{ORDERS}/1/issue_refund", {})
    assert refund.error_ids == [1100], "it wants sell.finances"
    more = f"{SCOPE} {APP_SCOPE}/buy.order {APP_SCOPE}/sell.finances {APP_SCOPE}/commerce.message"
    wide = ask(mockbay, keys, REFRESH | {"refresh_token": keys["refresh_token"], "scope": more})
    assert wide.status == 200, "a seller of the mock granted all that eBay documents"
    mockbay.return_to(CALLBACK)
    form = {"grant_type": "authorization_code", "redirect_uri": keys["ru_name"]}
    narrow = ask(mockbay, keys, form | {"code": code_of(consent(mockbay, keys, scope=SCOPE))}).json
    wide = ask(mockbay, keys, REFRESH | {"refresh_token": narrow["refresh_token"], "scope": more})
    assert (wide.status, wide.json["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "path",
    [
        "/commerce/taxonomy/v1/get_default_category_tree_id?marketplace_id=EBAY_US",
        "/commerce/notification/v1/destination",
        "/developer/analytics/v1_beta/rate_limit",
    ],
)
def test_a_call_for_the_basic_scope_takes_any_token_that_has_it(
    mockbay: MockServer, keys: Keys, path: str
) -> None:
    form = REFRESH | {"refresh_token": keys["refresh_token"]}
    narrow = Seller(mockbay.url, ask(mockbay, keys, form | {"scope": SCOPE}).json["access_token"])
    assert narrow.call("GET", path).error["errorId"] == 1100
    wide = Seller(mockbay.url, keys["user_token"])
    assert wide.call("GET", path).status == 200
    mockbay.switch(basic_scope_tokens="application")
    assert wide.call("GET", path).error["errorId"] == 1100


def test_tokens_need_no_escaping(mockbay: MockServer, keys: Keys) -> None:
    assert not re.search("[+&%]", keys["refresh_token"] + keys["user_token"])
    raw = f"grant_type=refresh_token&refresh_token={keys['refresh_token']}"
    kind = "application/x-www-form-urlencoded;charset=UTF-8"
    assert ask(mockbay, keys, raw, Content_Type=kind, Accept_Language="*").status == 200
    twice = quote(quote(SCOPE))
    assert ask(mockbay, keys, f"{raw}&scope={twice}").status == 200


def test_an_application_token_is_not_a_sellers(mockbay: MockServer, keys: Keys) -> None:
    form = {"grant_type": "client_credentials", "scope": f"{APP_SCOPE} {APP_SCOPE}/buy.browse"}
    got = ask(mockbay, keys, form)
    assert got.json["token_type"].startswith("Application")
    assert "refresh_token" not in got.json
    program = Seller(mockbay.url, got.json["access_token"])
    assert program.call("GET", f"{INVENTORY}/inventory_item").error["errorId"] == 1100
    limits = program.call("GET", "/developer/analytics/v1_beta/rate_limit/")
    assert limits.status == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({}, 400, "unsupported_grant_type"),
        (REFRESH | {"refresh_token": "x"}, 400, "invalid_grant"),
        ({"grant_type": "client_credentials", "scope": f"{APP_SCOPE}/none"}, 400, "invalid_scope"),
    ],
)
def test_a_wrong_token_call_fails_in_the_words_of_the_rfc(
    mockbay: MockServer, keys: Keys, form: dict[str, str], status: int, error: str
) -> None:
    answer = ask(mockbay, keys, form)
    assert (answer.status, answer.json["error"]) == (status, error)


@pytest.mark.parametrize("header", ["", "Basic !", "Basic eDp5", "Bearer x"])
def test_an_unknown_client_is_401(mockbay: MockServer, keys: Keys, header: str) -> None:
    answer = ask(mockbay, keys, REFRESH, Authorization=header)
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


def test_access_tokens_end_after_two_hours(mockbay: MockServer, seller: Seller) -> None:
    mockbay.advance(7199)
    assert seller.put_item("A").status == 201
    mockbay.advance(1)
    assert seller.put_item("A").error["errorId"] == 1001


def test_a_seller_can_take_back_what_he_granted(mockbay: MockServer, keys: Keys) -> None:
    one, form = Seller(mockbay.url, keys["user_token"]), REFRESH
    form = form | {"refresh_token": keys["refresh_token"]}
    mockbay.expire_tokens("seller-two")
    assert one.put_item("A").status == 201
    mockbay.expire_tokens("seller-one")
    assert one.put_item("A").error["errorId"] == 1001
    assert ask(mockbay, keys, form).status == 200
    mockbay.revoke_tokens()
    assert ask(mockbay, keys, form).json["error"] == "invalid_grant"


def test_faults_of_the_token_call_can_name_the_account(mockbay: MockServer, keys: Keys) -> None:
    form = REFRESH | {"refresh_token": keys["refresh_token"]}
    grant = {"kind": "invalid_grant"}
    mockbay.faults({"match": {"op": "getToken", "account": "seller-two"}, "effects": [grant]})
    assert ask(mockbay, keys, form).status == 200
    mockbay.faults({"match": {"op": "getToken", "account": "seller-one"}, "effects": [grant]})
    assert ask(mockbay, keys, form).json["error"] == "invalid_grant"
    mockbay.faults({"match": {"account": "seller-one"}, "effects": [{"kind": "revoke"}]})
    assert Seller(mockbay.url, keys["user_token"]).put_item("A").status == 401
    assert ask(mockbay, keys, form).json["error"] == "invalid_grant"


def test_sellers_do_not_see_each_other(mockbay: MockServer, seller: Seller) -> None:
    second = Seller(mockbay.url, mockbay.credentials_of("seller-two")["user_token"])
    third = Seller(mockbay.url, mockbay.add_seller("seller-three")["user_token"])
    seller.put_item("LAMP-1")
    for other in (second, third):
        assert other.get_item("LAMP-1").status == 404
    assert second.call("GET", "/commerce/identity/v1/user/").json["username"] == "seller-two"
    with pytest.raises(ControlError, match="no seller nobody"):
        mockbay.credentials_of("nobody")
    with pytest.raises(ControlError, match="new name"):
        mockbay.add_seller("seller-three")


def test_tokens_fail_once_or_for_good(mockbay: MockServer, seller: Seller) -> None:
    mockbay.faults({"effects": [{"kind": "unauthorized"}]})
    assert [seller.put_item("A").status for _ in range(2)] == [401, 201]
    mockbay.faults({"effects": [{"kind": "expire_token"}]})
    assert [seller.put_item("A").status for _ in range(2)] == [401, 401]
    assert seller.put_item("A").error["errorId"] == 1001
