"""``baysync imports``: the files that were read, and taking one back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from baysync.base.wording import counted
from baysync.cli.listings.history import (
    LEFT,
    AsJson,
    WithStock,
    Yes,
    left,
    left_behind,
    pointers,
)
from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.cli.terminal.person import actor, agree
from baysync.cli.terminal.progress import progress
from baysync.cli.terminal.session import run
from baysync.db.connection import Db
from baysync.jobs.publishing import debounce
from baysync.listing import page_store
from baysync.listing.history import store as versions
from baysync.listing.imports import store
from baysync.listing.imports.model import Import
from baysync.ownership import kind_change
from baysync.ownership.kind_change import LeftBehind
from baysync.runtime import Runtime
from baysync.undo import service
from baysync.undo.model import Totals, UndoStep

app = typer.Typer(no_args_is_help=True, help="Files of listings that were read, and their undo.")
COLUMNS = ["id", "started_at", "kind", "name", "counts", "undone_by"]
SHARE = 0.05
MOST_SHOWN = 20
Id = Annotated[int, typer.Argument(metavar="ID", help="One that `imports list` names.")]


@app.command("list")
def list_(
    *,
    before: Annotated[int | None, typer.Option(help="Begin below this id.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List imports, the newest first."""

    async def page(runtime: Runtime) -> list[Import]:
        async with runtime.db() as db:
            return await store.page(db, before=before, limit=limit)

    found = run(page)
    print_rows([_row(one, as_json=as_json) for one in found], COLUMNS, as_json=as_json)
    if not found:
        note("Nothing was imported yet: baysync listings import FILE")


@app.command()
def show(import_id: Id, *, as_json: AsJson = False) -> None:
    """Show an import, and how many listings it changed."""

    async def find(runtime: Runtime) -> dict[str, object]:
        async with runtime.db() as db:
            row = _row(await service.find(db, import_id), as_json=as_json)
            return {**row, "changed": await versions.count_touched(db, import_id)}

    row = run(find)
    if as_json:
        print_json(row)
    else:
        print_rows(
            [{"what": name, "value": value} for name, value in row.items()], ["what", "value"]
        )


@app.command()
def undo(
    import_id: Id,
    *,
    with_stock: WithStock = False,
    dry_run: Annotated[bool, typer.Option(help="Say what would happen, change nothing.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Put back, field by field, what an import changed and nobody changed since.

    Listings that it created are archived; those that it ended become active.

    What stays as it is, is listed with its reason. An undo has an id and can be undone.
    """
    done, totals = run(
        lambda runtime: _undo(
            runtime,
            _Asked(import_id=import_id, with_stock=with_stock, dry_run=dry_run, yes=yes),
            _Told(as_json=as_json),
        )
    )
    counts = {"import": import_id, **({"undo": done} if done else {}), **totals.counts()}
    if as_json:
        print_json(counts)
        return
    print_rows([counts], list(counts))
    verb = "would go" if dry_run else "went"
    note(
        f"{totals.put_back:,} of {counted(totals.listings, 'listing')} {verb} back, "
        f"{counted(totals.fields, 'field')}; {counted(totals.left, 'field stays', 'fields stay')}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the person wants."""

    import_id: int
    with_stock: bool
    dry_run: bool
    yes: bool


@dataclass(slots=True, kw_only=True)
class _Told:
    """Lists what stays as it is: all of it as JSON, the first lines for people."""

    as_json: bool
    lines: int = 0

    def tell(self, steps: Sequence[UndoStep]) -> None:
        rows = left(steps)
        if self.as_json:
            for step in steps:
                mine = left([step])
                if step.fields or mine:
                    print_json({"sku": step.sku, "fields": pointers(step), "left": mine})
            return
        shown = rows[: max(0, MOST_SHOWN - self.lines)]
        print_rows(shown, LEFT)
        self.lines += len(rows)
        if len(shown) < len(rows) and self.lines - len(rows) < MOST_SHOWN:
            note("More fields stay as they are: --json lists them all.")


async def _undo(runtime: Runtime, asked: _Asked, told: _Told) -> tuple[int | None, Totals]:
    async with runtime.db() as db:
        known = await service.find(db, asked.import_id)
        begun = await store.unfinished_undo(db, asked.import_id)
        after = begun.counts.get("after", 0) if begun else 0
        totals = Totals()
        behind: list[LeftBehind] = []
        left = await versions.count_touched(db, known.id, after=after)
        pages = service.survey(db, known.id, with_stock=asked.with_stock, after=after)
        with progress("comparing", left, shown=not told.as_json) as advance:
            async for steps in pages:
                for step in steps:
                    totals = totals.plus(step)
                behind += await left_behind(db, steps)
                if asked.dry_run or not (begun or totals.put_back):
                    told.tell(steps)
                advance(totals.listings, counted(totals.listings, "listing"))
        if asked.dry_run and behind:
            note(f"This would {kind_change.ending(behind)}.")
        if asked.dry_run or not (begun or totals.put_back):
            return None, totals
        await _confirm(db, totals, behind, yes=asked.yes)
        return await _take_back(runtime, db, asked, told)


async def _confirm(db: Db, totals: Totals, behind: Sequence[LeftBehind], *, yes: bool) -> None:
    """Ask before more than 5 % of all listings are taken off sale, as ``--missing`` does.

    Ask too before listings end on eBay with what their seller set there.
    """
    if behind:
        agree(kind_change.ending(behind), yes=yes)
    counts = await page_store.counts(db)
    total = sum(count for status, count in counts.items() if status != "archived")
    if totals.off_sale > SHARE * total:
        agree(f"archive or end {totals.off_sale:,} of {counted(total, 'listing')}", yes=yes)


async def _take_back(runtime: Runtime, db: Db, asked: _Asked, told: _Told) -> tuple[int, Totals]:
    going = await service.begin(db, asked.import_id, actor=actor())
    total = await versions.count_touched(db, asked.import_id)
    with progress("undoing", total, shown=not told.as_json) as advance:
        while True:
            going, steps = await service.take_back(
                db,
                going,
                actor=actor(),
                with_stock=asked.with_stock,
                debounce=debounce(runtime.settings),
            )
            if not steps:
                await runtime.bell.tell(db)
                return going.id, going.totals
            told.tell(steps)
            advance(going.totals.listings, counted(going.totals.listings, "listing"))


def _row(one: Import, *, as_json: bool) -> dict[str, object]:
    counts = {name: count for name, count in one.counts.items() if name != "after"}
    words = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    finished = f"{one.finished_at:%Y-%m-%dT%H:%M:%SZ}" if one.finished_at else None
    return {
        "id": one.id,
        "started_at": f"{one.started_at:%Y-%m-%dT%H:%M:%SZ}",
        "finished_at": finished,
        "kind": one.kind,
        "name": one.name,
        "actor": one.actor,
        "counts": counts if as_json else words or ("nothing" if finished else "cut off"),
        "undoes": one.undoes,
        "undone_by": one.undone_by,
    }
