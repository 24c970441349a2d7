"""What the edge needs of a rate limiter; the one that is shared by all processes is elsewhere."""

from datetime import datetime
from typing import Protocol


class Limiter(Protocol):
    """The buckets of one account, one per API family."""

    async def take(
        self, family: str, *, tokens: int = 1, floor: float = 0.0, answered: int = 0
    ) -> float:
        """Take tokens of a family's bucket.

        Returns 0.0 if they were taken, else the seconds until that is worth trying again and
        nothing was taken. ``floor`` is the share of the bucket and of the day's quota (0 to 1)
        this caller must leave to more urgent work. ``answered`` counts the clean answers since
        tokens were taken last, which let the bucket fill faster again; -1 is a silence, which
        lets it fill half as fast.
        """
        ...

    async def block(self, family: str, seconds: float) -> None:
        """Let a family's bucket fill half as fast, and nobody take from it for ``seconds``."""
        ...

    async def learn(
        self, family: str, *, limit: int, remaining: int, reset_at: datetime | None
    ) -> None:
        """Take eBay's word for what a family has left until ``reset_at``; None: unknown."""
        ...
