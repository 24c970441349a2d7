"""Which fields go back to what they were, and which stay as they are; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from baysync.base.packing import opened, pack, pack_against, unpack_against
from baysync.listing import body
from baysync.listing.history import diff
from baysync.listing.history.model import (
    Document,
    FieldChange,
    Form,
    KeptReason,
    Left,
    Packed,
    Path,
    PutBack,
    StoredVersion,
    Version,
)

WHOLE_EACH = 20
AS_ACCEPTED = frozenset({Form.ACCEPTED, Form.PLAIN})
QUANTITY = "quantity"
_CURRENCY = "currency"
_MONEY = frozenset({_CURRENCY, "price", "sale_price"})
_SALE = frozenset({"sale_price", "sale_from", "sale_until"})


@dataclass(frozen=True, slots=True)
class ReturnedStock:
    """What may be given back of a quantity: nothing, or the old number less what was sold since.

    ``sold`` is in units by SKU of the variant, ``""`` for the whole listing.
    """

    given: bool = False
    sold: Mapping[str, int] = field(default_factory=dict[str, int])


def status_by(versions: Sequence[Version]) -> str:
    """Return the kind of the version that gave a listing the status it has; empty if not kept."""
    status = body.document(versions[-1].body).get("status")
    for one, before in zip(versions[:0:-1], versions[-2::-1], strict=True):
        if body.document(before.body).get("status") != status:
            return one.kind
    return versions[0].kind if versions[0].version == 1 else ""


def put_back(
    current: Document, steps: Sequence[tuple[Document, Document]], stock: ReturnedStock
) -> PutBack:
    """Return ``current`` with the fields that ``steps`` changed as they were before.

    A step is what stood before and after one version; the last is taken back first. A field that
    is no longer what the step made it stays. Quantities stay unless ``stock`` is given.
    """
    document, left = current, dict[Path, Left]()
    for before, after in reversed(_joined(steps)):
        document, more = _step(document, before, after, stock)
        left = {one.path: one for one in more} | left
    return PutBack(
        document=document,
        changes=diff.changes(current, document),
        left=tuple(left.values()),
    )


def is_stock(path: Path) -> bool:
    """Tell whether a field is a quantity."""
    return _name(path) == QUANTITY


def unpacked(rows: Sequence[StoredVersion]) -> list[Version]:
    """Return the versions of one listing, given in order up to the newest, with their bytes."""
    versions: list[Version] = []
    after = b""
    for row in reversed(rows):
        after = _body(row, after)
        versions.append(
            Version(
                version=row.version,
                body=after,
                kind=row.kind,
                actor=row.actor,
                import_id=row.import_id,
                accepted_at=row.accepted_at,
            )
        )
    return versions[::-1]


def packed(rows: Sequence[StoredVersion]) -> list[Packed]:
    """Return how versions of one listing, given in order up to the newest, are to lie from now on.

    The newest is whole and so is every 20th; each other is a patch against the next.
    """
    plain = unpacked(rows)
    after = [*plain[1:], None]
    return [
        _packed(row, mine, newer)
        for row, mine, newer in zip(rows, plain, after, strict=True)
        if row.form in AS_ACCEPTED or (newer and row.form == Form.WHOLE)
    ]


def _packed(row: StoredVersion, mine: Version, newer: Version | None) -> Packed:
    patched = newer is not None and row.version % WHOLE_EACH != 0
    return Packed(
        listing_id=row.listing_id,
        version=row.version,
        form=Form.PATCH if patched else Form.WHOLE,
        body=pack_against(mine.body, newer.body) if newer and patched else pack(mine.body),
        superseded_at=newer.accepted_at if newer else None,
    )


def _body(row: StoredVersion, after: bytes) -> bytes:
    return unpack_against(row.body, after) if row.form == Form.PATCH else opened(row.body)


def _joined(steps: Iterable[tuple[Document, Document]]) -> list[tuple[Document, Document]]:
    """Return steps with those that follow on one another made one."""
    joined: list[tuple[Document, Document]] = []
    for before, after in steps:
        if joined and joined[-1][1] == before:
            joined[-1] = (joined[-1][0], after)
        else:
            joined.append((before, after))
    return joined


def _step(
    current: Document, before: Document, after: Document, stock: ReturnedStock
) -> tuple[Document, list[Left]]:
    made = diff.changes(before, after)
    order = made.pop((diff.VARIANTS,), None)
    made.pop(("sku",), None)  # a listing keeps the name it has
    apart = {path: change for path, change in made.items() if not _is_back(current, path, change)}
    left = [one for path, change in apart.items() if (one := _left(current, path, change, stock))]
    left += _left_together(apart, {one.path for one in left})
    kept = {one.path for one in left}
    document = current
    for path, change in apart.items():
        if path not in kept:
            to, without = _wanted(path, change.before, stock)
            left += without
            document = diff.with_value(document, path, to)
    if _reordered(current, after):
        return document, left + (
            [Left((diff.VARIANTS,), KeptReason.CHANGED_SINCE)] if order else []
        )
    return diff.with_value(document, (diff.VARIANTS,), tuple(diff.variants(before))), left


def _is_back(current: Document, path: Path, change: FieldChange) -> bool:
    """Tell whether a field is already what it was."""
    now = apart_from_stock(path, diff.value(current, path))
    return bool(now == apart_from_stock(path, change.before))


def _left(current: Document, path: Path, change: FieldChange, stock: ReturnedStock) -> Left | None:
    """Return why a field stays, None where it goes back."""
    if _name(path) == QUANTITY and not stock.given:
        return Left(path, KeptReason.STOCK)
    now = apart_from_stock(path, diff.value(current, path))
    gone = (
        path[0] == diff.VARIANTS and not _is_variant(path) and path[1] not in diff.variants(current)
    )
    if gone or now != apart_from_stock(path, change.after):
        return Left(path, KeptReason.CHANGED_SINCE)
    return None


def _left_together(made: Mapping[Path, FieldChange], left: set[Path]) -> list[Left]:
    """Return what stays because another field stays that says something only together with it."""
    stays: dict[Path, Left] = {}
    for group in _groups(made):
        if left.intersection(group):
            stays |= {path: Left(path, KeptReason.TOGETHER) for path in group if path not in left}
    return list(stays.values())


def _groups(made: Mapping[Path, FieldChange]) -> list[list[Path]]:
    """Return what goes back together: a currency and all prices, a sale price and its dates."""
    sales: dict[Path, list[Path]] = {}
    for path in made:
        if _name(path) in _SALE:
            sales.setdefault(path[:-1], []).append(path)
    money = [path for path in made if _name(path) in _MONEY or _is_variant(path)]
    return [*sales.values(), *([money] if any(_name(path) == _CURRENCY for path in made) else [])]


def _wanted(path: Path, before: object, stock: ReturnedStock) -> tuple[object, list[Left]]:
    """Return what a field goes back to, and the quantity that a variant put back comes without."""
    if _name(path) == QUANTITY:
        return _given(before, path, stock), []
    if _is_variant(path) and isinstance(before, Mapping) and QUANTITY in before:
        quantity = (*path, QUANTITY)
        variant = cast("Document", before)
        if stock.given:
            return {**variant, QUANTITY: _given(variant[QUANTITY], quantity, stock)}, []
        return apart_from_stock(path, variant), [Left(quantity, KeptReason.STOCK)]
    return cast("object", before), []


def _given(before: object, path: Path, stock: ReturnedStock) -> object:
    """Return at most the old number less what was sold since."""
    if not isinstance(before, int):
        return before
    sku = path[path.index(diff.VARIANTS) + 1] if diff.VARIANTS in path else ""
    return max(0, before - stock.sold.get(sku, 0))


def _is_variant(path: Path) -> bool:
    return path[:-1] == (diff.VARIANTS,)


def apart_from_stock(path: Path, member: object) -> object:
    """Return a field to compare: a whole variant without its quantity, which moves all the time."""
    if _is_variant(path) and isinstance(member, Mapping):
        members = cast("Document", member).items()
        return {name: part for name, part in members if name != QUANTITY}
    return member


def _name(path: Path) -> str:
    """Return what a field is called; an aspect has a name of the shop's."""
    return "" if path[-2:-1] == ("aspects",) else path[-1]


def _reordered(current: Document, after: Document) -> bool:
    """Tell whether variants stand in another order than they were put into."""
    made, now = tuple(diff.variants(after)), tuple(diff.variants(current))
    return [sku for sku in made if sku in now] != [sku for sku in now if sku in made]
