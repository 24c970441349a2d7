"""``baysync errors``: what eBay's error ids mean."""

from dataclasses import asdict
from typing import Annotated

import msgspec
import typer

from baysync.base.errors import NotFound
from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.ebay import errors
from baysync.ebay.errors import Case, Explained
from baysync.ebay.errors_page import ACTIONS, when

app = typer.Typer(no_args_is_help=True, help="What eBay's error ids mean.")
COLUMNS = ("when", "verdict", "cause", "fix")


@app.command()
def explain(
    error_id: Annotated[int, typer.Argument(help="eBay's error id, such as 25002.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what an error id means, what baysync does about it, and what a person can do."""
    known = errors.explain(error_id)
    if known is None:
        raise NotFound(
            f"Nothing is known about error {error_id}.",
            fix="read eBay's message: `baysync why SKU`; docs/reference/errors.md lists known ids.",
        )
    if as_json:
        print_json(_document(known))
        return
    rows = [_row(case) for case in known.cases]
    print_rows([*rows, _row(known)], COLUMNS)
    for verdict in dict.fromkeys([*(case.verdict for case in known.cases), known.verdict]):
        note(f"On {verdict}, baysync {ACTIONS[verdict]}.")


def _row(meaning: Explained | Case) -> dict[str, object]:
    narrower = when(meaning) if isinstance(meaning, Case) else ""
    return {
        "when": narrower or "otherwise",
        "verdict": meaning.verdict,
        "cause": meaning.cause,
        "fix": meaning.fix,
    }


def _document(known: Explained) -> dict[str, object]:
    cases = [{**_row(case), **msgspec.structs.asdict(case)} for case in known.cases]
    return {**asdict(known), "does": ACTIONS[known.verdict], "cases": cases}
