"""Full replacements that keep what a seller set: pure functions over eBay's JSON.

``shown`` is what eBay has just shown, ``ours`` what the projection says, ``owned`` the leaves
that a body of ours said and that may still stand at eBay.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import cast

from baysync.ownership.model import (
    ELEMENT,
    NO_LEAVES,
    Beside,
    Carried,
    CarryingRules,
    Context,
    Drop,
    Flat,
    Json,
    Leaves,
    Path,
)

PLAIN = Context()


def leaves_of(body: Mapping[str, object], rules: CarryingRules) -> Leaves:
    """Return what a body of ours says: its leaves, and the members of its lists of objects."""
    flat = flatten(body, rules)
    members = {(*path, ELEMENT, name) for path, value in flat.items() for name in _members(value)}
    return rules.constant | members | {_key(path, rules) for path in flat}


def mask(shown: Mapping[str, object], owned: Leaves, rules: CarryingRules) -> Json:
    """Return what of ``shown`` counts when it is compared with what we want.

    What eBay shows and never takes back stays: it tells of the state, not of the content.
    """
    return nest(
        {
            path: _own_members(path, value, owned)
            for path, value in _leaves(shown, rules, found={}).items()
            if within(path, rules.read_only) or _is_ours(path, owned, rules)
        },
        rules,
    )


def carry(
    shown: Mapping[str, object],
    ours: Mapping[str, object],
    owned: Leaves,
    rules: CarryingRules,
    context: Context = PLAIN,
    *,
    without: Collection[Path] = NO_LEAVES,
) -> Carried:
    """Return ``ours`` with all in ``shown`` that is not ours.

    What lies at or under ``without`` is left out beside what the rules forbid: eBay refused it.
    """
    shown_leaves, wanted = flatten(shown, rules), flatten(ours, rules)
    every = owned | leaves_of(ours, rules)
    foreign = strangers(shown_leaves, wanted, every, rules)
    beside = Beside(shown=shown_leaves, wanted=wanted, foreign=foreign, context=context)
    drops = [*_broken(beside, every, rules), *(Drop(path, "eBay refused it") for path in without)]
    drops += list(rules.forbids(beside)) if rules.forbids else []
    gone = [drop.path for drop in drops]
    left = {path: value for path, value in foreign.items() if not within(path, gone)}
    kept, cuts = _cut(left, wanted, rules)
    merged = {path: _merged(path, value, shown_leaves, owned) for path, value in wanted.items()}
    named = [drop for drop in drops if any(within(path, [drop.path]) for path in foreign)]
    return Carried(
        body=nest(merged | kept, rules),
        kept=nest(left, rules),
        dropped=tuple(dict.fromkeys([*named, *cuts])),
    )


def is_there(body: Mapping[str, object], shown: Mapping[str, object], rules: CarryingRules) -> bool:
    """Return whether eBay shows already all that ``body`` says, and nothing beside it."""
    wanted, shown_leaves = (
        _telling(flatten(body, rules), rules),
        _telling(flatten(shown, rules), rules),
    )
    same_leaves = wanted.keys() == shown_leaves.keys()
    return same_leaves and all(same(wanted[path], value) for path, value in shown_leaves.items())


def named_in(words: Iterable[str], carried: Iterable[Path], ours: Iterable[Path]) -> Leaves:
    """Return which fields of ``carried`` the ``words`` of a refusal name, as paths.

    eBay names a field by the last part of its path, an item specific by its name. A part that
    ``ours`` has too says nothing.
    """
    text = "\n".join(words)
    known = {name for path in ours for name in path}
    named: set[Path] = set()
    for path in carried:
        for length in range(len(path), 0, -1):
            name = path[length - 1]
            if name not in known and re.search(rf"\b{re.escape(name)}\b", text):
                named.add(path[:length])
                break
    return frozenset(named)


def flatten(body: Mapping[str, object], rules: CarryingRules) -> Flat:
    """Return the leaves of a document but those that are never sent back."""
    flat, heads = _leaves(body, rules, found={}), {prefix[0] for prefix in rules.read_only}
    return {p: v for p, v in flat.items() if p[0] not in heads or not within(p, rules.read_only)}


def nest(flat: Flat, rules: CarryingRules) -> Json:
    """Return the document whose leaves these are."""
    tree: Json = {}
    for path, value in flat.items():
        node = tree
        for name in path[:-1]:
            node = cast("Json", node.setdefault(name, {}))
        node[path[-1]] = value
    return cast("Json", _listed(tree, (), rules))


def same(left: object, right: object) -> bool:
    """Compare as eBay does: ``49.90`` is ``49.9``."""
    number = amount(left)
    return left == right or (number is not None and number == amount(right))


def alike(left: object, right: object) -> bool:
    """Compare as ``same`` does, lists without their order."""
    if not isinstance(left, list) or not isinstance(right, list):
        return same(cast("object", left), right)
    one, two = cast("list[object]", left), cast("list[object]", right)
    return sorted(map(str, one)) == sorted(map(str, two))


def amount(value: object) -> Decimal | None:
    """Return a number that eBay wrote as one or as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def within(path: Path, prefixes: Iterable[Path]) -> bool:
    """Return whether a leaf lies at or under one of ``prefixes``."""
    return any(path[: len(prefix)] == prefix for prefix in prefixes)


