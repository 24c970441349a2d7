"""A projection field by field: what eBay is known to show beside what is wanted. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from baysync.listing.shown import scaled
from baysync.projection import canonical
from baysync.projection.diff import variant

Tree = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; ``published`` and ``desired`` are None where that side has none."""

    pointer: str
    published: str | None
    desired: str | None

    @property
    def differs(self) -> bool:
        """Whether eBay shows something else than is wanted."""
        return self.published != self.desired


def fields(published: bytes | None, desired: bytes | None) -> list[Field]:
    """Return the fields of two stored documents by pointer.

    Left to others are descriptions, and what variants say of their own where both sides agree.
    """
    there, wanted = _flat(published), _flat(desired)
    return [
        Field(pointer=pointer, published=there.get(pointer), desired=wanted.get(pointer))
        for pointer in sorted(there.keys() | wanted.keys())
        if pointer != "/offer/description"
        and (variant(pointer) is None or there.get(pointer) != wanted.get(pointer))
    ]


def description(published: bytes | None, desired: bytes | None) -> str:
    """Return the HTML that is wanted, else the one that eBay shows."""
    for blob in (desired, published):
        document = canonical.decode(blob) if blob else None
        if document and document.offer:
            return document.offer.description
    return ""


def shown(value: object) -> str:
    """Return a value of a document as text: words as they are, an axis with its values, or JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and value.keys() == {"name", "values"}:
        axis = cast("Tree", value)
        return f"{axis['name']}: {', '.join(cast('list[str]', axis['values']))}"
    return json.dumps(value, ensure_ascii=False)


def _flat(blob: bytes | None) -> dict[str, str]:
    if not blob:
        return {}
    document = cast("Tree", json.loads(blob))
    price = cast("Tree", document.get("price", {}))
    flat = dict(_walk(document, ""))
    amounts = {
        pointer: scaled(text, cast("str", price["currency"]))
        for pointer, text in flat.items()
        if pointer.startswith("/price/") and pointer != "/price/currency"
    }
    return flat | amounts


def _walk(value: object, pointer: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield pointer, _line(value)
        return
    for name, inner in cast("Tree", value).items():
        yield from _walk(inner, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")


def _line(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(shown(item) for item in cast("list[object]", value))
    return shown(value)
