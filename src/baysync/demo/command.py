"""The command ``baysync demo``."""

from functools import partial
from typing import Annotated

import anyio
import typer

from baysync.cli.processes import INTERRUPTED
from baysync.cli.terminal.output import print_json
from baysync.config.settings import load_settings
from baysync.demo.play import DemoOptions, play
from baysync.ebay.redact import redact
from baysync.telemetry import logs


def demo(
    *,
    once: Annotated[bool, typer.Option(help="End when the queue is drained.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The result as the last line.")] = False,
    port: Annotated[int | None, typer.Option(help="Where the pages are; 0: any.")] = None,
) -> None:
    """Publish a small shop's catalogue to a local mock of eBay and show what happened.

    Everything for people goes to standard error. Ends with 1 unless every listing is published
    or blocked for a named reason.
    """
    settings = load_settings()
    logs.configure(level="warning", form=settings.log_format, redact=redact)
    result = anyio.run(partial(play, settings, DemoOptions(once=once, port=port)))
    if result is None:
        raise typer.Exit(INTERRUPTED)
    if as_json:
        print_json(result.as_row())
    if not result.complete:
        raise typer.Exit(1)
