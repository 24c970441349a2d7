"""SQL of the rate buckets: what all processes together may still send to eBay.

One bucket per application and API family (eBay counts by application). Tokens flow in at the
configured rate; taking is one UPDATE, so that any number of workers share what there is.

How fast they flow follows additive increase and multiplicative decrease (AIMD): silence or a 429
halves the bucket's ``pace``, each clean answer since gives a twentieth back. The day's quota, as
eBay told it last, is lowered by every token taken; at 0 the bucket rests until its reset.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from baysync.db.connection import LOST
from baysync.db.pool import Pool

BURST_SECONDS = 0.2  # how much of a second's rate may be saved up: the first second stays near it
LEAST_WAIT = 0.01
# What a clean answer gives back of the rate, and what it never falls below: a share of it, and so
# many calls a second that a claim can end.
PACE = {"step": 0.05, "share": 1 / 16, "slowest": 0.2}

ENSURE = """
    INSERT INTO rate_bucket AS b (key, tokens, capacity, refill_per_s)
    VALUES (%(key)s, %(capacity)s, %(capacity)s, %(rate)s)
    ON CONFLICT (key) DO UPDATE
    SET capacity = excluded.capacity, refill_per_s = excluded.refill_per_s
    WHERE (b.capacity, b.refill_per_s) <> (excluded.capacity, excluded.refill_per_s)
"""
# A crash may forget the last tokens taken: the commit does not wait for the disk.
TAKE = """
    WITH lazy AS MATERIALIZED (
        SELECT set_config('synchronous_commit', 'off', true) AS is_set, clock_timestamp() AS now
    )
    UPDATE rate_bucket AS b
    SET tokens = least(capacity, tokens + refill_per_s * pace
            * extract(epoch FROM lazy.now - updated_at)::float8) - %(n)s,
        updated_at = lazy.now,
        pace = CASE WHEN %(answered)s::integer < 0
            THEN greatest(pace / 2, %(share)s::float8, least(1, %(slowest)s::float8 / refill_per_s))
            ELSE least(1, pace + %(step)s::float8 * %(answered)s::integer) END,
        daily_remaining = CASE WHEN daily_reset_at > lazy.now THEN daily_remaining - %(n)s END
    FROM lazy
    WHERE key = %(key)s AND lazy.is_set IS NOT NULL AND blocked_until <= lazy.now
        AND least(capacity, tokens + refill_per_s * pace
            * extract(epoch FROM lazy.now - updated_at)::float8) - %(n)s
            >= %(floor)s::float8 * greatest(0, capacity - %(n)s)
        AND (daily_remaining IS NULL OR daily_reset_at <= lazy.now
            OR daily_remaining - %(n)s >= %(floor)s::float8 * daily_limit)
    RETURNING key
"""
# Before PostgreSQL 17 nothing can be subtracted from '-infinity', which is: never blocked.
WAIT = """
    SELECT greatest(
        extract(epoch FROM greatest(blocked_until, updated_at) - clock_timestamp())::float8,
        (%(n)s + %(floor)s::float8 * greatest(0, capacity - %(n)s) - tokens)
            / (refill_per_s * pace)
            - extract(epoch FROM clock_timestamp() - updated_at)::float8,
        CASE WHEN daily_remaining - %(n)s < %(floor)s::float8 * daily_limit
            THEN extract(epoch FROM daily_reset_at - clock_timestamp())::float8 END,
        %(least)s::float8)
    FROM rate_bucket WHERE key = %(key)s
"""
# What fails together while the bucket rests is one failure.
BLOCK = """
    UPDATE rate_bucket
    SET pace = CASE WHEN blocked_until > clock_timestamp() THEN pace
            ELSE greatest(pace / 2, %(share)s::float8, least(1, %(slowest)s::float8 / refill_per_s))
            END,
        blocked_until = greatest(blocked_until,
            clock_timestamp() + make_interval(secs => %(seconds)s::float8))
    WHERE key = %(key)s
"""
LEARN = """
    UPDATE rate_bucket
    SET daily_limit = %(limit)s, daily_remaining = %(remaining)s, daily_reset_at = %(reset_at)s
    WHERE key = %(key)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketStore:
    """The limiter of one application, shared by all processes (``ebay.limiter.Limiter``).

    Attributes:
        pool: where the buckets are.
        application: eBay's client id.
        rate: calls a second in each API family.
    """

    pool: Pool
    application: str
    rate: float
    _known: set[str] = field(default_factory=set[str], repr=False)

    async def take(
        self, family: str, *, tokens: int = 1, floor: float = 0.0, answered: int = 0
    ) -> float:
        """Take ``tokens`` of a family's bucket; return 0.0, or the seconds to wait for them.

        At least ``floor`` (0 to 1) of what the bucket holds beyond ``tokens``, and of the day's
        quota, is left to others. Where tokens are taken, ``answered`` clean answers raise the
        pace, and a silence (-1) halves it.

        Raises:
            ValueError: the bucket can never hold as many.
        """
        if not 1 <= tokens <= self._capacity:
            raise ValueError(f"{tokens} tokens of a bucket that holds {self._capacity:g}")
        asked = {
            "key": self._key(family),
            "n": tokens,
            "floor": floor,
            "answered": answered,
            "least": LEAST_WAIT,
            **PACE,
        }
        await self._ensure(family)
        async with self.pool.connection() as db:
            taken = await db.execute(TAKE, asked)
            if taken.rowcount:
                return 0.0
            cursor = await db.execute(WAIT, asked)
            row = await cursor.fetchone()
        if row is None:  # forgotten with the account's connection since: made anew at the next try
            self._known.discard(self._key(family))
            return LEAST_WAIT
        return float(row[0])

    async def block(self, family: str, seconds: float) -> None:
        """Halve a family's pace and let nobody take from it for ``seconds``.

        A block is never shortened, and what is blocked is not slowed again.
        """
        asked = {"key": self._key(family), "seconds": seconds, **PACE}
        with suppress(*LOST):  # else eBay's answer were lost too; its next refusal asks again
            await self._ensure(family)
            async with self.pool.connection() as db:
                await db.execute(BLOCK, asked)

    async def learn(
        self, family: str, *, limit: int, remaining: int, reset_at: datetime | None
    ) -> None:
        """Take eBay's word for what a family has left until ``reset_at``; None: unknown."""
        await self._ensure(family)
        told = {"limit": limit, "remaining": remaining, "reset_at": reset_at}
        async with self.pool.connection() as db:
            await db.execute(LEARN, {"key": self._key(family), **told})

    @property
    def _capacity(self) -> float:
        return max(1.0, BURST_SECONDS * self.rate)

    def _key(self, family: str) -> str:
        return f"{self.application}/{family}"

    async def _ensure(self, family: str) -> None:
        key = self._key(family)
        if key in self._known:
            return
        async with self.pool.connection() as db:
            await db.execute(ENSURE, {"key": key, "capacity": self._capacity, "rate": self.rate})
        self._known.add(key)
