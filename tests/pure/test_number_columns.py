"""A number of a table is its value or a refusal, never another number."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baysync.files.cells import Unclear
from baysync.files.number_cells import NumberReader
from baysync.files.number_columns import Column, DecimalSign, Exporter
from baysync.files.number_shapes import NumberKind, shape, written
from support.number_lists import (
    CURRENCIES,
    LOCALES,
    STYLES,
    column,
    priced,
    readings,
    said,
    spelled,
)

PLAIN, WEIGHT, QUANTITY = Exporter.PLAIN, NumberKind.WEIGHT, NumberKind.QUANTITY
SIZES = st.integers(1, 50)


def values(digits: int, *, most: int = 50) -> st.SearchStrategy[list[Decimal]]:
    """Columns of numbers with so many decimals, from cents to a hundred thousand."""
    units = st.integers(0, 7).flatmap(lambda top: st.integers(0, 10**top))
    return st.lists(units.map(lambda n: Decimal(n).scaleb(-digits)), min_size=1, max_size=most)


def wrong(numbers: list[Decimal], read: list[Decimal | Unclear]) -> list[object]:
    pairs = zip(numbers, read, strict=True)
    return [(n, r) for n, r in pairs if not isinstance(r, Unclear) and n != r]


@given(
    numbers=st.integers(0, 3).flatmap(values),
    locale=st.sampled_from(LOCALES),
    style=st.sampled_from(STYLES),
    kind=st.sampled_from([NumberKind.PRICE, WEIGHT, QUANTITY]),
)
@settings(max_examples=200)
def test_a_column_of_one_format_is_read_rightly_or_refused(
    numbers: list[Decimal], locale: str, style: str, kind: NumberKind
) -> None:
    cells = [spelled(number, locale, style) for number in numbers]
    assert wrong(numbers, readings(cells, kind)) == []


@given(numbers=values(2), locale=st.sampled_from(LOCALES), data=st.data())
@settings(max_examples=100)
def test_every_word_for_money_is_known_beside_a_price(
    numbers: list[Decimal], locale: str, data: st.DataObject
) -> None:
    currency = data.draw(st.sampled_from(CURRENCIES))
    before = data.draw(st.booleans())
    style = data.draw(st.sampled_from(STYLES[:2]))
    cells = [priced(spelled(n, locale, style), currency, locale, before=before) for n in numbers]
    reader = NumberReader(NumberKind.PRICE, column(cells).decided())
    for number, cell in zip(numbers, cells, strict=True):
        amount = reader.read(cell)
        assert amount.value == number
        assert amount.currency in {currency, ""}
        assert amount.currency or "$" in cell, "only a sign of several currencies names none"


@given(
    numbers=st.lists(st.integers(100, 10_000_000), min_size=20, max_size=20),
    locale=st.sampled_from(LOCALES),
    style=st.sampled_from(STYLES),
)
@settings(max_examples=100)
def test_of_twenty_prices_with_cents_hardly_one_is_refused(
    numbers: list[int], locale: str, style: str
) -> None:
    prices = [Decimal(number).scaleb(-2) for number in numbers]
    if any(number % 100 for number in numbers):  # short styles show cents only where there are any
        read = readings([spelled(price, locale, style) for price in prices])
        assert read == prices


@given(
    rows=st.lists(
        st.tuples(st.integers(1, 10_000_000), st.booleans(), st.sampled_from([0, 2])),
        min_size=2,
        max_size=50,
    ),
    pair=st.tuples(st.sampled_from(LOCALES), st.sampled_from(LOCALES)),
)
@settings(max_examples=150)
def test_a_column_that_mixes_formats_of_cents_and_units_is_never_read_as_another_number(
    rows: list[tuple[int, bool, int]], pair: tuple[str, str]
) -> None:
    numbers = [Decimal(units).scaleb(-digits) for units, _, digits in rows]
    cells = [
        spelled(number, pair[second], "grouped")
        for number, (_, second, _) in zip(numbers, rows, strict=True)
    ]
    assert wrong(numbers, readings(cells)) == []


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ("1.499,50 899,00 1.500 12.500", "1499.50 899.00 1500 12500"),
        ("1.259 1.259,00 12.50", "!ambiguous_number 1259.00 12.50"),
        ("11,25 1.234,50", "11.25 1234.50"),
        ("1.500", "!ambiguous_number"),
        ("1,234", "!ambiguous_number"),
        ("1.500 899", "1500 899"),
        ("1.255 899", "!ambiguous_number 899"),
        ("1.500 1,500 899", "!ambiguous_number !ambiguous_number 899"),
        ("0.990 1.500", "0.990 1.500"),
        ("1234.500 1.500", "1234.500 1.500"),
        ("12.50 1.500", "12.50 !ambiguous_number"),
        ("12.50 1,500", "12.50 1500"),
        ("1.234.567 1.500", "1234567 1500"),
        ("1'234.50 1'500", "1234.50 1500"),
        ("49,- 1.500,-- 7,\u2013", "49 1500 7"),
        (".5 0,5", "0.5 0.5"),
        ("1.2.3 1,23,456 12345.678.9 5. .", " ".join(["!not_a_number"] * 5)),
        ("-5 5- \u22125 +5 --5", "-5 -5 -5 5 !not_a_number"),
    ],
)
def test_a_column_decides_what_its_signs_mean(cells: str, values: str) -> None:
    assert said(cells.split()) == values.split()


def test_spaces_and_apostrophes_of_every_kind_group() -> None:
    cells = ["1 234,50", "1\u00a0234,50", "1\u202f234,50", "1\u2009234,50", "1\u2019234,50"]
    assert said(cells[:4]) == ["1234.50"] * 4
    assert said(["1'234.50", "1\u2019234.50", "1\u02bc234"]) == ["1234.50", "1234.50", "1234"]


def test_one_stray_of_a_hundred_is_refused_and_spoils_nothing() -> None:
    cells = [f"{number},50" for number in range(1, 101)]
    assert said([*cells, "1.500", "12.50"])[-2:] == ["1500", "!other_signs"]
    assert said([*cells[1:], "1.500", "12.50"])[-2:] == ["!ambiguous_number", "12.50"]


def test_what_is_no_plain_number_is_refused_by_its_name() -> None:
    cells = ["5 %", "(5)", "1-2", "5 apples", "5 \u20ac USD", "x" * 99]
    assert said(cells) == ["!percentage", *["!not_a_number"] * 5]
    assert said(["5 \u20ac", "EUR 5", "5"], WEIGHT)[:2] == ["!not_a_number"] * 2
    (unclear,) = readings(["y" * 99])
    assert isinstance(unclear, Unclear)
    assert len(str(unclear)) < 99


def test_a_refused_number_names_its_readings_and_the_rows_that_disagree() -> None:
    lone, _, _ = readings(["1.259", "1.259,00", "12.50"])
    assert str(lone) == (
        "1.259 may be 1259.00 or 1.259: "
        "the column has a decimal comma in row 3 and a decimal point in row 4"
    )
    cells = [f"{number},50" for number in range(100)]
    stray = readings([*cells, "12.50"])[-1]
    assert str(stray) == "12.50 may be 12.50: the column has a decimal comma in row 2"
    grouped = readings(["1 234,50", "1.234,50", "1.500"])[-1]
    assert str(grouped).endswith(": the column has a decimal comma in row 2")


def test_a_quantity_is_whole_after_reading() -> None:
    assert said(["2.0", "4.0000", "2,0"][:2], QUANTITY) == ["2.0", "4.0000"]
    assert said(["2,0", "1.500"], QUANTITY) == ["2.0", "1500"]
    assert said(["3", "1.000"], QUANTITY) == ["3", "!ambiguous_number"]
    assert said(["1.5"], QUANTITY) == ["!not_whole"]
    assert said(["0.000", "1.000"], QUANTITY) == ["0.000", "1.000"]


@pytest.mark.parametrize("exporter", [e for e in Exporter if e is not PLAIN])
def test_exporters_never_group_weights_and_stock(exporter: Exporter) -> None:
    assert readings(["1.500"], WEIGHT, exporter) == [Decimal("1.5")]
    assert readings(["1.000", "4.0000"], QUANTITY, exporter) == [1, 4]
    (price,) = readings(["1.500"], NumberKind.PRICE, exporter)
    assert isinstance(price, Unclear), "no exporter writes prices so, nothing is assumed"
    assert readings(["12,50"], NumberKind.PRICE, exporter) == [Decimal("12.5")]


def test_another_column_may_show_that_a_price_is_grouped_and_never_that_it_is_not() -> None:
    comma, point = column(["0,75"], WEIGHT), column(["0.75"], WEIGHT)
    assert readings(["1.255"], others=[comma]) == [Decimal(1255)]
    for others in ([point], [comma, point], [column(["1.500"], WEIGHT)]):
        (read,) = readings(["1.255"], others=others)
        assert isinstance(read, Unclear)
    (weight,) = readings(["1.255"], WEIGHT, others=[column(["9,90"])])
    assert isinstance(weight, Unclear), "no other column decides a weight"


def test_a_person_decides_outright_and_a_cell_that_contradicts_is_refused() -> None:
    cells = ["1.500", "1,500", "12,50", "1.499,50"]
    point = readings(cells, decimal=DecimalSign.POINT)
    assert point[:2] == [Decimal("1.5"), 1500]
    assert [str(one).partition(", which ")[2] for one in point[2:]] == [
        "contradicts --decimal point"
    ] * 2
    comma = readings(cells, decimal=DecimalSign.COMMA)
    assert comma == [1500, Decimal("1.5"), Decimal("12.5"), Decimal("1499.5")]


def test_the_first_pass_holds_a_few_shapes_however_many_a_file_has() -> None:
    seen = Column(NumberKind.PRICE)
    for row in range(20_000):
        seen.see(row, f"{row:b} apples")
    seen.see(20_001, "1,50")
    assert len(seen.counts) <= 4096
    convention = seen.decided()
    assert {decimal for decimal, _ in convention.pairs} == {","}
    reader = NumberReader(NumberKind.PRICE, convention)
    for row in range(20_000):
        with pytest.raises(Unclear):
            reader.read(f"{row:b} apples")
    assert len(reader.plans) <= 4096


def test_a_shape_keeps_every_place_of_its_cell() -> None:
    cell = "\u20ac\u00a01\u202f234,50"
    assert shape(cell) == "\u20ac 1 111,10"
    form = written(shape(cell))
    assert form
    assert form.recipe((",", " ")).value(cell) == Decimal("1234.50")
