"""Price and stock rules of an account: what they come to, and how they explain themselves."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.account.model import Defaults, Pricing, Rounding, Stock
from baysync.account.rules import edited
from baysync.base.errors import Refused
from baysync.listing.model import Listing, Override, Variant
from baysync.projection import canonical
from baysync.projection.build import build
from baysync.projection.pricing import Priced, price
from baysync.projection.resolve import explained, resolve
from baysync.projection.stocking import stock
from support.shop import DEFAULTS, LAMP

US, DE = "EBAY_US", "EBAY_DE"
CENTS = st.decimals("0.01", "99999.99", places=2)
MONEY = st.none() | CENTS


def dec(text: str) -> Decimal:
    return Decimal(text)


@st.composite
def rules(draw: st.DrawFn) -> Pricing:
    minimum, maximum = draw(MONEY), draw(MONEY)
    if minimum and maximum and minimum > maximum:
        minimum, maximum = maximum, minimum
    return Pricing(
        fixed=draw(st.none() | st.decimals("-100", "100", places=2)),
        maximum=maximum,
        minimum=minimum,
        percent=draw(st.none() | st.decimals("-99.9", "500", places=3)),
        rates=draw(st.dictionaries(st.just("EUR"), st.decimals("0.01", "200", places=6))),
        rounding=draw(st.none() | st.sampled_from(Rounding)),
    )


@pytest.mark.parametrize(
    ("shop", "chosen", "words"),
    [
        (
            "22.70",
            Pricing(percent=dec("10"), rounding=Rounding.NINETY_NINE),
            "24.99 = 22.70 + 10 %, rounded up to .99",
        ),
        ("20", Pricing(percent=dec("-5.50")), "18.90 = 20.00 - 5.5 %"),
        ("20", Pricing(fixed=dec("1.5")), "21.50 = 20.00 + 1.50"),
        (
            "20",
            Pricing(fixed=dec("-1.5"), rounding=Rounding.WHOLE),
            "19.00 = 20.00 - 1.50, rounded up to whole",
        ),
        ("20.95", Pricing(rounding=Rounding.NINETY_FIVE), "20.95 = 20.95, rounded up to .95"),
        ("20.96", Pricing(rounding=Rounding.NINETY_FIVE), "21.95 = 20.96, rounded up to .95"),
        ("1", Pricing(percent=dec("10"), minimum=dec("5")), "5.00 = 1.00 + 10 %, at least 5.00"),
        ("9", Pricing(percent=dec("10"), maximum=dec("9.5")), "9.50 = 9.00 + 10 %, at most 9.50"),
        ("9", Pricing(minimum=dec("5")), "9.00 = 9.00"),
    ],
)  # fmt: skip
def test_a_price_explains_itself(shop: str, chosen: Pricing, words: str) -> None:
    found = price(dec(shop), "USD", chosen, "USD")
    assert found.words == words
    assert found.value == dec(words.split(maxsplit=1)[0])


def test_a_rate_turns_the_shops_currency_into_the_marketplaces() -> None:
    chosen = Pricing(rates={"EUR": dec("1.0850")}, percent=dec("3"))
    assert price(dec("10"), "EUR", chosen, "USD") == Priced(
        dec("11.18"), "USD", "11.18 = 10.00 EUR x 1.085 + 3 %"
    )
    assert price(dec("10"), "GBP", chosen, "USD") == Priced(dec("10"), "GBP")
    unchanged = price(dec("10"), "USD", Pricing(rates=chosen.rates), "USD")
    assert unchanged == Priced(dec("10"), "USD"), "the rate is for euros"


@given(CENTS, rules())
def test_a_price_keeps_its_bounds_and_is_a_whole_number_of_cents(
    shop: Decimal, chosen: Pricing
) -> None:
    found = price(shop, "EUR" if chosen.rates else "USD", chosen, "USD")
    assert type(found.value) is Decimal
    assert found.value == found.value.quantize(dec("0.01"))
    assert chosen.minimum is None or found.value >= chosen.minimum
    assert chosen.maximum is None or found.value <= chosen.maximum
    if found.words:
        assert found.words.startswith(f"{found.value:.2f} = {shop:.2f}")


@given(CENTS, CENTS, rules())
def test_a_higher_price_of_the_shop_never_gives_a_lower_one(
    one: Decimal, other: Decimal, chosen: Pricing
) -> None:
    low, high = sorted((one, other))
    currency = "EUR" if chosen.rates else "USD"
    assert price(low, currency, chosen, "USD").value <= price(high, currency, chosen, "USD").value


@given(CENTS)
def test_without_rules_the_price_is_the_shops(shop: Decimal) -> None:
    assert price(shop, "USD", Pricing(), "USD") == Priced(shop, "USD")


@pytest.mark.parametrize(
    ("shop", "chosen", "value", "words"),
    [
        (5, Stock(), 5, ""),
        (5, Stock(buffer=2), 3, "3 = 5 - 2 kept back"),
        (1, Stock(buffer=2), 0, "0 = 1 - 1 kept back"),
        (50, Stock(buffer=2, cap=10), 10, "10 = 50 - 2 kept back, at most 10"),
        (50, Stock(cap=10), 10, "10 = 50, at most 10"),
        (0, Stock(buffer=2, cap=10), 0, ""),
    ],
)
def test_a_quantity_explains_itself(shop: int, chosen: Stock, value: int, words: str) -> None:
    found = stock(shop, chosen)
    assert (found.value, found.words) == (value, words)


@given(st.integers(0, 1_000), st.integers(0, 100), st.none() | st.integers(1, 100))
def test_a_marketplace_is_never_offered_more_than_there_is(
    shop: int, buffer: int, cap: int | None
) -> None:
    chosen = Stock(buffer=buffer, cap=cap)
    offered, more = stock(shop, chosen).value, stock(shop + 1, chosen).value
    assert offered is not None
    assert more is not None
    assert 0 <= offered <= min(shop, more)


def test_the_document_of_a_marketplace_has_its_price_and_quantity() -> None:
    chosen = replace(
        DEFAULTS,
        currency="EUR",
        pricing=Pricing(rates={"EUR": dec("1.1")}, rounding=Rounding.NINETY_NINE),
        stock=Stock(buffer=1, cap=3),
    )
    found = build(LAMP, chosen, US)
    assert found.projection is not None
    assert found.projection.price is not None
    assert (found.projection.price.value, found.projection.price.currency) == ("38.99", "USD")
    assert (found.projection.quantity, found.quantity) == (3, 3)
    (term,) = explained(LAMP, chosen, US)
    assert term.price is not None
    assert term.price.words == "38.99 = 34.90 EUR x 1.1, rounded up to .99"
    assert term.quantity.words == "3 = 5 - 1 kept back, at most 3"


def test_rules_that_change_nothing_change_no_digest() -> None:
    plain, ruled = build(LAMP, DEFAULTS, US), replace(DEFAULTS, pricing=Pricing(), stock=Stock())
    assert plain.projection is not None
    assert build(LAMP, ruled, US) == plain
    stored = msgspec.json.encode(DEFAULTS)
    assert b"pricing" not in stored
    assert b"stock" not in stored
    same = build(LAMP, msgspec.json.decode(stored, type=Defaults), US).projection
    assert same is not None
    assert canonical.digest(same) == canonical.digest(plain.projection)


def test_what_a_listing_says_for_a_marketplace_stands() -> None:
    chosen = replace(DEFAULTS, pricing=Pricing(percent=dec("50")), stock=Stock(buffer=2))
    said = replace(LAMP, overrides={US: Override(price=dec("9.90"), quantity=4)})
    found = resolve(said, chosen, US)
    assert (found.price, found.quantity) == (dec("9.90"), 4)
    (term,) = explained(said, chosen, US)
    assert term.price is not None
    assert term.price.words == "9.90, as the listing says for EBAY_US"


def test_a_price_for_a_marketplace_in_a_foreign_currency_is_converted() -> None:
    chosen = replace(DEFAULTS, pricing=Pricing(rates={"EUR": dec("2")}))
    said = replace(LAMP, currency="EUR", overrides={US: Override(price=dec("9.90"))})
    found = resolve(said, chosen, US)
    assert (found.price, found.currency) == (dec("19.80"), "USD")


def test_every_variant_has_its_own_price_and_stock() -> None:
    small = Variant(sku="S", options={"Size": "S"}, price=dec("10"), quantity=5)
    large = Variant(sku="L", options={"Size": "L"}, quantity=1)
    several = Listing(sku="SHIRT", title="Shirt", price=dec("20"), variants=(small, large))
    chosen = Defaults(pricing=Pricing(percent=dec("10")), stock=Stock(buffer=2))
    found = resolve(several, chosen, DE)
    assert [(each.price, each.quantity) for each in found.variants] == [(dec("11"), 3), (None, 0)]
    assert (found.price, build(several, chosen, DE).quantity) == (dec("22"), 3)
    terms = explained(several, chosen, DE)
    assert [term.price and term.price.value for term in terms] == [dec("11"), dec("22")]
    assert [(term.sku, term.quantity.value) for term in terms] == [("S", 3), ("L", 0)]
    (bare,) = explained(Listing(sku="X"), Defaults(), DE)
    assert bare.price is None


def test_rules_that_leave_no_price_block_with_the_way_out() -> None:
    chosen = replace(DEFAULTS, pricing=Pricing(fixed=dec("-40")))
    (block,) = build(LAMP, chosen, US).blocks
    assert (block.reason, block.pointer) == ("price_not_above_zero", "/price")
    assert "pricing.minimum" in block.fix


def test_rules_are_set_by_path() -> None:
    changes = {
        "pricing.percent": "10",
        "pricing.rounding": ".99",
        "pricing.rates.EUR": "1.085",
        "stock.buffer": "2",
    }
    found = edited(None, changes)
    assert found == Defaults(
        pricing=Pricing(
            percent=dec("10"), rounding=Rounding.NINETY_NINE, rates={"EUR": dec("1.085")}
        ),
        stock=Stock(buffer=2),
    )
    assert edited(found, dict.fromkeys(changes, "")) == Defaults()


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("pricing.percent", "-100", "above -100"),
        ("pricing.percent", "NaN", "finite"),
        ("pricing.percent", "ten", "percent"),
        ("pricing.fixed", "0.005", "two decimals"),
        ("pricing.minimum", "0", "above 0"),
        ("pricing.rates.EUR", "0", "above 0"),
        ("pricing.rounding", ".97", "rounding"),
        ("stock.buffer", "-1", "buffer"),
        ("stock.cap", "0", "cap"),
    ],
)
def test_rules_without_sense_are_refused(path: str, value: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        edited(None, {path: value})


def test_a_minimum_above_the_maximum_is_refused() -> None:
    with pytest.raises(Refused, match="must not be above maximum"):
        edited(None, {"pricing.minimum": "9", "pricing.maximum": "8"})
