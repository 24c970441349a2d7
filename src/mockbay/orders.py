"""The fulfillment API: orders, as buyers made them."""

import re

from msgspec import structs

from mockbay.answers import Reply, refuse
from mockbay.call import Call, Operation
from mockbay.clock import from_iso
from mockbay.names import names
from mockbay.order import BuyerOrder
from mockbay.order_document import BASE, shown
from mockbay.paging import Page, page_of

LONGEST_PAGE, USUAL_PAGE = 200, 50
MOST_IDS = 50
NINETY_DAYS_MS = 90 * 86_400_000
TWO_YEARS_MS = 2 * 366 * 86_400_000
DATES = {"creationdate": "created", "lastmodifieddate": "modified"}
STATUSES = frozenset(names("NOT_STARTED IN_PROGRESS FULFILLED"))
PAGING_ERRORS = (31100, 31000)


def get_all(call: Call) -> Reply:
    """Return a page of orders chosen by filter or by ids, oldest first; else those of 90 days.

    That is eBay's order by default, by creation; a filter may change it: the one by modification
    goes by that. Orders chosen by ids come all at once, whatever else is asked.
    """
    now = call.world.clock.ms
    visible = [order for order in call.seller.orders.values() if order.visible <= now]
    if wanted := call.query.get("orderIds"):
        ids = wanted.split(",")
        if len(ids) > MOST_IDS:
            raise refuse(30900)
        page = Page(MOST_IDS, 0, step=MOST_IDS)
        return _page(call, page, [order for order in visible if order.order_id in ids], "created")
    page = page_of(call, longest=LONGEST_PAGE, usual=USUAL_PAGE, errors=PAGING_ERRORS)
    _check_field_groups(call)
    filters = _filters(call)
    date = "modified" if "lastmodifieddate" in filters else "created"
    return _page(call, page, _chosen(call, visible, filters), date)


def _page(call: Call, page: Page, orders: list[BuyerOrder], date: str) -> Reply:
    ordered = sorted(orders, key=lambda order: (_date(call, order, date), order.order_id))
    body = page.answer(call, len(ordered), absolute=True) | {"offset": page.offset}
    return Reply(200, body | {"orders": [shown(call, order) for order in page.cut(ordered)]})


def _date(call: Call, order: BuyerOrder, date: str) -> int:
    return order.created if date == "created" else order.changed(call.world.clock.ms)


def _check_field_groups(call: Call) -> None:
    """Permit the one group there is; it adds taxes that eBay collects, which no order here has."""
    if (asked := call.query.get("fieldGroups")) and asked != "TAX_BREAKDOWN":
        raise refuse(32800, asked)


def _filters(call: Call) -> dict[str, str]:
    written = call.query.get("filter", "")
    parts = re.findall(r"[^,{}\[\]]+:(?:\[.*?\]|\{.*?\})|[^,]+", written)
    given = dict(_filter(one) for one in parts)
    if "creationdate" in given:  # it wins over the other date
        given.pop("lastmodifieddate", None)
    return given


def _chosen(call: Call, orders: list[BuyerOrder], filters: dict[str, str]) -> list[BuyerOrder]:
    if not filters:
        first = call.world.clock.ms - NINETY_DAYS_MS
        return [order for order in orders if order.created >= first]
    for name, value in filters.items():
        orders = _kept(call, orders, name, value)
    return orders


def _filter(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    if name not in {*DATES, "orderfulfillmentstatus"}:
        raise refuse(30700, name)
    return name, value


def _kept(call: Call, orders: list[BuyerOrder], name: str, value: str) -> list[BuyerOrder]:
    if name not in DATES:
        words = set(value.strip("{}").split("|"))
        if not words <= STATUSES:
            raise refuse(30800, value)
        return [order for order in orders if order.fulfillment_status in words]
    start, end = _range(call, value)
    return [order for order in orders if start <= _date(call, order, DATES[name]) <= end]


def _range(call: Call, value: str) -> tuple[int, int]:
    start, dots, end = value.strip("[]").partition("..")
    if not dots or not value.startswith("["):
        raise refuse(30800, value)
    if not start:
        raise refuse(30820)
    try:
        moments = from_iso(start), from_iso(end) if end else call.world.clock.ms
    except ValueError:
        raise refuse(30810, value) from None
    if max(moments) > call.world.clock.ms:
        raise refuse(30850, value)
    if moments[0] > moments[1]:
        raise refuse(30840, value)
    if moments[0] < call.world.clock.ms - TWO_YEARS_MS:
        raise refuse(30830, value)
    return moments


def get(call: Call) -> Reply:
    """Return one order."""
    _check_field_groups(call)
    return Reply(200, shown(call, find(call), requests=True))


def find(call: Call, error_id: int = 32100) -> BuyerOrder:
    """Return the order that the path names.

    Raises:
        Refusal: there is none, or none that can be seen yet.
    """
    order = call.seller.orders.get(call.params["order"])
    if order is None or order.visible > call.world.clock.ms:
        raise refuse(error_id, call.params["order"])
    return order


def change(call: Call, order: BuyerOrder, **changes: object) -> None:
    """Put an order with changes into the place of what it was."""
    call.seller.orders[order.order_id] = structs.replace(
        order, modified=call.world.clock.ms, **changes
    )


API = "sell.fulfillment"
OPERATIONS = [
    Operation("getOrders", "GET", BASE, get_all, api=API),
    Operation("getOrder", "GET", f"{BASE}/{{order}}", get, api=API),
]
