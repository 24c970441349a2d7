"""What the pages say, over real HTTP and a real database."""

import re

import aiohttp
import pytest
from structlog.testing import capture_logs

from baysync.db import pool as pools
from baysync.db.connection import Db
from baysync.db.pool import Share, open_pool
from baysync.ebay_listing import exposure_store
from baysync.orders import store as orders
from dashboard.conftest import Get
from support import engine, window

EMPTY = {
    "/": ("baysync accounts connect", "baysync listings import FILE"),
    "/listings": ("No listings yet", "baysync listings import FILE"),
    "/log": ("Nothing was sent yet", "baysync work"),
}


@pytest.mark.parametrize("path", EMPTY)
async def test_an_empty_page_says_which_command_fills_it(get: Get, path: str) -> None:
    page = await get(path)
    assert page.status == 200
    for words in EMPTY[path]:
        assert words in page.text


async def test_the_overview_counts_and_explains(get: Get, db: Db) -> None:
    await window.shop(db)
    page = await get("/")
    for words in (
        "title too long",
        "take 19 away",
        "The item specific Type is missing.",
        "eBay 25002",
        "harbour is paused: reauth.",
        "<code>baysync accounts connect --renew harbour</code>",
    ):
        assert words in page.text
    assert "<strong>4</strong>" in page.text, "four listings"
    assert "harbour" in page.text
    assert "not affiliated with eBay" in page.text


async def test_a_refresh_gets_the_part_and_a_visitor_the_page(get: Get) -> None:
    assert "<html" in (await get("/")).text
    part = await get("/", HX_Request="true")
    assert part.text.lstrip().startswith('<div id="panel"')
    assert "<html" in (await get("/", HX_Request="true", HX_History_Restore_Request="true")).text


@pytest.mark.parametrize("path", ["/", "/listings", "/log", "/listings/nothing"])
async def test_every_page_forbids_what_it_does_not_need(get: Get, path: str) -> None:
    headers = (await get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "number"),
    [("", 4), ("state=live", 1), ("state=blocked", 1), ("state=dead", 1), ("state=ended", 0),
     ("state=queued", 0), ("q=SCRIPT", 1), ("q=-2", 1), ("q=%25", 0)],
)  # fmt: skip
async def test_listings_are_filtered(get: Get, db: Db, query: str, number: int) -> None:
    await window.shop(db)
    page = await get(f"/listings?{query}")
    assert page.text.count('<td class="title">') == number
    assert ("Nothing matches" in page.text) is (number == 0)


