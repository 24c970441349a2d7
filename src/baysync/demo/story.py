"""The story of the demo, told when it is over: what happened, what is blocked, what to try."""

import shlex

from baysync.demo import store
from baysync.demo.proposals import prepare, proposals
from baysync.demo.result import DemoMarketplace, Result
from baysync.demo.screen import Screen
from baysync.demo.stage import DemoStage
from baysync.insight.listing import blocked_store
from baysync.insight.listing.model import BlockedListing
from baysync.insight.queue import store as queues
from baysync.insight.reasons import of_block, of_errors
from baysync.queue.model import Selection

MOST = 20


async def tell(screen: Screen, stage: DemoStage, result: Result) -> None:
    """Print what became of the catalogue, with the reason and the fix of all that is held back."""
    async with stage.runtime.db() as db:
        places = await store.places(db)
        blocked = await blocked_store.blocked(db, limit=MOST)
        dead = await queues.letters(db, Selection(), limit=MOST)
    screen.say()
    _tell_live(screen, result, places)
    if blocked:
        screen.say()
        screen.tell(
            f"{result.blocked} are blocked. What breaks a rule of eBay's was not sent at all; "
            "what eBay would not take has its number:"
        )
    for row in blocked:
        _tell_blocked(screen, row)
    for letter in dead:
        screen.say(f"  {letter.sku} on {letter.marketplace}  dead: {letter.verdict}", style="red")
        for reason in of_errors(letter.errors, letter.account, letter.marketplace):
            screen.tell(f"{reason.pointer}: {reason.rule}", indent=4)


def _tell_live(screen: Screen, result: Result, places: list[DemoMarketplace]) -> None:
    first = result.first_publish_seconds
    screen.tell(
        f"{result.published} of {result.listings} listings are live wherever they are meant to be, "
        f"after {result.ebay_calls} calls in {result.seconds:.1f} s"
        + (f"; the first after {first:.1f} s." if first is not None else "."),
        style="bold",
    )
    for place in places:
        screen.say(
            f"  {place.marketplace}  {place.live:3} live, {place.with_variants} of them with "
            "variants"
        )


def _tell_blocked(screen: Screen, row: BlockedListing) -> None:
    screen.say(f"  {row.sku} on {row.marketplace}  {row.reason.replace('_', ' ')}", style="yellow")
    for reason in of_block(row.reason, row.detail, row.account, row.marketplace):
        screen.tell(f"{reason.pointer}: {reason.rule}", indent=4)
        screen.tell(f"fix: {reason.fix}", style="dim", indent=4)


def what_next(screen: Screen, stage: DemoStage, address: str) -> None:
    """Print what to look at and what to try while the demo goes on."""
    env = prepare(stage.home, stage.url)
    screen.say()
    screen.say(f"See it:       {address}", style="bold")
    screen.say(f"The mock eBay: {stage.mock.url}")
    screen.say()
    screen.say("Try it, in another terminal and in this folder. First, once:")
    screen.say(f"  . {shlex.quote(str(env))}", style="cyan")
    for number, proposal in enumerate(proposals(), start=1):
        screen.say(f"{number}. {proposal.words}")
        for command in proposal.commands:
            screen.say(f"  {command}", style="cyan")
        if proposal.page:
            screen.say(f"  {address}{proposal.page}", style="cyan")
    screen.say()
    screen.say("Ctrl-C ends it; the next demo begins anew.")
