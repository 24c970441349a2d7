"""Inventory locations: where goods are sent from."""

from mockbay.answers import Document, Refusal, Reply, part, refuse
from mockbay.call import Call, Operation
from mockbay.inventory import BASE
from mockbay.names import names
from mockbay.paging import page_of
from mockbay.rules import LOCATION_KEY, location_problems

LONGEST_PAGE = 100
DETAILS = frozenset(
    names(
        "location locationAdditionalInformation locationInstructions locationTypes "
        "locationWebUrl merchantLocationStatus name operatingHours phone specialHours "
        "timeZoneId fulfillmentCenterSpecifications"
    )
)
UPDATABLE = DETAILS - {"merchantLocationStatus", "locationTypes", "timeZoneId"}


def create(call: Call) -> Reply:
    """Create a location under a key of the seller's choice."""
    key = call.params["key"]
    if not 0 < len(key) <= LOCATION_KEY:
        raise refuse(25800, f"merchantLocationKey: 1 to {LOCATION_KEY} characters.")
    if key in call.seller.locations:
        raise refuse(25803, key, parameters={"merchantLocationKey": key})
    document = _details(call, DETAILS)
    if not part(document, "location", "address"):
        raise refuse(25801, "location.address", parameters={"fieldName": "address"})
    document.setdefault("merchantLocationStatus", "ENABLED")
    document.setdefault("locationTypes", ["WAREHOUSE"])
    call.seller.locations[key] = document
    return Reply(204)


def _details(call: Call, known: frozenset[str]) -> Document:
    if found := list(location_problems(call.document)):
        raise Refusal(400, found)
    return {n: v for n, v in call.document.items() if n in known and v is not None}


def find(call: Call) -> Document:
    """Return the location that the path names.

    Raises:
        Refusal: 404 with 25805, there is none.
    """
    key = call.params["key"]
    if key not in call.seller.locations:
        raise refuse(25805, key, parameters={"merchantLocationKey": key})
    return call.seller.locations[key]


def shown(key: str, document: Document) -> Document:
    """Return a location as eBay gives it back."""
    place = {"locationId": f"L{key}"} | part(document, "location")
    return document | {"merchantLocationKey": key, "location": place}


def get(call: Call) -> Reply:
    """Return one location."""
    return Reply(200, shown(call.params["key"], find(call)))


def get_all(call: Call) -> Reply:
    """Return a page of locations."""
    page = page_of(call, longest=LONGEST_PAGE, usual=LONGEST_PAGE, clipped=True)
    listed = [shown(key, document) for key, document in call.seller.locations.items()]
    body = page.answer(call, len(listed)) | {"offset": page.offset}
    return Reply(200, body | {"locations": list(page.cut(listed))})


def update(call: Call) -> Reply:
    """Change the details a location may change."""
    location = find(call)
    location.update(_details(call, UPDATABLE))
    return Reply(204)


def enable(call: Call) -> Reply:
    """Let offers use the location."""
    find(call)["merchantLocationStatus"] = "ENABLED"
    return Reply(200, {})


def disable(call: Call) -> Reply:
    """Keep offers from using the location; live listings go on."""
    find(call)["merchantLocationStatus"] = "DISABLED"
    return Reply(200, {})


def delete(call: Call) -> Reply:
    """Delete a location; offers that name it can no longer be edited."""
    find(call)
    del call.seller.locations[call.params["key"]]
    return Reply(204)


ONE = f"{BASE}/location/{{key}}"
OPERATIONS = [
    Operation("createInventoryLocation", "POST", ONE, create),
    Operation("getInventoryLocation", "GET", ONE, get),
    Operation("deleteInventoryLocation", "DELETE", ONE, delete),
    Operation("getInventoryLocations", "GET", f"{BASE}/location", get_all),
    Operation("updateInventoryLocation", "POST", f"{ONE}/update_location_details", update),
    Operation("enableInventoryLocation", "POST", f"{ONE}/enable", enable),
    Operation("disableInventoryLocation", "POST", f"{ONE}/disable", disable),
]
