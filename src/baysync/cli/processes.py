"""``baysync up``, ``web`` and ``work``: the programs that keep running."""

import os
import signal
import socket
import threading
from contextlib import AsyncExitStack
from functools import partial
from typing import Annotated

import anyio
import typer
from anyio.abc import TaskStatus

from baysync.api.server import listen, url_of
from baysync.app import run as run_process
from baysync.base.ending import PROCESS_SECONDS
from baysync.base.errors import DatabaseAway
from baysync.base.version import VERSION
from baysync.cli.terminal.output import note
from baysync.cli.terminal.session import surviving
from baysync.config.settings import Settings, load_settings
from baysync.db.trouble import wait_started
from baysync.ebay.redact import redact
from baysync.runtime import Runtime, open_runtime
from baysync.telemetry import logs

Host = Annotated[str | None, typer.Option(help="Where to listen; this machine only.")]
Port = Annotated[int | None, typer.Option(help="The port; 0 takes a free one.")]
INTERRUPTED = 130
CUT = 1
log = logs.logger(__name__)


def up(*, host: Host = None, port: Port = None) -> None:
    """Run everything in one process: publish, answer requests, show pages. Ctrl-C ends it."""
    _start(works=True, serves=True, host=host, port=port)


def web(*, host: Host = None, port: Port = None) -> None:
    """Answer requests and show pages; publishing is left to `baysync work`."""
    _start(works=False, serves=True, host=host, port=port)


def work() -> None:
    """Publish and run periodic jobs; start as many as you like, on any machine."""
    _start(works=True, serves=False, host=None, port=None)


def _start(*, works: bool, serves: bool, host: str | None, port: int | None) -> None:
    settings = load_settings()
    logs.configure(level=settings.log_level, form=settings.log_format, redact=redact)
    where = (host or settings.host, settings.port if port is None else port)
    listener = listen(*where) if serves else None
    anyio.run(partial(_main, settings, listener, works=works))


async def _main(settings: Settings, listener: socket.socket | None, *, works: bool) -> None:
    async with surviving(), AsyncExitStack() as kept:
        runtime = await opened(kept, settings)
        stopping = anyio.Event()
        async with anyio.create_task_group() as tasks:
            await tasks.start(hear_signals, stopping)
            _announce(runtime, listener)
            await run_process(runtime, stopping=stopping, works=works, listener=listener)
            tasks.cancel_scope.cancel()
    log.info("process.ended")


async def opened(kept: AsyncExitStack, settings: Settings) -> Runtime:
    """Return a runtime that ``kept`` closes; a database that starts, or restarts, is waited for."""
    while True:
        answers = settings.database_url is None or await wait_started(
            settings.database_url.get_secret_value(),
            lambda words: log.warning("database.waiting", reason=words),
        )
        try:
            return await kept.enter_async_context(open_runtime(settings))
        except DatabaseAway:
            if not answers:
                raise


def _announce(runtime: Runtime, listener: socket.socket | None) -> None:
    log.info("process.started", version=VERSION, pid=os.getpid(), database=runtime.database.words)
    if listener is not None:
        note(f"baysync is at {url_of(listener)} (Ctrl-C ends it)")


async def hear_signals(stopping: anyio.Event, *, task_status: TaskStatus[None]) -> None:
    """End in order at the first SIGTERM or SIGINT, within 10 s; at once at the second."""
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        task_status.started()
        async for number in signals:
            if stopping.is_set():
                os._exit(INTERRUPTED)
            log.info("process.stopping", signal=signal.Signals(number).name)
            stopping.set()
            _end_in_time()


def _end_in_time() -> None:
    """End the process though something does not let itself be cut off."""
    timer = threading.Timer(PROCESS_SECONDS, _cut)
    timer.daemon = True
    timer.start()


def _cut() -> None:
    log.error("process.cut", reason="it did not end by itself; leases give its work to others")
    os._exit(CUT)
