"""What eBay holds after a step succeeded; pure."""

from msgspec.structs import replace

from baysync.projection.group import SINGLE, group_of, priced, stocked
from baysync.projection.model import Content, Group, Lifecycle, Offer, Projection, Section
from baysync.publish.planning.plan import NOTHING, Step, StepKind


def settled(
    published: Projection | None,
    desired: Projection,
    step: Step,
    *,
    key: str = SINGLE,
    last: bool = True,
) -> Projection:
    """Return what eBay holds after ``step`` succeeded for the item ``key``.

    The step's sections are as desired. What all variants of a group share is so only after the
    ``last`` of them.
    """
    held = published or NOTHING
    if step.kind is StepKind.END:
        return replace(held, lifecycle=Lifecycle.ENDED)
    if group_of(desired) is not None:
        return _of_group(held, desired, step, key=key, last=last)
    if group_of(held) is not None:
        held = Projection(lifecycle=held.lifecycle)
    return Projection(
        content=desired.content if Section.CONTENT in step.settles else held.content,
        lifecycle=desired.lifecycle if Section.LIFECYCLE in step.settles else held.lifecycle,
        offer=desired.offer if Section.OFFER in step.settles else held.offer,
        price=desired.price if Section.PRICE in step.settles else held.price,
        quantity=desired.quantity if Section.QUANTITY in step.settles else held.quantity,
    )


def _of_group(
    held: Projection, desired: Projection, step: Step, *, key: str, last: bool
) -> Projection:
    now = _described(held, desired) if step.kind is StepKind.GROUP else held
    if Section.PRICE in step.settles:
        now = _with_price(now, desired, key)
    if Section.QUANTITY in step.settles:
        now = stocked(now, {**now.quantities, key: desired.quantities.get(key, 0)})
    if Section.OFFER in step.settles and last:
        now = replace(now, offer=desired.offer)
    if Section.LIFECYCLE in step.settles:
        now = replace(now, lifecycle=desired.lifecycle)
    return now


def _described(held: Projection, desired: Projection) -> Projection:
    """Return what is there once the group was put: variants that it does not name have left."""
    keys = ((desired.content or Content()).group or Group()).variants.keys()
    price, offer = held.price, held.offer or Offer()
    prices = {key: value for key, value in price.variants.items() if key in keys} if price else {}
    description = desired.offer.description if desired.offer else ""
    now = replace(
        held,
        content=desired.content,
        offer=replace(offer, description=description),
        price=priced(price.currency if price else "", prices),
    )
    return stocked(now, {key: n for key, n in held.quantities.items() if key in keys})


def left_out(held: Projection, key: str) -> Projection:
    """Return what eBay holds that left ``key`` out of its group: its offer is of no use there."""
    currency, prices = (held.price.currency, held.price.variants) if held.price else ("", {})
    others = {name: value for name, value in prices.items() if name != key}
    return replace(held, price=priced(currency, others))


def _with_price(held: Projection, desired: Projection, key: str) -> Projection:
    if desired.price is None or key not in desired.price.variants:
        return held
    there = held.price.variants if held.price else {}
    prices = {**there, key: desired.price.variants[key]}
    return replace(held, price=priced(desired.price.currency, prices))
