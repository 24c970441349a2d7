"""One account's way to eBay: rate bucket, access token, deadline, and a renewal on a 401."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import anyio

from baysync.base import clock
from baysync.base.ending import CALL_SECONDS, cut_off
from baysync.ebay.edge.limiter import Limiter
from baysync.ebay.edge.oauth import OAuth
from baysync.ebay.edge.transport import Transport
from baysync.ebay.model import Answer, Call, Failure, Verdict
from baysync.ebay.verdict import judge
from baysync.ebay.waiting import pause

MARGIN = 5.0
UNAUTHORISED = 401
RENEWALS = 2  # the first may give out what another process renewed
REMAINING = "x-rate-limit-remaining"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Sends the calls of one account.

    Attributes:
        account_id: whose tokens are used.
        transport: the HTTP edge, with the time limit of a call.
        oauth: where access tokens come from.
        limiter: the rate buckets of this account.
        jitter: draws a number in [0, 1); spreads the end of a pause over the workers.
        margin: seconds between the end of a call's time limit and the caller's deadline.
        floor: share of each bucket left to more urgent work.
        monotonic: the clock that ``deadline`` is measured on.
        stopping: set when the process is to end: no token is waited for any more, and a call that
            is under way is cut off soon, as after a time-out.
        heard: by family what the limiter has not been told of: clean answers, or -1 for silence.
    """

    account_id: int
    transport: Transport
    oauth: OAuth
    limiter: Limiter
    jitter: Callable[[], float]
    margin: float = MARGIN
    floor: float = 0.0
    monotonic: Callable[[], float] = clock.monotonic
    stopping: anyio.Event | None = None
    heard: Counter[str] = field(default_factory=Counter[str], repr=False)

    async def send(self, call: Call, *, deadline: float) -> Answer:
        """Send ``call`` if it can end before ``deadline`` (monotonic seconds); return the answer.

        Near the deadline nothing is sent and the answer fails with ``refused_by_guard``: a late
        call could land after another worker's newer one. A 401 renews the token and repeats the
        call, as eBay did nothing; a token that another process stored and that eBay refuses as
        well is worth one renewal more. 429, or the last call eBay says is left, blocks the bucket
        for everyone; silence slows it, and so does a 401 with a token that eBay has just granted.
        """
        answer, token = await self._attempt(call, deadline, refused="")
        for _ in range(RENEWALS):
            if answer.status != UNAUTHORISED:
                break
            answer, token = await self._attempt(call, deadline, refused=token)
            if self.oauth.granted(token):
                break
        await self._tell_limiter(answer)
        return answer

    async def _tell_limiter(self, answer: Answer) -> None:
        family, meaning = answer.call.family, judge(answer)
        if answer.failure is Failure.REFUSED_BY_GUARD:
            return
        if meaning is Verdict.THROTTLED or answer.headers.get(REMAINING) == "0":
            asked = answer.cause.retry_after if answer.cause else answer.retry_after
            await self.limiter.block(family, pause(asked, jitter=self.jitter()))
        elif meaning is Verdict.AMBIGUOUS:
            self.heard[family] = -1
        else:
            self.heard[family] = max(0, self.heard[family]) + 1

    async def _attempt(self, call: Call, deadline: float, *, refused: str) -> tuple[Answer, str]:
        """Return the answer and the access token it was asked with, if it came to that."""
        if not await self._took_token(call, deadline):
            return _guarded(call), ""
        if self.stopping is None:
            return await self._asked(call, deadline, refused=refused)
        async with cut_off(self.stopping, CALL_SECONDS):
            return await self._asked(call, deadline, refused=refused)
        return Answer(call=call, failure=Failure.TIMEOUT), ""

    async def _asked(self, call: Call, deadline: float, *, refused: str) -> tuple[Answer, str]:
        access = await self._access(call, refused)
        if isinstance(access, Answer):
            return Answer(call=call, failure=Failure.NO_ACCESS, cause=access), ""
        if not self._has_time(deadline):  # the renewal may have taken its time
            return _guarded(call), ""
        return await self.transport.send(call, token=access), access

    async def _access(self, call: Call, refused: str) -> str | Answer:
        if call.application:
            return await self.oauth.application_access(refused=refused)
        return await self.oauth.seller_access(self.account_id, refused=refused)

    async def _took_token(self, call: Call, deadline: float) -> bool:
        """Take from the bucket, waiting for it as long as the deadline allows."""
        while self._has_time(deadline) and not self._ends:
            heard = self.heard.pop(call.family, 0)
            wait = await self.limiter.take(call.family, floor=self.floor, answered=heard)
            if wait <= 0:
                return True
            self.heard[call.family] += heard
            if not self._has_time(deadline - wait):
                return False
            await self._pause(wait)
        return False

    @property
    def _ends(self) -> bool:
        return self.stopping is not None and self.stopping.is_set()

    async def _pause(self, seconds: float) -> None:
        if self.stopping is None:
            await asyncio.sleep(seconds)
            return
        with anyio.move_on_after(seconds):
            await self.stopping.wait()

    def _has_time(self, deadline: float) -> bool:
        return self.monotonic() + self.transport.timeout + self.margin <= deadline


def _guarded(call: Call) -> Answer:
    return Answer(call=call, failure=Failure.REFUSED_BY_GUARD)
