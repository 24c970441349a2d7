"""Play all scenarios of the suite at once, chapter by chapter, and judge each chapter's end."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

import msgspec

from baysync.app import orders
from matrix.arena import Exposed, begin, broken_promises, exposures, names
from matrix.suite import SCENARIOS, Step, meanwhile
from mockbay.client import MockServer
from mockbay.switches import Switches
from support.agreement import ALIVE, SELLER, at_once
from support.fields import DE, US, differences, named, offered
from support.live_shop import Document, Shop

ROUNDS, PAUSE = 20, timedelta(minutes=6)
SOLD_ON = (US, DE)
EARLY = 1  # the chapter after which orders are read for the first time


@dataclass(frozen=True, slots=True)
class Standing:
    """One of our rows: where it is sold, under which number, and why it is not in step."""

    sku: str
    marketplace: str
    ebay_skus: frozenset[str]
    number: str | None
    waits: str | None


class Still(MockServer):
    """A mock as it is at one moment, to look at from several sides."""

    def __init__(self, mock: MockServer) -> None:
        super().__init__(mock.url)
        self._seen = mock.state()

    def state(self) -> Document:
        """Return what there was."""
        return self._seen


async def play(shop: Shop, switches: Document) -> list[str]:
    """Play the suite under ``switches``; return everything that is not as it should be."""
    answers = msgspec.convert(switches, Switches)
    await begin(shop, switches, SOLD_ON)
    past = datetime.now(UTC) - timedelta(hours=12) - datetime.fromisoformat(shop.mock.advance(0))
    shop.mock.advance(past.total_seconds())
    wrong: list[str] = []
    now: dict[str, Step] = {}
    for number, chapter in enumerate(zip_longest(*(tell(answers) for tell in SCENARIOS))):
        steps = [step for step in chapter if step is not None]
        now |= {step.says["sku"]: step for step in steps}
        found = await _happen(shop, steps) + await _judged(shop, now, answers)
        wrong += [f"chapter {number}: {one}" for one in found]
        if number == EARLY:
            wrong += await _counted(shop, late=bool(answers.order_lag_ms))
    await shop.pass_time(timedelta(milliseconds=answers.order_lag_ms))
    return wrong + await _counted(shop, late=False)


async def _happen(shop: Shop, steps: list[Step]) -> list[str]:
    """Let a chapter happen and come to rest; return the faults that met nothing."""
    for step in steps:
        for act in step.acts:
            act(shop.mock)
        if step.hours:
            await shop.pass_time(timedelta(hours=step.hours))
            await shop.reap()
    rules = [rule for step in steps for rule in meanwhile(step)]
    if rules:
        shop.mock.faults(*rules)
    await shop.put(*[step.says for step in steps])
    await _settle(shop)
    unfired = [rule["match"]["op"] for rule in shop.mock.rules() if not rule["fired"]]
    shop.mock.clear_faults()
    return [f"nothing happened at {op}" for op in unfired]


async def _settle(shop: Shop) -> None:
    """Publish, and let time pass, until nothing is left to do within the hour."""
    for _ in range(ROUNDS):
        await shop.publish_due()
        if not await _soon(shop):
            return
        await shop.pass_time(PAUSE)
        await shop.reap()


async def _soon(shop: Shop) -> int:
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT count(*) FROM ebay_change_queue
            WHERE status IN ('pending', 'processing') AND run_at < now() + interval '1 hour'
            """
        )
        return int((await cursor.fetchall())[0][0])


async def _judged(shop: Shop, now: Mapping[str, Step], answers: Switches) -> list[str]:
    """Return what is not as the steps say: every field, the stock, our rows, our promises."""
    rows = [row for step in now.values() for row in offered(step.shown, SOLD_ON)]
    sold = {sku: units for step in now.values() for sku, units in step.sold.items()}
    mock, called = Still(shop.mock), await names(shop)
    wanted = {
        item["sku"]: item["quantity"] - sold.get(item["sku"], 0)
        for row in rows
        for item in row.get("variants", [row])
    }
    for_sale = {called[sku]: left for sku, left in _stock(mock, answers).items()}
    return [
        *differences(mock, rows, sold=sold, names=called),
        *[f"{units} of {sku} are for sale" for sku, units in for_sale.items() - wanted.items()],
        *[f"{sku} is not for sale" for sku in wanted.keys() - for_sale.keys()],
        *[f"{sku} is there twice" for sku in at_once(mock)],
        *_rows(mock, await _standings(shop), now),
        *_exposed(await exposures(shop), now),
        *[f"broken promise: {one}" for one in await broken_promises(shop)],
    ]


