"""What other programs made on eBay before the account was connected survives what the shop says."""

from datetime import timedelta

import pytest

from baysync.account import survey, survey_store
from baysync.app import remote_jobs
from baysync.cli.why import explanations
from baysync.insight.listing import store as standings
from baysync.insight.listing import timeline_store
from baysync.listing.ebay_sku import derived
from support.live_shop import Document, Shop, document
from support.mockbay_calls import INVENTORY, Seller, item
from support.settable import value_at
from support.shirts import shirt

TERMS: Document = {
    "quantityLimitPerBuyer": 3,
    "secondaryCategoryId": "102",
    "storeCategoryNames": ["/Lamps"],
}
BEST_OFFER: Document = {"bestOfferEnabled": True}
DESCRIPTORS = [{"name": "40001", "values": ["400010"], "additionalInfo": "Slab 7"}]
PARCEL: Document = {"weight": {"value": 2.5, "unit": "POUND"}, "packageType": "PADDED_BAGS"}
USED = "USED_VERY_GOOD"
PAGE = "getInventoryItems"


@pytest.fixture
def other(shop: Shop) -> Seller:
    """Another program of the same seller."""
    return Seller(shop.mock.url, shop.mock.credentials["user_token"])


async def begin(shop: Shop) -> None:
    """Do what connecting does to what eBay holds already."""
    async with shop.runtime.db() as db:
        await survey_store.begin(db, shop.account_id)


async def read(shop: Shop, pages: int | None = None) -> int:
    async with shop.runtime.db() as db:
        session = await shop.runtime.sessions.of(shop.account_id)
        return await survey.read(db, shop.account_id, session, pages=pages)


async def progress(shop: Shop) -> tuple[int, int | None, bool, bool]:
    async with shop.runtime.db() as db:
        (one,) = await survey_store.progress(db)
    return one.items, one.total, one.done_at is not None, one.error is not None


def lamp(other: Seller, sku: str, *, live: bool = False, offered: bool = True) -> None:
    """Make an item, and its offer, with much that no shop says."""
    said = item(
        condition=USED,
        product={"subtitle": "with a shade", "epid": "241986085"},
        conditionDescriptors=DESCRIPTORS,
        packageWeightAndSize=PARCEL,
    )
    assert other.put_item(sku, said).status == 201
    if offered:
        policies = other.offer(sku)["listingPolicies"] | {"bestOfferTerms": BEST_OFFER}
        offer_id = other.create_offer(sku, **TERMS, categoryId="999", listingPolicies=policies)
        assert not live or other.publish(offer_id).status == 200


def many(other: Seller, count: int) -> None:
    """Make items that no shop sells."""
    rows = [{"sku": f"OLD-{n:03}", "locale": "en_US", **item()} for n in range(count)]
    for start in range(0, count, 25):
        body = {"requests": rows[start : start + 25]}
        path = f"{INVENTORY}/bulk_create_or_replace_inventory_item"
        assert other.call("POST", path, body).status == 200


async def test_a_listing_takes_up_the_name_that_it_had_before_its_account_was_erased(
    shop: Shop, other: Seller
) -> None:
    name = derived("LAMP-1", "EBAY_US")
    lamp(other, name, live=True)
    await begin(shop)
    await read(shop)
    await shop.put(document("LAMP-1"), document("LAMP-2"))
    await shop.drain()
    assert set(shop.live()) == {name, "LAMP-2"}, "LAMP-1 is not on sale twice"


def kept(shop: Shop, sku: str) -> Document:
    """Return what is on eBay of all that ``lamp`` set and no shop says."""
    there = shop.mock.items()[sku]
    offer = shop.live()[sku]
    names = ("subtitle", "epid")
    return {
        **{name: there["product"].get(name) for name in names},
        "descriptors": there.get("conditionDescriptors"),
        "parcel": there.get("packageWeightAndSize"),
        "terms": {name: offer.get(name) for name in TERMS},
        "best": value_at(offer, "listingPolicies.bestOfferTerms.bestOfferEnabled"),
    }


