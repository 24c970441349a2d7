"""What was published, read back, is what was published."""

from datetime import timedelta

import pytest

from support.live_shop import Shop, document

RICH: dict[str, object] = {
    "title": "Brass lamp \u2014 Gr\u00fcn",
    "subtitle": "Warm light for long evenings",
    "description": "<p>Bright &amp; warm.</p><ul><li>Brass</li></ul>",
    "price": "1234.50",
    "quantity": 7,
    "condition": "USED_EXCELLENT",
    "condition_note": "Light traces of use.",
    "images": ["https://img.example.com/a.jpg", "https://img.example.com/b.jpg"],
    "brand": "Baylight",
    "mpn": "BL-7",
    "gtins": ["4006381333931"],
    "aspects": {"Color": ["Green", "Black"], "Material": ["Steel"]},
    "weight": {"unit": "KILOGRAM", "value": "1.250"},
    "size": {"unit": "CENTIMETER", "height": "10", "length": "20.5", "width": "3"},
    "store_categories": ["/Lamps", "/Brass"],
    "tax": {"vat_percentage": "19", "apply": True},
    "regulatory": {
        "manufacturer": {
            "company": "Maker",
            "country": "DE",
            "city": "Ulm",
            "email": "a@b.example",
        },
        "responsible": [{"company": "Agent", "country": "FR"}],
    },
}
SPECIFICS: dict[str, object] = {
    "brand": None,
    "aspects": {
        "Brand": ["Baylight"], "MPN": ["BL-7"], "EAN": ["4006381333931"], "UPC": ["Does not apply"],
    },
}  # fmt: skip


@pytest.mark.parametrize("said", [RICH, SPECIFICS], ids=["rich", "all among the specifics"])
async def test_a_listing_comes_back_from_ebay_as_it_went(
    shop: Shop, said: dict[str, object]
) -> None:
    assert await shop.put(document("LAMP-1", **said)) == ["created"]
    await shop.drain()
    assert (await shop.row("LAMP-1"))["in_step"]
    async with shop.runtime.db() as db:
        await db.execute("UPDATE ebay_listing SET verify_at = now() - interval '1 s'")
    writes = len(shop.calls())
    await shop.put(document("LAMP-1", **(said | {"price": "1235.00"})))
    await shop.drain()
    after = [call["op"] for call in shop.calls()[writes:]]
    assert after == ["bulkGetInventoryItem", "getOffers", "bulkUpdatePriceQuantity"], (
        "only the price differs from what was read"
    )
    row = await shop.row("LAMP-1")
    assert (row["in_step"], row["verify_at"]) == (True, None)
    await shop.pass_time(timedelta(hours=1))
    assert await shop.active() == 0
