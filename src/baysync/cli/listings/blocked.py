"""``baysync listings blocked``: what is held back, grouped by cause, or listing by listing."""

from collections.abc import Sequence
from typing import Annotated

import typer

from baysync.account.rules import addressed
from baysync.base.errors import NotFound
from baysync.base.wording import counted
from baysync.change.causes import Cause, Causes, Group, of_block
from baysync.cli.terminal import cause_words
from baysync.cli.terminal.output import Row, note, print_described
from baysync.cli.terminal.session import run
from baysync.db.connection import Db
from baysync.insight.listing import blocked_store
from baysync.insight.listing.model import BlockedListing
from baysync.listing import store
from baysync.listing.decode import trimmed
from baysync.runtime import Runtime

PAGE = 2_000
COLUMNS = ["sku", "account", "marketplace", "pointer", "rule", "message", "fix"]
GROUPED = ["count", "account", "marketplace", "rule", "about", "skus", "message", "fix"]


def blocked(
    *,
    reason: Annotated[str, typer.Option(help="Only what is blocked for this reason.")] = "",
    sku: Annotated[
        list[str] | None, typer.Option(help="Each cause of this listing; repeatable.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Each cause of each listing.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many of --all.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what is held back from eBay: each cause with its count, examples and the way out."""
    skus = [trimmed(each) for each in sku or []]
    if all_ or skus:
        found = run(lambda runtime: _listed(runtime, reason, skus, limit + 1))
        rows = [row for one in found[:limit] for row in _rows(one, reason)]
        print_described(rows, COLUMNS, map(lines, rows), as_json=as_json)
        if len(found) > limit:
            note(f"The first {limit} are shown; more: --limit {limit * 10}, or --reason REASON")
    else:
        groups, total = run(lambda runtime: _grouped(runtime, reason))
        rows = [cause_words.row(group) for group in groups]
        print_described(rows, GROUPED, cause_words.by_place(groups), as_json=as_json)
        if total:
            listings = counted(total, "eBay listing is", "eBay listings are")
            note(f"{listings} blocked{f' for {reason}' if reason else ''}.")
    if not rows:
        note("Nothing is blocked." if not reason else f"Nothing is blocked for {reason}.")


async def _grouped(runtime: Runtime, reason: str) -> tuple[list[Group], int]:
    """Return the causes of all that is blocked, and how many eBay listings that are.

    Memory stays constant.
    """
    causes, total, last = Causes(), 0, None
    async with runtime.db() as db:
        while page := await blocked_store.blocked(db, after=last, limit=PAGE, reason=reason):
            for row in page:
                causes.add(row.account, row.marketplace, row.sku, _causes(row, reason))
            total, last = total + len(page), page[-1]
    return causes.sorted(), total


async def _listed(
    runtime: Runtime, reason: str, skus: Sequence[str], limit: int
) -> list[BlockedListing]:
    async with runtime.db() as db:
        await _refuse_unknown(db, skus)
        return await blocked_store.blocked(db, limit=limit, reason=reason, skus=skus)


async def _refuse_unknown(db: Db, skus: Sequence[str]) -> None:
    unknown = sorted(set(skus) - (await store.ids(db, skus)).keys())
    if unknown:
        raise NotFound(f"There is no listing {', '.join(unknown)}.", fix="baysync listings list")


def _causes(one: BlockedListing, reason: str) -> list[Cause]:
    causes = of_block(one.reason, one.detail)
    return [cause for cause in causes if reason in {"", cause.rule}] or causes


def _rows(one: BlockedListing, reason: str) -> list[Row]:
    return [
        {
            "sku": one.sku,
            "account": one.account,
            "marketplace": one.marketplace,
            "pointer": cause.pointer,
            "rule": cause.rule,
            "message": cause.message,
            "fix": addressed(cause.fix, one.account, one.marketplace),
            "scope": one.scope,
            "recheck_at": one.recheck_at,
        }
        for cause in _causes(one, reason)
    ]


def lines(row: Row) -> list[str]:
    """Return what people read of one cause of a listing, with its place if it is of one."""
    at = f" on {row['marketplace']} of {row['account']}" if row.get("marketplace") else ""
    cause = f"  {row['rule']} {row['pointer']}".rstrip() + f": {row['message']}"
    return [f"{row['sku']}{at}", cause, *([f"  fix: {row['fix']}"] if row["fix"] else [])]
