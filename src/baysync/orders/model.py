"""Nouns of what was sold: the lines of eBay's orders, and how far they are read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineRow:
    """One line of an order as it is kept; what eBay did not say is None.

    ``sku`` and ``external_item_id`` (the listing id) are eBay's. Nothing tells of the buyer.
    """

    order_id: str
    line_item_id: str
    sku: str | None
    external_item_id: str | None
    marketplace: str | None
    quantity: int
    total: Decimal | None
    currency: str | None
    payment_status: str | None
    cancel_state: str | None
    cancelled: bool
    ordered_at: datetime | None
    modified_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """A line that was new, or that said something new."""

    is_new: bool
    quantity: int
    cancelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWindow:
    """The orders changed from ``since`` to ``until`` by eBay's clock; None: till now."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollLimits:
    """How far back is read: ``lookback`` the first time, ``overlap`` twice each time after.

    ``overlap`` is the longest time by which eBay may show an order late.
    """

    lookback: timedelta
    overlap: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPosition:
    """Where reading an account's orders goes on, and PostgreSQL's time at that moment."""

    read_to: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """How far the orders of an account are read; ``error`` is why the last try ended early."""

    account: str
    read_to: datetime | None
    polled_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One line of the ledger, with the shop's SKU where it sells one of the shop's listings.

    ``variant`` is the SKU of the variant that was sold; ``total`` is in ``currency``.
    """

    id: int
    account: str
    order_id: str
    line_item_id: str
    sku: str | None
    variant: str | None
    ebay_sku: str | None
    external_item_id: str | None
    marketplace: str | None
    quantity: int
    total: Decimal | None
    currency: str | None
    payment_status: str | None
    cancel_state: str | None
    cancelled: bool
    sold_at: datetime
    modified_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsSold:
    """What one eBay listing has sold, so far as it is known."""

    account: str
    marketplace: str
    units_sold: int
    units_cancelled: int
    last_sold_at: datetime | None
