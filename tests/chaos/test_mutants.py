"""The properties find what they are meant to find: each planted fault, within some seconds."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from chaos import mutants, told
from chaos.history import History
from chaos.test_histories import histories, try_histories
from flow.test_survival import OWN, survive
from flow.test_survival import Case as Kept
from mockbay.client import MockServer
from support.live_shop import open_shop

pytestmark = pytest.mark.usefixtures("unmeasured")
ENOUGH = 400  # which ones are drawn depends on the modules that are loaded: few need many
SOLD_TWICE = "eBay sells again what was sold"

ENDS_WRONG = "eBay (shows|sells)|ended on eBay"


@pytest.mark.breaks_invariants
@pytest.mark.parametrize(
    ("plant", "finding"),
    [
        (mutants.no_read_back, ENDS_WRONG),
        (mutants.quantity_of_the_projection, SOLD_TWICE),
        (mutants.coalescing_keeps_the_older, "a pending change names an older state"),
        (mutants.ended_comes_back, "ended on eBay"),
        (mutants.drift_overlooked, ENDS_WRONG),
    ],
)
def test_the_histories_find_a_planted_fault(
    plant: Callable[[pytest.MonkeyPatch], None],
    finding: str,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
    mockbay: MockServer,
    tmp_path: Path,
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError, match=finding):
        try_histories(database, mockbay, tmp_path, count=ENOUGH, seed=True)


class Case(NamedTuple):
    """A planted fault, the history that meets it, and what it says then."""

    plant: Callable[[pytest.MonkeyPatch], None]
    history: Callable[[History], None]
    finding: str


@pytest.mark.breaks_invariants
@pytest.mark.parametrize(
    "case",
    [
        Case(mutants.prices_kept_as_known, told.old_price, "eBay shows something else"),
        Case(mutants.doubt_forgotten_by_a_throttled_look, told.throttled_look, SOLD_TWICE),
        Case(mutants.postponed_without_verify, told.capped_raise, SOLD_TWICE),
        Case(mutants.fenced_works_believed, told.late_worker, "is not in doubt"),
        Case(mutants.no_deadline_guard, told.late_call, "a call was sent after its deadline"),
        Case(mutants.settle_without_the_fence, told.taken_over, "another worker's claim"),
        Case(mutants.limits_forgotten, told.sold_out_unseen, "nobody took down"),
        Case(mutants.own_quantity_overlooked, told.late_item, "holds more of an item"),
        Case(
            mutants.steps_forgotten_without_the_database,
            told.unplugged_amid,
            "eBay shows something else",
        ),
        Case(
            mutants.system_errors_believed,
            told.relisted_behind_an_error,
            "eBay shows something else",
        ),
        Case(mutants.hold_forgotten, told.held, ENDS_WRONG),
        Case(mutants.given_back_without_ensure, told.unplugged, "names an older state"),
    ],
    ids=lambda case: case.history.__name__,
)
def test_a_told_history_is_clean_and_finds_a_planted_fault(
    case: Case,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
    mockbay: MockServer,
    tmp_path: Path,
) -> None:
    with histories(database, mockbay, tmp_path) as bound:
        tell(bound, case.history)
        case.plant(monkeypatch)
        with pytest.raises(AssertionError, match=case.finding):
            tell(bound, case.history)


def tell(bound: type[History], history: Callable[[History], None]) -> None:
    """Let a shop that sells everything live through ``history``."""
    machine = bound()
    machine.list_everything()
    history(machine)


async def test_the_property_of_survival_finds_that_nothing_is_carried(
    monkeypatch: pytest.MonkeyPatch, database: str, mockbay: MockServer, tmp_path: Path
) -> None:
    mutants.carry_forgotten(monkeypatch)
    cases = [Kept(tuple(OWN), ("title",)), Kept(tuple(OWN), ("description",))]
    async with open_shop(database, mockbay, tmp_path) as shop:
        wrong = await survive(shop, cases)
    items = {one.path for one in wrong if one.sku == "SKU-000"}
    offers = {one.path for one in wrong if one.sku == "SKU-001"}
    assert "item.product.subtitle" in items
    assert "offer.listingPolicies.bestOfferTerms.bestOfferEnabled" in offers
