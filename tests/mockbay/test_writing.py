"""Two writes to one item or group at once: the second is refused, and nobody else is."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from mockbay.client import MockServer
from support.mockbay_calls import INVENTORY, Seller, item

BUSY = 25025


@contextmanager
def held(mockbay: MockServer, seller: Seller, sku: str, when: str = "after") -> Generator[None]:
    """Keep a write to ``sku`` from its answer, or from its effect."""
    hold = {"kind": "hold", "when": when}
    mockbay.faults({"id": "held", "match": {"method": "PUT"}, "effects": [hold]})
    with ThreadPoolExecutor() as pool:
        running = pool.submit(seller.put_item, sku)
        try:
            assert mockbay.reached("held")
            yield
        finally:
            mockbay.release("held")
        assert running.result().status in {201, 204}, "the first is not disturbed"


def test_a_second_write_to_an_item_is_refused_and_the_next_is_not(
    mockbay: MockServer, seller: Seller
) -> None:
    offer_id = seller.live("LAMP-1")
    with held(mockbay, seller, "LAMP-1"):
        answer = seller.put_item("LAMP-1")
        assert (answer.status, answer.error_ids) == (500, [BUSY])
        update = seller.call("PUT", f"{INVENTORY}/offer/{offer_id}", seller.offer("LAMP-1"))
        assert update.error_ids == [BUSY], "through its offer, too"
        assert seller.get_item("LAMP-1").status == 200, "reading is free"
        assert seller.put_item("LAMP-2").status == 201
    assert seller.put_item("LAMP-1").status == 204


def test_of_a_bulk_call_only_the_row_in_use_fails(mockbay: MockServer, seller: Seller) -> None:
    with held(mockbay, seller, "LAMP-1"):
        rows = [{"sku": sku, "locale": "en_US", **item()} for sku in ("LAMP-1", "LAMP-2")]
        path = f"{INVENTORY}/bulk_create_or_replace_inventory_item"
        answer = seller.call("POST", path, {"requests": rows})
        assert [row["statusCode"] for row in answer.json["responses"]] == [500, 201]


def test_two_workers_may_be_let_loose_on_one_item(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(concurrent_writes="permitted")
    with held(mockbay, seller, "LAMP-1"):
        assert seller.put_item("LAMP-1").status == 204


def test_what_has_not_reached_ebay_yet_is_in_nobodys_way(
    mockbay: MockServer, seller: Seller
) -> None:
    seller.put_item("LAMP-1")
    with held(mockbay, seller, "LAMP-1", "before"):
        assert seller.put_item("LAMP-1").status == 204


def test_an_answer_without_a_body_is_cut_off_too(mockbay: MockServer, seller: Seller) -> None:
    seller.put_item("LAMP-1")
    mockbay.faults(
        {"effects": [{"kind": "truncate"}]}, {"effects": [{"kind": "error", "status": 204}]}
    )
    answers = [seller.put_item("LAMP-1") for _ in range(2)]
    assert [(one.status, one.raw) for one in answers] == [(200, b"{"), (204, b"")]
