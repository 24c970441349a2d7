"""Fault plans: ordered rules that spoil chosen calls.

A plan is JSON: ``{"rules": [RULE, ...]}``, given with ``mockbay serve --faults FILE`` or sent to
``POST /_mock/faults``. For each call the first rule that fires wins.

A rule::

    {"id": "lost-publish",
     "match": {"op": "publishOffer", "sku": "LAMP-1", "account": "seller-one",
               "method": "POST", "path": "/offer/"},
     "nth": 3, "every": 1, "times": 1, "for_ms": 600000,
     "effects": [{"kind": "reset", "when": "after"}]}

``match``: every field given must fit; a list means any of its values; ``path`` is a part of the
raw path; ``sku`` fits any SKU the call is about, in a bulk body too. ``op`` are eBay's operation
names (``publishOffer``, ``bulkCreateOrReplaceInventoryItem``, ``getToken``, ...). ``nth`` is the
first match that fires (1), ``every`` then fires on each so-many-th match, ``times`` is how often
(1; 0 without end), ``for_ms`` ends the rule after that much virtual time.

The effects of a rule are carried out in their order; ``mockbay.fault_kinds`` has them all.
"""

import asyncio
import itertools
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

from mockbay.answers import Reply
from mockbay.call import Call
from mockbay.fault_kinds import AnyEffect


class Match(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which calls a rule is about."""

    op: str | list[str] | None = None
    sku: str | list[str] | None = None
    account: str | list[str] | None = None
    method: str | list[str] | None = None
    path: str | None = None

    def fits(self, call: Call) -> bool:
        """Tell whether a call is one of those meant."""
        return (
            _among(self.op, {call.op})
            and _among(self.method, {call.method})
            and _among(self.account, {call.account})
            and (self.path is None or self.path in call.path)
            and (self.sku is None or _among(self.sku, call.skus()))
        )


def _among(wanted: str | list[str] | None, given: AbstractSet[str | None]) -> bool:
    if wanted is None or wanted == "*":
        return True
    return not given.isdisjoint([wanted] if isinstance(wanted, str) else wanted)


class Spec(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A rule as it is written."""

    effects: list[AnyEffect]
    id: str = ""
    match: Match = msgspec.field(default_factory=Match)
    nth: Annotated[int, msgspec.Meta(ge=1)] = 1
    every: Annotated[int, msgspec.Meta(ge=1)] = 1
    times: Annotated[int, msgspec.Meta(ge=0)] = 1
    for_ms: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Plan(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A fault file."""

    rules: list[Spec]


@dataclass(slots=True)
class Rule:
    """A rule at work: how often it matched and fired, and which calls it holds."""

    spec: Spec
    until: int | None
    seen: int = 0
    fired: int = 0
    reached: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    held: list[asyncio.Event] = field(default_factory=list[asyncio.Event])
    readings: dict[str, Reply] = field(default_factory=dict[str, Reply])
    late: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])

    def fires(self, call: Call) -> bool:
        """Tell whether this call is hit, and count it."""
        spent = self.spec.times and self.fired >= self.spec.times
        over = self.until is not None and call.world.clock.ms >= self.until
        if spent or over or not self.spec.match.fits(call):
            return False
        self.seen += 1
        beyond = self.seen - self.spec.nth
        if beyond < 0 or beyond % self.spec.every:
            return False
        self.fired += 1
        return True

    def arrive(self) -> None:
        """Note that a call has come to the point the rule is about; wakes who waits for it."""
        self.reached += 1
        self.changed.set()
        self.changed = asyncio.Event()

    async def wait_reached(self, count: int, seconds: float) -> bool:
        """Wait until so many calls have arrived; False when the time is over first."""
        try:
            async with asyncio.timeout(seconds):
                while self.reached < count:
                    await self.changed.wait()
        except TimeoutError:
            return False
        return True

    async def hold(self) -> None:
        """Keep a call here until it is released."""
        event = asyncio.Event()
        self.held.append(event)
        self.arrive()
        await event.wait()

    def release(self) -> int:
        """Let go of every held call, let every late one take effect; return how many."""
        held, self.held = self.held, []
        late, self.late = self.late, []
        for event in held:
            event.set()
        for take_effect in late:
            take_effect()
        return len(held) + len(late)

    def shown(self) -> dict[str, Any]:
        """Return the rule and its counters."""
        return msgspec.to_builtins(self.spec) | {
            "seen": self.seen, "fired": self.fired, "reached": self.reached,
            "holding": len(self.held), "late": len(self.late),
        }  # fmt: skip


class Faults:
    """The rules in force, in order."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}

    def add(self, plan: Plan, now: int) -> list[str]:
        """Add rules behind those in force; return their ids.

        Raises:
            ValueError: an id is taken.
        """
        added: list[str] = []
        for spec in plan.rules:
            spec.id = spec.id or self._free_id()
            if spec.id in self.rules:
                raise ValueError(f"There is a rule {spec.id} already; give another id.")
            until = None if spec.for_ms is None else now + spec.for_ms
            self.rules[spec.id] = Rule(spec, until)
            added.append(spec.id)
        return added

    def _free_id(self) -> str:
        names = (f"rule-{number}" for number in itertools.count(len(self.rules) + 1))
        return next(name for name in names if name not in self.rules)

    def pick(self, call: Call) -> Rule | None:
        """Return the rule that spoils a call, if any."""
        return next((rule for rule in self.rules.values() if rule.fires(call)), None)

    def drop(self, rule_id: str) -> None:
        """Drop one rule; calls it holds go on."""
        self.rules.pop(rule_id).release()

    def release(self, rule_id: str) -> int:
        """Let go of what a rule keeps; return how many calls."""
        return self.rules[rule_id].release()

    def clear(self) -> None:
        """Drop all rules; calls they hold go on."""
        for rule in self.rules.values():
            rule.release()
        self.rules.clear()
