"""Columns of numbers as shops write them, and what baysync makes of their cells."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_symbol

from baysync.files.cells import Unclear
from baysync.files.number_cells import NumberReader
from baysync.files.number_columns import Column, DecimalSign, Exporter
from baysync.files.number_shapes import NumberKind

# Those of eBay's marketplaces.
LOCALES = [
    "en_US",
    "en_GB",
    "en_IE",
    "en_AU",
    "en_CA",
    "en_SG",
    "en_HK",
    "en_MY",
    "en_PH",
    "de_DE",
    "de_AT",
    "de_CH",
    "fr_FR",
    "fr_BE",
    "fr_CA",
    "fr_CH",
    "fr_LU",
    "nl_NL",
    "nl_BE",
    "it_IT",
    "it_CH",
    "es_ES",
    "pl_PL",
    "zh_HK",
    "zh_TW",
]
CURRENCIES = ["EUR", "USD", "GBP", "CHF", "PLN", "CAD", "AUD", "HKD", "SGD", "MYR", "PHP", "TWD"]
STYLES = ("grouped", "ungrouped", "short", "grouped from 10000", "typed spaces")
TYPED = str.maketrans({"\u202f": " ", "\u00a0": " "})


def spelled(value: Decimal, locale: str, style: str) -> str:
    """Return a value as people of a locale write it, all its digits shown."""
    digits = -int(value.as_tuple().exponent)
    behind = "." + "0" * digits if digits else ""
    grouped = style in {"grouped", "typed spaces"} or (
        style == "grouped from 10000" and abs(value) >= 10000
    )
    pattern = "#,##0.###" if style == "short" else f"{'#,##0' if grouped else '0'}{behind}"
    text = format_decimal(value, pattern, locale=locale)
    return text.translate(TYPED) if style == "typed spaces" else text


def priced(text: str, currency: str, locale: str, *, before: bool) -> str:
    """Return a number with the word of a currency beside it."""
    word = get_currency_symbol(currency, locale)
    return f"{word} {text}" if before else f"{text}\u00a0{word}"


def column(
    cells: Sequence[str], kind: NumberKind = NumberKind.PRICE, exporter: Exporter = Exporter.PLAIN
) -> Column:
    """Return a column that has seen its cells, the first in row 2."""
    seen = Column(kind, exporter)
    for row, cell in enumerate(cells, start=2):
        seen.see(row, cell)
    return seen


def readings(
    cells: Sequence[str],
    kind: NumberKind = NumberKind.PRICE,
    exporter: Exporter = Exporter.PLAIN,
    *,
    others: Iterable[Column] = (),
    decimal: DecimalSign = DecimalSign.AUTO,
) -> list[Decimal | Unclear]:
    """Return the value of each cell, or why it has none."""
    reader = NumberReader(kind, column(cells, kind, exporter).decided(others, decimal=decimal))
    return [reading(reader, cell) for cell in cells]


def reading(reader: NumberReader, cell: str) -> Decimal | Unclear:
    """Return the value of a cell, or why it has none."""
    try:
        return reader.read(cell).value
    except Unclear as unclear:
        return unclear


def said(cells: Sequence[str], kind: NumberKind = NumberKind.PRICE) -> list[str]:
    """Return the readings of cells as text, ``!`` and its rule for a cell without one."""
    return [f"!{r.rule}" if isinstance(r, Unclear) else str(r) for r in readings(cells, kind)]
