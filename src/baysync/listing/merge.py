"""Patches, pure: JSON merge patch (RFC 7396), but that variants merge by their SKU.

RFC 7396 replaces a list whole, so one variant's stock could not be sent without all the others.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from baysync.listing.decode import trimmed
from baysync.listing.model import Problem
from baysync.listing.options import place

REMOVE = "remove"
Document = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A listing's document with a patch merged in.

    Attributes:
        document: the whole document.
        places: the JSON pointer into the patch of each variant it names, by index in ``document``.
        problems: what the patch may not do, by JSON pointers into the patch.
        notes: what it did that a person might not expect.
    """

    document: dict[str, object]
    places: Mapping[int, str] = field(default_factory=dict[int, str])
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def merge(target: Document | None, patch: Document) -> dict[str, object]:
    """Return ``target`` with ``patch`` merged in: null takes a member out, objects merge within."""
    merged = dict(target or {})
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            inner = merged.get(name)
            known = cast("Document", inner) if isinstance(inner, Mapping) else None
            merged[name] = merge(known, cast("Document", value))
        else:
            merged[name] = value
    return merged


def merge_listing(target: Document, patch: Document, *, whole: bool = False) -> Merged:
    """Return the listing ``target`` with ``patch`` merged in, its variants by SKU.

    A variant that the patch does not name stays, unless the patch names all (``whole``);
    ``{"sku": ..., "remove": true}`` takes one away. A SKU that is new takes the place of a
    variant that leaves with the same options, and all that the patch does not say of it.
    """
    entries = patch.get("variants")
    if not isinstance(entries, list | tuple):
        return Merged(document=merge(target, patch))
    named = _named(cast("Sequence[object]", entries))
    before = _variants(target)
    gone = _leaving(before, named, whole=whole)
    successors = _successors(before, named, gone)
    rows = _rows(before, named, gone, successors, whole=whole)
    moved = {old: new for new, old in successors.items()}
    document = merge(_overrides(target, gone, moved), {**patch, "variants": None})
    document["variants"] = [row for row, _ in rows]
    return Merged(
        document=document,
        places={at: f"/variants/{n}" for at, (_, n) in enumerate(rows) if n is not None},
        problems=(*_malformed(named), *_misplaced(before, rows)),
        notes=tuple(
            f"there is no variant {sku} to take away"
            for sku in sorted(_removed(named) - before.keys())
        ),
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """A variant as a patch names it; ``sku`` None if it has none that can be read."""

    index: int
    sku: str | None
    fields: object
    remove: object


_Row = tuple[object, int | None]


def _named(entries: Sequence[object]) -> list[_Named]:
    return [_entry(index, entry) for index, entry in enumerate(entries)]


def _entry(index: int, entry: object) -> _Named:
    if not isinstance(entry, Mapping):
        return _Named(index, None, entry, remove=False)
    fields = dict(cast("Document", entry))
    remove = fields.pop(REMOVE, False)
    sku = sku_in(fields)
    known = fields | {"sku": sku} if sku else cast("Document", entry)
    return _Named(index, sku, known, remove)


def sku_in(document: Document) -> str | None:
    """Return the SKU that a document names, as it would be stored; None if it has no usable one."""
    sku = document.get("sku")
    if not isinstance(sku, str) or not sku.strip() or not sku.strip().isprintable():
        return None
    return trimmed(sku)


def _variants(target: Document) -> dict[str, Document]:
    stored = cast("Sequence[Document]", target.get("variants") or ())
    return {str(each["sku"]): each for each in stored}


def _removed(named: Sequence[_Named]) -> set[str]:
    return {one.sku for one in named if one.remove and one.sku}


def _leaving(
    before: Mapping[str, Document], named: Sequence[_Named], *, whole: bool
) -> frozenset[str]:
    stay = {one.sku for one in named if not one.remove}
    unnamed = before.keys() - stay if whole else set[str]()
    return frozenset((_removed(named) & before.keys()) | unnamed)


def _successors(
    before: Mapping[str, Document], named: Sequence[_Named], gone: frozenset[str]
) -> dict[str, str]:
    """Return the SKU of the variant that leaves, by the new SKU that has its options."""
    places = {place(_options(before[sku])): sku for sku in sorted(gone) if _options(before[sku])}
    return {
        one.sku: places[at]
        for one in named
        if one.sku and not one.remove and one.sku not in before
        if (at := place(_options(one.fields))) in places
    }


def _options(variant: object) -> Document:
    options = cast("Document", variant).get("options") if isinstance(variant, Mapping) else None
    return cast("Document", options) if isinstance(options, Mapping) else {}


def _rows(
    before: Mapping[str, Document],
    named: Sequence[_Named],
    gone: frozenset[str],
    successors: Mapping[str, str],
    *,
    whole: bool,
) -> list[_Row]:
    """Return the variants in their order, each with the index at which the patch names it."""
    made: dict[str, _Row] = {}
    strangers: list[_Row] = []
    for one in named:
        if one.sku is None:
            strangers.append((one.fields, one.index))
        elif not one.remove:
            heir = one.sku not in before
            known = before.get(successors.get(one.sku, "") if heir else one.sku)
            fields = cast("Document", one.fields)
            renews = (whole or heir) and "options" in fields
            base = merge(known, {"options": None}) if renews else known
            made[one.sku] = (merge(base, fields), one.index)
    if whole:
        return [*made.values(), *strangers]
    heirs = {old: new for new, old in successors.items()}
    order = dict.fromkeys(heirs.get(sku, sku) for sku in before if sku not in gone or sku in heirs)
    stay: list[_Row] = [made.pop(sku, (before.get(sku), None)) for sku in order]
    return [*stay, *made.values(), *strangers]


def _overrides(target: Document, gone: frozenset[str], moved: Mapping[str, str]) -> Document:
    """Return the document without what its overrides say of variants that leave; an heir has it."""
    overrides = cast("Mapping[str, Document]", target.get("overrides") or {})
    if not gone or not any(override.get("variants") for override in overrides.values()):
        return target
    kept = {
        marketplace: {
            **override,
            "variants": {
                moved.get(sku, sku): fields
                for sku, fields in cast("Document", override.get("variants") or {}).items()
                if sku not in gone or sku in moved
            },
        }
        for marketplace, override in overrides.items()
    }
    return {**target, "overrides": kept}


def _malformed(named: Sequence[_Named]) -> list[Problem]:
    times = Counter(one.sku for one in named if one.sku)
    return [
        *(
            _problem(f"/variants/{one.index}/sku", "variant_sku_twice", "stands twice", "keep one")
            for one in named
            if one.sku and times[one.sku] > 1
        ),
        *(
            _problem(
                f"/variants/{one.index}/{REMOVE}",
                "not_a_flag",
                "is not true or false",
                "write true to take the variant away",
            )
            for one in named
            if not isinstance(one.remove, bool)
        ),
    ]


def _misplaced(before: Mapping[str, Document], rows: Sequence[_Row]) -> list[Problem]:
    """Return what is wrong with the options that the patch says: none, or those of another."""
    holders: dict[frozenset[tuple[str, str]], list[str]] = {}
    for row, _ in rows:
        holders.setdefault(place(_options(row)), []).append(_sku(row))
    found: list[Problem] = []
    for row, index in rows:
        sku, options = _sku(row), _options(row)
        same = sku in before and options == _options(before[sku])
        if index is None or not sku or same:
            continue
        others = [other for other in holders[place(options)] if other != sku]
        if not options:
            found.append(_optionless(index, sku, known=sku in before))
        elif others:
            found.append(_taken(index, others[0]))
    return found


def _sku(row: object) -> str:
    return str(cast("Document", row).get("sku") or "") if isinstance(row, Mapping) else ""


def _optionless(index: int, sku: str, *, known: bool) -> Problem:
    return _problem(
        f"/variants/{index}/options",
        "missing",
        "is empty" if known else f"is missing, and there is no variant {sku} yet",
        "say how it differs from the others, as in Size: M, or correct its SKU",
    )


def _taken(index: int, holder: str) -> Problem:
    return _problem(
        f"/variants/{index}/options",
        "options_taken",
        f"are those of {holder}",
        f"change the options of {holder} too, or take it away: "
        f'{{"sku": "{holder}", "remove": true}}',
    )


def _problem(pointer: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(pointer=pointer, rule=rule, message=message, fix=fix)
