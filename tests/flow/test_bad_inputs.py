"""The list of bad inputs, sent in as the API takes them, through to what eBay then holds."""

from decimal import Decimal

import pytest

from baysync import listing_door
from baysync.listing.draft import Draft, LineResult
from support.live_shop import NO_DEBOUNCE, Shop, document

HTTPS = "https://img.example.com/"


async def sent(shop: Shop, *documents: dict[str, object]) -> list[LineResult]:
    """Send listings in; return what was answered for each line."""
    drafts = [Draft(line=n, document=row) for n, row in enumerate(documents, 1)]
    async with shop.runtime.db() as db:
        return await listing_door.accept(db, drafts, source="test", debounce=NO_DEBOUNCE)


@pytest.mark.parametrize("sku", ["L" * 51, "lamp/1 ?#%00", "l\u00e4mpchen", "a b"])
async def test_a_sku_that_ebay_does_not_take_is_published_under_a_derived_one(
    shop: Shop, sku: str
) -> None:
    await sent(shop, document(sku, images=[f"{HTTPS}a.jpg"]))
    await shop.drain()
    [derived] = shop.live()
    assert derived != sku
    assert len(derived) <= 50
    assert (await shop.row(sku))["in_step"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"sku": ""}, "/sku"),
        ({"sku": "x" * 201}, "/sku"),
        ({"price": "0"}, "/price"),
        ({"price": "-1"}, "/price"),
        ({"price": "NaN"}, "/price"),
        ({"price": "1e400"}, "/price"),
        ({"price": "1.234"}, "/price"),
        ({"quantity": -1}, "/quantity"),
        ({"quantity": 1.5}, "/quantity"),
        ({"quantity": 2**31}, "/quantity"),
        ({"title": "half \ud800"}, "/title"),
        ({"description": "<div>" * 100_000}, "/description"),
        ({"description": "x" * 500_001}, "/description"),
        ({"title": "nul \x00"}, "/title"),
        ({"images": ["https://169.254.169.254/a.jpg"]}, "/images/0"),
        ({"images": ["https://user@img.example.com/a.jpg"]}, "/images/0"),
    ],
)
async def test_what_cannot_be_stored_or_is_unsafe_is_refused_with_field_and_fix(
    shop: Shop, fields: dict[str, object], pointer: str
) -> None:
    [result] = await sent(shop, document() | fields)
    assert result.outcome == "rejected"
    [problem] = result.problems
    assert problem.pointer == pointer
    assert problem.message
    assert problem.fix


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": "  "}, "missing_title"),
        ({"title": "x" * 81}, "title_too_long"),
        ({"currency": "EUR"}, "wrong_currency"),
        ({"images": ["http://img.example.com/a.jpg"]}, "image_not_https"),
        ({"images": [f"{HTTPS}{n}.jpg" for n in range(25)]}, "too_many_images"),
    ],
)
async def test_what_only_ebay_forbids_is_stored_and_blocked_with_field_rule_and_fix(
    shop: Shop, fields: dict[str, object], reason: str
) -> None:
    [result] = await sent(shop, document("LAMP-1", **fields))
    assert result.outcome == "created"
    await shop.drain()
    assert shop.calls() == []
    assert (await shop.row("LAMP-1"))["blocked_reason"] == reason
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT blocked_detail FROM ebay_listing")
        [block] = (await cursor.fetchall())[0][0]["blocks"]
    assert block["reason"] == reason
    assert block["pointer"]
    assert block["rule"]
    assert block["fix"]


async def test_scripts_are_stripped_and_counted_and_never_reach_ebay(shop: Shop) -> None:
    nasty = (
        "<p onclick='x()'>Warm</p><script>alert(1)</script>"
        "<a href='jav&#x09;ascript:alert(1)'>x</a><svg><style><img src=x onerror=alert(1)>"
    )
    [result] = await sent(shop, document("LAMP-1", description=nasty))
    assert result.outcome == "created"
    assert result.stripped >= 3
    await shop.drain()
    [offer] = shop.live().values()
    text = offer["listingDescription"]
    assert "Warm" in text
    assert not any(word in text for word in ("script", "onclick", "onerror", "svg"))


async def test_two_spellings_of_one_letter_or_number_are_one_listing(shop: Shop) -> None:
    await sent(shop, document("LAMP-1", title="Lampe gr\u00fcn", price="10.10"))
    [again] = await sent(shop, document("LAMP-1", title="Lampe gru\u0308n", price=Decimal("10.1")))
    assert again.outcome == "unchanged"
