"""What shops do, as scenarios that are played abreast: each is one listing, step by step."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from matrix.plan import (
    GROUP,
    ITEMS,
    OFFERS,
    PRICES,
    PUBLISH,
    PUBLISH_GROUP,
    UPDATE,
    WITHDRAW,
    WITHDRAW_GROUP,
    act,
)
from matrix.story import IMAGES, RICH
from mockbay.client import MockServer
from mockbay.switches import Switches
from support.fields import DE, US
from support.live_shop import Document, document

Act = Callable[[MockServer], object]
LOST: Document = {"kind": "reset", "when": "after"}
US_ONLY: Document = {"marketplaces": [US]}
GERMAN: Document = {
    "title": "Lampe",
    "description": "<p>Warmes Licht.</p>",
    "aspects": {"Material": ["Stahl"]},
    "price": "21.50",
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """What others do, then what the shop says, and what is there when all is done.

    ``shows`` is what eBay holds instead of what the shop ``says``, ``sold`` the units of it that
    buyers have taken since, ``waits`` why it is not in step. ``lost`` are the operations of which
    one reply each is lost, ``sold_at`` those just before which one unit is sold; ``exposed`` units
    were on sale twice so far. ``hours`` pass after what others do.
    """

    says: Document
    shows: Document | None = None
    acts: tuple[Act, ...] = ()
    hours: int = 0
    lost: tuple[str, ...] = ()
    sold_at: tuple[str, ...] = ()
    exposed: int = 0
    sold: Mapping[str, int] = field(default_factory=dict[str, int])
    waits: str | None = None

    @property
    def shown(self) -> Document:
        """What eBay holds at the end of the step."""
        return self.says if self.shows is None else self.shows


Steps = Iterator[Step | None]  # None: nothing happens to it in this chapter


def meanwhile(step: Step) -> list[Document]:
    """Return the rules by which replies of a step are lost, and units sold between its calls."""
    sku = step.says["sku"]
    own: Document = {} if "variants" in step.says else {"sku": sku}
    happens = [(op, act("buy", "before", sku)) for op in step.sold_at]
    happens += [(op, LOST) for op in step.lost]
    return [{"match": {"op": op, **own}, "effects": [effect]} for op, effect in happens]


def group(sku: str, *variants: Document, **fields: object) -> Document:
    """Return a listing with variants."""
    said = document(sku, **{"title": f"Shirt {sku}", **fields}, variants=list(variants))
    return {name: value for name, value in said.items() if name not in {"price", "quantity"}}


def variant(sku: str, size: str, quantity: int = 3, price: str = "10.00") -> Document:
    """Return one variant."""
    return {
        "sku": f"{sku}{size}",
        "options": {"Size": size},
        "quantity": quantity,
        "price": price,
        "images": [f"https://img.example.com/{size}.jpg"],
        "mpn": f"{sku}-{size}",
    }


def everything_changes(_: Switches) -> Steps:
    """A single on two marketplaces: stock, price, words in two languages, the end, the return."""
    said = document("LAMP", **RICH, overrides={DE: GERMAN})
    yield Step(says=said)
    said |= {"quantity": 3, "price": "21.90", "overrides": {DE: GERMAN | {"price": "23.00"}}}
    yield Step(says=said)
    del said["condition_note"]
    said |= {"title": "Brass lamp", "aspects": {"Material": ["Brass"]}, "images": [IMAGES[0]]}
    said |= {"store_categories": ["/Brass"], "description": "<p>Cold.</p>", "quantity": 6}
    yield Step(says=said)
    yield None
    yield Step(says=said | {"overrides": {DE: GERMAN | {"title": "Messinglampe"}}})
    yield from (None,) * 2
    yield Step(says=said | {"status": "ended"})
    yield Step(says=said | {"price": "17.00", "quantity": 4})


def a_group_changes(_: Switches) -> Steps:
    """A group on two marketplaces: the same."""

    def shirt(*variants: Document, **fields: object) -> Document:
        return group("SHIRT", *variants, overrides={DE: {"title": "Hemd"}}, **fields)

    yield Step(says=shirt(variant("SHIRT", "S"), variant("SHIRT", "M")))
    changed = variant("SHIRT", "S", 1), variant("SHIRT", "M", 4, "11.00")
    yield Step(says=shirt(*changed))
    said = shirt(*changed, title="Linen", description="<p>Cool.</p>", store_categories=["/Linen"])
    yield Step(says=said)
    yield from (None,) * 4
    yield Step(says=said | {"status": "ended"})
    cheaper = [variant("SHIRT", "S", 2), variant("SHIRT", "M", 3, "9.00")]
    yield Step(says=said | {"variants": cheaper})


def variants_come_and_go(_: Switches) -> Steps:
    """A variant is added, sold and removed, another renamed; back come others than were there."""
    small, medium, large = (variant("TEE", size) for size in "SML")
    rest = large | {"quantity": 0}

    def tee(*variants: Document, **fields: object) -> Document:
        return group("TEE", *variants, **US_ONLY, **fields)

    yield Step(says=tee(small, medium))
    yield Step(says=tee(small, medium, large))
    bought: tuple[Act, ...] = (lambda mock: mock.buy("TEEL"),)
    yield Step(acts=bought, says=tee(small, medium), shows=tee(small, medium, rest))
    yield None
    renamed = medium | {"options": {"Size": "Middle"}}
    yield Step(says=tee(small, renamed), shows=tee(small, renamed, rest))
    yield from (None,) * 2
    yield Step(says=tee(small, renamed, status="ended"))
    yield Step(says=tee(small, large))


def units_are_sold(_: Switches) -> Steps:
    """Buyers buy before, in and after changes of content and price, until nothing is left."""
    said = document("SOLD", **US_ONLY)

    def bought(quantity: int) -> tuple[Act, ...]:
        return (lambda mock: mock.buy("SOLD", quantity),)

    yield Step(says=said)
    said |= {"title": "A lamp that sells", "description": "<p>Few are left.</p>"}
    yield Step(acts=bought(2), says=said, sold={"SOLD": 2})
    said |= {"price": "24.90"}
    yield Step(acts=bought(1), says=said, sold={"SOLD": 3})
    yield None
    said |= {"mpn": "S-1", "description": "<p>The last two.</p>"}
    yield Step(says=said, sold={"SOLD": 4}, sold_at=(UPDATE,), exposed=1)
    yield None
    said |= {"store_categories": ["/Last"]}
    yield Step(acts=bought(1), says=said, sold={"SOLD": 5}, lost=(UPDATE,), exposed=1)
    yield None
    yield Step(says=said | {"quantity": 4}, exposed=1)


def replies_are_lost(_: Switches) -> Steps:
    """The replies to all that makes, changes, ends and returns a single are lost."""
    said = document("LOST", **US_ONLY)
    yield from (None,) * 5
    yield Step(says=said, lost=(ITEMS, OFFERS, PUBLISH))
    said |= {"price": "15.00", "title": "Found", "description": "<p>Found.</p>"}
    yield Step(says=said, lost=(PRICES, ITEMS, UPDATE))
    yield Step(says=said | {"status": "ended"}, lost=(WITHDRAW,))
    yield Step(says=said | {"quantity": 2})


def replies_about_a_group_are_lost(_: Switches) -> Steps:
    """The same of a group."""
    said = group("CAP", variant("CAP", "S"), variant("CAP", "M"), **US_ONLY)
    yield from (None,) * 5
    yield Step(says=said, lost=(GROUP, PUBLISH_GROUP))
    said |= {"title": "A cap", "variants": [variant("CAP", "S"), variant("CAP", "M", 5, "8.00")]}
    yield Step(says=said, lost=(GROUP,))
    yield Step(says=said | {"status": "ended"}, lost=(WITHDRAW_GROUP,))
    yield Step(says=said)


def ended_on_the_site(_: Switches) -> Steps:
    """The seller ends it on eBay's site: it waits until the shop ends it too and lists it anew."""
    said = document("SITE", **US_ONLY)
    yield Step(says=said)
    ended: tuple[Act, ...] = (lambda mock: mock.end_listing("SITE"),)
    changed, over = said | {"price": "27.00"}, said | {"status": "ended"}
    yield Step(acts=ended, says=changed, shows=over, waits="ended_remotely")
    yield Step(says=over)
    yield from (None,) * 5
    yield Step(says=changed)


