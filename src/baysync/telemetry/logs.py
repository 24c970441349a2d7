"""Logs: one line an event, JSON for machines or colours for a terminal, secrets taken out.

Whatever logs through the standard library (uvicorn, aiohttp, alembic) goes the same way. Warnings
and errors of one cause are limited in rate; how many were left out is said once a minute.
"""

import logging
import re
import sys
from collections.abc import Callable
from math import inf
from typing import Any, TextIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, Processor

from baysync.base import clock
from baysync.base.characters import visible
from baysync.base.wording import counted
from baysync.telemetry.log_rate import Cause, LogRate

Redact = Callable[[object], Any]
NOISY = ("uvicorn.access", "alembic", "psycopg.pool", "asyncio")
CAUSES = ("account", "job", "loop", "reason")  # fields that tell causes of one event apart
_NUMBER = re.compile(r"0x[0-9a-f]+|\d+")
_PLACE = re.compile(r'File "[^"]+", line \d+')


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
    handler = Limited(out)
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


class Limited(logging.StreamHandler[TextIO]):
    """Writes a line, or counts it where its cause has written enough within a minute."""

    def __init__(self, stream: TextIO, monotonic: Callable[[], float] = clock.monotonic) -> None:
        super().__init__(stream)
        self._monotonic, self._rate = monotonic, LogRate()

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record, after what there is to say of those that were left out."""
        now = self._monotonic()
        self._tell_left_out(now)
        if record.levelno < logging.WARNING or self._rate.admits(cause_of(record), now):
            super().emit(record)

    def close(self) -> None:
        """Say what was left out until now, and write no more."""
        self.acquire()
        self._tell_left_out(inf)
        self.release()
        super().close()

    def _tell_left_out(self, now: float) -> None:
        for (name, event, *_), lines in self._rate.ended(now):
            words = f"{counted(lines, 'more line was', 'more lines were')} left out: {event}"
            super().emit(logging.LogRecord(name, logging.WARNING, "", 0, words, (), None))


def cause_of(record: logging.LogRecord) -> Cause:
    """Return what tells a record's cause from others: who says what of whom, and where it broke."""
    said: object = record.msg
    if not isinstance(said, dict):
        return record.name, _NUMBER.sub("…", str(said))
    event = cast("dict[str, object]", said)
    whom = [str(event[name]) for name in CAUSES if name in event]
    broke = _PLACE.findall(str(event.get("exception", "")))[-1:]
    return record.name, str(event["event"]), *whom, *broke


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
