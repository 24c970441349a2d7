"""Plans: what is sent to turn one document into another, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.projection.model import Content, Lifecycle, Offer, Price, Projection
from baysync.publish.apply_step import settled
from baysync.publish.planning.plan import Known, StepKind, plan

LIVE = Projection(
    content=Content(title="Lamp"),
    lifecycle=Lifecycle.LIVE,
    offer=Offer(category="1"),
    price=Price(currency="EUR", value="10"),
    quantity=5,
)
ENDED = replace(LIVE, lifecycle=Lifecycle.ENDED)
LISTED = Known(offer_id="7", quantity=5)


def kinds(desired: Projection | None, published: Projection | None, known: Known) -> list[str]:
    return [step.kind.name for step in plan(desired, published, {"": known}).get("", ())]


@pytest.mark.parametrize(
    ("desired", "published", "known", "expected"),
    [
        (None, None, Known(), []),
        (LIVE, LIVE, LISTED, []),
        (LIVE, None, Known(), ["CONTENT", "OFFER", "PUBLISH"]),
        (ENDED, LIVE, LISTED, ["END"]),
        (ENDED, None, Known(), []),
        (replace(LIVE, quantity=2), LIVE, LISTED, ["QUANTITY_DOWN"]),
        (replace(LIVE, quantity=9), LIVE, LISTED, ["QUANTITY_UP"]),
        (replace(LIVE, price=Price(currency="EUR", value="9")), LIVE, LISTED, ["PRICE"]),
        (
            replace(LIVE, price=Price(currency="EUR", value="9"), quantity=9),
            LIVE,
            LISTED,
            ["PRICE"],
        ),
        (
            replace(
                LIVE,
                content=Content(title="Desk lamp"),
                offer=Offer(category="2"),
                price=Price(currency="EUR", value="9"),
                quantity=0,
            ),
            LIVE,
            LISTED,
            ["QUANTITY_DOWN", "PRICE", "CONTENT", "OFFER"],
        ),
        (
            replace(LIVE, content=Content(title="Desk lamp"), quantity=9),
            LIVE,
            LISTED,
            ["CONTENT", "QUANTITY_UP"],
        ),
        (LIVE, replace(LIVE, quantity=None), LISTED, ["QUANTITY_DOWN"]),
        (LIVE, ENDED, LISTED, ["PUBLISH", "QUANTITY_UP"]),
        (
            LIVE,
            replace(ENDED, quantity=0),
            Known(offer_id="7", quantity=0),
            ["CONTENT", "OFFER", "PUBLISH", "QUANTITY_UP"],
        ),
        (LIVE, replace(LIVE, lifecycle=None), LISTED, ["PUBLISH"]),
        (LIVE, replace(LIVE, lifecycle=None), Known(quantity=5), ["OFFER", "PUBLISH"]),
        (
            LIVE,
            ENDED,
            Known(offer_id="7", quantity=5, stale=True),
            ["UNBIND", "OFFER", "PUBLISH", "QUANTITY_UP"],
        ),
    ],
)
def test_the_plan_of_a_difference(
    desired: Projection | None, published: Projection | None, known: Known, expected: list[str]
) -> None:
    assert kinds(desired, published, known) == expected


PRICES = st.sampled_from(["9", "10", "11.5"]).map(lambda v: Price(currency="EUR", value=v))
DOCUMENTS = st.builds(
    Projection,
    content=st.sampled_from(["Lamp", "Desk lamp"]).map(lambda title: Content(title=title)),
    lifecycle=st.sampled_from([Lifecycle.LIVE, Lifecycle.ENDED]),
    offer=st.sampled_from(["1", "2"]).map(lambda category: Offer(category=category)),
    price=PRICES,
    quantity=st.integers(0, 3),
)


@given(desired=DOCUMENTS.filter(lambda d: d.lifecycle is Lifecycle.LIVE), published=DOCUMENTS)
def test_carrying_a_plan_out_reaches_what_is_desired(
    desired: Projection, published: Projection
) -> None:
    held = published
    known = Known(offer_id="7", quantity=published.quantity)
    steps = plan(desired, published, {"": known}).get("", ())
    for step in steps:
        held = settled(held, desired, step)
    assert held == desired
    assert [step.kind for step in steps] == sorted(step.kind for step in steps)


@given(desired=DOCUMENTS, published=DOCUMENTS)
def test_stock_is_lowered_before_anything_else_is_sent_and_raised_after(
    desired: Projection, published: Projection
) -> None:
    steps = plan(desired, published, {"": LISTED}).get("", ())
    downs = [n for n, step in enumerate(steps) if step.kind is StepKind.QUANTITY_DOWN]
    ups = [n for n, step in enumerate(steps) if step.kind is StepKind.QUANTITY_UP]
    assert downs in ([], [0])
    assert ups in ([], [len(steps) - 1])
