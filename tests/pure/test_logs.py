"""Logs carry no secret, in whatever part of an event it stands."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from baysync.ebay.redact import redact
from baysync.telemetry import logs

CANARIES = (
    "v^1.1#i^1#canary0access",
    "PRD-0123456789ab-cdef-4567-89ab-cafe",
    "canary-password",
    "canary-code",
    "canary-authorization",
    "canary-dsn",
    "canary-exception",
    "canary-nested",
    "canary-foreign",
)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leave the standard library's logging as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def everything_logged(*, redacting: bool, form: str = "json") -> str:
    """Log each canary in another way and return what was written."""
    stream = io.StringIO()
    logs.configure(
        level="debug", form=form, redact=redact if redacting else lambda v: v, stream=stream
    )
    log = logs.logger("baysync.test")
    log.info("token in a sentence: v^1.1#i^1#canary0access")
    log.info("secret by its looks", note="PRD-0123456789ab-cdef-4567-89ab-cafe")
    log.info("by name", password="canary-password")  # noqa: S106
    log.info("a form", body="grant_type=x&code=canary-code")
    log.info("a header", headers={"Authorization": "Bearer canary-authorization"})
    log.warning("an object", error=RuntimeError("postgresql://shop:canary-dsn@db/shop"))
    log.error("failed", exc_info=RuntimeError("refresh_token=canary-exception"))
    log.info("deep", answer=[{"a": ({"client_secret": "canary-nested"},)}])
    logging.getLogger("aiohttp.client").warning("sent %s", "Bearer canary-foreign")
    return stream.getvalue()


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_canary_reaches_the_log(form: str) -> None:
    written = everything_logged(redacting=True, form=form)
    assert "failed" in written
    assert [canary for canary in CANARIES if canary in written] == []


def test_without_redaction_every_canary_would() -> None:
    written = everything_logged(redacting=False)
    assert [canary for canary in CANARIES if canary not in written] == []


def test_an_event_is_one_line_of_json_with_its_context() -> None:
    stream = io.StringIO()
    logs.configure(level="info", form="auto", redact=redact, stream=stream)
    with logs.bound(correlation_id="c0ffee"):
        logs.logger("baysync.test").info("publish.settled", queue_id=7)
    logs.logger("baysync.test").debug("too quiet")
    (line,) = stream.getvalue().splitlines()
    event = json.loads(line)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "publish.settled",
        "queue_id": 7,
        "correlation_id": "c0ffee",
        "level": "info",
        "logger": "baysync.test",
    }


def test_an_event_steers_no_terminal() -> None:
    stream = io.StringIO()
    logs.configure(level="info", form="console", redact=redact, stream=stream)
    logs.logger("baysync.test").info("a\x1b]0;b", title="\x9b2J", deep=["\u202e\x1b"])
    assert not set(stream.getvalue()) & set("\x1b\x9b\u202e")
