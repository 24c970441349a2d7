"""The status table, urgency, intent and outcomes: every row of them."""

from dataclasses import replace as change

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.account.model import OutOfStock
from baysync.change.model import ChangeOutcome, Decision, DecisionFacts, Detected
from baysync.change.rules import OUT_OF_STOCK, decide, intent, outcome, places, stage, urgency
from baysync.ebay_listing.model import Intent, Lifecycle, Urgency
from baysync.listing.model import ListingStatus
from baysync.projection.follow import Limit
from baysync.projection.model import Block, Built, Content, Price, Projection
from baysync.projection.model import Lifecycle as Shown
from support.projections import LAMP

DRAFT, ACTIVE, ENDED, ARCHIVED = ListingStatus
KEEP, END = OutOfStock
OVER = replace(LAMP, lifecycle=Shown.ENDED)
BAD_TITLE = Block(reason="title_too_long", pointer="/title", rule="r", fix="f")
NEVER_LIVE = DecisionFacts(
    built=Built(projection=LAMP, quantity=5),
    out_of_stock=KEEP,
    published=None,
    state=Lifecycle.NEW,
    status=ACTIVE,
)
LIVE = change(NEVER_LIVE, published=LAMP, state=Lifecycle.LIVE)
WAS_LIVE = change(NEVER_LIVE, published=OVER, state=Lifecycle.ENDED)
STAGES = {"never": NEVER_LIVE, "live": LIVE, "over": WAS_LIVE}


def decided(facts: DecisionFacts, *, status: ListingStatus = ACTIVE, quantity: int = 5) -> Decision:
    stocked = Built(projection=replace(LAMP, quantity=quantity), quantity=quantity)
    return decide(change(facts, status=status, built=stocked))


def reasons(decision: Decision) -> list[str]:
    return [block.reason for block in decision.blocks]


@pytest.mark.parametrize(
    ("status", "reached", "desired", "state"),
    [
        (DRAFT, "never", None, Lifecycle.NEW),
        (DRAFT, "live", OVER, Lifecycle.LIVE),
        (DRAFT, "over", OVER, Lifecycle.ENDED),
        (ACTIVE, "never", LAMP, Lifecycle.NEW),
        (ACTIVE, "live", LAMP, Lifecycle.LIVE),
        (ACTIVE, "over", LAMP, Lifecycle.ENDED),
        (ENDED, "never", None, Lifecycle.NEW),
        (ENDED, "live", OVER, Lifecycle.LIVE),
        (ENDED, "over", OVER, Lifecycle.ENDED),
        (ARCHIVED, "never", None, Lifecycle.REMOVED),
        (ARCHIVED, "live", OVER, Lifecycle.LIVE),
        (ARCHIVED, "over", OVER, Lifecycle.REMOVED),
    ],
)
def test_the_status_table(
    status: ListingStatus, reached: str, desired: Projection | None, state: Lifecycle
) -> None:
    decision = decided(STAGES[reached], status=status)
    assert (decision.desired, decision.state, decision.blocks) == (desired, state, ())


@pytest.mark.parametrize(
    ("handling", "reached", "desired", "blocked"),
    [
        (KEEP, "never", None, True),
        (KEEP, "live", replace(LAMP, quantity=0), False),
        (KEEP, "over", OVER, True),
        (END, "never", None, True),
        (END, "live", OVER, False),
        (END, "over", OVER, True),
    ],
)
def test_a_listing_out_of_stock(
    handling: OutOfStock, reached: str, desired: Projection | None, *, blocked: bool
) -> None:
    decision = decided(change(STAGES[reached], out_of_stock=handling), quantity=0)
    assert decision.desired == desired
    assert reasons(decision) == (["out_of_stock"] if blocked else [])


def test_a_marketplace_that_is_no_longer_named_ends() -> None:
    assert decide(change(LIVE, targeted=False)).desired == OVER
    assert decide(change(NEVER_LIVE, targeted=False)).desired is None


def test_a_removed_listing_comes_back_as_what_it_was() -> None:
    removed = change(NEVER_LIVE, state=Lifecycle.REMOVED)
    assert decided(removed).state is Lifecycle.NEW
    assert decided(removed).intent is Intent.CREATE
    was_live = change(removed, published=OVER)
    assert decided(was_live).state is Lifecycle.ENDED
    assert decided(was_live).intent is Intent.RELIST


