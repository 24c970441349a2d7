"""A live group of two T-shirts, and what reads of it show."""

from mockbay.leaves import Kind
from support.mockbay_calls import INVENTORY, Document, Seller, item

GROUP = f"{INVENTORY}/inventory_item_group/TEE"


def tees(seller: Seller) -> None:
    """Put a group of two T-shirts live."""
    for size in ("S", "M"):
        said = {"Brand": ["Loom"], "Size": [size], "Department": ["Men"]}
        seller.put_item(f"TEE-{size}", item(product={"aspects": said}))
        seller.create_offer(f"TEE-{size}", categoryId="201")
    axes = {"specifications": [{"name": "Size", "values": ["S", "M"]}]}
    group = {"title": "Tee", "variantSKUs": ["TEE-S", "TEE-M"], "variesBy": axes}
    assert seller.call("PUT", GROUP, group).status == 201
    body = {"inventoryItemGroupKey": "TEE", "marketplaceId": "EBAY_US"}
    path = f"{INVENTORY}/offer/publish_by_inventory_item_group"
    assert seller.call("POST", path, body).status == 200


def shown(seller: Seller, kind: Kind, sku: str = "TEE-S") -> Document:
    """Return what a read shows."""
    if kind == "group":
        return seller.call("GET", GROUP).json
    if kind == "item":
        return seller.get_item(sku).json
    return seller.call("GET", f"{INVENTORY}/offer?sku={sku}").json["offers"][0]
