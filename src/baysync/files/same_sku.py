"""Two products of one file that have the same SKU: neither is taken, both are named. Pure."""

from collections.abc import Callable, Iterator, Sequence

from baysync.files.table import TableRow
from baysync.listing.model import Problem

_SHOWN = 5  # rows


class SameSku:
    """The first pass over a file of products: which SKUs stand in more than one."""

    def __init__(self, column: str, product_of: Callable[[TableRow], str]) -> None:
        self._column = column
        self._product_of = product_of
        self._first: dict[str, tuple[int, int]] = {}  # SKU -> row, hash of the product
        self._rows: dict[str, list[int]] = {}

    def see(self, row: TableRow) -> None:
        """Note the SKU of a row and the product it belongs to."""
        sku = row.cells.get(self._column, "")
        if not sku:
            return
        product = hash(self._product_of(row))
        number, first = self._first.setdefault(sku, (row.number, product))
        if first != product:
            self._rows.setdefault(sku, [number]).append(row.number)

    def problems(self, rows: Sequence[TableRow]) -> Iterator[Problem]:
        """Yield why the product of these rows is refused: another has one of its SKUs."""
        for row in rows:
            sku = row.cells.get(self._column, "")
            if numbers := self._rows.get(sku):
                shown = ", ".join(map(str, numbers[:_SHOWN]))
                yield Problem(
                    pointer="/sku",
                    rule="same_sku",
                    message=f"{sku} is the SKU of several products, in rows {shown}",
                    fix="give each its own SKU in the shop and export again",
                )
