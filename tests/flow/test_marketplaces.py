"""One listing on several marketplaces: each has its own name, words, money, category and fate."""

from decimal import Decimal

import pytest

from baysync.account.model import Pricing
from baysync.base.errors import NotFound
from baysync.queue import service as queue
from support.live_shop import MARKETPLACE as US
from support.live_shop import SELLER, Document, Shop, document

GB, DE = "EBAY_GB", "EBAY_DE"
LAMPS, MUGS = "101", "102"
GERMAN: Document = {
    "title": "Schreibtischlampe aus Messing",
    "description": "<p>Warmes Licht.</p>",
    "aspects": {"Type": ["Schreibtischlampe"], "Farbe": ["Messing"]},
    "price": "21.50",
    "currency": "EUR",
}
BRITISH: Document = {"title": "Brass desk lamp, UK plug", "price": "17.00", "currency": "GBP"}


def lamp(**fields: object) -> Document:
    """Return a lamp that says something else on each of three marketplaces."""
    english: Document = {"category": LAMPS, "aspects": {"Type": ["Desk lamp"]}, "currency": "USD"}
    overrides = {GB: BRITISH, DE: GERMAN}
    return document("LAMP-1", **{**english, "overrides": overrides, **fields})


@pytest.fixture
async def world(shop: Shop) -> Shop:
    """A shop whose account sells on three marketplaces."""
    for marketplace in (GB, DE):
        await shop.sell_on(marketplace)
    return shop


def shown(shop: Shop) -> dict[str, Document]:
    """Return what buyers see on each marketplace, of all items together."""
    items, groups = shop.mock.items(), shop.mock.state()["accounts"][SELLER]["groups"]
    found = dict[str, Document]()
    for sku, offer in shop.live().items():
        [group] = items[sku]["groupIds"] or [""]
        said = groups.get(group) or items[sku]["product"]
        there = found.setdefault(offer["marketplaceId"], {"locales": set(), "prices": {}})
        there["locales"].add(items[sku]["locale"])
        there["prices"][sku] = tuple(offer["pricingSummary"]["price"].values())
        there |= {"title": said["title"], "aspects": said["aspects"]}
        axes = said.get("variesBy", {}).get("specifications", [])
        there["axes"] = [axis["name"] for axis in axes]
        there |= {"category": offer["categoryId"], "listing": offer["listing"]["listingId"]}
    return found


def touched(shop: Shop, since: int) -> set[str]:
    """Return the marketplaces whose items or offers calls since then were about."""
    skus = {offer["sku"]: offer["marketplaceId"] for offer in shop.mock.offers().values()}
    by_offer = {key: offer["marketplaceId"] for key, offer in shop.mock.offers().items()}
    words = "".join(f"{call['path']} {call['body']}" for call in shop.calls()[since:])
    return {place for key, place in {**skus, **by_offer}.items() if f'"{key}"' in words} | {
        place for key, place in by_offer.items() if f"/{key}" in words
    }


@pytest.mark.parametrize("exact", [False, True])
async def test_a_listing_is_published_to_each_marketplace_in_its_own_words_and_money(
    world: Shop, *, exact: bool
) -> None:
    world.mock.switch(locale_exact=exact)
    await world.put(lamp())
    await world.drain()
    found = shown(world)
    assert {place: there["locales"] for place, there in found.items()} == {
        US: {"en_US"},
        GB: {"en_GB"},
        DE: {"de_DE"},
    }
    assert {place: there["title"] for place, there in found.items()} == {
        US: "Lamp LAMP-1",
        GB: BRITISH["title"],
        DE: GERMAN["title"],
    }
    prices = {place: list(there["prices"].values()) for place, there in found.items()}
    assert prices == {US: [("19.90", "USD")], GB: [("17.00", "GBP")], DE: [("21.50", "EUR")]}
    assert found[US]["aspects"] == {"Type": ["Desk lamp"], "Brand": ["Baylight"]}
    assert found[DE]["aspects"] == {**GERMAN["aspects"], "Marke": ["Baylight"]}
    skus = {sku for there in found.values() for sku in there["prices"]}
    assert (len(skus), "LAMP-1" in skus) == (3, True)


