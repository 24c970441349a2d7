"""``baysync snapshots``: what eBay showed, and what changed between two moments."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import typer

from baysync.base.ids import correlation_id
from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.cli.terminal.person import actor
from baysync.cli.terminal.session import run
from baysync.projection.diff import Edit, variant
from baysync.runtime import Runtime
from baysync.snapshot import service
from baysync.snapshot.model import Compared, Snapshot

app = typer.Typer(no_args_is_help=True, help="States that eBay showed, and their differences.")

Sku = Annotated[str, typer.Argument(help="The shop's SKU.")]
OfAccount = Annotated[str | None, typer.Option("--account", help="Name of the account.")]
OnMarketplace = Annotated[str | None, typer.Option("--marketplace", help="Such as EBAY_DE.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
COLUMNS = ["seq", "created_at", "source_event", "changes", "equal_to"]


@app.command("list")
def list_snapshots(
    sku: Sku,
    *,
    account: OfAccount = None,
    marketplace: OnMarketplace = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List the snapshots of a SKU, newest first."""

    async def rows(runtime: Runtime) -> list[dict[str, object]]:
        async with runtime.db() as db:
            place = await service.find(db, sku, account=account, marketplace=marketplace)
            found = await service.page(db, place.ebay_listing_id, before=None, limit=limit)
        return [
            {
                "seq": row.seq,
                "created_at": f"{row.created_at:%Y-%m-%d %H:%M:%S}",
                "source_event": row.source_event,
                "changes": len(row.diff),
                "equal_to": row.dedup_of,
                **({"diff": row.diff, "correlation_id": row.correlation_id} if as_json else {}),
            }
            for row in found
        ]

    print_rows(run(rows), COLUMNS, as_json=as_json)


@app.command()
def show(
    sku: Sku,
    seq: Annotated[int | None, typer.Argument(help="Its number; the newest if left out.")] = None,
    *,
    account: OfAccount = None,
    marketplace: OnMarketplace = None,
    seller: Annotated[
        bool, typer.Option("--seller", help="Print what the seller had set on eBay beside it.")
    ] = False,
) -> None:
    """Print one snapshot's document as JSON; null where nothing was known to be there."""

    async def document(runtime: Runtime) -> object:
        async with runtime.db() as db:
            place = await service.find(db, sku, account=account, marketplace=marketplace)
            at = seq or await service.newest(db, place.ebay_listing_id)
            read = service.read_sellers if seller else service.read
            return await read(db, place.ebay_listing_id, at)

    print_json(run(document))


@app.command()
def create(
    sku: Sku,
    *,
    account: OfAccount = None,
    marketplace: OnMarketplace = None,
    as_json: AsJson = False,
) -> None:
    """Keep what is known of eBay now; no call is made, an equal state only refers to the last."""

    async def keep(runtime: Runtime) -> Snapshot:
        async with runtime.db() as db:
            place = await service.find(db, sku, account=account, marketplace=marketplace)
            return await service.create(db, place, correlation_id=correlation_id(), by=actor())

    made = run(keep)
    if as_json:
        print_json({"id": made.id, "seq": made.seq, "equal_to": made.dedup_of})
    same = f", equal to {made.dedup_of}" if made.dedup_of else ""
    note(f"Snapshot {made.seq}{same}. What it holds: baysync snapshots show {sku} {made.seq}")


@app.command("diff")
def diff_snapshots(
    sku: Sku,
    before: Annotated[int | None, typer.Argument(help="A number; else the one before.")] = None,
    after: Annotated[int | None, typer.Argument(help="A number; else the newest.")] = None,
    *,
    account: OfAccount = None,
    marketplace: OnMarketplace = None,
    as_json: AsJson = False,
) -> None:
    """Print what changed between two snapshots; end with 1 if anything did, else with 0."""

    async def compare(runtime: Runtime) -> Compared:
        async with runtime.db() as db:
            place = await service.find(db, sku, account=account, marketplace=marketplace)
            last = after or await service.newest(db, place.ebay_listing_id)
            first = before or max(1, last - 1)
            note(f"{sku} on {place.marketplace} of {place.account}: {first} to {last}")
            return await service.compare(db, place.ebay_listing_id, first, last)

    found = run(compare)
    if as_json:
        print_json(found.edits)
    else:
        of_variants = ["variant"] if found.labels else []
        print_rows(
            [_line(at, edit, found.labels) for at, edit in found.edits.items()],
            ["op", *of_variants, "pointer", "before", "after"],
        )
    raise typer.Exit(1 if found.edits else 0)


def _line(pointer: str, edit: Edit, labels: Mapping[str, str]) -> dict[str, object]:
    return {
        "op": str(edit.op),
        "variant": labels.get(variant(pointer) or ""),
        "pointer": pointer,
        "before": _shown(edit.before),
        "after": _shown(edit.after),
    }


def _shown(value: object) -> object:
    """Return a value as it is read best: text as it is, all else as JSON."""
    plain = value is None or isinstance(value, str)
    return value if plain else msgspec.json.encode(value).decode()