ALL: Document = {
    "subtitle": "with a shade", "epid": "241986085", "descriptors": DESCRIPTORS,
    "parcel": PARCEL, "terms": TERMS, "best": True,
}  # fmt: skip


async def test_what_stood_on_ebay_before_survives_the_first_publish(
    shop: Shop, other: Seller
) -> None:
    lamp(other, "LAMP-1")
    lamp(other, "LAMP-2", live=True)
    lamp(other, "LAMP-3", offered=False)
    await begin(shop)
    assert await read(shop) == 1
    assert await progress(shop) == (3, 3, True, False)
    sold = [document(f"LAMP-{n}", brand=None, condition=USED) for n in (1, 2, 3, 4)]
    await shop.put(*sold)
    await shop.drain()
    assert sorted(shop.live()) == [f"LAMP-{n}" for n in (1, 2, 3, 4)]
    assert kept(shop, "LAMP-1") == kept(shop, "LAMP-2") == ALL
    unoffered = kept(shop, "LAMP-3")
    assert {name: unoffered[name] for name in ("subtitle", "descriptors", "parcel")} == {
        name: ALL[name] for name in ("subtitle", "descriptors", "parcel")
    }
    assert shop.mock.items()["LAMP-1"]["product"]["title"] == "Lamp LAMP-1"


async def test_a_new_listing_costs_no_call_more_once_the_items_are_read(shop: Shop) -> None:
    await begin(shop)
    assert await read(shop) == 1, "a seller of nothing costs one call"
    assert await progress(shop) == (0, 0, True, False)
    before = len(shop.calls())
    await shop.put(*[document(f"LAMP-{n}") for n in range(25)])
    await shop.drain()
    assert len(shop.calls()) - before == 3
    assert await read(shop) == 0, "it is read once"


async def test_until_all_pages_are_read_every_new_item_is_read_before_it_is_written(
    shop: Shop, other: Seller
) -> None:
    lamp(other, "LAMP-1")
    shirt_item = item(product={"subtitle": "of cotton"}, packageWeightAndSize=PARCEL)
    assert other.put_item("SHIRT-S", shirt_item).status == 201
    await begin(shop)
    await shop.put(document("LAMP-1", brand=None, condition=USED), document("LAMP-2"), shirt())
    await shop.drain()
    assert kept(shop, "LAMP-1") == ALL
    assert shop.mock.items()["SHIRT-S"]["packageWeightAndSize"] == PARCEL
    assert len(shop.live()) == 5
    assert len(shop.calls("bulkGetInventoryItem", "getInventoryItemGroup")) <= 4


async def test_a_group_of_another_program_keeps_its_fields(shop: Shop, other: Seller) -> None:
    await shop.put(shirt())
    async with shop.runtime.db() as db:
        ((key,),) = await (await db.execute("SELECT max(group_key) FROM ebay_listing")).fetchall()
    for size in ("S", "M"):
        said = {"Brand": ["Loom"], "Size": [size]}
        assert other.put_item(f"SHIRT-{size}", item(product={"aspects": said})).status == 201
    axes = {"specifications": [{"name": "Size", "values": ["S", "M"]}]}
    body: Document = {
        "title": "Tee", "subtitle": "of cotton", "videoIds": ["v1"],
        "variantSKUs": ["SHIRT-S", "SHIRT-M"], "variesBy": axes,
    }  # fmt: skip
    path = f"{INVENTORY}/inventory_item_group/{key}"
    assert other.call("PUT", path, body).status == 201
    await begin(shop)
    await read(shop)
    await shop.drain()
    group = other.call("GET", path).json
    assert (group["subtitle"], group["videoIds"], group["title"]) == (
        "of cotton",
        ["v1"],
        "A shirt",
    )
    assert sorted(group["variantSKUs"]) == ["SHIRT-L", "SHIRT-M", "SHIRT-S"]
    assert len(shop.live()) == 3


