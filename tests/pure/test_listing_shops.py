"""Exports of shop programs become listings."""

from baysync.files.reading import FileFormat
from baysync.listing.check import check
from baysync.listing.draft import Op
from support.listing_files import DATA, drafts, reading, rules


def test_shopify_products_become_listings() -> None:
    read = reading((DATA / "shopify.csv").read_bytes(), FileFormat.SHOPIFY)
    assert read.kind.startswith("Shopify product export: creates and changes")
    assert read.notices == ()
    lamp, pot, rug = (draft for draft in read.drafts)
    assert [len(d.source) for d in (lamp, pot, rug)] == [2, 2, 1]
    listings = [check(draft.document).listing for draft in (lamp, pot, rug)]
    assert all(listings)
    single = listings[0]
    assert single
    assert (single.sku, single.gtins, single.quantity) == ("LAMP-1", ("4006381333931",), 4)
    assert single.images == ("https://example.com/lamp-1.jpg", "https://example.com/lamp-2.jpg")
    assert (single.tags, single.shop_type, single.condition) == (("brass", "desk"), "Lamps", "NEW")
    assert single.weight
    assert (str(single.weight.value), single.weight.unit) == ("1200", "GRAM")
    several = listings[1]
    assert several
    assert [(v.sku, v.options, v.quantity) for v in several.variants] == [
        ("clay-pot-small-red", {"Size": "Small", "Colour": "Red"}, 0),
        ("POT-L", {"Size": "Large", "Colour": "Red"}, 3),
    ]
    assert pot.notes == ("row 4 has no SKU: took clay-pot-small-red",)
    draft = listings[2]
    assert draft
    assert (draft.sku, draft.status, draft.aspects) == (
        "wool-rug",
        "draft",
        {"Size": ("90 x 60 cm",)},
    )
    assert (draft.images, draft.condition) == (("https://example.com/rug.jpg",), "USED_EXCELLENT")


def test_shopify_column_names_of_today_are_read_too() -> None:
    text = "Title,URL handle,Description,SKU,Price,Inventory quantity,Product image URL,Status\n"
    text += "Lamp,lamp,<p>x</p>,L-1,9.5,2,https://example.com/a.jpg,Archived\n"
    read = reading(text, FileFormat.SHOPIFY)
    assert read.notices == ()
    (draft,) = read.drafts
    listing = check(draft.document).listing
    assert listing
    assert (listing.sku, str(listing.price), listing.quantity, listing.status) == (
        "L-1",
        "9.5",
        2,
        "archived",
    )


def test_shopify_rows_that_stand_apart_or_have_no_handle_are_refused() -> None:
    text = "Handle,Title,Variant SKU,Variant Price,Option1 Value\n"
    text += "a,A,1,1,x\nb,B,2,1,x\na,,3,1,y\n,C,1.0E+9,1,x\n,D,1.0E+9,1,\n"
    found = drafts(text, FileFormat.SHOPIFY)
    assert [rules(draft.problems).get("/sku") for draft in found] == [
        None,
        None,
        "handle_apart",
        "missing_handle",
    ]
    assert rules(found[3].problems)["/variants/1/sku"] == "spreadsheet_number"


def test_shopify_variants_keep_their_own_terms_and_options_their_own_language() -> None:
    header = (
        "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,"
        "Option3 Value,Variant SKU,Variant Price,Variant Compare At Price,Variant Inventory Qty,"
        "Variant Barcode,Variant Grams,Variant Image,Image Src\n"
    )
    text = header + (
        "hemd,Hemd,Größe,M,Farbe,Grün,Ärmel,lang,H-M,39.00,59.00,3,4006381333931,210,"
        "https://example.com/g.jpg,https://example.com/1.jpg\n"
        "hemd,,,L,,Grün,,lang,H-L,41.00,59.00,0,,0,,\n"
        "tasse,Tasse,Title,Default Title,,,,,T-1,9.50,12.00,5,,,,https://example.com/t.jpg\n"
        "poster,Poster,Größe,A2,,,,,P-A2,15,,2,,,,https://example.com/p.jpg\n"
    )
    shirt, mug, poster = (
        check(draft.document).listing for draft in drafts(text, FileFormat.SHOPIFY)
    )
    assert shirt
    assert mug
    assert poster
    first, second = shirt.variants
    assert first.options == {"Größe": "M", "Farbe": "Grün", "Ärmel": "lang"}
    assert second.options == {"Größe": "L", "Farbe": "Grün", "Ärmel": "lang"}
    assert (str(first.price), str(second.price)) == ("39", "41"), "what it once cost is no price"
    assert (first.gtins, first.images) == (("4006381333931",), ("https://example.com/g.jpg",))
    assert (first.weight and first.weight.value, second.weight) == (210, None)
    assert (mug.sku, mug.variants, mug.aspects, str(mug.price)) == ("T-1", (), {}, "9.5")
    assert (poster.sku, poster.variants, poster.aspects) == ("P-A2", (), {"Größe": ("A2",)})


