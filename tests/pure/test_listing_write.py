"""What is written reads back as what it was."""

import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.base.errors import Conflict
from baysync.files import reading as files
from baysync.files import rejects, write
from baysync.files.reading import FileFormat, Wishes
from baysync.listing.check import check, check_listing
from baysync.listing.model import (
    Contact,
    Listing,
    Override,
    Regulatory,
    Size,
    Tax,
    Variant,
    Weight,
)

letters = st.characters(codec="utf-8", exclude_categories=["Cc"])
texts = st.text(letters, max_size=12).map(str.strip) | st.just("a &amp; b")
named = texts.filter(bool)
values = st.lists(named, max_size=3).map(tuple)
prices = st.none() | st.decimals(Decimal("0.01"), 9999, places=2)
variants = st.builds(
    Variant,
    sku=named,
    options=st.dictionaries(named, named, min_size=1, max_size=2),
    price=prices,
    quantity=st.integers(0, 99),
    gtins=values,
    weight=st.none() | st.just(Weight(unit="GRAM", value=Decimal(5))),
)
listings = st.builds(
    Listing,
    sku=named,
    title=texts,
    subtitle=st.none() | named,
    description=texts,
    price=prices,
    quantity=st.integers(0, 99),
    brand=st.none() | named,
    tags=values,
    gtins=values,
    aspects=st.dictionaries(named, values, max_size=3),
    variants=st.lists(variants, max_size=3).map(tuple),
    overrides=st.sampled_from([{}, {"EBAY_DE": Override(title="Lampe", price=Decimal(3))}]),
    weight=st.none()
    | st.sampled_from([Weight(unit="KILOGRAM", value=Decimal(n)) for n in ("1.5", "1.255", "12")]),
    size=st.none()
    | st.just(Size(unit="INCH", height=Decimal(1), length=Decimal(2), width=Decimal(3))),
    tax=st.sampled_from([None, Tax(apply=True, vat_percentage=Decimal("19.5"))]),
    regulatory=st.sampled_from([None, Regulatory(manufacturer=Contact(company="L"))]),
)


def read_back(text: str, layout: FileFormat) -> list[Listing | None]:
    found = files.read(io.BytesIO(text.encode()), Wishes(layout=layout)).drafts
    return [check(draft.document).listing if not draft.problems else None for draft in found]


def as_table(listing: Listing) -> str:
    aspects = sorted(listing.aspects)
    options = sorted({name for variant in listing.variants for name in variant.options})
    columns = write.header(aspects=aspects, options=options)
    return write.line(columns) + "".join(write.table([listing], columns))


@given(listings)
def test_a_table_reads_back_as_what_was_written(listing: Listing) -> None:
    stored = check_listing(listing).listing
    if stored and len(set(stored.aspects)) == len(listing.aspects):
        assert read_back(as_table(stored), FileFormat.CSV) == [stored]


@given(listings)
def test_lines_read_back_as_what_was_written(listing: Listing) -> None:
    stored = check_listing(listing).listing
    if stored:
        text = b"".join(write.jsonl([stored])).decode()
        assert read_back(text, FileFormat.JSONL) == [stored]


@pytest.mark.parametrize("layout", [FileFormat.CSV, FileFormat.JSONL])
def test_the_template_is_an_example_without_a_problem(layout: FileFormat) -> None:
    text = write.template(layout)
    assert [listing and listing.sku for listing in read_back(text, layout)] == ["LAMP-1", "SHIRT"]
    reading = files.read(io.BytesIO(text.encode()), Wishes(layout=layout))
    assert reading.notices == ()
    assert all(check(draft.document).problems == () for draft in reading.drafts)


def test_an_aspect_without_a_column_is_not_lost_silently() -> None:
    with pytest.raises(Conflict, match="export again"):
        list(write.table([Listing(sku="a", aspects={"B": ("c",)})], write.COLUMNS))


def test_a_rejected_row_can_be_corrected_and_read_again() -> None:
    text = "sku;title;price;Depot\nA;'=Lamp;0;x\nB;Vase;3;y\n"
    reading = files.read(io.BytesIO(text.encode()), Wishes())
    draft = next(reading.drafts)
    written = rejects.head(reading.header)
    written += rejects.rows(draft, draft.withheld, reading.header)
    assert written.splitlines()[0] == "sku,title,price,Depot,baysync_problem,baysync_fix"
    assert "price: is 0,write a price above 0" in written
    again = files.read(io.BytesIO(written.replace(",0,x,", ",5,x,").encode()), Wishes())
    assert again.header == reading.header
    assert again.notices == ("nothing is taken from the columns Depot",)
    (corrected,) = again.drafts
    assert dict(corrected.document) == {"sku": "A", "title": "=Lamp", "price": "5"}


@pytest.mark.parametrize(
    ("line", "corrected"),
    [
        ('{"sku": "a", "price": -1.50}', {"sku": "a", "price": "-1.50"}),
        ('{"sku": "a", "title": "\\ud800"}', {"sku": "a", "title": "\ud800"}),
        ('{"sku": "a"}', {"sku": "a"}),
        ('{"sku": ', {}),
    ],
)
def test_a_rejected_line_can_be_corrected_and_read_again(
    line: str, corrected: dict[str, object]
) -> None:
    (draft,) = files.read(io.BytesIO(line.encode()), Wishes(layout=FileFormat.JSONL)).drafts
    written = rejects.rows(draft, (*draft.problems, *check(draft.document).problems), ())
    (again,) = files.read(io.BytesIO(written.encode()), Wishes(layout=FileFormat.JSONL)).drafts
    assert dict(again.document) == corrected
