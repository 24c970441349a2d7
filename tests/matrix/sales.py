"""Sales at every moment of a change, under each answer to what eBay sells from."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product

from matrix.arena import begin, exposures
from matrix.plan import GET_OFFER, ITEMS, PRICES, UPDATE, act
from matrix.story import chapters
from support.live_shop import Document, Shop

WINDOW = timedelta(seconds=91)  # the verify delay is 90 s
WORLDS: list[Document] = [
    {"minimum_rule": minimum, "item_quantity_drops_on_sale": drops}
    for minimum, drops in product((True, False), repeat=2)
]
SLOW = 2 * WINDOW  # as long as a slow machine takes, and no longer
LOST: Document = {"kind": "reset", "when": "after"}


@dataclass(frozen=True, kw_only=True)
class Sale:
    """One unit of ``sku``, bought just before or after the ``nth`` call ``op`` about it.

    ``left`` are on sale afterwards, ``exposed`` were once more. ``more`` are rules of their own;
    ``late``: what is too much is taken back a verify window later, not at once.
    """

    name: str
    sku: str
    op: str
    nth: int
    when: str
    left: int
    exposed: int = 0
    lost: bool = False
    late: bool = False
    more: tuple[Document, ...] = ()

    @property
    def rules(self) -> list[Document]:
        """What the mock is told to do; ``lost`` loses the reply to the very call, too."""
        effects = [act("buy", self.when, self.sku), *([LOST] if self.lost else [])]
        match = {"op": self.op, "sku": self.sku}
        return [{"match": match, "nth": self.nth, "effects": effects}, *self.more]


def around(
    name: str, sku: str, op: str, nth: int, *, left: tuple[int, int], exposed: str = "none"
) -> list[Sale]:
    """Return a sale before a call and one after it; ``exposed`` says which is on sale twice."""
    return [
        Sale(
            name=f"{when} {name}",
            sku=sku,
            op=op,
            nth=nth,
            when=when,
            left=remains,
            exposed=int(when == exposed),
        )
        for when, remains in zip(("before", "after"), left, strict=True)
    ]


RAISE = Sale(name="", sku="SHIRTM", op=PRICES, nth=2, when="before", left=7, exposed=1)
SILENT: Document = {
    "match": {"op": GET_OFFER, "sku": "SHIRTM"}, "nth": 4, "effects": [{"kind": "reset"}]
}  # fmt: skip
SALES = [
    *around("new content", "LAMP-1", ITEMS, 2, left=(4, 4)),
    *around("a new price", "LAMP2", PRICES, 1, left=(4, 4)),
    *around("less stock", "LAMP-1", PRICES, 1, left=(2, 1)),
    *around("reading an offer", "LAMP2", GET_OFFER, 1, left=(4, 4), exposed="after"),
    *around("replacing it", "LAMP2", UPDATE, 1, left=(4, 4), exposed="before"),
    *around("reading it again", "LAMP2", GET_OFFER, 2, left=(4, 4)),
    *around("reading before a raise", "SHIRTM", GET_OFFER, 3, left=(8, 7), exposed="after"),
    *around("a raise", "SHIRTM", PRICES, 2, left=(7, 7), exposed="before"),
    *around("stocking what came back", "SHIRTM", PRICES, 3, left=(4, 4), exposed="before"),
    replace(RAISE, name="before a raise that is lost", lost=True),
    replace(RAISE, name="before a raise of which no more is heard", late=True, more=(SILENT,)),
    Sale(name="before an offer that is lost", sku="LAMP2", op=UPDATE, nth=1, when="before",
         left=4, exposed=1, lost=True),
]  # fmt: skip


async def sold(shop: Shop, sale: Sale, world: Document) -> list[str]:
    """Play the story until the sale and let it come to rest; return what is not as promised."""
    await begin(shop, world)
    shop.mock.faults(*sale.rules)
    for listings in chapters():
        await shop.put(*listings)
        await shop.publish_due()
        if shop.mock.rules()[0]["fired"]:
            break
        await shop.drain()
    else:
        return ["nothing was sold"]
    if sale.late:
        await shop.pass_time(WINDOW)
        await shop.publish_due()
    wrong = _left(shop, sale, "in time")
    await shop.drain()
    found = await exposures(shop)
    counted = [(one.sku, one.units) for one in found]
    wanted = [(sale.sku, sale.exposed)] if sale.exposed else []
    return [
        *wrong,
        *_left(shop, sale, "at the end"),
        *([f"{counted} exposed instead of {wanted}"] if counted != wanted else []),
        *[f"{one}: too long" for one in found if one.lasted is None or one.lasted > SLOW],
    ]


def _left(shop: Shop, sale: Sale, when: str) -> list[str]:
    now = on_sale(shop, sale.sku)
    return [] if now == sale.left else [f"{now} on sale {when} instead of {sale.left}"]


def on_sale(shop: Shop, sku: str) -> int:
    """Return how many units buyers can buy, by the mock's present rule."""
    item, offer = shop.mock.items()[sku], shop.live()[sku]
    stock: int = item["availability"]["shipToLocationAvailability"]["quantity"]
    offered: int = offer["availableQuantity"]
    return min(stock, offered) if shop.mock.switch()["minimum_rule"] else offered
