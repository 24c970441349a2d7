"""The demo from curtain to curtain."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import anyio

from baysync import listing_door
from baysync.api.server import listen, url_of
from baysync.app import run as run_process
from baysync.base import clock
from baysync.base.errors import Refused
from baysync.cli.processes import hear_signals
from baysync.config.settings import Settings
from baysync.demo import catalogue, seller, store, story
from baysync.demo.result import DemoProgress, Result
from baysync.demo.screen import Screen
from baysync.demo.stage import DemoStage, asked_of_mock, open_stage
from baysync.jobs import publishing
from baysync.listing.draft import Outcome

LOOK_SECONDS = 0.1
LONGEST_SECONDS = 180.0
STARTED = "BAYSYNC_STARTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What the user wants: one round or to stay, and at which port."""

    once: bool
    port: int | None = None


def stopwatch() -> Callable[[], float]:
    """Return a function that tells the seconds since ``./run`` began, or else since now.

    ``run`` leaves the time of its start, in seconds since 1970, in BAYSYNC_STARTED.
    """
    begun = clock.monotonic()
    try:
        before = clock.now().timestamp() - float(os.environ[STARTED])
    except (KeyError, ValueError):
        before = 0.0
    return lambda: before + clock.monotonic() - begun


async def play(settings: Settings, asked: DemoOptions) -> Result | None:
    """Play the demo; return its result, or None if it was interrupted before the end."""
    elapsed, screen = stopwatch(), Screen()
    stopping, result = anyio.Event(), None
    listener = None if asked.once else _listen(settings, asked.port)
    screen.say("Starting an embedded PostgreSQL and mockbay, a local eBay ...")
    async with open_stage(settings) as stage, anyio.create_task_group() as tasks:
        await tasks.start(hear_signals, stopping)
        async with anyio.create_task_group() as company:
            company.start_soon(
                partial(
                    run_process, stage.runtime, stopping=stopping, works=True, listener=listener
                )
            )
            with anyio.CancelScope() as scene:
                tasks.start_soon(_end, scene, stopping)
                result = await _scene(stage, screen, elapsed)
                if listener is not None:
                    story.what_next(screen, stage, url_of(listener))
                    await stopping.wait()
            stopping.set()
        tasks.cancel_scope.cancel()
    return result


def _listen(settings: Settings, port: int | None) -> socket.socket:
    """Take the port asked for; of the usual one, the next best if it is taken."""
    try:
        return listen(settings.host, settings.port if port is None else port)
    except Refused:
        if port is not None:
            raise
        return listen(settings.host, 0)


async def _scene(stage: DemoStage, screen: Screen, elapsed: Callable[[], float]) -> Result:
    connected = await seller.connect(stage.runtime, stage.mock)
    await asked_of_mock(partial(seller.refuse, stage.mock))
    screen.say(f"Connected {connected.name} through the consent page, as the seller would.")
    screen.say("It sells on EBAY_US in dollars, and on EBAY_DE at 0.92 euros for one.")
    await _bring_in(stage, screen)
    result = await _watch(stage, screen, elapsed)
    await story.tell(screen, stage, result)
    return result


async def _bring_in(stage: DemoStage, screen: Screen) -> None:
    drafts = catalogue.drafts()
    async with stage.runtime.db() as db:
        results = await listing_door.accept(
            db,
            drafts,
            source="demo",
            debounce=publishing.debounce(stage.runtime.settings),
        )
    stage.runtime.bell.ring()
    created = sum(row.outcome is Outcome.CREATED for row in results)
    several = sum(bool(draft.document.get("variants")) for draft in drafts)
    screen.tell(
        f"Imported a catalogue of {len(results)} listings, {several} of them with variants: "
        f"{created} stored."
    )


async def _watch(stage: DemoStage, screen: Screen, elapsed: Callable[[], float]) -> Result:
    """Look until the queue is drained; a queue that never drains is left after three minutes."""
    first: float | None = None
    with anyio.move_on_after(LONGEST_SECONDS):
        total = (await _progress(stage)).ebay_listings
        with screen.bar("publishing", total) as advance:
            while True:
                now = await _progress(stage)
                published = now.settled - now.held
                first = elapsed() if published and first is None else first
                advance(now.settled, f"ebay listings, {now.held} of them blocked")
                if now.is_drained:
                    break
                await anyio.sleep(LOOK_SECONDS)
    now = await _progress(stage)
    calls = await asked_of_mock(partial(stage.mock.journal, bodies=False))
    return Result(
        listings=now.listings,
        published=now.published,
        blocked=now.blocked,
        dead=now.dead,
        ebay_calls=len(calls),
        first_publish_seconds=None if first is None else round(first, 2),
        seconds=round(elapsed(), 2),
    )


async def _progress(stage: DemoStage) -> DemoProgress:
    async with stage.runtime.db() as db:
        return await store.progress(db)


async def _end(scene: anyio.CancelScope, stopping: anyio.Event) -> None:
    await stopping.wait()
    scene.cancel()
