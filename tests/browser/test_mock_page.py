"""mockbay's own page in a real browser: every button does what it says, everything fits."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from mockbay.client import MockServer
from support.accessible import LOOKS, WIDE, violations
from support.mockbay_calls import Seller, item

LONG = "A-very-long-stock-keeping-unit-of-fifty-characters"
HOSTILE = "<script>alert(1)</script><b>Lamp</b>"
HELD = {"id": "held", "match": {"op": "getInventoryItem"}, "effects": [{"kind": "hold"}]}


@pytest.fixture
def seller(mockbay: MockServer) -> Seller:
    return Seller(mockbay.url, mockbay.credentials["user_token"])


@pytest.fixture
async def page(browser: Browser, mockbay: MockServer) -> AsyncIterator[Page]:
    opened = await browser.new_page(viewport=WIDE)
    opened.set_default_timeout(10_000)
    await opened.goto(mockbay.url)
    yield opened
    await opened.close()


async def press(page: Page, name: str) -> str:
    """Press a button; return what the page says afterwards."""
    async with page.expect_navigation():
        await page.get_by_role("button", name=name, exact=True).click()
    said = page.locator("[role=status], [role=alert]")
    return (await said.inner_text()) if await said.count() else ""


async def test_the_buttons_of_a_listing(mockbay: MockServer, seller: Seller, page: Page) -> None:
    offer_id = await asyncio.to_thread(seller.live, "LAMP-1")
    await page.reload()
    assert "bought" in await press(page, "Buy one LAMP-1")
    await page.get_by_text("Edit", exact=True).click()
    await page.get_by_label("Title").fill("Copper lamp")
    await page.get_by_label("Price").fill("9.90")
    await page.get_by_label("Quantity").fill("2")
    assert "edited" in await press(page, "Save")
    read = await asyncio.to_thread(seller.get_offer, offer_id)
    assert (read["pricingSummary"]["price"]["value"], read["availableQuantity"]) == ("9.90", 2)
    assert await page.get_by_text("Copper lamp").first.is_visible()
    assert "on hold" in await press(page, "Hold LAMP-1")
    assert "free" in await press(page, "Free LAMP-1")
    assert "ended" in await press(page, "End LAMP-1 as the seller")
    assert [one["status"] for one in mockbay.listings().values()] == ["ENDED"]
    await asyncio.to_thread(seller.live, "LAMP-2")
    await page.reload()
    await press(page, "End LAMP-2 as eBay")
    assert [one["status"] for one in mockbay.listings().values()] == ["ENDED", "EBAY_ENDED"]
    (order_id,) = mockbay.state()["accounts"]["seller-one"]["orders"]
    assert "cancelled" in await press(page, f"Cancel order {order_id}")


async def test_the_buttons_of_clock_accounts_and_faults(
    mockbay: MockServer, seller: Seller, page: Page
) -> None:
    for step in ("1 minute", "1 hour", "1 day"):
        assert "passed" in await press(page, f"Advance the clock by {step}")
    assert mockbay.state()["now"] == "2026-01-06T13:01:00.000Z"
    seller.token = mockbay.credentials["user_token"]
    await press(page, "Expire tokens of seller-one")
    assert (await asyncio.to_thread(seller.get_item, "A")).status == 401
    await press(page, "Revoke tokens of seller-two")
    await page.get_by_text("Add a rule").click()
    await page.get_by_label("Fault plan (JSON)").fill('{"rules": [{"effects": [{"kind": "x"}]}]}')
    assert "rules[0].effects[0].kind" in await press(page, "Add"), "the text stays to be mended"
    plan = '{"rules": [{"id": "held", "effects": [{"kind": "hold"}]}]}'
    await page.get_by_label("Fault plan (JSON)").fill(plan)
    assert "in force" in await press(page, "Add")
    seller.token = mockbay.credentials["user_token"]
    call = asyncio.create_task(asyncio.to_thread(seller.get_item, "A"))
    assert await asyncio.to_thread(mockbay.reached, "held")
    await page.reload()
    assert "go on" in await press(page, "Release held")
    assert (await call).status == 404
    await press(page, "Drop all rules")
    assert mockbay.rules() == []


async def test_what_cannot_be_done_is_said(mockbay: MockServer, seller: Seller, page: Page) -> None:
    await asyncio.to_thread(seller.live, "LAMP-1")
    await page.reload()
    await asyncio.to_thread(mockbay.end_listing, "LAMP-1")
    assert "No live listing" in await press(page, "Buy one LAMP-1")


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
async def test_the_page_is_accessible_and_fits_empty_and_full(
    browser: Browser, mockbay: MockServer, seller: Seller, scheme: str, size: ViewportSize
) -> None:
    page = await browser.new_page(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport=size,
    )
    for full in (False, True):
        if full:
            await asyncio.to_thread(seller.live, LONG)
            title = item(product={"title": HOSTILE})
            await asyncio.to_thread(seller.put_item, LONG, title)
            await asyncio.to_thread(mockbay.buy, LONG)
            await asyncio.to_thread(mockbay.faults, HELD)
            await asyncio.to_thread(seller.get_offer, "9")
        await page.goto(mockbay.url)
        for summary in await page.locator("summary").all():
            await summary.click()
        assert await violations(page) == []
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert await page.locator("script, main b").count() == 0
    await page.close()


async def test_the_keyboard_alone_buys(mockbay: MockServer, seller: Seller, page: Page) -> None:
    await asyncio.to_thread(seller.live, "LAMP-1")
    await page.reload()
    for _ in range(60):
        await page.keyboard.press("Tab")
        focused = await page.evaluate("document.activeElement.getAttribute('aria-label')")
        if focused == "Buy one LAMP-1":
            break
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[role=status]")
    assert [one["sold"] for one in mockbay.listings().values()] == [{"LAMP-1": 1}]