async def test_an_edit_in_one_language_touches_one_listing_alone(world: Shop) -> None:
    await world.put(lamp())
    await world.drain()
    before, since = shown(world), len(world.calls())
    words = {**GERMAN, "title": "Lampe", "price": "22.00"}
    await world.put(lamp(overrides={GB: BRITISH, DE: words}))
    await world.drain()
    after = shown(world)
    assert after[DE]["title"] == "Lampe"
    assert touched(world, since) == {DE}
    assert {US: after[US], GB: after[GB]} == {US: before[US], GB: before[GB]}


async def test_a_listing_ends_on_a_marketplace_that_it_no_longer_names_and_there_alone(
    world: Shop,
) -> None:
    await world.put(lamp())
    await world.drain()
    before, since = shown(world), len(world.calls())
    await world.put(lamp(marketplaces=[US, GB]))
    await world.drain()
    assert set(shown(world)) == {US, GB}
    assert touched(world, since) == {DE}
    assert (await world.row("LAMP-1", DE))["lifecycle_state"] == "ended"
    await world.put(lamp())
    await world.drain()
    again = shown(world)
    assert again[DE]["prices"].keys() == before[DE]["prices"].keys(), "its name is for life"
    assert again[DE]["listing"] != before[DE]["listing"]
    assert (again[US], again[GB]) == (before[US], before[GB])


async def test_a_marketplace_that_the_account_gets_later_is_sold_on_at_once(shop: Shop) -> None:
    await shop.put(lamp(), document("USD-ONLY", marketplaces=[US]))
    await shop.drain()
    before, since = shown(shop), len(shop.calls())
    await shop.sell_on(DE)
    await shop.drain()
    after = shown(shop)
    assert set(after) == {US, DE}
    assert len(after[DE]["prices"]) == 1, "a listing that names its marketplaces stays there"
    assert after[US] == before[US]
    assert touched(shop, since) == {DE}


async def test_money_that_does_not_fit_is_blocked_with_its_fix_until_there_is_a_rate(
    shop: Shop,
) -> None:
    await shop.sell_on(DE)
    await shop.put(lamp(overrides={}))
    await shop.drain()
    assert set(shown(shop)) == {US}
    reason, pointer, fix = (await shop.blocked(DE))["LAMP-1"]
    assert (reason, pointer) == ("wrong_currency", "/currency")
    assert fix == "give the price in EUR, or override price and currency for the marketplace"
    rules = Pricing(rates={"USD": Decimal("0.9")}, percent=Decimal(10))
    await shop.sell_on(DE, pricing=rules)
    await shop.drain()
    assert list(shown(shop)[DE]["prices"].values()) == [("19.70", "EUR")]
    assert list(shown(shop)[US]["prices"].values()) == [("19.90", "USD")]


async def test_a_pause_on_one_marketplace_stops_nothing_on_the_others(world: Shop) -> None:
    await world.put(lamp())
    await world.drain()
    async with world.runtime.db() as db:
        assert len(await queue.pause(db, ["LAMP-1"], by="test", marketplace=DE)) == 1
    await world.put(lamp(quantity=1))
    await world.drain()

    def stocks() -> dict[str, int]:
        live = world.live().values()
        return {offer["marketplaceId"]: offer["availableQuantity"] for offer in live}

    assert stocks() == {US: 1, GB: 1, DE: 5}
    async with world.runtime.db() as db:
        assert await queue.resume(db, ["LAMP-1"], by="test", marketplace=GB) == []
        assert len(await queue.resume(db, ["LAMP-1"], by="test", marketplace=DE)) == 1
        with pytest.raises(NotFound, match="No account sells LAMP-1 on EBAY_FR"):
            await queue.pause(db, ["LAMP-1"], by="test", marketplace="EBAY_FR")
        acts = await db.execute("SELECT action, reason FROM audit_log ORDER BY id")
        assert await acts.fetchall() == [
            ("listing.pause", DE),
            ("listing.resume", GB),
            ("listing.resume", DE),
        ]
    await world.drain()
    assert stocks() == {US: 1, GB: 1, DE: 1}


