"""The page with its buttons; pictures, reports, migration, fees; the odd faults."""

import io
import zipfile
from urllib.parse import urlencode

import pytest

from mockbay.client import ControlError, MockServer
from support.mockbay_calls import INVENTORY, Answer, Seller, item, send

MEDIA = "/commerce/media/v1_beta/image"
FEED = "/sell/feed/v1"
REPORT = {"feedType": "LMS_ACTIVE_INVENTORY_REPORT", "schemaVersion": "1.0"}


def press(mockbay: MockServer, **fields: str) -> Answer:
    """Press a button of the page."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return send(mockbay.url, "POST", "/", urlencode(fields).encode(), kind)


def page(mockbay: MockServer) -> str:
    """Return the page."""
    return send(mockbay.url, "GET", "/").raw.decode()


def test_the_page_shows_everything_escaped(mockbay: MockServer, seller: Seller) -> None:
    assert "Nothing is listed." in page(mockbay)
    seller.put_item("<b>", item(product={"title": "<script>"}))
    seller.publish(seller.create_offer("<b>"))
    mockbay.buy("<b>")
    mockbay.faults({"id": "stop", "effects": [{"kind": "throttle"}]})
    seller.get_item("<b>")
    text = page(mockbay)
    for expected in (
        "&lt;b&gt;",
        "&lt;script&gt;",
        "ACTIVE",
        "getInventoryItem",
        "throttle",
        "429",
    ):
        assert expected in text
    assert "<script>" not in text


def test_buttons_make_things_happen(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    which = {"sku": "LAMP-1", "account": "seller-one"}
    assert press(mockbay, action="buy", **which).status == 303
    assert press(mockbay, action="seller-edit", price="9.90", quantity="2", **which).status == 303
    read = seller.get_offer(offer_id)
    assert (read["pricingSummary"]["price"]["value"], read["availableQuantity"]) == ("9.90", 2)
    press(mockbay, action="hold", **which)
    assert "ON HOLD" in page(mockbay)
    press(mockbay, action="unhold", **which)
    order_id = next(iter(mockbay.state()["accounts"]["seller-one"]["orders"]))
    press(mockbay, action="cancel-order", order_id=order_id)
    assert "cancelled" in page(mockbay)
    press(mockbay, action="advance", ms="3600000")
    assert mockbay.state()["now"] == "2026-01-05T13:00:00.000Z"
    press(mockbay, action="end-listing", **which)
    assert seller.get_offer(offer_id)["status"] == "UNPUBLISHED"
    press(mockbay, action="token/revoke", account="seller-one")
    assert seller.get_item("LAMP-1").status == 401
    mockbay.faults({"id": "late", "effects": [{"kind": "hold"}]})
    assert press(mockbay, action="release", rule="late").status == 303
    mockbay.faults({"id": "gone", "effects": [{"kind": "hold"}]})
    assert press(mockbay, action="drop", rule="gone").status == 303
    assert [rule["id"] for rule in mockbay.rules()] == ["late"]
    assert press(mockbay, action="drop", rule="gone").status == 409
    press(mockbay, action="clear-faults")
    assert mockbay.rules() == []


def test_a_group_stands_there_under_its_own_title(mockbay: MockServer, seller: Seller) -> None:
    aspects = {"Size": ["S"], "Brand": ["Loom"], "Department": ["Men"]}
    seller.put_item("TEE-S", item(product={"aspects": aspects, "title": "Tee S"}))
    axes = {"specifications": [{"name": "Size", "values": ["S"]}]}
    group = {"title": "Plain tee", "description": "Cotton", "variantSKUs": ["TEE-S"]}
    path = f"{INVENTORY}/inventory_item_group/TEE"
    assert seller.call("PUT", path, group | {"variesBy": axes}).status == 201
    seller.create_offer("TEE-S", categoryId="201")
    whole = {"inventoryItemGroupKey": "TEE", "marketplaceId": "EBAY_US"}
    live = seller.call("POST", f"{INVENTORY}/offer/publish_by_inventory_item_group", whole)
    assert live.status == 200, live.raw
    assert "Plain tee" in page(mockbay)
    assert press(mockbay, action="seller-edit", sku="TEE-S", title="Fancy tee").status == 303
    assert "Fancy tee" in page(mockbay)


def test_a_button_that_cannot_be_done_says_why(mockbay: MockServer) -> None:
    refused = press(mockbay, action="buy", sku="<LAMP>")
    assert refused.status == 409
    assert b"No live listing" in refused.raw
    assert b"<LAMP>" not in refused.raw
    assert press(mockbay, action="fly").status == 409
    assert press(mockbay, action="buy", colour="red").status == 409
    for ms in ("soon", "9" * 30, "-1"):
        assert press(mockbay, action="advance", ms=ms).status == 409


def test_a_picture_is_made_from_an_address(seller: Seller) -> None:
    made = seller.call(
        "POST", f"{MEDIA}/create_image_from_url", {"imageUrl": "https://x.example/a"}
    )
    assert made.status == 201
    assert made.json["expirationDate"] == "2026-02-04T12:00:00.000Z"
    path = made.headers["location"].removeprefix(seller.url)
    assert seller.call("GET", path).json == made.json
    assert seller.call("GET", f"{MEDIA}/x").error["errorId"] == 190200
    wrong = seller.call("POST", f"{MEDIA}/create_image_from_url", {"imageUrl": "ftp://x.example"})
    assert wrong.error["errorId"] == 190204


def test_a_report_of_everything_on_sale_takes_its_time(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(feed_lag_ms=60_000)
    listing_id = seller.get_offer(seller.live("LAMP-1"))["listing"]["listingId"]
    foreign = mockbay.list_on_site("Vase & co", "9.00", sku="VASE&1", quantity=3)["listingId"]
    made = seller.call("POST", f"{FEED}/inventory_task", REPORT)
    assert made.status == 202
    task = made.headers["location"]
    result = f"{FEED}/task/{task.rpartition('/')[2]}/download_result_file"
    assert seller.call("GET", task).json["status"] == "CREATED"
    assert seller.call("GET", result).error["errorId"] == 160014
    mockbay.advance(30)
    assert seller.call("GET", task).json["status"] == "QUEUED"
    mockbay.advance(30)
    assert seller.call("GET", task).json["uploadSummary"]["successCount"] == 2
    with zipfile.ZipFile(io.BytesIO(seller.call("GET", result).raw)) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    for expected in ("LAMP-1", listing_id, "VASE&amp;1", foreign, "<Quantity>3<"):
        assert expected in text
    listed = seller.call("GET", f"{FEED}/inventory_task?feed_type={REPORT['feedType']}").json
    assert listed["total"] == 1
    assert seller.call("GET", f"{FEED}/inventory_task").error["errorId"] == 160004
    assert seller.call("GET", f"{FEED}/inventory_task/x").error["errorId"] == 160003
    for wrong, error_id in (
        (REPORT | {"feedType": "x"}, 160017),
        ({**REPORT, "schemaVersion": "2"}, 160018),
    ):
        assert seller.call("POST", f"{FEED}/inventory_task", wrong).error["errorId"] == error_id
    for _ in range(24):
        seller.call("POST", f"{FEED}/inventory_task", REPORT)
    assert seller.call("POST", f"{FEED}/inventory_task", REPORT).error["errorId"] == 160025


def test_a_listing_made_elsewhere_is_migrated_under_its_own_id(
    mockbay: MockServer, seller: Seller
) -> None:
    path = f"{INVENTORY}/bulk_migrate_listing"
    known = mockbay.list_on_site("Vase", "9.00", sku="VASE", quantity=3)["listingId"]
    nameless = mockbay.list_on_site("Bowl", "5.00")["listingId"]
    rows = [{"listingId": known}, {"listingId": nameless}, {"listingId": "1"}]
    answer = seller.call("POST", path, {"requests": rows})
    assert [row["statusCode"] for row in answer.json["responses"]] == [200, 400, 400]
    moved = answer.json["responses"][0]["inventoryItems"][0]
    assert seller.get_offer(moved["offerId"])["listing"]["listingId"] == known
    assert mockbay.buy("VASE")["lines"][0]["listing_id"] == known
    assert seller.call("POST", path, {"requests": rows * 2}).status == 400


def test_fees_are_told_for_unpublished_offers(seller: Seller) -> None:
    path = f"{INVENTORY}/offer/get_listing_fees"
    seller.put_item("LAMP-1")
    asked = {"offers": [{"offerId": seller.create_offer("LAMP-1")}]}
    fees = seller.call("POST", path, asked).json["feeSummaries"]
    assert (fees[0]["marketplaceId"], fees[0]["fees"][0]["feeType"]) == ("EBAY_US", "INSERTION_FEE")
    seller.publish(asked["offers"][0]["offerId"])
    assert seller.call("POST", path, asked).error["errorId"] == 25754


def test_errors_can_come_in_another_dialect(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(error_dialect="odd")
    error = seller.get_item("NONE").error
    assert (error["errorId"], error["category"], error["subDomain"]) == (
        25710,
        "Request",
        "Selling",
    )
    path = f"{INVENTORY}/bulk_get_inventory_item"
    rows = seller.call("POST", path, {"requests": [{"sku": "NONE"}]}).json["responses"]
    assert rows[0]["errors"][0]["longMessage"].startswith("Bei")
    assert seller.put_item("LAMP-1").status == 201
    assert seller.put_item("LAMP-1").raw == b""


def test_a_read_can_be_stale(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    mockbay.faults({"match": {"op": "getOffer"}, "times": 2, "effects": [{"kind": "stale"}]})
    statuses = [seller.get_offer(offer_id)["status"]]
    seller.withdraw(offer_id)
    statuses += [seller.get_offer(offer_id)["status"] for _ in range(2)]
    assert statuses == ["PUBLISHED", "PUBLISHED", "UNPUBLISHED"]


def test_fields_can_be_dropped_with_a_warning(mockbay: MockServer, seller: Seller) -> None:
    effect = {"kind": "drop_fields", "fields": ["product.subtitle", "none.such"]}
    mockbay.faults({"times": 3, "effects": [effect]})
    body = item(product={"subtitle": "Bright"})
    first, second = seller.put_item("LAMP-1", body), seller.put_item("LAMP-1", body)
    assert (first.status, second.status) == (201, 200)
    assert second.json["warnings"][0]["errorId"] == 25401
    path = f"{INVENTORY}/bulk_create_or_replace_inventory_item"
    row = body | {"sku": "LAMP-1", "locale": "en_US"}
    rows = seller.call("POST", path, {"requests": [row]}).json["responses"]
    assert rows[0]["warnings"][0]["errorId"] == 25401
    assert "subtitle" not in seller.get_item("LAMP-1").json["product"]
    with pytest.raises(ControlError, match="fields"):
        mockbay.faults({"effects": [{"kind": "drop_fields"}]})
