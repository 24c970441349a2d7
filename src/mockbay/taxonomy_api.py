"""The taxonomy API and what the metadata API says about categories."""

import re
from urllib.parse import unquote

from mockbay.answers import Document, Reply, describe, refuse
from mockbay.call import Call, Handler, Operation
from mockbay.marketplaces import MARKETPLACES
from mockbay.state import World
from mockbay.taxonomy import (
    CONDITION_IDS,
    ROOT,
    TREE_VERSION,
    Aspect,
    Category,
    named,
)

TAXONOMY = "/commerce/taxonomy/v1"
METADATA = "/sell/metadata/v1"
MOST_CATEGORIES = 50
TREES = {marketplace.tree for marketplace in MARKETPLACES.values()}
ROOT_NODE = Category(ROOT, "Root", "")


def default_tree(call: Call) -> Reply:
    """Return the tree of a marketplace and its version."""
    marketplace = call.query.get("marketplace_id")
    if not marketplace:
        raise refuse(62002)
    if marketplace not in MARKETPLACES:
        raise refuse(62003, marketplace)
    return Reply(200, _versioned(MARKETPLACES[marketplace].tree))


def _versioned(tree: str) -> Document:
    return {"categoryTreeId": tree, "categoryTreeVersion": TREE_VERSION}


def _tree(call: Call) -> str:
    tree = call.params["tree"]
    if tree not in TREES:
        raise refuse(62004, tree)
    return tree


def _category(call: Call) -> Category:
    _tree(call)
    wanted = call.query.get("category_id")
    if not wanted:
        raise refuse(62006)
    if wanted == ROOT:
        raise refuse(62008)
    if (found := call.world.category(wanted)) is None:
        raise refuse(62005, wanted, parameters={"categoryId": wanted})
    return found


def tree(call: Call) -> Reply:
    """Return the whole tree."""
    tree_id = _tree(call)
    markets = [name for name, one in MARKETPLACES.items() if one.tree == tree_id]
    body = {
        "applicableMarketplaceIds": markets,
        "rootCategoryNode": _node(_below(call.world), ROOT_NODE, 0),
    }
    return Reply(200, _versioned(tree_id) | body)


def subtree(call: Call) -> Reply:
    """Return the tree below one category."""
    category = _category(call)
    level = len(_ancestors(call.world, category))
    body = {"categorySubtreeNode": _node(_below(call.world), category, level)}
    return Reply(200, _versioned(call.params["tree"]) | body)


def _below(world: World) -> dict[str, list[Category]]:
    """Return the categories by their parent."""
    below: dict[str, list[Category]] = {}
    for one in world.categories.values():
        below.setdefault(one.parent, []).append(one)
    return below


def _node(below: dict[str, list[Category]], category: Category, level: int) -> Document:
    children = below.get(category.id, [])
    node: Document = {"category": _named(category), "categoryTreeNodeLevel": level}
    if children:
        node["childCategoryTreeNodes"] = [_node(below, child, level + 1) for child in children]
    else:
        node["leafCategoryTreeNode"] = True
    return node


def _named(category: Category) -> Document:
    return {"categoryId": category.id, "categoryName": category.name}


def _ancestors(world: World, category: Category) -> list[Category]:
    """Return the nodes above a category, the nearest first and the root last."""
    if category.id == ROOT:
        return []
    above = world.categories.get(category.parent, ROOT_NODE)
    return [above, *_ancestors(world, above)]


def suggestions(call: Call) -> Reply:
    """Return the leaf categories that fit a text, best first; 204 when none does."""
    tree_id = _tree(call)
    text = call.query.get("q", "").strip()
    if not text:
        raise refuse(62007)
    words = _stems(text)
    scored = [(len(words & _words(one)), one) for one in call.world.categories.values() if one.leaf]
    best = sorted((s for s in scored if s[0]), key=lambda found: (-found[0], found[1].id))
    if not best:
        return Reply(204)
    listed = [_suggestion(call.world, category) for _, category in best]
    return Reply(200, _versioned(tree_id) | {"categorySuggestions": listed})


def _words(category: Category) -> set[str]:
    values = [value for aspect in category.aspects for value in (aspect.name, *aspect.values)]
    return _stems(category.name) | (_stems(" ".join(values)) & {"size", "author", "scent"})


