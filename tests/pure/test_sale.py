"""When a sale price counts: to the second, in the shop's time zone, and never for longer."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.account.model import Defaults, Pricing, Rounding
from baysync.listing import rules, sale
from baysync.listing.model import Listing, Override, Severity, Variant, VariantOverride
from baysync.projection.blocks import of_sale
from baysync.projection.resolve import explained, resolve, single

DE = "EBAY_DE"
BERLIN = ZoneInfo("Europe/Berlin")
LAMP = Listing(sku="A", price=Decimal(10), sale_price=Decimal(8))
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("since", "until", "first", "end"),
    [
        ("2026-12-24", "2026-12-26", "2026-12-24T00:00:00+01:00", "2026-12-27T00:00:00+01:00"),
        ("2026-03-28", "2026-03-29", "2026-03-28T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        (
            "2026-12-24T18:00",
            "2026-12-24 20:30:15",
            "2026-12-24T18:00+01:00",
            "2026-12-24T20:30:15+01:00",
        ),
        (
            "2026-12-24T18:00Z",
            "2026-12-25T00:00-05:00",
            "2026-12-24T18:00+00:00",
            "2026-12-25T05:00+00:00",
        ),
    ],
)
def test_a_sale_price_counts_from_its_beginning_to_before_its_end(
    since: str, until: str, first: str, end: str
) -> None:
    part = replace(LAMP, sale_from=since, sale_until=until)
    start, stop = at(first).astimezone(BERLIN), at(end).astimezone(BERLIN)
    assert [sale.is_on(part, now) for now in (start - SECOND, start, stop - SECOND, stop)] == [
        *(False, True, True, False)
    ]
    assert sale.next_change(part, start - SECOND) == start
    assert sale.next_change(part, start) == stop
    assert sale.next_change(part, stop) is None
    assert [sale.is_over(part, now) for now in (stop - SECOND, stop)] == [False, True]


def test_without_dates_a_sale_price_counts_until_the_shop_says_otherwise() -> None:
    for year in ("1970-01-01", "2900-01-01"):
        assert sale.is_on(LAMP, at(f"{year}T00:00+00:00"))
    assert sale.next_change(LAMP, datetime.now(UTC)) is None
    assert not sale.is_over(LAMP, datetime.now(UTC))
    assert not sale.is_on(replace(LAMP, sale_price=None), datetime.now(UTC))


def test_dates_need_a_time_zone_to_mean_a_time() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sale.is_on(LAMP, datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_next_change_is_that_of_any_variant() -> None:
    small = Variant(sku="S", options={}, sale_price=Decimal(1), sale_from="2026-05-01")
    large = Variant(sku="L", options={}, sale_from="2026-04-01")
    listing = replace(LAMP, sale_until="2026-05-02", variants=(small, large))
    assert sale.next_change(listing, at("2026-01-01T00:00+00:00")) == at("2026-05-01T00:00+00:00")


@pytest.mark.parametrize(
    "text",
    [
        *("tomorrow", "2026-02-30", "24.12.2026", "2026-12-24T25:00", "9999-12-31", "1969-12-31"),
        *("2026-12", "20261224", "2026-W52-1", "2026-12-24T10:00 Europe/Berlin"),
    ],
)
def test_what_is_no_date_is_refused_with_the_way_to_write_it(text: str) -> None:
    (problem,) = rules.refusals(replace(LAMP, sale_from=text))
    assert (problem.pointer, problem.rule) == ("/sale_from", "not_a_date")
    assert "2026-12-24T18:00:00+01:00" in problem.fix
    variant = Variant(sku="B", options={}, sale_until=text, sale_price=Decimal("0.001"))
    found = rules.refusals(replace(LAMP, variants=(variant,)))
    assert {problem.pointer: problem.rule for problem in found} == {
        "/variants/0/sale_until": "not_a_date",
        "/variants/0/sale_price": "price_too_precise",
    }


@given(st.integers(86_400, 250_000_000_000))
def test_every_time_that_is_written_out_is_read_back(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert sale.moment(moment.isoformat(), BERLIN) == moment


NOON = at("2026-06-01T12:00+00:00")


@pytest.mark.parametrize(
    ("fields", "pointer", "rule"),
    [
        ({"sale_price": Decimal(10)}, "/sale_price", "sale_price_not_below_price"),
        (
            {"sale_price": Decimal(11), "sale_until": "2026-06-02"},
            "/sale_price",
            "sale_price_not_below_price",
        ),
        (
            {"sale_from": "2026-06-03", "sale_until": "2026-06-01T12:00"},
            "/sale_until",
            "sale_ends_before_it_begins",
        ),
        ({"sale_price": Decimal(11), "sale_until": "2026-05-31"}, "", ""),
        ({"sale_price": Decimal(11), "price": None}, "", ""),
    ],
)
def test_a_sale_price_that_makes_no_sense_blocks_by_name(
    fields: dict[str, object], pointer: str, rule: str
) -> None:
    listing = replace(LAMP, **fields)
    assert [(block.pointer, block.reason) for block in of_sale(listing, NOON)] == (
        [(pointer, rule)] if rule else []
    )


def test_a_sale_price_of_a_variant_is_judged_by_the_price_it_has_or_takes() -> None:
    own = Variant(sku="A", options={}, price=Decimal(7), sale_price=Decimal(8))
    taken = Variant(sku="B", options={}, sale_price=Decimal(8))
    found = of_sale(replace(LAMP, variants=(own, taken)), NOON)
    assert [block.pointer for block in found] == ["/variants/0/sale_price"]


def test_an_answer_names_what_has_no_end_and_leaves_the_rest_to_the_clock() -> None:
    endless = replace(LAMP, sale_price=Decimal(12))
    ending = replace(endless, sale_until="2020-01-01")
    assert "sale_price_not_below_price" in {each.rule for each in rules.blocking(endless, None)}
    assert "sale_price_not_below_price" not in {each.rule for each in rules.blocking(ending, None)}
    assert all(each.severity is Severity.BLOCK for each in rules.blocking(endless, None))


def test_rules_of_the_account_work_on_the_sale_price_as_on_the_price() -> None:
    account = Defaults(pricing=Pricing(percent=Decimal(10), rounding=Rounding.NINETY_NINE))
    dated = replace(LAMP, sale_until="2026-06-01")
    (term,) = explained(dated, account, DE, now=NOON)
    assert term.price
    assert term.price.value == Decimal("8.99")
    assert term.price.words == (
        "8.99 = 8.00 + 10 %, rounded up to .99, the sale price until 2026-06-01"
    )
    (plain,) = explained(LAMP, Defaults(), DE, now=NOON)
    assert plain.price
    assert plain.price.words == "8.00, the sale price"
    assert resolve(dated, account, DE, now=NOON).price == Decimal("8.99")
    assert resolve(dated, account, DE, now=NOON).sale_price is None
    after = resolve(dated, account, DE, now=NOON + timedelta(days=1))
    assert after.price == Decimal("11.99")


def test_a_price_for_a_marketplace_passes_by_sale_prices() -> None:
    listing = replace(LAMP, overrides={DE: Override(price=Decimal(12))})
    assert resolve(listing, Defaults(), DE, now=NOON).price == Decimal(12)
    assert resolve(listing, Defaults(), "EBAY_GB", now=NOON).price == Decimal(8)


def test_variants_have_sale_prices_of_their_own() -> None:
    variants = (
        Variant(sku="A", options={}, price=Decimal(20)),
        Variant(sku="B", options={}, price=Decimal(20), sale_price=Decimal(15)),
        Variant(sku="C", options={}),
        Variant(sku="D", options={}, price=Decimal(20), sale_price=Decimal(15)),
    )
    here = {DE: Override(variants={"D": VariantOverride(price=Decimal(30))})}
    listing = replace(LAMP, variants=variants, overrides=here)
    found = resolve(listing, Defaults(), DE, now=NOON)
    assert [each.price or found.price for each in found.variants] == [20, 15, 8, 30]


def test_the_only_variant_brings_its_price_with_its_sale_price() -> None:
    own = Variant(sku="B", options={}, price=Decimal(20), sale_price=Decimal(15))
    assert single(replace(LAMP, variants=(own,))).sale_price == Decimal(15)
    dear = replace(own, sale_price=None)
    assert single(replace(LAMP, variants=(dear,))).sale_price is None
    without = Variant(sku="B", options={})
    assert single(replace(LAMP, variants=(without,))).sale_price == Decimal(8)
    assert single(replace(LAMP, variants=(replace(own, price=None),))).price == Decimal(10)
