"""What eBay would refuse is found before any call: against mockbay's own reference data."""

import dataclasses
from datetime import timedelta

from msgspec.structs import replace

from baysync.account import connection_store
from baysync.account import store as accounts
from baysync.account.model import Policies
from baysync.app import refresh, remote_jobs
from baysync.base import clock
from baysync.cli.listings import check as listings_check
from baysync.cli.listings.suggest import suggest
from baysync.ebay import inventory
from support.live_shop import CATEGORY, MARKETPLACE, Document, Shop, document

SHIRTS, BOOKS, LAMPS, CDS, SETS, BRANCH = "201", "401", "101", "402", "502", "200"
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


CD = {"category": CDS, "aspects": {"Artist": ["The Examples"], "EAN": ["Does not apply"]}}
BRICKS = {"category": SETS, "regulatory": {"manufacturer": {"company": "Brix", "country": "DK"}}}


def variants(name: str) -> Document:
    """Return the fields of a listing with two variants."""
    rows = [{"sku": f"{name}-{n}", "options": {name: str(n)}, "quantity": 1} for n in (1, 2)]
    return {"variants": rows}


WRONG: list[tuple[Document, str, str]] = [
    ({"title": "x" * 81}, "title_too_long", "/title"),
    ({"description": ""}, "missing_description", "/description"),
    ({"images": []}, "missing_image", "/images"),
    ({"images": ["http://img.example.com/a.jpg"]}, "image_not_https", "/images/0"),
    ({"currency": "EUR"}, "wrong_currency", "/currency"),
    ({"gtins": ["4006381333932"]}, "invalid_gtin", "/gtins/0"),
    (without(SHIRT, "Size"), "missing_aspect", "/aspects/Size"),
    (saying(SHIRT, "Department", "Womens"), "aspect_value_not_allowed", "/aspects/Department"),
    (saying(SHIRT, "Size", "M", "L"), "aspect_takes_one_value", "/aspects/Size"),
    (saying(CD, "Record Label", "x" * 31), "aspect_value_too_long", "/aspects/Record Label/0"),
    (without(CD, "EAN"), "missing_identifier", "/aspects/EAN"),
    (SHIRT | {"condition": "USED_GOOD"}, "condition_not_allowed", "/condition"),
    (SHIRT | {"category": BRANCH}, "category_not_leaf", "/category"),
    (SHIRT | {"category": "9999"}, "unknown_category", "/category"),
    (LAMP | {"location": "attic"}, "unknown_location", "/location"),
    (LAMP | {"location": "half"}, "location_incomplete", "/location"),
    (LAMP | {"location": "closed"}, "location_disabled", "/location"),
    (BOOK | variants("Format"), "variations_not_allowed", "/variants"),
    (LAMP | variants("Type"), "aspect_cannot_vary", "/variants"),
    ({"category": SETS}, "missing_manufacturer", "/regulatory/manufacturer"),
]


async def locate(shop: Shop, key: str, address: Document, *, status: str = "ENABLED") -> None:
    """Make one more inventory location for the seller."""
    session = await shop.runtime.sessions.of(shop.account_id)
    body = {"location": {"address": address}, "merchantLocationStatus": status}
    answer = await session.send(
        inventory.create_location(key, body), deadline=clock.monotonic() + 60
    )
    assert answer.status == 204, answer


async def test_forty_go_live_and_twenty_are_blocked_with_field_and_fix_and_no_call(
    asking: Shop,
) -> None:
    await locate(asking, "half", {"city": "Portland", "country": "US"})
    await locate(asking, "closed", {"postalCode": "97201", "country": "US"}, status="DISABLED")
    right = [document(f"OK-{n:02}", **(SHIRT, LAMP, BOOK, CD, BRICKS)[n % 5]) for n in range(40)]
    wrong = [document(f"BAD-{n:02}", **fields) for n, (fields, _, _) in enumerate(WRONG)]
    assert len({reason for _, reason, _ in WRONG}) == len(WRONG) == 20
    before = len(asking.calls())
    await asking.put(*right, *wrong)
    await asking.drain()
    assert len(asking.calls()) == before, "nothing is sent until the rules are known"

    assert await refresh(asking.runtime).run() > 0
    found = await asking.blocked()
    assert {sku: (reason, at) for sku, (reason, at, _) in found.items()} == {
        f"BAD-{n:02}": (reason, pointer) for n, (_, reason, pointer) in enumerate(WRONG)
    }
    assert all(fix for _, _, fix in found.values())

    await asking.drain()
    assert set(asking.live()) == {listing["sku"] for listing in right}
    assert set(asking.mock.items()) == set(asking.live()), "nothing was sent of the twenty"
    async with asking.runtime.db() as db:
        assert await (await db.execute("SELECT id FROM ebay_failed_event")).fetchall() == []


