"""The properties find what they are meant to find: each planted fault, within some seconds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chaos import mutants
from chaos.test_histories import try_histories
from flow.test_survival import OWN, Case, survive
from live_shop import open_shop
from mockbay.client import MockServer

pytestmark = pytest.mark.usefixtures("unmeasured")
ENOUGH = 60


ENDS_WRONG = "eBay (shows|sells)|ended on eBay"


@pytest.mark.breaks_invariants
@pytest.mark.parametrize(
    ("plant", "finding"),
    [
        (mutants.no_read_back, ENDS_WRONG),
        (mutants.no_deadline_guard, "a call was sent after its deadline"),
        (mutants.quantity_of_the_projection, "eBay sells again what was sold"),
        (mutants.coalescing_keeps_the_older, "a pending change names an older state"),
        (mutants.settle_without_the_fence, "another worker's claim was settled"),
        (mutants.ended_comes_back, "ended on eBay"),
        (mutants.drift_overlooked, ENDS_WRONG),
        (mutants.hold_forgotten, "eBay shows something else"),
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


async def test_the_property_of_survival_finds_that_nothing_is_carried(
    monkeypatch: pytest.MonkeyPatch, database: str, mockbay: MockServer, tmp_path: Path
) -> None:
    mutants.carry_forgotten(monkeypatch)
    cases = [Case(tuple(OWN), ("title",)), Case(tuple(OWN), ("description",))]
    async with open_shop(database, mockbay, tmp_path) as shop:
        wrong = await survive(shop, cases)
    items = {one.path for one in wrong if one.sku == "SKU-000"}
    offers = {one.path for one in wrong if one.sku == "SKU-001"}
    assert "item.product.subtitle" in items
    assert "offer.listingPolicies.bestOfferTerms.bestOfferEnabled" in offers
