"""``baysync listings history`` and ``restore``: what a listing was, and the way back."""

from collections.abc import Sequence
from typing import Annotated

import typer

from baysync.base.wording import counted
from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.cli.terminal.person import actor, agree
from baysync.cli.terminal.session import run
from baysync.db.connection import Db
from baysync.jobs.publishing import debounce
from baysync.listing import body
from baysync.listing.decode import trimmed
from baysync.listing.history import diff, wording
from baysync.listing.history.model import Version
from baysync.ownership import kind_change
from baysync.ownership.kind_change import LeftBehind
from baysync.runtime import Runtime
from baysync.undo import service
from baysync.undo.model import UndoStep

COLUMNS = ["version", "accepted_at", "kind", "actor", "import", "changed"]
LEFT = ["sku", "pointer", "reason", "message"]
Sku = Annotated[str, typer.Argument(help="That of a listing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WithStock = Annotated[
    bool, typer.Option("--with-stock", help="Quantities too, less what was sold since.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def history(sku: Sku, *, as_json: AsJson = False) -> None:
    """List the kept versions of a listing, the newest first, and what each changed."""

    async def work(runtime: Runtime) -> list[Version]:
        async with runtime.db() as db:
            return (await service.history_of(db, trimmed(sku)))[1]

    print_rows(lines(run(work)), COLUMNS, as_json=as_json)


def restore(
    sku: Sku,
    *,
    version: Annotated[int, typer.Option(help="One that `listings history` names.")],
    with_stock: WithStock = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Bring a listing back to one of its versions; quantities only with --with-stock."""

    async def plan(runtime: Runtime) -> tuple[UndoStep, list[LeftBehind]]:
        async with runtime.db() as db:
            step = await service.plan_restore(db, trimmed(sku), version, with_stock=with_stock)
            return step, await left_behind(db, [step])

    async def work(runtime: Runtime) -> UndoStep:
        async with runtime.db() as db:
            return await service.restore(
                db,
                trimmed(sku),
                version,
                actor=actor(),
                with_stock=with_stock,
                debounce=debounce(runtime.settings),
            )

    step, behind = run(plan)
    if step.document is None:
        note(f"{step.sku} is as in version {version}, but for what is listed here.")
    else:
        names = ", ".join(wording.field(path) for path in step.fields)
        note(f"{step.sku}: {names}")
        if behind:
            note(f"This will {kind_change.ending(behind)}.")
        agree(
            f"put {counted(len(step.fields), 'field')} of {step.sku} back to version {version}",
            yes=yes,
        )
        step = run(work)
    if as_json:
        print_json({"sku": step.sku, "fields": pointers(step), "left": left([step])})
    else:
        print_rows(left([step]), LEFT)


async def left_behind(db: Db, steps: Sequence[UndoStep]) -> list[LeftBehind]:
    """Return what is set on live listings that end, for steps give or take all their variants."""
    changes = {
        step.listing_id: step.becomes_group for step in steps if step.becomes_group is not None
    }
    return [one for one in await kind_change.left_behind(db, changes) if one.fields]


def lines(versions: Sequence[Version]) -> list[dict[str, object]]:
    """Return a line for each version, the newest first."""
    documents = [body.document(one.body) for one in versions]
    before = [None, *documents[:-1]]
    rows: list[dict[str, object]] = [
        {
            "version": one.version,
            "accepted_at": f"{one.accepted_at:%Y-%m-%dT%H:%M:%SZ}",
            "kind": one.kind,
            "actor": one.actor or None,
            "import": one.import_id,
            "changed": "created" if one.version == 1 else wording.changed(earlier, now),
        }
        for one, earlier, now in zip(versions, before, documents, strict=True)
    ]
    return rows[::-1]


def pointers(step: UndoStep) -> list[str]:
    """Return the fields of a step as JSON pointers, a variant by its SKU."""
    return [diff.pointer(path) for path in step.fields]


def left(steps: Sequence[UndoStep]) -> list[dict[str, object]]:
    """Return a line for each field that steps leave as it is."""
    return [
        {
            "sku": step.sku,
            "pointer": diff.pointer(one.path),
            "reason": one.reason.value,
            "message": f"{wording.field(one.path)} {wording.reason(one)}",
        }
        for step in steps
        for one in step.left
    ]
