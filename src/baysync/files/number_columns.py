"""What all cells of a column together say of its signs. Pure, one pass, memory of a few shapes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from baysync.files.number_shapes import (
    ALL,
    GROUP,
    LONGEST,
    NumberKind,
    NumberNotation,
    Pair,
    shape,
    written,
)

STRAYS = 100  # a sign proved by this many cells outvotes one cell that proves the other
_MOST_SHAPES = 4096
_POINT: frozenset[Pair] = frozenset({(".", "")})
_EITHER: frozenset[Pair] = frozenset({(".", ""), (",", "")})


class Exporter(StrEnum):
    """Who wrote a table; all but ``plain`` write weights and stock with a point, ungrouped."""

    PLAIN = "plain"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    MAGENTO = "magento"
    GOOGLE = "google"


class DecimalSign(StrEnum):
    """What a person says of the decimal sign of a file; ``auto`` leaves it to the columns."""

    AUTO = "auto"
    POINT = "point"
    COMMA = "comma"


_SIGNS = {DecimalSign.POINT: ".", DecimalSign.COMMA: ","}


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """The pairs of signs that a column is written with.

    Attributes:
        pairs: those that no cell contradicts; all of them where the column mixes signs.
        low: whether a lone sign with three digits behind may be decimal, as in 0.990.
        rows: the first row that proves each decimal sign.
        mixed: whether the column proves both.
        asked: the decimal sign that a person named, empty where the column decides.
    """

    pairs: frozenset[Pair]
    low: bool = False
    rows: tuple[tuple[str, int], ...] = ()
    mixed: bool = False
    asked: str = ""


@dataclass(slots=True)
class Column:
    """The first pass over a column; all price columns of a file are one column."""

    kind: NumberKind
    exporter: Exporter = Exporter.PLAIN
    counts: dict[str, int] = field(default_factory=dict[str, int])
    rows: dict[str, int] = field(default_factory=dict[str, int])
    pairs: dict[str, frozenset[Pair]] = field(default_factory=lambda: dict.fromkeys(".,?", ALL))
    proved: Counter[str] = field(default_factory=Counter[str])  # decimal sign -> cells
    first: dict[str, int] = field(default_factory=dict[str, int])  # decimal sign -> row
    three: set[str] = field(default_factory=set[str])  # signs proved with three digits behind
    lone: set[str] = field(default_factory=set[str])
    lone_ends_in_zero: bool = False
    has_signless: bool = False
    currencies: Counter[str] = field(default_factory=Counter[str])  # named -> cells

    def see(self, row: int, cell: str) -> None:
        """Count a cell by its shape; what is no number will say nothing."""
        shaped = shape(cell)
        try:
            self.counts[shaped] += 1
        except KeyError:
            self._begin(shaped, row)

    def _begin(self, shaped: str, row: int) -> None:
        if len(shaped) <= LONGEST:
            self.counts[shaped] = 1
            self.rows[shaped] = row
            if len(self.counts) > _MOST_SHAPES:
                self._fold()

    def decided(
        self, others: Iterable["Column"] = (), *, decimal: DecimalSign = DecimalSign.AUTO
    ) -> Convention:
        """Return the column's convention; ``others`` are the file's columns of other kinds.

        A person's ``decimal`` decides it outright.
        """
        self._fold()
        rows = tuple(sorted(self.first.items()))
        if sign := _SIGNS.get(decimal):
            return Convention(pairs=_with({sign}, ALL), low=True, rows=rows, asked=decimal.value)
        pairs = self._surviving()
        if not pairs:
            return Convention(pairs=ALL, rows=rows, mixed=True)
        if self.exporter is not Exporter.PLAIN:
            return self._exported(pairs, rows)
        if self.kind is NumberKind.PRICE and not self.proved and len(self.lone) == 1:
            pairs = self._grouped(pairs, others)
        return Convention(pairs=pairs, low=self._low(pairs), rows=rows)

    def _exported(self, pairs: frozenset[Pair], rows: tuple[tuple[str, int], ...]) -> Convention:
        """WooCommerce writes prices with the shop's sign; all else of exporters has the point."""
        localised = self.exporter is Exporter.WOOCOMMERCE and self.kind is NumberKind.PRICE
        own = pairs & (_EITHER if localised else _POINT)
        low = self._low(own or pairs) or bool(own and self.kind is not NumberKind.PRICE)
        return Convention(pairs=own or pairs, low=low, rows=rows)

    def _grouped(self, pairs: frozenset[Pair], others: Iterable["Column"]) -> frozenset[Pair]:
        """Return the pairs by which the column's lone sign groups, where the file shows that."""
        other_signs = {sign for other in others for sign in other.signs()}
        opposite = {".", ","} - self.lone
        if other_signs == opposite or (self.lone_ends_in_zero and self.has_signless):
            return _with(opposite, pairs) or pairs
        return pairs

    def signs(self) -> frozenset[str]:
        """Return the decimal signs that the column proves."""
        self._fold()
        return frozenset(self.proved)

    def _low(self, pairs: frozenset[Pair]) -> bool:
        return {decimal for decimal, _ in pairs} <= self.three

    def _surviving(self) -> frozenset[Pair]:
        for most, least in (".,", ",."):
            if self.proved[most] >= STRAYS * self.proved[least] > 0:
                return self.pairs[most] & self.pairs["?"]
        return self.pairs["."] & self.pairs[","] & self.pairs["?"]

    def _fold(self) -> None:
        """Let the shapes that were counted strike out what they contradict, and forget them."""
        for shaped, count in self.counts.items():
            if cell := written(shaped):
                if cell.currency:
                    self.currencies[cell.currency] += count
                self._weigh(cell, count, self.rows[shaped])
        self.counts.clear()
        self.rows.clear()

    def _weigh(self, cell: NumberNotation, count: int, row: int) -> None:
        fits = cell.pairs()
        if not fits:
            return
        signs = {decimal for decimal, _ in fits}
        sign = next(iter(signs)) if len(signs) == 1 else "?"
        self.pairs[sign] &= fits
        if cell.is_lone:
            self.lone.add(cell.body[-4])
            self.lone_ends_in_zero |= cell.body[-1] == "0"
        elif sign != "?":
            self.proved[sign] += count
            self.first[sign] = min(row, self.first.get(sign, row))
            if len(cell.body.partition(sign)[2]) == GROUP:  # 0.990
                self.three.add(sign)
        else:
            self.has_signless |= cell.body.isdigit()


def _with(signs: set[str], pairs: frozenset[Pair]) -> frozenset[Pair]:
    return frozenset(pair for pair in pairs if pair[0] in signs)
