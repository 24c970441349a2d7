"""Calls of the Inventory API about items, groups and locations; offers have a module of their own.

Source: sell/inventory/v1. Item and group PUTs replace the whole document: what the body leaves
out is gone afterwards, the quantity too. Pure builders.
"""

from collections.abc import Sequence

from baysync.ebay import wire
from baysync.ebay.calls import Body, bulk, delete, get, segment, with_query
from baysync.ebay.marketplace import language_of
from baysync.ebay.model import DEFAULT_MARKETPLACE, Call, Family, Operation

ROOT = "/sell/inventory/v1"
MIGRATE_ROWS = 5
PAGE = 200


def put_inventory_item(sku: str, locale: str, body: Body, *, marketplace: str) -> Call:
    """Create or replace one item; its text is in ``locale`` (``de_DE``)."""
    return _put(Operation.PUT_INVENTORY_ITEM, "inventory_item", sku, body, (locale, marketplace))


def bulk_create_or_replace_inventory_item(
    items: Sequence[tuple[str, str, Body]], *, marketplace: str = DEFAULT_MARKETPLACE
) -> Call:
    """Create or replace up to 25 items given as (SKU, locale, body), all in one locale.

    Raises:
        ValueError: not 1 to 25 rows, a SKU twice, or two locales (one header serves all rows,
            and eBay keeps it as the language of the item).
    """
    locales = sorted({locale for _, locale, _ in items})
    if len(locales) > 1:
        raise ValueError(f"the items of a call share one locale, not {locales}")
    return bulk(
        Operation.BULK_PUT_INVENTORY_ITEM,
        [{**body, "sku": sku, "locale": locale} for sku, locale, body in items],
        [sku for sku, _, _ in items],
        marketplace=marketplace,
        language=language_of(locales[0]) if locales else None,
    )


def bulk_get_inventory_item(skus: Sequence[str]) -> Call:
    """Read up to 25 items."""
    return bulk(Operation.BULK_GET_INVENTORY_ITEM, [{"sku": sku} for sku in skus], skus)


def bulk_update_price_quantity(
    rows: Sequence[Body], *, marketplace: str = DEFAULT_MARKETPLACE
) -> Call:
    """Set price, quantity or both of up to 25 SKUs with published offers.

    A row is ``{sku, shipToLocationAvailability?, offers: [{offerId, availableQuantity?, price?}]}``
    with the price as a string; values are absolute, so sending twice does no harm.
    """
    keys = [wire.text(row.get("sku")) for row in rows]
    return bulk(Operation.BULK_UPDATE_PRICE_QUANTITY, rows, keys, marketplace=marketplace)


def bulk_migrate_listing(listing_ids: Sequence[str]) -> Call:
    """Bring up to 5 listings that were made elsewhere under the Inventory API."""
    rows = [{"listingId": listing_id} for listing_id in listing_ids]
    return bulk(Operation.BULK_MIGRATE_LISTING, rows, listing_ids, most=MIGRATE_ROWS)


def get_inventory_item(sku: str) -> Call:
    """Read one item; 404 with 25710 when there is none."""
    path = f"{ROOT}/inventory_item/{segment(sku)}"
    return get(Operation.GET_INVENTORY_ITEM, path, keys=(sku,))


def get_inventory_items(*, limit: int = PAGE, page: str | None = None) -> Call:
    """Read the first page of the seller's items; go on with ``calls.following``.

    ``page`` is the path of another, as an earlier answer named it.
    """
    path = page or with_query(f"{ROOT}/inventory_item", limit=limit)
    return get(Operation.GET_INVENTORY_ITEMS, path)


def delete_inventory_item(sku: str) -> Call:
    """Delete an item; its unpublished offers die with it and its single listings end."""
    path = f"{ROOT}/inventory_item/{segment(sku)}"
    return delete(Operation.DELETE_INVENTORY_ITEM, path, sku)


def get_inventory_item_group(key: str) -> Call:
    """Read one group of items."""
    path = f"{ROOT}/inventory_item_group/{segment(key)}"
    return get(Operation.GET_GROUP, path, keys=(key,))


def put_inventory_item_group(key: str, locale: str, body: Body, *, marketplace: str) -> Call:
    """Create or replace a group; a SKU left out of ``variantSKUs`` leaves the listing."""
    return _put(Operation.PUT_GROUP, "inventory_item_group", key, body, (locale, marketplace))


def delete_inventory_item_group(key: str) -> Call:
    """Delete a group; its items and offers stay."""
    path = f"{ROOT}/inventory_item_group/{segment(key)}"
    return delete(Operation.DELETE_GROUP, path, key)


def get_location(key: str) -> Call:
    """Read one inventory location."""
    return get(Operation.GET_LOCATION, f"{ROOT}/location/{segment(key)}", keys=(key,))


def get_locations(*, limit: int = 100) -> Call:
    """Read the first page of the seller's inventory locations; ``calls.following`` goes on."""
    return get(Operation.GET_LOCATIONS, with_query(f"{ROOT}/location", limit=limit))


def create_location(key: str, body: Body) -> Call:
    """Create an inventory location; 25803 when there is one of this key already."""
    return Call(
        op=Operation.CREATE_LOCATION,
        method="POST",
        path=f"{ROOT}/location/{segment(key)}",
        family=Family.INVENTORY,
        body=body,
        keys=(key,),
        idempotent=False,
    )


def _put(op: Operation, folder: str, key: str, body: Body, where: tuple[str, str]) -> Call:
    locale, marketplace = where
    return Call(
        op=op,
        method="PUT",
        path=f"{ROOT}/{folder}/{segment(key)}",
        family=Family.INVENTORY,
        body=body,
        keys=(key,),
        marketplace=marketplace,
        language=language_of(locale),
    )
