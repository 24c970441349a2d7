"""What eBay drops with a warning: kept, shown and explained, and not sent again and again."""

from datetime import timedelta
from urllib.request import ProxyHandler, build_opener

from anyio import to_thread

from baysync.cli.why import explanations
from baysync.insight.listing import store as standings
from baysync.insight.listing import timeline_store
from support import window
from support.live_shop import Document, Shop, document

SKU = "LAMP-1"
PUT = "bulkCreateOrReplaceInventoryItem"
browser = build_opener(ProxyHandler({}))


def dropping(*effects: Document) -> Document:
    """Return a fault: eBay overlooks the subtitle, for as long as the rule stands."""
    drop = {"kind": "drop_fields", "fields": ["product.subtitle"], "warning": 25401}
    return {"match": {"op": PUT}, "times": 0, "effects": [drop, *effects]}


async def page(shop: Shop, path: str) -> str:
    async with window.serving(shop.runtime.db) as url:
        answer = await to_thread.run_sync(browser.open, f"{url}{path}")
        with answer:
            return str(answer.read().decode())


async def test_a_warning_is_shown_in_why_on_the_page_and_in_the_log(shop: Shop) -> None:
    shop.mock.faults(dropping())
    await shop.put(document(SKU, subtitle="Warm light"))
    await shop.drain()
    assert (await shop.row(SKU))["in_step"]
    async with shop.runtime.db() as db:
        standing = await standings.standing(db, SKU)
        chain = (await timeline_store.timeline(db, SKU, limit=50))[::-1]
    [attempt] = [link for link in chain if link.kind == "attempt"]
    assert attempt.words.endswith("warned 25401")
    told = explanations(standing, chain)
    assert any("eBay 25401" in line and "removed it" in line for line in told)
    listing = await page(shop, f"/listings/{SKU}")
    assert "eBay took it with remarks" in listing
    assert "warned 25401" in listing
    assert "eBay 25401" in await page(shop, "/log")


async def test_a_field_that_ebay_drops_is_not_sent_again_and_again(shop: Shop) -> None:
    lost = dropping({"kind": "reset", "when": "after"})
    shop.mock.faults(lost | {"times": 1}, dropping())
    await shop.put(document(SKU, subtitle="Warm light"))
    for _ in range(40):
        await shop.drain()
        await shop.pass_time(timedelta(hours=2))
        await shop.reap()
    assert "subtitle" not in shop.mock.items()[SKU]["product"]
    assert (await shop.row(SKU))["in_step"], "what was sent is what counts"
    assert len(shop.calls(PUT)) <= 3
