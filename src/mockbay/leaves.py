"""The leaves of items, offers and groups that their seller can set, by dotted path. Pure.

``product.title`` is a leaf; so is a list (``product.imageUrls``, ``regulatory.documents``), which
is set whole, and a name in a map: all behind ``product.aspects.`` is the name of an aspect. An
object (``regulatory.manufacturer``) can be set or taken out whole.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Literal, cast

import msgspec

from mockbay.answers import Document
from mockbay.shapes import GROUP, ITEM, OFFER, Each, misfit

Kind = Literal["item", "offer", "group"]
SHAPES: Mapping[Kind, object] = {"item": ITEM, "offer": OFFER, "group": GROUP}
FIXED: dict[Kind, frozenset[str]] = {
    "item": frozenset(
        {"sku", "locale", "availability.shipToLocationAvailability.allocationByFormat"}
    ),
    "offer": frozenset({"sku", "marketplaceId", "format"}),
    "group": frozenset({"inventoryItemGroupKey"}),
}
"""What a body may name and nobody can set."""


@cache
def settable(kind: Kind) -> dict[str, object]:
    """Return the shape of each leaf of a kind of document, by path."""
    found = _leaves(SHAPES[kind], "")
    return {path: shape for path, shape in found.items() if path not in FIXED[kind]}


def _leaves(shape: object, at: str) -> dict[str, object]:
    if not isinstance(shape, dict) or not shape:
        return {at: shape}
    return {
        path: leaf
        for name, inner in cast("dict[str, object]", shape).items()
        for path, leaf in _leaves(inner, f"{at}.{name}" if at else name).items()
    }


@cache
def _objects(kind: Kind) -> dict[str, object]:
    """Return the shape of each object inside a kind of document, by path."""
    found: dict[str, object] = {}
    for path in settable(kind):
        shape, way = SHAPES[kind], path.split(".")
        for depth in range(1, len(way)):
            shape = cast("dict[str, object]", shape)[way[depth - 1]]
            found[".".join(way[:depth])] = shape
    return found


def edited(kind: Kind, document: Document, changes: Document, removed: list[str]) -> Document:
    """Return a document with some leaves set and others taken out.

    Raises:
        msgspec.ValidationError: a path is no leaf (the nearest are named), or a value has the
            wrong type.
    """
    document = msgspec.json.decode(msgspec.json.encode(document), type=Document)
    for path, value in changes.items():
        way, shape = _leaf(kind, path)
        if value is None or misfit(value, shape, path):
            raise msgspec.ValidationError(f"{path}: a value of this type does not fit there.")
        _parent(document, way)[way[-1]] = value
    for path in removed:
        way, _ = _leaf(kind, path)
        _parent(document, way).pop(way[-1], None)
    return document


def _leaf(kind: Kind, path: str) -> tuple[list[str], object]:
    """Return the way to a leaf and its shape; behind a map the rest of a path is one name."""
    leaves = settable(kind)
    for at, shape in leaves.items():
        if isinstance(shape, Each) and path.startswith(f"{at}."):
            return [*at.split("."), path[len(at) + 1 :]], shape.shape
    if (whole := _objects(kind).get(path)) is not None:
        return path.split("."), whole
    if path not in leaves:
        near = get_close_matches(path, leaves, n=3, cutoff=0.3) or sorted(leaves)[:3]
        raise msgspec.ValidationError(
            f"{path}: the seller cannot set this of an {kind}; did you mean {' or '.join(near)}?"
        )
    return path.split("."), leaves[path]


def _parent(document: Document, way: list[str]) -> Document:
    for name in way[:-1]:
        document = document.setdefault(name, {})
    return document
