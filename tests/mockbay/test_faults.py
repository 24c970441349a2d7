"""Fault plans spoil the calls they name, and only those."""

import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockbay.client import ControlError, MockServer
from support.mockbay_calls import INVENTORY, Seller, item, send


def test_an_error_is_answered_so_many_times_and_has_no_effect(
    mockbay: MockServer, seller: Seller
) -> None:
    effect = {"kind": "error", "status": 500, "error_id": 25001}
    mockbay.faults({"match": {"op": "createOrReplaceInventoryItem"}, "effects": [effect]})
    failed = seller.put_item("LAMP-1")
    assert (failed.status, failed.error["errorId"]) == (500, 25001)
    assert seller.put_item("LAMP-1").status == 201, "the first call stored nothing"


def test_a_rule_waits_for_its_nth_match_of_a_sku(mockbay: MockServer, seller: Seller) -> None:
    effect = {"kind": "error", "status": 400, "error_id": 2004}
    mockbay.faults({"match": {"sku": "B"}, "nth": 2, "effects": [effect]})
    statuses = [seller.put_item(sku).status for sku in ("A", "B", "A", "B", "B")]
    assert statuses == [201, 201, 204, 400, 204]


@pytest.mark.parametrize(("when", "stored"), [("before", False), ("after", True)])
def test_a_connection_is_cut_before_or_after_the_effect(
    mockbay: MockServer, seller: Seller, when: str, *, stored: bool
) -> None:
    mockbay.faults({"match": {"method": "PUT"}, "effects": [{"kind": "reset", "when": when}]})
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        seller.put_item("LAMP-1")
    assert ("LAMP-1" in mockbay.items()) is stored
    entry = mockbay.journal("createOrReplaceInventoryItem")[-1]
    assert (entry["outcome"], entry["applied"]) == (f"reset {when}", stored)


@pytest.mark.parametrize(("when", "stored"), [("before", False), ("after", True)])
def test_a_held_call_waits_until_it_is_released(
    mockbay: MockServer, seller: Seller, when: str, *, stored: bool
) -> None:
    effect = {"kind": "hold", "when": when}
    mockbay.faults({"id": "stop", "match": {"method": "PUT"}, "effects": [effect]})
    with ThreadPoolExecutor() as pool:
        running = pool.submit(seller.put_item, "LAMP-1")
        assert mockbay.reached("stop")
        assert ("LAMP-1" in mockbay.items()) is stored
        assert mockbay.journal("createOrReplaceInventoryItem")[0]["outcome"] == f"held {when}"
        assert mockbay.rules()[0]["holding"] == 1
        assert mockbay.release("stop") == 1
        assert running.result().status == 201


def test_waiting_for_a_call_that_does_not_come_ends(mockbay: MockServer) -> None:
    mockbay.faults({"id": "never", "effects": [{"kind": "hold"}]})
    assert mockbay.reached("never", seconds=0.05) is False
    with pytest.raises(ControlError, match="no rule other"):
        mockbay.release("other")


def test_one_rule_can_be_dropped(mockbay: MockServer, seller: Seller) -> None:
    mockbay.faults(
        {"id": "page", "match": {"method": "PUT"}, "times": 0, "effects": [{"kind": "html"}]},
        {"id": "busy", "match": {"method": "GET"}, "times": 0, "effects": [{"kind": "throttle"}]},
    )
    mockbay.drop_fault("page")
    assert [rule["id"] for rule in mockbay.rules()] == ["busy"]
    assert seller.put_item("LAMP-1").status == 201
    assert seller.get_item("LAMP-1").status == 429
    with pytest.raises(ControlError, match="no rule page"):
        mockbay.drop_fault("page")