def held_for_a_while(answers: Switches) -> Steps:
    """It is put on hold: what eBay does not take waits until it is free again."""
    said = document("HELD", **US_ONLY)
    yield Step(says=said)
    hold: tuple[Act, ...] = (lambda mock: mock.hold("HELD"),)
    changed = said | {"price": "27.00"}
    if answers.hold_allows_revision:
        yield Step(acts=hold, says=changed)
    else:
        yield Step(acts=hold, says=changed, shows=said, waits="held")
    yield Step(acts=(lambda mock: mock.unhold("HELD"),), hours=7, says=changed)


def revised_too_often(answers: Switches) -> Steps:
    """eBay takes no more revisions of it today: the rest waits for tomorrow."""
    said = document("WORN", **US_ONLY)
    changed = said | {"title": "A worn lamp", "price": "27.00", "quantity": 8}
    yield Step(says=said)
    yield from (None,) * 2
    if answers.revision_cap is None:
        yield Step(says=changed)
    else:
        full: tuple[Act, ...] = (lambda mock: mock.switch(revision_cap=0),)
        free: tuple[Act, ...] = (lambda mock: mock.switch(revision_cap=answers.revision_cap),)
        yield Step(acts=full, says=changed, shows=said, waits="capped")
        yield Step(acts=free, hours=25, says=changed)


SCENARIOS = (
    everything_changes,
    a_group_changes,
    variants_come_and_go,
    units_are_sold,
    replies_are_lost,
    replies_about_a_group_are_lost,
    ended_on_the_site,
    held_for_a_while,
    revised_too_often,
)