def _leaves(node: object, rules: CarryingRules, path: Path = (), *, found: Flat) -> Flat:
    """Add what lies below ``path``: a generator a level would cost more than the leaves do."""
    if isinstance(node, dict):
        for name, inner in cast("Json", node).items():
            _leaves(inner, rules, (*path, name), found=found)
    elif path in rules.sets and isinstance(node, list):
        found.update(((*path, str(each)), True) for each in cast("list[object]", node))
    elif path in rules.named and isinstance(node, list):
        found.update(_named(cast("list[object]", node), path))
    elif node not in (None, [], ""):
        found[path] = node
    return found


def _named(rows: list[object], path: Path) -> Iterator[tuple[Path, object]]:
    for row in rows:
        if isinstance(row, dict):
            named = cast("Json", row)
            values = named.get("values")
            for value in cast("list[object]", values) if isinstance(values, list) else []:
                yield (*path, str(named.get("name")), str(value)), True


def _listed(node: object, path: Path, rules: CarryingRules) -> object:
    """Put together again what was taken apart."""
    if not isinstance(node, dict):
        return node
    tree = cast("dict[str, dict[str, object]]", node)
    if path in rules.sets:
        return list(tree)
    if path in rules.named:
        return [{"name": name, "values": list(values)} for name, values in tree.items()]
    return {name: _listed(inner, (*path, name), rules) for name, inner in tree.items()}


def _key(path: Path, rules: CarryingRules) -> Path:
    """Return the one spelling of a leaf: names of item specifics are compared without case."""
    if rules.aspects and path[:-1] == rules.aspects:
        return (*rules.aspects, unicodedata.normalize("NFC", path[-1]).strip().casefold())
    return path


def _is_ours(path: Path, owned: Leaves, rules: CarryingRules) -> bool:
    key = _key(path, rules)
    return key in owned or any(key in leaves and leaves & owned for leaves in rules.same)


def strangers(shown_leaves: Flat, wanted: Flat, owned: Leaves, rules: CarryingRules) -> Flat:
    """Return what of ``shown_leaves`` is not ours and says something.

    A leaf where we have an object, or an object where we have a leaf, is no document of eBay's.
    """
    telling = _telling(shown_leaves, rules)
    prefixes = {path[:length] for path in wanted for length in range(1, len(path))}
    return {
        path: value
        for path, value in shown_leaves.items()
        if path in telling
        and not _is_ours(path, owned, rules)
        and path not in prefixes
        and not within(path[:-1], wanted)
    }


def _telling(flat: Flat, rules: CarryingRules) -> Flat:
    """Leave out what eBay itself fills in: switches that are off, weights and sizes of 0."""
    blank: set[Path] = set()
    for whole in rules.whole:
        parts = [path for path in flat if within(path, [whole])]
        if any(not isinstance(flat[path], str) and not amount(flat[path]) for path in parts):
            blank.update(parts)
    return {path: value for path, value in flat.items() if value is not False and path not in blank}


def _objects(value: object) -> list[Json]:
    """Return the objects in a list; anything else holds none."""
    rows = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Json", row) for row in rows if isinstance(row, dict)]


def _members(value: object) -> set[str]:
    return {name for row in _objects(value) for name in row}


def _own_members(path: Path, value: object, owned: Leaves) -> object:
    """Leave out of a list's objects what we never said of them."""
    if not _members(value):
        return value
    return [
        {name: part for name, part in row.items() if (*path, ELEMENT, name) in owned}
        for row in _objects(value)
    ]


def _merged(path: Path, value: object, shown_leaves: Flat, owned: Leaves) -> object:
    """Give each object of our list the seller's members, where eBay shows all that we say of it."""
    if not _members(value):
        return value
    merged: list[Json] = []
    for ours in _objects(value):
        rows = _objects(shown_leaves.get(path))
        match = next((row for row in rows if all(alike(row.get(n), ours[n]) for n in ours)), None)
        others = {
            name: part
            for name, part in (match or {}).items()
            if (*path, ELEMENT, name) not in owned
        }
        merged.append(others | ours)
    return merged


def _broken(beside: Beside, owned: Leaves, rules: CarryingRules) -> Iterator[Drop]:
    """Name the seller's parts of an object of which our parts change: they spoke of the old one."""
    shown, wanted = beside.shown, beside.wanted
    for whole in sorted(rules.whole):
        parts = [path for path in shown.keys() | wanted.keys() if within(path, [whole])]
        ours = [path for path in parts if _is_ours(path, owned, rules)]
        if not all(same(shown.get(path), wanted.get(path)) for path in ours):
            yield from (
                Drop(path, f"{'.'.join(whole)} changed")
                for path in beside.foreign
                if within(path, [whole])
            )


def _cut(kept: Flat, wanted: Flat, rules: CarryingRules) -> tuple[Flat, list[Drop]]:
    """Let no carried stock say more than ours: warehouses in sum, shops for pickup each."""
    most = amount(wanted.get(rules.stock))
    if most is None:
        return kept, []
    cut, drops = dict(kept), list[Drop]()
    for path, in_sum in ((rules.cut_sum, True), (rules.cut_each, False)):
        left = int(most)
        rows: list[object] = []
        for row in _objects(kept.get(path)):
            stock = row.get("quantity")
            number = min(stock, left) if isinstance(stock, int) else 0
            left -= number if in_sum else 0
            rows.append(row if stock is None else row | {"quantity": number})
        if rows and rows != kept[path]:
            cut[path] = rows
            drops.append(Drop(path, f"cut to the {int(most)} that the shop sells"))
    return cut, drops