def test_effects_meet_calls_that_they_do_not_fit(mockbay: MockServer, seller: Seller) -> None:
    drop: dict[str, object] = {"kind": "drop_fields", "fields": ["product.title"]}
    catalogue: dict[str, object] = {"kind": "catalogue", "product": {"title": "Other"}}
    mockbay.faults({"times": 0, "effects": [drop, catalogue]})
    bearer = {"Authorization": f"Bearer {seller.token}", "Accept-Language": "en-US"}
    kind = {"Content-Type": "application/json", "Content-Language": "en-US"}
    path = f"{INVENTORY}/inventory_item/LAMP-1"
    assert send(mockbay.url, "PUT", path, b"{", bearer | kind).error_ids == [2004]
    assert send(mockbay.url, "GET", "/commerce/taxonomy/v1/category_tree/0").error_ids == [1002]


def test_a_late_call_takes_effect_when_its_time_comes(mockbay: MockServer, seller: Seller) -> None:
    late = {"kind": "late", "ms": 60_000, "answer": "gateway"}
    mockbay.faults({"match": {"method": "PUT"}, "effects": [late]})
    assert seller.put_item("LAMP-1", item(condition="USED_GOOD")).status == 504
    seller.put_item("LAMP-1")
    mockbay.advance(59)
    assert mockbay.items()["LAMP-1"]["condition"] == "NEW"
    mockbay.advance(1)
    assert mockbay.items()["LAMP-1"]["condition"] == "USED_GOOD", "the older write won"


def test_a_late_call_can_wait_for_its_release(mockbay: MockServer, seller: Seller) -> None:
    mockbay.faults({"id": "l", "match": {"method": "PUT"}, "effects": [{"kind": "late"}]})
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        seller.put_item("LAMP-1")
    assert mockbay.items() == {}
    assert mockbay.release("l") == 1
    assert list(mockbay.items()) == ["LAMP-1"]


@pytest.mark.parametrize(("clock", "when"), [("virtual", {"real_ms": 1}), ("real", {"ms": 1})])
def test_a_late_call_can_land_in_real_time(
    mockbay: MockServer, clock: str, when: dict[str, int]
) -> None:
    mockbay.reset(clock=clock)
    seller = Seller(mockbay.url, mockbay.credentials["user_token"])
    late = {"kind": "late", "answer": "gateway"} | when
    mockbay.faults(
        {"match": {"method": "PUT"}, "effects": [late]},
        {"id": "later", "match": {"method": "GET"}, "effects": [{"kind": "latency", "ms": 200}]},
    )
    assert seller.put_item("LAMP-1").status == 504
    assert seller.get_item("LAMP-1").status == 200
    assert mockbay.journal()[0]["applied"] is True


def test_an_outage_can_look_in_several_ways(mockbay: MockServer, seller: Seller) -> None:
    mockbay.faults(
        {"effects": [{"kind": "unavailable", "answer": "reset"}]},
        {"effects": [{"kind": "unavailable"}]},
        {"effects": [{"kind": "html", "when": "after"}]},
        {"effects": [{"kind": "error", "status": 503}], "every": 2, "times": 0},
    )
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        seller.put_item("LAMP-1")
    statuses = [seller.put_item("LAMP-1").status for _ in range(5)]
    assert statuses == [503, 502, 503, 204, 503]


def test_throttling_names_when_to_come_back(mockbay: MockServer, seller: Seller) -> None:
    mockbay.faults({"effects": [{"kind": "throttle", "retry_after": 7}]})
    refused = seller.put_item("LAMP-1")
    assert (refused.status, refused.error["errorId"]) == (429, 2001)
    assert refused.headers["retry-after"] == "7"


def test_an_outage_ends_at_its_time(mockbay: MockServer, seller: Seller) -> None:
    effect = {"kind": "unavailable", "answer": "html"}
    mockbay.faults({"times": 0, "for_ms": 600_000, "effects": [effect]})
    assert {seller.put_item("LAMP-1").status for _ in range(3)} == {503}
    mockbay.advance(600)
    assert seller.put_item("LAMP-1").status == 201


