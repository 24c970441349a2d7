"""An account that eBay lets in no more: it waits with all its changes, and comes back whole."""

from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import aiohttp
import pytest

from baysync.account import service
from baysync.account import store as accounts
from baysync.account.model import PauseKind
from baysync.account.service import ConsentRequest
from baysync.base import clock
from baysync.ebay import identity
from baysync.ebay.environment import Environment
from baysync.ebay.tokens import Application
from support.live_shop import Shop, document

SKUS = ("LAMP-1", "LAMP-2", "LAMP-3")
PUT = "bulkCreateOrReplaceInventoryItem"


async def waiting(shop: Shop) -> tuple[str | None, int, int, int]:
    """Return why the account rests, its active changes, the most attempts, the dead letters."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT (SELECT paused_reason FROM account),
                (SELECT count(*) FROM ebay_change_queue WHERE status = 'pending'),
                (SELECT max(attempts) FROM ebay_change_queue),
                (SELECT count(*) FROM ebay_failed_event)
            """
        )
        return (await cursor.fetchall())[0]


async def connect_again(shop: Shop) -> None:
    """Let the seller agree on eBay's page, as ``baysync accounts connect`` has him do."""
    keys = shop.mock.credentials
    shop.mock.return_to("http://127.0.0.1:9/connected")
    application = Application(keys["client_id"], keys["client_secret"], keys["ru_name"])
    sessions = shop.runtime.sessions
    transport = sessions.transport(Environment.MOCK, shop.mock.url)
    asked = ConsentRequest(
        environment=Environment.MOCK, application=application, by="test", mock_url=shop.mock.url
    )
    page = service.oauth_of(asked, transport, sessions.tokens).consent_url("state-1")
    form = dict(parse_qsl(urlsplit(page).query))
    async with (
        aiohttp.ClientSession() as browser,
        browser.post(page, data=form, allow_redirects=False) as agreed,
    ):
        [code] = parse_qs(urlsplit(agreed.headers["Location"]).query)["code"]
    done = await service.connect(sessions.tokens, transport, asked, code)
    assert (done.id, done.again) == (shop.account_id, True)


async def test_an_account_connected_again_publishes_all_that_waited(shop: Shop) -> None:
    session = await shop.runtime.sessions.of(shop.account_id)
    known = identity.seller_in(
        await session.send(identity.get_user(), deadline=clock.monotonic() + 60)
    )
    async with shop.runtime.db() as db:
        await db.execute("UPDATE account SET ebay_user_id = %s", (known and known.user_id,))
    await shop.put(document(SKUS[0]))
    await shop.drain()
    shop.mock.revoke_tokens()
    await shop.put(document(SKUS[0], price="25.00"), *[document(sku) for sku in SKUS[1:]])
    await shop.publish_due()
    assert await waiting(shop) == ("reauth", 3, 1, 0)
    calls = len(shop.calls())
    await shop.publish_due()
    assert len(shop.calls()) == calls, "the pause lasts a minute at first"
    await shop.pass_time(timedelta(days=3))
    await shop.publish_due()
    assert [call["status"] for call in shop.calls()[calls:]] == [401], "one try, for one change"
    assert await waiting(shop) == ("reauth", 3, 1, 0)
    await connect_again(shop)
    await shop.publish_due()
    assert sorted(shop.live()) == sorted(SKUS)
    assert shop.live()[SKUS[0]]["pricingSummary"]["price"]["value"] == "25.00"
    assert await waiting(shop) == (None, 0, 1, 0)


async def test_a_token_that_ebay_refuses_twice_pauses_nobody(shop: Shop) -> None:
    """eBay itself had just granted it: what it refuses then it takes a moment later."""
    shop.mock.faults({"match": {"op": PUT}, "times": 2, "effects": [{"kind": "unauthorized"}]})
    await shop.put(*[document(sku) for sku in SKUS])
    await shop.publish_due()
    assert await waiting(shop) == ("outage", 3, 0, 0)
    await shop.drain()
    assert sorted(shop.live()) == sorted(SKUS)
    assert await waiting(shop) == (None, 0, 1, 0)


async def test_the_pause_for_want_of_access_doubles_up_to_an_hour(shop: Shop) -> None:
    async with shop.runtime.db() as db:
        lengths = list[float]()
        for _ in range(8):
            await accounts.hold(db, shop.account_id, PauseKind.REAUTH)
            cursor = await db.execute(
                """
                WITH was AS (SELECT paused_until - clock_timestamp() AS pause FROM account)
                UPDATE account SET paused_until = now() FROM was RETURNING extract(epoch FROM pause)
                """
            )
            lengths.append(round(float((await cursor.fetchall())[0][0]) / 60, 1))
    assert lengths == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_a_pause_of_a_person_is_never_ended_by_a_try_of_baysync(shop: Shop) -> None:
    async with shop.runtime.db() as db:
        await accounts.hold(db, shop.account_id, PauseKind.REAUTH)
        await accounts.pause(db, shop.account_id, "holidays")
        await accounts.hold(db, shop.account_id, PauseKind.CONFIG)
        await accounts.regained(db, shop.account_id)
        await accounts.answered(db, shop.account_id)
        account = await accounts.read(db, shop.account_id)
    assert (account.paused_kind, account.paused_reason) == (PauseKind.PERSON, "holidays")
    assert account.paused_for_good


async def test_keys_that_ebay_takes_again_need_no_person(shop: Shop) -> None:
    wrong = {"kind": "error", "status": 403, "error_id": 1100}
    shop.mock.faults({"match": {"op": PUT}, "times": 1, "effects": [wrong]})
    await shop.put(*[document(sku) for sku in SKUS])
    await shop.publish_due()
    assert await waiting(shop) == ("config", 3, 0, 0)
    await shop.pass_time(timedelta(minutes=1, seconds=1))
    await shop.drain()
    assert sorted(shop.live()) == sorted(SKUS)
    async with shop.runtime.db() as db:
        account = await accounts.read(db, shop.account_id)
    assert (account.paused_kind, account.lacks_access) == (None, False)


@pytest.mark.parametrize("error_id", [1100, 195011])
async def test_the_wrong_kind_of_token_stops_the_account_and_a_person_may_end_that_at_once(
    shop: Shop, error_id: int
) -> None:
    wrong = {"kind": "error", "status": 403, "error_id": error_id}
    shop.mock.faults({"match": {"op": PUT}, "times": 0, "effects": [wrong]})
    await shop.put(*[document(sku) for sku in SKUS])
    await shop.publish_due()
    assert await waiting(shop) == ("config", 3, 0, 0)
    assert len(shop.calls()) == 1
    shop.mock.clear_faults()
    async with shop.runtime.db() as db:
        assert await accounts.resume(db, shop.account_id)
    await shop.drain()
    assert sorted(shop.live()) == sorted(SKUS)


@pytest.mark.parametrize("op", [PUT, "bulkCreateOffer", "bulkPublishOffer"])
async def test_an_answer_larger_than_any_of_ebays_is_read_back_not_believed(
    shop: Shop, op: str
) -> None:
    huge = {"kind": "patch", "set": {"padding": "x" * 6_000_000}}
    shop.mock.faults({"match": {"op": op}, "effects": [huge]})
    await shop.put(document(SKUS[0]))
    await shop.publish_due()
    assert (await shop.row(SKUS[0]))["verify_at"] is not None
    await shop.drain()
    assert sorted(shop.live()) == [SKUS[0]]
    assert len(shop.mock.offers()) == 1
    assert await waiting(shop) == (None, 0, 1, 0)
