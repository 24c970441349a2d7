"""The bulk calls for inventory items."""

from mockbay import bulk, inventory
from mockbay.answers import Document, Reply, refuse
from mockbay.call import Call, Operation
from mockbay.inventory import BASE
from mockbay.marketplaces import LOCALES


def create_or_replace(call: Call) -> Reply:
    """Store up to 25 items whole; every row names its SKU and locale."""
    found = bulk.rows(call)
    bulk.at_most(found, bulk.MOST_ROWS, 25727)
    if not all(row.get("sku") and row.get("locale") in LOCALES for row in found):
        raise refuse(25733)
    bulk.distinct((row["sku"] for row in found), 25728)
    return bulk.answer(call, found, _store)


def _store(call: Call, row: Document) -> list[Document]:
    existed = row["sku"] in call.seller.items
    warnings = inventory.replace(call, row["sku"], row["locale"], row)
    status = 200 if warnings or existed else 201
    answered = {"statusCode": status, "sku": row["sku"], "locale": row["locale"]}
    return [answered | {"warnings": warnings}]


def get(call: Call) -> Reply:
    """Return up to 25 items; one that does not exist is a failed row."""
    found = bulk.rows(call)
    bulk.at_most(found, bulk.MOST_ROWS, 25727)
    if not all(row.get("sku") for row in found):
        raise refuse(25709, "sku", parameters={"fieldName": "sku"})
    bulk.distinct((row["sku"] for row in found), 25734)
    return bulk.answer(call, found, _read)


def _read(call: Call, row: Document) -> list[Document]:
    item = inventory.shown(inventory.find(call, row["sku"]))
    del item["groupIds"]
    return [{"statusCode": 200, "sku": row["sku"], "inventoryItem": item}]


OPERATIONS = [
    Operation("bulkCreateOrReplaceInventoryItem", "POST",
              f"{BASE}/bulk_create_or_replace_inventory_item", create_or_replace, language=True),
    Operation("bulkGetInventoryItem", "POST", f"{BASE}/bulk_get_inventory_item", get),
]  # fmt: skip
