"""Logs carry no secret, in whatever part of an event it stands."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from baysync.ebay.redact import redact
from baysync.telemetry import logs
from baysync.telemetry.log_rate import LINES, WINDOW_SECONDS

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


class Written:
    """What a limited handler wrote, on a clock that only the test moves."""

    def __init__(self) -> None:
        self.stream, self.now = io.StringIO(), 100.0
        logs.configure(level="info", form="json", redact=redact, stream=self.stream)
        (configured,) = logging.getLogger().handlers
        self.handler = logs.Limited(self.stream, monotonic=lambda: self.now)
        self.handler.setFormatter(configured.formatter)
        logging.getLogger().handlers[:] = [self.handler]

    def events(self) -> list[str]:
        """Return the events written since the last time."""
        lines = self.stream.getvalue().splitlines()
        self.stream.seek(0)
        self.stream.truncate()
        return [json.loads(line)["event"] for line in lines]


def test_a_cause_that_lasts_writes_ten_lines_a_minute_and_tells_how_many_were_left_out() -> None:
    written, strange = Written(), logging.getLogger("uvicorn.error")
    for number in range(500):
        strange.warning("Invalid request %s", number)
        strange.warning(f"From <Socket 0x7f{number:x}> at {number}")
    assert len(written.events()) == 2 * LINES
    logs.logger("baysync.test").info("publish.settled")
    assert written.events() == ["publish.settled"]
    written.now += WINDOW_SECONDS
    strange.warning("Invalid request %s", 500)
    assert written.events() == [
        "490 more lines were left out: Invalid request %s",
        "490 more lines were left out: From <Socket …> at …",
        "Invalid request 500",
    ]
    written.now += WINDOW_SECONDS
    strange.warning("Invalid request %s", 501)
    assert written.events() == ["Invalid request 501"], "nothing was left out meanwhile"


def test_what_is_left_out_at_the_end_is_told_too() -> None:
    written, log = Written(), logs.logger("baysync.test")
    for _ in range(LINES + 1):
        log.warning("orders.unread", account="shop")
    written.handler.close()
    assert written.events()[LINES:] == ["1 more line was left out: orders.unread"]


def test_one_cause_hides_no_other() -> None:
    written, log = Written(), logs.logger("baysync.test")

    def broken(text: str) -> None:
        try:
            json.loads(text) if text else int(text)
        except ValueError:
            log.exception("api.failed")

    for _ in range(50):
        log.warning("orders.unread", account="one")
        broken("x")
    written.events()
    log.warning("orders.unread", account="two")
    log.warning("account.unreachable", account="one")
    broken("")
    broken("y")
    assert written.events() == ["orders.unread", "account.unreachable", "api.failed"]


def test_what_goes_well_is_never_left_out() -> None:
    written, log = Written(), logs.logger("baysync.test")
    for _ in range(3 * LINES):
        log.info("publish.settled")
    assert len(written.events()) == 3 * LINES
