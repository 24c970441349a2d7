"""The publisher slots of a process: made from the settings, counted in the metrics."""

import random
import sys
from collections.abc import Awaitable, Callable, Sequence

import anyio

from baysync.base import clock
from baysync.config.settings import Settings
from baysync.db.doorbell import Doorbell, Waiter
from baysync.db.pool import Pool
from baysync.publish.completion import CompletionKind
from baysync.publish.limits import limits
from baysync.publish.model import Work
from baysync.publish.sending.claim_door import Session
from baysync.publish.settling.decision import Decision
from baysync.publish.settling.transaction import FAILURES
from baysync.publish.worker import Publisher
from baysync.queue.model import Claimed, Debounce
from baysync.telemetry import metrics
from baysync.telemetry.logs import logger

log = logger(__name__)
GOOD = frozenset({CompletionKind.DONE, CompletionKind.SKIPPED})


def debounce(settings: Settings) -> Debounce:
    """Return how long a change waits for more edits."""
    return Debounce(window=settings.debounce_window, longest=settings.debounce_longest)


async def publish(
    settings: Settings,
    pool: Pool,
    bell: Doorbell,
    session: Callable[[int], Awaitable[Session]],
    *,
    stopping: anyio.Event,
) -> None:
    """Run one publisher slot until ``stopping``."""
    async with bell.waiter() as ear:
        publisher = Publisher(
            pool=pool,
            session=session,
            wait=lambda: _wait(ear, settings.poll.total_seconds()),
            limits=limits(settings),
            debounce=debounce(settings),
            jitter=random.random,
            lane_base=settings.lane_base,
            lane_cap=settings.lane_cap,
            done=count,
            failed=_failed,
            stopping=stopping,
        )
        await publisher.run()


def count(works: Sequence[Work], decisions: dict[int, Decision]) -> None:
    """Count a batch: attempts, how they ended, what is tried again or given up."""
    moment = clock.now().timestamp()
    metrics.count("queue.dequeue", len(works))
    for work in works:
        how, decision = (
            work.end.how if work.end else CompletionKind.UNSENT,
            decisions[work.change.id],
        )
        log.info(
            "publish.settled",
            queue_id=work.change.id,
            ebay_listing_id=work.target.id,
            status=decision.status,
            outcome=decision.outcome,
            steps=work.done_steps,
            warnings=sorted({warning.error_id for warning in work.warnings}),
        )
        if how is CompletionKind.SKIPPED:
            metrics.count("publish.idempotent_skip")
        if how is CompletionKind.DONE or how in FAILURES:
            metrics.count("publish.attempt")
            metrics.count("publish.success" if how is CompletionKind.DONE else "publish.failure")
        if how in GOOD:
            metrics.happened("publish.last_success", moment)
        if how in FAILURES:
            _count_failure(decision)
            metrics.happened("publish.last_error", moment)


def _count_failure(decision: Decision) -> None:
    if decision.letter:
        metrics.count("publish.permanent_failure")
        metrics.count("publish.dead_letter")
    if decision.status == "pending":
        metrics.count("publish.retry_scheduled")


def _failed(claimed: Sequence[Claimed]) -> None:
    """Log, inside the handler of the exception, which changes broke the worker."""
    ids = [change.id for change in claimed]
    log.error("publish.broke", queue_ids=ids, exc_info=sys.exception())


async def _wait(ear: Waiter, seconds: float) -> None:
    await ear.wait(seconds)
