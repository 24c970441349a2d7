"""What WooCommerce says of one thing that is sold: price, stock, weight, pictures. Pure."""

from baysync.files import cells, file_numbers, switches, woo_notation
from baysync.files.cells import RowEntry, Unclear
from baysync.files.file_numbers import Numbers, SaleColumns
from baysync.files.number_shapes import NumberKind
from baysync.files.switches import Switch, switch
from baysync.files.table import TableRow

WEIGHTS = {"kg": "KILOGRAM", "g": "GRAM", "lbs": "POUND", "oz": "OUNCE"}
LENGTHS = {"cm": "CENTIMETER", "in": "INCH", "mm": "MILLIMETER", "m": "METER", "yd": "YARD"}
SIDES = ("length", "width", "height")
NUMBERS = {
    "regular price": NumberKind.PRICE,
    "sale price": NumberKind.PRICE,
    "stock": NumberKind.QUANTITY,
    **{f"weight ({unit})": NumberKind.WEIGHT for unit in WEIGHTS},
    **{f"{side} ({unit})": NumberKind.WEIGHT for unit in LENGTHS for side in SIDES},
}
_SALE = SaleColumns("sale price", "date sale price starts", "date sale price ends")
_PARENT = "parent"
_BACKORDER = frozenset({"backorder", "onbackorder"})
_IN_METRES = {"mm": ("CENTIMETER", "0.1"), "m": ("CENTIMETER", "100"), "yd": ("INCH", "36")}


def offered(row: TableRow, at: str, numbers: Numbers) -> RowEntry:
    """Return what products and variations have in common: SKU, barcode, price, stock, weight."""
    entry = RowEntry(row, at)
    entry.put("sku", "sku", cells.code)
    entry.put("gtins", "gtin, upc, ean, or isbn", cells.codes)
    numbers.price(entry, "price", "regular price")
    file_numbers.sale(entry, numbers, _SALE, ends_when_empty=True)
    _stock(entry, numbers)
    for unit, name in WEIGHTS.items():
        numbers.weight(entry, f"weight ({unit})", name)
    entry.put("images", "images", woo_notation.values)
    return entry


def measure(entry: RowEntry, numbers: Numbers) -> None:
    """Fill the size of a product whose three sides are given."""
    for unit, name in LENGTHS.items():
        sides = {side: entry.cell(f"{side} ({unit})") for side in SIDES}
        if unit in _IN_METRES or not all(sides.values()):
            continue
        try:
            size = {
                side: str(numbers.read(f"{side} ({unit})", cell).value)
                for side, cell in sides.items()
            }
        except Unclear as unclear:
            entry.withhold("size", unclear)
        else:
            entry.fields["size"] = {"unit": name, **size}


def _stock(entry: RowEntry, numbers: Numbers) -> None:
    """Fill the stock: an empty cell is a shop that does not count, ``parent`` shares the product's.

    What is flagged as not in stock is not sold, whatever the number.
    """
    flag, cell = entry.cell("in stock?").casefold(), entry.cell("stock")
    if backorders := entry.cell("backorders allowed?").casefold():
        entry.fields["backorders"] = backorders in {"1", "yes", "notify"}
    on_backorder = flag in _BACKORDER
    in_stock = Switch.ON if on_backorder else switch(flag)
    if in_stock is Switch.OFF:
        entry.fields["quantity"] = 0
    elif in_stock is Switch.UNCLEAR:
        entry.withhold("quantity", switches.unclear(flag))
    elif cell.casefold() == _PARENT:
        entry.fields["quantity"] = None
    elif cell:
        numbers.quantity(entry, "stock", below_zero_is_none=True)
    elif entry.has("stock"):
        entry.fields["quantity"] = 0 if on_backorder else "untracked"