async def test_listings_page_by_key(get: Get, db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, *_ = await window.shop(db)
    monkeypatch.setattr("baysync.dashboard.lists.PAGE", 1)
    first = await get("/listings?q=sku")
    assert f"after={one}" in first.text
    second = await get(f"/listings?q=sku&after={one}")
    assert f'href="/listings/{two}"' in second.text
    assert "First page" in second.text


async def test_the_log_is_filtered_and_pages_by_key(
    get: Get, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, _, dead, _ = await window.shop(db)
    assert "no Type" in (await get("/log?outcome=rejected")).text
    only = (await get(f"/log?sku={live}")).text
    assert live in only
    assert dead not in only
    assert "Nothing matches" in (await get("/log?sku=other&outcome=done")).text
    monkeypatch.setattr("baysync.dashboard.lists.PAGE", 1)
    newest = (await get("/log")).text
    assert "&before=2" in newest
    assert live in (await get("/log?before=2")).text


async def test_a_listing_shows_what_ebay_has_and_what_happened(get: Get, db: Db) -> None:
    live, blocked, _, hostile = await window.shop(db)
    page = (await get(f"/listings/{live}")).text
    for words in ("110000000001", "/price/value", "29.99", "publish success", "no. 2"):
        assert words in page
    assert f'sandbox="" src="/listings/{live}/description?at=1"' in page
    described = await get(f"/listings/{live}/description?at=1&pictures=true")
    policy = described.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data")
    assert "script-src" not in policy
    assert window.HOSTILE in described.text
    assert "take 19 away" in (await get(f"/listings/{blocked}")).text
    assert window.HOSTILE not in (await get(f"/listings/{hostile}")).text


async def test_a_listing_shows_what_was_for_sale_twice(get: Get, db: Db) -> None:
    live, blocked, *_ = await window.shop(db)
    page = (await get(f"/listings/{live}")).text
    assert "Sold units were on sale once more" in page
    assert re.search(
        rf"2 of <code[^>]*>{live}</code> from \S+ \S+ to \S+ \S+, then taken back", page
    )
    assert re.search(rf"1 of <code[^>]*>{live}</code> from \S+ \S+ <b>and still</b>", page)
    assert f"baysync orders list --sku {live}" in page
    for word in ("taken back", "on sale twice"):
        assert f'<b>{word}</b> <span class="mut">exposure</span>' in page
    assert "on sale once more" not in (await get(f"/listings/{blocked}")).text
    await db.execute("UPDATE ebay_exposure SET found_at = found_at - interval '25 hours'")
    assert "1 of" in (await get(f"/listings/{live}")).text, "what is still on sale"
    await exposure_store.take_back(db, [1])
    assert "Sold units" not in (await get(f"/listings/{live}")).text


async def test_a_listing_shows_what_it_sold_and_an_account_when_that_was_read(
    get: Get, db: Db
) -> None:
    live, other, *_ = await window.shop(db)
    account = int(live.split("-")[1])
    await engine.sell(db, account, live, "12-34", quantity=3)
    page = (await get(f"/listings/{live}")).text
    assert re.search(r"<dt>Sold</dt><dd>3, last <time", page)
    assert "3 sold, 19.90 USD · order 12-34" in page
    assert "<dt>Sold</dt><dd>0</dd>" in (await get(f"/listings/{other}")).text
    assert "sales read" not in page
    await orders.finish(db, account, None)
    assert "sales read 0s ago" in (await get("/")).text
    await orders.finish(db, account, "config: 1100 & no scope")
    assert 'title="config: 1100 &amp; no scope"' in (await get("/")).text


async def test_a_diff_names_the_fields_and_the_lines(get: Get, db: Db) -> None:
    live, *_ = await window.shop(db)
    page = (await get(f"/listings/{live}/diff")).text
    assert "/price/value" in page
    assert "<code>34.99</code>" in page
    assert "<code>29.99</code>" in page
    assert "from no. 1 to no. 2" in page
    assert "from nothing" in (await get(f"/listings/{live}/diff?b=1")).text
    assert "Both are the same" in (await get(f"/listings/{live}/diff?a=2&b=2")).text


async def test_variants_are_told_by_their_options_with_price_stock_and_what_is_wanted(
    get: Get, db: Db
) -> None:
    sku = await window.group(db)
    page = (await get(f"/listings/{sku}?at=1")).text
    rows = re.findall(r"<tr[^>]*><td><b>(.)</b>.*?</tr>", page, re.DOTALL)
    assert rows == ["M", "L"], "as buyers choose, not as the SKUs are spelled"
    assert "2 → <b>0</b>" in page
    assert ">26.00</td>" in page
    assert "<dt>Title there</dt><dd>Hemd</dd>" in page
    assert "/quantities/M" not in page, "the projection leaves to the variants what is theirs"
    assert "/quantities/L" in page, "but for what differs"
    diff = (await get(f"/listings/{sku}/diff?at=1")).text
    assert '<span class="tag">M</span> <code class="path">/quantities/M</code>' in diff


async def test_every_place_is_named_and_can_be_chosen(get: Get, db: Db) -> None:
    await window.shop(db)
    sku = await window.group(db)
    row = (await get(f"/listings?q={sku}")).text
    assert row.index(">DE<") < row.index("title too long") < row.index(">US<"), "each its own"
    assert "2 variants" in row
    assert "<option selected>EBAY_DE</option>" in (await get("/listings?marketplace=EBAY_DE")).text


@pytest.mark.parametrize(
    ("query", "number"),
    [("marketplace=EBAY_DE", 1), ("marketplace=EBAY_US", 5), ("marketplace=EBAY_FR", 0),
     ("marketplace=EBAY_DE&state=live", 0), ("marketplace=EBAY_DE&state=blocked", 1),
     ("marketplace=EBAY_US&state=live", 2)],
)  # fmt: skip
async def test_a_state_is_asked_of_one_marketplace(
    get: Get, db: Db, query: str, number: int
) -> None:
    await window.shop(db)
    await window.group(db)
    page = await get(f"/listings?{query}")
    assert page.text.count('<td class="title">') == number
    assert ("Nothing matches" in page.text) is (number == 0)


async def test_the_log_of_one_marketplace(get: Get, db: Db) -> None:
    await window.shop(db)
    assert "no Type" in (await get("/log?marketplace=EBAY_US")).text
    assert "on EBAY_DE" in (await get("/log?marketplace=EBAY_DE")).text


async def test_a_listing_that_is_sold_nowhere_says_so(get: Get, db: Db) -> None:
    await db.execute(
        """
        INSERT INTO listing (sku, body, body_hash, status, title, source)
        VALUES ('a/b ü', '{}', sha256('x'), 'draft', '', 'test')
        """
    )
    page = await get("/listings/a%2Fb%20%C3%BC")
    assert page.status == 200
    assert "Sold nowhere yet" in page.text
    assert 'href="/listings/a%2Fb%20%C3%BC"' in (await get("/listings")).text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/listings/nothing", 404, "There is no listing nothing."),
        ("/listings/{live}?at=999", 404, "is not sold there."),
        ("/listings/{live}/diff?a=1&b=9", 404, "There is no snapshot 9."),
        ("/listings/{blocked}/diff", 404, "There is no snapshot of"),
        ("/log?before=x", 400, "The address is wrong in: before."),
        ("/listings?state=odd", 400, "The address is wrong in: state."),
        ("/static/nothing.css", 404, "Not Found"),
    ],
)
async def test_an_error_is_a_page_with_a_correlation_id(
    get: Get, db: Db, path: str, status: int, words: str
) -> None:
    live, blocked, *_ = await window.shop(db)
    page = await get(path.format(live=live, blocked=blocked))
    assert page.status == status
    assert words in page.text
    assert "correlation id <code>" in page.text


async def test_a_lost_database_is_said_with_503(get: Get, db: Db) -> None:
    await db.close()
    page = await get("/")
    assert (page.status, page.headers["Retry-After"]) == (503, "2")
    assert "The database does not answer." in page.text


async def test_a_page_that_finds_every_connection_in_use_is_told_to_come_back(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "CHECKOUT_SECONDS", 0.05)
    async with (
        open_pool(database, size=1) as pool,
        window.serving(Share(pool, most=0).connection) as address,
        aiohttp.ClientSession() as session,
        session.get(address) as answer,
    ):
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
        assert "no database connection became free" in await answer.text()


async def test_a_fault_of_ours_shows_no_detail_and_is_logged(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Db) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("baysync.insight.overview_store.accounts", broken)
    with capture_logs() as logged:
        page = await get("/")
    assert page.status == 500
    assert "secret detail" not in page.text
    assert [entry["event"] for entry in logged] == ["page.failed"]


async def test_files_are_served_and_asked_for_again(get: Get) -> None:
    sheet = await get("/static/app.css")
    assert sheet.status == 200
    assert sheet.headers["Cache-Control"] == "no-cache"
    assert (await get("/static/app.css", If_None_Match=sheet.headers["Etag"])).status == 304
