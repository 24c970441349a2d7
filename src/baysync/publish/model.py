"""One claimed change under way: what is wanted, what eBay holds so far, how it ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from baysync.ebay.model import Problem, Verdict
from baysync.ebay.verdict import STRENGTH
from baysync.ebay_listing.model import EbayItem, Target
from baysync.ownership.documents import Documents
from baysync.projection.follow import Limit
from baysync.projection.group import SINGLE, is_live, members
from baysync.projection.model import Lifecycle, Projection
from baysync.publish.apply_step import settled
from baysync.publish.completion import Completion, CompletionKind
from baysync.publish.planning.plan import Known, Plan, Step, StepKind, goals, plan
from baysync.queue.model import Claimed

READ_BACK = frozenset({Verdict.CONFLICT, Verdict.GONE})
LESS = frozenset({StepKind.END, StepKind.QUANTITY_DOWN})
MAX_READ_BACKS = 2


@dataclass(slots=True, kw_only=True)
class Work:
    """A claimed change while its plan is carried out; changed by the executor alone.

    ``items`` are those of the listing by variant key, one under ``""`` for a single; ``goals``
    and ``steps`` are what they shall be and the way there. Where there is a ``limit``, ``desired``
    is what it leaves of ``published``. ``documents`` knows whose the leaves
    of eBay's documents are. ``published`` is what eBay is known to
    hold after the steps done so far. ``doubt`` says that a reply was lost in this very run;
    ``checked`` that eBay was read back in it. ``stuck``: eBay has refused to publish it so often
    that its offers may be stale. ``exposed`` are the units of each item that were sold and that
    a call of ours put back on sale, a call of this very run where ``exposed_at_once``.
    ``failures`` are those of items in the running phase. ``unsure``: what eBay showed is not
    believed yet, so only what lowers stock or ends is sent. ``left_out`` are variants of a live
    group that eBay took before and does not show. ``is_news``: a read-back showed another state
    than was known, which no snapshot has kept yet; ``glimpse`` is one that a fresh read showed.
    ``revised`` counts revisions of the listing, ``anew`` those of one that this run began;
    ``waiting`` are kinds of steps that wait for eBay's next day, ``capped`` is what eBay said
    when it took no more.
    """

    change: Claimed
    target: Target
    desired: Projection | None
    published: Projection | None
    items: dict[str, EbayItem]
    limit: Limit | None = None
    documents: Documents = field(default_factory=Documents)
    goals: dict[str, Projection] = field(default_factory=dict[str, Projection])
    steps: Plan = field(default_factory=Plan)
    failures: dict[str, Completion] = field(default_factory=dict[str, Completion])
    end: Completion | None = None
    doubt: bool = False
    checked: bool = False
    read_back: int = 0
    asks_read_back: bool = False
    stuck: bool = False
    unsure: bool = False
    left_out: set[str] = field(default_factory=set[str])
    revised: int = 0
    anew: bool = False
    waiting: set[StepKind] = field(default_factory=set[StepKind])
    capped: tuple[Problem, ...] = ()
    exposed: dict[str, int] = field(default_factory=dict[str, int])
    exposed_at_once: bool = False
    is_news: bool = False
    glimpse: Projection | None = None
    answered: bool = False
    done_steps: list[str] = field(default_factory=list[str])
    warnings: list[Problem] = field(default_factory=list[Problem])
    notes: list[Problem] = field(default_factory=list[Problem])

    @property
    def is_live(self) -> bool:
        """Whether buyers see the listing, as far as is known."""
        return self.published is not None and self.published.lifecycle is Lifecycle.LIVE

    @property
    def is_wanted_live(self) -> bool:
        """Whether buyers shall see the listing, sold out or not."""
        return self.desired is not None and self.desired.lifecycle is Lifecycle.LIVE

    @property
    def is_open(self) -> bool:
        """Whether there may still be something to send."""
        return self.end is None

    def is_sure(self, after: timedelta) -> bool:
        """Return whether a look at eBay shows by now all that we sent.

        That is ``after`` the time when eBay confirmed or showed something last, and where a lost
        reply was, once it is to be read back for good.
        """
        due = self.target.verify_at is None or self.target.verify_due
        learnt = self.target.learnt_ago
        return due and (learnt is None or learnt >= after) and not self.done_steps

    def doubt_what_shows(self) -> None:
        """Look again later; only what lowers stock or ends is sent all the same, unless it was."""
        firsts = {} if self.asks_read_back else {k: steps[:1] for k, steps in self.steps.items()}
        self.steps = {key: one for key, one in firsts.items() if one and one[0].kind in LESS}
        self.unsure, self.asks_read_back = True, False
        if not self.steps:
            self.stop(CompletionKind.UNCONFIRMED)

    @property
    def in_doubt(self) -> bool:
        """Whether a reply was lost, or a read-back that was asked for did not come about."""
        return self.doubt or self.asks_read_back

    @property
    def is_group(self) -> bool:
        """Whether it is about variants: what eBay holds decides, then what is wanted."""
        for document in (self.published, self.desired):
            if document is not None and document.content is not None:
                return document.content.group is not None
        return SINGLE not in self.items

    @property
    def shown(self) -> list["Part"]:
        """The items that eBay may show of it."""
        return [self.part(key) for key in self.items if (key != SINGLE) == self.is_group]

    @property
    def pending(self) -> list["Part"]:
        """The items with something left to send."""
        return [self.part(key) for key in self.steps]

    @property
    def revisions(self) -> int:
        """How often the listing was revised since midnight in California."""
        return self.revised if self.anew else self.target.revisions_used + self.revised

    @property
    def listing_id(self) -> str | None:
        """The number under which buyers find it, or found it last."""
        return next((part.item.listing_id for part in self.shown if part.item.listing_id), None)

    def part(self, key: str = SINGLE) -> "Part":
        """Return one item of this work."""
        return Part(work=self, key=key)

    def plan(self) -> None:
        """Plan the way from what eBay holds to what is desired."""
        known = {
            key: Known(offer_id=item.offer_id, quantity=item.quantity, stale=item.stale)
            for key, item in self.items.items()
        }
        self.waiting = set()
        self.goals = {} if self.desired is None else goals(self.desired, self.published)
        self.steps = plan(self.desired, self.published, known)

    def relisted(self, listing_id: str) -> None:
        """Take the number of a listing that may be new: eBay counts its revisions from 0."""
        if listing_id != self.listing_id:
            self.revised, self.anew = 0, True

    def finish(self) -> None:
        """End this change unless something of it is left to send, now or tomorrow."""
        if not self.is_open or self.asks_read_back or any(self.steps.values()):
            return
        if self.unsure:
            self.stop(CompletionKind.UNCONFIRMED)
        elif self.waiting:
            self.stop(CompletionKind.POSTPONED, verdict=Verdict.CAPPED, problems=self.capped)
        else:
            self.stop(CompletionKind.DONE)

    def stop(
        self,
        how: CompletionKind,
        *,
        verdict: Verdict | None = None,
        problems: Iterable[Problem] = (),
        reason: str = "",
    ) -> None:
        """End this change unless it has ended already, or some item's failure does."""
        self.end_phase()
        if self.end is None:
            self.end = Completion(how=how, verdict=verdict, problems=tuple(problems), reason=reason)

    def end_phase(self) -> None:
        """Let the gravest failure of an item end the change, with the words about all of them."""
        if self.end is None and self.failures:
            ends = list(self.failures.values())
            gravest = max(ends, key=_gravity)
            said = dict.fromkeys(problem for end in ends for problem in end.problems)
            self.end = replace(gravest, problems=tuple(said))
        self.failures = {}


