"""One number of a shop's table, and the pairs of signs it can be written with. Pure.

A *pair* is (decimal sign, group sign). Which pairs hold is decided by a column as a whole
(``number_columns``), never by a locale. All is decided on the *shape* of a cell: the cell with each
digit from 1 to 9 made ``1`` and each kind of space, apostrophe and minus made one. Cells of one
shape have the same readings, digit for digit, so that a column of a hundred thousand cells is a few
hundred decisions.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from baysync.files.money_words import PATTERN, currency_of

Pair = tuple[str, str]
ALL: frozenset[Pair] = frozenset((d, g) for d in ".," for g in ("", ".", ",", "'", " ") if g != d)
GROUP = 3  # digits
LONGEST = 60  # characters; a longer cell is no number
_SPACES = " \u00a0\u2007\u2008\u2009\u200a\u202f\u3000"
_APOSTROPHES = "'\u2019\u02bc\u00b4`\u2032"
_SHAPES = str.maketrans(
    {
        **dict.fromkeys("123456789", "1"),
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_APOSTROPHES, "'"),
        "\u2212": "-",
    }
)
_GROUPS = {"": "", ".": ".", ",": ",", "'": _APOSTROPHES, " ": _SPACES}
_CLEAN = {
    pair: str.maketrans({**dict.fromkeys(_GROUPS[pair[1]]), pair[0]: "."}) for pair in sorted(ALL)
}
_CELL = re.compile(
    rf"(?P<s0>[-+])? *(?P<m0>{PATTERN})? *(?P<s1>[-+])? *"
    r"(?P<body>[01][01.,' ]*?|[.,][01]+)(?P<dash>[.,] ?(?:-{1,2}|\u2013|\u2014))?"
    rf"(?P<s2>-)? *(?P<m1>{PATTERN})? *(?P<s3>-)?",
    re.IGNORECASE,
)
_LONE = re.compile(r"1[01]{0,2}[.,][01]{3}")  # the one form that both readings fit


class NumberKind(StrEnum):
    """What the numbers of a column are."""

    PRICE = "price"
    QUANTITY = "quantity"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class NumberNotation:
    """How cells of one shape are written.

    Attributes:
        body: the digits and their signs, as a shape; ``start`` and ``end`` are its place.
        negative: whether a minus stands before or behind.
        money: whether a word or sign of money stands beside it.
        currency: the currency that this names, empty where it names none.
    """

    body: str
    start: int
    end: int
    negative: bool
    money: bool
    currency: str

    @property
    def is_lone(self) -> bool:
        """Whether its only sign has three digits behind it, and groups or decimals fit alike."""
        return _LONE.fullmatch(self.body) is not None

    def pairs(self) -> frozenset[Pair]:
        """Return the pairs of signs that it can be written with."""
        return frozenset(pair for pair in ALL if _value(self.body, pair) is not None)

    def readings(self, pairs: Iterable[Pair]) -> dict[Pair, Decimal]:
        """Return what the shape is by each pair that fits; minus apart."""
        return {pair: value for pair in pairs if (value := _value(self.body, pair)) is not None}

    def recipe(self, pair: Pair) -> "Recipe":
        """Return how the number of such a cell is cut out of it, by a pair that fits."""
        plain = not {pair[1], ","} & set(self.body)
        return Recipe(self.start, self.end, None if plain else _CLEAN[pair], self.negative)


class Recipe(NamedTuple):
    """How a number is cut out of cells of one shape: its place, and what becomes of its signs."""

    start: int
    end: int
    signs: dict[int, str | None] | None
    negative: bool

    def value(self, cell: str) -> Decimal:
        """Return the number in a cell."""
        start, end, signs, negative = self
        body = cell[start:end]
        number = Decimal(body.translate(signs) if signs else body)
        return -number if negative else number


def shape(cell: str) -> str:
    """Return the shape of a cell, character for character."""
    return cell.translate(_SHAPES)


def written(shaped: str) -> NumberNotation | None:
    """Return how cells of a shape are written, or None where they are no numbers.

    ``49,-`` is 49 and shows the comma to be decimal. Two signs or two currencies are no number,
    nor are percentages, parentheses, ranges and any word that is no currency.
    """
    match = _CELL.fullmatch(shaped) if len(shaped) <= LONGEST else None
    if match is None:
        return None
    signs = [sign for name in ("s0", "s1", "s2", "s3") if (sign := match[name])]
    words = [word for name in ("m0", "m1") if (word := match[name])]
    currencies = {currency_of(word) for word in words} - {""}
    if len(signs) > 1 or len(currencies) > 1:
        return None
    dash = match["dash"]
    body = match["body"].rstrip(" ")
    return NumberNotation(
        body=f"{body}{dash[0]}00" if dash else body,
        start=match.start("body"),
        end=match.start("body") + len(body),
        negative=signs == ["-"],
        money=bool(words),
        currency=next(iter(currencies), ""),
    )


def _value(body: str, pair: Pair) -> Decimal | None:
    """Return the number that ``body`` is by a pair, or None where it is not so written."""
    decimal, group = pair
    whole, sign, behind = body.partition(decimal)
    if group and group in whole:
        first, *others = whole.split(group)
        grouped = 0 < len(first) <= GROUP and first[0] != "0" and _threes(others)
        if not grouped:
            return None
        whole = first + "".join(others)
    if (whole and not whole.isdigit()) or (sign and not behind.isdigit()):
        return None
    return Decimal(f"{whole or 0}.{behind}" if behind else whole)


def _threes(groups: list[str]) -> bool:
    return all(len(group) == GROUP for group in groups)
