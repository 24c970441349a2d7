"""Decide the steps that turn what eBay holds into what it should hold, stock first."""

from dataclasses import dataclass
from enum import IntEnum

from baysync.projection.model import Lifecycle, Projection, Section


class StepKind(IntEnum):
    """One kind of call, in the order in which a plan sends them.

    What must never be too high is lowered first; what may be low for a moment comes last.
    """

    END = 0
    QUANTITY_DOWN = 1
    PRICE = 2
    CONTENT = 3
    OFFER = 4
    PUBLISH = 5
    QUANTITY_UP = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One call about one ebay item and the sections that eBay holds once it succeeds."""

    kind: StepKind
    settles: frozenset[Section]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an ebay item beside its published document.

    ``quantity`` is the item quantity that eBay last confirmed, None when it never did.
    """

    offer_id: str | None = None
    quantity: int | None = None


END = Step(StepKind.END, frozenset({Section.LIFECYCLE}))
QUANTITY_DOWN = Step(StepKind.QUANTITY_DOWN, frozenset({Section.QUANTITY}))
QUANTITY_UP = Step(StepKind.QUANTITY_UP, frozenset({Section.QUANTITY}))
PRICE = Step(StepKind.PRICE, frozenset({Section.PRICE}))
PRICE_AND_STOCK = Step(StepKind.PRICE, frozenset({Section.PRICE, Section.QUANTITY}))
CONTENT = Step(StepKind.CONTENT, frozenset({Section.CONTENT}))
OFFER = Step(StepKind.OFFER, frozenset({Section.OFFER}))
WHOLE_OFFER = Step(StepKind.OFFER, frozenset({Section.OFFER, Section.PRICE, Section.QUANTITY}))
PUBLISH = Step(StepKind.PUBLISH, frozenset({Section.LIFECYCLE}))
NOTHING = Projection()


def plan(
    desired: Projection | None, published: Projection | None, known: Known
) -> tuple[Step, ...]:
    """Return the steps from ``published`` to ``desired``, in the order to send them.

    Empty when they are equal, or when nothing is wanted and nothing is there.
    """
    if desired is None or desired == published:
        return ()
    held = published or NOTHING
    if desired.lifecycle is not Lifecycle.LIVE:
        return (END,) if held.lifecycle is Lifecycle.LIVE else ()
    if held.lifecycle is Lifecycle.LIVE:
        return _revise(desired, held)
    return _bring_live(desired, held, known)


def _revise(desired: Projection, held: Projection) -> tuple[Step, ...]:
    """Steps for a listing that buyers see."""
    content = [CONTENT] if desired.content != held.content else []
    offer = [OFFER] if desired.offer != held.offer else []
    reprice = desired.price != held.price
    down, up = _stock(desired, held)
    if up and reprice and not content and not offer:
        return (PRICE_AND_STOCK,)
    price = [PRICE] if reprice else []
    return (
        *([QUANTITY_DOWN] if down else []),
        *price,
        *content,
        *offer,
        *([QUANTITY_UP] if up else []),
    )


def _stock(desired: Projection, held: Projection) -> tuple[bool, bool]:
    """Say whether the quantity must go down, and whether it must go up."""
    wanted, there = desired.quantity or 0, held.quantity
    if there is None:
        return True, False  # unknown is treated as too much
    return wanted < there, wanted > there


def _bring_live(desired: Projection, held: Projection, known: Known) -> tuple[Step, ...]:
    """Steps for a listing that buyers do not see: item, offer, publish.

    A relist ends with a quantity step: a republished offer was seen to go live at 0.
    """
    steps: list[Step] = []
    if desired.content != held.content or desired.quantity != known.quantity:
        steps.append(CONTENT)
    same_offer = (
        desired.offer == held.offer
        and desired.price == held.price
        and desired.quantity == held.quantity
    )
    if known.offer_id is None or not same_offer:
        steps.append(WHOLE_OFFER)
    steps.append(PUBLISH)
    if held.lifecycle is Lifecycle.ENDED:
        steps.append(QUANTITY_UP)
    return tuple(steps)


def settled(published: Projection | None, desired: Projection, step: Step) -> Projection:
    """Return what eBay holds after ``step`` succeeded: the step's sections are as desired."""
    held = published or NOTHING
    return Projection(
        content=desired.content if Section.CONTENT in step.settles else held.content,
        lifecycle=desired.lifecycle if Section.LIFECYCLE in step.settles else held.lifecycle,
        offer=desired.offer if Section.OFFER in step.settles else held.offer,
        price=desired.price if Section.PRICE in step.settles else held.price,
        quantity=desired.quantity if Section.QUANTITY in step.settles else held.quantity,
    )