def test_archived_and_live_is_removed_once_it_is_over() -> None:
    assert decided(LIVE, status=ARCHIVED).limit == Limit(ended=True, removed=True)
    assert decided(LIVE, status=ENDED).limit == Limit(ended=True)


def blocked(facts: DecisionFacts, quantity: int) -> Decision:
    built = Built(projection=None, blocks=(BAD_TITLE,), quantity=quantity)
    return decide(change(facts, built=built))


def test_blocked_content_never_holds_stock() -> None:
    lower = blocked(LIVE, 0)
    assert lower.desired == replace(LAMP, quantity=0)
    assert reasons(lower) == ["title_too_long"]
    assert lower.urgency is Urgency.STOCK
    assert blocked(LIVE, 3).limit == Limit(quantity=3)


def test_blocked_content_raises_no_stock_and_lists_nothing() -> None:
    assert blocked(LIVE, 9).desired == LAMP
    assert blocked(NEVER_LIVE, 9).desired is None
    assert blocked(WAS_LIVE, 9).desired == OVER


def test_all_reasons_are_kept_the_content_first() -> None:
    decision = blocked(NEVER_LIVE, 0)
    assert decision.blocks == (BAD_TITLE, OUT_OF_STOCK)


def test_an_ended_listing_says_nothing_of_its_content() -> None:
    bad = Built(projection=None, blocks=(BAD_TITLE,), quantity=5)
    decision = decide(change(LIVE, built=bad, status=ENDED))
    assert (decision.desired, decision.blocks) == (OVER, ())


def test_a_whole_document_has_no_limit() -> None:
    assert decided(LIVE).limit is None
    assert decided(NEVER_LIVE, status=DRAFT).limit == Limit(ended=True)


@pytest.mark.parametrize(
    ("desired", "published", "expected"),
    [
        (OVER, LAMP, Urgency.STOCK),
        (replace(LAMP, quantity=4), LAMP, Urgency.STOCK),
        (replace(LAMP, quantity=None), LAMP, Urgency.STOCK),
        (LAMP, replace(LAMP, quantity=None), Urgency.STOCK),
        (replace(LAMP, quantity=0), None, Urgency.STOCK),
        (replace(LAMP, quantity=6), LAMP, Urgency.RAISE),
        (replace(LAMP, price=Price(currency="EUR", value="1")), LAMP, Urgency.PRICE),
        (replace(LAMP, content=Content(title="x")), LAMP, Urgency.CONTENT),
        (LAMP, None, Urgency.NEW),
        (LAMP, OVER, Urgency.NEW),
        (LAMP, Projection(content=LAMP.content), Urgency.NEW),
        (None, None, Urgency.NEW),
    ],
)
def test_urgency(
    desired: Projection | None, published: Projection | None, expected: Urgency
) -> None:
    assert urgency(desired, published) is expected


def test_a_mixed_change_has_the_highest_urgency() -> None:
    mixed = replace(LAMP, quantity=1, price=Price(currency="EUR", value="1"))
    assert urgency(mixed, LAMP) is Urgency.STOCK


def test_a_verification_keeps_the_urgency_of_what_is_in_doubt() -> None:
    assert decided(change(LIVE, urgency=Urgency.PRICE)).urgency is Urgency.PRICE


@pytest.mark.parametrize(
    ("desired", "published", "state", "expected"),
    [
        (LAMP, None, "new", Intent.CREATE),
        (LAMP, Projection(content=LAMP.content), "new", Intent.CREATE),
        (LAMP, None, "live", Intent.UPDATE),
        (LAMP, None, "ended", Intent.RELIST),
        (LAMP, OVER, "ended", Intent.RELIST),
        (LAMP, replace(LAMP, quantity=1), "live", Intent.UPDATE),
        (OVER, LAMP, "live", Intent.END),
        (None, LAMP, "live", Intent.UPDATE),
        (LAMP, LAMP, "live", Intent.VERIFY),
        (None, None, "new", Intent.VERIFY),
    ],
)
def test_intent(
    desired: Projection | None, published: Projection | None, state: str, expected: Intent
) -> None:
    assert intent(desired, published, state) is expected


