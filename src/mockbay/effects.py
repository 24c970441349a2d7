"""How each effect of a fault plan is carried out on one call."""

import asyncio
import copy
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import msgspec

from mockbay import actors
from mockbay import fault_kinds as kinds
from mockbay.answers import Document, Reply, describe, part, refuse
from mockbay.call import Call
from mockbay.clock import http_date
from mockbay.faults import Rule
from mockbay.journal import Entry
from mockbay.oauth import OAuthError
from mockbay.state import Behind, pack

UNREACHED = b"<html><head><title>Gateway</title></head><body><h1>Bad gateway</h1></body></html>"


class Cut(Exception):
    """The connection is to be cut without an answer."""


@dataclass(slots=True)
class Passage:
    """A call on its way: what answers it, what it did, and what its caller is told instead."""

    call: Call
    entry: Entry
    rule: Rule
    answer: Callable[[Call], Reply]
    served: Reply | None = None
    told: Reply | None = None

    def serve(self) -> Reply:
        """Let the call take effect, once."""
        if self.served is None:
            self.served = self.answer(self.call)
            self.entry.applied = self.served.succeeded and self.call.method != "GET"
        return self.served

    def reply(self) -> Reply:
        """Return what the caller is told; the call takes effect if nothing was told instead."""
        return self.told or self.serve()


async def play(passage: Passage) -> Reply:
    """Carry out the effects of a rule around the call; return what the caller sees.

    Raises:
        Cut: the caller sees nothing.
    """
    effects = passage.rule.spec.effects
    if not any(isinstance(effect, kinds.Hold) for effect in effects):
        passage.rule.arrive()
    for effect in effects:
        await STEPS[type(effect)](passage, effect)
    return passage.reply()


async def _error(passage: Passage, effect: kinds.Error) -> None:
    if effect.when == "after":
        passage.serve()
    errors: list[Document] = []
    if effect.error_id is not None:
        errors = [describe(effect.error_id, effect.message, effect.parameters)]
    passage.told = Reply(effect.status, {"errors": errors}, dict(effect.headers))


async def _throttle(passage: Passage, effect: kinds.Throttle) -> None:
    passage.told = refuse(2001).reply()
    if effect.retry_after is not None:
        passage.told.headers = {"retry-after": str(effect.retry_after)}


async def _latency(passage: Passage, effect: kinds.Latency) -> None:
    if effect.clock == "virtual":
        passage.call.world.advance(effect.ms)
    else:
        await asyncio.sleep(effect.ms / 1000)


async def _hold(passage: Passage, effect: kinds.Hold) -> None:
    if effect.when == "after":
        passage.serve()
    passage.entry.outcome = f"held {effect.when}"
    await passage.rule.hold()


async def _reset(passage: Passage, effect: kinds.Reset) -> None:
    if effect.when == "after":
        passage.serve()
    passage.entry.outcome = f"reset {effect.when}"
    raise Cut


async def _late(passage: Passage, effect: kinds.Late) -> None:
    if effect.real_ms is not None:
        asyncio.get_running_loop().call_later(effect.real_ms / 1000, passage.serve)
    elif effect.ms is not None:
        passage.call.world.later(effect.ms, passage.serve)
    else:
        passage.rule.late.append(passage.serve)
    passage.entry.outcome = "late"
    if effect.answer == "reset":
        raise Cut
    passage.told = _page(504)


async def _token(passage: Passage, _: kinds.Token) -> None:
    token = passage.call.headers.get("authorization", "").partition(" ")[2]
    passage.call.world.access.pop(token, None)


async def _unauthorized(passage: Passage, _: kinds.Unauthorized) -> None:
    passage.told = refuse(1001).reply()


async def _invalid_grant(passage: Passage, _: kinds.InvalidGrant) -> None:
    passage.told = OAuthError("invalid_grant", "The grant was taken back.").reply


async def _revoke(passage: Passage, _: kinds.Revoke) -> None:
    actors.revoke(passage.call.world, {"account": passage.call.account})


async def _unavailable(passage: Passage, effect: kinds.Unavailable) -> None:
    if effect.answer == "reset":
        passage.entry.outcome = "reset before"
        raise Cut
    passage.told = _page(503) if effect.answer == "html" else Reply(503)


async def _html(passage: Passage, effect: kinds.Html) -> None:
    if effect.when == "after":
        passage.serve()
    passage.told = _page(effect.status)


