"""What the edge needs of a rate limiter; the one that is shared by all processes is elsewhere."""

from typing import Protocol


class Limiter(Protocol):
    """The buckets of one account, one per API family."""

    async def take(self, family: str, *, tokens: int = 1, floor: float = 0.0) -> float:
        """Take tokens of a family's bucket.

        Returns 0.0 if they were taken, else the seconds until that is worth trying again and
        nothing was taken. ``floor`` is the share of the bucket (0 to 1) this caller must leave
        to more urgent work.
        """
        ...

    async def block(self, family: str, seconds: float) -> None:
        """Let nobody take from a family's bucket for ``seconds``."""
        ...
