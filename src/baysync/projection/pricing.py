"""The price one marketplace is shown, with its explanation."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal, localcontext

from msgspec.structs import replace

from baysync.account.model import CENT, HUNDRED, Pricing, Rounding

NOTHING = Pricing()
EXACT = Context(prec=60)  # a shop's price times a rate times a percentage, to the last digit
ENDINGS = {
    Rounding.NINETY_NINE: Decimal("0.99"),
    Rounding.NINETY_FIVE: Decimal("0.95"),
    Rounding.WHOLE: Decimal(0),
}


@dataclass(frozen=True, slots=True)
class Priced:
    """A price on a marketplace; ``words`` tell how it came about, empty where no rule changed it.

    ``currency`` is still the shop's where there is no rate for it.
    """

    value: Decimal
    currency: str
    words: str = ""


def price(shop: Decimal, currency: str, rules: Pricing, into: str) -> Priced:
    """Return the shop's price as ``rules`` make it for a marketplace that trades in ``into``.

    Never below the minimum, never above the maximum, and a higher price of the shop never gives
    a lower one. Without a rate for the shop's ``currency`` nothing is changed.
    """
    rate = rules.rates.get(currency) if currency != into else None
    if currency != into and rate is None:
        return Priced(shop, currency)
    if rate is None and replace(rules, rates={}) == NOTHING:
        return Priced(shop, into)
    with localcontext(EXACT):
        value, parts = _reckoned(shop, rules, rate)
        value, notes = _bounded(_rounded(value, rules), rules)
    given = f"{_money(shop)} {currency}" if rate else _money(shop)
    return Priced(value, into, f"{_money(value)} = {' '.join([given, *parts])}{notes}")


def _reckoned(shop: Decimal, rules: Pricing, rate: Decimal | None) -> tuple[Decimal, list[str]]:
    value, parts = shop, list[str]()
    if rate is not None:
        value, parts = value * rate, [f"x {_plain(rate)}"]
    if rules.percent:
        value = value * (HUNDRED + rules.percent) / HUNDRED
        parts.append(f"{_signed(rules.percent)} %")
    if rules.fixed:
        value += rules.fixed
        parts.append(_signed(rules.fixed, money=True))
    return value, parts


def _rounded(value: Decimal, rules: Pricing) -> Decimal:
    """Round to cents, then up to the next price that ends as asked for."""
    cents = value.quantize(CENT, rounding=ROUND_HALF_UP)
    if rules.rounding is None:
        return cents
    ending = ENDINGS[rules.rounding]
    return (cents - ending).to_integral_value(rounding=ROUND_CEILING) + ending


def _bounded(value: Decimal, rules: Pricing) -> tuple[Decimal, str]:
    if rules.maximum is not None and value > rules.maximum:
        return rules.maximum, f", at most {_money(rules.maximum)}"
    if rules.minimum is not None and value < rules.minimum:
        return rules.minimum, f", at least {_money(rules.minimum)}"
    return value, f", rounded up to {rules.rounding}" if rules.rounding else ""


def _signed(number: Decimal, *, money: bool = False) -> str:
    size = _money(abs(number)) if money else _plain(abs(number))
    return f"{'-' if number < 0 else '+'} {size}"


def _money(value: Decimal) -> str:
    return f"{value.quantize(CENT, rounding=ROUND_HALF_UP):f}"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
