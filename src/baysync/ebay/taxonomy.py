"""The Taxonomy API: category trees, suggestions, and the aspects of a category. Pure.

Source: commerce/taxonomy/v1. It takes the application's token. 204 means "nothing", not an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from baysync.ebay import wire
from baysync.ebay.calls import get, segment, with_query
from baysync.ebay.model import Answer, Call, Family, Operation

ROOT = "/commerce/taxonomy/v1"


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """The category tree of a marketplace; what is cached from it is valid for this version."""

    tree_id: str
    version: str


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category; ``path`` are the names from the root down to its parent."""

    category_id: str
    name: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A category in its tree: ``parent`` is the id of the one above it, empty at the top."""

    category_id: str
    name: str
    parent: str
    leaf: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryAspect:
    """An aspect (item specific) of a category.

    Attributes:
        name: in the language of the marketplace, as listings spell it.
        required: publishing fails without it.
        varies: variants may differ in it.
        values: what eBay lists; the only ones it takes where ``only_listed``.
        only_listed: other values are refused.
        many: more than one value may be given.
        longest: characters of a value; None where eBay names no limit.
    """

    name: str
    required: bool
    varies: bool
    values: tuple[str, ...]
    only_listed: bool
    many: bool
    longest: int | None


def get_default_tree_id(marketplace: str) -> Call:
    """Ask which tree a marketplace uses, and in which version; a cheap freshness check."""
    path = with_query(f"{ROOT}/get_default_category_tree_id", marketplace_id=marketplace)
    return _get(Operation.GET_CATEGORY_TREE_ID, path, marketplace)


def tree_in(answer: Answer) -> CategoryTree | None:
    """Return the tree of an answer; None when it names none."""
    body = wire.mapping(answer.body)
    tree_id = wire.text(body.get("categoryTreeId"))
    return CategoryTree(tree_id, wire.text(body.get("categoryTreeVersion"))) if tree_id else None


def get_category_tree(tree_id: str, *, marketplace: str) -> Call:
    """Read a whole tree: tens of thousands of categories, by far the largest of eBay's answers."""
    return _get(
        Operation.GET_CATEGORY_TREE, f"{ROOT}/category_tree/{segment(tree_id)}", marketplace
    )


def nodes_in(answer: Answer) -> list[Node]:
    """Return every category of a whole tree but its root, each after the one above it."""
    root = wire.mapping(wire.mapping(answer.body).get("rootCategoryNode"))
    open_nodes = [("", child) for child in wire.rows(root.get("childCategoryTreeNodes"))]
    nodes: list[Node] = []
    while open_nodes:
        parent, row = open_nodes.pop()
        category = _category(row, ())
        children = wire.rows(row.get("childCategoryTreeNodes"))
        nodes.append(Node(category.category_id, category.name, parent, leaf=not children))
        open_nodes += [(category.category_id, child) for child in reversed(children)]
    return nodes


def get_category_subtree(tree_id: str, category_id: str, *, marketplace: str) -> Call:
    """Read a category with all below it."""
    path = f"{ROOT}/category_tree/{segment(tree_id)}/get_category_subtree"
    path = with_query(path, category_id=category_id)
    return _get(Operation.GET_CATEGORY_SUBTREE, path, marketplace)


def leaves_in(answer: Answer) -> list[CategoryNode]:
    """Return the leaf categories of a subtree; a leaf's own subtree has just itself."""
    node = wire.mapping(wire.mapping(answer.body).get("categorySubtreeNode"))
    open_nodes: list[tuple[Mapping[str, object], tuple[str, ...]]] = [(node, ())] if node else []
    leaves: list[CategoryNode] = []
    while open_nodes:
        node, path = open_nodes.pop()
        category = _category(node, path)
        children = wire.rows(node.get("childCategoryTreeNodes"))
        open_nodes += [(child, (*path, category.name)) for child in reversed(children)]
        if not children and category.category_id:
            leaves.append(category)
    return leaves


def get_suggestions(tree_id: str, words: str, *, marketplace: str) -> Call:
    """Ask which leaf categories fit a title; the sandbox answers at random."""
    path = f"{ROOT}/category_tree/{segment(tree_id)}/get_category_suggestions"
    return _get(Operation.GET_CATEGORY_SUGGESTIONS, with_query(path, q=words), marketplace)


def suggestions_in(answer: Answer) -> list[CategoryNode]:
    """Return the suggested categories, the likeliest first; none for 204."""
    found = wire.rows(wire.mapping(answer.body).get("categorySuggestions"))
    return [category for row in found if (category := _category(row, _ancestors(row))).category_id]


def get_item_aspects(tree_id: str, category_id: str, *, marketplace: str) -> Call:
    """Ask which aspects a leaf category wants."""
    path = f"{ROOT}/category_tree/{segment(tree_id)}/get_item_aspects_for_category"
    path = with_query(path, category_id=category_id)
    return _get(Operation.GET_ITEM_ASPECTS, path, marketplace)


def aspects_in(answer: Answer) -> list[CategoryAspect]:
    """Return the aspects in eBay's order; one without a name is left out."""
    rows = wire.rows(wire.mapping(answer.body).get("aspects"))
    return [aspect for row in rows if (aspect := _aspect(row)).name]


def _aspect(row: Mapping[str, object]) -> CategoryAspect:
    rule = wire.mapping(row.get("aspectConstraint"))
    values = wire.rows(row.get("aspectValues"))
    return CategoryAspect(
        name=wire.text(row.get("localizedAspectName")),
        required=rule.get("aspectRequired") is True,
        varies=rule.get("aspectEnabledForVariations") is True,
        values=tuple(wire.text(value.get("localizedValue")) for value in values),
        only_listed=rule.get("aspectMode") == "SELECTION_ONLY",
        many=rule.get("itemToAspectCardinality") == "MULTI",
        longest=wire.number(rule.get("aspectMaxLength")),
    )


def _category(row: Mapping[str, object], path: tuple[str, ...]) -> CategoryNode:
    category = wire.mapping(row.get("category"))
    return CategoryNode(
        wire.text(category.get("categoryId")), wire.text(category.get("categoryName")), path
    )


def _ancestors(row: Mapping[str, object]) -> tuple[str, ...]:
    """EBay names the nearest ancestor first."""
    names = [
        wire.text(ancestor.get("categoryName"))
        for ancestor in wire.rows(row.get("categoryTreeNodeAncestors"))
    ]
    return tuple(reversed(names))


def _get(op: Operation, path: str, marketplace: str) -> Call:
    return get(op, path, Family.TAXONOMY, marketplace=marketplace, application=True)