def _exposed(found: list[Exposed], now: Mapping[str, Step]) -> list[str]:
    """Return what is on sale twice still, and what else was than the steps say."""
    counted = Counter[str]()
    for one in found:
        counted[one.sku] += one.units
    wanted = Counter({sku: step.exposed for sku, step in now.items()})
    still = [f"{one} is on sale twice" for one in found if one.lasted is None]
    return still if counted == wanted else [*still, f"exposed are {counted}, not {wanted}"]


def _stock(mock: MockServer, answers: Switches) -> dict[str, int]:
    """Return how many units buyers can buy of each SKU that is live."""
    items, left = mock.items(), dict[str, int]()
    for offer in mock.offers().values():
        if offer["status"] == "PUBLISHED":
            item = items[offer["sku"]]["availability"]["shipToLocationAvailability"]
            both = offer["availableQuantity"], item["quantity"]
            left[offer["sku"]] = min(both) if answers.minimum_rule else both[0]
    return left


def _rows(mock: MockServer, standings: list[Standing], now: Mapping[str, Step]) -> list[str]:
    """Return which of our rows say otherwise than eBay under which number something is live."""
    offers = mock.offers()
    alive = {
        offers[offer_id]["sku"]: number
        for number, listing in mock.listings().items()
        if listing["status"] in ALIVE
        for offer_id in listing["offer_ids"]
    }
    wrong: list[str] = []
    for row in standings:
        name, step = named(row.sku, row.marketplace), now[row.sku]
        numbers = {alive[sku] for sku in row.ebay_skus if sku in alive}
        ours = {row.number} if row.number else set[str]()
        wrong += [f"{name} is {row.waits}, not {step.waits}"] if row.waits != step.waits else []
        wrong += [f"{name} is {numbers}, not {ours}"] if numbers != ours else []
    return wrong


async def _standings(shop: Shop) -> list[Standing]:
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT l.sku, e.marketplace, array_agg(i.ebay_sku),
                CASE e.lifecycle_state WHEN 'live' THEN e.external_item_id END,
                coalesce(e.blocked_reason, q.last_outcome, 'letter: ' || d.verdict,
                    CASE WHEN e.verify_at IS NOT NULL THEN 'in doubt'
                        WHEN e.desired_hash IS DISTINCT FROM e.published_hash THEN 'different' END)
            FROM ebay_listing e
            JOIN listing l ON l.id = e.listing_id
            JOIN ebay_item i ON i.ebay_listing_id = e.id
            LEFT JOIN ebay_change_queue q ON q.ebay_listing_id = e.id
                AND q.status IN ('pending', 'processing')
            LEFT JOIN ebay_failed_event d ON d.ebay_listing_id = e.id AND d.resolved_at IS NULL
            GROUP BY e.id, l.sku, q.id, d.id
            """
        )
        return [
            Standing(sku, place, frozenset(ebay_skus), number, waits)
            for sku, place, ebay_skus, number, waits in await cursor.fetchall()
        ]


async def _counted(shop: Shop, *, late: bool) -> list[str]:
    """Read eBay's orders; return which units sold are not in our ledger, or not yet if ``late``."""
    job = orders(shop.runtime)
    await replace(job, limits=replace(job.limits, lookback=timedelta(days=1))).run()
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT i.ebay_sku, sum(o.quantity)::integer FROM ebay_order_line o
            JOIN ebay_item i ON i.id = o.ebay_item_id WHERE NOT o.cancelled GROUP BY i.ebay_sku
            """
        )
        ours = Counter(dict(await cursor.fetchall()))
    sold: Counter[str] = Counter()
    for order in shop.mock.state()["accounts"][SELLER]["orders"].values():
        for line in order["lines"]:
            sold[line["sku"]] += line["quantity"]
    agrees = ours <= sold if late else ours == sold
    return [] if agrees else [f"the ledger has {ours} instead of {sold}"]
