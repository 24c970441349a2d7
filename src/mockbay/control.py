"""The calls under ``/_mock/``: what a test does to the mock and asks of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from mockbay import actors, asked, delivery, fault_plan, loading, saved, seeds
from mockbay.about import VERSION
from mockbay.actors import ACTIONS
from mockbay.answers import Document
from mockbay.asked import Unusable
from mockbay.clock import from_iso, next_day
from mockbay.faults import Faults, Plan, Rule
from mockbay.state import Seller, World
from mockbay.switches import Switches, switched

MOST_ENTRIES = 100_000
LONGEST_WAIT = 600
TOMORROW = "tomorrow"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a mock starts with, and again after a reset.

    ``hosts`` are its names besides those of loopback; ``state`` is loaded into the new world.
    """

    seed: int = 1
    switches: Switches = field(default_factory=Switches)
    plan: Plan | None = None
    redirect_url: str | None = None
    hosts: frozenset[str] = frozenset()
    state: saved.State | None = None


class Mock:
    """The running mock: the world, the fault rules, and how to begin anew."""

    def __init__(self, beginning: Beginning) -> None:
        self.beginning = beginning
        self.redirect_url = beginning.redirect_url
        self.faults = Faults()
        self.world = self._begun(beginning.seed, beginning.switches)
        if beginning.plan is not None:
            self.faults.add(beginning.plan, self.world.clock.ms)

    def add_faults(self, raw: bytes, *, replace: bool = False) -> list[str]:
        """Put the rules of a plan, as JSON, in force; return their ids.

        Raises:
            WrongPlan: the plan is wrong; those in force stay.
        """
        plan = fault_plan.read(raw)
        if replace:
            self.faults.clear()
        return self.faults.add(plan, self.world.clock.ms)

    def reset(self, seed: int | None, changes: dict[str, object]) -> None:
        """Begin anew: no rules, an empty journal, sellers and switches as they were at first."""
        switches = switched(self.beginning.switches, changes)
        self.faults.clear()
        self.world = self._begun(self.world.seed if seed is None else seed, switches)

    def _begun(self, seed: int, switches: Switches) -> World:
        """Return a new world with what the mock was started with.

        Raises:
            Unusable: the state cannot be loaded.
        """
        world = seeds.new_world(seed, switches, redirect_url=self.redirect_url)
        if self.beginning.state is not None:
            loading.load(world, self.beginning.state)
        return world


async def _body(request: Request, shape: type[T]) -> T:
    return msgspec.json.decode(await request.body() or b"{}", type=shape)


async def credentials(mock: Mock, request: Request) -> Document:
    """Return keys and tokens of a seller: ``?account=``, else the first."""
    account = request.query_params.get("account", seeds.SELLERS[0])
    _seller(mock.world, account)
    return seeds.credentials(mock.world, account)


def _seller(world: World, name: str) -> Seller:
    try:
        return world.sellers[name]
    except KeyError:
        raise Unusable(
            f"There is no seller {name}; there are {', '.join(world.sellers)}."
        ) from None


async def reset(mock: Mock, request: Request) -> Document:
    """Begin anew, with ``seed`` and ``switches`` if given; return the credentials."""
    body = await _body(request, asked.Reset)
    mock.reset(body.seed, body.switches)
    return seeds.credentials(mock.world)


async def state(mock: Mock, _: Request) -> Document:
    """Return everything every seller has, by its key."""
    return saved.show(mock.world)


async def put_state(mock: Mock, request: Request) -> Document:
    """Take what ``GET state`` gave, or parts of it written by hand; say whose they are."""
    given = await _body(request, saved.State)
    loading.load(mock.world, given)
    return {"accounts": list(given.accounts)}


async def journal(mock: Mock, request: Request) -> Document:
    """Return calls: after ``?since=``, of ``?op=`` and ``?account=``, at most ``?limit=``.

    ``not_implemented`` counts those that mockbay lacks.

    ``?bodies=0`` leaves the bodies out. The journal of 50,000 calls stays quick to ask.
    """
    query = request.query_params
    op, account = query.get("op"), query.get("account")
    found = (
        entry for entry in mock.world.journal.since(int(query.get("since", "0")))
        if op in {None, entry.op} and account in {None, entry.account}
    )  # fmt: skip
    bodies = query.get("bodies", "1") != "0"
    limit = int(query.get("limit", MOST_ENTRIES))
    calls = [entry.shown(bodies=bodies) for entry in islice(found, limit)]
    kept = mock.world.journal
    return {"calls": calls, "last": len(kept), "not_implemented": kept.unimplemented}


async def list_faults(mock: Mock, _: Request) -> Document:
    """Return every rule with its counters."""
    return {"rules": [rule.shown() for rule in mock.faults.rules.values()]}


async def add_faults(mock: Mock, request: Request) -> Document:
    """Add the rules of a plan; ``?replace=1`` drops those in force first."""
    replace = request.query_params.get("replace") == "1"
    return {"ids": mock.add_faults(await request.body(), replace=replace)}


async def clear_faults(mock: Mock, _: Request) -> Document:
    """Drop every rule; held calls go on."""
    mock.faults.clear()
    return {}


