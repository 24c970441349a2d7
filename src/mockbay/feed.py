"""The feed API: the report of everything on sale, made in its own time."""

import io
import zipfile
from xml.sax.saxutils import escape

from mockbay.answers import Document, Reply, refuse
from mockbay.call import Call, Operation
from mockbay.clock import to_iso
from mockbay.listings import effective_quantity
from mockbay.paging import page_of
from mockbay.state import Seller, World

BASE = "/sell/feed/v1"
API = "sell.feed"
REPORT = "LMS_ACTIVE_INVENTORY_REPORT"
PER_DAY, DAY_MS = 25, 86_400_000
LONGEST_PAGE, USUAL_PAGE = 500, 10
PAGING_ERRORS = (160012, 160013)
STAGES = ("CREATED", "QUEUED", "IN_PROCESS")


def create(call: Call) -> Reply:
    """Order a report; it is ready after the switch ``feed_lag_ms``."""
    if call.document.get("feedType") != REPORT:
        raise refuse(160017)
    if call.document.get("schemaVersion") != "1.0":
        raise refuse(160018)
    since = call.world.clock.ms - DAY_MS
    if sum(task["created"] > since for task in call.seller.tasks.values()) >= PER_DAY:
        raise refuse(160025)
    task_id = f"task-{call.world.seed}-{call.world.count('task')}"
    call.seller.tasks[task_id] = {
        "taskId": task_id, "created": call.world.clock.ms,
        "report": _report(call.world, call.seller),
    }  # fmt: skip
    return Reply(202, None, {"location": f"{BASE}/inventory_task/{task_id}"})


def _find(call: Call) -> Document:
    task = call.seller.tasks.get(call.params["task"])
    if task is None:
        raise refuse(160003, call.params["task"])
    return task


def _shown(world: World, task: Document) -> Document:
    lag, passed = world.switches.feed_lag_ms, world.clock.ms - task["created"]
    document: Document = {
        "taskId": task["taskId"], "feedType": REPORT, "schemaVersion": "1.0",
        "creationDate": to_iso(task["created"]),
        "detailHref": f"{BASE}/inventory_task/{task['taskId']}",
    }  # fmt: skip
    if passed < lag:
        return document | {"status": STAGES[passed * len(STAGES) // lag]}
    ready = to_iso(task["created"] + lag)
    counts = {"successCount": task["report"].count("<SKUDetails>"), "failureCount": 0}
    return document | {"status": "COMPLETED", "completionDate": ready, "uploadSummary": counts}


def get(call: Call) -> Reply:
    """Return how far a task is."""
    return Reply(200, _shown(call.world, _find(call)))


def get_all(call: Call) -> Reply:
    """Return the tasks, newest first."""
    if not call.query.get("feed_type"):
        raise refuse(160004)
    page = page_of(call, longest=LONGEST_PAGE, usual=USUAL_PAGE, errors=PAGING_ERRORS)
    tasks = [_shown(call.world, task) for task in reversed(call.seller.tasks.values())]
    body = page.answer(call, len(tasks)) | {"offset": page.offset}
    return Reply(200, body | {"tasks": list(page.cut(tasks))})


def download(call: Call) -> Reply:
    """Return the report of a finished task, zipped."""
    task = _find(call)
    if _shown(call.world, task)["status"] != "COMPLETED":
        raise refuse(160014, task["taskId"])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{task['taskId']}.xml"), task["report"])
    return Reply(200, packed.getvalue(), content_type="application/octet-stream")


def _report(world: World, seller: Seller) -> str:
    """Return everything on sale, made here or elsewhere, as XML."""
    rows = [
        (offer.sku, offer.listing_id, effective_quantity(world, seller, offer), offer.price)
        for offer in seller.offers.values() if offer.published
    ] + [
        (one["sku"], key, one["quantity"], (one["price"], one["currency"]))
        for key, one in seller.foreign.items()
    ]  # fmt: skip
    details = "".join(
        f"<SKUDetails><SKU>{escape(sku)}</SKU><ItemID>{listing_id}</ItemID>"
        f"<Quantity>{quantity}</Quantity>"
        f'<Price currencyID="{price[1] if price else ""}">{price[0] if price else ""}</Price>'
        "</SKUDetails>"
        for sku, listing_id, quantity, price in rows
    )
    return f"<ActiveInventoryReport>{details}</ActiveInventoryReport>"


OPERATIONS = [
    Operation("createInventoryTask", "POST", f"{BASE}/inventory_task", create, api=API),
    Operation("getInventoryTasks", "GET", f"{BASE}/inventory_task", get_all, api=API),
    Operation("getInventoryTask", "GET", f"{BASE}/inventory_task/{{task}}", get, api=API),
    Operation("getResultFile", "GET", f"{BASE}/task/{{task}}/download_result_file", download,
              api=API),
]  # fmt: skip
