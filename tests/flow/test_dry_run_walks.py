"""Random edits of the shop, of buyers and of the seller: a dry run foretells each publish."""

from datetime import timedelta
from random import Random

import pytest

from baysync.queue import service as queue
from support.depth import many
from support.foretelling import edit, foretold, journalled, planned, sent
from support.live_shop import Document, Shop
from support.sellers_lamp import LAMP
from support.shirts import shirt, variant

SIZES = ["S", "M", "L", "XL", "XXL"]
WEIGHT: Document = {"unit": "GRAM", "value": 500}
ACCEPTED: Document = {
    "bestOfferEnabled": True,
    "autoAcceptPrice": {"value": "18.00", "currency": "USD"},
}
SELLER: list[tuple[str, Document]] = [
    ("item", {"product.subtitle": "with a shade"}),
    ("item", {"packageWeightAndSize.weight": WEIGHT}),
    ("offer", {"quantityLimitPerBuyer": 3}),
    ("offer", {"listingPolicies.bestOfferTerms": ACCEPTED}),
]


def edited(drawn: Random, listing: Document, number: int) -> Document:
    """Return a listing after one more edit of the shop."""
    words: list[Document] = [
        {"title": f"Title {number}"},
        {"description": f"<p>Text {number}.</p>"},
        {"images": [f"https://img.example.com/{number}.jpg"]},
        {"status": drawn.choice(["active", "active", "ended"])},
    ]
    parts: list[Document] = [
        {"price": f"{drawn.randint(10, 40)}.00"},
        {"quantity": drawn.randint(0, 9)},
    ]
    change = drawn.choice(words + parts)
    if "variants" not in listing:
        return listing | change
    if change in words:
        return listing | change
    known: dict[str, Document] = {one["sku"]: one for one in listing["variants"]}
    sizes = drawn.sample(SIZES, drawn.randint(2, 4))
    others = [known.get(f"SHIRT-{size}", variant(size)) for size in sizes]
    chosen = others if drawn.random() < 0.3 else list(known.values())
    return listing | {"variants": [one | change for one in chosen]}


async def happens_on_ebay(drawn: Random, shop: Shop, sku: str) -> None:
    """Let somebody buy, or the seller set something; either is read before the next edit."""
    live = sorted(name for name, offer in shop.live().items() if offer["availableQuantity"])
    if not live:
        return
    if drawn.random() < 0.5:
        shop.mock.buy(drawn.choice(live))
    else:
        kind, leaves = drawn.choice(SELLER)
        shop.mock.seller_set(drawn.choice(live), leaves, of=kind)
    await shop.pass_time(timedelta(minutes=20))
    async with shop.runtime.db() as db:
        await queue.verify(db, [sku], by="test")
    await shop.drain()


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("seed", range(many(4, deep=20)))
async def test_each_publish_of_a_random_story_is_foretold(shop: Shop, seed: int) -> None:
    drawn = Random(seed)  # noqa: S311 -- no secret
    listing: Document = shirt() if seed % 2 else dict(LAMP)
    for number in range(12):
        await edit(shop, listing)
        plan = await foretold(shop, listing["sku"])
        calls = await sent(shop)
        shown = [call.as_shown for call in plan.calls]
        foreseen, real = planned(shop, plan.calls, shown), journalled(calls, shown)
        if any("in doubt" in words for words in plan.listings[0].unknown):
            assert foreseen[:1] == real[:1], "what follows depends on what eBay shows"
        else:
            assert foreseen == real, number
        await shop.drain()
        await happens_on_ebay(drawn, shop, listing["sku"])
        listing = edited(drawn, listing, number)
