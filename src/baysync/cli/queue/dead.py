"""``baysync dead``: changes that gave up."""

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer

from baysync.account.rules import addressed
from baysync.base.errors import NotFound, Refused
from baysync.base.wording import counted
from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.cli.terminal.person import actor, agree
from baysync.cli.terminal.session import run
from baysync.ebay.advice import advise
from baysync.ebay.model import Verdict
from baysync.insight.queue import store as queues
from baysync.insight.queue.model import DeadLetter
from baysync.queue import dead_letters, dead_store
from baysync.queue.model import Closed, Replayed, Selection
from baysync.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="Changes that gave up: look, retry, discard.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Ids = Annotated[list[int] | None, typer.Argument(help="Ids of dead letters.")]
Sku = Annotated[str | None, typer.Option(help="Only this SKU.")]
Account = Annotated[str | None, typer.Option(help="Only this account.")]
Marketplace = Annotated[str | None, typer.Option(help="Only there, as in EBAY_DE.")]
WithVerdict = Annotated[Verdict | None, typer.Option("--verdict", help="Only this verdict.")]
ErrorId = Annotated[int | None, typer.Option("--error", help="Only with this eBay error id.")]
All = Annotated[bool, typer.Option("--all", help="All open dead letters.")]
Reason = Annotated[str | None, typer.Option(help="Why, for the audit log.")]
COLUMNS = ("id", "sku", "account", "marketplace", "intent", "verdict", "error", "attempts")


@app.command("list")
def list_(  # noqa: PLR0913 -- each is one option of the command line
    *,
    sku: Sku = None,
    account: Account = None,
    marketplace: Marketplace = None,
    verdict: WithVerdict = None,
    error: ErrorId = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List what gave up and is not resolved, newest first."""
    chosen = Selection(
        sku=sku, account=account, marketplace=marketplace, verdict=verdict, error_id=error
    )

    async def work(runtime: Runtime) -> tuple[list[DeadLetter], int]:
        async with runtime.db() as db:
            return await queues.letters(db, chosen, limit=limit), await queues.open_letters(db)

    letters, total = run(work)
    rows = [{**_explained(letter), "error": _error(letter)} for letter in letters]
    print_rows(rows, COLUMNS, as_json=as_json)
    note(f"{len(rows)} of {total} shown." + (" Retry them: baysync dead retry --all" * (total > 0)))


@app.command()
def show(letter_id: Annotated[int, typer.Argument(help="Id of a dead letter.")]) -> None:
    """Show one dead letter with eBay's errors, their causes and fixes, as JSON."""

    async def work(runtime: Runtime) -> DeadLetter | None:
        async with runtime.db() as db:
            return await queues.letter(db, letter_id)

    letter = run(work)
    if letter is None:
        raise NotFound(f"There is no dead letter {letter_id}.", fix="see `baysync dead list`.")
    print_json(_explained(letter))
    for each in advise(letter.errors):
        note(addressed(str(each), letter.account))
    note(f"The whole story: baysync why {letter.sku}")


@app.command()
def retry(  # noqa: PLR0913 -- each is one option of the command line
    ids: Ids = None,
    *,
    every: All = False,
    sku: Sku = None,
    account: Account = None,
    marketplace: Marketplace = None,
    verdict: WithVerdict = None,
    error: ErrorId = None,
    reason: Reason = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Close dead letters and send today's state of their listings, with no attempt spent."""
    chosen = _chosen(ids, every, Selection(
        sku=sku, account=account, marketplace=marketplace, verdict=verdict, error_id=error
    ))  # fmt: skip
    agree(f"retry {counted(_count(chosen), 'dead letter')}", yes=yes)

    async def work(runtime: Runtime) -> list[Replayed]:
        async with runtime.db() as db:
            return await dead_letters.replay(db, chosen, by=actor(), reason=reason)

    replayed = run(work)
    print_rows([asdict(row) for row in replayed], ("id", "sku", "fate"), as_json=as_json)
    fates = Counter(str(row.fate) for row in replayed)
    note(", ".join(f"{n} {fate}" for fate, n in fates.items()) + ".")


@app.command()
def discard(  # noqa: PLR0913 -- each is one option of the command line
    ids: Ids = None,
    *,
    every: All = False,
    sku: Sku = None,
    account: Account = None,
    marketplace: Marketplace = None,
    verdict: WithVerdict = None,
    error: ErrorId = None,
    reason: Reason = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Give up for good: close dead letters; their listings are not sent until their next edit."""
    chosen = _chosen(ids, every, Selection(
        sku=sku, account=account, marketplace=marketplace, verdict=verdict, error_id=error
    ))  # fmt: skip
    agree(f"discard {counted(_count(chosen), 'dead letter')}", yes=yes)

    async def work(runtime: Runtime) -> list[Closed]:
        async with runtime.db() as db:
            return await dead_letters.discard(db, chosen, by=actor(), reason=reason)

    closed = run(work)
    print_rows([asdict(row) for row in closed], ("id", "sku"), as_json=as_json)
    note(f"{len(closed)} discarded.")


def _chosen(ids: list[int] | None, every: bool, filters: Selection) -> Selection:  # noqa: FBT001
    if ids:
        return Selection(ids=tuple(ids))
    if not every and filters == Selection():
        raise Refused("It is not said which dead letters.", fix="give ids, a filter, or --all.")
    return filters


def _count(chosen: Selection) -> int:
    async def work(runtime: Runtime) -> int:
        async with runtime.db() as db:
            return len(await dead_store.match(db, chosen))

    count = run(work)
    if not count:
        raise NotFound("No open dead letter matches.", fix="see `baysync dead list`.")
    return count


def _explained(letter: DeadLetter) -> dict[str, object]:
    return {**asdict(letter), "explained": [asdict(each) for each in advise(letter.errors)]}


def _error(letter: DeadLetter) -> str | None:
    if not letter.errors:
        return None
    first = letter.errors[0]
    return f"{first.get('error_id', '')} {first.get('message', '')}".strip()
