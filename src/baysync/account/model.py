"""Accounts and their defaults."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from baysync.ebay.environment import Environment

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)  # how PostgreSQL's 'infinity' is read


class OutOfStock(StrEnum):
    """What quantity 0 does to a live listing."""

    KEEP = "keep"
    END = "end"


class Policies(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The ids of the three business policies a published offer needs."""

    fulfillment: str | None = None
    payment: str | None = None
    return_: str | None = None


class Defaults(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an account says for every listing on one marketplace that does not say it itself.

    ``categories`` maps the shop's own type or tag (compared without case) to an eBay leaf
    category id; ``category`` takes the rest. ``currency`` None means the marketplace's own.
    """

    aspects: dict[str, tuple[str, ...]] = {}
    categories: dict[str, str] = {}
    category: str | None = None
    condition: str | None = None
    currency: str | None = None
    location: str | None = None
    out_of_stock: OutOfStock = OutOfStock.KEEP
    policies: Policies = Policies()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One eBay seller in one environment, without its secrets.

    ``paused_until`` may lie in the past; ``FOREVER`` means until a person resumes it.
    """

    id: int
    name: str
    environment: Environment
    ebay_user_id: str
    username: str
    client_id: str
    ru_name: str
    base_urls: dict[str, str]
    state: str
    paused_until: datetime | None
    paused_reason: str | None
    lane_failures: int
    price_quantity_rows: int

    @property
    def paused_for_good(self) -> bool:
        """Whether only a person, or new consent, ends the pause."""
        return self.paused_until == FOREVER
