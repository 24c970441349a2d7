"""What a seller can set and what is never sent back, derived from eBay's own OpenAPI files."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from baysync.ownership.rules import GROUP, ITEM, OFFER
from support.ebay_specs import Document, body_schema, described, missing
from support.settable import FIELDS, value_at

pytestmark = missing

BASE = "/sell/inventory/v1"
CALLS = {
    "item": (f"{BASE}/inventory_item/{{sku}}", ITEM),
    "offer": (f"{BASE}/offer/{{offerId}}", OFFER),
    "group": (f"{BASE}/inventory_item_group/{{inventoryItemGroupKey}}", GROUP),
}
ROWS = "[]"
IN_THE_ADDRESS = {("inventoryItemGroupKey",)}
Leaf = tuple[str, ...]


def leaves(schema: Document, spec: Document, at: Leaf = ()) -> Iterator[Leaf]:
    """Yield the leaves of a schema; the rows of a list are a step of their own."""
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("properties"):
        for name, inner in schema["properties"].items():
            yield from leaves(inner, spec, (*at, name))
    elif schema.get("type") == "array":
        yield from leaves(schema["items"], spec, (*at, ROWS))
    else:
        yield at


def asked(kind: str) -> set[Leaf]:
    """Return the leaves of the body that replaces a document."""
    operation, spec = cast("tuple[Any, Any]", described("PUT", CALLS[kind][0]))
    schema = body_schema(operation["requestBody"])
    assert schema is not None
    return set(leaves(schema, spec)) - IN_THE_ADDRESS


def shown(kind: str) -> set[Leaf]:
    """Return the leaves of the document that a read shows."""
    operation, spec = cast("tuple[Any, Any]", described("GET", CALLS[kind][0]))
    schema = body_schema(operation["responses"]["200"])
    assert schema is not None
    return set(leaves(schema, spec))


@pytest.mark.parametrize("kind", CALLS)
def test_what_is_never_sent_back_is_what_reads_show_and_replacements_do_not_take(kind: str) -> None:
    rules = CALLS[kind][1]
    kept_back = {leaf for leaf in shown(kind) if any(leaf[: len(p)] == p for p in rules.read_only)}
    assert kept_back == shown(kind) - asked(kind)
    assert all(any(leaf[: len(p)] == p for leaf in kept_back) for p in rules.read_only)


@pytest.mark.parametrize("kind", CALLS)
def test_the_table_of_settable_fields_has_every_leaf_of_a_body(kind: str) -> None:
    lacking = [leaf for leaf in sorted(asked(kind)) if not has(kind, leaf)]
    assert lacking == []


def has(kind: str, leaf: Leaf) -> bool:
    """Return whether some example of the table sets a leaf."""
    place = leaf[: leaf.index(ROWS)] if ROWS in leaf else leaf
    path = ".".join(place)
    if path.endswith("aspects"):
        return any(field.path.startswith(f"{path}.") for field in FIELDS[kind])
    examples = [field.value for field in FIELDS[kind] if field.path == path]
    return any(_reaches(value, leaf[len(place) :]) for value in examples)


def _reaches(value: object, way: Leaf) -> bool:
    if not way:
        return True
    if way[0] == ROWS:
        rows = cast("list[object]", value) if isinstance(value, list) else []
        return any(_reaches(row, way[1:]) for row in rows)
    inner = value_at(cast("Document", value), way[0]) if isinstance(value, dict) else None
    return inner is not None and _reaches(inner, way[1:])
