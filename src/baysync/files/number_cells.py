"""Number cells, read by the convention of their column or refused with their readings. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from baysync.files.cells import Unclear
from baysync.files.number_columns import Convention
from baysync.files.number_shapes import ALL, NumberKind, Recipe, shape, written

_MOST_SHAPES = 4096
_SHOWN = 40
_SIGNS = {".": "point", ",": "comma"}
_FIX = "import the file with --decimal point or --decimal comma, or write it without groups"
_Plan = tuple[Recipe, str] | str


class Amount(NamedTuple):
    """A number and the currency that its cell names, empty where it names none."""

    value: Decimal
    currency: str = ""


@dataclass(slots=True)
class NumberReader:
    """Reads the cells of one column; remembers what becomes of each shape."""

    kind: NumberKind
    convention: Convention
    plans: dict[str, _Plan] = field(default_factory=dict[str, _Plan])

    def read(self, cell: str) -> Amount:
        """Return the number in a cell.

        Raises:
            Unclear: it is no number, or has several readings; the message names them.
        """
        shaped = shape(cell)
        plan = self.plans.get(shaped)
        if plan is None:
            plan = _plan(shaped, self.convention, self.kind)
            if len(self.plans) < _MOST_SHAPES:
                self.plans[shaped] = plan
        if isinstance(plan, str):
            raise _unclear(plan, cell, self)
        recipe, currency = plan
        return Amount(recipe.value(cell), currency)


def _plan(shaped: str, convention: Convention, kind: NumberKind) -> _Plan:
    """Return how cells of a shape are read, or the rule by which they are refused."""
    form = written(shaped)
    if form is None or not (every := form.readings(ALL)):
        return "percentage" if "%" in shaped else "not_a_number"
    if form.money and kind is not NumberKind.PRICE:
        return "not_a_number"
    values = form.readings(convention.pairs)
    if not values:
        return "other_signs"
    pair, value = next(iter(values.items()))
    if len(set(values.values())) > 1 or (not convention.low and value != max(every.values())):
        return "ambiguous_number"
    if kind is NumberKind.QUANTITY and value != value.to_integral_value():
        return "not_whole"
    return form.recipe(pair), form.currency


def _unclear(rule: str, cell: str, reader: NumberReader) -> Unclear:
    shown = repr(cell) if len(cell) <= _SHOWN else f"{cell[:_SHOWN]!r}..."
    match rule:
        case "not_a_number":
            return Unclear(rule, f"{shown} is not a number", 'write only a number, as in "1234.50"')
        case "percentage":
            return Unclear(rule, f"{shown} is a percentage", "write the number itself")
        case "not_whole":
            return Unclear(rule, f"{shown} is not a whole number", "write a whole number such as 3")
        case _:
            readings = " or ".join(_readings(cell, reader.kind))
            return Unclear(rule, f"{cell} may be {readings}{_why(rule, reader.convention)}", _FIX)


def _readings(cell: str, kind: NumberKind) -> list[str]:
    """Return every number that a cell may be, the largest first; prices with two digits."""
    form = written(shape(cell))
    fits = form.readings(ALL) if form else {}
    values = {form.recipe(pair).value(cell) for pair in fits} if form else set[Decimal]()
    cents = Decimal("0.01")
    return [
        str(value.quantize(cents))
        if kind is NumberKind.PRICE and value == value.quantize(cents)
        else str(value)
        for value in sorted(values, key=abs, reverse=True)
    ]


def _why(rule: str, convention: Convention) -> str:
    if convention.asked:
        return f", which contradicts --decimal {convention.asked}"
    proofs = [f"a decimal {_SIGNS[sign]} in row {row}" for sign, row in convention.rows]
    if not proofs:
        return ""
    if convention.mixed:
        return f": the column has {' and '.join(proofs)}"
    return f": the column has {proofs[0]}" if rule == "other_signs" else ""
