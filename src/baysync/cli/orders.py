"""``baysync orders``: what was sold on eBay."""

from dataclasses import asdict
from typing import Annotated

import typer

from baysync.base.wording import counted
from baysync.cli.terminal.output import note, print_rows
from baysync.cli.terminal.session import run
from baysync.orders import store
from baysync.orders.model import Sale, UnitsSold
from baysync.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="What was sold on eBay.")

COLUMNS = ["id", "sold_at", "sku", "quantity", "total", "marketplace", "order_id", "state"]


@app.command("list")
def list_orders(
    *,
    sku: Annotated[str | None, typer.Option(help="Of one SKU: the shop's, or eBay's.")] = None,
    account: Annotated[str | None, typer.Option(help="Name of the account.")] = None,
    before: Annotated[int | None, typer.Option(help="Go on after this id.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the lines of orders, those read last first."""

    async def page(runtime: Runtime) -> list[Sale]:
        async with runtime.db() as db:
            return await store.page(db, sku=sku, account=account, before=before, limit=limit)

    found = run(page)
    rows = [asdict(sale) if as_json else _row(sale) for sale in found]
    print_rows(rows, COLUMNS, as_json=as_json)
    if len(found) == limit:
        note(f"There may be more: --before {found[-1].id}")


def _row(sale: Sale) -> dict[str, object]:
    amount = "" if sale.total is None else f"{sale.total} {sale.currency or ''}".rstrip()
    return {
        "id": sale.id,
        "sold_at": f"{sale.sold_at:%Y-%m-%d %H:%M:%S}",
        "sku": sale.variant or sale.sku or sale.ebay_sku,
        "quantity": sale.quantity,
        "total": amount,
        "marketplace": sale.marketplace,
        "order_id": sale.order_id,
        "state": "cancelled" if sale.cancelled else (sale.payment_status or "").lower(),
    }


def in_words(sold: UnitsSold) -> str:
    """Return what one eBay listing has sold, as people say it."""
    last = f", last {sold.last_sold_at:%Y-%m-%d %H:%M}" if sold.last_sold_at else ""
    cancelled = f", {sold.units_cancelled} cancelled" if sold.units_cancelled else ""
    return f"{counted(sold.units_sold, 'unit')}{last}{cancelled}"
