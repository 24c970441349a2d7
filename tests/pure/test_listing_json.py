"""JSON that means one thing only."""

from decimal import Decimal

import pytest

from baysync.listing.strict_json import Malformed, parse


def test_fractions_are_exact() -> None:
    assert parse(b'{"a": 10.10, "b": [1, null, "x"]}') == {
        "a": Decimal("10.10"),
        "b": [1, None, "x"],
    }


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parse(b"\xef\xbb\xbf{}") == {}


def test_text_is_taken_as_well() -> None:
    assert parse("[]") == []


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": {"b": 1, "b": 1}}', "duplicate_key"),
        (b"[" * 200_000 + b"]" * 200_000, "too_deep"),
        (b"[" * 80 + b"]" * 80, "too_deep"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number_too_long"),
        (b'{"a": 0.' + b"9" * 5000 + b"}", "number_too_long"),
        (b'{"price": NaN}', "not_a_number"),
        (b'{"price": -Infinity}', "not_a_number"),
        (b'{"a": ', "not_json"),
        (b'{"a": "b\0"}', "not_json"),
        (b"", "not_json"),
        (b'{"a": "\xff"}', "not_utf8"),
    ],
)
def test_ambiguous_and_hostile_texts_are_refused_by_name(raw: bytes, rule: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(raw)
    assert refused.value.problem.rule == rule
    assert refused.value.problem.fix
