"""Read the number columns of a long table; report the time and the cells that are refused.

Run it with ``./run python bench/number_columns.py [--rows 100000]``. Three columns (price,
quantity, weight) are read twice, as an import does: once to decide their signs, once for the
values. The yardstick is ``Decimal`` of cells that need no decision. The last line is JSON; the
exit code is 1 when a cell is read as another number, or when 100,000 rows need more than a second
of CPU.
"""

import argparse
import json
import math
import random
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from time import process_time

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

from baysync.files.cells import Unclear
from baysync.files.number_cells import NumberReader
from baysync.files.number_columns import Column
from baysync.files.number_shapes import NumberKind
from support.number_lists import readings, spelled

LIMIT_S = 1.0  # for 100,000 rows of three columns
LISTS = 200
STYLES: dict[str, tuple[int, Callable[[Decimal], str]]] = {
    "#.##0,00": (2, lambda value: spelled(value, "de_DE", "grouped")),
    "0,00": (2, lambda value: spelled(value, "de_DE", "ungrouped")),
    "#.##0,##": (2, lambda value: spelled(value, "de_DE", "short")),
    "#.##0 (whole)": (0, lambda value: spelled(value, "de_DE", "grouped")),
    "#.##0,- (whole)": (0, lambda value: spelled(value, "de_DE", "grouped") + ",-"),
    "0 (whole)": (0, lambda value: spelled(value, "de_DE", "ungrouped")),
}
SHOPS = {"small goods, median 18": 18, "mixed, median 80": 80, "furniture, median 650": 650}


def main() -> int:
    """Measure and report; return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--lists", type=int, default=LISTS)
    options = parser.parse_args()
    chance = random.Random(7)  # noqa: S311  # a fixed draw
    seconds, yardstick = speed(options.rows, chance)
    wrong = rates(options.lists, chance)
    limit = max(LIMIT_S * options.rows / 100_000, 0.2)
    report = {
        "rows": options.rows,
        "cpu_s": round(seconds, 3),
        "decimal_s": round(yardstick, 3),
        "limit_s": limit,
        "wrong": wrong,
    }
    print(json.dumps(report))
    return int(wrong > 0 or seconds > limit)


def speed(rows: int, chance: random.Random) -> tuple[float, float]:
    """Return the CPU seconds of both passes over three columns, and of ``Decimal`` alone."""
    numbers = [chance.uniform(0.5, 5000) for _ in range(rows)]
    columns = {
        NumberKind.PRICE: [f"{number:.2f}".replace(".", ",") for number in numbers],
        NumberKind.QUANTITY: [str(chance.randint(0, 500)) for _ in range(rows)],
        NumberKind.WEIGHT: [f"{chance.uniform(0, 30):.3f}" for _ in range(rows)],
    }
    begun = process_time()
    for kind, cells in columns.items():
        column = Column(kind)
        for row, cell in enumerate(cells):
            column.see(row, cell)
        reader = NumberReader(kind, column.decided())
        for cell in cells:
            reader.read(cell)
    read = process_time()
    for cell in columns[NumberKind.WEIGHT] * 3:
        Decimal(cell)
    return read - begun, process_time() - read


def rates(lists: int, chance: random.Random) -> int:
    """Print the share of refused cells by shop and spelling; return how many are read wrongly."""
    wrong = 0
    for shop, median in SHOPS.items():
        for style, (digits, spell) in STYLES.items():
            shares: list[str] = []
            for length in (1, 20, 200):
                cells = refused = 0
                for _ in range(max(1, lists * 20 // length) if length > 20 else lists):
                    values = [_drawn(median, digits, chance) for _ in range(length)]
                    read = readings([spell(value) for value in values])
                    cells += length
                    refused += sum(isinstance(one, Unclear) for one in read)
                    pairs = zip(values, read, strict=True)
                    wrong += sum(not isinstance(r, Unclear) and r != v for v, r in pairs)
                shares.append(f"{100 * refused / cells:.1f} %")
            print(f"| {shop} | `{style}` | {' | '.join(shares)} |")
    return wrong


def _drawn(median: int, digits: int, chance: random.Random) -> Decimal:
    """Return a price about a median: some end in 9, some in 0, as in shops."""
    value = min(20_000.0, max(0.5, chance.lognormvariate(math.log(median), 1.0)))
    if digits:
        return Decimal(int(value)) + Decimal(chance.choice(["0.99", "0.95", "0.50", "0.00"]))
    tens = 1_000
    return Decimal(max(1, int(value) if value < tens else int(value / 10) * 10))


if __name__ == "__main__":
    sys.exit(main())
