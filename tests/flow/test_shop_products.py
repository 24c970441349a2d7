"""Products of shops and their variants, through the command line: each file finds its own."""

import pytest

from support.imported_files import SHOPIFY, imported, stored

pytestmark = pytest.mark.usefixtures("here")
NO_SKUS = (
    "Handle,Title,Option1 Name,Option1 Value,Variant Price\n"
    "pot,Big pot,Title,Default Title,25\ncup,Tea cup,Size,S,5\ncup,,,L,7\n"
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Handle,Variant SKU,Variant Price\ncup,TC-S,6.00\n", "Tea cup"),
        ("Handle,Title,Variant SKU,Variant Price\ncup,Cup,TC-S,6.00\n", "Cup"),
        ("Handle,Option1 Name,Option1 Value,Variant Price\ncup,Size,S,6.00\n", "Tea cup"),
        ("Handle,Variant SKU,Variant Price,Variant Inventory Qty\ncup,TC-S,6,\n", "Tea cup"),
    ],
)
def test_one_row_of_a_product_with_variants_changes_the_variant_that_it_names(
    text: str, title: str
) -> None:
    imported(SHOPIFY)
    before = stored()["cup"]
    imported(text)
    after = stored()["cup"]
    small, large = before["variants"]
    assert after == {**before, "title": title, "variants": [small | {"price": "6.00"}, large]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Handle,Variant SKU,Variant Price\ncup,TC-X,6.00\n", "there is no variant TC-X yet"),
        ("Handle,Variant Price\ncup,6.00\n", "each variant of cup has its own"),
        ("Handle,Option1 Name,Option1 Value,Variant Price\ncup,Size,XL,6.00\n", "has its own"),
    ],
)
def test_one_row_that_names_no_variant_is_refused_and_changes_nothing(
    text: str, words: str
) -> None:
    imported(SHOPIFY)
    before = stored()
    assert words in imported(text, code=1).stderr
    assert stored() == before


@pytest.mark.parametrize("text", ["cup,TC-S,6.00\n", "x,TC-S,6.00\nx,TC-L,7.00\n"])
def test_a_listing_that_came_from_elsewhere_is_known_by_the_skus_of_its_variants(text: str) -> None:
    imported(
        "sku,parent_sku,title,price,quantity,option:Size\n"
        "T,,Tea cup,,,\nTC-S,T,,5.00,4,S\nTC-L,T,,7.00,6,L\n"
    )
    before = stored()["T"]
    imported(f"Handle,Variant SKU,Variant Price\n{text}")
    small, large = before["variants"]
    assert stored() == {"T": before | {"variants": [small | {"price": "6.00"}, large]}}


def test_two_products_of_one_sku_leave_the_listing_that_has_it_alone() -> None:
    imported("sku,title,price\nRUG,Rug,90\n")
    before = stored()
    text = "Handle,Title,Option1 Value,Variant SKU,Variant Price,Status\n"
    rows = "red,Red,Default Title,RUG,100,active\nblue,Blue,Default Title,RUG,140,active\n"
    done = imported(text + rows, code=1)
    assert done.stderr.count("RUG is the SKU of several products, in rows 2, 3") == 2
    assert stored() == before


@pytest.mark.parametrize("text", ["Handle,Title\npot,Big pot\ncup,Tea cup\n", NO_SKUS])
def test_a_product_is_found_by_its_handle_whatever_columns_a_file_lacks(text: str) -> None:
    imported(SHOPIFY)
    before = stored()
    imported(text)
    after = stored()
    assert after["TP-1"].pop("title") == "Big pot"
    assert before["TP-1"].pop("title") == "Tea pot"
    assert after == before


def test_a_product_without_a_price_column_that_is_not_there_is_no_new_listing() -> None:
    assert "no listing has the SKU pot" in imported("Handle,Title\npot,Pot\n", code=1).stderr
