"""A number at any door is its value or a refusal of its field, never a fault."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from baysync.listing import lines
from baysync.listing.check import check
from baysync.listing.model import Severity

FIELDS = ("price", "quantity")
DIGITS = st.text("0123456789", min_size=1, max_size=8)  # with sign and power at most 40 signs


def spelled(sign: str, whole: str, part: str, power: str) -> str:
    return f"{sign}{int(whole)}{part}{power}"


NUMBERS = st.builds(
    spelled,
    st.sampled_from(["", "-"]),
    DIGITS,
    st.one_of(st.just(""), DIGITS.map(".{}".format)),
    st.one_of(st.just(""), st.integers(-(10**19), 10**19).map("e{}".format)),
)


def exact(text: str) -> Decimal | None:
    """Return a number that fits the fields; judged by its text, not by the code under test."""
    digits, _, power = text.partition("e")
    if Decimal(digits) == 0:
        return Decimal(0)  # nothing, whatever it is multiplied by
    near = not power or abs(int(power)) < 100
    return Decimal(f"{digits}e{power or 0}") if near else None


@given(NUMBERS, st.sampled_from(FIELDS))
@example("1e30", "quantity")
@example("1e-999999999", "price")
@example("1e-999999999", "quantity")
@example("1e400", "quantity")
@example("1e9999999999999999999", "price")
@example("1e-9999999999999999999", "price")
@example("0e9999999999999999999", "price")
@example("0e100", "quantity")
@example("1.00000000000000000000000000000000001", "quantity")
def test_a_number_of_json_is_its_value_or_a_refusal_of_its_field(text: str, field: str) -> None:
    draft = lines.draft(f'{{"sku": "A", "{field}": {text}}}'.encode(), 1)
    assert not draft.problems
    checked = check(draft.document)
    if checked.listing is None:
        refused = {p.pointer for p in checked.problems if p.severity is Severity.REFUSE}
        assert refused == {f"/{field}"}
    else:
        assert getattr(checked.listing, field) == exact(text)


@given(st.one_of(st.floats(), st.decimals(), st.integers()), st.sampled_from(FIELDS))
@example(10**5000, "quantity")
@example(Decimal("1e-999999999"), "price")
def test_a_number_of_python_is_its_value_or_a_refusal(value: object, field: str) -> None:
    checked = check({"sku": "A", field: value})
    if checked.listing is not None:
        kept = getattr(checked.listing, field)
        assert kept == (Decimal(repr(value)) if isinstance(value, float) else value)


@pytest.mark.parametrize("sku", [".", "..", " .. "])
def test_a_sku_that_no_address_can_carry_is_refused(sku: str) -> None:
    checked = check({"sku": sku})
    assert checked.listing is None
    assert checked.problems[0].rule == "sku_is_a_path"
