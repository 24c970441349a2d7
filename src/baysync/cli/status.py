"""``baysync status``: one screen of what is so now, and what to run next."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

import typer

from baysync.account import survey_store
from baysync.account.survey_store import Progress
from baysync.base.wording import counted
from baysync.cli.terminal.output import print_json, print_text
from baysync.cli.terminal.session import run
from baysync.ebay_listing import exposure_store
from baysync.ebay_listing.exposure_store import Recent
from baysync.insight import database, facts_store
from baysync.insight.census import service as census
from baysync.insight.census.model import LONGEST_REST, Violation
from baysync.insight.model import Light
from baysync.insight.queue import store as queues
from baysync.insight.queue.model import LaneStats
from baysync.insight.rules import age
from baysync.orders import store as orders
from baysync.orders.model import Poll
from baysync.runtime import Runtime

# Blocks that end by themselves, or that a person asked for.
QUIET = {"capped", "cancelled", "checking_rules", "discarded", "held", "out_of_stock", "paused"}

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusScreen:
    """One screen of what is so now; ``next`` is the command to run next.

    ``oldest_edit_seconds`` is None where no edit waits to reach eBay.
    Listings, their states, blocks, letters and broken promises are as of ``as_of``; ``fresh``: they
    were counted for this screen.
    """

    database: str
    workers: int
    listings: int
    states: dict[str, int]
    lanes: list[LaneStats]
    orders: list[Poll]
    items_at_connect: list[Progress]
    unprojected: int
    oldest_edit_seconds: float | None
    blocked: dict[str, int]
    dead: int
    exposed: Recent
    broken: list[Violation]
    lights: tuple[Light, ...]
    as_of: datetime | None
    fresh: bool
    next: str


def status(*, as_json: Json = False) -> None:
    """Show accounts, lanes, queue, blocks, dead letters and broken promises on one screen."""
    found = run(_status)
    if as_json:
        print_json(asdict(found))
    else:
        print_text("\n".join(_lines(found)) + "\n")


async def _status(runtime: Runtime) -> StatusScreen:
    async with runtime.db() as db:
        await census.take_due(db, beyond=LONGEST_REST)
        facts = await facts_store.facts(db)
        lit = await database.lit(db, facts)
        lanes = await queues.lanes(db)
        polls = await orders.polls(db)
        surveys = await survey_store.progress(db)
        exposed = await exposure_store.recent(db)
    figures = facts.census.figures
    found = StatusScreen(
        database=runtime.database.words,
        workers=facts.workers,
        listings=figures.listings,
        states=dict(sorted(figures.states.items())),
        lanes=lanes,
        orders=polls,
        items_at_connect=surveys,
        unprojected=figures.unprojected,
        oldest_edit_seconds=facts.oldest_edit_seconds,
        blocked=dict(sorted(figures.blocked.items())),
        dead=facts.dead,
        lights=lit,
        exposed=exposed,
        broken=list(facts.census.broken),
        as_of=facts.census.as_of,
        fresh=facts.census.fresh,
        next="",
    )
    return replace(found, next=_next(found))


def _next(found: StatusScreen) -> str:
    commands = [light.command for light in found.lights if light.command]
    steps = (
        (not found.lanes, "baysync accounts connect --help"),
        (not found.listings, "baysync listings import FILE"),
        (commands, "".join(commands[:1])),
        (found.blocked.keys() - QUIET, "baysync listings blocked"),
        (found.lights, "nothing: all of it is tried again without you"),
    )
    return next((command for is_due, command in steps if is_due), "nothing: all is well")


def _lines(found: StatusScreen) -> list[str]:
    states = ", ".join(f"{count} {state}" for state, count in found.states.items()) or "none"
    lines = [
        f"database   {found.database}",
        f"workers    {found.workers}",
        f"listings   {found.listings} ({found.unprojected} not looked at yet); on eBay: {states}",
    ]
    lines += [] if found.fresh else [f"counted    {_counted(found)}"]
    if found.oldest_edit_seconds is not None:
        waits = age(timedelta(seconds=found.oldest_edit_seconds))
        lines.append(f"edits      the oldest that eBay does not have yet is {waits} old")
    lines += [f"lane       {_lane(lane)}" for lane in found.lanes] or ["lane       no account"]
    lines += [f"orders     {_read(poll)}" for poll in found.orders]
    lines += [f"items      {_surveyed(one)}" for one in found.items_at_connect if not one.done_at]
    lines += [f"blocked    {count} {reason}" for reason, count in found.blocked.items()]
    lines += [f"dead       {counted(found.dead, 'letter')}"] if found.dead else []
    lines += [f"exposed    {_exposed(found.exposed)}"] if found.exposed.units else []
    lines += [
        f"BROKEN     {row.invariant} at ebay listing {row.ebay_listing_id}: {row.detail}"
        for row in found.broken
    ]
    lines += [f"WRONG      {light.words}" for light in found.lights]
    return [*lines, f"next       {found.next}"]


def _counted(found: StatusScreen) -> str:
    moment = f"{found.as_of:%Y-%m-%d %H:%M:%S} UTC" if found.as_of else "never"
    return f"{moment}: a large shop is not counted for every look"


def _lane(lane: LaneStats) -> str:
    waits = f", oldest due {lane.oldest_due}" if lane.oldest_due else ""
    state = f"PAUSED ({lane.paused_reason})" if lane.paused_reason else "running"
    return (
        f"{lane.account} {state}: {lane.due} due{waits}, {lane.waiting} waiting, "
        f"{lane.processing} in flight, {lane.in_doubt} in doubt, {lane.done_last_hour} done "
        "in the last hour"
    )


def _exposed(one: Recent) -> str:
    now = f"{one.on_sale} of them NOW" if one.on_sale else "taken back"
    units = counted(one.units, "unit sold was", "units sold were")
    return f"{units} on sale once more, {now}: {', '.join(one.skus)} within a day (baysync why SKU)"


def _read(poll: Poll) -> str:
    last = f"last read {poll.polled_at:%Y-%m-%d %H:%M:%S}" if poll.polled_at else "never read"
    return f"{poll.account} {last}" + (f", UNREAD since then: {poll.error}" if poll.error else "")


def _surveyed(one: Progress) -> str:
    of = "" if one.total is None else f" of {one.total:,}"
    words = f"{one.account}: {one.items:,}{of} that eBay held at connect are read"
    return words + (f", FAILED: {one.error}" if one.error else "")