async def test_a_category_that_cannot_be_one_is_refused_and_ebay_is_not_asked_about_it(
    asking: Shop,
) -> None:
    impossible = ("9" * 100_000, "12/../3", "\uff11\uff12", "lamps")
    wrong = [document(f"BAD-{n}", **SHIRT | {"category": c}) for n, c in enumerate(impossible)]
    await asking.put(document("SHIRT", **SHIRT), *wrong)
    await refresh(asking.runtime).run()
    await asking.drain()
    blocked = await asking.blocked()
    assert {sku: reason for sku, (reason, _, _) in blocked.items()} == {
        f"BAD-{n}": "unknown_category" for n in range(len(impossible))
    }
    assert set(asking.live()) == {"SHIRT"}, "its own category is known all the same"
    async with asking.runtime.db() as db:
        kept = await db.execute("SELECT key FROM ebay_policy_cache WHERE kind = 'category'")
        assert await kept.fetchall() == [(SHIRTS,)]


async def test_a_corrected_listing_goes_out_and_what_is_known_is_not_asked_again(
    shop: Shop,
) -> None:
    await shop.put(document("SHIRT", **without(SHIRT, "Size")))
    await refresh(shop.runtime).run()
    assert set(await shop.blocked()) == {"SHIRT"}
    before = len(shop.mock.journal())
    assert await refresh(shop.runtime).run() == 0
    assert len(shop.mock.journal()) == before
    await shop.put(document("SHIRT", **SHIRT))
    await shop.drain()
    assert await shop.blocked() == {}
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
    reason, _, fix = (await shop.blocked())["LAMP-1"]
    right = stored.defaults.policies.payment
    named = f"policies.payment=…`, {right} (Payment EBAY_US)."
    assert (reason, named in fix) == ("unknown_policy", True)
    async with shop.runtime.db() as db:
        await accounts.put_defaults(db, shop.account_id, MARKETPLACE, stored.defaults)
    await shop.put(document("LAMP-1", category=CATEGORY, quantity=4))
    await shop.drain()
    assert set(shop.live()) == {"LAMP-1"}


async def test_a_list_of_policies_that_comes_back_shorter_blocks_after_a_second_look(
    shop: Shop,
) -> None:
    async def look_again(*, times: int | None) -> list[str]:
        """Let an hour pass; ask eBay, which leaves out a list ``times`` often; edit."""
        shop.mock.clear_faults()
        if times is not None:
            empty: Document = {"kind": "patch", "set": {"paymentPolicies": []}}
            match = {"op": "getPaymentPolicies"}
            shop.mock.faults({"match": match, "times": times, "effects": [empty]})
        await shop.pass_time(timedelta(hours=1, seconds=1))
        await refresh(shop.runtime).run()
        edits.append(document("LAMP-1", category=CATEGORY, title=f"Lamp {len(edits)}"))
        await shop.put(edits[-1])
        await shop.drain()
        return [reason for reason, _, _ in (await shop.blocked()).values()]

    edits: list[Document] = []
    assert await look_again(times=None) == []
    assert await look_again(times=1) == [], "once is no proof"
    await shop.pass_time(timedelta(seconds=61))
    await refresh(shop.runtime).run()
    assert await look_again(times=0) == [], "it was there meanwhile: once more is no proof"
    await shop.pass_time(timedelta(seconds=61))
    await refresh(shop.runtime).run()
    assert [reason for reason, _, _ in (await shop.blocked()).values()] == ["unknown_policy"]
    assert set(shop.live()) == {"LAMP-1"}


async def test_reference_data_is_asked_for_by_a_job_unless_that_is_switched_off(
    shop: Shop,
) -> None:
    assert [job.name for job in remote_jobs(shop.runtime)][-1] == "policy.refresh"
    off = shop.runtime.settings.model_copy(update={"policy_enabled": False})
    names = [job.name for job in remote_jobs(dataclasses.replace(shop.runtime, settings=off))]
    assert "policy.refresh" not in names


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


async def test_a_check_names_categories_instead_of_itself(asking: Shop) -> None:
    await asking.put(document("LAMP", title="Brass desk lamp", category=BRANCH))
    await refresh(asking.runtime).run()
    async with asking.runtime.db() as db:
        found = await listings_check.check(db, set())
    assert str(found.problems[0]["fix"]).endswith("`baysync listings check SKU` suggests some.")
    await suggest(asking.runtime, found.wanting)
    fix = "Choose one below it; eBay suggests: 101 Desk Lamps (Home and Kitchen)."
    assert found.problems[0]["fix"] == fix


async def test_a_check_tells_what_the_category_asks_once_it_is_known(asking: Shop) -> None:
    shop = asking
    await shop.put(document("SHIRT", **without(SHIRT, "Size")))
    async with shop.runtime.db() as db:
        early = await listings_check.check(db, {"SHIRT"})
    assert (early.problems, early.awaited) == ([], {f"category {SHIRTS} on {MARKETPLACE}"})
    await refresh(shop.runtime).run()
    async with shop.runtime.db() as db:
        found = await listings_check.check(db, {"SHIRT"})
        await connection_store.disconnect(db, shop.account_id)
        gone = await listings_check.check(db, {"SHIRT"})
    [row] = found.problems
    assert (row["rule"], row["pointer"]) == ("missing_aspect", "/aspects/Size")
    assert str(row["fix"]).startswith(
        "Add Size: one of XS, S, M, L, XL. All that it asks: `baysync"
    )
    assert found.awaited == set()
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
