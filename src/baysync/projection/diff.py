"""Compare two documents: a flat map from RFC 6901 pointer to what happened there.

Variants are a map by the shop's SKU, so each has pointers of its own in every section.
Images are a list with a key, their URL: each that comes or goes has a pointer of its own, and one
``move`` of the whole list gives the order where that does not follow. All other lists are values.
The map has no order of its own: what PostgreSQL stores as ``jsonb`` still applies.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias, TypeGuard, cast

import msgspec
from msgspec import Struct

from baysync.projection.model import Projection, Section

Tree: TypeAlias = dict[str, object]
KEYED = "/content/images"
VARIED = ("/content/group/variants", "/price/variants", "/quantities")


class DiffOp(StrEnum):
    """What happened to a value; ``move`` gives the order of a keyed list before and after."""

    ADD = "add"
    MOVE = "move"
    REMOVE = "remove"
    REPLACE = "replace"


class Edit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One difference; ``before`` is None for an addition, ``after`` for a removal."""

    op: DiffOp
    after: object = None
    before: object = None


Diff: TypeAlias = dict[str, Edit]


def diff(before: Projection | None, after: Projection | None) -> Diff:
    """Return what turns ``before`` into ``after``, by pointer; empty when they are equal.

    A document that is not there counts as one without sections.
    """
    found: Diff = {}
    _compare(_tree(before), _tree(after), "", found)
    return found


def apply(edits: Mapping[str, Edit], before: Projection | None) -> Projection:
    """Return the document that ``edits`` make of ``before``."""
    tree = _tree(before)
    for pointer, edit in edits.items():
        if not pointer.startswith(KEYED + "/"):
            _put(tree, pointer, edit.after)
        elif KEYED not in edits:
            _apply_keyed(tree, pointer, edit)
    return msgspec.convert(tree, Projection)


def section(pointer: str) -> Section:
    """Return the section that a pointer leads into."""
    name = pointer.split("/", 2)[1]
    return Section.QUANTITY if name == "quantities" else Section(name)


def variant(pointer: str) -> str | None:
    """Return the key of the variant that a pointer is about; None for what all share."""
    for root in VARIED:
        if pointer.startswith(root + "/"):
            return tokens(pointer.removeprefix(root))[0]
    return None


def tokens(pointer: str) -> list[str]:
    """Return the reference tokens of a pointer, unescaped (RFC 6901 section 4)."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def _tree(document: Projection | None) -> Tree:
    return {} if document is None else msgspec.to_builtins(document)


def _step(pointer: str, token: str) -> str:
    return f"{pointer}/{token.replace('~', '~0').replace('/', '~1')}"


def _compare(before: Tree, after: Tree, pointer: str, found: Diff) -> None:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            _differ(before.get(name), after.get(name), _step(pointer, name), found)


def _differ(old: object, new: object, pointer: str, found: Diff) -> None:
    if old is None:
        found[pointer] = Edit(op=DiffOp.ADD, after=new)
    elif new is None:
        found[pointer] = Edit(op=DiffOp.REMOVE, before=old)
    elif _is_tree(old) and _is_tree(new):
        _compare(old, new, pointer, found)
    elif pointer == KEYED and _has_keys(old) and _has_keys(new):
        _compare_keyed(old, new, found)
    else:
        found[pointer] = Edit(op=DiffOp.REPLACE, before=old, after=new)


def _is_tree(value: object) -> TypeGuard[Tree]:
    return isinstance(value, dict)


def _has_keys(value: object) -> TypeGuard[tuple[str, ...]]:
    urls = cast("tuple[str, ...]", value)
    return len(set(urls)) == len(urls)


def _compare_keyed(old: tuple[str, ...], new: tuple[str, ...], found: Diff) -> None:
    gone = [url for url in old if url not in new]
    come = [url for url in new if url not in old]
    for url in gone:
        found[_step(KEYED, url)] = Edit(op=DiffOp.REMOVE, before=url)
    for url in come:
        found[_step(KEYED, url)] = Edit(op=DiffOp.ADD, after=url)
    if len(come) > 1 or (*(url for url in old if url in new), *come) != new:
        found[KEYED] = Edit(op=DiffOp.MOVE, before=old, after=new)


def _apply_keyed(tree: Tree, pointer: str, edit: Edit) -> None:
    content = cast("Tree", tree["content"])
    urls = cast("tuple[str, ...]", content["images"])
    url = tokens(pointer)[-1]
    kept = tuple(known for known in urls if known != url)
    content["images"] = (*kept, url) if edit.op is DiffOp.ADD else kept


def _put(tree: Tree, pointer: str, value: object) -> None:
    *way, last = tokens(pointer)
    for token in way:
        tree = cast("Tree", tree[token])
    if value is None:
        del tree[last]
    else:
        tree[last] = value
