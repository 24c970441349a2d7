"""Looking again: marked rows, new accounts and defaults, blocks, upgrade day."""

import pytest
from msgspec import to_builtins
from msgspec.structs import replace
from psycopg import AsyncConnection

from baysync.account.model import Defaults
from baysync.change import service
from baysync.change.model import Detected
from baysync.db.connection import Db
from baysync.intake import put
from baysync.listing.draft import Draft
from baysync.listing.model import Listing, ListingStatus, Variant
from baysync.listing_door import accept
from baysync.projection.model import PROJECTION_VERSION, Projection
from baysync.projection.upgrade import Spelling
from support.engine import account, die
from support.seller import SOON, Seller, open_shop
from support.shop import DEFAULTS, LAMP

OTHER = replace(LAMP, sku="LAMP-2")


@pytest.fixture
async def shop(db: Db) -> Seller:
    return await open_shop(db)


async def waiting(db: Db) -> list[str]:
    cursor = await db.execute("SELECT sku FROM listing WHERE projected_version < version")
    return [row[0] for row in await cursor.fetchall()]


async def test_marked_listings_are_projected_within_the_poll(shop: Seller) -> None:
    await put(shop.db, LAMP)
    await put(shop.db, OTHER)
    assert await service.project_marked(shop.db, 1, debounce=SOON) == 1
    assert len(await waiting(shop.db)) == 1
    assert await service.project_marked(shop.db, 10, debounce=SOON) == 1
    assert await service.project_marked(shop.db, 10, debounce=SOON) == 0
    assert len(await shop.changes()) == 2


async def test_a_hosts_open_transaction_delays_only_its_own_listings(
    shop: Seller, database: str
) -> None:
    await shop.edit(LAMP)
    async with await AsyncConnection.connect(database) as host:
        await put(host, replace(LAMP, quantity=1))
        await put(shop.db, OTHER)
        assert await service.project_marked(shop.db, 10, debounce=SOON) == 1
        await host.commit()
    assert await waiting(shop.db) == ["LAMP-1"]
    assert await service.project_marked(shop.db, 10, debounce=SOON) == 1
    assert {row.desired.quantity for row in await shop.rows() if row.desired} == {1, 5}


async def test_a_host_that_rolls_back_leaves_nothing(shop: Seller, database: str) -> None:
    async with await AsyncConnection.connect(database) as host:
        await put(host, LAMP)
        await host.rollback()
    assert await service.project_marked(shop.db, 10, debounce=SOON) == 0


async def test_a_new_account_is_offered_every_active_listing(shop: Seller) -> None:
    await shop.edit(LAMP, replace(OTHER, status=ListingStatus.ENDED))
    second = Seller(shop.db, await account(shop.db, "second"))
    assert await service.enrol(shop.db, second.account_id, debounce=SOON) == Detected()
    await second.set_defaults(DEFAULTS)
    enrolled = await service.enrol(shop.db, second.account_id, debounce=SOON)
    assert enrolled == Detected(enqueued=1, skipped_duplicate=1)
    assert await service.enrol(shop.db, second.account_id, debounce=SOON) == Detected()


async def test_listings_named_before_their_account_are_found(db: Db) -> None:
    await put(db, LAMP)
    await service.project_marked(db, 10, debounce=SOON)
    shop = await open_shop(db)
    assert await service.enrol(db, shop.account_id, debounce=SOON) == Detected(enqueued=1)


async def test_a_disconnected_account_is_offered_nothing(shop: Seller) -> None:
    await shop.db.execute("UPDATE account SET state = 'disconnected'")
    await shop.edit(LAMP)
    assert await shop.rows() == []


async def test_a_missing_default_is_cured_by_setting_it(db: Db) -> None:
    shop = Seller(db, await account(db))
    await shop.set_defaults(Defaults())
    assert await shop.edit(LAMP) == Detected(blocked=1)
    assert (await shop.row()).reason == "missing_category"
    await shop.set_defaults(DEFAULTS)
    assert await service.reproject_stale(db, debounce=SOON) == Detected(enqueued=1)
    assert await service.reproject_stale(db, debounce=SOON) == Detected()


