"""What eBay would refuse is found before any call: against mockbay's own reference data."""

import dataclasses

from msgspec.structs import replace

from baysync.account import connection_store
from baysync.account import store as accounts
from baysync.account.model import Policies
from baysync.app import periodic, refresh
from baysync.base import clock
from baysync.cli import listings_check
from baysync.cli.listings_suggest import suggest
from baysync.ebay import inventory
from live_shop import CATEGORY, MARKETPLACE, Document, Shop, document

SHIRTS, BOOKS, CASES, LAMPS, BRANCH = "201", "401", "302", "101", "200"
SHIRT = {
    "category": SHIRTS,
    "aspects": {"Size": ["M"], "Department": ["Women"], "Color": ["Blue"]},
}
LAMP = {"category": LAMPS, "aspects": {"Type": ["Desk lamp"]}}
BOOK = {
    "category": BOOKS,
    "aspects": {"Book Title": ["Sea"], "Author": ["A. Writer"], "Language": ["English"]},
}


def without(listing: Document, name: str) -> Document:
    aspects = {key: value for key, value in listing["aspects"].items() if key != name}
    return listing | {"aspects": aspects}


def saying(listing: Document, name: str, *values: str) -> Document:
    return listing | {"aspects": listing["aspects"] | {name: list(values)}}


WRONG: list[tuple[Document, str, str]] = [
    (without(SHIRT, "Size"), "missing_aspect", "/aspects/Size"),
    (without(SHIRT, "Department"), "missing_aspect", "/aspects/Department"),
    (saying(SHIRT, "Department", "Womens"), "aspect_value_not_allowed", "/aspects/Department"),
    (saying(SHIRT, "Department", "Women", "Men"), "aspect_takes_one_value", "/aspects/Department"),
    (SHIRT | {"condition": "USED_GOOD"}, "condition_not_allowed", "/condition"),
    (SHIRT | {"category": BRANCH}, "category_not_leaf", "/category"),
    (SHIRT | {"category": "9999"}, "unknown_category", "/category"),
    (SHIRT | {"brand": None}, "missing_aspect", "/aspects/Brand"),
    (without(LAMP, "Type"), "missing_aspect", "/aspects/Type"),
    (LAMP | {"condition": "LIKE_NEW"}, "condition_not_allowed", "/condition"),
    (LAMP | {"location": "attic"}, "unknown_location", "/location"),
    (LAMP | {"location": "half"}, "location_incomplete", "/location"),
    (LAMP | {"location": "closed"}, "location_disabled", "/location"),
    (without(BOOK, "Author"), "missing_aspect", "/aspects/Author"),
    (without(BOOK, "Language"), "missing_aspect", "/aspects/Language"),
    (without(BOOK, "Book Title"), "missing_aspect", "/aspects/Book Title"),
    (BOOK | {"condition": "NEW_OTHER"}, "condition_not_allowed", "/condition"),
    ({"category": CASES}, "missing_aspect", "/aspects/Compatible Brand"),
    ({"category": "100"}, "category_not_leaf", "/category"),
    ({"category": "12"}, "unknown_category", "/category"),
]


async def locate(shop: Shop, key: str, address: Document, *, status: str = "ENABLED") -> None:
    """Make one more inventory location for the seller."""
    session = await shop.runtime.sessions.of(shop.account_id)
    body = {"location": {"address": address}, "merchantLocationStatus": status}
    answer = await session.send(
        inventory.create_location(key, body), deadline=clock.monotonic() + 60
    )
    assert answer.status == 204, answer


async def judged(shop: Shop) -> dict[str, tuple[str, str, str]]:
    """Return reason, pointer and fix of every blocked listing by SKU."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT l.sku, e.blocked_reason, e.blocked_detail -> 'blocks' -> 0
            FROM ebay_listing e JOIN listing l ON l.id = e.listing_id
            WHERE e.blocked_reason IS NOT NULL
            """
        )
        return {
            sku: (reason, block["pointer"], block["fix"])
            for sku, reason, block in await cursor.fetchall()
        }


async def test_forty_go_live_and_twenty_are_blocked_with_field_and_fix_and_no_call(
    shop: Shop,
) -> None:
    await locate(shop, "half", {"city": "Portland", "country": "US"})
    await locate(shop, "closed", {"postalCode": "97201", "country": "US"}, status="DISABLED")
    right = [document(f"OK-{n:02}", **(SHIRT, LAMP, BOOK, {})[n % 4]) for n in range(40)]
    wrong = [document(f"BAD-{n:02}", **fields) for n, (fields, _, _) in enumerate(WRONG)]
    await shop.put(*right, *wrong)
    assert await judged(shop) == {}, "nothing is known yet, so nothing is blocked"

    assert await refresh(shop.runtime).run() > 0
    found = await judged(shop)
    assert {sku: (reason, at) for sku, (reason, at, _) in found.items()} == {
        f"BAD-{n:02}": (reason, pointer) for n, (_, reason, pointer) in enumerate(WRONG)
    }
    assert all(fix.endswith((".", "?")) for _, _, fix in found.values())

    await shop.drain()
    assert set(shop.live()) == {listing["sku"] for listing in right}
    assert set(shop.mock.items()) == set(shop.live()), "nothing was sent of the twenty"