async def _truncate(passage: Passage, _: kinds.Truncate) -> None:
    reply = passage.reply()
    text = reply.body if isinstance(reply.body, bytes) else msgspec.json.encode(reply.body or {})
    passage.told = Reply(_bodied(reply.status), text[: max(len(text) // 2, 1)], reply.headers)


async def _empty(passage: Passage, effect: kinds.Empty) -> None:
    passage.serve()
    passage.told = Reply(effect.status)


async def _ignore(passage: Passage, _: kinds.Ignore) -> None:
    """Serve the call, then put the seller back to what he owned before."""
    sellers, account = passage.call.world.sellers, passage.call.account
    before = copy.deepcopy(sellers[account]) if account in sellers else None
    passage.serve()
    if before is not None:
        sellers[before.name] = before
    passage.entry.applied = False


async def _rows(passage: Passage, effect: kinds.Rows) -> None:
    refusal = refuse(effect.error_id, effect.message, status=effect.status)
    passage.call.row_faults.update(dict.fromkeys(effect.skus, refusal))


async def _drop_rows(passage: Passage, effect: kinds.DropRows) -> None:
    reply = passage.reply()
    if isinstance(reply.body, dict) and (rows := reply.body.get("responses")):
        kept = [row for row in rows if row.get("sku") not in effect.skus]
        told = kept if effect.skus else rows[:-1]
        passage.told = Reply(reply.status, reply.body | {"responses": told}, reply.headers)


async def _shuffle_rows(passage: Passage, _: kinds.ShuffleRows) -> None:
    reply = passage.reply()
    if isinstance(reply.body, dict) and (rows := reply.body.get("responses")):
        body = reply.body | {"responses": rows[::-1]}
        passage.told = Reply(reply.status, body, reply.headers)


async def _patch(passage: Passage, effect: kinds.Patch) -> None:
    reply = passage.reply()
    if not isinstance(reply.body, dict):
        return
    body = copy.deepcopy(reply.body)
    for name, value in effect.set.items():
        _place(body, name, value)
    for name in effect.remove:
        _take_out(body, name)
    passage.told = Reply(reply.status, body, reply.headers)


async def _stale(passage: Passage, _: kinds.Stale) -> None:
    known = passage.rule.readings
    passage.told = known.setdefault(
        f"{passage.call.path}?{passage.call.raw_query}", passage.serve()
    )


async def _drop_fields(passage: Passage, effect: kinds.DropFields) -> None:
    document = passage.call.document
    for body in document.get("requests") or [document]:
        for name in effect.fields:
            _take_out(body, name)
    reply = passage.serve()
    warning = describe(effect.warning, ", ".join(effect.fields))
    if isinstance(reply.body, dict) and (rows := reply.body.get("responses")):
        rows = [row | {"warnings": [*row.get("warnings", []), warning]} for row in rows]
        passage.told = Reply(reply.status, reply.body | {"responses": rows})
    elif reply.succeeded:
        body = reply.body if isinstance(reply.body, dict) else {}
        passage.told = Reply(_bodied(reply.status), body | {"warnings": [warning]})


def _bodied(status: int) -> int:
    return 200 if status == 204 else status  # noqa: PLR2004  (which has no body)


async def _lag(passage: Passage, effect: kinds.Lag) -> None:
    world, account = passage.call.world, passage.call.account
    if account in world.sellers:
        until = None if effect.ms is None else world.clock.ms + effect.ms
        before = copy.deepcopy(world.sellers[account])
        passage.serve()
        world.behind.setdefault(account, []).append(Behind(before, effect.reads, until))


async def _catalogue(passage: Passage, effect: kinds.Catalogue) -> None:
    """Serve the call, then overwrite what its offers let the catalogue fill in."""
    skus = passage.call.skus()
    passage.serve()
    if passage.call.account not in passage.call.world.sellers:
        return
    seller = passage.call.seller
    for offer in [offer for sku in skus for offer in seller.offers_for(sku)]:
        if offer.document["includeCatalogProductDetails"]:
            item = seller.items[offer.sku]
            known = item.document
            item.packed = pack(known | {"product": part(known, "product") | effect.product})


async def _skew(passage: Passage, effect: kinds.Skew) -> None:
    reply = passage.reply()
    now = passage.call.world.clock.ms + effect.ms
    told = {**reply.headers, "date": http_date(now)}
    if (seconds := told.get("retry-after")) is not None:
        told["retry-after"] = http_date(now + int(seconds) * 1000)
    passage.told = replace(reply, headers=told)


def _place(document: Document, name: str, value: object) -> None:
    for inner, last in _places(document, name.split(".")):
        inner[last] = value


def _take_out(document: Document, name: str) -> None:
    for inner, last in _places(document, name.split(".")):
        inner.pop(last, None)


def _places(value: object, way: list[str]) -> Iterator[tuple[Document, str]]:
    """Yield each object that a dotted name leads to, with the last word; through lists too."""
    if isinstance(value, list):
        for one in cast("list[object]", value):
            yield from _places(one, way)
    elif isinstance(value, dict):
        inner = cast("Document", value)
        if len(way) == 1:
            yield inner, way[0]
        else:
            yield from _places(inner.setdefault(way[0], {}), way[1:])


async def _act(passage: Passage, effect: kinds.Act) -> None:
    if effect.when == "after":
        passage.serve()
    try:
        actors.ACTIONS[effect.action](passage.call.world, effect.body)
    except (actors.Impossible, msgspec.ValidationError) as wrong:
        passage.entry.faults.append(f"could not {effect.action}: {wrong}")


def _page(status: int) -> Reply:
    return Reply(status, UNREACHED, content_type="text/html")


STEPS: dict[type, Callable[[Passage, Any], Awaitable[None]]] = {
    kinds.Error: _error, kinds.Throttle: _throttle, kinds.Latency: _latency,
    kinds.Hold: _hold, kinds.Reset: _reset, kinds.Late: _late, kinds.Token: _token,
    kinds.Unauthorized: _unauthorized, kinds.InvalidGrant: _invalid_grant,
    kinds.Revoke: _revoke, kinds.Unavailable: _unavailable, kinds.Html: _html,
    kinds.Truncate: _truncate, kinds.Empty: _empty, kinds.Ignore: _ignore,
    kinds.Rows: _rows, kinds.DropRows: _drop_rows, kinds.ShuffleRows: _shuffle_rows,
    kinds.Patch: _patch, kinds.Act: _act, kinds.Stale: _stale,
    kinds.DropFields: _drop_fields, kinds.Lag: _lag, kinds.Catalogue: _catalogue, kinds.Skew: _skew,
}  # fmt: skip
