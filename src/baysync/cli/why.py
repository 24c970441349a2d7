"""``baysync why SKU``: how a listing stands and the chain that led there."""

from dataclasses import asdict
from typing import Annotated

import typer

from baysync.app import Runtime
from baysync.base.errors import NotFound
from baysync.cli.output import note, print_json, print_rows
from baysync.cli.session import run
from baysync.ebay_listing import why_store
from baysync.ebay_listing.model import Link, Standing

STANDING = ("account", "marketplace", "lifecycle_state", "desired", "published", "why")
CHAIN = ("at", "kind", "id", "of", "words")


def why(
    sku: Annotated[str, typer.Argument(help="SKU of the shop.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Newest links shown.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show why a listing is as it is: edit, change, attempt, eBay's answer, snapshot."""

    async def work(runtime: Runtime) -> tuple[list[Standing], list[Link]]:
        async with runtime.db() as db:
            return await why_store.standing(db, sku), await why_store.chain(db, sku, limit=limit)

    standing, chain = run(work)
    if not chain:
        raise NotFound(f"There is no listing {sku}.", fix="see `baysync listings list`.")
    rows = [{**asdict(one), "why": reason(one)} for one in standing]
    if as_json:
        print_json({"listings": rows, "chain": [asdict(link) for link in chain]})
        return
    print_rows(rows, STANDING)
    print_rows([{**asdict(link), "at": f"{link.at:%F %T}"} for link in chain], CHAIN)
    note(hint(standing, sku))


def reason(one: Standing) -> str:
    """Return in a few words why an eBay listing is not, or is, as the shop wants it."""
    if one.blocked_reason:
        held = "its content is" if one.blocked_scope == "content" else "everything is"
        return f"{held} blocked: {one.blocked_reason}"
    if not one.projected:
        return "the newest edit is not projected yet"
    if one.dead and not one.change:
        return "eBay refused what is wanted: see the dead letter"
    if one.verify_at:
        return "in doubt: it is read back"
    if one.desired == one.published:
        return "eBay shows what is wanted" if one.published else "nothing is wanted on eBay"
    return f"a change is on its way: {one.change}"


def hint(standing: list[Standing], sku: str) -> str:
    """Return the next command that makes sense."""
    if not standing:
        return "No account sells it: baysync accounts defaults"
    if any(one.blocked_scope == "all" for one in standing):
        return f"End the block: baysync queue resume --blocked {sku}"
    if any(one.dead for one in standing):
        return f"Send today's state again: baysync dead retry --sku {sku}"
    return f"Its history: baysync snapshots list {sku}"
