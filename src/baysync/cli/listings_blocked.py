"""``baysync listings blocked``: what is held back, each cause with its field and the way out."""

from collections.abc import Iterator
from typing import Annotated

import typer

from baysync.cli.output import note, print_rows
from baysync.cli.session import run
from baysync.dashboard import store
from baysync.dashboard.model import Blocked
from baysync.dashboard.reasons import of_block
from baysync.runtime import Runtime

COLUMNS = ["sku", "account", "marketplace", "reason", "pointer", "rule", "fix"]


def blocked(
    *,
    reason: Annotated[str, typer.Option(help="Only what is blocked for this reason.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what is held back from eBay, by reason; a row for each cause, with field and fix."""

    async def work(runtime: Runtime) -> list[Blocked]:
        async with runtime.db() as db:
            return await store.blocked(db, limit=limit + 1, reason=reason)

    found = run(work)
    print_rows([row for one in found[:limit] for row in _rows(one)], COLUMNS, as_json=as_json)
    if not found:
        note("Nothing is blocked." if not reason else f"Nothing is blocked for {reason}.")
    elif len(found) > limit:
        note(f"The first {limit} are shown; more: --limit {limit * 10}, or --reason REASON")


def _rows(one: Blocked) -> Iterator[dict[str, object]]:
    for cause in of_block(one.reason, one.detail):
        yield {
            "sku": one.sku,
            "account": one.account,
            "marketplace": one.marketplace,
            "reason": one.reason,
            "scope": one.scope,
            "recheck_at": one.recheck_at,
            "pointer": cause.pointer,
            "rule": cause.rule,
            "fix": cause.fix,
        }
