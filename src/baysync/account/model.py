"""Accounts and their defaults."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, field

from baysync.ebay.environment import Environment

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
LARGEST = Decimal(10) ** 9
Units: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000)]
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)  # how PostgreSQL's 'infinity' is read


class PauseKind(StrEnum):
    """Who or what paused an account.

    baysync tries ``REAUTH``, ``CONFIG`` and ``OUTAGE`` again by itself; the others end only by a
    person.
    """

    REAUTH = "reauth"
    CONFIG = "config"
    OUTAGE = "outage"
    PERSON = "person"
    NEW = "new"
    DISCONNECTED = "disconnected"


class OutOfStock(StrEnum):
    """What quantity 0 does to a live listing."""

    KEEP = "keep"
    END = "end"


class SharedStock(StrEnum):
    """How variants share one stock: all of it to the first, or the same to each."""

    FIRST = "first"
    SPLIT = "split"


class Policies(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The three business policies a published offer needs, by eBay's ids or the seller's names."""

    fulfillment: str | None = None
    payment: str | None = None
    return_: str | None = None


class Rounding(StrEnum):
    """What a price ends with; prices are rounded up to it."""

    NINETY_NINE = ".99"
    NINETY_FIVE = ".95"
    WHOLE = "whole"


class Pricing(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How the shop's price becomes the price on one marketplace.

    In this order: ``rates`` (units of the marketplace's currency for one of the named currency),
    ``percent``, ``fixed``, ``rounding``, then ``maximum`` and ``minimum``, which hold whatever
    came before. Money is in the marketplace's currency, with at most two decimals.

    Raises:
        ValueError: on making one whose numbers make no sense.
    """

    fixed: Decimal | None = None
    maximum: Decimal | None = None
    minimum: Decimal | None = None
    percent: Decimal | None = None
    rates: dict[str, Decimal] = {}
    rounding: Rounding | None = None

    def __post_init__(self) -> None:
        money = [each for each in (self.fixed, self.maximum, self.minimum) if each is not None]
        numbers = [*money, *self.rates.values(), self.percent or Decimal(0)]
        if not all(each.is_finite() and abs(each) < LARGEST for each in numbers):
            raise ValueError("pricing takes finite numbers below a thousand million")
        if not all(each == each.quantize(CENT) for each in money):
            raise ValueError("fixed, maximum and minimum have at most two decimals")
        if self.percent is not None and self.percent <= -HUNDRED:
            raise ValueError("percent must be above -100")
        if not all(rate > 0 for rate in self.rates.values()):
            raise ValueError("a rate must be above 0")
        _bounds(self.minimum, self.maximum)


def _bounds(minimum: Decimal | None, maximum: Decimal | None) -> None:
    if any(bound is not None and bound <= 0 for bound in (minimum, maximum)):
        raise ValueError("minimum and maximum must be above 0")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ValueError("minimum must not be above maximum")


class Stock(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How much of the shop's stock one marketplace is offered.

    ``buffer`` is kept back, of each variant; more than ``cap`` is not shown.
    """

    buffer: Units = 0
    cap: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


class DecimalMark(StrEnum):
    """The decimal sign of the numbers in an account's files."""

    POINT = "point"
    COMMA = "comma"


class Importing(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How the files of an account are read: ``decimal`` None leaves it to their columns."""

    decimal: DecimalMark | None = None


class Rule(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an account says for its listings of one category, or of one of the shop's types.

    What a rule does not say is as the account says it; ``aspects``, ``words`` and ``policies`` are
    laid over the account's one by one.
    """

    aspects: dict[str, tuple[str, ...]] = {}
    category: str | None = None
    condition: str | None = None
    location: str | None = None
    policies: Policies = Policies()
    words: dict[str, str] = {}


class Defaults(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an account says for every listing on one marketplace that does not say it itself.

    ``categories`` maps the shop's own type or tag (compared without case) to an eBay leaf
    category id; ``category`` takes the rest. ``currency`` None means the marketplace's own.
    ``words`` say item specifics and options, names and values, in the marketplace's language,
    compared without case. What a listing says for the marketplace itself, in its overrides,
    passes by pricing, stock and words.
    ``importing`` (``import`` in JSON) is about the files of the shop, whatever the marketplace.
    ``plain_skus``: eBay is told SKUs of letters and digits only; those given before stay.
    ``untracked_quantity`` is offered of what the shop does not count, None: such listings are
    blocked. ``backorder_quantity`` is offered of what is sold with nothing in stock.
    ``category_rules`` by category id and ``type_rules`` by the shop's type (without case) say more
    for some listings: the listing's own word first, then its category's, its type's, the rest.

    Raises:
        ValueError: on making one whose rules contradict each other.
    """

    aspects: dict[str, tuple[str, ...]] = {}
    backorder_quantity: Units = 0
    categories: dict[str, str] = {}
    category: str | None = None
    category_rules: dict[str, Rule] = {}
    condition: str | None = None
    currency: str | None = None
    importing: Importing = field(name="import", default=Importing())
    location: str | None = None
    out_of_stock: OutOfStock = OutOfStock.KEEP
    plain_skus: bool = False
    policies: Policies = Policies()
    pricing: Pricing = Pricing()
    shared_stock: SharedStock = SharedStock.FIRST
    stock: Stock = Stock()
    type_rules: dict[str, Rule] = {}
    untracked_quantity: Units | None = None
    words: dict[str, str] = {}

    def __post_init__(self) -> None:
        if any(rule.category for rule in self.category_rules.values()):
            raise ValueError("the rule of a category cannot name another category")
        types = [name.casefold() for name in self.type_rules]
        if len(types) != len(set(types)):
            raise ValueError("two rules are for one type; capitals do not count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One eBay seller in one environment, without its secrets.

    ``paused_until`` may lie in the past; ``FOREVER`` means until a person resumes it. A pause of
    a ``paused_kind`` that baysync ends itself stands until eBay answers; between tries the account
    ``waits``.
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
    paused_kind: PauseKind | None
    waits: bool
    lane_failures: int
    price_quantity_rows: int

    @property
    def lacks_access(self) -> bool:
        """Whether eBay takes its tokens or keys no more, as far as baysync knows."""
        return self.paused_kind in {PauseKind.REAUTH, PauseKind.CONFIG}

    @property
    def paused_for_good(self) -> bool:
        """Whether only a person, or new consent, ends the pause."""
        return self.paused_until == FOREVER
