"""How listings stand on eBay, and what they were there, over real HTTP."""

import json
from collections.abc import AsyncGenerator

import pytest
from msgspec.structs import replace

from baysync.api.cursors import cursor
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listings
from baysync.ebay_listing.document import document
from baysync.ebay_listing.model import (
    Block,
    Desired,
    Enrolment,
    Intent,
    Lifecycle,
    Published,
    Scope,
    Urgency,
)
from baysync.ebay_listing.service import enrol
from baysync.snapshot import service
from baysync.snapshot.model import NewSnapshot, SourceEvent
from support.api_site import Site, site_on
from support.engine import account, ebay_listings_of
from support.projections import LAMP

pytestmark = pytest.mark.usefixtures("lamp")
SKU = "A/1 ü"
AT = "/api/ebay/listings/A%2F1%20%C3%BC"


@pytest.fixture
async def site(database: str) -> AsyncGenerator[Site]:
    async with site_on(database) as served:
        await served.watch.look()
        yield served


@pytest.fixture
async def lamp(db: Db) -> None:
    """An eBay listing that shows what is wanted, with two snapshots."""
    (lamp,) = await ebay_listings_of(db, await account(db))
    await db.execute("UPDATE listing SET sku = %s", (SKU,))
    async with db.transaction():
        await ebay_listings.lock(db, [lamp])
        shown = document(LAMP)
        wanted = Desired(id=lamp, document=shown, intent=Intent.CREATE, urgency=Urgency.NEW)
        await ebay_listings.write_desired(db, [wanted])
        for state in (replace(LAMP, quantity=3), LAMP):
            new = NewSnapshot(
                ebay_listing_id=lamp,
                document=document(state),
                source_event=SourceEvent.PUBLISH_SUCCESS,
                carried={"offer": {"storeCategoryNames": ["/Lamps"]}},
            )
            await service.record(db, [new], correlation_id="c")
        published = Published(
            id=lamp, document=shown, lifecycle=Lifecycle.LIVE, external_item_id="110"
        )
        await ebay_listings.write_published(db, [published])


async def sell_in_france_too(db: Db) -> int:
    rows = await db.execute("SELECT listing_id, account_id FROM ebay_listing")
    listing_id, account_id = (await rows.fetchall())[0]
    sold = Enrolment(listing_id=listing_id, account_id=account_id, marketplace="EBAY_FR")
    return (await enrol(db, [sold]))[0].id


async def test_a_listing_says_where_it_is_live_and_where_not_and_why(site: Site, db: Db) -> None:
    await db.execute("UPDATE account SET environment = 'production'")
    blocks = [{"pointer": "/title", "rule": "title_too_long", "fix": "shorten it"}]
    block = Block(
        id=await sell_in_france_too(db),
        reason="title_too_long",
        scope=Scope.CONTENT,
        detail={"blocks": blocks},
    )
    await ebay_listings.block(db, [block])
    found = await site.read(AT)
    live, other = found["places"]
    assert (found["sku"], live["live"], live["in_step"], live["item_id"]) == (
        SKU,
        True,
        True,
        "110",
    )
    assert live["url"] == "https://www.ebay.com/itm/110"
    assert live["why"] == "eBay shows what is wanted"
    assert (other["marketplace"], other["live"], other["url"]) == ("EBAY_FR", False, None)
    assert other["why"] == "its content is blocked: title_too_long"
    assert other["blocked_detail"]["blocks"] == blocks
    await db.execute("UPDATE account SET environment = 'mock'")
    assert (await site.read(AT))["places"][0]["url"] is None
    assert (await site.get("/api/ebay/listings/none"))[0] == 404


async def test_snapshots_are_paged_read_and_compared(site: Site) -> None:
    first = await site.read(f"{AT}/snapshots?limit=1")
    assert (first["sku"], first["account"], first["marketplace"]) == (SKU, "shop", "EBAY_US")
    last = await site.read(f"{AT}/snapshots?limit=1&cursor={first['next_cursor']}")
    assert last["next_cursor"] is None
    newest, oldest = first["items"][0], last["items"][0]
    assert [newest["seq"], oldest["seq"], newest["dedup_of"]] == [2, 1, None]
    state = await site.read(f"{AT}/snapshots/1")
    assert state["document"]["quantity"] == 3
    assert state["seller"] == {"offer": {"storeCategoryNames": ["/Lamps"]}}
    assert state["snapshot"] == oldest
    assert await site.read(f"/api/ebay/snapshots/{oldest['id']}") == state
    changed = await site.read(f"{AT}/diff?a=1&b=2")
    assert changed == await site.read(f"{AT}/diff")
    assert changed["edits"] == newest["diff"]
    assert list(changed["edits"]) == ["/quantity"]
    assert (await site.read(f"{AT}/diff?a=2&b=2"))["edits"] == {}
    for target, status in {
        f"{AT}/snapshots/3": 404,
        f"{AT}/snapshots/0": 422,
        f"{AT}/snapshots/{2**63}": 422,
        f"{AT}/diff?a=1&b=9": 404,
        f"{AT}/diff?a=x": 422,
        f"{AT}/snapshots?cursor={cursor('change', '1')}": 400,
        f"{AT}/snapshots?account=nobody": 404,
        "/api/ebay/listings/none/snapshots": 404,
        "/api/ebay/snapshots/99": 404,
    }.items():
        assert (await site.get(target))[0] == status, target


async def test_a_forced_snapshot_of_an_equal_state_refers_to_the_earlier(
    site: Site, db: Db
) -> None:
    status, made = await site.send(f"{AT}/snapshots")
    assert (status, made["seq"], made["source_event"]) == (201, 3, "manual")
    assert (made["dedup_of"], made["diff"]) == (2, {})
    state = await site.read(f"{AT}/snapshots/3")
    assert state["seller"] == {"offer": {"storeCategoryNames": ["/Lamps"]}}
    rows = await db.execute("SELECT actor, action, target FROM audit_log")
    assert await rows.fetchall() == [("http:local", "snapshot.create", f"listing {SKU}")]


async def test_a_sku_that_is_sold_in_several_places_is_409_with_the_choices(
    site: Site, db: Db
) -> None:
    await sell_in_france_too(db)
    for target in ("/snapshots", "/snapshots/1", "/diff"):
        status, _, body = await site.get(AT + target)
        assert (status, json.loads(body)["choices"]) == (
            409,
            [
                {"account": "shop", "marketplace": "EBAY_FR"},
                {"account": "shop", "marketplace": "EBAY_US"},
            ],
        ), target
    assert (await site.send(f"{AT}/snapshots"))[0] == 409
    there = await site.read(f"{AT}/snapshots?marketplace=EBAY_US&account=shop")
    assert len(there["items"]) == 2
    status, problem = await site.send(f"{AT}/snapshots?marketplace=EBAY_FR")
    assert (status, problem["code"]) == (409, "conflict")
