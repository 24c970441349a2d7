"""``baysync listings``: what the shop says it wants to sell."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from baysync.base.errors import NotFound, Refused
from baysync.base.wording import counted
from baysync.change import service as change
from baysync.change.model import Detected
from baysync.cli.listings import blocked as listings_blocked
from baysync.cli.listings import check as listings_check
from baysync.cli.listings import forecast as listings_forecast
from baysync.cli.listings.check import Findings, pages
from baysync.cli.listings.forecast import Foresight
from baysync.cli.listings.history import history, restore
from baysync.cli.listings.import_guard import Empty, Taking
from baysync.cli.listings.importing import ImportJob, MissingRows, import_file
from baysync.cli.listings.suggest import suggest
from baysync.cli.listings.tally import Tally, tell
from baysync.cli.orders import in_words
from baysync.cli.terminal.output import (
    note,
    print_described,
    print_encoded,
    print_json,
    print_rows,
    write_data,
)
from baysync.cli.terminal.session import run
from baysync.db.connection import Db
from baysync.files import write
from baysync.files.number_columns import DecimalSign
from baysync.files.reading import FileFormat, Wishes
from baysync.jobs.publishing import debounce
from baysync.listing import body, page_store, store
from baysync.listing.decode import trimmed
from baysync.listing.model import ListingStatus
from baysync.listing.shown import shown
from baysync.orders import store as orders
from baysync.orders.model import UnitsSold
from baysync.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="What the shop says it wants to sell.")
app.command("blocked")(listings_blocked.blocked)
app.command("history")(history)
app.command("restore")(restore)

COLUMNS = ["sku", "status", "title", "version", "source", "updated_at"]
DECIMAL = "The decimal sign of tables; auto: each column shows its own."
LOCATION = "Of a Shopify inventory export: take the stock of this location only."
MISSING = "What becomes of listings that the file does not name."
REPLACE = "Rows are whole listings: what they do not say is emptied."
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Layout = Annotated[
    FileFormat | None, typer.Option("--format", help="Of the file; found out if left out.")
]
Written = Annotated[FileFormat, typer.Option("--format", help="csv or jsonl.")]


@app.command("import")
def import_(  # noqa: PLR0913 - one argument per option
    file: Annotated[str, typer.Argument(help="A file, or - for standard input.")],
    *,
    layout: Layout = None,
    decimal: Annotated[DecimalSign, typer.Option(help=DECIMAL)] = DecimalSign.AUTO,
    location: Annotated[str, typer.Option(help=LOCATION)] = "",
    currency: Annotated[str, typer.Option(help="Of prices that name none, such as USD.")] = "",
    dry_run: Annotated[bool, typer.Option(help="Say what would happen, store nothing.")] = False,
    missing: Annotated[MissingRows, typer.Option(help=MISSING)] = MissingRows.IGNORE,
    replace: Annotated[bool, typer.Option("--replace", help=REPLACE)] = False,
    empty: Annotated[Empty, typer.Option(help="What empty cells do to fields.")] = Empty.KEEP,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, however much goes.")] = False,
    rejects: Annotated[Path | None, typer.Option(help="The file for rejected rows.")] = None,
    as_json: AsJson = False,
) -> None:
    """Store the listings of a file, and say what became of every row.

    Ends with 1 if rows were rejected; they are in a file that can be corrected and imported.
    """
    job = ImportJob(
        path=file,
        wishes=Wishes(layout=layout, decimal=decimal, location=location.strip()),
        currency=currency.strip().upper(),
        rejects=rejects,
        dry_run=dry_run,
        missing=missing,
        taking=Taking(replace=replace, empty=empty, yes=yes, dry_run=dry_run),
        yes=yes,
        as_json=as_json,
    )
    results: tuple[Tally, Foresight] = run(lambda runtime: import_file(runtime, job))
    tally, foresight = results
    if as_json:
        print_json(tally.summary() | listings_forecast.summary(foresight))
    else:
        totals = tally.counts() | {"import": tally.import_id}
        print_rows([totals], list(totals))
        tell(tally)
        listings_forecast.tell(foresight)
    raise typer.Exit(1 if tally.is_partial else 0)


@app.command("list")
def list_(
    *,
    status: Annotated[ListingStatus | None, typer.Option(help="Only these.")] = None,
    after: Annotated[str, typer.Option(help="Begin after this SKU.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List listings in the order of their SKU."""

    async def page(runtime: Runtime) -> tuple[list[page_store.ListingLine], int]:
        async with runtime.db() as db:
            counts = await page_store.counts(db)
            found = await page_store.page(db, after=after, limit=limit, status=status)
        return found, counts.get(status, 0) if status else sum(counts.values())

    found, total = run(page)
    rows = [
        {name: getattr(line, name) for name in COLUMNS}
        | {"updated_at": f"{line.updated_at:%Y-%m-%dT%H:%M:%SZ}"}
        for line in found
    ]
    print_rows(rows, COLUMNS, as_json=as_json)
    if found and len(found) == limit < total:
        note(f"{limit} of {total:,} shown; the next: --after {found[-1].sku}")


