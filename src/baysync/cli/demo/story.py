"""The story of the demo, told when it is over: what happened, what is blocked, what to try."""

import json
import shlex

from baysync.cli.demo.result import Result
from baysync.cli.demo.screen import Screen
from baysync.cli.demo.stage import Stage
from baysync.dashboard import store
from baysync.dashboard.reasons import of_block, of_errors

MOST = 20
SHORTEN = ("LAMP-ANTON-LONG", "Anton Articulated Desk Lamp, Petrol Blue, Dimmable LED")
REDUCE = ("LAMP-ANTON-BRASS", "79.00")


async def tell(screen: Screen, stage: Stage, result: Result) -> None:
    """Print what became of the catalogue, with the reason and the fix of all that is held back."""
    async with stage.runtime.db() as db:
        blocked = await store.blocked(db, limit=MOST)
        dead = await store.dead(db, limit=MOST)
    screen.say()
    first = result.first_publish_seconds
    screen.say(
        f"{result.published} of {result.listings} listings are live on the mock, with "
        f"{result.ebay_calls} calls in {result.seconds:.1f} s"
        + (f"; the first after {first:.1f} s." if first is not None else "."),
        style="bold",
    )
    if blocked:
        screen.say(f"{result.blocked} are blocked, because eBay would refuse them:")
    for row in blocked:
        screen.say(f"  {row.sku}  {row.reason.replace('_', ' ')}", style="yellow")
        for reason in of_block(row.reason, row.detail):
            screen.say(f"    {reason.pointer} {reason.rule}")
            screen.say(f"    fix: {reason.fix}", style="dim")
    for letter in dead:
        screen.say(f"  {letter.sku}  dead: {letter.verdict}", style="red")
        for reason in of_errors(letter.errors):
            screen.say(f"    {reason.pointer}: {reason.rule}")


def what_next(screen: Screen, stage: Stage, address: str) -> None:
    """Print what to look at and what to try while the demo goes on."""
    url, home = shlex.quote(stage.url), shlex.quote(str(stage.home))
    shorten = json.dumps({"op": "patch", "sku": SHORTEN[0], "title": SHORTEN[1]})
    reduce = json.dumps({"op": "patch", "sku": REDUCE[0], "price": REDUCE[1]})
    screen.say()
    screen.say(f"See it: {address}   (the mock eBay is at {stage.mock.url})", style="bold")
    screen.say("Ask why a listing is blocked, correct it, and watch it go live:")
    for line in (
        f"export DATABASE_URL={url} BAYSYNC_HOME={home}",
        f"./run baysync why {SHORTEN[0]}",
        f"echo '{shorten}' | ./run baysync listings import - --format jsonl",
        f"echo '{reduce}' | ./run baysync listings import - --format jsonl",
        f"{address}/listings/{SHORTEN[0]}   and what a lower price changed:",
        f"{address}/listings/{REDUCE[0]}/diff",
    ):
        screen.say(f"  {line}")
    screen.say("Ctrl-C ends it; the next demo begins anew.")
