"""Notifications that go astray while the story is told: what is sent, and what must be heard."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from matrix.plan import WRITES, Fault
from support.live_shop import Document
from support.mockbay_endpoint import Endpoint
from support.mockbay_subscriber import DELETION

LATE_MS = 45_000


@dataclass(frozen=True, slots=True)
class Heard:
    """What a subscriber took and what it refused, each in the order of its arrival."""

    taken: list[Document]
    refused: list[Document]


@dataclass(frozen=True, slots=True)
class Astray:
    """One row: the fault, and whether what was heard is what it does to notifications."""

    fault: Fault
    promised: Callable[[Heard], bool]


def heard(endpoint: Endpoint) -> Heard:
    """Return what an endpoint was sent."""
    bodies = [body for body, _ in endpoint.got]
    return Heard(_notices(bodies), _notices(endpoint.refused))


def _notices(bodies: list[bytes]) -> list[Document]:
    return [json.loads(body)["notification"] for body in bodies]


def _row(name: str, promised: Callable[[Heard], bool], *notices: Document) -> Astray:
    effects = [
        {"kind": "act", "action": "notify", "when": "after", "body": {"topic": DELETION, **one}}
        for one in notices
    ]
    fault = Fault(name=name, group=12, ops=WRITES, free=True, effects=tuple(effects))
    return Astray(fault, promised)


def _ids(notices: list[Document]) -> list[int]:
    return [int(one["notificationId"].rpartition("-")[2]) for one in notices]


def _twice(it: Heard) -> bool:
    counts = Counter(_ids(it.taken))
    return (len(counts), set(counts.values()), it.refused) == (len(WRITES), {2}, [])


def _late(it: Heard) -> bool:
    on_time = [one for one in it.taken if one["eventDate"] == one["publishDate"]]
    return (len(it.taken), on_time, it.refused) == (len(WRITES), [], [])


def _out_of_order(it: Heard) -> bool:
    ids = _ids(it.taken)
    overtaken = [older for older in ids if older % 2 and ids.index(older + 1) < ids.index(older)]
    return (len(ids), len(overtaken), it.refused) == (2 * len(WRITES), len(WRITES), [])


def _badly_signed(it: Heard) -> bool:
    good, bad = {one["data"]["n"] for one in it.taken}, {one["data"]["n"] for one in it.refused}
    return (len(it.taken), len(it.refused), good, bad) == (
        len(WRITES),
        2 * len(WRITES),
        {3},
        {1, 2},
    )


ASTRAY = [
    _row("twice", _twice, {"times": 2}),
    _row("late", _late, {"late_ms": LATE_MS}),
    _row("out of order", _out_of_order, {"late_ms": LATE_MS}, {}),
    _row(
        "badly signed",
        _badly_signed,
        {"signature": "bad", "data": {"n": 1}},
        {"signature": "missing", "data": {"n": 2}},
        {"data": {"n": 3}},
    ),
]