async def test_only_what_is_blocked_for_a_reason_is_looked_at_again(shop: Seller) -> None:
    await shop.edit(LAMP, replace(OTHER, quantity=0))
    assert await service.reproject(shop.db, reason="out_of_stock", debounce=SOON) == Detected(
        blocked=1
    )
    assert await service.reproject(shop.db, debounce=SOON) == Detected(
        blocked=1, skipped_duplicate=1
    )


def older_spelling(document: Projection) -> Projection:
    """Return a document as a program might have spelled it that kept no brand."""
    assert document.content is not None
    return replace(document, content=replace(document.content, brand=None))


def with_brand(document: Projection) -> Projection:
    assert document.content is not None
    (brand,) = document.content.aspects["Brand"]
    return replace(document, content=replace(document.content, brand=brand))


async def hashes(db: Db) -> tuple[bytes, bytes, int, int]:
    cursor = await db.execute(
        """
        SELECT desired_hash, published_hash, desired_projection_version,
            published_projection_version
        FROM ebay_listing
        """
    )
    return (await cursor.fetchall())[0]


async def test_a_new_version_with_the_same_spelling_costs_no_call(shop: Seller) -> None:
    await shop.live()
    before = await shop.changes()
    newer = Spelling(version=PROJECTION_VERSION + 1, steps={})
    assert await service.respell(shop.db, debounce=SOON, spelling=newer) == Detected(skipped_hash=1)
    desired, published, *versions = await hashes(shop.db)
    assert (desired == published, versions) == (True, [newer.version] * 2)
    assert await shop.changes() == before
    assert await service.respell(shop.db, debounce=SOON, spelling=newer) == Detected()


async def test_upgrade_day_costs_no_call(shop: Seller) -> None:
    live = await shop.live()
    assert live.published is not None
    old = older_spelling(live.published)
    await shop.pretend(live.id, desired=old, published=old, version=PROJECTION_VERSION - 1)
    before = await shop.changes()
    spelling = Spelling(steps={PROJECTION_VERSION - 1: with_brand})
    assert await service.respell(shop.db, debounce=SOON, spelling=spelling) == Detected(
        skipped_hash=1
    )
    assert await shop.changes() == before
    assert (await shop.row()).published == live.published


async def test_upgrade_day_wakes_no_dead_letter(shop: Seller) -> None:
    await shop.edit(LAMP)
    wanted = (await shop.row()).desired
    assert wanted is not None
    await shop.pretend(
        (await shop.row()).id, desired=older_spelling(wanted), version=PROJECTION_VERSION - 1
    )
    await die(shop.db)
    spelling = Spelling(steps={PROJECTION_VERSION - 1: with_brand})
    assert await service.respell(shop.db, debounce=SOON, spelling=spelling) == Detected(
        skipped_dead=1
    )


def more(document: Projection) -> Projection:
    return replace(document, quantity=(document.quantity or 0) + 1)


def tenfold(document: Projection) -> Projection:
    return replace(document, quantity=(document.quantity or 0) * 10)


def test_a_document_takes_every_step_between_two_versions() -> None:
    spelling = Spelling(version=4, steps={1: more, 3: tenfold})
    assert spelling.upgrade(Projection(quantity=1), since=1) == Projection(quantity=20)
    assert spelling.upgrade(Projection(quantity=1), since=4) == Projection(quantity=1)


def wide(number: int) -> Listing:
    """Return a listing of 250 variants: four of them are too much for one transaction."""
    sizes = [
        Variant(sku=f"WIDE-{number}-{size}", options={"Size": str(size)}, quantity=2)
        for size in range(250)
    ]
    return replace(LAMP, sku=f"WIDE-{number}", variants=sizes)


async def test_what_is_too_much_for_one_transaction_goes_into_several(shop: Seller) -> None:
    drafts = [Draft(line=1, document=to_builtins(wide(number))) for number in range(4)]
    await accept(shop.db, drafts, source="api", debounce=SOON)
    assert len(await shop.rows()) == 4
    assert await waiting(shop.db) == []
    await shop.db.execute("UPDATE listing SET version = version + 1")
    assert [await service.project_marked(shop.db, 10, debounce=SOON) for _ in range(3)] == [3, 1, 0]
    assert await service.reproject(shop.db, debounce=SOON) == Detected(blocked=4)
