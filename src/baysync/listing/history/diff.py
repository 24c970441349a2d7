"""The fields in which two documents of a listing differ, and documents with fields put back; pure.

A field is a member of the listing; each aspect, each member of a variant (by SKU) and of an
override (by marketplace) is one of its own. Whatever else has parts (a weight, a size, the
pictures, a variant's options) is one statement and changes whole.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import cast

from baysync.listing.history.model import ABSENT, Document, FieldChange, Path

VARIANTS = "variants"
_PARTED_OVERRIDE = {"aspects": 1, "variants": 2}


def changes(before: Document, after: Document) -> dict[Path, FieldChange]:
    """Return what differs, by path; a variant that only one of them has differs whole.

    The path ``("variants",)`` is the order of the variants that both have.
    """
    both = set(variants(before)) & set(variants(after))
    old, new = dict(_fields(before, both)), dict(_fields(after, both))
    paths = [*old, *(path for path in new if path not in old)]
    return {
        path: FieldChange(old.get(path, ABSENT), new.get(path, ABSENT))
        for path in paths
        if old.get(path, ABSENT) != new.get(path, ABSENT)
    }


def value(document: Document, path: Path) -> object:
    """Return the field at ``path``, ``ABSENT`` where there is none."""
    if path == (VARIANTS,):
        return tuple(variants(document))
    at: object = document
    for depth, name in enumerate(path):
        members = variants(document) if depth == 1 and path[0] == VARIANTS else at
        if not isinstance(members, Mapping):
            return ABSENT
        at = cast("Document", members).get(name, ABSENT)
    return at


def with_value(document: Document, path: Path, to: object) -> Document:
    """Return ``document`` with the field at ``path`` set, or taken out by ``ABSENT``.

    What a document does not have is made; what becomes empty is taken out with its last member.
    """
    if path[0] != VARIANTS:
        return _set(document, path, to)
    rows = variants(document)
    if len(path) == 1:
        wanted = cast("tuple[str, ...]", to)
        rows = {sku: rows[sku] for sku in _merged_order(tuple(rows), wanted)}
    else:
        rows = cast("dict[str, Document]", _set(rows, path[1:], to))
    return _set(document, (VARIANTS,), list(rows.values()) or ABSENT)


def variants(document: Document) -> dict[str, Document]:
    """Return the variants of a document by their SKU, in their order."""
    rows = cast("list[Document]", document.get(VARIANTS, ()))
    return {str(row.get("sku")): row for row in rows}


def pointer(path: Path) -> str:
    """Return a path as JSON pointer (RFC 6901), a variant by its SKU."""
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in path)


def _fields(document: Document, both: Collection[str]) -> Iterator[tuple[Path, object]]:
    for name, field in document.items():
        if name == VARIANTS:
            yield from _variant_fields(variants(document), both)
        elif name == "aspects":
            yield from _members((name,), field, 1)
        elif name == "overrides":
            for marketplace, override in cast("Mapping[str, Document]", field).items():
                for member, part in override.items():
                    path = (name, marketplace, member)
                    yield from _members(path, part, _PARTED_OVERRIDE.get(member, 0))
        else:
            yield (name,), field


def _variant_fields(
    rows: Mapping[str, Document], both: Collection[str]
) -> Iterator[tuple[Path, object]]:
    for sku, row in rows.items():
        if sku in both:
            yield from ((((VARIANTS, sku, name)), field) for name, field in row.items())
        else:
            yield (VARIANTS, sku), row
    yield (VARIANTS,), tuple(sku for sku in rows if sku in both)


def _members(path: Path, field: object, depth: int) -> Iterator[tuple[Path, object]]:
    if depth == 0 or not isinstance(field, Mapping):
        yield path, field
        return
    for name, part in cast("Document", field).items():
        yield from _members((*path, name), part, depth - 1)


def _set(document: Document, path: Path, to: object) -> Document:
    name, *rest = path
    changed = dict(document)
    if rest:
        inner = cast("Document", document.get(name) or {})
        to = _set(inner, tuple(rest), to) or ABSENT
    if to is ABSENT:
        changed.pop(name, None)
    else:
        changed[name] = to
    return changed


def _merged_order(has: tuple[str, ...], wanted: tuple[str, ...]) -> list[str]:
    """Return ``has`` with those named by ``wanted`` in its order, the others where they are."""
    named = iter([sku for sku in wanted if sku in has])
    members = set(wanted)
    return [next(named) if sku in members else sku for sku in has]
