"""What the builders of all APIs share: paths, pages, rows. Pure."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode, urlsplit

from baysync.ebay import wire
from baysync.ebay.model import DEFAULT_MARKETPLACE, Answer, Call, Family, Operation

Body = Mapping[str, object]

BULK_ROWS = 25
BULK_PATHS = {
    Operation.BULK_PUT_INVENTORY_ITEM: "bulk_create_or_replace_inventory_item",
    Operation.BULK_GET_INVENTORY_ITEM: "bulk_get_inventory_item",
    Operation.BULK_UPDATE_PRICE_QUANTITY: "bulk_update_price_quantity",
    Operation.BULK_CREATE_OFFER: "bulk_create_offer",
    Operation.BULK_PUBLISH_OFFER: "bulk_publish_offer",
    Operation.BULK_MIGRATE_LISTING: "bulk_migrate_listing",
}
REPEATABLE = frozenset(
    {
        Operation.BULK_PUT_INVENTORY_ITEM,
        Operation.BULK_GET_INVENTORY_ITEM,
        Operation.BULK_UPDATE_PRICE_QUANTITY,
    }
)


def segment(name: str) -> str:
    """Return ``name`` as one segment of a path: slash, space and umlauts percent-encoded."""
    return quote(name, safe="")


def with_query(path: str, **parameters: str | int | None) -> str:
    """Return ``path`` with the parameters that are not None, percent-encoded."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"{path}?{urlencode(given, quote_via=quote, safe='')}" if given else path


def get(
    op: Operation,
    path: str,
    family: Family = Family.INVENTORY,
    *,
    keys: tuple[str, ...] = (),
    marketplace: str = DEFAULT_MARKETPLACE,
    application: bool = False,
) -> Call:
    """Return a reading call."""
    return Call(
        op=op,
        method="GET",
        path=path,
        family=family,
        keys=keys,
        marketplace=marketplace,
        application=application,
    )


def delete(op: Operation, path: str, key: str) -> Call:
    """Return a deleting call of the Inventory API."""
    return Call(op=op, method="DELETE", path=path, family=Family.INVENTORY, keys=(key,))


def bulk(
    op: Operation,
    rows: Sequence[Body],
    keys: Sequence[str],
    *,
    marketplace: str = DEFAULT_MARKETPLACE,
    language: str | None = None,
    most: int = BULK_ROWS,
) -> Call:
    """Return a bulk call of the Inventory API with one key a row.

    Raises:
        ValueError: no row, more than ``most``, or the same key twice: eBay refuses such calls
            as a whole.
    """
    if not 1 <= len(keys) <= most:
        raise ValueError(f"{op}: 1 to {most} rows in a call, not {len(keys)}")
    if len(set(keys)) != len(keys) or "" in keys:
        raise ValueError(f"{op}: each row of a call needs a key of its own")
    return Call(
        op=op,
        method="POST",
        path=f"/sell/inventory/v1/{BULK_PATHS[op]}",
        family=Family.INVENTORY,
        body={"requests": list(rows)},
        keys=tuple(keys),
        marketplace=marketplace,
        language=language,
        idempotent=op in REPEATABLE,
    )


def following(answer: Answer) -> Call | None:
    """Return the call for the page after ``answer``; None on the last one.

    Only eBay's own ``next`` is followed (``offset`` counts pages here and rows there), and never
    to another path or to the same page again.
    """
    here = urlsplit(answer.call.path)
    there = urlsplit(wire.text(wire.mapping(answer.body).get("next")))
    if there.path != here.path or there.query in ("", here.query):
        return None
    return get(
        answer.call.op,
        f"{there.path}?{there.query}",
        answer.call.family,
        keys=answer.call.keys,
        marketplace=answer.call.marketplace,
        application=answer.call.application,
    )
