"""What a demo came to, in numbers."""

from dataclasses import asdict, dataclass

from baysync.dashboard.model import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The last line of ``--json``; times count from the command, or from ``./run`` before it.

    ``ebay_calls`` are all calls the mock received, those for tokens and policies included.
    """

    listings: int
    published: int
    blocked: int
    dead: int
    ebay_calls: int
    first_publish_seconds: float | None
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether every listing is published or blocked for a named reason, and none is dead."""
        return self.published + self.blocked == self.listings and not self.dead

    def as_row(self) -> dict[str, object]:
        """Return the numbers by name."""
        return asdict(self)


def drained(counts: Counts) -> bool:
    """Whether nothing is left to do or under way."""
    return counts.waiting + counts.processing + counts.in_doubt == 0