@pytest.mark.parametrize(
    ("effect", "status", "raw"),
    [
        ({"kind": "html"}, 502, b"<html>"),
        ({"kind": "truncate"}, 201, b"{"),
        ({"kind": "empty"}, 200, b""),
        ({"kind": "error", "status": 503, "when": "after"}, 503, b'{"errors":[]}'),
    ],
)
def test_answers_can_be_spoiled(
    mockbay: MockServer, seller: Seller, effect: dict[str, object], status: int, raw: bytes
) -> None:
    mockbay.faults({"effects": [effect]})
    answer = seller.put_item("LAMP-1")
    assert (answer.status, answer.raw[: len(raw)]) == (status, raw)
    assert len(answer.raw) == len(raw) or status == 502


def test_a_write_can_be_accepted_and_ignored(mockbay: MockServer, seller: Seller) -> None:
    mockbay.faults({"effects": [{"kind": "ignore"}]})
    assert seller.put_item("LAMP-1").status == 201
    assert mockbay.items() == {}


def test_rows_of_a_bulk_call_fail_vanish_or_change_places(
    mockbay: MockServer, seller: Seller
) -> None:
    rows = [item() | {"sku": sku, "locale": "en_US"} for sku in ("A", "B", "C")]
    path = f"{INVENTORY}/bulk_create_or_replace_inventory_item"
    for effect in (
        {"kind": "rows", "skus": ["B"], "status": 500, "error_id": 25001},
        {"kind": "drop_rows", "skus": ["B"]},
        {"kind": "shuffle_rows"},
    ):
        mockbay.faults({"effects": [effect]})
    mixed, dropped, shuffled = (seller.call("POST", path, {"requests": rows}) for _ in range(3))
    assert mixed.status == 207
    assert [row["statusCode"] for row in mixed.json["responses"]] == [201, 500, 201]
    assert [row["sku"] for row in dropped.json["responses"]] == ["A", "C"]
    assert [row["sku"] for row in shuffled.json["responses"]] == ["C", "B", "A"]
    assert mockbay.journal()[0]["rows"] == [201, 500, 201]
    assert mockbay.journal()[0]["errors"] == [25001]


def test_one_sku_can_make_a_whole_bulk_call_unreadable(mockbay: MockServer, seller: Seller) -> None:
    effect = {"kind": "error", "status": 400, "error_id": 2004}
    mockbay.faults({"match": {"sku": "B"}, "times": 0, "effects": [effect]})
    path = f"{INVENTORY}/bulk_create_or_replace_inventory_item"
    rows = [item() | {"sku": sku, "locale": "en_US"} for sku in ("A", "B")]
    assert seller.call("POST", path, {"requests": rows}).status == 400
    assert seller.call("POST", path, {"requests": rows[:1]}).status == 200


def test_fields_of_an_answer_can_be_changed(mockbay: MockServer, seller: Seller) -> None:
    seller.put_item("LAMP-1")
    patch = {"kind": "patch", "set": {"product.title": 7, "new.deep": "x"}, "remove": ["condition"]}
    mockbay.faults({"match": {"method": "GET"}, "effects": [patch]})
    read = seller.get_item("LAMP-1").json
    assert (read["product"]["title"], read["new"]["deep"]) == (7, "x")
    assert "condition" not in read
    assert seller.get_item("LAMP-1").json["condition"] == "NEW"


