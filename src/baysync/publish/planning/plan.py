"""Decide the steps that turn what eBay holds into what it should hold, stock first."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from msgspec.structs import replace

from baysync.projection.group import SINGLE, group_of, is_live, members
from baysync.projection.model import Lifecycle, Projection, Section


class StepKind(IntEnum):
    """One kind of call, in the order in which a plan sends them.

    What must never be too high is lowered first; what may be low for a moment comes last.
    """

    END = 0
    QUANTITY_DOWN = 1
    PRICE = 2
    CONTENT = 3
    GROUP = 4
    UNBIND = 5
    OFFER = 6
    PUBLISH = 7
    QUANTITY_UP = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One call about one ebay item and the sections that eBay holds once it succeeds."""

    kind: StepKind
    settles: frozenset[Section]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an ebay item beside its published document.

    ``quantity`` is the item quantity that eBay last confirmed, None when it never did. ``stale``:
    the offer is bound to a dead listing and can never be published.
    """

    offer_id: str | None = None
    quantity: int | None = None
    stale: bool = False


END = Step(StepKind.END, frozenset({Section.LIFECYCLE}))
QUANTITY_DOWN = Step(StepKind.QUANTITY_DOWN, frozenset({Section.QUANTITY}))
QUANTITY_UP = Step(StepKind.QUANTITY_UP, frozenset({Section.QUANTITY}))
PRICE = Step(StepKind.PRICE, frozenset({Section.PRICE}))
PRICE_AND_STOCK = Step(StepKind.PRICE, frozenset({Section.PRICE, Section.QUANTITY}))
CONTENT = Step(StepKind.CONTENT, frozenset({Section.CONTENT}))
UNBIND = Step(StepKind.UNBIND, frozenset())
OFFER = Step(StepKind.OFFER, frozenset({Section.OFFER}))
WHOLE_OFFER = Step(StepKind.OFFER, frozenset({Section.OFFER, Section.PRICE, Section.QUANTITY}))
PUBLISH = Step(StepKind.PUBLISH, frozenset({Section.LIFECYCLE}))
GROUP = Step(StepKind.GROUP, frozenset({Section.CONTENT}))
IN_GROUP = {
    CONTENT: Step(StepKind.CONTENT, frozenset()),
    WHOLE_OFFER: Step(StepKind.OFFER, frozenset({Section.OFFER, Section.PRICE})),
    PUBLISH: Step(StepKind.PUBLISH, frozenset({Section.LIFECYCLE, Section.QUANTITY})),
}
NOTHING = Projection()


Plan = dict[str, tuple[Step, ...]]


def plan(
    desired: Projection | None, published: Projection | None, known: Mapping[str, Known]
) -> Plan:
    """Return the steps from ``published`` to ``desired`` by item, in the order to send them.

    Empty when they are equal, or when nothing is wanted and nothing is there. A live listing
    that is to gain or lose its variants is ended first: eBay cannot turn one into the other.
    """
    if desired is None or desired == published:
        return {}
    held = published or NOTHING
    there, wanted = members(held), goals(desired, published)
    is_group = group_of(desired) is not None
    turned = is_group != (group_of(held) is not None)
    if held.lifecycle is Lifecycle.LIVE and (desired.lifecycle is not Lifecycle.LIVE or turned):
        return {key: (END,) for key in there if is_live(held, key)}
    if desired.lifecycle is not Lifecycle.LIVE:
        return {}
    found = {
        key: _item(goal, there.get(key, NOTHING), known.get(key, Known()))
        for key, goal in wanted.items()
    }
    if is_group:
        found = _as_group(found, described=is_described(desired, held))
    return {key: steps for key, steps in found.items() if steps}


def goals(desired: Projection, published: Projection | None) -> dict[str, Projection]:
    """Return what each item shall be; a live variant that is to leave its group sells nothing."""
    wanted = members(desired)
    if published is None or SINGLE in wanted:
        return wanted
    leaving = {
        key: replace(held, quantity=0)
        for key, held in members(published).items()
        if key not in wanted and is_live(published, key)
    }
    return wanted | leaving


def is_described(desired: Projection, held: Projection) -> bool:
    """Return whether the group on eBay says already what it should."""
    wanted, there = (each.offer.description if each.offer else "" for each in (desired, held))
    return desired.content == held.content and wanted == there


def _as_group(found: Plan, *, described: bool) -> Plan:
    """Let the group settle what its items say, and publishing what only then is for sale."""
    extra = () if described else (GROUP,)
    return {
        key: tuple(
            sorted((*(IN_GROUP.get(step, step) for step in steps), *extra), key=lambda s: s.kind)
        )
        for key, steps in found.items()
    }


def _item(desired: Projection, held: Projection, known: Known) -> tuple[Step, ...]:
    """Return the steps of one item."""
    if desired == held:
        return ()
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
    """Steps for a listing that buyers do not see: item, offer, publish; a stale offer goes first.

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
    if known.stale:
        steps.append(UNBIND)
    if known.offer_id is None or known.stale or not same_offer:
        steps.append(WHOLE_OFFER)
    steps.append(PUBLISH)
    if held.lifecycle is Lifecycle.ENDED:
        steps.append(QUANTITY_UP)
    return tuple(steps)
