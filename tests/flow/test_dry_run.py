"""What a dry run foretells is what the publisher then sends; the dry run itself does nothing."""

from contextlib import suppress
from datetime import timedelta

import anyio
import pytest

from baysync import intake
from baysync.base.errors import Ambiguous, Conflict, NotFound
from baysync.db.connection import Db
from baysync.insight.dry_run import Prospect, Publishing, dry_run, dry_run_of
from baysync.queue import service as queue
from support.foretelling import US, at, edit, foretold, journalled, planned, sent
from support.live_shop import CALM, Document, Shop, document
from support.sellers_lamp import LAMP
from support.shirts import shirt, variant
from support.waiting import until_waiting

Step = tuple[str, Document]
STORY: list[Step] = [
    ("new", LAMP),
    ("content", LAMP | {"title": "Another lamp"}),
    ("price", LAMP | {"title": "Another lamp", "price": "25.50"}),
    ("offer", LAMP | {"description": "<p>Brighter.</p>"}),
    ("fewer", LAMP | {"quantity": 2}),
    ("more", LAMP | {"quantity": 9}),
    ("more and dearer", LAMP | {"quantity": 12, "price": "29.00"}),
    ("all", LAMP | {"title": "T", "description": "<p>D</p>", "price": "20.00", "quantity": 1}),
    ("sold out", LAMP | {"quantity": 0}),
    ("back", LAMP | {"quantity": 3}),
    ("ended", LAMP | {"status": "ended"}),
    ("relisted", LAMP | {"title": "Once more"}),
    ("the same", LAMP | {"title": "Once more"}),
]
GROUP_STORY: list[Step] = [
    ("new", shirt()),
    ("title", shirt(title="Another shirt")),
    ("description", shirt(description="<p>New.</p>")),
    ("prices", shirt(*[variant(size, price="12.00") for size in "SML"])),
    ("stock", shirt(variant("S", quantity=1), variant("M", quantity=9), variant("L"))),
    ("one more", shirt(*[variant(size) for size in ("S", "M", "L", "XL")])),
    ("one fewer", shirt(*[variant(size) for size in ("S", "M", "XL")])),
    ("ended", shirt(status="ended")),
    ("relisted", shirt(title="Once more")),
]


@pytest.mark.parametrize("story", [STORY, GROUP_STORY], ids=["single", "group"])
async def test_a_dry_run_names_the_calls_that_the_publisher_then_sends(
    shop: Shop, story: list[Step]
) -> None:
    for name, edited in story:
        await shop.pass_time(timedelta(minutes=20))
        await shop.put(edited)
        plan = await foretold(shop, edited["sku"])
        calls = await sent(shop)
        shown = [call.as_shown for call in plan.calls]
        assert planned(shop, plan.calls, shown) == journalled(calls, shown), name
        (one,) = plan.listings
        assert one.outcome == (Prospect.SENDS if calls else Prospect.NOTHING), name
        assert sum(cost.calls for cost in plan.cost) == len(calls), name
        assert (await shop.row(edited["sku"]))["in_step"], name


@pytest.fixture
async def lamp(shop: Shop) -> Shop:
    await shop.put(LAMP)
    await shop.drain()
    return shop


async def test_what_the_seller_set_stands_in_the_bodies_and_is_marked(lamp: Shop) -> None:
    lamp.mock.seller_set("LAMP-1", {"product.subtitle": "with a shade"})
    lamp.mock.seller_set("LAMP-1", {"quantityLimitPerBuyer": 3}, of="offer")
    first = LAMP | {"title": "Lamp two", "description": "<p>Two.</p>"}
    await edit(lamp, first)
    plan = await foretold(lamp)
    assert [call.carried for call in plan.calls] == [()] * len(plan.calls)
    unread = [words for words in plan.listings[0].unknown if "was never read" in words]
    assert len(unread) == 2, "item and offer"
    await lamp.drain()
    await edit(lamp, first | {"title": "Lamp three", "description": "<p>Three.</p>"})
    plan = await foretold(lamp)
    assert plan.listings[0].unknown == ()
    marked = {
        call.operation: [(pointer, at(call.body, pointer)) for pointer in call.carried]
        for call in plan.calls
        if call.carried
    }
    assert marked == {
        "bulkCreateOrReplaceInventoryItem": [("/requests/0/product/subtitle", "with a shade")],
        "updateOffer": [("/quantityLimitPerBuyer", 3)],
    }
    ignored = [call.as_shown for call in plan.calls]
    assert planned(lamp, plan.calls, ignored) == journalled(await sent(lamp), ignored)