def _stems(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[a-z]+", text.lower()) if len(word) > 2}  # noqa: PLR2004


def _suggestion(world: World, category: Category) -> Document:
    above = _ancestors(world, category)
    return {
        "category": _named(category), "categoryTreeNodeLevel": len(above),
        "categoryTreeNodeAncestors": [
            _named(one) | {"categoryTreeNodeLevel": len(above) - number}
            for number, one in enumerate(above[:-1], start=1)
        ],
    }  # fmt: skip


def aspects(call: Call) -> Reply:
    """Return the aspects of a leaf category."""
    category = _category(call)
    if not category.leaf:
        raise refuse(62009, category.id, parameters={"categoryId": category.id})
    locale = next(one.locale for one in MARKETPLACES.values() if one.tree == call.params["tree"])
    return Reply(200, {"aspects": [_aspect(named(one, locale)) for one in category.aspects]})


def _aspect(aspect: Aspect) -> Document:
    constraint: Document = {
        "aspectDataType": "STRING",
        "itemToAspectCardinality": "MULTI" if aspect.many else "SINGLE",
        "aspectMode": "SELECTION_ONLY" if aspect.only_these else "FREE_TEXT",
        "aspectRequired": aspect.required,
        "aspectUsage": "RECOMMENDED",
        "aspectEnabledForVariations": aspect.varies,
        "aspectApplicableTo": ["PRODUCT"],
        "aspectMaxLength": aspect.longest,
    }
    values = [{"localizedValue": value} for value in aspect.values]
    return {
        "localizedAspectName": aspect.name, "aspectConstraint": constraint,
        "aspectValues": values,
    }  # fmt: skip


def condition_policies(call: Call) -> Reply:
    """Return the conditions of the leaf categories that the filter names, or of all."""
    tree_id, leaves, warnings = _filtered(call)
    listed = [
        {
            "categoryTreeId": tree_id, "categoryId": leaf.id, "itemConditionRequired": True,
            "itemConditions": [_condition(name) for name in leaf.conditions],
        }
        for leaf in leaves
    ]  # fmt: skip
    return Reply(200, {"itemConditionPolicies": listed, "warnings": warnings})


def _condition(name: str) -> Document:
    return {
        "conditionId": CONDITION_IDS[name],
        "conditionDescription": name.replace("_", " ").capitalize(),
    }


def structure_policies(call: Call) -> Reply:
    """Return which leaf categories permit variations."""
    tree_id, leaves, warnings = _filtered(call)
    listed = [
        {"categoryTreeId": tree_id, "categoryId": one.id, "variationsSupported": one.variations}
        for one in leaves
    ]
    return Reply(200, {"listingStructurePolicies": listed, "warnings": warnings})


def regulatory_policies(call: Call) -> Reply:
    """Return what the categories that are regulated want to be told."""
    tree_id, leaves, warnings = _filtered(call)
    contact = {"name": "MANUFACTURER_CONTACT", "usage": "REQUIRED"}
    listed = [
        {"categoryTreeId": tree_id, "categoryId": leaf.id, "supportedAttributes": [contact]}
        for leaf in leaves if leaf.regulated
    ]  # fmt: skip
    return Reply(200, {"regulatoryPolicies": listed, "warnings": warnings})


def _filtered(call: Call) -> tuple[str, list[Category], list[Document]]:
    """Return tree, leaves and warnings; eBay overlooks a filter whose braces are not escaped."""
    marketplace = call.params["marketplace"]
    if marketplace not in MARKETPLACES:
        raise refuse(46001, marketplace)
    leaves = [one for one in call.world.categories.values() if one.leaf]
    warnings = list[Document]()
    asked = call.raw_query.partition("filter=")[2].partition("&")[0]
    if asked and "{" not in asked:
        found = re.fullmatch(r"categoryIds:\{([\d|]+)\}", unquote(asked))
        if found is None:
            raise refuse(46002)
        wanted = found[1].split("|")
        if len(wanted) > MOST_CATEGORIES:
            warnings.append(describe(46004))
        named_ones = map(call.world.category, dict.fromkeys(wanted[:MOST_CATEGORIES]))
        leaves = [one for one in named_ones if one is not None and one.leaf]
    return MARKETPLACES[marketplace].tree, leaves, warnings


def _taxonomy(op: str, path: str, handler: Handler) -> Operation:
    return Operation(op, "GET", f"{TAXONOMY}/{path}", handler, "basic scope",
                     api="commerce.taxonomy")  # fmt: skip


def _metadata(op: str, path: str, handler: Handler) -> Operation:
    return Operation(op, "GET", f"{METADATA}/marketplace/{{marketplace}}/{path}", handler,
                     "either", api="sell.metadata")  # fmt: skip


OPERATIONS = [
    _taxonomy("getDefaultCategoryTreeId", "get_default_category_tree_id", default_tree),
    _taxonomy("getCategoryTree", "category_tree/{tree}", tree),
    _taxonomy("getCategorySubtree", "category_tree/{tree}/get_category_subtree", subtree),
    _taxonomy("getCategorySuggestions", "category_tree/{tree}/get_category_suggestions",
              suggestions),
    _taxonomy("getItemAspectsForCategory", "category_tree/{tree}/get_item_aspects_for_category",
              aspects),
    _metadata("getItemConditionPolicies", "get_item_condition_policies", condition_policies),
    _metadata("getListingStructurePolicies", "get_listing_structure_policies", structure_policies),
    _metadata("getRegulatoryPolicies", "get_regulatory_policies", regulatory_policies),
]  # fmt: skip