async def test_a_corrected_listing_goes_out_and_what_is_known_is_not_asked_again(
    shop: Shop,
) -> None:
    await shop.put(document("SHIRT", **without(SHIRT, "Size")))
    await refresh(shop.runtime).run()
    assert set(await judged(shop)) == {"SHIRT"}
    before = len(shop.mock.journal())
    assert await refresh(shop.runtime).run() == 0
    assert len(shop.mock.journal()) == before
    await shop.put(document("SHIRT", **SHIRT))
    await shop.drain()
    assert await judged(shop) == {}
    assert set(shop.live()) == {"SHIRT"}


async def test_a_policy_of_another_marketplace_blocks_until_the_default_is_changed(
    shop: Shop,
) -> None:
    async with shop.runtime.db() as db:
        [stored] = await accounts.read_defaults(db, shop.account_id)
        policies = shop.mock.state()["accounts"]["seller-one"]["policies"]["payment"]
        foreign = next(i for i, policy in policies.items() if policy["marketplaceId"] == "EBAY_DE")
        chosen = Policies(
            fulfillment=stored.defaults.policies.fulfillment,
            payment=foreign,
            return_=stored.defaults.policies.return_,
        )
        wrong = replace(stored.defaults, policies=chosen)
        await accounts.put_defaults(db, shop.account_id, MARKETPLACE, wrong)
    await shop.put(document("LAMP-1", category=CATEGORY))
    await refresh(shop.runtime).run()
    reason, _, fix = (await judged(shop))["LAMP-1"]
    right = stored.defaults.policies.payment
    assert (reason, f"policies.payment=ID`: {right}." in fix) == ("unknown_policy", True)
    async with shop.runtime.db() as db:
        await accounts.put_defaults(db, shop.account_id, MARKETPLACE, stored.defaults)
    await shop.put(document("LAMP-1", category=CATEGORY, quantity=4))
    await shop.drain()
    assert set(shop.live()) == {"LAMP-1"}


async def test_reference_data_is_asked_for_by_a_job_unless_that_is_switched_off(
    shop: Shop,
) -> None:
    assert [job.name for job in periodic(shop.runtime)][-1] == "policy.refresh"
    off = shop.runtime.settings.model_copy(update={"policy_enabled": False})
    names = [job.name for job in periodic(dataclasses.replace(shop.runtime, settings=off))]
    assert "policy.refresh" not in names


async def test_an_ebay_that_does_not_answer_blocks_nothing(shop: Shop) -> None:
    asked = [
        "getDefaultCategoryTreeId", "getItemAspectsForCategory", "getItemConditionPolicies",
        "getPaymentPolicies", "getInventoryLocations",
    ]  # fmt: skip
    down = {"kind": "error", "status": 500, "error_id": 2003}
    shop.mock.faults({"match": {"op": asked}, "times": 0, "effects": [down]})
    await shop.put(document("LAMP-1", **without(SHIRT, "Size")))
    assert await refresh(shop.runtime).run() == 0
    assert await judged(shop) == {}


async def test_a_listing_without_a_category_gets_suggestions_for_its_title(shop: Shop) -> None:
    async with shop.runtime.db() as db:
        [stored] = await accounts.read_defaults(db, shop.account_id)
        bare = replace(stored.defaults, category=None)
        await accounts.put_defaults(db, shop.account_id, MARKETPLACE, bare)
    titles = {"A": "Brass desk lamp", "B": "Zzz", "C": "Steel mug"}
    await shop.put(*[document(sku, title=title) for sku, title in titles.items()])
    async with shop.runtime.db() as db:
        found = await listings_check.check(db, set())
    await suggest(shop.runtime, found.wanting)
    lamp, strange, mug = found.problems
    assert lamp["suggestions"] == ["101 Desk Lamps (Home and Kitchen)"]
    assert str(lamp["fix"]).endswith("eBay suggests: 101 Desk Lamps (Home and Kitchen).")
    assert str(mug["suggestions"]).startswith("['102 Mugs and Cups")
    assert "suggestions" not in strange


async def test_a_check_tells_what_the_category_asks_once_it_is_known(shop: Shop) -> None:
    await shop.put(document("SHIRT", **without(SHIRT, "Size")))
    await refresh(shop.runtime).run()
    async with shop.runtime.db() as db:
        found = await listings_check.check(db, {"SHIRT"})
        await connection_store.disconnect(db, shop.account_id)
        gone = await listings_check.check(db, {"SHIRT"})
    [row] = found.problems
    assert (row["rule"], row["pointer"]) == ("missing_aspect", "/aspects/Size")
    assert row["fix"] == "Add Size: one of XS, S, M, L, XL."
    assert gone.problems == []
    assert await refresh(shop.runtime).run() == 0, "nobody is asked about a disconnected account"


async def test_a_new_version_of_the_tree_makes_every_category_doubtful(shop: Shop) -> None:
    await shop.put(document("SHIRT", **SHIRT))
    await refresh(shop.runtime).run()
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            UPDATE ebay_policy_cache SET expires_at = now(), body = '{"tree_id":"0","version":"6"}'
            WHERE kind = 'tree' RETURNING key
            """
        )
        assert await cursor.fetchall() == [("",)]
    before = len(shop.mock.journal())
    assert await refresh(shop.runtime).run() == 0, "asked again, and it is as it was"
    asked = {call["op"] for call in shop.mock.journal()[before:]}
    assert asked >= {"getDefaultCategoryTreeId", "getItemAspectsForCategory"}
