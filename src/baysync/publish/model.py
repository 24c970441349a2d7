"""One claimed change under way: what is wanted, what eBay holds so far, how it ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from baysync.ebay.model import Problem, Verdict
from baysync.ebay_listing.model import Target
from baysync.projection.model import Lifecycle, Projection
from baysync.publish.plan import Known, Step, settled
from baysync.queue.model import Claimed

READ_BACK = frozenset({Verdict.CONFLICT, Verdict.GONE})
MAX_READ_BACKS = 2


class How(StrEnum):
    """How a change leaves the publisher."""

    DONE = "done"
    SKIPPED = "idempotent_skip"
    FAILED = "failed"
    UNSENT = "unsent"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    FENCED = "fenced"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a change left the publisher, with eBay's words where it has them.

    ``reason`` names the block where ``how`` is ``blocked``, or says why nothing was sent.
    """

    how: How
    verdict: Verdict | None = None
    problems: tuple[Problem, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The numbers a publisher lives by; each is a setting."""

    lease: timedelta = timedelta(seconds=120)
    verify_delay: timedelta = timedelta(seconds=90)
    max_attempts: int = 6
    max_age: timedelta = timedelta(hours=24)
    backoff_base: timedelta = timedelta(seconds=5)
    backoff_cap: timedelta = timedelta(seconds=300)
    recheck: timedelta = timedelta(hours=6)
    batches: int = 1
    snapshots: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is known of the one ebay item of a listing; hashes are of confirmed bodies."""

    sku: str
    offer_id: str | None = None
    item_hash: bytes | None = None
    offer_hash: bytes | None = None
    quantity: int | None = None
    sold_quantity: int = 0
    listing_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Work:
    """A claimed change while its plan is carried out; changed by the executor alone.

    ``published`` is what eBay is known to hold after the steps done so far. ``doubt`` says that
    a reply was lost in this very run; ``checked`` that eBay was read back in it.
    """

    change: Claimed
    target: Target
    desired: Projection | None
    published: Projection | None
    item: Item
    steps: tuple[Step, ...] = ()
    end: End | None = None
    doubt: bool = False
    checked: bool = False
    read_back: int = 0
    asks_read_back: bool = False
    answered: bool = False
    done_steps: list[str] = field(default_factory=list[str])
    warnings: list[Problem] = field(default_factory=list[Problem])

    @property
    def known(self) -> Known:
        """What the plan needs beside the two documents."""
        return Known(offer_id=self.item.offer_id, quantity=self.item.quantity)

    @property
    def is_live(self) -> bool:
        """Whether buyers see the listing, as far as is known."""
        return self.published is not None and self.published.lifecycle is Lifecycle.LIVE

    @property
    def is_open(self) -> bool:
        """Whether there may still be something to send."""
        return self.end is None

    @property
    def goal(self) -> Projection:
        """The desired document; only for a work that has steps."""
        return self.desired or Projection()

    def stop(
        self,
        how: How,
        *,
        verdict: Verdict | None = None,
        problems: Iterable[Problem] = (),
        reason: str = "",
    ) -> None:
        """End this change unless it has ended already."""
        if self.end is None:
            self.end = End(how=how, verdict=verdict, problems=tuple(problems), reason=reason)

    def succeed(self, item: Item | None = None) -> None:
        """Count the first step as done: its sections are on eBay, and ``item`` is known now."""
        step, self.steps = self.steps[0], self.steps[1:]
        self.published = settled(self.published, self.goal, step)
        self.item = item or self.item
        self.done_steps.append(step.kind.name.lower())
