"""Logs: one line an event, JSON for machines or colours for a terminal, secrets taken out.

Whatever logs through the standard library (uvicorn, aiohttp, alembic) goes the same way.
"""

import logging
import sys
from collections.abc import Callable
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, Processor

from baysync.base.characters import visible

Redact = Callable[[object], Any]
NOISY = ("uvicorn.access", "alembic", "psycopg.pool", "asyncio")


def configure(*, level: str, form: str, redact: Redact, stream: TextIO | None = None) -> None:
    """Set up logging for this process; call it once, before anything logs.

    ``form`` is ``json``, ``console``, or ``auto``: colours on a terminal, JSON in a file.
    ``redact`` is handed every event as plain values, texts of exceptions included.
    """
    out = stream or sys.stderr
    console = form == "console" or (form == "auto" and out.isatty())
    shared = _shared(redact)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(
                    (_visible, structlog.dev.ConsoleRenderer(colors=out.isatty()))
                    if console
                    else (structlog.processors.JSONRenderer(),)
                ),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of one module: ``log.info("publish.settled", queue_id=7)``."""
    return structlog.stdlib.get_logger(name)


def bound(**values: str | int) -> Any:  # noqa: ANN401 - structlog's own context manager
    """Return a context manager within which every event carries ``values`` (correlation_id …)."""
    return structlog.contextvars.bound_contextvars(**values)


def _shared(redact: Redact) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _redacting(redact),
    ]


def _visible(_logger: Any, _method: str, event: EventDict) -> EventDict:  # noqa: ANN401
    """Spell out what would steer the terminal; in deeper values Python's ``repr`` does."""
    return {
        name: visible(value) if isinstance(value, str) else value for name, value in event.items()
    }


def _redacting(redact: Redact) -> Processor:
    def process(_logger: Any, _method: str, event: EventDict) -> EventDict:  # noqa: ANN401
        meta = {name: value for name, value in event.items() if name.startswith("_")}
        said = {name: value for name, value in event.items() if name not in meta}
        # Made of JSON types only, so that no object hides a secret in its text.
        plain = msgspec.json.decode(msgspec.json.encode(said, enc_hook=str))
        return {**redact(plain), **meta}

    return process