def test_a_sale_can_fall_between_two_calls(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    act = {"kind": "act", "action": "buy", "body": {"sku": "LAMP-1", "quantity": 2}}
    mockbay.faults({"match": {"op": "createOrReplaceInventoryItem"}, "effects": [act]})
    seller.put_item("LAMP-1")
    read = seller.get_offer(offer_id)
    assert (read["availableQuantity"], read["listing"]["soldQuantity"]) == (3, 2)


def test_an_actor_who_cannot_act_is_noted_in_the_journal(
    mockbay: MockServer, seller: Seller
) -> None:
    with pytest.raises(ControlError, match="no action 'fly'"):
        mockbay.faults({"effects": [{"kind": "act", "action": "fly"}]})
    act = {"kind": "act", "action": "buy", "body": {"sku": "NONE"}, "when": "after"}
    mockbay.faults({"effects": [act]})
    assert seller.put_item("LAMP-1").status == 201
    assert "No live listing" in mockbay.journal()[0]["faults"][1]


def test_virtual_latency_moves_the_clock(mockbay: MockServer, seller: Seller) -> None:
    slow = {"kind": "latency", "ms": 5000, "clock": "virtual"}
    mockbay.faults({"effects": [slow, {"kind": "latency", "ms": 1}]})
    before = mockbay.state()["now"]
    seller.put_item("LAMP-1")
    assert mockbay.state()["now"] == before.replace(":00:00.", ":00:05.")


def test_a_wrong_plan_says_what_is_wrong(mockbay: MockServer) -> None:
    with pytest.raises(ControlError, match="kind"):
        mockbay.faults({"effects": [{"kind": "meteor"}]})
    mockbay.faults({"id": "a", "effects": [{"kind": "hold"}]})
    with pytest.raises(ControlError, match="already"):
        mockbay.faults({"id": "a", "effects": [{"kind": "hold"}]})
    mockbay.faults({"id": "a", "effects": [{"kind": "hold"}]}, replace=True)
    mockbay.clear_faults()
    assert mockbay.rules() == []


def test_reads_lag_behind_a_write(mockbay: MockServer, seller: Seller) -> None:
    seller.put_item("LAMP-1")
    mockbay.faults({"match": {"method": "PUT"}, "effects": [{"kind": "lag", "reads": 2}]})
    seller.put_item("LAMP-1", item(condition="USED_GOOD"))
    seen = [seller.get_item("LAMP-1").json["condition"] for _ in range(3)]
    assert seen == ["NEW", "NEW", "USED_GOOD"]
    lag = {"kind": "lag", "reads": 9, "ms": 1_000}
    mockbay.faults({"match": {"method": "PUT"}, "effects": [lag]})
    seller.put_item("LAMP-1")
    assert seller.get_item("LAMP-1").json["condition"] == "USED_GOOD"
    mockbay.advance(1)
    assert seller.get_item("LAMP-1").json["condition"] == "NEW"


def test_the_catalogue_overwrites_only_what_an_offer_lets_it(
    mockbay: MockServer, seller: Seller
) -> None:
    seller.live("LAMP-1")
    seller.live("LAMP-2", includeCatalogProductDetails=False)
    effect = {"kind": "catalogue", "product": {"title": "A lamp as all others"}}
    mockbay.faults({"match": {"method": "PUT"}, "times": 0, "effects": [effect]})
    for sku in ("LAMP-1", "LAMP-2"):
        seller.put_item(sku)
    titles = [mockbay.items()[sku]["product"]["title"] for sku in ("LAMP-1", "LAMP-2")]
    assert titles == ["A lamp as all others", "Brass desk lamp"]


def test_answers_are_dated_by_the_clock_of_the_mock_or_wrongly(
    mockbay: MockServer, seller: Seller
) -> None:
    assert seller.get_item("NONE").headers["date"] == "Mon, 05 Jan 2026 12:00:00 GMT"
    effects = [{"kind": "throttle", "retry_after": 30}, {"kind": "skew", "ms": -3_600_000}]
    mockbay.faults({"effects": effects})
    headers = seller.get_item("NONE").headers
    assert headers["date"] == "Mon, 05 Jan 2026 11:00:00 GMT"
    assert headers["retry-after"] == "Mon, 05 Jan 2026 11:00:30 GMT"


def test_a_patch_reaches_into_lists(mockbay: MockServer, seller: Seller) -> None:
    seller.live("LAMP-1")
    effect = {"kind": "patch", "remove": ["offers.listing"], "set": {"offers.status": "NEW_WORD"}}
    mockbay.faults({"effects": [effect]})
    [offer] = seller.call("GET", f"{INVENTORY}/offer?sku=LAMP-1").json["offers"]
    assert (offer["status"], "listing" in offer) == ("NEW_WORD", False)
