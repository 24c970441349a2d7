"""The calls under ``/_mock/``: what a test does to the mock and asks of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from itertools import islice

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from mockbay import actors, delivery, offers, seeds
from mockbay.actors import ACTIONS
from mockbay.answers import Document
from mockbay.clock import from_iso
from mockbay.fault_kinds import Act
from mockbay.faults import Faults, Plan, Rule
from mockbay.inventory import shown as shown_item
from mockbay.state import Seller, World
from mockbay.switches import Switches, switched

MOST_ENTRIES = 100_000


class Unusable(Exception):
    """A control call cannot be done; says what to change."""


class Mock:
    """The running mock: the world, the fault rules, and how to begin anew."""

    def __init__(
        self,
        seed: int,
        switches: Switches,
        plan: Plan | None = None,
        redirect_url: str | None = None,
    ) -> None:
        self.redirect_url = redirect_url
        self.faults = Faults()
        self.world = seeds.new_world(seed, switches, redirect_url=redirect_url)
        if plan is not None:
            self.faults.add(plan, self.world.clock.ms)

    def reset(self, seed: int | None, changes: dict[str, object]) -> None:
        """Begin anew: no rules, an empty journal, the sellers as they were at first."""
        switches = switched(Switches(clock=self.world.switches.clock), changes)
        self.faults.clear()
        self.world = seeds.new_world(
            self.world.seed if seed is None else seed, switches, redirect_url=self.redirect_url
        )


async def _body(request: Request) -> Document:
    raw = await request.body()
    return msgspec.json.decode(raw, type=Document) if raw.strip() else {}


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
    body = await _body(request)
    mock.reset(body.get("seed"), body.get("switches") or {})
    return seeds.credentials(mock.world)


async def state(mock: Mock, _: Request) -> Document:
    """Return everything every seller has, by its key."""
    world = mock.world
    accounts = {name: _owned(world, seller) for name, seller in world.sellers.items()}
    return {"now": world.clock.iso(), "seed": world.seed, "accounts": accounts}


def _owned(world: World, seller: Seller) -> Document:
    return {
        "items": {sku: shown_item(item) for sku, item in seller.items.items()},
        "offers": {o.offer_id: offers.shown(world, seller, o) for o in seller.offers.values()},
        "listings": {one.listing_id: msgspec.to_builtins(one) for one in seller.listings.values()},
        "groups": seller.groups,
        "locations": seller.locations,
        "policies": seller.policies,
        "orders": seller.orders,
        "foreign": seller.foreign,
    }


async def journal(mock: Mock, request: Request) -> Document:
    """Return calls: after ``?since=``, of ``?op=`` and ``?account=``, at most ``?limit=``.

    ``?bodies=0`` leaves the bodies out. The journal of 50,000 calls stays quick to ask.
    """
    asked = request.query_params
    op, account = asked.get("op"), asked.get("account")
    found = (
        entry for entry in mock.world.journal.since(int(asked.get("since", "0")))
        if op in {None, entry.op} and account in {None, entry.account}
    )  # fmt: skip
    bodies = asked.get("bodies", "1") != "0"
    limit = int(asked.get("limit", MOST_ENTRIES))
    calls = [entry.shown(bodies=bodies) for entry in islice(found, limit)]
    return {"calls": calls, "last": len(mock.world.journal)}


async def list_faults(mock: Mock, _: Request) -> Document:
    """Return every rule with its counters."""
    return {"rules": [rule.shown() for rule in mock.faults.rules.values()]}


async def add_faults(mock: Mock, request: Request) -> Document:
    """Add the rules of a plan; ``?replace=1`` drops those in force first."""
    plan = msgspec.json.decode(await request.body(), type=Plan)
    effects = [effect for rule in plan.rules for effect in rule.effects]
    if strange := [e.action for e in effects if isinstance(e, Act) and e.action not in ACTIONS]:
        raise Unusable(f"There is no action {strange[0]}; there are {', '.join(ACTIONS)}.")
    if request.query_params.get("replace") == "1":
        mock.faults.clear()
    return {"ids": mock.faults.add(plan, mock.world.clock.ms)}


async def clear_faults(mock: Mock, _: Request) -> Document:
    """Drop every rule; held calls go on."""
    mock.faults.clear()
    return {}


async def release(mock: Mock, request: Request) -> Document:
    """Let the calls that a rule holds go on, and its late ones take effect."""
    return {"released": _rule(mock, request).release()}


def _rule(mock: Mock, request: Request) -> Rule:
    rule_id = request.path_params["rule"]
    if rule_id not in mock.faults.rules:
        raise Unusable(f"There is no rule {rule_id}; GET /_mock/faults lists them.")
    return mock.faults.rules[rule_id]


async def reached(mock: Mock, request: Request) -> Document:
    """Wait until ``?count=`` calls came to the point of a rule, at most ``?timeout=`` seconds."""
    asked = request.query_params
    rule = _rule(mock, request)
    seconds, count = float(asked.get("timeout", "10")), int(asked.get("count", "1"))
    return {"reached": await rule.wait_reached(count, seconds), "count": rule.reached}


async def advance(mock: Mock, request: Request) -> Document:
    """Move the virtual clock by ``seconds`` or ``ms``, or ``to`` a later moment."""
    body = await _body(request)
    ms = int(body.get("ms", 0)) + round(float(body.get("seconds", 0)) * 1000)
    if "to" in body:
        ms = from_iso(body["to"]) - mock.world.clock.ms
    if ms < 0:
        raise Unusable("The clock only moves forward.")
    mock.world.advance(ms)
    return {"now": mock.world.clock.iso()}


async def clock(mock: Mock, _: Request) -> Document:
    """Return what time it is in the mock."""
    return {"now": mock.world.clock.iso(), "ms": mock.world.clock.ms}


async def get_switches(mock: Mock, _: Request) -> Document:
    """Return every switch."""
    return msgspec.to_builtins(mock.world.switches)


async def set_switches(mock: Mock, request: Request) -> Document:
    """Change some switches."""
    mock.world.switches = switched(mock.world.switches, await _body(request))
    return msgspec.to_builtins(mock.world.switches)


async def ru_name(mock: Mock, request: Request) -> Document:
    """Register where consent leads back to; it outlives a reset."""
    url = (await _body(request)).get("url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise Unusable('Send {"url": "http://127.0.0.1:PORT/callback"}.')
    mock.redirect_url = mock.world.application.redirect_url = url
    return {"ru_name": mock.world.application.ru_name, "url": url}


async def add_seller(mock: Mock, request: Request) -> Document:
    """Add a seller; return his credentials."""
    name = (await _body(request)).get("name")
    if not isinstance(name, str) or not name or name in mock.world.sellers:
        raise Unusable('Send {"name": "a-new-name"}.')
    seeds.add_seller(mock.world, name)
    return seeds.credentials(mock.world, name)


async def notify(mock: Mock, request: Request) -> Document:
    """Deliver a notification to its subscribers and wait for their answers."""
    futures = delivery.deliver(mock.world, await _body(request))
    statuses = [await asyncio.wrap_future(future) for future in futures]
    return {"statuses": statuses}


async def act(mock: Mock, request: Request) -> Document:
    """Let a buyer, the seller on the site, or eBay do something."""
    action = request.url.path.removeprefix("/_mock/")
    return ACTIONS[action](mock.world, await _body(request))


Control = Callable[[Mock, Request], Awaitable[Document]]
CONTROLS: Mapping[tuple[str, str], Control] = {
    ("GET", "credentials"): credentials,
    ("POST", "reset"): reset,
    ("GET", "state"): state,
    ("GET", "journal"): journal,
    ("GET", "faults"): list_faults,
    ("POST", "faults"): add_faults,
    ("DELETE", "faults"): clear_faults,
    ("POST", "faults/{rule}/release"): release,
    ("GET", "faults/{rule}/reached"): reached,
    ("GET", "clock"): clock,
    ("POST", "clock/advance"): advance,
    ("GET", "switches"): get_switches,
    ("PATCH", "switches"): set_switches,
    ("POST", "ru-name"): ru_name,
    ("POST", "sellers"): add_seller,
    ("POST", "notify"): notify,
    **{("POST", name): act for name in ACTIONS},
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
