"""Buyers buy and change their minds: a sale of one or several lines, and its end."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from mockbay import listings, refunds
from mockbay.answers import Document, part
from mockbay.clock import to_iso
from mockbay.order import (
    BoughtLine,
    BuyerOrder,
    Cancellation,
    ShipTo,
    Sum,
    Units,
    stored,
)
from mockbay.rules import listed
from mockbay.state import Listing, Offer, Seller, World
from mockbay.target import Impossible, Target

DAY_MS = 86_400_000
LONGEST_HANDLING = 40  # days
REASONS = {"buyer": "ORDER_PLACED_BY_MISTAKE", "seller": "OUT_OF_STOCK_OR_CANNOT_FULFILL"}


class LineWanted(Target, forbid_unknown_fields=True, kw_only=True):
    """One line of a sale."""

    quantity: Units = 1


class Purchase(Target, forbid_unknown_fields=True, kw_only=True):
    """A sale of one listing, or of ``lines``; delivery is paid with the first line.

    ``force`` sells more than there is; one not ``paid`` leaves no order, as on eBay. What
    ``ship_to`` does not say of the buyer is invented.
    """

    quantity: Units = 1
    lines: tuple[LineWanted, ...] = ()
    buyer: str = "buyer-one"
    ship_to: ShipTo = ShipTo()
    shipping_cost: Sum = "0.00"
    force: bool = False
    paid: bool = True


class Cancelling(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An order to cancel, and who wants that."""

    order_id: str
    by: Literal["buyer", "seller"] = "buyer"


class _Taken(NamedTuple):
    seller: Seller
    offer: Offer
    listing: Listing
    quantity: int


def buy(world: World, body: Mapping[str, object]) -> Document:
    """Sell to a buyer: stock falls, soldQuantity rises, an order appears."""
    asked = msgspec.convert(body, Purchase)
    taken = [_Taken(*one.find(world), one.quantity) for one in _wanted(asked)]
    if len({(one.seller.name, one.offer.marketplace) for one in taken}) > 1:
        raise Impossible("lines: those of an order are of one seller and one marketplace.")
    if not asked.force:
        _check_stock(world, taken)
    for one in taken:
        _sell(world, one)
    order = _order(world, taken, asked)
    if asked.paid:
        taken[0].seller.orders[order.order_id] = order
    return stored(order) | {"created": to_iso(order.created)}


def _wanted(asked: Purchase) -> list[LineWanted]:
    if not asked.lines:
        return [
            LineWanted(
                sku=asked.sku, listing_id=asked.listing_id, account=asked.account,
                marketplace=asked.marketplace, quantity=asked.quantity,
            )
        ]  # fmt: skip
    if asked.sku or asked.listing_id or asked.quantity != 1:
        raise Impossible("lines: name sku, listing_id and quantity in each line, not beside them.")
    return [
        msgspec.structs.replace(
            line, account=line.account or asked.account,
            marketplace=line.marketplace or asked.marketplace,
        )
        for line in asked.lines
    ]  # fmt: skip


def _check_stock(world: World, taken: list[_Taken]) -> None:
    wanted: Counter[str] = Counter()
    for one in taken:
        wanted[one.offer.offer_id] += one.quantity
        left = listings.effective_quantity(world, one.seller, one.offer)
        if wanted[one.offer.offer_id] > left:
            raise Impossible(f"Only {left} of {one.offer.sku} are left.")


def _sell(world: World, taken: _Taken) -> None:
    seller, offer, listing, quantity = taken
    listing.sold[offer.sku] = listing.sold.get(offer.sku, 0) + quantity
    if offer.quantity is not None:
        offer.quantity = max(offer.quantity - quantity, 0)
    item = seller.items[offer.sku]
    if item.quantity is not None and (
        world.switches.item_quantity_drops_on_sale or offer.quantity is None
    ):
        item.quantity = max(item.quantity - quantity, 0)
    for live in listings.live_listings(seller, offer.sku):
        listings.refresh(world, seller, live)


def _order(world: World, taken: list[_Taken], asked: Purchase) -> BuyerOrder:
    seller, offer = taken[0].seller, taken[0].offer
    service = _service(_policy(seller, offer))
    return BuyerOrder(
        order_id=_order_id(world),
        created=world.clock.ms, modified=world.clock.ms,
        visible=world.clock.ms + world.switches.order_lag_ms,
        record=str(100 + world.count(f"sale of {seller.name}")),
        marketplace=offer.marketplace, currency=(offer.price or ("0.00", "USD"))[1],
        lines=tuple(_line(world, one) for one in taken),
        buyer=asked.buyer, ship_to=asked.ship_to, shipping_cost=asked.shipping_cost,
        service=service.get("shippingServiceCode") or "Other",
        carrier=service.get("shippingCarrierCode") or "Other",
    )  # fmt: skip


