"""What the mock keeps of a sale: the order of a buyer, its lines, packages and refunds. Pure."""

from decimal import Decimal
from typing import Annotated

import msgspec

from mockbay.answers import Document
from mockbay.rules import PRICE

LAST_MOMENT = 250_000_000_000_000  # in the year 9892: a date after it could not be spelled
MOST_UNITS = 2**31 - 1
CENT = Decimal("0.01")
Moment = Annotated[int, msgspec.Meta(ge=0, le=LAST_MOMENT)]
Sum = Annotated[str, msgspec.Meta(pattern=f"^{PRICE}$")]
Units = Annotated[int, msgspec.Meta(ge=1, le=MOST_UNITS)]


class PostalAddress(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True,
    rename="camel",
):  # fmt: skip
    """An address as eBay spells it; without ``addressLine1`` it only names the country."""

    country_code: str
    address_line1: str = ""
    address_line2: str = ""
    city: str = ""
    county: str = ""
    postal_code: str = ""
    state_or_province: str = ""


class Phone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A telephone number as eBay spells it."""

    phone_number: str


class ShipTo(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True,
    rename="camel",
):  # fmt: skip
    """What is known of who gets the goods; the rest is invented when the order is shown."""

    full_name: str = ""
    company_name: str = ""
    email: str = ""
    primary_phone: Phone | None = None
    contact_address: PostalAddress | None = None


class BoughtLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units of one offer; ``price`` is that of one unit, ``location`` where they lie."""

    line_item_id: str
    sku: str
    listing_id: str
    quantity: Units
    price: Sum
    offer_id: str = ""
    title: str = ""
    group: str | None = None
    variation_id: str | None = None
    aspects: dict[str, str] = {}
    location: dict[str, str] = {}
    ship_by: Moment | None = None

    @property
    def cost(self) -> Decimal:
        """What its units cost, without delivery."""
        return (Decimal(self.price) * self.quantity).quantize(CENT)


class Package(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shipping fulfillment: units by line item id, and how they travel if that is known."""

    lines: dict[str, Units]
    shipped: Moment
    carrier: str | None = None
    tracking: str | None = None


class OrderRefund(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money given back: of single lines by their ids, or of the order where ``lines`` is empty.

    It is pending until ``done``; without ``refund_id`` no call of the API asked for it.
    """

    amount: Sum
    done: Moment
    reference: str
    refund_id: str | None = None
    lines: dict[str, Sum] = {}


class Cancellation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request to cancel that went through at once."""

    request_id: str
    at: Moment
    by: str
    reason: str


class BuyerOrder(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True,
    rename={"order_id": "orderId"},
):  # fmt: skip
    """One order, paid; it can be read from ``visible`` on. Delivery is paid with the first line."""

    order_id: str
    created: Moment
    modified: Moment = 0
    visible: Moment = 0
    marketplace: str
    currency: str
    lines: Annotated[tuple[BoughtLine, ...], msgspec.Meta(min_length=1)]
    record: str = ""
    buyer: str = "buyer-one"
    ship_to: ShipTo = ShipTo()
    shipping_cost: Sum = "0.00"
    service: str = "Other"
    carrier: str = "Other"
    packages: dict[str, Package] = {}
    refunds: tuple[OrderRefund, ...] = ()
    cancelled: Cancellation | None = None

    @property
    def subtotal(self) -> Decimal:
        """What the goods cost."""
        return sum((line.cost for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the buyer paid: goods and delivery."""
        return self.subtotal + Decimal(self.shipping_cost).quantize(CENT)

    @property
    def refunded(self) -> Decimal:
        """What was given back or is on its way."""
        return sum((Decimal(one.amount) for one in self.refunds), Decimal(0))

    def delivery(self, line: BoughtLine) -> Decimal:
        """Return what a line bears of the delivery."""
        first = line.line_item_id == self.lines[0].line_item_id
        return Decimal(self.shipping_cost).quantize(CENT) if first else Decimal(0)

    def refunded_of(self, line: BoughtLine) -> Decimal:
        """Return what was given back of one line by itself."""
        own = (one.lines.get(line.line_item_id, "0") for one in self.refunds)
        return sum((Decimal(amount) for amount in own), Decimal(0))

    def line_status(self, line: BoughtLine) -> str:
        """Return eBay's word for how far a line is shipped: one unit of it is enough."""
        shipped = any(line.line_item_id in package.lines for package in self.packages.values())
        return "FULFILLED" if shipped else "NOT_STARTED"

    @property
    def fulfillment_status(self) -> str:
        """EBay's word for how far the order is shipped."""
        words = {self.line_status(line) for line in self.lines}
        return words.pop() if len(words) == 1 else "IN_PROGRESS"

    def payment_status(self, now: int) -> str:
        """Return eBay's word for whose the money is; a refund on its way is pending."""
        if not self.refunds:
            return "PAID"
        if any(one.done > now for one in self.refunds):
            return "PENDING"
        return "FULLY_REFUNDED" if self.refunded >= self.total else "PARTIALLY_REFUNDED"

    def changed(self, now: int) -> int:
        """Return when it last changed: the end of a refund is a change, too."""
        ends = (one.done for one in self.refunds if one.done <= now)
        return max(self.created, self.modified, *ends)


def stored(order: BuyerOrder) -> Document:
    """Return an order as ``GET /_mock/state`` has it."""
    return msgspec.to_builtins(order)