async def drop_fault(mock: Mock, request: Request) -> Document:
    """Drop one rule; the calls it holds go on."""
    mock.faults.drop(_rule(mock, request).spec.id)
    return {}


async def release(mock: Mock, request: Request) -> Document:
    """Let the calls that a rule holds go on, and its late ones take effect."""
    return {"released": mock.faults.release(_rule(mock, request).spec.id)}


def _rule(mock: Mock, request: Request) -> Rule:
    rule_id = request.path_params["rule"]
    if rule_id not in mock.faults.rules:
        raise Unusable(f"There is no rule {rule_id}; GET /_mock/faults lists them.")
    return mock.faults.rules[rule_id]


async def reached(mock: Mock, request: Request) -> Document:
    """Wait until ``?count=`` calls came to the point of a rule, at most ``?timeout=`` seconds."""
    query = request.query_params
    rule = _rule(mock, request)
    seconds, count = float(query.get("timeout", "10")), int(query.get("count", "1"))
    if not 0 <= seconds <= LONGEST_WAIT:
        raise Unusable(f"timeout: 0 to {LONGEST_WAIT} seconds.")
    return {"reached": await rule.wait_reached(count, seconds), "count": rule.reached}


async def advance(mock: Mock, request: Request) -> Document:
    """Move the virtual clock by ``seconds`` or ``ms``, or ``to`` a later moment."""
    body = await _body(request, asked.Advance)
    ms = body.ms + round(body.seconds * 1000)
    if body.to is not None:
        now = mock.world.clock.ms
        ms = (next_day(now) if body.to == TOMORROW else from_iso(body.to)) - now
    if ms < 0:
        raise Unusable("The clock only moves forward.")
    mock.world.advance(ms)
    return {"now": mock.world.clock.iso()}


async def clock(mock: Mock, _: Request) -> Document:
    """Return what time it is in the mock."""
    return {"now": mock.world.clock.iso(), "ms": mock.world.clock.ms}


async def health(mock: Mock, _: Request) -> Document:
    """Return that the mock answers, its version and what time it is there."""
    return {"status": "ok", "version": VERSION, "now": mock.world.clock.iso()}


async def get_switches(mock: Mock, _: Request) -> Document:
    """Return every switch."""
    return msgspec.to_builtins(mock.world.switches)


async def set_switches(mock: Mock, request: Request) -> Document:
    """Change some switches."""
    mock.world.switches = switched(mock.world.switches, await _body(request, Document))
    return msgspec.to_builtins(mock.world.switches)


async def ru_name(mock: Mock, request: Request) -> Document:
    """Register where consent leads back to; it outlives a reset."""
    url = (await _body(request, asked.ReturnTo)).url
    mock.redirect_url = mock.world.application.redirect_url = url
    return {"ru_name": mock.world.application.ru_name, "url": url}


async def add_seller(mock: Mock, request: Request) -> Document:
    """Add a seller; return his credentials."""
    name = (await _body(request, asked.NewSeller)).name
    if name in mock.world.sellers:
        raise Unusable(f"There is a seller {name} already; choose a new name.")
    seeds.add_seller(mock.world, name)
    return seeds.credentials(mock.world, name)


async def notify(mock: Mock, request: Request) -> Document:
    """Deliver a notification to its subscribers and wait for their answers."""
    futures = delivery.deliver(mock.world, await _body(request, delivery.Notice))
    statuses = [await asyncio.wrap_future(future) for future in futures]
    return {"statuses": statuses}


async def act(mock: Mock, request: Request) -> Document:
    """Let a buyer, the seller on the site, or eBay do something."""
    action = request.url.path.removeprefix("/_mock/")
    return ACTIONS[action](mock.world, await _body(request, Document))


Control = Callable[[Mock, Request], Awaitable[Document]]
CONTROLS: Mapping[tuple[str, str], Control] = {
    ("GET", "credentials"): credentials,
    ("POST", "reset"): reset,
    ("GET", "state"): state,
    ("PUT", "state"): put_state,
    ("GET", "journal"): journal,
    ("GET", "faults"): list_faults,
    ("POST", "faults"): add_faults,
    ("DELETE", "faults"): clear_faults,
    ("DELETE", "faults/{rule}"): drop_fault,
    ("POST", "faults/{rule}/release"): release,
    ("GET", "faults/{rule}/reached"): reached,
    ("GET", "health"): health,
    ("GET", "clock"): clock,
    ("POST", "clock/advance"): advance,
    ("GET", "switches"): get_switches,
    ("PATCH", "switches"): set_switches,
    ("POST", "ru-name"): ru_name,
    ("POST", "sellers"): add_seller,
    **{("POST", name): act for name in ACTIONS},
    ("POST", "notify"): notify,
}


async def answer(mock: Mock, control: Control, request: Request) -> Response:
    """Do a control call; what cannot be done is a 400 or 409 that says why."""
    try:
        made, status = await control(mock, request), 200
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError, Unusable) as wrong:
        made, status = {"error": str(wrong)}, 400
    except actors.Impossible as wrong:
        made, status = {"error": str(wrong)}, 409
    return Response(msgspec.json.encode(made), status, media_type="application/json")
