"""Run the story with faults on chosen operations, let them end, and judge what is there."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from matrix.arena import (
    Exposed,
    attempts,
    begin,
    broken_promises,
    doubt,
    exposures,
    help_out,
    names,
    stuck,
)
from matrix.plan import READS, TOKEN, Fault
from matrix.story import chapters
from support.agreement import at_once
from support.fields import differences, offered
from support.live_shop import Document, Shop

ROUNDS, PAUSE = 12, timedelta(seconds=70)
IN_VAIN = 3  # rounds that leave the same to do, and try no more
MOST_REVISIONS = 40


async def played(shop: Shop, fault: Fault, ops: tuple[str, ...]) -> list[str]:
    """Play the story in a new world; return everything that is not as promised."""
    await begin(shop, fault.switches)
    return await told(shop, fault, ops)


async def told(shop: Shop, fault: Fault, ops: tuple[str, ...]) -> list[str]:
    """Play the story under a fault, then let it end; return everything that is not as promised."""
    shop.mock.faults(*rules(fault, ops))
    if TOKEN in ops:
        shop.mock.expire_tokens()
    wrong: list[str] = []
    last: list[Document] = []
    for last in chapters():
        await shop.put(*last)
        if set(READS) & set(ops):
            await doubt(shop)
        wrong += await _publish(shop, helped=fault.person)
    unfired = [rule["match"]["op"] for rule in shop.mock.rules() if not rule["fired"]]
    wrong += [f"the fault met no {op}" for op in unfired]
    shop.mock.clear_faults()
    _relieve(shop, fault)
    await shop.pass_time(timedelta(days=fault.days))
    await shop.reap()
    if fault.person:
        await help_out(shop)
    await shop.drain()
    if fault.read_back:
        await doubt(shop)
        await shop.drain()
        if fault.person:
            await help_out(shop)
            await shop.drain()
    return wrong + await judged(shop, last, fault)


def _relieve(shop: Shop, fault: Fault) -> None:
    """End a fault that is no answer to a call: what eBay holds, and how it is switched."""
    shop.mock.switch(**fault.relief)
    for listing in shop.mock.listings().values():
        if listing["on_hold"]:
            offers = shop.mock.offers()
            shop.mock.unhold(offers[listing["offer_ids"][0]]["sku"])


def rules(fault: Fault, ops: tuple[str, ...]) -> list[Document]:
    """Return the rules of a fault on some operations."""
    found: list[Document] = [
        {
            "match": {"op": op},
            "nth": fault.nth,
            "times": fault.times,
            "effects": list(fault.effects),
        }
        for op in ops
    ]
    return [*fault.more, *found]


async def _publish(shop: Shop, *, helped: bool) -> list[str]:
    """Publish for some minutes, with a person at hand or without; return what is there twice.

    Where a person has helped in vain again and again, the next chapter begins.
    """
    wrong: list[str] = []
    left: list[object] = []
    for _ in range(ROUNDS):
        await shop.publish_due()
        wrong += [f"{sku} is there twice" for sku in at_once(shop.mock)]
        active, waiting = await shop.active(), await stuck(shop) if helped else []
        left.append((active, waiting, sum(await attempts(shop))))
        if not (active or waiting) or (helped and left[-IN_VAIN:] == left[-1:] * IN_VAIN):
            break
        await shop.pass_time(PAUSE)
        await shop.reap()
        if helped:
            await help_out(shop)
    return wrong


async def judged(shop: Shop, listings: list[Document], fault: Fault) -> list[str]:
    """Return what is wrong at the end of a story."""
    spent = max(await attempts(shop), default=0)
    revised = [row["revisions"] for row in shop.mock.listings().values()]
    rows = [row for one in listings for row in offered(one)]
    called, exposed = await names(shop), await exposures(shop)
    found = differences(shop.mock, rows, sold=fault.sold, names=called)
    waiting = [f"{sku} waits: {why}" for sku, why in await stuck(shop)]
    return [
        *[one for one in [*found, *waiting] if not one.startswith(tuple(fault.gone))],
        *[f"{sku} is there twice" for sku in at_once(shop.mock)],
        *[f"broken promise: {one}" for one in await broken_promises(shop)],
        *[f"{one} is on sale twice" for one in exposed if one.lasted is None],
        *_unsold(exposed, {sku: fault.sold.get(name, 0) for sku, name in called.items()}),
        *[f"{n} revisions of one listing" for n in revised if n > MOST_REVISIONS],
        *([f"{spent} attempts"] if fault.free and spent > 1 else []),
    ]


def _unsold(exposed: list[Exposed], sold: Mapping[str, int]) -> list[str]:
    """Return of which SKUs more units are counted as for sale twice than were sold."""
    counted = Counter[str]()
    for one in exposed:
        counted[one.sku] += one.units
    return [f"{n} of {sku} exposed" for sku, n in counted.items() if n > sold.get(sku, 0)]
