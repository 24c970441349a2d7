"""Plans of listings with variants: what is sent for which item, and what eBay then holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.ebay.model import Problem, Verdict
from baysync.ebay_listing.model import EbayItem
from baysync.projection.group import priced, stocked
from baysync.projection.model import (
    Axis,
    Content,
    Group,
    Lifecycle,
    Offer,
    Price,
    Projection,
    Variant,
)
from baysync.publish.apply_step import settled
from baysync.publish.completion import Completion, CompletionKind
from baysync.publish.model import Work
from baysync.publish.planning.plan import NOTHING, Known, Plan, StepKind, plan
from baysync.publish.view import Found, seen
from support.claims import CLAIMED, TARGET

SINGLE = Projection(
    content=Content(title="Shirt"),
    lifecycle=Lifecycle.LIVE,
    offer=Offer(category="1"),
    price=Price(currency="EUR", value="10"),
    quantity=5,
)


def shirt(quantities: dict[str, int], *, price: str = "10", title: str = "Shirt") -> Projection:
    variants = {key: Variant(options={"Size": key}) for key in quantities}
    group = Group(axes=(Axis(name="Size", values=tuple(quantities)),), variants=variants)
    whole = Projection(
        content=Content(group=group, title=title),
        lifecycle=Lifecycle.LIVE,
        offer=Offer(category="1", description="Fine."),
        price=priced("EUR", dict.fromkeys(quantities, price)),
    )
    return stocked(whole, quantities)


SM = shirt({"S": 2, "M": 3})
LISTED = {key: Known(offer_id=key, quantity=n) for key, n in SM.quantities.items()}


def kinds(found: Plan) -> dict[str, list[str]]:
    return {key: [step.kind.name for step in steps] for key, steps in found.items()}


def carried_out(found: Plan, desired: Projection, published: Projection | None) -> Projection:
    """Return what eBay holds after every step of a plan, phase by phase."""
    held = published or NOTHING
    for kind in StepKind:
        rows = [(k, step) for k, steps in found.items() for step in steps if step.kind is kind]
        for n, (key, step) in enumerate(rows, 1):
            held = settled(held, desired, step, key=key, last=n == len(rows))
    return held


@pytest.mark.parametrize(
    ("desired", "published", "expected"),
    [
        (SM, SM, {}),
        (shirt({"S": 1, "M": 3}), SM, {"S": ["QUANTITY_DOWN"]}),
        (
            shirt({"S": 2, "M": 3, "L": 1}),
            SM,
            {"S": ["GROUP"], "M": ["GROUP"], "L": ["CONTENT", "GROUP", "OFFER", "PUBLISH"]},
        ),
        (shirt({"S": 2}), SM, {"S": ["GROUP"], "M": ["QUANTITY_DOWN", "GROUP"]}),
        (replace(SM, lifecycle=Lifecycle.ENDED), SM, {"S": ["END"], "M": ["END"]}),
        (SM, SINGLE, {"": ["END"]}),
        (SINGLE, SM, {"S": ["END"], "M": ["END"]}),
        (
            SM,
            replace(SM, lifecycle=Lifecycle.ENDED),
            {"S": ["PUBLISH", "QUANTITY_UP"], "M": ["PUBLISH", "QUANTITY_UP"]},
        ),
        (
            SINGLE,
            replace(SM, lifecycle=Lifecycle.ENDED),
            {"": ["CONTENT", "OFFER", "PUBLISH"]},
        ),
    ],
)
def test_the_plan_of_a_group(
    desired: Projection, published: Projection, expected: dict[str, list[str]]
) -> None:
    assert kinds(plan(desired, published, LISTED)) == expected


STOCK = st.dictionaries(st.sampled_from("SMLX"), st.integers(0, 3), min_size=1)
GROUPS = st.builds(
    shirt, STOCK, price=st.sampled_from(["9", "10"]), title=st.sampled_from(["Shirt", "Tee"])
)
STATES = st.sampled_from([Lifecycle.LIVE, Lifecycle.ENDED])


@given(GROUPS, st.none() | GROUPS | st.just(SINGLE), STATES)
def test_carrying_plans_out_reaches_what_is_desired(
    desired: Projection, published: Projection | None, state: Lifecycle
) -> None:
    held = replace(published, lifecycle=state) if published else None
    for _ in range(2):  # a live single is ended first
        held = carried_out(plan(desired, held, LISTED), desired, held)
    assert held == desired


@given(GROUPS)
def test_an_ended_group_gives_way_to_a_single(published: Projection) -> None:
    over = replace(published, lifecycle=Lifecycle.ENDED)
    assert carried_out(plan(SINGLE, over, LISTED), SINGLE, over) == SINGLE


def work(desired: Projection | None, published: Projection | None) -> Work:
    items = {key: EbayItem(sku=key, offer_id=key, listing_id="110") for key in ("S", "M")}
    return Work(change=CLAIMED, target=TARGET, desired=desired, published=published, items=items)


def test_what_some_items_took_stays_when_another_fails() -> None:
    under_way = work(shirt({"S": 1, "M": 1}), SM)
    under_way.plan()
    small, medium = under_way.pending
    small.succeed()
    problem = Problem(error_id=25003, message="no")
    medium.fail(
        Completion(how=CompletionKind.FAILED, verdict=Verdict.REJECTED, problems=(problem,))
    )
    assert (medium.is_open, under_way.is_open) == (False, True)
    under_way.stop(CompletionKind.UNSENT)
    assert under_way.end is not None
    assert (under_way.end.verdict, under_way.end.problems) == (Verdict.REJECTED, (problem,))
    assert under_way.published is not None
    assert under_way.published.quantities == {"S": 1, "M": 3}


def test_what_ebay_holds_says_whether_it_is_a_group() -> None:
    assert work(SINGLE, SM).is_group
    assert work(SM, None).is_group
    assert work(None, None).is_group
    assert not work(SM, SINGLE).is_group


ITEM: dict[str, object] = {"product": {"title": "Shirt", "aspects": {"Size": ["S"]}}}


def test_only_items_that_the_group_names_are_of_the_listing() -> None:
    group: dict[str, object] = {
        "title": "Shirt",
        "variantSKUs": ["S"],
        "variesBy": {"specifications": [{"name": "Size", "values": ["S"]}]},
    }
    found = {key: Found(item=ITEM, offer=None) for key in ("S", "M")}
    now = seen(work(SM, SM), found, group).published
    assert now is not None
    assert now.content is not None
    assert now.content.group is not None
    assert set(now.content.group.variants) == {"S"}
    assert seen(work(SM, SM), found, None).published is None
    alone = work(SINGLE, SINGLE)
    alone.items = {"": EbayItem(sku="S")}
    assert seen(alone, {"": Found(item=None, offer=None)}).published is None
    assert seen(work(SM, SM), found, group | {"title": ["no"]}).published is None


def test_a_step_about_a_price_that_nobody_wants_changes_nothing() -> None:
    step = plan(shirt({"S": 2, "M": 3}, price="9"), SM, LISTED)["S"][0]
    assert settled(SM, changed_price(), step, key="S") == SM


def changed_price() -> Projection:
    return replace(SM, price=None)