async def test_what_stands_in_a_group_of_another_program_and_is_sold_alone_is_said(
    shop: Shop, other: Seller
) -> None:
    for size in ("S", "M"):
        said = {"Brand": ["Loom"], "Size": [size]}
        assert other.put_item(f"LAMP-{size}", item(product={"aspects": said})).status == 201
    axes = {"specifications": [{"name": "Size", "values": ["S", "M"]}]}
    body: Document = {"title": "Tee", "variantSKUs": ["LAMP-S", "LAMP-M"], "variesBy": axes}
    path = f"{INVENTORY}/inventory_item_group/OTHERS"
    assert other.call("PUT", path, body).status == 201
    await begin(shop)
    await read(shop)
    await shop.put(document("LAMP-S"))
    await shop.drain()
    assert other.call("GET", path).json["title"] == "Tee"
    async with shop.runtime.db() as db:
        standing = await standings.standing(db, "LAMP-S")
        chain = (await timeline_store.timeline(db, "LAMP-S", limit=50))[::-1]
    told = explanations(standing, chain)
    assert any("eBay holds LAMP-S as a variation of the group OTHERS" in line for line in told)


async def test_a_survey_goes_on_where_a_lost_worker_left_it(shop: Shop, other: Seller) -> None:
    many(other, 450)
    await begin(shop)
    assert await read(shop, pages=1) == 1
    assert await progress(shop) == (200, 450, False, False)
    shop.mock.faults(
        {"match": {"op": PAGE}, "times": 1, "effects": [{"kind": "reset", "when": "before"}]}
    )
    assert await read(shop) == 0
    assert await progress(shop) == (200, 450, False, True)
    (job,) = [job for job in remote_jobs(shop.runtime) if job.name == "items.survey"]
    assert job.early
    async with shop.runtime.db() as db:
        assert not await job.early(db), "it waits before it tries again"
    await shop.pass_time(timedelta(minutes=2))
    async with shop.runtime.db() as db:
        assert await job.early(db)
        assert await survey_store.take(db, shop.account_id), "a worker reads on, and dies"
    assert await job.run() == 0
    await shop.pass_time(timedelta(minutes=4))
    assert await job.run() == 2
    assert await progress(shop) == (450, 450, True, False)
    shown = [call["query"] for call in shop.calls(PAGE) if call["status"] == 200]
    assert [query.rpartition("offset=")[2] for query in shown[1:]] == ["1", "2"]


async def test_a_list_that_changes_while_it_is_read_is_read_again(
    shop: Shop, other: Seller
) -> None:
    many(other, 401)
    await begin(shop)
    assert await read(shop, pages=1) == 1
    other.call("DELETE", f"{INVENTORY}/inventory_item/OLD-000")
    assert await read(shop) == 3, "a page of a list that moved, then all of it"
    assert await progress(shop) == (400, 400, True, False)
    async with shop.runtime.db() as db:
        names = [f"OLD-{n:03}" for n in range(401)]
        found = await survey_store.surveyed(db, shop.account_id, items=names, groups=[])
    assert len(found.items) == 401, "also OLD-200, which slipped to a page that was read"


async def test_an_item_that_is_gone_since_is_made_anew(shop: Shop, other: Seller) -> None:
    lamp(other, "LAMP-1", offered=False)
    lamp(other, "lamp-2", offered=False)
    await begin(shop)
    await read(shop)
    assert other.call("DELETE", f"{INVENTORY}/inventory_item/LAMP-1").status == 204
    await shop.put(document("LAMP-1"), document("LAMP-2"))
    await shop.drain()
    assert sorted(shop.live()) == ["LAMP-1", "LAMP-2"]
    assert len(shop.calls("bulkGetInventoryItem")) == 1
