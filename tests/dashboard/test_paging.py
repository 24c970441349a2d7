"""The pages of a large shop: what is counted, and both ways to find a page of listings."""

from typing import get_args

import pytest

from baysync.db.connection import Db
from baysync.insight.census import service as census
from baysync.insight.listing import pages
from baysync.insight.listing.model import ListingFilter, ListingPage, State
from dashboard.conftest import Get
from support import engine, window
from support.large_shop import grow


def skus(page: ListingPage) -> list[str]:
    return [row.sku for row in page.rows]


@pytest.mark.parametrize("marketplace", ["", "EBAY_US", "EBAY_FR"])
async def test_what_is_rare_and_what_is_common_are_found_alike(db: Db, marketplace: str) -> None:
    await window.shop(db)
    by_index = await pages.page(db, ListingFilter(), after="", limit=50)
    for state in get_args(State):
        for q in ("", "lamp", "-2", "nothing"):
            chosen = ListingFilter(q=q, state=state, marketplace=marketplace)
            by_index = await pages.page(db, chosen, after="", limit=50)
            in_order = await pages.page(db, chosen, after="", limit=50, few=0)
            assert skus(by_index) == skus(in_order), chosen
    assert skus(by_index) == []
    everywhere = await pages.page(db, ListingFilter(marketplace=marketplace), after="", limit=50)
    assert bool(everywhere.rows) == (marketplace != "EBAY_FR")


async def test_pages_follow_each_other_to_the_end(db: Db) -> None:
    await engine.ebay_listings_of(db, await engine.account(db), 7)
    for few in (0, 100):
        seen: list[str] = []
        after: str | None = ""
        while after is not None:
            chosen = ListingFilter(marketplace="EBAY_US")
            page = await pages.page(db, chosen, after=after, limit=3, few=few)
            seen += skus(page)
            assert (page.matches, page.matches_more) == ((7, False) if few else (0, True))
            after = page.onward
        assert (len(seen), seen) == (7, sorted(seen))


async def test_a_long_search_stops_says_where_and_goes_on_from_there(db: Db) -> None:
    await engine.ebay_listings_of(db, await engine.account(db), pages.FIRST_STRETCH + 10)
    cursor = await db.execute("SELECT sku FROM listing ORDER BY sku")
    all_skus = [row[0] for row in await cursor.fetchall()]
    chosen = ListingFilter(q="no such thing")
    page = await pages.page(db, chosen, after="", limit=50, seconds=0)
    assert (page.rows, page.complete) == ([], False)
    stopped = all_skus[pages.FIRST_STRETCH - 1]
    assert page.onward == stopped
    rest = await pages.page(db, chosen, after=stopped, limit=50, seconds=0)
    assert (rest.rows, rest.complete, rest.onward) == ([], True, None)


async def test_a_whole_sku_is_found_however_far_away(db: Db) -> None:
    await engine.ebay_listings_of(db, await engine.account(db), pages.FIRST_STRETCH + 10)
    cursor = await db.execute("SELECT max(sku) FROM listing")
    last = (await cursor.fetchall())[0][0]
    page = await pages.page(db, ListingFilter(q=last), after="", limit=50, seconds=0)
    assert skus(page) == [last]
    assert not page.complete, "others may have it as a part"


async def test_a_filter_finds_a_row_for_each_place(db: Db) -> None:
    await window.shop(db)
    await window.group(db)
    expected: dict[State, set[str]] = {"blocked": {"EBAY_US", "EBAY_DE"}, "live": {"EBAY_US"}}
    for state, marketplaces in expected.items():
        page = await pages.page(db, ListingFilter(state=state), after="", limit=50)
        places = [place for row in page.rows for place in row.places]
        assert page.matches == len(places)
        assert {place.marketplace for place in places} == marketplaces


async def test_the_overview_says_as_of_when_a_large_shop_is_counted(get: Get, db: Db) -> None:
    await window.shop(db)
    assert "As counted" not in (await get("/")).text
    await grow(db)
    page = await get("/")
    assert "Nothing is counted yet" in page.text
    assert "No listings yet" not in page.text
    await census.take_due(db)
    page = await get("/")
    assert "As counted" in page.text
    assert "<strong>4</strong>" in page.text, "four listings"


async def test_a_filter_says_how_many_there_are(get: Get, db: Db) -> None:
    await window.shop(db)
    assert "1 on eBay<" in (await get("/listings?state=live")).text
    assert "on eBay<" not in (await get("/listings?state=live&q=SCRIPT")).text
