"""Any history of edits: nothing is lost, and nothing is sold that the shop does not have."""

from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.account.model import OutOfStock
from baysync.change import service
from baysync.db.connection import Db
from baysync.listing.model import ListingStatus
from baysync.projection.model import Lifecycle as Shown
from support.seller import SOON, open_shop
from support.shop import DEFAULTS, LAMP

pytestmark = pytest.mark.usefixtures("unmeasured")

edits = st.fixed_dictionaries(
    {},
    optional={
        "quantity": st.integers(0, 3),
        "price": st.sampled_from([Decimal(1), Decimal("2.50"), None]),
        "title": st.sampled_from(["Lamp", "x" * 81]),
        "status": st.sampled_from(ListingStatus),
        "marketplaces": st.sampled_from([(), ("EBAY_US",), ("EBAY_GB",), ("EBAY_FR",)]),
    },
)
steps = st.lists(
    st.tuples(st.sampled_from(["edit", "publish", "defaults"]), edits), min_size=1, max_size=8
)


@pytest.fixture
async def empty(db: Db) -> Db:
    return db


async def lost(db: Db) -> list[tuple[object, ...]]:
    cursor = await db.execute("SELECT invariant, detail FROM v_invariant_violations")
    return await cursor.fetchall()


@given(steps)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_history_of_edits_loses_a_change_or_oversells(
    empty: Db, history: list[tuple[str, dict[str, Any]]]
) -> None:
    async with empty.transaction(force_rollback=True):
        await play(empty, history)


async def play(db: Db, history: list[tuple[str, dict[str, Any]]]) -> None:
    shop = await open_shop(db)
    listing = LAMP
    for number, (kind, fields) in enumerate(history):
        if kind == "edit":
            listing = replace(listing, **fields)
            await shop.edit(listing)
        elif kind == "publish":
            await shop.publish(*[row.id for row in await shop.rows()])
        else:
            handling = list(OutOfStock)[number % 2]
            await shop.set_defaults(replace(DEFAULTS, out_of_stock=handling))
            await service.reproject_stale(db, debounce=SOON)
        assert await lost(db) == []
    for row in await shop.rows():
        shown = row.desired
        if shown is not None and shown.lifecycle is Shown.LIVE:
            assert listing.status is ListingStatus.ACTIVE
            assert (shown.quantity or 0) <= cast("int", listing.quantity)
            assert not listing.marketplaces or row.marketplace in listing.marketplaces
