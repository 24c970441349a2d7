"""Consent, tokens, and renewing them once."""

import asyncio
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from baysync.base.errors import AccessRefused
from baysync.ebay.edge.oauth import OAuth
from baysync.ebay.model import Answer, Verdict
from baysync.ebay.tokens import SCOPES, Granted, StoredTokens, code_from
from baysync.ebay.verdict import judge
from support.ebay_account import ACCOUNT, KEYSET, Tokens, world
from support.scripted import HANG, Reply, reply

RENEWED = reply(200, b'{"access_token":"CANARY-new","expires_in":7200}')
CONSENTED = reply(
    200,
    b'{"access_token":"CANARY-a","expires_in":"7200","refresh_token":"CANARY-r",'
    b'"refresh_token_expires_in":47304000}',
)
INVALID_GRANT = reply(400, b'{"error":"invalid_grant","error_description":"revoked"}')


async def test_the_consent_page_is_asked_with_state_and_scopes() -> None:
    async with world([]) as here:
        url = urlsplit(here.oauth.consent_url("st+ate", locale="de-DE"))
        query = parse_qs(url.query)
        assert "locale" not in parse_qs(urlsplit(here.oauth.consent_url("s")).query)
    assert url.path == "/oauth2/authorize"
    assert query == {
        "client_id": ["client"],
        "redirect_uri": ["RuName"],
        "response_type": ["code"],
        "scope": [" ".join(SCOPES)],
        "state": ["st+ate"],
        "prompt": ["login"],
        "locale": ["de-DE"],
    }


def test_the_code_is_decoded_exactly_once() -> None:
    address = "https://x/?expires_in=299&state=s&code=v%5E1.1%23a%252Bb"
    assert code_from(address, state="s") == "v^1.1#a%2Bb"


@pytest.mark.parametrize(
    "query",
    [
        "code=c",
        "code=c&state=other",
        "code=c&state=s&state=s",
        "state=s",
        "code=&state=s",
        f"state=s&code={'c' * 1025}",
        "state=s&code=1&code=2",
        "state=s&error=access_denied",
    ],
)
def test_a_callback_that_is_not_ours_is_refused(query: str) -> None:
    with pytest.raises(AccessRefused) as refusal:
        code_from(f"https://x/?{query}", state="s")
    assert "ccc" not in str(refusal.value)


async def test_a_code_becomes_the_sellers_tokens() -> None:
    async with world([CONSENTED]) as here:
        granted = await here.oauth.exchange("the code+/=")
    assert (granted.access, granted.expires_in) == ("CANARY-a", 7200)
    assert (granted.refresh, granted.refresh_expires_in) == ("CANARY-r", 47_304_000)
    line, headers, body = here.server.requests[0]
    assert line == "POST /identity/v1/oauth2/token"
    assert headers["authorization"].startswith("basic ")
    assert body == (b"grant_type=authorization_code&code=the+code%2B%2F%3D&redirect_uri=RuName")


@pytest.mark.parametrize(
    ("answer", "fix"),
    [
        (INVALID_GRANT, "five minutes"),
        (reply(401, b'{"error":"invalid_client"}'), "client secret"),
        (reply(429, b'{"errors":[{"errorId":2001}]}'), "wait"),
        (RENEWED, "consent again"),
        (HANG, "can be reached"),
        (reply(503, b"<html>CANARY"), "can be reached"),
    ],
)
async def test_a_refused_code_says_what_to_do_and_nothing_secret(answer: Reply, fix: str) -> None:
    async with world([answer]) as here:
        with pytest.raises(AccessRefused) as refusal:
            await here.oauth.exchange("CANARY-code")
    assert fix in refusal.value.fix
    assert "CANARY" not in str(refusal.value)


async def test_many_who_ask_at_once_cause_one_renewal() -> None:
    async with world([RENEWED]) as here:
        given = await asyncio.gather(*(here.oauth.seller_access(ACCOUNT) for _ in range(20)))
        assert await here.oauth.seller_access(ACCOUNT) == "CANARY-new"
    assert given == ["CANARY-new"] * 20
    assert (len(here.server.requests), here.tokens.renewals) == (1, 1)
    assert here.server.requests[0][2] == b"grant_type=refresh_token&refresh_token=R"


async def test_renewing_keeps_the_refresh_token() -> None:
    async with world([RENEWED]) as here:
        await here.oauth.seller_access(ACCOUNT)
    assert here.tokens.stored == StoredTokens(refresh="R", access="CANARY-new", expires_in=7200)