@given(
    st.sampled_from(ListingStatus),
    st.sampled_from(OutOfStock),
    st.sampled_from([None, LAMP, OVER, Projection(content=LAMP.content)]),
    st.sampled_from(Lifecycle),
    st.integers(0, 9),
    st.booleans(),
)
def test_every_combination_is_decided_and_sells_no_more_than_there_is(
    status: ListingStatus,
    handling: OutOfStock,
    published: Projection | None,
    state: Lifecycle,
    quantity: int,
    bad: bool,  # noqa: FBT001 - hypothesis passes it
) -> None:
    good = Built(projection=replace(LAMP, quantity=quantity), quantity=quantity)
    built = Built(projection=None, blocks=(BAD_TITLE,), quantity=quantity) if bad else good
    facts = DecisionFacts(
        built=built, out_of_stock=handling, published=published, state=state, status=status
    )
    decision = decide(facts)
    desired = decision.desired
    if desired is not None and desired.lifecycle is Shown.LIVE:
        assert status is ACTIVE
        assert desired.quantity is not None
        assert desired.quantity <= quantity
    assert stage(published, state)


@pytest.mark.parametrize("status", [DRAFT, ACTIVE, ENDED, ARCHIVED])
@pytest.mark.parametrize("named", [True, False])
def test_where_the_account_does_not_sell_any_more_all_ends_and_is_put_away(
    status: ListingStatus, *, named: bool
) -> None:
    gone = Block(reason="unknown_marketplace", pointer="/marketplaces", rule="r", fix="f")
    built = Built(projection=None, blocks=(gone,), quantity=5)
    left = {"status": status, "named": named, "offered": False, "built": built}
    told = ["unknown_marketplace"] if named and status is ACTIVE else []
    live = decide(change(LIVE, **left))
    assert (live.desired, live.state, reasons(live)) == (OVER, Lifecycle.LIVE, told)
    assert live.limit == Limit(ended=True, removed=True)
    over = decide(change(WAS_LIVE, **left))
    assert (over.desired, over.state, reasons(over)) == (OVER, Lifecycle.REMOVED, told)
    never = decide(change(NEVER_LIVE, **left))
    waits = named and status is not ARCHIVED
    assert never.state is (Lifecycle.NEW if waits else Lifecycle.REMOVED)
    assert (never.desired, reasons(never)) == (None, told)


def test_a_listing_goes_where_it_names_or_where_its_accounts_sell() -> None:
    enrolled = [(1, "EBAY_DE"), (1, "EBAY_US"), (2, "EBAY_US")]
    assert places((), enrolled, [1, 2]) == set(enrolled)
    assert places(("EBAY_DE",), enrolled, [1, 2]) == {(1, "EBAY_DE")}
    assert places(("EBAY_US", "EBAY_FR"), enrolled, [1, 2]) == {
        (1, "EBAY_US"),
        (2, "EBAY_US"),
        (1, "EBAY_FR"),
        (2, "EBAY_FR"),
    }, "where no account has defaults, each says why it is blocked"


@pytest.mark.parametrize(
    ("blocked", "equal", "ensured", "active", "expected"),
    [
        (False, False, True, False, ChangeOutcome.ENQUEUED),
        (False, False, False, False, ChangeOutcome.COALESCED),
        (True, False, None, None, ChangeOutcome.BLOCKED),
        (True, True, None, True, ChangeOutcome.BLOCKED),
        (False, False, None, True, ChangeOutcome.COALESCED),
        (False, False, None, False, ChangeOutcome.SKIPPED_DUPLICATE),
        (False, True, None, None, ChangeOutcome.SKIPPED_HASH),
        (False, False, None, None, ChangeOutcome.SKIPPED_DEAD),
    ],
)
def test_outcomes(
    *,
    blocked: bool,
    equal: bool,
    ensured: bool | None,
    active: bool | None,
    expected: ChangeOutcome,
) -> None:
    assert outcome(blocked=blocked, equal=equal, ensured=ensured, active=active) is expected


def test_counts_add_up() -> None:
    both = Detected(enqueued=1, blocked=2) + Detected(enqueued=3, reverted=1)
    assert both == Detected(enqueued=4, blocked=2, reverted=1)
