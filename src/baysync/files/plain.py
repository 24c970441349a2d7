"""The format ``csv``: a column for a field, found under the names that shops give it.

A row changes the fields that it fills and no others. A table with titles and prices creates
listings too. Rows with a ``parent_sku`` and options are variants of one listing and stand
together, below the row of that SKU if it has one; without options each is addressed by its SKU.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from baysync.files import cells, file_numbers, parts, switches
from baysync.files.cells import RowEntry
from baysync.files.file_numbers import Numbers
from baysync.files.header_words import IN_STOCK
from baysync.files.number_columns import Exporter
from baysync.files.number_shapes import NumberKind
from baysync.files.parts import RowPart
from baysync.files.plain_columns import PART, Layout
from baysync.files.rows import drafted
from baysync.files.switches import Switch, switch
from baysync.files.table import ASPECT, OPTION, TableRow
from baysync.listing.draft import Draft, Op

NUMBERS = {
    "price": NumberKind.PRICE,
    "sale price": NumberKind.PRICE,
    "quantity": NumberKind.QUANTITY,
    "weight": NumberKind.WEIGHT,
}
_STATUS = {
    "true": "active",
    "1": "active",
    "published": "active",
    "false": "draft",
    "0": "draft",
    "-1": "draft",
    "unpublished": "draft",
}
_UNTRACKED = frozenset({"untracked", "unlimited"})
_NOT_COUNTED = "none"  # BigCommerce's word for it
_NOTHING = re.compile(r"0+(?:[.,]0+)?")
_DISABLED = "2"
_KIND_OF_PRODUCT = re.compile(  # how Magento, WooCommerce, BigCommerce or Ecwid handle it
    r"(?:simple|configurable|bundle|grouped|variable|variation|external|virtual|downloadable"
    r"|p|d|physical|digital|product)(?:, ?(?:virtual|downloadable))*",
    re.IGNORECASE,
)
_SALE = file_numbers.SaleColumns("sale price", "sale from", "sale until")


def _status(cell: str) -> str:
    return _STATUS.get(cell.casefold(), cell.casefold())


_SHARED: Mapping[str, Callable[[str], object]] = {
    "images": cells.many("|"),
    "mpn": cells.text,
    "gtins": cells.codes,
    "backorders": cells.flag,
}
_OF_LISTING: Mapping[str, Callable[[str], object]] = {
    **_SHARED,
    "title": cells.words,
    "subtitle": cells.words,
    "description": cells.text,
    "currency": str.upper,
    "condition": cells.condition,
    "condition note": cells.words,
    "brand": cells.words,
    "category": cells.code,
    "location": cells.text,
    "shop type": cells.words,
    "shop types": cells.many("|"),
    "tags": cells.many("|"),
    "store categories": cells.many("|"),
    "marketplaces": cells.many("|"),
    "options": cells.many("|"),
    "status": _status,
    "size": cells.document,
    "tax": cells.document,
    "overrides": cells.document,
    "regulatory": cells.document,
}


class Plain:
    """Reads the rows of one table."""

    def __init__(self, layout: Layout, numbers: Numbers, exporter: Exporter) -> None:
        self._numbers = numbers
        self._creates = layout.creates
        self._fields = [
            (column.replace(" ", "_"), column, read)
            for column, read in _OF_LISTING.items()
            if column in layout.columns
        ]
        self._below_zero_is_none = exporter is not Exporter.PLAIN

    def drafts(self, rows: Iterator[TableRow]) -> Iterator[Draft]:
        """Yield a draft per listing or variant, in the order of the table."""
        for group in _groups(rows):
            if _parent(group[-1]):
                yield from self._variants(group)
            else:
                yield self._drafted(group, self._alone(group[0]))

    def _variants(self, group: list[TableRow]) -> Iterator[Draft]:
        """Yield a draft of a listing with its variants, or of each variant alone.

        Alone they stand where none has options and no parent stands above them.
        """
        variants = [row for row in group if _parent(row)]
        if group[0] not in variants or any(_options(row) for row in variants):
            yield self._drafted(group, *self._with_variants(group, variants))
            return
        for row in group:
            yield self._drafted([row], self._alone(row))

    def _drafted(self, group: list[TableRow], entry: RowEntry, *variants: RowEntry) -> Draft:
        op = Op.MERGE if self._creates else Op.PATCH
        lone = not variants and bool(_parent(group[0]))
        is_on = not entry.cell("status") and _switched(entry) is Switch.ON
        return drafted(group, entry, variants, op=Op.PATCH if lone else op, switched_on=is_on)

    def _alone(self, row: TableRow) -> RowEntry:
        entry = self._listing(row)
        if _parent(row):
            _sell_nothing_if_off(entry)
        else:
            _publish(entry)
            _refuse_part(entry)
        return entry

    def _listing(self, row: TableRow) -> RowEntry:
        entry = RowEntry(row)
        entry.put("sku", "sku", cells.code)
        for name, column, read in self._fields:
            entry.put(name, column, read)
        _shop_words(entry)
        self._sold(entry)
        aspects = RowEntry(row, "/aspects")
        for name in row.cells:
            if name.startswith(ASPECT):
                aspects.put(name[len(ASPECT) :], name, cells.many("|"))
        if aspects.fields:
            entry.fields["aspects"] = aspects.fields
        entry.problems += aspects.problems
        entry.empty += aspects.empty
        file_numbers.one_currency(entry, (), str(entry.fields.get("currency", "")))
        return entry

    def _with_variants(self, group: list[TableRow], variants: list[TableRow]) -> list[RowEntry]:
        entry = self._listing(group[0])
        if group[0] in variants:
            entry = self._without_own(entry)
        else:
            _publish(entry)
        entry.fill("sku", _parent(group[-1]), cells.code)
        read = [self._variant(row, index) for index, row in enumerate(variants)]
        entry.fields["variants"] = [variant.fields for variant in read]
        file_numbers.one_currency(entry, read, str(entry.fields.get("currency", "")))
        return [entry, *read]

    def _without_own(self, entry: RowEntry) -> RowEntry:
        """Return the listing of a row that is a variant, without what the variant says."""
        own = ("sku", "price", "quantity", "sale_price", "sale_from", "sale_until", *_SHARED)
        fields = {name: value for name, value in entry.fields.items() if name not in own}
        return RowEntry(entry.row, fields=fields, currencies=entry.currencies)

    def _variant(self, row: TableRow, index: int) -> RowEntry:
        entry = RowEntry(row, f"/variants/{index}")
        entry.put("sku", "sku", cells.code)
        for name, read in _SHARED.items():
            entry.put(name, name, read)
        self._sold(entry)
        _sell_nothing_if_off(entry)
        if options := _options(row):
            entry.fields["options"] = options
        return entry

    def _sold(self, entry: RowEntry) -> None:
        """Fill what is sold: price, sale price with its dates, stock and weight."""
        self._numbers.price(entry, "price", "price")
        self._sale(entry)
        if _is_untracked(entry):
            entry.fields["quantity"] = "untracked"
        else:
            self._numbers.quantity(entry, "quantity", below_zero_is_none=self._below_zero_is_none)
        match switch(cell := entry.cell(IN_STOCK)):
            case Switch.OFF:
                entry.fields["quantity"] = 0
            case Switch.UNCLEAR:
                entry.fields.pop("quantity", None)
                entry.withhold("quantity", switches.unclear(cell))
            case _:
                pass
        self._numbers.weight(entry, "weight", entry.cell("weight unit"))

    def _sale(self, entry: RowEntry) -> None:
        """Fill a sale; one that a row with a price leaves out, or switches off, is over."""
        is_priced = bool(entry.cell("price"))
        is_off = _NOTHING.fullmatch(entry.cell("sale price")) or (
            switch(entry.cell("on sale")) is Switch.OFF
        )
        if is_off and entry.has("sale price"):
            entry.fields |= file_numbers.NO_SALE if is_priced else {}
            return
        file_numbers.sale(entry, self._numbers, _SALE, ends_when_empty=is_priced)


def _is_untracked(entry: RowEntry) -> bool:
    """Tell whether the shop does not count: it says so for the quantity, or in another column."""
    tracked = entry.cell("tracked")
    off = tracked.casefold() == _NOT_COUNTED or switch(tracked) is Switch.OFF
    return off or entry.cell("quantity").casefold() in _UNTRACKED


def _shop_words(entry: RowEntry) -> None:
    """Take a category in words for the shop's own, and no kind of product for a type."""
    if _KIND_OF_PRODUCT.fullmatch(str(entry.fields.get("shop_type", ""))):
        del entry.fields["shop_type"]
    category = str(entry.fields.get("category", ""))
    if category and not category.isdecimal():
        del entry.fields["category"]
        entry.fields.setdefault("shop_type", cells.words(category))


