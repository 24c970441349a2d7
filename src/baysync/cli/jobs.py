"""``baysync jobs``: what workers do from time to time."""

from dataclasses import asdict
from typing import Annotated

import typer

from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.cli.terminal.person import actor
from baysync.cli.terminal.session import run as run_on
from baysync.db import job_schedule
from baysync.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="Periodic jobs: when they ran, and run one now.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
COLUMNS = ("name", "every", "running", "requested_at", "last_started_at", "last_error")


@app.command("list")
def list_(*, as_json: Json = False) -> None:
    """List the periodic jobs, when they ran last and how that ended."""

    async def work(runtime: Runtime) -> list[dict[str, object]]:
        async with runtime.db() as db:
            return [
                {**asdict(job), "every": f"{job.every.total_seconds():g} s"}
                for job in await job_schedule.read_all(db)
            ]

    rows = run_on(work)
    print_rows(rows, COLUMNS, as_json=as_json)
    note("Run one now: baysync jobs run NAME" if rows else "No worker ran yet: baysync up")


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="Name of a job.")], *, as_json: Json = False
) -> None:
    """Let a worker run a job at its next look."""

    async def work(runtime: Runtime) -> None:
        async with runtime.db() as db:
            await job_schedule.request(db, name, by=actor())

    run_on(work)
    if as_json:
        print_json({"name": name, "outcome": "requested"})
    note("A worker runs it at its next look. How it ended: baysync jobs list")