async def test_processes_that_share_a_store_renew_once() -> None:
    async with world([RENEWED]) as here:
        other = OAuth(here.transport, KEYSET, here.tokens)
        given = await asyncio.gather(
            here.oauth.seller_access(ACCOUNT), other.seller_access(ACCOUNT)
        )
    assert given == ["CANARY-new", "CANARY-new"]
    assert len(here.server.requests) == 1


async def test_a_good_token_in_the_store_is_used_without_waiting_for_anyone() -> None:
    tokens = Tokens(StoredTokens(refresh="R", access="good", expires_in=7000))
    async with world([], tokens) as here, tokens.exclusively(ACCOUNT):
        assert await here.oauth.seller_access(ACCOUNT) == "good"


async def test_a_token_ebay_refused_is_not_given_out_again() -> None:
    tokens = Tokens(StoredTokens(refresh="R", access="old", expires_in=7000))
    async with world([RENEWED], tokens) as here:
        assert await here.oauth.seller_access(ACCOUNT) == "old"
        assert await here.oauth.seller_access(ACCOUNT, refused="old") == "CANARY-new"
        assert await here.oauth.seller_access(ACCOUNT, refused="old") == "CANARY-new"
    assert here.tokens.renewals == 1, "whoever comes late with the same refusal is served"


async def test_a_token_about_to_end_is_renewed() -> None:
    tokens = Tokens(StoredTokens(refresh="R", access="old", expires_in=100))
    async with world([RENEWED, RENEWED], tokens) as here:
        assert await here.oauth.seller_access(ACCOUNT) == "CANARY-new"
        now = 0.0
        aging = OAuth(here.transport, KEYSET, here.tokens, monotonic=lambda: now)
        await aging.seller_access(ACCOUNT)
        now = 7100.0
        here.tokens.stored = StoredTokens(refresh="R", access="CANARY-new", expires_in=100)
        await aging.seller_access(ACCOUNT)
    assert here.tokens.renewals == 2


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (INVALID_GRANT, Verdict.REAUTH),
        (reply(401, b'{"error":"invalid_client"}'), Verdict.CONFIG),
        (reply(400, b'{"error":"invalid_scope"}'), Verdict.CONFIG),
        (reply(429, b'{"errors":[{"errorId":2001}]}'), Verdict.THROTTLED),
        (reply(500, b'{"error":"server_error"}'), Verdict.AMBIGUOUS),
        (reply(200, b'{"refresh_token":"CANARY"}'), Verdict.AMBIGUOUS),
        (reply(200, b"<html>CANARY"), Verdict.AMBIGUOUS),
        (HANG, Verdict.AMBIGUOUS),
    ],
)
async def test_a_failed_renewal_is_classified_and_changes_nothing(
    answer: Reply, verdict: Verdict
) -> None:
    async with world([answer]) as here:
        refused = await here.oauth.seller_access(ACCOUNT)
    assert isinstance(refused, Answer)
    assert judge(refused) is verdict
    assert here.tokens.stored == StoredTokens(refresh="R")
    assert "CANARY" not in repr(refused.body)


@pytest.mark.parametrize("stored", [None, StoredTokens(refresh="")])
async def test_an_account_without_tokens_needs_to_be_connected(stored: StoredTokens | None) -> None:
    async with world([], replace_stored(stored)) as here:
        refused = await here.oauth.seller_access(ACCOUNT)
    assert isinstance(refused, Answer)
    assert judge(refused) is Verdict.REAUTH
    assert here.server.requests == []


def replace_stored(stored: StoredTokens | None) -> Tokens:
    return replace(Tokens(), stored=stored)


async def test_the_applications_token_is_asked_once() -> None:
    async with world([RENEWED, INVALID_GRANT]) as here:
        given = await asyncio.gather(*(here.oauth.application_access() for _ in range(5)))
        refused = await here.oauth.application_access(refused="CANARY-new")
    assert given == ["CANARY-new"] * 5
    assert isinstance(refused, Answer)
    assert b"grant_type=client_credentials" in here.server.requests[0][2]
    assert len(here.server.requests) == 2


def test_no_token_shows_in_a_repr() -> None:
    shown = [KEYSET, Granted(access="CANARY", expires_in=1, refresh="CANARY")]
    assert "CANARY" not in repr([*shown, StoredTokens(refresh="CANARY", access="CANARY")])