def _refuse_part(entry: RowEntry) -> None:
    """Make no new listing of a row that is no product; one that exists takes what is right."""
    if part := RowPart(entry.cell(PART)):
        entry.fields = {
            name: each for name, each in entry.fields.items() if parts.keeps(part, name)
        }
        entry.withhold("variants", parts.refusal(part))


def _switched(entry: RowEntry) -> Switch:
    """Return whether the shop says that a product is there; 2 is off, as Magento writes it."""
    if switch(entry.cell("hidden")) is Switch.ON or entry.cell("published") == _DISABLED:
        return Switch.OFF
    return switch(entry.cell("published"))


def _publish(entry: RowEntry) -> None:
    """Make what is switched off a draft, whatever its status."""
    match _switched(entry):
        case Switch.OFF:
            entry.fields["status"] = "draft"
        case Switch.ON:
            entry.fields.setdefault("status", "active")
        case Switch.UNCLEAR:
            entry.withhold("status", switches.unclear(entry.cell("published")))
        case _:
            pass


def _sell_nothing_if_off(entry: RowEntry) -> None:
    """Leave nothing to sell of a variant that is switched off: it has no status of its own."""
    if _switched(entry) is Switch.OFF:
        entry.fields["quantity"] = 0


def _options(row: TableRow) -> dict[str, str]:
    return {
        name[len(OPTION) :]: cells.words(cell)
        for name, cell in row.cells.items()
        if cell and name.startswith(OPTION)
    }


def _groups(rows: Iterator[TableRow]) -> Iterator[list[TableRow]]:
    """Yield rows that make one listing: one, or variants below each other and their parent."""
    group: list[TableRow] = []
    for row in rows:
        if group and _parent(row) and _parent(row) == (_parent(group[0]) or _sku(group[0])):
            group.append(row)
            continue
        if group:
            yield group
        group = [row]
    if group:
        yield group


def _parent(row: TableRow) -> str:
    return row.cells.get("parent sku", "")


def _sku(row: TableRow) -> str:
    return row.cells.get("sku", "")
