"""What is never sent back, and which fields eBay knows, against its own Inventory file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from baysync.ownership.documents import Kind, is_known
from baysync.ownership.fields import KNOWN
from baysync.ownership.model import CarryingRules
from baysync.ownership.rules import GROUP, ITEM, OFFER
from support.ebay_specs import FOLDER, Document, missing

pytestmark = missing
READ = {"item": "InventoryItemWithSkuLocaleGroupKeys", "offer": "EbayOfferDetailsWithAll"}
SENT = {
    "item": "InventoryItem",
    "offer": "EbayOfferDetailsWithId",
    "group": "InventoryItemGroup",
}
OLD_NAMES = {("groupIds",)}  # what bulk reads call the keys of an item's groups
IDENTITY = ("inventoryItemGroupKey",)  # the group's file has one schema for both


@pytest.fixture(scope="module")
def schemas() -> Document:
    files = (json.loads(path.read_text()) for path in sorted(Path(FOLDER).glob("*.json")))
    inventory = next(
        each for each in files if "InventoryItemGroup" in each["components"]["schemas"]
    )
    return inventory["components"]["schemas"]


def fields(name: str, schemas: Document) -> Iterator[tuple[str, ...]]:
    """Yield every path of a schema; a list is one field, and so is what has no properties."""
    return _below(schemas[name], (), schemas)


def _below(schema: Document, at: tuple[str, ...], schemas: Document) -> Iterator[tuple[str, ...]]:
    schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if at:
        yield at
    for name, inner in schema.get("properties", {}).items():
        yield from _below(inner, (*at, name), schemas)


def heads(paths: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Return the paths that lie under no other."""
    return {path for path in paths if not any(path[:n] in paths for n in range(1, len(path)))}


@pytest.mark.parametrize(("kind", "rules"), [("item", ITEM), ("offer", OFFER)])
def test_what_ebay_shows_and_does_not_take_is_never_sent_back(
    kind: str, rules: CarryingRules, schemas: Document
) -> None:
    shown, taken = set(fields(READ[kind], schemas)), set(fields(SENT[kind], schemas))
    assert heads(shown - taken) | OLD_NAMES == rules.read_only | OLD_NAMES


def test_of_a_group_only_its_key_is_never_sent_back(schemas: Document) -> None:
    assert {IDENTITY} == GROUP.read_only
    assert IDENTITY in set(fields(SENT["group"], schemas))


@pytest.mark.parametrize("kind", sorted(SENT))
def test_our_list_of_fields_is_ebays(kind: str, schemas: Document) -> None:
    taken = set(fields(SENT[kind], schemas)) - {IDENTITY}
    above = {path[:length] for path in KNOWN[kind] for length in range(1, len(path))}
    assert [path for path in taken - above if not is_known(Kind(kind), path)] == []
    assert [path for path in KNOWN[kind] if path not in taken] == []
