"""What a demo came to, in numbers."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProgress:
    """How far the catalogue is.

    ``listings``, ``published`` and ``blocked`` are listings of the shop, see ``Result``; of its
    ``ebay_listings`` so many are ``settled``: live, or ``held`` by a block. ``waiting`` is what is
    left to do or to read back.
    """

    listings: int
    published: int
    blocked: int
    dead: int
    ebay_listings: int
    settled: int
    held: int
    waiting: int

    @property
    def is_drained(self) -> bool:
        """Whether nothing is left to do, under way, or in doubt."""
        return self.waiting == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMarketplace:
    """A marketplace: its live ebay listings, and how many of them have variants."""

    marketplace: str
    live: int
    with_variants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The last line of ``--json``; times count from the command, or from ``./run`` before it.

    Counted are the shop's listings, wherever they are sold: ``published`` is live on every
    marketplace it is meant for, ``blocked`` held back on at least one, for a named reason.
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
