"""What one account's calls go through: bucket, token, deadline, one renewal."""

from dataclasses import replace

from baysync.base import clock
from baysync.ebay import calls, offers
from baysync.ebay.model import Answer, Call, Failure, Family, Operation, Verdict
from baysync.ebay.tokens import StoredTokens
from baysync.ebay.verdict import judge
from support.ebay_account import ACCOUNT, Tokens, world
from support.scripted import HANG, Reply, reply

READ = offers.get_offer("1")
FOUND = reply(200, b'{"offerId":"1"}')
RENEWED = reply(200, b'{"access_token":"new","expires_in":7200}')
STALE = reply(401, b'{"errors":[{"errorId":1001}]}')
LIMITED = b'{"errors":[{"errorId":2001}]}'


def connected() -> Tokens:
    return Tokens(StoredTokens(refresh="R", access="good", expires_in=7000))


def soon(seconds: float = 30.0) -> float:
    return clock.monotonic() + seconds


async def ask(
    *replies: Reply, call: Call = READ, seconds: float = 30.0
) -> tuple[Answer, list[str], list[tuple[str, float]]]:
    """Send one call; return the answer, the paths that were called, what was blocked."""
    async with world(replies, connected()) as here:
        answer = await here.session.send(call, deadline=soon(seconds))
    return answer, [line.split()[1] for line, _, _ in here.server.requests], here.buckets.blocked


async def test_a_call_takes_from_its_bucket_and_carries_the_accounts_token() -> None:
    async with world([FOUND], connected()) as here:
        spared = replace(here.session, floor=0.2)
        answer = await spared.send(READ, deadline=soon())
    assert answer.body == {"offerId": "1"}
    assert here.server.requests[0][1]["authorization"] == "bearer good"
    assert here.buckets.taken == [("inventory", 0.2)]


async def test_the_applications_calls_carry_the_applications_token() -> None:
    call = calls.get(Operation.GET_RATE_LIMITS, "/x", Family.ANALYTICS, application=True)
    async with world([RENEWED, FOUND], connected()) as here:
        await here.session.send(call, deadline=soon())
    assert here.server.requests[1][1]["authorization"] == "bearer new"


async def test_a_401_renews_the_token_and_asks_once_more() -> None:
    answer, paths, _ = await ask(STALE, RENEWED, FOUND)
    assert judge(answer) is Verdict.DONE
    assert paths == [READ.path, "/identity/v1/oauth2/token", READ.path]


async def test_a_401_with_a_token_just_granted_is_taken_for_silence() -> None:
    answer, paths, _ = await ask(STALE, RENEWED, STALE)
    assert (judge(answer), len(paths)) == (Verdict.AMBIGUOUS, 3)


async def test_a_stored_token_that_is_refused_is_worth_one_renewal() -> None:
    tokens = connected()
    async with world([STALE, STALE, RENEWED, FOUND], tokens) as here:
        await here.session.oauth.seller_access(ACCOUNT)
        assert tokens.stored
        tokens.stored = replace(tokens.stored, access="of another process")
        answer = await here.session.send(READ, deadline=soon())
    assert judge(answer) is Verdict.DONE
    assert (tokens.renewals, tokens.losses) == (1, 0)


async def test_a_revoked_consent_needs_the_seller_and_sends_nothing_more() -> None:
    tokens = connected()
    async with world([STALE, reply(400, b'{"error":"invalid_grant"}')], tokens) as here:
        answer = await here.session.send(READ, deadline=soon())
    assert (answer.failure, answer.sent) == (Failure.NO_ACCESS, False)
    assert (judge(answer), len(here.server.requests)) == (Verdict.REAUTH, 2)
    assert tokens.losses == 1, "whoever asks, the account is paused"


async def test_too_many_requests_block_the_bucket_for_everyone() -> None:
    answer, _, blocked = await ask(reply(429, LIMITED, "Retry-After: 20"))
    assert (judge(answer), blocked) == (Verdict.THROTTLED, [("inventory", 22.0)])
    _, _, blocked = await ask(reply(429, LIMITED))
    assert blocked == [("inventory", 66.0)], "a default where eBay says nothing"


async def test_the_last_call_that_is_left_blocks_the_bucket_before_ebay_must_refuse() -> None:
    left = b'{"offerId":"1"}'
    answer, _, blocked = await ask(reply(200, left, "X-Rate-Limit-Remaining: 0"))
    assert (judge(answer), blocked) == (Verdict.DONE, [("inventory", 66.0)])
    _, _, blocked = await ask(reply(200, left, "X-Rate-Limit-Remaining: 1"))
    assert blocked == []


async def test_a_throttled_token_endpoint_blocks_the_calls_that_need_it() -> None:
    async with world([reply(429, LIMITED, "Retry-After: 10")]) as here:
        answer = await here.session.send(READ, deadline=soon())
    assert judge(answer) is Verdict.THROTTLED
    assert here.buckets.blocked == [("inventory", 11.0)]


async def test_near_the_deadline_nothing_is_sent() -> None:
    async with world([], connected()) as here:
        answer = await here.session.send(READ, deadline=soon(0.5))
    assert (answer.failure, answer.sent) == (Failure.REFUSED_BY_GUARD, False)
    assert judge(answer) is Verdict.THROTTLED
    assert (here.server.requests, here.buckets.taken, here.buckets.blocked) == ([], [], [])


async def test_an_empty_bucket_is_waited_for_only_as_long_as_the_deadline_allows() -> None:
    async with world([FOUND], connected()) as here:
        here.buckets.waits = [0.01, 0.01, 0.0, 60.0]
        assert (await here.session.send(READ, deadline=soon())).status == 200
        late = await here.session.send(READ, deadline=soon(10))
    assert late.failure is Failure.REFUSED_BY_GUARD
    assert len(here.server.requests) == 1


async def test_a_slow_renewal_does_not_push_the_call_past_the_deadline() -> None:
    times = iter([0.0, 100.0])
    async with world([RENEWED]) as here:
        session = replace(here.session, monotonic=lambda: next(times))
        answer = await session.send(READ, deadline=50.0)
    assert answer.failure is Failure.REFUSED_BY_GUARD
    assert len(here.server.requests) == 1, "only the token was renewed"


async def test_where_no_token_can_be_had_nothing_was_sent() -> None:
    async with world([HANG]) as here:
        answer = await here.session.send(READ, deadline=soon())
    assert (answer.failure, answer.sent) == (Failure.NO_ACCESS, False)
    assert judge(answer) is Verdict.AMBIGUOUS


async def test_clean_answers_and_silence_are_told_with_the_next_token() -> None:
    refused = reply(400, b'{"errors":[{"errorId":25003}]}')
    async with world([FOUND, refused, reply(503), FOUND, FOUND], connected()) as here:
        for _ in range(4):
            await here.session.send(READ, deadline=soon())
        await here.session.send(READ, deadline=soon())
    assert here.buckets.answered == [0, 1, 1, -1, 1]
    assert here.buckets.blocked == [], "silence slows, it does not stop"


async def test_a_clean_answer_is_not_forgotten_while_there_is_no_token() -> None:
    async with world([FOUND, FOUND], connected()) as here:
        await here.session.send(READ, deadline=soon())
        here.buckets.waits = [0.01]
        await here.session.send(READ, deadline=soon())
    assert here.buckets.answered == [0, 1, 1]
