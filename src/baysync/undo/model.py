"""What an undo does to one listing, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass

from baysync.listing.history.model import Document, Left, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoStep:
    """What becomes of one listing.

    Attributes:
        document: the listing as it is to be; None where nothing changes.
        fields: the fields that go back.
        left: what stays as it is, and why.
        status: the status it gets; None where that stays.
        becomes_group: whether it gets variants (True) or loses them all (False); None where it is
            of the kind that it was.
    """

    listing_id: int
    sku: str
    document: Document | None
    fields: tuple[Path, ...] = ()
    left: tuple[Left, ...] = ()
    status: str | None = None
    becomes_group: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What an undo comes to, in listings and fields.

    ``off_sale`` are listings that it archives or ends; ``left`` counts fields that stay.
    """

    listings: int = 0
    put_back: int = 0
    fields: int = 0
    off_sale: int = 0
    left: int = 0

    def plus(self, step: UndoStep) -> "Totals":
        """Return the totals with one listing more."""
        return Totals(
            listings=self.listings + 1,
            put_back=self.put_back + (step.document is not None),
            fields=self.fields + len(step.fields),
            off_sale=self.off_sale + (step.status in OFF_SALE),
            left=self.left + len(step.left),
        )

    def counts(self) -> dict[str, int]:
        """Return them by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Totals":
        """Return what ``counts`` gave, of an undo that goes on."""
        return cls(**{name: counts.get(name, 0) for name in cls.__slots__})


OFF_SALE = frozenset({"ended", "archived"})
