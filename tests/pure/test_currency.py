"""In which currency a price is, where the listing does not say."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from baysync.account.model import Defaults, Pricing
from baysync.base.errors import Refused
from baysync.cli.listings.currency import lacks, with_currency
from baysync.listing.draft import Draft, Op
from baysync.listing.model import Override
from baysync.projection.build import build
from support.shop import DEFAULTS, LAMP

DE = "EBAY_DE"
RATED = replace(DEFAULTS, pricing=Pricing(rates={"USD": Decimal("0.9")}))


def sold_at(listing_currency: str | None, rules: Defaults, **said: object) -> tuple[str, str]:
    """Return value and currency of a lamp of 34.90 in Germany, or reason and pointer of a block."""
    overrides = {DE: replace(Override(), **said)} if said else {}
    found = build(replace(LAMP, currency=listing_currency, overrides=overrides), rules, DE)
    if found.blocks:
        return found.blocks[0].reason, found.blocks[0].pointer
    assert found.projection
    assert found.projection.price
    return found.projection.price.value, found.projection.price.currency


def test_where_there_are_rates_a_price_without_a_currency_is_held_back() -> None:
    assert sold_at(None, RATED) == ("missing_currency", "/currency")
    assert sold_at("", RATED) == ("missing_currency", "/currency")
    assert sold_at("USD", RATED) == ("31.41", "EUR")
    assert sold_at("EUR", RATED) == ("34.9", "EUR")
    assert sold_at(None, replace(RATED, currency="USD")) == ("31.41", "EUR")
    assert sold_at(None, DEFAULTS) == ("34.9", "EUR")


def test_a_price_said_for_the_marketplace_is_in_its_currency() -> None:
    assert sold_at(None, RATED, price=Decimal(30)) == ("30", "EUR")
    assert sold_at(None, RATED, currency="USD") == ("31.41", "EUR")


def drafts() -> list[Draft]:
    documents: list[dict[str, object]] = [
        {"sku": "A", "price": "1"},
        {"sku": "B", "price": "1", "currency": "GBP"},
        {"sku": "C", "variants": [{"sku": "C1", "price": "2"}]},
        {"sku": "D", "quantity": 3},
    ]
    found = [Draft(line=n, document=each) for n, each in enumerate(documents)]
    return [*found, Draft(line=9, document={"sku": "E", "price": "1"}, op=Op.PATCH)]


def test_a_file_is_given_the_currency_that_it_does_not_name() -> None:
    given = [draft.document.get("currency") for draft in with_currency(drafts(), "USD")]
    assert given == ["USD", "GBP", "USD", None, None], "a feed changes nothing but its own fields"
    assert [lacks(draft) for draft in drafts()] == [True, False, True, False, False]
    with pytest.raises(Refused, match="no currency DOLLAR") as refused:
        list(with_currency(drafts(), "DOLLAR"))
    assert "USD" in refused.value.fix