def test_woocommerce_variations_stand_anywhere_and_keep_their_own_terms() -> None:
    text = (
        "ID,Type,SKU,Name,Published,Stock,Regular price,Sale price,Weight (g),Images,Parent,"
        "Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)\n"
        "8,variation,K-S,,1,4,20,15,120,https://example.com/s.jpg,KLEID,Größe,S,Farbe,Rot\n"
        '7,variable,KLEID,Kleid,1,,,,,https://example.com/k.jpg,,Größe,"S, M",Farbe,Rot\n'
        "9,variation,,,1,2,22,,130,,id:7,Größe,M,Farbe,Rot\n"
        "11,variation,X-1,,1,2,22,,,,id:404,Größe,M,,\n"
    )
    dress, lost = drafts(text, FileFormat.WOOCOMMERCE)
    listing = check(dress.document).listing
    assert listing
    assert (listing.sku, listing.title, listing.aspects) == ("KLEID", "Kleid", {})
    small, medium = listing.variants
    assert (small.sku, small.options) == ("K-S", {"Größe": "S", "Farbe": "Rot"})
    assert (medium.sku, medium.options) == ("woo-9", {"Größe": "M", "Farbe": "Rot"})
    assert (str(small.price), str(medium.price)) == ("20", "22")
    assert (str(small.sale_price), medium.sale_price) == ("15", None)
    assert small.weight
    assert (small.weight.value, small.images) == (120, ("https://example.com/s.jpg",))
    assert (lost.op, lost.parent) == (Op.PATCH, "id:404")


def test_woocommerce_products_become_listings_wherever_their_variations_stand() -> None:
    read = reading((DATA / "woocommerce.csv").read_bytes(), FileFormat.WOOCOMMERCE)
    assert read.notices == ("nothing is taken from the columns Meta: x",)
    vase, hoodie, wrap, grouped, lost = read.drafts
    listing = check(vase.document).listing
    assert listing
    assert (str(listing.price), str(listing.sale_price), listing.quantity) == ("25", "19.5", 7)
    assert (listing.shop_type, listing.shop_types) == ("Vases", ("Home", "Sale"))
    assert listing.aspects == {"Colour": ("Blue", "Clear")}
    assert len(listing.images) == 2
    assert listing.weight
    assert listing.size
    assert (listing.weight.unit, listing.size.unit) == ("KILOGRAM", "CENTIMETER")
    hooded = check(hoodie.document).listing
    assert hooded
    assert (hooded.sku, hooded.description, str(hooded.price)) == ("HOODIE", "Warm.", "45")
    assert hooded.aspects == {"Material": ("Cotton",)}
    assert [(v.sku, v.options, v.quantity) for v in hooded.variants] == [
        ("woo-14", {"Size": "M"}, 2),
        ("HOODIE-L", {"Size": "L"}, 0),
    ]
    assert hoodie.notes == ("row 3 has no SKU: took woo-14",)
    assert (hoodie.line, len(hoodie.source)) == (3, 3)
    assert wrap.document["status"] == "draft"
    assert wrap.document["quantity"] == "untracked", "in stock without a number is not 0"
    assert [note.partition(":")[0] for note in wrap.notes] == ["row 6 has no SKU"]
    assert rules(grouped.problems) == {"": "not_sold_here"}
    assert (lost.op, bool(lost.parent)) == (Op.PATCH, True)