async def test_what_of_the_sellers_cannot_stand_is_named(lamp: Shop) -> None:
    lamp.mock.seller_set("LAMP-1", {"conditionDescription": "a scratch"})
    await edit(lamp, LAMP | {"title": "Two"})
    await lamp.drain()
    await edit(lamp, LAMP | {"condition": "NEW"})
    plan = await foretold(lamp)
    (put,) = [call for call in plan.calls if not call.reads]
    assert put.carried == ()
    assert [one.pointer for one in put.left_out] == ["/requests/0/conditionDescription"]
    await lamp.drain()


async def test_drift_that_nobody_has_read_changes_no_call_but_what_is_shown_at_that_moment(
    lamp: Shop,
) -> None:
    lamp.mock.seller_edit("LAMP-1", price="31.00")
    await edit(lamp, LAMP | {"description": "<p>Brighter.</p>"})
    plan = await foretold(lamp)
    (replaced,) = [call for call in plan.calls if call.operation == "updateOffer"]
    assert replaced.as_shown == ("/availableQuantity", "/pricingSummary/price")
    ignored = [call.as_shown for call in plan.calls]
    assert planned(lamp, plan.calls, ignored) == journalled(await sent(lamp), ignored)


async def test_what_is_in_doubt_is_read_first_and_said(lamp: Shop) -> None:
    await lamp.pass_time(timedelta(minutes=20))
    async with lamp.runtime.db() as db:
        await queue.verify(db, ["LAMP-1"], by="test")
    plan = await foretold(lamp)
    (one,) = plan.listings
    assert (one.outcome, one.steps) == (Prospect.READS, ())
    assert one.unknown[0].startswith("A change is in doubt.")
    assert planned(lamp, plan.calls, [()] * 2) == journalled(await sent(lamp), [()] * 2)


async def test_a_blocked_listing_says_all_causes_and_still_lowers_its_stock(lamp: Shop) -> None:
    broken: Document = LAMP | {"images": [], "title": "x" * 81, "quantity": 2}
    await edit(lamp, broken)
    plan = await foretold(lamp)
    (one,) = plan.listings
    assert {cause.pointer for cause in one.causes} == {"/images", "/title"}
    assert all(cause.fix for cause in one.causes)
    assert (one.outcome, one.steps) == (Prospect.SENDS, ("quantity_down",))
    assert "blocked" in one.why
    assert planned(lamp, plan.calls, [()]) == journalled(await sent(lamp), [()])
    await edit(lamp, broken)
    assert [one.outcome for one in (await foretold(lamp)).listings] == [Prospect.BLOCKED]


async def test_a_paused_listing_sends_nothing(lamp: Shop) -> None:
    async with lamp.runtime.db() as db:
        await queue.pause(db, ["LAMP-1"], by="test", reason=None)
    await edit(lamp, LAMP | {"quantity": 2})
    plan = await foretold(lamp)
    assert (plan.listings[0].outcome, plan.calls) == (Prospect.BLOCKED, ())
    assert plan.listings[0].causes[0].rule == "paused"


async def test_a_state_that_ebay_refused_is_not_sent_again(shop: Shop) -> None:
    refusal = {"kind": "error", "status": 400, "error_id": 25007}
    shop.mock.faults({"match": {"op": "bulkPublishOffer"}, "times": 0, "effects": [refusal]})
    await shop.put(LAMP)
    await shop.drain()
    plan = await foretold(shop)
    assert (plan.listings[0].outcome, plan.calls) == (Prospect.REFUSED, ())
    assert plan.listings[0].causes[0].rule == "refused_by_ebay"


