"""The whole edge over real HTTP to a mock that behaves, and misbehaves, like eBay.

With TEST_EBAY_URL and credentials it meets another eBay, the sandbox too: see CONTRIBUTING.md.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from baysync.base import clock
from baysync.ebay import accounts, calls, errors, identity, inventory, offers, wire
from baysync.ebay.model import Answer, Call, Failure, Verdict
from baysync.ebay.tokens import code_from
from baysync.ebay.verdict import judge, outcomes
from mockbay.catalogue import ERRORS
from mockbay.client import MockServer
from support.adapter_shop import OURS, US, Shop, keyset
from support.ebay_account import ACCOUNT, account_at
from support.mockbay_calls import item

BULK_PUT = {"op": "bulkCreateOrReplaceInventoryItem"}


async def test_a_seller_is_connected_by_the_code_flow(mockbay: MockServer) -> None:
    application, tokens = keyset(mockbay)
    mockbay.return_to("http://127.0.0.1:9/connected")
    async with account_at(mockbay.url, tokens, keyset=application) as account:
        page = account.oauth.consent_url("state-1")
        async with (
            aiohttp.ClientSession() as browser,
            browser.post(
                page, data=dict(parse_qsl(urlsplit(page).query)), allow_redirects=False
            ) as agreed,
        ):
            code = code_from(agreed.headers["Location"], state="state-1")
        granted = await account.oauth.exchange(code)
        async with tokens.exclusively(ACCOUNT):
            await tokens.write(ACCOUNT, granted)
        found = await account.session.send(identity.get_user(), deadline=clock.monotonic() + 60)
    seller = identity.seller_in(found)
    assert seller is not None
    assert (seller.username, seller.marketplace) == ("seller-one", US)


async def test_items_go_live_in_bulk_and_end_singly(shop: Shop) -> None:
    first, second = await shop.live("A 1/ü", "B")
    assert _object(await shop.ask(offers.get_offer(first)))["sku"] == "A 1/ü"
    prices = await shop.rows(
        inventory.bulk_update_price_quantity(
            [
                {
                    "sku": sku,
                    "shipToLocationAvailability": {"quantity": 3},
                    "offers": [{"offerId": offer_id, "availableQuantity": 3}],
                }
                for sku, offer_id in (("A 1/ü", first), ("B", second))
            ]
        )
    )
    assert [row.verdict for row in prices.values()] == [Verdict.DONE, Verdict.DONE]
    assert judge(await shop.ask(offers.withdraw_offer(second))) is Verdict.DONE
    read = await shop.ask(offers.get_offers("A 1/ü", marketplace=US))
    states = [offers.state_of(offer) for offer in offers.offers_in(read) or []]
    assert [(s.offer_id, s.quantity, s.is_live) for s in states] == [(first, 3, True)]
    ended = await shop.ask(offers.get_offer(second))
    assert not offers.state_of(_object(ended)).is_live


async def test_an_offer_in_the_way_comes_with_its_id(shop: Shop) -> None:
    (offer_id,) = await shop.live("A")
    again = await shop.rows(offers.bulk_create_offer([shop.offer("A")]))
    single = await shop.rows(offers.create_offer(shop.offer("A")))
    assert single["A"].verdict is Verdict.CONFLICT
    assert offers.offer_id_in(single["A"]) == offer_id
    assert again["A"].verdict is Verdict.CONFLICT


@pytest.mark.parametrize("republish", ["warning", "error"])
async def test_publishing_what_is_live_is_no_failure(shop: Shop, republish: str) -> None:
    (offer_id,) = await shop.live("A")
    shop.mock.switch(republish=republish)
    published = await shop.rows(offers.publish_offer(offer_id))
    expected = {"warning": Verdict.DONE, "error": Verdict.CONFLICT}[republish]
    assert published[offer_id].verdict is expected


async def test_withdrawing_twice_asks_to_read_first(shop: Shop) -> None:
    (offer_id,) = await shop.live("A")
    await shop.ask(offers.withdraw_offer(offer_id))
    again = await shop.ask(offers.withdraw_offer(offer_id))
    assert judge(again) is Verdict.CONFLICT


async def test_what_is_not_there_is_gone(shop: Shop) -> None:
    assert judge(await shop.ask(inventory.get_inventory_item("X"))) is Verdict.GONE
    assert judge(await shop.ask(inventory.delete_inventory_item("X"))) is Verdict.GONE
    assert judge(await shop.ask(offers.get_offer("9"))) is Verdict.GONE
    none = await shop.ask(offers.get_offers("X"))
    assert (judge(none), offers.offers_in(none)) == (Verdict.GONE, [])
    read = await shop.rows(inventory.bulk_get_inventory_item(["X"]))
    assert read["X"].verdict is Verdict.GONE


async def test_pages_are_followed_to_the_end(shop: Shop) -> None:
    items = [(f"S{i}", "en_US", item()) for i in range(5)]
    await shop.ask(inventory.bulk_create_or_replace_inventory_item(items))
    call: Call | None = inventory.get_inventory_items(limit=2)
    skus: list[object] = []
    while call is not None and len(skus) < 1000:
        page = await shop.ask(call)
        skus += [row["sku"] for row in wire.rows(_object(page)["inventoryItems"])]
        call = calls.following(page)
    ours = [sku for sku in skus if sku in OURS]
    assert (ours, len(set(skus)), call) == ([f"S{i}" for i in range(5)], len(skus), None)


async def test_account_data_is_read(shop: Shop) -> None:
    for kind in accounts.PolicyKind:
        answer = await shop.ask(accounts.get_policies(kind, marketplace="EBAY_DE"))
        assert {policy.marketplace for policy in accounts.policies_in(kind, answer)} <= {"EBAY_DE"}
    privileges = accounts.privileges_in(await shop.ask(accounts.get_privileges()))
    assert privileges.registered
    programs = await shop.ask(accounts.get_opted_in_programs())
    assert accounts.has_business_policies(programs)
    opted_in = await shop.ask(accounts.opt_in_to_business_policies())
    assert judge(opted_in) is not Verdict.UNRECOGNISED
    locations = _object(await shop.ask(inventory.get_locations()))["locations"]
    there = await shop.ask(inventory.create_location(shop.location, wire.rows(locations)[0]))
    assert judge(there) is Verdict.CONFLICT


def _object(answer: Answer) -> Mapping[str, object]:
    assert wire.mapping(answer.body)
    return wire.mapping(answer.body)


async def test_one_bad_row_leaves_its_neighbours_alone(shop: Shop) -> None:
    rule = {"kind": "rows", "skus": ["B"], "status": 400, "error_id": 25021}
    shop.mock.faults({"effects": [rule, {"kind": "shuffle_rows"}], "match": BULK_PUT})
    items = [(sku, "en_US", item()) for sku in ("A", "B", "C")]
    rows = await shop.rows(inventory.bulk_create_or_replace_inventory_item(items))
    assert {key: row.verdict for key, row in rows.items()} == {
        "A": Verdict.DONE,
        "B": Verdict.REJECTED,
        "C": Verdict.DONE,
    }


async def test_a_row_left_out_is_in_doubt(shop: Shop) -> None:
    shop.mock.faults({"match": BULK_PUT, "effects": [{"kind": "drop_rows", "skus": ["A"]}]})
    items = [(sku, "en_US", item()) for sku in ("A", "B")]
    rows = await shop.rows(inventory.bulk_create_or_replace_inventory_item(items))
    assert (rows["A"].verdict, rows["B"].verdict) == (Verdict.AMBIGUOUS, Verdict.DONE)


async def test_an_account_that_takes_one_sku_at_a_time_refuses_the_whole_batch(
    shop: Shop,
) -> None:
    ids = await shop.live("A", "B")
    shop.mock.switch(price_quantity_max_skus=1)
    rows = [
        {"sku": sku, "offers": [{"offerId": offer_id, "availableQuantity": 1}]}
        for sku, offer_id in zip(("A", "B"), ids, strict=True)
    ]
    assert outcomes(await shop.ask(inventory.bulk_update_price_quantity(rows))) is None
    single = await shop.rows(inventory.bulk_update_price_quantity(rows[:1]))
    assert single["A"].verdict is Verdict.DONE


async def test_a_row_ebay_cannot_parse_spoils_the_call_not_the_judgement(shop: Shop) -> None:
    spoilt = {"kind": "error", "status": 400, "error_id": 2004}
    match = {**BULK_PUT, "sku": "B"}
    shop.mock.faults({"match": match, "times": 0, "effects": [spoilt]})
    pair = [("A", "en_US", item()), ("B", "en_US", item())]
    assert outcomes(await shop.ask(inventory.bulk_create_or_replace_inventory_item(pair))) is None
    alone = await shop.rows(inventory.bulk_create_or_replace_inventory_item(pair[1:]))
    assert alone["B"].verdict is Verdict.REJECTED


@pytest.mark.parametrize(
    ("effect", "verdict"),
    [
        ({"kind": "throttle", "retry_after": 9}, Verdict.THROTTLED),
        ({"kind": "reset", "when": "before"}, Verdict.AMBIGUOUS),
        ({"kind": "reset", "when": "after"}, Verdict.AMBIGUOUS),
        ({"kind": "html"}, Verdict.AMBIGUOUS),
        ({"kind": "html", "status": 200}, Verdict.AMBIGUOUS),
        ({"kind": "truncate"}, Verdict.AMBIGUOUS),
        ({"kind": "empty"}, Verdict.AMBIGUOUS),
        ({"kind": "empty", "status": 204}, Verdict.AMBIGUOUS),
        ({"kind": "unavailable"}, Verdict.AMBIGUOUS),
        ({"kind": "unavailable", "answer": "html"}, Verdict.AMBIGUOUS),
        ({"kind": "error", "status": 411}, Verdict.CONFIG),
        ({"kind": "error", "status": 500, "error_id": 25001}, Verdict.RETRY),
        ({"kind": "error", "status": 500, "error_id": 25025}, Verdict.RETRY),
        ({"kind": "error", "status": 500, "error_id": 2003}, Verdict.AMBIGUOUS),
        ({"kind": "error", "status": 400, "error_id": 25026}, Verdict.CAPPED),
        ({"kind": "error", "status": 400, "error_id": 25019}, Verdict.HELD),
        ({"kind": "error", "status": 403, "error_id": 1100}, Verdict.CONFIG),
        ({"kind": "expire_token"}, Verdict.DONE),
        ({"kind": "unauthorized"}, Verdict.DONE),
        ({"kind": "revoke"}, Verdict.REAUTH),
    ],
)
async def test_every_fault_of_a_publish_has_its_verdict(
    shop: Shop, effect: dict[str, object], verdict: Verdict
) -> None:
    (offer_id,) = await shop.live("A")
    shop.mock.faults({"match": {"op": "publishOffer"}, "effects": [effect]})
    published = await shop.rows(offers.publish_offer(offer_id))
    assert published[offer_id].verdict is verdict


async def test_a_dead_refresh_token_asks_for_the_seller(shop: Shop) -> None:
    shop.mock.expire_tokens()
    shop.mock.faults({"match": {"op": "getToken"}, "effects": [{"kind": "invalid_grant"}]})
    answer = await shop.ask(accounts.get_privileges())
    assert (judge(answer), answer.failure) == (Verdict.REAUTH, Failure.NO_ACCESS)


async def test_a_held_and_a_worn_out_listing_are_told_apart(shop: Shop) -> None:
    (offer_id,) = await shop.live("A")
    update = offers.update_offer(offer_id, _without_keys(shop.offer("A")), marketplace=US)
    assert judge(await shop.ask(update)) is Verdict.DONE
    shop.mock.switch(revision_cap=1)
    assert judge(await shop.ask(update)) is Verdict.CAPPED
    shop.mock.hold("A")
    assert judge(await shop.ask(update)) is Verdict.HELD


def _without_keys(offer: dict[str, object]) -> dict[str, object]:
    return {k: v for k, v in offer.items() if k not in ("sku", "marketplaceId", "format")}


async def test_a_call_under_a_wrong_address_is_our_mistake_not_an_absence(shop: Shop) -> None:
    lost = calls.get(offers.get_offer("1").op, "/sell/inventory/v9/offer/1")
    assert judge(await shop.ask(lost)) is Verdict.CONFIG


def test_every_error_the_mock_can_give_is_explained() -> None:
    assert set(ERRORS) - set(errors.known()) == set()
