"""The pages in a real browser: readable, accessible, safe, and useful without scripts."""

import os
from pathlib import Path
from urllib.parse import quote

import anyio
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Route, ViewportSize, expect

from baysync.dashboard.render import STATIC
from baysync.db.connection import Db
from support import window
from support.accessible import LOOKS, WIDE, violations

SHOTS = os.environ.get("TEST_SHOTS")  # a folder to keep pictures in
assets = pytest.mark.skipif(
    not (STATIC / "vendor" / "stamp").exists() and not os.environ.get("CI"),
    reason="no htmx: npm was not there when baysync was installed",
)

# The reference has dozens of requests and shapes, all made alike: axe takes seconds for them.
SOME_OF_EACH = """
    document.querySelectorAll("article.op").forEach(
        (each, at, all) => at < 8 || at >= all.length - 8 || each.remove())
"""


async def look(page: Page, url: str, name: str, *, serious: bool = True) -> None:
    """Visit a page; it must pass axe, fit its window, and say nothing on the console."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # The sandbox of the description says that it stopped a hostile script and a picture.
        of_sandbox = "/description" in f"{message.text} {message.location['url']}"
        if message.type in {"error", "warning"} and not of_sandbox:
            said.append(message.text)

    page.on("console", hear)
    await page.goto(url, wait_until="load")
    await page.wait_for_selector("html[data-ready]", state="attached")
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
    await page.evaluate(SOME_OF_EACH)
    assert await violations(page) == []
    assert serious is (said == []), said
    page.remove_listener("console", hear)


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
async def test_every_page_is_accessible_and_fits(
    browser: Browser, address: str, db: Db, scheme: str, size: ViewportSize
) -> None:
    live, blocked, _, hostile = await window.shop(db)
    group = await window.group(db)
    page = await browser.new_page(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport=size,
    )
    for name, path in {
        "overview": "/",
        "listings": "/listings",
        "nothing": "/listings?q=nothing",
        "log": "/log",
        "reference": "/reference",
        "listing": f"/listings/{live}",
        "blocked": f"/listings/{blocked}",
        "hostile": f"/listings/{quote(hostile)}",
        "diff": f"/listings/{live}/diff",
        "group": f"/listings/{group}?at=5",
        "group-diff": f"/listings/{group}/diff?at=5",
    }.items():
        await look(page, address + path, f"{name}-{scheme}-{size['width']}")
    await look(page, f"{address}/listings/none", f"error-{scheme}-{size['width']}", serious=False)


async def test_the_first_visit_is_accessible(browser: Browser, address: str) -> None:
    page = await browser.new_page(viewport=WIDE)
    for name in ("", "listings", "log"):
        await look(page, f"{address}/{name}", f"empty-{name or 'overview'}")


async def test_hostile_text_runs_nowhere(browser: Browser, address: str, db: Db) -> None:
    skus = await window.shop(db)
    page = await browser.new_page()
    for path in ("/", "/listings", "/log", *(f"/listings/{sku}" for sku in skus)):
        await page.goto(address + path, wait_until="load")
        assert "owned" not in await page.title()
    await page.goto(f"{address}/listings/{skus[0]}")
    description = page.frame_locator("iframe.desc")
    await expect(description.locator("p").first).to_have_text("Brass.")
    assert await page.locator("iframe.desc").get_attribute("sandbox") == ""


async def test_a_description_looks_as_to_a_buyer_and_loads_pictures_only_when_asked(
    browser: Browser, address: str, db: Db
) -> None:
    live, *_ = await window.shop(db)
    page, asked = await browser.new_page(), anyio.Event()

    async def answer(route: Route) -> None:
        asked.set()
        await route.abort()

    await page.route(window.PICTURE, answer)  # not reached by what a policy has stopped
    await page.goto(f"{address}/listings/{live}", wait_until="load")
    words = page.frame_locator("iframe.desc").locator("p").first
    await expect(words).to_have_css("color", "rgb(184, 134, 11)")
    assert not asked.is_set()
    assert "owned" not in await page.title()
    await page.get_by_role("link", name="load them from their hosts").click()
    with anyio.fail_after(30):
        await asked.wait()
    await expect(words).to_have_css("color", "rgb(184, 134, 11)")
    await page.goto(f"{address}/listings/{live}/description", wait_until="load")
    assert await page.title() == ""


async def test_pages_work_without_scripts(browser: Browser, address: str, db: Db) -> None:
    live, blocked, *_ = await window.shop(db)
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(address)
    await page.get_by_role("link", name="Listings", exact=True).click()
    await page.get_by_label("State").select_option("blocked")
    await page.get_by_role("button", name="Filter").click()
    await expect(page.get_by_role("link", name=blocked)).to_be_visible()
    await expect(page.get_by_role("link", name=live)).to_have_count(0)
    await page.goto(f"{address}/listings/{live}")
    await page.get_by_role("link", name="Compare the last two").click()
    await expect(page.get_by_role("heading", name="Snapshot diff")).to_be_visible()


@assets
async def test_the_overview_renews_itself_until_it_is_paused(
    browser: Browser, address: str, db: Db
) -> None:
    page = await browser.new_page()
    await page.goto(address)
    await expect(page.get_by_text("No listings yet")).to_be_visible()
    await window.shop(db)
    await expect(page.get_by_text("take 19 away")).to_be_visible(timeout=10_000)

    def hold(_: Route) -> None:
        """Leave what is asked unanswered."""

    await page.route(f"{address}/", hold)
    await expect(page.get_by_role("button", name="Reconnecting")).to_be_visible(timeout=10_000)
    await page.unroute(f"{address}/", hold)
    live = page.get_by_role("button", name="Live")
    await expect(live).to_be_visible(timeout=10_000)
    await live.click()
    await expect(page.get_by_role("button", name="Paused")).to_be_visible()


@assets
async def test_typing_filters_and_keeps_the_place(browser: Browser, address: str, db: Db) -> None:
    live, *_, hostile = await window.shop(db)
    page = await browser.new_page()
    await page.goto(f"{address}/listings")
    box = page.get_by_label("SKU or title")
    await box.press_sequentially("script")
    await expect(page.get_by_role("link", name=live)).to_have_count(0)
    await expect(page.get_by_role("link", name=hostile, exact=True)).to_be_visible()
    await expect(box).to_be_focused()
    assert "q=script" in page.url


async def test_the_theme_is_chosen_and_kept(browser: Browser, address: str) -> None:
    page = await browser.new_page(color_scheme="light")
    await page.goto(address)
    await page.get_by_role("button", name="Theme: as the system. Switch").click()
    await page.get_by_role("button", name="Theme: light. Switch").click()
    await page.reload()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
