"""``baysync stock``: the numbers that shops send most."""

from typing import Annotated

import typer

from baysync.base.errors import Refused
from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.cli.terminal.person import actor
from baysync.cli.terminal.session import run
from baysync.jobs.publishing import debounce
from baysync.listing.origin import Origin
from baysync.listing.stock import MOST_ITEMS, StockOutcome, StockResult
from baysync.runtime import Runtime
from baysync.stock_door import set_stock

app = typer.Typer(no_args_is_help=True, help="How many there are of each SKU.")
COLUMNS = ["sku", "outcome", "reason", "offers"]


@app.callback()
def main() -> None:
    """Keep ``set`` a command of its own."""


@app.command("set")
def set_(
    numbers: Annotated[list[str], typer.Argument(metavar="SKU=9 ...", help="9, or untracked.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Set the quantity of listings or variants, and say what each marketplace offers now.

    Ends with 1 if a SKU was rejected; each is applied or not on its own.
    """
    items = [_item(words) for words in numbers]
    if len(items) > MOST_ITEMS:
        raise Refused(
            f"{len(items):,} SKUs are too many at once.",
            fix=f"send at most {MOST_ITEMS:,}, or import a table.",
        )

    async def work(runtime: Runtime) -> list[StockResult]:
        async with runtime.db() as db:
            return await set_stock(
                db, items, origin=Origin("stock", actor()), debounce=debounce(runtime.settings)
            )

    results = run(work)
    if as_json:
        print_json({"results": results})
    else:
        print_rows([_row(result) for result in results], COLUMNS)
        for result in results:
            if result.note:
                note(f"{result.sku}: {result.note}")
            for problem in result.problems:
                note(f"{result.sku or problem.pointer}: {problem.message}: {problem.fix}")
    raise typer.Exit(1 if any(r.outcome is StockOutcome.REJECTED for r in results) else 0)


def _item(words: str) -> dict[str, object]:
    sku, equals, quantity = words.rpartition("=")
    if not equals or not sku:
        raise Refused(f"{words!r} names no SKU and quantity.", fix="write it as SKU=9.")
    return {"sku": sku, "quantity": quantity}


def _row(result: StockResult) -> dict[str, object]:
    offers = ", ".join(f"{each.marketplace} {each.quantity}" for each in result.offers)
    return {
        "sku": result.sku,
        "outcome": result.outcome,
        "reason": result.reason,
        "offers": offers,
    }
