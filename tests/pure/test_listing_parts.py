"""Rows of BigCommerce, Squarespace, Magento and feeds that are no product by themselves."""

import pytest

from baysync.listing.draft import Draft
from support.listing_files import drafts, one, reading, rules

BIG = (
    "Item,Name,SKU,Options,Inventory Tracking,Current Stock,Price,Image URL (Import)\n"
    "Product,Tee,TEE,,variant,7,20.00,\n"
    "Variant,,TEE-S,Type=Rectangle|Name=Size|Value=S,,5,21.00,\n"
    "Image,,,,,,,https://img.example/tee.jpg\n"
    "Product,Mug,MUG,,none,0,9.00,\n"
)
OLDER = (
    "Item Type,Product Name,Product Code/SKU,Track Inventory,Current Stock Level,Price\n"
    "Product,Tee,TEE,by option,7,20.00\n"
    "  SKU,[S]Size=S,TEE-S,,5,21.00\n"
    "  Rule,TEE-S,,,,[ADD]1\n"
    "Product,Mug,MUG,none,0,9.00\n"
)
SQUARE_SPACE = (
    "Title,SKU,Option Name 1,Option Value 1,Price,Stock\n"
    "Tee,TEE-S,Size,S,21.00,5\n,TEE-M,,M,22.00,Unlimited\nMug,MUG,,,9.00,Unlimited\n"
)
MAGENTO = (
    "sku,store_view_code,attribute_set_code,product_type,product_websites,name,visibility,price,"
    "qty,manage_stock,use_config_manage_stock\n"
    "TEE-S,,Default,simple,base,Tee S,Not Visible Individually,21.0000,5.0000,1,1\n"
    'TEE,,Default,configurable,base,Tee,"Catalog, Search",,0.0000,1,1\n'
    'MUG,,Default,simple,base,Mug,"Catalog, Search",9.0000,0.0000,0,0\n'
    "MUG,de,,,,Becher,,,,,\n"
    'CUP,,Default,simple,base,Cup,"Catalog, Search",9.0000,3.0000,0,1\n'
)


def by_sku(text: str) -> dict[object, Draft]:
    return {draft.document["sku"]: draft for draft in drafts(text)}


@pytest.mark.parametrize("text", [BIG, OLDER, SQUARE_SPACE, MAGENTO])
def test_variants_that_are_not_read_make_no_listing_and_give_stock_to_one_that_exists(
    text: str,
) -> None:
    found = by_sku(text)
    variant = found["TEE-S"]
    assert rules(variant.withheld) == {"/variants": "variants_not_read"}
    assert (variant.document["quantity"], variant.document["price"]) in {
        (5, "21.00"),
        (5, "21.0000"),
    }
    assert variant.document.keys().isdisjoint({"title", "options", "status"})
    if parent := found.get("TEE"):
        assert rules(parent.withheld) == {"/variants": "variants_not_read"}
        assert parent.document.keys().isdisjoint({"quantity", "price"})
        assert parent.document["title"] == "Tee"


@pytest.mark.parametrize("text", [BIG, OLDER, SQUARE_SPACE, MAGENTO])
def test_a_product_beside_them_is_read_with_stock_that_the_shop_does_not_count(text: str) -> None:
    mug = by_sku(text)["MUG"]
    assert mug.withheld == ()
    assert (mug.document["title"], mug.document["quantity"]) == ("Mug", "untracked")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BIG, "1 row with a picture or rule is passed over"),
        (OLDER, "1 row with a picture or rule is passed over"),
        (MAGENTO, "1 row with a translation is passed over"),
    ],
)
def test_pictures_rules_and_translations_are_passed_over(text: str, words: str) -> None:
    read = reading(text)
    assert words in read.notices
    assert not any(draft.problems for draft in read.drafts)


def test_magentos_general_setting_counts_stock_whatever_the_row_says() -> None:
    assert by_sku(MAGENTO)["CUP"].document["quantity"] == 3


def test_variants_under_a_parent_are_read_whatever_other_columns_say() -> None:
    text = "sku,parent_sku,title,price,quantity,option:Size,variation value 1\n"
    (tee,) = drafts(f"{text}T,,Tee,9,,,\nT-S,T,,,1,S,S\n")
    assert tee.withheld == ()


def test_items_of_one_group_in_a_feed_are_variants_and_make_no_listings() -> None:
    text = (
        "id,title,description,availability,image link,price,item group id,size\n"
        "TEE-S,Tee,x,in stock,,9.00 EUR,TEE,S\nMUG,Mug,x,in stock,,5.00 EUR,,\n"
    )
    tee, mug = drafts(text)
    assert rules(tee.withheld) == {"/variants": "variants_not_read"}
    assert tee.document == {"sku": "TEE-S", "price": "9.00"}
    assert (mug.withheld, mug.document["title"]) == ((), "Mug")


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("product_type", "simple"),
        ("Product Type", "P"),
        ("type", "physical"),
        ("type", "Product"),
        ("Type", '"simple, virtual"'),
        ("Type", "variable"),
    ],
)
def test_how_a_shop_handles_a_product_is_no_type_of_it(column: str, kind: str) -> None:
    (mug,) = drafts(f"sku,title,price,{column}\nA,Mug,9,{kind}\n")
    assert "shop_type" not in mug.document
    (cup,) = drafts(f"sku,title,price,{column},category\nA,Mug,9,{kind},Cups\n")
    assert cup.document["shop_type"] == "Cups"


def test_a_category_in_words_is_the_shops_own() -> None:
    text = "sku,title,price,Kategorie\nA,Mug,9,Tassen &amp; Becher\n"
    assert reading(text).notices == (
        "kategorie holds words, eBay's categories are numbers: they become the shop type",
    )
    assert (one(text).category, one(text).shop_type) == (None, "Tassen & Becher")
    both = "sku;title;price;category;type\nA;Mug;9;Mugs;Cups\nB;Mug;9;102;\n"
    (mug, other) = drafts(both)
    assert (mug.document["shop_type"], other.document["category"]) == ("Cups", "102")


def test_the_size_of_clothes_in_a_feed_is_no_parcel() -> None:
    text = "id,title,price,availability,image link,size\nTEE,Tee,9.00 EUR,in stock,,S\n"
    (tee,) = drafts(text)
    assert (tee.problems, "size" in tee.document) == ((), False)
