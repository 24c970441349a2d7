"""Differences between versions in words."""

from baysync.listing.history import wording
from baysync.listing.history.model import ABSENT, FieldChange, KeptReason, Left


def test_a_version_says_what_it_changed() -> None:
    before = {"sku": "A", "variants": [{"sku": "M"}, {"sku": "L"}], "title": "x"}
    after = {"sku": "A", "variants": [{"sku": "L"}, {"sku": "M"}], "brand": "y"}
    assert wording.changed(before, after) == "order of variants, title taken out, brand added"
    assert wording.changed(None, after) == "first known"
    assert wording.changed(after, after) == "nothing"


def test_many_fields_are_counted() -> None:
    changes = {(f"f{n}",): FieldChange(1, 2) for n in range(8)}
    assert wording.summary(changes) == "f0, f1, f2, f3, f4, f5, 2 more"


def test_each_field_has_a_name() -> None:
    names = {
        (): "the listing",
        ("variants", "M"): "variant M",
        ("variants", "M", "price"): "price of M",
        ("overrides", "EBAY_DE", "variants", "M", "price"): "price of M on EBAY_DE",
        ("aspects", "Fit"): "aspect Fit",
    }
    assert {path: wording.field(path) for path in names} == names
    assert wording.summary({("variants", "M"): FieldChange({}, ABSENT)}) == "variant M taken out"


def test_each_reason_has_words() -> None:
    for reason in KeptReason:
        assert wording.reason(Left(("title",), reason))
    assert wording.reason(Left((), KeptReason.REFUSED, "/a is b")).endswith(": /a is b")
