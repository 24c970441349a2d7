"""What a listing leaves behind on eBay that gains variants or loses them all is named."""

import pytest

from support.live_shop import Document, Shop, document
from support.sellers_lamp import put
from support.shirts import shirt, variant

SIZES: Document = {"variants": [variant("S"), variant("M")]}
BEST_OFFER = "listingPolicies.bestOfferTerms.bestOfferEnabled"


@pytest.fixture
async def lamp(shop: Shop) -> Shop:
    """A live lamp of which the seller's fields were read with its last edit."""
    await shop.put(document("LAMP-1"))
    await shop.drain()
    shop.mock.seller_set("LAMP-1", {"conditionDescription": "A scratch."})
    shop.mock.seller_set("LAMP-1", {BEST_OFFER: True, "quantityLimitPerBuyer": 3}, of="offer")
    await put(shop, document("LAMP-1", title="Lamp two", description="<p>Two.</p>"))
    return shop


async def test_a_single_that_becomes_a_group_names_what_was_set_on_it(lamp: Shop) -> None:
    kind, left = await lamp.notes(document("LAMP-1") | SIZES)
    assert kind.endswith("on eBay the old one ends before the new one begins")
    assert left == (
        "what was set on eBay ends with the old listing: LAMP-1 on EBAY_US (conditionDescription, "
        "listingPolicies.bestOfferTerms, quantityLimitPerBuyer)"
    )
    await lamp.drain()
    assert "quantityLimitPerBuyer" not in lamp.live()["SHIRT-S"]
    assert len(await lamp.notes(document("LAMP-1"))) == 2, "its group was never read"


async def test_a_group_that_becomes_single_names_what_was_set_on_any_of_it(shop: Shop) -> None:
    await shop.put(shirt())
    await shop.drain()
    (unread,) = (await shop.notes(document("SHIRT")))[1:]
    assert "was not read from eBay since it was made" in unread
    await shop.put(shirt())
    await shop.drain()
    shop.mock.seller_set("SHIRT-S", {"subtitle": "of cotton"}, of="group")
    shop.mock.seller_set("SHIRT-M", {"product.aspects.Material": ["Cotton"]})
    await put(shop, shirt(title="Another shirt", description="<p>New.</p>"))
    named = (await shop.notes(document("SHIRT")))[1:]
    assert named[0].endswith("SHIRT on EBAY_US (product.aspects.Material, subtitle)")


async def test_a_listing_that_keeps_its_kind_or_is_not_live_says_nothing(lamp: Shop) -> None:
    assert await lamp.notes(document("LAMP-1", title="Lamp three")) == []
    await lamp.put(document("LAMP-2", quantity=0))
    assert (
        len(await lamp.notes(document("LAMP-2") | {"variants": [variant("L"), variant("XL")]})) == 1
    )