def _order_id(world: World) -> str:
    while True:  # past those that were loaded
        number = world.count("order")
        made = f"{number % 100:02}-{10_000 + number:05}-{20_000 + world.seed % 1000:05}"
        if not any(made in one.orders for one in world.sellers.values()):
            return made


def _line(world: World, taken: _Taken) -> BoughtLine:
    seller, offer, listing, quantity = taken
    item = seller.items[offer.sku]
    product = part(item.document, "product")
    return BoughtLine(
        line_item_id=str(10_000_000_000 + world.count("line item")),
        sku=offer.sku, listing_id=listing.listing_id, offer_id=offer.offer_id, quantity=quantity,
        price=(offer.price or ("0.00", "USD"))[0], title=product.get("title") or "",
        group=item.group, variation_id=_variation_id(offer) if item.group else None,
        aspects=_chosen(seller, item.group, product), location=_location(seller, offer),
        ship_by=world.clock.ms + _handling_days(_policy(seller, offer)) * DAY_MS,
    )  # fmt: skip


def _variation_id(offer: Offer) -> str:
    own = offer.offer_id
    return str(700_000_000_000 + int(own)) if own.isascii() and own.isdecimal() else own


def _chosen(seller: Seller, group: str | None, product: Document) -> dict[str, str]:
    """Return the aspects by which the variation that is bought differs from the others."""
    axes = listed(part(seller.groups.get(group or "", {}), "variesBy"), "specifications")
    named = [str(part({"": axis}, "").get("name")) for axis in axes]
    aspects: Document = part(product, "aspects")
    return {name: ", ".join(aspects[name]) for name in named if aspects.get(name)}


def _location(seller: Seller, offer: Offer) -> dict[str, str]:
    key = offer.document.get("merchantLocationKey") or ""
    address = part(seller.locations.get(key, {}), "location", "address")
    place = [address.get("city"), address.get("stateOrProvince")]
    named = {
        "location": ", ".join(one for one in place if one),
        "countryCode": address.get("country"), "postalCode": address.get("postalCode"),
    }  # fmt: skip
    return {name: value for name, value in named.items() if value}


def _policy(seller: Seller, offer: Offer) -> Document:
    policy_id = part(offer.document, "listingPolicies").get("fulfillmentPolicyId") or ""
    return seller.policies.get("fulfillment", {}).get(policy_id, {})


def _handling_days(policy: Document) -> int:
    days = part(policy, "handlingTime").get("value")
    return min(max(1 if days is None else days, 0), LONGEST_HANDLING)


def _service(policy: Document) -> Document:
    """Return the first way of shipping that a policy offers; {} where it offers none."""
    for option in listed(policy, "shippingOptions"):
        for service in listed(part({"": option}, ""), "shippingServices"):
            return part({"": service}, "")
    return {}


def cancel_order(world: World, body: Mapping[str, object]) -> Document:
    """Cancel an order and give the money back; the quantity stays as low as the sale left it."""
    asked = msgspec.convert(body, Cancelling)
    for seller in world.sellers.values():
        order = seller.orders.get(asked.order_id)
        if order is not None:
            seller.orders[asked.order_id] = _cancelled(world, order, asked.by)
            return stored(seller.orders[asked.order_id])
    raise Impossible(f"There is no order {asked.order_id}.")


def _cancelled(world: World, order: BuyerOrder, by: str) -> BuyerOrder:
    if order.cancelled is not None:
        raise Impossible(f"Order {order.order_id} is cancelled already.")
    if order.packages:
        raise Impossible(f"Order {order.order_id} is shipped; refund it instead.")
    left, now = order.total - order.refunded, world.clock.ms
    given = (refunds.made(world, left, lines={}),) if left > Decimal(0) else ()
    request_id = str(5_200_000_000 + world.count("cancellation"))
    done = Cancellation(request_id=request_id, at=now, by=by, reason=REASONS[by])
    return msgspec.structs.replace(
        order, cancelled=done, modified=now, refunds=(*order.refunds, *given)
    )
