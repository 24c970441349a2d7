"""Each figure is one number: on the overview, in the list behind it, and wherever it is said."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from baysync.db.connection import Db
from baysync.insight import facts_store, gauges
from baysync.insight.census import service as census
from baysync.insight.listing import blocked_store
from baysync.insight.queue import store as queues
from baysync.queue.model import Selection
from baysync.telemetry.metrics import Series
from dashboard.conftest import Get
from support import drawn_shop

SEEDS = range(3)
FIGURES = re.compile(r'<div class="kpis">(.*?)\n</div>', re.DOTALL)
LINK = re.compile(r'<a[^>]* href="(?P<address>[^"]+)"[^>]*>(?P<body>.*?)</a>', re.DOTALL)
ONWARD = re.compile(r'rel="next" href="([^"]+)"')
LINKS = {"/listings", "/listings?state=live", "/listings?state=queued", "/listings?state=blocked",
         "/dead-letters"}  # fmt: skip


def linked(overview: str) -> Iterator[tuple[str, int]]:
    """Yield each address that a figure of the overview leads to, and that figure."""
    figures = FIGURES.search(overview)
    assert figures is not None
    for link in LINK.finditer(figures[1]):
        numbers = re.search(r"<strong>([\d,]+)</strong>|([\d,]+)$", link["body"])
        assert numbers is not None, link[0]
        yield unescape(link["address"]), int((numbers[1] or numbers[2]).replace(",", ""))


async def length(get: Get, address: str) -> int:
    """Return how many rows a list has on all of its pages."""
    rows = 0
    for _ in range(100):
        page = (await get(address)).text
        rows += page.count('<td class="title">')
        onward = ONWARD.search(page)
        if onward is None:
            return rows
        address = unescape(onward[1])
    raise AssertionError(f"{address} never ends")


@pytest.mark.parametrize("seed", SEEDS)
async def test_each_number_of_the_overview_is_the_length_of_the_list_that_it_opens(
    get: Get, db: Db, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("baysync.dashboard.lists.PAGE", 20)
    await drawn_shop.fill(db, seed)
    figures = list(linked((await get("/")).text))
    assert {address for address, _ in figures} > LINKS, "with those of the marketplaces"
    assert all(number for _, number in figures), "a figure of nothing shows nothing"
    assert figures == [(address, await length(get, address)) for address, _ in figures]


@pytest.mark.parametrize("seed", SEEDS)
async def test_blocked_dead_and_queued_are_one_number_wherever_they_are_said(
    get: Get, db: Db, seed: int
) -> None:
    await drawn_shop.fill(db, seed)
    pages = dict(linked((await get("/")).text))
    figures = (await census.read(db)).figures
    lanes = await queues.lanes(db)
    values = await gauges.current(db, await facts_store.facts(db))

    def gauge(name: str) -> int:
        return round(sum(value for series, value in values.items() if series.name == name))

    blocked = await blocked_store.blocked(db, limit=1_000)
    assert {
        pages["/listings?state=blocked"],
        sum(figures.blocked.values()),
        sum(lane.blocked for lane in lanes),
        gauge("listing.blocked"),
        len(blocked),
    } == {len(blocked)}
    letters = await queues.letters(db, Selection(), limit=1_000)
    assert {
        pages["/dead-letters"],
        figures.dead,
        sum(lane.dead for lane in lanes),
        gauge("dead.open"),
        await queues.open_letters(db),
    } == {len(letters)}
    active = sum(lane.due + lane.waiting + lane.processing for lane in lanes)
    waiting = gauge("queue.pending_depth") + round(values[Series("queue.processing_depth")])
    assert pages["/listings?state=queued"] == active == waiting
    assert figures.in_doubt == sum(lane.in_doubt for lane in lanes)