def _gravity(end: Completion) -> tuple[int, bool]:
    return STRENGTH.index(end.verdict or Verdict.DONE), end.how is not CompletionKind.UNREAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One ebay item of a work: a row of a bulk call."""

    work: Work
    key: str

    @property
    def item(self) -> EbayItem:
        """What is known of it."""
        return self.work.items[self.key]

    @property
    def held(self) -> Projection | None:
        """What eBay is known to hold of it."""
        published = self.work.published
        return None if published is None else members(published).get(self.key)

    @property
    def goal(self) -> Projection:
        """What it shall be."""
        return self.work.goals.get(self.key, Projection())

    @property
    def wanted(self) -> int | None:
        """How many the shop wants to sell of it; None where nothing is wanted."""
        return self.goal.quantity

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is left to send of it."""
        return self.work.steps.get(self.key, ())

    @property
    def is_live(self) -> bool:
        """Whether buyers see it, as far as is known."""
        return is_live(self.work.published, self.key)

    @property
    def is_open(self) -> bool:
        """Whether there may still be something to send of it."""
        return self.work.is_open and self.key not in self.work.failures

    def know(self, **changes: object) -> None:
        """Take what was learnt of the item."""
        self.work.items[self.key] = replace(self.item, **changes)

    def know_item(self, item: EbayItem) -> None:
        """Take ``item`` for what is known of it."""
        self.work.items[self.key] = item

    def fail(self, end: Completion) -> None:
        """Note that eBay refused this item; its neighbours of the phase go on."""
        self.work.failures[self.key] = end

    def postpone(self) -> None:
        """Leave the first step to another day; of an item not live yet, all that is left."""
        step, *rest = self.steps
        self.work.waiting.add(step.kind)
        self.work.steps[self.key] = tuple(rest) if self.is_live else ()

    def succeed(self, item: EbayItem | None = None) -> None:
        """Count the first step as done: its sections are on eBay, and ``item`` is known now."""
        step, *rest = self.steps
        work = self.work
        work.steps[self.key] = tuple(rest)
        left = step.kind in work.waiting or any(
            each.kind is step.kind for steps in work.steps.values() for each in steps
        )
        work.published = settled(
            work.published, work.desired or Projection(), step, key=self.key, last=not left
        )
        work.items[self.key] = item or self.item
        name = step.kind.name.lower()
        if name not in work.done_steps[-1:]:
            work.done_steps.append(name)