async def test_an_edit_that_is_not_projected_yet_is_foretold(lamp: Shop) -> None:
    await lamp.pass_time(timedelta(minutes=20))
    async with lamp.runtime.db() as db, db.transaction():
        await intake.patch(db, {"sku": "LAMP-1", "quantity": 3})
    plan = await foretold(lamp)
    assert (plan.listings[0].outcome, plan.listings[0].steps) == (
        Prospect.SENDS,
        ("quantity_down",),
    )
    async with lamp.runtime.db() as host, host.transaction():
        await intake.patch(host, {"sku": "LAMP-1", "quantity": 4})
        async with lamp.runtime.db() as db, db.transaction():
            with pytest.raises(Conflict, match="Another transaction"):
                await dry_run_of(db, "LAMP-1", US)
    await lamp.reap()
    await lamp.drain()


async def test_listings_that_are_claimed_together_share_their_calls(shop: Shop) -> None:
    skus = [f"SKU-{n}" for n in range(30)]
    await shop.put(*[document(sku) for sku in skus])
    async with shop.runtime.db() as db, db.transaction():
        plan = await dry_run(db, skus, US)
    assert [len(call.skus) for call in plan.calls] == [25, 25, 25, 5, 5, 5]
    assert [one.sku for one in plan.listings] == skus
    (cost,) = plan.cost
    assert (cost.family, cost.calls, cost.remaining) == ("inventory", 6, None)
    before = len(shop.calls())
    await shop.drain()
    assert len(shop.calls()) - before == cost.calls


async def test_a_dry_run_of_many_listings_holds_up_no_edit_of_those_it_is_done_with(
    shop: Shop,
) -> None:
    skus = [f"SKU-{n}" for n in range(30)]
    await shop.put(*[document(sku) for sku in skus])

    async def run(db: Db) -> None:
        with suppress(Conflict):  # on a slow machine the host holds its row for too long
            await dry_run(db, skus, US)

    async with (
        shop.runtime.db() as db,
        shop.runtime.db() as host,
        shop.runtime.db() as editor,
        anyio.create_task_group() as both,
        host.transaction(),
    ):
        await intake.patch(host, {"sku": skus[-1], "quantity": 4})
        both.start_soon(run, db)
        await until_waiting(host, db)
        await editor.execute(
            "SELECT FROM listing WHERE sku = ANY(%s) FOR UPDATE NOWAIT", (skus[:25],)
        )
    await shop.reap()
    await shop.drain()


async def test_a_live_listing_that_gains_variants_says_that_more_follows_its_end(
    lamp: Shop,
) -> None:
    await edit(lamp, LAMP | {"variants": [variant("S"), variant("M")]})
    (one,) = (await foretold(lamp)).listings
    assert one.steps == ("end",)
    assert [words for words in one.unknown if "follows in a change of its own" in words]
    await lamp.drain()
    await edit(lamp, LAMP | {"status": "ended"})
    (one,) = (await foretold(lamp)).listings
    assert (one.steps, one.unknown) == (("end",), ())
    await lamp.drain()


async def test_a_dry_run_names_its_place_and_what_is_left_of_the_quota(lamp: Shop) -> None:
    await lamp.sell_on("EBAY_DE", currency=None)
    async with lamp.runtime.db() as db, db.transaction():
        for sku, error in (("LAMP-1", Ambiguous), ("NONE", NotFound)):
            with pytest.raises(error):
                await dry_run_of(db, sku, US)
        await db.execute(
            """
            UPDATE rate_bucket SET daily_limit = 100, daily_remaining = 40,
                daily_reset_at = now() + interval '1 hour'
            """
        )
        plan = await dry_run_of(
            db, "LAMP-1", Publishing(limits=CALM, account="shop", marketplace="EBAY_DE")
        )
        both = await dry_run(db, ["LAMP-1"], US)
    assert [(one.remaining, one.limit) for one in plan.cost] == [(40, 100)]
    assert [one.marketplace for one in both.listings] == ["EBAY_DE", "EBAY_US"]
    await lamp.drain()
