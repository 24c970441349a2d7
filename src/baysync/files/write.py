"""Writing listings so that reading them again changes nothing: ``csv`` and ``jsonl``."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from msgspec import to_builtins

from baysync.base.errors import Conflict
from baysync.files.cells import packed, spelled
from baysync.files.number_shapes import shape, written
from baysync.files.reading import FileFormat
from baysync.files.table import ASPECT, OPTION, guarded
from baysync.listing import body
from baysync.listing.model import Listing
from baysync.listing.options import names
from baysync.listing.shown import document, shown

COLUMNS = (
    *("sku", "parent_sku", "title", "subtitle", "description", "price", "currency", "quantity"),
    *("condition", "condition_note", "images", "brand", "mpn", "gtins", "category", "shop_type"),
    *("shop_types", "tags", "weight", "weight_unit", "size", "location", "tax", "store_categories"),
    *("regulatory", "status", "marketplaces", "overrides", "options"),
    *("backorders", "sale_price", "sale_from", "sale_until"),
)
_OF_VARIANT = (
    *("sku", "price", "quantity", "images", "mpn", "gtins"),
    *("backorders", "sale_price", "sale_from", "sale_until"),
)
_WORDS = ("title", "subtitle", "condition_note", "brand", "shop_type")  # read as plain text
_EXAMPLES = (
    {
        "sku": "LAMP-1",
        "title": "Brass desk lamp, 40 cm",
        "description": "<p>A desk lamp of solid brass.</p>",
        "price": "49.90",
        "currency": "EUR",
        "quantity": 3,
        "condition": "NEW",
        "images": ["https://example.com/lamp-front.jpg", "https://example.com/lamp-side.jpg"],
        "brand": "Example",
        "shop_type": "Lamps",
        "weight": {"value": "1.2", "unit": "KILOGRAM"},
        "aspects": {"Colour": ["Gold"], "Material": ["Brass"]},
    },
    {
        "sku": "SHIRT",
        "title": "Linen shirt",
        "description": "<p>A shirt of washed linen.</p>",
        "currency": "EUR",
        "condition": "NEW",
        "images": ["https://example.com/shirt.jpg"],
        "brand": "Example",
        "shop_type": "Shirts",
        "variants": [
            {"sku": "SHIRT-M", "options": {"Size": "M"}, "price": "39.00", "quantity": 5},
            {"sku": "SHIRT-L", "options": {"Size": "L"}, "price": "39.00", "quantity": 2},
        ],
    },
)


def template(layout: FileFormat) -> str:
    """Return an example of ``csv`` or ``jsonl`` to fill in, with and without variants."""
    examples = [body.decode(packed(example).encode()) for example in _EXAMPLES]
    if layout is FileFormat.JSONL:
        return "".join(line.decode() for line in jsonl(examples))
    columns = header(aspects=["Colour", "Material"], options=["Size"])
    return line(columns) + "".join(table(examples, columns))


def header(*, aspects: Sequence[str], options: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a table of listings that have these aspects and options."""
    return (
        *COLUMNS,
        *(f"{ASPECT}{name}" for name in aspects),
        *(f"{OPTION}{name}" for name in options),
    )


def jsonl(listings: Iterable[Listing]) -> Iterator[bytes]:
    """Yield a line per listing."""
    return (shown(body.encode(listing)) + b"\n" for listing in listings)


def table(listings: Iterable[Listing], columns: Sequence[str]) -> Iterator[str]:
    """Yield a line of CSV per listing, and below it one per variant.

    Raises:
        Conflict: a listing has an aspect or option without a column.
    """
    for listing in listings:
        for row in _rows(listing):
            _guard(row, columns)
            yield line([guarded(row.get(column, "")) for column in columns])


def _guard(row: Mapping[str, str], columns: Sequence[str]) -> None:
    if not row.keys() <= set(columns):
        raise Conflict(
            f"The listing {row['sku']} got a new aspect or option while the table was written.",
            fix="export again.",
        )


def line(texts: Iterable[str]) -> str:
    """Return one row of CSV."""
    text = io.StringIO()
    csv.writer(text).writerow(texts)
    return text.getvalue()


def _rows(listing: Listing) -> Iterator[dict[str, str]]:
    fields = document(cast("dict[str, object]", to_builtins(listing)))
    fields.setdefault("status", listing.status.value)
    fields["options"] = names(listing) or None  # the order of the columns says nothing
    yield _row(fields, COLUMNS)
    for variant in cast("tuple[dict[str, object], ...]", fields.get("variants", ())):
        chosen = cast("dict[str, str]", variant["options"])
        yield {
            **_row(variant, (*_OF_VARIANT, "weight", "weight_unit")),
            **{f"{OPTION}{name}": spelled(value) for name, value in chosen.items()},
            "parent_sku": listing.sku,
        }


def _row(fields: Mapping[str, object], columns: Sequence[str]) -> dict[str, str]:
    flat = dict(fields)
    weight = cast("dict[str, str]", flat.pop("weight", {}))
    flat |= {"weight": _number(weight.get("value")), "weight_unit": weight.get("unit")}
    flat |= {name: spelled(str(flat[name])) for name in _WORDS if flat.get(name)}
    row = {name: _cell(flat.get(name)) for name in columns}
    aspects = cast("dict[str, object]", flat.get("aspects", {}))
    return row | {f"{ASPECT}{name}": _cell(values) for name, values in aspects.items()}


def _number(value: str | None) -> str | None:
    """Return a number in which no point can be taken for one between thousands."""
    form = written(shape(value)) if value else None
    return f"{value}0" if form and form.is_lone else value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _list(cast("tuple[str, ...]", value))
    if isinstance(value, bool):
        return str(value).lower()
    return packed(cast("object", value)) if isinstance(value, dict) else str(value)


def _list(values: tuple[str, ...]) -> str:
    plain = all(value and "|" not in value and value[0] != "[" for value in values)
    return "|".join(map(spelled, values)) if plain and values else packed(values)