async def test_each_marketplace_has_its_own_category_and_policies(shop: Shop) -> None:
    await shop.sell_on(DE, category=MUGS)
    await shop.put(lamp(category=None, overrides={DE: GERMAN}))
    await shop.drain()
    found = shown(shop)
    assert {place: there["category"] for place, there in found.items()} == {US: "999", DE: MUGS}
    policies = shop.mock.state()["accounts"][SELLER]["policies"]
    for offer in shop.live().values():
        for kind, known in policies.items():
            chosen = offer["listingPolicies"][f"{kind}PolicyId"]
            assert known[chosen]["marketplaceId"] == offer["marketplaceId"]


async def test_variants_are_a_group_of_their_own_on_each_marketplace(shop: Shop) -> None:
    await shop.sell_on(DE, words={"Size": "Größe"})

    def shirt(*sizes: str, german: str = "Hemd") -> Document:
        rows = [
            {"sku": f"SHIRT-{size}", "options": {"Size": size}, "quantity": 3, "price": "12.00"}
            for size in sizes
        ]
        return document("SHIRT", variants=rows, overrides={DE: {"title": german}})

    await shop.put(shirt("S", "M"))
    await shop.drain()
    before, since = shown(shop), len(shop.calls())
    assert set(before) == {US, DE}
    names = [set(there["prices"]) for there in before.values()]
    assert (len(names[0] | names[1]), {"SHIRT-S", "SHIRT-M"} in names) == (4, True)
    assert (before[US]["title"], before[DE]["title"]) == ("Lamp SHIRT", "Hemd")
    assert (before[US]["axes"], before[DE]["axes"]) == (["Size"], ["Größe"])
    await shop.put(shirt("S", "M", german="Oberhemd"))
    await shop.drain()
    assert [call["op"] for call in shop.calls()[since:]][-1] == "createOrReplaceInventoryItemGroup"
    after = shown(shop)
    assert (after[DE]["title"], after[US]) == ("Oberhemd", before[US])
    await shop.put({**shirt("S", "M"), "marketplaces": [DE]})
    await shop.drain()
    assert set(shown(shop)) == {DE}
    assert shown(shop)[DE]["listing"] == before[DE]["listing"]


async def test_a_variant_has_a_price_and_stock_of_its_own_on_a_marketplace(shop: Shop) -> None:
    await shop.sell_on(DE)
    rows = [
        {"sku": f"SHIRT-{size}", "options": {"Size": size}, "quantity": 3, "price": "12.00"}
        for size in "SM"
    ]

    def shirt(small: Document) -> Document:
        german = {"SHIRT-S": small, "SHIRT-M": {"price": "14.00"}}
        overrides = {DE: {"currency": "EUR", "variants": german}}
        return document("SHIRT", currency="USD", variants=rows, overrides=overrides)

    def sold() -> dict[str, list[tuple[str, str, int]]]:
        found: dict[str, list[tuple[str, str, int]]] = {US: [], DE: []}
        for offer in shop.live().values():
            price = offer["pricingSummary"]["price"]
            one = (price["value"], price["currency"], offer["availableQuantity"])
            found[offer["marketplaceId"]].append(one)
        return {place: sorted(rows) for place, rows in found.items()}

    american = [("12.00", "USD", 3), ("12.00", "USD", 3)]
    await shop.put(shirt({"price": "13.00", "quantity": 1}))
    await shop.drain()
    assert sold() == {US: american, DE: [("13.00", "EUR", 1), ("14.00", "EUR", 3)]}
    since = len(shop.calls())
    await shop.put(shirt({"price": "13.50", "quantity": 0}))
    await shop.drain()
    assert sold() == {US: american, DE: [("13.50", "EUR", 0), ("14.00", "EUR", 3)]}
    assert touched(shop, since) == {DE}


async def test_a_listing_that_ebay_refuses_on_one_marketplace_is_sold_on_the_others(
    world: Shop,
) -> None:
    await world.put(lamp(overrides={GB: BRITISH, DE: {**GERMAN, "aspects": {"Farbe": ["Rot"]}}}))
    await world.drain()
    assert set(shown(world)) == {US, GB}
    assert (await world.row("LAMP-1", DE))["letters"] == 1
    await world.put(lamp(quantity=2, overrides={GB: BRITISH, DE: {"aspects": {"Farbe": ["Rot"]}}}))
    await world.drain()
    stocks = {offer["marketplaceId"]: offer["availableQuantity"] for offer in world.live().values()}
    assert stocks == {US: 2, GB: 2}