@app.command()
def get(sku: str) -> None:
    """Print a listing as JSON, and on standard error what it has sold."""

    async def find(runtime: Runtime) -> tuple[store.StoredBody | None, list[UnitsSold]]:
        async with runtime.db() as db:
            return await store.get(db, trimmed(sku)), await orders.sold(db, trimmed(sku))

    found, sold = run(find)
    if found is None:
        raise NotFound(f"There is no listing {sku}.", fix="baysync listings list")
    print_encoded(msgspec.json.format(shown(found.body), indent=2))
    for one in sold:
        note(f"sold on {one.marketplace} of {one.account}: {in_words(one)}")


@app.command()
def template(*, layout: Written = FileFormat.CSV) -> None:
    """Print an example to fill in."""
    write_data([write.template(_writable(layout))])


@app.command()
def export(*, layout: Written = FileFormat.JSONL) -> None:
    """Print all listings; importing them again changes nothing."""
    _writable(layout)
    count = run(lambda runtime: _export(runtime, layout))
    note(counted(count, "listing"))


@app.command()
def check(
    skus: Annotated[list[str] | None, typer.Argument(help="All listings if left out.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what keeps listings off eBay; ends with 1 if anything does.

    A row without a marketplace concerns all of them.

    Rows "explained" say how price and quantity come about where the shop alone does not decide.
    """

    async def work(runtime: Runtime) -> Findings:
        async with runtime.db() as db:
            found = await listings_check.check(db, {trimmed(sku) for sku in skus or ()})
        await suggest(runtime, found.wanting)
        return found

    found = run(work)
    rows = found.problems
    shown = rows if as_json else [*rows, *found.terms]
    print_described(
        shown, listings_blocked.COLUMNS, map(listings_blocked.lines, shown), as_json=as_json
    )
    if not rows:
        note(f"Nothing keeps these listings off eBay: {len(found.looked):,} looked at.")
    for words in sorted(found.awaited):
        note(f"eBay has not been asked about {words} yet: `baysync work` does; check again then")
    raise typer.Exit(1 if rows else 0)


@app.command()
def reproject(
    *,
    blocked: Annotated[str | None, typer.Option(help="Those blocked for this reason.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every listing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Work out again what listings should look like on eBay, and queue what differs."""
    if all_ == bool(blocked):
        raise Refused("Which listings?", fix="give either --blocked REASON or --all.")

    async def work(runtime: Runtime) -> Detected:
        async with runtime.db() as db:
            return await change.reproject(db, reason=blocked, debounce=debounce(runtime.settings))

    found = {name: count for name, count in asdict(run(work)).items() if count or as_json}
    print_rows([found], list(found), as_json=as_json)


def _writable(layout: FileFormat) -> FileFormat:
    if layout not in {FileFormat.CSV, FileFormat.JSONL}:
        raise Refused(f"Listings are not written as {layout.value}.", fix="take csv or jsonl.")
    return layout


async def _columns(db: Db) -> tuple[str, ...]:
    """Return the columns of a table that holds all listings."""
    aspects, options = set[str](), set[str]()
    async for page in pages(db):
        for listing in (body.decode(found.body) for found in page):
            aspects |= listing.aspects.keys()
            options |= {name for each in listing.variants for name in each.options}
    return write.header(aspects=sorted(aspects), options=sorted(options))


async def _export(runtime: Runtime, layout: FileFormat) -> int:
    """Write all listings in the order of their SKU; return how many."""
    count = 0
    async with runtime.db() as db:
        columns = await _columns(db) if layout is FileFormat.CSV else ()
        if columns:
            write_data([write.line(columns)])
        async for page in pages(db):
            listings = [body.decode(found.body) for found in page]
            if columns:
                write_data(write.table(listings, columns))
            else:
                write_data(line.decode() for line in write.jsonl(listings))
            count += len(page)
    return count
